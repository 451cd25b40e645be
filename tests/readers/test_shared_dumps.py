"""Real dumps: every document comes out as it went in, and its lineage points at its bytes."""

from pathlib import Path

import orjson
import pytest

from pipelines.readers.chunks import Chunk
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks

DUMPS = Path(__file__).parents[3] / "shared" / "dumps"


@pytest.mark.slow
@pytest.mark.skipif(not DUMPS.exists(), reason="the shared dumps are not on this machine")
@pytest.mark.parametrize(
    ("dump", "count"),
    [
        ("acl/2025-11-24.jsonl.zst", 103_514),
        ("arxiv/2019-01-01.jsonl.zst", 252_277),
        ("arxiv/2020-01-01.jsonl.zst", 263_472),
        ("loc/2016.jsonl.zst", 250_000),
    ],
)
def test_every_document_comes_out_as_it_went_in(dump: str, count: int):
    seen = offset = 0
    for chunk in read_chunks(DUMPS / dump):
        assert isinstance(chunk, Chunk)
        [piece] = chunk.pieces
        assert piece.offset == offset
        batch = parse_chunk(chunk)
        assert batch.quarantined.num_rows == 0
        lines = piece.data.splitlines(keepends=True)
        for line, document in zip(lines, to_documents(batch.documents), strict=True):
            seen += 1
            lineage = document.pop("_lineage")
            assert document == orjson.loads(line)
            assert (lineage["offset"], lineage["length"], lineage["line"]) == (offset, len(line) - 1, seen)
            offset += len(line)
    assert seen == count
