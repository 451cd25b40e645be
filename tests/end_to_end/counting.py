"""What the tables of counts hold, and what counting everything gives."""

from __future__ import annotations

from psycopg2 import sql

from pipelines.warehouse.connection import connect
from pipelines.warehouse.summaries import count_everything
from pipelines.warehouse.tables import SUMS
from tests.end_to_end.road import Road

Counted = dict[str, list[tuple[str]]]


def counted(road: Road) -> Counted:
    """Every row of every table of counts, as text."""
    tables: Counted = {}
    with connect(road.url) as connection, connection.cursor() as cursor:
        for table in SUMS:
            rows = sql.SQL("SELECT t::text FROM {} AS t ORDER BY 1")
            cursor.execute(rows.format(sql.Identifier(str(table.schema), table.name)))
            tables[table.name] = cursor.fetchall()
    return tables


def counted_anew(road: Road) -> Counted:
    """The same once everything has been counted."""
    with connect(road.url) as connection, connection:
        count_everything(connection)
    return counted(road)
