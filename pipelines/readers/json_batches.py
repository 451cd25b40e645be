"""Objects that stand a line each, read many at once: parsed by orjson, then mapped in columns.

Of formats whose fields are not those of the index. A format says how it maps a batch of objects, and what it reads of,
or says against, a line that is not among what was mapped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
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
#: As many objects are held at once: more would leave the processor's cache, and fewer would not be worth a column.
_AT_ONCE: Final = 2_000
#: They are fewer where they are long.
_BYTES_AT_ONCE: Final = 8 << 20


def parse_batches(
    pieces: tuple[Piece, ...],
    map_objects: Callable[[list[Object], list[bytes]], tuple[pa.Table, Positions]],
    read: Callable[[bytes], Object],
) -> Batch:
    """The documents of pieces that hold one a line, in order.

    ``map_objects`` is given objects and the lines that they are, and returns documents of schema ``FIELDS`` and the
    number of the object of each, in order. Lines that are no object and those that it leaves out are given to ``read``,
    which returns a row of that schema or raises :class:`NotADocumentError`; that is quarantined with what it says.
    """
    lines = find_lines(pieces)
    tables: list[pa.Table] = []
    rows: list[Positions] = []
    quarantined: list[Unreadable] = []
    with without_collector():
        for first, last in _batches(lines):
            table, found, refused = _parse_batch(lines, first, last, map_objects, read)
            tables.append(table)
            rows.append(found)
            quarantined += [lines.quarantine(pieces, number, reason) for number, reason in refused]
    table = pa.concat_tables(tables).combine_chunks() if tables else FIELDS.empty_table()
    numbers = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    return Batch(lines.with_lineage(pieces, table, numbers), quarantine_table(quarantined))


def _batches(lines: Lines) -> Iterator[tuple[int, int]]:
    """The first line of each batch, and that behind its last."""
    bounds = [0]
    for number, end in enumerate(lines.ends.tolist()):
        begun = bounds[-1]
        if number > begun and (number - begun == _AT_ONCE or end - lines.starts[begun] > _BYTES_AT_ONCE):
            bounds.append(number)
    return pairwise([*bounds, len(lines.starts)] if len(lines.starts) else bounds)


def _parse_batch(
    lines: Lines,
    first: int,
    last: int,
    map_objects: Callable[[list[Object], list[bytes]], tuple[pa.Table, Positions]],
    read: Callable[[bytes], Object],
) -> tuple[pa.Table, Positions, list[tuple[int, str]]]:
    """The documents of the lines from ``first`` to ``last``, the line of each, and (line, reason) of what is none."""
    bounds = zip(lines.starts[first:last].tolist(), lines.ends[first:last].tolist(), strict=True)
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
            refused.append((first + number, str(error)))
    if others:
        found = np.append(found, rows)
        order = np.argsort(found)
        table = pa.concat_tables([table, table_of(others)]).combine_chunks().take(pa.array(order))
        found = found[order]
    return table, first + found, refused
