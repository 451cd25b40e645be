"""The embedded server is killed in a COPY, a merge, a commit: the command starts it again and ends its work."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest
import sqlalchemy

from pipelines.home import Home
from pipelines.parts import Parts
from pipelines.stages import remove
from pipelines.warehouse.connection import connect
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.server import Server, running_server
from tests.faults.conftest import Databases, struck_at
from tests.faults.warehouse import HELD_UP, SOURCE, Struck
from tests.postgres import wait_until

#: A commit waits for a standby, where one is asked for; the usual settings allow none.
SETTINGS = {"fsync": "off", "wal_level": "replica", "max_wal_senders": "1", "max_connections": "20"}
COMMITTING = "SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = current_database()"


@contextmanager
def own_server(home: Path, zygote: Popen[str]) -> Iterator[tuple[Struck, Server]]:
    """The embedded server of a home with an empty warehouse, and dumps and commands for it."""
    with running_server(home, settings=SETTINGS) as server:
        url = parse_url(server.url)
        with connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(
                "DROP SCHEMA IF EXISTS catalog, ops, reporting CASCADE; DROP FUNCTION IF EXISTS public.hold_up"
            )
            connection.commit()
            prepare(connection)
            cursor.execute(HELD_UP)
            connection.commit()
        with struck_at(None, zygote, home) as struck:
            struck.url = url
            yield struck, server


@contextmanager
def never_answered(struck: Struck) -> Iterator[None]:
    """No commit is answered: it waits for a standby that is not there. A server that is started anew knows nothing."""
    with connect(struck.url) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        cursor.execute("SELECT pg_reload_conf()")
        wait_until(
            lambda: cursor.execute("SHOW synchronous_standby_names") or cursor.fetchone() == ("nobody",), "it is"
        )
        yield
        wait_until(lambda: cursor.execute(COMMITTING) or cursor.fetchall(), "the load commits", 120)
        # Not before: the checkpointer, which says whether anybody waits, may not have read the file until then.
        cursor.execute("ALTER SYSTEM RESET synchronous_standby_names")


def test_a_server_that_is_killed_in_a_load_is_started_again_and_the_load_ends(
    databases: Databases, warehouse_home: Path, zygote: Popen[str]
) -> None:
    expected = databases.undisturbed("2020", "2021")[0]
    with own_server(warehouse_home, zygote) as (struck, server):
        # A COPY into the empty warehouse.
        with struck.held_up("catalog.records"):
            run = struck.start("2020")
            struck.wait_until_held_up(run)
            os.kill(server.pid, signal.SIGKILL)
        assert run.wait() == 0, run.told + run.out
        assert "trying again in 1 s" in run.told
        assert "Traceback" not in run.told
        # A merge into what is there.
        with running_server(warehouse_home) as started_again, struck.held_up("catalog.works"):
            run = struck.start("2021")
            struck.wait_until_held_up(run)
            os.kill(started_again.pid, signal.SIGKILL)
        assert run.wait() == 0, run.told + run.out
        assert "trying again in 1 s" in run.told
        assert struck.state() == expected
        struck.assert_nothing_is_left()


def test_a_commit_whose_answer_is_lost_with_the_server_is_found_and_not_made_twice(
    databases: Databases, warehouse_home: Path, zygote: Popen[str]
) -> None:
    expected = databases.undisturbed("2020", "2021")[0]
    with own_server(warehouse_home, zygote) as (struck, server):
        struck.ingest("2020")
        with struck.held_up("ops.loads"):
            run = struck.start("2021")
            struck.wait_until_held_up(run)
            waiting = never_answered(struck)
            waiting.__enter__()
        waiting.__exit__(None, None, None)
        os.kill(server.pid, signal.SIGKILL)
        assert run.wait() == 0, run.told + run.out
        assert "trying again in 1 s" in run.told
        assert struck.state() == expected
        struck.assert_nothing_is_left()


def test_a_removal_whose_commit_is_not_answered_is_found(warehouse_home: Path, zygote: Popen[str]) -> None:
    with own_server(warehouse_home, zygote) as (struck, server):
        struck.ingest("2020")
        expected = struck.state()
        struck.ingest("2021")
        home = Home(struck.home, None)

        def stored(name: str) -> Parts:
            return home.parts("raw", f"{SOURCE}/{name}")

        with ThreadPoolExecutor(1) as threads:
            with never_answered(struck):
                parts = home.parts("remove", f"{SOURCE}/2021")
                removed = threads.submit(remove, struck.url, parts, stored, SOURCE, "2021")
            os.kill(server.pid, signal.SIGKILL)
            with running_server(warehouse_home, settings=SETTINGS):
                version = removed.result(timeout=60).warehouse_version
                assert struck.rows("SELECT version FROM ops.warehouse_version") == [(version,)]
                assert struck.state()["catalog.records"] == expected["catalog.records"]
                struck.assert_nothing_is_left()


def test_a_server_all_of_whose_connections_are_taken_is_waited_for(
    databases: Databases, warehouse_home: Path, zygote: Popen[str]
) -> None:
    expected = databases.undisturbed("2020")[0]
    with own_server(warehouse_home, zygote) as (struck, server):
        engine = sqlalchemy.create_engine(server.url, poolclass=sqlalchemy.NullPool)
        taken: list[sqlalchemy.Connection] = []
        with pytest.raises(sqlalchemy.exc.OperationalError, match="too many clients"):
            taken.extend(engine.connect() for _ in range(int(SETTINGS["max_connections"]) + 1))
        run = struck.start("2020")
        wait_until(
            lambda: "too many clients" in (warehouse_home / "server.log").read_text() or run.has_ended, "it asks"
        )
        for each in taken:
            each.close()
        assert run.wait() == 0, run.told + run.out
        assert struck.state() == expected
