"""Bulk COPY of Arrow frames into Postgres: text made by pyarrow's CSV writer, in a thread of its own."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.records import UNIT_SEPARATOR

#: Buffers that may wait for Postgres, so that a slow server does not fill the memory.
WAITING_BUFFERS: Final = 4

#: Bytes of a frame turned into text at a time: large enough for the columns to pay, small enough to stay in cache.
BYTES_A_BUFFER: Final = 4 << 20

#: Bytes of an answer that are parsed at once; pyarrow counts them in 32 bits.
LARGEST_BLOCK: Final = 2**31 - 1

_CSV: Final = pacsv.WriteOptions(include_header=False, quoting_style="all_valid")


def array_literals(lists: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Postgres array literals (``{"a","b"}``) of a list column; null stays null."""
    if isinstance(lists, pa.ChunkedArray):
        lists = lists.combine_chunks()
    # A slice of a list column still points at all the values of the whole: take only its own.
    first, last = lists.offsets[0].as_py(), lists.offsets[-1].as_py()
    values = pc.replace_substring(
        pc.replace_substring(lists.values.slice(first, last - first), "\\", "\\\\"), '"', '\\"'
    )
    offsets = pc.subtract(lists.offsets, first)
    quoted = pc.binary_join_element_wise('"', values, '"', "")
    # A null element would make the whole literal null; the word NULL without quotes is Postgres's own.
    quoted = pc.fill_null(quoted, "NULL")
    joined = pc.binary_join(
        pa.ListArray.from_arrays(offsets, quoted, mask=lists.is_null() if lists.null_count else None), ","
    )
    return pc.binary_join_element_wise("{", joined, "}", "")


def hexadecimal(values: pa.ChunkedArray) -> pa.Array:
    r"""``\x…`` text of a binary column, as Postgres reads bytea."""
    return pa.array([None if value is None else "\\x" + value.hex() for value in values.to_pylist()], pa.string())


def csv_text(table: pa.Table) -> pa.Buffer:
    """CSV of a frame as Postgres reads it: null is an empty field without quotes, an empty text one with."""
    columns = []
    for field, column in zip(table.schema, table.columns, strict=True):
        if pa.types.is_list(field.type):
            columns.append(array_literals(column))
        elif pa.types.is_binary(field.type):
            columns.append(hexadecimal(column))
        else:
            columns.append(column)
    sink = pa.BufferOutputStream()
    pacsv.write_csv(pa.table(columns, names=table.column_names), sink, _CSV)
    return sink.getvalue()


class _Stream(io.RawIOBase):
    """A readable stream over buffers of bytes, as ``copy_expert`` wants it."""

    def __init__(self, buffers: Iterator[pa.Buffer]) -> None:
        self._buffers = buffers
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = memoryview(next(self._buffers, pa.py_buffer(b"")))
        piece = self._rest[:size] if size >= 0 else self._rest
        self._rest = self._rest[len(piece) :]
        return bytes(piece)


def _ahead(buffers: Iterator[pa.Buffer]) -> Iterator[pa.Buffer]:
    """Make the next buffers in a thread while Postgres takes the last one; both let go of the interpreter's lock."""
    waiting: queue.Queue[pa.Buffer | BaseException | None] = queue.Queue(WAITING_BUFFERS)
    abandoned = threading.Event()

    def put(item: pa.Buffer | BaseException | None) -> None:
        while not abandoned.is_set():
            try:
                waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return

    def fill() -> None:
        try:
            for buffer in buffers:
                put(buffer)
                if abandoned.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that reads
            put(error)
        else:
            put(None)

    thread = threading.Thread(target=fill, name="csv", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        abandoned.set()
        thread.join()


def copy_frames(
    connection: Connection,
    table: sql.Composable,
    frames: Iterable[pa.Table],
    columns: list[str],
    *,
    freeze: bool = False,
) -> int:
    """COPY ``columns`` of each frame into ``table`` within the open transaction; returns the number of rows.

    ``freeze`` writes rows as frozen, which Postgres allows only where this transaction made or emptied
    the table. Raises what psycopg2 raises.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv{})").format(
        table, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", FREEZE" if freeze else "")
    )

    def buffers() -> Iterator[pa.Buffer]:
        for frame in frames:
            chosen = frame.select(columns)
            rows = max(1, chosen.num_rows * BYTES_A_BUFFER // max(chosen.nbytes, 1))
            for start in range(0, chosen.num_rows, rows):
                yield csv_text(chosen.slice(start, rows))

    stream: Any = _Stream(_ahead(buffers()))
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, stream, size=1 << 20)
        rows: int = cursor.rowcount
        return rows


def read_frame(
    connection: Connection, query: sql.Composable, schema: pa.Schema, parameters: dict[str, Any] | None = None
) -> pa.Table:
    """The rows of a query as a frame of ``schema``, by COPY; the query's columns are taken by position.

    A list column is expected as text whose values :data:`~pipelines.records.UNIT_SEPARATOR` divides
    (``array_to_string``), which no cleaned value holds; nor is one empty, so an empty text is an empty list.
    """
    types = {field.name: pa.string() if pa.types.is_list(field.type) else field.type for field in schema}
    with connection.cursor() as cursor:
        bound = cursor.mogrify(query, parameters).decode().rstrip().rstrip(";")
        sink = io.BytesIO()
        cursor.copy_expert(f"COPY ({bound}) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)", sink, size=1 << 20)
    if not sink.tell():
        return schema.empty_table()
    # One block: a row that does not fit into a block cannot be read.
    size = min(sink.tell() + 1, LARGEST_BLOCK)
    sink.seek(0)
    table = pacsv.read_csv(
        sink,
        read_options=pacsv.ReadOptions(column_names=schema.names, block_size=size),
        # A row of one null is an empty line.
        parse_options=pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )
    for position, field in enumerate(schema):
        if pa.types.is_list(field.type):
            lists = pc.split_pattern(table.column(position), UNIT_SEPARATOR).cast(field.type)
            nothing = pa.scalar([], field.type)
            lists = pc.if_else(pc.equal(table.column(position), ""), nothing, lists)
            table = table.set_column(position, field, lists)
    return table.cast(schema)
