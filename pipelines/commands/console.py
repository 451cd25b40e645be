"""What every verb says, and how it ends: lines on standard error, harmless to a terminal."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal, NoReturn

from rich.console import Console
from rich.text import Text

from pipelines.called import as_called
from pipelines.home import Home
from pipelines.plain import printable_lines
from pipelines.start import INTERRUPTED, may_change
from pipelines.warehouse.interrupts import was_interrupted

if TYPE_CHECKING:
    from sqlalchemy import URL

#: How rows are written.
Form = Literal["table", "expanded", "csv", "json"]

screen = Console(stderr=True)


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what went wrong in one line, and end. After a signal it is the interrupt: it cancelled what failed."""
    if code != INTERRUPTED and was_interrupted():
        raise KeyboardInterrupt
    screen.print(Text.assemble(("error:", "red"), " ", printable_lines(as_called(message))), soft_wrap=True)
    raise SystemExit(code)


def notify(line: str) -> None:
    """Say something beside the answer."""
    screen.print(Text(printable_lines(as_called(line))), soft_wrap=True)


def ask_for_a_home(home: Home) -> None:
    """Fail where there is nothing to look at: a home that is mistyped must not become an empty warehouse."""
    if home.url is None and not home.folder.exists():
        fail(f"there is no warehouse in {home.folder} yet; make one with: vufind-warehouse ingest PATH")


def open_warehouse(*, changes: bool = False) -> AbstractContextManager[URL]:
    """The warehouse of here, which must be there; ``changes`` where the verb does not only read."""
    home = Home.here()
    ask_for_a_home(home)
    if changes:
        may_change()
    return home.warehouse(notify)
