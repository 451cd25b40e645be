"""Compiled code of the readers: whether it is there.

It is compiled where this is installed, if there is a C compiler and Python's headers (``*.c`` in this folder). Without
it, what it reads is read by Python, exactly so, in more time.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

_MODULES: Final = (
    "_json_nesting", "_json_strings", "_json_structure", "_json_tables", "_marc_view", "_warc_records", "_xml_tags"
)  # fmt: skip
#: As ``_form.h`` has it.
_FORM: Final = 4


def _are_there() -> bool:
    """Whether all modules are there, and none is older than what calls it."""
    try:
        found = [import_module(f"pipelines.readers.{name}") for name in _MODULES]
    except ImportError:
        return False
    return all(getattr(module, "FORM", None) == _FORM for module in found)


IS_COMPILED: Final = _are_there()
