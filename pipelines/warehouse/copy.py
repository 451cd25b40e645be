"""Bulk COPY of Arrow frames into Postgres: rows are made in a thread of their own."""

from __future__ import annotations

import io
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg2
import pyarrow as pa
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.memory import give_back
from pipelines.warehouse.binary_rows import HEADER, TRAILER, encoder

#: Bytes that may wait for Postgres, so that a slow server does not fill the memory.
WAITING_BYTES: Final = 16 << 20

#: Bytes of a frame turned into rows at a time: large enough for the columns to pay, small enough to stay in cache.
BYTES_A_BUFFER: Final = 4 << 20


@dataclass(frozen=True)
class Copy:
    """What one COPY brings: ``columns`` of each of the ``frames`` into ``table``.

    ``freeze`` writes rows as frozen, which Postgres allows only where this transaction made or emptied the table.
    """

    table: sql.Composable
    frames: Callable[[], Iterable[pa.Table]]
    columns: list[str]
    freeze: bool = False


class _Stream(io.RawIOBase):
    """A readable stream over buffers of bytes, as ``copy_expert`` wants it; ``failure`` is why there are no more.

    An empty buffer is its end.
    """

    def __init__(self, buffers: Iterator[pa.Buffer]) -> None:
        self.failure: BaseException | None = None
        self._buffers = buffers
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            if not self._rest:
                self._rest = memoryview(next(self._buffers))
            piece = self._rest[:size] if size >= 0 else self._rest
            self._rest = self._rest[len(piece) :]
            return bytes(piece)
        except BaseException as error:
            # An interrupt too: it comes here more often than anywhere else.
            self.failure = error
            raise


class _Waiting:
    """What one thread has made and another has not taken: no more than WAITING_BYTES, and one buffer."""

    def __init__(self) -> None:
        self._items: deque[pa.Buffer | BaseException] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._is_abandoned = False

    def put(self, item: pa.Buffer | BaseException) -> bool:
        """Wait for room and leave an item; False where nobody wants any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._bytes < WAITING_BYTES or self._is_abandoned)
            self._items.append(item)
            self._bytes += _size(item)
            self._changed.notify_all()
            return not self._is_abandoned

    def take(self) -> Iterator[pa.Buffer]:
        """The items as they come, without end; raises one that is an error."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._items)
                item = self._items.popleft()
                self._bytes -= _size(item)
                self._changed.notify_all()
            if isinstance(item, BaseException):
                raise item
            yield item

    def abandon(self) -> None:
        """Let the thread that makes them end."""
        with self._changed:
            self._is_abandoned = True
            self._changed.notify_all()


def _size(item: pa.Buffer | BaseException) -> int:
    return item.size if isinstance(item, pa.Buffer) else 0


@contextmanager
def _ahead(buffers: Iterator[pa.Buffer]) -> Iterator[Iterator[pa.Buffer]]:
    """Make the next buffers in a thread while Postgres takes the last one; both let go of the interpreter's lock."""
    waiting = _Waiting()

    def fill() -> None:
        try:
            for buffer in buffers:
                if not waiting.put(buffer):
                    return
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that reads
            waiting.put(error)

    thread = threading.Thread(target=fill, name="rows", daemon=True)
    thread.start()
    try:
        yield waiting.take()
    finally:
        waiting.abandon()
        thread.join()


@contextmanager
def copies_made_ahead(connection: Connection, copies: Sequence[Copy]) -> Iterator[Callable[[], int]]:
    """COPYs within the open transaction, of which a thread makes the rows while Postgres is busy, in their order.

    Each call of the function that it gives takes the next into Postgres, and returns the number of rows. It raises what
    psycopg2 raises and what goes wrong with the frames themselves; before any, TypeError is raised for a column of a
    type that is not written.
    """
    encoders = [encoder(_column_types(connection, copy.table, copy.columns)) for copy in copies]

    def buffers() -> Iterator[pa.Buffer]:
        for copy, encoded in zip(copies, encoders, strict=True):
            yield pa.py_buffer(HEADER)
            for frame in copy.frames():
                chosen = frame.select(copy.columns)
                rows = max(1, chosen.num_rows * BYTES_A_BUFFER // max(chosen.nbytes, 1))
                for start in range(0, chosen.num_rows, rows):
                    yield encoded(chosen.slice(start, rows))
            yield pa.py_buffer(TRAILER)
            # What the frames needed is free again, and the next table needs other sizes.
            give_back()
            yield pa.py_buffer(b"")

    with _ahead(buffers()) as made:
        following = iter(copies)
        yield lambda: _copied(connection, next(following), made)


def copy_frames(
    connection: Connection,
    table: sql.Composable,
    frames: Iterable[pa.Table],
    columns: list[str],
    *,
    freeze: bool = False,
) -> int:
    """COPY ``columns`` of each frame into ``table``, and nothing else: see :func:`copies_made_ahead`."""
    with copies_made_ahead(connection, [Copy(table, lambda: frames, columns, freeze)]) as copy_next:
        return copy_next()


def _copied(connection: Connection, copy: Copy, buffers: Iterator[pa.Buffer]) -> int:
    """Take the rows of one COPY into Postgres; returns their number."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT binary{})").format(
        copy.table, sql.SQL(", ").join(map(sql.Identifier, copy.columns)), sql.SQL(", FREEZE" if copy.freeze else "")
    )
    stream: Any = _Stream(buffers)
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(statement, stream, size=1 << 20)
        except psycopg2.Error:
            # Of what went wrong with the frames psycopg2 would tell but the text.
            if stream.failure is not None:
                raise stream.failure from None
            raise
        rows: int = cursor.rowcount
    return rows


def _column_types(connection: Connection, table: sql.Composable, columns: list[str]) -> list[str]:
    """Postgres's names of the types of some columns of a table, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            (table.as_string(connection),),
        )
        types = dict(cursor.fetchall())
    missing = [name for name in columns if name not in types]
    if missing:
        raise LookupError(f"{table.as_string(connection)} has no column {', '.join(missing)}")
    return [types[name] for name in columns]
