from collections.abc import Sequence
from typing import Any

from pipelines.readers.byte_spans import Positions

def read_tables(
    text: bytes, starts: Positions, ends: Positions, members: Sequence[tuple[str, Any]], /
) -> tuple[bytes, tuple[Any, list[Any]]]:
    """Which lines were left out, a byte each, and the table of the objects of the others.

    ``members`` are names, with members of their own or None where they have texts. A table is (owners, members): the
    number of the object in which each object stands, and for each member a table or (ends, texts, owners, has blanks):
    the ends of the texts in their bytes, these, the number of the object of each, and whether there may be blanks to
    fold. Numbers are of 32 bits; what has several stands in a buffer.
    """
