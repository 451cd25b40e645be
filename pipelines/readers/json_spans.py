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
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags, Places, count_byte, cut_texts, find_byte_in_chunk
from pipelines.readers.json_shape import FLAG, NUMBER, TEXT, TEXTS, Shape

#: Offsets of arrow's texts are of 32 bits.
_LONGEST_TEXT: Final = (1 << 31) - 16
_SPACE = ord(" ")
#: So many bytes are compared at once.
_BLOCK: Final = 1 << 18

#: What may stand between two strings of a text, and of what kind it is. ``LITERAL``s are values that are no strings.
_COLON, _COLON_LIST, _COMMA, _CLOSE, _END, _CLOSE_END, _LITERAL, _LITERAL_END = range(8)
_W: Final = r"[ \t\r\n]*"
_NEXT_LINE: Final = rf"\}}[ \t\r]*\n{_W}\{{{_W}"
_FORMS: Final = (
    (_COLON, re.compile(rf"{_W}:{_W}".encode())),
    (_COLON_LIST, re.compile(rf"{_W}:{_W}\[{_W}".encode())),
    (_COMMA, re.compile(rf"{_W},{_W}".encode())),
    (_CLOSE, re.compile(rf"{_W}\]{_W},{_W}".encode())),
    (_END, re.compile(rf"{_W}{_NEXT_LINE}".encode())),
    (_CLOSE_END, re.compile(rf"{_W}\]{_W}{_NEXT_LINE}".encode())),
)
#: Whole numbers that surely fit into 64 bits, and are written as they will be.
_NUMBER: Final = r"0|-?[1-9][0-9]{0,17}|[1-8][0-9]{18}"
_LITERAL_BETWEEN: Final = rf"^{_W}:{_W}(?:{_NUMBER}|true|false|null|\[{_W}\]){_W}(?:,{_W}|{_NEXT_LINE})$"
_FIRST: Final = re.compile(rf"{_W}\{{{_W}".encode())
#: Forms that are no longer than this are told apart as numbers.
_WORD: Final = 4
_MASKS: Final = np.array([0, *((1 << 8 * length) - 1 for length in range(1, _WORD + 1)), 0], np.uint32)
#: Short numbers and other spaces make more forms of one kind; so many are not of a program's writing.
_MOST_FORMS: Final = 1_000
_MOST_KEYS: Final = 1 << 16
#: So many bytes stay in the processor's cache.
_STRETCH: Final = 1 << 18


class NotPlainError(ValueError):
    """The text is not of the forms that are read here; it may still be JSON lines."""


class UnfitError(ValueError):
    """The documents do not have the shape, whoever reads them."""


@dataclass(frozen=True, slots=True)
class _Literals:
    """The strings behind which a literal stands, and the literals."""

    string: Places
    values: pa.Array


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
    view = np.frombuffer(text, np.uint8)
    if len(text) > _LONGEST_TEXT:
        raise NotPlainError("longer than the offsets of arrow")
    _refuse_control_characters(text, view, line_count)
    quotes, backslashes = _quotes(text, view)
    if not len(quotes) or len(quotes) % 2:
        raise NotPlainError("a string without an end")
    opened, closed = quotes[::2] + np.int32(1), np.ascontiguousarray(quotes[1::2])
    if not _FIRST.fullmatch(text, 0, int(quotes[0])):
        raise NotPlainError("does not begin as an object")
    strings = cut_texts(text, opened, closed, int(closed[-1]))
    forms, literals = _forms(text, view, strings, opened, closed)
    keys = _keys(strings, forms, line_count, shape)
    if backslashes is not None:
        strings = _unescaped(text, opened, closed, backslashes, keys)
    return _columns(strings, keys, literals, line_count, shape)


def _refuse_control_characters(text: bytes, view: npt.NDArray[np.uint8], line_count: int) -> None:
    """They may stand in no string, and between strings only as the ends of lines."""
    low = sum(int(np.count_nonzero(view[at : at + _BLOCK] < _SPACE)) for at in range(0, len(view), _BLOCK))
    # There are as many newlines at least.
    if low == line_count - (not text.endswith(b"\n")):
        return
    if low != count_byte(text, b"\n") + text.count(b"\r\n") + text.endswith(b"\r"):
        raise NotPlainError("control characters")


def _quotes(text: bytes, view: npt.NDArray[np.uint8]) -> tuple[Places, Places | None]:
    """Where strings begin and end, and where backslashes are, if there are any."""
    quotes = find_byte_in_chunk(text, b'"')
    if b"\\" not in text:
        return quotes, None
    backslashes = find_byte_in_chunk(text, b"\\")
    # A quote is escaped by an odd number of backslashes before it.
    begins = np.flatnonzero(np.diff(backslashes, prepend=-2) != 1)
    lengths = np.diff(np.append(begins, len(backslashes)))
    behind = backslashes[begins] + lengths
    odd = np.zeros(len(view) + 1, bool)
    odd[behind[lengths % 2 == 1]] = True
    return quotes[~odd[quotes]], backslashes


def _forms(
    text: bytes, view: npt.NDArray[np.uint8], strings: pa.Array, opened: Places, closed: Places
) -> tuple[npt.NDArray[np.int8], _Literals]:
    """The form of what stands behind each string, and the literals there."""
    lengths = opened[1:] - closed[:-1] - np.int32(2)
    words = np.zeros(len(opened), np.uint32)
    every = np.ndarray((len(view) - _WORD + 1,), np.dtype("<u4"), buffer=text, strides=(1,))
    words[:-1] = every[np.minimum(closed[:-1] + np.int32(1), np.int32(len(every) - 1))]
    words[:-1] &= _MASKS[np.minimum(lengths, _WORD + 1)]
    encoded = pa.array(words).dictionary_encode()
    forms = _told_apart([word.to_bytes(_WORD, "little").rstrip(b"\0") for word in encoded.dictionary.to_pylist()])[
        encoded.indices.to_numpy()
    ]
    # What is longer, or has a literal in it, is looked at as text; so is what stands behind the last string.
    others = np.flatnonzero(forms < 0).astype(np.int32)
    between = strings.take(pa.array(2 * others[:-1] + 1)).cast(pa.binary())
    last = pa.array([text[int(closed[-1]) + 1 :] + b"\n{"])
    between = pa.concat_arrays([pc.binary_slice(between, 1, -1), last]).cast(pa.string())
    is_literal = pc.match_substring_regex(between, _LITERAL_BETWEEN)
    literal = is_literal.to_numpy(zero_copy_only=False)
    if not literal.all():
        plain = between.filter(pc.invert(is_literal)).dictionary_encode()
        known = _told_apart([one.encode() for one in plain.dictionary.to_pylist()])
        forms[others[~literal]] = known[plain.indices.to_numpy()]
    between = between.filter(is_literal)
    ends = pc.match_substring(between, "{").to_numpy(zero_copy_only=False)
    forms[others[literal]] = np.where(ends, _LITERAL_END, _LITERAL)
    if (forms < 0).any():
        raise NotPlainError("something else between strings")
    return forms, _Literals(others[literal], pc.ascii_trim(between, characters=" \t\r\n:,{}"))


def _told_apart(betweens: list[bytes]) -> npt.NDArray[np.int8]:
    """The form of each of the texts that stand between strings, -1 for what is none."""
    if len(betweens) > _MOST_FORMS:
        raise NotPlainError("too many forms between strings")
    return np.array([_form_of(one) for one in betweens], np.int8)


def _form_of(between: bytes) -> int:
    return next((form for form, pattern in _FORMS if pattern.fullmatch(between)), -1)


def _keys(strings: pa.Array, forms: npt.NDArray[np.int8], line_count: int, shape: Shape) -> _Keys:
    """The keys of the text. Raises where forms follow one another as they do in no documents of one level."""
    is_key = _AS_KEY[forms]
    at = np.flatnonzero(is_key).astype(np.int32)
    if not len(at) or at[0]:
        raise NotPlainError("no key where one has to be")
    bounds = np.append(at, np.int32(len(forms)))
    counts = np.diff(bounds) - np.int32(1)
    form, last = forms[at], forms[bounds[1:] - 1]
    lists = form == _COLON_LIST
    texts = form == _COLON
    if not ((counts == 1) | ~texts).all() or (counts[~lists & ~texts]).any():
        raise NotPlainError("a key without its value, or a value without its key")
    commas = texts & (last == _COMMA)
    closed = (last == _CLOSE) | (last == _CLOSE_END)
    if not (~lists | closed).all() or not (~texts | commas | (last == _END)).all():
        raise NotPlainError("a list without its end, or an end without its list")
    within = int(counts[lists].sum()) - np.count_nonzero(lists)
    if np.count_nonzero(forms == _COMMA) != within + np.count_nonzero(commas):
        raise NotPlainError("the end of a list within it")
    ends = (last == _END) | (last == _CLOSE_END) | (last == _LITERAL_END)
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


#: Whether a string is a key, by the form of what stands behind it.
_AS_KEY: Final = np.isin(np.arange(8), [_COLON, _COLON_LIST, _LITERAL, _LITERAL_END])


def _unescaped(text: bytes, opened: Places, closed: Places, backslashes: Places, keys: _Keys) -> pa.Array:
    """The strings with their escapes resolved, which never makes one longer: each is written where it stood."""
    escaped = np.unique(np.searchsorted(opened, backslashes, "right") - 1)
    spans = list(zip(opened[escaped].tolist(), closed[escaped].tolist(), strict=True))
    try:
        values = orjson.loads(b'["' + b'","'.join([text[start:end] for start, end in spans]) + b'"]')
    except orjson.JSONDecodeError as error:
        raise NotPlainError(str(error)) from error
    if len(values) != len(spans):
        raise NotPlainError("an escape that is none")
    data, ends = bytearray(text), closed.copy()
    for index, (start, _), value in zip(escaped.tolist(), spans, values, strict=True):
        written = value.encode()
        ends[index] = start + len(written)
        data[start : start + len(written)] = written
    return cut_texts(bytes(data), opened, ends, int(closed[-1]))


def _columns(strings: pa.Array, keys: _Keys, literals: _Literals, line_count: int, shape: Shape) -> dict[str, pa.Array]:
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
    texts: pa.Array, keys: _Keys, literals: _Literals, found: npt.NDArray[np.int64], count: int, kind: pa.DataType
) -> pa.Array:
    """The field whose keys are ``found``, and whose strings are ``texts``."""
    rows, form, counts = keys.row[found], keys.form[found], keys.count[found]
    is_literal = (form == _LITERAL) | (form == _LITERAL_END)
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
    if kind == TEXT and (form == _COLON).all():
        return _spread(texts, rows, count)
    if kind == TEXTS and ((form == _COLON_LIST) | is_literal).all():
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
