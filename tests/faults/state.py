"""What a warehouse and a home hold, for comparison with an undisturbed run, and what nobody may leave there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg2 import sql
from sqlalchemy import URL

from pipelines.warehouse.connection import connect
from pipelines.warehouse.tables import SCHEMAS

#: Of these only whether there is a value is compared: moments, durations, and what is drawn or depends on the machine.
VARYING_TYPES = frozenset({"timestamp with time zone", "uuid"})
VARYING_NAMES = ("_seconds", "path")

#: Made after loads, by the command alone, of what is in: nothing depends on them.
WORDS = ("publication_words", "words_due", "words_state")

COLUMNS = """
    SELECT format('%%I.%%I', table_schema, table_name), column_name, data_type
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = ANY(%s) AND table_type = 'BASE TABLE' AND table_name <> ALL(%s) ORDER BY 1, ordinal_position
"""

#: What others than this session hold in the database: none of it may be there when nobody is at work.
LEFT = {
    "a session": "SELECT pid::text || ' ' || query FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    "a lock": "SELECT locktype || ' ' || mode FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "a prepared transaction": "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()",
    "a temporary table": "SELECT relname FROM pg_class WHERE relpersistence = 't'",
    "a schema": "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'"
    " AND nspname <> ALL(ARRAY['information_schema', 'public', 'catalog', 'ops', 'reporting'])",
}


def state(url: URL) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the warehouse but for times, in an order of its own."""
    tables: dict[str, dict[str, bool]] = {}
    found: dict[str, list[dict[str, Any]]] = {}
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(COLUMNS, (list(SCHEMAS), list(WORDS)))
        for table, column, kind in cursor.fetchall():
            varies = kind in VARYING_TYPES or column.endswith(VARYING_NAMES)
            tables.setdefault(table, {})[column] = varies
        for table, columns in tables.items():
            cursor.execute(sql.SQL("SELECT to_jsonb(t) FROM {} AS t").format(sql.SQL(table)))
            rows = [
                {name: value is not None if columns[name] else value for name, value in row.items()}
                for (row,) in cursor.fetchall()
            ]
            found[table] = sorted(rows, key=repr)
    return found


def counts(url: URL) -> dict[str, int]:
    """How many rows each table has."""
    return {table: len(rows) for table, rows in state(url).items()}


def left_over(url: URL) -> list[str]:
    """What nobody may leave in the database."""
    found = []
    with connect(url) as connection, connection.cursor() as cursor:
        for what, query in LEFT.items():
            cursor.execute(query)
            found += [f"{what}: {row[0]}" for row in cursor.fetchall()]
    return found


def files(folder: Path) -> list[str]:
    """What lies in a folder, by name."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
