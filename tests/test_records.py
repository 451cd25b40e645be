"""The door of every frame, and ids that are the same everywhere."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import records
from pipelines.ids import counting
from pipelines.records import FrameError, conform
from pipelines.stable_ids import dump_id, record_id, stable_id, stable_ids

SCHEMA = pa.schema([pa.field("number", pa.int32(), nullable=False), pa.field("text", pa.string())])


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"number": pa.array([1], pa.int32()), "text": ["a"]}),
        pa.table({"text": ["a"], "more": [1.5], "number": pa.array([1], pa.int64())}),
        pa.table({"number": [1], "text": pa.array(["a"], pa.large_string())}),
        pa.table({"number": [1], "text": pa.array(["a"]).dictionary_encode()}),
    ],
)
def test_a_frame_gets_exactly_the_columns_of_its_schema(table: pa.Table):
    conformed = conform(table, SCHEMA, "frame")
    assert conformed.schema == SCHEMA
    assert conformed.to_pylist() == [{"number": 1, "text": "a"}]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table({"text": ["a"]}), "frame: columns missing: number"),
        (pa.table({"more": ["a"]}), "frame: columns missing: number, text"),
        (pa.table({"number": [None, 1], "text": ["a", "b"]}), "frame"),
        (pa.table({"number": [2**40], "text": ["a"]}), "frame"),
        (pa.table({"number": [1.5], "text": ["a"]}), "frame"),
        (pa.table({"number": ["x"], "text": ["a"]}), "frame"),
    ],
)
def test_a_frame_that_does_not_fit_is_refused_by_name(table: pa.Table, message: str):
    with pytest.raises(FrameError, match=message):
        conform(table, SCHEMA, "frame")


@pytest.mark.parametrize(
    ("key", "number"),
    # xxh3 with 64 bits, seed 0, of UTF-8, as a signed number: ids in warehouses rest on these for ever.
    [("", 3244421341483603138), ("a", -1817709641818812897)],
)
def test_ids_are_signed_xxh3(key: str, number: int):
    assert stable_id(key) == number


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_ids_fit_a_bigint_and_depend_on_the_key_alone(keys: list[str]):
    ids = stable_ids(keys)
    assert all(-(2**63) <= number < 2**63 for number in ids)
    assert ids == [stable_id(key) for key in keys]
    assert len(set(ids)) == len(set(keys))


def test_the_parts_of_a_key_are_kept_apart():
    assert record_id("a", "bc") != record_id("ab", "c")
    assert dump_id("a", "b") == record_id("a", "b")


def test_every_schema_names_each_column_once():
    for name, schema in vars(records).items():
        if isinstance(schema, pa.Schema):
            assert len(set(schema.names)) == len(schema.names), name
    assert not set(records.SINGLE_VALUED_FIELDS) & set(records.MULTI_VALUED_FIELDS)
    assert set(records.DESCRIPTIVE_COLUMNS) <= set(records.NORMALIZED_RECORDS.names)


STATEMENTS = st.lists(st.tuples(st.integers(0, 3), st.booleans()))


@given(STATEMENTS)
def test_of_statements_about_one_id_the_last_counts_that_does_not_give_way(statements: list[tuple[int, bool]]):
    ids = np.array([number for number, _ in statements], np.int64)
    gives_way = np.array([gives for _, gives in statements], np.bool_)
    expected = dict[int, int]()
    for place, (number, gives) in enumerate(statements):
        before = expected.get(number)
        if before is None or statements[before][1] or not gives:
            expected[number] = place
    assert np.flatnonzero(counting(ids, gives_way)).tolist() == sorted(expected.values())
