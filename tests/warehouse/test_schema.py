"""The schema: made once, told in comments, whole after a first load, and never touched by older programs."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from psycopg2 import errors

from pipelines.warehouse.connection import WarehouseError, connect
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.constraints import drop_constraints, restore_foreign_keys, restore_keys
from pipelines.warehouse.schema import _lock_views, migrate, prepare
from pipelines.warehouse.tables import metadata
from tests.end_to_end.road import Road
from tests.postgres import wait_until

DOCUMENTS = [
    {"id": "1", "title": "A study of rivers", "author": ["Núñez, Ana"], "url": ["http://example.org/1"]},
    {"id": "2", "title": "A study of rivers", "author": ["Nunez, Ana"], "isbn": ["9780306406157"]},
]

#: Everything that a first load might leave otherwise than it was.
DEFINITIONS = """
    SELECT 'index', schemaname || '.' || tablename, indexdef FROM pg_indexes WHERE schemaname IN ('catalog', 'ops')
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace IN ('catalog'::regnamespace, 'ops'::regnamespace)
    UNION ALL
    SELECT 'column', table_schema || '.' || table_name, concat_ws(' ', column_name, data_type, is_nullable,
        column_default, collation_name)
    FROM information_schema.columns WHERE table_schema IN ('catalog', 'ops', 'reporting')
    ORDER BY 1, 2, 3"""


@pytest.fixture
def road(warehouse_url: str) -> Iterator[Road]:
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-road-") as folder:
        yield Road.into(warehouse_url, Path(folder))


def test_to_prepare_twice_changes_nothing(road: Road):
    state = DEFINITIONS, "SELECT xmin::text, version, schema_version, reporting_fingerprint FROM ops.warehouse_version"
    before = [road.rows(query) for query in state]
    views = road.rows("SELECT oid, relname, xmin::text FROM pg_class WHERE relkind = 'v' ORDER BY 1")
    with connect(road.url) as connection:
        prepare(connection)
    assert [road.rows(query) for query in state] == before
    assert road.rows("SELECT oid, relname, xmin::text FROM pg_class WHERE relkind = 'v' ORDER BY 1") == views


def test_views_of_an_older_program_are_brought_up_to_date(road: Road):
    road.execute("DROP VIEW reporting.works")
    road.execute("UPDATE ops.warehouse_version SET reporting_fingerprint = 'older'")
    with connect(road.url) as connection:
        prepare(connection)
    assert road.rows("SELECT * FROM reporting.works") == []


def test_where_nothing_lacks_nobody_is_waited_for(road: Road):
    with connect(road.url) as reader, connect(road.url) as connection, reader, reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reporting.works")
        told: list[str] = []
        assert migrate(connection, told.append) == ()
        assert told == []


def test_a_view_that_somebody_has_dropped_is_made_again(road: Road):
    road.execute("DROP VIEW reporting.works")
    with connect(road.url) as connection:
        assert migrate(connection) == ()
    assert road.rows("SELECT * FROM reporting.works") == []


@pytest.mark.parametrize("tries", [1, 3])
def test_who_reads_views_while_they_are_replaced_goes_first(road: Road, tries: int):
    """A report that asked a second view, and the program that replaced both, waited for each other: one was ended."""
    road.execute("UPDATE ops.warehouse_version SET reporting_fingerprint = 'older'")
    views = road.values("SELECT relname FROM pg_class WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'v'")
    told: list[str] = []
    with connect(road.url) as reader, connect(road.url) as connection, ThreadPoolExecutor(1) as pool:
        with reader, reader.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM reporting.works")
            replacing = pool.submit(migrate, connection, told.append)
            wait_until(lambda: len(told) >= tries, "the program that replaces them is in the way")
            for view in views:
                cursor.execute(f"SELECT count(*) FROM reporting.{view}")
            assert not replacing.done()
        assert replacing.result() == ()
    assert set(told) <= {
        f"somebody reads a view that is to be replaced: trying again in {n} s" for n in ("0.5", "1", "2")
    }
    assert road.values("SELECT reporting_fingerprint FROM ops.warehouse_version") != ["older"]


def test_who_asks_while_views_are_waited_for_waits_no_longer_than_all_of_them_are(road: Road):
    """Each view was waited for in turn, with all before it locked."""
    with connect(road.url) as reader, connect(road.url) as newcomer, connect(road.url) as connection:
        with reader, reader.cursor() as cursor:
            # The last by name: all others are locked when it is asked for.
            cursor.execute("SELECT count(*) FROM reporting.works")
            with connection:
                began = time.monotonic()
                assert not _lock_views(connection)
                assert time.monotonic() - began < 5
                connection.rollback()
            with newcomer, newcomer.cursor() as asked:
                asked.execute("SET LOCAL lock_timeout = '5s'")
                asked.execute("SELECT count(*) FROM reporting.authors")
        with connection:
            assert _lock_views(connection)
            connection.rollback()


def test_a_limit_of_the_urls_own_ends_it(road: Road):
    road.execute("UPDATE ops.warehouse_version SET reporting_fingerprint = 'older'")
    url = road.url.update_query_dict({"options": "-c lock_timeout=200"})
    with connect(road.url) as reader, connect(url) as connection, reader, reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reporting.works")
        with pytest.raises(errors.LockNotAvailable):
            migrate(connection)


def test_views_of_a_newer_program_are_left_to_it(road: Road):
    (view,) = road.values("SELECT pg_get_viewdef('reporting.works'::regclass)")
    road.execute(f"CREATE OR REPLACE VIEW reporting.works AS SELECT w.*, 1 AS newer FROM ({view.rstrip(';')}) AS w")
    road.execute("UPDATE ops.warehouse_version SET reporting_fingerprint = 'newer'")
    with (
        connect(road.url) as connection,
        pytest.raises(WarehouseError, match=r"newer program has made reporting\.works"),
    ):
        prepare(connection)
    assert road.values("SELECT reporting_fingerprint FROM ops.warehouse_version") == ["newer"]


def test_every_warehouse_has_an_id_of_its_own_that_stays(road: Road):
    def ids() -> list[str]:
        return road.values("SELECT warehouse_id::text FROM ops.warehouse_version")

    first = ids()
    with connect(road.url) as connection:
        prepare(connection)
    road.ingest("library", "2020", DOCUMENTS)
    assert ids() == first
    road.execute("DROP SCHEMA catalog, ops, reporting CASCADE")
    with connect(road.url) as connection:
        prepare(connection)
    assert ids() != first


def test_databases_of_one_server_are_prepared_at_once(postgres_server: sqlalchemy.URL, empty_database_url: str):
    """Roles belong to the server: of two that make the reader one comes second, and both end well."""
    other = f"{sqlalchemy.make_url(empty_database_url).database}_other"
    engine = sqlalchemy.create_engine(postgres_server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {other} TEMPLATE template0 ENCODING 'UTF8'")
    urls = [parse_url(empty_database_url), parse_url(empty_database_url).set(database=other)]
    failures: list[BaseException] = []

    def run(url: sqlalchemy.URL) -> None:
        try:
            with connect(url) as connection:
                prepare(connection)
        except BaseException as error:  # noqa: BLE001 - told in the thread that looks
            failures.append(error)

    try:
        threads = [threading.Thread(target=run, args=(url,)) for url in [*urls, *urls]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        for url in urls:
            with connect(url, read_only=True) as connection, connection.cursor() as cursor:
                cursor.execute("SET ROLE warehouse_reader")
                cursor.execute("SELECT count(*) FROM reporting.works")
                assert cursor.fetchone() == (0,)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {other} WITH (FORCE)")


def test_everything_has_a_comment(road: Road):
    silent = road.rows(
        "SELECT c.oid::regclass::text, NULL FROM pg_class AS c"
        " WHERE relnamespace IN ('catalog'::regnamespace, 'ops'::regnamespace, 'reporting'::regnamespace)"
        " AND relkind IN ('r', 'v', 'm', 'p') AND obj_description(c.oid, 'pg_class') IS NULL"
        " UNION ALL SELECT c.oid::regclass::text, attname FROM pg_class AS c JOIN pg_attribute ON attrelid = c.oid"
        " WHERE relnamespace IN ('catalog'::regnamespace, 'ops'::regnamespace, 'reporting'::regnamespace)"
        " AND relkind IN ('r', 'v', 'm', 'p') AND attnum > 0 AND NOT attisdropped"
        " AND col_description(c.oid, attnum) IS NULL"
        " UNION ALL SELECT nspname, NULL FROM pg_namespace WHERE nspname IN ('catalog', 'ops', 'reporting')"
        " AND obj_description(oid, 'pg_namespace') IS NULL"
    )
    assert silent == []
    tables = road.values(
        "SELECT count(*) FROM information_schema.tables"
        " WHERE table_schema IN ('catalog', 'ops', 'reporting') AND table_type = 'BASE TABLE'"
    )
    assert tables == [len(metadata.tables)]


def test_a_first_load_leaves_keys_indexes_and_columns_as_they_were(road: Road):
    before = road.rows(DEFINITIONS)
    road.ingest("library", "2020", DOCUMENTS)
    assert road.rows(DEFINITIONS) == before
    assert road.values("SELECT conname FROM pg_constraint WHERE NOT convalidated") == []


def test_dropping_and_restoring_are_each_others_inverse(road: Road):
    before = road.rows(DEFINITIONS)
    with connect(road.url) as connection, connection:
        drop_constraints(connection)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_indexes WHERE schemaname = 'catalog'"
                " AND tablename NOT IN ('work_redirects', 'work_overrides')"
            )
            assert cursor.fetchone() == (0,)
        restore_keys(connection)
        restore_foreign_keys(connection)
    assert road.rows(DEFINITIONS) == before


def test_a_view_of_somebodys_own_does_not_stop_the_first_load_and_stays(road: Road):
    """It groups by a primary key, so Postgres does not let the key go."""
    road.execute(
        "CREATE VIEW public.mine AS SELECT r.record_id, r.title, count(a.position) AS authors FROM catalog.records AS r"
        " LEFT JOIN catalog.record_authors AS a USING (record_id) GROUP BY r.record_id"
    )
    before = road.rows(DEFINITIONS)
    road.ingest("library", "2020", DOCUMENTS)
    assert sorted(road.rows("SELECT title, authors FROM public.mine")) == [("A study of rivers", 1)] * 2
    assert road.rows(DEFINITIONS) == before


def test_somebodys_own_table_that_refers_to_ours_does_not_stop_the_first_load(road: Road):
    road.execute("CREATE TABLE public.notes (record_id bigint REFERENCES catalog.records, note text)")
    road.ingest("library", "2020", DOCUMENTS)
    assert road.values("SELECT count(*) FROM catalog.records") == [2]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO catalog.works VALUES (1, 1, 'x', 1, 1, NULL, 1, 1)",
        "DELETE FROM catalog.records",
        "UPDATE ops.warehouse_version SET version = 7",
        "TRUNCATE catalog.authors",
        "DROP VIEW reporting.works",
        "CREATE TABLE catalog.mine (a int)",
    ],
)
def test_the_reader_reads_and_changes_nothing(road: Road, statement: str):
    with connect(road.url) as connection, connection.cursor() as cursor:
        cursor.execute("SET ROLE warehouse_reader")
        cursor.execute("SELECT count(*) FROM catalog.records")
        assert cursor.fetchone() == (0,)
        with pytest.raises((errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://me:secret@host/db", "must be a Postgres, not mysql"),
        ("sqlite:///file", "must be a Postgres"),
        ("secret words", "cannot be read"),
    ],
)
def test_what_is_no_postgres_is_refused_without_showing_the_url(url: str, message: str):
    with pytest.raises(WarehouseError, match=message) as caught:
        parse_url(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2", "postgresql+psycopg"])
def test_every_way_to_write_a_postgres_is_read(scheme: str):
    assert parse_url(f"{scheme}://me@host:5433/db").drivername == "postgresql+psycopg2"


def test_a_server_that_does_not_answer_is_named_without_the_password():
    url: Any = parse_url("postgresql://me:se%20cret@127.0.0.1:1/db")
    with (
        pytest.raises(WarehouseError, match=r"cannot reach the warehouse at .*127\.0\.0\.1:1/db") as caught,
        connect(url),
    ):
        pass
    assert "se%20cret" not in str(caught.value)
    assert "se cret" not in str(caught.value)
