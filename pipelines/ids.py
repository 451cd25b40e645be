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
