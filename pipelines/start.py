"""Where the command begins: Ctrl-C or SIGTERM ends it with one line also while the program is still being read."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: What a shell makes of a program that Ctrl-C ended.
INTERRUPTED: Final = 128 + signal.SIGINT

#: What is said of the warehouse where an interrupt ends a command.
_left = ""


def main() -> None:
    """Run ``vufind-warehouse``."""
    try:
        # From here on, and for every verb: else there are moments between two of them in which it ends without a word.
        if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        # Takes a second, in which people change their mind.
        with ended_by_signals():
            from pipelines.cli import main as run
            from pipelines.warehouse.interrupts import cancel_on_signals

        # Else Ctrl-C would wait for the end of a long statement.
        cancel_on_signals()
        run()
    except KeyboardInterrupt:
        sys.exit(_told())
    except SystemExit as error:
        # Typer ends a command without a word.
        if error.code == INTERRUPTED and _is_of_an_interrupt(error):
            sys.exit(_told())
        raise


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """End the process at Ctrl-C or SIGTERM there and then: for as long as it imports, and has done nothing yet.

    An exception would be raised in the midst of what is imported, where it may be caught and lost. Afterwards each
    does what it did before. One that is ignored, as Ctrl-C is of what a shell runs in the background, stays so.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    heard = [number for number in before if before[number] in (signal.default_int_handler, signal.SIG_DFL)]
    for number in heard:
        signal.signal(number, lambda *_: os._exit(_told()))
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def interrupt_at_signals() -> None:
    """Make SIGINT and SIGTERM raise KeyboardInterrupt in this process, also where a shell had them ignored.

    A script starts ``command &`` with SIGINT ignored, and Dagster hands that on to SIGTERM.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def may_change() -> None:
    """Say of an interrupt from here on that nothing is changed by halves, which goes unsaid where a verb only reads."""
    global _left  # noqa: PLW0603 - a process is one command
    _left = "; nothing was changed, or nothing by halves"


def _told() -> int:
    os.write(2, f"error: interrupted{_left}\n".encode())
    return INTERRUPTED


def _is_of_an_interrupt(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


if __name__ == "__main__":
    # As a module that is run by its name it is read a second time, and would hold what is said of an interrupt twice.
    from pipelines.start import main as begin

    begin()
