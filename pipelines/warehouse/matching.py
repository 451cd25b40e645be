"""Decide pairs and make groups, batch by batch, in worker processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import Ids, among
from pipelines.parts import Parts
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.division import Division, Mapper, divide, gather
from pipelines.warehouse.neighbourhood import PAIRS, Neighbours
from pipelines.workers import told
from pipelines.works.batches import batches_of_pairs, independent_batches
from pipelines.works.candidates import Increment
from pipelines.works.grouping import EDGES, group, is_accepted
from pipelines.works.judging import judge
from pipelines.works.settings import MatchingSettings

#: Frames that grouping writes, a part a batch.
GROUPED_FRAMES: Final = ("assignments", "publications", "works", "redirects")

#: Records a batch; a group is never divided, however large it is.
RECORDS_A_BATCH: Final = 30_000

#: Hears what is done, how much of it, and of how much (0 where that is not known); a few times a second at most.
Tell = Callable[[str, int, int], object]

_JUDGED: Final = ("records", "identifiers", "keys")


@dataclass(frozen=True)
class Content:
    """Where what matching reads comes from: the dump's records that are matched (rows of CHANGES), and neighbours."""

    delivery: Delivery
    arriving: pa.Table
    neighbours: Neighbours


@dataclass(frozen=True)
class Decided:
    """What was written: parts of evidence and of groups, how many pairs got which verdict, the largest work."""

    evidence_parts: int
    batches: int
    verdicts: dict[str, int]
    largest_work: int


def unheard(*_: object) -> None:
    """Tell nobody."""


def judge_pairs(
    mapped: Mapper, content: Content, found: Increment, settings: MatchingSettings, planned: Parts, tell: Tell = unheard
) -> int:
    """Decide the pairs of ``found``; writes the frame ``evidence`` of ``planned`` and returns its number of parts."""
    batches = batches_of_pairs(found.sizes, RECORDS_A_BATCH)
    count = int(batches.max(initial=-1)) + 1
    if not count:
        return 0
    tell(f"reading the records of {len(found.a):,} pairs", 0, 0)
    divided = Parts(f"{planned.uri}/candidates")
    division = Division.of(np.concatenate([found.a, found.b]), np.concatenate([batches, batches]), count)
    parts = divide(mapped, content.delivery, content.arriving, content.neighbours, division, _JUDGED, divided)
    pairs = pa.table([found.a, found.b], schema=PAIRS)
    bounds = np.searchsorted(batches, np.arange(count + 1))
    slices = (pairs.slice(start, stop - start) for start, stop in pairwise(bounds))
    divided.write_batches("pairs", 0, PAIRS, slices)
    doing = f"deciding {len(found.a):,} pairs"
    for _ in told(
        mapped(partial(_judge_batch, divided, planned, parts, settings), range(count)),
        lambda done: tell(doing, done, count),
    ):
        pass
    divided.clear()
    return count


def _judge_batch(divided: Parts, planned: Parts, parts: int, settings: MatchingSettings, batch: int) -> None:
    """Decide one batch of pairs; runs in a worker."""
    frames = gather(divided, _JUDGED, parts, batch)
    records = frames["records"].sort_by("record_id").combine_chunks()
    pairs = divided.read_batch("pairs", 0, batch)
    a, b = (pairs.column(name).to_numpy() for name in PAIRS.names)
    planned.write("evidence", batch, judge(records, frames["identifiers"], frames["keys"], a, b, settings.borders))


def read_edges(planned: Parts, parts: int) -> pa.Table:
    """What grouping reads of the evidence that was written."""
    return pa.concat_tables(
        [EDGES.empty_table(), *(planned.read("evidence", part, EDGES.names) for part in range(parts))]
    )


def group_records(
    mapped: Mapper, content: Content, edges: pa.Table, settings: MatchingSettings, planned: Parts, tell: Tell = unheard
) -> tuple[int, int]:
    """Make publications and works of all records of ``content`` by ``edges`` (EDGES); writes GROUPED_FRAMES.

    Returns the number of batches, and of records in the largest work.
    """
    members = [each.select(["record_id", "work_id"]) for each in (content.arriving, content.neighbours.records)]
    everyone = pa.concat_tables(members)
    record_ids = np.sort(everyone.column("record_id").to_numpy())
    # Former members of one work stay together too: what takes the place of its id is for them to say.
    former = everyone.drop_null()
    accepted = edges.filter(is_accepted(edges))
    a, b = (accepted.column(name).to_numpy() for name in PAIRS.names)
    links = np.arange(len(a))
    works = np.unique(former.column("work_id").to_numpy(), return_inverse=True)[1] + len(a)
    batches = independent_batches(
        record_ids,
        np.concatenate([a, b, former.column("record_id").to_numpy()]),
        np.concatenate([links, links, works]),
        RECORDS_A_BATCH,
    )
    count = int(batches.max(initial=-1)) + 1
    if not count:
        return 0, 0
    doing = f"making publications and works of {len(record_ids):,} records"
    tell(doing, 0, count)
    divided = Parts(f"{planned.uri}/grouped")
    division = Division.of(record_ids, batches, count)
    parts = divide(mapped, content.delivery, content.arriving, content.neighbours, division, ("records",), divided)
    _divide_edges(divided, edges, record_ids, batches, count)
    grouped = mapped(partial(_group_batch, divided, planned, parts, settings), range(count))
    largest = max(told(grouped, lambda done: tell(doing, done, count)))
    divided.clear()
    return count, largest


def _divide_edges(divided: Parts, edges: pa.Table, record_ids: Ids, batches: npt.NDArray[np.int64], count: int) -> None:
    """Write each batch the edges between its records; what is between two batches keeps apart what is apart."""
    a, b = (edges.column(name).to_numpy() for name in PAIRS.names)
    known = np.flatnonzero(among(a, record_ids) & among(b, record_ids))
    of_a, of_b = (batches[np.searchsorted(record_ids, ids[known])] for ids in (a, b))
    known, of_a = known[of_a == of_b], of_a[of_a == of_b]
    order = np.argsort(of_a, kind="stable")
    ordered = edges.take(pa.array(known[order])).combine_chunks()
    bounds = np.searchsorted(of_a[order], np.arange(count + 1))
    slices = (ordered.slice(start, stop - start) for start, stop in pairwise(bounds))
    divided.write_batches("edges", 0, EDGES, slices)


def _group_batch(divided: Parts, planned: Parts, parts: int, settings: MatchingSettings, batch: int) -> int:
    """Make the groups of one batch; runs in a worker. Returns the number of records in its largest work."""
    frames = gather(divided, ("records",), parts, batch)
    grouped = group(frames["records"], divided.read_batch("edges", 0, batch), settings.trusted_sources)
    for frame in GROUPED_FRAMES:
        planned.write(frame, batch, getattr(grouped, frame))
    return int(pc.max(grouped.works.column("record_count")).as_py() or 0)


def count_verdicts(edges: pa.Table) -> dict[str, int]:
    """How many pairs got which verdict."""
    return {each["values"]: each["counts"] for each in pc.value_counts(edges.column("verdict")).to_pylist()}
