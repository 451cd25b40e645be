"""MARC records of a chunk, gathered into one batch: in columns where they are plain, else record by record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
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
AT_ONCE: Final = 8 << 20
#: A longer record is read by itself.
_LONGEST_PLAIN: Final = 200_000
#: So many records must have no field 001 before a file is taken for one without: a single one may have lost it.
FEWEST_WITHOUT_ID: Final = 2


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
class Run:
    """Records in their order, ``rows`` of which have been read in columns, as ``table``.

    ``piece`` says the piece of each, a number into ``pieces``.
    """

    pieces: Sequence[Piece]
    piece: Positions
    starts: Positions
    ends: Positions
    table: MarcTable
    rows: Positions


@dataclass(frozen=True, slots=True)
class Reader:
    """How records are read: those of many that are plain in columns, with their numbers, and any record by itself.

    ``makes_ids``: those without an id get one that is made of what they say.
    """

    columns: Callable[[Sequence[Found]], tuple[MarcTable, Positions]]
    one: Callable[[Found], MarcRecord | str]
    makes_ids: bool = False


def is_long(length: int) -> bool:
    """Whether a record of so many bytes is read by itself."""
    return length > _LONGEST_PLAIN


def parse_records(pieces: Sequence[Piece], found: Iterator[Found | Run], reader: Reader) -> Batch:
    """The batch of records of these pieces, in the order in which they stand there, in whatever order they come.

    What cannot be read of one is quarantined.
    """
    gathering = _Gathering(pieces, reader)
    for one in found:
        if isinstance(one, Run):
            gathering.add_run(one)
        else:
            gathering.add(one)
    return gathering.batch()


def to_document(record: MarcRecord) -> dict[str, Any]:
    """The Solr document of one record; local fields stand beside those of the index.

    Raises :class:`NotMarcError` for what is no MARC 21 bibliographic record, or has no id.
    """
    fields, refused, other_kinds = to_fields(table_of_records([record]))
    if refused or other_kinds:
        raise NotMarcError(refused.get(0) or f"no bibliographic record: {other_kinds[0]}")
    return document_of_row(fields)


def document_of_row(fields: pa.Table) -> dict[str, Any]:
    """The Solr document of a table of schema ``FIELDS`` with one row."""
    [row] = fields.to_pylist()
    document = {name: value for name, value in row.items() if value is not None}
    return document | read_extra(document.pop("extra", "{}"))


class _Place(NamedTuple):
    """Where a record lies: at which byte of all pieces, and in its own."""

    number: int
    found: Found
    line: int


@dataclass(frozen=True, slots=True)
class _Places:
    """Where some records lie, as columns; ``piece`` is a number into ``pieces``."""

    pieces: Sequence[Piece]
    piece: Positions
    number: Positions
    start: Positions
    end: Positions
    line: Positions

    @classmethod
    def of(cls, places: Sequence[_Place]) -> _Places:
        """These places."""
        pieces = list({id(place.found.piece): place.found.piece for place in places}.values())
        numbers = {id(piece): number for number, piece in enumerate(pieces)}
        return cls(
            pieces,
            np.array([numbers[id(place.found.piece)] for place in places], np.int64),
            np.array([place.number for place in places], np.int64),
            np.array([place.found.start for place in places], np.int64),
            np.array([place.found.end for place in places], np.int64),
            np.array([place.line for place in places], np.int64),
        )

    def __len__(self) -> int:
        return len(self.number)

    def at(self, rows: Positions) -> _Places:
        """Some of them."""
        columns = (column[rows] for column in (self.piece, self.number, self.start, self.end, self.line))
        return _Places(self.pieces, *columns)

    def place(self, row: int) -> _Place:
        """One of them."""
        piece = self.pieces[self.piece[row]]
        return _Place(
            int(self.number[row]), Found(piece, int(self.start[row]), int(self.end[row])), int(self.line[row])
        )

    def lineage(self) -> list[pa.Array]:
        """File, member, offset, length and line of each."""
        of_piece = pa.array(self.piece)
        offsets = np.array([piece.offset for piece in self.pieces], np.int64)
        return [
            pa.array([piece.file for piece in self.pieces], TEXT).take(of_piece),
            pa.array([piece.member for piece in self.pieces], TEXT).take(of_piece),
            pa.array(offsets[self.piece] + self.start),
            pa.array(self.end - self.start),
            pa.array(self.line),
        ]


class _Gathering:
    """Holds records until there are enough of them, and tables of what was read."""

    def __init__(self, pieces: Sequence[Piece], reader: Reader) -> None:
        self._reader = reader
        begins = accumulate((len(piece.data) for piece in pieces), initial=0)
        #: Where the pieces begin, if they stood one behind the other.
        self._begins = {id(piece): begin for piece, begin in zip(pieces, begins, strict=False)}
        self._lines = _Lines()
        self._held: list[_Place] = []
        self._held_bytes = 0
        self._left: list[tuple[_Place, MarcRecord]] = []
        self._left_bytes = 0
        self._tables: list[pa.Table] = [RAW_RECORDS.empty_table()]
        self._numbers: list[Positions] = []
        self._refused: dict[int, Unreadable] = {}
        self._other_kinds: Counter[str] = Counter()

    def add(self, found: Found) -> None:
        """One more record."""
        number = self._begins[id(found.piece)] + found.start
        place = _Place(number, found, int(self._lines.at(found.piece, found.start)))
        if found.fault:
            self._refuse(place, found.fault)
        elif found.record or found.alone or is_long(found.length):
            self._leave(place)
        else:
            self._held.append(place)
            self._held_bytes += found.length
            if self._held_bytes > AT_ONCE:
                self._read_held()

    def add_run(self, run: Run) -> None:
        """Some more records."""
        begins = np.array([self._begins[id(piece)] for piece in run.pieces], np.int64)
        bounds = np.searchsorted(run.piece, np.arange(len(run.pieces) + 1)).tolist()
        lines = np.zeros(len(run.starts), np.int64)
        for piece, start, end in zip(run.pieces, bounds, bounds[1:], strict=False):
            if end > start:
                lines[start:end] = self._lines.at(piece, run.starts[start:end])
        places = _Places(run.pieces, run.piece, begins[run.piece] + run.starts, run.starts, run.ends, lines)
        if len(run.rows) == len(places):
            self._put(run.table, places)
            return
        self._put(run.table, places.at(run.rows))
        for row in np.setdiff1d(np.arange(len(places)), run.rows).tolist():
            self._leave(places.place(row))

    def batch(self) -> Batch:
        """All that was added."""
        self._read_held()
        self._read_left()
        documents = pa.concat_tables(self._tables).combine_chunks()
        numbers = np.concatenate([np.zeros(0, np.int64), *self._numbers])
        if (numbers[1:] < numbers[:-1]).any():
            documents = documents.take(pa.array(np.argsort(numbers, kind="stable")))
        quarantined = quarantine_table([self._refused[number] for number in sorted(self._refused)])
        return Batch(documents, quarantined, self._other_kinds)

    def _read_held(self) -> None:
        held, self._held, self._held_bytes = self._held, [], 0
        if not held:
            return
        table, rows = self._reader.columns([place.found for place in held])
        self._put(table, _Places.of([held[row] for row in rows.tolist()]))
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
        if self._left_bytes > AT_ONCE:
            self._read_left()

    def _read_left(self) -> None:
        left, self._left, self._left_bytes = self._left, [], 0
        self._put(table_of_records([record for _, record in left]), _Places.of([place for place, _ in left]))

    def _refuse(self, place: _Place, reason: str) -> None:
        piece, raw = place.found.piece, place.found.raw
        row = unreadable(piece.file, piece.member, piece.offset + place.found.start, place.line, reason, raw)
        self._refused[place.number] = row

    def _put(self, table: MarcTable, places: _Places) -> None:
        """Keep the documents of a table, and what of it is none."""
        if not len(places):
            return
        fields, refused, other_kinds = to_fields(table, makes_ids=self._reader.makes_ids)
        for number, reason in refused.items():
            self._refuse(places.place(number), reason)
        self._other_kinds.update(other_kinds.values())
        if none := [*refused, *other_kinds]:
            kept = np.setdiff1d(np.arange(len(places)), none)
            fields, places = fields.take(pa.array(kept)), places.at(kept)
        self._tables.append(pa.Table.from_arrays([*places.lineage(), *fields.columns], schema=RAW_RECORDS))
        self._numbers.append(places.number)


class _Lines:
    """Tells the lines of places in pieces."""

    def __init__(self) -> None:
        self._piece: Piece | None = None
        self._newlines = np.zeros(0, np.int64)

    def at(self, piece: Piece, start: int | Positions) -> Positions | np.int64:
        """The line of a place, or of each of several; 0 where lines mean nothing."""
        if not piece.line:
            return np.int64(0)
        if piece is not self._piece:
            self._piece, self._newlines = piece, find_byte(piece.data, b"\n")
        return piece.line + self._newlines.searchsorted(start)
