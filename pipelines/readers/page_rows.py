"""Record pages as rows of a table, as web corpora have them: JSON lines or Parquet with the text and address of a page.

The text is a page as :mod:`pipelines.readers.page_text` reads it. A Parquet file is read row group by row group and its
rows become JSON lines, so both are parsed in the same way; offsets in it are those of these lines.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.readers import json_lines, page_text
from pipelines.readers.chunks import LONGEST_RECORD, RAW_KEPT, Batch, Piece, Unreadable, unreadable
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.lines import parse_each
from pipelines.readers.streams import BLOCK, ByteStream

#: Names of the columns in corpora of the web (what is made of Common Crawl), the usual one first.
TEXT_COLUMNS: Final = ("text", "content", "raw_content", "markdown", "page_text")
ADDRESS_COLUMNS: Final = ("url", "uri", "source_url", "target_uri", "warc_target_uri")

_PARQUET: Final = b"PAR1"
_ROWS_AT_ONCE: Final = 64
#: A row of these fields is a Solr document, whatever else it holds.
_SOLR: Final = frozenset({"record_format", "title_short", "title_full", "fullrecord", "author_sort"})


@dataclass(frozen=True, slots=True)
class PageRows:
    """JSON lines, an object with the text of a page each: see the module."""

    name: str = "page rows"

    def recognises(self, head: bytes) -> bool:
        """Its first lines are objects with a text, one of them a record page; or each has an address as well."""
        if not json_lines.FORMAT.recognises(head):
            return False
        rows = []
        for line in head.removeprefix(json_lines.BYTE_ORDER_MARK).split(b"\n"):
            row = _object(line)
            if row is not None:
                # Of Solr documents, which are no such rows, one is enough.
                if not _holds_page(row):
                    return False
                rows.append(row)
        if not rows:
            return False
        texts = (_column(row, TEXT_COLUMNS) for row in rows)
        if any(page_text.FORMAT.recognises(text.encode(errors="replace")) for text in texts if text):
            return True
        return all(_column(row, ADDRESS_COLUMNS) for row in rows)

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces end after a line."""
        return json_lines.FORMAT.split(file, member, stream, chunk_bytes)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """One document a row; a row that is no record page is quarantined."""
        return parse_each(pieces, _read_row)


@dataclass(frozen=True, slots=True)
class PageParquet:
    """Parquet with a column of texts: see the module."""

    name: str = "page parquet"

    def recognises(self, head: bytes) -> bool:
        """A Parquet file: no other is read."""
        return head.startswith(_PARQUET)

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces of rows. The end of the file tells where they are: it is kept on disk while it is read."""
        with tempfile.TemporaryFile() as kept:
            begun = stream.peek(RAW_KEPT)[:RAW_KEPT]
            while block := stream.read(BLOCK):
                kept.write(block)
            length = kept.tell()
            if stream.damage:
                yield unreadable(file, member, 0, 0, stream.damage, begun, length)
                return
            yield from _pieces(file, member, kept, chunk_bytes, begun, length)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """One document a row; a row that is no record page is quarantined."""
        return parse_each(pieces, _read_row)


FORMAT: Final = PageRows()
PARQUET: Final = PageParquet()


def _pieces(
    file: str, member: str, kept: IO[bytes], chunk_bytes: int, begun: bytes, length: int
) -> Iterator[Piece | Unreadable]:
    lines: list[bytes] = []
    size, offset, row = 0, 0, 1
    try:
        rows = pq.ParquetFile(kept, pre_buffer=False)
        names = [next((name for name in known if name in rows.schema_arrow.names), None) for known in _COLUMNS]
        if names[0] is None:
            reason = f"a Parquet file without a column of pages ({', '.join(TEXT_COLUMNS)})"
            yield unreadable(file, member, 0, 0, reason, begun, length)
            return
        for batch in rows.iter_batches(_ROWS_AT_ONCE, columns=[name for name in names if name], use_threads=False):
            for line in _lines(batch, names):
                if lines and size + len(line) > chunk_bytes:
                    yield Piece(file, member, offset, row, b"".join(lines))
                    offset, row = offset + size, row + len(lines)
                    lines, size = [], 0
                if len(line) > LONGEST_RECORD:
                    yield unreadable(file, member, offset, row, f"a row of more than {LONGEST_RECORD:,} bytes", line)
                    offset, row = offset + len(line), row + 1
                    continue
                lines.append(line)
                size += len(line)
    except (pa.ArrowException, OSError) as error:
        reason = f"a Parquet file that cannot be read after row {row + len(lines) - 1:,}: {error}"
        yield unreadable(file, member, 0, 0, reason, begun, length)
    if lines:
        yield Piece(file, member, offset, row, b"".join(lines))


_COLUMNS: Final = (TEXT_COLUMNS, ADDRESS_COLUMNS)


def _lines(batch: pa.RecordBatch, names: list[str | None]) -> Iterator[bytes]:
    """Rows as JSON lines; bytes that are no text are replaced."""
    columns = [
        batch.column(name).cast(pa.large_string()).cast(pa.large_binary()).to_pylist() if name else [None] * len(batch)
        for name in names
    ]
    for text, address in zip(*columns, strict=True):
        row = {"text": text, "url": address}
        yield (
            orjson.dumps({key: value.decode(errors="replace") for key, value in row.items() if value is not None})
            + b"\n"
        )


def _read_row(line: bytes) -> dict[str, Any]:
    row = _object(line)
    if row is None:
        raise NotADocumentError("not a JSON object")
    text = _column(row, TEXT_COLUMNS)
    if not text:
        raise NotADocumentError("a row without the text of a page")
    pages = page_text.text_pages(text.encode(errors="replace"))
    if len(pages) > 1:
        raise NotADocumentError(f"a row with {len(pages):,} pages")
    found = page_text.page_row(pages[0], _column(row, ADDRESS_COLUMNS) or "")
    if found["id"] is None:
        raise NotADocumentError("a page without staff view, and without the address of a record")
    return found


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _holds_page(row: dict[str, Any]) -> bool:
    return _SOLR.isdisjoint(row) and any(isinstance(row.get(name), str) for name in TEXT_COLUMNS)


def _column(row: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((row[name] for name in names if isinstance(row.get(name), str) and row[name].strip()), None)
