"""A warehouse as one file, and back: what ``pg_dump`` and ``pg_restore`` do, with the schemas and roles that are ours.

One state of the warehouse is written, while loads go on. It is restored where nothing is yet, whole or not at all;
the schema of an earlier version is migrated then, and roles get their rights. Frames of dumps and Dagster's history of
runs are files of the home, and no part of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.warehouse.connection import Notify, WarehouseError, connect, libpq_environment, load_lock
from pipelines.warehouse.schema import SCHEMAS, migrate, schema_version
from pipelines.warehouse.server import client_program
from pipelines.warehouse.statements import statement
from pipelines.warehouse.tables import metadata

#: In the table of contents of an archive of ``pg_dump``: what no database has that is no warehouse.
_OF_A_WAREHOUSE: Final = b" TABLE ops warehouse_version "

#: What pg_restore of Postgres 17 and later sets first, and servers before know nothing of.
_UNKNOWN_TO_OLDER: Final = b"SET transaction_timeout = 0;\n"
#: The last of what it sets: rows may hold whatever they like.
_LAST_SETTING: Final = b"SET row_security"

#: How pg_dump goes on behind what went wrong: with a statement that names all tables.
_STATEMENT: Final = re.compile(r"\s*pg_dump: (?:detail: )?(?:Query|The command|Command) was: .*")

_NOTHING_RESTORED: Final = "nothing was restored"

_PIPED_BYTES: Final = 1 << 20


def back_up(url: URL, path: Path) -> int:
    """Write the warehouse to the file ``path``, in pg_dump's own format, and give its size in bytes.

    The file is there whole or not at all; one that was there is replaced. Raises :class:`WarehouseError` with what
    pg_dump says, and OSError where the file cannot be written.
    """
    with connect(url, read_only=True) as connection:
        by_tls = connection.info.ssl_in_use
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    # Before the server is asked for anything: pg_dump would say less of it. Nobody else may read it.
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        schemas = [f"--schema={name}" for name in SCHEMAS]
        with _program(url, "pg_dump", ["--format=custom", *schemas, f"--file={beside}"], by_tls=by_tls) as dumping:
            dumping.end("no backup was written")
        size = beside.stat().st_size
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return size


def restore(url: URL, path: Path, notify: Notify = lambda _: None) -> None:
    """Read a file of :func:`back_up`, or of pg_dump, into a database with no warehouse, or one that holds nothing.

    Raises :class:`WarehouseError` where anything is in the warehouse, where the file holds no warehouse, or one of a
    newer version, and with what pg_restore or psql say; in all cases but the newer version nothing is restored.
    """
    with connect(url) as connection:
        by_tls = connection.info.ssl_in_use
        with _program(url, "pg_restore", ["--list", str(path)], by_tls=by_tls) as listing:
            contents = listing.output.read()
            listing.end(f"{_NOTHING_RESTORED} from {path}")
        if _OF_A_WAREHOUSE not in contents:
            raise WarehouseError(f"{path}: there is no warehouse in it; {_NOTHING_RESTORED}")
        with load_lock(connection, notify):
            _restore(connection, url, path, notify, by_tls=by_tls)


def _restore(connection: Connection, url: URL, path: Path, notify: Notify, *, by_tls: bool) -> None:
    """Restore an archive that holds a warehouse, under the lock of loads."""
    _run_script(url, path, _room(connection), by_tls=by_tls)
    migrate(connection, notify)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement("ops/another_warehouse"))
        # The planner knows nothing of what was restored.
        tables = sql.SQL(", ").join(sql.Identifier(str(each.schema), each.name) for each in metadata.tables.values())
        cursor.execute(sql.SQL("ANALYZE {}").format(tables))


def _room(connection: Connection) -> str:
    """What takes away the tables of a warehouse that holds nothing, and for which the restored ones stand; "" for none.

    Raises :class:`WarehouseError` where it holds anything.
    """
    if schema_version(connection) is None:
        return ""
    with connection, connection.cursor() as cursor:
        cursor.execute(statement("ops/in_use"))
        if in_use := [what for (what,) in cursor]:
            raise WarehouseError(
                f"there is something in the warehouse ({', '.join(in_use)}); "
                "restore into a new home, or an empty database"
            )
    return statement("ops/make_room").string


def _run_script(url: URL, path: Path, first: str, *, by_tls: bool) -> None:
    """Let psql run, in one transaction, ``first`` and the script that pg_restore makes of the archive.

    By itself pg_restore would set what older servers know nothing of, and fail there.
    """
    making = _program(url, "pg_restore", ["--no-owner", "--no-acl", "--file=-", str(path)], by_tls=by_tls)
    running = _program(
        url, "psql", ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}"], by_tls=by_tls
    )
    with making as pg_restore, running as psql:
        # Where psql has ended before, it says why.
        with suppress(BrokenPipeError):
            # What goes with a schema that makes room is no news, and would stand before what went wrong.
            psql.input.write(f"BEGIN;\nSET LOCAL client_min_messages TO warning;\n{first}".encode())
            for line in pg_restore.output:
                psql.input.write(line.replace(_UNKNOWN_TO_OLDER, b""))
                if line.startswith(_LAST_SETTING):
                    break
            shutil.copyfileobj(pg_restore.output, psql.input, _PIPED_BYTES)
            pg_restore.end(f"{_NOTHING_RESTORED} from {path}")
            # What ends without it is rolled back.
            psql.input.write(b"COMMIT;\n")
            psql.input.flush()
        psql.end(f"{_NOTHING_RESTORED} from {path}")


@dataclass(frozen=True)
class _Program:
    """A program of Postgres that runs, its input and output, and where it says what is wrong."""

    name: str
    process: subprocess.Popen[bytes]
    input: IO[bytes]
    output: IO[bytes]
    told: IO[bytes]

    def end(self, outcome: str) -> None:
        """Wait for its end; raises :class:`WarehouseError` with what it said, and the ``outcome``, where it failed."""
        with suppress(BrokenPipeError):
            self.input.close()
        if self.process.wait():
            self.told.seek(0)
            said = " ".join(self.told.read().decode(errors="replace").split())
            why = _STATEMENT.sub("", said.removeprefix(f"{self.name}: ").removeprefix("error: "))
            raise WarehouseError(f"{self.name}: {why}; {outcome}")


@contextmanager
def _program(url: URL, name: str, arguments: list[str], *, by_tls: bool) -> Iterator[_Program]:
    """Run a program of Postgres on the warehouse; it ends with the context at the latest.

    The packaged ones know no TLS: to a server that is reached ``by_tls`` go the machine's, where there are any. These
    may be older than the server.
    """
    program = (shutil.which(name) if by_tls else None) or str(client_program(name))
    # The password goes through the environment: a command line can be read by everybody on the machine.
    environment = {**os.environ, **libpq_environment(url), "PGAPPNAME": "vufind-warehouse"}
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            [program, "--no-password", *arguments],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told,
        )  # fmt: skip
        with process:
            try:
                yield _Program(name, process, cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout), told)
            finally:
                # What has ended is not touched by it.
                process.kill()
                with suppress(BrokenPipeError):
                    cast(IO[bytes], process.stdin).close()
