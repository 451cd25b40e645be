"""Whether tables stay as small as what is in them, delta after delta: what autovacuum gives back in time.

    python -m benchmarks.bloat [--documents 100000] [--deltas 30] [--server-defaults]

Makes a warehouse in a temporary folder, takes deltas of 1 % one after the other, half of each new records and half
known ones that changed, and lets autovacuum do after each what its settings say, as it does in the night between two.
Prints how large each table has become beside the same rows written anew, and how large it was at most. With
``--server-defaults`` tables go without settings of their own.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from rich.console import Console
from rich.table import Table
from sqlalchemy import URL, make_url

from benchmarks.documents import write_delta, write_dump
from benchmarks.measure import MEBIBYTE, Usage
from benchmarks.throughput import road
from pipelines.home import Home
from pipelines.warehouse.connection import connect
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.server import running_server
from pipelines.warehouse.tables import metadata

#: What share of the first dump a delta has.
SHARE: Final = 0.01

#: Autovacuum looks once a second, so that a night passes in some.
SETTINGS: Final = {"autovacuum_naptime": "1s", "autovacuum_vacuum_cost_delay": "0"}

#: Seconds in which no worker of autovacuum is seen: it has nothing left to do. It looks at every database by turns.
_QUIET_SECONDS: Final = 5.0
_SECONDS_BETWEEN_LOOKS: Final = 0.25

#: Tables smaller than this, written anew, are as good as free whatever they hold.
_SMALL: Final = 2 * MEBIBYTE


@dataclass
class Sizes:
    """Bytes of one table with its TOAST, and of its indexes: after the first load and each delta."""

    heap: list[int] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000, help="of the first dump")
    parser.add_argument("--deltas", type=int, default=30, help="how many, of 1 %% each")
    parser.add_argument("--server-defaults", action="store_true", help="take the tables' own settings away")
    arguments = parser.parse_args()
    console = Console(width=120)
    folder = Path(tempfile.mkdtemp(prefix="vufind-warehouse-bloat-"))
    folder.chmod(0o755)
    try:
        home = Home(folder / "home", None)
        with running_server(home.folder, settings=SETTINGS) as server:
            url = make_url(server.url)
            with connect(url) as connection:
                prepare(connection)
                if arguments.server_defaults:
                    _take_settings_away(connection)
            sizes, vacuums = _take_deltas(home, url, server.pid, folder, arguments.documents, arguments.deltas)
            anew = _written_anew(url)
        console.print(_table(sizes, vacuums, anew))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take_deltas(
    home: Home, url: URL, pid: int, folder: Path, documents: int, deltas: int
) -> tuple[dict[str, Sizes], dict[str, int]]:
    """Sizes of each table after each dump, and how often autovacuum was at it."""
    rows: list[tuple[str, Usage]] = []
    sizes = {name: Sizes() for name in _names()}
    for number in range(deltas + 1):
        file = folder / f"dump-{number}.jsonl.zst"
        if number:
            write_delta(file, [folder / "dump-0.jsonl.zst"], documents, SHARE, number)
        else:
            write_dump(file, documents)
        road(home, url, pid, file, f"2024-{number:03}", rows, "")
        _wait_for_autovacuum(url)
        with connect(url, read_only=True) as connection, connection.cursor() as cursor:
            for name, each in sizes.items():
                cursor.execute("SELECT pg_table_size(%(name)s), pg_indexes_size(%(name)s)", {"name": name})
                heap, indexes = cursor.fetchone() or (0, 0)
                each.heap.append(heap)
                each.indexes.append(indexes)
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT schemaname || '.' || relname, autovacuum_count FROM pg_stat_user_tables")
        return sizes, dict(cursor.fetchall())


def _names() -> list[str]:
    return list(metadata.tables)


def _take_settings_away(connection: Connection) -> None:
    with connection, connection.cursor() as cursor:
        for table in metadata.tables.values():
            if options := table.dialect_options["postgresql"]["with"]:
                named = sql.Identifier(*str(table).split("."))
                listed = sql.SQL(", ").join(sql.SQL(option) for option in options)
                cursor.execute(sql.SQL("ALTER TABLE {} RESET ({})").format(named, listed))


def _wait_for_autovacuum(url: URL) -> None:
    quiet_since = time.monotonic()
    with connect(url, read_only=True) as connection:
        while time.monotonic() - quiet_since < _QUIET_SECONDS:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'")
                if cursor.rowcount:
                    quiet_since = time.monotonic()


def _written_anew(url: URL) -> dict[str, tuple[int, int]]:
    """Sizes of each table and its indexes when nothing but its rows is in them."""
    anew: dict[str, tuple[int, int]] = {}
    with connect(url) as connection, connection.cursor() as cursor:
        connection.rollback()
        connection.autocommit = True
        for name in _names():
            cursor.execute(sql.SQL("VACUUM FULL {}").format(sql.Identifier(*name.split("."))))
            cursor.execute("SELECT pg_table_size(%(name)s), pg_indexes_size(%(name)s)", {"name": name})
            anew[name] = cursor.fetchone() or (0, 0)
    return anew


def _table(sizes: dict[str, Sizes], vacuums: dict[str, int], anew: dict[str, tuple[int, int]]) -> Table:
    table = Table("table", "MiB anew", "rows, times", "at most", "indexes, times", "autovacuums")
    whole = [0, 0, 0, 0]
    for name, (heap, indexes) in sorted(anew.items(), key=lambda each: -sum(each[1])):
        each = sizes[name]
        whole = [a + b for a, b in zip(whole, (heap, indexes, each.heap[-1], each.indexes[-1]), strict=True)]
        if heap + indexes < _SMALL:
            continue
        table.add_row(
            name,
            f"{(heap + indexes) / MEBIBYTE:,.1f}",
            f"{each.heap[-1] / heap:.2f}",
            f"{max(each.heap) / heap:.2f}",
            f"{each.indexes[-1] / max(indexes, 1):.2f}",
            str(vacuums.get(name, 0)),
        )
    heap, indexes, heap_now, indexes_now = whole
    table.add_row(
        "all", f"{(heap + indexes) / MEBIBYTE:,.1f}", f"{heap_now / heap:.2f}", "", f"{indexes_now / indexes:.2f}", ""
    )
    return table


if __name__ == "__main__":
    main()
