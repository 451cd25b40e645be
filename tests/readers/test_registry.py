"""A dump of any packing is read, and what is damaged or unknown is quarantined and never lost."""

import bz2
import gzip
import io
import lzma
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from pipelines.readers import chunks as chunks_module
from pipelines.readers import json_lines, unknown_files
from pipelines.readers.chunks import Chunk, Piece, Run, Unreadable
from pipelines.readers.registry import DumpError, dump_bytes, parse_chunk, read_chunks
from tests.archives import tarred
from tests.readers.test_second_look import page

LINES = b"".join(b'{"id":"%d","title":"%s"}\n' % (number, b"t" * (number % 50)) for number in range(400))
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "gzip of two members": lambda data: gzip.compress(data[:999]) + gzip.compress(data[999:]),
    "gzip, padded": lambda data: gzip.compress(data) + bytes(100),
    "zstd": zstd.compress,
    "zstd of two frames and a skippable one": lambda data: (
        zstd.compress(data[:999]) + b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc" + zstd.compress(data[999:])
    ),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd in gzip": lambda data: gzip.compress(zstd.compress(data)),
}


def read(dump: Path, chunk_bytes: int = 1 << 20) -> tuple[list[str], list[Unreadable]]:
    ids: list[str] = []
    refused: list[Unreadable] = []
    reached = 0
    for part in read_chunks(dump, chunk_bytes):
        if isinstance(part, Unreadable):
            refused.append(part)
            continue
        assert reached <= part.bytes_read <= dump_bytes(dump)
        reached = part.bytes_read
        batch = parse_chunk(pickle.loads(pickle.dumps(part)))  # noqa: S301
        ids += batch.documents.column("id").to_pylist()
        refused += [Unreadable(**row) for row in batch.quarantined.to_pylist()]
    return ids, refused


@pytest.mark.parametrize("chunk_bytes", [1000, 1 << 25])
@pytest.mark.parametrize("packing", PACKINGS)
def test_any_packing_is_recognised_by_content(packing: str, chunk_bytes: int, tmp_path: Path):
    (tmp_path / "dump").write_bytes(PACKINGS[packing](LINES))
    assert read(tmp_path / "dump", chunk_bytes) == ([str(number) for number in range(400)], [])


@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd"])
def test_archives_are_unpacked_also_within_each_other(packing: str, tmp_path: Path):
    inner = tarred([("c", b'{"id":"3"}\n')])
    (tmp_path / "dump").write_bytes(
        PACKINGS[packing](tarred([("a/x", b'{"id":"1"}'), ("b.gz", gzip.compress(b'[{"id":"2"}]')), ("in", inner)]))
    )
    [chunk] = [part for part in read_chunks(tmp_path / "dump") if isinstance(part, Chunk)]
    assert [piece.member for piece in chunk.pieces] == ["a/x", "b.gz", "in/c"]
    assert parse_chunk(chunk).documents.select(["member", "id"]).to_pylist() == [
        {"member": "a/x", "id": "1"}, {"member": "b.gz", "id": "2"}, {"member": "in/c", "id": "3"},
    ]  # fmt: skip


def test_a_folder_is_read_in_the_order_of_names_and_small_files_share_chunks(tmp_path: Path):
    for number in (3, 1, 2):
        (tmp_path / f"{number}" / "deep").mkdir(parents=True)
        (tmp_path / f"{number}" / "deep" / "x").write_bytes(b'{"id":"%d"}' % number)
    [chunk] = read_chunks(tmp_path)
    assert isinstance(chunk, Chunk)
    assert [piece.file for piece in chunk.pieces] == ["1/deep/x", "2/deep/x", "3/deep/x"]
    assert chunk.bytes_read == dump_bytes(tmp_path) == 30


@pytest.mark.parametrize("packing", ["gzip", "zstd", "bzip2", "xz"])
def test_what_came_before_the_cut_goes_in_and_the_rest_is_one_row(packing: str, tmp_path: Path):
    packed = PACKINGS[packing](LINES)
    (tmp_path / "dump").write_bytes(packed[:-12])
    ids, refused = read(tmp_path / "dump", 4096)
    assert ids == [str(number) for number in range(len(ids))]
    [row] = refused
    assert f"{packing} data is cut off" in row.reason
    assert row.offset == len(b"".join(LINES.splitlines(keepends=True)[: len(ids)]))
    assert row.line == (len(ids) + 1 if ids else 0)


@pytest.mark.parametrize("level", [0, 6])
def test_of_data_with_a_wrong_checksum_all_goes_in_and_one_row_tells(level: int, tmp_path: Path):
    packed = bytearray(gzip.compress(LINES, level))
    packed[-6] ^= 1
    (tmp_path / "dump").write_bytes(packed)
    ids, refused = read(tmp_path / "dump")
    assert ids == [str(number) for number in range(LINES.count(b"\n"))]
    assert [row.reason.split(":")[0] for row in refused] == [
        f"gzip data is damaged between bytes 0 and {len(LINES):,}, any of which may have been read wrong"
    ]


@pytest.mark.parametrize("behind", [b"junk", b"\r\n", b"\0\0\nx" * 300])
def test_what_stands_behind_gzip_data_is_told_as_what_it_is(behind: bytes, tmp_path: Path):
    (tmp_path / "dump").write_bytes(gzip.compress(LINES) + behind)
    ids, refused = read(tmp_path / "dump")
    assert ids == [str(number) for number in range(LINES.count(b"\n"))]
    assert [row.reason for row in refused] == [
        f"behind byte {len(LINES):,}, where the gzip data ends, stands something else"
    ]


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x"])
def test_a_tar_archive_does_not_lead_out_of_itself(name: str, tmp_path: Path):
    (tmp_path / "dump").write_bytes(tarred([(name, b'{"id":"1"}\n'), ("b", b'{"id":"2"}\n')]))
    ids, refused = read(tmp_path / "dump")
    assert (ids, [row.reason for row in refused]) == (["2"], ["a name in a tar archive that leads out of it"])


@pytest.mark.parametrize(
    ("cut", "count"), [(100, 0), (512, 0), (540, 2), (700, 5), (1024, 5), (1025, 5), (1400, 5), (1540, 5), (2048, 6)]
)
def test_a_cut_archive_loses_nothing_silently(cut: int, count: int, tmp_path: Path):
    whole = tarred([("a", b'{"id":"1"}\n' * 5), ("b", b'{"id":"2"}\n')])
    (tmp_path / "dump").write_bytes(whole[:cut])
    ids, refused = read(tmp_path / "dump")
    assert len(refused) == 1
    assert len(ids) == count


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"# Read me\n", "not a known format: text that begins with '# Read me\\n'"),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(9000),
            "not a known format: a PNG image (the first 4,096 of 9,008 bytes are kept)",
        ),
        (b"\xff\xfe{\x00", "not a known format: UTF-16 text, which must be UTF-8: iconv -f UTF-16 -t UTF-8"),
        (
            "<?xml version".encode("utf-16-be"),
            "not a known format: UTF-16 text, which must be UTF-8: iconv -f UTF-16BE -t UTF-8",
        ),
        (
            b'<?xml version="1.0"?><!-- <b> --><p:collection\n xmlns:p="info:srw/schema/5/picaXML-v1.0"><p:record/>',
            "not a known format: XML, <collection> of the namespace info:srw/schema/5/picaXML-v1.0",
        ),
        (b'<?xml version="1.0"?><modsCollection><mods/>', "not a known format: XML, <modsCollection>"),
        (b'<?xml version="1.0"?>', "not a known format: XML"),
        (b"00714cam a2200205 a 4500001001200000", "not a known format: a damaged record of MARC 21"),
        (
            b"\x02\xa2\xe0\x2eresponseHeader\xa2\xe0\x26status\x06\x00\x00\x00\x00",
            "not a known format: Solr's javabin, which only Solr reads: export it as JSON (wt=json)",
        ),
        (b"Rar!\x1a\x07\x01\0", "not a known format: a RAR archive: unpack it, or pack it as zip or tar"),
        (
            b"\x1f\x9d\x90\xc0",
            "not a known format: a file packed with compress (.Z): unpack it, or pack it with gzip, zstd, bzip2 or xz",
        ),
        (
            b"\x04\x22\x4d\x18\xe0",
            "not a known format: a file packed with lz4: unpack it, or pack it with gzip, zstd, bzip2 or xz",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
            "not a known format: an office document of Microsoft (xls, doc)",
        ),
        (b"Obj\x01\0\0", "not a known format: an Avro file: write its rows as JSON lines"),
        (b"ORC\0\0\0", "not a known format: an ORC file: write its rows as JSON lines"),
        (b"ORC\n\x12\x08\0", "not a known format: an ORC file: write its rows as JSON lines"),
        (b"ORCID,name", "not a known format: text that begins with 'ORCID,name'"),
        (b"ARROW1\0\0\xff", "not a known format: an Arrow or Feather file: write its rows as JSON lines"),
        (
            b"=LDR  00000nam a2200000 a 4500\n=001  k1\n",
            "not a known format: MARC as MarcEdit writes it (.mrk): convert it to MARC 21 or MARCXML: "
            "catmandu convert MARC --type MARCMaker to MARC",
        ),
        (
            b"00000nam a2200000 a 4500\n001 k1\n245 10 $a T\n",
            "not a known format: MARC as yaz-marcdump prints it, a field a line: "
            "yaz-marcdump -i line -o marc makes MARC 21 of it",
        ),
        (
            b"000000001 LDR   L 00000nam a2200000 a 4500\n",
            "not a known format: Aleph sequential: convert it to MARC 21 or MARCXML: "
            "catmandu convert MARC --type ALEPHSEQ to MARC",
        ),
        (
            b"LDR   00000nam a2200000 a 4500\n001 k1\n",
            "not a known format: MARC as text, a field a line: convert it to MARC 21 or MARCXML",
        ),
        (
            b"%0 Book\n%T x\n",
            "not a known format: EndNote, citations and no dump: save the records as MARC or MARCXML, or ask VuFind's "
            "API for them",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<OAI-PMH/>",
            "not a known format: a server's answer behind its HTTP header: save it without (curl without -i)",
        ),
        (
            b"filedesc://a.arc 0.0.0.0 20100101000000 text/plain 100\n",
            "not a known format: ARC, the Internet Archive's format before WARC: convert it (warcio recompress)",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            "not a known format: what Git LFS has in the place of a file: fetch the file itself (git lfs pull)",
        ),
        (
            b'<?xml version="1.0"?><responseWrapper xmlns:epmc="https://www.europepmc.org/data"><hitCount>1</hitCount>',
            "not a known format: an answer of Europe PMC in XML: ask for format=json",
        ),
        (
            b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>",
            "not a known format: an error that a server has answered: ask again",
        ),
        (
            b"TY  - JOUR\nTI  - x\nER  - \n",
            "not a known format: RIS, citations and no dump: vufind-warehouse match reads it",
        ),
        (
            b"% of mine\n\n@Article{a,title={x}}",
            "not a known format: BibTeX, citations and no dump: vufind-warehouse match reads it",
        ),
        (b"@media (print) {}", "not a known format: text that begins with '@media (print) {}'"),
        (
            b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n",
            "not a known format: MHTML, a page with its parts in one file: save the page as HTML",
        ),
        (b"", "an empty file"),
        (gzip.compress(b"", mtime=0), "an empty file"),
    ],
)
def test_a_file_of_no_known_format_is_one_row(content: bytes, reason: str, tmp_path: Path):
    (tmp_path / "a").write_bytes(content)
    (tmp_path / "b").write_bytes(b'{"id":"1"}\n')
    ids, [row] = read(tmp_path)
    assert ids == ["1"]
    assert (row.file, row.reason) == ("a", reason)
    assert row.raw == (b"" if reason == "an empty file" else content[: unknown_files.UNKNOWN_KEPT])


def test_links_in_an_archive_are_named(tmp_path: Path):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        header = tarfile.TarInfo("link")
        header.type, header.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(header)
    (tmp_path / "dump").write_bytes(packed.getvalue())
    assert [row.reason for row in read(tmp_path / "dump")[1]] == ["a link, device or sparse file in an archive"]


def test_archives_cannot_be_nested_without_end(tmp_path: Path):
    data = b'{"id":"1"}'
    for _ in range(6):
        data = gzip.compress(data)
    (tmp_path / "dump").write_bytes(data)
    assert read(tmp_path / "dump")[1][0].reason.startswith("packed more than 4 times over")


def test_a_line_longer_than_a_chunk_is_read_and_one_longer_than_memory_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(json_lines, "LONGEST_RECORD", 50_000)
    monkeypatch.setattr(json_lines, "RAW_KEPT", 1000)
    monkeypatch.setattr(chunks_module, "RAW_KEPT", 1000)
    lines = [
        b'{"id":"%d","title":"%s"}' % (number, b"x" * size) for number, size in enumerate([5, 40_000, 3_000_000, 5])
    ]
    (tmp_path / "dump").write_bytes(b"\n".join(lines))
    ids, [row] = read(tmp_path / "dump", 1000)
    assert ids == ["0", "1", "3"]
    assert (row.line, row.offset, row.length) == (3, len(lines[0]) + len(lines[1]) + 2, len(lines[2]) + 1)
    assert row.reason == f"a line of more than 50,000 bytes (the first 1,000 of {len(lines[2]) + 1:,} bytes are kept)"
    assert row.raw == lines[2][:1000]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_page_in_utf_16_beside_others_is_quarantined_with_the_way_out(encoding: str, tmp_path: Path):
    for number, written in enumerate(("utf-8", encoding)):
        (tmp_path / f"{number}.txt").write_text(page(number, "Vane, Ottilie"), encoding=written)
    ids, [row] = read(tmp_path)
    assert (ids, row.file) == (["0"], "1.txt")
    assert "UTF-16 text, which must be UTF-8: iconv -f UTF-16" in row.reason


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_a_packed_file_of_nothing_is_as_empty_as_one_of_no_byte(pack: Callable[[bytes], bytes], tmp_path: Path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one/a").write_bytes(pack(b""))
    for dump in (tmp_path / "one/a", tmp_path / "one"):
        with pytest.raises(DumpError, match="the dump is empty"):
            list(read_chunks(dump))
    (tmp_path / "one/b").write_bytes(pack(b'{"id":"1"}\n'))
    ids, rows = read(tmp_path / "one")
    assert (ids, [(row.file, row.reason) for row in rows]) == (["1"], [("a", "an empty file")])


@pytest.mark.parametrize("kind", ["missing", "empty file", "empty folder", "folder of empty files"])
def test_a_dump_that_is_nothing_is_an_error(kind: str, tmp_path: Path):
    dump = tmp_path / "dump"
    if kind == "empty file":
        dump.touch()
    elif kind != "missing":
        dump.mkdir()
        if kind == "folder of empty files":
            (dump / "x").touch()
    with pytest.raises(DumpError, match="no such dump" if kind == "missing" else "empty"):
        list(read_chunks(dump))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"id":"1","resultCount":1,"title":"t"}\n', "json lines"),
        (b'{"resultCount":1,"records":[{"id":"1"}],"status":"OK"}\n', "vufind api"),
        (b'{"status":"OK","id":"1","title":"t"}\n', "json lines"),
        (b'{"responseHeader":{"status":0},"response":{"docs":[{"id":"1"}]}}', "solr json"),
        (b'[{"id":"1"}]', "solr json"),
        (b'<response><result><doc><str name="id">1</str></doc></result></response>', "solr xml"),
        (
            b'<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"><identifier>1</identifier></oai_dc:dc>',
            "oai-pmh",
        ),
        (b"id,title,author2,record_format\n1,A,B,marc\n", "solr csv"),
    ],
)
def test_the_first_format_that_recognises_a_file_is_its_own(content: bytes, expected: str, tmp_path: Path):
    (tmp_path / "dump").write_bytes(content)
    [chunk] = read_chunks(tmp_path)
    assert isinstance(chunk, Chunk)
    assert (chunk.formats, parse_chunk(chunk).documents.column("id").to_pylist()) == ((expected,), ["1"])


DUBLIN_CORE = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"><identifier>{}</identifier></oai_dc:dc>'
)


@pytest.mark.parametrize(("chunk_bytes", "chunks"), [(1 << 20, 1), (1 << 10, 12)])
def test_files_of_formats_that_take_turns_are_few_chunks_in_their_order(chunk_bytes: int, chunks: int, tmp_path: Path):
    expected: list[tuple[str, bool | None]] = []
    for number in range(100):
        (tmp_path / f"{1500000000 + number}_{number}.xml").write_text(DUBLIN_CORE.format(number))
        # The file with the deletions comes first of two with one time.
        (tmp_path / f"{1500000000 + number}_{number}.delete").write_bytes(f"{number}\n".encode() + b"\xff\n")
        expected += [(str(number), True), (str(number), None)]
    found = list(read_chunks(tmp_path, chunk_bytes))
    assert len(found) == chunks
    rows = []
    refused = []
    for chunk in found:
        assert isinstance(chunk, Chunk)
        batch = parse_chunk(chunk)
        rows += batch.documents.select(["id", "is_deletion"]).to_pylist()
        refused += batch.quarantined.select(["file", "format"]).to_pylist()
    assert [(row["id"], row["is_deletion"]) for row in rows] == expected
    assert refused == [
        {"file": f"{1500000000 + number}_{number}.delete", "format": "harvest deletions"} for number in range(100)
    ]


def test_each_refused_row_has_the_header_of_its_own_piece():
    pieces = []
    for file in ("a", "b"):
        header = f"id,title,record_format,{file}\n".encode()
        for offset in (100, 0, 50):
            data = header + b"1,T,marc,x,too,many\n"
            pieces.append(Piece(file, "", offset - len(header), 1, data, len(header)))
    refused = parse_chunk(Chunk((Run("solr csv", tuple(pieces)),))).quarantined
    assert refused.num_rows == 6
    assert [row["context"] for row in refused.to_pylist()] == [
        f"id,title,record_format,{row['file']}\n".encode() for row in refused.to_pylist()
    ]


@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_a_harvest_in_an_archive_says_what_it_says_as_a_folder(packing: str, tmp_path: Path):
    files = {
        "h/1600000000_a.delete": b"a\n",
        "h/1700000000_b.xml": DUBLIN_CORE.format("b").encode(),
        "h/1500000000_a.xml": DUBLIN_CORE.format("a").encode(),
        "h/1650000000_b.delete": b"b\n",
    }
    (tmp_path / "folder" / "h").mkdir(parents=True)
    for name, data in files.items():
        (tmp_path / "folder" / name).write_bytes(data)
    (tmp_path / "dump").write_bytes(PACKINGS[packing](tarred(files.items())))
    said = []
    for dump in (tmp_path / "folder", tmp_path / "dump"):
        [chunk] = read_chunks(dump)
        assert isinstance(chunk, Chunk)
        said.append(parse_chunk(chunk).documents.select(["id", "is_deletion"]).to_pylist())
    assert said[0] == said[1]
    assert [(row["id"], row["is_deletion"]) for row in said[1]] == [("a", None), ("a", True), ("b", True), ("b", None)]
