"""How fast reports answer, and what keeping them up costs a delta beside making them from nothing.

    python -m benchmarks.throughput --no-floor --folder FOLDER
    python -m benchmarks.reporting FOLDER

Asks every view of the warehouse that the first leaves, whole (how many rows) and for a page of them, and prints those
that take long. Then takes one more delta of 1 %, and measures what of it counting for reports and words for search
take, beside counting everything and making all words.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

from psycopg2 import sql
from rich.console import Console
from rich.table import Table
from sqlalchemy import URL, make_url

from benchmarks.documents import write_delta
from benchmarks.measure import Usage
from benchmarks.throughput import road, seconds_of
from pipelines.home import Home
from pipelines.warehouse.connection import connect
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.server import running_server
from pipelines.warehouse.statements import statements_of
from pipelines.warehouse.summaries import count_everything
from pipelines.warehouse.words import refresh_words

#: Views that are asked for some authors or works, and what they are asked for: the most prolific.
OF_SOME: Final = {
    "author_works": "author_id = (SELECT author_id FROM reporting.authors ORDER BY work_count DESC LIMIT 1)",
    "coauthors": "author_id = (SELECT author_id FROM reporting.authors ORDER BY work_count DESC LIMIT 1)",
    "coauthor_counts": "author_id = (SELECT author_id FROM reporting.authors ORDER BY work_count DESC LIMIT 1)",
    "work_authors": "work_id = (SELECT work_id FROM reporting.works ORDER BY publication_count DESC LIMIT 1)",
}

#: Rows that are a page of a report.
PAGE: Final = 100

#: What a load says while it counts for reports.
COUNTING: Final = frozenset({"counting what changes", "counting for reports"})

#: A delta of its own, whose number no other benchmark gives, and its share of the documents.
NUMBER: Final = 40
SHARE: Final = 0.01


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="what benchmarks.throughput --folder has left")
    folder = parser.parse_args().folder
    console = Console(width=120)
    home = Home(folder / "home", None)
    with running_server(home.folder) as server:
        url = make_url(server.url)
        with connect(url) as connection:
            prepare(connection, console.print, may_migrate=True)
        refresh_words(url)
        console.print(_views(url))
        console.print(_upkeep(home, url, server.pid, folder))


def _views(url: URL) -> Table:
    """Seconds of each view, the slower ones first: asked once, and again with its pages at hand."""
    table = Table("view", "whole, first", "whole, again", f"{PAGE} rows, first", f"{PAGE} rows, again")
    rows: list[tuple[str, list[float]]] = []
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        for view, _ in statements_of("reporting"):
            where = sql.SQL(f"WHERE {OF_SOME[view]}" if view in OF_SOME else "")
            name = sql.Identifier("reporting", view)
            seconds: list[float] = []
            for query in (sql.SQL("SELECT COUNT(*) FROM {} {}"), sql.SQL("SELECT * FROM {} {} LIMIT {}")):
                for _ in range(2):
                    began = time.monotonic()
                    cursor.execute(query.format(name, where, sql.Literal(PAGE)))
                    cursor.fetchall()
                    seconds.append(time.monotonic() - began)
            rows.append((view, seconds))
    for view, seconds in sorted(rows, key=lambda row: -max(row[1])):
        table.add_row(view, *(f"{each:.2f}" for each in seconds))
    return table


def _upkeep(home: Home, url: URL, pid: int, folder: Path) -> Table:
    """What a delta costs of reports, beside making them from nothing."""
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT records_read FROM ops.loads ORDER BY warehouse_version LIMIT 1")
        (documents,) = cursor.fetchone() or (0,)
    file = folder / f"delta-{NUMBER}.jsonl.zst"
    write_delta(file, sorted((folder / "dump").iterdir()), documents, SHARE, NUMBER)
    said: list[tuple[str, float]] = []
    rows: list[tuple[str, Usage]] = []
    name = f"2026-01-{NUMBER}"
    road(home, url, pid, file, name, rows, "", lambda now: said.append((now.doing, time.monotonic())))
    counting = sum(end - began for (doing, began), (_, end) in pairwise(said) if doing in COUNTING)
    with connect(url) as connection, _seconds() as all_counts:
        count_everything(connection)
        connection.rollback()
    with connect(url) as connection, connection, connection.cursor() as cursor:
        cursor.execute("UPDATE reporting.words_state SET is_complete = FALSE")
    with _seconds() as all_words:
        refresh_words(url)
    table = Table("reports", f"delta of {SHARE:.0%}, s", "all, s", "ratio")
    for what, some, everything in (
        ("counts", counting, all_counts[0]),
        ("words", seconds_of("words for search", rows), all_words[0]),
    ):
        table.add_row(what, f"{some:.2f}", f"{everything:.2f}", f"{some / everything:.3f}")
    return table


@contextmanager
def _seconds() -> Iterator[list[float]]:
    """The seconds that what is within takes, once it is done."""
    took: list[float] = []
    began = time.monotonic()
    yield took
    took.append(time.monotonic() - began)


if __name__ == "__main__":
    main()
