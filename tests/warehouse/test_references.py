"""What rows refer to is there, whether foreign keys look it up row by row or a load does so once for all."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from psycopg2 import errors
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.connection import WarehouseError, libpq_url
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.references import hold_what_is_referred_to, references_looked_up_at_once
from pipelines.warehouse.statements import statement

A_KEY = "INSERT INTO {table} (record_id, work_key_id, kind, key, origin) VALUES (%s, 7, 'AT', 'AT key', 'given')"
A_RECORD = """
INSERT INTO catalog.records (record_id, source, source_record_id, content_hash, changed_at, author_names)
VALUES (%s, 'library', '1', 1, now(), '{}')"""


@pytest.fixture
def connection(warehouse_url: str) -> Iterator[Connection]:
    """A transaction in which a load has made its temporary tables."""
    connection = psycopg2.connect(libpq_url(parse_url(warehouse_url)))
    with connection.cursor() as cursor:
        cursor.execute(statement("merge/stage"))
    yield connection
    connection.close()


def bring_a_key(connection: Connection, record_id: int) -> None:
    with connection.cursor() as cursor:
        for table in ("staged_record_work_keys", "catalog.record_work_keys"):
            cursor.execute(A_KEY.format(table=table), (record_id,))


def replication_role(connection: Connection) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        return str(cursor.fetchone()[0])  # type: ignore[index]


def test_a_row_that_refers_to_nothing_is_found_at_the_end(connection: Connection):
    with (
        pytest.raises(WarehouseError, match=r"catalog\.record_work_keys refer to 41, which catalog\.records"),
        references_looked_up_at_once(connection, may_rest=hold_what_is_referred_to(connection)),
    ):
        bring_a_key(connection, 41)


def test_foreign_keys_rest_within_and_hold_after(connection: Connection):
    with connection.cursor() as cursor:
        cursor.execute(A_RECORD, (42,))
    with references_looked_up_at_once(connection, may_rest=hold_what_is_referred_to(connection)):
        assert replication_role(connection) == "replica"
        bring_a_key(connection, 42)
    assert replication_role(connection) == "origin"
    with pytest.raises(errors.ForeignKeyViolation):
        bring_a_key(connection, 43)


def test_nobody_else_takes_away_meanwhile_what_rows_refer_to(connection: Connection, warehouse_url: str):
    other = psycopg2.connect(libpq_url(parse_url(warehouse_url)), options="-c lock_timeout=100")
    with (
        references_looked_up_at_once(connection, may_rest=hold_what_is_referred_to(connection)),
        other.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM catalog.authors")
        with pytest.raises(errors.LockNotAvailable):
            cursor.execute("DELETE FROM catalog.authors")
    other.close()


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
        references_looked_up_at_once(connection, may_rest=hold_what_is_referred_to(connection)),
    ):
        assert replication_role(connection) == "origin"
        bring_a_key(connection, 41)
