"""The command as a fixture, run in the process of the test."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines import cli
from pipelines.warehouse.connection import warehouse_url as parse_url
from tests.end_to_end.road import Road

PASSWORD = "s3cret/word"  # noqa: S105 - of nobody
DOCUMENTS = [
    {"id": "1", "title": "A study of rivers", "author": ["Núñez, Ana"], "format": ["Book", "Article"]},
    {"id": "2", "title": "Red \x1b[31mlakes, <b>bold</b> [red]x[/red]"},
]


@dataclass(frozen=True)
class Answer:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    told: str


Command = Callable[..., Answer]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Run the command in this process, on a home of its own."""
    for name in ("WAREHOUSE_URL", "VUFIND_WAREHOUSE_HOME"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["vufind-warehouse", *arguments])
        capsys.readouterr()
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        else:
            code = 0
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


@pytest.fixture
def warehouse(warehouse_url: str, monkeypatch: pytest.MonkeyPatch, command: Command) -> Iterator[Road]:
    """A warehouse with two records, as somebody's own Postgres whose URL has a password."""
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-road-") as folder:
        road = Road.into(warehouse_url, Path(folder))
        road.ingest("library", "2020", DOCUMENTS)
        road.ingest("library", "2021", b"broken\n")
        url = parse_url(warehouse_url).set(password=PASSWORD, drivername="postgresql")
        monkeypatch.setenv("WAREHOUSE_URL", url.render_as_string(hide_password=False))
        yield road
