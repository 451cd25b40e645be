"""JSON lines cut out of their bytes: the same columns that a parser gives, or none."""

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyarrow import json as pa_json

from pipelines.readers import json_spans, json_strings
from pipelines.readers.byte_spans import is_utf8
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.json_forms import NotPlainError
from pipelines.readers.json_shape import FLAG, NUMBER, TEXT, TEXTS, Shape
from pipelines.readers.json_spans import UnfitError, read_spans
from pipelines.readers.json_strings import Strings, strings_of
from tests.readers.reading import needs_compiled_code

SHAPE: Shape = {"_version_": NUMBER, "id": TEXT, "title": TEXT, "author": TEXTS, "url": TEXTS, "is_new": FLAG}


@pytest.fixture(autouse=True, params=sorted({IS_COMPILED, False}))
def short_stretches(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few documents are several stretches of the text, read by compiled code and without."""
    monkeypatch.setattr(json_spans, "_STRETCH", 50)
    monkeypatch.setattr(json_strings, "IS_COMPILED", request.param)


def parsed(text: bytes) -> dict[str, pa.Array]:
    table = pa_json.read_json(
        pa.BufferReader(text),
        parse_options=pa_json.ParseOptions(explicit_schema=pa.schema(SHAPE), unexpected_field_behavior="error"),
    ).combine_chunks()
    return {name: table.column(name).combine_chunks() for name in table.column_names}


def whole(columns: dict[str, pa.Array]) -> dict[str, pa.Array]:
    for column in columns.values():
        column.validate(full=True)
    return columns


@pytest.mark.parametrize(
    "lines",
    [
        [b'{"id":"1"}'],
        [b'{"id":"1","title":"A","author":["B","C"],"url":["u"]}', b'{"url":["x","y","z"],"id":"2"}'],
        [b'{ "id" : "1" , "author" : [ "B" , "C" ] , "title" : "A" }'],
        [b'{"id":"1","_version_":1784839000504139776,"is_new":true}', b'{"is_new":false,"id":"2","_version_":-7}'],
        [b'{"id":"1","_version_":5}', b'{"id":"2","_version_":null,"title":null,"author":null,"is_new":null}'],
        [b'{"id":"1","author":[]}', b'{"id":"2","author":[ ],"title":"A"}', b'{"id":"3","author":["B"]}'],
        [b'{"id":"1","title":"a \\"word\\" and \\\\"}', b'{"id":"2","title":"\\u00e9\\ud83d\\ude00\\n\\/"}'],
        [b'{"id":"1","author":["\\\\\\"","\\"\\\\","B"]}'],
        ['{"id":"1","title":"é 😀 {,}:[]","author":["","王李"]}'.encode(), b'{"id":"","title":""}'],
        [b'{"_version_":0,"id":"1"}\r', b'{"id":"2","_version_":1}\r'],
    ],
)  # fmt: skip
def test_reads_what_programs_write(lines: list[bytes]):
    for text in (b"\n".join(lines), b"\n".join(lines) + b"\n", b"\n\n" + b"\n\n".join(lines)):
        assert whole(read_spans(text, len(lines), SHAPE)) == parsed(text)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"id"}',
        b'{"id":}',
        b'{"id":"1",}',
        b'{"id":"1" "title":"A"}',
        b'{"id":"1","title":"A","title":"B"}',
        b'{"id":"1","title":["A"]}',
        b'{"id":"1","title":7}',
        b'{"id":"1","title":[]}',
        b'{"id":"1","author":"A"}',
        b'{"id":"1","author":["A",]}',
        b'{"id":"1","author":["A",null]}',
        b'{"id":"1","author":["A"],"B"]}',
        b'{"id":"1","author":["A":"B"]}',
        b'{"id":"1","author":["A"}',
        b'{"id":"1","author":["A",["B"]]}',
        b'{"id":"1","title":{"set":"A"}}',
        b'{"id":"1","_version_":"7"}',
        b'{"id":"1","_version_":07}',
        b'{"id":"1","_version_":-0}',
        b'{"id":"1","_version_":1.0}',
        b'{"id":"1","_version_":1e3}',
        b'{"id":"1","_version_":true}',
        b'{"id":"1","_version_":[7]}',
        b'{"id":"1","_version_":9223372036854775808}',
        b'{"id":"1","is_new":1}',
        b'{"id":"1","is_new":"true"}',
        b'{"id":"1"}{"id":"2"}',
        b'{"id":"1","title":"a\tb"}',
        b'{"id":"1","title":"\\x"}',
        b'{"id":"1","title":"\\ud800"}',
        b'{"id":"1","title":"A\\"}',
        b'{"id":"1",\\"title":"A"}',
        b'{"\\u0069d":"1"}',
    ],
)
def test_leaves_all_else_to_the_parser(line: bytes):
    good = b'{"id":"0","title":"A","author":["B"]}'
    for lines in ([line], [good, line], [line, good]):
        with pytest.raises(NotPlainError):
            read_spans(b"\n".join(lines), len(lines), SHAPE)


def test_refuses_fields_that_are_not_in_the_shape():
    with pytest.raises(UnfitError, match="other"):
        read_spans(b'{"id":"1","other":"A"}', 1, SHAPE)


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_DOCUMENT = st.fixed_dictionaries(
    {"id": _TEXTS},
    optional={
        "title": st.none() | _TEXTS,
        "author": st.none() | st.lists(_TEXTS, max_size=3),
        "url": st.lists(st.sampled_from(["a", '"', "\\", ",", "]}\n{", '":"']), max_size=3),
        "_version_": st.none() | st.integers(-(1 << 63), (1 << 63) - 1),
        "is_new": st.none() | st.booleans(),
    },
)
_SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" ,  ", " :\t")])
_NEW = st.sampled_from([b"}", b"{", b'"', b",", b":", b"\\", b" ", b"1", b"]", b"[", b"\n", b'":', b'","', b"null"])


def written(document: dict[str, Any], separators: tuple[str, str], ascii_only: bool) -> bytes:
    return json.dumps(document, separators=separators, ensure_ascii=ascii_only).encode()


@given(st.lists(st.builds(written, _DOCUMENT, _SEPARATORS, st.booleans()), min_size=1, max_size=8))
def test_reads_any_document_of_the_shape_as_the_parser_does(lines: list[bytes]):
    text = b"\n".join(lines)
    try:
        columns = read_spans(text, len(lines), SHAPE)
    except NotPlainError:
        # The greatest of the numbers, and tabs as separators.
        assert b"\t" in text or b"9223372036854775" in text
        return
    assert whole(columns) == parsed(text)


@given(st.builds(written, _DOCUMENT, _SEPARATORS, st.booleans()), st.integers(0, 300), st.integers(0, 2), _NEW)
def test_a_broken_line_is_never_read_as_another(line: bytes, at: int, dropped: int, new: bytes):
    at %= len(line)
    text = b'{"id":"0"}\n' + line[:at] + new + line[at + dropped :] + b'\n{"id":"9","title":"Z"}'
    lines = text.split(b"\n")
    # The reader of the lines leaves out what is not UTF-8, as it does what is surely no object.
    if not is_utf8(text) or not all(one.startswith(b"{") and one.endswith(b"}") for one in lines):
        return
    try:
        columns = read_spans(text, len(lines), SHAPE)
    except UnfitError:
        with pytest.raises(pa.ArrowInvalid):
            parsed(text)
    except NotPlainError:
        return
    else:
        assert whole(columns) == parsed(text)


SIGNS = [
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "\r",
    "\t",
    "5",
    "null",
    "id",
    "\0",
    "é",
    '{"id":"1"}',
    '":"',
    '","',
]


def told(text: bytes, is_compiled: bool) -> Strings | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_strings, "IS_COMPILED", is_compiled)
        try:
            return strings_of(text, text.count(b"\n") + 1)
        except NotPlainError:
            return None


@needs_compiled_code
@given(st.lists(st.sampled_from(SIGNS), max_size=14).map(lambda signs: "".join(signs).encode()))
@example(b'{"id":"1","a":[ "x" , "y" ] , "b":["z"] }  \n { "id":"2"}')
def test_strings_are_those_that_compiled_code_finds(text: bytes):
    compiled, columns = told(text, True), told(text, False)
    if compiled is None or columns is None:
        return
    assert [compiled.opened.tolist(), compiled.closed.tolist()] == [columns.opened.tolist(), columns.closed.tolist()]
    within = b"".join(text[start:end] for start, end in zip(compiled.opened, compiled.closed, strict=True))
    # A backslash elsewhere is of no form.
    assert compiled.escaped.tolist() == columns.escaped.tolist() or within.count(b"\\") < text.count(b"\\")
    # Forms that are longer than a word are looked at later where columns are.
    assert all(one == other or other < 0 for one, other in zip(compiled.forms, columns.forms, strict=True))


@needs_compiled_code
@pytest.mark.parametrize("text", [b'{"id":"1', b'{"id":"1\\', b'{"id":"a\x01"}', b'{"id":"a\nb"}', b"{}", b""])
def test_strings_that_are_none_are_left_to_others(text: bytes):
    assert told(text, True) is None
