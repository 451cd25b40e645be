"""What formats of record pages share: cutting a stream between pages, and a document a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Positions, find_byte
from pipelines.readers.chunks import LONGEST_RECORD, Batch, Piece, Unreadable, drain, quarantine_table, unreadable
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.lines import table_of, without_collector
from pipelines.readers.streams import ByteStream
from pipelines.records import RAW_RECORDS, TEXT

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
    pages: Callable[[Sequence[bytes]], Iterable[Iterable[tuple[int, int, Page]]]],
    to_row: Callable[[Page], dict[str, Any]],
    in_columns: Callable[[Sequence[Page]], tuple[pa.Table, Positions] | None] | None = None,
) -> Batch:
    """A document a page, or the page in quarantine.

    ``pages`` gives start, end and content of each page of each text, in order; ``to_row`` the row of
    RAW_RECORDS, without lineage, and raises :class:`NotADocumentError` where there is none. A page that tells no id
    (``None``) has the name of its file for one, and where it begins if that is not at the beginning. ``in_columns``
    reads of many pages those that it can: a table of ``FIELDS``, and which pages these are.
    """
    with without_collector():
        return _parsed(list(pieces), pages, to_row, in_columns)


def _parsed(
    pieces: Sequence[Piece],
    pages: Callable[[Sequence[bytes]], Iterable[Iterable[tuple[int, int, Page]]]],
    to_row: Callable[[Page], dict[str, Any]],
    in_columns: Callable[[Sequence[Page]], tuple[pa.Table, Positions] | None] | None,
) -> Batch:
    of_pieces = zip(pieces, pages([piece.data for piece in pieces]), strict=True)
    found = [_Found(piece, line, *page) for piece, of_piece in of_pieces for line, page in _with_lines(piece, of_piece)]
    read = in_columns([one.page for one in found]) if in_columns and len(found) >= WORTH_COLUMNS else None
    rows: list[dict[str, Any]] = []
    read_alone: list[int] = []
    refused: list[Unreadable] = []
    for number in np.setdiff1d(np.arange(len(found)), read[1]).tolist() if read else range(len(found)):
        one = found[number]
        try:
            row = to_row(one.page)
            if row["id"] is None:
                row["id"] = one.named_by_its_place()
            rows.append(row | one.lineage())
            read_alone.append(number)
        except NotADocumentError as error:
            raw = one.piece.data[one.start : one.end]
            place = (one.piece.file, one.piece.member, one.piece.offset + one.start, one.line)
            refused.append(unreadable(*place, str(error), raw))
    documents = table_of(rows, RAW_RECORDS)
    if read:
        lineage = _lineage([found[number] for number in read[1].tolist()])
        columns = pa.Table.from_arrays([*lineage, *read[0].columns], schema=RAW_RECORDS)
        documents = in_order(documents, read_alone, columns, read[1])
    return Batch(documents.combine_chunks(), quarantine_table(refused))


#: Fewer pages are read as fast one by one.
WORTH_COLUMNS: Final = 8


def in_order(alone: pa.Table, numbers: Sequence[int], columns: pa.Table, found: Positions) -> pa.Table:
    """The documents of two tables of one schema as one, in the order of the numbers of their rows."""
    both = pa.concat_tables([alone, columns])
    if not len(alone):
        return both
    return both.take(pa.array(np.argsort(np.concatenate([np.array(numbers, np.int64), found]), kind="stable")))


class _Found(NamedTuple, Generic[Page]):
    """A page, and where it stands."""

    piece: Piece
    line: int
    start: int
    end: int
    page: Page

    def lineage(self) -> dict[str, Any]:
        """The first columns of its row."""
        file, member, offset = self.piece.file, self.piece.member, self.piece.offset + self.start
        return {"file": file, "member": member, "offset": offset, "length": self.end - self.start, "line": self.line}

    def named_by_its_place(self) -> str:
        """An id for a page that tells none."""
        offset = self.piece.offset + self.start
        return PurePosixPath(self.piece.member or self.piece.file).stem + (f"@{offset}" if offset else "")


def _lineage(found: Sequence[_Found[Any]]) -> list[pa.Array]:
    """The first columns of the rows of these pages, as :meth:`_Found.lineage` has them."""
    starts = np.array([one.start for one in found], np.int64)
    return [
        pa.array([one.piece.file for one in found], TEXT),
        pa.array([one.piece.member for one in found], TEXT),
        pa.array(np.array([one.piece.offset for one in found], np.int64) + starts),
        pa.array(np.array([one.end for one in found], np.int64) - starts),
        pa.array([one.line for one in found], pa.int64()),
    ]


def _with_lines(piece: Piece, pages: Iterable[tuple[int, int, Page]]) -> Iterator[tuple[int, tuple[int, int, Page]]]:
    """Each page with the number of its line."""
    every = list(pages)
    if len(every) == 1 and every[0][0] == 0:
        yield piece.line, every[0]
        return
    newlines = find_byte(piece.data, b"\n")
    lines = piece.line + np.searchsorted(newlines, np.array([page[0] for page in every], np.int64))
    yield from zip(lines.tolist(), every, strict=True)
