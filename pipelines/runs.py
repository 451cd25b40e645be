"""Runs of equal values in an ordered array: how groups are worked on without a loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def run_starts(ordered: npt.NDArray[np.integer[Any]]) -> Ints:
    """Where each run of equal values begins."""
    if not len(ordered):
        return np.empty(0, dtype=np.int64)
    return np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1]).astype(np.int64)


def run_lengths(starts: Ints, count: int) -> Ints:
    """How long each run is, by where it starts, in an array of ``count`` values."""
    return np.diff(np.append(starts, count)).astype(np.int64)


def places_in_runs(ordered: Ints) -> Ints:
    """The place of each value in its run, from 0."""
    starts = run_starts(ordered)
    return np.arange(len(ordered)) - np.repeat(starts, run_lengths(starts, len(ordered)))


def rows_in_ranges(begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Every row of the ranges from ``begin`` to before ``end``, range by range: which range it is of, and the row."""
    counts = end - begin
    ranges = np.repeat(np.arange(len(begin)), counts)
    rows = np.arange(len(ranges)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(begin, counts)
    return ranges, rows
