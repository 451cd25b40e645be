"""Signals that reach a process while it waits for the server.

Python runs a signal's handler between two of its own steps. While libpq waits for the answer of a long statement (a
COPY, an index, a lock) there are none, and Ctrl-C would do nothing for minutes. So a thread is told of the signal at
once (``signal.set_wakeup_fd``) and asks the server to cancel what it does; the wait ends, and the handler has its turn.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from typing import Final
from weakref import WeakSet

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_ACTIVE
from psycopg2.extensions import connection as Connection  # noqa: N812

#: A statement that was only on its way when the signal came is cancelled by a later look.
_LOOKS: Final = 20
_SECONDS_BETWEEN_LOOKS: Final = 0.25
#: Looks after which whoever waits for the end is told that the signal was heard.
_LOOKS_BEFORE_A_WORD: Final = 8
_STOPPING: Final = b"stopping, which takes some seconds\n"

_open: Final[WeakSet[Connection]] = WeakSet()
_interrupted: Final = threading.Event()
_listening = False


def register(connection: Connection) -> None:
    """Let signals cancel what a connection waits for."""
    _open.add(connection)


def was_interrupted() -> bool:
    """Whether a signal came: an error of a cancelled statement then stands for it.

    A handler that raises within psycopg2, which asks Python to decode a message or to read on, is lost there.
    """
    return _interrupted.is_set()


def cancel_on_signals() -> None:
    """Cancel what this process's connections wait for when SIGINT or SIGTERM comes. From the main thread, once."""
    global _listening  # noqa: PLW0603 - the interpreter has one such descriptor
    if _listening:
        return
    _listening = True
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_listen, args=(reading,), name="cancel-on-signals", daemon=True).start()


def _listen(reading: int) -> None:
    has_said_so = False
    while numbers := os.read(reading, 64):
        if {signal.SIGINT, signal.SIGTERM} & set(numbers):
            _interrupted.set()
            has_said_so = _cancel(has_said_so=has_said_so)


def _cancel(*, has_said_so: bool) -> bool:
    """Cancel the statements that are under way, and for some seconds those that follow; say once if it takes longer."""
    for look in range(_LOOKS):
        for connection in list(_open):
            # The connection may end while it is looked at.
            with contextlib.suppress(psycopg2.Error):
                if not connection.closed and connection.info.transaction_status == TRANSACTION_STATUS_ACTIVE:
                    connection.cancel()
        if look == _LOOKS_BEFORE_A_WORD and not has_said_so:
            # Nobody may read it any more; statements are cancelled all the same.
            with contextlib.suppress(OSError):
                os.write(2, b"\n" * os.isatty(2) + _STOPPING)
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return True
