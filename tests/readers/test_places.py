"""Dumps that lie at an address or come by standard input, and what of an address may show."""

from __future__ import annotations

import gzip
import http.server
import io
import os
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dumps import survey
from pipelines.parts import Parts
from pipelines.readers import places
from pipelines.readers.addresses import PlaceError, Remote, shown
from pipelines.readers.places import StandardInput, given_places, opened, place_of, remember
from pipelines.readers.reading import DumpError
from pipelines.readers.registry import dump_bytes, fingerprint, parse_chunk, read_chunks
from pipelines.stages import extract
from tests.archives import tarred

DOCUMENTS = b'{"id": "1", "title": "Rivers"}\n{"id": "2", "title": "Lakes"}\n'
SECRET = "s3cr3tS3cr3tS3cr3tS3cr3t"  # noqa: S105 - of nobody


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_GIVEN", {})


@pytest.fixture
def memory() -> Iterator[str]:
    """An empty folder in memory."""
    root = f"memory://{uuid.uuid4().hex}"
    yield root
    fsspec.filesystem("memory").rm(root, recursive=True)


def put(address: str, content: bytes) -> None:
    with fsspec.open(address, "wb") as file:
        file.write(content)


class _Server(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        if not self.path.startswith("/dumps/"):
            self.send_error(404)
            return
        body = gzip.compress(DOCUMENTS)
        self.send_response(200)
        if "sized" in self.path:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """A web server that has a dump."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def ids(place: places.Place) -> list[str]:
    return [one for chunk in read_chunks(place) for one in parse_chunk(chunk).documents.column("id").to_pylist()]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (b"/dumps/2020.jsonl", "/dumps/2020.jsonl"),
        ("/dumps/café 100%25?.jsonl".encode(), "/dumps/café 100%25?.jsonl"),
        (b"/dumps/caf\xe9 100%25?.jsonl", "file:///dumps/caf%E9%20100%2525%3F.jsonl"),
        (b"/\xff\xc3\xa9/\xe9", "file:///%FF%C3%A9/%E9"),
    ],
)
def test_a_path_is_written_as_text_whatever_bytes_it_has_and_found_by_that(name: bytes, text: str):
    path = Path(os.fsdecode(name))
    assert places.written(path) == text
    assert places.place_of(text) == path


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("s3://bucket/dumps/2024.jsonl", "s3://bucket/dumps/2024.jsonl"),
        (f"https://user:{SECRET}@example.org/2024.jsonl", "https://example.org/2024.jsonl"),
        (f"https://example.org/a?X-Amz-Signature={SECRET}&part=2", "https://example.org/a?X-Amz-Signature=***&part=2"),
        (f"https://example.org/a?sv=2020&se=1&sig={SECRET}", "https://example.org/a?sv=***&se=***&sig=***"),
        (f"https://example.org/a?apikey=1&type=all&q={SECRET}", "https://example.org/a?apikey=***&type=all&q=***"),
        (f"https://example.org/a?{SECRET}", "https://example.org/a?***"),
        (f"https://example.org/a#access_token={SECRET}", "https://example.org/a"),
        (f"zip://a.jsonl::https://u:{SECRET}@example.org/a.zip", "zip://a.jsonl::https://example.org/a.zip"),
        (
            "https://example.org/api/v1/search?lookfor=tides&page=2",
            "https://example.org/api/v1/search?lookfor=tides&page=2",
        ),
    ],
)
def test_an_address_shows_without_what_lets_in(address: str, text: str):
    assert shown(address) == text
    assert SECRET not in f"{Remote(address)} {Remote(address)!r}"


@given(st.text(min_size=1), st.sampled_from(["token", "X-Goog-Signature", "password", "Key-Pair-Id"]))
def test_whatever_the_secret_it_does_not_show(secret: str, name: str):
    from urllib.parse import quote

    text = shown(f"https://u:{quote(secret, safe='')}@example.org/?{name}={quote(secret, safe='')}")
    assert text == f"https://example.org/?{name}=***"


def test_a_place_is_known_again_by_what_shows():
    place = Remote(f"https://example.org/a?sig={SECRET}")
    assert place_of(remember(place)).uri == place.uri


def test_a_dump_at_an_address_is_read_as_one_on_disk(memory: str, tmp_path: Path):
    (tmp_path / "2024.jsonl.gz").write_bytes(gzip.compress(DOCUMENTS))
    put(f"{memory}/library/2024.jsonl.gz", (tmp_path / "2024.jsonl.gz").read_bytes())
    place = place_of(f"{memory}/library/2024.jsonl.gz")
    assert ids(place) == ["1", "2"]
    assert fingerprint(place) == fingerprint(tmp_path / "2024.jsonl.gz")
    assert dump_bytes(place) == dump_bytes(tmp_path / "2024.jsonl.gz")


@pytest.mark.parametrize("ask", [dump_bytes, ids])
def test_why_a_web_server_gives_nothing_is_said_once(ask: Callable[[places.Place], object], server: str):
    for address, why in (
        (f"{server}/none.jsonl", "no such file or folder$"),
        ("http://127.0.0.1:9/a.jsonl", "Cannot connect to host 127.0.0.1:9"),
    ):
        with pytest.raises(DumpError, match=f"^{address}: {why}"):
            ask(place_of(address))


def test_a_folder_at_an_address_holds_its_dumps(memory: str):
    put(f"{memory}/library/2024.jsonl", DOCUMENTS)
    put(f"{memory}/library/2023.jsonl", DOCUMENTS)
    put(f"{memory}/library/cover.png", b"\x89PNG\0")
    found = survey(place_of(f"{memory}/library"))
    assert [dump.partition for dump in found.dumps] == ["library/2023", "library/2024"]
    assert [file.name for file, _ in found.skipped] == ["cover.png"]
    assert ids(found.dumps[0].path) == ["1", "2"]


def test_a_pattern_at_an_address_is_what_matches_it(memory: str):
    for year in (2022, 2023, 2024):
        put(f"{memory}/library/{year}.jsonl", DOCUMENTS)
    matched = given_places([f"{memory}/library/202[34]*.jsonl"])
    assert [place.name for place in matched] == ["2023.jsonl", "2024.jsonl"]
    assert ids(matched[1]) == ["1", "2"]


@pytest.mark.parametrize("scheme", ["file://", "local://", "file://LocalHost"])
def test_a_pattern_at_an_address_of_this_machine_is_what_matches_it(scheme: str, tmp_path: Path):
    for name in ("a 1.jsonl", "a 2.jsonl", "b.jsonl"):
        (tmp_path / name).touch()
    expected = [tmp_path / "a 1.jsonl", tmp_path / "a 2.jsonl"]
    assert given_places([f"{scheme}{tmp_path}/a*.jsonl"]) == expected
    assert given_places([f"{scheme}{tmp_path}/a%20?.jsonl"]) == expected


def test_what_is_encoded_in_an_address_is_no_pattern(tmp_path: Path):
    for name in ("a[1]x.jsonl", "a1x.jsonl"):
        (tmp_path / name).touch()
    assert given_places([f"file://{tmp_path}/a%5B1%5D*.jsonl"]) == [tmp_path / "a[1]x.jsonl"]


@pytest.mark.parametrize("address", ["file://host/dump.jsonl", "file://dump.jsonl", "file://localhostile/dump.jsonl"])
def test_an_address_of_a_file_on_another_host_is_refused(address: str):
    with pytest.raises(PlaceError, match=f"{address}: the path behind file:// is an absolute one: file:///"):
        place_of(address)


def test_a_pattern_within_an_archive_is_what_matches_it(tmp_path: Path):
    archive = tmp_path / "dumps.tar"
    archive.write_bytes(tarred([("d/1.jsonl", b'{"id": "1"}\n'), ("d/2.jsonl", b'{"id": "2"}\n'), ("d/x.txt", b"")]))
    found = given_places([f"tar://d/*.jsonl::file://{archive}"])
    assert [place.name for place in found] == ["1.jsonl", "2.jsonl"]
    with opened(found[1]) as stream:
        assert stream.read() == b'{"id": "2"}\n'


def test_a_pattern_goes_round_no_link(tmp_path: Path):
    (tmp_path / "b").mkdir()
    for name in ("a.json", "b/c.json"):
        (tmp_path / name).write_bytes(b"{}")
    (tmp_path / "b" / "round").symlink_to("..")
    (tmp_path / "again.json").symlink_to("a.json")
    found = given_places([f"{tmp_path}/**/*.json"])
    assert [str(place) for place in found] == [f"{tmp_path}/{name}" for name in ("a.json", "again.json", "b/c.json")]


def test_a_pattern_of_files_is_what_matches_it(tmp_path: Path):
    for name in ("2023.jsonl", "2024.jsonl", "deep/2025.jsonl", "what[1].jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(DOCUMENTS)
    assert [place.name for place in given_places([f"{tmp_path}/**/2*.jsonl"])] == [
        "2023.jsonl", "2024.jsonl", "2025.jsonl",
    ]  # fmt: skip
    assert given_places([f"{tmp_path}/what[1].jsonl"]) == [tmp_path / "what[1].jsonl"]
    with pytest.raises(FileNotFoundError, match="nothing matches"):
        given_places([f"{tmp_path}/*.mrc"])


@pytest.mark.parametrize("path", ["/dumps/2024.jsonl.gz", "/dumps/sized-2024.jsonl.gz?sig=abc"])
def test_a_dump_on_the_web_is_fetched_once_when_it_is_read(server: str, path: str, tmp_path: Path):
    place = place_of(f"{server}{path}")
    _Server.asked.clear()
    manifest = extract(place, "delta", Parts(str(tmp_path / "raw")))
    assert (manifest["documents"], manifest["quarantined"]) == (2, 0)
    assert manifest["path"] == f"{server}{path}".replace("abc", "***")
    assert manifest["bytes"] == len(gzip.compress(DOCUMENTS))
    assert len([asked for asked in _Server.asked if asked.startswith("GET")]) <= 2


def test_a_dump_that_is_not_on_the_web_is_told_without_what_lets_in(server: str):
    place = place_of(f"{server}/gone.jsonl?sig={SECRET}")
    with pytest.raises(DumpError) as caught:
        list(read_chunks(place))
    assert "gone.jsonl?sig=***" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(PlaceError, match=r"pip install s3fs"):
        place_of("s3://bucket/2024.jsonl").exists()
    with pytest.raises(PlaceError, match="nosuch"):
        place_of("nosuch://bucket/2024.jsonl").exists()


def test_standard_input_is_read_once_and_by_who_was_given_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(DOCUMENTS))))
    with pytest.raises(PlaceError, match="once"):
        place_of("-")
    [place] = given_places(["-"], "2024.jsonl.gz")
    assert place == StandardInput("2024.jsonl.gz")
    (tmp_path / "2024.jsonl.gz").write_bytes(gzip.compress(DOCUMENTS))
    manifest = extract(place, "delta", Parts(str(tmp_path / "raw")))
    assert (manifest["documents"], manifest["path"]) == (2, "-")
    assert manifest["sha256"] == fingerprint(tmp_path / "2024.jsonl.gz")


def test_an_empty_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    with pytest.raises(DumpError, match="empty"):
        list(read_chunks(StandardInput()))


def test_two_addresses_that_differ_in_what_is_hidden_are_not_taken_for_one():
    first = Remote("https://example.org/differs?token=1")
    assert remember(first) == remember(Remote(first.uri))
    with pytest.raises(PlaceError, match="differ only in what is hidden"):
        remember(Remote("https://example.org/differs?token=2"))
    assert place_of(str(first)) == first
