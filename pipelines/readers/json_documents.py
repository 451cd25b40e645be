"""Documents within JSON text: in arrays, in answers of a server, one after another; found by their brackets.

The text is never parsed as a whole: what is found is handed on as lines, and whoever reads these parses them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.readers.answers import Answer
from pipelines.readers.byte_spans import BYTE_ORDER_MARK
from pipelines.readers.chunks import LONGEST_RECORD, Piece, Unreadable, drain, unreadable
from pipelines.readers.json_answer_lists import AnswerWalk
from pipelines.readers.json_answers import OpenAnswer, PassedOver
from pipelines.readers.json_heads import HTTP_HEADER, prefix_length
from pipelines.readers.json_held import ENOUGH_FOR_A_KEY, LEAST_HELD
from pipelines.readers.json_lists import BLANK, COMMAS, LONGEST_KEY
from pipelines.readers.json_neighbours import BEGINS_WITH_ID
from pipelines.readers.json_structure import one_by_one

_HTTP: Final = re.compile(rb"HTTP/[0-9.]+ [0-9]{3}")
_BROKEN_OFF: Final = "the JSON is cut off: behind it another answer begins"
_BLANKS: Final = re.compile(rb"[ \t\r\n]*")
_ENOUGH_FOR_A_HEADER: Final = 64 << 10
#: So much is held at most where an answer begins: all that is held is looked at for each, and they may be short and
#: many.
_MOST_HELD: Final = 1 << 20
#: As many answers are held as a rule, so that their structure is found at once.
_ANSWERS_HELD: Final = 4
#: What an answer says of its list stands within this many brackets; deeper are facets, highlights and documents.
_DEEPEST_SAID: Final = 3


@dataclass(slots=True)
class DocumentSplitter(AnswerWalk):
    """Walks the text once.

    ``held`` bytes of the text are held at a time.
    """

    between: PassedOver | None = None
    held: int = LEAST_HELD

    def run(self) -> Iterator[Piece | Unreadable | Answer]:
        """The pieces of the stream, each answer where it ends, and what could not be read where it stands.

        Behind what is broken the walk goes on where the next answer begins, or the next value in a line of its own.
        """
        self.more(_ENOUGH_FOR_A_HEADER)
        self.advance(prefix_length(self.text))
        finished = False
        while not finished:
            before = (self.offset + self.at, self.depth, self.in_array)
            finished = self._walk()
            if not finished and (self.offset + self.at, self.depth, self.in_array) == before:
                finished = self._go_on()
            yield from self.found
            self.found.clear()

    def _go_on(self) -> bool:
        """Look at more, where in what is held there is nothing more to take; whether the stream is done with."""
        left = len(self.text) - self.at
        is_too_little = not self.depth and left < ENOUGH_FOR_A_KEY and not self.ended
        is_looked_at = self.end() == self.answer_at <= self.seen
        if is_looked_at and self.is_answer and not is_too_little:
            self._break_off(self.answer_at)
            return False
        if self.look_further():
            return False
        if self.ended or left > LONGEST_RECORD:
            reason = "the JSON is cut off" if self.ended else f"a document of more than {LONGEST_RECORD:,} bytes"
            told = list(self.answer.told())
            self.found += [self._rest(reason), *told]
            return True
        self.more(max(self.held, 2 * left + ENOUGH_FOR_A_KEY))
        if self.in_array or not self.depth:
            self.held = min(2 * self.held, self.chunk_bytes)
        return False

    def _break_off(self, place: int) -> None:
        """Refuse what is left of an answer that is not whole where the next one begins."""
        begin, raw = self._left(place)
        length = self.offset + place - begin
        self.found.append(unreadable(self.file, self.member, begin, 0, _BROKEN_OFF, raw, length))
        self.found += self.answer.told()
        self.answer = OpenAnswer()
        self.path.clear()
        self.in_answer, self.in_array = False, False
        self.begin_anew(place)

    def _rest(self, reason: str) -> Unreadable:
        """What is left of the stream, with what was passed of an answer before it."""
        offset, begun = self._left(len(self.text))
        passed = self.offset + len(self.text) - offset - len(begun)
        self.text, self.at = b"", 0
        if self.ended and self.stream.damage:
            damage = self.stream.damage
            return unreadable(self.file, self.member, offset, 0, damage, begun, len(begun) + passed)
        return drain(self.file, self.member, self.stream, offset, 0, reason, begun, passed)

    def _walk(self) -> bool:
        """Take what can be taken of ``text``; whether the stream is done with."""
        if self.in_array:
            self._walk_array()
            return False
        if self.depth:
            self._walk_answer()
            return False
        if self.between:
            return self._pass_over(self.between)
        self._go_to(self._behind_blanks(self.at))
        left = len(self.text) - self.at
        if not left:
            if self.ended and (self.stream.damage or self.in_list):
                self.found.append(self._rest("the JSON is cut off"))
            return self.ended
        if left < ENOUGH_FOR_A_KEY and not self.ended:
            return False
        self._walk_value()
        return self.between is not None and self._pass_over(self.between)

    def _walk_value(self) -> None:
        """Go into what begins here, or by what stands there instead."""
        sign = self.text[self.at : self.at + 1]
        if sign == b"[":
            self._walk_list()
        elif sign == b"{" and self._answer_begins(self.at):
            place = self.offset + self.at
            self.path[:], self.in_answer, self.answer = b"{", True, OpenAnswer(place, place)
            self.advance(1)
        elif sign == b"{":
            self._walk_objects()
        elif self.in_list and sign in (b",", b"]"):
            self.in_list = sign == b","
            self.advance(1)
        elif sign == b",":
            # Of an array whose brackets somebody has cut off: nothing is missing.
            self._go_to(COMMAS.match(self.text, self.at).end())  # type: ignore[union-attr]
        elif self.text.startswith(BYTE_ORDER_MARK, self.at):
            # Of a file that was put behind another.
            self.advance(len(BYTE_ORDER_MARK))
        elif header := HTTP_HEADER.match(self.text, self.at):
            self._skip(header.end())
        elif self.ended or len(self.text) - self.at >= _ENOUGH_FOR_A_HEADER or not _HTTP.match(self.text, self.at):
            self.between = PassedOver(self.offset + self.at, self.neighbours.lines.margin)

    def _walk_list(self) -> None:
        """Go into an array of documents; of one that holds answers these are taken one by one."""
        begin = self._behind_blanks(self.at + 1)
        end = begin + _ENOUGH_FOR_A_HEADER
        is_of_answers = self.answers.surely.match(self.text, begin, begin + ENOUGH_FOR_A_KEY) is not None
        # The first may be broken.
        is_of_documents = BEGINS_WITH_ID.match(self.text, begin) is not None
        if is_of_answers or (not is_of_documents and self.answers.next_in_array(self.text, begin, end) is not None):
            self.in_list = True
            self.advance(1)
        else:
            self._enter_array(self.at + 1)

    def _pass_over(self, between: PassedOver) -> bool:
        """Refuse what stands between values and is none; whether the stream is done with."""
        place = between.next_value(self.text, self.at, self.answers)
        is_last = place is None and self.ended
        # Of what comes next the beginning may be there already.
        tail = len(self.text) if is_last else max(self.at, len(self.text) - ENOUGH_FOR_A_KEY)
        end = tail if place is None else place
        between.keep(self.text, self.at, end)
        if place is not None or is_last:
            reason = (is_last and self.stream.damage) or "not JSON: neither an object nor an array"
            length = self.offset + end - between.offset
            self.found.append(unreadable(self.file, self.member, between.offset, 0, reason, between.begins, length))
            self.between = None
        self._skip(end)
        return is_last

    def _skip(self, place: int) -> None:
        """Go on behind what is no JSON: with a quote in it, what was taken for strings behind it may be none."""
        if self.text.find(b'"', self.at, place) >= 0:
            self.begin_anew(place)
        else:
            self._go_to(place)

    def _walk_answer(self) -> None:
        """Go on to the next array of documents or to the end of the answer, or as far as the text says."""
        structure = self.looked_at()
        after, end = self.at, self.end()
        if begins := self._list_in_string(structure, end):
            self._begin_list(*begins)
            return
        for position, step in one_by_one(structure, self.at, end):
            key = self.text[max(after, position - LONGEST_KEY) : position]
            if step > 0 and self._is_beside_list(after, position):
                if not self.ended and len(self.text) - position < ENOUGH_FOR_A_KEY:
                    # What begins here is to be seen first.
                    self._go_to(position)
                elif self._answer_begins(position):
                    self._break_off(position)
                else:
                    self._go_on_with_list(position)
                return
            self._listen(after, position)
            after = position + 1
            deep = self.answers.only_outermost and self.depth > 1
            if step > 0 and not deep and self._goes_into(structure, key, position):
                return
            if step > 0:
                self.path.append(self.text[position])
            elif self.path[-1:] != b"{" or self.text[position] == ord("}"):
                self.path.pop()
            # Else a bracket too many, which ends no object.
            if not self.path:
                self._go_to(after)
                self.in_answer = False
                length = self.offset + self.at - self.answer.offset
                self.held = min(max(LEAST_HELD, _ANSWERS_HELD * length), _MOST_HELD, self.chunk_bytes)
                self.found += self.answer.refused(self.file, self.member, length, self.answers)
                self.found += self.answer.told()
                self.answer = OpenAnswer()
                return
        # What is counted goes; a string that is open stays, a key before its value, and such a pair before a key.
        quotes = structure.quotes[slice(*np.searchsorted(structure.quotes, [self.at, end]))]
        if len(quotes):
            kept = int(quotes[-min(len(quotes), 5 if len(quotes) % 2 else 6)])
            self._listen(after, kept)
            after = max(after, kept)
        elif after == self.at and end != self.answer_at:
            # A comma stays for the object behind it, but of no end of blanks.
            last = self.text[max(after, end - LONGEST_KEY) : end]
            kept = len(last) - len(last.rstrip(b"," + BLANK))
            after = end - kept if kept < LONGEST_KEY else end
        self._go_to(after)

    def _listen(self, start: int, end: int) -> None:
        """Take note of what the text between two brackets says of the list."""
        if self.depth <= _DEEPEST_SAID:
            self.answer.listen(self.answers.said, self.text, start, end)

    def _behind_blanks(self, place: int) -> int:
        return _BLANKS.match(self.text, place).end()  # type: ignore[union-attr]
