"""The command ``search``: publications by words of title and names."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand

from pipelines.commands.console import Form, ask_for_a_home, fail, notify
from pipelines.home import Home

#: Options behind which a value follows.
_WITH_VALUE: Final = ("--at-most", "--format")


class Search(TyperCommand):
    """The command with words that begin with a dash: ``-lakes`` is a word, ``--lakes`` an option that it lacks."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put such words behind ``--``, where no parser takes them for options of one letter."""
        end = args.index("--") if "--" in args else len(args)
        is_word = [
            re.match("-[^-]", each) is not None and each not in ctx.help_option_names and before not in _WITH_VALUE
            for before, each in pairwise(["", *args[:end]])
        ]
        if not any(is_word):
            return super().parse_args(ctx, args)
        words = [each for each, is_one in zip(args, is_word, strict=False) if is_one]
        others = [each for each, is_one in zip(args[:end], is_word, strict=True) if not is_one]
        return super().parse_args(ctx, [*others, "--", *words, *args[end + 1 :]])


def search(
    words: Annotated[list[str], typer.Argument(help="Words that must all be there.", metavar="WORDS...")],
    at_most: Annotated[int, typer.Option("--at-most", help="How many publications to show.", min=1)] = 20,
    form: Annotated[Form, typer.Option("--format", help="How to write the rows.")] = "table",
) -> None:
    """Find publications by words of their titles and of the names credited, whatever their accents and case.

    The best come first. word* stands for all words that begin so; what has -word in it is left out.

    Examples:
        vufind-warehouse search cruz atlas

        vufind-warehouse search 北京 --format csv

        vufind-warehouse search 'riv*' -lakes
    """
    from psycopg2 import Error

    from pipelines.show import show_rows
    from pipelines.warehouse.reader import reading
    from pipelines.warehouse.statements import statement

    if not any(map(str.isalnum, "".join(words))):
        raise typer.BadParameter("name at least one word to search for", param_hint="WORDS...")
    home = Home.here()
    ask_for_a_home(home)
    with home.warehouse(notify) as url, reading(url, 300, embedded=home.url is None, warn=notify) as connection:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT is_complete FROM reporting.words_state")
                if cursor.fetchone() != (True,):
                    notify(
                        "words for search are not made yet, so that all titles are looked through; ingest makes them"
                    )
                cursor.execute(statement("words/found"), {"words": " ".join(words), "at_most": at_most})
                columns = [column.name for column in cursor.description or ()]
                found = cursor.fetchall()
                show_rows(columns, found, form, notify)
                if not found:
                    notify(f"no publication has {' '.join(words)} in its title and names; word* finds beginnings")
        except Error as error:
            fail(str(error).strip())
