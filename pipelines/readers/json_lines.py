"""Solr documents as JSON lines, one document a line.

A line may end with a comma, as those of an array do that was cut into files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers import json_shape
from pipelines.readers.byte_spans import BYTE_ORDER_MARK, Positions, count_byte, not_utf8
from pipelines.readers.chunks import (
    LONGEST_RECORD,
    RAW_KEPT,
    Batch,
    Piece,
    Unreadable,
    drain,
    quarantine_table,
    unreadable,
)
from pipelines.readers.json_columns import DoesNotFitError, read_columns
from pipelines.readers.json_exact import LONGEST_ID, NotADocumentError
from pipelines.readers.json_objects import read_rows
from pipelines.readers.json_shape import Shape
from pipelines.readers.json_strangers import strange_objects
from pipelines.readers.lines import find_lines, table_of
from pipelines.readers.solr_answers import holds_answers
from pipelines.readers.streams import ByteStream

_SAMPLE: Final = 2000
_FEW: Final = 64
#: Rows that are held as objects: an update of a few bytes may make as many.
_HELD: Final = 20_000
_BLANK: Final = b" \t\r\n\f\v"


@dataclass(frozen=True, slots=True)
class JsonLines:
    """The format: see the module."""

    name: str = "json lines"

    def recognises(self, head: bytes) -> bool:
        """At least half of the first lines begin as an object does, and it is no array and no answer of Solr.

        Nor are the objects those of another program.
        """
        text = head.removeprefix(BYTE_ORDER_MARK)
        if holds_answers(text) or re.match(rb"\s*\[\s*(?:\{|$)", text):
            return False
        lines = [line for line in map(bytes.strip, text.split(b"\n", 100)[:100]) if line]
        objects = [line for line in lines if line.startswith(b"{")]
        begun = sum(
            line.startswith(b'{"') or line == b"{}" or re.match(rb'\{\s+"', line) is not None for line in objects
        )
        return bool(lines) and 2 * begun >= len(lines) and not strange_objects(head)

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces end after a newline; a line of more than ``LONGEST_RECORD`` bytes is quarantined unkept."""
        carry, offset, line = b"", 0, 1
        while blocks := stream.read_blocks(max(chunk_bytes - len(carry), chunk_bytes // 2, 1)):
            # Cut before they are joined: a chunk is too long to be copied more than once.
            last = blocks.pop()
            cut = last.rfind(b"\n") + 1
            data = b"".join((carry, *blocks, last[:cut] if cut else last))
            carry = last[cut:] if cut else b""
            if not cut:
                cut = data.rfind(b"\n") + 1
                data, carry = data[:cut], data[cut:]
            if data:
                yield Piece(file, member, offset, line, _without_mark(data) if offset == 0 else data)
                line += count_byte(data, b"\n")
                offset += len(data)
            elif len(carry) > LONGEST_RECORD:
                row, carry = _skip_line(file, member, stream, offset, line, carry)
                yield row
                offset, line = offset + row.length, line + 1
        if stream.damage:
            yield drain(file, member, stream, offset, line, stream.damage, carry)
        elif carry:
            yield Piece(file, member, offset, line, _without_mark(carry) if offset == 0 else carry)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """Whole chunks at once where pyarrow can, the lines it cannot take one by one."""
        lines = find_lines(pieces).without_commas()
        table, rows, refused = _read(lines.text, lines.starts, lines.ends)
        quarantined = [lines.quarantine(pieces, row, reason) for row, reason in refused]
        return Batch(lines.with_lineage(pieces, table, rows), quarantine_table(quarantined))


FORMAT: Final = JsonLines()


def _without_mark(data: bytes) -> bytes:
    """The data with blanks for the byte order mark at its start, so that offsets stay."""
    return b"   " + data[3:] if data.startswith(BYTE_ORDER_MARK) else data


def _skip_line(
    file: str, member: str, stream: ByteStream, offset: int, line: int, begun: bytes
) -> tuple[Unreadable, bytes]:
    """Quarantine a line that is too long with its newline, and return what was read after it."""
    kept, length, rest = begun[:RAW_KEPT], len(begun), b""
    while block := stream.read(1 << 20):
        end = block.find(b"\n") + 1
        length += end or len(block)
        if end:
            rest = block[end:]
            break
    return unreadable(file, member, offset, line, f"a line of more than {LONGEST_RECORD:,} bytes", kept, length), rest


class _Memory:
    """What fitted last in this process: dumps keep their shape, so it is learnt once. Changes speed only.

    ``used`` are the fields seen with a value: reading only these takes half the time.
    """

    shape: Shape = json_shape.INDEX_SHAPE
    used: frozenset[str] = frozenset({"id"})


def _read(text: bytes, starts: Positions, ends: Positions) -> tuple[pa.Table, Positions, list[tuple[int, str]]]:
    """The documents (schema ``FIELDS``), the line of each, in order, and (line, reason) of what is none."""
    view = np.frombuffer(text, np.uint8)
    plain = np.ones(len(starts), bool)
    if len(starts):
        plain = (view[starts] == ord("{")) & (view[ends - 1] == ord("}"))
    plain &= ~not_utf8(text, starts, ends)
    reading = _Reading(text, starts, ends)
    reading.alone(np.flatnonzero(~plain))
    reading.together(np.flatnonzero(plain))
    return reading.result()


class _Reading:
    """The lines of one chunk on their way to documents."""

    def __init__(self, text: bytes, starts: Positions, ends: Positions) -> None:
        self.text, self.starts, self.ends = text, starts, ends
        self.tables: list[tuple[pa.Table, Positions]] = []
        self.left: list[int] = []

    def alone(self, rows: Positions) -> None:
        """Leave these lines to the exact parser."""
        self.left.extend(rows.tolist())

    def together(self, rows: Positions) -> None:
        """Read these lines in columns, as far as they fit; learn their shape where the last one does not."""
        known = _Memory.shape
        used = {name: kind for name, kind in known.items() if name in _Memory.used}
        if not len(rows) or self._attempt(rows, used) or self._attempt(rows, known):
            return
        sample = rows[:: max(1, len(rows) // _SAMPLE)]
        shape, _ = json_shape.learn(self._lines(sample), known)
        if shape != known and self._attempt(rows, shape):
            return
        shape, fitting = json_shape.learn(self._lines(rows), json_shape.INDEX_SHAPE)
        fits = np.array(fitting, bool)
        self.alone(rows[~fits])
        self._halve(rows[fits], shape)

    def result(self) -> tuple[pa.Table, Positions, list[tuple[int, str]]]:
        """What :func:`_read` returns."""
        parsed: list[dict[str, Any]] = []
        parsed_rows: list[int] = []
        refused: list[tuple[int, str]] = []
        tables = list(self.tables)
        for row in sorted(self.left):
            try:
                for found in read_rows(self.text[self.starts[row] : self.ends[row]]):
                    parsed.append(found)
                    parsed_rows.append(row)
                    if len(parsed) == _HELD:
                        tables.append((table_of(parsed), np.array(parsed_rows, np.int64)))
                        parsed, parsed_rows = [], []
            except NotADocumentError as error:
                refused.append((row, str(error)))
        if parsed or not tables:
            tables.append((table_of(parsed), np.array(parsed_rows, np.int64)))
        if len(tables) == 1:
            return (*tables[0], refused)
        rows = np.concatenate([rows for _, rows in tables])
        table = pa.concat_tables([table for table, _ in tables]).combine_chunks()
        if (rows[1:] >= rows[:-1]).all():
            return table, rows, refused
        order = np.argsort(rows, kind="stable")
        return table.take(pa.array(order)), rows[order], refused

    def _lines(self, rows: Positions) -> list[bytes]:
        bounds = zip(self.starts[rows].tolist(), self.ends[rows].tolist(), strict=True)
        return [self.text[start:end] for start, end in bounds]

    def _attempt(self, rows: Positions, shape: Shape) -> bool:
        text = self.text if len(rows) == len(self.starts) else b"\n".join(self._lines(rows))
        try:
            longest = int((self.ends[rows] - self.starts[rows]).max())
            table, used = read_columns(text, len(rows), longest, shape)
        except DoesNotFitError:
            return False
        if len(shape) >= len(json_shape.INDEX_SHAPE):
            _Memory.shape, _Memory.used = shape, (_Memory.used | used) & shape.keys() | {"id"}
        ids = pc.fill_null(table.column("id"), "")
        blank = pc.equal(pc.utf8_trim(ids, characters=" \t\r\n\f\v\0"), "")
        unfit = pc.or_(blank, pc.greater(pc.binary_length(ids), LONGEST_ID))
        if pc.any(unfit).as_py():
            without_id = unfit.to_numpy()
            self.alone(rows[without_id])
            table, rows = table.filter(pc.invert(unfit)), rows[~without_id]
        self.tables.append((table, rows))
        return True

    def _halve(self, rows: Positions, shape: Shape) -> None:
        """Read in columns what fits, halving until what does not is among a few lines."""
        if not len(rows) or self._attempt(rows, shape):
            return
        if len(rows) <= _FEW:
            self.alone(rows)
            return
        self._halve(rows[: len(rows) // 2], shape)
        self._halve(rows[len(rows) // 2 :], shape)
