"""The tables of the catalogue as files, for those who have no database: Parquet, CSV or JSON lines."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.types import BigInteger, Boolean, Date, DateTime, Float, Integer, SmallInteger, Text

from pipelines.stable_ids import UNIT_SEPARATOR
from pipelines.warehouse.answers import read_frames
from pipelines.warehouse.tables import metadata

#: How files are written.
FileFormat = Literal["parquet", "csv", "jsonl"]

#: The tables that can be exported, by their names without the schema.
EXPORTED: Final = {table.name: table for table in metadata.tables.values() if table.schema == "catalog"}

#: Rows between two reports of progress.
_TOLD_EVERY: Final = 10_000

#: Arrow types of the columns' types; the first that fits counts. JSON is text.
_ARROW_TYPES: Final[tuple[tuple[type[Any], pa.DataType], ...]] = (
    (ARRAY, pa.list_(pa.string())),
    (BigInteger, pa.int64()),
    (SmallInteger, pa.int16()),
    (Integer, pa.int32()),
    (Float, pa.float32()),
    (Boolean, pa.bool_()),
    (DateTime, pa.timestamp("us", "UTC")),
    (Date, pa.date32()),
    (Text, pa.string()),
    (JSONB, pa.string()),
    (UUID, pa.string()),
)


@dataclass(frozen=True)
class Exported:
    """One file: its table, where it lies, its rows and bytes."""

    table: str
    path: Path
    rows: int
    bytes: int


#: What JSON writes of lists, times and booleans, which Postgres's own CSV has in a way that other programs do not read.
_IN_CSV: Final = {ARRAY: "to_json({column})", DateTime: "to_json({column}) #>> '{{}}'", Boolean: "{column}::text"}

#: Told of the table that is being written, and its rows so far.
Tell = Callable[[str, int], None]


def export_tables(
    connection: Connection, names: list[str], form: FileFormat, folder: Path, tell: Tell = lambda *_: None
) -> list[Exported]:
    """Write tables (of EXPORTED) of one state of the warehouse to files in ``folder``, all of them or none.

    ``folder`` is new or empty, and ``connection`` sees one state. The files come in the order of ``names``; rows of a
    file in none. Raises FileExistsError where there is something in the folder, and what psycopg2 and the disk raise;
    then nothing is left.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder}: give a folder that is new or empty")
    is_there = folder.exists()
    # A folder that is there may be where a shell stands, or a disk of its own: it stays, and the files move into it.
    part = folder / f".{os.getpid()}.part" if is_there else folder.with_name(f".{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    paths = {name: folder / f"{name}.{form}" for name in names}
    try:
        rows = {}
        for name in names:
            rows[name] = _WRITERS[form](connection, EXPORTED[name], part / f"{name}.{form}", partial(tell, name))
        if is_there:
            for path in paths.values():
                (part / path.name).rename(path)
            part.rmdir()
        else:
            part.rename(folder)
    except BaseException:
        shutil.rmtree(part)
        for path in paths.values() if is_there else ():
            path.unlink(missing_ok=True)
        raise
    return [Exported(name, path, rows[name], path.stat().st_size) for name, path in paths.items()]


def arrow_schema(table: Table) -> pa.Schema:
    """The columns of a table as Arrow's, each with its comment as metadata (``comment``)."""
    return pa.schema(
        [
            pa.field(column.name, _arrow_type(column), bool(column.nullable), {"comment": column.comment or ""})
            for column in table.columns
        ],
        {"comment": table.comment or ""},
    )


def _arrow_type(column: Column[Any]) -> pa.DataType:
    return next(arrow for kind, arrow in _ARROW_TYPES if isinstance(column.type, kind))


def _selected(table: Table, forms: Mapping[type[Any], str]) -> sql.Composed:
    """``SELECT`` of all columns of a table; ``forms`` is what is written of those of a type, with a place for them."""

    def written(column: Column[Any]) -> sql.Composable:
        name = sql.Identifier(column.name)
        form = next((form for kind, form in forms.items() if isinstance(column.type, kind)), None)
        if form is None:
            return name
        return sql.SQL(form).format(column=name, separator=sql.Literal(UNIT_SEPARATOR)) + sql.SQL(" AS ") + name

    columns = sql.SQL(", ").join(map(written, table.columns))
    return sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(str(table.schema), table.name))


def _to_parquet(connection: Connection, table: Table, path: Path, tell: Callable[[int], None]) -> int:
    schema = arrow_schema(table)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def take(frame: pa.Table) -> None:
            nonlocal rows
            writer.write_table(frame.cast(schema))
            rows += len(frame)
            tell(rows)

        read_frames(connection, _selected(table, {ARRAY: "array_to_string({column}, {separator})"}), schema, take)
    return rows


def _to_csv(connection: Connection, table: Table, path: Path, tell: Callable[[int], None]) -> int:
    selected = _selected(table, _IN_CSV)
    return _copy(connection, sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT csv, HEADER)").format(selected), path, tell)


def _to_json_lines(connection: Connection, table: Table, path: Path, tell: Callable[[int], None]) -> int:
    # No JSON holds a control character as it is: with these as its signs, CSV is the bare text.
    copied = sql.SQL(
        r"COPY (SELECT row_to_json(each_row) FROM {} AS each_row) TO STDOUT"
        r" WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')"
    ).format(sql.Identifier(str(table.schema), table.name))
    return _copy(connection, copied, path, tell)


def _copy(connection: Connection, statement: sql.Composed, path: Path, tell: Callable[[int], None]) -> int:
    """Write what a COPY answers to a file; returns the number of rows."""
    with path.open("wb") as sink, connection.cursor() as cursor:
        stream: Any = _Told(sink.write, tell)
        cursor.copy_expert(statement, stream)
        rows: int = cursor.rowcount
    return rows


class _Told:
    """Passes rows on, which the server sends one by one (protocol, CopyData), and tells now and then how many."""

    def __init__(self, write: Callable[[bytes], int], tell: Callable[[int], None]) -> None:
        self._write = write
        self._tell = tell
        self._rows = 0

    def write(self, row: bytes) -> int:
        """Pass one row on."""
        self._rows += 1
        if not self._rows % _TOLD_EVERY:
            self._tell(self._rows)
        return self._write(row)


_WRITERS: Final[dict[str, Callable[[Connection, Table, Path, Callable[[int], None]], int]]] = {
    "parquet": _to_parquet,
    "csv": _to_csv,
    "jsonl": _to_json_lines,
}
