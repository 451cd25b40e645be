"""Batches bound the memory and change no result: what hangs together stays together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works.batches import batches_of_pairs, independent_batches

edges = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30)), max_size=80)


@given(edges, st.integers(1, 50))
def test_every_record_is_in_one_batch_and_no_group_in_two(pairs: list[tuple[int, int]], size: int):
    record_ids = np.arange(0, 35, dtype=np.int64) * 7 - 50
    members = np.array([member * 7 - 50 for member, _ in pairs], np.int64)
    groups = np.array([group for _, group in pairs], np.int64)
    batches = independent_batches(record_ids, members, groups, size)
    assert len(batches) == len(record_ids)
    assert set(batches.tolist()) == set(range(batches.max() + 1))
    batch_of = dict(zip(record_ids.tolist(), batches.tolist(), strict=True))
    for group in set(groups.tolist()):
        held = members[groups == group].tolist()
        assert len({batch_of[member] for member in held if member in batch_of}) <= 1


def test_batches_are_as_small_as_asked_where_records_have_nothing_in_common():
    none = np.empty(0, np.int64)
    batches = independent_batches(np.arange(10, dtype=np.int64), none, none, 3)
    assert np.bincount(batches).tolist() == [3, 3, 3, 1]


@pytest.mark.parametrize("size", [1, 100])
def test_no_records_make_no_batch(size: int):
    none = np.empty(0, np.int64)
    assert len(independent_batches(none, none, none, size)) == 0


@given(st.lists(st.integers(2, 100), max_size=60), st.integers(1, 50))
def test_batches_of_pairs_are_numbered_without_gaps_and_in_order(sizes: list[int], records: int):
    batches = batches_of_pairs(np.array(sizes, dtype=np.int64), records)
    assert (np.diff(batches) >= 0).all()
    assert set(batches.tolist()) == set(range(len(set(batches.tolist()))))


def test_a_batch_of_pairs_has_about_as_many_records_as_asked():
    # 100 blocks of two: a record costs more than a pair.
    assert np.bincount(batches_of_pairs(np.full(100, 2), 45)).tolist() == [19, 20, 20, 20, 20, 1]
