"""What cannot be written is named: a file, or standard output, of which the system says no name."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def named_output(path: Path | None = None) -> Iterator[None]:
    """Write to ``path``, or to standard output, which is all written at the end. Raises OSError that names it."""
    try:
        yield
        if path is None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename:
            raise  # of what was read meanwhile
        if path is None:
            close_standard_output()
        raise OSError(error.errno, error.strerror or str(error), str(path or "standard output")) from error


def close_standard_output() -> None:
    """Let what has not been written go nowhere: Python would try it again at its end, and say so once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
