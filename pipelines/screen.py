"""How far an ingest is, for the person who waits: live on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from pipelines.stages import Progress, Report

#: A stage that takes no longer than this, in seconds, is not worth a line.
QUIET: Final = 2.0

#: Seconds after which a first line says that something is done at all.
_SOON: Final = 1.5

#: Seconds between two lines of progress where the output is no terminal.
LINE_EVERY: Final = 5.0


@contextmanager
def told_while(what: str, tell: Callable[[str], None]) -> Iterator[Callable[[], None]]:
    """Tell now and then that something is still done of which nothing can be counted, till the end or till called."""
    ended = threading.Event()

    def run() -> None:
        began = time.monotonic()
        wait = _SOON
        while not ended.wait(wait):
            tell(f"{what}, {time.monotonic() - began:.0f} s so far")
            wait = LINE_EVERY

    teller = threading.Thread(target=run, name="told-while", daemon=True)
    teller.start()
    try:
        yield ended.set
    finally:
        ended.set()
        teller.join()


@contextmanager
def on_screen(screen: Console, dump: str, count: str = "") -> Iterator[Report]:
    """A function to tell of progress of ``dump``; ``count`` says which of how many it is."""
    with _bars(screen, dump, count) if screen.is_terminal else _lines(screen, dump, count) as report:
        yield report


@contextmanager
def _lines(screen: Console, dump: str, count: str) -> Iterator[Report]:
    """Plain lines for logs: at most one every few seconds, none for what is done at once."""
    began = said = time.monotonic()
    stage = ""

    def plain(line: str) -> None:
        screen.print(line, highlight=False, markup=False, soft_wrap=True)

    def line(progress: Progress) -> None:
        nonlocal began, said, stage
        now = time.monotonic()
        if progress.stage != stage:
            stage, began, said = progress.stage, now, now - LINE_EVERY + QUIET
        if now - began >= QUIET and now - said >= LINE_EVERY:
            said = now
            plain(f"{dump}{count}: {progress.stage}: {progress.doing}, {_figures(progress, now - began)}")

    # To list the files of a folder, and to see which are pages, takes its time, in which nothing is read.
    with told_while(f"{dump}{count}: extract: looking at its files", plain) as begun:

        def first_line(progress: Progress) -> None:
            begun()
            line(progress)

        yield first_line


@contextmanager
def _bars(screen: Console, dump: str, count: str) -> Iterator[Report]:
    """One line that moves: dump, what is done, a bar where the end is known, figures, time."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[dump]}", markup=False),
        TextColumn("{task.description}", style="cyan", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[figures]}", markup=False),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=screen, transient=True) as bars:
        task = bars.add_task("extract: reading", total=None, dump=f"{dump}{count}", figures="")
        stage, began = "", time.monotonic()

        def show(progress: Progress) -> None:
            nonlocal stage, began
            if progress.stage != stage:
                stage, began = progress.stage, time.monotonic()
            bars.tasks[task].total = progress.total or None  # by update() a total cannot be taken back
            bars.update(
                task,
                description=f"{progress.stage}: {progress.doing}",
                completed=progress.done,
                figures=_figures(progress, time.monotonic() - began),
            )

        yield show


def _figures(progress: Progress, seconds: float) -> str:
    """Records, their rate where the stage counts them as it goes, and how much of the whole is done."""
    figures = f"{progress.records:,} records"
    if progress.total:
        if seconds >= 1:
            figures += f", {progress.records / seconds:,.0f}/s"
        figures += f", {progress.done / progress.total:.0%}"
    return figures
