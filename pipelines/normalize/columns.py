"""Columns taken apart and put together: distinct texts, lists flattened and grouped again.

A rule of normalisation is a plain function of one text; what is here applies it once for each
distinct text of a column, and keeps track of which row a value of a list came from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Result = TypeVar("Result")


class Checked(NamedTuple):
    """A value in its normal form and, where its standard refuses it, why (null where it is valid)."""

    value: str
    invalid_reason: str | None = None


Finder = Callable[[str], tuple[Checked, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found in a column of texts: which text it was in, the values, why they are refused."""

    positions: Rows
    values: pa.Array
    invalid_reasons: pa.Array


def one_array(column: Any) -> pa.Array:
    """A column of a table as one contiguous array."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def as_mask(booleans: pa.Array) -> Mask:
    """A boolean array as numpy, null as false."""
    mask: Mask = pc.fill_null(booleans, False).to_numpy(zero_copy_only=False)
    return mask


def matching(texts: pa.Array, pattern: str, *, ignore_case: bool = False) -> Mask:
    """Which texts hold a match of an RE2 ``pattern``; null does not."""
    return as_mask(pc.match_substring_regex(texts, pattern, ignore_case=ignore_case))


def joined_lists(lists: pa.Array, separator: str) -> pa.Array:
    """The texts of each list as one, with a sign between them; a null among them is as an empty text."""
    texts = pc.list_flatten(lists)
    if texts.null_count:
        offsets = np.append(0, np.cumsum(pc.fill_null(pc.list_value_length(lists), 0).to_numpy()))
        filled = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pc.fill_null(texts, ""))
        lists = pc.if_else(pc.is_valid(lists), filled, pa.scalar(None, filled.type))
    return pc.binary_join(lists, separator)


def map_distinct(texts: pa.Array, rule: Callable[[str], Result | None], value_type: pa.DataType) -> pa.Array:
    """``rule`` of each text of a string column, called once for each distinct text; null stays null."""
    encoded = texts.dictionary_encode()
    return pa.array([rule(text) for text in encoded.dictionary.to_pylist()], value_type).take(encoded.indices)


def find_in_texts(texts: pa.Array, finder: Finder) -> Found:
    """All that ``finder`` finds in each text of a string column, in order; one call for each distinct text."""
    encoded = pc.fill_null(texts, "").dictionary_encode()
    found = [finder(text) if text else () for text in encoded.dictionary.to_pylist()]
    counts = np.array([len(values) for values in found], np.int64)
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    row_counts = counts[codes]
    positions = np.repeat(np.arange(len(texts), dtype=np.int64), row_counts)
    within = np.arange(len(positions)) - np.repeat(np.cumsum(row_counts) - row_counts, row_counts)
    flat = pa.array((np.cumsum(counts) - counts)[codes][positions] + within)
    values = pa.array([checked.value for checks in found for checked in checks], pa.string())
    reasons = pa.array([checked.invalid_reason for checks in found for checked in checks], pa.string())
    return Found(positions, values.take(flat), reasons.take(flat))


def find_read(
    texts: pa.Array, plain: str, read: Callable[[pa.Array], tuple[pa.Array, pa.Array]], finder: Finder
) -> Found:
    """:func:`find_in_texts`, with the plain texts read in columns.

    ``plain`` is an RE2 pattern that matches whole texts in which ``finder`` finds one value; ``read`` gives that of
    each such text, and why it is refused.
    """
    is_plain = matching(texts, plain)
    mask = pa.array(is_plain)
    values, reasons = read(texts.filter(mask))
    if is_plain.all():
        return Found(np.arange(len(texts), dtype=np.int64), values, reasons)
    rest_at = np.flatnonzero(~is_plain)
    rest = find_in_texts(texts.filter(pc.invert(mask)), finder)
    positions = np.concatenate([np.flatnonzero(is_plain), rest_at[rest.positions]])
    order = np.argsort(positions, kind="stable")
    reasons = pa.concat_arrays([reasons, rest.invalid_reasons])
    return Found(
        positions[order], pa.concat_arrays([values, rest.values]).take(pa.array(order)), reasons.take(pa.array(order))
    )


def find_plain(texts: pa.Array, plain: str, replacement: str, finder: Finder) -> Found:
    """:func:`find_read` where the value, a valid one, is ``replacement`` by the groups of ``plain``."""

    def read(plainly_written: pa.Array) -> tuple[pa.Array, pa.Array]:
        values = pc.replace_substring_regex(plainly_written, plain, replacement)
        return values, pa.nulls(len(values), pa.string())

    return find_read(texts, plain, read, finder)


def map_lists(lists: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """A list column whose values are changed as one column, as many as they were; null stays null."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, change(lists.flatten()), mask=pc.is_null(lists))


def list_rows(lists: pa.Array) -> Rows:
    """The row of each value of ``lists.flatten()``."""
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return np.repeat(np.arange(len(lists), dtype=np.int64), counts)


def exploded(column: pa.Array) -> tuple[Rows, pa.Array]:
    """The rows and the values that are not null of a string column or a ``list<string>`` column."""
    rows, values = (
        (list_rows(column), column.flatten())
        if pa.types.is_list(column.type)
        else (np.arange(len(column), dtype=np.int64), column)
    )
    if values.null_count:
        present = pc.is_valid(values)
        rows, values = rows[as_mask(present)], values.filter(present)
    return rows, values


def group_lists(rows: Rows, values: pa.Array, row_count: int) -> pa.Array:
    """``values`` as one list a row, in order, by their ascending ``rows``; null for a row without values."""
    counts = np.bincount(rows, minlength=row_count)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(counts == 0))


def first_of_each(rows: Rows, values: pa.Array, row_count: int) -> pa.Array:
    """The first of ``values`` for each row number below ``row_count``; null for a row without values."""
    found, first = np.unique(rows, return_index=True)
    indices = np.zeros(row_count, np.int64)
    indices[found] = first
    missing = np.ones(row_count, bool)
    missing[found] = False
    return values.take(pa.array(indices, mask=missing))


def is_repeat(*keys: Rows) -> Mask:
    """Whether the same keys stand at an earlier position; the keys are codes from 0."""
    combined = keys[0].astype(np.int64)
    for key in keys[1:]:
        combined = combined * (int(key.max(initial=0)) + 1) + key
    return np.asarray(pd.Series(combined).duplicated(), bool)


def codes_of(values: pa.Array) -> Rows:
    """A number from 0 for each distinct value; values must not be null."""
    codes: Rows = values.dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes
