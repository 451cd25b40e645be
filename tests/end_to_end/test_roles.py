"""Who loads loads, and who reads reads: each role does its work, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from psycopg2 import errors
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.connection import WarehouseError, connect
from pipelines.warehouse.schema import ROLES, migrate, prepare
from tests.end_to_end.road import Road

DOCUMENTS = [
    {"id": "1", "title": "A study of rivers", "author": ["Núñez, Ana"], "url": ["http://example.org/1"]},
    {"id": "2", "title": "A study of rivers", "author": ["Nunez, Ana"], "isbn": ["9780306406157"]},
]

#: What nobody but the owner may do, and a word of it.
OWNERS = [
    "DROP TABLE catalog.works CASCADE",
    "DROP VIEW reporting.works",
    "DROP SCHEMA reporting CASCADE",
    "TRUNCATE catalog.records CASCADE",
    "ALTER TABLE catalog.records ADD COLUMN mine text",
    "DROP INDEX catalog.records_publication_id_index",
    "CREATE TABLE catalog.mine (a int)",
    "CREATE OR REPLACE VIEW reporting.works AS SELECT 1 AS work_id",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "CREATE FUNCTION ops.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "UPDATE ops.warehouse_version SET schema_version = 1",
    "DELETE FROM ops.warehouse_version",
    "UPDATE ops.schema_revision SET version_num = '1'",
    "SET ROLE warehouse_owner",
    "COPY catalog.works TO PROGRAM 'cat'",
    "COPY catalog.works FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT rolpassword FROM pg_authid",
]
READERS = [
    "INSERT INTO catalog.works VALUES (1, 1, 'x', 1, 1, NULL, 1, 1)",
    "UPDATE catalog.records SET title = ''",
    "DELETE FROM catalog.records",
    "UPDATE ops.warehouse_version SET version = 7",
    "SELECT raw FROM ops.quarantine",
    "SELECT path FROM ops.dumps",
    "SELECT count(*) FROM ops.loads",
    "SELECT count(*) FROM ops.record_changes",
]


def as_role(road: Road, role: str) -> Road:
    """The same warehouse, entered as somebody else."""
    return Road(road.url.set(username=role), road.folder)


@contextmanager
def _refused(connection: Connection, statement: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(statement)
            pytest.fail(f"this was done: {statement}")
        yield
    connection.rollback()


def test_the_loader_loads_first_and_later_dumps_and_drops_nothing(road: Road):
    loader = as_role(road, "warehouse_loader")
    loader.ingest("library", "2020", DOCUMENTS)
    # A first load is told in one number, also by who may not take indexes off for it.
    assert road.values("SELECT count(*) FROM ops.record_changes") == [0]
    assert road.values("SELECT record_count FROM ops.change_counts") == [len(DOCUMENTS)]
    assert road.values("SELECT is_complete FROM reporting.words_state") == [False]
    loader.ingest("library", "2021", [{**DOCUMENTS[1], "title": "Lakes"}], "full")
    loader.ingest("library", "2022", b"broken\n")
    assert road.rows("SELECT source_record_id, title, deleted_at IS NULL FROM catalog.records ORDER BY 1") == [
        ("1", "A study of rivers", False),
        ("2", "Lakes", True),
    ]
    assert road.values("SELECT count(*) FROM ops.quarantine") == [1]
    assert loader.values("SELECT count(*) FROM reporting.ended_records") == [1]
    with connect(loader.url) as connection:
        for statement in OWNERS:
            with _refused(connection, statement):
                pass


def test_a_first_load_of_who_may_take_off_no_index_waits_for_no_reader(road: Road):
    loader = as_role(road, "warehouse_loader")
    with connect(road.url) as reader, reader.cursor() as cursor:
        # Where it is waited for, its session ends.
        cursor.execute("SET idle_in_transaction_session_timeout = '10s'; SELECT count(*) FROM catalog.works")
        loader.ingest("library", "2020", DOCUMENTS)
        cursor.execute("SELECT 1")


def test_the_reader_reads_catalogue_and_reports_and_no_bookkeeping_and_changes_nothing(road: Road):
    road.ingest("library", "2020", DOCUMENTS)
    road.ingest("library", "2021", b"broken\n")
    reader = as_role(road, "warehouse_reader")
    readable = reader.values(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables"
        " WHERE table_schema IN ('catalog', 'reporting')"
        " AND has_table_privilege(table_schema || '.' || table_name, 'SELECT')"
    )
    assert len(readable) == len(
        road.values("SELECT 1 FROM information_schema.tables WHERE table_schema IN ('catalog', 'reporting')")
    )
    for name in readable:
        reader.rows(f"SELECT * FROM {name} LIMIT 5")
    assert reader.values("SELECT reason IS NOT NULL FROM reporting.quarantine") == [True]
    with connect(reader.url) as connection:
        with connection, connection.cursor() as cursor:
            # Its transactions only read unless it asks for others, which it may: rights alone keep it from writing.
            cursor.execute("SET default_transaction_read_only = off")
        for statement in [*OWNERS, *READERS]:
            with _refused(connection, statement):
                pass


def test_of_a_schema_that_is_not_the_present_one_only_the_owner_changes_something(road: Road):
    loader = as_role(road, "warehouse_loader")
    with connect(loader.url) as connection:
        prepare(connection)  # all is as it should be: nothing is asked of anybody
        told: list[str] = []
        assert migrate(connection, told.append) == ()
        assert told == [
            "the tables belong to warehouse_owner, whose rights this user has not: rights were left as they are"
        ]
    road.execute("UPDATE ops.warehouse_version SET reporting_fingerprint = 'older'")
    with connect(loader.url) as connection, pytest.raises(WarehouseError, match=r"belongs to warehouse_owner.*migrate"):
        prepare(connection)
    with connect(road.url) as connection:
        migrate(connection)
    with connect(loader.url) as connection:
        prepare(connection)


def test_rights_that_were_lost_or_given_too_freely_are_set_again_by_migrate(road: Road):
    road.execute("REVOKE ALL ON catalog.records, reporting.works FROM warehouse_reader, warehouse_loader")
    road.execute("GRANT SELECT ON ops.quarantine TO warehouse_reader")
    road.execute("ALTER TABLE catalog.records OWNER TO CURRENT_USER")
    road.execute(f"REVOKE ALL ON DATABASE {road.url.database} FROM PUBLIC")
    road.execute("REVOKE ALL ON FUNCTION reporting.folded_name FROM PUBLIC")
    with connect(road.url) as connection:
        migrate(connection)
    for role in ("warehouse_loader", "warehouse_reader"):
        assert as_role(road, role).values("SELECT reporting.folded_name('Øre')") == ["ore"]
    assert road.rows(
        "SELECT has_table_privilege('warehouse_reader', 'catalog.records', 'SELECT'),"
        " has_table_privilege('warehouse_loader', 'catalog.records', 'UPDATE'),"
        " has_table_privilege('warehouse_reader', 'ops.quarantine', 'SELECT'),"
        " pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'catalog.records'::regclass"
    ) == [(True, True, False, "warehouse_owner")]


def test_no_role_is_more_than_a_role(road: Road):
    might = "rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
    assert road.rows(f"SELECT rolname, {might} FROM pg_roles WHERE rolname = ANY(%s) ORDER BY 1", list(ROLES)) == [
        (role, False) for role in sorted(ROLES)
    ]


def test_what_somebody_else_put_into_the_schemas_stays_theirs_and_stops_nothing(road: Road):
    road.execute("GRANT CREATE, USAGE ON SCHEMA reporting TO warehouse_loader")
    theirs = as_role(road, "warehouse_loader")
    theirs.execute("CREATE VIEW reporting.of_mine AS SELECT 1 AS one")
    road.execute(
        "ALTER SCHEMA reporting OWNER TO warehouse_owner; CREATE ROLE other_owner LOGIN IN ROLE warehouse_owner"
    )
    try:
        told: list[str] = []
        with connect(road.url) as connection:
            migrate(connection, told.append)
        assert any("reporting.of_mine is not of the warehouse: it stays with warehouse_loader" in line for line in told)
        # Also where whoever migrates is no superuser, who may change nothing of it.
        road.execute("UPDATE ops.warehouse_version SET reporting_fingerprint = 'older'")
        with connect(as_role(road, "other_owner").url) as connection:
            migrate(connection)
        assert road.values("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'of_mine'") == [
            "warehouse_loader"
        ]
    finally:
        road.execute("DROP VIEW reporting.of_mine; DROP OWNED BY other_owner; DROP ROLE other_owner")


def test_a_role_that_may_do_more_than_the_warehouse_lets_it_is_named(road: Road):
    road.execute("ALTER ROLE warehouse_loader CREATEDB")
    try:
        told: list[str] = []
        with connect(road.url) as connection:
            migrate(connection, told.append)
        assert [line for line in told if "warehouse_loader of this server may do more" in line]
    finally:
        road.execute("ALTER ROLE warehouse_loader NOCREATEDB")
