"""MARC records of a chunk, gathered into one batch: in columns where they are plain, else record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Positions, find_byte
from pipelines.readers.chunks import Batch, Piece, Unreadable, quarantine_table, unreadable
from pipelines.readers.json_exact import read_extra
from pipelines.readers.marc_fields import to_fields
from pipelines.readers.marc_record import MarcRecord, NotMarcError
from pipelines.readers.marc_table import MarcTable, table_of_records
from pipelines.records import RAW_RECORDS, TEXT

#: So many bytes are read at once: with fewer, beginning costs as much as reading; with more, memory.
_AT_ONCE: Final = 8 << 20
#: A longer record is read by itself.
_LONGEST_PLAIN: Final = 200_000


class Found(NamedTuple):
    """Where a record stands in its piece, and what is wrong with it, "" for nothing that is known.

    One that is to be read ``alone`` cannot be read in columns; one that has been read already is ``record``.
    """

    piece: Piece
    start: int
    end: int
    fault: str = ""
    alone: bool = False
    record: MarcRecord | None = None

    @property
    def length(self) -> int:
        """How many bytes the record has."""
        return self.end - self.start

    @property
    def raw(self) -> bytes:
        """The bytes of the record."""
        return self.piece.data[self.start : self.end]

    @property
    def view(self) -> memoryview:
        """The same bytes, not copied."""
        return memoryview(self.piece.data)[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Reader:
    """How records are read: those of many that are plain in columns, with their numbers, and any record by itself."""

    columns: Callable[[Sequence[Found]], tuple[MarcTable, Positions]]
    one: Callable[[Found], MarcRecord | str]


def parse_records(found: Iterator[Found], reader: Reader) -> Batch:
    """The batch of these records, in their order; what cannot be read of one is quarantined."""
    gathering = _Gathering(reader)
    for one in found:
        gathering.add(one)
    return gathering.batch()


def to_document(record: MarcRecord) -> dict[str, Any]:
    """The Solr document of one record; local fields stand beside those of the index.

    Raises :class:`NotMarcError` for what is no MARC 21 bibliographic record, or has no id.
    """
    fields, refused = to_fields(table_of_records([record]))
    if refused:
        raise NotMarcError(refused[0])
    [row] = fields.to_pylist()
    document = {name: value for name, value in row.items() if value is not None}
    return document | read_extra(document.pop("extra", "{}"))


class _Place(NamedTuple):
    """Which of all records one is, and where it lies."""

    number: int
    found: Found
    line: int


class _Gathering:
    """Holds records until there are enough of them, and tables of what was read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._count = 0
        self._lines = _Lines()
        self._held: list[_Place] = []
        self._held_bytes = 0
        self._left: list[tuple[_Place, MarcRecord]] = []
        self._left_bytes = 0
        self._tables: list[pa.Table] = [RAW_RECORDS.empty_table()]
        self._numbers: list[Positions] = []
        self._refused: dict[int, Unreadable] = {}

    def add(self, found: Found) -> None:
        """One more record, behind those before."""
        place = _Place(self._count, found, self._lines.at(found.piece, found.start))
        self._count += 1
        if found.fault:
            self._refuse(place, found.fault)
        elif found.record or found.alone or found.length > _LONGEST_PLAIN:
            self._leave(place)
        else:
            self._held.append(place)
            self._held_bytes += found.length
            if self._held_bytes > _AT_ONCE:
                self._read_held()

    def batch(self) -> Batch:
        """All that was added."""
        self._read_held()
        self._read_left()
        documents = pa.concat_tables(self._tables).combine_chunks()
        numbers = np.concatenate([np.zeros(0, np.int64), *self._numbers])
        if (numbers[1:] < numbers[:-1]).any():
            documents = documents.take(pa.array(np.argsort(numbers)))
        return Batch(documents, quarantine_table([self._refused[number] for number in sorted(self._refused)]))

    def _read_held(self) -> None:
        held, self._held, self._held_bytes = self._held, [], 0
        if not held:
            return
        table, rows = self._reader.columns([place.found for place in held])
        self._put(table, [held[row] for row in rows.tolist()])
        plain = set(rows.tolist())
        for row, place in enumerate(held):
            if row not in plain:
                self._leave(place)

    def _leave(self, place: _Place) -> None:
        """Read a record by itself."""
        record = place.found.record or self._reader.one(place.found)
        if isinstance(record, str):
            self._refuse(place, record)
            return
        self._left.append((place, record))
        self._left_bytes += place.found.length
        if self._left_bytes > _AT_ONCE:
            self._read_left()

    def _read_left(self) -> None:
        left, self._left, self._left_bytes = self._left, [], 0
        self._put(table_of_records([record for _, record in left]), [place for place, _ in left])

    def _refuse(self, place: _Place, reason: str) -> None:
        piece, raw = place.found.piece, place.found.raw
        row = unreadable(piece.file, piece.member, piece.offset + place.found.start, place.line, reason, raw)
        self._refused[place.number] = row

    def _put(self, table: MarcTable, places: Sequence[_Place]) -> None:
        """Keep the documents of a table, and what of it is none."""
        if not places:
            return
        fields, refused = to_fields(table)
        for number, reason in refused.items():
            self._refuse(places[number], reason)
        if refused:
            kept = [number for number in range(len(places)) if number not in refused]
            fields, places = fields.take(pa.array(kept, pa.int64())), [places[number] for number in kept]
        pieces = [place.found.piece for place in places]
        lineage = [
            pa.array([piece.file for piece in pieces], TEXT),
            pa.array([piece.member for piece in pieces], TEXT),
            pa.array([place.found.piece.offset + place.found.start for place in places], pa.int64()),
            pa.array([place.found.length for place in places], pa.int64()),
            pa.array([place.line for place in places], pa.int64()),
        ]
        self._tables.append(pa.Table.from_arrays([*lineage, *fields.columns], schema=RAW_RECORDS))
        self._numbers.append(np.array([place.number for place in places], np.int64))


class _Lines:
    """Tells the lines of places in pieces."""

    def __init__(self) -> None:
        self._piece: Piece | None = None
        self._newlines = np.zeros(0, np.int64)

    def at(self, piece: Piece, start: int) -> int:
        """The line of a place; 0 where lines mean nothing."""
        if not piece.line:
            return 0
        if piece is not self._piece:
            self._piece, self._newlines = piece, find_byte(piece.data, b"\n")
        return piece.line + int(self._newlines.searchsorted(start))
