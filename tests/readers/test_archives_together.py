"""Archives put together by ``cat``, and what else stands behind one."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.readers.chunks import Chunk, Unreadable
from pipelines.readers.registry import parse_chunk, read_chunks


def tar(name: str, content: bytes) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        header = tarfile.TarInfo(name)
        header.size = len(content)
        archive.addfile(header, io.BytesIO(content))
    return data.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        archive.comment = b"a comment with PK\x05\x06 in it"
    return data.getvalue()


def packed_tar(name: str, content: bytes) -> bytes:
    return gzip.compress(tar(name, content))


def read(data: bytes, folder: Path) -> tuple[list[str], list[Unreadable]]:
    """The ids of the documents of a file, and what was refused."""
    (folder / "dump").write_bytes(data)
    ids: list[str] = []
    refused: list[Unreadable] = []
    for part in read_chunks(folder / "dump"):
        if isinstance(part, Chunk):
            ids += parse_chunk(part).documents.column("id").to_pylist()
        else:
            refused.append(part)
    return ids, refused


PACKERS = pytest.mark.parametrize("pack", [tar, packed_tar, zipped])


@PACKERS
def test_archives_behind_one_another_are_all_read(pack: Callable[[str, bytes], bytes], tmp_path: Path):
    data = b"".join(pack(f"{name}.jsonl", b'{"id":"%s"}\n' % name.encode()) for name in "abc")
    assert read(data, tmp_path) == (["a", "b", "c"], [])


@PACKERS
@pytest.mark.parametrize("behind", [b'{"id":"lost"}\n' * 100, b"x"])
def test_what_else_stands_behind_an_archive_is_a_row(
    pack: Callable[[str, bytes], bytes], behind: bytes, tmp_path: Path
):
    ids, refused = read(pack("a.jsonl", b'{"id":"a"}\n') + behind, tmp_path)
    assert ids == ["a"]
    [row] = refused
    assert row.raw.startswith(behind[:10]) or "gz" in row.reason


@pytest.mark.parametrize("pack", [tar, zipped])
def test_zeros_behind_an_archive_are_none_of_it(pack: Callable[[str, bytes], bytes], tmp_path: Path):
    assert read(pack("a.jsonl", b'{"id":"a"}\n') + b"\0" * 100_000, tmp_path) == (["a"], [])


def test_an_archive_behind_one_that_is_cut_off_is_not_taken_for_its_members(tmp_path: Path):
    whole = zipped("a.jsonl", b'{"id":"a"}\n')
    ids, refused = read(whole[:40] + zipped("b.jsonl", b'{"id":"b"}\n'), tmp_path)
    assert ids == []
    assert refused


def test_a_damaged_directory_does_not_hide_the_end(tmp_path: Path):
    whole = zipped("a.jsonl", b'{"id":"a"}\n')
    place = whole.index(b"PK\x01\x02")
    damaged = whole[: place + 4] + b"\xff" * 8 + whole[place + 12 :]
    assert read(damaged + zipped("b.jsonl", b'{"id":"b"}\n'), tmp_path) == (["a", "b"], [])
