"""What stands at a path in many JSON objects at once, as columns of texts.

Whether a value is alone or in a list, or in lists of lists as some programs wrap each value, is all one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.blanks import folded
from pipelines.readers.byte_spans import Flags, Positions, bytes_of
from pipelines.readers.value_columns import IS_TEXT, Column, Values
from pipelines.records import TEXT

_NONE: Final = np.zeros(0, np.int64)
_NO_TEXTS: Final = pa.array([], TEXT)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts in the order of the objects that they are of: the number of that object for each, of ``count`` in all."""

    texts: pa.Array
    owner: Positions
    count: int

    def __len__(self) -> int:
        return len(self.texts)

    def at(self, wanted: Flags) -> Texts:
        """Some of the texts."""
        return self if wanted.all() else Texts(self.texts.filter(pa.array(wanted)), self.owner[wanted], self.count)

    def filled(self) -> Texts:
        """Those that are not empty."""
        return self if not len(self) else self.at(is_filled(self.texts))

    def first(self) -> pa.Array:
        """The first text of each object that is not empty; "" where there is none."""
        if not len(self):
            return pa.repeat(pa.scalar("", TEXT), self.count)
        filled = self.filled()
        if len(filled) == self.count and (np.diff(filled.owner) == 1).all():
            return filled.texts
        first = filled.at(np.append(True, filled.owner[1:] != filled.owner[:-1])[: len(filled)])
        places = np.full(self.count, -1, np.int64)
        places[first.owner] = np.arange(len(first))
        return pc.fill_null(first.texts.take(pa.array(places, mask=places < 0)), "")

    def distinct(self) -> Texts:
        """Those that are not empty, each once an object."""
        filled = self.filled()
        if (filled.owner[1:] != filled.owner[:-1]).all():
            return filled
        encoded = filled.texts.dictionary_encode()
        codes = encoded.indices.to_numpy()
        _, first = np.unique(filled.owner * len(encoded.dictionary) + codes, return_index=True)
        wanted = np.zeros(len(filled), bool)
        wanted[first] = True
        return filled.at(wanted)

    def joined(self, sign: str) -> pa.Array:
        """The texts of each object with ``sign`` between them; "" where there is none."""
        offsets = np.searchsorted(self.owner, np.arange(self.count + 1))
        return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), self.texts), sign)

    def has(self) -> Flags:
        """Which of the objects have a text."""
        found = np.zeros(self.count, bool)
        found[self.owner] = True
        return found

    def column(self, field: str, kind: int = IS_TEXT) -> Column:
        """The texts as values of a field that is a list."""
        count = len(self.texts)
        kinds = np.full(count, kind, np.int8)
        return Column(
            field, Values(self.texts, self.owner, np.zeros(count, np.int64), kinds, np.ones(count, bool)), _NONE
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Values in the order of the objects in which they were found: the number of that object, of ``count`` in all.

    Where all of them are objects, ``names`` are those of their members, so that none is sought in vain.
    """

    values: list[Any]
    owner: Positions
    count: int
    names: frozenset[str] | None = None

    def at(self, *path: str) -> Found:
        """The values at a path below these, those of lists one by one, without null."""
        found = self
        for name in path:
            found = found.objects() if found.names is None else found
            if name not in (found.names or ()):
                return Found([], _NONE, self.count)
            found = Found(*_flat(_members(found.values, name), found.owner), self.count)
        return found

    def objects(self, *path: str) -> Found:
        """The objects at a path."""
        found = self.at(*path)
        values, owner = found.values, found.owner
        if not {*map(type, values)} <= {dict}:
            places = [place for place, one in enumerate(values) if type(one) is dict]
            values, owner = [values[place] for place in places], owner[np.array(places, np.int64)]
        return Found(values, owner, self.count, frozenset().union(*values))

    def alone(self) -> Found:
        """The same values, each to be looked into by itself."""
        return replace(self, owner=np.arange(len(self.values)), count=len(self.values))

    def first(self) -> Found:
        """The first value of each object."""
        wanted = np.flatnonzero(np.append(True, self.owner[1:] != self.owner[:-1])[: len(self.owner)])
        return replace(self, values=[self.values[place] for place in wanted.tolist()], owner=self.owner[wanted])

    def texts(self, *path: str) -> Texts:
        """The values at a path as texts, blanks folded; "" for what is neither text nor number."""
        found = self.at(*path)
        values = found.values
        if not values:
            return Texts(_NO_TEXTS, _NONE, self.count)
        if not {*map(type, values)} <= {str}:
            values = [_as_text(one) for one in values]
        return Texts(folded(pa.array(values, TEXT)), found.owner, found.count)

    def text(self, *path: str) -> pa.Array:
        """The first text at a path that is not empty, of each object; "" where there is none."""
        return self.texts(*path).first()


def objects(values: list[dict[str, Any]]) -> Found:
    """These objects."""
    return Found(values, np.arange(len(values)), len(values)).objects()


def _members(values: list[dict[str, Any]], name: str) -> list[Any]:
    try:
        return list(map(itemgetter(name), values))
    except KeyError:
        return [one.get(name) for one in values]


def _flat(values: list[Any], owner: Positions) -> tuple[list[Any], Positions]:
    """The values of lists within lists, without null."""
    types = {*map(type, values)}
    while list in types:
        owner = np.repeat(owner, [len(one) if type(one) is list else 1 for one in values])
        values = list(chain.from_iterable(one if type(one) is list else (one,) for one in values))
        types = {*map(type, values)}
    if type(None) not in types:
        return values, owner
    places = [place for place, one in enumerate(values) if one is not None]
    return [values[place] for place in places], owner[np.array(places, np.int64)]


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def is_filled(texts: pa.Array) -> Flags:
    """Which of the texts are not empty."""
    filled: Flags = np.diff(bytes_of(texts)[0]) > 0
    return filled


def either(*columns: pa.Array) -> pa.Array:
    """The first text of each row that is not empty; "" where all are."""
    found = columns[0]
    for column in columns[1:]:
        if is_filled(found).all():
            break
        found = pc.if_else(pc.equal(found, ""), column, found)
    return found


def both(before: pa.Array, after: pa.Array, sign: str) -> pa.Array:
    """Two texts as one, with ``sign`` between them where neither is empty."""
    between = pc.if_else(pc.or_(pc.equal(before, ""), pc.equal(after, "")), "", sign)
    return pc.binary_join_element_wise(before, between, after, "")


def mapped(texts: pa.Array, rule: Callable[[str], str]) -> pa.Array:
    """What a rule makes of each text; of those that are equal it is asked once."""
    encoded = texts.dictionary_encode()
    return pa.array([rule(one) for one in encoded.dictionary.to_pylist()], TEXT).take(encoded.indices)


def lists(column: pa.Array) -> Texts:
    """A list for each row: its text, or none where it is empty."""
    return Texts(column, np.arange(len(column)), len(column)).filled()


def together(parts: Sequence[Texts]) -> Texts:
    """The texts of several lists of each object, one list behind the other."""
    parts = [one for one in parts if len(one)] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    owner = np.concatenate([one.owner for one in parts])
    order = np.argsort(owner, kind="stable")
    texts = pa.concat_arrays([one.texts for one in parts]).take(pa.array(order))
    return Texts(texts, owner[order], parts[0].count)


def single(field: str, texts: pa.Array) -> Column:
    """A text of each document as the value of a field; empty ones are none."""
    found = lists(texts)
    count = len(found)
    kinds = np.full(count, IS_TEXT, np.int8)
    return Column(
        field, Values(found.texts, found.owner, np.zeros(count, np.int64), kinds, np.zeros(count, bool)), _NONE
    )
