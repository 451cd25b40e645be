"""The first step of a replay: what lies in quarantine of a dump is read again, into frames like those of extraction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.parts import Parts
from pipelines.readers.addresses import PlaceError
from pipelines.readers.chunks import STRETCH, Batch, Unreadable
from pipelines.readers.deletions import apart
from pipelines.readers.lessons import Lesson
from pipelines.readers.places import place_of
from pipelines.readers.reading import DumpError
from pipelines.readers.registry import fingerprint
from pipelines.readers.rereading import LASTING, is_whole, originals, read_again
from pipelines.readers.second_look import is_uncut, lesson_of, look_again
from pipelines.readers.streams import ByteStream
from pipelines.stages.extraction import VERSIONS
from pipelines.stages.progress import Progress, Report
from pipelines.warehouse.replay import Held, held_rows

#: Bytes of documents that are held before they become a part.
BYTES_A_PART: Final = 32 << 20


@dataclass
class _Found:
    """Batches that were read again and are not written yet, with their bytes; and how much there has been in all."""

    batches: list[Batch] = field(default_factory=list)
    bytes: int = 0
    documents: int = 0
    refused: int = 0

    def add(self, batch: Batch) -> None:
        """Hold one more batch."""
        self.batches.append(batch)
        self.bytes += batch.documents.nbytes + batch.quarantined.nbytes
        self.documents += batch.documents.num_rows
        self.refused += batch.quarantined.num_rows


@dataclass
class Rereading:
    """Reads the rows of a dump again into ``raw``; the ids of those that stay as they are are ``kept``."""

    raw: Parts
    of: Held
    report: Report
    documents: int = 0
    refused: int = 0
    bytes_read: int = 0
    seconds: float = 0.0
    kept: set[int] = field(default_factory=set)
    _parts: int = 0
    _waiting: _Found = field(default_factory=_Found)
    _has_looked: bool = False
    _lesson: Lesson | None = None

    def read(self, connection: Connection) -> None:
        """Read all rows: first those whose bytes are all there, then the others where they stand in the dump."""
        began = time.monotonic()
        missing: dict[int, Unreadable] = {}
        for done, (number, row) in enumerate(held_rows(connection, self.of), start=1):
            if row.part in LASTING:
                self.kept.add(number)
            elif is_whole(row):
                self._take(number, row, read_again(row))
            else:
                missing[number] = replace(row, raw=b"", context=b"")  # only where it stands: these may be many
            self.report(Progress("replay", "reading", self.documents, done, len(self.of.ids)))
        self.kept.update(missing)

        def fetch(number: int) -> Unreadable:
            [(_, row)] = held_rows(connection, self.of, number)
            return row

        for number, row, stream in _originals(self.of.path, list(missing.items()), fetch):
            self.kept.discard(number)
            self._take(number, row, read_again(row, stream))
        self._write(self._waiting)
        self.seconds = time.monotonic() - began
        self.raw.commit({"parts": self._parts, "sha256": "", "versions": VERSIONS, "bytes": self.bytes_read})

    def _take(self, number: int, row: Unreadable, batches: Iterator[Batch]) -> None:
        """Take what became of a row; where that is nothing new, the row stays as it is.

        So does one that holds deletions: these end records, which only the dump as a whole does. And so does one whose
        values only the whole dump can cut, where that cannot be read any more.
        """
        own, first = _Found(), -1
        for batch in batches:
            is_deleting = apart(batch.documents)[1].num_rows > 0
            cut = None if is_deleting else self._cut(batch)
            if cut is None:
                self._keep(number, first)
                return
            own.add(cut)
            if own.bytes > BYTES_A_PART:
                if first < 0:
                    self._write(self._waiting)
                    first = self._parts
                self._write(own)
        if not own.documents and (row.part == STRETCH or (first < 0 and _is_as_before(row, own.batches))):
            # Of a stretch that is still none the first reader, which saw what stands around it, knows the reason best.
            self._keep(number, first)
            return
        self.documents += own.documents
        self.refused += own.refused
        for batch in own.batches:
            self._waiting.add(batch)
        if self._waiting.bytes > BYTES_A_PART:
            self._write(self._waiting)

    def _keep(self, number: int, first: int) -> None:
        """Leave a row as it is; parts from ``first`` on were written of it and are written over, or count no more."""
        self.kept.add(number)
        if first >= 0:
            self._parts = first

    def _cut(self, batch: Batch) -> Batch | None:
        """The batch with its values cut by what the whole dump teaches; None where that is needed and cannot be had."""
        if not is_uncut(batch.documents):
            return batch
        if not self._has_looked:
            self._has_looked = True
            self.report(Progress("replay", "learning from the dump", self.documents, 0, 0))
            self._lesson = _lesson_of(self.of)
        if self._lesson is None:
            return None
        return replace(batch, documents=look_again(batch.documents, self._lesson))

    def _write(self, found: _Found) -> None:
        """Write what was found as a part, if anything was, and forget it."""
        if found.batches:
            self.raw.write("records", self._parts, pa.concat_tables(batch.documents for batch in found.batches))
            self.raw.write("quarantined", self._parts, pa.concat_tables(batch.quarantined for batch in found.batches))
            self._parts += 1
            self.bytes_read += found.bytes
        found.batches, found.bytes = [], 0


def _lesson_of(of: Held) -> Lesson | None:
    """What the dump teaches as a whole; None where it does not lie there any more as it was."""
    try:
        place = place_of(of.path)
        return lesson_of(place) if fingerprint(place) == of.sha256 else None
    except (DumpError, PlaceError):
        return None


def _originals(
    path: str, rows: list[tuple[int, Unreadable]], fetch: Callable[[int], Unreadable]
) -> Iterator[tuple[int, Unreadable, ByteStream]]:
    try:
        yield from originals(place_of(path), rows, fetch)
    except PlaceError:  # standard input that is over
        return


def _is_as_before(row: Unreadable, batches: list[Batch]) -> bool:
    """Whether a row is refused as it was, or nothing at all came of it, not even a record of another kind."""
    if any(batch.other_kinds for batch in batches):
        return False
    found = [Unreadable(**each) for batch in batches for each in batch.quarantined.to_pylist()]
    return not found or (len(found) == 1 and replace(found[0], raw=row.raw) == row)
