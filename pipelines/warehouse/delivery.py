"""What a normalised dump delivers: each record once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.ids import Ids, among
from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import one_array
from pipelines.parts import Parts
from pipelines.warehouse.collisions import refuse_collisions


@dataclass(frozen=True)
class Delivery:
    """The records of a dump: of an id that stands in several parts, the last part's counts.

    ``record_ids`` are in the order of the parts: those of part ``n`` stand from ``starts[n]`` to ``starts[n + 1]``;
    ``repeated`` counts the earlier occurrences that were passed over here.
    """

    normalized: Parts
    record_ids: Ids
    starts: Ids
    repeated: int

    @staticmethod
    def of(normalized: Parts) -> Delivery:
        """Read the ids of all parts: 8 bytes a record, the only thing held for the whole dump.

        Raises :class:`~pipelines.warehouse.connection.WarehouseError` where two records have one id.
        """
        ids = [np.empty(0, np.int64)]
        ids += [table.column("record_id").to_numpy() for _, table in normalized.tables("records", ["record_id"])]
        starts = np.cumsum([len(each) for each in ids])
        all_ids = np.concatenate(ids)
        ordered = np.sort(all_ids)
        repeated = int((ordered[1:] == ordered[:-1]).sum())
        if not repeated:
            return Delivery(normalized, all_ids, starts, 0)
        refuse_collisions("record", _of_several_names(normalized, np.unique(ordered[1:][ordered[1:] == ordered[:-1]])))
        # np.unique keeps the first occurrence: turned around, the last.
        _, from_behind = np.unique(all_ids[::-1], return_index=True)
        kept = np.sort(len(all_ids) - 1 - from_behind)
        return Delivery(normalized, all_ids[kept], np.searchsorted(kept, starts), repeated)

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


def _of_several_names(normalized: Parts, repeated: Ids) -> Ids:
    """Those of the ``repeated`` ids (sorted) that stand for several ids of the catalogue."""
    ids, names = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for _, table in normalized.tables("records", ["record_id", "source_record_id"]):
        rows = table.filter(pa.array(among(table.column("record_id"), repeated)))
        ids.append(rows.column("record_id").to_numpy())
        names.append(text_hashes(one_array(rows.column("source_record_id"))))
    all_ids, all_names = np.concatenate(ids), np.concatenate(names)
    order = np.argsort(all_ids, kind="stable")
    all_ids, all_names = all_ids[order], all_names[order]
    is_other = (all_ids[1:] == all_ids[:-1]) & (all_names[1:] != all_names[:-1])
    return np.unique(all_ids[1:][is_other])
