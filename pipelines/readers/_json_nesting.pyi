from typing import Any

from pipelines.readers.byte_spans import Positions

def find_nesting(
    text: bytes, starts: Positions, ends: Positions, /
) -> tuple[
    bytes,
    tuple[Any, Any],
    tuple[Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any, Any],
    tuple[Any, Any],
    bool,
    bool,
]:
    """Which lines were left out, a byte each; the ends of the strings in their bytes, and these; of the strings
    ``opened``, ``closed``, ``value`` (a byte each), ``within``, ``row``; of the brackets ``kind`` (a byte each),
    ``parent``, ``key``, ``start``, ``end``, ``row``; of the strings that are keys which name each is, and of the names
    which string is the first; whether strings have escapes, and whether there are blanks between
    signs. Numbers are of 32 bits; what has several stands in a buffer. See
    :class:`pipelines.readers.json_nesting.Nesting`.
    """
