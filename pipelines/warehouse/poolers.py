"""Poolers of connections, such as PgBouncer: whether one gives every transaction another session of the server.

Locks and settings of a load belong to its session. With a pooler in transaction mode they would be lost with the next
transaction, and stay with a session that others use ("Session based features" in PgBouncer's documentation).
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Final

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

#: How often it is tried to be given another's session: in a busy pool others may be faster.
_TRIES: Final = 5

#: Seconds that a second connection is waited for, and each of its answers. A pool lets wait whom it has no room for.
PATIENCE: Final = 5


def shares_sessions(connection: Connection, another: Callable[[], Connection | None]) -> bool:
    """Whether sessions of the server go from one connection to another while both are open.

    A server itself names the process of the session when it is connected to; a pooler names another, for it is asked
    before it has a session to give. Only then ``another`` connection is made. That two connections have one session,
    or one of them two, proves it; in a pool that others keep busy it may be missed. A pool that has no session for
    another connection while this one asks nothing (``another`` is None, or gets no answer for :data:`PATIENCE`
    seconds) has given one to this connection alone.
    """
    if _session(connection) == connection.info.backend_pid:
        return False
    for _ in range(_TRIES):
        # Anew each time: of several poolers at one address another may take it, and one may have been lost.
        other = another()
        if other is None:
            return False
        with closing(other):
            if _is_shared(connection, other):
                return True
    return False


def _is_shared(connection: Connection, other: Connection) -> bool:
    try:
        before = _session(connection)
        with _lost_in_time(other), other.cursor() as cursor:
            # The transaction stays open, and so keeps what it was given.
            cursor.execute("SELECT pg_backend_pid()")
            (taken,) = cursor.fetchone() or (0,)
        if taken == before:
            # Where there is no other session, this connection would now wait for that transaction to end.
            return True
        # Two programs that ask a pool of two sessions this at once would wait for each other.
        with _lost_in_time(other):
            after = _session(connection)
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        if connection.closed:
            raise
        return False
    return taken == after or before != after


@contextmanager
def _lost_in_time(other: Connection) -> Iterator[None]:
    """Lose the ``other`` connection, with what it waits for and holds, where what is done here takes too long.

    No timeout of the server helps: what waits in a pool has not come to the server.
    """
    with socket.socket(fileno=os.dup(other.fileno())) as end:
        timer = threading.Timer(PATIENCE, _hang_up, (end,))
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _hang_up(end: socket.socket) -> None:
    # It may be gone already.
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _session(connection: Connection) -> int:
    """The process of the server that answers a transaction of its own."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone() or (0,)
    return int(process)
