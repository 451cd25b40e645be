"""What ``ingest``, ``extract`` and ``match`` read from: folders of all sorts, patterns, addresses, standard input."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import threading
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
import pytest

from tests.cli.conftest import Command
from tests.end_to_end.road import Road

SECRET = "s3cr3tS3cr3tS3cr3tS3cr3t"  # noqa: S105 - of nobody
CITATIONS = "id,title,year\na,The colour of whales,2001\nb,The colour of whales,2001\n"


def documents(*ids: str) -> bytes:
    return b"".join(json.dumps({"id": each, "title": f"Tides {each}"}).encode() + b"\n" for each in ids)


def put(path: str, content: bytes) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(content)


def give(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.fixture
def address() -> str:
    """A dump in memory."""
    address = f"memory://{uuid.uuid4().hex}/city/2024-01.jsonl.gz"
    with fsspec.open(address, "wb") as file:
        file.write(gzip.compress(documents("1", "2"), mtime=0))
    return address


def ids(answer: str) -> list[str]:
    return [json.loads(line)["id"] for line in answer.splitlines()]


def test_extract_reads_an_address_a_pattern_and_standard_input(
    command: Command, address: str, monkeypatch: pytest.MonkeyPatch
):
    put("city/1.jsonl", documents("3"))
    put("city/2.jsonl", documents("4"))
    give(monkeypatch, documents("5"))
    answer = command("extract", address, "city/*.jsonl", "-", "--name", "piped.jsonl")
    assert answer.code == 0
    assert ids(answer.out) == ["1", "2", "3", "4", "5"]
    assert [json.loads(line)["_lineage"]["file"] for line in answer.out.splitlines()] == [
        "2024-01.jsonl.gz", "2024-01.jsonl.gz", "1.jsonl", "2.jsonl", "piped.jsonl",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\x89PNG\0\0", "a PNG image"), (b"broken\n", "not a known format"), (b"", "the dump is empty")],
)
def test_extract_of_what_cannot_be_read_at_all_ends_with_1(command: Command, content: bytes, told: str):
    put("city/dump", content)
    answer = command("extract", "city/dump")
    assert answer.code == 1
    assert told in answer.told


def test_extract_goes_on_after_a_dump_that_fails_and_ends_with_1(command: Command):
    put("city/1.jsonl", b"")
    put("city/2.jsonl", documents("1"))
    answer = command("extract", "city")
    assert answer.code == 1
    assert ids(answer.out) == ["1"]
    assert "1.jsonl: the dump is empty" in answer.told


def test_ingest_names_a_file_that_is_empty_once(command: Command, warehouse: Road):
    put("city/1.jsonl", b"")
    answer = command("ingest", "city/1.jsonl")
    assert answer.code == 1
    [line] = [line for line in answer.out.splitlines() if "empty" in line]
    assert line == f"city/1: {Path('city/1.jsonl').absolute()}: the dump is empty"


def test_ingest_takes_standard_input_under_the_name_it_is_given(
    command: Command, warehouse: Road, monkeypatch: pytest.MonkeyPatch
):
    give(monkeypatch, gzip.compress(documents("1", "2"), mtime=0))
    answer = command("ingest", "-", "--source", "city", "--name", "2024-01")
    assert answer.code == 0, answer.told + answer.out
    figures = "SELECT name, path, records_new FROM ops.dumps WHERE source = 'city'"
    assert warehouse.rows(figures) == [("2024-01", "-", 2)]
    give(monkeypatch, gzip.compress(documents("1", "2"), mtime=0))
    assert command("ingest", "-", "--source", "city", "--name", "2024-01").code == 0
    loads = "SELECT count(*) FROM ops.loads JOIN ops.dumps USING (dump_id) WHERE source = 'city'"
    assert warehouse.values(loads) == [2]
    assert warehouse.rows(figures) == [("2024-01", "-", 2)]


@pytest.mark.parametrize(
    "arguments", [["-"], ["-", "--source", "city"], ["-", "--name", "2024"], ["-", "-", "--source", "a", "--name", "b"]]
)
def test_standard_input_without_a_name_is_a_mistake_of_usage(command: Command, arguments: list[str]):
    assert command("ingest", *arguments).code == 2


@contextmanager
def piped(path: str, content: bytes) -> Iterator[None]:
    """A named pipe at ``path`` into which ``content`` is written once somebody reads it."""
    os.mkfifo(path)
    writer = threading.Thread(target=Path(path).write_bytes, args=[content], daemon=True)
    writer.start()
    yield
    writer.join(timeout=30)
    Path(path).unlink()


def test_a_named_pipe_is_read_as_standard_input_is(command: Command, warehouse: Road):
    with piped("p", gzip.compress(documents("1", "2"))):
        answer = command("extract", "p")
    assert (answer.code, ids(answer.out)) == (0, ["1", "2"])
    with piped("p", documents("1", "2")):
        assert command("ingest", "p").code == 2
        assert command("ingest", "p", "--source", "piped", "--name", "2024").code == 0
    assert warehouse.rows("SELECT name, records_new FROM ops.dumps WHERE source = 'piped'") == [("2024", 2)]
    with piped("p", b"title\nA title\n"):
        assert command("match", "p", "--name", "a.csv").code == 0


def test_ingest_takes_an_address_and_keeps_to_itself_what_lets_in(command: Command, warehouse: Road, address: str):
    answer = command("ingest", f"{address}", "--name", "2024-02")
    assert answer.code == 0, answer.told + answer.out
    assert warehouse.rows("SELECT name, path, records_new FROM ops.dumps WHERE source = 'city'") == [
        ("2024-02", address, 2)
    ]
    failed = command("ingest", f"http://u:{SECRET}@127.0.0.1:9/2024.jsonl?sig={SECRET}", "--source", "city")
    assert failed.code == 1
    assert "http://127.0.0.1:9/2024.jsonl?sig=***" in " ".join(failed.out.split())
    assert SECRET not in failed.out + failed.told
    kept = [path for path in Path("var").rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert kept == []


def test_a_driver_that_is_missing_is_named(command: Command, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    answer = command("extract", "s3://bucket/2024.jsonl")
    assert answer.code == 1
    assert "pip install s3fs" in " ".join(answer.told.split())


def test_two_files_of_one_name_fail_and_the_rest_goes_in(command: Command, warehouse: Road):
    for name in ("2024.json", "2024.jsonl", "2025.jsonl"):
        put(f"city/{name}", documents(name))
    put("city/README.md", b"# Read me")
    answer = command("ingest", "city")
    assert answer.code == 1
    told = " ".join(answer.told.split())
    assert "would be the same dump city/2024: rename one of them" in told
    assert "README.md: text that begins with '# Read me'" in told
    assert "1 skipped, of no known format or no file at all" in told
    assert warehouse.values("SELECT name FROM ops.dumps WHERE source = 'city'") == ["2025"]


def test_files_of_no_known_format_beside_a_dump_are_no_failure(command: Command, warehouse: Road):
    put("city/2024.jsonl", documents("1"))
    put("city/terms.pdf", b"%PDF-1.7")
    assert command("ingest", "city").code == 0
    assert warehouse.values("SELECT name FROM ops.dumps WHERE source = 'city'") == ["2024"]
    assert command("ingest", "city/terms.pdf").code == 1


def test_files_of_no_known_format_in_an_archive_are_skipped_and_named(command: Command, warehouse: Road):
    with zipfile.ZipFile("packed.zip", "w") as archive:
        archive.writestr("README.txt", "Read me")
        archive.writestr("1.jsonl", documents("1"))
    told = "1 of no known format skipped in archives: packed.zip!README.txt: text that begins with 'Read me'"
    answer = command("extract", "packed.zip")
    assert (answer.code, ids(answer.out)) == (0, ["1"])
    assert told in answer.told
    answer = command("ingest", "packed.zip", "--source", "zipped", "--kind", "full")
    assert answer.code == 0
    assert f"zipped/packed: {told}" in answer.out + answer.told
    assert warehouse.rows("SELECT name, kind FROM ops.dumps WHERE source = 'zipped'") == [("packed", "full")]


def test_an_error_that_was_saved_as_a_dump_says_what_it_says(command: Command):
    put("city/2024.html", b"<!DOCTYPE html><html><head><title>504 Gateway Time-out</title></head></html>")
    answer = command("extract", "city/2024.html")
    assert answer.code == 1
    assert "it says: 504 Gateway Time-out" in answer.told


@pytest.mark.parametrize("form", ["csv", "ris"])
def test_match_reads_standard_input_by_the_ending_of_its_name(
    command: Command, monkeypatch: pytest.MonkeyPatch, form: str
):
    ris = "".join(f"TY  - JOUR\nID  - {each}\nTI  - The colour of whales\nPY  - 2001\nER  - \n" for each in "ab")
    give(monkeypatch, (CITATIONS if form == "csv" else ris).encode())
    answer = command("match", "-", "--name", f"all.{form}")
    assert answer.code == 0
    assert [line.split(",")[0] for line in answer.out.splitlines()[1:]] == ['"a"', '"b"']


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "a.csv: the file is empty"),
        ("a.csv", b"title\ncaf\xe9\n", "not UTF-8: byte 0xe9 at byte 9 (line 2)"),
        ("a.bib", b"title\ncaf\xe9\n", "iconv -f LATIN1 -t UTF-8"),
        ("a.csv", "title\nx\n".encode("utf-16"), "iconv -f UTF-16 -t UTF-8"),
        ("a.csv", documents("1"), "a dump of records (json lines), no file of citations"),
        ("a.csv", gzip.compress(CITATIONS.encode(), mtime=0), "the file is packed"),
        ("a.ris", b"@book{a, title={x}}", "no line begins a reference"),
    ],
)
def test_match_says_what_is_wrong_with_a_file(command: Command, name: str, content: bytes, told: str):
    put(name, content)
    answer = command("match", name)
    assert answer.code == 1
    assert told in answer.told


@pytest.mark.parametrize("verb", ["ingest", "match"])
def test_a_file_that_is_not_there_is_a_misuse(command: Command, verb: str):
    answer = command(verb, "gone.csv")
    assert answer.code == 2
    assert "gone.csv: no such file" in answer.told


def test_all_files_that_are_not_there_are_named(command: Command):
    put("here.jsonl", documents("1"))
    answer = command("ingest", "gone.jsonl", "here.jsonl", "away.jsonl")
    assert answer.code == 2
    assert "gone.jsonl: no such file or folder; away.jsonl: no such file or folder" in answer.told


def test_match_names_citations_without_title(command: Command):
    put("a.csv", b"id,title,year\na,Whales,2001\nb,,2001\n")
    answer = command("match", "a.csv")
    assert answer.code == 0
    assert "without title, so that only identifiers match: 1 citations (b)" in answer.told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("option", ["--out", "--evidence"])
def test_match_names_the_file_that_it_cannot_fill(command: Command, option: str):
    put("a.csv", CITATIONS.encode())
    answer = command("match", "a.csv", option, "/dev/full")
    assert (answer.code, answer.told.splitlines()[-1]) == (1, "error: /dev/full: No space left on device")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("DELETE FROM catalog.records", "query only reads, and this is DELETE: give one SELECT"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
        ("DROP TABLE catalog.records", "query only reads, and this is DROP TABLE"),
        ("CREATE TABLE x ()", "query only reads, and this is CREATE TABLE"),
        (
            "WITH gone AS (DELETE FROM catalog.works RETURNING 1) SELECT * FROM gone",
            "query only reads, and there is a change in this: give one SELECT",
        ),
    ],
)
def test_query_says_that_it_only_reads(command: Command, warehouse: Road, question: str, told: str):
    answer = command("query", question)
    assert answer.code == 1
    assert told in answer.told


#: As the queries of the cookbook begin.
COMMENTED = "-- Which titles? -- All.\nSELECT title FROM catalog.records ORDER BY 1 LIMIT 1"


@pytest.mark.parametrize(
    "arguments",
    [
        (COMMENTED,),
        (COMMENTED, "--format", "csv"),
        ("--format", "csv", COMMENTED),
        ("--format", "csv", "--", COMMENTED),
    ],
)
def test_a_query_may_begin_with_a_comment(command: Command, warehouse: Road, arguments: tuple[str, ...]):
    answer = command("query", *arguments)
    assert (answer.code, answer.out.splitlines()) == (0, ["title", "A study of rivers"]), answer.told


@pytest.mark.parametrize("content", [COMMENTED.encode(), b"\xef\xbb\xbf" + COMMENTED.encode()])
def test_a_query_is_read_from_standard_input(
    command: Command, warehouse: Road, monkeypatch: pytest.MonkeyPatch, content: bytes
):
    give(monkeypatch, content)
    answer = command("query", "-", "--format", "csv")
    assert (answer.code, answer.out.splitlines()) == (0, ["title", "A study of rivers"]), answer.told


@pytest.mark.parametrize(
    ("content", "told"), [(b" \n", "give one SELECT"), (b"SELECT '\xfc'", "standard input is not UTF-8 at byte 8")]
)
def test_a_query_that_standard_input_does_not_hold_is_misuse(
    command: Command, warehouse: Road, monkeypatch: pytest.MonkeyPatch, content: bytes, told: str
):
    give(monkeypatch, content)
    answer = command("query", "-")
    assert answer.code == 2
    assert told in answer.told
