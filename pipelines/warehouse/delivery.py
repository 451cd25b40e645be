"""What a normalised dump delivers: each record once, and what matching reads of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.parts import Parts
from pipelines.records import DESCRIPTIVE_COLUMNS, MATCH_RECORDS, conform

Ids = npt.NDArray[np.int64]

#: Columns of MATCH_RECORDS that a normalised record has under the same name.
_SHARED_COLUMNS: Final = [
    name for name in MATCH_RECORDS.names if name not in {"founded", "filled", "publication_id", "work_id"}
]


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

    ``record_ids`` and ``content_hashes`` are in the order of the parts; ``parts_of`` says in which part
    each stands; ``repeated`` counts the earlier occurrences that were passed over here.
    """

    normalized: Parts
    record_ids: Ids
    content_hashes: Ids
    parts_of: npt.NDArray[np.int32]
    repeated: int

    @staticmethod
    def of(normalized: Parts) -> Delivery:
        """Read ids and hashes of all parts: 20 bytes a record, the only thing held for the whole dump."""
        ids, hashes, parts = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.int32)]
        for part, table in normalized.tables("records", ["record_id", "content_hash"]):
            ids.append(table.column("record_id").to_numpy())
            hashes.append(table.column("content_hash").to_numpy())
            parts.append(np.full(table.num_rows, part, np.int32))
        all_ids, all_hashes, all_parts = np.concatenate(ids), np.concatenate(hashes), np.concatenate(parts)
        # np.unique keeps the first occurrence: turned around, the last.
        _, from_behind = np.unique(all_ids[::-1], return_index=True)
        kept = np.sort(len(all_ids) - 1 - from_behind)
        return Delivery(normalized, all_ids[kept], all_hashes[kept], all_parts[kept], len(all_ids) - len(kept))

    def rows(self, frame: str, wanted: Ids, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a frame that belong to the ``wanted`` records (sorted ids), part by part."""
        everything = len(wanted) == len(self.record_ids)
        for part, table in self.normalized.tables(frame, columns):
            if everything and not self.repeated:
                yield table
                continue
            here = self.record_ids[self.parts_of == part]
            mine = np.sort(here if everything else here[among(here, wanted)])
            rows = table.filter(pa.array(among(table.column("record_id"), mine)))
            if rows.num_rows:
                yield rows

    def match_records(self, wanted: Ids, changes: pa.Table) -> Iterator[pa.Table]:
        """MATCH_RECORDS of the ``wanted`` records, part by part.

        ``changes`` (sorted by record_id) tells of each its ``founded``, ``publication_id`` and ``work_id``.
        """
        changed_ids = changes.column("record_id").to_numpy()
        for table in self.rows("records", wanted, list(_read_columns())):
            known = changes.take(pa.array(np.searchsorted(changed_ids, table.column("record_id").to_numpy())))
            columns = {name: table.column(name) for name in _SHARED_COLUMNS}
            columns |= {name: known.column(name) for name in ("founded", "publication_id", "work_id")}
            columns["filled"] = filled(table)
            yield conform(pa.table(columns), MATCH_RECORDS, "match_records")


def _read_columns() -> Iterator[str]:
    yield from dict.fromkeys((*_SHARED_COLUMNS, *DESCRIPTIVE_COLUMNS))


def filled(records: pa.Table) -> pa.Array:
    """How many descriptive columns of each normalised record have a value."""
    counts = np.zeros(records.num_rows, np.int16)
    for name in DESCRIPTIVE_COLUMNS:
        counts += records.column(name).is_valid().to_numpy()
    return pa.array(counts)
