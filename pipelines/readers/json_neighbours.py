"""Broken documents in JSON that would take those behind them along.

Where a bracket is missing, a document ends with what is around it; where a quote is, strings and what stands between
them change places from there on, so that brackets count that should not, and others do not. But documents of one
program begin alike, and nothing that is whole has such a beginning in a wrong place:

- A string that ends with ``,{`` is followed by a comma, a colon or a bracket, never by the letters of a key and another
  quote. So where ``,{"id":`` seems to stand in a string, a quote is missing or too many before it.
- In an object a value stands behind its key: where ``,{"id":`` stands directly in one, a bracket is missing before it.

Objects within documents may begin as these do. Their list ends before the next document comes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from pipelines.readers.json_answers import Answers
from pipelines.readers.json_structure import Elements, Structure, elements, structure_of

#: So much behind a broken document tells whether what begins there is another one, or stands in it.
ENOUGH_BEHIND: Final = 256 << 10
#: How a document begins. With signs in its key, what seems to be one might be what stands between two strings.
_BEGINS: Final = re.compile(rb'\{\s*"[A-Za-z_][\w.-]{0,99}"\s*:')
#: How most do.
BEGINS_WITH_ID: Final = re.compile(rb'\{\s*"id"\s*:')
#: A beginning that is broken may still have the name in it.
_BROKEN: Final = re.compile(rb'[{\["\s]{1,99}([A-Za-z_][\w.-]{0,99})"{0,9}\s*:')
_MOST_BLANKS: Final = 256
_BEFORE_VALUES: Final = (b":", b"[", b"{")
_OBJECT, _COLON = ord("{"), ord(":")
#: So many documents without another such beginning in them tell that it is that of documents alone.
_TELLING: Final = 8
#: So many beginnings are looked at in one document: those within it are more in few files.
_MOST_LOOKED_AT: Final = 1000


class TooLittleError(ValueError):
    """More of the text has to be seen."""


class Swallowing(NamedTuple):
    """An element that is broken: its number, where it begins, and where within it its ``neighbour`` does."""

    number: int
    start: int
    neighbour: int


@dataclass(slots=True)
class Neighbours:
    """Finds what is broken in lists of documents, as ``answers`` have them.

    ``alone`` are beginnings of documents that no object within them has, ``shared`` those that some have, and ``seen``
    says of how many documents it was told.
    """

    answers: Answers
    alone: set[bytes] = field(default_factory=set)
    shared: set[bytes] = field(default_factory=set)
    seen: Counter[bytes] = field(default_factory=Counter)
    is_all: bool = False

    def first_swallowing(
        self, text: bytes, structure: Structure, found: Elements, end: int, *, is_all: bool
    ) -> Swallowing | None:
        """The first of the elements ``found`` that takes its neighbours along; the one that is unended goes up to
        ``end``, and its number is the one behind the last. ``is_all`` says that no more comes behind the text.

        Raises :class:`TooLittleError` where :data:`ENOUGH_BEHIND` more would tell.
        """
        self.is_all = is_all
        for number in _suspicious(text, structure, found):
            start, behind = found.starts[number], found.ends[number]
            if (place := self._neighbour_in(text, structure, found, start, behind)) is not None:
                return Swallowing(number, start, place)
        start = end if found.unended is None else found.unended
        place = self._neighbour_in(text, structure, found, start, end)
        return None if place is None else Swallowing(len(found.ends), start, place)

    def _neighbour_in(self, text: bytes, structure: Structure, found: Elements, start: int, end: int) -> int | None:
        """Where in the element from ``start`` to ``end`` the next one begins; None where none does for sure."""
        opening, place = _opening_or_broken(text, start, end)
        self._learn(text, found, opening, start)
        for _ in range(_MOST_LOOKED_AT if opening else 0):
            place = text.find(opening, place + 1, end)
            if place < 0:
                return None
            if not _is_beside(text, start, place) or not _is_odd(structure, start, place):
                continue
            if opening in self.alone:
                return place
            document = self._document_from(text, opening, place)
            if document == place or document is None or document >= end:
                return place if document == place else None
            place = document - 1
        return None

    def _learn(self, text: bytes, found: Elements, opening: bytes, before: int) -> None:
        """Learn of the documents before a place whether there are objects in them that begin as they do."""
        number = min(bisect_right(found.ends, before), _TELLING)
        if not number or not opening or opening in self.alone or opening in self.shared:
            return
        if text.count(opening, found.starts[bisect_right(found.ends, before) - number], before) > number:
            self.shared.add(opening)
            return
        self.seen[opening] += number
        if self.seen[opening] >= _TELLING:
            self.alone.add(opening)

    def _document_from(self, text: bytes, opening: bytes, place: int) -> int | None:
        """Where the first document from here on begins: here, or behind the list within one that goes on here."""
        end = place + ENOUGH_BEHIND
        if end > len(text) and not self.is_all:
            raise TooLittleError
        behind = elements(structure_of(text, place, min(end, len(text))), place, end)
        if (close := behind.close) is None:
            return place
        following = close
        while (following := text.find(opening, following, end)) >= 0:
            before = text[max(0, following - _MOST_BLANKS) : following].rstrip()
            is_first = before.endswith(b"[") and self.answers.documents.search(before[:-1])
            if is_first or self.answers.surely.search(text, close, following + len(opening)):
                return place
            if not before.endswith(_BEFORE_VALUES):
                return following
            following += 1
        # Where nothing follows the list, it is that of documents if there are such objects in them.
        is_of_documents = opening not in self.shared or text.count(opening, place, close) > len(behind.starts)
        return place if is_of_documents else None


def opening_of(text: bytes, start: int, end: int | None = None) -> bytes:
    """How an object begins, up to the value of its first key; empty where that cannot be told."""
    begins = _BEGINS.match(text, start, len(text) if end is None else end)
    return begins[0] if begins else b""


def _is_beside(text: bytes, start: int, place: int) -> bool:
    """Whether what stands at a place is neither behind a key nor the first in a list."""
    return not text[max(start, place - _MOST_BLANKS) : place].rstrip().endswith(_BEFORE_VALUES)


def _is_odd(structure: Structure, start: int, place: int) -> bool:
    """Whether the place is within a string, or directly within the object that begins at ``start``."""
    quotes, brackets = (np.searchsorted(places, [start, place]) for places in (structure.quotes, structure.brackets))
    is_in_string = (quotes[1] - quotes[0]) % 2 == 1
    return bool(is_in_string or structure.steps[slice(*brackets)].sum() == 1)


def _opening_or_broken(text: bytes, start: int, end: int) -> tuple[bytes, int]:
    """How an object begins, and up to where; in a broken beginning at least the name is right, and others have it."""
    if opening := opening_of(text, start, end):
        return opening, start
    if named := _BROKEN.match(text, start, end):
        others = re.compile(rb'\{\s*"' + re.escape(named[1]) + rb'"\s*:').findall(text, named.end(), end)
        # Objects within others are farther to the right.
        return min(others, key=len, default=b""), named.end()
    return b"", start


def _suspicious(text: bytes, structure: Structure, found: Elements) -> list[int]:
    """The numbers of objects in which there is a quote too few or too many, or another object without a key."""
    starts, ends = found.starts, found.ends
    if not starts:
        return []
    odd = structure.odd_quotes[slice(*np.searchsorted(structure.odd_quotes, [starts[0], ends[-1]]))]
    view = np.frombuffer(text, np.uint8)
    within = found.within[view[found.within] == _OBJECT]
    without_key = [
        place
        for place in within[view[within - 1] != _COLON].tolist()
        if place < ends[-1] and not text[max(0, place - _MOST_BLANKS) : place].rstrip().endswith(b":")
    ]
    return sorted({bisect_right(starts, place) - 1 for place in (*odd.tolist(), *without_key)})
