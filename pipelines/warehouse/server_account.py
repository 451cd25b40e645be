"""Which operating system user runs the server, and what is done in that user's name.

Postgres refuses to run as root. Root's server therefore runs as the owner of the folder, so that the
owner can go on with it later, or else as an unprivileged user that exists already. Whatever has to be
written where that user may write is written by processes of that user: root follows no link there.
"""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.warehouse.server_error import server_error

#: Neither PG* variables nor the caller's locale, time zone or library path reach a program of the server.
PROGRAM_ENVIRONMENT: Final = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

#: Users that root's server may run as where the folder is root's own, best first.
_UNPRIVILEGED_USERS: Final = ("postgres", "nobody")

_ENTER_EACH = 'for folder; do cd "$folder" 2>/dev/null || { printf %s "$folder"; exit 1; }; done'


@dataclass(frozen=True)
class Account:
    """An operating system user, with the groups it is in."""

    name: str
    uid: int
    gid: int

    def _process_options(self) -> dict[str, Any]:
        """What ``subprocess`` needs to run a program as this user, apart from the caller's environment."""
        options: dict[str, Any] = {
            "cwd": "/",
            "env": PROGRAM_ENVIRONMENT,
            "umask": 0o077,
            "start_new_session": True,
        }
        if os.geteuid() != self.uid:
            groups = os.getgrouplist(self.name, self.gid)
            options |= {"user": self.uid, "group": self.gid, "extra_groups": groups}
        return options

    def run(self, command: Sequence[str | Path], text: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``command`` as this user with ``text`` as its input; output and errors come back together.

        Raises OSError where the user may not run the program.
        """
        return subprocess.run(
            command,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            **self._process_options(),
        )

    def start(self, command: Sequence[str], log: int) -> subprocess.Popen[bytes]:
        """Start ``command`` as this user, in a session of its own, writing to the open file ``log``. Raises OSError."""
        process: subprocess.Popen[bytes] = subprocess.Popen(
            command, text=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._process_options()
        )
        return process

    def first_closed_folder(self, folder: Path) -> Path | None:
        """The first folder on the way down to ``folder`` that this user cannot enter; None where all are open."""
        way_down = [*reversed(folder.parents), folder]
        outcome = self.run(["/bin/sh", "-c", _ENTER_EACH, "sh", *way_down])
        return None if outcome.returncode == 0 else Path(outcome.stdout)


def account_of(uid: int) -> Account | None:
    """The user of this number; None where the machine knows no such user."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def server_account(folder: Path, data_directory: Path) -> Account:
    """The user that the server of ``data_directory`` in ``folder`` runs as.

    Raises ServerError where this process may not run that server, or the user has no passwd entry:
    ``initdb`` and libpq ask for the user's name.
    """
    own_uid = os.geteuid()
    data_owner = data_directory.stat().st_uid if data_directory.exists() else None
    if own_uid != 0:
        account = account_of(own_uid)
        if account is None:
            raise server_error(
                f"The embedded Postgres cannot run here: user id {own_uid} has no entry in /etc/passwd.", folder
            )
        if data_owner not in (None, own_uid):
            owner = account_of(data_owner) if data_owner is not None else None
            raise server_error(
                f"The warehouse in {data_directory} belongs to user {owner.name if owner else data_owner}; "
                f"{account.name} cannot use its server.",
                folder,
            )
        return account
    if data_owner is not None:
        account = account_of(data_owner)
        if account is None or account.uid == 0:
            raise server_error(
                f"The warehouse in {data_directory} belongs to user id {data_owner}, as which no Postgres can run.",
                folder,
            )
        return account
    return _account_for_new_data(folder)


def _account_for_new_data(folder: Path) -> Account:
    """The user that root's new server in ``folder`` runs as: the folder's owner, else an unprivileged one."""
    owner = account_of(folder.stat().st_uid)
    if owner is not None and owner.uid != 0:
        return owner
    for name in _UNPRIVILEGED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise server_error(
        f"Postgres does not run as root, and this machine has none of the users {', '.join(_UNPRIVILEGED_USERS)}.",
        folder,
    )


def open_file(path: Path, flags: int) -> int:
    """Open a file of the server's folder, made if missing and then owned by the folder's owner.

    No link is followed: the folder may belong to someone else than the root that opens the file.
    Raises OSError.
    """
    flags |= os.O_CLOEXEC | os.O_NOFOLLOW
    while True:
        try:
            descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            try:
                descriptor = os.open(path, flags)
            except FileNotFoundError:
                continue
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode) or state.st_nlink > 1:
                os.close(descriptor)
                raise OSError(f"{path} is not a file of its own") from None
        else:
            give_to_owner_of_folder(descriptor, path.parent)
        return descriptor


def give_to_owner_of_folder(descriptor: int, folder: Path) -> None:
    """As root, give an open file or folder to the owner of ``folder``; as anybody else it is theirs already."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def make_folder_for(account: Account, folder: Path) -> None:
    """Give the new, empty ``folder`` (0700, made by this process) to ``account``."""
    if os.geteuid() != account.uid:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.fchown(descriptor, account.uid, account.gid)
        finally:
            os.close(descriptor)
