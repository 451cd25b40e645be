"""Broken documents in JSON that would take those behind them along.

Where a bracket is missing, a document ends with what is around it; where a quote is, strings and what stands between
them change places from there on, so that brackets count that should not, and others do not. But documents of one
program begin alike, and in a whole one no object begins in a wrong place:

- A string that ends with ``,{`` is followed by a comma, a colon or a bracket, never by the letters of a key and another
  quote. So where ``,{"id":`` seems to stand in a string, a quote is missing or too many before it.
- In an object a value stands behind its key: where ``,{"id":`` stands directly in one, a bracket is missing before it.
  So one is, or another is wrong, where a bracket closes one of the other kind.
- Where documents are set in over lines, what stands in one is farther to the right as a rule: a line that begins as
  those of documents begins one, and no value of theirs.

What begins there may be an object within the broken document, of a list of such. That ends before the next document
comes, and what stands in it has not the keys of documents. Where neither can be told, nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
import orjson

from pipelines.readers.json_answers import BEFORE_VALUES, MOST_BLANKS, Answers
from pipelines.readers.json_document_lines import DocumentLines
from pipelines.readers.json_structure import Elements, Structure, elements, first_mismatch, innermost, structure_of

#: So much behind a broken document tells whether what begins there is another one, or stands in it.
ENOUGH_BEHIND: Final = 256 << 10
_AT_FIRST: Final = 16 << 10
#: How a document begins. With signs in its key, what seems to be one might be what stands between two strings.
_BEGINS: Final = re.compile(rb'\{\s*"([A-Za-z_][\w.-]{0,99})"\s*:')
#: How most do.
BEGINS_WITH_ID: Final = re.compile(rb'\{\s*"id"\s*:')
#: A beginning that is broken may still have the name in it.
_BROKEN: Final = re.compile(rb'\{[{"\s]{0,99}([A-Za-z_][\w.-]{0,99})"{0,9}\s*:')
_KEY: Final = re.compile(rb'[,{]\s*("[A-Za-z_][\w.-]{0,99}")\s*:')
_KEY_ENDS: Final = re.compile(rb'"\s*:')
_BETWEEN: Final = re.compile(rb"[\s,]*")
_OBJECT, _COLON = ord("{"), ord(":")
#: What stands behind a whole document, in a list and in none.
_GOES_ON_IN_LIST: Final = re.compile(rb"\s*(?:,\s*(?:[\[{]|null\b)|\])")
_GOES_ON: Final = re.compile(rb"\s*[\[{]")
#: So many documents without another such beginning in them tell that it is that of documents alone.
_TELLING: Final = 8
#: Of so many beginnings in one document it is asked whether they are of another.
_MOST_ASKED: Final = 1000


class TooLittleError(ValueError):
    """More of the text has to be seen."""


class Swallowing(NamedTuple):
    """An element that is broken: its number, where it begins, and where within it its ``neighbour`` does."""

    number: int
    start: int
    neighbour: int


class Around(NamedTuple):
    """The text in which elements stand, whether it ``is_all`` of the stream, and how many brackets are open around the
    elements, an array of answers not counted, in which these may be ``in_list``.
    """

    text: bytes
    is_all: bool
    depth: int
    in_list: bool

    def ends_behind(self, answers: Answers, close: int, end: int) -> bool:
        """Whether behind the bracket that closes a list there are as many others as there have to be behind the list of
        documents, up to the next answer or the end of the text.
        """
        following = answers.in_array.search(self.text, close, end)
        if following is None and not (self.is_all and end == len(self.text)):
            return False
        rest = structure_of(self.text, close + 1, following.start() if following else end)
        left = self.depth - 1 + int(rest.steps.sum())
        return left == 0 or (self.in_list and left == -1)


@dataclass(slots=True)
class Neighbours:
    """Finds what is broken in lists of documents, as ``answers`` have them.

    ``alone`` are beginnings of documents that no object within them has, ``shared`` those that some have, and ``seen``
    says of how many documents it was told; ``usual`` is one that was seen last, and ``lines`` how those begin that are
    set in over several lines.
    """

    answers: Answers
    alone: set[bytes] = field(default_factory=set)
    shared: set[bytes] = field(default_factory=set)
    seen: Counter[bytes] = field(default_factory=Counter)
    usual: bytes = b""
    lines: DocumentLines = field(default_factory=DocumentLines)

    def first_swallowing(self, around: Around, structure: Structure, found: Elements, end: int) -> Swallowing | None:
        """The first of the elements ``found`` that takes its neighbours along; the one that is unended goes up to
        ``end``, and its number is the one behind the last.

        Raises :class:`TooLittleError` where :data:`ENOUGH_BEHIND` more would tell.
        """
        if len(found.starts):
            self.usual = opening_of(around.text, int(found.starts[0])) or self.usual
            self.lines.look_at(around.text, found.starts, self.usual)
        between = self._behind_stray_quote(around.text, structure, found, end)
        for number in sorted(_suspicious(around.text, structure, found) | self.lines.in_others(around.text, found)):
            if between and number >= between.number:
                break
            start, behind = int(found.starts[number]), int(found.ends[number])
            if (place := self._neighbour_in(around, structure, found, (start, behind), ends=True)) is not None:
                return Swallowing(number, start, place)
        if between:
            return between
        start = end if found.unended is None else found.unended
        place = self._neighbour_in(around, structure, found, (start, end), ends=False)
        return None if place is None else Swallowing(len(found.ends), start, place)

    def _behind_stray_quote(self, text: bytes, structure: Structure, found: Elements, end: int) -> Swallowing | None:
        """Where a document begins behind a quote between two of them; as if what stands there were one of its own."""
        odd = structure.odd_quotes[slice(*np.searchsorted(structure.odd_quotes, [found.begin, end]))]
        if not len(odd) or not self.usual:
            return None
        number = int(np.searchsorted(found.starts, odd[0], "right"))
        behind = int(found.ends[number - 1]) if number else found.begin
        if odd[0] < behind or (found.unended is not None and odd[0] > found.unended):
            return None
        start = _BETWEEN.match(text, behind).end()  # type: ignore[union-attr]
        place = text.find(self.usual, start, end)
        if place <= start or not structure.is_in_string(start, place):
            return None
        # What stands between may be a document that has lost its bracket as well, with others in it.
        if _times_named(text, self.usual, start, place):
            return None
        return Swallowing(number, start, place)

    def _neighbour_in(
        self, around: Around, structure: Structure, found: Elements, element: tuple[int, int], *, ends: bool
    ) -> int | None:
        """Where in an element the next one begins; None where none does for sure. It ``ends``, or there is no more."""
        (start, end), text = element, around.text
        line = self.lines.next_document(text, start, end)
        # Of many elements in no list some are looked at, and the last of these may end before its line.
        if line is not None and structure.depth_between(start, line) > 0:
            if not self._is_value(around, structure, element, line, ends=ends):
                return line
            self.lines.tell_nothing()
        opening, place = _opening_or_broken(text, start, end)
        self._learn(text, found, opening, start)
        least = place + 1
        odd = _odd_places(text, structure, opening, start, least, end) if opening else []
        for place in islice((place for place in odd if _is_beside(text, start, place)), _MOST_ASKED):
            if place < least:
                continue
            document = self._document_from(around, opening, start, place)
            if document == place:
                self._tell(opening, 1)
                return place
            if document is None or document >= end:
                return None
            least = document
        return None

    def _is_value(
        self, around: Around, structure: Structure, element: tuple[int, int], line: int, *, ends: bool
    ) -> bool:
        """Whether what begins at a line as documents do is a value in a list of the element, of which nothing is broken
        then: it is JSON, and behind it the list of documents goes on or ends.
        """
        text, (start, end) = around.text, element
        if text[innermost(structure, start, np.array([line]))[0]] == _OBJECT:
            return False
        is_in_none, limit = not around.depth and not around.in_list, line + ENOUGH_BEHIND
        goes_on = _GOES_ON if is_in_none else _GOES_ON_IN_LIST
        if not (ends and goes_on.match(text, end)):
            if not around.is_all and len(text) < limit:
                raise TooLittleError
            # Of what is held not all may have been looked at.
            limit = min(limit, len(text))
            whole = elements(structure_of(text, start, limit), start, limit, in_list=False)
            if not len(whole.ends):
                return False
            end = int(whole.ends[0])
        is_last = is_in_none and around.is_all and _BETWEEN.fullmatch(text, end) is not None
        if end > limit or not (goes_on.match(text, end) or is_last):
            return False
        try:
            orjson.loads(memoryview(text)[start:end])
        except orjson.JSONDecodeError:
            return False
        return True

    def _learn(self, text: bytes, found: Elements, opening: bytes, before: int) -> None:
        """Learn of the documents before a place whether there are objects in them that begin as they do."""
        last = int(np.searchsorted(found.ends, before, "right"))
        number = min(last, _TELLING)
        if not number or not opening or opening in self.alone or opening in self.shared:
            return
        if text.count(opening, int(found.starts[last - number]), before) > number:
            self.shared.add(opening)
        else:
            self._tell(opening, number)

    def _tell(self, opening: bytes, documents: int) -> None:
        self.seen[opening] += documents
        if self.seen[opening] >= _TELLING and opening not in self.shared:
            self.alone.add(opening)

    def _document_from(self, around: Around, opening: bytes, start: int, place: int) -> int | None:
        """Where the first document from ``place`` on begins: here, or behind the list of objects within the broken one
        that goes on here. None where that cannot be told.
        """
        is_only_its_own = _times_named(around.text, opening, start, place) == 1
        if is_only_its_own and opening in self.alone:
            return place
        for size in (_AT_FIRST, ENOUGH_BEHIND):
            end = place + size
            if end > len(around.text) and not around.is_all:
                raise TooLittleError
            end = min(end, len(around.text))
            behind = elements(structure_of(around.text, place, end), place, end)
            following = None if behind.close is None else self._following(around.text, opening, behind.close, end)
            if following is not None:
                return following
            if self._are_documents(around, opening, start, place, behind, end, is_sure=is_only_its_own):
                return place
        return None

    def _are_documents(
        self, around: Around, opening: bytes, start: int, place: int, behind: Elements, end: int, *, is_sure: bool
    ) -> bool:
        """Whether the objects from ``place`` on are documents as the broken one from ``start`` on."""
        if behind.close is not None and not around.ends_behind(self.answers, behind.close, end):
            return False
        if opening in self.shared:
            # Of documents some have such objects in them; of these objects none has.
            return around.text.count(opening, place, _end_of(behind, end)) > len(behind.ends)
        is_sure = is_sure or opening in self.alone or behind.close is not None
        # What stands in a document stands behind another key of it than its first.
        has_one_key = len(_KEY_ENDS.findall(around.text, start, place)) == 1
        return is_sure and (has_one_key or _have_second_key(around.text, start, place, opening, behind))

    def _following(self, text: bytes, opening: bytes, close: int, end: int) -> int | None:
        """Where behind the end of a list there is something beside its parent; None where another list comes before, of
        documents.
        """
        following = close
        while (following := text.find(opening, following, end)) >= 0:
            before = text[max(0, following - MOST_BLANKS) : following].rstrip()
            is_first = before.endswith(b"[") and self.answers.documents.search(before[:-1])
            if is_first or self.answers.surely.search(text, close, following + len(opening)):
                return None
            if before and not before.endswith(BEFORE_VALUES):
                return following
            following += 1
        return None


def opening_of(text: bytes, start: int, end: int | None = None) -> bytes:
    """How an object begins, up to the value of its first key; empty where that cannot be told."""
    begins = _BEGINS.match(text, start, len(text) if end is None else end)
    return begins[0] if begins else b""


def _opening_or_broken(text: bytes, start: int, end: int) -> tuple[bytes, int]:
    """How an object begins, and up to where; in a broken beginning at least the name is right, and others have it."""
    if opening := opening_of(text, start, end):
        return opening, start
    if named := _BROKEN.match(text, start, end):
        others = re.compile(rb'\{\s*"' + re.escape(named[1]) + rb'"\s*:').findall(text, named.end(), end)
        # Objects within others are farther to the right.
        return min(others, key=len, default=b""), named.end()
    return b"", start


def _times_named(text: bytes, opening: bytes, start: int, end: int) -> int:
    """How often the first key of documents stands in a part of a text, also with one quote alone."""
    name = re.escape(_BEGINS.match(opening)[1])  # type: ignore[index]
    return sum(1 for _ in islice(re.compile(rb'"%s\b|\b%s"' % (name, name)).finditer(text, start, end), 2))


def _have_second_key(text: bytes, start: int, place: int, opening: bytes, behind: Elements) -> bool:
    """Whether half of the objects from ``place`` on have the second key of the broken one that begins at ``start``."""
    keys = (found[1] for found in _KEY.finditer(text, start, place))
    second = next((key for key in keys if key not in opening), None)
    some = list(zip(behind.starts[:_TELLING].tolist(), behind.ends[:_TELLING].tolist(), strict=True))
    return second is not None and bool(some) and 2 * sum(text.find(second, *one) >= 0 for one in some) >= len(some)


def _end_of(behind: Elements, end: int) -> int:
    return int(behind.ends[-1]) if len(behind.ends) else end


def _is_beside(text: bytes, start: int, place: int) -> bool:
    """Whether what stands at a place is neither behind a key nor the first in a list."""
    before = text[max(start, place - MOST_BLANKS) : place].rstrip()
    return before != b"" and not before.endswith(BEFORE_VALUES)


def _odd_places(text: bytes, structure: Structure, opening: bytes, start: int, least: int, end: int) -> list[int]:
    """Where the opening stands in a string or directly in an object, or behind a bracket that closes one of another
    kind, within the element that begins at ``start``.
    """
    places = np.array([one.start() for one in re.compile(re.escape(opening)).finditer(text, least, end)], np.int64)
    brackets = innermost(structure, start, places)
    view = np.frombuffer(text, np.uint8)
    is_odd = structure.are_in_string(start, places) | ((brackets >= 0) & (view[brackets] == _OBJECT))
    if len(places):
        is_odd |= (brackets >= 0) & (places > first_mismatch(text, structure, start, end))
    odd: list[int] = places[is_odd].tolist()
    return odd


def _suspicious(text: bytes, structure: Structure, found: Elements) -> set[int]:
    """The numbers of objects in which there is a quote too few or too many, or another object without a key."""
    starts, ends = found.starts, found.ends
    if not len(starts):
        return set()
    odd = structure.odd_quotes[slice(*np.searchsorted(structure.odd_quotes, [starts[0], ends[-1]]))]
    view = np.frombuffer(text, np.uint8)
    within = found.within[view[found.within] == _OBJECT]
    without_key = [
        place
        for place in within[view[within - 1] != _COLON].tolist()
        if place < ends[-1] and _is_beside(text, int(starts[0]), place)
    ]
    return set((np.searchsorted(starts, [*odd.tolist(), *without_key], "right") - 1).tolist())
