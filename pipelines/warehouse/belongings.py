"""What hangs on records (credits, links, identifiers, keys): which rows of it a change changes, and only these.

Most of what hangs on a new version of a record is as it was. Where the hash of its rows in a table is another, those
that differ are told by their keys first; how a record changed is described, what hangs on it replaced, and reports
counted anew from these alone.
"""

from __future__ import annotations

from typing import Final

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
    different = sql.SQL(statement("merge/different").string)
    with connection.cursor() as cursor:
        for names in _TABLES:
            cursor.execute(different.format(**names))


def make_way(connection: Connection) -> None:
    """Take away the rows that were noted as different, and do not bring again those that are the same."""
    brought_again, way = (sql.SQL(statement(f"merge/{name}").string) for name in ("brought_again", "make_way"))
    with connection.cursor() as cursor:
        for names in _TABLES:
            cursor.execute(brought_again.format(**names))
            # Of most tables no known record brings any rows.
            if cursor.fetchone() == (True,):
                cursor.execute(way.format(**names))


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


#: The same for each table of what hangs on records.
_TABLES: Final = [_names(table) for table in CATALOG_TABLES if table.name in DIFFERS]
