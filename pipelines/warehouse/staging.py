"""What a merge copies into temporary tables. A thread makes the rows, while Postgres compares what came first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.changes import DIFFERS, differing_in_all, has_status
from pipelines.warehouse.connection import Notify
from pipelines.warehouse.copy import Copy, copies_made_ahead
from pipelines.warehouse.rows import Rows
from pipelines.warehouse.statements import statement
from pipelines.warehouse.table_rows import columns_of

Frames = Callable[[], Iterable[pa.Table]]

#: By the names of what they bring.
Copies = dict[str, Copy]


class Staging:
    """The COPYs of one merge, to be called for in the order in which the methods stand here."""

    def __init__(
        self, connection: Connection, decided: Copies, delivered: Copies, copy_next: Callable[[], int], notify: Notify
    ) -> None:
        self._connection = connection
        self._decided = decided
        self._delivered = delivered
        self._copy_next = copy_next
        self._notify = notify

    def stage_decisions(self) -> None:
        """Publications, works and evidence, and what becomes of known records."""
        self._stage(self._decided)

    def stage_records(self) -> None:
        """New and changed records and their headings, and what hangs on them where any of it may differ."""
        self._stage(self._delivered)

    def _stage(self, copies: Copies) -> None:
        for name in copies:
            self._notify(f"staging {name}")
            self._copy_next()
        self._analyze(copies)

    def _analyze(self, copies: Copies) -> None:
        """Tell the planner of temporary tables: it asks for little but their size, and what joins and chooses."""
        analyzed = [
            sql.SQL("{} ({})").format(copy.table, sql.SQL(", ").join(map(sql.Identifier, _asked_for(copy.columns))))
            for copy in copies.values()
        ]
        with self._connection.cursor() as cursor:
            cursor.execute("SET LOCAL default_statistics_target = 10")
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(analyzed)))
            cursor.execute("SET LOCAL default_statistics_target TO DEFAULT")


@contextmanager
def staging(connection: Connection, rows: Rows, vanishing: pa.Table, notify: Notify) -> Iterator[Staging]:
    """Make the temporary tables, and begin to make the rows of all that a plan brings.

    ``vanishing`` (VANISHING): records that go without a trace.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement("merge/stage"))
    decided, delivered = _decided(rows, vanishing), _delivered(rows)
    with copies_made_ahead(connection, [*decided.values(), *delivered.values()]) as copy_next:
        yield Staging(connection, decided, delivered, copy_next, notify)


def _decided(rows: Rows, vanishing: pa.Table) -> Copies:
    streams = {"works": rows.works, "publications": rows.publications, "work_evidence": rows.evidence}
    copies = {name: _staged(name, stream, columns_of(name)) for name, stream in streams.items()}
    fates = _fates(rows, vanishing)
    return copies | {name: _staged(name, partial(iter, [each]), each.column_names) for name, each in fates.items()}


def _delivered(rows: Rows) -> Copies:
    # Records last: they are the most, and what is made after them would wait for room.
    streams: dict[str, Frames] = {"authors": rows.authors}
    streams |= {name: partial(rows.belongings, name) for name in DIFFERS} | {"records": rows.records}
    return {name: _staged(name, stream, columns_of(name)) for name, stream in streams.items()}


def _staged(name: str, frames: Frames, columns: list[str]) -> Copy:
    return Copy(sql.Identifier(f"staged_{name}"), frames, columns)


#: What the names of columns have in them that join a temporary table with others: ``work_id``, ``record_id_a``.
_JOINING: Final = "_id"

#: What tells living records from others. Unasked the planner believes that few live, and sorts to group them.
_CHOOSING: Final = "deleted_at"


def _asked_for(columns: Sequence[str]) -> list[str]:
    return [name for name in columns if _JOINING in name or name == _CHOOSING] or list(columns)


def _fates(rows: Rows, vanishing: pa.Table) -> dict[str, pa.Table]:
    """What becomes of records, publications, works and pairs that the warehouse knows, by what it is called."""
    plan = rows.plan
    revived = plan.changes.filter(pc.and_not(plan.changes.column("is_alive"), plan.changes.column("was_alive")))
    changed = plan.changes.filter(has_status(plan.changes, "changed"))
    # All that hangs on a record that vanishes makes way, for nothing.
    goes = differing_in_all(vanishing)
    return {
        "assignments": plan.assignments,
        "revived": pa.concat_tables([revived.select(["record_id"]), plan.returned]),
        "ended": plan.ended.select(["record_id"]),
        "changed": pa.concat_tables([changed.select(goes.column_names).cast(goes.schema), goes]),
        "vanishing": vanishing,
        "going": plan.going,
        "dropped": plan.dropped,
        "former": plan.former,
        "redirects": plan.redirects,
    }
