"""Record pages as rows of a table, as web corpora have them: the text and address of a page each, in JSON lines, in an
array of JSON or in Parquet.

The text is a page as :mod:`pipelines.readers.page_text` reads it. A Parquet file is read row group by row group and its
rows become JSON lines, so both are parsed in the same way; offsets in it are those of these lines.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.readers import json_lines, page_text
from pipelines.readers.answers import Answer
from pipelines.readers.byte_spans import BYTE_ORDER_MARK
from pipelines.readers.chunks import LONGEST_RECORD, RAW_KEPT, Batch, Piece, Unreadable, quarantine_table, unreadable
from pipelines.readers.json_documents import DocumentSplitter
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.json_heads import ARRAY, FirstObjects, prefix_length
from pipelines.readers.lines import Lines, find_lines, table_of, without_collector
from pipelines.readers.page_text import TextPage, page_row, pages_of_each, read_in_columns
from pipelines.readers.pages import WORTH_COLUMNS, in_order
from pipelines.readers.solr_answers import ANSWERS
from pipelines.readers.streams import BLOCK, ByteStream

#: Names of the columns in corpora of the web (what is made of Common Crawl), the usual one first.
TEXT_COLUMNS: Final = ("text", "content", "raw_content", "markdown", "page_text")
ADDRESS_COLUMNS: Final = ("url", "uri", "source_url", "target_uri", "warc_target_uri", "u")
#: Where corpora keep the address within another column (OSCAR, RedPajama, Dolma).
ADDRESS_WITHIN: Final = (("warc_headers", "warc-target-uri"), ("meta", "url"), ("metadata", "url"))

_PARQUET: Final = b"PAR1"
_ROWS_AT_ONCE: Final = 64
#: The first object of an array is looked for in so many bytes: a page is shorter as a rule.
_LOOKED_AT: Final = 1 << 18
_FEW_ROWS: Final = 16
#: A row of these fields is a Solr document, whatever else it holds.
_SOLR: Final = frozenset({"record_format", "title_short", "title_full", "fullrecord", "author_sort"})


@dataclass(frozen=True, slots=True)
class PageRows:
    """JSON lines or an array, an object with the text of a page each: see the module."""

    name: str = "page rows"

    def recognises(self, head: bytes) -> bool:
        """Its first objects have a text, one of them a record page; or each has an address as well."""
        if ARRAY.match(head, prefix_length(head)):
            return _is_array_of_pages(head)
        if not json_lines.FORMAT.recognises(head):
            return False
        rows = []
        for line in head.removeprefix(BYTE_ORDER_MARK).split(b"\n"):
            row = _object(line)
            if row is not None:
                # Of Solr documents, which are no such rows, one is enough.
                if not _holds_page(row):
                    return False
                rows.append(row)
        return _show_records(rows) or (bool(rows) and all(_address(row) for row in rows))

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces hold objects, one a line."""
        begins = stream.peek(BLOCK)
        if ARRAY.match(begins, prefix_length(begins)):
            return _in_array(file, member, stream, chunk_bytes)
        return json_lines.FORMAT.split(file, member, stream, chunk_bytes)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """One document a row; a row that is no record page is quarantined."""
        return _parse(pieces)


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
        return _parse(pieces)


def _is_array_of_pages(head: bytes) -> bool:
    """Whether the first objects of an array have a text, and one of them is a record page.

    Most arrays are of documents, and told by the first one.
    """
    rows = []
    for row in islice(FirstObjects(head[:_LOOKED_AT], prefix_length(head)), _FEW_ROWS):
        if not _holds_page(row):
            return False
        rows.append(row)
    return _show_records(rows)


def _show_records(rows: Sequence[dict[str, Any]]) -> bool:
    """Whether one of these texts is a record page."""
    texts = (_column(row, TEXT_COLUMNS) for row in rows)
    return any(page_text.FORMAT.recognises(text.encode(errors="replace")) for text in texts if text)


def _in_array(file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
    found = DocumentSplitter(file, member, stream, chunk_bytes, answers=ANSWERS).run()
    return (one for one in found if not isinstance(one, Answer))


FORMAT: Final = PageRows()
PARQUET: Final = PageParquet()


def _pieces(
    file: str, member: str, kept: IO[bytes], chunk_bytes: int, begun: bytes, length: int
) -> Iterator[Piece | Unreadable]:
    lines: list[bytes] = []
    size, offset, row = 0, 0, 1
    try:
        rows = pq.ParquetFile(kept, pre_buffer=False)
        schema = rows.schema_arrow
        text = next((name for name in TEXT_COLUMNS if name in schema.names), None)
        if text is None:
            yield unreadable(file, member, 0, 0, _without_pages(schema.names), begun, length)
            return
        paths = [(text,), *_address_path(schema)]
        columns = [".".join(path) for path in paths]
        for batch in rows.iter_batches(_ROWS_AT_ONCE, columns=columns, use_threads=False):
            for line in _lines(batch, paths):
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
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        # Names of columns need not be text.
        reason = f"a Parquet file that cannot be read after row {row + len(lines) - 1:,}: {error}"
        yield unreadable(file, member, 0, 0, reason, begun, length)
    if lines:
        yield Piece(file, member, offset, row, b"".join(lines))


def _without_pages(names: Sequence[str]) -> str:
    """Why a Parquet file in which no column holds pages is not read."""
    if "id" in names:
        shown = ", ".join(names[:5]) + ", …" * (len(names) > 5)
        return f"a Parquet file of documents ({shown}), which are not read from Parquet: write them as JSON lines"
    return f"a Parquet file without a column of pages ({', '.join(TEXT_COLUMNS)})"


def _address_path(schema: pa.Schema) -> list[tuple[str, ...]]:
    """Where a Parquet file has the addresses of its pages: a column, or a field of one; nothing where it has none."""
    alone = next((name for name in ADDRESS_COLUMNS if name in schema.names), None)
    if alone is not None:
        return [(alone,)]
    structs = {field.name: field.type for field in schema if pa.types.is_struct(field.type)}
    for outer, inner in ADDRESS_WITHIN:
        if outer in structs and structs[outer].get_field_index(inner) >= 0:
            return [(outer, inner)]
    return []


def _lines(batch: pa.RecordBatch, paths: Sequence[tuple[str, ...]]) -> Iterator[bytes]:
    """Rows as JSON lines: text and address, which stand at the paths; bytes that are no text are replaced."""
    columns = [_texts(batch.column(path[0]), path[1:]) for path in paths]
    for values in zip(*columns, strict=True):
        row = dict(zip(("text", "url"), values, strict=False))
        yield (
            orjson.dumps({key: value.decode(errors="replace") for key, value in row.items() if value is not None})
            + b"\n"
        )


def _texts(column: pa.Array, within: tuple[str, ...]) -> list[bytes | None]:
    texts = pc.struct_field(column, list(within)) if within else column
    found: list[bytes | None] = texts.cast(pa.large_string()).cast(pa.large_binary()).to_pylist()
    return found


def _parse(pieces: tuple[Piece, ...]) -> Batch:
    """The documents of rows, those of plain pages all at once."""
    lines = find_lines(pieces)
    refused: dict[int, str] = {}
    numbers, texts, addresses = list[int](), list[bytes](), list[str]()
    with without_collector():
        for number, (start, end) in enumerate(zip(lines.starts.tolist(), lines.ends.tolist(), strict=True)):
            row = _object(lines.text[start:end])
            text = row and _column(row, TEXT_COLUMNS)
            if row is None or not text:
                refused[number] = "not a JSON object" if row is None else "a row without the text of a page"
                continue
            numbers.append(number)
            texts.append(text.encode(errors="replace"))
            addresses.append(_address(row))
        pages = list[TextPage]()
        for at, found in enumerate(pages_of_each(texts)):
            pages.append(found[0])
            if len(found) > 1:
                refused[numbers[at]] = f"a row with {len(found):,} pages"
        documents = _documents(
            lines,
            pieces,
            [
                (number, page, address)
                for number, page, address in zip(numbers, pages, addresses, strict=True)
                if number not in refused
            ],
            refused,
        )
    quarantined = [lines.quarantine(pieces, number, refused[number]) for number in sorted(refused)]
    return Batch(documents, quarantine_table(quarantined))


def _documents(
    lines: Lines, pieces: tuple[Piece, ...], rows: Sequence[tuple[int, TextPage, str]], refused: dict[int, str]
) -> pa.Table:
    """The documents of rows that hold a page each: number, page and address of each; what is none is ``refused``."""
    read = None
    if len(rows) >= WORTH_COLUMNS:
        read = read_in_columns([page for _, page, _ in rows], [address for _, _, address in rows])
    alone, found = list[dict[str, Any]](), list[int]()
    for at in np.setdiff1d(np.arange(len(rows)), read[1]).tolist() if read else range(len(rows)):
        number, page, address = rows[at]
        try:
            row = page_row(page, address)
        except NotADocumentError as error:
            refused[number] = str(error)
            continue
        if row["id"] is None:
            refused[number] = "a page without staff view, and without the address of a record"
            continue
        alone.append(row)
        found.append(number)
    documents = lines.with_lineage(pieces, table_of(alone), np.array(found, np.int64))
    if read is None:
        return documents
    at_once = np.array([number for number, _, _ in rows], np.int64)[read[1]]
    return in_order(documents, found, lines.with_lineage(pieces, read[0], at_once), at_once).combine_chunks()


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _holds_page(row: dict[str, Any]) -> bool:
    return _SOLR.isdisjoint(row) and any(isinstance(row.get(name), str) for name in TEXT_COLUMNS)


def _address(row: dict[str, Any]) -> str:
    """The address of a page, "" where there is none."""
    inner = ((row.get(outer), name) for outer, name in ADDRESS_WITHIN)
    found = (_column(columns, (name,)) for columns, name in inner if isinstance(columns, dict))
    return _column(row, ADDRESS_COLUMNS) or next((address for address in found if address), "")


def _column(row: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((row[name] for name in names if isinstance(row.get(name), str) and row[name].strip()), None)
