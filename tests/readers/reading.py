"""Reads bytes with one format and holds what comes out to what went in."""

from typing import Any

import pytest

from pipelines.readers import record_spans
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Batch, Format, Piece, Unreadable
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.deletions import apart
from pipelines.readers.documents import to_documents
from pipelines.readers.streams import ByteStream

#: Of tests of what compiled code does.
needs_compiled_code = pytest.mark.skipif(
    not IS_COMPILED, reason="the readers were not compiled when this was installed"
)

Read = tuple[list[dict[str, Any]], list[Unreadable]]


def read(one: Format, data: bytes, chunk_bytes: int = 1 << 20) -> Read:
    """The documents, each with its bytes under ``_raw``, and what was refused."""
    found: list[dict[str, Any]] = []
    refused: list[Unreadable] = []
    end = 0
    for part in one.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        assert part.offset >= end
        assert part.line in (0, data.count(b"\n", 0, part.offset) + 1)
        if isinstance(part, Unreadable):
            end = part.offset + part.length
            refused.append(part)
            continue
        assert isinstance(part, Piece)
        end = part.offset + len(part.data)
        batch = one.parse((part,))
        refused += [Unreadable(**row) for row in batch.quarantined.to_pylist()]
        found += to_documents(batch.documents)
    for document in found:
        lineage = document.pop("_lineage")
        assert lineage["line"] in (0, data.count(b"\n", 0, lineage["offset"]) + 1)
        document["_raw"] = data[lineage["offset"] :][: lineage["length"]]
    for row in refused:
        assert data[row.offset :].startswith(row.raw)
    return found, refused


def document_of(one: Format, data: bytes) -> dict[str, Any]:
    """The one document of the data, which holds nothing else."""
    found, refused = read(one, data)
    assert refused == []
    [document] = found
    del document["_raw"]
    return document


def deleted_ids(one: Format, data: bytes, chunk_bytes: int = 1 << 20) -> list[str]:
    """The ids that the data say are deleted."""
    ids: list[str] = []
    for part in one.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Piece):
            ids += apart(one.parse((part,)).documents)[1].column("id").to_pylist()
    return ids


def assert_alike(quick: Batch, slow: Batch) -> None:
    """Hold one way of reading to another: the same documents, and the same refused."""
    # Rows are said only where they differ: a table of a hundred columns takes its time.
    same = quick.documents.equals(slow.documents) and quick.quarantined.equals(slow.quarantined)
    assert same or quick.documents.to_pylist() == slow.documents.to_pylist()
    assert same or quick.quarantined.to_pylist() == slow.quarantined.to_pylist()


def in_columns_and_by_record(reader: Any, *texts: bytes) -> Batch:
    """What a reader of spans reads in columns, however few its records, held to what it reads record by record.

    Each text is of a file of its own.
    """
    pieces = tuple(Piece(f"f{number}", "m", 1000 + number, 7 + number, text) for number, text in enumerate(texts))
    kept, record_spans._WORTH_COLUMNS = record_spans._WORTH_COLUMNS, 0  # type: ignore[misc]
    try:
        quick: Batch = reader.FORMAT.parse(pieces)
    finally:
        record_spans._WORTH_COLUMNS = kept  # type: ignore[misc]
    assert_alike(quick, record_spans.parse_spans(pieces, reader._spans_of, reader._read))
    return quick


def changed(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """The text with bytes lost and others put in, at shares of its length."""
    for place, cut, put in changes:
        at = int(place * len(data))
        data = data[:at] + put + data[at + cut :]
    return data
