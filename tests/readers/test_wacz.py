"""Of a WACZ only its WARCs are read; what else it holds tells of the crawl, and is counted."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from pipelines.readers.answers import Completeness
from pipelines.readers.folders import Kind
from pipelines.readers.looks import look_at
from pipelines.readers.second_look import read_batches
from pipelines.readers.wacz import what_it_tells
from tests.readers.test_warc import OTHERS, shown

PAGES = b"""{"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": "true"}
{"id": "1", "url": "https://library.example/Record/1", "title": "A title", "text": "shown", "ts": "2024-05-01"}
"""
BESIDE = {
    "indexes/index.cdx.gz": (
        "index of a crawl",
        gzip.compress(b'example,library)/record/1 20240501100000 {"url": "https://library.example/Record/1"}\n'),
    ),
    "indexes/index.idx": (
        "index of a crawl",
        b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n'
        b'example,library)/record/1 20240501100000 {"offset": 0, "length": 9}\n',
    ),
    "pages/pages.jsonl": ("list of the pages of a WACZ", PAGES),
    "pages/extraPages.jsonl": ("list of the pages of a WACZ", PAGES.replace(b"All", b"Extra")),
    "logs/crawl-20240501.log": (
        "log of a crawl",
        b'{"timestamp":"2024-05-01T10:00:00Z","logLevel":"info","context":"general","message":"Seeds","details":[]}\n',
    ),
    "datapackage.json": (
        "description of a WACZ",
        b'{"profile":"data-package","resources":[{"name":"pages.jsonl"}],"wacz_version":"1.1.1"}',
    ),
    "datapackage-digest.json": (
        "signature of a WACZ",
        b'{"path": "datapackage.json", "hash": "sha256:0", "signedData": {}}',
    ),
}


def wacz(names: list[str]) -> bytes:
    files = {name: content for name, (_, content) in BESIDE.items()}
    files["archive/data.warc.gz"] = b"".join(map(gzip.compress, (OTHERS["warcinfo"], shown(1), shown(2))))
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name in names:
            archive.writestr(name, files[name])
    return sink.getvalue()


@pytest.mark.parametrize("first", [["archive/data.warc.gz"], []])
def test_only_warcs_are_read_wherever_they_stand(first: list[str], tmp_path: Path):
    (tmp_path / "crawl.wacz").write_bytes(wacz([*first, *BESIDE, *(["archive/data.warc.gz"] if not first else [])]))
    completeness = Completeness()
    batches = list(read_batches(tmp_path / "crawl.wacz", completeness=completeness))
    [batch] = batches
    assert (batch.documents.column("id").to_pylist(), batch.quarantined.num_rows) == (["1", "2"], 0)
    assert completeness.passed_over == {
        "warcinfo": 1, "list of the pages of a WACZ": 2, "index of a crawl": 2, "log of a crawl": 1,
        "description of a WACZ": 1, "signature of a WACZ": 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
def test_in_a_folder_it_is_a_note(name: str, tmp_path: Path):
    what, content = BESIDE[name]
    file = tmp_path / Path(name).name
    file.write_bytes(content)
    look = look_at(file)
    assert (look.kind, look.what) == (Kind.NOTE, what)


@pytest.mark.parametrize("name", ["pages/pages.jsonl", "datapackage.json", "logs/crawl-20240501.log"])
def test_a_byte_order_mark_hides_none_of_them(name: str):
    what, content = BESIDE[name]
    assert what_it_tells(name, b"\xef\xbb\xbf" + content) == what


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("pages/pages.jsonl", b'{"id": "1", "title": "All pages", "format": ["Book"]}\n'),
        ("pages/pages.jsonl", b'{"id": "1", "title": "A"}\n{"format": "json-pages-1.0"}\n'),
        ("datapackage.json", b'{"id": "1", "title": "A"}'),
        ("data.json", b'{"id": "1", "wacz_version": "1.1.1"}'),
        ("logs/a.log", b'{"id": "1", "title": "A"}'),
        ("indexes/index.cdx", b'{"id": "1", "title": "A"}'),
    ],
)
def test_documents_are_none_of_these_whatever_their_file_is_called(name: str, head: bytes):
    assert what_it_tells(name, head) == ""
