"""ZIP archives are read as streams; what leads out of them, is encrypted, or is a bomb is refused."""

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import zip_archives
from pipelines.readers.chunks import Unreadable
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.streams import ByteStream, unpack

A, B = b'{"id":"a"}\n', b'{"id":"b"}\n'


class _Pipe(io.RawIOBase):
    """A file that cannot seek, so that zipfile writes sizes after the members."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def pack(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, described: bool = False) -> bytes:
    pipe, plain = _Pipe(), io.BytesIO()
    with zipfile.ZipFile(pipe if described else plain, "w", method) as archive:  # type: ignore[arg-type]
        for name, data in files.items():
            archive.writestr(name, data)
    return pipe.data if described else plain.getvalue()


def read(data: bytes, tmp_path: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Member and id of each document, member and reason of what was refused."""
    (tmp_path / "dump").write_bytes(data)
    found: list[tuple[str, str]] = []
    refused: list[tuple[str, str]] = []
    for part in read_chunks(tmp_path / "dump"):
        if isinstance(part, Unreadable):
            refused.append((part.member, part.reason.split(" (the first")[0]))
            continue
        rows = parse_chunk(part).documents.select(["member", "id"]).to_pylist()
        found += [(row["member"], row["id"]) for row in rows]
    return found, refused


@pytest.mark.parametrize("described", [False, True])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_members_are_read_one_after_another(method: int, described: bool, tmp_path: Path):
    found, refused = read(pack({"x/": b"", "x/a": A, "b.json": B}, method, described), tmp_path)
    if method == zipfile.ZIP_STORED and described:
        assert [reason for _, reason in refused] == ["a file in a ZIP archive that does not say how long it is"]
    else:
        assert (found, refused) == ([("x/a", "a"), ("b.json", "b")], [])


def test_archives_within_archives(tmp_path: Path):
    inner = pack({"a": A, "b.gz": gzip.compress(B)}, described=True)
    assert read(gzip.compress(pack({"in.zip": inner})), tmp_path) == ([("in.zip/a", "a"), ("in.zip/b.gz", "b")], [])


def test_archives_cannot_be_nested_without_end(tmp_path: Path):
    data = A
    for _ in range(6):
        data = pack({"x": data})
    assert read(data, tmp_path)[1] == [("x/x/x/x", "packed more than 4 times over")]


@pytest.mark.parametrize("described", [False, True])
@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "C:\\x", "..\\x", "a\\..\\x"])
def test_names_that_lead_out_are_refused(name: str, described: bool, tmp_path: Path):
    found, refused = read(pack({name: A, "b": B}, described=described), tmp_path)
    assert found == [("b", "b")]
    assert [reason for _, reason in refused] == ["a name in a ZIP archive that leads out of it"]


@pytest.mark.parametrize(("place", "flag"), [(6, 1), (7, 1 << 5)], ids=["encrypted", "with a hidden header"])
def test_encrypted_members_are_refused(place: int, flag: int, tmp_path: Path):
    data = bytearray(pack({"a": A, "b": B}))
    data[place] |= flag
    assert read(bytes(data), tmp_path) == ([("b", "b")], [("a", "an encrypted file in a ZIP archive")])


def test_unknown_methods_are_refused(tmp_path: Path):
    data = bytearray(pack({"a": A, "b": B}))
    data[8] = 9
    reason = "a file in a ZIP archive packed in a way that is not read (method 9)"
    assert read(bytes(data), tmp_path) == ([("b", "b")], [("a", reason)])


def test_members_that_are_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zip_archives, "_LARGEST", 20)
    reason = "a file in a ZIP archive of more than 20 bytes"
    assert read(pack({"a": A * 9, "b": B}), tmp_path) == ([("b", "b")], [("a", reason)])


def test_office_documents_are_one_row(tmp_path: Path):
    _, refused = read(pack({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}), tmp_path)
    assert refused == [("", "not a known format: an office document, e-book or program in a ZIP archive")]


@pytest.mark.parametrize("described", [False, True])
def test_bombs_are_stopped(described: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zip_archives, "_MUCH", 1 << 20)
    line = b'{"id":"a","title":"' + b"0" * (4 << 20) + b'"}\n'
    found, refused = read(pack({"bomb": line, "b": B}, described=described), tmp_path)
    assert [reason.endswith("a bomb") for _, reason in refused] == [True]
    # Where a member that is not read to its end has no size, nobody knows where the next one begins.
    assert found == ([] if described else [("b", "b")])


def described_as_well(member: bytes, packed: int, size: int) -> bytes:
    """A member whose sizes stand both in its header and after it."""
    flags = (int.from_bytes(member[6:8], "little") | 1 << 3).to_bytes(2, "little")
    end = 30 + int.from_bytes(member[26:28], "little") + packed
    checksum, sizes = member[14:18], struct.pack("<2L", packed, size)
    return member[:6] + flags + member[8:end] + b"PK\x07\x08" + checksum + sizes


# Where a member ends that is neither packed nor says its size, nobody knows.
@pytest.mark.parametrize(
    ("method", "has_size"), [(zipfile.ZIP_STORED, True), (zipfile.ZIP_DEFLATED, True), (zipfile.ZIP_DEFLATED, False)]
)
def test_what_follows_a_member_with_a_wrong_checksum_is_read(method: int, has_size: bool, tmp_path: Path):
    first = pack({"a": A}, method, described=not has_size)
    packed = zipfile.ZipFile(io.BytesIO(first)).getinfo("a").compress_size
    first = described_as_well(first, packed, len(A)) if has_size else first[: first.index(b"PK\x01\x02")]
    wrong = first.replace(zlib.crc32(A).to_bytes(4, "little"), b"....")
    found, refused = read(wrong + pack({"b": B}), tmp_path)
    assert found[-1] == ("b", "b")
    assert [(member, reason.split(":")[0]) for member, reason in refused] == [
        ("a", "a file in the zip archive is damaged")
    ]


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("cut", range(1, 17))
def test_an_archive_that_is_cut_off_behind_a_member_says_so(encrypted: bool, cut: int, tmp_path: Path):
    whole = described_as_well(pack({"a": A}, zipfile.ZIP_STORED), len(A), len(A))
    if encrypted:
        whole = whole[:6] + bytes([whole[6] | 1]) + whole[7:]
    _, refused = read(whole[:-cut], tmp_path)
    assert "cut off" in refused[-1][1]


def test_a_damaged_member_spoils_no_other(tmp_path: Path):
    data = bytearray(pack({"a": A * 9, "b": B}, zipfile.ZIP_STORED))
    data[35] ^= 1
    found, refused = read(bytes(data), tmp_path)
    assert found[-1] == ("b", "b")
    assert [member for member, _ in refused] == ["a"]


@given(st.integers(0, 400), st.booleans(), st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
def test_a_cut_archive_says_so(cut: int, described: bool, method: int):
    whole = pack({"a": A, "b": B}, method, described)
    data = whole[: min(cut, len(whole) - 23)]
    entries = []
    for entry in unpack(ByteStream(iter([data]))):
        entry.stream.read(1 << 20)
        entries.append(entry)
    if data.startswith(b"PK\x03\x04"):
        assert any(entry.refusal or entry.stream.damage for entry in entries)


@given(st.binary(max_size=300), st.integers(0, 200))
def test_any_bytes_are_read_without_an_error(tail: bytes, keep: int):
    for entry in unpack(ByteStream(iter([pack({"a": A})[:keep], tail]))):
        while entry.stream.read(1 << 20):
            pass


def test_checksums_hold(tmp_path: Path):
    data = bytearray(pack({"a": A}))
    position = data.index(zlib.crc32(A).to_bytes(4, "little"))
    data[position] ^= 1
    reason = "a file in the zip archive is damaged: its checksum or size is not what the archive says"
    assert [why for _, why in read(bytes(data), tmp_path)[1]] == [reason]
