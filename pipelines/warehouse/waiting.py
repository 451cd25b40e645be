"""Who waits for a lock that somebody else holds says so, and whose it is.

A load waits for whoever is at the rows or tables that it writes: an analyst's LOCK TABLE, a transaction that somebody
left open. No statement of its own can tell, since that is the one that waits; so a second connection asks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_ACTIVE
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.statements import statement

#: Seconds between two looks; the second connection is made with the first of them.
LOOK_EVERY: float = 3.0

#: Seconds for the second connection, and for each of its answers.
_PATIENCE: Final = 5


@contextmanager
def told_of_waits(connection: Connection, notify: Callable[[str], None]) -> Iterator[None]:
    """While this lasts, ``notify`` is told every few seconds, from another thread, for whom the session waits.

    The session is in no transaction on entry. What cannot be asked is not told, and hinders nothing: a server that has
    no further connection to give, or is gone, is for the session itself to notice. A pool is not asked: it might have
    no room for a second session until the first one ends.
    """
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone() or (0,)
    if pid != connection.info.backend_pid:
        # A pooler tells another number when it is connected to.
        yield
        return
    ended = threading.Event()
    looking = threading.Thread(target=_look, args=(connection, pid, ended, notify), name="waits", daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join(_PATIENCE)


def _look(connection: Connection, pid: int, ended: threading.Event, notify: Callable[[str], None]) -> None:
    """Look until it has ended; the thread's whole life."""
    is_waiting = False
    try:
        # The first look is far off for most loads: no connection is made for them.
        while not ended.wait(LOOK_EVERY):
            if connection.info.transaction_status == TRANSACTION_STATUS_ACTIVE:
                break
        else:
            return
        with closing(_another(connection)) as other:
            while not ended.is_set():
                held_by = _held_by(other, pid)
                if held_by:
                    notify(f"waiting for a lock: {held_by}")
                elif is_waiting:
                    notify("the lock is there, going on")
                is_waiting = bool(held_by)
                ended.wait(LOOK_EVERY)
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        return


def _another(connection: Connection) -> Connection:
    info = connection.info
    settings: dict[str, Any] = info.dsn_parameters | {"password": info.password, "connect_timeout": _PATIENCE}
    other: Connection = psycopg2.connect(**settings)
    other.set_session(readonly=True, autocommit=True)
    with other.cursor() as cursor:
        cursor.execute(statement("ops/dialect"))
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", (f"{_PATIENCE}s",))
    return other


def _held_by(other: Connection, pid: int) -> str:
    """Who holds what the session ``pid`` waits for, in words; empty where it waits for nobody."""
    with other.cursor() as cursor:
        cursor.execute(statement("ops/blockers"), {"pid": pid})
        rows = cursor.fetchall()
    return "; ".join(_in_words(*row) for row in rows)


def _in_words(pid: int, user: str | None, program: str | None, state: str | None, seconds: float | None) -> str:
    if not pid:
        return "a prepared transaction holds it (pg_prepared_xacts)"
    since = "" if seconds is None else f"in its transaction for {seconds:,.0f} s"
    known = ", ".join(each for each in (user and f"user {user}", program, state, since) if each)
    return f"session {pid} holds it ({known or 'it has just ended'})"
