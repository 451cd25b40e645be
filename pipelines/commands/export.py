"""The verb ``export``: the tables of the catalogue as files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.commands.console import fail, notify, open_warehouse, screen
from pipelines.plain import printable


def export(
    folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.", metavar="FOLDER")],
    form: Annotated[
        Literal["parquet", "csv", "jsonl"], typer.Option("--format", help="How to write the tables.")
    ] = "parquet",
    what: Annotated[
        list[str] | None,
        typer.Option(
            help="A table of the schema catalog, such as works; may be given again. Else all.", metavar="TABLE"
        ),
    ] = None,
) -> None:
    """Write the tables of the catalogue to files, one each, for those who have no database.

    All files show one state of the warehouse, and are there whole or not at all. In CSV and JSON lines lists are JSON.

    Examples:
        vufind-warehouse export catalogue

        vufind-warehouse export works --format csv --what works --what publications --what records
    """
    import psycopg2

    from pipelines.home import Home
    from pipelines.screen import on_screen
    from pipelines.stages import Progress
    from pipelines.warehouse.export import EXPORTED, export_tables
    from pipelines.warehouse.reader import reading

    names = list(dict.fromkeys(what or EXPORTED))
    if unknown := [name for name in names if name not in EXPORTED]:
        raise typer.BadParameter(
            printable(f"{', '.join(unknown)}: there is {', '.join(EXPORTED)}"), param_hint="--what"
        )
    is_embedded = Home.here().url is None
    with open_warehouse() as url, on_screen(screen, folder.name) as report:
        try:
            with reading(url, 0, embedded=is_embedded, warn=notify, one_state=True) as connection:
                written = export_tables(
                    connection, names, form, folder, lambda name, rows: report(Progress("export", name, rows, 0, 0))
                )
        except FileExistsError as error:
            raise typer.BadParameter(printable(str(error)), param_hint="FOLDER") from error
        except OSError as error:
            fail(f"{folder}: {os.strerror(error.errno) if error.errno else error}; nothing was exported")
        except psycopg2.Error as error:
            fail(f"nothing was exported: {error}".strip())
    for file in written:
        notify(f"{file.path}: {file.rows:,} rows, {file.bytes:,} bytes")
