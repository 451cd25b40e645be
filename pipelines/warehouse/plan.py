"""What a dump changes in the warehouse, worked out and not yet written.

Matching is incremental: only the records that a dump touches and their neighbourhood are decided
anew, and the outcome equals a rebuild from nothing. A plan says against which version of which
warehouse it was made; a load that finds another makes it again, under its lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.ids import Ids
from pipelines.parts import Parts
from pipelines.records import WORK_ASSIGNMENTS, WORK_REDIRECTS
from pipelines.warehouse.changes import DIFFERS, has_status
from pipelines.warehouse.connection import Notify, connect
from pipelines.warehouse.matching import Decided
from pipelines.warehouse.shrinkage import Shrinkage
from pipelines.warehouse.tables import CATALOG_TABLES
from pipelines.warehouse.waiting import told_of_waits

#: Frames of one part, small enough to be held: some 15 bytes a record.
HELD_FRAMES: Final = ("changes", "ended", "returned", "going", "dropped", "former")

#: Records in one work. Real works stay far below; a key that joins a whole catalogue does not.
LARGEST_WORK: Final = 5_000


@dataclass(frozen=True)
class Version:
    """Which warehouse, and after how many loads."""

    warehouse_id: str
    number: int


@dataclass(frozen=True)
class Plan:
    """What to write. Records that stand in no assignment are publications and works of their own.

    ``changes`` (LASTING_CHANGES, sorted by record_id) speaks of each record of the dump, ``ended`` (ENDED) of those
    that a full dump ends, ``returned`` (RETURNED) of those that come back. ``going`` (record_id) holds the known
    records whose evidence is replaced by the new, ``dropped`` (PAIRS) what is evidence no more besides; ``former``
    (level, id) the publications and works that may have lost all members; ``shrinkage`` tells how much of its source a
    full dump would end. What was decided lies in ``parts``, batch
    by batch (``matching`` tells how much it is); of it, ``assignments`` and ``redirects`` are held.
    """

    changes: pa.Table
    ended: pa.Table
    returned: pa.Table
    going: pa.Table
    dropped: pa.Table
    former: pa.Table
    shrinkage: Shrinkage
    matching: Decided
    warehouse: Version
    parts: Parts

    def save(self, manifest: dict[str, Any]) -> None:
        """Write the frames that are held, then the manifest that makes all of them count."""
        for frame in HELD_FRAMES:
            self.parts.write(frame, 0, getattr(self, frame))
        made_for = {name: asdict(getattr(self, name)) for name in ("warehouse", "matching", "shrinkage")}
        self.parts.commit({**manifest, **made_for, "parts": 1})

    @staticmethod
    def saved(parts: Parts) -> Plan:
        """Read what :meth:`save` wrote."""
        manifest = parts.manifest()
        held = {frame: parts.read(frame, 0) for frame in HELD_FRAMES}
        return Plan(
            **held,
            shrinkage=Shrinkage(**manifest["shrinkage"]),
            matching=Decided(**manifest["matching"]),
            warehouse=Version(**manifest["warehouse"]),
            parts=parts,
        )

    @cached_property
    def assignments(self) -> pa.Table:
        """WORK_ASSIGNMENTS of the records that were matched."""
        return pa.concat_tables([WORK_ASSIGNMENTS.empty_table(), *self._decided("assignments")])

    @cached_property
    def redirects(self) -> pa.Table:
        """WORK_REDIRECTS of ids that no publication or work has any more."""
        return pa.concat_tables([WORK_REDIRECTS.empty_table(), *self._decided("redirects")])

    def evidence(self) -> Iterator[pa.Table]:
        """WORK_EVIDENCE, batch by batch."""
        return (self.parts.read("evidence", part) for part in range(self.matching.evidence_parts))

    def publications(self) -> Iterator[pa.Table]:
        """PUBLICATIONS of the records that were matched, batch by batch."""
        return self._decided("publications")

    def works(self) -> Iterator[pa.Table]:
        """WORKS of the records that were matched, batch by batch."""
        return self._decided("works")

    def _decided(self, frame: str) -> Iterator[pa.Table]:
        return (self.parts.read(frame, batch) for batch in range(self.matching.batches))

    def ids_with(self, *statuses: str) -> Ids:
        """Sorted ids of the dump's records that have one of these statuses."""
        ids: Ids = self.changes.column("record_id").filter(has_status(self.changes, *statuses)).to_numpy()
        return ids

    def ids_that_differ(self, table: str) -> Ids:
        """Sorted ids of the records that are new, or changed and perhaps in their rows of a table of belongings."""
        is_staged = pc.and_(has_status(self.changes, "new", "changed"), self.changes.column(DIFFERS[table]))
        ids: Ids = self.changes.column("record_id").filter(is_staged).to_numpy()
        return ids

    def count(self, status: str) -> int:
        """Number of the dump's records with a status."""
        return int(pc.sum(has_status(self.changes, status)).as_py() or 0)


def implausible(plan: Plan) -> str | None:
    """What is wrong with a plan that must not be loaded: a work has swallowed a catalogue. None where nothing is."""
    largest = plan.matching.largest_work
    if largest <= LARGEST_WORK:
        return None
    return f"one work has {largest:,} records, more than the {LARGEST_WORK:,} that are plausible"


def current_version(connection: Connection) -> Version:
    """The version of the warehouse, as the open transaction sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT warehouse_id::text, version FROM ops.warehouse_version")
        row = cursor.fetchone()
    if row is None:
        raise LookupError("ops.warehouse_version has lost its row")
    return Version(*row)


def next_version(connection: Connection) -> int:
    """Count one change more of the warehouse, within the open transaction; returns the new number."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ops.warehouse_version SET version = version + 1 RETURNING version")
        row = cursor.fetchone()
    if row is None:
        raise LookupError("ops.warehouse_version has lost its row")
    return int(row[0])


@contextmanager
def unmoved(url: URL, notify: Notify) -> Iterator[Connection]:
    """A connection in a transaction that sees the warehouse in one state, whatever others load meanwhile.

    A first load waits for its end: it empties the tables and fills them with frozen rows, which even such a transaction
    would see. ``notify`` is told every few seconds, maybe from another thread, for whom the transaction itself waits.
    """
    tables = sql.SQL(", ").join(sql.Identifier(str(table.schema), table.name) for table in CATALOG_TABLES)
    with connect(url, one_state=True) as connection, told_of_waits(connection, notify), connection:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(tables))
        yield connection
