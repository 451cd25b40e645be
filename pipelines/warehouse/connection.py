"""Connections to the warehouse: the one place that knows its URL, and keeps its password to itself."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

import psycopg2
from psycopg2 import errors
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import parse_dsn
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from pipelines.stable_ids import stable_id
from pipelines.warehouse.interrupts import register
from pipelines.warehouse.poolers import PATIENCE as PATIENCE_WITH_A_POOL
from pipelines.warehouse.poolers import shares_sessions
from pipelines.warehouse.statements import statement
from pipelines.warehouse.waiting import told_of_waits

#: The oldest Postgres the statements are written for.
OLDEST_SERVER: Final = 140000

#: A server that starts, or has no connection free, is asked again for so many seconds.
PATIENCE: float = 10.0
_SECONDS_BETWEEN_TRIES: Final = 0.2

#: How it says so: libpq tells of an attempt to connect nothing but the text. In other languages nothing is waited for.
_BUSY: Final = re.compile(
    "too many clients|too many connections|connection slots|starting up|not yet accepting|is shutting down"
)

#: Whoever waits for another load is told so as often, in seconds.
WAIT_FOR_LOCK: Final = 2

#: Is told in a line what somebody who waits, or looks after the warehouse, should know.
Notify = Callable[[str], None]

#: One load at a time, whoever runs it: the key of the advisory lock.
LOAD_LOCK: Final = stable_id("vufind-warehouse load")


class WarehouseError(RuntimeError):
    """The warehouse cannot be reached or used; the message says what to do."""


class UnreachableError(WarehouseError):
    """No connection could be made: the one fault here that may be gone at the next try."""


#: Hosts that a URL holds as they are; a socket directory or several hosts can only stand in its query.
_ONE_HOST: Final = re.compile(r"[\w.-]+|[0-9A-Fa-f:.]+")

#: What of the query is secret; libpq's ``password`` itself is moved out of it.
_SECRETS: Final = ("password", "sslpassword", "oauth_client_secret")

#: libpq's keywords whose environment variable is not PG and the keyword (libpq's manual, "Environment Variables").
_VARIABLES: Final = {
    "dbname": "PGDATABASE",
    "application_name": "PGAPPNAME",
    "client_encoding": "PGCLIENTENCODING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
}

#: libpq's keywords that have no environment variable.
_WITHOUT_VARIABLE: Final = re.compile(r"keepalives.*|tcp_user_timeout|sslpassword|replication|oauth_.*|scram_.*")


def warehouse_url(text: str) -> URL:
    """Parse the URL of a Postgres; ``postgres://`` and ``postgresql://`` mean psycopg2.

    User, password, host, port and database that stand in the query, as libpq allows, go to the URL's own fields,
    where libpq's rule holds that the query wins. A host that is a socket directory, or several hosts, stays there.
    Raises :class:`WarehouseError` for anything else, without showing the text: it may hold a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise WarehouseError(
            "the warehouse URL cannot be read; it looks like postgresql://user:password@host:5432/database"
        ) from None
    if url.drivername.split("+")[0] not in {"postgres", "postgresql"}:
        raise WarehouseError(f"the warehouse must be a Postgres, not {url.drivername}")
    url = _in_fields(url.set(drivername="postgresql+psycopg2"))
    try:
        parse_dsn(libpq_url(url))
    except psycopg2.ProgrammingError as error:
        raise WarehouseError(f"the warehouse URL cannot be used: {_without_secrets(url, str(error))}") from None
    return url


def _in_fields(url: URL) -> URL:
    """The URL with what its fields can hold taken out of the query."""
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    fields: dict[str, Any] = {}
    for name, field in (("user", "username"), ("password", "password"), ("dbname", "database")):
        if name in query:
            fields[field] = query.pop(name)
    host = query.pop("host", unquote(url.host) if url.host else "")
    if host and not _ONE_HOST.fullmatch(host):
        query["host"] = host
        host = ""
    port = query.pop("port", str(url.port) if url.port else "")
    if port and (not port.isascii() or not port.isdigit() or "host" in query):
        query["port"] = port
        port = ""
    # URL.set() takes None for "as it was".
    return URL.create(
        url.drivername,
        username=fields.get("username", url.username),
        password=fields.get("password", url.password),
        host=host or None,
        port=int(port) if port else None,
        database=fields.get("database", url.database),
        query=query,
    )


def has_secret(url: URL) -> bool:
    """Whether the URL holds what nobody else may see."""
    return bool(url.password) or any(name in url.query for name in _SECRETS)


def shown(url: URL) -> str:
    """The URL for people and logs: nothing secret in it."""
    masked = {name: "***" for name in _SECRETS if name in url.query}
    return _as_libpq_writes(url.update_query_dict(masked), hide_password=True)


def libpq_url(url: URL) -> str:
    """The URL as psql and libpq read it, password included: for handing on, never for showing."""
    return _as_libpq_writes(url, hide_password=False)


def _as_libpq_writes(url: URL, *, hide_password: bool) -> str:
    """The URL without the driver, which is ours to choose; SQLAlchemy's ``+`` for a space libpq takes for itself."""
    address = url.set(drivername="postgresql", query={}).render_as_string(hide_password=hide_password)
    return f"{address}?{urlencode(url.query, doseq=True, quote_via=quote)}" if url.query else address


def libpq_environment(url: URL) -> dict[str, str]:
    """The same as libpq's environment variables, for programs whose command line others can read.

    A few settings have no variable: those that keep a connection alive, and the password of a client's key, which
    psql asks for itself.
    """
    return {
        _VARIABLES.get(name, f"PG{name.upper().replace('_', '')}"): value
        for name, value in parse_dsn(libpq_url(url)).items()
        if value and not _WITHOUT_VARIABLE.fullmatch(name)
    }


#: Variables as libpq calls all of its own (PostgreSQL's documentation, 32.15 "Environment Variables").
_OF_LIBPQ: Final = re.compile("PG[A-Z]+|PGCONNECT_TIMEOUT")


def forget_libpq_variables() -> None:
    """Take what the environment says to libpq (PGHOSTADDR, PGSERVICE, PGOPTIONS …) away from this process.

    And from what it starts from now on. For whoever uses the embedded server, whose URL says all that is to be said:
    libpq adds to a URL whatever it does not name, and would be led to somebody else's server.
    """
    for name in [name for name in os.environ if _OF_LIBPQ.fullmatch(name)]:
        del os.environ[name]


def _without_secrets(url: URL, message: str) -> str:
    """A message of libpq, which may quote what it was given, in one piece and without what is secret."""
    secrets = [str(url.password or ""), *(str(url.query.get(name, "")) for name in _SECRETS)]
    for secret in sorted((each for each in secrets if each), key=len, reverse=True):
        for written in (secret, quote(secret, safe=""), quote(secret)):
            message = message.replace(written, "***")
    return message.strip()


def _connected(url: URL, **settings: Any) -> Connection:
    """A new connection; a server that is only busy for the moment is asked again for some seconds.

    ``settings`` are further ones of libpq, which win over those of the URL.
    """
    began, is_busy = time.monotonic(), False
    while True:
        try:
            # Rows are sent as bytes in UTF-8: the server must not take them for anything that the environment says.
            settings |= {"application_name": "vufind-warehouse", "client_encoding": "UTF8"}
            made: Connection = psycopg2.connect(libpq_url(url), **settings)
        except psycopg2.OperationalError as error:
            # One that starts anew is away between its end and its beginning.
            is_busy = is_busy or _BUSY.search(str(error)) is not None
            if not is_busy or time.monotonic() - began > PATIENCE:
                message = _without_secrets(url, str(error))
                way_out = "; raise max_connections, or try again later" if _BUSY.search(message) else ""
                raise UnreachableError(f"cannot reach the warehouse at {shown(url)}: {message}{way_out}") from None
        else:
            return made
        time.sleep(_SECONDS_BETWEEN_TRIES)


def _another(url: URL) -> Connection | None:
    """A second connection; None where a pool lets it wait for room."""
    began = time.monotonic()
    try:
        return _connected(url, connect_timeout=PATIENCE_WITH_A_POOL)
    except UnreachableError as error:
        if time.monotonic() - began < PATIENCE_WITH_A_POOL or _BUSY.search(str(error)):
            raise
        return None


@contextmanager
def connect(url: URL, *, read_only: bool = False, one_state: bool = False) -> Iterator[Connection]:
    """A connection that commits nothing by itself and is closed at the end; signals cancel what it waits for.

    One that may write is under no timeout but those of the URL, and the server notices when this process is gone.
    With ``one_state`` all queries of a transaction see the database as its first one did (REPEATABLE READ). Names
    without a schema mean Postgres's own, and temporary tables: what others have put into ``public`` is not called.

    Raises :class:`UnreachableError` where no connection can be made, :class:`WarehouseError` where the server is
    too old, the database does not hold every script, or a pooler gives each transaction another session.
    """
    connection = _connected(url)
    register(connection)
    try:
        if connection.server_version < OLDEST_SERVER:
            raise WarehouseError(
                f"the server at {shown(url)} is Postgres {connection.server_version // 10000}; 14 or newer is needed"
            )
        if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
            raise WarehouseError(
                f"the database at {shown(url)} is in the encoding {encoding}, which does not hold every script; "
                "make another: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0"
            )
        if shares_sessions(connection, lambda: _another(url)):
            raise WarehouseError(
                f"{shown(url)} is a connection pooler in transaction mode, with which a load would lose its lock and "
                "its settings; name the server itself in the URL, or a pool in session mode (PgBouncer's "
                "pool_mode = session)"
            )
        if read_only:
            connection.set_session(readonly=True)
        with connection, connection.cursor() as cursor:
            cursor.execute(statement("ops/dialect"))
        if not read_only:
            _prepare_to_write(connection)
        if one_state:
            connection.set_session(isolation_level="REPEATABLE READ")
        yield connection
    finally:
        connection.close()


def _prepare_to_write(connection: Connection) -> None:
    # What others commit before a lock is had is seen under it, whatever the server has as its default.
    connection.set_session(isolation_level="READ COMMITTED")
    with connection, connection.cursor() as cursor:
        cursor.execute(statement("ops/session"))
    # The server's system may not be able to tell: a lost process is then noticed when the statement ends. A pool may
    # give a session that has had temporary tables: it keeps the memory that it has for them.
    for name in ("ops/notice_lost_client", "ops/staging_memory"):
        with suppress(errors.InvalidParameterValue), connection, connection.cursor() as cursor:
            cursor.execute(statement(name))


@contextmanager
def load_lock(connection: Connection, notify: Notify = lambda _: None) -> Iterator[None]:
    """Hold the advisory lock under which the warehouse changes, from outside any transaction.

    It belongs to the session: Postgres lets go of it with the connection, which a failure closes. ``notify`` is
    told every few seconds that another holds it, and under it, maybe from another thread, whom it waits for else.
    """
    while not _have_lock(connection):
        notify("waiting for another load to end")
    try:
        with told_of_waits(connection, notify):
            yield
    except BaseException:
        # It may be lost, or interrupted: to unlock could fail as well, and would hide why.
        connection.close()
        raise
    connection.rollback()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", (LOAD_LOCK,))
    connection.commit()


def _have_lock(connection: Connection) -> bool:
    """Wait for the lock for some seconds; whether it was had."""
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", (f"{WAIT_FOR_LOCK}s",))
            cursor.execute("SELECT pg_advisory_lock(%s)", (LOAD_LOCK,))
    except errors.LockNotAvailable:
        return False
    return True
