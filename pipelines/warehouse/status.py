"""What is in the warehouse, for the command that shows it and for the checks after a load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    return _answer(url, "ops/dumps_in")


def is_dump_in(url: URL, source: str | None, name: str) -> bool:
    """Whether a dump is in: of one catalogue, or of any."""
    return any(name == dump and source in {None, owner} for owner, dump, *_ in dumps_in(url)[1])


def dump_files_in(url: URL, source: str | None = None) -> tuple[list[str], list[Row]]:
    """Columns and rows: the dumps that are in, all or of one catalogue; last path, fingerprint and size of each."""
    return _answer(url, "ops/dump_files", source=source)


def work_key_profiles(url: URL) -> tuple[list[str], list[Row]]:
    """Columns and rows: by whose rules each catalogue's work keys are made, and how many records do not follow."""
    return _answer(url, "ops/work_key_profiles")


def _answer(url: URL, name: str, **parameters: str | None) -> tuple[list[str], list[Row]]:
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute(statement(name), parameters or None)
        rows: list[Row] = list(cursor.fetchall())
        return [column.name for column in cursor.description or ()], rows


@dataclass(frozen=True)
class DumpProfile:
    """By whose rules a dump's work keys were made: a row of ``reporting.work_key_profiles``."""

    profile: str
    profile_of_other_dumps: str | None
    records_with_keys: int
    records_following: int
    records_following_other_dumps: int | None
    records_following_none: int
    examples: list[str]


def work_key_profile(url: URL, source: str, dump: str) -> DumpProfile | None:
    """What the report says of a dump that is in; None where none of its records brings keys."""
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute(statement("ops/work_key_profile_of_dump"), {"source": source, "dump": dump})
        row = cursor.fetchone()
    return DumpProfile(*row) if row else None
