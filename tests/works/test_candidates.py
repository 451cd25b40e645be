"""Which pairs are looked at, how few of them, and what a change makes of them."""

import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works.candidates import Increment, KeyRows, are_candidates, candidate_pairs, increment

Rows = set[tuple[int, int]]
Pairs = set[tuple[int, int]]

NOBODY = np.empty(0, dtype=np.int64)


def key_rows(rows: Rows) -> KeyRows:
    ordered = sorted(rows)
    return KeyRows(*(np.array([row[i] for row in ordered], dtype=np.int64) for i in (0, 1)))


def pairs_of(rows: Rows, max_block: int) -> Pairs:
    a, b = candidate_pairs(key_rows(rows), max_block)
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    assert len(pairs) == len(set(pairs)), "each pair once"
    return set(pairs)


def pairs_by_the_rule(rows: Rows, max_block: int) -> Pairs:
    """The rule of the module, key by key."""
    holders = defaultdict(set)
    for record, key in rows:
        holders[key].add(record)
    return {
        pair
        for records in holders.values()
        for pair in itertools.combinations(sorted(records), 2)
        if len(records) <= max_block or pair[0] == min(records)
    }


@pytest.mark.parametrize(
    ("rows", "pairs"),
    [
        ({(1, 7), (2, 7), (3, 8)}, {(1, 2)}),
        ({(1, 7), (2, 7), (1, 8), (2, 8)}, {(1, 2)}),
        # Four hold key 7, more than three: its hub is 1. Two of the others hold key 8 besides.
        ({(1, 7), (2, 7), (3, 7), (4, 7), (3, 8), (4, 8)}, {(1, 2), (1, 3), (1, 4), (3, 4)}),
        ({(1, 7), (1, 8)}, set()),
        (set(), set()),
    ],
)
def test_records_that_share_a_key_of_few_and_those_of_many_with_one_of_them_are_candidates(rows: Rows, pairs: Pairs):
    assert pairs_of(rows, 3) == pairs


def test_a_key_of_very_many_costs_a_pair_each():
    assert pairs_of({(record, 0) for record in range(10_000)}, 100) == {(0, record) for record in range(1, 10_000)}


rows_of_few = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=30)


@given(rows_of_few, st.integers(1, 4))
def test_pairs_are_those_of_the_rule(rows: Rows, max_block: int):
    assert pairs_of(rows, max_block) == pairs_by_the_rule(rows, max_block)


def change(before: Rows, after: Rows, touched: set[int], max_block: int) -> Increment:
    """What replaces the rows of ``touched`` records, as the warehouse asks for it: by no more than the touched keys."""
    coming, going = ({row for row in rows if row[0] in touched} for rows in (after, before))
    keys = {key for _, key in coming | going}
    fresh, held = key_rows(coming), key_rows({row for row in before if row[1] in keys})
    return increment(lambda: iter([fresh]), held, np.array(sorted(touched), dtype=np.int64), max_block)


@given(rows_of_few, rows_of_few, st.sets(st.integers(0, 9), max_size=3), st.integers(1, 4))
def test_a_change_makes_of_the_former_pairs_those_of_a_rebuild(
    before: Rows, others: Rows, touched: set[int], max_block: int
):
    after = {row for row in before if row[0] not in touched} | {row for row in others if row[0] in touched}
    found = change(before, after, touched, max_block)
    to_decide = set(zip(found.a.tolist(), found.b.tolist(), strict=True))
    rebuilt, former = pairs_by_the_rule(after, max_block), pairs_by_the_rule(before, max_block)
    untouched = {pair for pair in former if not touched.intersection(pair)}
    # Of those that a key held together which makes fewer pairs now, what another one holds is left.
    narrowed = set(found.narrowed.tolist())
    held = {pair for pair in untouched if any({(pair[0], key), (pair[1], key)} <= before for key in narrowed)}
    a, b = (np.array([pair[i] for pair in sorted(held)], dtype=np.int64) for i in (0, 1))
    stays = are_candidates(a, b, key_rows(after), key_rows(after), max_block)
    lost = {pair for pair, kept in zip(sorted(held), stays.tolist(), strict=True) if not kept}
    assert (untouched - lost) | to_decide == rebuilt


def test_a_change_decides_only_what_it_touches():
    before = {(record, 0) for record in range(50)}
    found = change(before, before | {(99, 0)}, {99}, 100)
    assert len(found.a) == 50
    assert set(found.b.tolist()) == {99}
    assert len(found.narrowed) == 0


def test_pairs_of_one_block_come_together():
    rows = {(record, key) for key in range(40) for record in (key * 3, key * 3 + 1, key * 3 + 2)}
    a, b = candidate_pairs(key_rows(rows))
    blocks = (a // 3).tolist()
    assert (b // 3).tolist() == blocks
    assert len(list(itertools.groupby(blocks))) == 40
