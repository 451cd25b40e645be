"""VuFind's record page as text: the page in any language, then the staff view, which is the document.

Where the staff view is missing, what the page shows above it is all there is of the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pipelines.readers.barred_views import Unbarred, without_bars
from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.first_lines import BYTE_ORDER_MARK, NO_BREAK_SPACE, first_lines
from pipelines.readers.json_exact import NotADocumentError, to_row
from pipelines.readers.page_addresses import id_of_address
from pipelines.readers.page_ends import fault_at_the_end, fault_behind_view, fault_without_title, shows_unread_view
from pipelines.readers.page_part import read_page_part
from pipelines.readers.pages import parse_pages, split_pages
from pipelines.readers.plain_views import Tables, View, find_views
from pipelines.readers.spelling_mined import mine_spelling
from pipelines.readers.staff_cut import to_document
from pipelines.readers.staff_view import SHIFTED, find_table, read_table
from pipelines.readers.streams import ByteStream
from pipelines.readers.view_columns import read_views
from pipelines.records import LACKING

#: Of what stands before a staff view this much is looked at: its page part, not the end of the page before.
_LONGEST_PAGE_PART: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class TextPage:
    """One page: what stands above its staff view, the rows of that, and what is wrong with it ("" for nothing)."""

    above: bytes
    fields: list[tuple[str, bytes]] | View
    fault: str = ""

    def rows(self) -> list[tuple[str, bytes]]:
        """The rows of its staff view; none where it has none."""
        return self.fields.rows() if isinstance(self.fields, View) else self.fields

    def shows_title(self) -> bool:
        """Whether there is a title above its staff view."""
        part = _page_part(self.above)
        # Where there is no heading, what comes next on the page stands for it.
        return part is not None and bool(part.title) and not part.summary.startswith(part.title)


@dataclass(frozen=True, slots=True)
class PageText:
    """The format: see the module."""

    name: str = "page text"

    def recognises(self, head: bytes) -> bool:
        """There is a staff view in it, or the rows that VuFind shows above one."""
        unbarred = without_bars(head)
        head = unbarred.text if unbarred else head
        return find_table(head) is not None or _page_part(head[:_LONGEST_PAGE_PART]) is not None

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces end where a page does; what follows the last one belongs to it."""
        return split_pages(file, member, stream, chunk_bytes, _whole_pages)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """One document a page; one that is broken, or shows no record, is quarantined."""
        return parse_pages(pieces, _pages_of_each, page_row, read_in_columns)


FORMAT: Final = PageText()


def page_row(page: TextPage, address: str = "") -> dict[str, Any]:
    """The row of RAW_RECORDS of a page, without where it was found; its id is None where nothing tells it.

    ``address`` is that of the page, where it is known: it is kept as ``page_url``.

    Raises :class:`NotADocumentError` where it shows no record.
    """
    if page.fault:
        raise NotADocumentError(page.fault)
    part, fields = _page_part(page.above), page.rows()
    shown_at = {"page_url": address} if address else {}
    if not fields:
        shows_record = part is not None and part.title != ""
        shown = page.above.decode(errors="replace")
        if fault := fault_at_the_end(shown) if shows_record or shows_unread_view(shown) else "":
            raise NotADocumentError(fault)
        if part is None or not shows_record:
            raise NotADocumentError("a page without staff view")
        identifier = id_of_address(address)
        row = to_row(part.document() | shown_at | {"id": identifier or "?"})
        counts = part.shown_counts()
        row["staff_view"], row["page_language"] = LACKING, part.language or None
        return row | {"id": identifier, "shown_counts": counts or None}
    found = to_document(fields, part)
    if found.document.get("id", "").startswith(NO_BREAK_SPACE):
        raise NotADocumentError(SHIFTED)
    mined = mine_spelling(found.document)
    row = to_row(found.document | mined | shown_at)
    row["author_cut"], row["page_language"] = found.author_cut, (part and part.language) or None
    row["field_cuts"], row["shown_counts"] = found.field_cuts or None, found.shown_counts or None
    row["mined_fields"] = list(mined) or None
    return row


def pages_of_each(texts: Sequence[bytes]) -> Iterator[list[TextPage]]:
    """The pages of each of some texts."""
    return ([page for _, _, page in pages] for pages in _pages_of_each(texts))


def read_in_columns(pages: Sequence[TextPage], addresses: Sequence[str] = ()) -> tuple[pa.Table, Positions] | None:
    """The documents of the pages whose staff view is plain, and which pages these are; see :func:`page_row`.

    ``addresses`` are those of all pages, "" where one is not known.
    """
    views, plain = list[View](), list[int]()
    for number, page in enumerate(pages):
        if isinstance(page.fields, View) and not page.fault:
            views.append(page.fields)
            plain.append(number)
    if not plain:
        return None
    parts = [_page_part(pages[number].above) for number in plain]
    table, found = read_views(views, parts, [addresses[number] for number in plain] if addresses else [])
    return table, np.array(plain, np.int64)[found]


def _page_part(above: bytes) -> Any:
    return read_page_part(above[-_LONGEST_PAGE_PART:].decode(errors="replace").removeprefix(BYTE_ORDER_MARK))


def _pages_of_each(texts: Sequence[bytes]) -> Iterator[Iterator[tuple[int, int, TextPage]]]:
    """Start, end and content of each page of each of some texts."""
    unbarred = [without_bars(text) for text in texts]
    read = [one.text if one else text for one, text in zip(unbarred, texts, strict=True)]
    for one, tables in zip(unbarred, find_views(read), strict=True):
        yield one.in_file(_pages(tables, one)) if one else _pages(tables)


def _pages(tables: Tables, unbarred: Unbarred | None = None) -> Iterator[tuple[int, int, TextPage]]:
    """Start, end and content of each page of a text.

    A page begins with VuFind's first line, or where the staff view before it ends; what stands behind a staff view and
    before the next first line belongs to it. No staff view goes on over the next one or over a first line: where a page
    ends is known as soon as the next one has begun, and each gives the same alone.
    """
    text = tables.text
    table = tables.find()
    starts = [0, *first_lines(text, 0, len(text) if table is None else table)[1:]]
    while table is not None:
        following = tables.find(table + 1)
        limit = len(text) if following is None else following
        plain, fault = tables.plain(table), ""
        fields: list[tuple[str, bytes]] | View
        if plain:
            fields, end = plain
            behind = first_lines(text, end, limit)
        else:
            behind = first_lines(text, table, limit)
            fields, end, fault = read_table(text, table, min([limit, *behind]))
        behind = behind or [len(text) if following is None else end]
        if len(starts) > 1:
            yield from _pages_without_table(text, starts)
        page = TextPage(text[starts[-1] : table], fields, fault)
        if not fault:
            torn = fault_behind_view(text, end, behind[0], page.rows)
            torn = torn or fault_without_title(text, table, end, behind[0], page)
            torn = torn or (unbarred.fault(starts[-1], table, end, behind[0], page.rows) if unbarred else "")
            page = replace(page, fault=torn) if torn else page
        yield starts[-1], behind[0], page
        table, starts = following, behind
    yield from _pages_without_table(text, [*starts, len(text)])


def _pages_without_table(text: bytes, places: list[int]) -> Iterator[tuple[int, int, TextPage]]:
    """The pages between the places, each of them without staff view."""
    for start, end in pairwise(places):
        if start < end:
            yield start, end, TextPage(text[start:end], [])


def _whole_pages(text: bytes) -> int:
    """How much of a text that goes on is whole pages: all but the last one.

    Only whole lines are looked at: what a line is, a first line or a separator, its end may change.
    """
    [pages] = _pages_of_each([text[: text.rfind(b"\n") + 1]])
    return max((start for start, _, _ in pages), default=0)
