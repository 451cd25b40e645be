"""Which pairs are looked at, and how few of them."""

import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_frames import key_rows

from pipelines.works.candidates import candidate_pairs, rows_of_shared_keys, shared_keys

Rows = list[tuple[int, int]]


def column(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def pairs_of(rows: Rows, years: list[int], places: list[int], max_block: int) -> list[tuple[int, int, int]]:
    members, keys = column([row[0] for row in rows]), column([row[1] for row in rows])
    found = candidate_pairs(members, keys, column(years), column(places), max_block)
    return list(zip(*(part.tolist() for part in found), strict=True))


def pairs_by_the_rule(rows: Rows, years: list[int], places: list[int], max_block: int) -> list[tuple[int, int, int]]:
    """The rule of the module, pair by pair."""
    blocks = defaultdict(set)
    for member, key in rows:
        blocks[key].add(member)
    found = []
    for a, b in itertools.combinations(range(len(years)), 2):
        shared = [key for key, block in blocks.items() if {a, b} <= block]
        if not shared:
            continue
        home = min(shared)
        block = sorted(blocks[home])
        of_year = [member for member in block if years[member] == years[a]]
        alike = [member for member in of_year if places[member] == places[a]]
        if len(block) <= max_block:
            candidate = True
        elif years[a] != years[b]:
            candidate = False
        elif len(of_year) <= max_block:
            candidate = True
        else:
            candidate = b in alike and alike.index(b) == alike.index(a) + 1
        if candidate:
            found.append((a, b, home))
    return found


@pytest.mark.parametrize(
    ("records", "keys", "shared"),
    [
        ([1, 2, 3], [7, 7, 8], [True, True, False]),
        # The same row twice is not a second record.
        ([1, 1, 2], [7, 7, 8], [False, False, False]),
        ([1, 1, 2], [7, 7, 7], [True, True, True]),
        ([1, 1], [7, 8], [False, False]),
        ([], [], []),
    ],
)
def test_a_key_is_shared_when_two_records_hold_it(records: list[int], keys: list[int], shared: list[bool]):
    assert shared_keys(column(records), column(keys)).tolist() == shared


def test_only_author_title_keys_make_records_meet():
    batches = [key_rows((1, "AT a t"), (1, "UT bible")), key_rows((2, "UT bible"), (3, "AT a t"), (4, "AT b t"))]
    records, keys = rows_of_shared_keys(lambda: batches)
    assert records.tolist() == [1, 3]
    assert len(set(keys.tolist())) == 1
    assert all(len(column) == 0 for column in rows_of_shared_keys(list))


def test_a_pair_that_shares_many_keys_comes_once_with_the_smallest():
    assert pairs_of([(0, 5), (1, 5), (0, 3), (1, 3), (2, 3)], [0, 0, 0], [0, 0, 0], 9) == [
        (0, 1, 3),
        (0, 2, 3),
        (1, 2, 3),
    ]


def test_a_great_block_costs_no_more_than_its_members():
    count = 10_000
    rows = [(member, 0) for member in range(count)]
    assert len(pairs_of(rows, [0] * count, [0] * count, 100)) == count - 1
    assert len(pairs_of(rows, list(range(count)), list(range(count)), 100)) == 0


def test_a_pair_is_at_home_in_one_block_alone():
    # Key 0 joins five records of different years, too many for a block of 2; key 1 joins two of them, but is not home.
    rows = [(member, 0) for member in range(5)] + [(0, 1), (1, 1)]
    assert pairs_of(rows, [0, 1, 2, 3, 4], [0, 1, 2, 3, 4], 2) == []
    assert pairs_of(rows, [0, 0, 2, 3, 4], [0, 0, 2, 3, 4], 2) == [(0, 1, 0)]
    assert pairs_of([(0, 1), (1, 1)], [0, 1], [0, 1], 2) == [(0, 1, 1)]


@given(
    st.integers(1, 4).flatmap(
        lambda m: st.tuples(
            st.just(m), st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3)), min_size=10, max_size=24)
        )
    ),
    st.lists(st.integers(0, 1), min_size=8, max_size=8),
    st.lists(st.integers(0, 1), min_size=8, max_size=8),
)
def test_pairs_are_those_of_the_rule(blocks: tuple[int, Rows], years: list[int], more: list[int]):
    max_block, rows = blocks
    places = [2 * year + place for year, place in zip(years, more, strict=True)]
    assert pairs_of(rows, years, places, max_block) == pairs_by_the_rule(rows, years, places, max_block)
