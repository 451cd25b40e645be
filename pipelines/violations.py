"""What the frames of one part must not hold: rows that repeat a key, and rows that refer to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import Rows, codes_of, is_repeat, one_array

#: Primary keys of the normalised frames.
KEYS: Final = {
    "records": ["record_id"],
    "authors": ["author_id"],
    "record_authors": ["record_id", "position"],
    "record_links": ["record_id", "position"],
    "record_identifiers": ["record_id", "scheme", "value"],
    "record_work_keys": ["record_id", "work_key_id"],
    "record_matching_keys": ["record_id", "matching_key_id"],
}


def violations(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """How many rows of a part repeat a key (``repeated_keys``) or refer to nothing (``orphans``): both must be none.

    ``tables`` are the normalised frames of the part by their names.
    """
    repeated = sum(
        int(is_repeat(*(_codes(tables[name].column(column)) for column in columns)).sum())
        for name, columns in KEYS.items()
    )
    record_ids, author_ids = tables["records"].column("record_id"), tables["authors"].column("author_id")
    orphans = sum(
        _strangers(tables[name].column("record_id"), record_ids) for name in KEYS if name.startswith("record_")
    )
    return {
        "repeated_keys": repeated,
        "orphans": orphans + _strangers(tables["record_authors"].column("author_id"), author_ids),
    }


def _codes(column: pa.ChunkedArray) -> Rows:
    """A number from 0 for each distinct value of a column without nulls."""
    values = one_array(column)
    if pa.types.is_string(values.type):
        return codes_of(values)
    codes: Rows = pd.factorize(values.to_numpy())[0].astype(np.int64)
    return codes


def _strangers(ids: pa.ChunkedArray, known: pa.ChunkedArray) -> int:
    """How many of ``ids`` are not ``known``."""
    return len(ids) - int(pc.sum(pc.is_in(ids, value_set=known)).as_py() or 0)
