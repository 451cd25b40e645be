"""Write a plan into the warehouse: one dump, one transaction, under the load lock.

Readers never see half a dump, and nothing of a load that failed is left. Into an empty warehouse the
rows are copied first and keys, indexes and foreign keys made over them; later dumps are copied into
temporary tables and merged (``sql/merge``), so that their cost follows what they change.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pyarrow as pa
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extras import execute_values

from pipelines.normalize.spellings import VARYING, credited_spellings
from pipelines.parts import Parts
from pipelines.warehouse.belongings import make_way, note_different
from pipelines.warehouse.changes import VANISHING, Dump, holds_records
from pipelines.warehouse.collisions import refuse_collisions
from pipelines.warehouse.connection import Notify, WarehouseError, load_lock
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.first_load import fill, note_first, take_bare
from pipelines.warehouse.history import Counts
from pipelines.warehouse.plan import Plan, current_version, implausible
from pipelines.warehouse.record_changes import note_before, note_changes
from pipelines.warehouse.references import hold_what_is_referred_to, references_looked_up_at_once
from pipelines.warehouse.rows import Rows
from pipelines.warehouse.schema import refuse_another_schema
from pipelines.warehouse.shrinkage import too_much_shrunk
from pipelines.warehouse.staging import staging
from pipelines.warehouse.statements import statement
from pipelines.warehouse.summaries import add_differences, note_summaries_before
from pipelines.warehouse.table_rows import columns_of, identifier, key_of
from pipelines.warehouse.words import note_due

#: Writes what there is to note of a load, of whose delivery and plan, at what moment, and when by
#: :func:`time.monotonic` it began; gives the new version and the counts.
KeepBooks = Callable[[Connection, Delivery, Plan, datetime, float], tuple[int, Counts]]

#: What is decided of records, in the order in which foreign keys allow it.
_DECIDED: Final = ("works", "publications", "work_evidence")
#: When it was decided is no part of what a pair says.
_NOT_SAID: Final = ("decided_at",)

#: A dump ends records; only the removal of one makes any vanish.
NOTHING_VANISHES: Final = VANISHING.empty_table()


@dataclass(frozen=True)
class Loaded:
    """What a load did: counts, and the version it made."""

    counts: Counts
    warehouse_version: int


def load_dump(
    connection: Connection,
    normalized: Parts,
    plan: Plan,
    plan_anew: Callable[[Connection], Plan],
    dump: Dump,
    keep_books: KeepBooks,
    notify: Notify = lambda _: None,
) -> Loaded:
    """Load a planned dump; where the warehouse has moved since, ``plan_anew`` makes the plan that is loaded.

    ``keep_books`` writes the bookkeeping, within the same transaction. Raises what psycopg2 raises, and
    :class:`WarehouseError` where the plan must not be loaded; then nothing has changed.
    """
    with load_lock(connection, notify), connection:
        began = time.monotonic()
        if (found := current_version(connection)) != plan.warehouse:
            is_same = found.warehouse_id == plan.warehouse.warehouse_id
            why = "another load came first" if is_same else "planned for another warehouse"
            notify(f"{why}: deduplicating again")
            plan = plan_anew(connection)
        if wrong := implausible(plan) or too_much_shrunk(plan.shrinkage, dump.may_shrink):
            raise WarehouseError(f"{dump.source}/{dump.name}: {wrong}; nothing was loaded")
        now = datetime.now(UTC)
        delivery = Delivery.of(normalized)
        rows = Rows(delivery, plan, now)
        is_first = not holds_records(connection)
        if is_first and take_bare(connection, notify):
            fill(connection, rows, notify)
        else:
            merge(connection, rows, now, notify, is_first=is_first)
        notify("keeping the books")
        version, counts = keep_books(connection, delivery, plan, now, began)
        notify("committing")
    return Loaded(counts, version)


def merge(
    connection: Connection,
    rows: Rows,
    now: datetime,
    notify: Notify,
    vanishing: pa.Table = NOTHING_VANISHES,
    *,
    is_first: bool = False,
) -> None:
    """Copy into temporary tables, then merge, in the order in which foreign keys allow it.

    ``vanishing`` (VANISHING): records that go without a trace; those of them that are alive are among the ended.
    ``is_first`` says that the warehouse holds no record yet: what all are is told in one number.
    """
    refuse_another_schema(connection)
    held = hold_what_is_referred_to(connection)
    plan = rows.plan
    with staging(connection, rows, vanishing, notify) as staged, connection.cursor() as cursor:
        staged.stage_decisions()
        notify("comparing groups")
        for name in _DECIDED:
            cursor.execute(_of_staged(name, "merge/held"))
        staged.stage_records()
        note_different(connection)
        notify("noting what changes")
        note_before(connection)
        notify("counting what changes")
        note_summaries_before(connection)
        notify("merging authors")
        held_authors = sql.SQL(statement("merge/held_authors").string)
        cursor.execute(held_authors.format(held=_spelling("authors"), brought=_spelling("staged_authors")))
        _refuse_held_under_another_key(connection)
        cursor.execute(statement("merge/authors"))
        with references_looked_up_at_once(connection, held):
            for name in ("works", "publications"):
                notify(f"merging {name}")
                cursor.execute(_of_staged(name, "merge/brought"))
            notify("merging records")
            cursor.execute(statement("merge/former_credits"))
            make_way(connection)
            cursor.execute(statement("merge/ended_before"))
            cursor.execute(_of_staged("records", "merge/records"))
            cursor.execute(statement("merge/evidence_gone"))
            notify("merging belongings")
            cursor.execute(statement("merge/belongings"))
            notify("merging evidence")
            cursor.execute(_of_staged("work_evidence", "merge/brought"))
        moment = {"now": now}
        for name in ("assignments", "ended", "vanished", "redirects", "orphans"):
            notify(f"merging {name}")
            cursor.execute(statement(f"merge/{name}"), moment)
        notify("spelling headings")
        _respell(connection)
        notify("counting for reports")
        add_differences(connection)
        notify("noting changes")
        if is_first:
            note_first(connection, plan)
        else:
            note_due(connection)
            note_changes(connection, plan.warehouse.number + 1, now)
        cursor.execute(statement("merge/removed"))


def _of_staged(table: str, file: str) -> sql.Composed:
    """A statement about the staged rows of a table, with the names of the table filled in."""
    columns, key = columns_of(table), key_of(table)
    said = [name for name in columns if name not in _NOT_SAID]

    def listed(names: list[str], *qualifier: str) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(*qualifier, name) for name in names)

    staged, held = f"staged_{table}", f"held_{table}"
    return sql.SQL(statement(file).string).format(
        table=identifier(table),
        staged=sql.Identifier(staged),
        columns=listed(columns),
        staged_columns=listed(columns, staged),
        table_key=listed(key, table),
        staged_key=listed(key, staged),
        known_key=listed(key, "known"),
        held=sql.Identifier(held),
        held_key=listed(key, held),
        said=listed(said, table),
        staged_said=listed(said, staged),
    )


def _refuse_held_under_another_key(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement("merge/collisions"))
        found = cursor.fetchall()
    for what in ("record", "author"):
        refuse_collisions(what, [number for kind, number in found if kind == what])


def _respell(connection: Connection) -> None:
    """Show headings that were brought in another spelling, or have lost one, in the best of their credits.

    A heading shows what its credits say now, read by today's rules, and nothing of what they said before: so the
    warehouse does not depend on the order of the dumps, and a rule that was mended mends the headings that are known.
    The credits of ended records count, as they stay.
    """
    shown = sql.SQL(statement("merge/spellings_of_respelt").string)
    with connection.cursor() as cursor:
        cursor.execute(statement("merge/respelt_authors"))
        cursor.execute(statement("merge/credits_of_respelt"))
        best = credited_spellings(cursor)
        cursor.execute(shown.format(held=_spelling("authors")))
        held = {author: tuple(spelling) for author, *spelling in cursor}
        mended = [(author, *spelling) for author, spelling in best.items() if spelling != held[author]]
        execute_values(cursor, statement("merge/better_names").string, mended)


def _spelling(table: str) -> sql.Composed:
    """The VARYING columns of a table of authors."""
    return sql.SQL(", ").join(sql.Identifier(table, column) for column in VARYING)
