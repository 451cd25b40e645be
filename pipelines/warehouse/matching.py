"""Decide the matched records of a dump and their neighbours, batch by batch, in worker processes.

What matching reads is first divided on disk: each part of the dump, and the neighbourhood as one part more, is
written with its rows sorted into batches that have nothing to do with each other. A worker then gathers one batch
from all parts and decides it. So no worker holds more than a batch, however large the dump; only the
neighbourhood, as the warehouse gave it, is held whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import Ids, among
from pipelines.memory import give_back
from pipelines.parts import Parts
from pipelines.records import MATCH_RECORDS, WORK_EVIDENCE, conform, stable_ids
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.neighbourhood import KEY_IDS, NOTHING, RECORD_KEYS, RECORD_VALUES, Neighbourhood
from pipelines.workers import workers
from pipelines.works.batches import RECORDS_A_BATCH, independent_batches
from pipelines.works.deduplicate import deduplicate
from pipelines.works.match_records import KNOWN_COLUMNS, READ_COLUMNS, match_records, matched_identifiers

#: Frames that deciding writes, a part a batch.
DECIDED_FRAMES: Final = ("assignments", "evidence", "publications", "works", "redirects")

#: Fewer records than this are not worth starting processes for.
FEW_RECORDS: Final = 5_000

#: The frames of a batch, and which column says whose rows they are.
_MATCHED: Final = {
    "records": (MATCH_RECORDS, "record_id"),
    "identifiers": (RECORD_VALUES, "record_id"),
    "keys": (RECORD_KEYS, "record_id"),
    "standing": (WORK_EVIDENCE, "record_id_a"),
}


@dataclass(frozen=True)
class Decided:
    """What the batches wrote: their number, how many pairs got which verdict, the records of the largest work."""

    batches: int
    verdicts: dict[str, int]
    largest_work: int


def decide(
    delivery: Delivery,
    matched: pa.Table,
    shared: tuple[Ids, Ids],
    neighbours: Neighbourhood,
    planned: Parts,
    *,
    incremental: bool,
) -> Decided:
    """Decide the ``matched`` records of the dump together with their neighbours; writes DECIDED_FRAMES of ``planned``.

    ``matched``: rows of CHANGES, sorted by record_id. ``shared``: the rows (record_id, work_key_id) of keys that
    two records hold. With ``incremental``, evidence of the neighbours stands where its key is not touched.
    """
    everyone = pa.concat_tables([each.select(["record_id", "work_id"]) for each in (matched, neighbours.records)])
    record_ids = np.sort(everyone.column("record_id").to_numpy())
    # Former members of one work stay together too: what takes the place of its id is for them to say.
    former = everyone.drop_null()
    batches = independent_batches(
        record_ids,
        np.concatenate([shared[0], former.column("record_id").to_numpy()]),
        np.concatenate([shared[1], former.column("work_id").to_numpy()]),
        RECORDS_A_BATCH,
    )
    count = int(batches.max(initial=-1)) + 1
    if not count:
        return Decided(0, {}, 0)
    divided = Parts(f"{planned.uri}/matched")
    parts = int(delivery.normalized.manifest()["parts"])
    touched = _touched_homes(shared[1], neighbours) if incremental else None
    verdicts: Counter[str] = Counter()
    largest = 0
    with workers(inline=max(len(record_ids), len(delivery.record_ids)) < FEW_RECORDS) as mapped:
        divide = partial(_divide_part, delivery.normalized, divided, count)
        for _ in mapped(divide, _wanted(delivery, matched, record_ids, batches)):
            pass
        # The neighbourhood is one part more.
        _divide(divided, parts, count, _frames_of(neighbours), record_ids, batches)
        if touched is not None:
            divided.write("touched_keys", 0, touched)
        task = partial(_decide_batch, divided, planned, parts + 1, incremental)
        for found, records in mapped(task, range(count)):
            verdicts.update(found)
            largest = max(largest, records)
    divided.clear()
    give_back()
    return Decided(count, dict(verdicts), largest)


def _touched_homes(shared_keys: Ids, neighbours: Neighbourhood) -> pa.Table:
    """KEY_IDS of the touched keys at which a pair can be at home: two records hold it, or evidence names it.

    The others, nearly all, say nothing to any batch.
    """
    named = stable_ids(pc.unique(neighbours.evidence.column("blocking_key")).to_pylist())
    homes = np.unique(np.concatenate([shared_keys, np.array(named, dtype=np.int64)]))
    keys = neighbours.touched_keys.column("work_key_id")
    return pa.table({"work_key_id": keys.filter(pa.array(among(keys, homes)))})


def _wanted(
    delivery: Delivery, matched: pa.Table, record_ids: Ids, batches: Ids
) -> Iterator[tuple[int, pa.Table, Ids]]:
    """Each part with its matched records: what is known of them, by record_id, and their batches."""
    matched_ids = matched.column("record_id").to_numpy()
    for part in range(len(delivery.starts) - 1):
        here = delivery.ids_in(part)
        mine = np.sort(here[among(here, matched_ids)])
        known = matched.select(["record_id", *KNOWN_COLUMNS]).take(pa.array(np.searchsorted(matched_ids, mine)))
        yield part, known.combine_chunks(), batches[np.searchsorted(record_ids, mine)]


def _divide_part(normalized: Parts, divided: Parts, count: int, wanted: tuple[int, pa.Table, Ids]) -> None:
    """Write what matching reads of the wanted records of a part, divided into batches; runs in a worker."""
    part, known, batches = wanted
    ids = known.column("record_id").to_numpy()
    frames = _frames_of_part(normalized, part, known) if len(ids) else _frames_of(NOTHING)
    _divide(divided, part, count, frames, ids, batches)


def _frames_of_part(normalized: Parts, part: int, known: pa.Table) -> dict[str, pa.Table]:
    ids = known.column("record_id").to_numpy()

    def rows(frame: str, columns: Iterable[str]) -> pa.Table:
        table = normalized.read(frame, part, [*columns])
        return table.filter(pa.array(among(table.column("record_id"), ids)))

    records = rows("records", READ_COLUMNS)
    in_order = known.take(pa.array(np.searchsorted(ids, records.column("record_id").to_numpy())))
    identifiers = rows("record_identifiers", [*RECORD_VALUES.names, "is_valid"])
    return {
        "records": match_records(records, in_order),
        "identifiers": matched_identifiers(identifiers),
        "keys": rows("record_work_keys", RECORD_KEYS.names),
        "standing": WORK_EVIDENCE.empty_table(),
    }


def _frames_of(neighbours: Neighbourhood) -> dict[str, pa.Table]:
    return {
        "records": neighbours.records,
        "identifiers": neighbours.identifiers,
        "keys": neighbours.keys,
        "standing": neighbours.evidence,
    }


def _divide(divided: Parts, part: int, count: int, frames: dict[str, pa.Table], ids: Ids, batches: Ids) -> None:
    """Write the frames of one part, each with a batch of rows for each of ``count`` batches.

    ``batches`` are those of the records ``ids`` (sorted); rows of other records are passed over.
    """
    for name, (schema, owner) in _MATCHED.items():
        table = conform(frames[name], schema, name)
        owners = table.column(owner).to_numpy()
        known = np.flatnonzero(among(owners, ids))
        batch_of_row = batches[np.searchsorted(ids, owners[known])]
        order = np.argsort(batch_of_row, kind="stable")
        ordered = table.take(pa.array(known[order])).combine_chunks()
        bounds = np.searchsorted(batch_of_row[order], np.arange(count + 1))
        slices = (ordered.slice(begin, end - begin) for begin, end in pairwise(bounds))
        divided.write_batches(name, part, schema, slices)


def _decide_batch(
    divided: Parts, planned: Parts, parts: int, incremental: bool, batch: int
) -> tuple[dict[str, int], int]:
    """Gather one batch from all parts and decide it; runs in a worker. Returns the verdicts and the largest work."""
    frames = {
        name: pa.concat_tables(divided.read_batch(name, part, batch) for part in range(parts)) for name in _MATCHED
    }
    touched = divided.read("touched_keys", 0).cast(KEY_IDS) if incremental else None
    outcome = deduplicate(
        frames["records"],
        frames["identifiers"],
        frames["keys"],
        standing=frames["standing"] if touched is not None else None,
        touched_keys=touched.column("work_key_id").combine_chunks() if touched is not None else None,
    )
    for frame in DECIDED_FRAMES:
        planned.write(frame, batch, getattr(outcome, frame))
    verdicts = pc.value_counts(outcome.evidence.column("verdict")).to_pylist()
    largest = pc.max(outcome.works.column("record_count")).as_py() or 0
    return {each["values"]: each["counts"] for each in verdicts}, largest
