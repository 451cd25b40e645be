"""The lines of a chunk and where they come from, for formats that have a document a line."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Positions, find_byte
from pipelines.readers.chunks import Batch, Piece, Unreadable, quarantine_table, unreadable
from pipelines.readers.json_columns import FIELDS
from pipelines.readers.json_exact import NotADocumentError
from pipelines.records import RAW_RECORDS

_BLANK: Final = b" \t\r\n\f\v"


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a chunk that are not blank: ``starts`` and ``ends`` in ``text``, and where each comes from.

    ``written_ends`` are those of the lines as they are written, where a comma was taken from them.
    """

    text: bytes
    starts: Positions
    ends: Positions
    piece: Positions
    offset: Positions
    number: Positions
    written_ends: Positions | None = None

    def without_commas(self) -> Lines:
        """The same lines without a comma behind the object that each is, and without those that are but a comma."""
        commas = np.flatnonzero(np.frombuffer(self.text, np.uint8)[self.ends - 1] == ord(","))
        if not len(commas):
            return self
        ends, keep = self.ends.copy(), np.ones(len(self.ends), bool)
        for row in commas.tolist():
            content = self.text[self.starts[row] : self.ends[row] - 1].rstrip(_BLANK)
            if content.endswith(b"}"):
                ends[row] = self.starts[row] + len(content)
            keep[row] = bool(content)
        piece, offset, number = (column[keep] for column in (self.piece, self.offset, self.number))
        return Lines(self.text, self.starts[keep], ends[keep], piece, offset, number, self.ends[keep])

    def with_lineage(self, pieces: tuple[Piece, ...], table: pa.Table, rows: Positions) -> pa.Table:
        """The documents that are in the lines ``rows`` as a table of schema ``RAW_RECORDS``."""
        piece = pa.array(self.piece[rows])
        lineage = [
            pa.array([one.file for one in pieces], pa.string()).take(piece),
            pa.array([one.member for one in pieces], pa.string()).take(piece),
            pa.array(self.offset[rows]),
            pa.array((self.ends - self.starts)[rows]),
            pa.array(self.number[rows]),
        ]
        return pa.Table.from_arrays([*lineage, *table.columns], schema=RAW_RECORDS)

    def quarantine(self, pieces: tuple[Piece, ...], row: int, reason: str) -> Unreadable:
        """The line ``row`` as what could not be read."""
        piece = pieces[int(self.piece[row])]
        ends = self.ends if self.written_ends is None else self.written_ends
        raw = bytearray(self.text[self.starts[row] : ends[row]])
        if piece.newlines is not None:
            begin = int(self.offset[row]) - piece.offset
            low, high = np.searchsorted(piece.newlines, [begin, begin + len(raw)])
            np.frombuffer(raw, np.uint8)[piece.newlines[low:high] - begin] = ord("\n")
        return unreadable(piece.file, piece.member, int(self.offset[row]), int(self.number[row]), reason, bytes(raw))


def find_lines(pieces: tuple[Piece, ...]) -> Lines:
    """The lines of pieces of one chunk, trimmed, without those that are blank."""
    text = pieces[0].data if len(pieces) == 1 else b"\n".join(piece.data for piece in pieces)
    view = np.frombuffer(text, np.uint8)
    newlines = find_byte(text, b"\n")
    # Blank lines go first: there may be millions of them, and each costs but eight bytes here.
    filled = np.ones(len(newlines) + 1, bool)
    filled[-1] = len(text) > (newlines[-1] + 1 if len(newlines) else 0)
    filled[: len(newlines)] = np.diff(newlines, prepend=-1) > 1
    ordinals = np.flatnonzero(filled)
    starts = np.append(newlines, 0)[ordinals - 1] + 1
    starts[ordinals == 0] = 0
    ends = np.append(newlines, len(text))[ordinals]
    lengths = np.array([len(piece.data) + 1 for piece in pieces], np.int64)
    piece_starts = np.cumsum(lengths) - lengths
    piece = np.searchsorted(piece_starts, starts, "right") - 1
    first_ordinals = np.searchsorted(newlines, piece_starts)
    first_numbers = np.array([one.line for one in pieces], np.int64)
    numbers = np.where(first_numbers[piece] > 0, first_numbers[piece] + ordinals - first_ordinals[piece], 0)

    # Most lines are bare objects; the few that are not are trimmed one by one, and dropped where blank.
    odd = np.flatnonzero((view[starts] != ord("{")) | (view[ends - 1] != ord("}")))
    keep = np.ones(len(starts), bool)
    for row in odd.tolist():
        line = text[starts[row] : ends[row]]
        starts[row] += len(line) - len(line.lstrip(_BLANK))
        ends[row] = max(starts[row], ends[row] - len(line) + len(line.rstrip(_BLANK)))
        keep[row] = ends[row] > starts[row]
    starts, ends, piece, numbers = starts[keep], ends[keep], piece[keep], numbers[keep]
    origins = np.array([one.offset for one in pieces], np.int64) - piece_starts
    return Lines(text, starts, ends, piece, starts + origins[piece], numbers)


def table_of(rows: list[dict[str, Any]], schema: pa.Schema = FIELDS) -> pa.Table:
    """Rows as a table of ``schema``; only columns with a value are built one by one."""
    used = set().union(*rows)
    columns = [
        pa.array([row.get(field.name) for row in rows], field.type)
        if field.name in used
        else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def parse_each(pieces: tuple[Piece, ...], read: Callable[[bytes], dict[str, Any]]) -> Batch:
    """The documents of pieces that hold one a line, each line read by ``read`` to a row of schema ``FIELDS``.

    A line for which ``read`` raises :class:`NotADocumentError` is quarantined with what that says.
    """
    lines = find_lines(pieces)
    rows: list[dict[str, Any]] = []
    found: list[int] = []
    quarantined: list[Unreadable] = []
    with without_collector():
        for number, (start, end) in enumerate(zip(lines.starts.tolist(), lines.ends.tolist(), strict=True)):
            try:
                rows.append(read(lines.text[start:end]))
                found.append(number)
            except NotADocumentError as error:
                quarantined.append(lines.quarantine(pieces, number, str(error)))
        documents = lines.with_lineage(pieces, table_of(rows), np.array(found, np.int64))
    return Batch(documents, quarantine_table(quarantined))


@contextmanager
def without_collector() -> Iterator[None]:
    """Records have no cycles, and looking for some among the rows of a chunk would take a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
