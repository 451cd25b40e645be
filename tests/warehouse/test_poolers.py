"""A pooler that gives each transaction another session is refused before anything is asked of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import sqlalchemy
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from pipelines.warehouse.connection import WarehouseError, connect, libpq_url
from pipelines.warehouse.poolers import shares_sessions
from tests.warehouse.pooler import pooler


@contextmanager
def pooled(server: sqlalchemy.URL, *, by_transaction: bool, room: int = 20) -> Iterator[sqlalchemy.URL]:
    """The server's URL by way of a pooler."""
    host = server.query.get("host", "")
    if not isinstance(host, str) or not host.startswith("/") or server.password:
        pytest.skip("the pooler of the tests talks to a socket that asks for no password")
    with tempfile.TemporaryDirectory() as name:
        socket = Path(host) / f".s.PGSQL.{server.query.get('port', server.port or 5432)}"
        with pooler(Path(name), socket, by_transaction=by_transaction, room=room):
            yield server.set(query={"host": name, "port": "6432"}, port=None)


@pytest.mark.parametrize("room", [1, 20])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_pooler_in_transaction_mode_is_refused_with_the_way_out(
    postgres_server: sqlalchemy.URL, room: int, *, read_only: bool
):
    with pooled(postgres_server, by_transaction=True, room=room) as url:
        way_out = "pooler in transaction mode, .* name the server itself"
        with pytest.raises(WarehouseError, match=way_out), connect(url, read_only=read_only):
            pass
        # What it was asked has changed nothing in the sessions that others are given next.
        with closing(psycopg2.connect(libpq_url(url))) as other, other.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('search_path'), count(*) FROM pg_locks"
                " WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            assert cursor.fetchone() == ('"$user", public', 0)


def test_somebody_who_is_faster_once_does_not_hide_it(postgres_server: sqlalchemy.URL):
    with pooled(postgres_server, by_transaction=True) as url, closing(psycopg2.connect(libpq_url(url))) as faster:

        class Overtaken(Cursor):
            first = True

            def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002
                if not Overtaken.first:
                    return super().execute(query, vars)
                Overtaken.first = False
                with faster, faster.cursor() as cursor:
                    cursor.execute("SELECT 1")
                    return super().execute(query, vars)

        def another() -> Connection:
            return psycopg2.connect(libpq_url(url), cursor_factory=Overtaken)

        with closing(psycopg2.connect(libpq_url(url))) as connection:
            assert shares_sessions(connection, another)
        assert not Overtaken.first


def test_a_pooler_in_session_mode_is_as_good_as_the_server(postgres_server: sqlalchemy.URL):
    with pooled(postgres_server, by_transaction=False) as url, connect(url) as made, made.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (made.info.backend_pid,), "it is a pooler"


def memory_for_staging(made: Connection) -> str:
    with made.cursor() as cursor:
        cursor.execute("SHOW temp_buffers")
        [found] = cursor.fetchone() or ("",)
        return str(found)


def test_what_is_staged_has_memory_but_where_the_url_says_how_much(postgres_server: sqlalchemy.URL):
    with connect(postgres_server) as made:
        assert memory_for_staging(made) == "64MB"
    said = {"options": "-c temp_buffers=9MB"}
    with connect(postgres_server.update_query_dict(said)) as made:
        assert memory_for_staging(made) == "9MB"


def test_a_session_that_has_staged_for_somebody_else_is_taken_as_it_is(postgres_server: sqlalchemy.URL):
    with pooled(postgres_server, by_transaction=False, room=1) as url:
        with closing(psycopg2.connect(libpq_url(url))) as other, other, other.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT 1")
        with connect(url) as made:
            assert memory_for_staging(made) == "8MB"


def test_a_pool_in_session_mode_may_have_room_for_one_alone(
    postgres_server: sqlalchemy.URL, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("pipelines.warehouse.poolers.PATIENCE", 0.3)
    with pooled(postgres_server, by_transaction=False, room=1) as url:
        for _ in range(2):
            with connect(url) as made, made.cursor() as cursor:
                cursor.execute("SELECT 1")
                assert cursor.fetchone() == (1,)


def test_a_server_is_asked_for_no_second_connection(postgres_server: sqlalchemy.URL):
    def refuse() -> Connection:
        raise AssertionError("another connection")

    with closing(psycopg2.connect(libpq_url(postgres_server))) as connection:
        assert not shares_sessions(connection, refuse)
