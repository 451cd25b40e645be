"""VuFind's record page as text: the page in any language, then the staff view, which is the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from pipelines.readers.chunks import LONGEST_RECORD, Batch, Piece, Unreadable, drain, quarantine_table, unreadable
from pipelines.readers.json_exact import NotADocumentError, to_row
from pipelines.readers.staff_view import find_table, read_table, to_document
from pipelines.readers.streams import ByteStream
from pipelines.records import RAW_RECORDS


@dataclass(frozen=True, slots=True)
class PageText:
    """The format: see the module."""

    name: str = "page text"

    def recognises(self, head: bytes) -> bool:
        """There is a staff view in it."""
        return find_table(head) is not None

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces end where a staff view does; what follows the last one belongs to its page."""
        text, offset, line, wanted = b"", 0, 1, chunk_bytes
        ended = False
        while not ended:
            block = stream.read(wanted - len(text))
            ended = len(block) < wanted - len(text)
            text += block
            if ended and not stream.damage:
                break
            end = _whole_pages(text)
            if end:
                yield Piece(file, member, offset, line, text[:end])
                offset, line, text = offset + end, line + text.count(b"\n", 0, end), text[end:]
                wanted = max(chunk_bytes, 2 * len(text))
            elif len(text) > LONGEST_RECORD:
                yield drain(file, member, stream, offset, line, f"a page of more than {LONGEST_RECORD:,} bytes", text)
                return
            else:
                wanted *= 2
        if stream.damage:
            yield unreadable(file, member, offset, line, stream.damage, text)
        elif text:
            yield Piece(file, member, offset, line, text)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """One document a staff view; a page whose staff view is missing or broken is quarantined."""
        rows: list[dict[str, Any]] = []
        refused: list[Unreadable] = []
        for piece in pieces:
            for start, end, fields, fault in _pages(piece.data):
                offset, line = piece.offset + start, piece.line + piece.data.count(b"\n", 0, start)
                try:
                    row = _to_row(fields, fault)
                except NotADocumentError as error:
                    page = piece.data[start:end]
                    refused.append(unreadable(piece.file, piece.member, offset, line, str(error), page))
                    continue
                row |= {"file": piece.file, "member": piece.member, "offset": offset, "length": end - start}
                rows.append(row | {"line": line})
        return Batch(pa.Table.from_pylist(rows, schema=RAW_RECORDS), quarantine_table(refused))


FORMAT: Final = PageText()


def _to_row(fields: list[tuple[str, bytes]], fault: str) -> dict[str, Any]:
    if fault:
        raise NotADocumentError(fault)
    document, author_cut = to_document(fields)
    row = to_row(document)
    if author_cut:
        row["author_cut"] = author_cut
    return row


def _pages(text: bytes) -> Iterator[tuple[int, int, list[tuple[str, bytes]], str]]:
    """Start, end, fields and fault of each page of a text; a page ends with its staff view, the last with the text."""
    start, table = 0, find_table(text)
    if table is None:
        yield 0, len(text), [], "a page without staff view"
    while table is not None:
        fields, end, fault = read_table(text, table)
        table = find_table(text, end)
        end = len(text) if table is None else end
        yield start, end, fields, fault
        start = end


def _whole_pages(text: bytes) -> int:
    """How much of a text that goes on is whole pages: all but the last staff view, what is before it, and after."""
    last_end = end = 0
    table = find_table(text)
    while table is not None:
        last_end, (_, end, _) = end, read_table(text, table)
        table = find_table(text, end)
    return last_end
