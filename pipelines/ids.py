"""Ids in numbers: look-ups in sorted arrays, which hold 8 bytes an id and nothing else."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ids = npt.NDArray[np.int64]


def among(ids: pa.ChunkedArray | pa.Array | Ids, sorted_ids: Ids) -> npt.NDArray[np.bool_]:
    """Which of ``ids`` stand in ``sorted_ids``."""
    wanted = ids if isinstance(ids, np.ndarray) else ids.to_numpy()
    if not len(sorted_ids):
        return np.zeros(len(wanted), dtype=bool)
    places = np.minimum(np.searchsorted(sorted_ids, wanted), len(sorted_ids) - 1)
    found: npt.NDArray[np.bool_] = sorted_ids[places] == wanted
    return found


def distinct(*ids: Ids) -> Ids:
    """The ids of all arrays, each once, sorted: numpy's own way by hashes is several times slower for many."""
    ordered = np.sort(np.concatenate([np.empty(0, np.int64), *ids]))
    is_first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def counting(ids: Ids, gives_way: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which of the statements about ids, in their order, count: of each id the last that does not give way.

    Where all about an id give way, it is the last of them.
    """
    order = np.lexsort((~gives_way, ids))
    ordered = ids[order]
    counts = np.zeros(len(ids), dtype=bool)
    counts[order[np.append(ordered[1:] != ordered[:-1], True)[: len(ids)]]] = True
    return counts


def pairs_among(a: Ids, b: Ids, first: Ids, second: Ids) -> npt.NDArray[np.bool_]:
    """Which of the pairs ``a``, ``b`` stand among the pairs ``first``, ``second``."""
    ids = distinct(first, second)
    found = np.zeros(len(a), dtype=bool)
    some = np.flatnonzero(among(a, ids) & among(b, ids))
    known = np.searchsorted(ids, first) * len(ids) + np.searchsorted(ids, second)
    found[some] = among(np.searchsorted(ids, a[some]) * len(ids) + np.searchsorted(ids, b[some]), np.sort(known))
    return found
