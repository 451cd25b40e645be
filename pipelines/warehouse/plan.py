"""What a dump changes in the warehouse, worked out and not yet written.

Matching is incremental: only the records that a dump touches and their neighbourhood are decided
anew, and the outcome equals a rebuild from nothing. A plan says against which version of the
warehouse it was made; a load that finds another one makes it again, under its lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.parts import Parts
from pipelines.records import PUBLICATIONS, WORK_ASSIGNMENTS, WORK_EVIDENCE, WORK_REDIRECTS, WORKS, conform
from pipelines.warehouse.changes import ENDED, Dump, classify, has_status, holds_records
from pipelines.warehouse.delivery import Delivery, Ids, among
from pipelines.warehouse.neighbourhood import (
    NOTHING,
    RECORD_KEYS,
    RECORD_VALUES,
    Neighbourhood,
    find_neighbourhood,
    touched_records,
)
from pipelines.works.batches import independent_batches
from pipelines.works.candidates import records_with_shared_keys
from pipelines.works.deduplicate import Deduplicated, deduplicate, joined


@dataclass(frozen=True)
class Plan:
    """What to write. Records that stand in no assignment are publications and works of their own.

    ``changes`` (CHANGES, sorted by record_id) speaks of each record of the dump, ``ended`` (ENDED) of those
    that a full dump ends, ``returned`` (RETURNED) of those that come back. ``decided`` (record_id) holds the
    known records whose evidence among each other is replaced by ``evidence``; ``former`` (level, id) the
    publications and works that may have lost all members.
    """

    changes: pa.Table
    ended: pa.Table
    returned: pa.Table
    assignments: pa.Table
    evidence: pa.Table
    publications: pa.Table
    works: pa.Table
    redirects: pa.Table
    decided: pa.Table
    former: pa.Table
    warehouse_version: int

    def save(self, parts: Parts, manifest: dict[str, Any]) -> None:
        """Write the frames, then the manifest that makes them count."""
        for frame in PLAN_FRAMES:
            parts.write(frame, 0, getattr(self, frame))
        parts.commit({**manifest, "parts": 1, "warehouse_version": self.warehouse_version})

    @staticmethod
    def saved(parts: Parts) -> Plan:
        """Read what :meth:`save` wrote."""
        frames = {frame: parts.read(frame, 0) for frame in PLAN_FRAMES}
        return Plan(**frames, warehouse_version=int(parts.manifest()["warehouse_version"]))

    def ids_with(self, *statuses: str) -> Ids:
        """Sorted ids of the dump's records that have one of these statuses."""
        ids: Ids = self.changes.column("record_id").filter(has_status(self.changes, *statuses)).to_numpy()
        return ids

    def count(self, status: str) -> int:
        """Number of the dump's records with a status."""
        return int(pc.sum(has_status(self.changes, status)).as_py() or 0)


PLAN_FRAMES: Final = tuple(field.name for field in fields(Plan) if field.name != "warehouse_version")


def current_version(connection: Connection) -> int:
    """The version of the warehouse, as the open transaction sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM ops.warehouse_version")
        row = cursor.fetchone()
    if row is None:
        raise LookupError("ops.warehouse_version has lost its row")
    return int(row[0])


def make_plan(connection: Connection, normalized: Parts, dump: Dump) -> Plan:
    """Work out what a normalised dump changes, within the open transaction; writes temporary tables only."""
    delivery = Delivery.of(normalized)
    version = current_version(connection)
    changes, ended, returned = classify(connection, delivery, dump)
    arriving = changes.filter(pc.and_(has_status(changes, "new", "changed"), changes.column("is_alive")))
    arriving_ids: Ids = arriving.column("record_id").to_numpy()

    def own_keys() -> Iterator[pa.Table]:
        # Read anew each time: keys are the one thing of which a record has many.
        return delivery.rows("record_work_keys", arriving_ids, ["record_id", "work_key_id", "kind"])

    touched = touched_records(changes, ended, returned)
    incremental = holds_records(connection)
    neighbours = find_neighbourhood(connection, touched, own_keys(), dump) if incremental else NOTHING
    shared = records_with_shared_keys(chain(own_keys(), [neighbours.keys])).to_numpy()
    # A changed record that has left its group shares no key any more, and its former group must know.
    was_alive = arriving.column("was_alive").to_numpy()
    matched = arriving_ids[np.isin(arriving_ids, shared, assume_unique=True) | was_alive]
    outcome = _deduplicate(
        delivery, changes_of=arriving, matched=matched, neighbours=neighbours, incremental=incremental
    )
    left = changes.filter(pa.array(among(changes.column("record_id"), np.sort(touched.column("record_id").to_numpy()))))
    before = pa.concat_tables([each.select(ENDED.names) for each in (left, ended, neighbours.records)])
    return Plan(
        changes=changes,
        ended=ended,
        returned=returned,
        assignments=conform(outcome.assignments, WORK_ASSIGNMENTS, "assignments"),
        evidence=conform(outcome.evidence, WORK_EVIDENCE, "evidence"),
        publications=conform(outcome.publications, PUBLICATIONS, "publications"),
        works=conform(outcome.works, WORKS, "works"),
        redirects=conform(outcome.redirects, WORK_REDIRECTS, "redirects"),
        decided=pa.table({"record_id": np.unique(before.column("record_id").to_numpy())}),
        former=_former(before),
        warehouse_version=version,
    )


def _deduplicate(
    delivery: Delivery, changes_of: pa.Table, matched: Ids, neighbours: Neighbourhood, *, incremental: bool
) -> Deduplicated:
    """Decide the matched records of the dump and their neighbours, batch by independent batch."""
    records = pa.concat_tables([*delivery.match_records(matched, changes_of), neighbours.records])
    identifiers = pa.concat_tables([*_valid_identifiers(delivery, matched), neighbours.identifiers])
    columns = ["record_id", "work_key_id"]
    held = pa.concat_tables([*delivery.rows("record_work_keys", matched, columns), neighbours.keys.select(columns)])
    # Former members of one work stay together too: what takes the place of its id is for them to say.
    former = records.select(["record_id", "work_id"]).drop_null()
    members = np.concatenate([held.column("record_id").to_numpy(), former.column("record_id").to_numpy()])
    groups = np.concatenate([held.column("work_key_id").to_numpy(), former.column("work_id").to_numpy()])
    touched_keys = neighbours.touched_keys.column("work_key_id").combine_chunks() if incremental else None

    outcomes = []
    for batch in independent_batches(np.sort(records.column("record_id").to_numpy()), members, groups):
        keys = delivery.rows("record_work_keys", matched[among(matched, batch)], RECORD_KEYS.names)
        outcomes.append(
            deduplicate(
                _rows_of(records, batch),
                _rows_of(identifiers, batch),
                pa.concat_tables([*keys, _rows_of(neighbours.keys, batch)]),
                standing=neighbours.evidence if incremental else None,
                touched_keys=touched_keys,
            )
        )
    return joined(outcomes)


def _rows_of(table: pa.Table, record_ids: Ids) -> pa.Table:
    return table.filter(pa.array(among(table.column("record_id"), record_ids)))


def _valid_identifiers(delivery: Delivery, wanted: Ids) -> Iterator[pa.Table]:
    """RECORD_VALUES of the wanted records, part by part."""
    for rows in delivery.rows("record_identifiers", wanted, [*RECORD_VALUES.names, "is_valid"]):
        yield rows.filter(rows.column("is_valid")).select(RECORD_VALUES.names).cast(RECORD_VALUES)


def _former(before: pa.Table) -> pa.Table:
    """Publications and works that records belonged to: level, id; distinct."""
    levels = []
    for level in ("publication", "work"):
        ids = pc.unique(before.column(f"{level}_id").drop_null())
        levels.append(pa.table({"level": pa.repeat(level, len(ids)), "id": ids}))
    return pa.concat_tables(levels)
