"""JSON lines are found in columns as a parser reads them, or are left to it: no JSON is never taken for some."""

import json
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.chunks import Piece
from pipelines.readers.json_nesting import (
    IS_ARRAY,
    IS_OBJECT,
    NO_ELEMENTS,
    NO_KEY,
    NO_MEMBERS,
    STRING,
    Nesting,
    nesting_of,
)
from pipelines.readers.lines import find_lines
from tests.readers.made_alike import mixed
from tests.readers.reading import needs_compiled_code

pytestmark = needs_compiled_code

texts = st.sampled_from(["", "a", "b", "é\u4e2d", 'q"\\', "a\nb", "\U0001f600", "[{", "long enough"])
values = st.recursive(texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
documents = st.dictionaries(texts, values, min_size=1, max_size=4)
literals = st.sampled_from([None, True, 1, -2.5, [1], [None, "a"], [[]], [{}]])


def rebuilt(found: Nesting) -> list[Any]:
    """The documents, put together of what was found."""
    strings = found.texts(np.arange(len(found.value))).to_pylist()
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


def nesting(text: bytes) -> Nesting:
    lines = find_lines((Piece("f", "m", 0, 1, text),))
    return nesting_of(lines.text, lines.starts, lines.ends)


@given(st.lists(documents, min_size=1, max_size=3), st.booleans())
def test_finds_what_a_parser_reads(read: list[Any], spaced: bool):
    text = b"\n".join(orjson.dumps(one) for one in read)
    if spaced:
        text = text.replace(b'":"', b'" : "')
        read = [orjson.loads(line) for line in text.split(b"\n")]
    found = nesting(text)
    assert rebuilt(found) == [one for one, odd in zip(read, found.odd.tolist(), strict=True) if not odd]


@pytest.mark.parametrize("name", ["a", "é", 'q"'])
@pytest.mark.parametrize(
    "value", ["v", [], {}, ["v", "w"], {"a": "b"}, {"a": {}}, {"a": [{"b": "c"}, {"b": []}]}, [["a"], ["b"]]]
)
def test_leaves_nothing_that_is_plain_to_the_parser(name: str, value: Any):
    documents = [{"id": "1", name: value}, {name: value, "id": "2"}]
    found = nesting(b"\n".join(map(orjson.dumps, documents)))
    assert not found.odd.any()
    assert rebuilt(found) == documents


@given(documents, literals)
def test_leaves_lines_that_hold_more_to_the_parser(document: dict[str, Any], literal: Any):
    text = b"\n".join(
        map(orjson.dumps, [{"id": "1"}, {"x": "y", "z": literal} | document | {"z": literal}, {"i": "2"}])
    )
    found = nesting(text)
    assert found.odd.tolist() == [False, True, False]
    assert rebuilt(found) == [{"id": "1"}, {"i": "2"}]


def test_says_where_all_that_is_written_stands():
    found = nesting(b'{"a":"\\u00e9"}\n{"b": [{"c":"d"},{"e":[]}]}')
    spans = zip(found.brackets.start.tolist(), found.brackets.end.tolist(), strict=True)
    assert [found.text[start:end] for start, end in spans] == [
        b'{"a":"\\u00e9"}', b'{"b": [{"c":"d"},{"e":[]}]}', b'[{"c":"d"},{"e":[]}]', b'{"c":"d"}', b'{"e":[]}',
    ]  # fmt: skip
    strings = zip(found.opened.tolist(), found.closed.tolist(), strict=True)
    assert [found.text[start:end] for start, end in strings] == [b"a", b"\\u00e9", b"b", b"c", b"d", b"e"]
    assert found.row.tolist() == [0, 0, 1, 1, 1, 1]
    assert found.brackets.row.tolist() == [0, 1, 1, 1, 1]
    assert found.has_escapes
    assert not found.is_compact


@given(st.lists(documents, min_size=1, max_size=3))
def test_numbers_the_names_in_the_order_in_which_they_come_first(read: list[Any]):
    found = nesting(b"\n".join(map(orjson.dumps, read)))
    names = found.texts(np.flatnonzero(found.value != NO_KEY)).to_pylist()
    assert found.texts(found.first).to_pylist() == list(dict.fromkeys(names))
    assert found.texts(found.first[found.name]).to_pylist() == names


@given(st.lists(documents, min_size=1, max_size=3))
def test_groups_the_keys_by_their_names(read: list[Any]):
    found = nesting(b"\n".join(map(orjson.dumps, read)))
    keys = np.flatnonzero(found.value != NO_KEY)
    for number in range(len(found.first)):
        ours = keys[found.name == number]
        assert found.keys_of(number).tolist() == ours.tolist()
        assert found.outermost[number] == np.count_nonzero(found.brackets.parent[found.within[ours]] < 0)


@given(st.lists(documents, min_size=1, max_size=3))
def test_says_what_each_bracket_holds(read: list[Any]):
    found = nesting(b"\n".join(map(orjson.dumps, read)))
    brackets, count = found.brackets, len(found.brackets.kind)
    within = brackets.parent[brackets.parent >= 0], brackets.kind[brackets.parent >= 0]
    assert brackets.strings.tolist() == np.bincount(found.within, minlength=count).tolist()
    assert brackets.objects.tolist() == np.bincount(within[0][within[1] == IS_OBJECT], minlength=count).tolist()
    assert brackets.arrays.tolist() == np.bincount(within[0][within[1] == IS_ARRAY], minlength=count).tolist()
    keys = brackets.key[brackets.key >= 0]
    assert found.bracket[keys].tolist() == np.flatnonzero(brackets.key >= 0).tolist()
    assert np.count_nonzero(found.bracket >= 0) == len(keys)
    assert found.opened[brackets.first].tolist() == [found.opened[found.opened > at][0] for at in brackets.start]


members = st.recursive(
    st.just(b'"v"'),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda some: b"[" + b",".join(some) + b"]")
        | st.lists(st.tuples(st.sampled_from("abc"), inner), min_size=1, max_size=3).map(
            lambda some: b"{" + b",".join(b'"%s":%s' % (name.encode(), one) for name, one in some) + b"}"
        )
    ),
    max_leaves=12,
)


def says_twice(text: bytes) -> bool:
    found = []
    decoder = json.JSONDecoder(object_pairs_hook=lambda pairs: found.append([name for name, _ in pairs]))
    decoder.decode(text.decode())
    return any(len(set(names)) < len(names) for names in found)


@given(st.lists(members, min_size=1, max_size=4))
def test_tells_lines_in_which_an_object_says_a_name_twice(values: list[bytes]):
    lines = [b'{"a":%s,"b":"v"}' % one for one in values]
    found = nesting(b"\n".join(lines))
    assert found.says_twice.tolist() == [says_twice(line) for line in lines]


@pytest.mark.parametrize(
    ("line", "does"),
    [
        (b'{"a":{"a":{"a":"v"}}}', False), (b'{"b":{"a":"v","c":[{"a":"v"},{"a":"v"}]},"a":"v"}', False),
        (b'{"a":"v","b":{"a":{"a":"v"}},"a":"v"}', True), (b'{"b":[{"a":[{"a":"v"}],"c":"v","\\u0061":"v"}]}', True),
    ],
)  # fmt: skip
def test_a_name_within_what_an_object_holds_is_not_its_own(line: bytes, does: bool):
    assert nesting(line + b"\n" + line).says_twice.tolist() == [does, does]


def test_a_name_may_be_empty_and_nothing_else_be_there():
    found = nesting(b'{"":{"":""}}')
    assert (found.name.tolist(), found.texts(found.first).to_pylist()) == ([0, 0], [""])


def test_of_many_names_each_is_numbered_once():
    names = [f"name {number}" * (number % 4) + str(number) for number in range(5_000)]
    line = orjson.dumps(dict.fromkeys(names, "v"))
    found = nesting(line + b"\n" + line)
    assert found.name.tolist() == [*range(5_000), *range(5_000)]


def test_names_that_somebody_made_to_be_numbered_slowly_are_left_to_the_parser():
    # Their hashes begin alike, so that each would be compared with all before it.
    words = np.random.default_rng(1).integers(ord("A"), ord("Z"), (600_000, 8), np.uint8, endpoint=True)
    words[:, 0] = 0
    hashes = mixed(np.zeros(1, np.uint64), words.view(">u8")[:, 0].astype(np.uint64))
    alike = np.unique(words[hashes % 1024 == 0, 1:], axis=0)[:300]
    assert len(alike) == 300
    names = [word.tobytes().decode() for word in alike]
    assert nesting(orjson.dumps(dict.fromkeys(names, "v"))).odd.tolist() == [True]
    assert nesting(orjson.dumps(dict.fromkeys(names[:200], "v"))).odd.tolist() == [False]


# Lines are told apart before, by each newline.
SIGNS = st.binary(max_size=2).filter(lambda sign: b"\n" not in sign) | st.sampled_from(
    [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\u", b"\xc3", b"\xed\xa0"]
)


@given(documents, st.integers(0, 300), SIGNS, st.integers(0, 3))
def test_a_broken_line_is_never_taken_for_json(document: dict[str, Any], at: int, put: bytes, dropped: int):
    line = orjson.dumps(document)
    broken = line[:at] + put + line[at + dropped :]
    found = nesting(broken + b"\n" + line)
    if len(found.odd) == 2 and not found.odd[0]:
        assert rebuilt(found)[0] == orjson.loads(broken)


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":"b"', b'{"a":"b"}}', b'{"a":"b"]', b'{"a":["b"}', b'{"a" "b"}', b'{"a":"b" "c":"d"}', b'{"a","b"}',
        b'{"a":["b":"c"]}', b'{"a":{"b"}}', b'{"a":"b",}', b'{"a":["b",]}', b'{,"a":"b"}', b'{"a":"b","c"}',
        b'{"a":"b"}{"c":"d"}', b'{"a":["b"],["c"]}', b'{"a":[{"b":"c"},"d":"e"]}', b'{"a":{"b":"c"},{"d":"e"}}',
        b'{"a":"b",1}', b'{"a":01,"b":"c"}', b'{"a":nul,"b":"c"}', b'["a"]', b'{"a":"\xff"}', b'{"a":"\\x"}',
        b'{"a":"\x01"}', b'{"a"::"b"}', b'{"a":[[],{"b":"c"}],"d"}', b'{"a":"\\ud800"}', b"{}", b'{"a":"\xc0\x80"}',
        b'{"a":"\xed\xa0\x80"}', b'{"a":"\xf4\x90\x80\x80"}', b'{"a":"\xe0\x80\x80"}', b'{"a":"\xe2\x82', b'{"a":"\\',
        b'{"a":"\\ud83d\\u0041"}', b'{"a":"\\u12g4"}', b'{"a":' + 99 * b"[" + b'"b"' + 99 * b"]" + b"}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 1])
def test_leaves_out(line: bytes, place: int):
    lines = [b'{"id":"1"}', b'{"id":"1"}']
    lines[place] = line
    found = nesting(b"\n".join(lines))
    assert found.odd.tolist() == [place == 0, place == 1]
    assert rebuilt(found) == [{"id": "1"}]
