"""Answers of VuFind's API: each record comes out in the words of the index, and nothing else is taken for one."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import rest_api
from pipelines.readers.answers import Answer
from pipelines.readers.api_records import to_document
from pipelines.readers.chunks import Piece, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.streams import ByteStream


def read(data: bytes, chunk_bytes: int = 1 << 20) -> tuple[list[dict[str, Any]], list[Unreadable]]:
    found: list[dict[str, Any]] = []
    refused: list[Unreadable] = []
    for part in rest_api.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        if isinstance(part, Unreadable):
            refused.append(part)
            continue
        batch = rest_api.FORMAT.parse((part,))
        refused += [Unreadable(**row) for row in batch.quarantined.to_pylist()]
        found += to_documents(batch.documents)
    for document in found:
        lineage = document.pop("_lineage")
        json.loads(data[lineage["offset"] :][: lineage["length"]])
    return found, refused


@pytest.mark.parametrize("chunk_bytes", [1, 50, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('{"resultCount":2,"records":[{"id":"a"},{"id":"b"}],"status":"OK"}', "ab"),
        ('{"resultCount":1,"records":[{"id":"a"}],"status":"OK"}\n{"resultCount":1,"records":[{"id":"b"}]}\n', "ab"),
        ('{"records":[{"id":"a"}],"status":"OK"}{"status":"OK","records":[{"id":"b"}]}', "ab"),
        ('{\n "resultCount": 9,\n "facets": {"x": [{"records":[{"id":"n"}]}]},\n"records": [\n{"id": "a"}\n]\n}', "a"),
        ('{"facets":{"format":[]},"records":[{"id":"a"}],"resultCount":1,"status":"OK"}', "a"),
        ('{"facets":[],"records":[{"id":"a"}],"resultCount":1,"status":"OK"}', "a"),
        ('{"facets":{"a":[],\n"b":[{"count":1,"value":"x"}]},"resultCount":1,"records":[{"id":"a"}]}', "a"),
        # Nobody asked for records.
        ('{"resultCount":0,"status":"OK"}', ""),
        ('{"resultCount":12,"facets":{"b":[{"value":"x","count":1}]},"status":"OK"}', ""),
        ('{"status":"OK","resultCount":12}{"resultCount":1,"records":[{"id":"a"}]}', "a"),
        ('HTTP/1.1 200 OK\r\nServer: x\r\n\r\n{"resultCount":1,"records":[{"id":"a","records":[{"id":"n"}]}]}', "a"),
    ],
)  # fmt: skip
def test_finds_the_records_of_every_answer(text: str, ids: str, chunk_bytes: int):
    assert rest_api.FORMAT.recognises(text.encode())
    found, refused = read(text.encode(), chunk_bytes)
    assert ("".join(one["id"] for one in found), refused) == (ids, [])


@pytest.mark.parametrize(
    "text",
    [
        '{"id":"a","resultCount":1}',
        '{"status":"OK","id":"a"}',
        '{"records":["x"],"id":"a"}',
        '{"resultCount":1,"id":"a"}',
        '{"facets":[],"id":"a"}',
        '{"facets":["x"],"id":"a"}',
        '{"facets":{"x":[]},"id":"a"}',
        '{"facets":{"x":[{"name":"y"}]},"id":"a"}',
        '{"responseHeader":{"status":0},"response":{"docs":[{"id":"a"}]}}',
        "",
    ],
)
def test_takes_no_other_json_for_an_answer(text: str):
    assert not rest_api.FORMAT.recognises(text.encode())


@pytest.mark.parametrize(
    ("text", "ids", "reasons"),
    [
        ('{"resultCount":1,"status":"OK","recordz":[]}', "", ["an answer of VuFind's API without records"]),
        ('{"status":"ERROR","statusMessage":"no"}', "", ["an answer of VuFind's API without records"]),
        ('{"resultCount":2,"records":[{"id":"a"},{"title":"x"}]}', "a", ["no id"]),
        ('{"resultCount":2,"records":[{"id":"a"},7]}', "a", ["not an object but something else in the array"]),
        ('{"resultCount":2,"records":[{"id":"a"},{"id":"b"', "a", ["the JSON is cut off"]),
        ('{"resultCount":1,"records":[{"id":"a","rawData":"x"}]}', "", ["rawData is no Solr document"]),
    ],
)
def test_what_is_no_record_is_quarantined(text: str, ids: str, reasons: list[str]):
    found, refused = read(text.encode())
    assert "".join(one["id"] for one in found) == ids
    assert [row.reason.split(" (")[0] for row in refused] == reasons


@pytest.mark.parametrize(
    ("record", "document"),
    [
        ({"shortTitle": "A", "subTitle": "b"}, {"title_short": "A", "title_sub": "b"}),
        ({"formats": ["Book"], "languages": ["English"]}, {"format": ["Book"], "language": ["English"]}),
        ({"publicationDates": ["1999"], "year": "2000"}, {"publishDate": ["1999"]}),
        ({"isbns": [], "cleanIsbn": "1558612742"}, {"isbn": "1558612742"}),
        ({"authors": {"primary": {"A": {"role": ["a", "e"]}}}}, {"author": ["A", "A"], "author_role": ["a", "e"]}),
        ({"authors": {"primary": {"A": {"role": ["-"]}, "B": []}}}, {"author": ["A", "B"]}),
        (
            {"authors": {"primary": [], "secondary": {"A": [], "B": {"role": ["trl"]}}, "corporate": {"C": {}}}},
            {"author2": ["A", "B"], "author2_role": ["", "trl"], "author_corporate": ["C"]},
        ),
        ({"authors": {"primary": [{"name": "A", "role": "aut"}]}}, {"author": ["A"], "author_role": ["aut"]}),
        ({"authors": {"primary": [{"A": {"role": ["aut"]}}]}}, {"author": ["A"], "author_role": ["aut"]}),
        ({"authors": {"primary": 1}}, {"authors": {"primary": 1}}),
        ({"primaryAuthors": ["A"], "corporateAuthors": ["C"]}, {"author": ["A"], "author_corporate": ["C"]}),
        (
            {"nonPresenterAuthors": [{"name": "A", "role": "aut"}, {"name": "B"}]},
            {"author": ["A", "B"], "author_role": ["aut", ""]},
        ),
        (
            {"nonPresenterAuthors": [{"name": "A"}], "primaryAuthors": ["A"]},
            {"author": ["A"], "nonPresenterAuthors": [{"name": "A"}]},
        ),
        ({"nonPresenterAuthors": 7}, {"nonPresenterAuthors": 7}),
        (
            {"nonPresenterAuthors": [{"name": None, "role": "aut"}, {"name": "B"}]},
            {"nonPresenterAuthors": [{"name": None, "role": "aut"}, {"name": "B"}]},
        ),
        (
            {"nonPresenterAuthors": [{"name": "A", "type": "x"}]},
            {"author": ["A"], "nonPresenterAuthors": [{"name": "A", "type": "x"}]},
        ),
        (
            {"nonPresenterAuthors": [{"name": "A", "role": "aut"}], "rawData": {"author": ["A"]}},
            {"author": ["A"], "nonPresenterAuthors": [{"name": "A", "role": "aut"}]},
        ),
        ({"subjects": [["A", "b"], ["C"]]}, {"topic": ["A b", "C"], "subjects": [["A", "b"], ["C"]]}),
        ({"series": [{"name": "S", "number": "1"}]}, {"series": ["S"], "api_series": [{"name": "S", "number": "1"}]}),
        ({"urls": [{"url": "u", "desc": "d"}]}, {"url": ["u"], "urls": [{"url": "u", "desc": "d"}]}),
        ({"urls": [{"desc": "d"}]}, {"urls": [{"desc": "d"}]}),
        ({"formats": [{"value": "0/B/", "translated": "B"}]},
         {"format": ["0/B/"], "formats": [{"value": "0/B/", "translated": "B"}]}),
        ({"openUrl": "x"}, {"openUrl": "x"}),
        ({"title": "api", "rawData": {"title": "index", "local_str": "l"}}, {"title": "index", "local_str": "l"}),
        ({"authors": {"secondary": {"A": []}}, "rawData": {"author": ["A"]}}, {"author": ["A"]}),
        ({"fullRecord": "<r/>", "rawData": {"title": "t"}}, {"fullrecord": "<r/>", "title": "t"}),
    ],
)  # fmt: skip
def test_a_record_in_the_words_of_the_index(record: dict[str, Any], document: dict[str, Any]):
    assert to_document({"id": "1", **record}) == {"id": "1", **document}


ANSWER = '{"resultCount":2,"records":[{"id":"%s","title":"]}{[\\\\"}],"status":"OK"}'
CUT_OFF = "the JSON is cut off: behind it another answer begins"
NO_VALUE = "not JSON: neither an object nor an array"


@pytest.mark.parametrize("chunk_bytes", [1, 50, 1 << 20])
@pytest.mark.parametrize(
    ("broken", "ids", "refused"),
    [
        (ANSWER[:-1] % "b", "abc", [CUT_OFF]),
        (ANSWER[:-5] % "b", "abc", [CUT_OFF]),
        (ANSWER[:-15] % "b", "abc", [CUT_OFF]),
        (ANSWER[:40] % "b", "ac", [CUT_OFF]),
        ('{"resultCount":2,"facets":{"a":[{', "ac", [CUT_OFF]),
        (ANSWER % "b" + "}", "abc", [NO_VALUE]),
        (ANSWER % "b" + ",", "abc", []),
        (ANSWER % "b" + "\n,\n,", "abc", []),
        ("null", "ac", [NO_VALUE]),
        ("\0", "ac", [NO_VALUE]),
        ('curl: (28) Timed "out', "ac", [NO_VALUE]),
        ("<html>\n<p class='x\">{502}</p>\n</html>", "ac", [NO_VALUE]),
        ("junk " + ANSWER % "b", "abc", [NO_VALUE]),
        ('HTTP/1.1 200 OK\r\nETag: "x\r\n\r\n' + ANSWER % "b", "abc", []),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + ANSWER % "b", "abc", []),
        ("[" + ANSWER % "b" + ",\n" + ANSWER % "d" + "\n]", "abdc", []),
        (ANSWER % 'b","x":"y" "', "ac", ["not JSON"]),
    ],
)  # fmt: skip
def test_behind_what_is_broken_the_next_answer_is_read(broken: str, ids: str, refused: list[str], chunk_bytes: int):
    data = "\n".join([ANSWER % "a", broken, ANSWER % "c"]).encode()
    found, rows = read(data, chunk_bytes)
    assert "".join(one["id"] for one in found) == ids
    assert [row.reason.split(": E")[0] for row in rows] == refused
    for row in rows:
        assert data[row.offset :].startswith(row.raw)


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"resultCount":1,"records":[{"id":"a"}]\n{"title":"lost"}\n' + ANSWER % "c", '\n{"title":"lost"}\n'),
        ('{"resultCount":1,"records":[{"id":"a"}]\n{"title":"lost"}', '\n{"title":"lost"}'),
        ('{"resultCount":1,"facets":{"a":"*:*}},"records":[{"id":"a"}]', None),
        ("[" + ANSWER % "a" + ",", ""),
    ],
)  # fmt: skip
def test_what_is_left_of_a_broken_answer_is_shown_whole(text: str, shown: str | None, chunk_bytes: int):
    _, rows = read(text.encode(), chunk_bytes)
    assert [row.raw.decode() for row in rows] == [text if shown is None else shown]


@given(
    st.integers(0, 3),
    st.integers(0, 400),
    st.sampled_from(["", '"', "}", "]", "{", "\n", "\\", "\0", "x"]),
    st.integers(0, 60),
    st.sampled_from([None, 1]),
    st.integers(1, 3_000),
    st.integers(1, 3_000),
)
def test_however_one_answer_is_damaged_all_others_are_read(
    damaged: int, place: int, instead: str, lost: int, indent: int | None, chunk_bytes: int, block_bytes: int
):
    texts = [
        json.dumps(
            {
                "resultCount": 3,
                "records": [{"id": f"{number}-{each}", "title": "x" * (number * 90) + '"}]{['} for each in range(3)],
                "facets": {"a": [{"value": "]{", "count": 1}] * 3},
                "status": "OK",
            },
            indent=indent,
        )
        for number in range(4)
    ]
    text = texts[damaged]
    texts[damaged] = text[: 60 + place] + instead + text[60 + place + lost :]
    data = "\n".join(texts).encode()
    blocks = (data[start : start + block_bytes] for start in range(0, len(data), block_bytes))
    pieces = rest_api.FORMAT.split("f", "m", ByteStream(blocks), chunk_bytes)
    lines = [line for piece in pieces if isinstance(piece, Piece) for line in piece.data.split(b"\n")]
    expected = [f"{number}-{each}" for number in range(4) if number != damaged for each in range(3)]
    found = [identifier for line in lines if (identifier := _id_in(line)) in expected]
    assert found == expected


def _id_in(line: bytes) -> str:
    """The id of a record that is whole."""
    try:
        return str(json.loads(line)["id"])
    except (ValueError, LookupError):
        return ""


@pytest.mark.parametrize("count", [31, 32, 33, 63, 64, 65, 1_000])
def test_records_are_found_behind_however_many_facets(count: int):
    facets = {"a": [{"value": "x", "count": 1}] * count}
    text = json.dumps({"resultCount": 1, "facets": facets, "records": [{"id": "a"}], "status": "OK"})
    found, refused = read(text.encode())
    assert ([one["id"] for one in found], refused) == (["a"], [])


def test_facets_alone_are_no_fault_however_many():
    text = json.dumps({"resultCount": 1, "facets": {"a": [{"value": "x" * 100}] * 20_000}, "status": "OK"})
    assert read(text.encode()) == ([], [])


@pytest.mark.parametrize(
    "one", [b'[{"id":"a"}]\n', b'{"id":"a"},\n', b'{"id":"a"}\nab"c\n', b'{"resultCount":1,"records":[{"\n']
)
def test_what_is_short_and_many_takes_its_time_once(one: bytes):
    began = time.process_time()
    for _ in rest_api.FORMAT.split("f", "m", ByteStream(iter([one * 40_000])), 32 << 20):
        pass
    assert time.process_time() - began < 20


def test_answers_that_are_short_and_many_take_no_longer_than_one():
    one = b'{"resultCount":1,"records":[{"id":"a","title":"%b"}],"status":"OK"}\n' % (b"x" * 2_000)
    began = time.process_time()
    parts = list(rest_api.FORMAT.split("f", "m", ByteStream(iter([one * 4_000])), 32 << 20))
    assert time.process_time() - began < 10
    assert sum(isinstance(part, Piece) for part in parts) == 4_000


@pytest.mark.parametrize("chunk_bytes", [1, 5_000, 32 << 20])
def test_an_answer_without_records_is_kept_as_far_as_all_that_is_refused(chunk_bytes: int):
    long = json.dumps({"status": "ERROR", "statusMessage": "x", "why": ["y" * 70_000, {"z": 1}] * 16}).encode()
    for answer in (long[:-200_000] + b'"]}', long):
        data = answer.join([b'{"resultCount":1,"records":[{"id":"a"}]}', b'{"resultCount":1,"records":[{"id":"b"}]}'])
        found, [refused] = read(data, chunk_bytes)
        assert [one["id"] for one in found] == ["a", "b"]
        assert (refused.length, refused.raw) == (len(answer), answer[: 1 << 20])


def test_several_answers_in_a_folder(tmp_path: Path):
    for name in "ab":
        (tmp_path / f"{name}.json").write_text(json.dumps({"resultCount": 1, "records": [{"id": name}]}))
    [chunk] = read_chunks(tmp_path)
    assert not isinstance(chunk, Unreadable)
    assert parse_chunk(chunk).documents.column("id").to_pylist() == ["a", "b"]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
_NAMES = st.sampled_from(
    ["title", "authors", "urls", "subjects", "series", "formats", "rawData", "isbns", "primaryAuthors"]
)


@given(st.lists(st.dictionaries(_NAMES, _VALUES, max_size=5), min_size=1, max_size=4), st.integers(1, 300))
def test_any_record_is_read_or_refused(records: list[dict[str, Any]], chunk_bytes: int):
    written = [{"id": str(number), **record} for number, record in enumerate(records)]
    data = json.dumps({"resultCount": len(written), "records": written}).encode()
    found, refused = read(data, chunk_bytes)
    assert len(found) + len(refused) == len(written)


@given(st.binary(max_size=60), st.integers(1, 40))
def test_no_byte_is_read_twice_whatever_follows_a_record(tail: bytes, chunk_bytes: int):
    data = b'{"resultCount":1,"records":[{"id":"a"}' + tail
    end = 0
    for part in rest_api.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        if isinstance(part, Piece):
            rest_api.FORMAT.parse((part,))
        begun, length = part.offset, len(part.data) if isinstance(part, Piece) else part.length
        assert end <= begun
        end = begun + length
    assert end <= len(data)
