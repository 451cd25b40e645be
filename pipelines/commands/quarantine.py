"""The verbs ``quarantine …``: what could not be read, where it lies, why, and the bytes themselves."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from pipelines.commands.console import Form, fail, notify, open_warehouse, screen
from pipelines.home import Home
from pipelines.outputs import named_output
from pipelines.plain import plain, printable

quarantine = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""See, export and read again what could not be read.

    A row leaves quarantine when a newer program reads it (quarantine replay), or its dump is ingested again, its file
    mended.

    Examples:
        vufind-warehouse quarantine list --source library

        vufind-warehouse quarantine replay

        vufind-warehouse quarantine show 4611686018427387904
    """,
)

#: The columns of what a replay tells of each dump.
_REPLAYED: Final = (
    "dump", "rows", "read", "new", "changed", "unchanged", "outdated", "repeated", "still in quarantine",
)  # fmt: skip

Source = Annotated[str | None, typer.Option(help="Of one catalogue alone.")]
Dump = Annotated[str | None, typer.Option(help="Of dumps of one name alone; or of one dump, as SOURCE/NAME.")]


def _asked_for(source: str | None, dump: str | None) -> tuple[str | None, str | None]:
    """The catalogue and the name of the dumps that are asked for: neither has a slash, so one may be said with both."""
    if source is None and dump and "/" in dump:
        source, _, dump = dump.partition("/")
    return source, dump


#: The table of an export, beside the files.
INDEX: Final = "quarantine.csv"


@quarantine.command("list")
def list_rows(
    source: Source = None,
    dump: Dump = None,
    form: Annotated[Form, typer.Option("--format", help="How to write the rows.")] = "table",
) -> None:
    """List what could not be read: dump, file, the place in it, and why.

    Example:
        vufind-warehouse quarantine list --source library --dump 2024-05-01 --format csv
    """
    from pipelines.show import show_rows
    from pipelines.warehouse.quarantine import quarantined_rows

    with open_warehouse() as url:
        show_rows(*quarantined_rows(url, *_asked_for(source, dump)), form, notify)


@quarantine.command(context_settings={"ignore_unknown_options": True}, no_args_is_help=True)
def show(quarantine_id: Annotated[int, typer.Argument(help="As quarantine list has it.", metavar="ID")]) -> None:
    """Write the bytes of one row to standard output, and where they lie, and why, to standard error.

    On a terminal control characters are made visible.

    Example:
        vufind-warehouse quarantine show 4611686018427387904 > broken.json
    """
    from pipelines.warehouse.connection import WarehouseError
    from pipelines.warehouse.quarantine import quarantined_row

    with open_warehouse() as url:
        try:
            found = quarantined_row(url, quarantine_id)
        except WarehouseError as error:
            fail(str(error))
    notify(f"{found.place}: {found.reason}")
    if not found.raw and not found.byte_length:
        notify("nothing of it was kept: it was not read")
    if len(found.raw) < found.byte_length:
        notify(f"the first {len(found.raw):,} of {found.byte_length:,} bytes were kept")
    with named_output():
        if sys.stdout.isatty():
            print(printable(found.raw.decode(errors="replace")))
        else:
            sys.stdout.buffer.write(found.raw)


@quarantine.command(no_args_is_help=True)
def export(
    folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.", metavar="FOLDER")],
    source: Source = None,
    dump: Dump = None,
) -> None:
    """Write the bytes of each row to a file of its own in a folder, and quarantine.csv with the place and the reason.

    Example:
        vufind-warehouse quarantine export broken --source library
    """
    from pipelines.warehouse.quarantine import quarantined_bytes

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise typer.BadParameter(printable(f"{folder}: give a folder that is new or empty"))
    count = 0
    with open_warehouse() as url:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / INDEX).open("w", newline="", encoding="utf-8") as index:
            writer = csv.writer(index)
            for found in quarantined_bytes(url, *_asked_for(source, dump)):
                columns = asdict(found)
                # No name of a file in a dump: it may be a path to anywhere.
                name = f"{found.quarantine_id & (1 << 64) - 1:016x}.raw"
                (folder / name).write_bytes(columns.pop("raw"))
                if not count:
                    writer.writerow([*columns, "raw"])
                writer.writerow([*map(plain, columns.values()), name])
                count += 1
    notify(f"{count:,} rows written to {folder}")


@quarantine.command()
def replay(
    source: Source = None,
    dump: Dump = None,
    form: Annotated[Form, typer.Option("--format", help="How to write what became of each dump.")] = "table",
) -> None:
    """Read what is in quarantine again, and load what can be read now; the rest stays, with the reason of now.

    For after a fix: a newer program, other settings. The bytes that were kept go the whole road again; where too few
    of them were kept, those of the dump, if it still lies where it was. What is loaded belongs to the dump it came
    from, so that a newer dump's version of a record stays. A replay ends no records. Each dump is one transaction.

    Exits with 0 when nothing of it is left in quarantine, with 1 when something is.

    Examples:
        vufind-warehouse quarantine replay

        vufind-warehouse quarantine replay --source library --dump 2024-05-01
    """
    import psycopg2

    from pipelines.screen import on_screen
    from pipelines.show import show_rows
    from pipelines.stages import replay as replay_dump
    from pipelines.warehouse.connection import WarehouseError
    from pipelines.warehouse.replay import dumps_in_quarantine
    from pipelines.warehouse.status import is_dump_in

    home = Home.here()
    told: list[list[object]] = []
    stay = failed = 0
    with open_warehouse(changes=True) as url:
        asked_source, asked_name = _asked_for(source, dump)
        if asked_name and not is_dump_in(url, asked_source, asked_name):
            fail(f"{dump}: there is no such dump in the warehouse; see: vufind-warehouse dumps list")
        for owner, name in dumps_in_quarantine(url, asked_source, asked_name):
            partition = f"{owner}/{name}"
            try:
                with on_screen(screen, partition) as report:
                    done = replay_dump(url, home.parts("replay", partition), owner, name, report)
            except (WarehouseError, psycopg2.Error, OSError) as error:
                failed += 1
                notify(f"{partition}: not replayed, and nothing of it has changed: {str(error).strip()}")
                continue
            stay += done.stay
            figures = [getattr(done.counts, f"records_{column}", 0) for column in _REPLAYED[3:8]]
            told.append([partition, done.rows, done.documents, *figures, done.stay])
    if told:
        show_rows(_REPLAYED, told, form, notify)
    if not told and not failed:
        notify("nothing is in quarantine" + (" of what was asked for" if source or dump else ""))
    if stay:
        notify(f"{stay:,} still in quarantine; why: vufind-warehouse quarantine list")
    if stay or failed:
        raise typer.Exit(1)
