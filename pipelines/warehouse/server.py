"""The embedded Postgres: one server for a folder, as long as any process uses it.

    with running_server(Path("var")) as server:
        engine = sqlalchemy.create_engine(server.url)

The first process that enters starts the server, and makes the warehouse if there is none; the others
find it running. When the last one is gone, a watcher process stops it (:mod:`.server_watcher`), also if
they were killed. What is left over of any crash is recognised and mended by the next one that enters.

It installs no signal handler and needs no ``atexit``, so it can be used in a daemon, in a thread and in
worker processes. Each process that uses the server enters for itself; a forked child does not inherit it.
"""

from __future__ import annotations

import datetime
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pipelines.warehouse.connection import forget_libpq_variables
from pipelines.warehouse.server_cluster import DATABASE, SUPERUSER
from pipelines.warehouse.server_error import ServerError, server_error
from pipelines.warehouse.server_listening import Listening
from pipelines.warehouse.server_locks import acquire, locked
from pipelines.warehouse.server_place import Place, locate, settle
from pipelines.warehouse.server_postmaster import ensure_watcher, find_running, is_ready, lives, start
from pipelines.warehouse.server_programs import packaged_programs
from pipelines.warehouse.server_watcher import PostmasterFile, read_postmaster_file

__all__ = ["Server", "ServerError", "Status", "client_program", "running_server", "server_status"]

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Server:
    """A running server, as a process that uses it needs it."""

    data_directory: Path
    socket_directory: Path
    port: int
    pid: int
    version: str
    log_file: Path

    @property
    def url(self) -> str:
        """SQLAlchemy's URL of the warehouse."""
        return "postgresql+psycopg2" + self._address

    @property
    def libpq_url(self) -> str:
        """The same for psql, pg_dump and everything else that is libpq's."""
        return "postgresql" + self._address

    @property
    def _address(self) -> str:
        host = quote(os.fsencode(self.socket_directory), safe="")
        return f"://{SUPERUSER}@/{DATABASE}?host={host}&port={self.port}"


@dataclass(frozen=True)
class Status:
    """A server that was found without starting one."""

    server: Server
    state: str
    """``ready``, ``starting`` (which a recovery after a crash is, too) or ``stopping``."""
    started_at: datetime.datetime
    """In UTC."""


@contextmanager
def running_server(
    home: Path,
    *,
    notify: Callable[[str], None] = _logger.info,
    settings: Mapping[str, str] | None = None,
    listening: Listening | None = None,
    programs: Path | None = None,
) -> Iterator[Server]:
    """The server of the folder ``home``, running and ready as long as the context is entered.

    ``notify`` is given a line whenever something takes more than a few seconds, and where the data lie if
    they cannot lie in ``home``. ``settings`` go over the usual ones if this call starts the server.
    ``listening`` asks for TCP as well, which a server that runs already must have been started with.
    ``programs`` is another Postgres's ``bin`` folder than the package's.
    From here on no variable of libpq tells this process anything.
    Raises ServerError; never gives up on a recovery that goes on.
    """
    forget_libpq_variables()
    place = settle(_absolute(home), programs or packaged_programs(), notify)
    users = acquire(
        place.users_lock,
        shared=True,
        waiting=lambda seconds: notify(f"Waiting {seconds:.0f} s for the server in {place.folder} to stop."),
    )
    try:
        waiting = "Waiting {:.0f} s for another process that starts the server in {}."
        with locked(place.start_lock, lambda seconds: notify(waiting.format(seconds, place.folder))):
            ensure_watcher(place)
            postmaster = find_running(place, notify)
            if postmaster is None:
                postmaster = start(place, settings or {}, listening, notify)
            elif listening not in (None, Listening(postmaster.host, postmaster.port) if postmaster.host else None):
                raise ServerError(
                    f"The server in {place.folder} runs already, and listens "
                    + (f"on {postmaster.host}:{postmaster.port}" if postmaster.host else "on no address")
                    + ": end the commands that use it, and begin with this one."
                )
        yield _server(place, postmaster)
    finally:
        # In a fork of the user process, and in a folder removed meanwhile, there is nothing to let go of.
        if users.is_held and users.names_its_file():
            ensure_watcher(place)
        users.release()


def server_status(home: Path, *, programs: Path | None = None) -> Status | None:
    """The server of the folder ``home`` as it is now, without starting one; None where none runs.

    Raises ServerError where that server is not this user's to see.
    """
    place = locate(_absolute(home), programs or packaged_programs())
    try:
        postmaster = read_postmaster_file(place.data_directory)
    except PermissionError as error:
        raise server_error(f"The warehouse cannot be looked at: {error}.", place.folder) from error
    if postmaster is None or not lives(place, postmaster):
        return None
    state = "ready" if is_ready(place, postmaster) else "stopping" if postmaster.status == "stopping" else "starting"
    return Status(
        _server(place, postmaster), state, datetime.datetime.fromtimestamp(postmaster.started_at, datetime.UTC)
    )


def client_program(name: str) -> Path:
    """A program of Postgres such as ``psql`` or ``pg_dump``. Raises ServerError where there is no such program."""
    program = packaged_programs() / name
    if not program.is_file():
        raise server_error(f"There is no Postgres program {name}.", program.parent)
    return program


def _absolute(home: Path) -> Path:
    return home.expanduser().resolve()


def _server(place: Place, postmaster: PostmasterFile) -> Server:
    socket_directory = postmaster.socket_directory or place.data_directory
    return Server(
        place.data_directory, socket_directory, postmaster.port, postmaster.pid, place.version, place.log_file
    )
