"""JSON lines as columns, cut out of their bytes between the quotes: for documents as Solr and most others write them.

Nothing is parsed character by character. All quotes of a text are found at once, so that it falls into strings and
what stands between them; of that there are but a few forms, and which follow which says which strings are keys, values
and elements of lists. It takes less than half of the time that a parser takes. What is not of these forms (objects
within documents, lists of numbers, numbers with a fraction, control characters) is left to the parser, and so are all
errors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags, Places, cut_texts
from pipelines.readers.json_forms import (
    BLANKS,
    CLOSE,
    CLOSE_END,
    COLON,
    COLON_LIST,
    COMMA,
    END,
    IS_KEY,
    LITERAL,
    LITERAL_END,
    Literals,
    NotPlainError,
    all_forms,
)
from pipelines.readers.json_shape import FLAG, NUMBER, TEXT, TEXTS, Shape
from pipelines.readers.json_strings import strings_of, unescaped

_FIRST: Final = re.compile(rf"{BLANKS}\{{{BLANKS}".encode())
_MOST_KEYS: Final = 1 << 16
#: So many bytes stay in the processor's cache.
_STRETCH: Final = 1 << 18


class UnfitError(ValueError):
    """The documents do not have the shape, whoever reads them."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """Each key of a text in order: which string it is, how many follow it as its values, the form behind it, its row.

    ``name`` is its number in ``names``.
    """

    string: Places
    count: Places
    form: npt.NDArray[np.int8]
    row: Places
    name: npt.NDArray[np.uint16]
    names: list[str]


def read_spans(text: bytes, line_count: int, shape: Shape) -> dict[str, pa.Array]:
    """The fields of ``shape`` as columns, of ``line_count`` lines of UTF-8 that begin with { and end with }.

    What comes is what pyarrow reads of such lines with this shape. Raises :class:`NotPlainError` where only a parser
    can tell, and :class:`UnfitError` where the text has fields that are not in the shape.
    """
    opened, closed, forms, escaped = strings_of(text, line_count)
    end = int(closed[-1])
    if not _FIRST.fullmatch(text, 0, int(opened[0]) - 1):
        raise NotPlainError("does not begin as an object")
    strings = cut_texts(text, opened, closed, end)
    literals = all_forms(text, strings, end + 1, forms)
    keys = _keys(strings, forms, line_count, shape)
    if len(escaped):
        data, ends = unescaped(text, opened, closed, escaped)
        strings = cut_texts(data, opened, ends, end)
    return _columns(strings, keys, literals, line_count, shape)


def _keys(strings: pa.Array, forms: npt.NDArray[np.int8], line_count: int, shape: Shape) -> _Keys:
    """The keys of the text. Raises where forms follow one another as they do in no documents of one level."""
    is_key = IS_KEY[forms]
    at = np.flatnonzero(is_key).astype(np.int32)
    if not len(at) or at[0]:
        raise NotPlainError("no key where one has to be")
    bounds = np.append(at, np.int32(len(forms)))
    counts = np.diff(bounds) - np.int32(1)
    form, last = forms[at], forms[bounds[1:] - 1]
    lists = form == COLON_LIST
    texts = form == COLON
    if not ((counts == 1) | ~texts).all() or (counts[~lists & ~texts]).any():
        raise NotPlainError("a key without its value, or a value without its key")
    commas = texts & (last == COMMA)
    closed = (last == CLOSE) | (last == CLOSE_END)
    if not (~lists | closed).all() or not (~texts | commas | (last == END)).all():
        raise NotPlainError("a list without its end, or an end without its list")
    within = int(counts[lists].sum()) - np.count_nonzero(lists)
    if np.count_nonzero(forms == COMMA) != within + np.count_nonzero(commas):
        raise NotPlainError("the end of a list within it")
    ends = (last == END) | (last == CLOSE_END) | (last == LITERAL_END)
    row = np.cumsum(ends, dtype=np.int32) - ends
    if not ends[-1] or row[-1] + 1 != line_count:
        raise NotPlainError(f"{line_count} lines hold {row[-1] + 1} documents")
    encoded = strings.take(pa.array(2 * at)).dictionary_encode()
    names: list[str] = encoded.dictionary.to_pylist()
    if any("\\" in name for name in names) or len(names) > _MOST_KEYS:
        raise NotPlainError("keys with escapes in them")
    if unknown := [name for name in names if name not in shape]:
        raise UnfitError(f"fields that are not in the shape: {unknown[:3]}")
    return _Keys(at, counts, form, row, encoded.indices.to_numpy().astype(np.uint16), names)


def _columns(strings: pa.Array, keys: _Keys, literals: Literals, line_count: int, shape: Shape) -> dict[str, pa.Array]:
    values = _values(strings, keys, line_count)
    order = np.argsort(keys.name, kind="stable")
    bounds = np.cumsum(np.bincount(keys.name, minlength=len(keys.names)))
    columns: dict[str, pa.Array] = {}
    for name, found, texts in zip(keys.names, np.split(order, bounds[:-1]), values, strict=True):
        rows = keys.row[found]
        if (np.diff(rows) <= 0).any():
            raise NotPlainError(f"{name} twice in a document")
        columns[name] = _column(texts, keys, literals, found, line_count, shape[name])
    return {name: columns[name] if name in columns else pa.nulls(line_count, kind) for name, kind in shape.items()}


def _values(strings: pa.Array, keys: _Keys, line_count: int) -> list[pa.Array]:
    """The strings that are values of each name, in order.

    They are taken out of a stretch of the text after another, all names of it at once: what stands in the processor's
    cache is read in a fifth of the time.
    """
    names = len(keys.names)
    stretches = max(1, min(len(strings.buffers()[2]) // _STRETCH, _MOST_KEYS // names, line_count))
    stretch = keys.row * np.int64(stretches) // line_count
    place = (stretch * names + keys.name).astype(np.uint16)
    order = np.argsort(place, kind="stable")
    counts = keys.count[order]
    first = keys.string[order] + np.int32(1) - (np.cumsum(counts, dtype=np.int32) - counts)
    elements = np.repeat(first, counts)
    elements += np.arange(len(elements), dtype=np.int32)
    elements *= np.int32(2)
    taken = strings.take(pa.array(elements))
    lengths = np.bincount(place, keys.count, stretches * names).astype(np.int64)
    ends = np.cumsum(lengths)
    bounds = np.stack((ends - lengths, lengths)).reshape(2, stretches, names)
    return [
        pa.concat_arrays([taken.slice(start, length) for start, length in bounds[:, :, name].T.tolist()])
        for name in range(names)
    ]


def _column(
    texts: pa.Array, keys: _Keys, literals: Literals, found: npt.NDArray[np.int64], count: int, kind: pa.DataType
) -> pa.Array:
    """The field whose keys are ``found``, and whose strings are ``texts``."""
    rows, form, counts = keys.row[found], keys.form[found], keys.count[found]
    is_literal = (form == LITERAL) | (form == LITERAL_END)
    if is_literal.any():
        at = keys.string[found[is_literal]]
        values = literals.values.take(pa.array(np.searchsorted(literals.string, at)))
        nothing = pc.equal(values, "null").to_numpy(zero_copy_only=False)
        if kind in (NUMBER, FLAG):
            return _literal_column(values, rows, nothing, is_literal, count, kind)
        empty = pc.starts_with(values, "[").to_numpy(zero_copy_only=False)
        if not (nothing | (empty & (kind == TEXTS))).all():
            raise NotPlainError("a literal where there should be text")
        keep = ~is_literal
        keep[is_literal] = empty
        rows, form, counts = rows[keep], form[keep], counts[keep]
        is_literal = is_literal[keep]
    if kind == TEXT and (form == COLON).all():
        return _spread(texts, rows, count)
    if kind == TEXTS and ((form == COLON_LIST) | is_literal).all():
        return _lists(texts, counts, rows, count)
    raise NotPlainError("a value of another kind")


def _literal_column(
    values: pa.Array, rows: Places, nothing: Flags, is_literal: Flags, count: int, kind: pa.DataType
) -> pa.Array:
    filled = values.filter(pa.array(~nothing))
    truths = pc.is_in(filled, pa.array(["true", "false"]))
    lists = pc.starts_with(filled, "[")
    as_wanted = truths if kind == FLAG else pc.invert(pc.or_(truths, lists))
    if not is_literal.all() or not pc.all(as_wanted, min_count=0).as_py():
        raise NotPlainError("a value of another kind")
    return _spread(filled.cast(kind), rows[~nothing], count)


def _spread(values: pa.Array, rows: Places, count: int) -> pa.Array:
    """A value for each of ``count`` rows, null for those that are not among ``rows``."""
    if len(rows) == count:
        return values
    spread = np.full(count, -1, np.int32)
    spread[rows] = np.arange(len(rows), dtype=np.int32)
    return values.take(pa.array(spread, mask=spread < 0))


def _lists(texts: pa.Array, counts: Places, rows: Places, count: int) -> pa.Array:
    lengths = np.zeros(count + 1, np.int32)
    lengths[rows + 1] = counts
    present = np.zeros(count, bool)
    present[rows] = True
    mask = None if len(rows) == count else pa.array(~present)
    return pa.ListArray.from_arrays(pa.array(np.cumsum(lengths, dtype=np.int32)), texts, mask=mask)
