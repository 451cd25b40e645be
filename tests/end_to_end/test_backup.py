"""A backup is the warehouse, whole: what is restored from it goes on as what it was made of."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from psycopg2 import errors

from pipelines.warehouse import connection as connections
from pipelines.warehouse.backup import back_up, restore
from pipelines.warehouse.connection import WarehouseError, connect, load_lock, warehouse_url
from pipelines.warehouse.migrations import SCHEMA_VERSION
from pipelines.warehouse.schema import ROLES, prepare
from pipelines.warehouse.statements import statement
from tests.end_to_end.road import Road, contents
from tests.postgres import wait_until

RIVERS = {"id": "1", "title": "A study of slow rivers", "author": ["Núñez, Ana"], "isbn": ["978-3-16-148410-0"]}
AGAIN = {"id": "9", "title": "A study of slow rivers", "author": ["Nunez, Ana"], "isbn": ["9783161484100"]}
LAKES = {"id": "2", "title": "Red lakes of the north", "author": ["Hansen, Bo"], "url": ["https://weir.example/2"]}

RELEASED = Path(__file__).parents[1] / "warehouse" / "released"


@pytest.fixture
def filled(road: Road) -> Road:
    road.ingest("city", "2020", [RIVERS, LAKES])
    road.ingest("town", "2020", [AGAIN])
    return road


@pytest.fixture
def empty(empty_database_url: str, tmp_path: Path) -> Road:
    """A road into an empty database."""
    return Road(warehouse_url(empty_database_url), tmp_path)


def test_what_was_restored_is_the_warehouse_and_goes_on_as_it_does(filled: Road, empty: Road, tmp_path: Path):
    size = back_up(filled.url, tmp_path / "a.dump")
    assert size == (tmp_path / "a.dump").stat().st_size
    restore(empty.url, tmp_path / "a.dump")
    assert contents(empty, history=True) == contents(filled, history=True)
    for road in (filled, empty):
        outcome = road.ingest("city", "2021", [RIVERS | {"title": "A study of fast rivers"}, LAKES], "full")
        assert (outcome.counts.records_changed, outcome.counts.records_unchanged) == (1, 1)
        assert road.ingest("town", "2020", [AGAIN]).is_repetition
    assert contents(empty, history=True) == contents(filled, history=True)


def test_the_reader_may_read_what_was_restored_and_nothing_else(filled: Road, empty: Road, tmp_path: Path):
    back_up(filled.url, tmp_path / "a.dump")
    restore(empty.url, tmp_path / "a.dump")
    with connect(empty.url) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(ROLES),))
        assert len(cursor.fetchall()) == len(ROLES)
        cursor.execute("SET LOCAL ROLE warehouse_reader")
        cursor.execute("SELECT count(*) FROM reporting.records")
        assert cursor.fetchone() == (3,)
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute("SELECT count(*) FROM ops.quarantine")


def test_a_warehouse_without_records_counts_as_empty(filled: Road, empty: Road, tmp_path: Path):
    back_up(filled.url, tmp_path / "a.dump")
    with connect(empty.url) as connection:
        prepare(connection)
    restore(empty.url, tmp_path / "a.dump")
    assert contents(empty) == contents(filled)


def test_records_are_never_replaced(filled: Road, tmp_path: Path):
    before = contents(filled, history=True)
    back_up(filled.url, tmp_path / "a.dump")
    with pytest.raises(WarehouseError, match=r"something in the warehouse \(records, dumps\); restore into a new home"):
        restore(filled.url, tmp_path / "a.dump")
    assert contents(filled, history=True) == before


@pytest.mark.parametrize(
    ("arrange", "told"),
    [
        ("CREATE VIEW public.mine AS SELECT title FROM reporting.works", r"the view public\.mine"),
        (
            "INSERT INTO ops.dumps SELECT (JSONB_POPULATE_RECORD(NULL::ops.dumps, JSONB_OBJECT_AGG(attname, CASE"
            " WHEN atttypid = 'bigint'::regtype THEN '1' WHEN atttypid = 'jsonb'::regtype THEN '{}'"
            " WHEN atttypid = 'timestamptz'::regtype THEN '\"2024-01-01\"' ELSE '\"a\"' END::jsonb))).*"
            " FROM pg_attribute WHERE attrelid = 'ops.dumps'::regclass AND attnum > 0",
            "dumps",
        ),
        (
            "INSERT INTO catalog.work_overrides VALUES"
            " (gen_random_uuid(), 1, 2, 'duplicate', 'seen', 'Ada', '2024-01-01')",
            "decisions",
        ),
    ],
    ids=["a view of somebody's", "a dump without records", "a decision of somebody's"],
)
def test_nothing_that_is_there_is_taken_away(filled: Road, empty: Road, tmp_path: Path, arrange: str, told: str):
    back_up(filled.url, tmp_path / "a.dump")
    with connect(empty.url) as connection:
        prepare(connection)
    empty.execute(arrange)
    with pytest.raises(WarehouseError, match=rf"something in the warehouse \({told}\)"):
        restore(empty.url, tmp_path / "a.dump")
    assert empty.values("SELECT to_regclass('catalog.records') IS NOT NULL") == [True]


def test_a_load_that_goes_on_is_waited_for(filled: Road, empty: Road, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "WAIT_FOR_LOCK", 0.1)
    back_up(filled.url, tmp_path / "a.dump")
    told: list[str] = []
    with ThreadPoolExecutor(1) as pool, connect(empty.url) as first:
        with load_lock(first):
            restoring = pool.submit(restore, empty.url, tmp_path / "a.dump", told.append)
            wait_until(lambda: "waiting for another load to end" in told or restoring.done(), "who restores waits")
            assert empty.values("SELECT to_regclass('catalog.records') IS NULL") == [True]
        restoring.result(60)
    assert contents(empty) == contents(filled)


def test_what_was_restored_is_another_warehouse(filled: Road, empty: Road, tmp_path: Path):
    back_up(filled.url, tmp_path / "a.dump")
    restore(empty.url, tmp_path / "a.dump")
    one, other = (road.values("SELECT warehouse_id FROM ops.warehouse_version") for road in (filled, empty))
    assert one != other


def test_a_backup_of_an_earlier_version_is_migrated(empty: Road, road: Road, tmp_path: Path):
    road.execute("DROP SCHEMA catalog, ops, reporting CASCADE")
    road.execute(statement("roles/make").string)
    road.execute(gzip.decompress((RELEASED / "5.sql.gz").read_bytes()).decode())
    back_up(road.url, tmp_path / "a.dump")
    told: list[str] = []
    restore(empty.url, tmp_path / "a.dump", told.append)
    assert any(line.startswith("migration 6:") for line in told)
    assert empty.values("SELECT schema_version FROM ops.warehouse_version") == [SCHEMA_VERSION]
    assert empty.values("SELECT count(*) > 0 FROM reporting.records") == [True]


@pytest.mark.parametrize("is_archive", [False, True], ids=["no archive", "another database"])
def test_what_holds_no_warehouse_is_refused_before_anything_is_changed(
    road: Road, empty: Road, tmp_path: Path, is_archive: bool
):
    file = tmp_path / "a.dump"
    if is_archive:
        empty.execute("CREATE SCHEMA ops CREATE TABLE notes (note text)")
        back_up(empty.url, file)
    else:
        file.write_text("no archive")
    with pytest.raises(WarehouseError, match=r"there is no warehouse in it|nothing was restored"):
        restore(road.url, file)
    assert road.values("SELECT to_regclass('catalog.records') IS NOT NULL") == [True]


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99])
def test_of_a_backup_that_was_cut_off_nothing_is_restored(filled: Road, empty: Road, tmp_path: Path, kept: float):
    with connect(empty.url) as connection:
        prepare(connection)
    file = tmp_path / "a.dump"
    size = back_up(filled.url, file)
    file.write_bytes(file.read_bytes()[: int(size * kept)])
    with pytest.raises(WarehouseError, match=r"pg_restore: .*end of file.*; nothing was restored from /"):
        restore(empty.url, file)
    # It is as empty as it was, and goes on.
    assert empty.values("SELECT count(*) FROM catalog.records") == [0]
    empty.ingest("city", "2020", [RIVERS])


def test_what_the_database_refuses_is_told_and_nothing_is_restored(filled: Road, empty: Road, tmp_path: Path):
    back_up(filled.url, tmp_path / "a.dump")
    empty.execute("CREATE SCHEMA reporting")
    with pytest.raises(WarehouseError, match=r'psql: .*schema "reporting" already exists; nothing was restored'):
        restore(empty.url, tmp_path / "a.dump")
    assert empty.values("SELECT count(*) FROM pg_namespace WHERE nspname = 'catalog'") == [0]


def test_what_made_room_does_not_stand_before_what_went_wrong(filled: Road, empty: Road, tmp_path: Path):
    back_up(filled.url, tmp_path / "a.dump")
    with connect(empty.url) as connection:
        prepare(connection)
    empty.execute(
        "CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'no tables here'; END$$"
    )
    empty.execute(
        "CREATE EVENT TRIGGER refused ON ddl_command_start WHEN TAG IN ('CREATE TABLE')"
        " EXECUTE FUNCTION public.refuse()"
    )
    with pytest.raises(WarehouseError, match=r"^psql: ERROR: +no tables here CONTEXT: .*; nothing was restored"):
        restore(empty.url, tmp_path / "a.dump")


def test_a_backup_that_fails_leaves_what_was_there(road: Road, tmp_path: Path):
    file = tmp_path / "a.dump"
    file.write_text("of yesterday")
    with pytest.raises(WarehouseError, match=r"permission denied for [a-z_ ]+; no backup was written$"):
        back_up(road.url.set(username="warehouse_reader"), file)
    assert file.read_text() == "of yesterday"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["a.dump"]


def test_others_may_not_read_a_backup(filled: Road, tmp_path: Path):
    back_up(filled.url, tmp_path / "a.dump")
    assert (tmp_path / "a.dump").stat().st_mode & 0o777 == 0o600
