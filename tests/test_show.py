"""Rows on standard output: harmless to a terminal, exact for other programs."""

from __future__ import annotations

import csv
import io
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipelines import screen, show
from pipelines.dumps import FoundDump
from pipelines.ingest import Ingested
from pipelines.stages import Progress
from tests.postgres import wait_until


@pytest.mark.parametrize(
    ("names", "distinct"),
    [(["a", "b"], ["a", "b"]), (["a", "a", "a"], ["a", "a_2", "a_3"]), (["a", "a", "a_2"], ["a", "a_3", "a_2"])],
)
def test_every_column_has_a_name_of_its_own_in_json(names: list[str], distinct: list[str]):
    assert show.distinct(names) == distinct


def test_csv_does_nothing_to_a_terminal_and_is_raw_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    for terminal, written in ((True, "\\x1b[2J"), (False, "\x1b[2J")):
        monkeypatch.setattr(sys.stdout, "isatty", lambda terminal=terminal: terminal, raising=False)
        show.show_rows(["a"], [("\x1b[2J",)], "csv", print)
        assert capsys.readouterr().out.split() == ["a", written]


def test_rows_that_a_terminal_is_too_narrow_for_are_written_field_by_field(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    names, row = [f"name_{number}" for number in range(9)], [f"some words {number}" for number in range(9)]
    monkeypatch.setenv("COLUMNS", "80")
    show.show_rows(names, [row, row], "expanded", print)
    expanded = capsys.readouterr().out
    assert [line.split(maxsplit=1) for line in expanded.splitlines()[:3]] == [
        ["row", "1"], ["name_0", "some words 0"], ["name_1", "some words 1"],
    ]  # fmt: skip
    monkeypatch.setenv("FORCE_COLOR", "1")
    show.show_rows(names, [row], "table", print)
    assert "some words 8" in (told := capsys.readouterr().out)
    assert "row 1" in told
    show.show_rows(names[:4], [row[:4]], "table", print)
    assert "row 1" not in capsys.readouterr().out
    show.show_rows(["long"], [["x" * 300]], "expanded", print)
    assert capsys.readouterr().out.count("x") == 300


def test_where_the_output_is_no_terminal_a_table_is_a_row_a_line(capsys: pytest.CaptureFixture[str]):
    show.show_rows(["title", "n", "none"], [("a\tb\nc \x1b[2J", 1, None), ("x" * 300, 22, "y")], "table", print)
    assert capsys.readouterr().out == "title\tn\tnone\n" + "a b c \\x1b[2J\t1\t\n" + "x" * 300 + "\t22\ty\n"


def test_what_was_passed_over_in_a_crawl_has_a_figure_of_its_own():
    counts = dict.fromkeys(("read", "new", "changed", "unchanged", "outdated", "repeated", "quarantined"), 1)
    figures = {f"records_{name}": value for name, value in counts.items()} | {"records_quarantined": 0, "kind": "delta"}
    crawl, file = (
        Ingested(FoundDump("library", name, Path(name)), figures, passed_over=passed_over)
        for name, passed_over in (("crawl", {"request": 3, "warcinfo": 1}), ("file", {}))
    )
    for width in (300, 60):
        console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
        show.show_ingested(console, [crawl])
        told = console.file.getvalue()
        assert "passed over" in told.partition("library/crawl: 4 passed over in a crawl")[0]
        assert "no record is shown there: request (3), warcinfo (1)" in told
        show.show_ingested(console := Console(file=io.StringIO(), width=width), [file])
        assert "passed over" not in console.file.getvalue()


@pytest.mark.parametrize(("read", "deletions", "is_told"), [(0, 0, True), (1, 0, False), (0, 1, False)])
def test_a_dump_without_records_is_told_of(read: int, deletions: int, is_told: bool):
    figures = dict.fromkeys((f"records_{name}" for name in show.FIGURES), 0) | {"kind": "delta"}
    figures |= {"records_read": read, "deletions": deletions}
    show.show_ingested(console := Console(file=io.StringIO()), [Ingested(FoundDump("city", "a", Path("a")), figures)])
    assert ("city/a (a): there is no record in it" in console.file.getvalue()) is is_told


def remarks(**of: Any) -> list[str]:
    """What is told of a dump beyond its figures."""
    figures = dict.fromkeys((f"records_{name}" for name in show.FIGURES), 1) | {"kind": "delta"}
    figures |= {"records_quarantined": 0}
    console = Console(file=io.StringIO(), width=60)
    dump = FoundDump("library", "pages", Path("pages"))
    show.show_ingested(console, [Ingested(dump, figures, **of)])
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    return lines[2:]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("value_cuts", "told"),
    [
        ({"author": {"exact": 3}}, None),
        ({}, None),
        (
            {"author": {"exact": 1_500, "inferred": 2}, "topic": {"uncut": 1}, "url": {"exact": 4}},
            "library/pages: not all values that had run together could be cut exactly; "
            "records: author 1,500 exact, 2 inferred; topic 1 uncut",
        ),
    ],
)
def test_what_could_not_be_cut_exactly_is_told(value_cuts: dict[str, dict[str, int]], told: str | None):
    assert remarks(value_cuts=value_cuts) == ([told] if told else [])


@pytest.mark.parametrize(("lost", "told"), [(0, []), (1_200, ["library/pages: 1,200 records lost characters: "])])
def test_records_that_are_in_another_encoding_than_they_say_are_told(lost: int, told: list[str]):
    assert [line[: line.index(": ", 20) + 2] for line in remarks(lost_characters=lost)] == told


@pytest.mark.parametrize(("untitled", "is_told"), [(0, False), (1, True)])
def test_a_dump_whose_records_mostly_have_no_title_is_told_of(untitled: int, is_told: bool):
    told = [
        line.startswith("library/pages: 1 records have no title; if the dump")
        for line in remarks(without_title=untitled)
    ]
    assert told == [True] * is_told


def test_who_waits_is_told_soon_and_no_more_once_it_has_ended(monkeypatch: pytest.MonkeyPatch):
    for name in ("_SOON", "LINE_EVERY", "_LOOK_EVERY"):
        monkeypatch.setattr(screen, name, 0.02)
    said: list[str] = []
    with screen.told_while("looking", said.append):
        wait_until(lambda: len(said) > 1, "two lines are told", 10)
    told = len(said)
    time.sleep(0.1)
    assert (len(said), said[0]) == (told, "looking, 0 s so far")


def test_a_stage_that_tells_nothing_is_told_of(monkeypatch: pytest.MonkeyPatch):
    for name in ("_SOON", "LINE_EVERY", "_LOOK_EVERY"):
        monkeypatch.setattr(screen, name, 0.02)
    console = Console(file=io.StringIO(), width=200)
    with screen.on_screen(console, "library/2020") as report:
        wait_until(lambda: "looking at its files" in console.file.getvalue(), "a line before the first", 10)  # type: ignore[attr-defined]
        report(Progress("extract", "gathering", 0, 0, 0))
        wait_until(lambda: "extract: gathering, 0 s so far" in console.file.getvalue(), "one after it", 10)  # type: ignore[attr-defined]


def test_nothing_found_shows_what_was_asked_for(capsys: pytest.CaptureFixture[str]):
    show.show_rows(["title"], [], "expanded", print)
    assert "title" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (Decimal("NaN"), "NaN"),
        (1e300, "1e+300"),
        (timedelta(days=1), "P1DT0H0M0S"),
        (timedelta(hours=30, minutes=2, seconds=3, microseconds=40), "P1DT6H2M3.00004S"),
        (timedelta(seconds=-1), "-P0DT0H0M1S"),
    ],
)
def test_values_are_written_as_other_programs_read_them(value: object, text: str, capsys: pytest.CaptureFixture[str]):
    show.show_rows(["a"], [[value]], "csv", print)
    assert capsys.readouterr().out == f"a\n{text}\n"


def test_times_in_json_are_as_rfc_3339_has_them(capsys: pytest.CaptureFixture[str]):
    time_of_load = datetime(2026, 11, 28, 22, 36, 5, 120_000, tzinfo=UTC)
    show.show_rows(["loaded_at", "day"], [(time_of_load, time_of_load.date())], "json", print)
    assert capsys.readouterr().out == '{"loaded_at": "2026-11-28T22:36:05.120000+00:00", "day": "2026-11-28"}\n'


@pytest.mark.parametrize("value", ["a\rb", "a\nb", "a\r\nb", 'a"b', "a,b", "\r", "plain"])
def test_csv_is_read_back_as_it_was(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    show.show_rows(["a", "b"], [(value, "c"), ("d", value)], "csv", print)
    out = capsys.readouterr().out
    assert list(csv.reader(io.StringIO(out, newline=""))) == [["a", "b"], [value, "c"], ["d", value]]
    assert out.startswith("a,b\n")
