"""The words by which publications are searched (``reporting.search``), made after loads, not within them.

A load only notes whose words are due. What is due is searched as it stands in the catalogue, so that an answer is
always that of the present; making words anew makes it fast again. Nothing is lost where that is interrupted.
"""

from __future__ import annotations

from typing import Final

from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL
from sqlalchemy.schema import CreateIndex, DropIndex

from pipelines.records import stable_id
from pipelines.warehouse.connection import connect
from pipelines.warehouse.schema import compiled
from pipelines.warehouse.statements import statement
from pipelines.warehouse.tables.words import publication_words

#: One process at a time makes words: the key of the advisory lock.
_LOCK: Final = stable_id("vufind-warehouse words")

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
    """Make the words that are due, in a transaction of its own; loads go on meanwhile."""
    with connect(url) as connection, connection, connection.cursor() as cursor:
        # Freed with the transaction, however it ends.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        cursor.execute("SELECT is_complete FROM reporting.words_state")
        (is_complete,) = cursor.fetchone() or (False,)
        if is_complete:
            cursor.execute(statement("words/refresh"))
        else:
            _make_all(connection)


def _make_all(connection: Connection) -> None:
    """Make all words; the index is built over them where the user may take it off before, which is far cheaper."""
    (index,) = publication_words.indexes
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL maintenance_work_mem = {}").format(sql.Literal(_INDEX_MEMORY)))
        cursor.execute("SAVEPOINT with_index")
        try:
            cursor.execute(compiled(DropIndex(index)))
        except errors.InsufficientPrivilege:
            cursor.execute("ROLLBACK TO SAVEPOINT with_index")
            cursor.execute(statement("words/make_all"))
        else:
            cursor.execute(statement("words/make_all"))
            cursor.execute(compiled(CreateIndex(index)))
        cursor.execute("ANALYZE reporting.publication_words")
