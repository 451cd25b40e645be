"""The verbs ``works …``: why a record is where it is, and what people decide, which always wins."""

from __future__ import annotations

import getpass
import shlex
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.commands.console import notify, open_warehouse
from pipelines.commands.explained import in_words, show_explained, show_pair
from pipelines.plain import printable

if TYPE_CHECKING:
    from sqlalchemy import URL

    from pipelines.warehouse.decisions import RecordName, Verdict
    from pipelines.works.settings import MatchingSettings

works = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Explain publications and works, split and join them.

    A record is named source/id. What a person decides wins over every rule, survives every load, and can be undone.

    Examples:
        vufind-warehouse works explain library/12345

        vufind-warehouse works split library/12345 archive/998 --why "another edition of the plates"
    """,
)

One = Annotated[str, typer.Argument(help="A record, as source/id.", metavar="RECORD")]
Others = Annotated[
    list[str], typer.Argument(help="Further records; each is decided on with the first.", metavar="RECORD...")
]
Why = Annotated[str, typer.Option(help="Why, for those who come after you.")]
By = Annotated[str | None, typer.Option(help="Who decides, or takes back; else who is logged in.")]
OnePublication = Annotated[bool, typer.Option("--publication", help="Of publications, not of works.")]


@works.command(no_args_is_help=True)
def explain(
    record: One, other: Annotated[str | None, typer.Argument(help="Another record.", metavar="[RECORD]")] = None
) -> None:
    """Show a record's publication and work, their members, each link with rule and reason, and what was refused.

    With two records: what was decided on the two, or why nothing was, and by which links the one leads to the other.

    Examples:
        vufind-warehouse works explain library/12345

        vufind-warehouse works explain library/12345 archive/998
    """
    from pipelines.warehouse.decisions import RecordName
    from pipelines.warehouse.explain import explain_pair, explain_record

    one = RecordName.of(record)
    two = RecordName.of(other) if other else None
    with open_warehouse() as url:
        if two is None:
            show_explained(Console(), str(one), explain_record(url, one))
        else:
            show_pair(Console(), str(one), str(two), explain_pair(url, one, two))


@works.command(no_args_is_help=True)
def split(record: One, others: Others, why: Why, by: By = None, publication: OnePublication = False) -> None:
    """Say that records are two works; with --publication, two publications of one work.

    Example:
        vufind-warehouse works split library/12345 archive/998 --why "a reply, not the paper"
    """
    _decide(record, others, "version" if publication else "different", why, by, apart=True)


@works.command(no_args_is_help=True)
def join(record: One, others: Others, why: Why, by: By = None, publication: OnePublication = False) -> None:
    """Say that records are of one work; with --publication, that they are one publication.

    Example:
        vufind-warehouse works join library/12345 archive/998 --publication --why "same book in hand"
    """
    _decide(record, others, "duplicate" if publication else "version", why, by, apart=False)


@works.command(no_args_is_help=True)
def undo(
    record: One,
    others: Others,
    why: Annotated[str | None, typer.Option(help="Why, for those who come after you.")] = None,
    by: By = None,
) -> None:
    """Take back what a person has decided on records: the rules decide again, as before.

    Example:
        vufind-warehouse works undo library/12345 archive/998 --why "read the preface"
    """
    from pipelines.warehouse.decisions import withdraw_pairs

    def withdraw(url: URL, one: RecordName, rest: Sequence[RecordName]) -> int:
        return withdraw_pairs(url, one, rest, by or _who(), why, notify)

    _carry_out(record, others, withdraw)


@works.command()
def settings(
    border: Annotated[
        list[str] | None, typer.Option(help="What pairs on a border are; may be given again.", metavar="NAME=VERDICT")
    ] = None,
    trust: Annotated[
        list[str] | None,
        typer.Option(help="A catalogue that speaks first for a publication; the one trusted most first."),
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="Put everything back to where the rules have it.")] = False,
) -> None:
    """Show what the warehouse is told of matching, or tell it anew: then every pair is decided again.

    What is given takes the place of all that was given before. Without options: show.

    Examples:
        vufind-warehouse works settings

        vufind-warehouse works settings --border preprint_and_article=duplicate --trust library --trust archive
    """
    from pipelines.warehouse.decisions import change_settings
    from pipelines.warehouse.settings import settings_of, unknown_sources
    from pipelines.works.borders import BorderError, Borders
    from pipelines.works.settings import MatchingSettings

    if default and (border or trust):
        raise typer.BadParameter("--default goes with nothing else")
    try:
        wanted = MatchingSettings(Borders.parse(", ".join(border or ())), tuple(dict.fromkeys(trust or ())))
    except BorderError as error:
        raise typer.BadParameter(printable(str(error)), param_hint="--border") from error
    with open_warehouse(changes=True) as url:
        if unknown := unknown_sources(url, wanted.trusted_sources):
            raise typer.BadParameter(
                printable(f"the warehouse has no source {', '.join(unknown)}"), param_hint="--trust"
            )
        if border or trust or default:
            notify("deciding every pair again")
            version = change_settings(url, wanted, notify)
            notify(f"done; the warehouse is at version {version:,}")
        _show_settings(Console(), settings_of(url))


def _show_settings(console: Console, settings: MatchingSettings) -> None:
    table = Table("setting", "value", title="What the warehouse is told of matching", title_justify="left")
    for border in fields(settings.borders):
        value = getattr(settings.borders, border.name)
        choices = " | ".join(border.metadata["choices"])
        table.add_row(f"border {border.name}", Text(f"{value}   (of {choices})"))
    table.add_row("trusted sources", Text(printable(", ".join(settings.trusted_sources)) or "all alike"))
    console.print(table)


@works.command()
def recount(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing; exit with 1 where anything differs.")
    ] = False,
) -> None:
    """Count anew what reports rest on, for after rows were changed by hand, and say how many rows of it differed.

    Loads keep counts up by what they change themselves. Counted are the records, publications and years of publications
    and works, the tables of counts behind the reports, and the words for search; other columns are taken for right.

    Examples:
        vufind-warehouse works recount --dry-run

        vufind-warehouse works recount
    """
    from pipelines.show import show_rows
    from pipelines.warehouse.recount import recount as count_anew

    with open_warehouse(changes=not dry_run) as url:
        differing = count_anew(url, notify, is_trial=dry_run)
    show_rows(("table", "rows that differed"), list(differing.items()), "table", notify)
    if not any(differing.values()):
        notify("all counts were right")
    elif dry_run:
        notify("nothing was changed; count anew with: vufind-warehouse works recount")
        raise typer.Exit(1)


@works.command()
def decisions() -> None:
    """List what people have decided, with what was taken back.

    Example:
        vufind-warehouse works decisions
    """
    from pipelines.show import show_rows
    from pipelines.warehouse.explain import decisions_of_people

    with open_warehouse() as url:
        show_rows(*decisions_of_people(url), "table", notify)


def _who() -> str:
    """Who is logged in, as far as the machine knows."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise typer.BadParameter("nobody is logged in here: say who decides, with --by NAME") from None


def _decide(record: str, others: list[str], verdict: Verdict, why: str, by: str | None, *, apart: bool) -> None:
    from pipelines.warehouse.decisions import Person, decide_pairs

    if not why.strip():
        raise typer.BadParameter("say why, for those who come after you: --why TEXT")
    person = Person(by or _who(), why)

    def decide(url: URL, one: RecordName, rest: Sequence[RecordName]) -> int:
        return decide_pairs(url, one, rest, verdict, person, apart=apart, notify=notify)

    _carry_out(record, others, decide)
    notify(f"To take it back: vufind-warehouse works undo {shlex.join([record, *others])}")


def _carry_out(record: str, others: list[str], change: Callable[[URL, RecordName, Sequence[RecordName]], int]) -> None:
    """Change the warehouse, and show what became of the records."""
    from pipelines.warehouse.decisions import RecordName
    from pipelines.warehouse.explain import group_if_alive

    one, rest = RecordName.of(record), [RecordName.of(other) for other in others]
    console = Console()
    with open_warehouse(changes=True) as url:
        version = change(url, one, rest)
        for name in (one, *rest):
            group = group_if_alive(url, name)
            words = in_words(str(name), group) if group else f"{name}: has ended, and belongs to no work"
            console.print(Text(printable(words)), soft_wrap=True)
    notify(f"done; the warehouse is at version {version:,}")
