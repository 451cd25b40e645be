"""The verbs ``backup`` and ``restore``: the warehouse as one file, and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.console import ask_for_a_home, fail, notify
from pipelines.home import Home
from pipelines.start import may_change


def backup(file: Annotated[Path, typer.Argument(help="Where to write it; what is there is replaced.")]) -> None:
    """Write the whole warehouse to one file, for restore. Loads go on meanwhile; the file shows one state.

    It holds the schemas catalog, ops and reporting, in pg_dump's own format (compressed), and is there whole or not at
    all. A warehouse of an earlier version is written as it is, before it is migrated. Frames of dumps and Dagster's
    history of runs stay in the home; without them dumps remove asks for the dumps that it needs to be ingested again.

    Examples:
        vufind-warehouse backup warehouse.dump

        vufind-warehouse backup "backups/$(date +%F).dump"
    """
    from pipelines.screen import told_while
    from pipelines.warehouse.backup import back_up
    from pipelines.warehouse.connection import connect
    from pipelines.warehouse.schema import schema_version

    home = Home.here()
    ask_for_a_home(home)
    # An older schema is not brought up to date first: that is what a backup is made before.
    with home.server(notify) as url, told_while("writing the backup", notify):
        with connect(url, read_only=True) as connection:
            if schema_version(connection) is None:
                fail("there is no warehouse in this database yet; no backup was written")
        try:
            size = back_up(url, file)
        except OSError as error:
            fail(f"{file}: {os.strerror(error.errno) if error.errno else error}; no backup was written")
    notify(f"{file}: {size:,} bytes")


def restore(file: Annotated[Path, typer.Argument(help="What backup wrote.")]) -> None:
    """Read a backup into a new home, or into an empty database: whole, or not at all.

    A warehouse that holds nothing counts as empty. One of an earlier version of the program is migrated; the roles get
    their rights. Dumps that are in come again as repetitions.

    Examples:
        vufind-warehouse --home var2 restore warehouse.dump

        WAREHOUSE_URL=postgresql://owner@db.example.org/warehouse vufind-warehouse restore warehouse.dump
    """
    from pipelines.screen import told_while
    from pipelines.show import show_rows
    from pipelines.warehouse.backup import restore as read_back
    from pipelines.warehouse.status import totals

    if not file.is_file():
        fail(f"{file}: {'it is a folder' if file.is_dir() else 'there is no such file'}", 2)
    home = Home.here()
    may_change()
    with home.server(notify) as url:
        with told_while("restoring", notify):
            read_back(url, file, notify)
        show_rows(("what", "value"), totals(url), "table", notify)
