"""Who waits for a lock of somebody else's is told whose it is, and hindered by nothing of that."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse import waiting
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import connect, libpq_url, load_lock
from tests.end_to_end.road import Road
from tests.postgres import wait_until

RIVERS = {"id": "1", "title": "A study of slow rivers", "author": ["Núñez, Ana"]}


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LOOK_EVERY", 0.05)


@pytest.fixture
def somebody(road: Road) -> Iterator[Connection]:
    connection = psycopg2.connect(libpq_url(road.url), application_name="a notebook")
    yield connection
    connection.close()


def lock(connection: Connection, road: Road) -> int:
    """Lock the records in a transaction that stays open; returns the session's number."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE catalog.records")
    return connection.info.backend_pid


def count_records(road: Road, told: list[str]) -> threading.Thread:
    """Lock the records under the load's lock, in a thread, and wait for whoever holds them."""

    def run() -> None:
        with connect(road.url) as connection, load_lock(connection, told.append), connection:
            lock(connection, road)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_the_session_that_holds_a_lock_is_named_and_then_that_it_goes_on(road: Road, somebody: Connection):
    told: list[str] = []
    pid = lock(somebody, road)
    waits = count_records(road, told)
    wait_until(lambda: bool(told), "who waits is told so")
    assert told[0].startswith(f"waiting for a lock: session {pid} holds it (user ")
    assert ", a notebook, idle in transaction, in its transaction for 0 s)" in told[0]
    somebody.rollback()
    waits.join(10)
    assert not waits.is_alive()


def test_who_waits_for_nobody_is_told_nothing(road: Road):
    told: list[str] = []
    with connect(road.url) as connection, load_lock(connection, told.append), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")
        connection.rollback()
    assert told == []


def test_that_the_lock_was_had_is_told_while_the_work_goes_on(road: Road, somebody: Connection):
    told: list[str] = []
    lock(somebody, road)

    def run() -> None:
        with connect(road.url) as connection, load_lock(connection, told.append), connection:
            lock(connection, road)
            wait_until(lambda: "the lock is there, going on" in told, "the wait is told to be over")

    waits = threading.Thread(target=run)
    waits.start()
    wait_until(lambda: bool(told), "who waits is told so")
    somebody.rollback()
    waits.join(20)
    assert not waits.is_alive()
    assert told[-1] == "the lock is there, going on"


def test_a_server_without_a_free_connection_tells_nothing_and_hinders_nothing(
    road: Road, monkeypatch: pytest.MonkeyPatch
):
    def refused(_: Connection) -> Connection:
        raise psycopg2.OperationalError("FATAL:  sorry, too many clients already")

    asked: list[Connection] = []
    monkeypatch.setattr(waiting, "_another", lambda connection: asked.append(connection) or refused(connection))
    told: list[str] = []
    with connect(road.url) as connection, load_lock(connection, told.append), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.3)")
        connection.rollback()
    assert len(asked) == 1
    assert told == []


def test_another_load_is_waited_for_in_the_loads_own_words(road: Road):
    told: list[str] = []
    with connect(road.url) as first, load_lock(first):
        waits = count_records(road, told)
        wait_until(lambda: bool(told), "who waits for the load is told so")
    waits.join(10)
    assert not waits.is_alive()
    assert set(told) == {"waiting for another load to end"}


def test_a_load_says_for_whom_it_waits(road: Road, somebody: Connection):
    told: list[str] = []
    road.ingest("city", "2020", [RIVERS])
    dump = Dump("city", "2021", "delta")
    road.plan(dump, road.write("city", "2021", [RIVERS | {"title": "Silt"}]))
    pid = lock(somebody, road)
    loads = threading.Thread(target=road.load, args=(dump, lambda progress: told.append(progress.doing)))
    loads.start()
    wait_until(lambda: any(f"session {pid}" in line for line in told), "the load says for whom it waits")
    somebody.rollback()
    loads.join(20)
    assert not loads.is_alive()
    assert road.values("SELECT title FROM catalog.records") == ["Silt"]


def test_deduplication_says_for_whom_it_waits(road: Road, somebody: Connection):
    told: list[str] = []
    road.ingest("city", "2020", [RIVERS])
    dump = Dump("city", "2021", "delta")
    file = road.write("city", "2021", [RIVERS | {"title": "Silt"}])
    pid = lock(somebody, road)
    plans = threading.Thread(target=road.plan, args=(dump, file, lambda progress: told.append(progress.doing)))
    plans.start()
    wait_until(lambda: any(f"session {pid}" in line for line in told), "deduplication says for whom it waits")
    somebody.rollback()
    plans.join(20)
    assert not plans.is_alive()
    road.load(dump)
    assert road.values("SELECT title FROM catalog.records") == ["Silt"]
