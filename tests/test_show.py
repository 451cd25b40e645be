"""Rows on standard output: harmless to a terminal, exact for other programs."""

from __future__ import annotations

import sys
import time

import pytest

from pipelines import screen, show
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
    # Not on a terminal a table is as wide as it must be, for other programs.
    show.show_rows(names, [row], "table", print)
    assert "row 1" not in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    show.show_rows(names, [row], "table", print)
    assert "some words 8" in (told := capsys.readouterr().out)
    assert "row 1" in told
    show.show_rows(names[:4], [row[:4]], "table", print)
    assert "row 1" not in capsys.readouterr().out
    show.show_rows(["long"], [["x" * 300]], "expanded", print)
    assert capsys.readouterr().out.count("x") == 300


def test_who_waits_is_told_soon_and_no_more_once_it_has_begun(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(screen, "_SOON", 0.02)
    monkeypatch.setattr(screen, "LINE_EVERY", 0.02)
    said: list[str] = []
    with screen.told_while("looking", said.append) as begun:
        wait_until(lambda: len(said) > 1, "two lines are told", 10)
        begun()
        time.sleep(0.1)
        told = len(said)
        time.sleep(0.1)
        assert len(said) == told
    assert said[0] == "looking, 0 s so far"
