"""A load whose connection is lost is tried again, and ends as if nothing had been; other errors are not retried."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from dagster import DagsterEventType
from psycopg2 import errors

from pipelines.assets import resources
from pipelines.stages import loading
from pipelines.warehouse.faults import may_pass
from tests.assets.conftest import Road


def _steps(result: Any, kind: DagsterEventType) -> list[str]:
    return [event.step_key for event in result.all_events if event.event_type == kind]


def test_a_server_that_ends_the_connection_in_the_midst_of_a_load_costs_one_more_try(
    road: Road,
    make_dump: Callable[..., Path],
    documents: Callable[[int], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resources, "RETRY_AFTER", (0.0,) * 3)
    record_load = loading.record_load
    tries = []

    def terminated_once(connection: Any, *rest: Any) -> Any:
        tries.append(connection)
        if len(tries) == 1:  # all rows are copied, nothing is committed
            road.ask(f"SELECT pg_terminate_backend({connection.get_backend_pid()}, 5000)")
        return record_load(connection, *rest)

    monkeypatch.setattr(loading, "record_load", terminated_once)

    result = road.ingest("city/2024-01-01", path=str(make_dump("city/2024-01-01.jsonl", documents(5))))

    assert result.success
    assert _steps(result, DagsterEventType.STEP_UP_FOR_RETRY) == ["warehouse_tables"]
    assert len(tries) == 2
    assert road.ask("SELECT count(*) FROM catalog.records") == [(5,)]
    assert road.ask("SELECT count(*) FROM ops.loads") == [(1,)]


def test_an_error_of_the_database_fails_at_once_and_leaves_nothing(
    road: Road,
    make_dump: Callable[..., Path],
    documents: Callable[[int], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def divide(connection: Any, *_: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(loading, "record_load", divide)

    result = road.ingest("city/2024-01-01", path=str(make_dump("city/2024-01-01.jsonl", documents(2))))

    assert not result.success
    assert _steps(result, DagsterEventType.STEP_UP_FOR_RETRY) == []
    assert _steps(result, DagsterEventType.STEP_FAILURE) == ["warehouse_tables"]
    assert road.ask("SELECT count(*) FROM catalog.records") == [(0,)]


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (psycopg2.OperationalError("server closed the connection unexpectedly"), True),
        (psycopg2.InterfaceError("connection already closed"), True),
        (errors.AdminShutdown(), True),
        (psycopg2.DatabaseError("no code"), False),
    ],
)
def test_which_errors_say_that_the_connection_is_lost(error: psycopg2.Error, lost: bool) -> None:
    assert may_pass(error) is lost


def test_a_statement_that_takes_too_long_is_no_lost_connection(road: Road) -> None:
    with pytest.raises(errors.QueryCanceled) as raised:
        road.ask("SET statement_timeout = 1; SELECT pg_sleep(5)")
    assert not may_pass(raised.value)


def test_a_server_that_is_away_is_asked_again(
    road: Road,
    make_dump: Callable[..., Path],
    documents: Callable[[int], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resources, "RETRY_AFTER", (0.0,) * 3)
    monkeypatch.setenv("WAREHOUSE_URL", "postgresql://nobody@127.0.0.1:1/dead")

    result = road.ingest("city/2024-01-01", path=str(make_dump("city/2024-01-01.jsonl", documents(1))), kind="delta")

    assert not result.success
    [step] = set(_steps(result, DagsterEventType.STEP_UP_FOR_RETRY))
    assert len(_steps(result, DagsterEventType.STEP_UP_FOR_RETRY)) == 3
    assert _steps(result, DagsterEventType.STEP_FAILURE) == [step]
