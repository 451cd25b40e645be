from pipelines.readers.byte_spans import Positions

def find_nesting(
    text: bytes, starts: Positions, ends: Positions, /
) -> tuple[
    bytes,
    tuple[bytes, bytes],
    tuple[bytes, bytes, bytes, bytes, bytes],
    tuple[bytes, bytes, bytes, bytes, bytes, bytes],
    bool,
    bool,
]:
    """Which lines were left out, a byte each; the ends of the strings in their bytes, and these; of the strings
    ``opened``, ``closed``, ``value`` (a byte each), ``within``, ``row``; of the brackets ``kind`` (a byte each),
    ``parent``, ``key``, ``start``, ``end``, ``row``; whether strings have escapes, and whether there are blanks between
    signs. Numbers are of 32 bits. See :class:`pipelines.readers.json_nesting.Nesting`.
    """
