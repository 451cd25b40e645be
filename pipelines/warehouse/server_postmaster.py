"""The server process and its watcher: found, recognised for what they are, waited for, started."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import psutil

from pipelines.warehouse import server_watcher
from pipelines.warehouse.server_account import PROGRAM_ENVIRONMENT
from pipelines.warehouse.server_cluster import (
    DATABASE,
    PORT,
    SUPERUSER,
    create_cluster,
    keep_log_short,
    machine_memory,
    open_log,
    reap_when_it_ends,
    server_settings,
    start_postmaster,
    write_settings,
)
from pipelines.warehouse.server_error import last_lines, server_error
from pipelines.warehouse.server_listening import Listening
from pipelines.warehouse.server_locks import try_acquire
from pipelines.warehouse.server_place import Place
from pipelines.warehouse.server_programs import account_programs
from pipelines.warehouse.server_watcher import (
    PostmasterFile,
    listening_pid,
    read_postmaster_file,
    remove_socket_folder,
    stop_postmaster,
)

#: A server that lives but whose socket is gone (cleaned away) is given up after this many seconds.
SECONDS_WITHOUT_SOCKET = 10.0
#: Whoever waits for a server is told so as often.
SECONDS_BETWEEN_NOTES = 5.0

_POLL_SECONDS: Final = 0.01


def is_ready(place: Place, postmaster: PostmasterFile) -> bool:
    """Whether the server accepts connections, asked only once its own file says so.

    Raises ServerError where that cannot be asked.
    """
    if postmaster.status != "ready" or postmaster.socket_directory is None:
        return False
    command = [str(place.programs / "pg_isready"), "--quiet", "--timeout", "10"]
    command += ["-h", str(postmaster.socket_directory), "-p", str(postmaster.port), "-U", SUPERUSER, "-d", DATABASE]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False, env=PROGRAM_ENVIRONMENT)
    if outcome.returncode not in (0, 1, 2):  # accepting, rejecting, no response
        raise server_error(f"{command[0]} failed: {outcome.stderr.strip()}", place.folder)
    return outcome.returncode == 0


def _is_postgres_of(process: psutil.Process, data_directory: Path) -> bool:
    """Whether a process is a Postgres, alive, at work in the data folder (every one of its processes sits there)."""
    try:
        return (
            process.status() != psutil.STATUS_ZOMBIE
            and process.name().startswith("postgres")
            and Path(process.cwd()).samefile(data_directory)
        )
    except (psutil.Error, OSError):  # gone meanwhile, or another user's, as no server of ours can be
        return False


def _is_postmaster_of(pid: int, data_directory: Path) -> bool:
    try:
        return _is_postgres_of(psutil.Process(pid), data_directory)
    except (psutil.NoSuchProcess, ValueError):
        return False


def lives(place: Place, postmaster: PostmasterFile) -> bool:
    """Whether the server that ``postmaster.pid`` names exists: a stale file's number may be a stranger's by now."""
    return listening_pid(postmaster.socket_path) is not None or _is_postmaster_of(postmaster.pid, place.data_directory)


def find_running(place: Place, notify: Callable[[str], None]) -> PostmasterFile | None:
    """The server that runs already, once it is ready; None, with all its traces removed, where none does.

    To be called under the start lock.
    """
    progress = _Progress(place, notify)
    socket_seen = time.monotonic()
    while (postmaster := read_postmaster_file(place.data_directory)) is not None:
        if is_ready(place, postmaster):
            return postmaster
        if listening_pid(postmaster.socket_path) is not None:
            socket_seen = time.monotonic()
        elif _is_postmaster_of(postmaster.pid, place.data_directory):
            if time.monotonic() - socket_seen > SECONDS_WITHOUT_SOCKET:
                notify(f"The socket of the server in {place.folder} is gone: starting it anew.")
                stop_postmaster(place.data_directory, postmaster.pid)
        elif not _any_process_of(place.data_directory):
            _remove_traces(place, postmaster)
            return None
        progress.wait()
    return None


def _any_process_of(data_directory: Path) -> bool:
    """Whether any Postgres process is at work in the data folder.

    A backend may survive its killed postmaster for a while; a second server beside it would ruin the data.
    """
    return any(_is_postgres_of(process, data_directory) for process in psutil.process_iter())


def _remove_traces(place: Place, postmaster: PostmasterFile) -> None:
    """Remove what a dead server left, none of whose processes lives.

    Postgres copes with its own stale files (its own and its socket's), but not where any process of the same user has
    the number in them by now, or where one is empty. A dead server that nobody has waited for yet has its number too.
    """
    if postmaster.pid == 0 or psutil.pid_exists(postmaster.pid):
        (place.data_directory / "postmaster.pid").unlink(missing_ok=True)
        if postmaster.socket_path is not None:
            postmaster.socket_path.with_name(f"{postmaster.socket_path.name}.lock").unlink(missing_ok=True)
    remove_socket_folder(postmaster.socket_directory)


class _Progress:
    """The pause between two looks at a server, with a line to the user every few seconds."""

    def __init__(self, place: Place, notify: Callable[[str], None]) -> None:
        self._place = place
        self._notify = notify
        self._began = self._noted = time.monotonic()

    def wait(self) -> None:
        """Pause, and say how long it has taken so far and what the server wrote last."""
        time.sleep(_POLL_SECONDS)
        now = time.monotonic()
        if now - self._noted > SECONDS_BETWEEN_NOTES:
            self._noted = now
            written = "".join(last_lines(self._place.log_file, count=1))
            self._notify(
                f"Waiting {now - self._began:.0f} s for the server in {self._place.folder}. Its log says: {written}"
            )


def start(
    place: Place, settings: Mapping[str, str], listening: Listening | None, notify: Callable[[str], None]
) -> PostmasterFile:
    """Start the server, and make its cluster first where there is none; wait until it is ready.

    To be called under the start lock, where no server runs. Raises ServerError with the end of its log.
    """
    programs = account_programs(place.account, place.programs, place.folder)
    if not place.data_directory.exists():
        create_cluster(place, programs, sync=settings.get("fsync") != "off")
    write_settings(place, server_settings(machine_memory()) | dict(settings), listening)
    keep_log_short(place)
    log_from = place.log_file.stat().st_size if place.log_file.exists() else 0
    process = start_postmaster(place, programs, PORT if listening is None else listening.port)
    progress = _Progress(place, notify)
    while True:
        postmaster = read_postmaster_file(place.data_directory)
        if postmaster is not None and postmaster.pid == process.pid and is_ready(place, postmaster):
            return postmaster
        if process.poll() is not None:
            raise server_error(
                f"Postgres ended with code {process.returncode} before it was ready.",
                place.folder,
                log_file=place.log_file,
                log_from=log_from,
            )
        progress.wait()


def ensure_watcher(place: Place) -> None:
    """Start a watcher unless one lives. Raises ServerError.

    The lock that says so is taken here and handed over open, so there is no moment without it.
    """
    lock = try_acquire(place.watcher_lock)
    if lock is None:
        return
    try:
        log = open_log(place)
        try:
            command = [sys.executable, "-I", "-S", server_watcher.__file__]
            command += [str(place.users_lock), str(place.data_directory), str(lock.descriptor)]
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                pass_fds=[lock.descriptor],
                start_new_session=True,
            )
        finally:
            os.close(log)
    except OSError as error:
        raise server_error(f"The watcher cannot be started: {error}.", place.folder) from error
    finally:
        lock.close()
    reap_when_it_ends(process)
