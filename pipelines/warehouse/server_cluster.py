"""A cluster's making, its settings, and the start of its server process."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psutil

from pipelines.warehouse.server_account import make_folder_for, open_file
from pipelines.warehouse.server_error import server_error
from pipelines.warehouse.server_listening import Listening
from pipelines.warehouse.server_place import Place
from pipelines.warehouse.server_watcher import SOCKET_FOLDER_PREFIX

DATABASE: Final = "warehouse"
SUPERUSER: Final = "postgres"
PORT: Final = 5432
_LARGEST_PORT: Final = 65535

_SETTINGS_FILE: Final = "warehouse.conf"
_ACCESS_FILE: Final = "warehouse_hba.conf"
_LOG_BYTES: Final = 10_000_000
_MEGABYTE: Final = 1 << 20
#: sockaddr_un holds 108 bytes on Linux and 104 on macOS and the BSDs, one of them the closing zero.
_SOCKET_PATH_BYTES: Final = 107 if os.uname().sysname == "Linux" else 103


def machine_memory() -> int:
    """Bytes of memory that this process may count on: the machine's, or less where a container is given less."""
    memory = int(psutil.virtual_memory().total)
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):  # no such control group, or the limit is the word "max"
            memory = min(memory, int(Path(limit).read_text(encoding="ascii")))
    return memory


def server_settings(memory: int) -> dict[str, str]:
    """The server's settings on a machine with ``memory`` bytes, by their names in postgresql.conf."""

    def share(divisor: int, least: int, most: int) -> str:
        return f"{min(most, max(least, memory // divisor // _MEGABYTE))}MB"

    return {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        # What a delta looks up lies anywhere in the tables: read from the kernel's memory it takes a third longer.
        "shared_buffers": share(4, 32, 8192),
        "maintenance_work_mem": share(16, 32, 512),
        "work_mem": share(128, 4, 64),
        "effective_cache_size": share(2, 64, 1 << 20),
        # A delta looks up few rows of large tables, which mostly lie in memory or on a disk without a moving arm:
        # the default of 4 makes the planner read such tables whole.
        "random_page_cost": "1.1",
        "max_parallel_maintenance_workers": "2",
        # A /dev/shm of 64 MB, as containers have it, breaks parallel hash joins.
        "dynamic_shared_memory_type": "mmap",
        # No replica and no archive: a COPY into a table made in its transaction then needs no log.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        # A load writes some 200 MB of log a second. The process that does so beside it wakes five times a second with
        # room for 16 MB, as a rule: what loads would write the rest itself, page by page.
        "wal_buffers": share(256, 1, 64),
        "wal_writer_delay": "10ms",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        # Off saves nothing at a COPY, and lost a committed million rows at a kill -9.
        "synchronous_commit": "on",
        "autovacuum": "on",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "log_autovacuum_min_duration": "-1",
    }


def create_cluster(place: Place, programs: Path, *, sync: bool = True) -> None:
    """Make the cluster with its database, whole or not at all. Raises ServerError.

    ``sync`` waits until all of it is on the disk: without, it may not outlive a failure of the machine.

    Sort order and case come from Postgres itself (the builtin C.UTF-8 of Postgres 17 and newer), so the
    caller's locale does not matter. Whoever can enter the socket's folder is trusted; there is no other way in.
    """
    for leftover in place.folder.glob(f"{place.data_directory.name}.new-*"):
        # The initdb of a killed start may still be at work in it, or clear it away itself: the rest goes next time.
        shutil.rmtree(leftover, ignore_errors=True)
    temporary = Path(tempfile.mkdtemp(prefix=f"{place.data_directory.name}.new-", dir=place.folder))
    make_folder_for(place.account, temporary)
    options = ["--username", SUPERUSER, "--no-instructions", "--no-sync", "--set", "dynamic_shared_memory_type=mmap"]
    options += ["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    options += ["--auth-local", "trust", "--auth-host", "reject"]
    _run(place, [programs / "initdb", "--pgdata", temporary, *options])
    _run(
        place,
        [programs / "postgres", "--single", "-D", temporary, "-c", "exit_on_error=on", "-c", "fsync=off", "template1"],
        f"CREATE DATABASE {DATABASE}\n",
    )
    _run(
        place,
        ["/bin/sh", "-c", 'cat >>"$1"', "sh", temporary / "postgresql.conf"],
        f"\n# Written anew at each start of the server; for settings of your own use ALTER SYSTEM.\n"
        f"include '{_SETTINGS_FILE}'\n",
    )
    if sync:
        _run(place, [programs / "initdb", "--sync-only", "--pgdata", temporary])
    temporary.rename(place.data_directory)
    folder = os.open(place.folder, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_settings(place: Place, settings: Mapping[str, str], listening: Listening | None) -> None:
    """Write the settings file that the cluster's postgresql.conf includes. Raises ServerError."""
    if listening is not None:
        # Without it the cluster's own file holds, which lets nobody in over TCP.
        access = place.data_directory / _ACCESS_FILE
        _write(place, access, listening.access(DATABASE, SUPERUSER))
        settings = {**settings, "listen_addresses": listening.host, "hba_file": str(access)}
    quoted = {name: value.replace("\\", "\\\\").replace("'", "''") for name, value in settings.items()}
    lines = "".join(f"{name} = '{value}'\n" for name, value in quoted.items())
    _write(place, place.data_directory / _SETTINGS_FILE, lines)


def _write(place: Place, file: Path, text: str) -> None:
    """Write a file of the cluster, as its user and whole or not at all."""
    _run(place, ["/bin/sh", "-c", 'cat >"$1.new" && mv -f "$1.new" "$1"', "sh", file], text)


def start_postmaster(place: Place, programs: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the server process of an existing cluster, apart from this one's terminal. Raises ServerError.

    ``port`` names its socket too. It writes to ``place.log_file``, and is reaped when it ends while this process still
    lives.
    """
    sockets = str(_socket_directory(place)).replace('"', '""')
    command = [str(programs / "postgres"), "-D", str(place.data_directory), "-p", str(port)]
    command += ["-c", f'unix_socket_directories="{sockets}"']
    try:
        log = open_log(place)
        try:
            process = place.account.start(command, log)
        finally:
            os.close(log)
    except OSError as error:
        raise server_error(f"Postgres cannot be started: {error}.", place.folder) from error
    reap_when_it_ends(process)
    return process


def keep_log_short(place: Place) -> None:
    """Before a start: put a long log aside as ``server.log.1``, where the one before it is lost."""
    with contextlib.suppress(FileNotFoundError):
        if place.log_file.lstat().st_size > _LOG_BYTES:
            place.log_file.replace(place.log_file.with_name("server.log.1"))


def open_log(place: Place) -> int:
    """The server's log, open for appending. Raises OSError."""
    return open_file(place.log_file, os.O_WRONLY | os.O_APPEND)


def reap_when_it_ends(process: subprocess.Popen[bytes]) -> None:
    """Leave no zombie behind, however long this process lives: a thread waits for the child's end."""
    threading.Thread(target=process.wait, name=f"reap-{process.pid}", daemon=True).start()


def is_socket_directory(folder: Path) -> bool:
    """Whether a socket in ``folder`` can be bound by Postgres and be named to libpq, in any locale.

    The path is short enough for the kernel; no comma, at which libpq splits a list of hosts; and written
    to the disk as psycopg2 writes it, in UTF-8.
    """
    path = folder / f".s.PGSQL.{_LARGEST_PORT}"
    try:
        encoded = str(path).encode()
    except UnicodeEncodeError:
        return False
    return len(encoded) <= _SOCKET_PATH_BYTES and b"," not in encoded and os.fsencode(path) == encoded


def _socket_directory(place: Place) -> Path:
    """The data folder (0700), or a new 0700 folder below a temporary one where its path will not do."""
    if is_socket_directory(place.data_directory):
        return place.data_directory
    for parent in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108 - made by mkdtemp
        # mkdtemp adds eight characters to the prefix.
        if not is_socket_directory(parent / f"{SOCKET_FOLDER_PREFIX}12345678"):
            continue
        if not parent.is_dir() or place.account.first_closed_folder(parent) is not None:
            continue
        folder = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER_PREFIX, dir=parent))
        make_folder_for(place.account, folder)
        return folder
    raise server_error("The path is too long for a Unix socket, and no temporary folder is short.", place.folder)


def _run(place: Place, command: list[str | Path], text: str = "") -> None:
    """Run a program as the server's user. Raises ServerError with all it wrote where it fails."""
    try:
        outcome = place.account.run(command, text)
    except OSError as error:
        raise server_error(
            f"{command[0]} cannot be run as user {place.account.name}: {error}.", place.folder
        ) from error
    if outcome.returncode != 0:
        raise server_error(f"{command[0]} failed as user {place.account.name}:\n{outcome.stdout.strip()}", place.folder)
