"""What the fuzzer begins with: dumps of every format there is, none of them broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.readers.chunks import Chunk
from pipelines.readers.formats import FORMATS
from pipelines.readers.registry import parse_chunk, read_chunks
from tests.fuzz.seeds import small_dumps

DUMPS = small_dumps()


def formats_of(path: Path, data: bytes) -> set[str]:
    """The formats of what a dump holds, all of which is read."""
    path.write_bytes(data)
    formats: set[str] = set()
    for chunk in read_chunks(path):
        assert isinstance(chunk, Chunk), chunk
        batch = parse_chunk(chunk)
        assert batch.documents.num_rows
        formats |= {run.format for run in chunk.runs}
    return formats


def test_every_format_is_among_them(tmp_path: Path):
    found = [formats_of(tmp_path / "dump", data) for data in DUMPS.values()]
    assert set().union(*found) == {one.name for one in FORMATS}


@pytest.mark.parametrize("name", [name for name in DUMPS if f"{name}.gz" in DUMPS])
def test_packed_they_are_of_the_same_format(name: str, tmp_path: Path):
    plain, packed = (formats_of(tmp_path / "dump", DUMPS[each]) for each in (name, f"{name}.gz"))
    assert plain == packed and len(plain) == 1
