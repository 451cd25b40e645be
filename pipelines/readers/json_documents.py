"""Documents within JSON text: in arrays, in answers of a server, one after another; found by their brackets.

The text is never parsed as a whole: what is found is handed on as lines, and whoever reads these parses them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from pipelines.readers.answers import Answer
from pipelines.readers.chunks import LONGEST_RECORD, Piece, Unreadable, drain, unreadable
from pipelines.readers.json_answers import OpenAnswer, PassedOver
from pipelines.readers.json_heads import HTTP_HEADER, prefix_length
from pipelines.readers.json_held import ENOUGH_FOR_A_KEY, LEAST_HELD, HeldJson
from pipelines.readers.json_pieces import pieces_of
from pipelines.readers.json_structure import Structure, elements, one_by_one

_HTTP: Final = re.compile(rb"HTTP/[0-9.]+ [0-9]{3}")
_BROKEN_OFF: Final = "the JSON is cut off: behind it another answer begins"
_BLANK: Final = b" \t\r\n"
_BLANKS: Final = re.compile(rb"[ \t\r\n]*")
_COMMAS: Final = re.compile(rb"[, \t\r\n]*")
_LONGEST_KEY: Final = 256
_ENOUGH_FOR_A_HEADER: Final = 64 << 10
#: So much is held at most where an answer begins: all that is held is looked at for each, and they may be short and
#: many.
_MOST_HELD: Final = 1 << 20
#: As many answers are held as a rule, so that their structure is found at once.
_ANSWERS_HELD: Final = 4
#: What an answer says of its list stands within this many brackets; deeper are facets, highlights and documents.
_DEEPEST_SAID: Final = 3


@dataclass(slots=True)
class DocumentSplitter(HeldJson):
    """Walks the text once.

    ``path`` are the brackets that are open around it: none between values, and within an answer of Solr as many as that
    has. ``in_answer`` says that one of them is an answer's, ``in_array`` that the innermost is an array of documents,
    ``array_begins`` that none of its elements has been seen, and ``in_list`` that answers stand in an array. ``held``
    bytes of the text are held at a time.
    """

    path: bytearray = field(default_factory=bytearray)
    in_answer: bool = False
    in_array: bool = False
    array_begins: bool = False
    in_list: bool = False
    answer: OpenAnswer = field(default_factory=OpenAnswer)
    between: PassedOver | None = None
    held: int = LEAST_HELD

    @property
    def depth(self) -> int:
        """How many brackets are open."""
        return len(self.path)

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
        if self.end() == self.answer_at and self.is_answer and not is_too_little:
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

    def _left(self, end: int) -> tuple[int, bytes]:
        """Where what has not been handed on begins, and its bytes up to a place in the text."""
        if self.in_answer and not self.in_array:
            # What it says instead of documents, or behind them, is for a person to read.
            return self.answer.since, self.answer.passed + self.text[self.at : end]
        return self.offset + self.at, self.text[self.at : end]

    def advance(self, count: int) -> None:
        """Go on by ``count`` bytes of the text; what is passed of an answer is kept, but for its documents."""
        if self.in_answer and not self.in_array:
            self.answer.keep(self.text, self.at, count)
        self.at += count

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
            self._go_to(_COMMAS.match(self.text, self.at).end())  # type: ignore[union-attr]
        elif header := HTTP_HEADER.match(self.text, self.at):
            self._skip(header.end())
        elif self.ended or len(self.text) - self.at >= _ENOUGH_FOR_A_HEADER or not _HTTP.match(self.text, self.at):
            self.between = PassedOver(self.offset + self.at)

    def _answer_begins(self, place: int) -> bool:
        return self.answers.begins.match(self.text, place, place + ENOUGH_FOR_A_KEY) is not None

    def _walk_list(self) -> None:
        """Go into an array of documents; of one that holds answers these are taken one by one."""
        begin = self._behind_blanks(self.at + 1)
        if self.answers.surely.match(self.text, begin, begin + ENOUGH_FOR_A_KEY):
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

    def _behind_blanks(self, place: int) -> int:
        return _BLANKS.match(self.text, place).end()  # type: ignore[union-attr]

    def _go_to(self, place: int) -> None:
        self.advance(place - self.at)

    def _enter_array(self, begin: int) -> None:
        self._go_to(begin)
        self.path += b"["
        self.in_array, self.array_begins = True, True
        self.answer.has_documents, self.answer.list_path = True, bytes(self.path)

    def _walk_objects(self) -> None:
        """Documents that follow one another in no array, with or without commas: take those up to something else."""
        structure = self.looked_at()
        starts, ends, _ = elements(structure, self.at, self.end(), in_list=False)
        count, position = 0, self.at
        for start, end in zip(starts, ends, strict=True):
            if self.text[position:start].strip(_BLANK) not in (b"", b",") or self.text[start] != ord("{"):
                break
            if self._answer_begins(start):
                break
            count, position = count + 1, end
        self._take(structure, starts[:count], ends[:count])
        self._go_to(position)

    def _walk_array(self) -> None:
        structure = self.looked_at()
        starts, ends, close = elements(structure, self.at, self.end())
        position, run = self.at, 0
        plain = self._plain_elements(starts, ends)
        if plain:
            position = ends[plain - 1]
        for index, (start, end) in enumerate(zip(starts[plain:], ends[plain:], strict=True), plain):
            expected = b"" if self.array_begins and index == 0 else b","
            between = self.text[position:start].strip(_BLANK)
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
                if not is_object:
                    self._refuse(start, "not an object but a list", self.text[start:end])
                run = index if is_object else index + 1
            position = end
        self._take(structure, starts[run:], ends[run:])
        self.array_begins = self.array_begins and not starts
        if close is not None:
            self._refuse_between(position, self.text[position:close].strip(_BLANK), b"")
            position = close + 1
        self._go_to(position)
        if close is not None:
            self.path.pop()
            self.in_array = False
            self.answer.goes_on(self.offset + self.at)

    def _plain_elements(self, starts: list[int], ends: list[int]) -> int:
        """How many of the first elements are objects with one comma and nothing else before each, and no last one."""
        if not starts:
            return 0
        view = np.frombuffer(self.text, np.uint8)
        begins, behind = np.array(starts), np.array([self.at, *ends[:-1]])
        plain = (view[begins] == ord("{")) & (begins - behind == 1) & (view[behind] == ord(","))
        if self.array_begins:
            plain[0] = begins[0] == self.at and view[self.at] == ord("{")
        if self.answers.last and self.depth > 1:
            # No last one begins with another letter.
            sign, letter = view[begins + 1], view[np.minimum(begins + 2, len(view) - 1)]
            plain &= (sign == ord('"')) & (letter != ord("E"))
        return len(plain) if plain.all() else int(np.argmin(plain))

    def _walk_answer(self) -> None:
        """Go on to the next array of documents or to the end of the answer, or as far as the text says."""
        structure = self.looked_at()
        after, end = self.at, self.end()
        for position, step in one_by_one(structure, self.at, end):
            key = self.text[max(after, position - _LONGEST_KEY) : position]
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
            if self.text[position] == ord("[") and not deep and self.answers.documents.search(key):
                self._enter_array(after)
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
            last = self.text[max(after, end - _LONGEST_KEY) : end]
            kept = len(last) - len(last.rstrip(b"," + _BLANK))
            after = end - kept if kept < _LONGEST_KEY else end
        self._go_to(after)

    def _is_beside_list(self, after: int, place: int) -> bool:
        """Whether an object begins in the place of a member, behind no key: a bracket too many has ended the list.

        ``after`` is where the bracket before it ends. In a line of its own it may be another value, behind an answer
        that is cut off, but for a comma before it. Of answers with several lists (groups) it cannot be told whose
        document it would be.
        """
        if self.path[-1:] != b"{" or self.text[place] != ord("{") or not self.answer.list_path.startswith(self.path):
            return False
        if b"[" in self.answer.list_path[:-1]:
            return False
        between = self.text[after:place]
        return between.strip(_BLANK) == b"," or not between.strip(b" \t")

    def _go_on_with_list(self, place: int) -> None:
        """Refuse what stands behind a list up to the next of its documents, and go on in it."""
        begin, raw = self._left(place)
        reason = "the list of documents ends before this: a bracket is too many before it"
        self.found.append(unreadable(self.file, self.member, begin, 0, reason, raw, self.offset + place - begin))
        self._go_to(place)
        self.path[:] = self.answer.list_path
        self.in_array, self.array_begins = True, True

    def _listen(self, start: int, end: int) -> None:
        """Take note of what the text between two brackets says of the list."""
        if self.depth <= _DEEPEST_SAID:
            self.answer.listen(self.answers.said, self.text, start, end)

    def _take(self, structure: Structure, starts: list[int], ends: list[int]) -> None:
        """Hand on documents that follow one another."""
        self.answer.taken += len(starts)
        self.found += pieces_of(self, structure, starts, ends)

    def _refuse_between(self, position: int, between: bytes, expected: bytes) -> None:
        if between == expected:
            return
        content = between.strip(b"," + _BLANK)
        if content:
            self._refuse(self.text.find(content, position), "not an object but something else in the array", content)
        else:
            self._refuse(position, "a comma is missing or in excess", between)

    def _refuse(self, start: int, reason: str, raw: bytes) -> None:
        self.found.append(unreadable(self.file, self.member, self.offset + start, 0, reason, raw))
