"""What catalogues and dumps may be called: one plain folder name."""

from __future__ import annotations

import re
from typing import Final

#: Characters that Dagster or a file system gives a meaning of their own.
_UNSAFE: Final = re.compile(r"[^\w.\- ]+")


class UnsafeNameError(ValueError):
    """What a catalogue was to be called cannot be a folder's name."""


def is_safe_name(name: str) -> bool:
    """Whether a source or a dump can be called so: one plain folder name, which no cleaning changes."""
    return name == cleaned_name(name) != "" and name not in {".", ".."}


def cleaned_name(name: str) -> str:
    """A name with a hyphen for whatever a folder's may not have; it may be none then."""
    return _UNSAFE.sub("-", name).strip()


def source_name(source: str) -> str:
    """The name of a catalogue as a person gave it, cleaned as a folder's is.

    Raises :class:`UnsafeNameError` for a path, and for what is no name at all.
    """
    name = cleaned_name(source)
    if "/" in source or not is_safe_name(name):
        raise UnsafeNameError(f"a catalogue cannot be called {source!r}: give a plain name, without /")
    return name
