"""The watcher: a tiny process of its own that stops the server when its last user is gone, however it went.

Every user process holds a shared flock on the users' lock. The kernel drops it when the process ends,
by ``kill -9`` too; then the watcher's wait for the exclusive lock is over, and as long as the watcher
holds it nobody can begin to use the server that is being stopped.

It runs as a script under ``python -I -S``, so it may import nothing but the standard library; what it
knows about a server's ``postmaster.pid`` and its socket is used by :mod:`pipelines.warehouse.server` too.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import struct
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

#: A socket folder outside the data folder begins with this and is removed with its server.
SOCKET_FOLDER_PREFIX: Final = "vufind-warehouse-socket-"

_POLL_SECONDS: Final = 0.02
#: A server whose starter was killed at once may not listen yet: look again so often, so many seconds apart.
_LOOKS: Final = 50
_SECONDS_BETWEEN_LOOKS: Final = 0.1


class PostmasterFile(NamedTuple):
    """What a server writes of itself into ``postmaster.pid`` (Postgres 18, ``miscadmin.h``, LOCK_FILE_LINE_*)."""

    pid: int
    """Process id; 0 where the file is empty or torn."""
    started_at: int
    """Seconds since the epoch; 0 where unknown."""
    port: int
    socket_directory: Path | None
    host: str
    """The first address on which it listens; empty where it does on none."""
    status: str
    """``starting``, ``ready``, ``stopping``, ``standby`` or empty."""

    @property
    def socket_path(self) -> Path | None:
        """The server's Unix socket."""
        return None if self.socket_directory is None else self.socket_directory / f".s.PGSQL.{self.port}"


def read_postmaster_file(data_directory: Path) -> PostmasterFile | None:
    """What ``postmaster.pid`` in ``data_directory`` says; None where there is none."""
    try:
        content = (data_directory / "postmaster.pid").read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    lines = [os.fsdecode(line).strip() for line in content.split(b"\n")] + [""] * 8

    def number(line: str) -> int:
        # A server in single-user mode writes its process id with a minus.
        return abs(int(line)) if line.lstrip("-").isdecimal() else 0

    return PostmasterFile(
        pid=number(lines[0]),
        started_at=number(lines[2]),
        port=number(lines[3]),
        socket_directory=Path(lines[4]) if lines[4].startswith("/") else None,
        host=lines[5],
        status=lines[7],
    )


def listening_pid(socket_path: Path | None) -> int | None:
    """The process that listens on a Unix socket, as the kernel knows it; None where nobody does.

    0 stands for a process this one cannot see (another container on the same folder).
    """
    if socket_path is None:
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5)
        try:
            connection.connect(os.fsencode(socket_path))
            if sys.platform == "darwin":
                return connection.getsockopt(0, 2)  # SOL_LOCAL, LOCAL_PEERPID
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        except OSError:
            return None
    pid: int = struct.unpack("3i", credentials)[0]
    return pid


def is_alive(pid: int) -> bool:
    """Whether a process of this id exists and is not a zombie that nobody has reaped yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except OSError:
        return True
    return state not in (b"Z", b"X")


def stop_postmaster(data_directory: Path, pid: int) -> None:
    """Ask the server ``pid`` of ``data_directory`` for a fast shutdown and wait, as long as it takes, for its end."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    while (current := read_postmaster_file(data_directory)) and current.pid == pid and is_alive(pid):
        time.sleep(_POLL_SECONDS)


def remove_socket_folder(socket_directory: Path | None) -> None:
    """Remove the socket folder a server no longer needs, if it was made for the socket alone."""
    if socket_directory is None or not socket_directory.name.startswith(SOCKET_FOLDER_PREFIX):
        return
    with contextlib.suppress(OSError):  # removed already, or by a cleaner of the temporary folder: all the same
        for leftover in socket_directory.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)
        socket_directory.rmdir()


def stop_server(data_directory: Path) -> bool:
    """Stop the server of ``data_directory``; False where there is none.

    It is signalled only if the very process that ``postmaster.pid`` names listens on the socket that
    the file names: a number out of a stale file may be a stranger's by now.
    """
    postmaster = read_postmaster_file(data_directory)
    if postmaster is None or postmaster.pid <= 1 or listening_pid(postmaster.socket_path) != postmaster.pid:
        return False
    stop_postmaster(data_directory, postmaster.pid)
    remove_socket_folder(postmaster.socket_directory)
    return True


def watch(users_lock: Path, data_directory: Path, watcher_lock: int) -> None:
    """Wait until nobody uses the server of ``data_directory``, then stop it.

    ``watcher_lock`` is an open, locked file that says there is a watcher. It is closed before the
    users' lock, so whoever comes next either waits for that one or sees that a new watcher is needed.
    """
    users = os.open(users_lock, os.O_RDWR | os.O_CLOEXEC)
    for look in range(_LOOKS):
        if look:
            fcntl.flock(users, fcntl.LOCK_UN)
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        fcntl.flock(users, fcntl.LOCK_EX)
        try:
            same_file = os.path.samestat(os.fstat(users), os.stat(users_lock))  # noqa: PTH116 - beside fstat
        except FileNotFoundError:
            same_file = False
        # A folder that was removed and made anew has a lock, users and a watcher of its own.
        if not same_file or stop_server(data_directory):
            break
    os.close(watcher_lock)
    os.close(users)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
