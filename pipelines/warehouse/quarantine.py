"""What could not be read: rows of ``ops.quarantine``, listed, and each with the bytes that were kept of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL

from pipelines.warehouse.connection import WarehouseError, connect
from pipelines.warehouse.statements import statement


@dataclass(frozen=True)
class Quarantined:
    """One thing that could not be read: where it lies, why, and ``raw``, of its ``byte_length`` bytes those kept."""

    quarantine_id: int
    source: str
    dump: str
    file: str
    member: str
    byte_offset: int
    byte_length: int
    line: int
    reason: str
    raw: bytes

    @property
    def place(self) -> str:
        """The dump, the file, and the place in it."""
        file = f"{self.file}!{self.member}" if self.member else self.file
        line = f", line {self.line:,}" if self.line else ""
        return f"{self.source}/{self.dump}: {file} at byte {self.byte_offset:,}{line}"


def quarantined_rows(
    url: URL, source: str | None = None, dump: str | None = None, quarantine_id: int | None = None
) -> tuple[list[str], list[Sequence[Any]]]:
    """Columns and rows without the bytes: all, or those of a catalogue, of a dump, or one."""
    wanted = {"source": source, "dump": dump, "quarantine_id": quarantine_id}
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute(statement("quarantine/rows"), wanted)
        rows: list[Sequence[Any]] = list(cursor.fetchall())
        return [column.name for column in cursor.description or ()], rows


def quarantined_row(url: URL, quarantine_id: int) -> Quarantined:
    """One row with its bytes. Raises :class:`WarehouseError` where there is none of this id."""
    found = next(_with_bytes(url, *quarantined_rows(url, quarantine_id=quarantine_id)), None)
    if found is None:
        raise WarehouseError(
            f"nothing in quarantine has the id {quarantine_id}; what is there: vufind-warehouse quarantine list"
        )
    return found


def quarantined_bytes(url: URL, source: str | None = None, dump: str | None = None) -> Iterator[Quarantined]:
    """The rows of :func:`quarantined_rows` with their bytes, one after the other: together they may be large."""
    yield from _with_bytes(url, *quarantined_rows(url, source, dump))


def _with_bytes(url: URL, columns: list[str], rows: list[Sequence[Any]]) -> Iterator[Quarantined]:
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        for row in rows:
            values = dict(zip(columns, row, strict=True))
            cursor.execute("SELECT raw FROM ops.quarantine WHERE quarantine_id = %(quarantine_id)s", values)
            for (raw,) in cursor.fetchall():
                yield Quarantined(**values, raw=bytes(raw))
