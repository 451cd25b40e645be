"""Rows on standard output: harmless to a terminal, exact for other programs."""

from __future__ import annotations

import sys

import pytest

from pipelines import show


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
