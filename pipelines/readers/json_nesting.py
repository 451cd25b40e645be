"""JSON objects that stand a line each: their strings, and in which objects and arrays these stand, as columns.

Found in one pass by compiled code (``_json_nesting.c``). What is odd is left to a parser, and so are all errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.readers.byte_spans import Flags, Places, Positions
from pipelines.readers.compiled import IS_COMPILED

if IS_COMPILED:
    from pipelines.readers._json_nesting import find_nesting

#: What the value behind a key is.
NO_KEY, STRING, OBJECT, ARRAY, NO_ELEMENTS, NO_MEMBERS = range(6)
IS_OBJECT, IS_ARRAY = 1, 2


@dataclass(frozen=True, slots=True)
class Brackets:
    """Objects and arrays in the order in which they begin: of which kind each is, in which other it stands (-1: none).

    ``key`` is the string before it, where that is its key (else -1); ``start`` and ``end`` are its first byte and the
    one behind its last; ``row`` is the line in which it stands. ``first`` is the first string that stands in it or in
    what it holds; ``strings``, ``objects`` and ``arrays`` are how many stand in it itself.
    """

    kind: npt.NDArray[np.uint8]
    parent: Places
    key: Places
    start: Places
    end: Places
    row: Places
    first: Places
    strings: Places
    objects: Places
    arrays: Places


@dataclass(frozen=True, slots=True)
class Nesting:
    """The strings of a text, in order, and its objects and arrays that are not empty.

    ``opened`` and ``closed`` are where a string is written, without its quotes. ``value`` is of each key what its value
    is (:data:`STRING` …; it is the next string then), and 0 for strings that are no key. ``within`` is the object or
    array in which a string stands, ``row`` the line, and ``bracket`` the one that is the value of a key (else -1).

    ``name`` tells of each key, in order, which of the different ones it is, ``first`` of each of these which string is
    the first of it, and ``outermost`` how many keys of it stand in the object that a line is. ``by_name`` are the keys
    by their names, of which those of each one begin at ``begins``.

    ``odd`` are the lines of which there is nothing here: with values that are no strings, objects or arrays, with
    elements that are nothing but brackets, and those that are no objects. ``says_twice`` are those in which an object
    has two members of one name.
    """

    text: bytes
    strings: pa.StringArray
    opened: Places
    closed: Places
    value: npt.NDArray[np.uint8]
    within: Places
    row: Places
    bracket: Places
    name: Places
    first: Places
    outermost: Places
    by_name: Places
    begins: Places
    brackets: Brackets
    odd: Flags
    says_twice: Flags
    is_compact: bool
    has_escapes: bool

    def texts(self, places: Positions | Places) -> pa.StringArray:
        """The strings at these places."""
        return self.strings.take(pa.array(places))

    def keys_of(self, name: int) -> Positions:
        """The keys that are the name of this number."""
        return self.by_name[self.begins[name] : self.begins[name + 1]].astype(np.int64)


def nesting_of(text: bytes, starts: Positions, ends: Positions) -> Nesting:
    """The strings, objects and arrays of the lines of a text that is shorter than 2 GiB."""
    left_out, says_twice, (text_ends, texts), of_strings, of_brackets, of_names, has_escapes, has_blanks = find_nesting(
        text, starts, ends
    )
    value, *of_each_string = of_strings
    kind, *of_each_bracket = of_brackets
    values = np.frombuffer(value, np.uint8)
    opened, closed, within, row, bracket = map(_numbers, of_each_string)
    name, first, outermost, by_name, begins = map(_numbers, of_names)
    return Nesting(
        text,
        pa.StringArray.from_buffers(len(values), pa.py_buffer(text_ends), pa.py_buffer(texts)),
        opened,
        closed,
        values,
        within,
        row,
        bracket,
        name,
        first,
        outermost,
        by_name,
        begins,
        Brackets(np.frombuffer(kind, np.uint8), *map(_numbers, of_each_bracket)),
        np.frombuffer(left_out, np.bool_),
        np.frombuffer(says_twice, np.bool_),
        not has_blanks,
        has_escapes,
    )


def _numbers(data: Any) -> Places:
    return np.frombuffer(data, np.int32)
