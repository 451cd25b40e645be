"""Look up what rows refer to once for all of them, where foreign keys would look it up row by row.

A foreign key asks for each row whether what it refers to is there, and locks it there. Of a delta that was the greater
part of the merge: some ten credits, links, identifiers and keys a record, each with one or two references. Nearly all
refer to what came with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.statements import statement
from pipelines.warehouse.tables import metadata

#: Names of the foreign keys of the schema itself.
_OURS: Final = sorted(
    f"{table.schema}.{table.name}.{key.name}"
    for table in metadata.tables.values()
    for key in table.foreign_key_constraints
)

#: The tables that rows of a load refer to, and by what.
_REFERRED_TO: Final = {
    "catalog.records": "record_id",
    "catalog.authors": "author_id",
    "catalog.publications": "publication_id",
    "catalog.works": "work_id",
}

#: Those of them that are held fast, all or none: who has changed rows of one and would change another waits for the
#: load then, and must have nothing that it waits for. Of the others few rows are referred to that did not come along.
_HELD_FAST: Final = frozenset({"catalog.records", "catalog.authors"})


def hold_what_is_referred_to(connection: Connection) -> frozenset[str] | None:
    """Hold fast tables that rows of a load may refer to, until its transaction ends.

    Returns which are held: none where one is being vacuumed or changed by somebody else. None itself where foreign keys
    may not rest: where the server does not let this user do so (it takes a superuser, or SET on the parameter
    ``session_replication_role``), and where triggers, rules or constraints of others are to be heard. First thing of a
    merge: a lock that is asked for when others are held already may be what two wait for in turn.
    """
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT rest")
        try:
            cursor.execute(statement("merge/hold"))
            cursor.execute("SET LOCAL session_replication_role TO replica")
            cursor.execute("SET LOCAL session_replication_role TO DEFAULT")
        except errors.InsufficientPrivilege:
            cursor.execute("ROLLBACK TO SAVEPOINT rest")
            return None
        cursor.execute("RELEASE SAVEPOINT rest")
        # Asked with the locks: nobody adds any more.
        cursor.execute(statement("merge/constraints_of_others"), {"ours": _OURS})
        if cursor.fetchone() != (False,):
            return None
        cursor.execute("SAVEPOINT hold")
        try:
            cursor.execute(statement("merge/hold_fast"))
            held = _HELD_FAST
        except errors.LockNotAvailable:
            cursor.execute("ROLLBACK TO SAVEPOINT hold")
            held = frozenset()
        cursor.execute("RELEASE SAVEPOINT hold")
        return held


@contextmanager
def references_looked_up_at_once(connection: Connection, held: frozenset[str] | None) -> Iterator[None]:
    """Within, foreign keys ask nothing: at the end all rows that were staged are held to them.

    ``held``: what :func:`hold_what_is_referred_to` said. Of other tables what is referred to is locked row by row, if
    it did not come with the load; where it is None foreign keys ask as ever.

    Raises :class:`WarehouseError` where a row refers to nothing.
    """
    if held is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role TO replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role TO DEFAULT")
        cursor.execute(statement("merge/apart"), {"are_held": held == _HELD_FAST})
        for parent, key in _REFERRED_TO.items():
            _refuse_dangling(cursor, parent, key, is_held=parent in held)


def _refuse_dangling(cursor: Cursor, parent: str, key: str, *, is_held: bool) -> None:
    """Raise where rows refer to what a table does not hold."""
    schema, name = parent.split(".")
    lock = sql.SQL("FOR KEY SHARE OF {}").format(sql.Identifier(name))
    text = sql.SQL(statement("merge/dangling").string).format(
        parent=sql.Identifier(schema, name),
        name=sql.Identifier(name),
        key=sql.Identifier(key),
        lock=sql.SQL("") if is_held else lock,
    )
    cursor.execute(text, {"parent": parent})
    if dangling := cursor.fetchone():
        child, lacking = dangling
        raise WarehouseError(
            f"rows of {child} refer to {lacking}, which {parent} does not hold; nothing was loaded. If somebody took "
            "it away by hand meanwhile, run it again; if nobody did, please report this: frames of a dump never do so"
        )
