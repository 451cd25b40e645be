"""What is in the warehouse, for the command that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg2 import sql
from sqlalchemy import URL

from pipelines.warehouse.connection import connect
from pipelines.warehouse.statements import statement
from pipelines.warehouse.tables import CATALOG_TABLES

Row = Sequence[Any]


def totals(url: URL) -> list[Row]:
    """Version of the server and of the warehouse, size, and rows of each table, as (what, value)."""
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT version, schema_version, current_setting('server_version'),"
            " pg_size_pretty(pg_database_size(current_database())) FROM ops.warehouse_version"
        )
        version, schema, server, size = cursor.fetchone() or (0, 0, "", "")
        rows: list[Row] = [
            ("Postgres", server),
            ("warehouse version", version),
            ("schema version", schema),
            ("size", size),
        ]
        for table in CATALOG_TABLES:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(str(table.schema), table.name)))
            rows.append((table.name, f"{(cursor.fetchone() or (0,))[0]:,}"))
        cursor.execute("SELECT count(*) FROM ops.quarantine")
        rows.append(("in quarantine", f"{(cursor.fetchone() or (0,))[0]:,}"))
    return rows


def dumps_in(url: URL) -> tuple[list[str], list[Row]]:
    """Columns and rows: the dumps that are in."""
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute(statement("ops/dumps_in"))
        rows: list[Row] = list(cursor.fetchall())
        return [column.name for column in cursor.description or ()], rows
