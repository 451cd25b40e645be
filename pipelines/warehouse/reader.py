"""Questions of people: as the role that reads, in a transaction that only reads, with a timeout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from sqlalchemy import URL

from pipelines.warehouse.connection import connect
from pipelines.warehouse.schema import READER_ROLE
from pipelines.warehouse.statements import statement

#: Rows fetched at a time, so that a large answer streams.
ROWS_AT_A_TIME: Final = 2_000


class QueryError(RuntimeError):
    """The server refused a question; the message is the server's."""


@contextmanager
def ask(url: URL, question: str, timeout: int) -> Iterator[tuple[Sequence[str], Iterator[Sequence[Any]]]]:
    """Columns and rows of one query, fetched as they are read. Raises :class:`QueryError`.

    The embedded server lets the reader in by name, so nothing the question says can make it more than a
    reader; on another server the session gives its rights up before the question is asked. Either way the
    question is one statement in a transaction that only reads and that it cannot end.
    """
    embedded = url.host is None and url.password is None
    try:
        with connect(url.set(username=READER_ROLE) if embedded else url, read_only=True) as connection:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", (f"{timeout}s",))
                if not embedded and _may_become_reader(cursor):
                    cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(READER_ROLE)))
            connection.commit()
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('warehouse.question', %s, true)", (question,))
                cursor.execute(statement("ops/question"))
            with connection.cursor("question") as cursor:
                cursor.itersize = ROWS_AT_A_TIME
                first = cursor.fetchmany(ROWS_AT_A_TIME)
                columns = [column.name for column in cursor.description or ()]

                def rows() -> Iterator[Sequence[Any]]:
                    yield from first
                    yield from cursor

                yield columns, rows()
    except psycopg2.Error as error:
        # What follows tells of our own statement around the question.
        raise QueryError(str(error).split("\nQUERY:")[0].split("\nCONTEXT:")[0].strip()) from error


def _may_become_reader(cursor: Cursor) -> bool:
    cursor.execute("SELECT oid FROM pg_roles WHERE rolname = %s", (READER_ROLE,))
    row = cursor.fetchone()
    if row is None:
        return False
    cursor.execute("SELECT pg_has_role(current_user, %s::oid, 'MEMBER')", (row[0],))
    member = cursor.fetchone()
    return bool(member and member[0])
