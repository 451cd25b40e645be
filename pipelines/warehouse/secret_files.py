"""Files that hold a password: read only where nobody else can read them.

The rule is libpq's for the keys of clients: nobody but the owner may read or write it, and of a file of root's also its
group, as containers are given their secrets (libpq's manual, "Client Certificates"). libpq's own password file may be
nobody's but the owner's.
"""

from __future__ import annotations

import os
import stat
from errno import EACCES
from pathlib import Path


def read_secret(file: Path) -> str:
    """What the file says, without the ends of lines around it; raises OSError where it is not to be read so."""
    with file.open(encoding="utf-8") as opened:
        refuse_if_others_read(opened.fileno(), file)
        return opened.read().strip("\r\n")


def refuse_if_others_read(descriptor: int, file: Path) -> None:
    """Raise PermissionError where others than its owner can read or write an open file; a pipe is nobody else's."""
    state = os.fstat(descriptor)
    others = 0o037 if state.st_uid == 0 else 0o077
    if stat.S_ISREG(state.st_mode) and state.st_mode & others:
        raise PermissionError(EACCES, f"others may read this secret; chmod 600 {file}", str(file))
