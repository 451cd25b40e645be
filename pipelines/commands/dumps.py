"""The verbs ``dumps …``: which dumps are in, whether their files still lie there, and how one is taken out again."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Annotated, Final

import typer

from pipelines.commands.console import Form, fail, notify, open_warehouse, screen
from pipelines.home import Home

dumps = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""See which dumps are in, and take one out again.

    Examples:
        vufind-warehouse dumps list --check

        vufind-warehouse dumps remove library/2024-05-01 --dry-run
    """,
)

#: What frames of a dump lie between the stages.
_STAGES: Final = ("planned", "normalized", "raw")


@dumps.command("list")
def list_dumps(
    source: Annotated[str | None, typer.Option(help="Of one catalogue alone.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read each file to tell whether it is unchanged, not only its size.")
    ] = False,
    form: Annotated[Form, typer.Option("--format", help="How to write the rows.")] = "table",
) -> None:
    """List the dumps that are in: kind, counts, when, and whether the file still lies where it was read.

    The column file says: same size, unchanged (with --check), changed, gone, or unknown (of standard input, and of
    addresses that cannot be asked).

    Examples:
        vufind-warehouse dumps list

        vufind-warehouse dumps list --source library --check --format csv
    """
    from pipelines.show import show_rows
    from pipelines.stages.files import state_of_file
    from pipelines.warehouse.status import dump_files_in

    with open_warehouse() as url:
        columns, rows = dump_files_in(url, source)
    told = [[*row[:-3], state_of_file(*row[-3:], check=check), row[-3]] for row in rows]
    show_rows([*columns[:-3], "file", "path"], told, form, notify)


@dumps.command(no_args_is_help=True)
def remove(
    dump: Annotated[str, typer.Argument(help="As dumps list has it: SOURCE/DUMP.", metavar="SOURCE/DUMP")],
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Change nothing; tell what would become of how many records, and of which."),
    ] = False,
    at_most: Annotated[int, typer.Option("--at-most", help="How many records a dry run lists.", min=0)] = 20,
    form: Annotated[Form, typer.Option("--format", help="How to write the rows.")] = "table",
) -> None:
    """Take a dump out of the warehouse again, as if it had never been ingested.

    Records that only this dump held are gone; others are what the newest of the other dumps says; what it had ended
    comes back; its deletions and its quarantine are gone. Of a record the warehouse keeps only the newest version:
    older ones are read again from the dumps that hold them, which must lie where they were, unchanged, or have frames
    in the home. Where one is missing nothing is changed, and it is named. What people decided stays.

    The file of the dump is not touched: take it away too where it lies under the dumps root.

    Examples:
        vufind-warehouse dumps remove library/2024-05-01 --dry-run

        vufind-warehouse dumps remove library/2024-05-01
    """
    import psycopg2

    from pipelines.dump_names import cleaned_name
    from pipelines.screen import on_screen
    from pipelines.show import show_rows
    from pipelines.stages import remove as take_out
    from pipelines.stages.removal import FATE_COLUMNS
    from pipelines.warehouse.faults import OF_A_REMOVAL, explained

    source, _, name = dump.partition("/")
    if not re.fullmatch("[^/]+/[^/]+", dump):
        raise typer.BadParameter("name the dump as SOURCE/DUMP, as in library/2024-05-01")
    if (called := f"{cleaned_name(source)}/{cleaned_name(name)}") != dump:
        raise typer.BadParameter(f"no dump is called so; of such a file the dump would be {called}")
    home = Home.here()
    with open_warehouse(changes=not dry_run) as url:
        try:
            with on_screen(screen, dump) as report:
                done = take_out(
                    url,
                    home.parts("remove", dump),
                    lambda other: home.parts("raw", f"{source}/{other}"),
                    source,
                    name,
                    report,
                    named=at_most if dry_run else None,
                )
        except psycopg2.Error as error:
            fail(f"{dump}: {explained(error, OF_A_REMOVAL)}")
        except ValueError as error:
            fail(f"{dump}: not taken out, and nothing was changed: {str(error).strip()}")
        if not dry_run:
            _forget_frames(home, dump)
    fates = asdict(done.fates)
    if dry_run:
        notify(f"in all: {', '.join(f'{count:,} {fate}' for fate, count in fates.items())}")
        show_rows(FATE_COLUMNS, done.records, form, notify)
        if (others := done.fates.named - len(done.records)) > 0:
            notify(f"{others:,} more records are not listed; see all: --at-most {done.fates.named} --format csv")
    else:
        show_rows(["dump", *fates], [[dump, *fates.values()]], form, notify)
    for other in done.read_again:
        notify(f"read again: {source}/{other}")
    notify("nothing was changed" if dry_run else f"{dump} is out; the warehouse is at version {done.warehouse_version}")


def _forget_frames(home: Home, dump: str) -> None:
    """Delete what ingests keep of the dump between the stages: nobody looks for it any more."""
    with home.parts("raw", dump).locked():
        for stage in _STAGES:
            home.parts(stage, dump).clear()
