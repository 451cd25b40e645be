"""Bad input in every format: what is broken is quarantined with a reason, the records beside it are read.

Each case is a way to spoil one of three records, or the whole file; it is tried on all formats to which it applies.
"""

import gzip
import io
import multiprocessing
import random
import resource
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.written_formats import WRITERS
from pipelines.readers.chunks import Chunk
from pipelines.readers.registry import parse_chunk, read_chunks

FORMATS = sorted(WRITERS)
JSON = ["json lines", "solr json", "vufind api"]
XML = ["solr xml", "oai-pmh", "marcxml"]
HTML = ["page html", "warc"]
#: Formats in which ids have this before them.
PREFIX = {"oai-pmh": "oai:repository.example:"}


def document(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "author": ["Núñez, Ana", "Wu, Bo"],
        "container_title": "Journal of Rivers",
        "description": f"A long description of the river {number}.",
        "format": ["Article"],
        "id": f"id{number}",
        "language": ["English"],
        "publishDate": ["2001"],
        "publisher": ["Springer"],
        "record_format": "marc",
        "title": f"Rivers, part {number}",
        "title_short": f"Rivers, part {number}",
        "topic": ["Water"],
        "url": ["https://river.example/1"],
    } | fields


def written(name: str, *documents: dict[str, Any]) -> bytes:
    return WRITERS[name](documents or (document(1), document(2), document(3)))


def extract(folder: Path, data: bytes, chunk_bytes: int = 32 << 20) -> tuple[list[str], list[str]]:
    """The ids of a dump, without the prefix of a repository, and the reasons of what is in quarantine."""
    (folder / "dump").write_bytes(data)
    ids: list[str] = []
    reasons: list[str] = []
    for part in read_chunks(folder / "dump", chunk_bytes):
        if isinstance(part, Chunk):
            batch = parse_chunk(part)
            ids += [one.removeprefix(PREFIX["oai-pmh"]) for one in batch.documents.column("id").to_pylist()]
            reasons += batch.quarantined.column("reason").to_pylist()
        else:
            reasons.append(part.reason)
    assert all(reasons)
    return ids, reasons


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_wrong_with_what_is_spoilt_below(name: str, tmp_path: Path):
    assert extract(tmp_path, written(name)) == (["id1", "id2", "id3"], [])


@pytest.mark.parametrize("name", FORMATS)
def test_a_truncated_gzip_gives_what_came_before(name: str, tmp_path: Path):
    rng = random.Random(1)  # noqa: S311
    many = [document(n, description=f"{rng.random()} {rng.random()}") for n in range(300)]
    ids, reasons = extract(tmp_path, gzip.compress(written(name, *many))[:-2000], 4096)
    assert 0 < len(ids) < 300
    assert ids == [f"id{n}" for n in range(len(ids))]
    assert any("gzip data is cut off" in reason for reason in reasons)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_is_cut_off_gives_what_came_before(name: str, tmp_path: Path):
    data = written(name)
    ids, reasons = extract(tmp_path, data[: data.rindex(b"Rivers, part 3")])
    assert ids[:2] == ["id1", "id2"]
    assert len(ids) == 2 or name == "page text"
    assert reasons or name == "page text"


NOT_TEXT = {
    "a PNG": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "random bytes": random.Random(2).randbytes(5000),  # noqa: S311
    "an executable": b"\x7fELF" + bytes(3000),
    "only NULs": bytes(5000),
    "only blanks": b" \n" * 500,
    "only newlines and a BOM": b"\xef\xbb\xbf\n\n\n",
    "a stray bracket": b"{",
    "text": b"These are no records.\n" * 10,
    "HTML of something else": b"<!DOCTYPE html><html><head></head><body>Hello</body></html>",
}


@pytest.mark.parametrize("kind", NOT_TEXT)
def test_what_is_no_record_at_all_is_one_row(kind: str, tmp_path: Path):
    ids, reasons = extract(tmp_path, NOT_TEXT[kind])
    assert ids == []
    assert len(reasons) == 1


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_of_two_bytes_a_letter_is_one_row(name: str, encoding: str, tmp_path: Path):
    ids, reasons = extract(tmp_path, written(name).decode().encode(encoding))
    assert ids == []
    assert len(reasons) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_a_byte_order_mark_is_no_part_of_the_first_record(name: str, tmp_path: Path):
    assert extract(tmp_path, b"\xef\xbb\xbf" + written(name)) == (["id1", "id2", "id3"], [])


#: What may stand in the title of the second record, as bytes of the file, where no format forbids it.
ODD_BYTES = {
    "Latin-1 among UTF-8": b"caf\xe9 \xe0 la",
    "half a letter": b"\xe2\x82",
    "an overlong letter": b"\xc0\xaf",
    "a surrogate in UTF-8": b"\xed\xa0\x80",
    "NUL": b"\x00",
    "control characters": b"\x01\x07\x08\x1b[2J\x7f",
    "C1 controls": b"\xc2\x85\xc2\x9b",
    "a noncharacter": b"\xef\xbf\xbf",
    "marks of direction": "\u202eabc".encode(),
    "a byte order mark": b"\xef\xbb\xbf",
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", ODD_BYTES)
def test_odd_bytes_in_a_value_spoil_at_most_their_record(name: str, kind: str, tmp_path: Path):
    title = b"Rivers, part 2"
    # Records of some formats say how long they are: that stays true.
    odd = (ODD_BYTES[kind] + title)[: len(title) if name in ("marc 21", "warc") else None]
    ids, reasons = extract(tmp_path, written(name).replace(title, odd))
    assert [one for one in ids if one != "id2"] == ["id1", "id3"]
    assert len(ids) + len(reasons) == 3


@pytest.mark.parametrize("name", JSON + XML + HTML)
def test_a_lone_surrogate_is_never_in_a_document(name: str, tmp_path: Path):
    escape = b"\\ud800" if name in JSON else b"&#xD800;"
    data = written(name)
    for number in (2,):
        title = b"Rivers, part %d" % number
        data = data.replace(title, (escape + title)[: len(title)] if name == "warc" else escape + title)
    ids, reasons = extract(tmp_path, data)
    assert [one for one in ids if one != "id2"] == ["id1", "id3"]
    assert len(ids) + len(reasons) == 3


@pytest.mark.parametrize("name", FORMATS)
def test_values_that_look_like_the_format_are_text(name: str, tmp_path: Path):
    """Tags, scripts, quotes and terminators in values neither end a record nor do anything."""
    odd = '</doc></record></table> <script>alert(1)</script> ]]> --> {"id":"x"} & &amp; \'," \\'
    documents = [document(1, title=odd, title_short=odd), document(2)]
    if name == "page text":
        odd = odd.replace("|", "")
    assert extract(tmp_path, written(name, *documents)) == (["id1", "id2"], [])


@pytest.mark.parametrize("name", FORMATS)
def test_fifty_thousand_values_of_a_field_are_one_record(name: str, tmp_path: Path):
    names = [f"Wu, B{n}" for n in range(50_000)]
    began = time.process_time()
    ids, reasons = extract(tmp_path, written(name, document(1), document(2, topic=names), document(3)))
    assert time.process_time() - began < 30
    # A field of MARC 21 ends after 99,999 bytes of its record: what follows is told as what it is.
    if name == "marc 21":
        assert {"id1", "id3"} <= set(ids)
    else:
        assert (ids, reasons) == (["id1", "id2", "id3"], [])


@pytest.mark.parametrize("name", XML)
def test_as_many_comments_in_a_value_are_nothing(name: str, tmp_path: Path):
    title = b"Rivers, part 2"
    data = written(name, *map(document, range(1, 500))).replace(title, title + b"<!---->" * 150_000, 1)
    began = time.process_time()
    ids, reasons = extract(tmp_path, data)
    assert time.process_time() - began < 10
    assert (ids, reasons) == ([f"id{number}" for number in range(1, 500)], [])


DEEP = {
    "json lines": (b'{"id":"id2","x":' + b"[" * 10_000 + b"]" * 10_000 + b"}\n", b'{"author":', 1),
    "solr json": (b'{"id":"id2","x":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"},", b'{"author":', 1),
    "vufind api": (b'{"id":"id2","x":' + b"[" * 10_000 + b"]" * 10_000 + b"},", b'{"id":', 1),
    "solr xml": (b"<doc>" + b'<arr name="x">' * 10_000 + b"</arr>" * 10_000 + b"</doc>\n", b"<doc>", 1),
    "oai-pmh": (b"<record>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</record>\n", b"<record>", 1),
    "marcxml": (b"<record>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</record>\n", b"<record>", 1),
    "page html": (b"<html><body>" + b"<div>" * 30_000 + b"</body></html>", b"<!DOCTYPE", 1),
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_deeply_is_refused_alone(name: str, tmp_path: Path):
    deep, before, place = DEEP[name]
    data = written(name)
    at = -1
    for _ in range(place + 1):
        at = data.index(before, at + 1)
    began = time.process_time()
    ids, reasons = extract(tmp_path, data[:at] + deep + data[at:])
    assert time.process_time() - began < 30
    assert ids == ["id1", "id2", "id3"]
    assert len(reasons) == 1


ENTITIES = {
    "an external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "an entity on the network": '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/x">]>',
    "an external subset": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a billion laughs": "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "<!ENTITY e '&a9;'>]>",
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
}


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("kind", ENTITIES)
def test_no_entity_is_expanded_or_fetched(name: str, kind: str, tmp_path: Path):
    data = written(name).replace(b"Rivers, part 2", b"&e;")
    head, _, rest = data.partition(b"?>")
    began = time.process_time()
    ids, reasons = extract(tmp_path, head + b"?>" + ENTITIES[kind].encode() + rest)
    assert time.process_time() - began < 5
    assert "id2" not in ids
    assert reasons
    assert not any("root:" in reason or "haha" in reason for reason in reasons)


@pytest.mark.parametrize("name", HTML)
def test_scripts_of_a_page_are_not_run_and_hide_nothing(name: str, tmp_path: Path):
    script = "<script>document.write('<table><tr><th>id</th><td>evil</td></tr></table>')</script>"
    page = written("page html", document(1)).replace(b"<h1", script.encode() + b"<h1")
    if name == "warc":
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
        head = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n"
        page = head % len(block) + block + b"\r\n\r\n"
    assert extract(tmp_path, page) == (["id1"], [])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("identifier", ["", " ", "x" * 2000])
def test_an_id_that_is_none_is_refused_alone(name: str, identifier: str, tmp_path: Path):
    ids, reasons = extract(tmp_path, written(name, document(1), document(2, id=identifier), document(3)))
    if name == "oai-pmh" and not identifier.strip():
        # Behind the name of a repository an empty id is one all the same.
        assert [one for one in ids if one] == ["id1", "id3"]
    else:
        assert (ids, len(reasons)) == (["id1", "id3"], 1)


@pytest.mark.parametrize("name", FORMATS)
def test_an_id_that_is_missing_is_refused_alone(name: str, tmp_path: Path):
    data = written(name)
    spoilt = {
        "json lines": (b'"id":"id2"', b'"di":"id2"'),
        "solr json": (b'"id":"id2"', b'"di":"id2"'),
        "vufind api": (b'"id":"id2"', b'"di":"id2"'),
        "solr xml": (b'<str name="id">id2<', b'<str name="di">id2<'),
        "solr csv": (b",id2,", b",,"),
        "oai-pmh": (
            b"<identifier>oai:repository.example:id2</identifier>",
            b"",
        ),
        "marc 21": (b"001000400000", b"999000400000"),
        "marcxml": (b'tag="001">id2', b'tag="009">id2'),
        "page html": (b"<th>id</th><td><span class=\"detail\">id2", b"<th>di</th><td><span class=\"detail\">id2"),
        "page text": (b"\nid | id2 |", b"\nid |  |"),
        "warc": (b"<th>id</th><td><span class=\"detail\">id2", b"<th>di</th><td><span class=\"detail\">id2"),
    }[name]  # fmt: skip
    if name == "marc 21":
        first, second, third = (one + b"\x1d" for one in data.split(b"\x1d")[:3])
        data = first + second.replace(*spoilt) + third
    else:
        assert spoilt[0] in data
        data = data.replace(*spoilt)
    ids, reasons = extract(tmp_path, data)
    if name in HTML:
        # The page tells its address beside the staff view.
        assert ids == ["id1", "id2", "id3"]
    else:
        assert (ids, len(reasons)) == (["id1", "id3"], 1)


@pytest.mark.parametrize("name", FORMATS)
def test_an_id_that_comes_again_is_read_again(name: str, tmp_path: Path):
    """Which of them counts is not the reader's to say: the last one."""
    documents = [document(1), document(1, title="Again"), document(2)]
    assert extract(tmp_path, written(name, *documents)) == (["id1", "id1", "id2"], [])


@pytest.mark.parametrize("name", FORMATS)
def test_two_formats_in_one_file_are_told(name: str, tmp_path: Path):
    """What follows the records and is something else is quarantined, and not lost."""
    ids, reasons = extract(tmp_path, written(name) + b"\n" + NOT_TEXT["random bytes"])
    assert set(ids) >= {"id1", "id2"}
    assert reasons or name in ("page text", "page html")


@pytest.mark.parametrize("kind", ["zip", "tar", "a tar of folders", "zip in gz"])
def test_an_archive_in_which_there_is_no_file_is_a_row(kind: str, tmp_path: Path):
    sink = io.BytesIO()
    if kind.startswith("zip"):
        zipfile.ZipFile(sink, "w").close()
    else:
        with tarfile.open(fileobj=sink, mode="w") as archive:
            if kind == "a tar of folders":
                folder = tarfile.TarInfo("a")
                folder.type = tarfile.DIRTYPE
                archive.addfile(folder)
    data = gzip.compress(sink.getvalue()) if kind.endswith("gz") else sink.getvalue()
    ids, [reason] = extract(tmp_path, data)
    assert ids == []
    assert "no file" in reason or "not a known format" in reason


def test_names_of_an_archive_lead_nowhere(tmp_path: Path):
    lines = b'{"id":"id1"}\n'
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for number, name in enumerate(("../../out", "/tmp/out", "a/../../out", "a\x1b[2J", "n" * 3000)):  # noqa: S108
            member = tarfile.TarInfo(name)
            member.size = len(lines)
            archive.addfile(member, io.BytesIO(lines.replace(b"id1", b"id%d" % number)))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            member = tarfile.TarInfo("link")
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    folder = tmp_path / "home"
    folder.mkdir()
    ids, reasons = extract(folder, sink.getvalue())
    assert len(ids) + len(reasons) == 9
    assert sum("link" in reason for reason in reasons) == 4
    assert [path.name for path in tmp_path.rglob("*")] == ["home", "dump"]


def _measured(work: Callable[..., Any], arguments: tuple[Any, ...], sender: Any) -> None:
    result = work(*arguments)
    sender.send((result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10))


def measured(work: Callable[..., Any], *arguments: Any) -> tuple[Any, int]:
    """What work returns in a process of its own, with the largest memory of that."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(work, arguments, sender))
    process.start()
    sender.close()
    found = receiver.recv()
    process.join()
    return found


def _extract_long(folder: Path, name: str) -> tuple[list[str], list[str]]:
    with (folder / "made").open("wb") as file:
        mark = "LONG"
        before, _, after = written(name, document(1), document(2, description=mark), document(3)).partition(b"LONG")
        file.write(before)
        for _ in range(100):
            file.write(b"long words " * 95_326)
        file.write(after)
    ids: list[str] = []
    reasons: list[str] = []
    for part in read_chunks(folder / "made"):
        if isinstance(part, Chunk):
            batch = parse_chunk(part)
            ids += [one.removeprefix(PREFIX["oai-pmh"]) for one in batch.documents.column("id").to_pylist()]
            reasons += batch.quarantined.column("reason").to_pylist()
        else:
            reasons.append(part.reason)
    return ids, reasons


@pytest.mark.slow
# Of lines, of XML and of pages; the others are split in one of these ways.
@pytest.mark.parametrize("name", ["json lines", "solr xml", "page html"])
def test_a_hundred_megabytes_in_a_field_take_bounded_memory(name: str, tmp_path: Path):
    (ids, reasons), memory = measured(_extract_long, tmp_path, name)
    if name in ("warc", "marc 21"):
        # Lengths in these formats say otherwise: the record is refused.
        assert {"id1", "id3"} <= set(ids)
    else:
        assert ids == ["id1", "id2", "id3"]
    assert len(ids) + len(reasons) >= 3
    assert memory < 2 << 30


def _extract_bomb(folder: Path, head: bytes, filling: bytes, times: int) -> tuple[list[str], list[str]]:
    with gzip.open(folder / "dump", "wb", 9) as file:
        file.write(head)
        for _ in range(times):
            file.write(filling)
    return extract(folder, (folder / "dump").read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["json lines", "solr xml"])
def test_a_bomb_in_gzip_takes_bounded_memory(name: str, tmp_path: Path):
    """A file of half a megabyte that is half a gigabyte of one record, twice what a record may have."""
    data = written(name)
    head = data[: data.rindex(b"Rivers, part 3")]
    (ids, reasons), memory = measured(_extract_bomb, tmp_path, head, b"x" * (1 << 20), 512)
    assert ids[:2] == ["id1", "id2"] or name in ("page text", "page html")
    assert reasons
    assert memory < 2 << 30
