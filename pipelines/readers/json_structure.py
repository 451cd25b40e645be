"""Where the structure of a JSON text is: brackets and newlines outside of strings.

Found by compiled code (``_json_structure.c``), or else in columns. The idea of these is that of simdjson's first stage
(Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 28, 2019).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.readers.byte_spans import Positions
from pipelines.readers.compiled import IS_COMPILED

if IS_COMPILED:
    from pipelines.readers._json_structure import find_structure

_QUOTE, _BACKSLASH, _NEWLINE = ord('"'), ord("\\"), ord("\n")

#: What a byte does to the depth of nesting; of no meaning within strings.
_STEP: Final = np.zeros(256, np.int8)
_STEP[[ord("{"), ord("[")]] = 1
_STEP[[ord("}"), ord("]")]] = -1

#: Whether a sign may stand behind a string.
_MAY_FOLLOW: Final = np.isin(np.arange(256), list(b",:]} \t\r\n"))

#: The bit by which a brace differs from the bracket of its kind.
_LOWER: Final = 0x20
_OPENS, _CLOSES = ord("{"), ord("}")
#: From one that opens to the one that closes it, of both kinds.
_OPENS_TO_CLOSES: Final = _CLOSES - _OPENS
#: So many bytes, and what is made of them, stay in the processor's cache.
_BLOCK: Final = 1 << 17
#: So many brackets are looked at first for the end of a list.
_BRACKETS_OF_A_LIST: Final = 1 << 10
#: So many at a time are gone through for the documents of an answer: before them are few.
_BRACKETS_AT_ONCE: Final = 64
#: So many backslashes behind one another are gone through at once for all quotes behind such; longer runs one by one.
_LONG_RUN: Final = 16


@dataclass(frozen=True, slots=True)
class Structure:
    """Of a text that begins outside of a string.

    ``brackets`` are the positions of brackets and braces outside of strings, ``steps`` is +1 for each that opens and -1
    for each that closes, ``depths`` the sum of these up to each; ``newlines`` are positions of newlines outside of
    strings; ``quotes`` are positions of the quotes that begin and end strings, ``odd_quotes`` of those that end one
    before a sign that stands behind no string: a quote is missing or too many somewhere before it.
    """

    brackets: npt.NDArray[np.int64]
    steps: npt.NDArray[np.int8]
    depths: npt.NDArray[np.int32]
    newlines: npt.NDArray[np.int64]
    quotes: npt.NDArray[np.int64]
    odd_quotes: npt.NDArray[np.int64]

    def is_in_string(self, begin: int, place: int) -> bool:
        """Whether a place is within a string, as seen from another that is in none."""
        return bool(self.are_in_string(begin, np.array([place]))[0])

    def between(self, begin: int, end: int) -> tuple[int, int]:
        """The numbers of the first bracket of a part of the text and of the first behind it."""
        low, high = np.searchsorted(self.brackets, [begin, end]).tolist()
        return low, high

    def depth_before(self, number: int) -> int:
        """How many brackets are open before the one of a number."""
        return int(self.depths[number - 1]) if number else 0

    def depth_between(self, begin: int, place: int) -> int:
        """How many more brackets are open at a place than at another before it."""
        low, high = self.between(begin, place)
        return self.depth_before(high) - self.depth_before(low)

    def are_in_string(self, begin: int, places: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """The same of several."""
        before = np.searchsorted(self.quotes, places) - np.searchsorted(self.quotes, begin)
        return before % 2 > 0


class Elements(NamedTuple):
    """Starts and ends of whole brackets side by side from ``begin`` on, and where the one around them does ``close``.

    ``unended`` is where one begins that is not whole, ``within`` where brackets open that stand directly in any of
    these.
    """

    starts: Positions
    ends: Positions
    close: int | None
    unended: int | None
    within: npt.NDArray[np.int64]
    begin: int

    def up_to(self, number: int | None) -> tuple[Positions, Positions, int | None]:
        """Starts, ends and close, of all or of those before one of a number."""
        if number is None:
            return self.starts, self.ends, self.close
        return self.starts[:number], self.ends[:number], None


def innermost(structure: Structure, begin: int, places: Positions) -> Positions:
    """Where the innermost bracket stands that is open at each of these places, in order, since ``begin``; -1: none."""
    found = np.full(len(places), -1, np.int64)
    if not len(places):
        return found
    low, high = structure.between(begin, int(places[-1]))
    brackets = structure.brackets[low:high]
    depths = np.append(structure.depths[low:high].astype(np.int64) - structure.depth_before(low), 0)
    last = np.searchsorted(brackets, places) - 1
    asked = np.flatnonzero(depths[last] > 0)
    # Of those that open at a depth the last one before a place is open there.
    opened = np.flatnonzero(structure.steps[low:high] > 0)
    opened = opened[np.argsort(depths[opened], kind="stable")]
    of_each = depths[opened] * len(depths) + opened
    wanted = depths[last[asked]] * len(depths) + last[asked]
    found[asked] = brackets[opened[np.searchsorted(of_each, wanted, "right") - 1]]
    return found


def first_mismatch(text: bytes, structure: Structure, begin: int, end: int) -> int:
    """Where in a part of a text the first bracket stands that closes one of another kind; its end where none does."""
    low, high = structure.between(begin, end)
    steps = structure.steps[low:high]
    # Those of one level open and close by turns.
    level = structure.depths[low:high] + (steps < 0)
    order = np.argsort(level, kind="stable")
    level, steps, brackets = level[order], steps[order], structure.brackets[low:high][order]
    opens = np.flatnonzero((steps[:-1] > 0) & (steps[1:] < 0) & (level[:-1] == level[1:]))
    kinds = np.frombuffer(text, np.uint8)
    wrong = brackets[opens + 1][kinds[brackets[opens]] + _OPENS_TO_CLOSES != kinds[brackets[opens + 1]]]
    return int(wrong.min()) if len(wrong) else end


def elements(structure: Structure, begin: int, end: int, *, in_list: bool = True) -> Elements:
    """The whole brackets side by side in a part of a text.

    Where no list is around them, as they stand ``in_list`` no more, only the first of them where they are many.
    """
    low, high = structure.between(begin, end)
    before = structure.depth_before(low)
    looked_at, size, close = low, _BRACKETS_OF_A_LIST, None
    while close is None and looked_at < high:
        depths = structure.depths[looked_at : min(low + size, high)]
        behind = depths < before
        first = int(np.argmax(behind))
        if behind[first]:
            close = looked_at + first
        looked_at += len(depths)
        if not in_list and (depths == before).any():
            break
        # Lists may be short and many.
        size *= 4
    part = slice(low, looked_at if close is None else close)
    brackets, depths = structure.brackets[part], structure.depths[part]
    last = np.flatnonzero(depths == before)
    # Behind the end of each the next one begins.
    first_of = np.append(0, last + 1)
    starts, ends = brackets[first_of[first_of < len(brackets)]], brackets[last] + 1
    unended = int(starts[-1]) if len(ends) < len(starts) else None
    around = None if close is None else int(structure.brackets[close])
    within = brackets[(structure.steps[part] > 0) & (depths == before + 2)]
    return Elements(starts[: len(ends)], ends, around, unended, within, begin)


def one_by_one(structure: Structure, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Each bracket in a part of a text, and its step."""
    low, high = structure.between(begin, end)
    for start in range(low, high, _BRACKETS_AT_ONCE):
        some = slice(start, min(start + _BRACKETS_AT_ONCE, high))
        yield from zip(structure.brackets[some].tolist(), structure.steps[some].tolist(), strict=True)


def structure_of(text: bytes | bytearray, begin: int = 0, end: int | None = None) -> Structure:
    """The :class:`Structure` of ``text``, or of a part of it, which must begin outside of a string."""
    if IS_COMPILED:
        brackets, steps, depths, *others = find_structure(text, begin, len(text) if end is None else end)
        places = (np.frombuffer(one, np.int64) for one in others)
        step_of_each, depth_of_each = np.frombuffer(steps, np.int8), np.frombuffer(depths, np.int32)
        return Structure(np.frombuffer(brackets, np.int64), step_of_each, depth_of_each, *places)
    view = np.frombuffer(text, np.uint8)[begin:end]
    positions = _signs(view, has_newlines=text.find(b"\n", begin, end) >= 0)
    found = view[positions]
    is_sign = found == _QUOTE
    has_escapes = text.find(b"\\", begin, end) >= 0
    is_quote = is_sign & ~_escaped(view, positions, is_sign) if has_escapes else is_sign
    # A byte tells whether their number is even, also where it has run over.
    outside = (np.cumsum(is_quote, dtype=np.uint8) & 1) == 0
    is_newline = found == _NEWLINE
    bracket = outside & ~(is_sign | is_newline)
    newline = outside & is_newline
    behind = positions[is_quote][1::2] + 1
    behind = behind[behind < len(view)]
    odd = behind[~_MAY_FOLLOW[view[behind]]] - 1 + begin
    positions += begin
    steps = _STEP[found[bracket]]
    depths = np.cumsum(steps, dtype=np.int32)
    return Structure(positions[bracket], steps, depths, positions[newline], positions[is_quote], odd)


def _signs(view: npt.NDArray[np.uint8], *, has_newlines: bool) -> npt.NDArray[np.int64]:
    """Where brackets, braces, quotes and newlines stand, whatever they stand in."""
    found = []
    size = min(_BLOCK, len(view))
    wanted, other, lower = np.empty(size, bool), np.empty(size, bool), np.empty(size, np.uint8)
    for at in range(0, len(view), _BLOCK):
        block = view[at : at + _BLOCK]
        is_wanted, is_other, in_lower = wanted[: len(block)], other[: len(block)], lower[: len(block)]
        np.bitwise_or(block, _LOWER, out=in_lower)
        np.equal(in_lower, _OPENS, out=is_wanted)
        is_wanted |= np.equal(in_lower, _CLOSES, out=is_other)
        is_wanted |= np.equal(block, _QUOTE, out=is_other)
        if has_newlines:
            is_wanted |= np.equal(block, _NEWLINE, out=is_other)
        positions = np.flatnonzero(is_wanted)
        positions += at
        found.append(positions)
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _escaped(
    view: npt.NDArray[np.uint8], positions: npt.NDArray[np.int64], asked: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Of the positions asked for, those after an odd number of backslashes."""
    odd = np.zeros(len(positions), bool)
    rows = np.flatnonzero(asked)
    before = positions[rows] - 1
    for _ in range(_LONG_RUN):
        slash = (before >= 0) & (view[before] == _BACKSLASH)
        rows, before = rows[slash], before[slash] - 1
        odd[rows] = ~odd[rows]
        if not len(rows):
            break
    for row, last in zip(rows.tolist(), before.tolist(), strict=True):
        odd[row] ^= bool(_run_before(view, last + 1) % 2)
    return odd


def _run_before(view: npt.NDArray[np.uint8], end: int) -> int:
    """How many backslashes stand before a place, one behind the other."""
    size = _LONG_RUN
    while True:
        size *= 2
        is_other = view[max(0, end - size) : end][::-1] != _BACKSLASH
        if is_other.any():
            return int(np.argmax(is_other))
        if size >= end:
            return end
