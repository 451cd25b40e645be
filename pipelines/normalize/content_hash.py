"""The hash by which a record is seen to have changed: of its document and of the rules that read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

#: Goes up whenever a rule of normalisation changes, so that records are written anew though their
#: documents stay as they were.
RULES_VERSION: Final = 1


def content_hashes(columns: Mapping[str, pa.Array], row_count: int, rules_version: int = RULES_VERSION) -> pa.Array:
    """The signed 64-bit xxh3 of each row: of ``rules_version`` and of every column that has a value there.

    ``columns`` are string or ``list<string>`` arrays by field name. A row's hash rests on nothing but its own
    values: a column of nulls, its absence, and an empty list are the same. Values carry their length in
    bytes in front (netstrings), so that no two documents give the same bytes.
    """
    version = pa.repeat(pa.scalar(f"rules={rules_version}"), row_count)
    parts = [
        version,
        *(_labelled(name, columns[name]) for name in sorted(columns) if columns[name].null_count < row_count),
    ]
    canonical = pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")
    digests = np.array(
        [xxhash.xxh3_64_intdigest(row) for row in pc.cast(canonical, pa.binary()).to_pylist()], np.uint64
    )
    return pa.array(digests.view(np.int64))


def _labelled(name: str, column: pa.Array) -> pa.Array:
    """``,name=`` and the netstring of each value; of a list, the netstring of its netstrings; null where nothing."""
    if not pa.types.is_list(column.type):
        return pc.binary_join_element_wise(f",{name}=", _netstrings(column), "")
    present = pc.list_value_length(column)
    lengths = pc.fill_null(present, 0).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    items = pc.fill_null(_netstrings(column.flatten()), "-")
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, items), "")
    return pc.if_else(
        pa.array(lengths > 0), pc.binary_join_element_wise(f",{name}=[", _netstrings(joined), "]", ""), None
    )


def _netstrings(texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(pc.cast(pc.binary_length(texts), pa.string()), texts, ":")
