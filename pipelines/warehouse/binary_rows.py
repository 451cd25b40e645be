"""Rows in Postgres's binary COPY format, made of Arrow frames in columns.

The format (Postgres manual, COPY, "Binary Format"): a header, then for each row the number of its fields as int16
and for each field its length as int32, -1 for null, and its value as the type's receive function reads it; all in
network byte order. Beside CSV it spares Postgres a look at every byte in search of quotes, and the parsing of numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"

#: Days and microseconds between Unix's epoch and Postgres's, 2000-01-01.
_EPOCH_DAYS: Final = 10_957
_EPOCH_MICROSECONDS: Final = _EPOCH_DAYS * 86_400_000_000

#: The object id of the type text (pg_type.dat), which an array of texts states.
_TEXT_OID: Final = 25

_NULL: Final = pa.scalar(b"\xff\xff\xff\xff", pa.binary())

#: Types of one width: the Arrow type to cast to, the numpy type of the bytes, and what to add to each value.
_FIXED: Final[dict[str, tuple[pa.DataType, str, int]]] = {
    "boolean": (pa.bool_(), "u1", 0),
    "smallint": (pa.int16(), ">i2", 0),
    "integer": (pa.int32(), ">i4", 0),
    "bigint": (pa.int64(), ">i8", 0),
    "real": (pa.float32(), ">f4", 0),
    "double precision": (pa.float64(), ">f8", 0),
    "date": (pa.date32(), ">i4", -_EPOCH_DAYS),
    "timestamp with time zone": (pa.timestamp("us", "UTC"), ">i8", -_EPOCH_MICROSECONDS),
}

#: Types of bytes, and what stands before the value: jsonb states its version.
_BYTES: Final = {"text": b"", "bytea": b"", "jsonb": b"\x01"}

_Values = npt.NDArray[Any]


def encoder(types: list[str]) -> Callable[[pa.Table], pa.Buffer]:
    """A function that turns frames into rows; ``types`` are Postgres's names of the columns' types, in order.

    Raises TypeError for a type that it does not write; the function raises :class:`pyarrow.ArrowInvalid` where a
    column cannot be cast to what its type holds.
    """
    unknown = [name for name in types if name not in _FIXED and name not in _BYTES and name != "text[]"]
    if unknown:
        raise TypeError(f"columns of these types cannot be written: {', '.join(unknown)}")

    def encoded(frame: pa.Table) -> pa.Buffer:
        row = _Row(len(frame))
        row.add(">i2", len(types))
        for name, column in zip(types, frame.columns, strict=True):
            if name in _FIXED:
                _add_fixed(row, column, *_FIXED[name])
            elif name in _BYTES:
                _add_bytes(row, _one(column, pa.binary() if name == "bytea" else pa.string()), _BYTES[name])
            else:
                _add_texts(row, _one(column, pa.list_(pa.string())))
        return row.joined()

    return encoded


class _Row:
    """The bytes of all rows, column by column: runs of fields of fixed width, and values of any width between them."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._segments: list[pa.Array] = []
        self._run: list[tuple[str, Any]] = []

    def add(self, kind: str, values: Any) -> None:
        """Add a field of fixed width; ``values`` are an array or one number for all rows."""
        self._run.append((kind, values))

    def append(self, values: pa.Array) -> None:
        """Add bytes of any width, none null."""
        if self._run:
            self._segments.append(packed(self.rows, self._run))
            self._run = []
        self._segments.append(values)

    def joined(self) -> pa.Buffer:
        """The bytes of all rows, one after the other."""
        if self._run:
            self._segments.append(packed(self.rows, self._run))
        rows = pc.binary_join_element_wise(*self._segments, b"") if len(self._segments) > 1 else self._segments[0]
        _, offsets, data = rows.buffers()
        if not self.rows:
            return pa.py_buffer(b"")
        bounds = np.frombuffer(offsets, np.int32)[rows.offset : rows.offset + self.rows + 1]
        return data.slice(int(bounds[0]), int(bounds[-1] - bounds[0]))


def packed(rows: int, fields: list[tuple[str, Any]]) -> pa.Array:
    """Binary values of one width: the ``fields`` (numpy type, values) of each row, side by side."""
    kind = np.dtype([(str(number), each) for number, (each, _) in enumerate(fields)])
    values = np.empty(rows, kind)
    for number, (_, column) in enumerate(fields):
        values[str(number)] = column
    width = pa.binary(kind.itemsize)
    return pa.FixedSizeBinaryArray.from_buffers(width, rows, [None, pa.py_buffer(values)]).cast(pa.binary())


def _one(column: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    return column.combine_chunks() if column.type == kind else column.cast(kind).combine_chunks()


def _add_fixed(row: _Row, column: pa.ChunkedArray, kind: pa.DataType, code: str, shift: int) -> None:
    array = _one(column, kind)
    if pa.types.is_boolean(kind):
        array = array.cast(pa.uint8())
    elif pa.types.is_temporal(kind):
        # Dates and moments are numbers since an epoch: Unix's in Arrow.
        array = array.view(pa.int32() if code == ">i4" else pa.int64())
    filled = pc.fill_null(array, pa.scalar(0, array.type)) if array.null_count else array
    values = filled.to_numpy(zero_copy_only=False) + np.array(shift, np.int64) if shift else filled.to_numpy()
    width = np.dtype(code).itemsize
    if not array.null_count:
        row.add(">i4", width)
        row.add(code, values)
        return
    row.append(pc.if_else(array.is_valid(), packed(row.rows, [(">i4", width), (code, values)]), _NULL))


def _add_bytes(row: _Row, array: pa.Array, before: bytes) -> None:
    lengths = pc.fill_null(pc.add(pc.binary_length(array), len(before)), -1).to_numpy(zero_copy_only=False)
    values = array.cast(pa.binary())
    row.add(">i4", lengths)
    if before:
        values = pc.binary_join_element_wise(pa.scalar(before, pa.binary()), values, pa.scalar(b"", pa.binary()))
    row.append(pc.fill_null(values, b"") if values.null_count else values)


def _add_texts(row: _Row, lists: pa.Array) -> None:
    """Arrays of one dimension: dimensions, whether any value is null, the type, then length and lower bound, values.

    An empty array has no dimension, and neither length nor lower bound.
    """
    # A slice of a list column still points at all the values of the whole: take only its own.
    offsets = lists.offsets.to_numpy()
    values = lists.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0])).cast(pa.binary())
    lengths = pc.fill_null(pc.binary_length(values), -1).to_numpy(zero_copy_only=False)
    plain = pc.fill_null(values, b"") if values.null_count else values
    elements = pc.binary_join_element_wise(packed(len(values), [(">i4", lengths)]), plain, pa.scalar(b"", pa.binary()))
    bodies = pc.binary_join(
        pa.ListArray.from_arrays(pa.array(offsets - offsets[0]), elements), pa.scalar(b"", pa.binary())
    )
    counts = np.diff(offsets)
    nulls = np.concatenate([[0], np.cumsum(lengths < 0)])
    has_null = np.diff(nulls[offsets - offsets[0]]) > 0
    sizes = pc.binary_length(bodies).to_numpy(zero_copy_only=False) + 20
    header = [(">i4", 1), (">i4", has_null), (">i4", _TEXT_OID), (">i4", counts), (">i4", 1)]
    heads = packed(row.rows, [(">i4", sizes), *header])
    empty = packed(1, [(">i4", 12), (">i4", 0), (">i4", 0), (">i4", _TEXT_OID)])[0]
    heads = pc.if_else(pa.array(counts > 0), heads, empty)
    if lists.null_count:
        # Nothing of a null may follow, whatever its offsets span.
        heads = pc.if_else(lists.is_valid(), heads, _NULL)
        bodies = pc.if_else(lists.is_valid(), bodies, pa.scalar(b"", pa.binary()))
    row.append(heads)
    row.append(bodies)
