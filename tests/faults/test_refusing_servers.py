"""A server that ends connections, cancels statements, or lets others in first: tried again where that can help.

Where it cannot, the command says what happened and what to do, exits with 1, and the next one ends as if nothing had
been.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg2
import pytest
from sqlalchemy import URL

from pipelines.warehouse import connection as connections
from pipelines.warehouse.connection import UnreachableError, connect, libpq_url
from tests.faults.conftest import Databases
from tests.faults.warehouse import Struck

OTHERS = "FROM pg_stat_activity WHERE application_name = 'vufind-warehouse' AND wait_event_type = 'Lock'"


def cut(struck: Struck) -> None:
    """End the connection of whoever waits."""
    struck.rows(f"SELECT pg_terminate_backend(pid) {OTHERS} AND datname = current_database()")


def cancel(struck: Struck) -> None:
    """Cancel the statement of whoever waits, as an administrator or a timeout does."""
    struck.rows(f"SELECT pg_cancel_backend(pid) {OTHERS} AND datname = current_database()")


@pytest.mark.parametrize(
    ("fault", "said", "code"),
    [
        # Whether the server's last word arrives is a matter of time.
        (cut, "the server was stopped, or ended the connection|the connection to the warehouse was lost", 0),
        (cancel, "a statement was cancelled, by a statement_timeout or by a person", 1),
    ],
    ids=["connection cut", "statement cancelled"],
)
def test_a_load_that_is_struck_at_a_row_says_so_and_ends_as_an_undisturbed_one(
    databases: Databases, fault: Callable[[Struck], None], said: str, code: int
):
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        with struck.held_up("catalog.records"):
            run = struck.start()
            struck.wait_until_held_up(run)
            fault(struck)
            struck.wait_until_nobody_waits()
        assert run.wait() == code, run.told
        assert re.search(said, run.out + run.told)
        assert ("trying again in 1 s" in run.told) is (code == 0)
        assert "Traceback" not in run.told
        if code:
            assert "nothing was loaded" in run.out
            struck.take_road()
        assert (struck.state(), struck.files()) == expected
        struck.assert_nothing_is_left()


def test_a_load_that_waits_for_another_writer_who_waits_for_it_is_tried_again(databases: Databases):
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        with closing(psycopg2.connect(libpq_url(struck.url))) as writer, writer.cursor() as cursor:
            cursor.execute("SET deadlock_timeout = '60s'")  # so that it is the load that gives way
            cursor.execute("LOCK TABLE ops.dumps IN EXCLUSIVE MODE")
            run = struck.start()
            struck.wait_until_held_up(run)
            cursor.execute("LOCK TABLE catalog.records IN EXCLUSIVE MODE")
            writer.commit()
        assert run.wait() == 0, run.told + run.out
        assert "another writer and this one waited for each other" in run.told
        assert (struck.state(), struck.files()) == expected
        struck.assert_nothing_is_left()


TIMEOUTS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout")


def test_timeouts_that_a_server_sets_for_everybody_do_not_hold_for_a_load(databases: Databases):
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        [(name,)] = struck.rows("SELECT current_database()")
        with struck.held_up("catalog.records"):
            for timeout in TIMEOUTS:
                struck.rows(f"ALTER DATABASE {name} SET {timeout} = '1s'")
            run = struck.start_road()
            struck.wait_until_held_up(run)
            time.sleep(1.5)
            assert not run.has_ended, run.told
            struck.rows(f"ALTER DATABASE {name} RESET ALL")
        assert run.wait() == 0, run.told
        assert (struck.state(), struck.files()) == expected


def test_a_timeout_that_the_url_sets_holds(databases: Databases):
    with databases.copy("2020") as struck, struck.held_up("catalog.records"):
        before = struck.state()
        struck.commands.environment["WAREHOUSE_URL"] += "&options=-c%20statement_timeout%3D1s"
        run = struck.start_road()
        assert run.wait() == 1
        assert "canceling statement due to statement timeout" in run.told
        assert struck.state() == before


@pytest.fixture
def narrow(struck: Struck) -> Iterator[URL]:
    """The warehouse's URL for a user who may have one connection."""
    name = f"narrow_{time.monotonic_ns()}"
    struck.rows(f"CREATE ROLE {name} LOGIN CONNECTION LIMIT 1")
    yield struck.url.set(username=name)
    struck.rows(f"DROP OWNED BY {name}; DROP ROLE {name}")


def test_a_server_without_a_free_connection_is_asked_again(narrow: URL):
    held = psycopg2.connect(libpq_url(narrow))
    threading.Timer(1, held.close).start()
    with connect(narrow, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_server_that_never_has_a_free_connection_is_told_of(narrow: URL, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "PATIENCE", 0.3)
    with (
        closing(psycopg2.connect(libpq_url(narrow))),
        pytest.raises(UnreachableError, match=r"too many connections.*raise max_connections, or try again later"),
        connect(narrow, read_only=True),
    ):
        pass
