"""What each change of the warehouse did to records: ``ops.record_changes``, written with it, kept for a year."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Final

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.statements import statement

#: Days for which changes are kept, if not DAYS_KEPT.
DAYS_VARIABLE: Final = "WAREHOUSE_CHANGES_KEPT_DAYS"
DAYS_KEPT: Final = 365
_MOST_DAYS: Final = 100_000


def note_before(connection: Connection) -> None:
    """Note what the warehouse holds of the records that the staged tables touch, within the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_described("merge/before"))


def note_changes(connection: Connection, version: int, now: datetime) -> None:
    """Write what has become of them with the ``version`` that is being made, and forget what is old."""
    days = days_kept()
    with connection.cursor() as cursor:
        if days:
            cursor.execute(_described("merge/changes"), {"version": version})
            cursor.execute(statement("merge/change_counts"), {"version": version})
        cursor.execute(statement("merge/forgotten_changes"), {"now": now, "days": days})


def _described(name: str) -> sql.Composed:
    """The statement of a file with what describes a record filled in."""
    return sql.SQL(statement(name).string).format(described=statement("merge/described_record"))


def days_kept() -> int:
    """How many days changes are kept; 0 for never writing any.

    Raises :class:`WarehouseError` where the environment says what is no such number.
    """
    text = os.environ.get(DAYS_VARIABLE, "").strip() or str(DAYS_KEPT)
    if not (text.isascii() and text.isdigit() and int(text) <= _MOST_DAYS):
        raise WarehouseError(f"{DAYS_VARIABLE} is {text!r}: give a number of days from 0 to {_MOST_DAYS:,}")
    return int(text)
