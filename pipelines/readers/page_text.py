"""VuFind's record page as text: the page in any language, then the staff view, which is the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.json_exact import NotADocumentError, to_row
from pipelines.readers.pages import parse_pages, split_pages
from pipelines.readers.staff_view import find_table, read_table, to_document
from pipelines.readers.streams import ByteStream


@dataclass(frozen=True, slots=True)
class PageText:
    """The format: see the module."""

    name: str = "page text"

    def recognises(self, head: bytes) -> bool:
        """There is a staff view in it."""
        return find_table(head) is not None

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces end where a staff view does; what follows the last one belongs to its page."""
        return split_pages(file, member, stream, chunk_bytes, _whole_pages)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """One document a staff view; a page whose staff view is missing or broken is quarantined."""
        return parse_pages(pieces, _pages, _to_row)


FORMAT: Final = PageText()


def _to_row(page: tuple[list[tuple[str, bytes]], str]) -> dict[str, Any]:
    fields, fault = page
    if fault:
        raise NotADocumentError(fault)
    document, author_cut = to_document(fields)
    row = to_row(document)
    if author_cut:
        row["author_cut"] = author_cut
    return row


def _pages(text: bytes) -> Iterator[tuple[int, int, tuple[list[tuple[str, bytes]], str]]]:
    """Start, end, fields and fault of each page; a page ends with its staff view, the last one with the text."""
    start, table = 0, find_table(text)
    if table is None:
        yield 0, len(text), ([], "a page without staff view")
    while table is not None:
        fields, end, fault = read_table(text, table)
        table = find_table(text, end)
        end = len(text) if table is None else end
        yield start, end, (fields, fault)
        start = end


def _whole_pages(text: bytes) -> int:
    """How much of a text that goes on is whole pages: all but the last staff view, what is before it, and after."""
    last_end = end = 0
    table = find_table(text)
    while table is not None:
        last_end, (_, end, _) = end, read_table(text, table)
        table = find_table(text, end)
    return last_end
