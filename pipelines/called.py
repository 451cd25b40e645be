"""How the command was called: what it names as a way out must work as it is printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

VERBS: Final = (
    "backup", "dumps", "export", "extract", "ingest", "match", "migrate", "psql", "quarantine", "query", "restore",
    "search", "serve", "status", "ui", "works",
)  # fmt: skip

_NAME: Final = "vufind-warehouse"

#: A command as messages write it, in the program's own name: with what comes after, since people write of it too.
_COMMAND: Final = re.compile(rf"\b{_NAME}(?= (?:{'|'.join(VERBS)})\b)")

#: What the command line says of home and warehouse, beyond what the environment says, by the option.
_options: dict[str, str] = {}


def remember_options(**given: str) -> None:
    """Keep options before the verb that a further command needs as well; those of a former call are forgotten."""
    _options.clear()
    _options.update(given)


def as_called(message: str) -> str:
    """A message whose commands begin as this one did: with its program and its options before the verb.

    No secret is among them: a URL that has one is not taken from a command line.
    """
    program = shlex.join([_program(), *(part for name, value in _options.items() for part in (f"--{name}", value))])
    return _COMMAND.sub(lambda _: program, message)


def _program() -> str:
    """The name of this program where a shell finds it by that, else the path to it from here."""
    called = sys.argv[0]
    found = shutil.which(name := Path(called).name)
    if found and Path(called).exists() and Path(found).samefile(called):
        return name
    try:
        return os.path.relpath(called) if os.sep in called else _NAME
    except OSError:
        # The folder of here has been deleted: there is no way from it.
        return called
