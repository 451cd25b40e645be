"""Somebody changes the catalogue by hand while a load runs: nothing refers to what is not there, whoever is first."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse import load
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import libpq_url
from pipelines.warehouse.references import hold_what_is_referred_to
from pipelines.warehouse.tables import CATALOG_TABLES
from tests.end_to_end.road import Document, Road
from tests.postgres import wait_until

BEFORE = {"id": "1", "title": "Silt", "author": ["Roe, Jane"], "url": ["https://weir.example/1"]}
AFTER = {"id": "1", "title": "Silt and sand", "author": ["Poe, Ann"], "url": ["https://weir.example/2"]}


@pytest.fixture
def by_hand(road: Road) -> Iterator[Connection]:
    connection = psycopg2.connect(libpq_url(road.url))
    yield connection
    connection.close()


def planned(road: Road, *documents: Document) -> Dump:
    dump = Dump("city", "2021", "delta")
    road.plan(dump, road.write("city", "2021", documents))
    return dump


def take_away_everything(connection: Connection) -> None:
    with connection.cursor() as cursor:
        for table in (
            "work_evidence", "record_authors", "links", "record_identifiers", "record_work_keys",
            "records", "publications", "works", "authors",
        ):  # fmt: skip
            cursor.execute(f"DELETE FROM catalog.{table}")


def wait_for_one_who_waits(road: Road) -> None:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    wait_until(lambda: road.values(waiting), "the load waits for who is at its rows")


def dangling(road: Road) -> list[str]:
    """The foreign keys of the catalogue that do not hold."""
    return [
        f"{table.name}.{key.parent.name}"
        for table in CATALOG_TABLES
        for key in table.foreign_keys
        if road.values(
            f"SELECT 1 FROM {table} AS child WHERE child.{key.parent.name} IS NOT NULL AND NOT EXISTS"
            f" (SELECT FROM {key.column.table} AS parent WHERE parent.{key.column.name} = child.{key.parent.name})"
        )
    ]


def test_a_record_that_goes_while_its_next_version_is_loaded_comes_again(road: Road, by_hand: Connection):
    road.ingest("city", "2020", [BEFORE])
    dump = planned(road, AFTER)
    take_away_everything(by_hand)
    with ThreadPoolExecutor(1) as threads:
        loading = threads.submit(road.load, dump)
        wait_for_one_who_waits(road)
        by_hand.commit()
        loading.result()
    assert dangling(road) == []
    assert road.values("SELECT title FROM catalog.records") == ["Silt and sand"]


@pytest.mark.parametrize(
    ("changed", "other"),
    [
        (
            "UPDATE catalog.records SET edition = '2nd'",
            "UPDATE catalog.publications SET doi = NULL WHERE title = 'Loam'",
        ),
        (
            "UPDATE catalog.records SET edition = '2nd'",
            "UPDATE catalog.authors SET orcid = NULL WHERE name = 'Vane, Ben'",
        ),
        ("UPDATE catalog.links SET host = 'weir'", "UPDATE catalog.publications SET doi = NULL WHERE title = 'Loam'"),
    ],
)
def test_who_changes_one_table_and_then_another_never_waits_for_a_load_that_waits_for_them(
    road: Road, by_hand: Connection, changed: str, other: str
):
    road.ingest("city", "2020", [BEFORE, {"id": "2", "title": "Loam", "author": ["Vane, Ben"]}])
    dump = planned(road, AFTER)
    with ThreadPoolExecutor(1) as threads, by_hand.cursor() as cursor:
        cursor.execute(changed)
        loading = threads.submit(road.load, dump)
        wait_for_one_who_waits(road)
        # Rows that the load has nothing to do with.
        cursor.execute(other)
        by_hand.commit()
        loading.result()
    assert road.values("SELECT title FROM catalog.records ORDER BY source_record_id") == ["Silt and sand", "Loam"]


def test_what_goes_before_its_table_is_held_is_not_taken_for_there(
    road: Road, by_hand: Connection, monkeypatch: pytest.MonkeyPatch
):
    """Whatever isolation the server has as its default: a load looks at what is there once it holds the tables."""
    road.ingest("city", "2020", [BEFORE])
    road.execute(f"ALTER DATABASE {road.url.database} SET default_transaction_isolation = 'repeatable read'")
    dump = planned(road, {"id": "2", "title": "Loam of other rivers", "author": ["Roe, Jane"]})

    def hold_late(connection: Connection) -> frozenset[str] | None:
        take_away_everything(by_hand)
        by_hand.commit()
        return hold_what_is_referred_to(connection)

    monkeypatch.setattr(load, "hold_what_is_referred_to", hold_late)
    road.load(dump)
    assert dangling(road) == []
    assert road.values("SELECT name FROM catalog.authors") == ["Roe, Jane"]
