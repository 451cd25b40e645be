"""The hash by which a record is seen to have changed: of its document and of the rules that read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import text_hashes

#: Goes up whenever a rule of normalisation changes, so that records and what hangs on them
#: (:mod:`pipelines.normalize.belonging_hashes`) are written anew though their documents stay as they were.
RULES_VERSION: Final = 7


def content_hashes(columns: Mapping[str, pa.Array], row_count: int, rules_version: int = RULES_VERSION) -> pa.Array:
    """The signed 64-bit xxh3 of each row: of ``rules_version`` and of every column that has a value there.

    ``columns`` are string or ``list<string>`` arrays by field name. A row's hash rests on nothing but its own
    values: a column of nulls, its absence, and an empty list are the same. Values carry their length in
    bytes in front (netstrings), so that no two documents give the same bytes.
    """
    parts: list[pa.Array | str] = [f"rules={rules_version}"]
    for name in sorted(columns):
        if columns[name].null_count < row_count:
            parts += _labelled(name, columns[name])
    if len(parts) == 1:
        parts = [pa.repeat(parts[0], row_count)]
    return pa.array(text_hashes(pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")))


def _labelled(name: str, column: pa.Array) -> list[pa.Array | str]:
    """What stands for a column, piece by piece: ``,name=`` and the netstring of each value; nothing where null.

    Of a list, ``,name=[``, the netstring of its netstrings, and ``]``; nothing where it is null or empty. Pieces
    are joined only once, with those of all columns: texts are long, and each join copies them.
    """
    if not pa.types.is_list(column.type):
        return [_head(f",{name}=", column), column]
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    values = column.flatten()
    items = pc.binary_join_element_wise(_byte_lengths(values), values, ":")
    if items.null_count:
        items = pc.fill_null(items, "-")
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, items), "")
    head = _head(f",{name}=[", joined)
    if lengths.all():
        return [head, joined, "]"]
    present = pa.array(lengths > 0)
    return [pc.if_else(present, head, None), joined, pc.if_else(present, "]", None)]


def _head(label: str, texts: pa.Array) -> pa.Array:
    """``label`` and what a netstring has in front of each text: its length in bytes and a colon; null where null."""
    return pc.binary_join_element_wise(label, _byte_lengths(texts), ":", "")


def _byte_lengths(texts: pa.Array) -> pa.Array:
    return pc.cast(pc.binary_length(texts), pa.string())
