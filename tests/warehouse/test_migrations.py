"""Versions of the schema: every released one comes to the present one with its data, whole or not at all."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from pipelines.records import BELONGING_HASHES
from pipelines.warehouse.connection import WarehouseError, connect, libpq_url
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.migrations import MIGRATIONS, OLDEST_VERSION, SCHEMA_VERSION, Migration
from pipelines.warehouse.schema import migrate, prepare
from pipelines.warehouse.server import client_program
from pipelines.warehouse.statements import statement
from pipelines.warehouse.tables import SCHEMAS, metadata
from pipelines.warehouse.upgrade_script import upgrade_script
from pipelines.warehouse.words import refresh_words
from tests.end_to_end.road import CATALOG, MOMENTS, OPS, Road
from tests.postgres import wait_until
from tests.warehouse.catalogs import catalogs
from tests.warehouse.released.make import fill


def version_of(released: Path) -> int:
    return int(released.name.partition(".")[0])


RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql.gz"), key=version_of)

#: Columns in which two warehouses of the same dumps differ: drawn ids, clocks, where dumps lay, the program's version,
#: and hashes that have the version of the rules in them.
THEIR_OWN = frozenset({
    "override_id", "warehouse_id", "loaded_at", "quarantined_at", "path", "rules_version", "content_hash",
    *BELONGING_HASHES,
    "extract_seconds", "normalize_seconds", "deduplicate_seconds", "load_seconds",
})  # fmt: skip

Database = Callable[..., Road]


@pytest.fixture(scope="module")
def database(postgres_server: sqlalchemy.URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Makes databases: empty ones, or as a released program left them."""
    engine = sqlalchemy.create_engine(postgres_server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)

    def make(released: Path | None = None) -> Road:
        name = f"test_{uuid.uuid4().hex}"
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        end.callback(drop, name)
        url = postgres_server.set(database=name).render_as_string(hide_password=False)
        road = Road(parse_url(url), tmp_path_factory.mktemp("road"))
        if released:
            road.execute(statement("roles/make").string)
            road.execute(gzip.decompress(released.read_bytes()).decode())
        return road

    def drop(name: str) -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")

    with ExitStack() as end:
        yield make


@pytest.fixture(scope="module")
def anew(database: Database) -> Road:
    """What the present program makes of the dumps that are in the released warehouses."""
    road = database()
    made(road)
    fill(road)
    return road


def made(road: Road, *, may_migrate: bool = True) -> list[str]:
    """Bring a database to the present schema; what there was to say of it."""
    said: list[str] = []
    with connect(road.url) as connection:
        prepare(connection, said.append, may_migrate=may_migrate)
    return said


def columns_of(road: Road) -> dict[str, str]:
    """The columns of every table that holds data, with commas between them."""
    tables = [f"catalog.{name}" for name in CATALOG] + [f"ops.{name}" for name in OPS]
    names = (
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = '{}'::regclass AND attnum > 0 AND NOT attisdropped"
    )
    return {table: road.rows(names.format(table))[0][0] for table in tables}


def rows(road: Road, columns: dict[str, str]) -> dict[str, list[tuple[str]]]:
    """What every row of the tables has in these columns, as text."""
    return {table: road.rows(f"SELECT ROW({names})::text FROM {table} ORDER BY 1") for table, names in columns.items()}


def everything(road: Road) -> dict[str, list[str]]:
    """Every row of every table of ours, without what is a warehouse's own; of moments whether there is one."""
    tables = {}
    for table in metadata.tables.values():
        found: list[dict[str, Any]] = road.values(f"SELECT to_jsonb(t) FROM {table} AS t")
        tables[str(table)] = sorted(
            repr(
                {
                    name: row[name] is not None if name in MOMENTS else row[name]
                    for name in sorted(row.keys() - THEIR_OWN)
                }
            )
            for row in found
        )
    return tables


def test_there_is_a_warehouse_of_every_released_version():
    """Whoever adds a migration after a release adds what was released: python -m tests.warehouse.released.make."""
    versions = [version_of(file) for file in RELEASED]
    assert versions == list(range(OLDEST_VERSION, versions[-1] + 1))
    assert versions[-1] <= SCHEMA_VERSION


@pytest.mark.parametrize("released", RELEASED, ids=lambda file: f"version {version_of(file)}")
def test_a_released_warehouse_is_upgraded_with_its_data_and_goes_on(database: Database, anew: Road, released: Path):
    road = database(released)
    columns = columns_of(road)
    before = rows(road, columns)
    made(road)
    assert catalogs(road) == catalogs(anew)
    assert rows(road, columns) == before
    refresh_words(road.url)
    assert everything(road) == everything(anew)
    assert before["catalog.records"]
    assert before["ops.quarantine"]

    changed = {"id": "1", "title": "A study of great rivers", "author": ["Nunez, Ana"], "publishDate": ["2001"]}
    road.ingest("town", "2022", [changed], "full")
    assert road.rows("SELECT source, source_record_id, title FROM reporting.records ORDER BY 1, 2") == [
        ("city", "1", "A study of great rivers"),
        ("city", "2", "Lakes of the north"),
        ("town", "1", "A study of great rivers"),
    ]
    assert road.values("SELECT count(DISTINCT publication_id) FROM catalog.records WHERE title LIKE 'A study%'") == [1]
    assert road.values("SELECT count(*) FROM catalog.records WHERE deleted_at IS NOT NULL") == [2]
    assert road.values("SELECT reason FROM catalog.work_overrides") == ["one is a map"]
    assert road.values("SELECT count(*) FROM ops.loads") == [len(before["ops.loads"]) + 1]


def test_the_migrations_make_the_tables_as_they_are_defined(database: Database):
    """The definitions are what COPY, merge and a first load go by."""
    migrated, defined = database(), database()
    made(migrated)
    engine = sqlalchemy.create_engine(defined.url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        for schema, comment in SCHEMAS.items():
            connection.execute(sqlalchemy.schema.CreateSchema(schema))
            connection.exec_driver_sql(f"COMMENT ON SCHEMA {schema} IS '{comment}'")
        metadata.create_all(connection)
    tables = {str(table) for table in metadata.tables.values()}

    def of_tables(road: Road) -> dict[str, list[object]]:
        found = catalogs(road)
        told = {
            name: [row for row in found[name] if row[0] in tables] for name in ("columns", "constraints", "indexes")
        }
        # Owners and rights are not the tables' definition.
        told["relations"] = [(*row[:4], row[5]) for row in found["relations"] if row[0] in tables]
        told["schemas"] = [row[:2] for row in found["schemas"]]
        return told

    assert of_tables(migrated) == of_tables(defined)
    assert {
        row[0]
        for row in migrated.rows(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace IN ('catalog'::regnamespace, 'ops'::regnamespace, 'reporting'::regnamespace)"
        )
    } == tables


def test_a_new_warehouse_and_the_account_of_migrations_tell_the_same_version(database: Database):
    road = database()
    made(road)
    assert road.rows("SELECT schema_version::text, version_num FROM ops.warehouse_version, ops.schema_revision") == [
        (str(SCHEMA_VERSION), str(SCHEMA_VERSION))
    ]


def test_a_server_of_ones_own_is_set_up_when_empty_and_migrated_only_when_told_to(database: Database):
    empty, old = database(), database(RELEASED[0])
    made(empty, may_migrate=False)
    assert empty.values("SELECT schema_version FROM ops.warehouse_version") == [SCHEMA_VERSION]
    before = catalogs(old)
    with pytest.raises(
        WarehouseError, match=r"version 5, this program needs \d+: make a backup.*vufind-warehouse migrate"
    ):
        made(old, may_migrate=False)
    assert catalogs(old) == before


@pytest.mark.parametrize(
    ("version", "advice"),
    [
        (SCHEMA_VERSION + 1, "install the program that made it, or a newer one"),
        (4, "ingest the dumps again into a new one"),
    ],
    ids=["newer", "never released"],
)
def test_a_schema_that_cannot_be_brought_here_is_refused_also_by_migrate(database: Database, version: int, advice: str):
    road = database()
    made(road)
    road.execute("UPDATE ops.warehouse_version SET schema_version = %s", version)
    before = catalogs(road)
    with connect(road.url) as connection:
        for bring in (prepare, migrate):
            with pytest.raises(WarehouseError, match=advice):
                bring(connection)
    assert catalogs(road) == before


def test_a_migration_that_fails_leaves_nothing_of_itself_nor_of_those_before_it(database: Database):
    road = database(RELEASED[0])
    # What a migration wants to make is there, and is something else.
    road.execute("CREATE VIEW ops.schema_revision AS SELECT '5'::text AS version_num")
    before, columns = catalogs(road), columns_of(road)
    held = rows(road, columns)
    with connect(road.url) as connection:
        with pytest.raises(Exception, match="schema_revision"):
            migrate(connection)
        held_locks = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        # Its session is still there; those of others may be on their way out: a server ends them in its own time.
        wait_until(lambda: road.values(held_locks) == [0], "no lock is held")
    assert catalogs(road) == before
    road.execute("DROP VIEW ops.schema_revision")
    made(road)
    assert rows(road, columns) == held


def test_a_migration_that_is_killed_leaves_nothing_and_holds_no_lock(database: Database):
    road = database(RELEASED[0])
    before = catalogs(road)
    script = (
        "import sys; from pipelines.warehouse.connection import connect, warehouse_url;"
        "from pipelines.warehouse.schema import migrate;\n"
        "with connect(warehouse_url(sys.argv[1])) as connection: migrate(connection)"
    )
    waiting = (
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with connect(road.url) as reader, reader.cursor() as cursor:
        # The last table that the migration changes is being read.
        cursor.execute("LOCK TABLE ops.record_changes IN ACCESS SHARE MODE")
        process = subprocess.Popen([sys.executable, "-c", script, libpq_url(road.url)])
        wait_until(lambda: road.values(waiting) == [True], "the migration waits for the table")
        process.kill()
        process.wait()
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    wait_until(lambda: road.values(others) == [0], "the server notices")
    assert catalogs(road) == before
    made(road)
    assert road.values("SELECT schema_version FROM ops.warehouse_version") == [SCHEMA_VERSION]


def test_the_script_can_be_run_by_hand(database: Database):
    by_hand, by_program = database(RELEASED[0]), database(RELEASED[0])
    subprocess.run(
        [client_program("psql"), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", libpq_url(by_hand.url)],
        input=upgrade_script(5),
        check=True,
        text=True,
    )
    made(by_program)
    made(by_hand, may_migrate=False)  # nothing is left to migrate; views and rights follow by themselves
    assert catalogs(by_hand) == catalogs(by_program)


@pytest.mark.parametrize("migration", MIGRATIONS, ids=lambda each: each.title)
def test_no_migration_ends_its_transaction(migration: Migration):
    bare = re.sub(r"--[^\n]*|\$\$.*?\$\$|'[^']*'", "", migration.text, flags=re.DOTALL)
    assert not re.search(r"^\s*(BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK)\b\s*;", bare, re.MULTILINE | re.IGNORECASE)
    assert not re.search(r"\bCONCURRENTLY\b|^\s*VACUUM\b", bare, re.MULTILINE | re.IGNORECASE)
