"""The command ``query``: one question in SQL, asked as a role that can only read."""

from __future__ import annotations

import re
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from pipelines.commands.console import Form, ask_for_a_home, fail, notify
from pipelines.home import Home


class Query(TyperCommand):
    """The command with a statement that begins with a comment of SQL: ``-- Which works?``, then what is asked."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put such a statement behind ``--``, where no parser takes it for an option, whose name has no blank."""
        end = args.index("--") if "--" in args else len(args)
        statements = [each for each in args[:end] if re.match(r"--[^=\s]*\s", each)]
        others = [each for each in args[:end] if each not in statements]
        return super().parse_args(ctx, [*others, "--", *statements, *args[end + 1 :]] if statements else args)


def query(
    statement: Annotated[str, typer.Argument(help="One SELECT; - reads it from standard input.", metavar="SQL")],
    form: Annotated[Form, typer.Option("--format", help="How to write the rows.")] = "table",
    timeout: Annotated[
        int,
        typer.Option(
            help="Seconds after which the query is given up.", min=1, envvar="WAREHOUSE_QUERY_TIMEOUT", show_envvar=True
        ),
    ] = 300,
) -> None:
    """Ask the warehouse in SQL, as a role that can only read.

    A table shows the first 1,000 rows; csv and json write all of them. expanded writes each field on a line of its
    own; so does a table that is too wide for the terminal. Where the output is no terminal a table is a row a line,
    with tabs between its columns.

    Examples:
        vufind-warehouse query "SELECT * FROM reporting.doi_coverage ORDER BY record_count DESC LIMIT 10"

        vufind-warehouse query "SELECT * FROM reporting.duplicates" --format csv > duplicates.csv

        vufind-warehouse query - --format csv < question.sql
    """
    from pipelines.show import show_rows
    from pipelines.warehouse.reader import QueryError, ask

    if statement == "-":
        try:
            statement = sys.stdin.buffer.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            fail(f"standard input is not UTF-8 at byte {error.start}", 2)
    if not statement.strip():
        raise typer.BadParameter("give one SELECT", param_hint="SQL")
    home = Home.here()
    ask_for_a_home(home)
    with home.warehouse(notify) as url:
        try:
            with ask(url, statement, timeout, embedded=home.url is None, warn=notify) as (columns, rows):
                show_rows(columns, rows, form, notify)
        except QueryError as error:
            fail(str(error))
