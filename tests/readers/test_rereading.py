"""What was quarantined and is read again by the same reader is the row that it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.readers.chunks import Chunk, Unreadable
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.rereading import read_again

NAMELESS = {"title": "No id here", "author": ["A, B"], "format": ["Book"]}
GOOD = {"id": "1", "title": "Good"}
RECORDS = [{"id": "1", "primaryAuthors": ["A, B"]}, {"title": "No id here", "formats": ["Book"]}]


def laid_out(value: object) -> bytes:
    return json.dumps(value, indent=2).encode()


def rows_of(path: Path) -> list[Unreadable]:
    """What is refused of a dump."""
    rows: list[Unreadable] = []
    for part in read_chunks(path):
        if isinstance(part, Chunk):
            rows += [Unreadable(**row) for row in parse_chunk(part).quarantined.to_pylist()]
        else:
            rows.append(part)
    return rows


@pytest.mark.parametrize(
    "data",
    [
        laid_out([GOOD, NAMELESS, GOOD]),
        laid_out(GOOD) + b"\n" + laid_out(NAMELESS),
        laid_out({"responseHeader": {"status": 0}, "response": {"numFound": 2, "docs": [GOOD, NAMELESS]}}),
        laid_out({"resultCount": 2, "records": [GOOD, NAMELESS], "status": "OK"}),
        laid_out(RECORDS),
        laid_out({"version": "6.9", "hitCount": 1, "resultList": {"result": [{"source": "MED", "title": "No id"}]}}),
        laid_out([NAMELESS | {"abstract": {"a": "\n"}}]).replace(b"\n", b"\r\n"),
    ],
    ids=["array", "one after another", "solr", "vufind api", "records of the api", "europe pmc", "carriage returns"],
)
def test_a_record_on_many_lines_stays_one_row(data: bytes, tmp_path: Path):
    path = tmp_path / "dump.json"
    path.write_bytes(data)
    [row] = rows_of(path)
    assert b"\n" in row.raw
    [batch] = read_again(row)
    assert [Unreadable(**again) for again in batch.quarantined.to_pylist()] == [row]
    assert not batch.documents.num_rows
