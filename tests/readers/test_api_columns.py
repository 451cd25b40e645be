"""Records of VuFind's API read in columns give, record by record, what is read one by one, whatever they hold."""

from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import rest_api
from pipelines.readers.api_columns import MOST_NAMES, table_of_records
from pipelines.readers.api_nested import table_of_lines
from pipelines.readers.api_records import ALL_AUTHORS, AUTHORS, SAME_VALUES, read_record
from pipelines.readers.chunks import Piece
from pipelines.readers.lines import parse_each
from tests.readers.reading import assert_alike, needs_compiled_code

#: Values that a field may have: those that the API is known to give, odd ones, and what is none.
VALUES: list[Any] = [
    "a", "", "é\u4e2d", 'b\\c"d', [], ["a"], ["a", "b"], [""], [["a", "b"], ["c"]], [["a"], "b", [""]], [["a", 1]],
    None, [{"url": "http://e.org/1", "desc": "d"}], [{"url": "u"}, "v"], [{"desc": "d"}], [{"url": None}],
    [{"name": "n"}], 7, -0.0, True, ["a", None], ["a", 1.50], [None], {"value": "v", "translated": "t"},
    [{"value": "v", "translated": "t"}],
    {"a": {"b": ["c"]}}, {"a": {}}, {"a": 1}, "x" * 1100, "\0", [[]], [{}], {},
]  # fmt: skip
CREDITS: list[Any] = [
    [], {}, None, {"A, B": {"role": ["-"]}, "C": {"role": ["-"]}}, {"A, B": {"role": ["aut", "edt"]}}, ["A", "B"],
    {"A": {"role": ["-"]}, "B": {"role": ["ill"]}}, {"A": {"role": []}}, {"A": {}}, {"A": {"role": 7}}, ["A", None],
    [{"name": "A", "role": "aut"}], [{"A": {"role": ["-"]}}], "A", 7, [1], {"A": {"role": ["-", 1.0]}}, -0.0, True,
]  # fmt: skip
PLAIN = {"id": "1", "title": "t", "formats": ["Book"], "authors": {"primary": CREDITS[3], "secondary": []}}
NAMES = [name for name, _ in SAME_VALUES] + [name for _, name in AUTHORS.values()]
NAMES += ["urls", "subjects", "series", "rawData", "rating", "author", "author_role", "api_series", "_version_"]
NAMES.append(ALL_AUTHORS)

credits_ = st.dictionaries(st.sampled_from([*AUTHORS, "other"]), st.sampled_from(CREDITS), max_size=3)
others = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=5)
records = st.builds(lambda one, authors: PLAIN | {"authors": authors} | one, others, credits_)


def both_ways(lines: list[bytes]) -> None:
    piece = Piece("f", "m", 1000, 7, b"\n".join(lines))
    quick, slow = rest_api.FORMAT.parse((piece,)), parse_each((piece,), read_record)
    assert_alike(quick, slow)


@pytest.mark.parametrize("depth", [100, 254, 900])
def test_a_record_that_is_nested_deeply_ends_no_other(depth: int):
    deep = b'{"id":"2","title":"t","x":' + b"[" * depth + b"]" * depth + b"}"
    lines = [orjson.dumps(PLAIN), deep, orjson.dumps(PLAIN | {"id": "3"})]
    both_ways(lines)
    batch = rest_api.FORMAT.parse((Piece("f", "m", 0, 1, b"\n".join(lines)),))
    assert {"1", "3"} <= set(batch.documents.column("id").to_pylist())
    assert batch.documents.num_rows + batch.quarantined.num_rows == len(lines)


@given(st.lists(records, min_size=1, max_size=4))
def test_columns_say_what_records_say(found: list[dict[str, Any]]):
    both_ways(list(map(orjson.dumps, found)))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_each_value_is_read_alike_of_each_name(value: Any):
    both_ways([orjson.dumps(PLAIN | {"id": name, name: value}) for name in NAMES])


@pytest.mark.parametrize("name", NAMES)
def test_so_it_is_beside_records_that_have_others(name: str):
    lines = [orjson.dumps(PLAIN | {"id": str(number), name: value}) for number, value in enumerate(VALUES)]
    both_ways(lines)
    both_ways(lines[::-1])


@pytest.mark.parametrize("given_", CREDITS, ids=repr)
def test_credits_are_read_alike(given_: Any):
    found = [PLAIN | {"authors": {kind: given_}} for kind in (*AUTHORS, "other")]
    both_ways([orjson.dumps(one) for one in [*found, PLAIN | {"authors": given_}]])


@pytest.mark.parametrize(
    "line",
    [
        b'{"id":"1","title":"a","title":"b"}', b'{"id":"1","urls":[{"url":"a","url":"b"}]}', b'{"id":"1","x":1.50}',
        b'{"id":"1","title":"\\u00e9 \\/ \\"q\\" \\\\"}', b'{"id":"1","title":"\\u0022","title":"c"}', b'{"id":"1"',
        b'{"id":"1","x":"\\\\","x":"b"}', b'{"id":"1","title":"\\ud800"}', b'{"id":"1","title":"\xff"}', b"[]", b"7",
        b'\xef\xbb\xbf{"id":"1"}', b'{"id":"1","x":NaN}', b'{ "id" : "1" , "title" : "a" , "title" : "b" }', b"{}",
        b'{"id":"1","x":' + b"[" * 60 + b"]" * 60 + b"}", b'{"id":"1","x":123456789012345678901234567890}',
    ],
)  # fmt: skip
def test_odd_json_is_read_alike(line: bytes):
    both_ways([line, orjson.dumps(PLAIN), line])


@given(st.lists(records, min_size=1, max_size=3), st.integers(0, 400), st.binary(max_size=3), st.integers(0, 3))
def test_so_it_is_where_bytes_are_lost_or_others(found: list[dict[str, Any]], place: int, put: bytes, cut: int):
    text = b"\n".join(map(orjson.dumps, found))
    both_ways((text[:place] + put + text[place + cut :]).split(b"\n"))


def test_plain_records_are_read_in_columns():
    found = [PLAIN | {"urls": VALUES[12], "subjects": VALUES[8], "authors": {"primary": one}} for one in CREDITS[:7]]
    assert len(table_of_records(found, list(map(orjson.dumps, found)))[1]) == len(found)


@needs_compiled_code
def test_so_are_lines_without_a_parser():
    found = [PLAIN | {"urls": VALUES[12], "subjects": VALUES[8], "authors": {"primary": one}} for one in CREDITS[3:5]]
    found += [
        PLAIN | {"x": one, "series": [{"name": "n"}], "title": 'b\\c"d'} for one in (["a"], [], {}, {"a": "b"}, "a")
    ]
    # One that is left to the parser leaves the others as they are.
    lines = [*map(orjson.dumps, found), b'{"id":"1","x":1}', orjson.dumps(found[0])]
    ends = np.cumsum([len(line) + 1 for line in lines]) - 1
    _, rows = table_of_lines(b"\n".join(lines), ends - [len(line) for line in lines], ends)
    assert rows.tolist() == [*range(len(found)), len(found) + 1]


def test_records_with_names_that_hardly_any_other_has_are_left_to_the_slow_way():
    rare = [orjson.dumps(PLAIN | {"id": str(number), f"n{number}": "x"}) for number in range(MOST_NAMES)]
    lines = [*rare, orjson.dumps(PLAIN)]
    both_ways(lines)
    records = list(map(orjson.loads, lines))
    _, rows = table_of_records(records, lines)
    assert len(rows) < len(lines)
    assert rows[-1] == len(lines) - 1
