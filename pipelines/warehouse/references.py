"""Look up what rows refer to once for all of them, where foreign keys would look it up row by row.

A foreign key asks for each row whether what it refers to is there, and locks it there. Of a delta that was the greater
part of the merge: some ten credits, links, identifiers and keys a record, each with one or two references.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2 import errors
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.statements import statement


@contextmanager
def references_looked_up_at_once(connection: Connection) -> Iterator[None]:
    """Within, foreign keys ask nothing; at the end all rows that were staged are held to what foreign keys promise.

    Nobody else can take away what they refer to before the transaction ends. Where the server does not let this user
    do so (it takes a superuser, or SET on the parameter ``session_replication_role``), or where triggers of others
    are to fire, foreign keys ask as ever. Raises :class:`WarehouseError` where a row refers to nothing.
    """
    if not _foreign_keys_rest(connection):
        yield
        return
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role TO DEFAULT")
        cursor.execute(statement("merge/dangling"))
        dangling = cursor.fetchone()
    if dangling:
        child, parent, key = dangling
        raise WarehouseError(
            f"rows of {child} refer to {key}, which {parent} does not hold; nothing was loaded. "
            "Please report this: frames of a dump never do so"
        )


def _foreign_keys_rest(connection: Connection) -> bool:
    """Let foreign keys rest in this transaction, if that can be, and hold fast what rows may refer to."""
    with connection.cursor() as cursor:
        cursor.execute(statement("merge/foreign_triggers"))
        if cursor.fetchone() == (True,):
            return False
        cursor.execute("SAVEPOINT rest")
        try:
            # Readers and this load go on; who wants to delete rows waits.
            cursor.execute("LOCK TABLE catalog.records, catalog.authors IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("SET LOCAL session_replication_role TO replica")
        except errors.InsufficientPrivilege:
            cursor.execute("ROLLBACK TO SAVEPOINT rest")
            return False
        cursor.execute("RELEASE SAVEPOINT rest")
    return True
