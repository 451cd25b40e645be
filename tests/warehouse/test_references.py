"""What rows refer to is there, whether foreign keys look it up row by row or a load does so once for all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import psycopg2
import pytest
from psycopg2 import errors
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.connection import WarehouseError, libpq_url
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.references import hold_what_is_referred_to, references_looked_up_at_once
from pipelines.warehouse.statements import statement

A_RECORD = """
INSERT INTO catalog.records (record_id, source, source_record_id, content_hash, changed_at, author_names)
VALUES (%s, 'library', %s, 1, now(), '{}')"""
#: Rows of each table that a load fills, as it stages them too: the ids that they refer to go in.
ROWS = {
    "records": "(record_id, source, source_record_id, content_hash, changed_at, publication_id, work_id)"
    " VALUES (43, 'library', '43', 1, now(), %s, %s)",
    "publications": "(publication_id, work_id, canonical_record_id, record_count, source_count)"
    " VALUES (52, %s, %s, 1, 1)",
    "works": "(work_id, canonical_publication_id, publication_count, record_count) VALUES (62, %s, 1, 1)",
    "record_authors": "(record_id, position, author_id, source_field, name_as_written)"
    " VALUES (%s, 1, %s, 'author', 'Roe')",
    "links": "(record_id, position, link_id, url, url_as_written, kind, is_valid)"
    " VALUES (%s, 1, 1, 'a', 'a', 'other', true)",
    "record_identifiers": "(record_id, scheme, value, value_as_written, source_field, is_valid)"
    " VALUES (%s, 'doi', '10.1/a', '10.1/a', 'doi_str_mv', true)",
    "record_work_keys": "(record_id, work_key_id, kind, key, origin) VALUES (%s, 7, 'AT', 'AT key', 'given')",
    "work_evidence": "(record_id_a, record_id_b, verdict, rule, reason, score, decided_at)"
    " VALUES (%s, %s, 'duplicate', 'doi', 'same DOI', 1, now())",
}  # fmt: skip
A_WORK = (
    "INSERT INTO catalog.works (work_id, canonical_publication_id, publication_count, record_count)"
    " VALUES (%s, %s, 1, 1)"
)
A_PUBLICATION = (
    "INSERT INTO catalog.publications (publication_id, work_id, canonical_record_id, record_count, source_count)"
    " VALUES (%s, %s, %s, 1, 1)"
)
AN_AUTHOR = "INSERT INTO catalog.authors (author_id, heading_key, name, kind) VALUES (%s, 'roe', 'Roe', 'person')"


#: What a merge knows of the records that it touches, as far as references are concerned.
RECORDS_BEFORE = "CREATE TEMPORARY TABLE records_before (record_id bigint, publication_id bigint, work_id bigint)"


@pytest.fixture
def connection(warehouse_url: str) -> Iterator[Connection]:
    """A transaction in which a load has made its temporary tables."""
    connection = psycopg2.connect(libpq_url(parse_url(warehouse_url)))
    with connection.cursor() as cursor:
        cursor.execute(statement("merge/stage"))
        cursor.execute(RECORDS_BEFORE)
    yield connection
    connection.close()


def bring(connection: Connection, table: str, *refers_to: int) -> None:
    """A row that refers to these, into the table and what is staged for it."""
    with connection.cursor() as cursor:
        for name in (f"staged_{table}", f"catalog.{table}"):
            cursor.execute(f"INSERT INTO {name} {ROWS[table]}", refers_to)


def bring_a_key(connection: Connection, record_id: int) -> None:
    bring(connection, "record_work_keys", record_id)


def replication_role(connection: Connection) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        return str(cursor.fetchone()[0])  # type: ignore[index]


@pytest.mark.parametrize(
    ("child", "refers_to", "lacking"),
    [
        ("record_authors", (41, 9), "records"),
        ("record_authors", (42, 41), "authors"),
        ("links", (41,), "records"),
        ("record_identifiers", (41,), "records"),
        ("record_work_keys", (41,), "records"),
        ("work_evidence", (41, 42), "records"),
        ("work_evidence", (40, 41), "records"),
        ("records", (41, None), "publications"),
        ("records", (None, 41), "works"),
        ("publications", (41, 42), "works"),
        ("publications", (60, 41), "records"),
        ("works", (41,), "publications"),
        ("record_authors", (42, 9), None),
        ("work_evidence", (40, 42), None),
        ("records", (50, 60), None),
        ("records", (51, 61), None),
        ("records", (None, None), None),
        ("publications", (61, 42), None),
        ("publications", (60, 40), None),
        ("works", (50,), None),
        ("works", (51,), None),
    ],
)
def test_every_reference_is_looked_up(
    connection: Connection, child: str, refers_to: tuple[int, ...], lacking: str | None
):
    """40, 50 and 60 came with the load, 42, 51, 61 and the heading 9 were there before it; 41 is nowhere."""
    with connection.cursor() as cursor:
        for record, publication, work in ((40, 50, 60), (42, 51, 61)):
            cursor.execute(A_RECORD, (record, str(record)))
            cursor.execute(A_WORK, (work, publication))
            cursor.execute(A_PUBLICATION, (publication, work, record))
        for table, key, number in (
            ("records", "record", 40),
            ("publications", "publication", 50),
            ("works", "work", 60),
        ):
            cursor.execute(f"INSERT INTO staged_{table} SELECT * FROM catalog.{table} WHERE {key}_id = {number}")
        cursor.execute(AN_AUTHOR, (9,))
    expected = (
        pytest.raises(WarehouseError, match=rf"catalog\.{child} refer to 41, which catalog\.{lacking} does not")
        if lacking
        else nullcontext()
    )
    with expected, references_looked_up_at_once(connection, hold_what_is_referred_to(connection)):
        bring(connection, child, *refers_to)


@pytest.mark.parametrize("is_held", [True, False])
@pytest.mark.parametrize("before", [(50, 60), (51, 60), (50, 61), (None, None)])
def test_the_groups_in_which_a_known_record_stays_are_not_locked(
    connection: Connection, warehouse_url: str, before: tuple[int | None, int | None], *, is_held: bool
):
    """Where records are not held fast, somebody else may have taken the record out of its groups meanwhile."""
    url = libpq_url(parse_url(warehouse_url))
    busy, other = psycopg2.connect(url), psycopg2.connect(url, options="-c lock_timeout=100")
    with busy.cursor() as cursor:
        for publication, work in ((50, 60), (51, 61)):
            cursor.execute("SET session_replication_role TO replica")
            cursor.execute(A_WORK, (work, publication))
            cursor.execute(A_PUBLICATION, (publication, work, 42))
        busy.commit()
        if not is_held:
            cursor.execute("LOCK TABLE catalog.records IN SHARE UPDATE EXCLUSIVE MODE")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO records_before VALUES (43, %s, %s)", before)
    locked = set()
    with references_looked_up_at_once(connection, hold_what_is_referred_to(connection)):
        bring(connection, "records", 50, 60)
    for table, key in (("publications", "publication_id = 50"), ("works", "work_id = 60")):
        with other.cursor() as cursor:
            try:
                cursor.execute(f"SELECT FROM catalog.{table} WHERE {key} FOR UPDATE")
            except errors.LockNotAvailable:
                locked.add(table)
        other.rollback()
    differs = {name for name, stays in (("publications", before[0] == 50), ("works", before[1] == 60)) if not stays}
    assert locked == (differs if is_held else {"publications", "works"})
    busy.close()
    other.close()


@pytest.mark.parametrize("are_held", [True, False])
def test_what_rows_refer_to_is_asked_by_joins_however_small_the_memory(connection: Connection, *, are_held: bool):
    """A subquery that does not fit into it would be looked through for each row."""
    question, _, _ = statement("merge/apart").string.partition(";")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_before SELECT n, n, n FROM generate_series(1, 20000) AS n; SET work_mem = 64"
        )
        cursor.execute("ANALYZE records_before")
        cursor.execute(f"EXPLAIN {question}", {"are_held": are_held})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "SubPlan" not in plan, plan


def test_foreign_keys_rest_within_and_hold_after(connection: Connection):
    with connection.cursor() as cursor:
        cursor.execute(A_RECORD, (42, "1"))
    with references_looked_up_at_once(connection, hold_what_is_referred_to(connection)):
        assert replication_role(connection) == "replica"
        bring_a_key(connection, 42)
    assert replication_role(connection) == "origin"
    with pytest.raises(errors.ForeignKeyViolation):
        bring_a_key(connection, 43)


def test_nobody_else_takes_away_meanwhile_what_rows_refer_to(connection: Connection, warehouse_url: str):
    other = psycopg2.connect(libpq_url(parse_url(warehouse_url)), options="-c lock_timeout=100")
    with (
        references_looked_up_at_once(connection, hold_what_is_referred_to(connection)),
        other.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM catalog.authors")
        with pytest.raises(errors.LockNotAvailable):
            cursor.execute("DELETE FROM catalog.authors")
    other.close()


def test_where_somebody_is_at_a_table_what_rows_refer_to_is_held_row_by_row(connection: Connection, warehouse_url: str):
    """As while a table is being vacuumed: the load does not wait, and foreign keys rest all the same."""
    url = libpq_url(parse_url(warehouse_url))
    busy, other = psycopg2.connect(url), psycopg2.connect(url, options="-c lock_timeout=100")
    with busy.cursor() as cursor:
        cursor.execute(A_RECORD, (42, "42"))
        cursor.execute(AN_AUTHOR, (9,))
        busy.commit()
        cursor.execute("LOCK TABLE catalog.records IN SHARE UPDATE EXCLUSIVE MODE")
    held = hold_what_is_referred_to(connection)
    assert held == frozenset()
    with references_looked_up_at_once(connection, held):
        assert replication_role(connection) == "replica"
        bring(connection, "record_authors", 42, 9)
    for lost in ("catalog.records", "catalog.authors"):
        with other.cursor() as cursor, pytest.raises(errors.LockNotAvailable):
            cursor.execute(f"DELETE FROM {lost}")
        other.rollback()
    busy.close()
    other.close()


@pytest.mark.parametrize(("refers_to", "lacking"), [((41, 9), "records"), ((42, 41), "authors")])
def test_references_are_looked_up_where_somebody_is_at_their_tables(
    connection: Connection, warehouse_url: str, refers_to: tuple[int, int], lacking: str
):
    busy = psycopg2.connect(libpq_url(parse_url(warehouse_url)))
    with busy.cursor() as cursor:
        cursor.execute(A_RECORD, (42, "42"))
        cursor.execute(AN_AUTHOR, (9,))
        busy.commit()
        cursor.execute("LOCK TABLE catalog.records, catalog.authors IN SHARE UPDATE EXCLUSIVE MODE")
    with (
        pytest.raises(WarehouseError, match=rf"refer to 41, which catalog\.{lacking} does not"),
        references_looked_up_at_once(connection, hold_what_is_referred_to(connection)),
    ):
        bring(connection, "record_authors", *refers_to)
    busy.close()


def as_one_who_may_not_let_them_rest(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE pg_write_all_data")


def with_a_trigger_of_somebody_else(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER audit BEFORE INSERT ON catalog.links FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        )


def with_a_foreign_key_of_somebody_else(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.notes (record_id bigint REFERENCES catalog.records)")


def with_a_rule_of_somebody_else(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE RULE nothing AS ON INSERT TO catalog.links DO INSTEAD NOTHING")


def with_a_key_of_somebody_else_that_is_looked_at_later(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog.links ADD CONSTRAINT once UNIQUE (record_id, url_as_written) DEFERRABLE")


@pytest.mark.parametrize(
    "arrange",
    [
        as_one_who_may_not_let_them_rest,
        with_a_trigger_of_somebody_else,
        with_a_foreign_key_of_somebody_else,
        with_a_rule_of_somebody_else,
        with_a_key_of_somebody_else_that_is_looked_at_later,
    ],
)
def test_where_they_cannot_rest_foreign_keys_ask_as_ever(connection: Connection, arrange):
    arrange(connection)
    with (
        pytest.raises(errors.ForeignKeyViolation),
        references_looked_up_at_once(connection, hold_what_is_referred_to(connection)),
    ):
        assert replication_role(connection) == "origin"
        bring_a_key(connection, 41)
