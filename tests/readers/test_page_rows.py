"""Pages as rows of JSON lines or Parquet."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import page_rows
from pipelines.readers.chunks import Piece, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.records import RAW_RECORDS
from tests.readers.test_view_columns import pages, written

BARE = "Loading…\nBare\nMain Author: | |\n---|---|\nFormat: | Online Book |\nPublished: |\nMDPI\n2022\n|\n"
WITH_STAFF_VIEW = BARE + "_version_ | 17 |\n---|---|\nid | 1 |\ntitle | With |\n"
ROWS = [
    {"url": "https://a.example/Record/1/Details", "text": WITH_STAFF_VIEW},
    {"url": "https://a.example/", "text": "Nothing here"},
    {"url": "https://a.example/Record/x%2F2", "text": BARE},
    {"url": None, "text": BARE},
    {"url": "https://a.example/Record/3", "text": ""},
    {"url": "https://a.example/", "text": WITH_STAFF_VIEW * 2},
]


def as_json_lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_array(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps(rows, indent=1).encode()


def as_parquet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), written, row_group_size=2)
    return written.getvalue()


def read(
    data: bytes, tmp_path: Path, chunk_bytes: int = 1 << 20
) -> tuple[list[dict[str, object]], list[tuple[int, str]]]:
    (tmp_path / "dump").write_bytes(data)
    documents: list[dict[str, object]] = []
    refused: list[tuple[int, str]] = []
    for chunk in read_chunks(tmp_path / "dump", chunk_bytes):
        if isinstance(chunk, Unreadable):
            refused.append((chunk.line, chunk.reason))
            continue
        batch = parse_chunk(chunk)
        documents += to_documents(batch.documents)
        refused += [(row["line"], row["reason"]) for row in batch.quarantined.to_pylist()]
    return documents, refused


@pytest.mark.parametrize("write", [as_json_lines, as_parquet])
@pytest.mark.parametrize("chunk_bytes", [700, 1 << 20])
def test_each_row_is_a_page(write, chunk_bytes: int, tmp_path: Path):
    documents, refused = read(write(ROWS), tmp_path, chunk_bytes)
    assert [(one["id"], one["title"], one["page_url"]) for one in documents] == [
        ("1", "With", "https://a.example/Record/1/Details"), ("x/2", "Bare", "https://a.example/Record/x%2F2"),
    ]  # fmt: skip
    assert documents[1]["format"] == ["Online", "Book"]
    assert refused == [
        (2, "a page without staff view"),
        (4, "a page without staff view, and without the address of a record"),
        (5, "a row without the text of a page"),
        (6, "a row with 2 pages"),
    ]


@pytest.mark.parametrize("write", [as_json_lines, as_parquet])
@pytest.mark.parametrize(
    "more",
    [
        {"u": "{}"},
        {"warc_headers": {"warc-target-uri": "{}", "warc-date": "2024"}},
        {"meta": {"url": "{}"}},
        {"metadata": {"length": 3, "url": "{}"}},
    ],
    ids=["HPLT", "OSCAR", "RedPajama", "Dolma"],
)
def test_the_address_may_stand_where_corpora_put_it(write, more: dict[str, Any], tmp_path: Path):
    """A page without staff view has its id from there."""

    def at(address: str, columns: dict[str, Any]) -> dict[str, Any]:
        return {
            name: at(address, value) if isinstance(value, dict) else address if value == "{}" else value
            for name, value in columns.items()
        }

    rows = [{"text": BARE, **at(f"https://a.example/Record/{number}", more)} for number in range(3)]
    documents, refused = read(write(rows), tmp_path)
    assert ([document["id"] for document in documents], refused) == (["0", "1", "2"], [])
    assert documents[1]["page_url"] == "https://a.example/Record/1"


def test_other_parquet_and_torn_files_are_refused(tmp_path: Path):
    other = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), other)
    [(_, reason)] = read(other.getvalue(), tmp_path)[1]
    assert reason.startswith("a Parquet file without a column of pages")
    documents = io.BytesIO()
    pq.write_table(pa.table({"id": ["1"], "title": ["A title"]}), documents)
    [(_, reason)] = read(documents.getvalue(), tmp_path)[1]
    assert reason.split(" (the first ")[0] == (
        "a Parquet file of documents (id, title), which are not read from Parquet: write them as JSON lines"
    )
    named = as_parquet([{**row, "zzzz": "x"} for row in ROWS]).replace(b"zzzz", b"\xcbzzz")
    [(_, reason)] = read(named, tmp_path)[1]
    assert reason.startswith("a Parquet file that cannot be read after row 0: 'utf-8' codec")
    [(_, reason)] = read(as_parquet(ROWS)[:-9], tmp_path)[1]
    assert reason.startswith("a Parquet file that cannot be read after row 0")


def test_each_object_of_an_array_is_a_page(tmp_path: Path):
    documents, refused = read(as_array(ROWS), tmp_path, 700)
    assert [one["id"] for one in documents] == ["1", "x/2"]
    assert [reason for _, reason in refused] == [
        "a page without staff view",
        "a page without staff view, and without the address of a record",
        "a row without the text of a page",
        "a row with 2 pages",
    ]


def test_an_array_of_documents_with_a_text_is_none_of_pages():
    documents = [{"id": "1", "text": "t", "title_short": "t", "record_format": "x"}]
    assert not page_rows.FORMAT.recognises(as_array(documents))
    assert not page_rows.FORMAT.recognises(as_array([{"id": "1", "title": "t"}]))
    assert not page_rows.FORMAT.recognises(as_array([{"id": "1", "url": "http://x", "text": "full text"}]))


def test_solr_documents_with_a_text_are_no_pages(tmp_path: Path):
    documents, refused = read(b'{"id":"1","title_short":"T","text":"Loading"}\n', tmp_path)
    assert ([one["id"] for one in documents], refused) == (["1"], [])


ADDRESSES = ["https://a.example/Record/9", 'https://ä.example/"x"\\ \x01', " ", ""]
address = st.none() | st.sampled_from(ADDRESSES)
OTHERS = ["", "[]", '{"text": 1}', '{"text": "Nothing"}', "{", '{"url": "https://a.example/Record/2"}']


@given(
    pages,
    st.lists(address, min_size=12, max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from(OTHERS)), max_size=3),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "page_url | https://own.example/ |\n"]),
)
def test_rows_read_in_columns_give_what_rows_give_alone(
    found: list[tuple[str, list[str], bool]],
    addresses: list[str | None],
    others: list[tuple[int, str]],
    newline: str,
    own: str,
):
    texts = [text.decode() for text in written(found)]
    texts[0] += own
    rows = [
        json.dumps({"text": text.replace("\n", newline), "url": url})
        for text, url in zip(texts, addresses, strict=False)
    ]
    for place, other in others:
        rows.insert(place, other)
    data = "\n".join(rows).encode()
    quick = page_rows.FORMAT.parse((Piece("f", "m", 3, 7, data),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_rows, "WORTH_COLUMNS", len(rows) + 1)
        alone = page_rows.FORMAT.parse((Piece("f", "m", 3, 7, data),))
    assert quick.documents.schema == RAW_RECORDS
    assert quick.documents.to_pylist() == alone.documents.to_pylist()
    assert quick.quarantined.to_pylist() == alone.quarantined.to_pylist()
