"""What is held of a JSON text while it is walked through, what has been looked at of it, and where an answer begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pipelines.readers.json_answers import MOST_BLANKS, Answers
from pipelines.readers.json_structure import Structure, structure_of
from pipelines.readers.stream_walk import StreamWalk

#: So much tells whether an object is an answer.
ENOUGH_FOR_A_KEY: Final = 4096
#: So much is held of a text at least.
LEAST_HELD: Final = 16 << 10
#: So much is looked at first behind what is broken, as that may be there again and again.
_SEEN_BEHIND_BROKEN: Final = 1 << 10
_LINE: Final = b"\n{"


@dataclass(slots=True)
class HeldJson(StreamWalk):
    """``text`` is what is held, from ``offset`` on; ``at`` is how far in it the walk is, never within a string.

    The ``structure`` is that of the text up to ``seen``, once it has been looked at. In the line at ``answer_at`` an
    answer begins, if ``is_answer``, or may begin; it is 0 where none does before ``searched``. ``in_list`` says that
    answers stand in an array, where they begin in no line of their own.
    """

    answers: Answers = field(kw_only=True)
    at: int = 0
    seen: int = 0
    structure: Structure | None = None
    answer_at: int = 0
    is_answer: bool = False
    searched: int = 0
    in_list: bool = False

    def more(self, size: int) -> None:
        """Let go of what the walk has passed, and hold ``size`` bytes of what comes."""
        StreamWalk.advance(self, self.at)
        self.at, self.structure = 0, None
        self.answer_at, self.is_answer, self.searched = 0, False, 0
        StreamWalk.more(self, size)
        self.seen = len(self.text)

    def begin_anew(self, place: int) -> None:
        """Go on behind what is broken: whether there was a string open nobody knows."""
        self.at, self.structure = place, None
        self.seen = min(len(self.text), place + _SEEN_BEHIND_BROKEN)

    def look_further(self) -> bool:
        """Look at more of the text that is held, if there is more of it."""
        if self.seen >= len(self.text):
            return False
        before = max(self.seen - self.at, 0)
        self.seen = min(len(self.text), max(self.seen, self.at) + before + _SEEN_BEHIND_BROKEN)
        self.structure = None
        return True

    def looked_at(self) -> Structure:
        """The structure of the text, from where the walk is when it is first asked for."""
        if self.at >= self.seen:
            self.look_further()
        if self.structure is None:
            self.structure = structure_of(self.text, self.at, self.seen)
        return self.structure

    def end(self) -> int:
        """How far the walk may go: as far as has been looked at, but not into another answer.

        A string holds no newline, and whoever sets values in begins no line with the bracket of an answer: that an
        answer begins in the midst of another says that this is cut off.
        """
        if self.answer_at <= self.at:
            self._look_for_an_answer()
        return self.answer_at or self.seen

    def _look_for_an_answer(self) -> None:
        self.answer_at, self.is_answer = 0, False
        start = max(self.searched, self.at)
        if self.in_list:
            self._look_in_list(start)
            return
        # One byte is looked for ten times as fast as two, and often there is none.
        newline = self.text.find(b"\n", start, self.seen)
        place = newline if newline < 0 else self.text.find(_LINE, newline, self.seen)
        while place >= 0:
            line, self.searched = place + 1, place
            # Behind a key an answer is one that is cut off, unless a part of one may begin so.
            is_value = self.text[max(self.at, place - MOST_BLANKS) : place].rstrip().endswith(b":")
            begins = self.answers.in_array if is_value else self.answers.surely
            self.is_answer = bool(begins.match(self.text, line, line + ENOUGH_FOR_A_KEY))
            if self.is_answer or (not self.ended and len(self.text) - line < ENOUGH_FOR_A_KEY):
                self.answer_at = line
                return
            place = self.text.find(_LINE, line, self.seen)
        # The newline may be the last byte that has been looked at.
        self.searched = max(start, self.seen - 1)

    def _look_in_list(self, start: int) -> None:
        """The same for answers that stand in an array, in whatever lines: no answer is in another."""
        found = self.answers.next_in_array(self.text, start + 1, self.seen + ENOUGH_FOR_A_KEY)
        if found is not None and found < self.seen:
            self.answer_at, self.is_answer = found, True
        self.searched = max(start, (self.seen if found is None else min(found, self.seen)) - ENOUGH_FOR_A_KEY)
