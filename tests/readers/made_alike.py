"""Hashes as ``_kinds.h`` makes them, to make texts that look alike by these."""

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]


def mixed(hashes: Words, words: Words) -> Words:
    product = (hashes ^ words) * np.uint64(0x9E3779B97F4A7C15)
    return product ^ (product >> np.uint64(29))
