"""A command that a message names works as it is printed: it begins as the one did that prints it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
import typer

from pipelines.called import VERBS, as_called, remember_options
from pipelines.cli import app
from pipelines.warehouse.connection import libpq_url
from tests.cli.conftest import Command
from tests.end_to_end.road import Road


def test_all_verbs_are_known():
    assert sorted(typer.main.get_command(app).commands) == sorted(VERBS)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("options", "message", "printed"),
    [
        ({}, "see: vufind-warehouse dumps list", "see: vufind-warehouse dumps list"),
        ({"home": "var"}, "see: vufind-warehouse status", "see: vufind-warehouse --home var status"),
        ({"home": "my var"}, "run vufind-warehouse ui", "run vufind-warehouse --home 'my var' ui"),
        (
            {"home": "var", "warehouse": "postgresql://me@there/a?sslmode=require"},
            "vufind-warehouse migrate",
            "vufind-warehouse --home var --warehouse 'postgresql://me@there/a?sslmode=require' migrate",
        ),
        ({"home": r"\1"}, "vufind-warehouse ui, vufind-warehouse ui", (r"vufind-warehouse --home '\1' ui, " * 2)[:-2]),
        ({"home": "var"}, "with the vufind-warehouse that made it", "with the vufind-warehouse that made it"),
    ],
)
def test_options_before_the_verb_are_printed_again(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], message: str, printed: str
):
    monkeypatch.setattr(sys, "argv", ["vufind-warehouse"])
    remember_options(**options)
    assert as_called(message) == printed


def test_a_program_that_no_shell_would_find_is_named_by_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (program := tmp_path / "bin" / "vufind-warehouse").parent.mkdir()
    program.touch(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(program)])
    remember_options()
    assert as_called("vufind-warehouse ui") == "bin/vufind-warehouse ui"
    monkeypatch.setenv("PATH", str(program.parent))
    assert as_called("vufind-warehouse ui") == "vufind-warehouse ui"


def test_from_a_folder_that_was_deleted_the_program_is_named_as_it_was_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (gone := tmp_path / "gone").mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setattr(sys, "argv", ["/opt/bin/vufind-warehouse"])
    remember_options()
    assert as_called("vufind-warehouse ui") == "/opt/bin/vufind-warehouse ui"


def test_the_options_of_one_command_are_not_those_of_the_next(command: Command, tmp_path: Path):
    home = tmp_path / "new home"
    assert (
        f"vufind-warehouse --home {shlex.quote(str(home))} ingest PATH" in command("--home", str(home), "status").told
    )
    assert "make one with: vufind-warehouse ingest PATH" in command("status").told


def test_the_way_back_from_a_decision_works_as_it_is_printed(
    warehouse: Road, command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("WAREHOUSE_URL")
    url = libpq_url(warehouse.url)
    told = command("--warehouse", url, "works", "split", "library/1", "library/2", "--why", "a test").told
    [back] = [line.partition(": ")[2] for line in told.splitlines() if line.startswith("To take it back: ")]
    assert shlex.split(back) == ["vufind-warehouse", "--warehouse", url, "works", "undo", "library/1", "library/2"]
    assert command(*shlex.split(back)[1:]).code == 0
