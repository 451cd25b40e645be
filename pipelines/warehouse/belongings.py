"""What hangs on records (credits, links, identifiers, keys): which rows of it a change changes, and only these.

Most of what hangs on a new version of a record is as it was. Where the hash of its rows in a table is another, those
that differ are told by their keys first; how a record changed is described, what hangs on it replaced, and reports
counted anew from these alone.
"""

from __future__ import annotations

from collections.abc import Container

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import Table

from pipelines.warehouse.changes import DIFFERS
from pipelines.warehouse.statements import statement
from pipelines.warehouse.tables import CATALOG_TABLES


def note_different(connection: Connection) -> None:
    """Note within the open transaction which rows of what hangs on changed records differ from what is staged.

    Makes a temporary table ``different_<table>`` of their keys for each.
    """
    _execute(connection, "merge/different")


def make_way(connection: Connection) -> None:
    """Take away the rows that were noted as different, and do not bring again those that are the same."""
    with connection.cursor() as cursor:
        # Of most tables no known record brings any rows.
        cursor.execute(statement("merge/brought_again"))
        brought_again = {name for (name,) in cursor.fetchall()}
    _execute(connection, "merge/make_way", brought_again)


def _execute(connection: Connection, name: str, only: Container[str] = DIFFERS) -> None:
    """A statement of ``sql/merge`` for each table of what hangs on records."""
    text = sql.SQL(statement(name).string)
    with connection.cursor() as cursor:
        for table in CATALOG_TABLES:
            if table.name in only:
                cursor.execute(text.format(**_names(table)))


def _names(table: Table) -> dict[str, sql.Composable]:
    """The table, what is staged for it and what differs, and the columns of its primary key in each."""
    staged, different = f"staged_{table.name}", f"different_{table.name}"

    def key(*qualifier: str) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(*qualifier, column.name) for column in table.primary_key)

    return {
        "table": sql.Identifier(str(table.schema), table.name),
        "name": sql.Identifier(table.name),
        "staged": sql.Identifier(staged),
        "different": sql.Identifier(different),
        "differ": sql.Identifier(DIFFERS[table.name]),
        "key": key(),
        "table_key": key(table.name),
        "staged_key": key(staged),
        "different_key": key(different),
    }
