"""Tables on a terminal, and the same rows as CSV or JSON for other programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.ingest import Ingested

#: The figures of a load, in the order of the road.
FIGURES: Final = (
    "read", "new", "changed", "unchanged", "outdated", "repeated", "deleted", "quarantined",
    "publications", "works", "merges",
)  # fmt: skip


def printable(value: Any) -> str:
    """A value as one line of text that does nothing to a terminal: control characters become visible."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)
    return "".join(
        letter if letter.isprintable() else " " if letter in "\n\t" else f"\\x{ord(letter):02x}" for letter in text
    )


def show_ingested(console: Console, outcomes: Sequence[Ingested]) -> None:
    """What became of each dump, a row each; the reasons of those that failed below."""
    table = Table(title="Ingested", title_justify="left")
    table.add_column("dump")
    for name in (*FIGURES, "seconds", "records/s"):
        table.add_column(name, justify="right")
    for outcome in outcomes:
        if outcome.error:
            table.add_row(Text(outcome.dump.partition), Text("failed", style="red"))
            continue
        figures = [outcome.figures.get(name, outcome.figures.get(f"records_{name}", 0)) for name in FIGURES]
        rate = outcome.figures["records_read"] / outcome.seconds if outcome.seconds else 0
        cells = [f"{value:,}" for value in figures]
        table.add_row(Text(outcome.dump.partition), *cells, f"{outcome.seconds:.1f}", f"{rate:,.0f}")
    console.print(table)
    for outcome in outcomes:
        if outcome.error:
            console.print(Text(f"{outcome.dump.partition} ({outcome.dump.path}): {outcome.error}", style="red"))


def show_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> None:
    """Rows on standard output as an aligned table, as CSV, or as JSON lines."""
    if form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows(rows)
    elif form == "json":
        for row in rows:
            print(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str))
    else:
        console = Console()
        table = Table()
        for name in columns:
            table.add_column(Text(name), overflow="fold")
        for row in rows:
            table.add_row(*(Text(printable(value)) for value in row))
        console.print(table)
