"""JSON lines: every value arrives as it was written, and what is no document is quarantined alone."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.readers import json_lines
from pipelines.readers.chunks import Batch, Piece
from pipelines.readers.documents import to_documents
from pipelines.readers.json_exact import NotADocumentError, parse_document
from pipelines.records import MULTI_VALUED_FIELDS, QUARANTINED, RAW_RECORDS, SINGLE_VALUED_FIELDS


def parse(data: bytes, offset: int = 0, line: int = 1) -> Batch:
    return json_lines.FORMAT.parse((Piece("dump.jsonl", "", offset, line, data),))


def documents(batch: Batch) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name != "_lineage"} for one in to_documents(batch.documents)]


def test_gives_the_declared_frames():
    batch = parse(b'{"id":"1"}\n{"id":}\n')
    assert batch.documents.schema == RAW_RECORDS
    assert batch.quarantined.schema == QUARANTINED


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"id": "1", "title": "A"}, {"id": "1", "title": "A"}),
        ({"id": 7}, {"id": "7"}),
        ({"id": ["7"]}, {"id": "7"}),
        ({"id": "1", "publisher": "MDPI"}, {"id": "1", "publisher": ["MDPI"]}),
        ({"id": "1", "publishDate": 2022}, {"id": "1", "publishDate": ["2022"]}),
        ({"id": "1", "publishDate": [2022, 2023]}, {"id": "1", "publishDate": ["2022", "2023"]}),
        ({"id": "1", "illustrated": True}, {"id": "1", "illustrated": "true"}),
        ({"id": "1", "title": ["A"]}, {"id": "1", "title": "A"}),
        ({"id": "1", "title": ["A", "B"]}, {"id": "1", "title": ["A", "B"]}),
        ({"id": "1", "title": []}, {"id": "1"}),
        ({"id": "1", "author": []}, {"id": "1", "author": []}),
        ({"id": "1", "author": None}, {"id": "1"}),
        ({"id": "1", "_version_": 1784839000504139776}, {"id": "1", "_version_": 1784839000504139776}),
        ({"id": "1", "_version_": "17"}, {"id": "1", "_version_": "17"}),
        ({"id": "1", "_version_": 1 << 70}, {"id": "1", "_version_": 1 << 70}),
        ({"id": "1", "last_str": "1994-11-19"}, {"id": "1", "last_str": "1994-11-19"}),
        ({"id": "1", "huge": 1 << 80}, {"id": "1", "huge": 1 << 80}),
        ({"id": "1", "score": 3.25}, {"id": "1", "score": 3.25}),
        ({"id": "1", "file": "f", "extra": "e", "line": 1}, {"id": "1", "file": "f", "extra": "e", "line": 1}),
        ({"id": "1", "author_cut": "x"}, {"id": "1", "author_cut": "x"}),
        ({"id": "1", "title": "a\x00b\n\"\\ é 😀"}, {"id": "1", "title": "a\x00b\n\"\\ é 😀"}),
    ],
)  # fmt: skip
def test_reads_a_value_of_any_shape(written: dict[str, Any], read: dict[str, Any]):
    batch = parse(json.dumps(written).encode())
    assert batch.quarantined.num_rows == 0
    assert documents(batch) == [read]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({"id": "1", "title": {"main": "A"}}, "title holds objects or lists"),
        ({"id": "1", "title": [{"main": "A"}]}, "title holds objects or lists"),
        ({"id": "1", "author": ["A", ["B"]]}, "author holds objects or lists"),
        (
            {"id": "1", "type": "book", "author": [{"family": "Wu"}], "issued": {}},
            "author holds objects or lists",
        ),
    ],
)
def test_a_field_of_the_index_holds_no_objects(written: dict[str, Any], reason: str):
    """Such documents are of other programs: they were records without the fields that have them."""
    batch = parse(json.dumps(written).encode())
    assert batch.documents.num_rows == 0
    assert batch.quarantined.column("reason").to_pylist() == [f"no document of VuFind's index: its {reason}"]


@pytest.mark.parametrize(
    ("line", "extra"),
    [
        (b'{"id":"1","x":1.10}', '{"x":1.10}'),
        (b'{"id":"1","x":1e400}', '{"x":1e400}'),
        (b'{"id":"1","x":-0}', '{"x":-0}'),
        (b'{"id":"1","x":123456789012345678901234567890}', '{"x":123456789012345678901234567890}'),
        (b'{"id":"1","b":"2","a":[1,null],"c":true}', '{"a":[1,null],"b":"2","c":true}'),
        (b'{"id":"1","a":[],"b":["\\"","\\\\,"]}', '{"a":[],"b":["\\"","\\\\,"]}'),
        (b'{"id":"1","a":{"z":1.0,"y":[{}]}}', '{"a":{"z":1.0,"y":[{}]}}'),
        (b'{"id":"1","t":"\\u001f\\u0000"}', '{"t":"\\u001f\\u0000"}'),
    ],
)
def test_local_fields_keep_every_digit_and_stand_by_name(line: bytes, extra: str):
    assert parse(line).documents.column("extra").to_pylist() == [extra]


@pytest.mark.parametrize(
    ("line", "column", "text"),
    [
        (b'{"id":"1","publishDate":[2022.10]}', "publishDate", ["2022.10"]),
        (b'{"id":"1","publishDate":-0}', "publishDate", ["-0"]),
        (b'{"id":123456789012345678901234567890}', "id", "123456789012345678901234567890"),
        (b'{"id":"1","author":"A","author":["B"]}', "author", ["A", "B"]),
    ],
)
def test_numbers_become_their_text_and_repeated_keys_are_gathered(line: bytes, column: str, text: object):
    assert parse(line).documents.column(column).to_pylist() == [text]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id":"2"', "not JSON: Expecting ',' delimiter at character 9"),
        (b'{"id":"2"} x}', "not JSON: Extra data at character 11"),
        (b'{"id":"2"}{"id":"3"}', "not JSON: Extra data at character 10"),
        (b'{"id":"\xff"}', "not UTF-8: byte 0xff at byte 7"),
        (b'{"id":"2","x":NaN}', "not JSON: NaN is no number"),
        (b'{"id":"2","x":-Infinity}', "not JSON: -Infinity is no number"),
        (b'{"id":"2","x":"\\ud800"}', "a lone surrogate in the field x at character 0"),
        (b'{"id":"2","x":"a\tb"}', "not JSON: Invalid control character at character 16"),
        (b'{"title":"A"}', "no id"),
        (b'{"id":null}', "no id"),
        (b'{"id":""}', "no id: the field id is empty"),
        (b'{"id":" \\u0000"}', "no id: the field id is empty"),
        (b'{"id":true}', "no id: the field id is a boolean"),
        (b'{"id":["a","b"]}', "no id: the field id is a list of 2"),
        (b'{"id":{"a":1}}', "no id: the field id is an object"),
        (b"[1]", "not an object but a list of 1"),
        (b'{"id":"1","title":{"set":"B"}}', "an update of single fields, no document: title is to set"),
        (b'{"id":"1","era":{"add":1,"inc":2}}', "an update of single fields, no document: era is to add and inc"),
        (b'{"id":"1","local":{"inc":1}}', "an update of single fields, no document: local is to inc"),
        (b"null", "not an object but null"),
        (b"garbage", "not JSON: Expecting value at character 0"),
        (b'{"id":"2","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not readable: nested too deeply"),
    ],
)
def test_a_bad_line_is_quarantined_alone(line: bytes, reason: str):
    batch = parse(b'{"id":"1"}\n' + line + b'\n{"id":"3"}\n', offset=100, line=7)
    assert documents(batch) == [{"id": "1"}, {"id": "3"}]
    assert batch.quarantined.to_pylist() == [
        {
            "file": "dump.jsonl",
            "member": "",
            "offset": 111,
            "length": len(line),
            "line": 8,
            "reason": reason,
            "raw": line,
            "format": "",  # for the registry to say
            "part": "",
            "context": b"",
        }
    ]


def test_lineage_points_at_the_bytes():
    data = b'   {"id":"0"}\r\n\n  \n{"id":"1"}  \r\n\r\n{"id":"2"}'
    found = parse(data, offset=50, line=3).documents.select(["offset", "length", "line"]).to_pylist()
    assert [data[one["offset"] - 50 :][: one["length"]] for one in found] == [
        b'{"id":"0"}',
        b'{"id":"1"}',
        b'{"id":"2"}',
    ]
    assert [one["line"] for one in found] == [3, 6, 8]


@pytest.mark.parametrize("after", [b",", b" ,", b",  ", b",\r", b"\n,", b""])
@pytest.mark.parametrize("last", [b"\n", b",\n", b"", b","])
def test_lines_of_an_array_that_was_cut_into_files_may_end_with_commas(after: bytes, last: bytes):
    lines = [b'{"id":"%d","title":"a,"}' % number for number in range(100)]
    data = (after + b"\n").join(lines) + last
    batch = parse(data)
    assert batch.quarantined.num_rows == 0
    assert [one["id"] for one in documents(batch)] == [str(number) for number in range(100)]
    for one, line in zip(to_documents(batch.documents), lines, strict=True):
        place = one["_lineage"]
        assert data[place["offset"] :][: place["length"]] == line


def test_a_comma_repairs_nothing_else():
    batch = parse(b'{"id":"1"},,\n{"id":"2"\n},\n{"id":"3"}, {"id":"4"},\n{"id":"5"},\n')
    assert [one["id"] for one in documents(batch)] == ["5"]
    raws = batch.quarantined.column("raw").to_pylist()
    assert raws == [b'{"id":"1"},,', b'{"id":"2"', b"},", b'{"id":"3"}, {"id":"4"},']


def test_pieces_of_several_files_keep_their_own_lineage():
    pieces = (Piece("a", "", 0, 1, b'{"id":"1"}\n{"id":"2"}\n'), Piece("b", "m", 70, 0, b'{"id":"3"}\n\n{"id":"4"}'))
    found = json_lines.FORMAT.parse(pieces).documents.select(["id", "file", "member", "offset", "line"]).to_pylist()
    assert [tuple(one.values()) for one in found] == [
        ("1", "a", "", 0, 1), ("2", "a", "", 11, 2), ("3", "b", "m", 70, 0), ("4", "b", "m", 82, 0),
    ]  # fmt: skip


def test_a_few_odd_lines_among_many_keep_their_place():
    rows: list[dict[str, Any]] = [{"id": str(number), "publisher": ["P"]} for number in range(3000)]
    rows[5] = {"id": "5", "publisher": "P"}
    rows[1700] = {"id": "1700", "note": [{"name": "P"}]}
    rows[2900] = {"id": "2900", "local_str": "new"}
    lines = [json.dumps(row).encode() for row in rows]
    lines[2999] = b'{"id":"2999","publisher":["P"],"publisher":["Q"]}'
    rows[5]["publisher"], rows[2999]["publisher"] = ["P"], ["P", "Q"]
    assert documents(parse(b"\n".join(lines))) == rows


_NAME = st.sampled_from(["last_str", "note_txt_mv", "n", 'a"b', "é", "score"])
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_NUMBER = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    _TEXT | _NUMBER | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAME, inner, max_size=2),
    max_leaves=6,
)
_DOCUMENT = st.builds(
    lambda identifier, single, multi, local: {"id": identifier, **single, **multi, **local},
    _TEXT.filter(lambda text: text.strip(" \t\r\n\f\v\0")),
    st.dictionaries(st.sampled_from(SINGLE_VALUED_FIELDS[1:5]), _TEXT | st.lists(_TEXT, min_size=2, max_size=3)),
    st.dictionaries(st.sampled_from(MULTI_VALUED_FIELDS[:5]), st.lists(_TEXT, max_size=3)),
    st.dictionaries(_NAME, _JSON, max_size=3),
)


@settings(max_examples=50)
@given(st.lists(_DOCUMENT, max_size=8))
def test_documents_come_out_as_they_went_in(written: list[dict[str, Any]]):
    batch = parse("\n".join(json.dumps(one, ensure_ascii=bool(len(written) % 2)) for one in written).encode())
    assert batch.quarantined.num_rows == 0
    assert documents(batch) == written


_LINE = st.one_of(
    _DOCUMENT.map(orjson_line := lambda one: json.dumps(one).encode()),
    st.builds(
        lambda line, at, new: line[: at % (len(line) + 1)] + new + line[at % (len(line) + 1) :],
        _DOCUMENT.map(orjson_line),
        st.integers(0, 500),
        st.sampled_from([b"}", b"{", b'"', b",", b"\\", b"\xff", b"NaN", b" ", b"1", b'{"id":"x"}', b"[", b"\x00"]),
    ),
)


@given(st.lists(_LINE, min_size=1, max_size=6))
def test_the_fast_way_reads_exactly_what_the_exact_one_reads(lines: list[bytes]):
    batch = parse(b"\n".join(lines))
    expected, refused = [], []
    for line in lines:
        try:
            expected.append(parse_document(line.strip(b" ")))
        except NotADocumentError as error:
            refused.append(str(error))
    names = [name for name in RAW_RECORDS.names if name not in {"file", "member", "offset", "length", "line"}]
    assert batch.documents.select(names).to_pylist() == [{name: row.get(name) for name in names} for row in expected]
    assert batch.quarantined.column("reason").to_pylist() == refused


@settings(max_examples=25)
@given(st.lists(st.lists(_LINE, min_size=1, max_size=3), min_size=2, max_size=4))
def test_what_was_read_before_changes_nothing(dumps: list[list[bytes]]):
    first = [parse(b"\n".join(lines)) for lines in dumps]
    again = [parse(b"\n".join(lines)) for lines in reversed(dumps)]
    assert first == list(reversed(again))


@pytest.mark.parametrize(
    ("head", "recognised"),
    [
        (b'{"id":"1"}', True),
        (b'\xef\xbb\xbf{"id":"1"}\n', True),
        (b'garbage\n{"id":"1"}\n', True),
        (b'{"id": "cut o\n{"id":"1"}\n', True),
        (b'[1,2]\n{"id":"1"}\n{"id":"2"}\n', True),
        (b'[\n{"id":"1"},\n{"id":"2"}\n]', False),
        (b'{\n  "id": "1",\n  "title": "A"\n}', False),
        (b'{"responseHeader":{"status":0},"response":{"docs":[\n{"id":"1"},\n{"id":"2"}]}}', False),
        (b"# A dump\nEach line is such a document:\n\n{\"id\":\"1\"}\n", False),
        (b"\n\n", False),
    ],
)  # fmt: skip
def test_recognises_its_format_by_content(head: bytes, recognised: bool):
    assert json_lines.FORMAT.recognises(head) is recognised


def test_what_is_kept_of_a_document_is_json():
    assert orjson.loads(parse(b'{"id":"1","x":{"a":[1.5]}}').documents.column("extra")[0].as_py()) == {
        "x": {"a": [1.5]}
    }
