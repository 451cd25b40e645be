"""Somebody who owns a database and has no other right has a whole warehouse: no superuser, no extension, no role."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from pipelines.warehouse.connection import connect
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.reader import ask
from pipelines.warehouse.schema import ROLES, prepare
from tests.end_to_end.road import Road

USER = "warehouse_test_ordinary"

DOCUMENTS = [
    {"id": "1", "title": "A study of rivers", "author": ["Núñez, Ana"], "url": ["http://example.org/1"]},
    {"id": "2", "title": "A study of rivers", "author": ["Nunez, Ana"], "isbn": ["9780306406157"]},
]


@pytest.fixture
def ordinary(postgres_server: sqlalchemy.URL, warehouse_url: str) -> Iterator[Road]:
    """An empty database that belongs to a user who may do nothing else."""
    engine = sqlalchemy.create_engine(postgres_server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    database = parse_url(warehouse_url).database
    with engine.connect() as connection:
        asking = "SELECT rolsuper, rolname FROM pg_roles WHERE rolname = current_user"
        is_superuser, asked_by = connection.exec_driver_sql(asking).one()
        user = USER if is_superuser else asked_by
        if is_superuser:
            known = f"SELECT count(*) FROM pg_roles WHERE rolname = '{USER}'"
            if not connection.exec_driver_sql(known).scalar():
                connection.exec_driver_sql(f"CREATE ROLE {USER} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB")
            connection.exec_driver_sql(f"ALTER DATABASE {database} OWNER TO {USER}")
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-road-") as folder:
        yield Road(parse_url(warehouse_url).set(username=user), Path(folder))


def test_the_warehouse_is_made_and_filled_and_says_what_it_goes_without(ordinary: Road):
    there = set(ordinary.values("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", list(ROLES)))
    told: list[str] = []
    with connect(ordinary.url) as connection:
        prepare(connection, told.append)
    missing = [line for line in told if "is missing and" in line]
    assert [role for role in ROLES if any(role in line for line in missing)] == [r for r in ROLES if r not in there]
    if "warehouse_owner" in there:
        # Another warehouse's on this server, which this user is no member of.
        assert any("belongs to" in line and "not to warehouse_owner" in line for line in told)
    assert all(line.startswith("warning: ") for line in told)

    ordinary.ingest("library", "2020", DOCUMENTS)
    ordinary.ingest("library", "2021", [{**DOCUMENTS[1], "title": "Lakes"}], "full")
    assert ordinary.rows("SELECT source_record_id, title FROM reporting.records") == [("2", "Lakes")]
    assert ordinary.values("SELECT extname FROM pg_extension ORDER BY 1") == ["plpgsql"]

    told.clear()
    question = "SELECT title FROM reporting.works"
    with ask(ordinary.url, question, 60, embedded=False, warn=told.append) as (columns, answer):
        assert (list(columns), [tuple(row) for row in answer]) == (["title"], [("Lakes",)])
    assert told == [
        "warning: the role warehouse_reader cannot be used; the query reads with the rights of the URL's user"
    ]
