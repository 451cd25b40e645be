"""Documents that stand side by side in JSON text, in an array or in none: the walk through them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import unreadable
from pipelines.readers.json_answers import OpenAnswer
from pipelines.readers.json_held import ENOUGH_FOR_A_KEY, HeldJson
from pipelines.readers.json_neighbours import (
    BEGINS_WITH_ID,
    ENOUGH_BEHIND,
    Around,
    Neighbours,
    Swallowing,
    TooLittleError,
    opening_of,
)
from pipelines.readers.json_pieces import pieces_of
from pipelines.readers.json_structure import Elements, Structure, elements

BLANK: Final = b" \t\r\n"
COMMAS: Final = re.compile(rb"[, \t\r\n]*")
#: How a list begins that holds objects or nothing, or lists of such, not too deeply.
_OF_OBJECTS: Final = re.compile(rb"(?:\[\s*+){1,8}+[{\]]")
_LIST: Final = ord("[")
#: So much before a bracket is looked at for its key.
LONGEST_KEY: Final = 256
_STRAY_BRACKET: Final = re.compile(rb'[}\]]\s*("[^"\\]{1,99}")\s*:')
#: What a broken answer does not have before its documents: an id, or the end of an object with another behind it.
_ID_OR_NEXT: Final = re.compile(rb'"id"\s*:|\}[\s,]*\{')


class _Coming(NamedTuple):
    """Elements side by side, the first that takes its neighbours along, and where behind them one begins that is a list
    of such itself.
    """

    structure: Structure
    found: Elements
    broken: Swallowing | None
    nested: int | None


@dataclass(slots=True)
class ListWalk(HeldJson):
    """``path`` are the brackets that are open around the walk: none between values, and within an answer as many as
    that has. ``in_answer`` says that one of them is an answer's, ``in_array`` that the innermost is an array of
    documents, ``array_begins`` that none of its elements has been seen, ``holds_lists`` that lists have been in it.
    """

    path: bytearray = field(default_factory=bytearray)
    in_answer: bool = False
    in_array: bool = False
    array_begins: bool = False
    holds_lists: bool = False
    answer: OpenAnswer = field(default_factory=OpenAnswer)
    neighbours: Neighbours = field(init=False)

    def __post_init__(self) -> None:
        self.neighbours = Neighbours(self.answers)

    @property
    def depth(self) -> int:
        """How many brackets are open."""
        return len(self.path)

    def advance(self, count: int) -> None:
        """Go on by ``count`` bytes of the text; what is passed of an answer is kept, but for its documents."""
        if self.in_answer and not self.in_array:
            self.answer.keep(self.text, self.at, count)
        self.at += count

    def _left(self, end: int) -> tuple[int, bytes]:
        """Where what has not been handed on begins, and its bytes up to a place in the text."""
        if self.in_answer and not self.in_array:
            # What it says instead of documents, or behind them, is for a person to read.
            return self.answer.since, self.answer.passed + self.text[self.at : end]
        return self.offset + self.at, self.text[self.at : end]

    def _go_to(self, place: int) -> None:
        self.advance(place - self.at)

    def _answer_begins(self, place: int) -> bool:
        """Whether the object there is an answer, by its beginning or by what stands beside its list of documents."""
        end = place + ENOUGH_FOR_A_KEY
        if self.answers.begins.match(self.text, place, end):
            return True
        if BEGINS_WITH_ID.match(self.text, place):
            return False
        listed = self.answers.list_begins.search(self.text, place, end)
        return listed is not None and _ID_OR_NEXT.search(self.text, place, listed.start()) is None

    def _enter_array(self, begin: int) -> None:
        self._go_to(begin)
        self.path += b"["
        self.in_array, self.array_begins = True, True
        self.answer.has_documents, self.answer.list_path = True, bytes(self.path)

    def _coming(self, *, in_list: bool) -> _Coming:
        """The elements that come next, in an array or not."""
        while True:
            structure, end = self.looked_at(), self.end()
            # Of an array of lists as many are looked at for each as there may be in one.
            found = elements(structure, self.at, end, in_list=in_list and not self.holds_lists)
            found = found if in_list else self._side_by_side(found)
            nested = self._first_list(found) if in_list else None
            if nested is not None:
                number = int(np.searchsorted(found.starts, nested))
                found = found._replace(starts=found.starts[:number], ends=found.ends[:number], close=None, unended=None)
                end = nested
            around = Around(self.text, self.ended, self.depth, self.in_list)
            try:
                broken = self.neighbours.first_swallowing(around, structure, found, end)
                return _Coming(structure, found, broken, nested)
            except TooLittleError:
                seen = self.seen - self.at
                self.more(len(self.text) - self.at + ENOUGH_BEHIND)
                self.seen = min(seen, self.seen)

    def _first_list(self, found: Elements) -> int | None:
        """Where the first of the elements begins that is a list of documents itself, and no value behind a key."""
        places = found.starts if found.unended is None else np.append(found.starts, found.unended)
        for number in np.flatnonzero(np.frombuffer(self.text, np.uint8)[places] == _LIST).tolist():
            place, behind = int(places[number]), int(found.ends[number - 1]) if number else self.at
            expected = b"" if self.array_begins and number == 0 else b","
            is_element = self.text[behind:place].strip(BLANK) == expected
            if is_element and _OF_OBJECTS.match(self.text, place):
                return place
        return None

    def _walk_objects(self) -> None:
        """Documents that follow one another in no array, with or without commas: take those up to something else."""
        structure, found, broken, _ = self._coming(in_list=False)
        starts, ends, _ = found.up_to(broken.number if broken else None)
        self._take(structure, starts, ends)
        self._go_to(int(ends[-1]) if len(ends) else self.at)
        if broken:
            self._refuse_swallowing(broken)

    def _side_by_side(self, found: Elements) -> Elements:
        """Those that come first with nothing but a comma between them, and are no answers."""
        count, position = 0, self.at
        for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True):
            if not self._goes_on(position, start):
                return found._replace(starts=found.starts[:count], ends=found.ends[:count], unended=None)
            count, position = count + 1, end
        is_unended = found.unended is not None and self._goes_on(position, found.unended)
        return found if is_unended else found._replace(unended=None)

    def _goes_on(self, position: int, start: int) -> bool:
        """Whether behind an object comes another that is no answer, with or without a comma between them."""
        is_object = self.text[start] == ord("{") and not self._answer_begins(start)
        return is_object and self.text[position:start].strip(BLANK) in (b"", b",")

    def _walk_array(self) -> None:
        structure, found, broken, nested = self._coming(in_list=True)
        starts, ends, close = found.up_to(broken.number if broken else None)
        position, run = self.at, 0
        plain = self._plain_elements(starts, ends)
        if plain:
            position = int(ends[plain - 1])
        others = zip(starts[plain:].tolist(), ends[plain:].tolist(), strict=True)
        for index, (start, end) in enumerate(others, plain):
            expected = b"" if self.array_begins and index == 0 else b","
            between = self.text[position:start].strip(BLANK)
            is_object = self.text[start] == ord("{")
            last = self.answers.last.match(self.text, start, end) if self.answers.last and self.depth > 1 else None
            if last:
                self._take(structure, starts[run:index], ends[run:index])
                self._refuse_between(position, between, expected)
                if b'"EXCEPTION"' in last[0]:
                    self._refuse(start, "Solr broke the export off", self.text[start:end])
                run = index + 1
            elif between != expected or not is_object:
                self._take(structure, starts[run:index], ends[run:index])
                self._refuse_between(position, between, expected)
                # What stands behind a key is of a document whose first bracket is missing.
                is_value = between.endswith(b":")
                if not is_object or is_value:
                    reason = "what an object without its bracket holds" if is_value else "not an object but a list"
                    self._refuse(start, reason, self.text[start:end])
                run = index if is_object and not is_value else index + 1
            position = end
        self._take(structure, starts[run:], ends[run:])
        self.array_begins = self.array_begins and not len(starts)
        expected = b"" if self.array_begins else b","
        if broken:
            self._refuse_between(position, self.text[position : broken.start].strip(BLANK), expected)
            self._refuse_swallowing(broken)
            return
        if nested is not None:
            self._refuse_between(position, self.text[position:nested].strip(BLANK), expected)
            self._enter_array(nested + 1)
            self.holds_lists = True
            return
        if close is not None and self._opens_document(close):
            # One in the place of the brace that opens a document ends no array.
            self._refuse_between(position, self.text[position : close + 1].strip(BLANK), b"")
            self._go_to(close + 1)
            return
        if close is not None:
            self._refuse_between(position, self.text[position:close].strip(BLANK), b"")
            position = close + 1
        self._go_to(position)
        if close is not None:
            self.path.pop()
            # Else it was one of lists in a list.
            self.in_array, self.array_begins = self.path[-1:] == b"[", False
            self.holds_lists = self.in_array
            self.answer.goes_on(self.offset + self.at)

    def _opens_document(self, place: int) -> bool:
        """Whether the bracket there stands in the place of one: a key stands behind it, in an answer, which has keys of
        its own, the first one of documents.
        """
        key = _STRAY_BRACKET.match(self.text, place)
        return key is not None and (not self.in_answer or key[1] in (self.neighbours.usual or b'"id"'))

    def _plain_elements(self, starts: Positions, ends: Positions) -> int:
        """How many of the first elements are objects with one comma and nothing else before each, and no last one."""
        if not len(starts):
            return 0
        view = np.frombuffer(self.text, np.uint8)
        behind = np.append(self.at, ends[:-1])
        plain = (view[starts] == ord("{")) & (starts - behind == 1) & (view[behind] == ord(","))
        if self.array_begins:
            plain[0] = starts[0] == self.at and view[self.at] == ord("{")
        if self.answers.last and self.depth > 1:
            # No last one begins with another letter.
            sign, letter = view[starts + 1], view[np.minimum(starts + 2, len(view) - 1)]
            plain &= (sign == ord('"')) & (letter != ord("E"))
        return len(plain) if plain.all() else int(np.argmin(plain))

    def _take(self, structure: Structure, starts: Positions, ends: Positions) -> None:
        """Hand on documents that follow one another."""
        self.answer.taken += len(starts)
        if len(starts) and not self.answer.opening:
            self.answer.opening = opening_of(self.text, int(starts[0]))
        self.found += pieces_of(self, structure, starts, ends)

    def _refuse_swallowing(self, broken: Swallowing) -> None:
        """Refuse an object up to the next one, and go on with what is between them."""
        raw = self.text[broken.start : broken.neighbour].rstrip(BLANK).removesuffix(b",")
        self._refuse(broken.start, "a quote or a bracket is missing or too many: the next document begins in it", raw)
        self.begin_anew(broken.start + len(raw))
        # Where no comma stands before it, the next one is as the first of the array.
        self.array_begins = b"," not in self.text[self.at : broken.neighbour]

    def _refuse_between(self, position: int, between: bytes, expected: bytes) -> None:
        if between == expected:
            return
        content = between.strip(b"," + BLANK)
        place = self.text.find(content or between[:1], position)
        if content:
            self._refuse(place, "not an object but something else in the array", content)
        else:
            self._refuse(place, "a comma is missing or in excess", between)

    def _refuse(self, start: int, reason: str, raw: bytes) -> None:
        self.found.append(unreadable(self.file, self.member, self.offset + start, 0, reason, raw))
