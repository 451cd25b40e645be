from typing import Any

from pipelines.readers.byte_spans import Positions

def find_nesting(
    text: bytes, starts: Positions, ends: Positions, /
) -> tuple[
    bytes,
    bytes,
    tuple[Any, Any],
    tuple[Any, Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any, Any, Any, Any, Any, Any],
    tuple[Any, Any, Any, Any, Any],
    bool,
    bool,
]:
    """Which lines were left out, a byte each, and in which an object says a name twice; the ends of the strings in
    their bytes, and these; of the strings ``value`` (a byte each), ``opened``, ``closed``, ``within``, ``row`` and
    ``bracket``; of the brackets ``kind`` (a byte each), ``parent``, ``key``, ``start``, ``end``, ``row``, ``first``,
    ``strings``, ``objects``, ``arrays``; of the names ``name``, ``first``, ``outermost``, ``by_name``, ``begins``;
    whether strings have escapes, and whether there are blanks between signs. Numbers are of 32 bits; what has several
    stands in a buffer. See :class:`pipelines.readers.json_nesting.Nesting`.
    """
