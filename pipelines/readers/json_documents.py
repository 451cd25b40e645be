"""Documents within JSON text: in arrays, in answers of a server, one after another; found by their brackets.

The text is never parsed as a whole: what is found is handed on as lines, and whoever reads these parses them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

import numpy as np

from pipelines.readers.answers import Answer
from pipelines.readers.chunks import LONGEST_RECORD, RAW_KEPT, Piece, Unreadable, drain, unreadable
from pipelines.readers.json_lines import BYTE_ORDER_MARK
from pipelines.readers.json_structure import Structure, structure_of
from pipelines.readers.stream_walk import StreamWalk

_HTTP_HEADER: Final = re.compile(rb"HTTP/[0-9.]+ [0-9]{3}[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n")
_BLANK: Final = b" \t\r\n"
_LONGEST_KEY: Final = 256
_ENOUGH_FOR_A_KEY: Final = 4096
#: Before the documents of an answer is little; this much is looked at for them at once.
_ANSWER_WINDOW: Final = 64 << 10
_ENOUGH_FOR_A_HEADER: Final = 64 << 10
#: So much is held of a text at least, and at most where an answer begins: all of it is looked at for each, and they
#: may be short and many.
_LEAST_HELD: Final = 16 << 10
_MOST_HELD: Final = 1 << 20
#: What an answer says of its list stands within this many brackets; deeper are facets, highlights and documents.
_DEEPEST_SAID: Final = 3


@dataclass(frozen=True, slots=True)
class Answers:
    """What a server's answers look like, which hold documents and are none.

    An answer ``begins`` so; the text before an array of documents ends with ``documents``, anywhere or
    ``only_outermost``; ``without`` is the reason for which an answer without such an array is quarantined.
    ``holds_none`` tells of a whole one that has none because none were asked for, which is no fault.
    ``last`` matches an object after the documents that is none, but says that all were sent, or with
    ``"EXCEPTION"`` in it that they were not. ``said`` matches what an answer says of the list that it is a page of, as
    groups ``announced``, ``asked``, ``more`` and ``partial`` (:class:`~pipelines.readers.answers.Answer`).
    """

    begins: re.Pattern[bytes]
    documents: re.Pattern[bytes]
    without: str
    said: re.Pattern[bytes]
    only_outermost: bool = False
    last: re.Pattern[bytes] | None = None
    holds_none: Callable[[bytes], bool] | None = None


def prefix_length(head: bytes) -> int:
    """Bytes of the byte order mark or the HTTP header before the JSON."""
    mark = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    header = _HTTP_HEADER.match(head, mark)
    return header.end() if header else mark


def on_one_line(record: Piece) -> Piece:
    """A piece that is one record as the file has it, made a line: so pieces of a splitter hold records."""
    newlines = np.flatnonzero(np.frombuffer(record.data, np.uint8) == ord("\n"))
    return replace(record, data=record.data.replace(b"\n", b" "), newlines=newlines)


def _elements(structure: Structure) -> tuple[list[int], list[int], int | None]:
    """Starts and ends of the whole brackets side by side in a text, and where the bracket around them closes."""
    depth = np.cumsum(structure.steps)
    closing = np.flatnonzero(depth < 0)
    inner = closing[0] if len(closing) else len(depth)
    brackets, steps, depth = structure.brackets[:inner], structure.steps[:inner], depth[:inner]
    starts = brackets[(steps > 0) & (depth == 1)]
    ends = brackets[(steps < 0) & (depth == 0)] + 1
    return starts[: len(ends)].tolist(), ends.tolist(), int(structure.brackets[inner]) if len(closing) else None


@dataclass(slots=True)
class DocumentSplitter(StreamWalk):
    """Walks the text once. ``text`` is what is held of it, from ``offset`` on; it begins outside of a string.

    ``depth`` brackets are open around it: none between values, and within an answer of Solr as many
    as that has; ``in_array`` says that the innermost is an array of documents, ``array_begins`` that
    none of its elements has been seen. ``answer_begins`` are the first bytes of an answer, ``said`` what it has said
    of its list so far, ``taken`` how many documents it has brought. ``held`` bytes of the text are held.
    """

    answers: Answers = field(kw_only=True)
    depth: int = 0
    in_array: bool = False
    array_begins: bool = False
    answer_offset: int = 0
    answer_begins: bytes = b""
    documents_seen: bool = False
    said: dict[str, bytes] = field(default_factory=dict)
    taken: int = 0
    held: int = _LEAST_HELD

    def run(self) -> Iterator[Piece | Unreadable | Answer]:
        """The pieces of the stream, each answer where it ends, and last what could not be read."""
        self.more(_ENOUGH_FOR_A_HEADER)
        self.advance(prefix_length(self.text))
        finished = False
        while not finished:
            self.more(min(self.held, self.chunk_bytes))
            before = (self.offset, self.depth, self.in_array)
            finished = self._walk()
            yield from self.found
            self.found.clear()
            if before[1:] == (self.depth, self.in_array) and (self.in_array or not self.depth):
                self.held = min(2 * self.held, self.chunk_bytes)
            if finished or (self.offset, self.depth, self.in_array) != before:
                continue
            if self.ended:
                yield self._rest("the JSON is cut off")
                return
            if len(self.text) > LONGEST_RECORD:
                yield self._rest(f"a document of more than {LONGEST_RECORD:,} bytes")
                return
            self.more(2 * len(self.text) + _ENOUGH_FOR_A_KEY)

    def advance(self, count: int) -> None:
        """Let go of the first ``count`` bytes of the text, but for what is kept of an answer without documents."""
        if self.depth and not self.documents_seen and len(self.answer_begins) < RAW_KEPT:
            self.answer_begins += self.text[: min(count, RAW_KEPT - len(self.answer_begins))]
        StreamWalk.advance(self, count)

    def _rest(self, reason: str) -> Unreadable:
        damaged = self.ended and self.stream.damage
        begun, self.text = self.text, b""
        if damaged:
            return unreadable(self.file, self.member, self.offset, 0, self.stream.damage, begun)
        return drain(self.file, self.member, self.stream, self.offset, 0, reason, begun)

    def _walk(self) -> bool:
        """Take what can be taken of ``text``; whether the stream is done with."""
        if self.in_array:
            self._walk_array(structure_of(self.text))
            return False
        if self.depth:
            before = (self.offset, self.depth)
            self._walk_answer(_ANSWER_WINDOW)
            if before == (self.offset, self.depth):
                self._walk_answer(len(self.text))
            return False
        self.advance(len(self.text) - len(self.text.lstrip(_BLANK)))
        if not self.text:
            if self.ended and self.stream.damage:
                self.found.append(self._rest(self.stream.damage))
            return self.ended
        if self.text[:1] == b"[":
            self._enter_array(1)
        elif self.text[:1] != b"{":
            self.found.append(self._rest("not JSON: neither an object nor an array"))
            return True
        elif len(self.text) >= _ENOUGH_FOR_A_KEY or self.ended:
            if self.answers.begins.match(self.text[:_ENOUGH_FOR_A_KEY]):
                self.depth, self.documents_seen, self.answer_offset = 1, False, self.offset
                self.answer_begins = b""
                self.said, self.taken = {}, 0
                self.advance(1)
            else:
                self._walk_objects(structure_of(self.text))
        return False

    def _enter_array(self, consumed: int) -> None:
        self.advance(consumed)
        self.depth, self.in_array, self.array_begins, self.documents_seen = self.depth + 1, True, True, True

    def _walk_objects(self, structure: Structure) -> None:
        """Documents that follow one another in no array: take those up to the first that is something else."""
        starts, ends, _ = _elements(structure)
        count, position = 0, 0
        for start, end in zip(starts, ends, strict=True):
            if self.text[position:start].strip(_BLANK) or self.text[start] != ord("{"):
                break
            if self.answers.begins.match(self.text, start, start + _ENOUGH_FOR_A_KEY):
                break
            count, position = count + 1, end
        self._take(structure, starts[:count], ends[:count])
        self.advance(position)

    def _walk_array(self, structure: Structure) -> None:
        starts, ends, close = _elements(structure)
        position, run = 0, 0
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
            self.depth, self.in_array = self.depth - 1, False
        self.advance(position)

    def _plain_elements(self, starts: list[int], ends: list[int]) -> int:
        """How many of the first elements are objects with one comma and nothing else before each, and no last one."""
        if (self.answers.last and self.depth > 1) or not starts:
            return 0
        view = np.frombuffer(self.text, np.uint8)
        begins, behind = np.array(starts), np.array([0, *ends[:-1]])
        plain = (view[begins] == ord("{")) & (begins - behind == 1) & (view[behind] == ord(","))
        if self.array_begins:
            plain[0] = begins[0] == 0 and view[0] == ord("{")
        return len(plain) if plain.all() else int(np.argmin(plain))

    def _walk_answer(self, window: int) -> None:
        """Go on to the next array of documents or the end of the answer, if it is in the next ``window`` bytes."""
        structure = structure_of(self.text[:window])
        after = 0
        for position, step in zip(structure.brackets.tolist(), structure.steps.tolist(), strict=True):
            key = self.text[max(after, position - _LONGEST_KEY) : position]
            self._listen(after, position)
            after = position + 1
            deep = self.answers.only_outermost and self.depth > 1
            if self.text[position] == ord("[") and not deep and self.answers.documents.search(key):
                self._enter_array(after)
                return
            if self.depth + step == 0:
                self.advance(after)
                self.depth = 0
                self.held = min(max(_LEAST_HELD, 2 * (self.offset - self.answer_offset)), _MOST_HELD)
                if not self.documents_seen:
                    self._refuse_answer()
                if self.said:
                    self.found.append(self._answer())
                return
            self.depth += step
        # What is counted goes; a string that is open, or a key before its value, stays.
        quotes = structure.quotes
        if len(quotes):
            kept = int(quotes[-min(len(quotes), 3 if len(quotes) % 2 else 4)])
            self._listen(after, kept)
            after = max(after, kept)
        self.advance(after if len(quotes) or after else min(window, len(self.text)))

    def _refuse_answer(self) -> None:
        """Quarantine an answer that has ended without documents, unless none were asked for."""
        length = self.offset - self.answer_offset
        raw, holds_none = self.answer_begins[:length], self.answers.holds_none
        if not (holds_none and holds_none(raw)):
            # What it says instead, an error as a rule, is for a person to read.
            reason = self.answers.without
            self.found.append(unreadable(self.file, self.member, self.answer_offset, 0, reason, raw, length))

    def _listen(self, start: int, end: int) -> None:
        """Take note of what the text between two brackets says of the list."""
        if self.depth <= _DEEPEST_SAID:
            for match in self.answers.said.finditer(self.text, start, end):
                self.said |= {name: value for name, value in match.groupdict().items() if value is not None}

    def _answer(self) -> Answer:
        announced = self.said.get("announced")
        asked, more = (self.said.get(name, b"").decode(errors="replace") for name in ("asked", "more"))
        number = None if announced is None else int(announced[:18])
        return Answer(self.taken, number, asked=asked, more=more, is_partial="partial" in self.said)

    def _take(self, structure: Structure, starts: list[int], ends: list[int]) -> None:
        """Hand on documents that follow one another, a line each; every byte keeps its offset."""
        self.taken += len(starts)
        # Where nothing is between two documents there is no room for a newline.
        cuts = np.flatnonzero(np.equal(starts[1:], ends[:-1])) + 1
        bounds = [0, *cuts.tolist(), len(starts)] if starts else []
        for low, high in pairwise(bounds):
            self.found.append(self._lines(structure, starts[low:high], ends[low:high]))

    def _lines(self, structure: Structure, starts: list[int], ends: list[int]) -> Piece:
        begin, end = starts[0], ends[-1]
        view = np.frombuffer(self.text, np.uint8)[begin:end].copy()
        low, high = np.searchsorted(structure.newlines, [begin, end])
        newlines = structure.newlines[low:high] - begin
        view[newlines] = ord(" ")
        before, after = np.array(ends[:-1], np.int64) - begin, np.array(starts[1:], np.int64) - begin
        view[before] = ord("\n")
        # As a rule a comma alone is between two documents.
        for place in np.flatnonzero(after - before > 1).tolist():
            view[before[place] + 1 : after[place]] = ord(" ")
        return Piece(self.file, self.member, self.offset + begin, 0, view.tobytes(), newlines=newlines)

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
