"""What formats of record pages share: cutting a stream between pages, and a document a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from pipelines.readers.chunks import LONGEST_RECORD, Batch, Piece, Unreadable, drain, quarantine_table, unreadable
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.lines import table_of
from pipelines.readers.streams import ByteStream
from pipelines.records import RAW_RECORDS

Page = TypeVar("Page")


def split_pages(
    file: str, member: str, stream: ByteStream, chunk_bytes: int, whole_pages: Callable[[bytes], int]
) -> Iterator[Piece | Unreadable]:
    """Pieces that end where a page does; ``whole_pages`` says how many bytes of a text that goes on are whole pages."""
    text, offset, line, wanted = b"", 0, 1, chunk_bytes
    ended = False
    while not ended:
        block = stream.read(wanted - len(text))
        ended = len(block) < wanted - len(text)
        text += block
        if ended and not stream.damage:
            break
        end = whole_pages(text)
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


def parse_pages(
    pieces: Iterable[Piece],
    pages: Callable[[bytes], Iterable[tuple[int, int, Page]]],
    to_row: Callable[[Page], dict[str, Any]],
) -> Batch:
    """A document a page, or the page in quarantine.

    ``pages`` gives start, end and content of each page of a text, in order; ``to_row`` the row of
    RAW_RECORDS, without lineage, and raises :class:`NotADocumentError` where there is none.
    """
    rows: list[dict[str, Any]] = []
    refused: list[Unreadable] = []
    for piece in pieces:
        line, counted = piece.line, 0
        for start, end, page in pages(piece.data):
            line, counted = line + piece.data.count(b"\n", counted, start), start
            offset = piece.offset + start
            try:
                row = to_row(page)
            except NotADocumentError as error:
                raw = piece.data[start:end]
                refused.append(unreadable(piece.file, piece.member, offset, line, str(error), raw))
                continue
            row |= {"file": piece.file, "member": piece.member, "offset": offset, "length": end - start, "line": line}
            rows.append(row)
    return Batch(table_of(rows, RAW_RECORDS), quarantine_table(refused))
