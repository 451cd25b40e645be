"""The command as a fixture, run in the process of the test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

import pytest

from pipelines import cli
from tests.end_to_end.road import Road
from tests.ready import Fill, ReadyRoads

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
Serve = Callable[..., AbstractContextManager[Road]]


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


def two_records(road: Road) -> None:
    road.ingest("library", "2020", DOCUMENTS)
    road.ingest("library", "2021", b"broken\n")


def nothing_more(_: Road) -> None:
    pass


@pytest.fixture
def serve(ready_roads: ReadyRoads, monkeypatch: pytest.MonkeyPatch, command: Command) -> Serve:
    """Make a warehouse that is filled already that of the command: somebody's own Postgres whose URL has a password.

    It has two records, and what a function brings into it, if need be by the command in the folder of the dumps, which
    is the command's then.
    """

    def point_at(road: Road) -> None:
        url = road.url.set(password=PASSWORD, drivername="postgresql")
        monkeypatch.setenv("WAREHOUSE_URL", url.render_as_string(hide_password=False))

    @contextmanager
    def serving(fill: Fill, *, by_command: bool = False) -> Iterator[Road]:
        @wraps(fill)
        def filling(road: Road) -> None:
            two_records(road)
            if by_command:
                point_at(road)
                monkeypatch.chdir(road.folder)
            fill(road)

        with ready_roads.copy(filling) as road:
            point_at(road)
            if by_command:
                monkeypatch.chdir(road.folder)
            yield road

    return serving


@pytest.fixture
def warehouse(serve: Serve) -> Iterator[Road]:
    """A warehouse with two records."""
    with serve(nothing_more) as road:
        yield road
