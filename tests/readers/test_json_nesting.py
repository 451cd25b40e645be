"""JSON lines are found in columns as a parser reads them, or are left to it: no JSON is never taken for some."""

from contextlib import suppress
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.json_forms import NotPlainError
from pipelines.readers.json_gaps import IS_OBJECT, NO_ELEMENTS, NO_KEY, NO_MEMBERS, STRING
from pipelines.readers.json_nesting import Nesting, nesting_of

texts = st.sampled_from(["", "a", "b", "é\u4e2d", 'q"\\', "a\nb", "\U0001f600", "[{", "long enough"])
values = st.recursive(texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
documents = st.dictionaries(texts, values, min_size=1, max_size=4)
literals = st.sampled_from([None, True, 1, -2.5, [1], [None, "a"], [[]], [{}]])


def rebuilt(found: Nesting) -> list[Any]:
    """The documents, put together of what was found."""
    strings = found.texts(np.arange(len(found.value), dtype=np.int32)).to_pylist()
    brackets = found.brackets
    made: list[Any] = [{} if kind == IS_OBJECT else [] for kind in brackets.kind.tolist()]
    members: list[tuple[int, int, Any]] = []
    for number, (parent, key) in enumerate(zip(brackets.parent.tolist(), brackets.key.tolist(), strict=True)):
        if parent >= 0:
            members.append((int(brackets.start[number]), parent, (strings[key] if key >= 0 else None, made[number])))
    for place, (value, within) in enumerate(zip(found.value.tolist(), found.within.tolist(), strict=True)):
        if value in (STRING, NO_ELEMENTS, NO_MEMBERS):
            content = {STRING: strings[(place + 1) % len(strings)], NO_ELEMENTS: [], NO_MEMBERS: {}}[value]
            members.append((int(found.opened[place]), within, (strings[place], content)))
        elif value == NO_KEY and brackets.kind[within] != IS_OBJECT:
            members.append((int(found.opened[place]), within, (None, strings[place])))
    for _, parent, (key, value) in sorted(members, key=lambda one: one[0]):
        if key is None:
            made[parent].append(value)
        else:
            made[parent][key] = value
    return [one for one, parent in zip(made, brackets.parent.tolist(), strict=True) if parent < 0]


@given(st.lists(documents, min_size=1, max_size=3), st.booleans())
def test_finds_what_a_parser_reads(read: list[Any], spaced: bool):
    text = b"\n".join(orjson.dumps(one) for one in read)
    if spaced:
        text = text.replace(b'":"', b'" : "')
        read = [orjson.loads(line) for line in text.split(b"\n")]
    try:
        found = nesting_of(text, len(read))
    except NotPlainError:
        return
    for row, (one, made) in enumerate(zip(read, rebuilt(found), strict=True)):
        assert found.odd[row] or one == made


@pytest.mark.parametrize("name", ["a", "é", 'q"'])
@pytest.mark.parametrize(
    "value", ["v", [], {}, ["v", "w"], {"a": "b"}, {"a": {}}, {"a": [{"b": "c"}, {"b": []}]}, [["a"], ["b"]]]
)
def test_leaves_nothing_that_is_plain_to_the_parser(name: str, value: Any):
    documents = [{"id": "1", name: value}, {name: value, "id": "2"}]
    found = nesting_of(b"\n".join(map(orjson.dumps, documents)), 2)
    assert not found.odd.any()
    assert rebuilt(found) == documents


@given(documents, literals)
def test_says_which_lines_hold_more_than_is_told(document: dict[str, Any], literal: Any):
    text = b"\n".join(map(orjson.dumps, [{"id": "1"}, {"x": "y", "z": literal} | document | {"z": literal}]))
    with suppress(NotPlainError):
        assert nesting_of(text, 2).odd.tolist() == [False, True]


# Lines are told apart before, by each newline.
SIGNS = st.binary(max_size=2).filter(lambda sign: b"\n" not in sign) | st.sampled_from(
    [b'"', b"{", b"}", b"[", b"]", b",", b":"]
)


@given(documents, st.integers(0, 300), SIGNS, st.integers(0, 3))
def test_a_broken_line_is_never_taken_for_json(document: dict[str, Any], at: int, put: bytes, dropped: int):
    line = orjson.dumps(document)
    broken = line[:at] + put + line[at + dropped :]
    try:
        nesting_of(broken + b"\n" + line, 2)
    except NotPlainError:
        return
    assert isinstance(orjson.loads(broken), dict)


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":"b"', b'{"a":"b"}}', b'{"a":"b"]', b'{"a":["b"}', b'{"a" "b"}', b'{"a":"b" "c":"d"}', b'{"a","b"}',
        b'{"a":["b":"c"]}', b'{"a":{"b"}}', b'{"a":"b",}', b'{"a":["b",]}', b'{,"a":"b"}', b'{"a":"b","c"}',
        b'{"a":"b"}{"c":"d"}', b'{"a":["b"],["c"]}', b'{"a":[{"b":"c"},"d":"e"]}', b'{"a":{"b":"c"},{"d":"e"}}',
        b'{"a":"b",1}', b'{"a":01,"b":"c"}', b'{"a":nul,"b":"c"}', b'["a"]', b'{"a":"\xff"}', b'{"a":"\\x"}',
        b'{"a":"\x01"}', b'{"a"::"b"}', b'{"a":[[],{"b":"c"}],"d"}', b'{"a":"\\ud800"}', b"{}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 1])
def test_refuses(line: bytes, place: int):
    lines = [b'{"id":"1"}', b'{"id":"2"}']
    lines[place] = line
    with pytest.raises(NotPlainError):
        nesting_of(b"\n".join(lines), 2)
