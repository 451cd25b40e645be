"""Poolers of connections, such as PgBouncer: whether one gives every transaction another session of the server.

Locks and settings of a load belong to its session. With a pooler in transaction mode they would be lost with the next
transaction, and stay with a session that others use ("Session based features" in PgBouncer's documentation).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Final

from psycopg2.extensions import connection as Connection  # noqa: N812

#: How often it is tried to be given another's session: in a busy pool others may be faster.
_TRIES: Final = 3


def shares_sessions(connection: Connection, another: Callable[[], Connection]) -> bool:
    """Whether sessions of the server go from one connection to another while both are open.

    A server itself names the process of the session when it is connected to; a pooler names another, for it is asked
    before it has a session to give. Only then ``another`` connection is made. That two connections have one session,
    or one of them two, proves it; in a pool that others keep busy it may be missed.
    """
    if _session(connection) == connection.info.backend_pid:
        return False
    with closing(another()) as other:
        return any(_is_shared(connection, other) for _ in range(_TRIES))


def _is_shared(connection: Connection, other: Connection) -> bool:
    before = _session(connection)
    with other.cursor() as cursor:
        # Its transaction stays open, and so keeps what it was given.
        cursor.execute("SELECT pg_backend_pid()")
        (taken,) = cursor.fetchone() or (0,)
    after = _session(connection)
    other.rollback()
    return taken in (before, after) or before != after


def _session(connection: Connection) -> int:
    """The process of the server that answers a transaction of its own."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone() or (0,)
    return int(process)
