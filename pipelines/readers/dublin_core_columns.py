"""Dublin Core in the words of VuFind's index, of many records at once: the rules of :mod:`dublin_core` on columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.blanks import folded
from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.dublin_core import FIELDS, MOMENT, RECORD_FORMAT, YEAR_FIRST, field_of_identifier, published
from pipelines.readers.value_columns import IS_TEXT, Column, Values

#: What nearly all identifiers are; it has no blank but spaces.
_PLAIN_ADDRESS: Final = "^https?://[^ ]+$"
_NONE: Final = np.zeros(0, np.int64)


def columns_of(values: Values, names: Sequence[str], count: int) -> list[Column]:
    """The columns of ``count`` records that have these elements; ``names`` are those of their fields.

    Records that have no element at all have a format.
    """
    values = replace(values, texts=folded(values.texts))
    filled = pc.greater(pc.binary_length(values.texts), 0).to_numpy(zero_copy_only=False)
    if not filled.all():
        values = values.at(np.flatnonzero(filled))
    kind, listed = np.full(count, IS_TEXT, np.int8), np.zeros(count, bool)
    formats = Values(pa.repeat(RECORD_FORMAT, count), np.arange(count), np.zeros(count, np.int64), kind, listed)
    columns = [Column("record_format", formats, _NONE)]
    for number, name in enumerate(names):
        own = values.at(np.flatnonzero(values.field == number))
        if len(own.document):
            columns += _TAKEN.get(name, _other)(name, own)
    return columns


def _other(name: str, values: Values) -> list[Column]:
    return [Column(FIELDS.get(name, f"dc_{name}"), values, _NONE)]


def _first_of_each(values: Values) -> Flags:
    return np.append(True, values.document[1:] != values.document[:-1])


def _single(values: Values) -> Values:
    """The first value of each record, alone."""
    found = values.at(np.flatnonzero(_first_of_each(values)))
    return replace(found, listed=np.zeros(len(found.document), bool))


def _titles(_: str, values: Values) -> list[Column]:
    first = _single(values)
    others = values.at(np.flatnonzero(~_first_of_each(values)))
    return [Column("title", first, _NONE), Column("title_short", first, _NONE), Column("title_alt", others, _NONE)]


def _descriptions(_: str, values: Values) -> list[Column]:
    """The first one; where there are several, all of them are kept."""
    counts = np.bincount(values.document)[values.document]
    several = values.at(np.flatnonzero(counts > 1))
    return [Column("description", _single(values), _NONE), Column("description", several, _NONE, is_kept=True)]


def _dates(_: str, values: Values) -> list[Column]:
    """The year of the first date, or this itself; of another where that is a moment. Dates that say more are kept."""
    starts = np.flatnonzero(_first_of_each(values))
    first = starts
    if _begin_with(MOMENT, values.texts.take(pa.array(starts))).any():
        first = _of_publication(values)
    encoded = values.texts.take(pa.array(first)).dictionary_encode()
    years = pa.array([published(date) for date in encoded.dictionary.to_pylist()], pa.string())
    year = years.take(encoded.indices)
    known = year.is_valid().to_numpy(zero_copy_only=False)
    same = pc.fill_null(pc.equal(year, values.texts.take(pa.array(first))), False).to_numpy(zero_copy_only=False)
    counts = np.diff(np.append(starts, len(values.document)))
    said = np.repeat(same & (counts == 1), counts)
    shown = replace(values.at(first[known]), texts=year.drop_null())
    return [Column("publishDate", shown, _NONE), Column("dc_date", values.at(np.flatnonzero(~said)), _NONE)]


def _of_publication(values: Values) -> Positions:
    """Which date of each record is taken, as :func:`pipelines.readers.dublin_core.to_document` takes it."""
    is_first, is_moment = _first_of_each(values), _begin_with(MOMENT, values.texts)
    is_issued = _begin_with(YEAR_FIRST, values.texts) & ~is_moment
    rank = np.select([is_first & ~is_moment, is_issued, is_first], [0, 1, 2], 3)
    return np.lexsort((rank, values.document))[is_first]


def _begin_with(pattern: re.Pattern[str], texts: pa.Array) -> Flags:
    found: Flags = pc.match_substring_regex(texts, f"^(?:{pattern.pattern})").to_numpy(zero_copy_only=False)
    return found


def _identifiers(_: str, values: Values) -> list[Column]:
    is_address = pc.match_substring_regex(values.texts, _PLAIN_ADDRESS).to_numpy(zero_copy_only=False)
    others = np.flatnonzero(~is_address)
    found = [field_of_identifier(text) for text in values.texts.take(pa.array(others)).to_pylist()]
    fields = np.full(len(is_address), "url", object)
    texts = values.texts
    if len(others):
        fields[others] = [field for field, _ in found]
        texts = pc.replace_with_mask(texts, pa.array(~is_address), pa.array([text for _, text in found], pa.string()))
    written = replace(values, texts=texts)
    names = dict.fromkeys(fields.tolist())
    return [Column(name, written.at(np.flatnonzero(fields == name)), _NONE) for name in names]


_TAKEN: Final[dict[str, Callable[[str, Values], list[Column]]]] = {
    "title": _titles, "description": _descriptions, "date": _dates, "identifier": _identifiers,
}  # fmt: skip
