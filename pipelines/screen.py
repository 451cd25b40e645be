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

#: Seconds between two looks whether a line is due.
_LOOK_EVERY: Final = 0.3

#: Seconds between two lines of progress where the output is no terminal.
LINE_EVERY: Final = 5.0


class _Due:
    """When a line is due; asked from the thread that works and from the one that looks, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._said = self._began - LINE_EVERY + _SOON

    def begin(self) -> None:
        """Something else begins: its first line is due once it has taken longer than ``QUIET``."""
        with self._lock:
            self._began = time.monotonic()
            self._said = self._began - LINE_EVERY + QUIET

    def seconds(self, least: float = 0.0) -> float | None:
        """If a line is due, for how long it has been done, ``least`` or more; the next one is due later. Else None."""
        with self._lock:
            now = time.monotonic()
            if now - self._began < least or now - self._said < LINE_EVERY:
                return None
            self._said = now
            return now - self._began


@contextmanager
def told_while(what: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Tell now and then that something is still done of which nothing can be counted."""
    due = _Due()

    def look() -> None:
        if (seconds := due.seconds()) is not None:
            tell(f"{what}, {seconds:.0f} s so far")

    with _looking(look):
        yield


@contextmanager
def _looking(look: Callable[[], None]) -> Iterator[None]:
    """Call a function a few times a second beside what is done."""
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(_LOOK_EVERY):
            look()

    looking = threading.Thread(target=run, name="progress", daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()


@contextmanager
def on_screen(screen: Console, dump: str, count: str = "") -> Iterator[Report]:
    """A function to tell of progress of ``dump``; ``count`` says which of how many it is."""
    with _bars(screen, dump, count) if screen.is_terminal else _lines(screen, dump, count) as report:
        yield report


@contextmanager
def _lines(screen: Console, dump: str, count: str) -> Iterator[Report]:
    """Plain lines for logs: one every few seconds, none for what is done at once.

    Where nothing is told of for longer, as while a folder of many files is looked through, the line says for how long.
    """
    due = _Due()
    now = ("extract", "looking at its files")

    def plain(told: str) -> None:
        stage, doing = now
        screen.print(f"{dump}{count}: {stage}: {doing}, {told}", highlight=False, markup=False, soft_wrap=True)

    def line(progress: Progress) -> None:
        nonlocal now
        if progress.stage != now[0]:
            due.begin()
        now = (progress.stage, progress.doing)
        if (seconds := due.seconds(QUIET)) is not None:
            plain(_figures(progress, seconds))

    def look() -> None:
        if (seconds := due.seconds()) is not None:
            plain(f"{seconds:.0f} s so far")

    with _looking(look):
        yield line


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
