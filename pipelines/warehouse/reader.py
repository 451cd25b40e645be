"""Questions of people: as the role that reads, in a transaction that only reads, with a timeout."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.warehouse.connection import Notify, connect
from pipelines.warehouse.schema import READER_ROLE
from pipelines.warehouse.statements import statement

#: Rows fetched at a time, so that a large answer streams.
ROWS_AT_A_TIME: Final = 2_000

#: What the server says of a statement that gives no rows, and of one within another that would write.
_REFUSED: Final = re.compile(r"cannot open (.+) query as cursor")
_REFUSED_WITHIN: Final = re.compile(r"cannot execute (.+) in a read-only transaction")


class QueryError(RuntimeError):
    """The server refused a question; the message is the server's."""


@contextmanager
def ask(
    url: URL, question: str, timeout: int, *, embedded: bool, warn: Notify
) -> Iterator[tuple[Sequence[str], Iterator[Sequence[Any]]]]:
    """Columns and rows of one query, fetched as they are read. Raises :class:`QueryError`.

    ``timeout`` is in seconds; ``embedded`` says that the server is this program's own; ``warn`` is given a line
    where the question is asked with the rights of the URL's user.

    Everywhere the question is one statement in a transaction that only reads and that it cannot end: it changes
    no table, whoever asks. What else it may do depends:

    - The embedded server lets the reader in by name, so nothing the question says can make it more than a reader.
    - On another server the session of a superuser takes on the reader's name (SET SESSION AUTHORIZATION), so that
      it is the reader it falls back to; another user's session takes on its role (SET ROLE). Both keep honest
      questions to what the reader may see. Neither holds against a hostile one: Postgres lets
      ``set_config('session_authorization', …)`` undo the first and ``set_config('role', 'none', …)`` the second,
      and then the question reads what the URL's user may read, and a superuser's calls functions that reach
      outside its transaction (``lo_export``, ``pg_terminate_backend``). Whoever asks questions of strangers
      gives a URL whose user has no more rights than the reader.
    - Where the role is missing, or may not be taken on, the question has the rights of the URL's user.
    """
    began = time.monotonic()
    try:
        with reading(url, timeout, embedded=embedded, warn=warn) as connection:
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
        if isinstance(error, errors.QueryCanceled) and time.monotonic() - began >= timeout:
            # By the time and not by the words, which are in the server's language.
            raise QueryError(f"given up after {timeout} s; --timeout SECONDS gives a question more time") from error
        raise QueryError(_in_our_words(error)) from error


def _in_our_words(error: psycopg2.Error) -> str:
    """What the server says; where that is about the way in which it was asked, what to do instead."""
    # What follows tells of our own statement around the question.
    said = str(error).split("\nQUERY:")[0].split("\nCONTEXT:")[0].strip()
    if isinstance(error, errors.InvalidCursorDefinition):
        if "multi-query" in said:
            return "one statement at a time: ask each question by a query of its own"
        what = _REFUSED.search(said)
        return f"query only reads{f', and this is {what[1]}' if what else ''}: give one SELECT"
    if isinstance(error, errors.ReadOnlySqlTransaction):
        what = _REFUSED_WITHIN.search(said)
        # Of a WITH that changes something the server names but the SELECT around it.
        named = what[1] if what and what[1] != "SELECT" else "a change"
        return f"query only reads, and there is {named} in this: give one SELECT"
    if isinstance(error, errors.InsufficientPrivilege):
        return f"{said}; a question reads catalog and reporting, the owner (psql) everything"
    return said


@contextmanager
def reading(url: URL, timeout: int, *, embedded: bool, warn: Notify, one_state: bool = False) -> Iterator[Connection]:
    """A connection that only reads, as the reader where that can be; the parameters are as of :func:`ask`.

    A ``timeout`` of 0 is none; ``one_state`` is as of :func:`pipelines.warehouse.connection.connect`.
    """
    reader = url.set(username=READER_ROLE) if embedded else url
    with connect(reader, read_only=True, one_state=one_state) as connection:
        with connection.cursor() as cursor:
            # A question finds what the asker's own settings let it find.
            cursor.execute("RESET search_path")
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", (f"{timeout}s",))
        if not embedded and not _become_reader(connection):
            warn(f"warning: the role {READER_ROLE} cannot be used; the query reads with the rights of the URL's user")
        connection.commit()
        yield connection


def _become_reader(connection: Connection) -> bool:
    """Give up the session's rights for the reader's, as far as Postgres lets it; False where it does not."""
    # Since Postgres 16 a member may be one without the right to SET ROLE.
    right = "SET" if connection.server_version >= 160000 else "MEMBER"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asking.rolsuper, pg_has_role(asking.oid, reader.oid, %s)"
            " FROM pg_roles AS asking, pg_roles AS reader WHERE asking.rolname = session_user AND reader.rolname = %s",
            (right, READER_ROLE),
        )
        is_superuser, may_set = cursor.fetchone() or (False, False)
        if not may_set:
            return False
        command = "SET SESSION AUTHORIZATION {}" if is_superuser else "SET ROLE {}"
        cursor.execute(sql.SQL(command).format(sql.Identifier(READER_ROLE)))
    return True
