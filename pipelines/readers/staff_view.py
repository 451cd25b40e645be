"""The staff view of a record page as text: where it is, its rows, and its run-together values cut again.

VuFind prints the Solr document sorted by field name (VuFind 10, RecordTab/staffviewarray.phtml), here
as rows `field | value |` with `---|---|` after the first. The values of a field stand with blanks
between them: they are cut where that can be done exactly, and stay one value otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from pipelines.readers.author_cut import author_parts, cut_authors
from pipelines.readers.json_exact import NotADocumentError, Number
from pipelines.records import MULTI_VALUED_FIELDS

_FIELD: Final = rb"[A-Za-z_][A-Za-z0-9_.\-]*"
_ROW: Final = re.compile(rb"(" + _FIELD + rb") \|([^\n]*)(?:\n|\Z)")
_ROW_WITH_VALUE: Final = re.compile(_FIELD + rb" \| ")
_LINE: Final = re.compile(rb"([^\n]*)(?:\n|\Z)")
_SEPARATOR: Final = re.compile(rb"---\|---\|[ \t\r]*(?:\n|\Z)")
_TABLE: Final = re.compile(rb"^" + _FIELD + rb" \|[^\n]*\n---\|---\|[ \t\r]*$", re.MULTILINE)
_BLANK: Final = b" \t\r"

_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)
_CREDITS: Final = ("author", "author2", "author_corporate")
_URL_START: Final = re.compile(r" +(?=(?:https?|ftp)://)", re.IGNORECASE)
_WORK_KEY_START: Final = re.compile(r" (?=AT |UT )")
_ISBN: Final = re.compile(r"(?:[0-9]-?){9}[0-9Xx]|(?:[0-9]-?){12}[0-9]")
_ISSN: Final = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_DOI: Final = re.compile(r"10\.[0-9][0-9.]+/\S+")


def find_table(page: bytes, position: int = 0) -> int | None:
    """Where the next staff view begins: a row `field | value |` with the separator after it."""
    found = _TABLE.search(page, position)
    return found.start() if found else None


def read_table(page: bytes, start: int) -> tuple[list[tuple[str, bytes]], int, str]:
    """The (field, value) rows of the table at ``start``, where it ends, and what is wrong with it ("" for nothing).

    A value goes on over lines until one ends with ` |`; it may hold ` | ` itself.
    """
    rows: list[tuple[str, bytes]] = []
    position = start
    while found := _ROW.match(page, position):
        name, value = found[1].decode(), found[2]
        if rows and name <= rows[-1][0]:
            return rows, found.end(), f"the staff view is out of order: {name} after {rows[-1][0]}"
        value, end = _read_value(page, value, found.end(), name)
        # A separator after a row that is not the first is of another table, whose row closed an open value.
        if end is None or (rows and b"\n" in value and _SEPARATOR.match(page, end)):
            return rows, found.end(), f"the staff view is cut off in the field {name}"
        position = end
        rows.append((name, value.rstrip(_BLANK)[:-1].strip()))
        if len(rows) == 1:
            separator = _SEPARATOR.match(page, position)
            position = separator.end() if separator else position
    return rows, position, ""


def _read_value(page: bytes, begun: bytes, position: int, name: str) -> tuple[bytes, int | None]:
    """The value of the field ``name`` that has begun on one line, and where it ends; ``None`` where it does not."""
    value = [begun]
    while not _is_closed(value[-1]):
        line = _LINE.match(page, position)
        following = _ROW_WITH_VALUE.match(page, position)
        if line is None or position >= len(page) or (following and following[0][:-3].decode() > name):
            return b"", None
        value.append(line[1])
        position = line.end()
    return b"\n".join(value), position


def _is_closed(line: bytes) -> bool:
    """Whether a line ends with a bar that has a blank before it, or nothing."""
    bare = line.rstrip(_BLANK)
    return bare.endswith((b" |", b"\t|")) or bare == b"|"


def to_document(rows: list[tuple[str, bytes]]) -> tuple[dict[str, Any], str | None]:
    """The Solr document of the rows of a staff view, and how its authors were cut.

    The second is "exact" where the work keys or ``author_sort`` settle every heading of ``author``,
    ``author2`` and ``author_corporate``, "uncut" where one of these stayed whole, ``None`` without
    any. Fields that hold any number of values are lists; empty ones are left out.

    Raises :class:`NotADocumentError` where a value is not UTF-8.
    """
    texts: dict[str, str] = {}
    for name, value in rows:
        try:
            texts[name] = value.decode()
        except UnicodeDecodeError as error:
            raise NotADocumentError(f"not UTF-8: byte 0x{value[error.start]:02x} in the field {name}") from error
    document: dict[str, Any] = {}
    for name, text in texts.items():
        if not text:
            continue
        if name == "_version_" and text.isascii() and text.isdigit():
            document[name] = Number(text)
        elif name in _MULTI or name.endswith("_mv"):
            document[name] = _CUTS.get(name, _uncut)(text)
        else:
            document[name] = text
    return document, _cut_credits(document, texts)


def _cut_credits(document: dict[str, Any], texts: dict[str, str]) -> str | None:
    """Cut the headings of ``document`` in place; see :func:`to_document`."""
    present = [name for name in _CREDITS if texts.get(name)]
    parts = author_parts(document.get("work_keys_str_mv", []))
    exact = True
    for name in present:
        first = texts.get("author_sort") if name == "author" or len(present) == 1 else None
        headings = cut_authors(texts[name], parts, first or None, all_parts=len(present) == 1)
        document[name] = headings or [texts[name]]
        exact = exact and headings is not None
    facet = texts.get("author_facet")
    if facet:
        if exact and facet == " ".join(texts[name] for name in present):
            document["author_facet"] = [heading for name in present for heading in document[name]]
        else:
            document["author_facet"] = cut_authors(facet, parts) or [facet]
    return None if not present else "exact" if exact else "uncut"


def _uncut(text: str) -> list[str]:
    return [text]


def _cut_where_all(pattern: re.Pattern[str]) -> Callable[[str], list[str]]:
    """Cut at blanks, provided each word is such a value."""

    def cut(text: str) -> list[str]:
        words = text.split()
        return words if all(map(pattern.fullmatch, words)) else [text]

    return cut


_CUTS: Final[dict[str, Callable[[str], list[str]]]] = {
    "url": _URL_START.split,
    "work_keys_str_mv": _WORK_KEY_START.split,
    "isbn": _cut_where_all(_ISBN),
    "issn": _cut_where_all(_ISSN),
    "doi_str_mv": _cut_where_all(_DOI),
}
