"""The first load: rows are copied into bare tables, and keys, indexes and foreign keys made over them."""

from __future__ import annotations

from typing import Final

from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.connection import WAIT_FOR_LOCK, Notify
from pipelines.warehouse.constraints import drop_constraints, restore_foreign_keys, restore_keys
from pipelines.warehouse.copy import copy_frames
from pipelines.warehouse.plan import Plan
from pipelines.warehouse.rows import Rows
from pipelines.warehouse.schema import refuse_another_schema
from pipelines.warehouse.statements import statement
from pipelines.warehouse.summaries import count_everything
from pipelines.warehouse.table_rows import columns_of, identifier, streams
from pipelines.warehouse.tables import CATALOG_TABLES
from pipelines.warehouse.words import note_all_due

#: Room for building indexes, for this transaction alone; a server of its own may set more.
INDEX_MEMORY: Final = "512MB"


def take_bare(connection: Connection, notify: Notify) -> bool:
    """Take keys, indexes and foreign keys off the empty tables, which whoever reads them must have let go of.

    Waits some seconds for each table until nobody else uses it, and begins anew as long as somebody does. False where
    somebody's view needs them, or whoever loads may not, as the role that only loads may not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_SETTING('lock_timeout')")
        before = cursor.fetchone()
        cursor.execute("SAVEPOINT bare")
        while True:
            try:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", (f"{WAIT_FOR_LOCK}s",))
                # No lock is asked for before: whoever may not drop them would wait for nothing.
                drop_constraints(connection)
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", before)
            except (errors.DependentObjectsStillExist, errors.InsufficientPrivilege):
                cursor.execute("ROLLBACK TO SAVEPOINT bare")
                return False
            except (errors.LockNotAvailable, errors.DeadlockDetected):
                cursor.execute("ROLLBACK TO SAVEPOINT bare")
                notify(f"waiting for {_readers(connection)} to let go of the tables")
            else:
                return True


def _readers(connection: Connection) -> str:
    """Who uses the catalogue tables: role, process and what the session does, for a person."""
    with connection.cursor() as cursor:
        cursor.execute(statement("merge/readers"), {"tables": [str(table) for table in CATALOG_TABLES]})
        found = [f"{role} (process {pid}, {state})" for role, pid, state in cursor.fetchall()]
    return ", ".join(found) or "another session"


def fill(connection: Connection, rows: Rows, notify: Notify) -> None:
    """Copy everything into the empty, bare tables, then make keys, indexes and foreign keys over it."""
    refuse_another_schema(connection)
    brought = streams(rows)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL maintenance_work_mem = {}").format(sql.Literal(INDEX_MEMORY)))
        names = sql.SQL(", ").join(identifier(table) for table, _ in brought)
        # Emptied in this transaction, the tables may take frozen rows, and without WAL where wal_level is minimal.
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        for table, stream in brought:
            notify(f"copying {table}")
            copy_frames(connection, identifier(table), stream(), columns_of(table), freeze=True)
        notify("building keys and indexes")
        restore_keys(connection)
        notify("checking foreign keys")
        restore_foreign_keys(connection)
        notify("analysing")
        cursor.execute(statement("merge/analyze"))
        notify("counting for reports")
        count_everything(connection)
        note_first(connection, rows.plan)


def note_first(connection: Connection, plan: Plan) -> None:
    """Note that all records have come and that no words are made, without naming each."""
    with connection.cursor() as cursor:
        cursor.execute(statement("merge/first_change_counts"), {"version": plan.warehouse.number + 1})
    note_all_due(connection)
