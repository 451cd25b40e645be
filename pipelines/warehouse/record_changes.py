"""What each change of the warehouse did to records: ``ops.record_changes``, written with it, kept for a year."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.statements import statement
from pipelines.warehouse.summaries import counted_otherwise
from pipelines.warehouse.tables.catalog import records

#: Days for which changes are kept, if not DAYS_KEPT.
DAYS_VARIABLE: Final = "WAREHOUSE_CHANGES_KEPT_DAYS"
DAYS_KEPT: Final = 365
_MOST_DAYS: Final = 100_000

#: Columns of records that describe them: all but ids, hashes and what the load itself notes.
DESCRIBING: Final = [
    column.name
    for column in records.columns
    if column.name not in {"record_id", "publication_id", "work_id", "changed_at", "deleted_at"}
    and not column.name.endswith("_hash")
]

#: What hangs on records and is told as columns are, and the tables that hold it.
_BELONGINGS: Final = {
    "links": "links",
    "identifiers": "record_identifiers",
    "credits": "record_authors",
    "work_keys": "record_work_keys",
}


def note_before(connection: Connection) -> None:
    """Note within the open transaction what the staged tables touch and change, before they do."""
    held = {
        name: sql.SQL("{}.{}").format(*map(sql.Identifier, ("catalog", table))) for name, table in _BELONGINGS.items()
    }
    brought = {name: sql.Identifier(f"staged_{table}") for name, table in _BELONGINGS.items()}
    described = sql.SQL(statement("merge/described_belongings").string)
    before = sql.SQL(statement("merge/before").string).format(
        changed_columns=_joined([_changed(column) for column in DESCRIBING]),
        is_counted_otherwise=counted_otherwise(DESCRIBING),
        held=described.format(**held),
        brought=described.format(**brought),
    )
    with connection.cursor() as cursor:
        cursor.execute(before)


def note_changes(connection: Connection, version: int, now: datetime) -> None:
    """Write what has become of them with the ``version`` that is being made, and forget what is old."""
    days = days_kept()
    with connection.cursor() as cursor:
        if days:
            cursor.execute(statement("merge/changes"), {"version": version})
        cursor.execute(statement("merge/forgotten_changes"), {"now": now, "days": days, "version": version})


def _changed(column: str) -> sql.Composed:
    """The expression of ``sql/merge/changed_column.sql`` for one column of records."""
    return sql.SQL(statement("merge/changed_column").string).format(
        name=sql.Literal(column),
        held=sql.Identifier("records", column),
        brought=sql.Identifier("staged_records", column),
    )


def _joined(objects: Sequence[sql.Composed]) -> sql.Composed:
    """Objects of JSON as one, joined in pairs: one after the other, each would copy all those before it."""
    if len(objects) == 1:
        return objects[0]
    half = len(objects) // 2
    return sql.SQL("({} || {})").format(_joined(objects[:half]), _joined(objects[half:]))


def days_kept() -> int:
    """How many days changes are kept; 0 for never writing any.

    Raises :class:`WarehouseError` where the environment says what is no such number.
    """
    text = os.environ.get(DAYS_VARIABLE, "").strip() or str(DAYS_KEPT)
    if not (text.isascii() and text.isdigit() and int(text) <= _MOST_DAYS):
        raise WarehouseError(f"{DAYS_VARIABLE} is {text!r}: give a number of days from 0 to {_MOST_DAYS:,}")
    return int(text)
