"""Objects that stand a line each, read many at once: parsed by orjson, then mapped in columns.

Of formats whose fields are not those of the index. A format says how it maps a batch of objects, and what it reads of,
or says against, a line that is not among what was mapped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import Batch, Piece, Unreadable, quarantine_table
from pipelines.readers.json_columns import FIELDS
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.lines import Lines, find_lines, table_of, without_collector

Object = dict[str, Any]
#: Documents, and the number of what each was made of.
Mapped = tuple[pa.Table, Positions]
#: As many objects are held at once: more would leave the processor's cache, and fewer would not be worth a column.
_AT_ONCE: Final = 2_000
#: They are fewer where they are long.
_BYTES_AT_ONCE: Final = 8 << 20


def parse_batches(
    pieces: tuple[Piece, ...],
    map_objects: Callable[[list[Object], list[bytes]], Mapped],
    read: Callable[[bytes], Object],
    map_lines: Callable[[bytes, Positions, Positions], Mapped] | None = None,
) -> Batch:
    """The documents of pieces that hold one a line, in order.

    ``map_objects`` is given objects and the lines that they are, and returns documents of schema ``FIELDS`` and the
    number of the object of each, in order. Lines that are no object and those that it leaves out are given to ``read``,
    which returns a row of that schema or raises :class:`NotADocumentError`; that is quarantined with what it says.

    ``map_lines`` is a faster way to the same documents. It is given a text and where lines in it start and end, and
    returns documents and the number of the line of each; those that it leaves out are given to the others.
    """
    lines = find_lines(pieces)
    tables: list[pa.Table] = []
    rows: list[Positions] = []
    quarantined: list[Unreadable] = []
    left = np.arange(len(lines.starts))
    if map_lines and len(left):
        table, found = map_lines(lines.text, lines.starts, lines.ends)
        tables.append(table)
        rows.append(found)
        left = np.setdiff1d(left, found) if len(found) < len(left) else left[:0]
    with without_collector():
        for numbers in _batches(lines, left):
            table, found, refused = _parse_batch(lines, numbers, map_objects, read)
            tables.append(table)
            rows.append(found)
            quarantined += [lines.quarantine(pieces, number, reason) for number, reason in refused]
    table = pa.concat_tables(tables).combine_chunks() if tables else FIELDS.empty_table()
    found = np.concatenate(rows) if rows else left
    if map_lines and len(tables) > 1:
        order = np.argsort(found, kind="stable")
        table, found = table.take(pa.array(order)), found[order]
    return Batch(lines.with_lineage(pieces, table, found), quarantine_table(quarantined))


def _batches(lines: Lines, numbers: Positions) -> Iterator[Positions]:
    """The lines of these numbers, so many at once as are worth it."""
    if not len(numbers):
        return
    lengths = np.cumsum((lines.ends - lines.starts)[numbers])
    begun = 0
    while begun < len(numbers):
        before = int(lengths[begun - 1]) if begun else 0
        last = min(int(np.searchsorted(lengths, before + _BYTES_AT_ONCE, "right")), begun + _AT_ONCE)
        last = max(last, begun + 1)
        yield numbers[begun:last]
        begun = last


def _parse_batch(
    lines: Lines,
    rows_of: Positions,
    map_objects: Callable[[list[Object], list[bytes]], Mapped],
    read: Callable[[bytes], Object],
) -> tuple[pa.Table, Positions, list[tuple[int, str]]]:
    """The documents of the lines ``rows_of``, the line of each, and (line, reason) of what is none."""
    bounds = zip(lines.starts[rows_of].tolist(), lines.ends[rows_of].tolist(), strict=True)
    texts = [lines.text[start:end] for start, end in bounds]
    objects, numbers = [], []
    for number, text in enumerate(texts):
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        if type(value) is dict:
            objects.append(value)
            numbers.append(number)
    table, mapped = map_objects(objects, [texts[number] for number in numbers])
    found = np.array(numbers, np.int64)[mapped]
    others: list[Object] = []
    rows: list[int] = []
    refused: list[tuple[int, str]] = []
    for number in np.setdiff1d(np.arange(len(texts)), found).tolist():
        try:
            others.append(read(texts[number]))
            rows.append(number)
        except NotADocumentError as error:
            refused.append((int(rows_of[number]), str(error)))
    if others:
        found = np.append(found, rows)
        order = np.argsort(found, kind="stable")
        table = pa.concat_tables([table, table_of(others)]).combine_chunks().take(pa.array(order))
        found = found[order]
    return table, rows_of[found], refused
