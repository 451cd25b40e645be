"""File locks (flock) that hold for exactly one process.

The kernel drops a flock when the last descriptor of the opened file is closed, so it cannot outlive
its process, unless a child has a copy. No program started by ``exec`` gets one (O_CLOEXEC), and a
forked child closes its copies at once: it does not use the server because its parent does.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipelines.warehouse.server_account import open_file
from pipelines.warehouse.server_error import server_error

_POLL_SECONDS: Final = 0.02
_SECONDS_BETWEEN_NOTES: Final = 5.0


class FileLock:
    """A held lock on a file; made by :func:`acquire` and :func:`try_acquire`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = open_file(path, os.O_RDWR)
        _open_locks.add(self)

    @property
    def is_held(self) -> bool:
        """Whether this process holds the lock (a fork of the process that took it does not)."""
        return self.descriptor >= 0

    def names_its_file(self) -> bool:
        """Whether the path still leads to the locked file: the folder may have been removed and made anew."""
        try:
            return os.path.samestat(os.fstat(self.descriptor), os.stat(self.path))  # noqa: PTH116 - beside fstat
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let go of the lock, for copies of the descriptor in forked children too."""
        if self.is_held:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)
            self.close()

    def close(self) -> None:
        """Close this process's descriptor; whoever was given a copy goes on holding the lock."""
        if self.is_held:
            _open_locks.discard(self)
            descriptor, self.descriptor = self.descriptor, -1
            os.close(descriptor)


_open_locks: Final[set[FileLock]] = set()


def _close_in_forked_child() -> None:
    for lock in list(_open_locks):
        lock.close()


os.register_at_fork(after_in_child=_close_in_forked_child)


def try_acquire(path: Path, *, shared: bool = False) -> FileLock | None:
    """Lock ``path`` if that can be had at once.

    Raises ServerError where the file cannot be opened or its file system knows no locks.
    """
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    while True:
        try:
            lock = FileLock(path)
        except OSError as error:
            raise server_error(f"The lock {path} cannot be opened: {error}.", path.parent) from error
        try:
            fcntl.flock(lock.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        except OSError as error:
            lock.close()
            raise server_error(f"The file system of {path} has no file locks: {error}.", path.parent) from error
        if lock.names_its_file():
            return lock
        lock.close()


def acquire(path: Path, *, shared: bool = False, waiting: Callable[[float], None] = lambda _: None) -> FileLock:
    """Lock ``path``, as long as it takes; ``waiting`` is called every few seconds with the seconds so far.

    Raises ServerError as :func:`try_acquire` does.
    """
    began = noted = time.monotonic()
    while (lock := try_acquire(path, shared=shared)) is None:
        now = time.monotonic()
        if now - noted >= _SECONDS_BETWEEN_NOTES:
            waiting(now - began)
            noted = now
        time.sleep(_POLL_SECONDS)
    return lock


@contextmanager
def locked(path: Path, waiting: Callable[[float], None] = lambda _: None) -> Iterator[None]:
    """Hold the exclusive lock on ``path``. Raises ServerError as :func:`try_acquire` does."""
    lock = acquire(path, waiting=waiting)
    try:
        yield
    finally:
        lock.release()
