"""Of all ways to cut a text into headings the likeliest is taken, and always the same where several are."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import inf, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.name_ways import likeliest_way


@pytest.mark.parametrize("headings", [None, 2])
def test_of_ways_that_are_as_likely_the_last_heading_is_the_longest(headings: int | None):
    assert likeliest_way([[-1.0, -1.0, -inf], [-1.0, -1.0], [-1.0]], headings) == [1, 3]


def test_there_may_be_no_way():
    assert likeliest_way([[-inf, -inf], [-1.0]], None) is None
    assert likeliest_way([[-1.0, -1.0], [-1.0]], 3) is None


@given(
    st.integers(1, 6).flatmap(
        lambda length: st.tuples(
            *(st.lists(st.floats(-9, 0), min_size=length - start, max_size=length - start) for start in range(length))
        )
    ),
    st.integers(1, 6) | st.none(),
)
def test_no_other_way_is_likelier(likelihoods: tuple[list[float], ...], headings: int | None):
    def likelihood(ends: list[int]) -> float:
        return sum(likelihoods[start][end - start - 1] for start, end in pairwise([0, *ends]))

    length = len(likelihoods)
    ways = [
        [*inner, length]
        for count in range(length)
        for inner in combinations(range(1, length), count)
        if headings in (None, count + 1)
    ]
    found = likeliest_way(likelihoods, headings)
    if found is None:
        assert ways == []
    else:
        assert found in ways
        assert isclose(likelihood(found), max(map(likelihood, ways)), abs_tol=1e-9)
