"""Answers of Postgres as Arrow frames and arrays of numbers: by COPY, and in large values of bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.stable_ids import UNIT_SEPARATOR
from pipelines.warehouse.statements import statement

#: Bytes of an answer that are parsed at once.
BYTES_A_BLOCK: Final = 8 << 20

#: Rows of numbers that are one value of an answer.
ROWS_A_VALUE: Final = 8_192

#: The longest row of an answer that can be parsed; pyarrow counts its bytes in 32 bits.
LARGEST_BLOCK: Final = 2**31 - 1


def read_frame(
    connection: Connection, query: sql.Composable, schema: pa.Schema, parameters: dict[str, Any] | None = None
) -> pa.Table:
    """The rows of a query as a frame of ``schema``; see :func:`read_frames`."""
    tables = [schema.empty_table()]
    read_frames(connection, query, schema, tables.append, parameters)
    return pa.concat_tables(tables).unify_dictionaries()


def read_frames(
    connection: Connection,
    query: sql.Composable,
    schema: pa.Schema,
    take: Callable[[pa.Table], object],
    parameters: dict[str, Any] | None = None,
) -> None:
    """Give ``take`` the rows of a query as frames of ``schema``, by COPY; the query's columns are taken by position.

    A list column is expected as text whose values :data:`~pipelines.stable_ids.UNIT_SEPARATOR` divides
    (``array_to_string``), which no cleaned value holds; nor is one empty, so an empty text is an empty list.
    """
    sink = _Parser(schema, take)
    stream: Any = sink
    with connection.cursor() as cursor:
        bound = cursor.mogrify(query, parameters).decode().rstrip().rstrip(";")
        cursor.copy_expert(f"COPY ({bound}) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)", stream, size=1 << 20)
    sink.finish()


def read_numbers(connection: Connection, query: sql.Composable, columns: Sequence[str]) -> list[npt.NDArray[np.int64]]:
    """The ``columns`` of a query, all of them bigint and none null, as arrays; rows come in no order.

    Some thousand rows are one value of bytes: row by row most of the time would go into their passing by.
    """
    sent = sql.SQL(" || ").join(sql.SQL("int8send({})").format(sql.Identifier("numbers", name)) for name in columns)
    asked = sql.SQL(query.as_string(connection).rstrip().rstrip(";"))
    packed = sql.SQL(statement("answers/packed_numbers").string)
    with connection.cursor() as cursor:
        cursor.execute(packed.format(sent=sent, rows=sql.Literal(ROWS_A_VALUE), query=asked))
        blocks = [np.frombuffer(block, ">i8").reshape(-1, len(columns)) for (block,) in cursor]
    rows = np.concatenate([np.empty((0, len(columns)), ">i8"), *blocks])
    return [rows[:, number].astype(np.int64) for number in range(len(columns))]


class _Parser:
    """Takes an answer row by row, as the server sends it (protocol, CopyData), and parses it in blocks of whole rows.

    So the text of an answer is never held, but for one block of it.
    """

    def __init__(self, schema: pa.Schema, take: Callable[[pa.Table], object]) -> None:
        self._schema = schema
        self._take = take
        self._types = {field.name: pa.string() if pa.types.is_list(field.type) else field.type for field in schema}
        self._block = io.BytesIO()

    def write(self, row: bytes) -> int:
        """Take one row, or several."""
        self._block.write(row)
        if self._block.tell() >= BYTES_A_BLOCK:
            self._parse()
        return len(row)

    def finish(self) -> None:
        """Parse what is left."""
        self._parse()

    def _parse(self) -> None:
        size = self._block.tell()
        if not size:
            return
        self._block.seek(0)
        table = pacsv.read_csv(
            self._block,
            # One block: a row that does not fit into a block cannot be read.
            read_options=pacsv.ReadOptions(column_names=self._schema.names, block_size=min(size + 1, LARGEST_BLOCK)),
            # A row of one null is an empty line.
            parse_options=pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pacsv.ConvertOptions(
                column_types=self._types,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                true_values=["t"],
                false_values=["f"],
            ),
        )
        self._take(_with_lists(table, self._schema).cast(self._schema))
        self._block = io.BytesIO()


def _with_lists(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The list columns of ``schema`` as lists, of the texts that an answer has them as."""
    for position, field in enumerate(schema):
        if pa.types.is_list(field.type):
            lists = pc.split_pattern(table.column(position), UNIT_SEPARATOR).cast(field.type)
            nothing = pa.scalar([], field.type)
            lists = pc.if_else(pc.equal(table.column(position), ""), nothing, lists)
            table = table.set_column(position, field, lists)
    return table
