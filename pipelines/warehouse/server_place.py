"""Where the warehouse's data lie, and whose they are.

A home that the server's user can enter holds everything. Root's home below a closed folder
(``/root/...``) cannot: nothing of root's is opened for that; the data go to a folder of their own
below :data:`FALLBACK_ROOT`, and a pointer file in the home says where.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.warehouse.server_account import Account, give_to_owner_of_folder, server_account
from pipelines.warehouse.server_error import server_error
from pipelines.warehouse.server_locks import locked
from pipelines.warehouse.server_programs import programs_version

#: Below it lie the data of homes that the server's user cannot enter.
FALLBACK_ROOT = Path("/var/lib/vufind-warehouse")
#: The file in such a home that names the folder.
POINTER_NAME: Final = "postgres-location"


@dataclass(frozen=True)
class Place:
    """Where one warehouse's server lives; nothing of it needs to exist yet but ``folder``."""

    folder: Path
    """Holds the locks, the log and the data."""
    account: Account
    """Runs the server."""
    programs: Path
    """The ``bin`` folder of Postgres, as this process can run it."""
    version: str
    """Of those programs, such as ``18.6``."""

    @property
    def data_directory(self) -> Path:
        """The cluster."""
        return self.folder / data_directory_name(self.version)

    @property
    def log_file(self) -> Path:
        """What the server and its watcher write."""
        return self.folder / "server.log"

    @property
    def start_lock(self) -> Path:
        """Held by whoever starts the server."""
        return self.folder / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by the processes that use the server."""
        return self.folder / "users.lock"

    @property
    def watcher_lock(self) -> Path:
        """Held by the watcher as long as it lives."""
        return self.folder / "watcher.lock"


def data_directory_name(version: str) -> str:
    """The name of a cluster's folder: a new major version of Postgres needs a new cluster (dump and restore)."""
    return f"postgres-{version.partition('.')[0]}"


def locate(home: Path, programs: Path) -> Place:
    """Where the server of ``home`` lives or would live, without making anything.

    Raises ServerError where the home points to a folder that is gone, or this user may not run that server.
    """
    folder = pointed_folder(home) or home
    version = programs_version(programs)
    data_directory = folder / data_directory_name(version)
    try:
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        account = server_account(existing, data_directory)
    except PermissionError as error:
        raise server_error(f"The folder of the warehouse is closed to this user: {error}.", folder) from error
    return Place(folder, account, programs, version)


def settle(home: Path, programs: Path, notify: Callable[[str], None]) -> Place:
    """:func:`locate`, with ``home`` made if missing, and a place found that the server's user can enter.

    Raises ServerError too where data of another major version lie there, or no place can be had.
    """
    if "\n" in str(home):
        raise server_error("Postgres cannot live in a folder with a line break in its name.", home)
    try:
        _make_home(home)
    except OSError as error:
        raise server_error(f"The folder of the warehouse cannot be made: {error}.", home) from error
    place = locate(home, programs)
    if os.geteuid() == 0:
        with locked(home / "start.lock"):
            place = _where_the_account_can_enter(home, locate(home, programs), notify)
    _refuse_older_data(place)
    return place


def pointed_folder(home: Path) -> Path | None:
    """The folder that ``home`` names as the place of its data, if it does. Raises ServerError if that is gone."""
    pointer = home / POINTER_NAME
    try:
        folder = Path(os.fsdecode(pointer.read_bytes().strip()))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise server_error(f"{pointer} cannot be read: {error}.", home) from error
    if not folder.is_dir():
        raise server_error(
            f"The data of this warehouse lay in {folder}, which is gone. Bring that folder back, "
            f"or remove {pointer} to begin with an empty warehouse.",
            home,
        )
    return folder


def _make_home(home: Path) -> None:
    """Make ``home``; root makes it for the owner of the folder above, and enterable whatever the umask."""
    if os.geteuid() != 0:
        home.mkdir(parents=True, exist_ok=True)
        return
    if home.is_dir():
        return
    if not home.parent.is_dir():
        _make_parent(home.parent)
    _make_enterable(home)


def _make_parent(folder: Path) -> None:
    if not folder.parent.is_dir():
        _make_parent(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        _give(folder)


def _make_enterable(folder: Path) -> None:
    """Make ``folder`` (0755) in one step, so that no other process sees it before everyone may enter it."""
    temporary = Path(tempfile.mkdtemp(prefix=".vufind-warehouse-", dir=folder.parent))
    _give(temporary)
    temporary.chmod(0o755)
    try:
        temporary.rename(folder)
    except OSError:
        temporary.rmdir()
        if not folder.is_dir():
            raise


def _give(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        give_to_owner_of_folder(descriptor, folder.parent)
    finally:
        os.close(descriptor)


def _where_the_account_can_enter(home: Path, place: Place, notify: Callable[[str], None]) -> Place:
    """``place``, or one below :data:`FALLBACK_ROOT` if the account cannot enter it and no data are there yet."""
    account = place.account
    closed = account.first_closed_folder(place.folder)
    if closed is None:
        return place
    trouble = f"Root's Postgres runs as user {account.name}, who cannot enter {closed}"
    if place.data_directory.exists() or place.folder != home:
        raise server_error(f"{trouble}.", place.folder)
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    try:
        FALLBACK_ROOT.parent.mkdir(parents=True, exist_ok=True)
        if not FALLBACK_ROOT.exists():
            _make_enterable(FALLBACK_ROOT)
        older = sorted(str(folder) for folder in FALLBACK_ROOT.glob(f"{mark}-*"))
        folder = Path(tempfile.mkdtemp(prefix=f"{mark}-", dir=FALLBACK_ROOT))
        folder.chmod(0o755)
        closed = account.first_closed_folder(folder)
        if closed is not None:
            folder.rmdir()
            raise server_error(f"{trouble}, nor {closed}.", home)
        _write_pointer(home, folder)
    except OSError as error:
        raise server_error(f"{trouble}; and {FALLBACK_ROOT} cannot be used instead: {error}.", home) from error
    notify(f"{trouble}: the data of this warehouse lie in {folder} (named in {home / POINTER_NAME}).")
    if older:
        notify(f"Earlier warehouses of the same home are still in {', '.join(older)}.")
    return Place(folder, account, place.programs, place.version)


def _write_pointer(home: Path, folder: Path) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=f".{POINTER_NAME}-", dir=home)
    with os.fdopen(descriptor, "wb") as pointer:
        pointer.write(os.fsencode(folder) + b"\n")
        pointer.flush()
        os.fsync(pointer.fileno())
    Path(temporary).replace(home / POINTER_NAME)


def _refuse_older_data(place: Place) -> None:
    """Never start an empty warehouse beside a full one of another major version."""
    if place.data_directory.exists():
        return
    others = [path for path in place.folder.glob("postgres-*") if re.fullmatch(r"postgres-\d+", path.name)]
    if others:
        raise server_error(
            f"The warehouse in {others[0]} was made by another version of Postgres than {place.version}. Dump it "
            "with the vufind-warehouse that made it (pg_dump), rename the folder, then restore into the new one.",
            place.folder,
        )
