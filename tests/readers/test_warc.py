"""A crawl in WARC: the pages of records come out with date and address, all else is counted, what is broken is told."""

import gzip
import hashlib
import io
import re
import tarfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from backports import zstd
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import warc
from pipelines.readers.answers import Answer, Completeness, passed_over_in_words
from pipelines.readers.chunks import Chunk, Piece, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.second_look import read_batches
from pipelines.readers.streams import BLOCK, ByteStream, unpack

DATE = "2024-05-01T10:00:00Z"


def page(number: int, title: str = "A title") -> bytes:
    rows = "".join(
        f'<tr><th>{name}</th><td><span class="detail">{value}</span><br></td></tr>\n'
        for name, value in (("id", number), ("title", title))
    )
    return f"<!DOCTYPE html>\n<html><body>\n<table>{rows}</table>\n</body></html>\n".encode()


def noise(size: int) -> bytes:
    """Bytes that cannot be packed."""
    return hashlib.shake_128(b"noise").digest(size)


def address(number: int) -> str:
    return f"https://library.example/Record/{number}/Details"


def record(kind: str, block: bytes, target: str = "", content_type: str = "") -> bytes:
    fields = [
        f"WARC-Type: {kind}",
        f"WARC-Date: {DATE}",
        *([f"WARC-Target-URI: {target}"] if target else []),
        *([f"Content-Type: {content_type}"] if content_type else []),
        f"Content-Length: {len(block)}",
    ]
    return ("WARC/1.1\r\n" + "\r\n".join(fields) + "\r\n\r\n").encode() + block + b"\r\n\r\n"


def response(number: int, body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8",))]
    block = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
    return record("response", block, address(number), "application/http; msgtype=response")


def shown(number: int) -> bytes:
    return response(number, page(number))


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 50] for at in range(0, len(body), 50)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


OTHERS = {
    "warcinfo": record("warcinfo", b"software: a crawler\r\n", content_type="application/warc-fields"),
    "request": record("request", b"GET / HTTP/1.1\r\n\r\n", address(1), "application/http; msgtype=request"),
    "metadata": record("metadata", b"via: x\r\n", address(1)),
    "revisit": record("revisit", b"HTTP/1.1 200 OK\r\n\r\n", address(1), "application/http; msgtype=response"),
    "response that is no HTML": response(1, b"\x89PNG\r\n\x1a\n", "Content-Type: image/png"),
    "response with status 404": response(1, page(1), status="404 Not Found"),
    "response with status 302": response(1, b"", "Location: /", status="302 Found"),
    "HTML page that shows no record": response(1, b"<html><body>Welcome</body></html>"),
    "response without HTTP": record("response", b"2024 library.example 1.2.3.4", "dns:library.example", "text/dns"),
}


def walk(data: bytes, block: int = 1 << 16) -> list[Piece | Unreadable | Answer]:
    blocks = (data[at : at + block] for at in range(0, len(data), block))
    return list(warc.FORMAT.split("crawl.warc", "", ByteStream(blocks), 1 << 20))


def read(data: bytes) -> tuple[list[dict[str, Any]], list[Unreadable]]:
    parts = walk(data)
    batch = warc.FORMAT.parse(tuple(part for part in parts if isinstance(part, Piece)))
    refused = [part for part in parts if isinstance(part, Unreadable)]
    return list(to_documents(batch.documents)), refused + [Unreadable(**row) for row in batch.quarantined.to_pylist()]


def ids(documents: list[dict[str, Any]]) -> list[str]:
    return [document["id"] for document in documents]


def test_a_page_comes_with_the_date_and_the_address_of_its_capture():
    [document], refused = read(shown(7))
    assert refused == []
    assert document == {
        "id": "7", "title": "A title",
        "_lineage": {"file": "crawl.warc", "member": f"{DATE} {address(7)}", "offset": 0, "length": len(page(7)),
                     "line": 1},
    }  # fmt: skip


def passed_over(data: bytes) -> dict[str, int]:
    return dict(count for part in walk(data) if isinstance(part, Answer) for count in part.passed_over)


def test_whatever_else_a_crawl_holds_is_counted_and_not_refused():
    others = b"".join(OTHERS.values())
    crawl = others + shown(1) + others + shown(2)
    documents, refused = read(crawl)
    assert (ids(documents), refused) == (["1", "2"], [])
    assert passed_over(crawl) == dict.fromkeys(OTHERS, 2)


@pytest.mark.parametrize(
    ("headers", "encode"),
    [
        (["Transfer-Encoding: chunked"], chunked),
        (["Content-Encoding: gzip"], gzip.compress),
        (["Content-Encoding: deflate"], zlib.compress),
        (["content-encoding: GZIP", "transfer-encoding: chunked"], lambda body: chunked(gzip.compress(body))),
        # What the header tells of is undone already, as some crawlers do.
        (["Content-Encoding: br"], lambda body: body),
        (["Content-Encoding: gzip", "Transfer-Encoding: chunked"], lambda body: body),
        (["Content-Encoding: identity"], lambda body: body),
    ],
)
def test_encodings_of_http_are_undone(headers: list[str], encode: Any):
    body = page(1, "Títulos " * 100)
    documents, refused = read(response(1, encode(body), "Content-Type: text/html", *headers))
    assert refused == []
    assert [document["title"] for document in documents] == ["Títulos " * 100]


def test_an_encoding_that_http_names_is_that_of_the_page():
    body = page(1, "Títulos").decode().encode("iso8859-1")
    [document], refused = read(response(1, body, "Content-Type: text/html; charset=ISO-8859-1"))
    assert (document["title"], refused) == ("Títulos", [])


OK, CONTINUE, HTML = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"Content-Type: text/html\r\n"
EARLY = b"HTTP/1.1 103 Early Hints\nLink: </x>\n\n"


def with_newlines(head: bytes) -> bytes:
    return head.replace(b"\r\n", b"\n")


@pytest.mark.parametrize(
    ("kind", "head", "encode", "target", "content_type"),
    [
        ("response", with_newlines(OK + HTML + b"\r\n"), bytes, address(1), "application/http"),
        ("response", OK + with_newlines(HTML) + b"Server: x\r\n\n", bytes, address(1), "application/http"),
        ("response", b"HTTP/1.0 200\nContent-Encoding: gzip\n\n", gzip.compress, address(1), "application/http"),
        ("response", CONTINUE + OK + HTML + b"\r\n", bytes, address(1), "application/http"),
        ("response", CONTINUE + EARLY + with_newlines(OK) + b"\n", bytes, address(1), "application/http"),
        ("response", OK + HTML + b"\r\n", bytes, "", ""),
        ("response", OK + HTML + b"\r\n", bytes, address(1), "text/html"),
        ("response", OK + HTML + b"\r\n", gzip.compress, address(1), "application/http"),
        ("response", OK + b"Content-Encoding: x-gzip\r\n\r\n", gzip.compress, address(1), "application/http"),
        ("", OK + HTML + b"\r\n", bytes, address(1), "application/http"),
        ("", b"", bytes, address(1), "text/html"),
        ("rsponse", OK + HTML + b"\r\n", bytes, address(1), "application/http"),
        ("response", OK + b"Content-Type: ext/html\r\n\r\n", bytes, address(1), "application/http"),
    ],
)  # fmt: skip
def test_a_page_that_a_server_or_crawler_has_kept_oddly_is_read(
    kind: str, head: bytes, encode: Any, target: str, content_type: str
):
    block = record(kind, head + encode(page(1)), target, content_type)
    data = (block if kind else block.replace(b"WARC-Type: \r\n", b"")) + shown(2)
    found, refused = read(data)
    assert (ids(found), refused) == (["1", "2"], [])


@pytest.mark.parametrize(
    ("status", "told"), [("101 Switching Protocols", "response with status 101"), ("304 x", "response with status 304")]
)
def test_an_answer_that_says_only_that_another_comes_is_counted(status: str, told: str):
    block = f"HTTP/1.1 {status}\r\n\r\n".encode()
    [answer] = walk(record("response", block, address(1), "application/http"))
    assert isinstance(answer, Answer)
    assert answer.passed_over == ((told, 1),)


def test_a_page_that_is_packed_without_a_word_and_damaged_is_one_row():
    damaged = record("response", OK + HTML + b"\r\n" + gzip.compress(page(1))[:-20], address(1), "application/http")
    found, refused = read(damaged + shown(2))
    assert (ids(found), len(refused)) == (["2"], 1)


def test_a_page_kept_as_a_resource_is_read():
    documents, refused = read(record("resource", page(1), address(1), "text/html"))
    assert (ids(documents), refused) == (["1"], [])


@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
def test_headers_may_end_their_lines_as_they_like(newline: bytes):
    head, _, block = shown(1).partition(b"\r\n\r\n")
    head = head.replace(b"\r\n", newline).replace(b"WARC-Date: ", b"warc-date:" + newline + b"\t")
    documents, refused = read(head + newline * 2 + block + shown(2))
    assert (ids(documents), refused) == (["1", "2"], [])
    assert documents[0]["_lineage"]["member"].startswith(DATE)


def test_blanks_may_stand_before_the_colon_of_a_header_and_nothing_else():
    [document], refused = read(shown(1).replace(b"Content-Length:", b"Content-Length \t:", 1))
    assert (document["id"], refused) == ("1", [])
    found, [row] = read(shown(1).replace(b"Content-Length:", b"Content-Length\f:", 1))
    assert (found, row.reason) == ([], "a WARC record that does not say how long it is")


def of_length(said: str) -> bytes:
    return re.sub(rb"Content-Length: ([0-9]+)", b"Content-Length: " + said.encode(), shown(9))


BROKEN = {
    "not a WARC record": b"something else\r\nover lines\r\n\r\n",
    "a WARC record that does not say how long it is": of_length("many"),
    "a WARC record whose header does not end": b"WARC/1.1\r\nWARC-Type: response\r\n",
    "a WARC record that is not as long as it says": of_length("100"),
    "a WARC record that is not as long as it says ": of_length("500"),
    "a WARC record that is cut off": of_length("99999"),
}


@pytest.mark.parametrize("reason", BROKEN)
@pytest.mark.parametrize("block", [7, 1 << 16])
def test_a_broken_record_is_one_row_and_the_next_is_read(reason: str, block: int):
    broken = BROKEN[reason]
    parts = walk(shown(1) + broken + shown(2) + shown(3), block)
    assert [part.data for part in parts if isinstance(part, Piece)] == [page(1), page(2), page(3)]
    [row] = [part for part in parts if isinstance(part, Unreadable)]
    assert (row.reason, row.offset, row.raw) == (reason.strip(), len(shown(1)), broken)


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (response(9, b"zz\r\nx", "Content-Type: text/html", "Transfer-Encoding: chunked"), "not HTTP as it says"),
        (response(9, gzip.compress(page(9))[:-20], "Content-Type: text/html", "Content-Encoding: gzip"), "cut off"),
        (response(9, page(9), "Content-Type: text/html", "Content-Encoding: rot13"), ""),
        (response(9, b"x", "Content-Type: text/html", "Content-Encoding: rot13"), "not HTTP as it says"),
        (record("response", b"\x00\xff", address(9), "application/http"), "not HTTP"),
        (record("response", b"", address(9), "application/http"), "not HTTP"),
        (response(9, b"<html>" + b"<b>" * 30_000 + b'hiddenId">'), "nested more than 20,000 deep"),
        (response(9, page(9).split(b"</table>")[0]), "cut off in the staff view"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_had_is_one_row(block: bytes, reason: str):
    documents, refused = read(shown(1) + block + shown(2))
    if reason:
        assert ids(documents) == ["1", "2"]
        [row] = refused
        assert reason in row.reason
    else:
        assert (ids(documents), refused) == (["1", "9", "2"], [])


def test_a_bomb_in_a_response_is_one_row():
    packed = gzip.compress(gzip.compress(bytes(1 << 28), 9), 9)
    body = zstd.compress(b"<html>hiddenId" + bytes(1 << 27))
    [document], refused = read(response(9, body, "Content-Type: text/html", "Content-Encoding: zstd") + shown(1))
    assert document["id"] == "1"
    assert [row.reason for row in refused] == ["a page of more than 64 MiB"]
    assert len(packed) < 1 << 20


def test_long_records_are_passed_over_unheld(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(warc, "_LONGEST_BLOCK", 1000)
    monkeypatch.setattr(warc, "_STEP", 300)
    long = response(1, bytes(5000), "Content-Type: video/mp4")
    documents, refused = read(shown(1) + long + shown(2))
    assert (ids(documents), refused) == (["1", "2"], [])
    assert list(passed_over(long).values()) == [1]
    *_, refused = read(shown(1) + long[:3000])
    assert [(row.reason, row.offset, row.length) for row in refused] == [
        ("a WARC record that is cut off", len(shown(1)), 3000)
    ]


def packed_one_by_one(*records: bytes) -> bytes:
    return b"".join(map(gzip.compress, records))


def tarred(data: bytes) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        header = tarfile.TarInfo("crawl.warc.gz")
        header.size = len(data)
        archive.addfile(header, io.BytesIO(data))
    return sink.getvalue()


@pytest.mark.parametrize(
    ("dump", "member"),
    [
        (b"".join((OTHERS["warcinfo"], shown(1), OTHERS["request"], shown(2))), ""),
        (packed_one_by_one(OTHERS["warcinfo"], shown(1), OTHERS["request"], shown(2)), ""),
        (tarred(packed_one_by_one(OTHERS["warcinfo"], shown(1), OTHERS["request"], shown(2))), "crawl.warc.gz/"),
    ],
)
def test_a_crawl_is_found_by_its_content_in_whatever_it_is_packed(dump: bytes, member: str, tmp_path: Path):
    (tmp_path / "dump").write_bytes(dump)
    parts = list(read_chunks(tmp_path / "dump"))
    [chunk] = [part for part in parts if isinstance(part, Chunk)]
    assert chunk.formats == ("warc",)
    assert parse_chunk(chunk).documents.column("id").to_pylist() == ["1", "2"]
    assert [piece.member for piece in chunk.pieces] == [f"{member}{DATE} {address(number)}" for number in (1, 2)]
    assert parts == [chunk]
    assert [answer.passed_over for answer in chunk.answers] == [(("request", 1), ("warcinfo", 1))]


def test_of_a_crawl_without_any_record_it_is_known_what_was_passed_over(tmp_path: Path):
    (tmp_path / "dump").write_bytes(OTHERS["warcinfo"] + OTHERS["request"])
    completeness = Completeness()
    assert [batch.documents.num_rows for batch in read_batches(tmp_path / "dump", completeness=completeness)] == [0]
    assert passed_over_in_words(completeness.passed_over) == (
        "2 passed over in a crawl, since no record is shown there: request (1), warcinfo (1)"
    )


def test_of_a_crawl_that_is_cut_off_all_before_goes_in(tmp_path: Path):
    whole = packed_one_by_one(*map(shown, range(20)))
    (tmp_path / "dump").write_bytes(whole[:-30])
    parts = list(read_chunks(tmp_path / "dump"))
    [chunk] = [part for part in parts if isinstance(part, Chunk)]
    assert len(chunk.pieces) == 19
    [row] = [part for part in parts if isinstance(part, Unreadable)]
    assert "gzip data is cut off" in row.reason
    assert row.offset == sum(len(shown(number)) for number in range(19))


@given(
    struck=st.integers(1, 18),
    at=st.integers(0, 10_000),
    put=st.binary(min_size=1, max_size=40),
    cut=st.integers(0, 40),
    block=st.integers(30, 5000),
)
@example(struck=7, at=0, put=b"\0", cut=1, block=1 << 16)
@example(struck=1, at=3, put=b"\x04" + bytes(5), cut=0, block=30)
@example(struck=7, at=200, put=b"\x1f\x8b\x08", cut=3, block=1 << 16)
@example(struck=18, at=275, put=b"\0", cut=0, block=30)
@example(struck=18, at=-1, put=b"x", cut=1, block=30)
def test_behind_a_damaged_member_of_gzip_the_crawl_goes_on(struck: int, at: int, put: bytes, cut: int, block: int):
    members = [gzip.compress(shown(number), mtime=0) for number in range(20)]
    at %= len(members[struck])
    damaged = members[struck][:at] + put + members[struck][at + cut :]
    data = b"".join([*members[:struck], damaged, *members[struck + 1 :]])
    [entry] = unpack(ByteStream(data[at : at + block] for at in range(0, len(data), block)))
    parts = list(warc.FORMAT.split("crawl", "", entry.stream, 1 << 20))
    pages = [part.member.removeprefix(f"{DATE} ") for part in parts if isinstance(part, Piece)]
    others = [address(number) for number in range(20) if number != struck]
    assert [page for page in pages if page in others] == others
    if address(struck) not in pages:
        assert any(
            re.match("gzip data is (damaged (after|between)|cut off after) byte", part.reason)
            for part in parts
            if isinstance(part, Unreadable)
        )


@pytest.mark.parametrize("size", [100_000, 330_000, 600_000, 930_000])
def test_behind_a_large_damaged_member_no_record_is_lost(size: int):
    # What is damaged reads as a block that is stored, of 65,535 bytes: small members of which hundreds would be lost.
    large = zlib.compressobj(1, zlib.DEFLATED, 31)
    body = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n" % size + noise(size)
    damaged = large.compress(body) + large.flush(zlib.Z_FULL_FLUSH) + b"\0\xff\xff\0\0"
    data = damaged + packed_one_by_one(*map(shown, range(400)))
    [entry] = unpack(ByteStream(data[at : at + BLOCK] for at in range(0, len(data), BLOCK)))
    parts = list(warc.FORMAT.split("crawl", "", entry.stream, 1 << 20))
    assert sum(isinstance(part, Piece) for part in parts) == 400
    assert "gzip data is damaged" in [part.reason for part in parts if isinstance(part, Unreadable)][-1]


def test_a_record_that_is_too_long_to_be_held_and_is_damaged_hides_no_other(tmp_path: Path):
    film = gzip.compress(record("response", noise(20 << 20), "http://x/film"), 1)
    damaged = film[: 2 << 20] + bytes(40) + film[(2 << 20) + 40 :]
    crawl = [packed_one_by_one(*map(shown, range(first, first + 3))) for first in (0, 3)]
    (tmp_path / "dump").write_bytes(crawl[0] + damaged + crawl[1])
    parts = list(read_chunks(tmp_path / "dump"))
    [chunk] = [part for part in parts if isinstance(part, Chunk)]
    assert [piece.member for piece in chunk.pieces] == [f"{DATE} {address(number)}" for number in range(6)]
    cut_off, damage = [part for part in parts if isinstance(part, Unreadable)]
    assert cut_off.reason.startswith("a WARC record that is cut off")
    assert cut_off.offset == sum(len(shown(number)) for number in range(3))
    assert "gzip data is damaged" in damage.reason


def test_a_damaged_record_takes_nothing_of_those_behind_it_for_its_own(tmp_path: Path):
    # As long as it says, it ends among the blanks of the page behind it, as records do that are whole.
    before = gzip.compress(response(0, page(0) + noise(BLOCK + 20_000)))
    damaged = before[: BLOCK + 10] + before[BLOCK + 20 :]
    (tmp_path / "dump").write_bytes(damaged + packed_one_by_one(response(1, b" " * BLOCK + page(1)), shown(2)))
    parts = list(read_chunks(tmp_path / "dump"))
    [chunk] = [part for part in parts if isinstance(part, Chunk)]
    assert [piece.member for piece in chunk.pieces] == [f"{DATE} {address(number)}" for number in (1, 2)]
    assert next(part.reason for part in parts if isinstance(part, Unreadable)).startswith(
        "a WARC record that is cut off"
    )


@pytest.mark.parametrize("first", ["a.html", "a.jsonl"])
def test_members_of_a_crawl_in_a_damaged_archive_are_read_as_no_other_file(first: str, tmp_path: Path):
    text = b'{"id": "a", "title": "T"}\n' if first == "a.jsonl" else page(0) + b"\n"
    crawl = packed_one_by_one(*map(shown, range(40)))
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for name, content in ((first, text * 2000), ("z.warc.gz", crawl)):
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    # Stored, so that the crawl's members stand there as they are, behind a block that is none.
    compressor = zlib.compressobj(0, zlib.DEFLATED, 31)
    data = sink.getvalue()
    whole = compressor.compress(data[:1000]) + compressor.flush(zlib.Z_FULL_FLUSH)
    rest = compressor.compress(data[1000:]) + compressor.flush()
    (tmp_path / "dump.tar.gz").write_bytes(whole + b"\xff" * 20 + rest)
    parts = list(read_chunks(tmp_path / "dump.tar.gz"))
    batches = [parse_chunk(part) for part in parts if isinstance(part, Chunk)]
    found = [each for batch in batches for each in batch.documents.column("id").to_pylist()]
    assert set(found) <= {"a", "0"}
    assert len([part for part in parts if isinstance(part, Unreadable)]) == 1


def test_of_several_damaged_members_it_is_said_how_many(tmp_path: Path):
    members = [gzip.compress(shown(number)) for number in range(20)]
    for struck in (3, 7, 11):
        members[struck] = members[struck][:60] + bytes(20) + members[struck][80:]
    (tmp_path / "dump").write_bytes(b"".join(members))
    parts = list(read_chunks(tmp_path / "dump"))
    assert sum(len(part.pieces) for part in parts if isinstance(part, Chunk)) == 17
    assert "(the first of 3 places)" in [part for part in parts if isinstance(part, Unreadable)][-1].reason


CRAWL = b"".join((OTHERS["warcinfo"], shown(1), *OTHERS.values(), shown(2), shown(3), OTHERS["request"]))


@given(st.integers(1, 3000))
def test_blocks_in_which_it_comes_change_nothing(block: int):
    assert walk(CRAWL, block) == walk(CRAWL)


HEADS = [
    b"WARC/1.1\r\n",
    b"WARC/1.0\r\n",
    b"WARC/0.18\r\n",
    b"WARC/1.1\n",
    b"WARC-Type: response\r\n",
    b"warc-type:request\r\n",
    b"WARC-Target-URI: https://a/Record/1\r\n",
    b"WARC-Target-URI:\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length:  05\r\n",
    b"Content-Length: 5 \r\n",
    b"Content-Length\r\n",
    b"Content-Length : 5\r\n",
    b"CONTENT-LENGTH:5\r\n",
    b"\tgoes on\r\n",
    b"Content-Type: application/http\r\n",
    b"X: \xff\xc3\xa9\r\n",
    b"X: a\rb\r\n",
    b"X: a\n",
    b"no colon\r\n",
    b": x\r\n",
    b"WARC/x: y\r\n",
    b"\r\n",
    b"\r\nHTTP/\r\n\r\n",
    b"\r\nabcde\r\n\r\n",
    b"\r\nabcde",
    b"\n\n",
    b"Content-Length: 999999999\r\n",
    b"Content-Length: 9999999999\r\n",
    b"WARC-Date: 2024\x00\r\n",
]


@given(
    st.lists(st.sampled_from(HEADS), max_size=14).map(b"".join),
    st.lists(st.tuples(st.integers(0, len(CRAWL)), st.integers(0, 40), st.binary(max_size=20)), max_size=2),
)
@example(b"WARC/1.1\r\nContent-Length: 5\r\n\r\nabcde\r\n\r\n", [])
@example(b"WARC/1.1\r\nX:" + b"x" * (1 << 14) + b"\r\nContent-Length: 5\r\n\r\nabcde\r\n\r\n", [])
def test_records_are_found_by_compiled_code_as_they_are_without(head: bytes, changes: list[tuple[int, int, bytes]]):
    data = CRAWL
    for at, cut, put in changes:
        data = data[:at] + put + data[at + cut :]
    found = walk(head + data + head + shown(3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warc, "IS_COMPILED", False)
        assert walk(head + data + head + shown(3)) == found


@given(
    st.lists(st.tuples(st.integers(0, len(CRAWL)), st.integers(0, 40), st.binary(max_size=20)), min_size=1, max_size=4)
)
def test_whatever_is_done_to_a_crawl_each_byte_is_accounted_for(changes: list[tuple[int, int, bytes]]):
    data = CRAWL
    for at, cut, put in changes:
        data = data[:at] + put + data[at + cut :]
    documents, refused = read(data)
    assert len(documents) <= 3
    broken = [row for row in refused if not row.member]
    assert all(data[row.offset : row.offset + row.length] == row.raw for row in broken)
    assert [row.offset for row in broken] == sorted(row.offset for row in broken)
