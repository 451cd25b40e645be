"""Quarantined rows of a dump go the whole road again: from their bytes to the load, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import pyarrow as pa
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.memory import bounded_memory
from pipelines.parts import Parts
from pipelines.stages.cuts import Cuts
from pipelines.stages.normalization import normalize
from pipelines.stages.progress import Progress, Report, silent
from pipelines.stages.rereading import Rereading
from pipelines.warehouse.connection import WarehouseError, connect
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.history import Counts
from pipelines.warehouse.load import load_dump
from pipelines.warehouse.plan import Plan, unmoved
from pipelines.warehouse.planning import make_plan
from pipelines.warehouse.replay import (
    Held,
    OvertakenError,
    Place,
    Replay,
    Statement,
    held,
    keep_books,
    latest_statements,
)
from pipelines.works.given_work_keys import GivenKeys

#: How often a dump is tried that other processes ingest meanwhile.
TRIES: Final = 3


@dataclass(frozen=True)
class Replayed:
    """What a replay did: of ``rows`` in quarantine came ``documents``; ``stay`` rows are there now.

    ``counts`` are those of the load, None where nothing has changed.
    """

    rows: int
    documents: int
    stay: int
    counts: Counts | None


@bounded_memory()
def replay(url: URL, parts: Parts, source: str, name: str, report: Report = silent) -> Replayed:
    """Take what lies in quarantine of a dump the whole road again; ``parts`` is where its frames lie meanwhile.

    What can be read now is loaded as a part of the dump it came from, and leaves quarantine; what still cannot be
    read stays, with the reason of now. It adds and changes records and ends none. Raises what psycopg2 raises, and
    :class:`WarehouseError`; then nothing has changed.
    """
    with parts.locked():
        try:
            for _ in range(TRIES - 1):
                try:
                    return _replay(url, parts, source, name, report)
                except OvertakenError:
                    report(Progress("replay", "the dump was ingested meanwhile, reading again", 0, 0, 0))
            return _replay(url, parts, source, name, report)
        finally:
            parts.clear()


def _replay(url: URL, parts: Parts, source: str, name: str, report: Report) -> Replayed:
    parts.clear()
    raw, normalized, planned = (Parts(f"{parts.uri}/{stage}") for stage in ("raw", "normalized", "planned"))
    with connect(url, one_state=True) as connection, connection:
        of = held(connection, source, name)
        if of is None:
            return Replayed(0, 0, 0, None)
        found = Rereading(raw, of, report)
        found.read(connection)
        if len(found.kept) == len(of.ids):
            return Replayed(len(of.ids), 0, len(of.ids), None)
        value_cuts = _cuts_of(raw).by_field()
        repeated = _normalize_latest(connection, of, raw, normalized, report)
    stay = len(found.kept) + found.refused
    rows = normalized.manifest()
    if wrong := {what: count for what, count in rows["violations"].items() if count}:
        raise WarehouseError(f"{source}/{name}: what was read breaks the rules of the frames ({wrong})")
    books = Replay(
        of,
        found.documents,
        repeated + rows["rows"]["repeated"],
        found.kept,
        _refused(raw),
        stay,
        value_cuts,
        GivenKeys.of_json(rows["given_keys"]),
        {"extract": found.seconds, "normalize": rows["seconds"]},
    )
    return Replayed(len(of.ids), found.documents, stay, _load(url, normalized, planned, books, report))


def _cuts_of(raw: Parts) -> Cuts:
    """How values of all that was read were cut."""
    cuts = Cuts()
    for part, table in raw.tables("records", ["author_cut", "field_cuts"]):
        cuts.add(Cuts.of(part, table))
    return cuts


def _refused(raw: Parts) -> Iterator[pa.Table]:
    return (table for _, table in raw.tables("quarantined"))


def _normalize_latest(connection: Connection, of: Held, raw: Parts, normalized: Parts, report: Report) -> int:
    """Normalise what was read, without documents that do not count beside others of the dump; returns how many."""
    normalize(raw, normalized, of.dump.source, report)
    statements: dict[int, list[Statement]] = {}
    for _, table in normalized.tables("records", ["record_id", "lacks_staff_view", "file", "member", "byte_offset"]):
        for number, lacks_staff_view, *place in zip(*(column.to_pylist() for column in table.columns), strict=True):
            statements.setdefault(number, []).append(Statement(Place(*place), lacks_staff_view))
    latest = latest_statements(connection, of, np.array(list(statements), np.int64))
    places: set[Place] = set()
    for number, found in statements.items():
        last = max(found, key=lambda each: each.order)
        if not any(last.gives_way_to(each) for each in latest.get(number, ())):
            places.add(last.place)
    dropped = 0
    # Others about the same record are no part of it either, not even where the last of them gives way.
    for part, table in raw.tables("records"):
        at = zip(*(table.column(name).to_pylist() for name in ("file", "member", "offset")), strict=True)
        stands = table.filter(pa.array([Place(*place) in places for place in at], pa.bool_()))
        if len(stands) < len(table):
            raw.write("records", part, stands)
            dropped += len(table) - len(stands)
    if dropped:
        normalized.clear()
        normalize(raw, normalized, of.dump.source, report)
    return dropped


def _load(url: URL, normalized: Parts, planned: Parts, books: Replay, report: Report) -> Counts:
    dump = books.of.dump

    def plan(connection: Connection) -> Plan:
        began = time.monotonic()
        planned.clear()
        made = make_plan(connection, normalized, planned, dump)
        made.save({})
        books.seconds["deduplicate"] = time.monotonic() - began
        return made

    def keep(connection: Connection, delivery: Delivery, plan: Plan, now: datetime, began: float) -> tuple[int, Counts]:
        return keep_books(connection, delivery, plan, books, now, began)

    def notify(doing: str) -> None:
        report(Progress("load", doing, books.documents, 0, 0))

    with unmoved(url, notify) as connection:
        planned_now = plan(connection)
    with connect(url) as connection:
        return load_dump(connection, normalized, planned_now, plan, dump, keep, notify).counts
