"""The verb ``migrate``: bring a warehouse that an older version of the program made up to date."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.console import ask_for_a_home, notify
from pipelines.home import Home
from pipelines.start import may_change


def migrate(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list what would be applied; changes nothing.")
    ] = False,
    sql: Annotated[
        bool,
        typer.Option("--sql", help="Write the SQL that would be applied, to be read or run by hand; changes nothing."),
    ] = False,
) -> None:
    """Bring the tables of the warehouse to the version that this program needs.

    All that lacks is applied in one transaction, under the lock of loads: it waits for a load that runs, and ends with
    everything applied or nothing. Rights of the roles are set again. Make a backup before: there is no way back.

    The embedded warehouse is migrated by whatever command comes first. On a server of your own the first command sets
    up an empty database too, but a warehouse is migrated by this one alone.

    Examples:
        vufind-warehouse migrate --dry-run

        vufind-warehouse migrate

        vufind-warehouse migrate --sql > upgrade.sql
    """
    from pipelines.warehouse.connection import connect
    from pipelines.warehouse.migrations import SCHEMA_VERSION, pending
    from pipelines.warehouse.schema import migrate as apply
    from pipelines.warehouse.schema import schema_version
    from pipelines.warehouse.upgrade_script import upgrade_script

    home = Home.here()
    ask_for_a_home(home)
    with home.server(notify) as url, connect(url) as connection:
        version = schema_version(connection)
        if sql:
            if pending(version):
                typer.echo(upgrade_script(version))
            else:
                notify(f"the schema has version {version}, the newest that this program knows: nothing to write")
            return
        if dry_run:
            for each in pending(version):
                notify(f"would apply migration {each.version}: {each.title}")
        else:
            may_change()
            apply(connection, notify)
        if not pending(version):
            notify(f"the schema has version {version}, the newest that this program knows: nothing to apply")
        elif dry_run:
            notify(f"this program needs schema version {SCHEMA_VERSION}; the warehouse has {_told(version)}")
        else:
            notify(f"the schema has version {SCHEMA_VERSION} now; before it had {_told(version)}")


def _told(version: int | None) -> str:
    return "none, as the database is empty" if version is None else f"version {version}"
