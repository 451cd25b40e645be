"""The embedded server on TCP: only when it is asked for, on the machine itself unless told otherwise, never without a
password.

Who comes in over TCP proves a password by SCRAM-SHA-256; the superuser does not come in at all. The role that reads is
given one, which stands in a file that only its owner reads (or comes from the environment); other roles get in once
somebody gives them one. The packaged server has no TLS: off the machine, whoever sees the network sees the rows.
"""

from __future__ import annotations

import fcntl
import ipaddress
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import encrypt_password

from pipelines.warehouse.secret_files import read_secret, refuse_if_others_read
from pipelines.warehouse.server_account import open_file
from pipelines.warehouse.server_error import ServerError, server_error
from pipelines.warehouse.statements import statement

PASSWORD_VARIABLE: Final = "WAREHOUSE_READER_PASSWORD"  # noqa: S105 - a name
PASSWORD_FILE_VARIABLE: Final = "WAREHOUSE_READER_PASSWORD_FILE"  # noqa: S105 - a name

#: The file of the home in which a password stands that was made up.
PASSWORD_FILE: Final = "reader-password"  # noqa: S105 - a name

_WAY_OUT_OF_NO_PASSWORD: Final = (
    f"Way out: a file with the password in its only line, which only its owner can read (chmod 600), "
    f"or {PASSWORD_VARIABLE}; without either one is made up."
)

#: Bytes of chance in a password that is made up.
_CHANCE: Final = 32

#: One name or address; a comma would make it several.
_HOST: Final = re.compile(r"[A-Za-z0-9._:%-]+|\*")

_LOOPBACK: Final = ("127.0.0.1/32", "::1/128")


@dataclass(frozen=True)
class Listening:
    """Where the server listens. Raises ServerError for what is no host."""

    host: str
    """A name or an address of this machine; ``*`` for all."""
    port: int

    def __post_init__(self) -> None:
        if not _HOST.fullmatch(self.host):
            raise ServerError(f"{self.host!r} is no host to listen on: give one name or address")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can come in."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def access(self, database: str, superuser: str) -> str:
        """The server's ``pg_hba.conf``: who comes in from where, and how; the first line that fits counts."""
        addresses = _LOOPBACK if self.is_loopback else ("all",)
        return "".join(
            [
                "# Written anew at each start of the server.\n",
                "local all all trust\n",
                f"host all {superuser} all reject\n",
                *(f"host {database} all {address} scram-sha-256\n" for address in addresses),
            ]
        )


def reader_password(home: Path) -> tuple[str, str]:
    """The password of the reader, and where it stands: the environment, a file it names, else a file of the home.

    That one is made with a password nobody has thought up if it is missing. Raises ServerError where a file cannot be
    read or written, is empty, or others can read it (:mod:`pipelines.warehouse.secret_files`).
    """
    if password := os.environ.get(PASSWORD_VARIABLE):
        return password, PASSWORD_VARIABLE
    named = os.environ.get(PASSWORD_FILE_VARIABLE)
    file = Path(named) if named else home / PASSWORD_FILE
    try:
        password = read_secret(file) if named else _kept(file)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror or error if isinstance(error, OSError) else error
        what = f"The password of the reader cannot be had from {file}: {why}."
        raise server_error(what, home, way_out=_WAY_OUT_OF_NO_PASSWORD) from None
    if not password:
        raise server_error(f"There is no password in {file}.", home, way_out=_WAY_OUT_OF_NO_PASSWORD)
    return password, str(file)


def _kept(file: Path) -> str:
    """What a file of the home says, made with a new password where it is new."""
    descriptor = open_file(file, os.O_RDWR)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as opened:
        # Of two that begin at the same moment one makes it up.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        refuse_if_others_read(descriptor, file)
        if password := opened.read().strip("\r\n"):
            return password
        password = secrets.token_urlsafe(_CHANCE)
        opened.write(f"{password}\n")
        return password


def give_password(connection: Connection, role: str, password: str) -> None:
    """Give a role its password within the open transaction: only what proves it is sent, which no log gives away."""
    proof = encrypt_password(password, role, connection, "scram-sha-256")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(proof)))


def put_settings_back(connection: Connection) -> None:
    """Give the reader the settings it is served with, which whoever has its password may have changed for all."""
    with connection.cursor() as cursor:
        cursor.execute(statement("roles/serve"))
