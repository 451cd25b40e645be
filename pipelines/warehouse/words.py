"""The words by which publications are searched (``reporting.search``), made after loads, not within them.

A load only notes whose words are due. What is due is searched as it stands in the catalogue, so that an answer is
always that of the present; making words anew makes it fast again. Nothing is lost where that is interrupted.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL, Index
from sqlalchemy.schema import CreateIndex, DropIndex

from pipelines.stable_ids import stable_id
from pipelines.warehouse.connection import connect
from pipelines.warehouse.constraints import compiled
from pipelines.warehouse.statements import statement
from pipelines.warehouse.tables.words import publication_words

#: One process at a time makes words: the key of the advisory lock.
_LOCK: Final = stable_id("vufind-warehouse words")

#: Seconds for which searches that go on are waited for, and new ones wait as well.
_PATIENCE: Final = 2

#: Room for building the index, for this transaction alone.
_INDEX_MEMORY: Final = "512MB"


def note_due(connection: Connection) -> None:
    """Note within a load, from its staged tables, whose words are due."""
    with connection.cursor() as cursor:
        cursor.execute(statement("words/due"))


def note_all_due(connection: Connection) -> None:
    """Note within the open transaction that no words are made."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reporting.words_state SET is_complete = FALSE")


def refresh_words(url: URL) -> None:
    """Make the words that are due; loads and searches go on meanwhile.

    Where all are to be made, what loads change meanwhile becomes due as ever, and is made at the end. Only a load that
    touches a publication whose words are being made because they were due waits for them: they are few.
    """
    with connect(url) as connection:
        with connection, connection.cursor() as cursor:
            # The session's: freed with the connection, however it ends.
            cursor.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        if not _is_complete(connection):
            _take_index_off(connection)
            _make_all(connection)
        with connection, connection.cursor() as cursor:
            # Who says that all words are to be made waits until these are, and is not overruled by their end.
            cursor.execute("SELECT is_complete FROM reporting.words_state FOR UPDATE")
            if cursor.fetchone() == (True,):
                cursor.execute(statement("words/held"))
                cursor.execute(statement("words/refresh"))
                _have_index(connection)


def _make_all(connection: Connection) -> None:
    """Make the words of all publications as they are, if that is still to be done."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT is_complete FROM reporting.words_state FOR UPDATE")
        if cursor.fetchone() == (True,):
            return
        cursor.execute(sql.SQL("SET LOCAL maintenance_work_mem = {}").format(sql.Literal(_INDEX_MEMORY)))
        cursor.execute(statement("words/in_parallel"))
        cursor.execute(statement("words/make_all"))
        _have_index(connection)
        cursor.execute("ANALYZE reporting.publication_words")


def _index() -> Index:
    (index,) = publication_words.indexes
    return index


def _have_index(connection: Connection) -> None:
    """Build the index where it is missing; searches read on meanwhile, and only who changes words waits.

    It may be missing also when all words are made: where whoever took it off did not come to its end, and whoever made
    the words then may make no index. It then waits for one who may, and searches are slower until then.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NULL", (f"reporting.{_index().name}",))
        if cursor.fetchone() != (True,):
            return
        cursor.execute("SAVEPOINT without_index")
        try:
            cursor.execute(compiled(CreateIndex(_index())))
        except errors.InsufficientPrivilege:
            cursor.execute("ROLLBACK TO SAVEPOINT without_index")


def _is_complete(connection: Connection) -> bool:
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT is_complete FROM reporting.words_state")
        return cursor.fetchone() == (True,)


def _take_index_off(connection: Connection) -> None:
    """Take the index off before all words are made: built over them at the end it is far cheaper.

    In a transaction of its own, as no search goes on beside it, and no search needs it until all words are made. It
    stays where the user may not take it off, or where a search does not end.
    """
    with suppress(errors.InsufficientPrivilege, errors.LockNotAvailable), connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", (f"{_PATIENCE}s",))
        cursor.execute(compiled(DropIndex(_index(), if_exists=True)))
