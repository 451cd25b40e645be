"""Batches of records that can be deduplicated one after the other, so that memory does not grow with a dump."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int64]

#: What a pair costs, in records.
_COST_OF_A_PAIR: Final = 0.25


def independent_batches(record_ids: Ints, members: Ints, groups: Ints, records_a_batch: int) -> Ints:
    """The number, from 0, of the batch of each record, so that no group has members in two batches.

    ``record_ids`` ascends; ``members`` and ``groups`` say, pair by pair, which record is in which group (holds
    which key, was in which work); a member that is not among ``record_ids`` is passed over. A batch closes with
    the set of records that makes it reach ``records_a_batch``.
    """
    if len(record_ids) <= records_a_batch:
        return np.zeros(len(record_ids), dtype=np.int64)
    places = np.minimum(np.searchsorted(record_ids, members), len(record_ids) - 1)
    known = record_ids[places] == members
    group_ids, group_numbers = np.unique(groups[known], return_inverse=True)
    size = len(record_ids) + len(group_ids)
    ones = np.ones(int(known.sum()), dtype=np.int8)
    graph = coo_array((ones, (places[known], group_numbers + len(record_ids))), shape=(size, size))
    components = connected_components(graph, directed=False)[1][: len(record_ids)]
    sizes = np.bincount(components)
    # Where the running total passes a multiple of the batch's size, a new batch begins.
    batch_of_component = (np.cumsum(sizes) - sizes) // records_a_batch
    # A set that outgrows its batch leaves a gap in the numbers.
    numbers: Ints = np.unique(batch_of_component[components], return_inverse=True)[1].astype(np.int64)
    return numbers


def batches_of_pairs(sizes: Ints, records_a_batch: int) -> Ints:
    """The number of a batch, ascending from 0, for each pair, so that a batch has some ``records_a_batch`` records.

    Pairs come block by block; ``sizes`` are those of the blocks. A block of n records has n (n - 1) / 2 pairs.
    """
    cost = np.cumsum(2 / np.maximum(sizes - 1, 1) + _COST_OF_A_PAIR)
    numbers: Ints = np.unique(cost // records_a_batch, return_inverse=True)[1].astype(np.int64)
    return numbers
