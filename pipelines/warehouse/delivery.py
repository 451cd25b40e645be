"""What a normalised dump delivers: each record once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.ids import Ids, among, counting
from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import as_mask, one_array
from pipelines.parts import Parts
from pipelines.warehouse.collisions import refuse_collisions


@dataclass(frozen=True)
class Delivery:
    """The records of a dump: of an id that stands in several parts, the last part's statement counts.

    That of a page without staff view counts only where all are such.

    ``record_ids`` are in the order of the parts: those of part ``n`` stand from ``starts[n]`` to ``starts[n + 1]``;
    ``repeated`` counts the earlier occurrences that were passed over here. ``deleted_ids`` (with ``deleted_starts``)
    are those of the records that the dump says to be deleted.
    """

    normalized: Parts
    record_ids: Ids
    starts: Ids
    repeated: int
    deleted_ids: Ids
    deleted_starts: Ids

    @staticmethod
    def of(normalized: Parts) -> Delivery:
        """Read the ids of all parts: 8 bytes a record, the only thing held for the whole dump.

        Raises :class:`~pipelines.warehouse.connection.WarehouseError` where two records have one id.
        """
        ids, starts = _ids_by_part(normalized, "records")
        deleted, deleted_starts = _ids_by_part(normalized, "deletions")
        ordered = np.sort(np.concatenate([ids, deleted]) if len(deleted) else ids)
        several = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        if not len(several):
            return Delivery(normalized, ids, starts, 0, deleted, deleted_starts)
        refuse_collisions("record", _of_several_names(normalized, several))
        # In a part an id stands once, as a record or as a deletion.
        by_part = np.argsort(np.concatenate([_parts_of(starts), _parts_of(deleted_starts)]), kind="stable")
        gives_way = np.concatenate([_lacking_staff_view(normalized), np.zeros(len(deleted), np.bool_)])
        kept = np.zeros(len(ids) + len(deleted), np.bool_)
        kept[by_part] = counting(np.concatenate([ids, deleted])[by_part], gives_way[by_part])
        kept_records, kept_deleted = np.flatnonzero(kept[: len(ids)]), np.flatnonzero(kept[len(ids) :])
        return Delivery(
            normalized,
            ids[kept_records],
            np.searchsorted(kept_records, starts),
            len(ids) - len(kept_records),
            deleted[kept_deleted],
            np.searchsorted(kept_deleted, deleted_starts),
        )

    def ids_in(self, part: int) -> Ids:
        """Ids of the records that a part delivers, in its order."""
        return self.record_ids[self.starts[part] : self.starts[part + 1]]

    def rows(self, frame: str, wanted: Ids, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a frame that belong to the ``wanted`` records (sorted ids), piece by piece."""
        everything = len(wanted) == len(self.record_ids)
        mine, mine_of = np.empty(0, np.int64), -1
        for part, table in self.normalized.pieces(frame, columns):
            if everything and not self.repeated:
                yield table
                continue
            if part != mine_of:
                here = self.ids_in(part)
                mine, mine_of = np.sort(here if everything else here[among(here, wanted)]), part
            rows = table.filter(pa.array(among(table.column("record_id"), mine)))
            if rows.num_rows:
                yield rows

    def deletions(self) -> Iterator[pa.Table]:
        """DELETIONS that count, part by part."""
        for part, table in self.normalized.tables("deletions"):
            mine = np.sort(self.deleted_ids[self.deleted_starts[part] : self.deleted_starts[part + 1]])
            yield table.filter(pa.array(among(table.column("record_id"), mine)))


def _ids_by_part(normalized: Parts, frame: str) -> tuple[Ids, Ids]:
    """The ids of a frame in the order of its parts, and where each part begins and the last one ends."""
    ids = [np.empty(0, np.int64)]
    ids += [table.column("record_id").to_numpy() for _, table in normalized.tables(frame, ["record_id"])]
    return np.concatenate(ids), np.cumsum([len(each) for each in ids])


def _lacking_staff_view(normalized: Parts) -> npt.NDArray[np.bool_]:
    """Which records are pages without staff view, in the order of the parts."""
    tables = normalized.tables("records", ["lacks_staff_view"])
    return np.concatenate([np.empty(0, np.bool_), *(as_mask(one_array(table.column(0))) for _, table in tables)])


def _parts_of(starts: Ids) -> Ids:
    """The part of each id."""
    parts: Ids = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return parts


def _of_several_names(normalized: Parts, repeated: Ids) -> Ids:
    """Those of the ``repeated`` ids (sorted) that stand for several ids of the catalogue."""
    ids, names = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    columns = ["record_id", "source_record_id"]
    for _, table in chain.from_iterable(normalized.tables(frame, columns) for frame in ("records", "deletions")):
        rows = table.filter(pa.array(among(table.column("record_id"), repeated)))
        ids.append(rows.column("record_id").to_numpy())
        names.append(text_hashes(one_array(rows.column("source_record_id"))))
    all_ids, all_names = np.concatenate(ids), np.concatenate(names)
    order = np.argsort(all_ids, kind="stable")
    all_ids, all_names = all_ids[order], all_names[order]
    is_other = (all_ids[1:] == all_ids[:-1]) & (all_names[1:] != all_names[:-1])
    return np.unique(all_ids[1:][is_other])
