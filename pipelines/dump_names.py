"""What catalogues and dumps may be called: one plain folder name."""

from __future__ import annotations

import re
from typing import Final

#: Characters that Dagster or a file system gives a meaning of their own.
_UNSAFE: Final = re.compile(r"[^\w.\- ]+")


class UnsafeNameError(ValueError):
    """What a catalogue or a dump was to be called cannot be a folder's name."""


def is_safe_name(name: str) -> bool:
    """Whether a source or a dump can be called so: one plain folder name, which no cleaning changes."""
    return name == cleaned_name(name) != "" and name not in {".", ".."}


def cleaned_name(name: str) -> str:
    """A name with a hyphen for whatever a folder's may not have; it may be none then."""
    return _UNSAFE.sub("-", name).strip()


def given_name(name: str, what: str) -> str:
    """The name of a catalogue or a dump as a person gave it, without blanks around it.

    Raises :class:`UnsafeNameError` for one that would have to be cleaned: two that differ only so would become one.
    """
    name = name.strip()
    if not is_safe_name(name):
        cleaned = cleaned_name(name)
        hint = f", such as {cleaned}" if "/" not in name and is_safe_name(cleaned) else ""
        raise UnsafeNameError(f"{what} cannot be called {name!r}: take letters, digits, blanks and . _ - alone{hint}")
    return name
