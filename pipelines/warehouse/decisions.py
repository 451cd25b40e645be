"""A person decides on pairs of records: written, carried out and taken back, each in one transaction."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.ids import Ids, among, distinct, pairs_among
from pipelines.parts import Parts
from pipelines.records import WORK_EVIDENCE
from pipelines.stable_ids import record_id
from pipelines.warehouse.answers import read_frame
from pipelines.warehouse.changes import CHANGES, ENDED, LASTING_CHANGES, RETURNED
from pipelines.warehouse.connection import Notify, WarehouseError, connect, load_lock
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.load import merge
from pipelines.warehouse.matching import Decided, read_edges
from pipelines.warehouse.neighbourhood import PAIRS, TOUCHED, Neighbourhood
from pipelines.warehouse.overrides import override_evidence, overrides_in_force
from pipelines.warehouse.plan import Plan, current_version, implausible, next_version
from pipelines.warehouse.planning import ChangedPairs, carry_out, former_groups
from pipelines.warehouse.rows import Rows
from pipelines.warehouse.settings import read_settings
from pipelines.warehouse.shrinkage import Shrinkage
from pipelines.warehouse.statements import statement
from pipelines.works.candidates import MAX_BLOCK, Increment, are_candidates
from pipelines.works.settings import MatchingSettings

Verdict = Literal["duplicate", "version", "different"]

_NOBODY: Final = np.empty(0, np.int64)


@dataclass(frozen=True)
class RecordName:
    """A record as people name it: its catalogue, and its id there."""

    source: str
    source_record_id: str

    @staticmethod
    def of(text: str) -> RecordName:
        """Read ``source/id``; the id may hold further slashes. Raises WarehouseError where there is none."""
        source, slash, name = text.partition("/")
        if not (source and slash and name):
            raise WarehouseError(f"{text}: name a record as source/id, as in library/12345")
        return RecordName(source, name)

    def __str__(self) -> str:
        return f"{self.source}/{self.source_record_id}"


@dataclass(frozen=True)
class FoundRecord:
    """A record that the warehouse holds, alive or ended."""

    record_id: int
    is_alive: bool


def _looked_up(connection: Connection, name: RecordName) -> FoundRecord | None:
    with connection.cursor() as cursor:
        cursor.execute(
            statement("overrides/record"), {"source": name.source, "source_record_id": name.source_record_id}
        )
        row = cursor.fetchone()
    return None if row is None else FoundRecord(*row)


def find_record(connection: Connection, name: RecordName) -> FoundRecord:
    """The record of a name. Raises WarehouseError where there is none."""
    found = _looked_up(connection, name)
    if found is None:
        raise WarehouseError(f"{name}: the warehouse holds no such record")
    return found


def find_living(connection: Connection, name: RecordName) -> FoundRecord:
    """The living record of a name. Raises WarehouseError where there is none, or it has ended."""
    found = find_record(connection, name)
    if not found.is_alive:
        raise WarehouseError(f"{name}: the record has ended, and belongs to no work")
    return found


@dataclass(frozen=True)
class Person:
    """Who decides, and why."""

    by: str
    reason: str


def decide_pairs(
    url: URL,
    one: RecordName,
    others: Sequence[RecordName],
    verdict: Verdict,
    person: Person,
    *,
    apart: bool = True,
    notify: Notify = lambda _: None,
) -> int:
    """Decide on ``one`` with each of the ``others``; returns the new version.

    What was decided otherwise on a pair before is taken back; where the same was decided, that stays. ``notify`` is
    told of it, and of another load that is waited for.

    A *version* brings two works together and keeps two publications apart; where it must not do the latter (``apart``
    is false), records of one work are refused. Raises :class:`WarehouseError` for them, where a record is not there
    or has ended, and where the same was decided on all pairs; then nothing has changed.
    """
    with connect(url) as connection, load_lock(connection, notify), connection:
        found = [find_living(connection, name) for name in (one, *others)]
        pairs, now = _pairs(one, others, found), datetime.now(UTC)
        already = _decided_so(connection, one, others, pairs, verdict)
        if len(already) == len(pairs):
            raise WarehouseError(f"{'; '.join(already.values())}; nothing was changed")
        for told in already.values():
            notify(told)
        left = [at for at in range(len(pairs)) if at not in already]
        pairs, others = [pairs[at] for at in left], [others[at] for at in left]
        found = [found[0], *(found[at + 1] for at in left)]
        if verdict == "version" and not apart:
            _refuse_what_is_joined(connection, one, others, found)
        with connection.cursor() as cursor:
            for pair, other in zip(pairs, others, strict=True):
                cursor.execute(
                    statement("overrides/withdraw"), {**pair, "by": person.by, "now": now, "why": person.reason}
                )
                for before, by, reason in cursor.fetchall():
                    notify(f"{one} and {other}: in place of {before}, which {by} had decided ({reason})")
                values = {**pair, "verdict": verdict, "reason": person.reason, "by": person.by, "now": now}
                cursor.execute(statement("overrides/decide"), values)
        neighbourhood = Neighbourhood(connection, TOUCHED.empty_table(), None)
        a, b = _columns(pairs)
        overrides = overrides_in_force(connection)
        of_people = [overrides.column(name).to_numpy() for name in PAIRS.names]
        is_chosen = pairs_among(of_people[0], of_people[1], a, b)
        by_people = override_evidence(overrides.filter(pa.array(is_chosen)), distinct(a, b), _NOBODY)
        change = ChangedPairs(Increment(_NOBODY, _NOBODY, _NOBODY, _NOBODY), by_people, PAIRS.empty_table())
        return carry_out_alone(connection, neighbourhood, change, read_settings(connection), now)


def withdraw_pairs(
    url: URL,
    one: RecordName,
    others: Sequence[RecordName],
    by: str,
    why: str | None = None,
    notify: Notify = lambda _: None,
) -> int:
    """Take back what a person decided on ``one`` with each of the ``others``: the rules decide again.

    They may have ended, or be gone with their dump. ``notify`` is told of another load that is waited for. Returns the
    new version. Raises :class:`WarehouseError` where nobody had decided; then nothing has changed.
    """
    with connect(url) as connection, load_lock(connection, notify), connection:
        # What was decided on a record outlives it, and counts again when it comes again.
        found = [
            _looked_up(connection, name) or FoundRecord(record_id(name.source, name.source_record_id), is_alive=False)
            for name in (one, *others)
        ]
        ended = distinct(np.array([each.record_id for each in found if not each.is_alive], dtype=np.int64))
        pairs, now = _pairs(one, others, found), datetime.now(UTC)
        with connection.cursor() as cursor:
            for pair, other in zip(pairs, others, strict=True):
                cursor.execute(statement("overrides/withdraw"), {**pair, "by": by, "now": now, "why": why})
                if not cursor.rowcount:
                    for name in (one, other):
                        find_record(connection, name)
                    raise WarehouseError(f"{one} and {other}: nobody has decided on these, so nothing was undone")
        neighbourhood = Neighbourhood(connection, TOUCHED.empty_table(), None)
        a, b = _columns(pairs)
        # Of an ended record there is nothing to decide.
        is_candidate = _are_candidates_now(neighbourhood, a, b) & ~among(a, ended) & ~among(b, ended)
        sizes = np.full(int(is_candidate.sum()), 2)
        judged = Increment(a[is_candidate], b[is_candidate], sizes, _NOBODY)
        change = ChangedPairs(judged, WORK_EVIDENCE.empty_table(), pa.table([a, b], schema=PAIRS))
        return carry_out_alone(connection, neighbourhood, change, read_settings(connection), now)


def change_settings(url: URL, settings: MatchingSettings, notify: Notify = lambda _: None) -> int:
    """Put settings in force: every pair that rules have decided is decided again. Returns the new version.

    ``notify`` is told of another load that is waited for.
    """
    with connect(url) as connection, load_lock(connection, notify), connection:
        values = {"borders": str(settings.borders), "trusted_sources": list(settings.trusted_sources)}
        with connection.cursor() as cursor:
            cursor.execute(statement("ops/matching_settings"), values)
        pairs = read_frame(connection, statement("deduplicate/decided_by_rules"), PAIRS)
        a, b = (pairs.column(name).to_numpy() for name in PAIRS.names)
        judged = Increment(a, b, np.full(len(a), 2), _NOBODY)
        neighbourhood = Neighbourhood(connection, TOUCHED.empty_table(), None)
        # What people joined shows other values where others are trusted now.
        overrides = overrides_in_force(connection)
        living = [overrides.filter(overrides[f"is_{side}_alive"])[f"record_id_{side}"].to_numpy() for side in "ab"]
        by_people = override_evidence(overrides, distinct(*living), _NOBODY)
        change = ChangedPairs(judged, by_people, PAIRS.empty_table())
        return carry_out_alone(connection, neighbourhood, change, settings, datetime.now(UTC))


def _decided_so(
    connection: Connection,
    one: RecordName,
    others: Sequence[RecordName],
    pairs: Sequence[dict[str, int]],
    verdict: Verdict,
) -> dict[int, str]:
    """Which of the pairs, by their place, a person has decided so already, and a line that says who, when and why."""
    found = {}
    with connection.cursor() as cursor:
        for at, (pair, other) in enumerate(zip(pairs, others, strict=True)):
            cursor.execute(statement("overrides/decided_so"), {**pair, "verdict": verdict})
            for by, day, reason in cursor.fetchall():
                found[at] = f"{one} and {other}: already decided to be {verdict} by {by} on {day} ({reason})"
    return found


def _refuse_what_is_joined(
    connection: Connection, one: RecordName, others: Sequence[RecordName], found: list[FoundRecord]
) -> None:
    """Refuse to join what is of one work: as two publications of it, the two would be parted where they are one."""
    works = [group_of(connection, each.record_id)["work_id"] for each in found]
    for other, work in zip(others, works[1:], strict=True):
        if work == works[0]:
            raise WarehouseError(
                f"{one} and {other} are of one work already, so nothing was decided; with --publication, join says "
                "that they are one publication, and split that they are two of one work"
            )


def group_of(connection: Connection, record_id: int) -> dict[str, Any]:
    """The publication and the work of a living record (``group_of.sql``)."""
    with connection.cursor() as cursor:
        cursor.execute(statement("works/group_of"), {"record_id": record_id})
        row = cursor.fetchone()
        if row is None:
            raise LookupError(f"record {record_id} is in no publication")
        return dict(zip((column.name for column in cursor.description or ()), row, strict=True))


def _pairs(one: RecordName, others: Sequence[RecordName], found: list[FoundRecord]) -> list[dict[str, int]]:
    first = found[0].record_id
    pairs = []
    for other, second in zip(others, (each.record_id for each in found[1:]), strict=True):
        if first == second:
            raise WarehouseError(f"{one}: a record cannot be decided on with itself")
        pair = {"record_id_a": min(first, second), "record_id_b": max(first, second)}
        if pair in pairs:
            raise WarehouseError(f"{other} is named twice")
        pairs.append(pair)
    return pairs


def _columns(pairs: list[dict[str, int]]) -> tuple[Ids, Ids]:
    a, b = (np.array([pair[name] for pair in pairs], dtype=np.int64) for name in PAIRS.names)
    return a, b


def _judged_unrelated(planned: Parts, decided: Decided, judged: Increment) -> pa.Table:
    """PAIRS that were judged and have nothing to do with each other: what was evidence of them is none any more."""
    related = read_edges(planned, decided.evidence_parts)
    lost = ~pairs_among(judged.a, judged.b, *(related.column(name).to_numpy() for name in PAIRS.names))
    return pa.table([judged.a[lost], judged.b[lost]], schema=PAIRS)


def _are_candidates_now(neighbourhood: Neighbourhood, a: Ids, b: Ids) -> npt.NDArray[np.bool_]:
    """Which pairs of records of the warehouse are candidates."""
    keys = neighbourhood.keys_of(distinct(a, b))
    asked = distinct(keys.key_ids)
    held, _ = neighbourhood.holders(asked, asked)
    return are_candidates(a, b, keys, held, MAX_BLOCK)


def carry_out_alone(
    connection: Connection,
    neighbourhood: Neighbourhood,
    change: ChangedPairs,
    settings: MatchingSettings,
    now: datetime,
) -> int:
    """Make the groups that a change touches anew and write them, without a dump; returns the new version."""
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-decision-") as folder:
        nothing = Parts(f"{folder}/normalized")
        nothing.commit({"parts": 0})
        delivery, planned = Delivery.of(nothing), Parts(f"{folder}/planned")
        outcome = carry_out(delivery, CHANGES.empty_table(), neighbourhood, change, settings, planned)
        plan = Plan(
            changes=LASTING_CHANGES.empty_table(),
            ended=ENDED.empty_table(),
            returned=RETURNED.empty_table(),
            going=pa.table({"record_id": pa.array([], pa.int64())}),
            dropped=pa.concat_tables([change.dropped, _judged_unrelated(planned, outcome.decided, change.judged)]),
            former=former_groups(outcome.regrouped),
            shrinkage=Shrinkage(),
            matching=outcome.decided,
            warehouse=current_version(connection),
            parts=planned,
        )
        if wrong := implausible(plan):
            raise WarehouseError(f"{wrong}; nothing was changed")
        merge(connection, Rows(delivery, plan, now), now, lambda _: None)
    return next_version(connection)
