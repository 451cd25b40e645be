"""JSON objects that stand a line each, found in columns: their strings, and in which objects and arrays these stand.

Nothing is parsed sign by sign. All quotes of a text are found at once, so that it falls into strings and what stands
between them (:mod:`pipelines.readers.json_gaps`); which of these follow one another says the rest, and whether it is
JSON at all. It takes less time than a parser takes. What is odd is left to the parser, and so are all errors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.readers.byte_spans import Flags, Places, cut_texts, is_utf8
from pipelines.readers.json_forms import BLANKS, NotPlainError
from pipelines.readers.json_gaps import (
    A_KEY,
    A_VALUE,
    ARRAY,
    IS_ARRAY,
    IS_OBJECT,
    NO_KEY,
    OBJECT,
    STRING,
    Gaps,
    gaps_between,
)
from pipelines.readers.json_strings import strings_of, unescaped

_FIRST: Final = re.compile(rf"{BLANKS}\{{{BLANKS}".encode())
#: Deeper ones are left to a parser.
_DEEPEST: Final = 60


@dataclass(frozen=True, slots=True)
class Brackets:
    """Objects and arrays in the order in which they begin: of which kind each is, in which other it stands (-1: none).

    ``key`` is the string before it, where that is its key (else -1); ``start`` and ``end`` are its first byte and the
    one behind its last; ``row`` is the line in which it stands.
    """

    kind: npt.NDArray[np.int8]
    parent: Places
    key: Places
    start: Places
    end: Places
    row: Places


@dataclass(frozen=True, slots=True)
class Nesting:
    """The strings of a text, in order, and its objects and arrays.

    ``strings`` are the strings as they are to be read, and what stands between them: the number of a string is twice
    its place. ``value`` is of each key what its value is (:data:`json_gaps.STRING` …; it is the next string then), and
    0 for strings that are no key. ``within`` is the object or array in which a string stands, ``row`` the line.

    ``odd`` are the lines with values that are no strings, objects or arrays, or elements that are nothing but brackets.
    """

    text: bytes
    strings: pa.StringArray
    opened: Places
    closed: Places
    value: npt.NDArray[np.int8]
    within: Places
    row: Places
    brackets: Brackets
    odd: Flags
    is_compact: bool
    has_escapes: bool

    def texts(self, places: Places) -> pa.StringArray:
        """The strings at these places."""
        return self.strings.take(pa.array(2 * places))


def nesting_of(text: bytes, line_count: int) -> Nesting:
    """The strings, objects and arrays of so many lines that begin with { and end with }.

    Raises :class:`NotPlainError` where the text is no JSON, or only a parser can tell what it says.
    """
    if not is_utf8(text):
        raise NotPlainError("not UTF-8")
    opened, closed, backslashes = strings_of(text, line_count)
    if not _FIRST.fullmatch(text, 0, int(opened[0]) - 1):
        raise NotPlainError("does not begin as an object")
    numbers, gaps = gaps_between(text, np.frombuffer(text, np.uint8), opened, closed)
    data, ends = (text, closed) if backslashes is None else unescaped(text, opened, closed, backslashes)
    value = gaps.kind[numbers]
    row = np.empty(len(opened), np.int32)
    row[0] = 0
    np.cumsum(gaps.ends_row[numbers[:-1]], out=row[1:])
    if row[-1] + 1 != line_count or not gaps.ends_row[numbers[-1]]:
        raise NotPlainError(f"{line_count} lines hold other than as many documents")
    brackets, within = _brackets(numbers, gaps, closed, value, row)
    odd = np.zeros(line_count, bool)
    odd[row[gaps.is_odd[numbers]]] = True
    strings = cut_texts(data, opened, ends, int(closed[-1]))
    is_compact = bool(gaps.is_compact[numbers].all())
    return Nesting(
        text, strings, opened, closed, value, within, row, brackets, odd, is_compact, backslashes is not None
    )


def _brackets(
    numbers: Places, gaps: Gaps, closed: Places, value: npt.NDArray[np.int8], row: Places
) -> tuple[Brackets, Places]:
    """The objects and arrays, and in which of them each string stands.

    Raises :class:`NotPlainError` where what ends is not what began, or a string is a key where none may be.
    """
    open_count, close_count = gaps.open_count[numbers], gaps.close_count[numbers]
    ends_row = gaps.ends_row[numbers]
    behind = np.cumsum(open_count.astype(np.int32) - close_count) + np.int32(1)
    lowest = behind - open_count
    if (ends_row != (lowest <= 0)).any() or int(lowest.min()) < 0 or int(behind.max()) > _DEEPEST:
        raise NotPlainError("an end without a beginning, or too many of either")
    # What begins: the first object, and what the gaps say but for the document behind the last one.
    opening = np.flatnonzero(open_count[:-1])
    counts = open_count[opening]
    gap_of, nth = _each(opening, counts)
    kind = np.append(np.int8(IS_OBJECT), gaps.opens[numbers[gap_of], nth])
    level = np.append(np.int32(0), lowest[gap_of] + nth)
    start = np.append(np.int32(0), closed[gap_of] + 1 + gaps.opens_at[numbers[gap_of], nth])
    # Behind a key with a value that ends in the gap, what begins is an element.
    has_key = (nth == 0) & ((value[gap_of] == OBJECT) | (value[gap_of] == ARRAY))
    key = np.append(np.int32(-1), np.where(has_key, gap_of, -1))
    # What ends.
    closing = np.flatnonzero(close_count)
    end_of, nth_end = _each(closing, close_count[closing])
    before = np.append(np.int32(1), behind[:-1])
    end_level = before[end_of] - 1 - nth_end
    if len(end_of) != len(kind):
        raise NotPlainError("ends and beginnings are not as many")
    order, ends = np.argsort(level.astype(np.int8), kind="stable"), np.argsort(end_level.astype(np.int8), kind="stable")
    end_kind = gaps.closes[numbers[end_of], nth_end]
    if (level[order] != end_level[ends]).any() or (kind[order] != end_kind[ends]).any():
        raise NotPlainError("an end of something else")
    end = np.empty(len(kind), np.int32)
    end[order] = (closed[end_of] + 2 + gaps.closes_at[numbers[end_of], nth_end])[ends]
    ended = np.empty(len(kind), np.int32)
    ended[ends] = order
    parent = _parents(order, np.bincount(level))
    # Behind a gap in which something begins is the last of it, behind one in which something ends what that stood in.
    begun = np.cumsum(open_count, dtype=np.int32)
    last_ended = np.cumsum(close_count, dtype=np.int32) - 1
    within = np.zeros(len(numbers), np.int32)
    returns = np.flatnonzero((close_count[:-1] > 0) & (open_count[:-1] == 0))
    returned = parent[ended[last_ended[returns]]]
    within[opening + 1] = begun[opening]
    within[returns + 1] = returned
    changes = np.zeros(len(numbers), np.int32)
    changes[opening + 1] = opening + 1
    changes[returns + 1] = returns + 1
    within = within[np.maximum.accumulate(changes)]
    _check_strings(numbers, gaps, value, kind[within], kind, parent, ended, last_ended)
    rows = np.append(np.int32(0), row[gap_of + 1])
    found = Brackets(kind, parent, key.astype(np.int32), start.astype(np.int32), end, rows)
    return found, within


def _each(
    gaps: npt.NDArray[np.int64], counts: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Each of several things in gaps: the gap, and the how many-th it is there."""
    repeated = np.repeat(gaps, counts)
    ends = np.cumsum(counts, dtype=np.int64)
    return repeated, np.arange(len(repeated)) - np.repeat(ends - counts, counts)


def _parents(order: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> Places:
    """In which other each object or array stands; ``order`` are all of them, level by level, ``counts`` of each."""
    parent = np.full(len(order), -1, np.int32)
    bounds = np.cumsum(counts)
    above = order[: bounds[0]]
    for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        here = order[begin:end]
        parent[here] = above[np.searchsorted(above, here) - 1]
        above = here
    return parent


def _check_strings(
    numbers: Places,
    gaps: Gaps,
    value: npt.NDArray[np.int8],
    around: npt.NDArray[np.int8],
    kind: npt.NDArray[np.int8],
    parent: Places,
    ended: Places,
    last_ended: Places,
) -> None:
    """Refuse keys where none may be, and values where a key has to be; ``around`` is what strings stand in."""
    is_key = value != NO_KEY
    follows = gaps.follows[numbers]
    # Behind a colon stands a value, and else the key of an object or an element of an array.
    wants_key = around == IS_OBJECT
    wants_key[1:][value[:-1] == STRING] = False
    if (is_key != wants_key).any():
        raise NotPlainError("a key where a value has to be, or a value where a key has to be")
    told = follows[:-1]
    if (~is_key[1:] & (told == A_KEY)).any() or (is_key[1:] & (told == A_VALUE)).any():
        raise NotPlainError("a key where a value has to be, or a value where a key has to be")
    # A comma before an element that is no string stands in an array.
    asserted = np.flatnonzero(gaps.asserts[numbers])
    if len(asserted):
        closes = gaps.close_count[numbers[asserted]] > 0
        outer = around[asserted].copy()
        outer[closes] = kind[parent[ended[last_ended[asserted[closes]]]]]
        if (outer != IS_ARRAY).any():
            raise NotPlainError("an element of an object")
