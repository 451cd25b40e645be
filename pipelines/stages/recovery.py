"""What other dumps say of the records of a dump that is taken out, read from them again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, NoReturn

import numpy as np
import pyarrow as pa

from pipelines.ids import Ids, among, counting
from pipelines.normalize.columns import as_mask, one_array
from pipelines.normalize.documents import lacks_staff_view, raw_record_ids
from pipelines.parts import Parts
from pipelines.readers.addresses import PlaceError
from pipelines.readers.places import place_of
from pipelines.readers.reading import DumpError
from pipelines.readers.registry import dump_bytes
from pipelines.stages.extraction import VERSIONS, extract
from pipelines.stages.progress import Report
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.removal import REFOUNDED, KnownDump, Share

#: Gives the raw frames that ingests keep of a dump of the catalogue, by the dump's name.
Stored = Callable[[str], Parts]


@dataclass(frozen=True)
class Standing:
    """Which records stand in raw frames: of statements about one id one counts, as in a load, and it is a document.

    ``record_ids`` are sorted, ``rows`` their places among all rows, ``starts`` where the rows of each part begin.
    """

    record_ids: Ids
    rows: Ids
    starts: Ids

    @staticmethod
    def in_frames(raw: Parts, source: str) -> Standing:
        """Read the ids of all parts: 8 bytes a record are held."""
        ids, flags = [np.empty(0, np.int64)], [np.empty((2, 0), np.bool_)]
        for _, table in raw.tables("records", ["id", "is_deletion", "staff_view"]):
            ids.append(raw_record_ids(table, source).to_numpy())
            deletions = one_array(table["is_deletion"]).fill_null(False)
            flags.append(np.array([as_mask(deletions), as_mask(lacks_staff_view(table))]))
        starts = np.cumsum([len(each) for each in ids])
        everything = np.concatenate(ids)
        is_deletion, is_lacking = np.concatenate(flags, axis=1)
        held = np.flatnonzero(counting(everything, is_lacking) & ~is_deletion)
        held = held[np.argsort(everything[held])]
        return Standing(everything[held], held, starts)

    def rows_of(self, wanted: Ids) -> Iterator[tuple[int, Ids]]:
        """Each part that holds any of the ``wanted`` records (sorted), with their rows in it, in order."""
        rows = np.sort(self.rows[among(self.record_ids, wanted)])
        for part in range(len(self.starts) - 1):
            begin, end = np.searchsorted(rows, self.starts[part : part + 2])
            if begin < end:
                yield part, rows[begin:end] - self.starts[part]


@dataclass
class Recovery:
    """Looks in other dumps for the records of a :class:`~pipelines.warehouse.removal.Share`.

    Of those of which the dump is the latest, the newest version that an older one has goes to ``raw``, each part of the
    dump in ``dump_of_part``. Of those of which it is the first, only which dump is the next is asked. ``scratch`` is
    where dumps are read; ``read`` are the names of those that were.
    """

    share: Share
    raw: Parts
    scratch: Parts
    stored: Stored
    report: Report
    dump_of_part: list[int] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    _refounded: list[tuple[Ids, int]] = field(default_factory=list)
    _bytes: int = 0

    def recover(self) -> None:
        """Read what is needed. Raises :class:`WarehouseError` where it is not to be had, and says what is missing."""
        self._newest_of_older()
        self._next_of_later()
        self.raw.commit({"parts": len(self.dump_of_part), "sha256": "", "versions": VERSIONS, "bytes": self._bytes})

    def refounded(self) -> pa.Table:
        """REFOUNDED: which dump is the first now that holds a record."""
        tables = [pa.table([ids, pa.repeat(number, len(ids))], schema=REFOUNDED) for ids, number in self._refounded]
        return pa.concat_tables([REFOUNDED.empty_table(), *tables])

    def _newest_of_older(self) -> None:
        share = self.share
        is_pending = (share.last == share.place) & (share.first < share.place)
        pending, first = share.record_ids[is_pending], share.first[is_pending]
        for place in range(share.place - 1, -1, -1):
            if not len(pending):
                return
            dump, wanted = share.dumps[place], pending[first <= place]
            if len(wanted) and dump.records_held:
                is_left = ~among(pending, self._take(dump, wanted))
                pending, first = pending[is_left], first[is_left]
            if lost := int((first == place).sum()):
                self._refuse(
                    dump, lost, "holds them no more since it came again, corrected, and what it said before is nowhere"
                )

    def _take(self, dump: KnownDump, wanted: Ids) -> Ids:
        """Write those of the ``wanted`` records (sorted) that an older dump holds; returns their ids, sorted."""
        with self._frames(dump, len(wanted)) as (frames, standing):
            for part, rows in standing.rows_of(wanted):
                table = frames.read("records", part).take(pa.array(rows))
                self.raw.write("records", len(self.dump_of_part), table)
                self.dump_of_part.append(dump.dump_id)
                self._bytes += table.nbytes
            return wanted[among(wanted, standing.record_ids)]

    def _next_of_later(self) -> None:
        share = self.share
        is_pending = (share.first == share.place) & (share.last > share.place)
        pending, last = share.record_ids[is_pending], share.last[is_pending]
        for place in range(share.place + 1, len(share.dumps)):
            if not len(pending):
                return
            dump = share.dumps[place]
            is_here = last == place
            if not is_here.all() and dump.records_held:
                with self._frames(dump, len(pending)) as (_, standing):
                    is_here |= among(pending, standing.record_ids)
            self._refounded.append((pending[is_here], dump.dump_id))
            pending, last = pending[~is_here], last[~is_here]

    @contextmanager
    def _frames(self, dump: KnownDump, waiting: int) -> Iterator[tuple[Parts, Standing]]:
        """The raw frames of a dump as it was loaded, and what stands in them."""
        if dump.rules_version != VERSIONS:
            passed = (dump, self.share.dump)
            others = sum(each.rules_version != VERSIONS for each in self.share.dumps if each not in passed)
            more = f" (as were {others:,} more of the dumps of {self.share.source}, if needed too)" if others else ""
            why = f"was read by another version of the program{more}: ingest it again first"
            self._refuse(dump, waiting, why)
        with self._stored_or_read(dump, waiting) as frames:
            standing = Standing.in_frames(frames, self.share.source)
            if len(standing.record_ids) != dump.records_held:
                self._refuse(dump, waiting, "is read otherwise now than when it was loaded: ingest it again first")
            yield frames, standing

    @contextmanager
    def _stored_or_read(self, dump: KnownDump, waiting: int) -> Iterator[Parts]:
        stored = self.stored(dump.name)
        with stored.locked():
            found = stored.manifest_if_whole()
            if found and (found["sha256"], found["versions"]) == (dump.sha256, VERSIONS):
                yield stored
                return
        self.scratch.clear()
        self._read_again(dump, waiting)
        yield self.scratch
        self.scratch.clear()

    def _read_again(self, dump: KnownDump, waiting: int) -> None:
        try:
            place = place_of(dump.path)
            size = dump_bytes(place)
            if size is not None and size != dump.bytes:
                self._refuse(dump, waiting, _CHANGED)
            if extract(place, "delta", self.scratch, self.report)["sha256"] != dump.sha256:
                self._refuse(dump, waiting, _CHANGED)
        except (DumpError, PlaceError) as error:
            self._refuse(dump, waiting, f"cannot be read again ({error}): put it back where it was")
        self.read.append(dump.name)

    def _refuse(self, dump: KnownDump, waiting: int, why: str) -> NoReturn:
        share = self.share
        raise WarehouseError(
            f"{share.partition} cannot be taken out, and nothing was changed: other dumps hold {waiting:,} of its "
            f"records too, and the warehouse keeps only the newest version of a record. {share.source}/{dump.name} is "
            f"needed, which was read from {dump.path}; it {why}. Or ingest a corrected file in place of "
            f"{share.partition}: vufind-warehouse ingest PATH --source {share.source} --name {share.dump.name}"
        )


_CHANGED: Final = "has changed since: ingest it again first, or put it back as it was"
