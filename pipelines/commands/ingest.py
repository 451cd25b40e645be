"""The verb ``ingest``: dumps the whole road into the warehouse, and what became of each."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import typer
from rich.console import Console

from pipelines.commands.console import fail, notify, screen
from pipelines.commands.inputs import Paths, found_dumps
from pipelines.home import Home, HomeError
from pipelines.start import ended_by_signals
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.server import ServerError

Kind = Literal["delta", "full"]

#: The version that the first load makes: whoever makes a warehouse is told what to do with it.
_FIRST: Final = 1

_INTERRUPTED: Final = "interrupted; nothing is half loaded, and the next run goes on from here"


def ingest(
    paths: Paths,
    source: Annotated[
        str | None, typer.Option(help="The catalogue that all of it belongs to; else the folder's name says.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What the dump is called; else its file's name says. Standard input has none.")
    ] = None,
    kind: Annotated[
        Kind | None,
        typer.Option(
            help="full: records that the dump lacks have ended. delta: it only adds and changes. "
            "Else a dump keeps the kind it was ingested with before, and a new one is a delta.",
        ),
    ] = None,
    allow_shrink: Annotated[
        bool,
        typer.Option(
            "--allow-shrink",
            help="Load a full dump also where it ends more than a tenth of its source's records "
            "(WAREHOUSE_SHRINK_LIMIT sets another share).",
        ),
    ] = False,
) -> None:
    """Take dumps the whole road into the warehouse.

    PATH is a file, a catalogue's folder, a dumps root, a quoted pattern, an address that fsspec opens (https://, s3://,
    memory:// …), or - for standard input. Of a folder, files of no known format are named and skipped.

    Exits with 1 when a dump failed or nothing of it could be read; the others are in all the same.

    Examples:
        vufind-warehouse ingest dumps/sample

        vufind-warehouse ingest export-2024-05-01.jsonl.zst --source city-library --kind full

        vufind-warehouse ingest 'exports/2024-*.mrc' --source city-library

        vufind-warehouse ingest https://example.org/dumps/2024-05-01.jsonl.gz --source city-library

        zcat export.gz | vufind-warehouse ingest - --source city-library --name 2024-05-01
    """
    with ended_by_signals():
        from pipelines.ingest import Ingested, end_by_signals, ingest_dumps
        from pipelines.screen import told_while
        from pipelines.show import show_ingested
        from pipelines.variables import check_variables

    # From here on: to look into a folder of many files takes its time.
    end_by_signals()
    check_variables()
    with told_while("looking at what is to be ingested", notify):
        found = found_dumps(paths, source, name)
    home = Home.here()
    outcomes: list[Ingested] = []
    ended, code = "", 0
    try:
        with home.warehouse(notify):
            # One by one: what came before an interrupt is kept.
            outcomes.extend(ingest_dumps(home, found.dumps, kind, screen, allow_shrink=allow_shrink))
    except KeyboardInterrupt:
        ended, code = _INTERRUPTED, 130
    except (WarehouseError, ServerError, HomeError) as error:
        ended, code = str(error), 1
    if outcomes or not ended:
        show_ingested(Console(), outcomes)
    if ended:
        fail(ended, code)
    for trouble in found.troubles:
        notify(f"not ingested: {trouble}")
    if found.troubles or any(outcome.error or outcome.nothing_could_be_read for outcome in outcomes):
        raise typer.Exit(1)
    if any(outcome.figures["warehouse_version"] == _FIRST for outcome in outcomes):
        _next_steps()


def _next_steps() -> None:
    question = "SELECT title, publication_count, record_count FROM reporting.works ORDER BY record_count DESC LIMIT 10"
    steps = [
        ("ask in SQL", f'vufind-warehouse query "{question}"'),
        ("see the assets in Dagster's UI", "vufind-warehouse ui"),
        ("ingest dumps of your own", "vufind-warehouse ingest path/to/export.jsonl --source my-library"),
    ]
    screen.print("\nNext:", highlight=False)
    for what, command in steps:
        notify(f"  {what}:\n    {command}")
