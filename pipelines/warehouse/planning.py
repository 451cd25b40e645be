"""From a normalised dump to its plan: what it changes, which pairs that decides anew, which groups that makes anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.ids import Ids, among, distinct, pairs_among
from pipelines.memory import give_back
from pipelines.parts import Parts
from pipelines.warehouse.changes import (
    DIFFERS,
    ENDED,
    LASTING_CHANGES,
    Brought,
    Dump,
    classify,
    has_status,
    holds_records,
)
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.matching import (
    Content,
    Decided,
    Tell,
    count_verdicts,
    group_records,
    judge_pairs,
    read_edges,
    unheard,
)
from pipelines.warehouse.neighbourhood import PAIRS, Neighbourhood, Neighbours, touched_records
from pipelines.warehouse.overrides import override_evidence, overrides_in_force
from pipelines.warehouse.plan import Plan, current_version
from pipelines.warehouse.settings import read_settings
from pipelines.workers import workers
from pipelines.works.candidates import MAX_BLOCK, Increment, KeyRows, are_candidates, increment
from pipelines.works.grouping import is_accepted
from pipelines.works.settings import MatchingSettings

#: Fewer records than this are not worth starting processes for.
FEW_RECORDS: Final = 40_000


def make_plan(connection: Connection, normalized: Parts, planned: Parts, dump: Dump, tell: Tell = unheard) -> Plan:
    """Work out what a normalised dump changes, within the open transaction; writes temporary tables only.

    What is decided is written to ``planned``, which is empty; it counts once the plan is saved.
    """
    delivery = Delivery.of(normalized)
    tell("comparing with the warehouse", 0, 0)
    brought = classify(connection, delivery, dump)
    touched = touched_records(brought.changes, brought.ended, brought.returned)
    return plan_changes(connection, delivery, brought, touched, planned, dump, tell)


def plan_changes(
    connection: Connection,
    delivery: Delivery,
    brought: Brought,
    touched: pa.Table,
    planned: Parts,
    dump: Dump | None,
    tell: Tell = unheard,
) -> Plan:
    """Work out which pairs and groups change with what is ``brought`` and the ``touched`` records (TOUCHED).

    ``dump`` is the one that brings it; None where the books say already in which dumps each record is.
    """
    version = current_version(connection)
    changes, ended, returned = brought.changes, brought.ended, brought.returned
    arriving = changes.filter(pc.and_(has_status(changes, "new", "changed"), changes.column("is_alive")))
    neighbourhood = Neighbourhood(connection, touched, dump) if holds_records(connection) else None
    tell("looking for candidates", 0, 0)
    change = _changed_pairs(connection, delivery, arriving, neighbourhood)
    outcome = carry_out(delivery, arriving, neighbourhood, change, read_settings(connection), planned, tell)
    left = changes.filter(pa.array(among(changes.column("record_id"), np.sort(touched.column("record_id").to_numpy()))))
    before = pa.concat_tables([each.select(ENDED.names) for each in (left, ended, outcome.regrouped)])
    return Plan(
        changes=changes.select(LASTING_CHANGES.names),
        ended=ended,
        returned=returned,
        going=touched.filter(touched.column("goes")).select(["record_id"]),
        dropped=change.dropped,
        former=former_groups(before),
        shrinkage=brought.shrinkage,
        matching=outcome.decided,
        warehouse=version,
        parts=planned,
    )


@dataclass(frozen=True)
class ChangedPairs:
    """Pairs of which evidence changes: to be judged, decided by people (WORK_EVIDENCE), and no evidence any more.

    ``held``: who of the warehouse holds the work keys of the dump.
    """

    judged: Increment
    by_people: pa.Table
    dropped: pa.Table
    held: KeyRows = field(default_factory=KeyRows.none)


def _changed_pairs(
    connection: Connection, delivery: Delivery, arriving: pa.Table, neighbourhood: Neighbourhood | None
) -> ChangedPairs:
    """What the ``arriving`` records of a dump, and those that go and come back with it, change in evidence."""
    arriving_ids: Ids = arriving.column("record_id").to_numpy()

    def work_keys() -> Iterator[KeyRows]:
        for table in delivery.rows("record_work_keys", arriving_ids, ["record_id", "work_key_id", "kind"]):
            yield KeyRows.of(table.filter(pc.equal(table.column("kind"), "AT")))

    def matching_keys() -> Iterator[KeyRows]:
        return map(KeyRows.of, delivery.rows("record_matching_keys", arriving_ids))

    held, back = KeyRows.none(), KeyRows.none()
    brought, going, coming = _NOBODY, _NOBODY, _NOBODY
    if neighbourhood:
        # What keeps its keys brings all of them.
        of_works, of_matching = neighbourhood.touched_keys(_keeping_keys(arriving))
        brought = _distinct_keys(work_keys())
        held, back = neighbourhood.holders(
            distinct(of_works, brought), distinct(of_matching, _distinct_keys(matching_keys()))
        )
        going, coming = neighbourhood.going, neighbourhood.coming

    def fresh() -> Iterator[KeyRows]:
        # Read anew each time: keys are the one thing of which a record has many.
        yield from work_keys()
        yield from matching_keys()
        yield back

    found = increment(fresh, held, going, MAX_BLOCK)
    overrides = overrides_in_force(connection)
    kept = ~pairs_among(found.a, found.b, *(overrides.column(name).to_numpy() for name in PAIRS.names))
    judged = replace(found, a=found.a[kept], b=found.b[kept], sizes=found.sizes[kept])
    fresh_ids = distinct(arriving_ids, coming)
    dropped = PAIRS.empty_table()
    if neighbourhood and len(found.narrowed):
        dropped = _dropped(neighbourhood, fresh, fresh_ids, found.narrowed)
    holders = KeyRows.joined([held, back])
    of_work_keys = holders.where(among(holders.key_ids, brought))
    return ChangedPairs(judged, override_evidence(overrides, fresh_ids, going), dropped, of_work_keys)


_NOBODY: Final = np.empty(0, np.int64)


def _keeping_keys(arriving: pa.Table) -> Ids:
    """Ids of the records that bring the very keys which the warehouse holds of them."""
    differing = pc.or_(*(arriving.column(DIFFERS[name]) for name in ("record_work_keys", "record_matching_keys")))
    ids: Ids = arriving.column("record_id").filter(pc.invert(differing)).to_numpy()
    return ids


def _distinct_keys(rows: Iterator[KeyRows]) -> Ids:
    return distinct(*(distinct(each.key_ids) for each in rows))


def _dropped(
    neighbourhood: Neighbourhood, fresh: Callable[[], Iterator[KeyRows]], fresh_ids: Ids, narrowed: Ids
) -> pa.Table:
    """PAIRS with evidence that were candidates by a key which makes fewer pairs now, and are by no other."""
    pairs, keys = neighbourhood.decided_under(narrowed)
    a, b = (pairs.column(name).to_numpy() for name in PAIRS.names)
    gone = distinct(fresh_ids, neighbourhood.going)
    untouched = ~among(a, gone) & ~among(b, gone)
    pairs, a, b = pairs.filter(pa.array(untouched)), a[untouched], b[untouched]
    asked = distinct(keys.key_ids)
    held, _ = neighbourhood.holders(asked, asked)
    staying = held.where(~among(held.record_ids, neighbourhood.going))
    coming = (rows.where(among(rows.key_ids, asked)) for rows in fresh())
    return pairs.filter(pa.array(~are_candidates(a, b, keys, KeyRows.joined([staying, *coming]), MAX_BLOCK)))


@dataclass(frozen=True)
class Outcome:
    """What was decided and written, and MATCH_RECORDS of the warehouse's records whose groups were made anew."""

    decided: Decided
    regrouped: pa.Table


def carry_out(
    delivery: Delivery,
    arriving: pa.Table,
    neighbourhood: Neighbourhood | None,
    change: ChangedPairs,
    settings: MatchingSettings,
    planned: Parts,
    tell: Tell = unheard,
) -> Outcome:
    """Judge pairs and make the groups that they touch; writes ``evidence`` and GROUPED_FRAMES of ``planned``.

    ``arriving``: rows of CHANGES that are new or changed, and alive, sorted by record_id.
    """
    arriving_ids: Ids = arriving.column("record_id").to_numpy()
    judged_ids = distinct(change.judged.a, change.judged.b)
    partners = Neighbours.none()
    if neighbourhood:
        tell("reading neighbours", 0, 0)
        outside = np.setdiff1d(judged_ids, arriving_ids, assume_unique=True)
        a, b = change.judged.a, change.judged.b
        old = ~among(a, arriving_ids) & ~among(b, arriving_ids)
        partners = neighbourhood.partners(outside, distinct(a[old], b[old]), change.held)
    with workers(inline=max(len(judged_ids), len(delivery.record_ids)) < FEW_RECORDS) as mapped:
        content = Content(delivery, arriving.filter(pa.array(among(arriving_ids, judged_ids))), partners)
        parts = judge_pairs(mapped, content, change.judged, settings, planned, tell)
        if len(change.by_people):
            planned.write("evidence", parts, change.by_people)
            parts += 1
        edges = read_edges(planned, parts)
        verdicts = count_verdicts(edges)
        accepted = edges.filter(is_accepted(edges))
        joined = distinct(*(accepted.column(name).to_numpy() for name in PAIRS.names))
        regrouped = Neighbours.none()
        if neighbourhood:
            tell("looking for the groups that change", 0, 0)
            regrouped, edges = _regrouped(neighbourhood, arriving_ids, edges, joined, change)
        is_grouped = among(arriving_ids, joined) | arriving.column("was_alive").to_numpy()
        content = Content(delivery, arriving.filter(pa.array(is_grouped)), regrouped)
        batches, largest = group_records(mapped, content, edges, settings, planned, tell)
    give_back()
    return Outcome(Decided(parts, batches, verdicts, largest), regrouped.records)


def _regrouped(
    neighbourhood: Neighbourhood, arriving_ids: Ids, edges: pa.Table, joined: Ids, change: ChangedPairs
) -> tuple[Neighbours, pa.Table]:
    """The records of the warehouse whose groups may change, and all edges among them: the new, and those that stand."""
    a, b = (edges.column(name).to_numpy() for name in PAIRS.names)
    # Between two that were there before, a verdict of different counts as well: it may part a chain.
    old = ~among(a, arriving_ids) & ~among(b, arriving_ids)
    dropped = [change.dropped.column(name).to_numpy() for name in PAIRS.names]
    asked = np.concatenate([joined, a[old], b[old], *dropped])
    records, standing = neighbourhood.linked(np.setdiff1d(asked, arriving_ids))
    of_a, of_b = (standing.column(name).to_numpy() for name in PAIRS.names)
    replaced = among(of_a, neighbourhood.going) | among(of_b, neighbourhood.going) | pairs_among(of_a, of_b, a, b)
    replaced |= pairs_among(of_a, of_b, *dropped) | pairs_among(of_a, of_b, change.judged.a, change.judged.b)
    stands = standing.filter(pa.array(~replaced)).select(edges.column_names)
    return replace(Neighbours.none(), records=records), pa.concat_tables([edges, stands])


def former_groups(before: pa.Table) -> pa.Table:
    """Publications and works that records (with publication_id and work_id) belonged to: level, id; distinct."""
    levels = []
    for level in ("publication", "work"):
        ids = pc.unique(before.column(f"{level}_id").drop_null())
        levels.append(pa.table({"level": pa.repeat(level, len(ids)), "id": ids}))
    return pa.concat_tables(levels)
