"""Columns as numbers: each text folded once a distinct value, then numbered.

Equal numbers mean equal values, -1 means none; a pair is then decided by comparing integers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import one_array

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A column as numbers: ``codes`` by record (-1 for none) into the distinct ``values``."""

    codes: Ints
    values: list[str]


def number_column(texts: pa.Array | pa.ChunkedArray, key: Callable[[str], str]) -> Numbered:
    """Number a string column by ``key``, which runs once a distinct text; null and empty keys get -1."""
    encoded = pc.dictionary_encode(one_array(texts))
    numbers: dict[str, int] = {}
    of_text = [
        -1 if (folded := key(text)) == "" else numbers.setdefault(folded, len(numbers))
        for text in encoded.dictionary.to_pylist()
    ]
    indices = pc.fill_null(encoded.indices, len(of_text)).to_numpy(zero_copy_only=False)
    return Numbered(np.array([*of_text, -1], dtype=np.int64)[indices], list(numbers))


def number_hashes(hashes: pa.ChunkedArray) -> Numbered:
    """Number a column of hashes; null gets -1."""
    encoded = pc.dictionary_encode(one_array(hashes))
    return Numbered(pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64), [])
