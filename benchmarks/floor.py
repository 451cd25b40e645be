"""What no pipeline can beat on this machine: parsing the bytes, and COPY of ready rows into the same tables."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.json as pajson
from backports import zstd
from psycopg2 import sql
from sqlalchemy import URL, Table

from pipelines.records import LINEAGE, PAGE_LINEAGE, RAW_RECORDS
from pipelines.warehouse.connection import connect
from pipelines.warehouse.constraints import drop_constraints, foreign_key_statements, key_statements
from pipelines.warehouse.tables import CATALOG_TABLES
from pipelines.warehouse.tables.ops import record_sightings

#: Tables of the floor: all that a load fills and that grow with the records.
TABLES: Final = (*CATALOG_TABLES, record_sightings)

#: Bytes parsed at a time, as the road does.
BLOCK: Final = 32 << 20

_DOCUMENTS: Final = pa.schema(
    [
        field
        for field in RAW_RECORDS
        if field.name not in {each.name for each in (*LINEAGE, *PAGE_LINEAGE)} | {"extra", "is_deletion"}
    ]
)


def _parse(path: Path) -> int:
    rows = 0
    with zstd.open(path, "rb") as stream:
        rest = b""
        while block := stream.read(BLOCK):
            text, newline, rest_of_block = (rest + block).rpartition(b"\n")
            rest = rest_of_block
            rows += pajson.read_json(
                io.BytesIO(text + newline),
                parse_options=pajson.ParseOptions(explicit_schema=_DOCUMENTS, unexpected_field_behavior="ignore"),
                read_options=pajson.ReadOptions(use_threads=False, block_size=BLOCK * 2),
            ).num_rows
    return rows


def parse_all(files: Sequence[Path]) -> int:
    """Decompress and parse the files with the fastest parser measured, in two processes; returns the documents."""
    with ProcessPoolExecutor(2) as pool:
        return sum(pool.map(_parse, files))


def export_tables(url: URL, folder: Path) -> None:
    """Write every table as CSV: the ready rows that the floor copies."""
    for table in TABLES:
        with (
            connect(url) as connection,
            connection.cursor() as cursor,
            (folder / f"{table.name}.csv").open("wb") as sink,
        ):
            cursor.copy_expert(sql.SQL("COPY {} TO STDOUT WITH (FORMAT csv)").format(_name(table)), sink, size=1 << 20)


def copy_all(url: URL, folder: Path) -> None:
    """COPY the ready rows over two connections, then make keys and indexes, then foreign keys."""
    with connect(url) as connection, connection:
        drop_constraints(connection)

    def copied(table: Table) -> Callable[[], None]:
        def run() -> None:
            with (
                connect(url) as connection,
                connection,
                connection.cursor() as cursor,
                (folder / f"{table.name}.csv").open("rb") as rows,
            ):
                cursor.execute(sql.SQL("TRUNCATE {}").format(_name(table)))
                cursor.copy_expert(
                    sql.SQL("COPY {} FROM STDIN WITH (FORMAT csv, FREEZE)").format(_name(table)), rows, size=1 << 20
                )

        return run

    def indexed(table: Table) -> Callable[[], None]:
        return lambda: _execute(url, key_statements(table))

    def constrained(table: Table) -> Callable[[], None]:
        return lambda: _execute(url, foreign_key_statements(table))

    largest_first = sorted(TABLES, key=lambda table: -(folder / f"{table.name}.csv").stat().st_size)
    with_constraints = [table for table in largest_first if table is not record_sightings]
    _at_once([copied(table) for table in largest_first], connections=2)
    _at_once([indexed(table) for table in with_constraints], connections=2)
    # Foreign keys lock both tables: two connections would wait for each other, or worse.
    _at_once([constrained(table) for table in with_constraints], connections=1)


def _at_once(steps: Sequence[Callable[[], None]], connections: int) -> None:
    with ThreadPoolExecutor(connections) as pool:
        for done in [pool.submit(step) for step in steps]:
            done.result()


def _execute(url: URL, statements: Sequence[str]) -> None:
    with connect(url) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for each in statements:
            cursor.execute(each)


def _name(table: Table) -> sql.Identifier:
    return sql.Identifier(str(table.schema), table.name)
