"""What matching reads, divided on disk into batches, so that no worker holds more than one, however large the dump.

Each part of the dump is written with its rows sorted by batch, a record into each batch that needs it; the neighbours,
as the warehouse gave them, are one part more. A worker then gathers one batch from all parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.ids import Ids, among, distinct
from pipelines.parts import Parts
from pipelines.records import MATCH_RECORDS, conform
from pipelines.runs import rows_in_ranges
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.neighbourhood import RECORD_KEYS, RECORD_VALUES, Neighbours
from pipelines.works.match_records import KNOWN_COLUMNS, READ_COLUMNS, match_records, matched_identifiers

Ints = npt.NDArray[np.int64]
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]

#: The frames of which a batch is made.
SCHEMAS: Final = {"records": MATCH_RECORDS, "identifiers": RECORD_VALUES, "keys": RECORD_KEYS}


@dataclass(frozen=True, slots=True)
class Division:
    """Which records go into which of ``count`` batches: rows by record id, a record as often as it is needed."""

    record_ids: Ids
    batches: Ints
    count: int

    @staticmethod
    def of(record_ids: Ids, batches: Ints, count: int) -> Division:
        """The distinct rows of two columns."""
        ids = distinct(record_ids)
        rows = distinct(np.searchsorted(ids, record_ids) * count + batches)
        return Division(ids[rows // count], rows % count, count)

    def among(self, ids: Ids) -> Division:
        """The rows of some records."""
        kept = among(self.record_ids, np.sort(ids))
        return Division(self.record_ids[kept], self.batches[kept], self.count)

    def slices(self, table: pa.Table) -> Iterator[pa.Table]:
        """The rows of ``table`` (with ``record_id``) that each batch needs, batch by batch."""
        owners = table.column("record_id").to_numpy()
        begin, end = (np.searchsorted(self.record_ids, owners, side=side) for side in ("left", "right"))
        rows, places = rows_in_ranges(begin, end)
        batch_of_row = self.batches[places]
        order = np.argsort(batch_of_row, kind="stable")
        ordered = table.take(pa.array(rows[order])).combine_chunks()
        bounds = np.searchsorted(batch_of_row[order], np.arange(self.count + 1))
        return (ordered.slice(start, stop - start) for start, stop in pairwise(bounds))


def divide(
    mapped: Mapper,
    delivery: Delivery,
    arriving: pa.Table,
    neighbours: Neighbours,
    division: Division,
    frames: tuple[str, ...],
    divided: Parts,
) -> int:
    """Write ``frames`` (of SCHEMAS) of the dump's and the neighbours' records into batches; returns how many parts.

    ``arriving``: rows of CHANGES, sorted by record_id.
    """
    arriving_ids = arriving.column("record_id").to_numpy()
    parts = len(delivery.starts) - 1

    def wanted() -> Iterator[tuple[int, pa.Table, Division]]:
        """Each part with what is known of its records, by record_id, and their batches."""
        for part in range(parts):
            here = delivery.ids_in(part)
            mine = division.among(here[among(here, arriving_ids)])
            ids = distinct(mine.record_ids)
            known = arriving.select(["record_id", *KNOWN_COLUMNS]).take(pa.array(np.searchsorted(arriving_ids, ids)))
            yield part, known.combine_chunks(), mine

    for _ in mapped(partial(_divide_part, delivery.normalized, frames, divided), wanted()):
        pass
    _write(divided, parts, {name: getattr(neighbours, name) for name in frames}, division)
    return parts + 1


def gather(divided: Parts, frames: tuple[str, ...], parts: int, batch: int) -> dict[str, pa.Table]:
    """One batch of each frame, from all parts."""
    return {name: pa.concat_tables(divided.read_batch(name, part, batch) for part in range(parts)) for name in frames}


def _divide_part(
    normalized: Parts, frames: tuple[str, ...], divided: Parts, wanted: tuple[int, pa.Table, Division]
) -> None:
    """Write what matching reads of the wanted records of a part, divided into batches; runs in a worker."""
    part, known, division = wanted
    ids = known.column("record_id").to_numpy()
    tables = {name: SCHEMAS[name].empty_table() for name in frames}
    if len(ids):
        tables = {name: _READ[name](normalized, part, known) for name in frames}
    _write(divided, part, tables, division)


def _write(divided: Parts, part: int, tables: dict[str, pa.Table], division: Division) -> None:
    for name, table in tables.items():
        divided.write_batches(name, part, SCHEMAS[name], division.slices(conform(table, SCHEMAS[name], name)))


def _rows(normalized: Parts, part: int, frame: str, columns: Iterable[str], ids: Ids) -> pa.Table:
    table = normalized.read(frame, part, [*columns])
    return table.filter(pa.array(among(table.column("record_id"), ids)))


def _records(normalized: Parts, part: int, known: pa.Table) -> pa.Table:
    ids = known.column("record_id").to_numpy()
    records = _rows(normalized, part, "records", READ_COLUMNS, ids)
    in_order = known.take(pa.array(np.searchsorted(ids, records.column("record_id").to_numpy())))
    return match_records(records, in_order)


def _identifiers(normalized: Parts, part: int, known: pa.Table) -> pa.Table:
    columns = [*RECORD_VALUES.names, "is_valid"]
    return matched_identifiers(
        _rows(normalized, part, "record_identifiers", columns, known.column("record_id").to_numpy())
    )


def _keys(normalized: Parts, part: int, known: pa.Table) -> pa.Table:
    return _rows(normalized, part, "record_work_keys", RECORD_KEYS.names, known.column("record_id").to_numpy())


#: How each frame is read of a part.
_READ: Final = {"records": _records, "identifiers": _identifiers, "keys": _keys}
