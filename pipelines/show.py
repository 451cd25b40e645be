"""Tables on a terminal, and the same rows as CSV or JSON for other programs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from pipelines.called import as_called
from pipelines.outputs import named_output
from pipelines.plain import as_json, plain, printable, printable_lines
from pipelines.readers.answers import other_kinds_in_words, passed_over_in_words

if TYPE_CHECKING:
    from pipelines.ingest import Ingested

#: Rows that a table shows.
TABLE_ROWS: Final = 1_000

#: Wider than any table, in columns of text.
_UNBOUNDED: Final = 1 << 40

#: Columns of text that a column of a table needs to be read.
_NARROWEST: Final = 12

#: The figures of a load, in the order of the road. What was passed over is told where there were crawls.
FIGURES: Final = (
    "read", "new", "changed", "unchanged", "outdated", "repeated", "quarantined", "passed over", "deletions", "deleted",
    "publications", "works", "merges",
)  # fmt: skip
_OF_CRAWLS: Final = "passed over"
_ONE_CRAWL: Final = (
    "which says less than what was known. Files of one crawl are better one dump: take them out (dumps remove) and "
    "ingest them in one archive (tar cf crawl.tar *.warc.gz)"
)
_CONVERT: Final = (
    "their leader names another encoding than they are in (`marc_error` in their `extra`). If it is Latin-1, other "
    "records may be wrong unseen; convert it first: yaz-marcdump -f iso-8859-1 -t utf-8 -l 9=97 -o marc OLD > NEW"
)

#: Where more than one record in so many has no title, the dump may be of something else.
_MOSTLY_UNTITLED: Final = 2
_MAY_BE_NONE: Final = (
    "if the dump is not of a catalogue, or in other fields than VuFind's (vufind-warehouse extract shows them), take "
    "it out again: vufind-warehouse dumps remove"
)


def show_ingested(console: Console, outcomes: Sequence[Ingested]) -> None:
    """What became of each dump: a row each on a terminal that is wide enough, else a few lines each; below, what a
    person should know of them.
    """
    table = _ingested_table(outcomes)
    if console.is_terminal and _whole_width(console, table) <= console.width:
        console.print(table)
    else:
        for outcome in outcomes:
            console.print(Text(_in_words(outcome)), soft_wrap=not console.is_terminal)
    for outcome in outcomes:
        for line in _remarks(outcome):
            console.print(
                Text(printable_lines(as_called(line)), style="red" if outcome.error else "yellow"), soft_wrap=True
            )


def _ingested_table(outcomes: Sequence[Ingested]) -> Table:
    table = Table(
        title="Ingested", title_justify="left", caption="publications and works: all that the warehouse holds now"
    )
    names = _figures_of(outcomes)
    table.add_column("dump")
    for name in (*names, "seconds", "records/s"):
        table.add_column(name, justify="right")
    for outcome in outcomes:
        if outcome.error:
            table.add_row(Text(printable(outcome.dump.partition)), Text("failed", style="red"))
            continue
        cells = [f"{_figure(outcome, name):,}" for name in names]
        table.add_row(
            Text(printable(outcome.dump.partition)), *cells, f"{outcome.seconds:.1f}", f"{_rate(outcome):,.0f}"
        )
    return table


def _in_words(outcome: Ingested) -> str:
    name = printable(outcome.dump.partition)
    if outcome.error:
        return f"{name}: failed"
    *done, publications, works, merges = (f"{_figure(outcome, name):,} {name}" for name in _figures_of([outcome]))
    return (
        f"{name}: {', '.join(done)}, {merges}\n"
        f"  in the warehouse now: {publications}, {works}; {outcome.seconds:.1f} s, {_rate(outcome):,.0f} records/s"
    )


def _figures_of(outcomes: Sequence[Ingested]) -> list[str]:
    """The names of the figures that are told of these dumps."""
    has_crawl = any(outcome.passed_over for outcome in outcomes)
    return [name for name in FIGURES if has_crawl or name != _OF_CRAWLS]


def _figure(outcome: Ingested, name: str) -> int:
    if name == _OF_CRAWLS:
        return sum(outcome.passed_over.values())
    return int(outcome.figures.get(name, outcome.figures.get(f"records_{name}", 0)))


def _rate(outcome: Ingested) -> float:
    return float(outcome.figures["records_read"]) / outcome.seconds if outcome.seconds else 0.0


def _remarks(outcome: Ingested) -> Iterator[str]:
    """What a person should know of a dump beyond its figures."""
    name = outcome.dump.partition
    if outcome.error:
        # An error of the dump itself begins with its path.
        where = "" if outcome.error.startswith(f"{outcome.dump.path}:") else f" ({outcome.dump.path})"
        yield f"{name}{where}: {outcome.error}"
        return
    yield from _remarks_of_reading(outcome)
    for warning in outcome.warnings:
        yield f"{name}: {warning}"
    if lost := outcome.lost_staff_views:
        yield f"{name}: of {lost:,} known records it has no more than a page without staff view, {_ONE_CRAWL}"
    if outcome.took_a_place:
        yield f"{name}: it took the place of {outcome.path_before}, which was in under this name"
    kind = outcome.figures["kind"]
    if outcome.kind_before not in (None, kind):
        ends = "records that it lacks have ended" if kind == "full" else "it ends none any more"
        yield f"{name}: this dump was in as {outcome.kind_before} and now counts as {kind}: {ends}"
    if outcome.missing:
        yield f"{name}: this is not the whole of what was asked for: {outcome.missing}"
    if outcome.said_to_be == "full" and kind != "full":
        quarantined = outcome.figures["records_quarantined"]
        why = "what could not be read is not missing" if quarantined else "what is not there has not ended"
        yield f"{name}: {why}, so this full dump ended nothing; it counts as a delta"


def _remarks_of_reading(outcome: Ingested) -> Iterator[str]:
    """What was not read of a dump, or not as it stands there."""
    name = outcome.dump.partition
    is_other = outcome.passed_over or outcome.other_kinds
    if not outcome.figures["records_read"] and not outcome.figures["deletions"] and not is_other:
        yield f"{name} ({outcome.dump.path}): there is no record in it"
    if outcome.nothing_could_be_read:
        yield f"{name} ({outcome.dump.path}): nothing in it could be read"
    if quarantined := outcome.figures["records_quarantined"]:
        yield f"{name}: {quarantined:,} in quarantine; why: vufind-warehouse quarantine list"
    if outcome.passed_over:
        yield f"{name}: {passed_over_in_words(outcome.passed_over)}"
    if outcome.other_kinds:
        yield f"{name}: {other_kinds_in_words(outcome.other_kinds)}"
    if outcome.skipped:
        yield f"{name}: {outcome.skipped}"
    if lost := outcome.lost_characters:
        yield f"{name}: {lost:,} records lost characters: {_CONVERT}"
    if _MOSTLY_UNTITLED * outcome.without_title > outcome.figures["records_read"]:
        yield f"{name}: {outcome.without_title:,} records have no title; {_MAY_BE_NONE}"
    if cuts := _cuts_in_words(outcome.value_cuts):
        yield f"{name}: not all values that had run together could be cut exactly; records: {cuts}"


def _cuts_in_words(value_cuts: Mapping[str, Mapping[str, int]]) -> str:
    """The fields of which not every value was cut exactly, each with its records by mark."""
    return "; ".join(
        f"{name} {', '.join(f'{count:,} {mark}' for mark, count in sorted(marks.items()))}"
        for name, marks in value_cuts.items()
        if marks.keys() - {"exact"}
    )


class _NewlinesAlone:
    """Standard output for rows that end in a carriage return and a newline: only the latter is written."""

    def write(self, row: str) -> int:
        return sys.stdout.write(row.removesuffix("\r\n") + "\n")


def show_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str, tell: Callable[[str], None]) -> None:
    r"""Rows on standard output as an aligned table, ``expanded``, as CSV, or as JSON lines.

    CSV and JSON stream. Expanded, each field is a line, as with psql's ``\x``; so is a table that no terminal as wide
    as this one could show. Where the output is no terminal a table is a row a line, with tabs between its columns. A
    table must be held to be aligned: it ends after :data:`TABLE_ROWS` rows, and ``tell`` is given a line that says so.
    CSV is raw, but on a terminal, where control characters are made visible, as they are in tables. In JSON a second
    column of one name gets a number. Raises OSError that names standard output where it cannot be written.
    """
    with named_output():
        _write_rows(columns, rows, form, tell)


def _write_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str, tell: Callable[[str], None]) -> None:
    if form == "csv":
        cell = _visible if sys.stdout.isatty() else plain
        # With both signs in the terminator a field that holds either is quoted.
        writer = csv.writer(_NewlinesAlone(), lineterminator="\r\n")
        writer.writerow([cell(name) for name in columns])
        writer.writerows([cell(value) for value in row] for row in rows)
    elif form == "json":
        names = distinct(columns)
        for row in rows:
            print(as_json(dict(zip(names, row, strict=True))))
    else:
        _show_table(columns, iter(rows), tell, is_expanded=form == "expanded")


def _visible(value: Any) -> str:
    return printable(plain(value))


def _show_table(
    columns: Sequence[str], rows: Iterator[Sequence[Any]], tell: Callable[[str], None], *, is_expanded: bool
) -> None:
    shown, console = list(islice(rows, TABLE_ROWS)), Console()
    if is_expanded and shown:
        _show_expanded(console, columns, shown)
    elif not console.is_terminal:
        show_lines(console, [columns, *shown])
    else:
        table = Table()
        for name in columns:
            table.add_column(Text(printable(name)), overflow="fold")
        for row in shown:
            table.add_row(*(Text(_visible(value)) for value in row))
        if shown and _is_too_wide(console, table):
            _show_expanded(console, columns, shown)
        else:
            console.print(table)
    if next(rows, None) is not None:
        tell(f"These are the first {TABLE_ROWS:,} rows; --format csv or json writes all of them.")


def show_lines(console: Console, rows: Iterable[Sequence[Any]]) -> None:
    """A row a line, with tabs between its columns: a tab within a value is a blank."""
    for row in rows:
        print("\t".join(map(_visible, row)), file=console.file)


def _is_too_wide(console: Console, table: Table) -> bool:
    """Whether the columns would be so narrow on this terminal that words in them are cut to pieces."""
    if console.width >= _NARROWEST * len(table.columns):
        return False
    return _whole_width(console, table) > console.width


def _show_expanded(console: Console, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Each field a line; a long value goes on below itself on a terminal, and nowhere else."""
    names = [printable(name) for name in columns]
    for number, row in enumerate(rows, start=1):
        console.print(Text(f"row {number:,}", style="bold"))
        fields = Table.grid(padding=(0, 2))
        fields.add_column(no_wrap=True, style="cyan")
        fields.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            fields.add_row(Text(name), Text(_visible(value)))
        if not console.is_terminal:
            console.width = max(console.width, _whole_width(console, fields))
        console.print(fields)


def _whole_width(console: Console, table: Table) -> int:
    """How wide a table is where nothing is folded."""
    return Measurement.get(console, console.options.update(max_width=_UNBOUNDED), table).maximum


def distinct(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: a second ``title`` is ``title_2``, or the next number that is free."""
    taken = set(names)
    given: list[str] = []
    for name in names:
        candidate, number = name, 1
        while candidate in given or (number > 1 and candidate in taken):
            number += 1
            candidate = f"{name}_{number}"
        given.append(candidate)
    return given
