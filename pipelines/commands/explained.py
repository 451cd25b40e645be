"""What ``works explain`` prints: where records are, with whom, and by which pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.commands.console import notify
from pipelines.plain import plain, printable

if TYPE_CHECKING:
    from pipelines.warehouse.explain import Explained, ExplainedPair, Row

#: Rows of each kind that are shown.
_SHOWN: Final = 50


def in_words(name: str, group: Row) -> str:
    """Where a record is, in a line."""
    return (
        f"{name}: publication {group['publication_id']} ({group['publication_title'] or 'without title'}), "
        f"work {group['work_id']} ({group['work_title'] or 'without title'})"
    )


def show_explained(console: Console, name: str, explained: Explained) -> None:
    """Print the publication and work of a record, who else is in them, and by which pairs."""
    console.print(Text(printable(in_words(name, explained.group))), soft_wrap=True)
    columns = ("record", "publication", "title", "year", "kind", "container", "volume", "pages", "doi")
    # Ids of publications are long: within a work a number tells them apart.
    numbers = {
        each: number for number, each in enumerate(dict.fromkeys(row["publication_id"] for row in explained.members), 1)
    }
    members = [row | {"publication": numbers[row["publication_id"]]} for row in explained.members]
    show_table(console, "Records of the work", columns, members)
    _pairs(console, "Links", explained.joins)
    _pairs(console, "Links passed over: they would bring together what must stay apart", explained.passed_over)
    _pairs(console, "Kept apart", explained.apart)


def show_pair(console: Console, one: str, other: str, pair: ExplainedPair) -> None:
    """Print what was decided on two records, or why nothing was, and what links them or keeps them apart."""
    for name, explained in ((one, pair.first), (other, pair.second)):
        console.print(Text(printable(in_words(name, explained.group))), soft_wrap=True)
    if pair.evidence:
        _pairs(console, "Decided on the two", [pair.evidence])
    elif pair.keys:
        show_table(console, "Nothing was decided on the two, though they share keys", ("key", "holders"), pair.keys)
    else:
        console.print("Nothing was decided on the two: they share no key.")
    if pair.path and pair.path != [pair.evidence]:
        _pairs(console, "How the one leads to the other", pair.path)
    both = {row["record_id"] for row in pair.first.members} & {row["record_id"] for row in pair.second.members}
    if not both:
        _pairs(console, "Kept apart", _between(pair))


def _between(pair: ExplainedPair) -> list[Row]:
    """What keeps the works of two records apart: pairs of which each has one."""
    works = {pair.first.group["work_id"], pair.second.group["work_id"]}
    return [row for row in pair.first.apart if {row["work_id_a"], row["work_id_b"]} == works and row != pair.evidence]


def _pairs(console: Console, title: str, rows: list[Row]) -> None:
    if rows:
        columns = ("record_a", "record_b", "verdict", "rule", "reason", "score", "blocking_key")
        show_table(console, title, columns, rows)


def show_table(console: Console, title: str, columns: Sequence[str], rows: list[Row]) -> None:
    """Rows as a table, without the columns that are empty; a row a line where the output is no terminal."""
    from pipelines.show import show_lines

    counted = f"{len(rows):,}" if len(rows) <= _SHOWN else f"the first {_SHOWN} of {len(rows):,}"
    title = f"{title} ({counted})"
    shown = [name for name in columns if any(row[name] not in (None, "") for row in rows)]
    names = [name.replace("_", " ") for name in shown]
    cells = [[_cell(row[name]) for name in shown] for row in rows[:_SHOWN]]
    if console.is_terminal:
        table = Table(title=title, title_justify="left")
        for name in names:
            # What one copies must not be cut.
            table.add_column(name, overflow="fold", no_wrap=name.startswith("record"))
        for row in cells:
            table.add_row(*(Text(printable(cell)) for cell in row))
        console.print(table)
    else:
        show_lines(console, [[title], names, *cells])
    if len(rows) > _SHOWN:
        notify("The tables catalog.work_evidence and catalog.records have all.")


def _cell(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else plain(value)
