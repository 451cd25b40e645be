"""VuFind's record page as HTML, as a browser or a crawler saved it: the staff view is the document.

Pages of all themes and languages, whole or only the table of the staff view: that of the index, or that of a MARC
record (:mod:`pipelines.readers.marc_view`). Where a page shows none, what its head and its links say of the record is
read. Scripts are not run, nothing is fetched. The tree is that of the HTML standard, as browsers build it (lexbor).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from selectolax.lexbor import LexborHTMLParser

from pipelines.readers import marc_view
from pipelines.readers.byte_spans import BYTE_ORDER_MARK, Positions, is_utf8
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.json_exact import NotADocumentError, to_row
from pipelines.readers.page_addresses import acted_on, record_id
from pipelines.readers.page_columns import read_pages
from pipelines.readers.page_depth import DEEPEST_PAGE, is_too_deep
from pipelines.readers.page_metadata import described_document
from pipelines.readers.pages import parse_pages, split_pages
from pipelines.readers.staff_source import PLAIN_ID_ROW
from pipelines.readers.staff_table import END_MARK, END_MARK_SELECTOR, staff_tables, to_document
from pipelines.readers.streams import ByteStream
from pipelines.readers.surroundings import Surroundings
from pipelines.records import LACKING

_DOCUMENT_START: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html)(?=[\s>])",
    re.IGNORECASE | re.DOTALL,
)
#: A table of the staff view by itself, as the tab is loaded: a row of the id, with what may stand around a table.
_FRAGMENT_START: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:table|div|h[1-6]|section)(?=[\s>])", re.IGNORECASE)
_ID_ROW: Final = re.compile(rb"<th(?:\s[^>]{0,200})?>\s*id\s*(?:</th>\s*)?<td", re.IGNORECASE)

#: A page may begin here. Spelt out, this is found several times as fast as with re.IGNORECASE.
_BEGINS: Final = re.compile(
    rb"<[hH!](?:(?<=<!)[dD][oO][cC][tT][yY][pP][eE]\s+[hH][tT][mM][lL]|(?<=[hH])[tT][mM][lL])(?=[\s>])"
)
#: What a page has that has had something to show, in lower case, and its body.
_SHOWN: Final = (b"</head", b"</table", b"</html")
_BODY: Final = re.compile(rb"<body(?=[\s>])")
_DOCUMENT_END: Final = re.compile(rb"</(?:html|body)", re.IGNORECASE)
_QUOTES: Final = b"\"'`\\"

_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:\-]+)""", re.IGNORECASE)
#: Encodings are declared within this many bytes (HTML standard, 13.2.3.2).
_CHARSET_WITHIN: Final = 1024
#: The single-byte encodings of the web; ISO 8859-1 means Windows-1252 there (Encoding standard, 4.2).
CHARSETS: Final = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "windows-1252": "cp1252",
    "iso-8859-2": "iso8859-2", "iso-8859-5": "iso8859-5", "iso-8859-7": "iso8859-7", "iso-8859-15": "iso8859-15",
    "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1253": "cp1253", "windows-1254": "cp1254",
    "iso-8859-9": "cp1254", "koi8-r": "koi8-r", "koi8-u": "koi8-u",
}  # fmt: skip
#: Bytes that go on with a character.
_CONTINUE: Final = range(0x80, 0xC0)
_REPLACEMENT: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class PageHtml:
    """The format: see the module."""

    name: str = "page html"

    def recognises(self, head: bytes) -> bool:
        """An HTML document, or a table with a row of the id, or of the leader of MARC."""
        if _DOCUMENT_START.match(head):
            return True
        return _FRAGMENT_START.match(head) is not None and _shows_view(head)

    def shows_record(self, head: bytes) -> bool:
        """Whether what begins so is a page of a record, not just any HTML."""
        if not self.recognises(head):
            return False
        return _shows_view(head) or record_id(LexborHTMLParser(head)) is not None

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """A file is a page, or several, each of which begins with ``<!DOCTYPE html>`` or ``<html>``."""
        return split_pages(file, member, stream, chunk_bytes, lambda text: _starts(text)[-1])

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """One document a page; a page that shows none, or not all of it, is quarantined."""
        return parse_pages(pieces, lambda texts: map(_pages, texts), _to_row, _read_in_columns)


FORMAT: Final = PageHtml()


def _shows_view(head: bytes) -> bool:
    return PLAIN_ID_ROW in head or _ID_ROW.search(head) is not None or marc_view.shows_marc(head)


def parse_each(pieces: tuple[Piece, ...]) -> Batch:
    """The same of pieces that are a page each, whatever is in it, as a server answers with one."""
    return parse_pages(pieces, lambda texts: ([(0, len(text), text)] for text in texts), _to_row, _read_in_columns)


def page_spans(text: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each page of a text."""
    starts = _starts(text)
    return zip(starts, [*starts[1:], len(text)], strict=True)


def _pages(text: bytes) -> Iterator[tuple[int, int, bytes]]:
    for start, end in page_spans(text):
        yield start, end, text[start:end]


def _starts(text: bytes) -> list[int]:
    """Where pages begin; the first at 0.

    A start tag begins a page where the one before has had something to show: not after a doctype,
    in a condition for old browsers, or in a text of a script.
    """
    starts, shown, quoted, seen = [0], False, False, 0
    for mark in _BEGINS.finditer(text):
        place = mark.start()
        if _shows(text, seen, place):
            shown, quoted = True, False
        seen = place
        if quoted or (shown and text[place - 1] in _QUOTES):
            quoted = not quoted
        elif shown:
            starts.append(place)
            shown = False
    return starts


def _shows(text: bytes, start: int, end: int) -> bool:
    """Whether there is a sign between two places that the page has had something to show."""
    if any(text.find(sign, start, end) >= 0 for sign in _SHOWN):
        return True
    lower = text[start:end].lower()
    return any(sign in lower for sign in _SHOWN) or _BODY.search(lower) is not None


def _read_in_columns(pages: Sequence[bytes]) -> tuple[pa.Table, Positions] | None:
    """The documents of the pages whose staff view is plain, or of MARC, and which pages these are."""
    texts: dict[int, bytes] = {}
    all_text = _all_utf8(pages)
    for number, page in enumerate(pages):
        # What is beside the staff view does not matter, as long as all of it is there and is text.
        text, damage = (page.removeprefix(BYTE_ORDER_MARK), "") if all_text else _utf8(page)
        if not damage and _is_whole(page) and not is_too_deep(page):
            texts[number] = text
    return read_pages(texts)


def _to_row(page: bytes) -> dict[str, Any]:
    if is_too_deep(page):
        raise NotADocumentError(f"elements are nested more than {DEEPEST_PAGE:,} deep")
    text, damage = _utf8(page)
    parsed = LexborHTMLParser(text + END_MARK)
    tables = staff_tables(parsed)
    marc = marc_view.marc_views(parsed) if not tables and marc_view.may_show_marc(text) else []
    whole = _is_whole(page)
    if not whole and any(table.css_first(END_MARK_SELECTOR) is not None for table, _ in (*tables, *marc)):
        raise NotADocumentError("the page is cut off in the staff view")
    if len(tables) > 1 and any(fields != tables[0][1] for _, fields in tables):
        raise NotADocumentError(f"a page with {len(tables)} staff views that differ")
    if len({(record.leader, *record.content) for _, record in marc}) > 1:
        raise NotADocumentError(f"a page with {len(marc)} staff views that differ")
    lineage: dict[str, Any] = {}
    if tables:
        document = to_document(tables[0][1])
    elif marc:
        document = marc_view.to_document(marc[0][1], record_id(parsed))
    elif not whole:
        raise NotADocumentError("no staff view and no </html>: a page cut off, or of something else")
    else:
        described = described_document(parsed)
        if described is None:
            raise NotADocumentError(f"an HTML page that shows no record: no staff view, {_what_lacks(parsed)}")
        document, lineage = described, {"staff_view": LACKING}
    if damage:
        _refuse_replaced(document, damage)
    return to_row(document) | lineage


def _what_lacks(page: LexborHTMLParser) -> str:
    """Why a page without staff view is of no record."""
    if record_id(page) is None and (count := len(acted_on(page, Surroundings()))) > 1:
        return f"no address of its own (canonical link, hiddenId), and {count} records with which something can be done"
    return "no title with a record's address"


def _is_whole(page: bytes) -> bool:
    return page.rfind(b"</html>") >= 0 or _DOCUMENT_END.search(page) is not None


def _utf8(page: bytes) -> tuple[bytes, str]:
    """The page in UTF-8, whatever encoding it is in, and what could not be decoded ("" for nothing).

    What is valid UTF-8 is UTF-8, also where a page says otherwise: text in another encoding hardly ever is.
    """
    page = page.removeprefix(BYTE_ORDER_MARK)
    try:
        page.decode()
    except UnicodeDecodeError as error:
        declared = _CHARSET.search(page[:_CHARSET_WITHIN])
        charset = CHARSETS.get(declared[1].decode().lower(), "utf-8") if declared else "utf-8"
        text = page.decode(charset, errors="replace")
        name = "UTF-8" if charset == "utf-8" else charset
        damage = f"not {name}: byte 0x{page[error.start]:02x}" if _REPLACEMENT in text else ""
        return text.encode(), damage
    return page, ""


def _all_utf8(pages: Sequence[bytes]) -> bool:
    """Whether all pages are UTF-8: they are looked at as one text, between whose parts no character is torn."""
    # That a page is ASCII is seen in a fraction of the time.
    others = [page for page in pages if not page.isascii()]
    return not any(page[0] in _CONTINUE for page in others) and is_utf8(b"".join(others))


def _refuse_replaced(document: dict[str, Any], damage: str) -> None:
    """Bytes that are no text matter where a value holds them, and only there."""
    for name, value in document.items():
        if any(_REPLACEMENT in one for one in (value if isinstance(value, list) else [value])):
            raise NotADocumentError(f"{damage} in the field {name}")
