"""The whole road against its floor: ``make benchmark [DOCUMENTS=1000000]``.

Makes documents, takes them into a fresh embedded Postgres, then again (nothing has changed), then under
another name (every record is compared), then deltas: of 1 and of 0.1 % three times, of which the median is told,
and of 10 %. Before each the server vacuums and writes out what went before, as it has by the next night; that takes
a minute or more. In the same run it measures what the machine could do at best: decompress and parse the same bytes
in two processes, and COPY the same rows, ready as CSV, into the same tables with the same indexes and constraints.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import URL, make_url

from benchmarks.documents import BLOCK, write_delta, write_dump
from benchmarks.floor import copy_all, export_tables, parse_all
from benchmarks.measure import MEBIBYTE, Usage, measured
from pipelines import stages
from pipelines.home import Home
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import connect
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.server import running_server
from pipelines.warehouse.words import refresh_words

SOURCE: Final = "benchmark"

#: Seconds within which the server looks for what to vacuum (``autovacuum_naptime``), and as long as it may take.
_VACUUM_BEGINS_WITHIN, _LONGEST_VACUUM = 65, 600

#: The stage that makes the words, and their index, for what a load has brought.
_WORDS: Final = "words for search"

#: What share of the documents deltas touch, one after the other, and how many there are of each.
DELTAS: Final = ((0.01, 3), (0.001, 3), (0.1, 1))


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000, help="how many to make")
    parser.add_argument("--floor", action=argparse.BooleanOptionalAction, default=True, help="measure the floor too")
    parser.add_argument("--folder", type=Path, help="work there and leave everything; else in a temporary folder")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="vufind-warehouse-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    try:
        _run(folder, arguments.documents, with_floor=arguments.floor)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, documents: int, *, with_floor: bool) -> None:
    console = Console(width=140)
    files = _make_dump(folder / "dump", documents)
    size = sum(file.stat().st_size for file in files)
    console.print(f"{documents:,} documents, {size / MEBIBYTE:,.0f} MiB compressed")
    rows: list[tuple[str, Usage]] = []
    home = Home(folder / "home", None)
    home.folder.mkdir(exist_ok=True)
    with running_server(home.folder) as server:
        url = make_url(server.url)
        with connect(url) as connection:
            prepare(connection)
        first = road(home, url, server.pid, folder / "dump", "2024-01-01", rows, "")
        first_load, first_words = seconds_of("load", rows), seconds_of(_WORDS, rows)
        again = road(home, url, server.pid, folder / "dump", "2024-01-01", rows, "same dump again: ")
        renamed = road(home, url, server.pid, folder / "dump", "2024-02-01", rows, "same content, later dump: ")
        deltas: dict[int, list[tuple[float, float, float]]] = {}
        for number, share in enumerate(share for share, count in DELTAS for _ in range(count)):
            file = folder / f"delta-{number}.jsonl.zst"
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                touched = pool.submit(write_delta, file, files, documents, share, number).result()
            _let_rest(url)
            taken = road(home, url, server.pid, file, f"2024-03-{number + 1:02}", rows, f"delta of {share:.1%}: ")
            deltas.setdefault(touched, []).append((taken, seconds_of("load", rows), seconds_of(_WORDS, rows)))
        if with_floor:
            export_tables(url, folder)
    floor = _floor(folder, files, rows) if with_floor else 0.0
    _print(console, rows, documents)
    console.print(f"first ingest {first:.1f} s = {documents / first:,.0f} records/s")
    console.print(f"same dump again {again:.1f} s = {again / first:.3f} of the first")
    console.print(f"same content under a later name {renamed:.1f} s = {renamed / first:.3f} of the first")
    for touched, measures in deltas.items():
        taken, loaded, words = (median(each) for each in zip(*measures, strict=True))
        console.print(
            f"a delta of {touched:,} documents {taken:.1f} s = {taken / first:.3f} of the first; "
            f"its load {loaded:.1f} s = {loaded / first_load:.3f} of the first load, with words for search "
            f"{(loaded + words) / (first_load + first_words):.3f}; median of {len(measures)}"
        )
    if floor:
        console.print(f"floor {floor:.1f} s; the road reaches {floor / first:.2f} of its speed")


def _let_rest(url: URL) -> None:
    """Wait until the server has vacuumed what went before, and have it write all that it holds in memory alone.

    A load that meets a vacuum on its way locks what it refers to row by row, and takes half as long again.
    """
    with connect(url) as connection, connection.cursor() as cursor:
        began = idle_since = time.monotonic()
        while time.monotonic() - idle_since < _VACUUM_BEGINS_WITHIN and time.monotonic() - began < _LONGEST_VACUUM:
            time.sleep(1)
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'")
            if cursor.fetchone() != (0,):
                idle_since = time.monotonic()
            connection.rollback()
        cursor.execute("CHECKPOINT")


def _make_dump(folder: Path, documents: int) -> list[Path]:
    """Two files, so that the floor can parse them in two processes; the road reads the folder as one dump."""
    folder.mkdir(exist_ok=True)
    half = max(1, documents // BLOCK // 2) * BLOCK
    counts = [min(half, documents), documents - min(half, documents)]
    files = []
    start = 0
    # In processes of their own: what making them needs must not count as what reading them needs.
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        made = []
        for number, count in enumerate(counts):
            if count:
                file = folder / f"part-{number}.jsonl.zst"
                made.append(pool.submit(write_dump, file, count, first_block=start // BLOCK))
                files.append(file)
                start += count
        for each in made:
            each.result()
    return files


def road(
    home: Home,
    url: URL,
    pid: int,
    path: Path,
    name: str,
    rows: list[tuple[str, Usage]],
    label: str,
    report: stages.Report = lambda _: None,
) -> float:
    """Take one dump the whole road; adds a row a stage, and returns the seconds of all. ``report`` hears the load."""
    dump = Dump(SOURCE, name, "delta")
    raw, normalized, planned = (home.parts(stage, f"{SOURCE}/{name}") for stage in ("raw", "normalized", "planned"))
    steps: list[tuple[str, Callable[[], object]]] = [
        ("extract", lambda: stages.extract(path, dump.kind, raw)),
        ("normalize", lambda: stages.normalize(raw, normalized, SOURCE)),
        ("deduplicate", lambda: stages.deduplicate(url, raw, normalized, planned, dump)),
        ("load", lambda: stages.load(url, raw, normalized, planned, dump, report)),
        (_WORDS, lambda: refresh_words(url)),
    ]
    total = 0.0
    for stage, step in steps:
        with measured(pid) as usage:
            step()
        rows.append((label + stage, usage))
        total += usage.seconds
    return total


def seconds_of(stage: str, rows: list[tuple[str, Usage]]) -> float:
    """The seconds of a stage of the last dump."""
    return next(usage.seconds for name, usage in reversed(rows) if name.endswith(stage))


def _floor(folder: Path, files: list[Path], rows: list[tuple[str, Usage]]) -> float:
    with measured(None) as parsing:
        parse_all(files)
    rows.append(("floor: decompress and parse", parsing))
    home = folder / "floor"
    home.mkdir(exist_ok=True)
    with running_server(home) as server:
        url = make_url(server.url)
        with connect(url) as connection:
            prepare(connection)
        with measured(server.pid) as copying:
            copy_all(url, folder)
    rows.append(("floor: COPY, indexes, constraints", copying))
    return parsing.seconds + copying.seconds


def _print(console: Console, rows: list[tuple[str, Usage]], documents: int) -> None:
    table = Table()
    table.add_column("stage")
    for name in ("seconds", "client CPU s", "Postgres CPU s", "client peak MiB", "Postgres peak MiB", "records/s"):
        table.add_column(name, justify="right")
    for name, usage in rows:
        table.add_row(
            name,
            f"{usage.seconds:.1f}",
            f"{usage.client_cpu:.1f}",
            f"{usage.postgres_cpu:.1f}",
            f"{usage.client_peak / MEBIBYTE:,.0f}",
            f"{usage.postgres_peak / MEBIBYTE:,.0f}",
            f"{documents / usage.seconds:,.0f}" if usage.seconds else "",
        )
    console.print(table)


if __name__ == "__main__":
    main()
