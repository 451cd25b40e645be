"""The likeliest way through a text whose headings have run together, once it is known how likely each heading is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

#: Ways with a given number of headings are compared one by one where there are at most this many.
_MOST_STEPS: Final = 200_000


def likeliest_way(likelihoods: Sequence[Sequence[float]], headings: int | None) -> list[int] | None:
    """Where the headings of the likeliest way end, of so many ``headings`` where that is known; ``None`` without any.

    ``likelihoods`` has for each word, by number of words less one, how likely the heading is that begins with it;
    ``-inf`` where there is none. Of ways that are as likely the one is taken whose last heading is the longest.
    """
    best = _likeliest(likelihoods)
    if headings is None or best is None or len(best) == headings:
        return best
    if len(likelihoods) * headings > _MOST_STEPS:
        return None
    return _likeliest_of(likelihoods, headings)


def _likeliest(likelihoods: Sequence[Sequence[float]]) -> list[int] | None:
    length = len(likelihoods)
    totals = [0.0] + [-math.inf] * length
    came_from = [-1] * (length + 1)
    for start, begun in enumerate(likelihoods):
        total = totals[start]
        if total == -math.inf:
            continue
        for end, likelihood in enumerate(begun, start + 1):
            if end <= length and total + likelihood > totals[end]:
                totals[end], came_from[end] = total + likelihood, start
    if came_from[length] < 0:
        return None
    ends = []
    at = length
    while at:
        ends.append(at)
        at = came_from[at]
    return ends[::-1]


def _likeliest_of(likelihoods: Sequence[Sequence[float]], headings: int) -> list[int] | None:
    """The likeliest way of exactly so many headings: the best way to each word with each number of headings."""
    length = len(likelihoods)
    totals: list[dict[int, float]] = [{} for _ in range(length + 1)]
    came_from: list[dict[int, int]] = [{} for _ in range(length + 1)]
    totals[0][0] = 0.0
    for start, begun in enumerate(likelihoods):
        for number, total in totals[start].items():
            if number >= headings:
                continue
            for end, likelihood in enumerate(begun, start + 1):
                if end <= length and total + likelihood > totals[end].get(number + 1, -math.inf):
                    totals[end][number + 1] = total + likelihood
                    came_from[end][number + 1] = start
    if headings not in totals[length]:
        return None
    ends, at = [], length
    for number in range(headings, 0, -1):
        ends.append(at)
        at = came_from[at][number]
    return ends[::-1]
