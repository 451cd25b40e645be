"""What stands between two strings of nested JSON: which objects and arrays end and begin there, and what follows.

Of a text there are few such gaps that differ, so each is looked at once, sign by sign, by the grammar of JSON
(RFC 8259); that they fit to one another is for :mod:`pipelines.readers.json_nesting` to see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.readers.byte_spans import Bytes, Places
from pipelines.readers.json_forms import NotPlainError

#: What the value behind a key is; of literals, and of elements that are none or nothing but brackets, no more is told.
NO_KEY, STRING, OBJECT, ARRAY, NO_ELEMENTS, NO_MEMBERS, LITERAL = range(7)
#: What follows on a gap: a string that has to be a key, one that has to be a value, or what its object or array has.
BY_PARENT, A_KEY, A_VALUE = range(3)
IS_OBJECT, IS_ARRAY = 1, 2

#: Numbers as any parser takes them.
_PLAIN_NUMBER: Final = r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?"
_TOKEN: Final = re.compile(
    rf"[ \t\r]*(?:(?P<end>\n[ \t\r\n]*)|(?P<sign>[{{}}\[\],:])|true|false|null|{_PLAIN_NUMBER})".encode()
)
_BLANK: Final = re.compile(rb"[ \t\r\n]*")
_OF_SIGN: Final = {ord("{"): IS_OBJECT, ord("}"): IS_OBJECT, ord("["): IS_ARRAY, ord("]"): IS_ARRAY}
#: Gaps that are no longer are told apart as numbers.
_WORD: Final = 8
_MASKS: Final = np.array([*((1 << 8 * length) - 1 for length in range(_WORD + 1)), 0], np.uint64)
#: More gaps that differ are not of a program's writing, or there are numbers in many of them.
_MOST: Final = 5_000
#: So many objects and arrays end, or begin, in one gap at most.
MOST_AT_ONCE: Final = 8


@dataclass(slots=True)
class _Gap:
    """One gap: what closes and opens in it (1 for an object, 2 for an array), and how far behind the string before.

    ``asserts`` is what has to be around the comma that stands behind all that closes, 0 where that is not told here;
    ``is_odd`` says of a gap that holds values that are not told (:data:`LITERAL`).
    """

    colon: bool = False
    kind: int = NO_KEY
    closes: list[int] = field(default_factory=list)
    closes_at: list[int] = field(default_factory=list)
    opens: list[int] = field(default_factory=list)
    opens_at: list[int] = field(default_factory=list)
    comma: bool = False
    asserts: int = 0
    ends_row: bool = False
    is_odd: bool = False
    is_compact: bool = True
    follows: int = BY_PARENT


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps that differ, as columns; those of several values have a row a gap, filled up with 0."""

    kind: npt.NDArray[np.int8]
    close_count: npt.NDArray[np.int8]
    closes: npt.NDArray[np.int8]
    closes_at: npt.NDArray[np.int32]
    open_count: npt.NDArray[np.int8]
    opens: npt.NDArray[np.int8]
    opens_at: npt.NDArray[np.int32]
    asserts: npt.NDArray[np.int8]
    ends_row: npt.NDArray[np.bool_]
    is_odd: npt.NDArray[np.bool_]
    is_compact: npt.NDArray[np.bool_]
    follows: npt.NDArray[np.int8]


def gaps_between(text: bytes, view: Bytes, opened: Places, closed: Places) -> tuple[Places, Gaps]:
    """Which gap stands behind each string, and the gaps. Behind the last one a line is taken to follow.

    Raises :class:`NotPlainError` for what stands between strings of no JSON, or is too rare to be looked at here.
    """
    lengths = np.empty(len(opened), np.int32)
    lengths[:-1] = opened[1:] - closed[:-1] - np.int32(2)
    lengths[-1] = _WORD + 1
    words = np.zeros(len(opened), np.uint64)
    if len(view) >= _WORD:
        every = np.ndarray((len(view) - _WORD + 1,), np.dtype("<u8"), buffer=text, strides=(1,))
        begins = np.minimum(closed + np.int32(1), np.int32(len(every) - 1))
        words = every[begins]
        # The last places of the text are too near to its end to be read as a whole word.
        late = closed + 1 > len(every) - 1
        lengths[late] = _WORD + 1
        words &= _MASKS[np.minimum(lengths, _WORD + 1)]
    else:
        lengths[:] = _WORD + 1
    encoded = pa.array(words).dictionary_encode()
    found: list[bytes] = [word.to_bytes(_WORD, "little").rstrip(b"\0") for word in encoded.dictionary.to_pylist()]
    if len(found) > _MOST:
        raise NotPlainError("too many forms between strings")
    numbers = encoded.indices.to_numpy().astype(np.int32)
    others = np.flatnonzero(lengths > _WORD)
    known = {gap: number for number, gap in enumerate(found)}
    starts, ends = (closed[others] + 1).tolist(), [*(opened[others[:-1] + 1] - 1).tolist(), len(text)]
    last = len(opened) - 1
    for place, start, end in zip(others.tolist(), starts, ends, strict=True):
        gap = text[start:end] + (b"\n{" if place == last else b"")
        number = known.get(gap)
        if number is None:
            number = known[gap] = len(found)
            found.append(gap)
            if number > _MOST:
                raise NotPlainError("too many forms between strings")
        numbers[place] = number
    used = np.zeros(len(found), bool)
    used[numbers] = True
    return numbers, _as_columns(
        [_analysed(gap) if is_used else _Gap() for gap, is_used in zip(found, used, strict=True)]
    )


@lru_cache(maxsize=4 * _MOST)
def _analysed(gap: bytes) -> _Gap:
    """What a gap says. Raises :class:`NotPlainError` where it can stand in no JSON, or says more than is looked at."""
    walk = _Walk()
    position = 0
    while position < len(gap):
        token = _TOKEN.match(gap, position)
        if token is None:
            if not _BLANK.fullmatch(gap, position):
                raise NotPlainError("something else between strings")
            walk.found.is_compact = False
            break
        sign = token["sign"]
        if sign and len(token[0]) > 1:
            walk.found.is_compact = False
        if sign == b":":
            walk.colon(is_first=position == 0)
        elif token["end"] is not None:
            walk.end_row()
        elif sign == b",":
            walk.comma()
        elif sign in (b"}", b"]"):
            walk.close(_OF_SIGN[sign[0]], token.end() - 1)
        else:
            walk.value(0 if sign is None else _OF_SIGN[sign[0]], token.end() - 1)
        position = token.end()
    return walk.result()


#: What may come next within a gap: a value (or the end of the array that has just begun), a key or the end of the
#: object that has just begun, what follows a value, what follows a comma; and the object that begins a line.
_VALUE, _KEY_OR_END, _AFTER_VALUE, _AFTER_COMMA, _OBJECT = range(5)


class _Walk:
    """Goes through a gap sign by sign; raises :class:`NotPlainError`."""

    def __init__(self) -> None:
        self.found = _Gap()
        self.state = _AFTER_VALUE

    def colon(self, is_first: bool) -> None:
        """What stands before the gap is a key."""
        if not is_first:
            raise NotPlainError("a colon behind no key")
        self.found.colon, self.state = True, _VALUE

    def end_row(self) -> None:
        """The end of a line: only between two documents."""
        if self.state != _AFTER_VALUE or self.found.opens or self.found.comma or self.found.ends_row:
            raise NotPlainError("a newline within a document")
        self.found.ends_row, self.state = True, _OBJECT

    def comma(self) -> None:
        """Another member or element follows."""
        if self.state != _AFTER_VALUE:
            raise NotPlainError("a comma behind no value")
        self.found.comma = self.found.comma or not self.found.opens
        self.state = _AFTER_COMMA

    def close(self, kind: int, at: int) -> None:
        """An object or an array ends: one that begins in this gap, or one around it."""
        found, empties = self.found, self.state in (_VALUE, _KEY_OR_END)
        if not empties and self.state != _AFTER_VALUE:
            raise NotPlainError("an end that ends nothing")
        self.state = _AFTER_VALUE
        if not found.opens:
            if empties or found.comma:
                raise NotPlainError("an end that is not looked at here")
            found.closes.append(kind)
            found.closes_at.append(at)
            return
        found.opens_at.pop()
        if found.opens.pop() != kind:
            raise NotPlainError("an end of something else")
        if found.ends_row and not found.opens:
            raise NotPlainError("a document that says nothing")
        if found.opens or not found.colon or found.comma or found.ends_row:
            # An element, or a member within, that is nothing but brackets.
            found.is_odd = True
        elif empties:
            found.kind = NO_MEMBERS if kind == IS_OBJECT else NO_ELEMENTS
        else:
            found.kind = LITERAL

    def value(self, opens: int, at: int) -> None:
        """A value that is no string begins: an object, an array or, where ``opens`` is 0, a literal."""
        found = self.found
        if self.state == _OBJECT:
            if opens != IS_OBJECT:
                raise NotPlainError("a line that is no object")
        elif self.state not in (_VALUE, _AFTER_COMMA) or (
            self.state == _AFTER_COMMA and found.opens and found.opens[-1] == IS_OBJECT
        ):
            raise NotPlainError("a value where none may be")
        elif self.state == _AFTER_COMMA and not found.opens:
            found.asserts = IS_ARRAY
        is_first = found.colon and found.kind == NO_KEY
        if not opens:
            found.is_odd, self.state = True, _AFTER_VALUE
            found.kind = LITERAL if is_first else found.kind
            return
        if is_first:
            found.kind = OBJECT if opens == IS_OBJECT else ARRAY
        found.opens.append(opens)
        found.opens_at.append(at)
        self.state = _KEY_OR_END if opens == IS_OBJECT else _VALUE

    def result(self) -> _Gap:
        """What the gap says, at the string behind it."""
        found = self.found
        if self.state in (_AFTER_VALUE, _OBJECT):
            raise NotPlainError("two values side by side")
        if max(len(found.opens), len(found.closes)) > MOST_AT_ONCE:
            raise NotPlainError("nested too deeply")
        if found.colon and found.kind == NO_KEY:
            found.kind = STRING
        if self.state == _KEY_OR_END or (self.state == _AFTER_COMMA and found.opens[-1:] == [IS_OBJECT]):
            found.follows = A_KEY
        elif self.state == _VALUE or found.opens or found.asserts:
            found.follows = A_VALUE
        return found


def _as_columns(gaps: list[_Gap]) -> Gaps:
    return Gaps(
        kind=np.array([one.kind for one in gaps], np.int8),
        close_count=np.array([len(one.closes) for one in gaps], np.int8),
        closes=_filled_up([one.closes for one in gaps]).astype(np.int8),
        closes_at=_filled_up([one.closes_at for one in gaps]),
        open_count=np.array([len(one.opens) for one in gaps], np.int8),
        opens=_filled_up([one.opens for one in gaps]).astype(np.int8),
        opens_at=_filled_up([one.opens_at for one in gaps]),
        asserts=np.array([one.asserts for one in gaps], np.int8),
        ends_row=np.array([one.ends_row for one in gaps], bool),
        is_odd=np.array([one.is_odd for one in gaps], bool),
        is_compact=np.array([one.is_compact for one in gaps], bool),
        follows=np.array([one.follows for one in gaps], np.int8),
    )


def _filled_up(lists: list[list[int]]) -> Places:
    return np.array([one + [0] * (MOST_AT_ONCE - len(one)) for one in lists], np.int32)
