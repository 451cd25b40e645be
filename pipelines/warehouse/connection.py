"""Connections to the warehouse: the one place that knows its URL, and keeps its password to itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from pipelines.records import stable_id

#: The oldest Postgres the statements are written for.
OLDEST_SERVER: Final = 140000

#: One load at a time, whoever runs it: the key of the advisory lock.
LOAD_LOCK: Final = stable_id("vufind-warehouse load")


class WarehouseError(RuntimeError):
    """The warehouse cannot be reached or used; the message says what to do."""


def warehouse_url(text: str) -> URL:
    """Parse the URL of a Postgres; ``postgres://`` and ``postgresql://`` mean psycopg2.

    Raises :class:`WarehouseError` for anything else, without showing the text: it may hold a password.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise WarehouseError(
            "the warehouse URL cannot be read; it looks like postgresql://user:password@host:5432/database"
        ) from None
    if url.drivername.split("+")[0] not in {"postgres", "postgresql"}:
        raise WarehouseError(f"the warehouse must be a Postgres, not {url.drivername}")
    return url.set(drivername="postgresql+psycopg2")


def libpq_url(url: URL) -> str:
    """The URL as psql and libpq read it, password included: for handing on, never for showing."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def libpq_environment(url: URL) -> dict[str, str]:
    """The same as libpq's environment variables, for programs whose command line others can read."""
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    values = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
        **{f"PG{name.upper()}": value for name, value in query.items() if name.startswith("ssl")},
    }
    return {name: value for name, value in values.items() if value}


@contextmanager
def connect(url: URL, *, read_only: bool = False) -> Iterator[Connection]:
    """A connection that commits nothing by itself and is closed at the end.

    Raises :class:`WarehouseError` where the server cannot be reached or is too old.
    """
    shown = url.render_as_string(hide_password=True)
    try:
        connection = psycopg2.connect(libpq_url(url), application_name="vufind-warehouse")
    except psycopg2.OperationalError as error:
        secret = str(url.password or "")
        message = str(error).strip().replace(secret, "***") if secret else str(error).strip()
        raise WarehouseError(f"cannot reach the warehouse at {shown}: {message}") from None
    try:
        if connection.server_version < OLDEST_SERVER:
            raise WarehouseError(
                f"the server at {shown} is Postgres {connection.server_version // 10000}; 14 or newer is needed"
            )
        if read_only:
            connection.set_session(readonly=True)
        yield connection
    finally:
        connection.close()


@contextmanager
def load_lock(connection: Connection) -> Iterator[None]:
    """Hold the advisory lock under which the warehouse changes, from outside any transaction.

    It belongs to the session: Postgres lets go of it with the connection, however that ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (LOAD_LOCK,))
    connection.commit()
    try:
        yield
    finally:
        if not connection.closed:
            connection.rollback()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", (LOAD_LOCK,))
            connection.commit()
