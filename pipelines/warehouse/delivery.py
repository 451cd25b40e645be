"""What a normalised dump delivers: each record once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.parts import Parts

Ids = npt.NDArray[np.int64]


def among(ids: pa.ChunkedArray | pa.Array | Ids, sorted_ids: Ids) -> npt.NDArray[np.bool_]:
    """Which of ``ids`` stand in ``sorted_ids``."""
    wanted = ids if isinstance(ids, np.ndarray) else ids.to_numpy()
    if not len(sorted_ids):
        return np.zeros(len(wanted), dtype=bool)
    places = np.minimum(np.searchsorted(sorted_ids, wanted), len(sorted_ids) - 1)
    found: npt.NDArray[np.bool_] = sorted_ids[places] == wanted
    return found


@dataclass(frozen=True)
class Delivery:
    """The records of a dump: of an id that stands in several parts, the last part's counts.

    ``record_ids`` and ``content_hashes`` are in the order of the parts: those of part ``n`` stand from
    ``starts[n]`` to ``starts[n + 1]``; ``repeated`` counts the earlier occurrences that were passed over here.
    """

    normalized: Parts
    record_ids: Ids
    content_hashes: Ids
    starts: Ids
    repeated: int

    @staticmethod
    def of(normalized: Parts) -> Delivery:
        """Read ids and hashes of all parts: 16 bytes a record, the only thing held for the whole dump."""
        ids, hashes = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for _, table in normalized.tables("records", ["record_id", "content_hash"]):
            ids.append(table.column("record_id").to_numpy())
            hashes.append(table.column("content_hash").to_numpy())
        starts = np.cumsum([len(each) for each in ids])
        all_ids, all_hashes = np.concatenate(ids), np.concatenate(hashes)
        ordered = np.sort(all_ids)
        repeated = int((ordered[1:] == ordered[:-1]).sum())
        if not repeated:
            return Delivery(normalized, all_ids, all_hashes, starts, 0)
        # np.unique keeps the first occurrence: turned around, the last.
        _, from_behind = np.unique(all_ids[::-1], return_index=True)
        kept = np.sort(len(all_ids) - 1 - from_behind)
        return Delivery(normalized, all_ids[kept], all_hashes[kept], np.searchsorted(kept, starts), repeated)

    def ids_in(self, part: int) -> Ids:
        """Ids of the records that a part delivers, in its order."""
        return self.record_ids[self.starts[part] : self.starts[part + 1]]

    def rows(self, frame: str, wanted: Ids, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a frame that belong to the ``wanted`` records (sorted ids), part by part."""
        everything = len(wanted) == len(self.record_ids)
        for part, table in self.normalized.tables(frame, columns):
            if everything and not self.repeated:
                yield table
                continue
            here = self.ids_in(part)
            mine = np.sort(here if everything else here[among(here, wanted)])
            rows = table.filter(pa.array(among(table.column("record_id"), mine)))
            if rows.num_rows:
                yield rows
