"""What stands between the strings of JSON lines: a few forms, which say what the strings are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Places

#: What may stand between two strings of a text, and of what kind it is. ``LITERAL``s are values that are no strings.
COLON, COLON_LIST, COMMA, CLOSE, END, CLOSE_END, LITERAL, LITERAL_END = range(8)
BLANKS: Final = r"[ \t\r\n]*"
_NEXT_LINE: Final = rf"\}}[ \t\r]*\n{BLANKS}\{{{BLANKS}"
_FORMS: Final = (
    (COLON, re.compile(rf"{BLANKS}:{BLANKS}".encode())),
    (COLON_LIST, re.compile(rf"{BLANKS}:{BLANKS}\[{BLANKS}".encode())),
    (COMMA, re.compile(rf"{BLANKS},{BLANKS}".encode())),
    (CLOSE, re.compile(rf"{BLANKS}\]{BLANKS},{BLANKS}".encode())),
    (END, re.compile(rf"{BLANKS}{_NEXT_LINE}".encode())),
    (CLOSE_END, re.compile(rf"{BLANKS}\]{BLANKS}{_NEXT_LINE}".encode())),
)
#: Whole numbers that surely fit into 64 bits, and are written as they will be.
_NUMBER: Final = r"0|-?[1-9][0-9]{0,17}|-?[1-8][0-9]{18}"
_LITERAL_BETWEEN: Final = (
    rf"^{BLANKS}:{BLANKS}(?:{_NUMBER}|true|false|null|\[{BLANKS}\]){BLANKS}(?:,{BLANKS}|{_NEXT_LINE})$"
)
#: Forms that are no longer than this are told apart as numbers.
_WORD: Final = 4
_MASKS: Final = np.array([0, *((1 << 8 * length) - 1 for length in range(1, _WORD + 1)), 0], np.uint32)
#: Short numbers and other spaces make more forms of one kind; so many are not of a program's writing.
_MOST_FORMS: Final = 1_000
#: Whether a string is a key, by the form of what stands behind it.
IS_KEY: Final = np.isin(np.arange(8), [COLON, COLON_LIST, LITERAL, LITERAL_END])


class NotPlainError(ValueError):
    """The text is not of the forms that are read here; it may still be JSON lines."""


@dataclass(frozen=True, slots=True)
class Literals:
    """The strings behind which a literal stands, and the literals."""

    string: Places
    values: pa.Array


def short_forms(view: npt.NDArray[np.uint8], opened: Places, closed: Places) -> npt.NDArray[np.int8]:
    """The form of what stands behind each string, -1 where that is long, is none, or has a literal in it."""
    if len(view) < _WORD:
        raise NotPlainError("no object with a string in it")
    lengths = opened[1:] - closed[:-1] - np.int32(2)
    words = np.zeros(len(opened), np.uint32)
    every = np.ndarray((len(view) - _WORD + 1,), np.dtype("<u4"), buffer=view, strides=(1,))
    words[:-1] = every[np.minimum(closed[:-1] + np.int32(1), np.int32(len(every) - 1))]
    words[:-1] &= _MASKS[np.minimum(lengths, _WORD + 1)]
    encoded = pa.array(words).dictionary_encode()
    known = _told_apart([word.to_bytes(_WORD, "little").rstrip(b"\0") for word in encoded.dictionary.to_pylist()])
    forms: npt.NDArray[np.int8] = known[encoded.indices.to_numpy()]
    return forms


def all_forms(text: bytes, strings: pa.Array, end: int, forms: npt.NDArray[np.int8]) -> Literals:
    """Put in which forms are not known (-1), as the last, behind which the text goes on from ``end``; the literals."""
    # What stands there is looked at as text.
    others = np.flatnonzero(forms < 0).astype(np.int32)
    between = strings.take(pa.array(2 * others[:-1] + 1)).cast(pa.binary())
    last = pa.array([text[end:] + b"\n{"])
    between = pa.concat_arrays([pc.binary_slice(between, 1, -1), last]).cast(pa.string())
    is_literal = pc.match_substring_regex(between, _LITERAL_BETWEEN)
    literal = is_literal.to_numpy(zero_copy_only=False)
    if not literal.all():
        plain = between.filter(pc.invert(is_literal)).dictionary_encode()
        known = _told_apart([one.encode() for one in plain.dictionary.to_pylist()])
        forms[others[~literal]] = known[plain.indices.to_numpy()]
    between = between.filter(is_literal)
    ends = pc.match_substring(between, "{").to_numpy(zero_copy_only=False)
    forms[others[literal]] = np.where(ends, LITERAL_END, LITERAL)
    if (forms < 0).any():
        raise NotPlainError("something else between strings")
    return Literals(others[literal], pc.ascii_trim(between, characters=" \t\r\n:,{}"))


def _told_apart(betweens: list[bytes]) -> npt.NDArray[np.int8]:
    """The form of each of the texts that stand between strings, -1 for what is none."""
    if len(betweens) > _MOST_FORMS:
        raise NotPlainError("too many forms between strings")
    return np.array([_form_of(one) for one in betweens], np.int8)


def _form_of(between: bytes) -> int:
    return next((form for form, pattern in _FORMS if pattern.fullmatch(between)), -1)
