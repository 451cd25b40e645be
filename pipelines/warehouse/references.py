"""Look up what rows refer to once for all of them, where foreign keys would look it up row by row.

A foreign key asks for each row whether what it refers to is there, and locks it there. Of a delta that was the greater
part of the merge: some ten credits, links, identifiers and keys a record, each with one or two references.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from psycopg2 import errors
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.statements import statement
from pipelines.warehouse.tables import metadata

#: Names of the foreign keys of the schema itself.
_OURS: Final = sorted(
    f"{table.schema}.{table.name}.{key.name}"
    for table in metadata.tables.values()
    for key in table.foreign_key_constraints
)


def hold_what_is_referred_to(connection: Connection) -> bool:
    """Hold fast what rows of a load may refer to, until its transaction ends; whether foreign keys may then rest.

    Not where the server does not let this user do so (it takes a superuser, or SET on the parameter
    ``session_replication_role``), nor where what is referred to is being vacuumed or changed by somebody else, nor
    where triggers, rules or constraints of others are to be heard. First thing of a merge: a lock that is asked for
    when others are held already may be what two wait for in turn.
    """
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT rest")
        try:
            cursor.execute(statement("merge/hold"))
            cursor.execute("SET LOCAL session_replication_role TO replica")
            cursor.execute("SET LOCAL session_replication_role TO DEFAULT")
        except (errors.InsufficientPrivilege, errors.LockNotAvailable):
            cursor.execute("ROLLBACK TO SAVEPOINT rest")
            return False
        cursor.execute("RELEASE SAVEPOINT rest")
        # Asked with the locks: nobody adds any more.
        cursor.execute(statement("merge/constraints_of_others"), {"ours": _OURS})
        return cursor.fetchone() == (False,)


@contextmanager
def references_looked_up_at_once(connection: Connection, *, may_rest: bool) -> Iterator[None]:
    """Within, foreign keys ask nothing, if they ``may_rest``: at the end all rows that were staged are held to them.

    Raises :class:`WarehouseError` where a row refers to nothing.
    """
    if not may_rest:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role TO replica")
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
