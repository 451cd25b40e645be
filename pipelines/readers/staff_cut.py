"""The Solr document of a staff view as text: its run-together values cut where the record alone tells how.

Every cut is marked: `exact` where nothing else is possible, `uncut` where the values of a field stand in one text
still. What other records of the dump teach comes later (:mod:`pipelines.readers.second_look`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pipelines.readers.author_cut import author_parts, cut_authors
from pipelines.readers.json_exact import NotADocumentError, Number
from pipelines.readers.page_part import PagePart, shown_count
from pipelines.readers.value_cut import VOCABULARY_FIELDS, cut_exactly
from pipelines.records import MULTI_VALUED_FIELDS

#: Fields of headings, each with what a page shows of it.
CREDITS: Final = ("author", "author2", "author_corporate")

#: Marks of cuts, the surest first.
MARKS: Final = ("exact", "inferred", "uncut")

_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)
_VOCABULARY_FIELDS: Final = frozenset(VOCABULARY_FIELDS)
_URL_START: Final = re.compile(r" +(?=(?:https?|ftp)://)", re.IGNORECASE)
_WORK_KEY_START: Final = re.compile(r" (?=AT |UT )")
_ISBN: Final = re.compile(r"(?:[0-9]-?){9}[0-9Xx]|(?:[0-9]-?){12}[0-9]")
_ISSN: Final = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_DOI: Final = re.compile(r"10\.[0-9][0-9.]+/\S+")
_YEAR: Final = re.compile(r"[0-9]{4}(?:-(?:[0-9]{2}){1,2}(?:-[0-9]{2})?)?")
_NUMBER: Final = re.compile(r"[0-9]+")
_CONTROL_NUMBER: Final = re.compile(r"\([^\s()]+\)\S+")
_DEWEY: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9/]+)?")


@dataclass(slots=True)
class CutDocument:
    """A document, and lineage of its cuts.

    ``author_cut`` is the least sure mark of its credits, ``None`` without any; ``field_cuts`` has `field mark` for each
    field whose values may have run together; ``shown_counts`` has `field number` for the headings that the page shows.
    """

    document: dict[str, Any]
    author_cut: str | None = None
    field_cuts: list[str] = field(default_factory=list)
    shown_counts: list[str] = field(default_factory=list)


def to_document(rows: Iterable[tuple[str, bytes]], page: PagePart | None = None) -> CutDocument:
    """The Solr document of the rows of a staff view, and how its values were cut.

    Headings are cut by the work keys, ``author_sort`` and what ``page`` shows. Fields that hold any number of values
    are lists; empty ones are left out. Raises :class:`NotADocumentError` where a value is not UTF-8.
    """
    texts: dict[str, str] = {}
    for name, value in rows:
        try:
            text = value.decode()
        except UnicodeDecodeError as error:
            raise NotADocumentError(f"not UTF-8: byte 0x{value[error.start]:02x} in the field {name}") from error
        if text:
            texts[name] = text
    found = CutDocument({})
    marks: dict[str, str] = {}
    for name, text in texts.items():
        found.document[name] = _value(name, text, marks)
    cut_credits(found, texts, marks, page.credits() if page else {})
    found.field_cuts = [f"{name} {mark}" for name, mark in marks.items()]
    return found


def least_sure(marks: Iterable[str]) -> str | None:
    """The least sure of the marks, ``None`` without any."""
    return max(marks, key=MARKS.index, default=None)


def is_listed(name: str) -> bool:
    """Whether a field holds any number of values."""
    return name in _MULTI or name.endswith("_mv")


def cut_credits(found: CutDocument, texts: Mapping[str, str], marks: dict[str, str], shown: Mapping[str, str]) -> None:
    """Cut the headings of the document in place, mark how, and tell how many of them the page shows.

    ``texts`` are those of its fields, ``shown`` what the page shows of each; its work keys are cut already.
    """
    present = [name for name in CREDITS if name in texts]
    parts = author_parts(found.document.get("work_keys_str_mv", []))
    for name in present:
        first = texts.get("author_sort") if name == "author" or len(present) == 1 else None
        headings = _shown_headings(texts[name], shown.get(name, ""))
        headings = headings or cut_authors(texts[name], parts, first, all_parts=len(present) == 1)
        count = shown_count(shown[name]) if name in shown else None
        if headings is None and count == 1 and not (first and texts[name].startswith(f"{first} ")):
            headings = [texts[name]]
        if headings is None and count is not None:
            found.shown_counts.append(f"{name} {count}")
        found.document[name] = headings or [texts[name]]
        marks[name] = "exact" if headings else "uncut"
    found.author_cut = least_sure(marks[name] for name in present)
    if facet := texts.get("author_facet"):
        if found.author_cut == "exact" and facet == " ".join(texts[name] for name in present):
            found.document["author_facet"] = [heading for name in present for heading in found.document[name]]
            marks["author_facet"] = "exact"
        else:
            headings = cut_authors(facet, parts)
            found.document["author_facet"] = headings or [facet]
            marks["author_facet"] = "exact" if headings else "uncut"


def _value(name: str, text: str, marks: dict[str, str]) -> object:
    if name == "_version_" and text.isascii() and text.isdigit():
        return Number(text)
    if not is_listed(name):
        return text
    if name in _VOCABULARY_FIELDS and " " in text:
        values = cut_exactly(name, text)
        marks[name] = "exact" if values else "uncut"
        return values or [text]
    return CUTS.get(name, _uncut)(text)


def _shown_headings(text: str, shown: str) -> list[str] | None:
    """The headings of a text that the page shows with commas between them, if it shows the same words."""
    words, shown_words = text.split(" "), shown.split()
    if not shown_words or len(words) != len(shown_words):
        return None
    headings: list[list[str]] = [[]]
    for number, (word, with_comma) in enumerate(zip(words, shown_words, strict=True)):
        headings[-1].append(word)
        if with_comma == f"{word}," and number + 1 < len(words):
            headings.append([])
        elif with_comma != word:
            return None
    return [" ".join(heading) for heading in headings]


def _uncut(text: str) -> list[str]:
    return [text]


def _cut_where_all(pattern: re.Pattern[str]) -> Callable[[str], list[str]]:
    """Cut at blanks, provided each word is such a value; a text of blanks that are no ASCII has no word."""

    def cut(text: str) -> list[str]:
        words = text.split()
        return words if words and all(map(pattern.fullmatch, words)) else [text]

    return cut


#: How the values of fields are cut that tell by themselves where they begin.
CUTS: Final[dict[str, Callable[[str], list[str]]]] = {
    "url": _URL_START.split,
    "work_keys_str_mv": _WORK_KEY_START.split,
    "isbn": _cut_where_all(_ISBN),
    "issn": _cut_where_all(_ISSN),
    "doi_str_mv": _cut_where_all(_DOI),
    "publishDate": _cut_where_all(_YEAR),
    "oclc_num": _cut_where_all(_NUMBER),
    "ctrlnum": _cut_where_all(_CONTROL_NUMBER),
    "dewey-full": _cut_where_all(_DEWEY),
    "dewey-raw": _cut_where_all(_DEWEY),
}
