"""What stands at a path in many JSON objects at once, as columns of texts.

Whether a value is alone or in a list, or in lists of lists as some programs wrap each value, is all one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pipelines.readers.blanks import folded
from pipelines.readers.byte_spans import Positions
from pipelines.readers.text_columns import Texts
from pipelines.records import TEXT
from pipelines.runs import run_starts

_NONE: Final = np.zeros(0, np.int64)
_NO_TEXTS: Final = pa.array([], TEXT)


@dataclass(frozen=True, slots=True)
class Found:
    """Values in the order of the objects in which they were found: the number of that object, of ``count`` in all.

    ``types`` are those of the values. Where all are objects, ``names`` are those of their members, so that none is
    sought in vain.
    """

    values: list[Any]
    owner: Positions
    count: int
    types: set[type]
    names: frozenset[str] | None = None

    def at(self, *path: str) -> Found:
        """The values at a path below these, those of lists one by one, without null."""
        found = self
        for name in path:
            found = found.objects() if found.names is None else found
            if name not in (found.names or ()):
                return Found([], _NONE, self.count, set())
            values, owner, types = _flat(_members(found.values, name), found.owner)
            found = Found(values, owner, self.count, types)
        return found

    def objects(self, *path: str) -> Found:
        """The objects at a path."""
        found = self.at(*path)
        values, owner = found.values, found.owner
        if not found.types <= {dict}:
            places = [place for place, one in enumerate(values) if type(one) is dict]
            values, owner = [values[place] for place in places], owner[np.array(places, np.int64)]
        return Found(values, owner, self.count, {dict}, frozenset().union(*values))

    def alone(self) -> Found:
        """The same values, each to be looked into by itself."""
        return replace(self, owner=np.arange(len(self.values)), count=len(self.values))

    def first(self) -> Found:
        """The first value of each object."""
        wanted = run_starts(self.owner)
        return replace(self, values=[self.values[place] for place in wanted.tolist()], owner=self.owner[wanted])

    def texts(self, *path: str) -> Texts:
        """The values at a path as texts, blanks folded; "" for what is neither text nor number."""
        found = self.at(*path)
        values = found.values
        if not values:
            return Texts(_NO_TEXTS, _NONE, self.count)
        if not found.types <= {str}:
            values = [_as_text(one) for one in values]
        return Texts(folded(pa.array(values, TEXT)), found.owner, found.count)

    def text(self, *path: str) -> pa.Array:
        """The first text at a path that is not empty, of each object; "" where there is none."""
        return self.texts(*path).first()


def objects(values: list[dict[str, Any]]) -> Found:
    """These objects."""
    return Found(values, np.arange(len(values)), len(values), {dict}).objects()


def _members(values: list[dict[str, Any]], name: str) -> list[Any]:
    try:
        return list(map(itemgetter(name), values))
    except KeyError:
        return [one.get(name) for one in values]


def _flat(values: list[Any], owner: Positions) -> tuple[list[Any], Positions, set[type]]:
    """The values of lists within lists, without null, and of which types they are."""
    types = {*map(type, values)}
    if list in types:
        lists = [_items(one) if type(one) is list else (one,) for one in values]
        owner = np.repeat(owner, [*map(len, lists)])
        values = list(chain.from_iterable(lists))
        types = {*map(type, values)}
    if type(None) in types:
        places = [place for place, one in enumerate(values) if one is not None]
        values, owner = [values[place] for place in places], owner[np.array(places, np.int64)]
    return values, owner, types - {type(None)}


def _items(values: list[Any]) -> list[Any]:
    """What is in a list, and in the lists within it."""
    if list not in {*map(type, values)}:
        return values
    found: list[Any] = []
    opened = [iter(values)]
    while opened:
        for one in opened[-1]:
            if type(one) is list:
                opened.append(iter(one))
                break
            found.append(one)
        else:
            opened.pop()
    return found


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
