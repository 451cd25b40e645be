"""JSON that is whole is read as it stands, however its parts are set in over lines, and whatever stands in it."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.readers import solr_json
from tests.readers.reading import read

CHUNKS: Final = (1, 37, 1 << 20)
#: What may stand between two parts of JSON.
BLANKS: Final = ["", " ", "\n", "\n ", "\n  "]
FRAMES: Final = {
    "array": "[{}]",
    "answer": '{{"responseHeader":{{"status":0}},"response":{{"numFound":9,"docs":[{}]}}}}',
}
LEAVES: Final = st.sampled_from(["x", "]", "{", '{"id":', "\n{", "é", 1, None, True])
KEYS: Final = st.sampled_from(["id", "a", "b"])
VALUES: Final = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=2), max_leaves=6
)


def laid_out(value: Any, blanks: dict[str, str]) -> str:
    """JSON with what ``blanks`` say before and behind each part of a kind."""
    if isinstance(value, dict):
        members = [
            f"{blanks['key']}{json.dumps(key)}{blanks['colon']}:{blanks['value']}{laid_out(one, blanks)}"
            for key, one in value.items()
        ]
        return "{" + f"{blanks['member end']},".join(members) + blanks["object end"] + "}"
    if isinstance(value, list):
        elements = [blanks["element"] + laid_out(one, blanks) for one in value]
        return "[" + ",".join(elements) + blanks["list end"] + "]"
    return json.dumps(value)


KINDS: Final = ("key", "colon", "value", "member end", "object end", "element", "list end")


def check(text: str, ids: list[str]) -> None:
    for chunk_bytes in CHUNKS:
        found, refused = read(solr_json.FORMAT, text.encode(), chunk_bytes)
        assert ([one["id"] for one in found], refused) == (ids, [])


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(
    "document",
    [
        '{\n "id":"1",\n "a":[{"id":"x"},\n{\n "id":"y"}]\n}',
        '{\n "id":"1",\n "a":["s",\n{\n "id":"y"}]\n}',
        '{\n "id":"1",\n "a":[["s"],\n{\n "id":"y"\n}\n]\n}',
        '{\n "id":"1",\n "a":{"b":[1,\n{\n "id":"y"}]}\n}',
        '{\n "id":"1",\n "a":["s",\n{\n "id":"y"},"' + "x" * 70_000 + '"]\n}',
        '{\n "id":"1",\n "a":["s"' + ',\n{\n "id":"y"}' * 500 + "]\n}",
    ],
)
def test_an_object_in_a_list_of_a_document_is_none_though_its_line_begins_as_those_of_documents(
    frame: str, document: str
):
    second = document.replace('"1"', '"2"')
    for documents, ids in (
        ([document, '{\n "id":"2"\n}'], ["1", "2"]),
        ([document, second], ["1", "2"]),
        ([document], ["1"]),
    ):
        check(FRAMES[frame].format("\n" + ",\n".join(documents) + "\n"), ids)


@pytest.mark.parametrize("chunk_bytes", CHUNKS)
def test_nor_where_what_follows_the_document_is_none(chunk_bytes: int):
    data = b'[\n{\n "id":"0"\n},\n{\n "id":"1",\n "a":["s",\n{\n "id":"y"}]\n},null,\n{\n "id":"2"\n}\n]'
    found, refused = read(solr_json.FORMAT, data, chunk_bytes)
    assert [one["id"] for one in found] == ["0", "1", "2"]
    assert [row.raw for row in refused] == [b"null"]


@pytest.mark.parametrize("chunk_bytes", CHUNKS)
def test_a_document_that_is_cut_off_in_a_list_takes_no_other_answer_along(chunk_bytes: int):
    first = '{"docs":[\n{\n "id":"0"\n},\n{\n "id":"1",\n "a":["s",\n{\n "id":"2"\n}\n]}'
    second = '{"docs":[\n{\n "id":"3"\n},\n{\n "id":"4"\n}\n]}'
    found, refused = read(solr_json.FORMAT, f"{first}\n{second}".encode(), chunk_bytes)
    assert [one["id"] for one in found] == ["0", "2", "3", "4"]
    assert len(refused) == 1


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES, max_size=3), min_size=1, max_size=5),
    st.fixed_dictionaries({kind: st.sampled_from(BLANKS) for kind in KINDS}),
    st.sampled_from(sorted(FRAMES)),
)
@example([{"a": [1, {"id": "x"}]}] * 2, dict.fromkeys(KINDS, "") | {"element": "\n", "key": "\n "}, "array")
def test_whole_json_is_read_as_json_says(documents: list[dict[str, Any]], blanks: dict[str, str], frame: str):
    named = [{"id": f"r{number}", "title": "T", **one} for number, one in enumerate(documents)]
    text = ",".join(blanks["element"] + laid_out(one, blanks) for one in named)
    check(FRAMES[frame].format(text), [one["id"] for one in named])
