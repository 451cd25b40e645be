"""Records of VuFind's API that were taken out of their answers: an array, or one a line, and documents of no index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.readers import api_alone, formats
from pipelines.readers.chunks import Chunk
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks

RIVERS = {
    "authors": {"primary": {"Núñez, Ana": {"role": ["author"]}}, "secondary": [], "corporate": []},
    "formats": ["Book"],
    "id": "r1",
    "languages": ["Spanish"],
    "subjects": [["Rivers", "History"]],
    "title": "A study of slow rivers",
    "urls": [{"url": "https://weir.example/1", "desc": "Full text"}],
}
LAKES = {"id": "r2", "title": "Red lakes", "formats": ["eBook"], "languages": ["English"]}


def read(path: Path, data: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """The documents of a file and why the others are none."""
    path.write_bytes(data)
    found: list[dict[str, Any]] = []
    reasons: list[str] = []
    for part in read_chunks(path):
        if isinstance(part, Chunk):
            batch = parse_chunk(part)
            found += to_documents(batch.documents)
            reasons += batch.quarantined.column("reason").to_pylist()
        else:
            reasons.append(part.reason)
    for document in found:
        document.pop("_lineage")
    return found, reasons


def lines(*records: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in records)


READ = [
    {
        "id": "r1", "title": "A study of slow rivers", "language": ["Spanish"], "format": ["Book"],
        "author": ["Núñez, Ana"], "author_role": ["author"], "topic": ["Rivers History"],
        "url": ["https://weir.example/1"], "subjects": [["Rivers", "History"]],
        "urls": [{"url": "https://weir.example/1", "desc": "Full text"}],
    },
    {"id": "r2", "title": "Red lakes", "language": ["English"], "format": ["eBook"]},
]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        lines(RIVERS, LAKES),
        json.dumps([RIVERS, LAKES]).encode(),
        json.dumps([RIVERS, LAKES], indent=2).encode(),
        json.dumps([RIVERS, LAKES], sort_keys=True, ensure_ascii=False).encode(),
        json.dumps(RIVERS, indent=1).encode() + b"\n" + json.dumps(LAKES, indent=1).encode(),
        b"\xef\xbb\xbf" + lines(RIVERS, LAKES),
    ],
    ids=["lines", "array", "array laid out", "sorted", "one after another", "byte order mark"],
)
def test_records_come_in_the_words_of_the_index(tmp_path: Path, data: bytes):
    assert read(tmp_path / "records.json", data) == (READ, [])


@pytest.mark.parametrize("first", [{"id": "r0", "title": "Thin"}, RIVERS | {"summary": ["x" * 300_000]}])
def test_the_first_record_may_be_thin_or_long(tmp_path: Path, first: dict[str, Any]):
    for data in (lines(first, RIVERS, LAKES), json.dumps([first, RIVERS, LAKES]).encode()):
        found, reasons = read(tmp_path / "records.json", data)
        assert (found[1:], reasons) == (READ, [])
        assert found[0].get("author") == (["Núñez, Ana"] if "authors" in first else None)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_broken_line_takes_no_other_with_it(tmp_path: Path, mark: bytes):
    found, reasons = read(tmp_path / "a.jsonl", mark + lines(RIVERS) + b'{"id": "broken", "titl\n' + lines(LAKES))
    assert found == READ
    assert len(reasons) == 1 and reasons[0].startswith("not JSON")


@pytest.mark.parametrize(
    "record",
    [
        RIVERS,
        LAKES,
        {"id": "1", "authors": {"corporate": {"Weir": {}}}},
        {"rawData": {"id": "1"}, "cleanIsbn": "1"},
        {"id": "1", "title": "A", "primaryAuthors": ["Núñez, Ana"], "local": "x"},
        {"id": "1", "title": "A", "formats": ["Book"]},
        {"id": "1", "title": "A", "formats": ["Book"], "languages": ["English"], "local": "x"},
    ],
)
def test_records_of_the_api_are_told_by_its_words(record: dict[str, Any]):
    assert api_alone.FORMAT.recognises(json.dumps(record).encode())
    assert api_alone.FORMAT.recognises(json.dumps([record]).encode())


@pytest.mark.parametrize(
    ("thin", "told"),
    [
        ([{"id": "1", "title": "Thin"}] * 49, True),
        ([{"id": "1", "title": "Thin"}] * 48 + [{"id": "2", "author": ["Of an index"]}], False),
    ],
)
def test_of_many_thin_ones_a_later_one_tells_what_all_are(thin: list[dict[str, Any]], told: bool):
    assert api_alone.FORMAT.recognises(lines(*thin, RIVERS)) is told
    assert not api_alone.FORMAT.recognises(lines(*thin))


@pytest.mark.parametrize(
    "document",
    [
        {"id": "1", "title": "A"},
        {"id": "1", "title": "A", "author": ["B"], "formats": ["local"], "languages": ["local"]},
        {"id": "1", "authors": ["a list of an index of its own"], "formats": ["local"]},
        {"id": "1", "title": "A", "formats": ["local"], "local": "x"},
        {"title": "A", "formats": ["x"], "languages": ["y"]},
        {"title": "A", "primaryAuthors": ["Núñez, Ana"]},
        {"text": "Title\nStaff View", "url": "https://weir.example/1"},
        {},
    ],
)
def test_documents_of_an_index_are_none(document: dict[str, Any]):
    assert not api_alone.FORMAT.recognises(json.dumps(document).encode())


def test_a_number_of_very_many_digits_is_for_the_reader_of_it(tmp_path: Path):
    data = b'{"id": "1", "title": "A", "n": ' + b"9" * 5_000 + b"}\n"
    assert not api_alone.FORMAT.recognises(data)
    found, reasons = read(tmp_path / "a.jsonl", data)
    assert ([one["id"] for one in found], reasons) == (["1"], [])


@pytest.mark.parametrize(
    "head", [b"", b"[", b"{", b'{"authors": {"primary"', b'[["authors"]]', b"{" * 100_000, b"\xff"]
)
def test_what_is_cut_off_or_is_none_is_not_recognised(head: bytes):
    assert not api_alone.FORMAT.recognises(head)


def test_documents_of_an_index_are_read_as_ever(tmp_path: Path):
    document = {"id": "1", "title": "A", "author": ["B, C"], "formats": ["of its own"]}
    assert read(tmp_path / "a.jsonl", lines(document)) == ([document], [])
    assert formats.format_called("vufind api records") is api_alone.FORMAT


@pytest.mark.parametrize("first", ["curl: (28) timeout", '{"id":"r0","authors":{"pri', "null", "7"])
def test_a_broken_first_line_is_one_row_and_no_other_format(first: str, tmp_path: Path):
    found, reasons = read(tmp_path / "a.jsonl", first.encode() + b"\n" + lines(RIVERS, LAKES, RIVERS))
    assert (found, len(reasons)) == ([*READ, READ[0]], 1)


@pytest.mark.parametrize("line", ["From: a librarian", "2024-05-01 12:00 GET /api/v1/record", "id\ttitle"])
def test_one_record_in_a_text_of_something_else_makes_it_no_dump_of_the_api(line: str):
    assert not api_alone.FORMAT.recognises(f"{line}\n{line}\n".encode() + lines(RIVERS) + f"{line}\n".encode())


def test_a_record_over_many_lines_before_records_in_lines_is_read_whole(tmp_path: Path):
    text = json.dumps(RIVERS, indent=1).encode() + b"\n" + lines(LAKES, RIVERS, LAKES)
    found, reasons = read(tmp_path / "a.json", text)
    assert (found, reasons) == ([*READ, *READ], [])


BROKEN = b'{"id":"r0","authors":{"primary":null{}},"formats":["Book"]}'


@pytest.mark.parametrize("between", [b",", b",\n", b" ,\n  "])
def test_a_broken_first_record_of_an_array_costs_itself_alone(tmp_path: Path, between: bytes):
    data = b"[" + between.join([BROKEN, *lines(RIVERS, LAKES).splitlines()]) + b"]"
    found, [reason] = read(tmp_path / "dump", data)
    assert found == READ
    assert reason.startswith("not JSON")


@pytest.mark.parametrize("field", [{"format": "x"}, {"author": ["Lu, C"]}, {"url": ["https://weir.example/2"]}])
def test_one_record_with_a_field_of_the_index_does_not_make_the_others_documents(tmp_path: Path, field: dict[str, Any]):
    other = {**RIVERS, "id": "r3", **field}
    for data in (lines(RIVERS, other), lines(other, RIVERS), json.dumps([RIVERS, other]).encode()):
        found, reasons = read(tmp_path / "dump", data)
        assert (READ[0] in found, len(found), reasons) == (True, 2, [])


def test_documents_of_the_index_stay_such_beside_one_record_of_the_api(tmp_path: Path):
    documents = [{"id": str(number), "author": ["Lu, C"], "format": ["Book"]} for number in range(3)]
    found, _ = read(tmp_path / "dump", lines(*documents, RIVERS))
    assert [one["author"] for one in found[:3]] == [["Lu, C"]] * 3
