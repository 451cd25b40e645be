"""The command ``vufind-warehouse``: what Dagster runs, run at once, and a look into the warehouse."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Annotated, Final

import psycopg2
import typer

from pipelines.called import remember_options
from pipelines.commands.backup import backup, restore
from pipelines.commands.console import ask_for_a_home, fail, notify
from pipelines.commands.dumps import dumps
from pipelines.commands.export import export
from pipelines.commands.extract import extract
from pipelines.commands.ingest import ingest
from pipelines.commands.match import match
from pipelines.commands.migrate import migrate
from pipelines.commands.quarantine import quarantine
from pipelines.commands.query import Query, query
from pipelines.commands.search import Search, search
from pipelines.commands.serve import serve
from pipelines.commands.version import Version
from pipelines.commands.works import works
from pipelines.home import HOME_VARIABLE, URL_VARIABLE, Home, HomeError
from pipelines.outputs import close_standard_output
from pipelines.warehouse.connection import WarehouseError, has_secret, warehouse_url
from pipelines.warehouse.faults import OF_A_QUESTION, explained
from pipelines.warehouse.server import ServerError

_LOCAL: Final = "127.0.0.1"

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(no_args_is_help=True)(ingest)
app.command(no_args_is_help=True)(extract)
app.command(no_args_is_help=True)(match)
app.command(no_args_is_help=True)(export)
app.command(no_args_is_help=True, cls=Query)(query)
app.command(no_args_is_help=True, cls=Search)(search)
app.command()(migrate)
app.command(no_args_is_help=True)(backup)
app.command(no_args_is_help=True)(restore)
app.command()(serve)
app.add_typer(works, name="works")
app.add_typer(quarantine, name="quarantine")
app.add_typer(dumps, name="dumps")


def main() -> None:
    """Run the command; an error that a person can mend is one line, not a traceback."""
    try:
        app()
    except (WarehouseError, ServerError, HomeError) as error:
        fail(str(error))
    except psycopg2.Error as error:
        fail(explained(error, OF_A_QUESTION))
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        close_standard_output()
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))


@app.callback()
def options(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            envvar=HOME_VARIABLE,
            help="Folder with the embedded server, the frames and Dagster's files (default ./var).",
        ),
    ] = None,
    warehouse: Annotated[
        str | None,
        typer.Option(
            envvar=URL_VARIABLE,
            help="URL of your own Postgres 14 or newer, instead of the embedded one. One with a password is given in "
            "the environment, or in a file that WAREHOUSE_URL_FILE names.",
            show_envvar=True,
            show_default=False,
        ),
    ] = None,
    version: Version = False,
) -> None:
    """Raw dumps of VuFind catalogues in, a relational warehouse in Postgres out.

    Examples:
        vufind-warehouse ingest dumps/sample

        vufind-warehouse query "SELECT * FROM reporting.works LIMIT 5"
    """
    given: dict[str, str] = {}
    if home is not None:
        if str(home) != os.environ.get(HOME_VARIABLE):
            given["home"] = str(home)
        os.environ[HOME_VARIABLE] = str(home.absolute())
    if warehouse is not None:
        given_as = context.get_parameter_source("warehouse")
        if given_as is not None and given_as.name == "COMMANDLINE" and has_secret(warehouse_url(warehouse)):
            fail(
                "a command line can be read by everybody on the machine: give a URL with a password in WAREHOUSE_URL, "
                "or in a file that WAREHOUSE_URL_FILE names, or leave the password to ~/.pgpass",
                2,
            )
        if warehouse != os.environ.get(URL_VARIABLE):
            given["warehouse"] = warehouse
        os.environ[URL_VARIABLE] = warehouse
    remember_options(**given)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    r"""Open psql on the warehouse, as its owner: it can change everything. Further arguments are psql's own.

    Examples:
        vufind-warehouse psql

        vufind-warehouse psql -c '\dt catalog.*'
    """
    from pipelines.warehouse.connection import libpq_environment
    from pipelines.warehouse.server import client_program

    home = Home.here()
    with home.warehouse(notify) as url:
        # The packaged psql is built without TLS: to a server of one's own goes the machine's, where there is one.
        program = (shutil.which("psql") if home.url else None) or str(client_program("psql"))
        # The password goes through the environment: a command line can be read by everybody on the machine.
        environment = {**os.environ, **libpq_environment(url)}
        code = subprocess.run([program, *context.args], env=environment, check=False).returncode
    raise typer.Exit(code)


@app.command()
def status() -> None:
    """Show what is in, and where everything lies.

    Example:
        vufind-warehouse status
    """
    from pipelines.show import show_rows
    from pipelines.warehouse.connection import shown
    from pipelines.warehouse.server import server_status
    from pipelines.warehouse.status import dumps_in, totals, work_key_profiles

    home = Home.here()
    running = server_status(home.folder) if home.url is None else None
    server = shown(home.url) if home.url else "embedded"
    lines = {
        "home": home.folder,
        "warehouse": f"{server}{f', running as process {running.server.pid}' if running else ''}",
        "frames": home.frames,
        "dumps root": home.dumps,
        "Dagster": home.dagster,
    }
    ask_for_a_home(home)
    with home.warehouse(notify) as url:
        show_rows(("what", "value"), [*lines.items(), *totals(url)], "table", notify)
        show_rows(*dumps_in(url), "table", notify)
        show_rows(*work_key_profiles(url), "table", notify)


def _ui_at(host: str, port: int) -> str:
    return f"vufind-warehouse ui --port {port}" + (f" --host {host}" if host != _LOCAL else "")


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port of the UI.", min=1, max=65535)] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = _LOCAL,
) -> None:
    """Open Dagster's UI and daemon on this home; Ctrl-C ends them.

    Example:
        vufind-warehouse --home var ui --port 3000
    """
    from pipelines.interface import is_free, run_interface

    home = Home.here()
    if not is_free(host, port):
        fail(f"{host}:{port} cannot be listened on, or is in use; choose another: {_ui_at(host, port + 1)}")
    with home.warehouse(notify):
        notify(f"Dagster's UI: http://{host}:{port}   (Ctrl-C ends it)")
        code = run_interface(home, host, port)
    raise typer.Exit(code)


if __name__ == "__main__":
    main()
