"""Where the command begins: Ctrl-C ends it with one line also while the program is still being read."""

from __future__ import annotations

import signal
import sys
from typing import Final

#: What a shell makes of a program that Ctrl-C ended.
INTERRUPTED: Final = 128 + signal.SIGINT


def main() -> None:
    """Run ``vufind-warehouse``."""
    try:
        # Takes a second, in which people change their mind.
        from pipelines.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(_told())
    except SystemExit as error:
        # Typer ends a command without a word.
        if error.code == INTERRUPTED and _is_of_an_interrupt(error):
            sys.exit(_told())
        raise


def _told() -> int:
    print("error: interrupted; nothing was changed, or nothing by halves", file=sys.stderr)
    return INTERRUPTED


def _is_of_an_interrupt(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False
