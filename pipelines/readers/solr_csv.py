"""Solr documents as CSV (``wt=csv``): a header of field names, a document a row, several values in one cell.

Solr joins the values of a field with ``csv.mv.separator`` (a comma unless it is told otherwise) and writes a
backslash before that sign and before backslashes within a value (Solr's reference guide, "CSV Response Writer").
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pipelines.readers.chunks import LONGEST_RECORD, Batch, Piece, Unreadable, drain, quarantine_table, unreadable
from pipelines.readers.csv_dialect import HeaderLine, header_and_rows, is_multiple, read_header
from pipelines.readers.csv_headers import cut_rows
from pipelines.readers.csv_lists import lists_in_cells
from pipelines.readers.csv_pages import Pages
from pipelines.readers.json_exact import NotADocumentError, Number, decoded, to_row
from pipelines.readers.lines import table_of
from pipelines.readers.solr_csv_columns import Header, read_rows
from pipelines.readers.streams import ByteStream
from pipelines.records import RAW_RECORDS

_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,19}")
_QUOTED: Final = re.compile(r'"[^"]*(?:""[^"]*)*"')
_SIGNS_ESCAPED: Final = {"n": "\n", "r": "\r"}

#: A shorter text is read as fast row by row.
_WORTH_COLUMNS: Final = 16 << 10
#: So many rows are read one by one where rows cannot be told apart, and twice as many each time again.
_FEW_ROWS: Final = 16

# A cell holds a whole MARC record or an abstract; the length of a row is bounded by that of a record.
csv.field_size_limit(LONGEST_RECORD)


@dataclass(frozen=True, slots=True)
class SolrCsv:
    """The format: see the module."""

    name: str = "solr csv"

    def recognises(self, head: bytes) -> bool:
        """The first line names ``id`` and several fields of VuFind's index, one of which nobody else calls so.

        Lists are written as Solr writes them, or not at all.
        """
        return read_header(header_and_rows(head)[0]) is not None and not lists_in_cells(head)

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces hold whole rows, after the sign that separates values and the header, which each of them repeats.

        ``offset`` and ``line`` of a piece are those that its first byte would have if the rows had the
        header before them, so that the rows are where they are in the file.
        """
        pages = Pages(file, member, stream)
        text, wanted = b"", chunk_bytes
        while True:
            block = stream.read(max(wanted - len(text), 0))
            ended = len(block) < wanted - len(text)
            text += block
            headers, end = cut_rows(text, ended=ended and not stream.damage)
            if end:
                yield from pages.pieces(text, end, headers)
                text, wanted = text[end:], chunk_bytes
            elif len(text) > LONGEST_RECORD:
                reason = f"a row of more than {LONGEST_RECORD:,} bytes"
                yield drain(file, member, stream, pages.offset, pages.line, reason, text)
                return
            if ended:
                break
            wanted = max(wanted, 2 * len(text))
        if stream.damage:
            yield unreadable(file, member, pages.offset, pages.line, stream.damage, text)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A document a row. Of a row that cannot be read one line is quarantined, and the next line begins a row."""
        batches = [_Reading(piece).result() for piece in pieces]
        if len(batches) == 1:
            return batches[0]
        return Batch(
            pa.concat_tables([one.documents for one in batches]).combine_chunks(),
            pa.concat_tables([one.quarantined for one in batches]),
        )


FORMAT: Final = SolrCsv()


class _Reading:
    """The rows of one piece on their way to documents, in columns where they are plain, and else one by one."""

    def __init__(self, piece: Piece) -> None:
        self.piece, self.data = piece, piece.data
        self.begin = piece.data.find(b"\n") + 1
        line = read_header(piece.data[1 : self.begin]) or HeaderLine(",", (), ())
        self.header = Header(line.delimiter, piece.data[:1].decode(), line.names, is_multiple, line.nothing)
        self.newlines = np.flatnonzero(np.frombuffer(piece.data, np.uint8) == ord("\n"))
        self.tables: list[pa.Table] = []
        self.found: list[dict[str, Any]] = []
        self.refused: list[Unreadable] = []

    def result(self) -> Batch:
        """The documents of the piece, and what is none."""
        position, end, many = self.begin, len(self.data), _FEW_ROWS
        while self.header.names and end - position > _WORTH_COLUMNS and end <= LONGEST_RECORD:
            position = self._in_columns(position)
            position = self._one_by_one(position, end, many)
            many *= 2
        self._one_by_one(position, end)
        tables = [*self.tables, table_of(self.found, RAW_RECORDS)] if self.found or not self.tables else self.tables
        documents = tables[0] if len(tables) == 1 else pa.concat_tables(tables).sort_by("offset")
        return Batch(documents, quarantine_table(sorted(self.refused, key=lambda row: row.offset)))

    def _in_columns(self, position: int) -> int:
        """Read rows from a position on; returns where one begins that may not end where it seems to."""
        rows = read_rows(self.data[position:], self.header)
        starts, ends = position + rows.starts, position + rows.ends
        left = np.setdiff1d(np.arange(len(starts)), rows.plain)
        # Where a row of several lines is none, the next line begins one, and all that is behind it is cut otherwise.
        lines = np.searchsorted(self.newlines, ends[left] - 1) - np.searchsorted(self.newlines, starts[left])
        torn = int(left[lines > 0][0]) if (lines > 0).any() else len(starts)
        plain = rows.plain[rows.plain < torn]
        lineage = [
            pa.repeat(pa.scalar(self.piece.file), len(plain)),
            pa.repeat(pa.scalar(self.piece.member), len(plain)),
            pa.array(self.piece.offset + starts[plain]),
            pa.array(rows.lengths[: len(plain)]),
            pa.array(self.piece.line + np.searchsorted(self.newlines, starts[plain])),
        ]
        columns = rows.table.slice(0, len(plain)).columns
        self.tables.append(pa.Table.from_arrays([*lineage, *columns], schema=RAW_RECORDS))
        for row in left[left < torn].tolist():
            self._one_by_one(int(starts[row]), int(ends[row]))
        return int(starts[torn]) if torn < len(starts) else len(self.data)

    def _one_by_one(self, position: int, end: int, most: int | None = None) -> int:
        """Read the rows from a position to an end, or the first ``most`` of them; returns how far that went."""
        data, piece = self.data, self.piece
        line = piece.line + int(np.searchsorted(self.newlines, position))
        count = 0
        while position < end and count != most:
            after = self._end_of_row(position)
            raw = data[position:after]
            where = {"file": piece.file, "member": piece.member, "offset": piece.offset + position}
            if raw.strip():
                try:
                    row = to_row(_to_document(raw, self.header))
                    self.found.append(row | where | {"length": len(raw.rstrip(b"\r\n")), "line": line})
                except NotADocumentError as error:
                    if not isinstance(error, _NoIdError):
                        after = data.find(b"\n", position) + 1 or len(data)
                    raw, offset = data[position:after], piece.offset + position
                    self.refused.append(unreadable(piece.file, piece.member, offset, line, str(error), raw))
            line += data.count(b"\n", position, after)
            position, count = after, count + 1
        return position

    def _end_of_row(self, start: int) -> int:
        """Where the row that begins there ends.

        With its line if that is a whole row, as a quote in a cell without quotes around it opens nothing (`3.5" disk`);
        else after the first newline with an even number of quotes before it.
        """
        line = self.data.find(b"\n", start) + 1
        if line and self.data.count(b'"', start, line) % 2:
            with suppress(NotADocumentError):
                _to_document(self.data[start:line], self.header)
                return line
        return _end_of_balanced(self.data, start)


def _end_of_balanced(data: bytes, start: int) -> int:
    """Where the row that begins at ``start`` ends: after a newline with an even number of quotes before it."""
    quotes, position = 0, start
    while newline := data.find(b"\n", position) + 1:
        quotes += data.count(b'"', position, newline)
        if quotes % 2 == 0:
            return newline
        position = newline
    return len(data)


class _NoIdError(NotADocumentError):
    """A row that was read, and has no id."""


def _to_document(raw: bytes, header: Header) -> dict[str, Any]:
    text = decoded(raw)
    try:
        [cells] = csv.reader(io.StringIO(text, newline=""), delimiter=header.delimiter, strict=True)
    except (csv.Error, ValueError) as error:
        raise NotADocumentError(f"not CSV: {error}") from error
    if len(cells) != len(header.names):
        raise NotADocumentError(f"a row of {len(cells)} columns where the header has {len(header.names)}")
    if not set(header.nothing).isdisjoint(cells):
        cells = _without_nothing(text, cells, header)
    document: dict[str, Any] = {}
    for name, cell in zip(header.names, cells, strict=True):
        if not (name and cell):
            continue
        if is_multiple(name):
            document[name] = _values(cell, header.separator)
        elif name == "_version_" and _WHOLE_NUMBER.fullmatch(cell):
            document[name] = Number(cell)
        else:
            document[name] = cell
    if not str(document.get("id", "")).strip():
        raise _NoIdError("no id")
    return document


def _without_nothing(text: str, cells: list[str], header: Header) -> list[str]:
    """The cells, empty where they are no value: a sign for nothing that has no quotes around it."""
    unquoted = re.compile(rf"[^{re.escape(header.delimiter)}\r\n]*")
    found, position = [], 0
    for cell in cells:
        quoted = _QUOTED.match(text, position)
        found.append("" if cell in header.nothing and not quoted else cell)
        end = quoted or unquoted.match(text, position)
        position = end.end() + 1 if end else position
    return found


def _values(cell: str, separator: str) -> list[str]:
    """The values of a cell, without the backslashes that Solr wrote before signs that have a meaning."""
    if "\\" not in cell:
        return cell.split(separator)
    values, value, escaped = [], "", False
    for sign in cell:
        if escaped:
            value, escaped = value + _SIGNS_ESCAPED.get(sign, sign), False
        elif sign == "\\":
            escaped = True
        elif sign == separator:
            values.append(value)
            value = ""
        else:
            value += sign
    return [*values, value + "\\" * escaped]
