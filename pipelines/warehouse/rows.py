"""The rows that a plan puts into each table, as streams of frames: what both kinds of load COPY."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import Ids, among
from pipelines.records import BELONGING_HASHES, HASHED_RECORDS
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.headings import as_credited, distinct_headings
from pipelines.warehouse.plan import Plan
from pipelines.works.survivorship import SURVIVING_FIELDS, singleton_publications, singleton_works

_LINEAGE = ("file", "member", "byte_offset", "byte_length")


@dataclass(frozen=True)
class Rows:
    """The rows of one plan; ``now`` is the moment that all of them carry."""

    delivery: Delivery
    plan: Plan
    now: datetime

    @cached_property
    def replaced(self) -> Ids:
        """Sorted ids of the records that are new or changed."""
        return self.plan.ids_with("new", "changed")

    @cached_property
    def _alone(self) -> Ids:
        """Of those the living that stand in no assignment: each its own publication and work."""
        changes = self.plan.changes
        alive = np.sort(changes.column("record_id").filter(changes.column("is_alive")).to_numpy())
        assigned = self.plan.assignments.column("record_id").to_numpy()
        living = np.intersect1d(self.replaced, alive, assume_unique=True)
        alone: Ids = np.setdiff1d(living, assigned, assume_unique=True)
        return alone

    def publications(self) -> Iterator[pa.Table]:
        """Rows of ``catalog.publications``."""
        yield from self.plan.publications()
        columns = ["record_id", *SURVIVING_FIELDS]
        yield from map(singleton_publications, self.delivery.rows("records", self._alone, columns))

    def works(self) -> Iterator[pa.Table]:
        """Rows of ``catalog.works``."""
        yield from self.plan.works()
        columns = ["record_id", "title", "publication_year", "author_names"]
        yield from map(singleton_works, self.delivery.rows("records", self._alone, columns))

    def records(self) -> Iterator[pa.Table]:
        """Rows of ``catalog.records``, new and changed."""
        assignments = self.plan.assignments.sort_by("record_id")
        assigned = assignments.column("record_id").to_numpy()
        changes = self.plan.changes
        dead = np.sort(changes.column("record_id").filter(pc.invert(changes.column("is_alive"))).to_numpy())
        for table in self.delivery.rows("records", self.replaced):
            ids = table.column("record_id")
            is_dead = among(ids, dead)
            is_assigned = among(ids, assigned)
            places = pa.array(np.searchsorted(assigned, ids.to_numpy()), mask=~is_assigned)
            moment = pa.repeat(pa.scalar(self.now, pa.timestamp("us", "UTC")), len(table))
            columns = {name: table.column(name) for name in HASHED_RECORDS.names if name not in _LINEAGE}
            for name in ("publication_id", "work_id"):
                own = pc.if_else(pa.array(is_dead), pa.scalar(None, pa.int64()), ids)
                columns[name] = pc.coalesce(assignments.column(name).take(places), own)
            columns["changed_at"] = moment
            columns["deleted_at"] = pc.if_else(pa.array(is_dead), moment, pa.scalar(None, moment.type))
            yield pa.table(columns)

    def belongings(self, table: str) -> Iterator[pa.Table]:
        """Rows of a table of what hangs on records, of those that are new or of which any of them may have changed."""
        frame = BELONGING_HASHES[f"{table}_hash"]
        yield from self.delivery.rows(frame, self.plan.ids_that_differ(table))

    def authors(self) -> Iterator[pa.Table]:
        """Rows of ``catalog.authors``: each heading that is credited anew, once, in its best spelling."""
        credited_by = self.plan.ids_that_differ("record_authors")
        headings = distinct_headings(self.delivery.normalized, self._credited(credited_by))
        yield from as_credited(headings, self.delivery, credited_by)

    def _credited(self, credited_by: Ids) -> Ids | None:
        """Sorted ids of the headings that these records credit; None where that is all."""
        if len(credited_by) == len(self.delivery.record_ids) and not self.delivery.repeated:
            return None
        credited = self.delivery.rows("record_authors", credited_by, ["record_id", "author_id"])
        return np.unique(
            np.concatenate([np.empty(0, np.int64), *(table.column("author_id").to_numpy() for table in credited)])
        )

    def evidence(self) -> Iterator[pa.Table]:
        """Rows of ``catalog.work_evidence``."""
        for table in self.plan.evidence():
            moment = pa.repeat(pa.scalar(self.now, pa.timestamp("us", "UTC")), len(table))
            yield table.append_column("decided_at", moment)
