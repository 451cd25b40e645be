"""What stands around a warehouse, in the environment, in settings of the server and in ``public``, changes nothing."""

from __future__ import annotations

from pathlib import Path

import psycopg2
import pytest
import sqlalchemy

from pipelines.warehouse.connection import WarehouseError, connect, libpq_url, warehouse_url
from pipelines.warehouse.reader import ask
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.server import client_program
from tests.end_to_end.road import Road, contents
from tests.majors import ask as ask_superuser
from tests.majors import cluster

DOCUMENTS = [
    {"id": "1", "title": "Åse og Ærø", "author": ["Núñez, Ana"], "url": ["http://example.org/1"]},
    {"id": "2", "title": "北京 Ёлка", "author": ["王小明"], "url": ["http://example.org/2"]},
]


def test_text_arrives_whatever_encoding_the_environment_or_the_database_asks_for(
    road: Road, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    database = road.url.database
    road.execute(f"ALTER DATABASE {database} SET client_encoding = 'LATIN1'")
    road.ingest("city", "2020", DOCUMENTS)
    road.ingest("city", "2021", [DOCUMENTS[0] | {"title": "Ærø"}])
    assert road.values("SELECT title FROM reporting.records ORDER BY source_record_id") == ["Ærø", "北京 Ёлка"]
    assert road.values("SELECT name FROM catalog.authors ORDER BY name") == ["Núñez, Ana", "王小明"]


#: Settings by which statements, or what they answer, would mean something else.
ODD_SETTINGS = {
    "standard_conforming_strings": "off",
    "quote_all_identifiers": "on",
    "extra_float_digits": "-10",
    "DateStyle": "German",
    "IntervalStyle": "sql_standard",
    "TimeZone": "Asia/Kathmandu",
    "bytea_output": "escape",
    "transform_null_equals": "on",
    "array_nulls": "off",
}


def test_settings_of_a_database_change_nothing(road: Road, empty_database_url: str, tmp_path: Path):
    odd = warehouse_url(empty_database_url)
    with psycopg2.connect(libpq_url(odd)) as connection, connection.cursor() as cursor:
        for name, value in ODD_SETTINGS.items():
            cursor.execute(f"ALTER DATABASE {odd.database} SET {name} = '{value}'")
    connection.close()
    for each in (road, there := Road.into(empty_database_url, tmp_path)):
        each.ingest("city", "2020", DOCUMENTS)
        each.ingest("city", "2021", [DOCUMENTS[0] | {"title": "Ærø"}, DOCUMENTS[1] | {"id": "3"}, {"no": "id"}])
    assert contents(there, history=True) == contents(road, history=True)
    definitions = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'reporting'::regnamespace ORDER BY 1"
    assert there.rows(definitions) == road.rows(definitions)
    found = "SELECT title FROM reporting.search('aerø') UNION ALL SELECT title FROM reporting.search('北京')"
    assert there.values(found) == road.values(found)


def test_a_database_that_does_not_hold_every_script_is_refused(postgres_server: sqlalchemy.URL):
    engine = sqlalchemy.create_engine(postgres_server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        (version,) = connection.exec_driver_sql("SELECT current_setting('server_version_num')::int").one()
        provider = "LOCALE_PROVIDER libc" if version >= 150000 else ""
        connection.exec_driver_sql(
            f"CREATE DATABASE test_latin TEMPLATE template0 ENCODING 'LATIN1' {provider} LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        try:
            url = warehouse_url(postgres_server.set(database="test_latin").render_as_string(hide_password=False))
            with pytest.raises(WarehouseError, match=r"LATIN1.*ENCODING 'UTF8'"), connect(url):
                pytest.fail("this was let in")
        finally:
            connection.exec_driver_sql("DROP DATABASE test_latin WITH (FORCE)")


def test_a_function_in_public_is_never_called_in_place_of_postgres_own(road: Road):
    """Functions with closer arguments than Postgres's own: they would run with all rights of whoever loads."""
    for signature in ("concat_ws(text, text, text)", "jsonb_build_array(text, text)", "cardinality(text[])"):
        road.execute(
            f"CREATE FUNCTION public.{signature} RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'taken in'; END $$"
        )
    with connect(road.url) as connection:
        prepare(connection)
    road.ingest("city", "2020", DOCUMENTS)
    road.ingest("city", "2021", [DOCUMENTS[0] | {"title": "Ærø", "author": ["Vane, Ben"]}])
    road.remove("city", "2021")
    assert road.values("SELECT title FROM reporting.records ORDER BY source_record_id") == ["Åse og Ærø", "北京 Ёлка"]


def test_a_question_finds_what_the_askers_own_settings_let_it_find(road: Road):
    road.execute("CREATE TABLE public.notes AS SELECT 1 AS note; GRANT SELECT ON public.notes TO PUBLIC")
    with ask(road.url, "SELECT note FROM notes", 10, embedded=False, warn=lambda _: None) as (_, rows):
        assert [tuple(row) for row in rows] == [(1,)]


@pytest.mark.parametrize(
    "arrange",
    [
        "LOCK TABLE catalog.records IN SHARE UPDATE EXCLUSIVE MODE",  # as VACUUM and ANALYZE do
        "UPDATE catalog.authors SET suffix = suffix WHERE FALSE",
    ],
)
def test_a_load_does_not_wait_for_who_vacuums_or_changes_the_tables(road: Road, arrange: str):
    road.ingest("city", "2020", DOCUMENTS)
    expected = Road(road.url, road.folder / "expected")
    other = psycopg2.connect(libpq_url(road.url))
    with other.cursor() as cursor:
        cursor.execute(arrange)
        road.ingest("city", "2021", [DOCUMENTS[0] | {"title": "Ærø", "author": ["Vane, Ben"]}])
        held = contents(road)
    other.close()
    road.clear()
    expected.ingest("city", "2020", DOCUMENTS)
    expected.ingest("city", "2021", [DOCUMENTS[0] | {"title": "Ærø", "author": ["Vane, Ben"]}])
    assert contents(expected) == held


def test_where_roles_can_be_made_without_a_superuser_questions_are_asked_as_the_reader(tmp_path: Path):
    """As on a managed server, whose administrator makes roles and databases and is no superuser."""
    with cluster(client_program("postgres").parent) as socket:
        ask_superuser(socket, "CREATE ROLE manager LOGIN CREATEDB CREATEROLE NOSUPERUSER")
        ask_superuser(socket, "CREATE DATABASE managed OWNER manager")
        road = Road(warehouse_url(f"postgresql+psycopg2://manager@/managed?host={socket}"), tmp_path)
        told: list[str] = []
        with connect(road.url) as connection:
            prepare(connection, told.append)
        road.ingest("city", "2020", DOCUMENTS)
        with ask(road.url, "SELECT current_user", 10, embedded=False, warn=told.append) as (_, rows):
            assert [tuple(row) for row in rows] == [("warehouse_reader",)]
        assert told == []
