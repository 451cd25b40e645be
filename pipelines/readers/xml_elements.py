"""Elements of one name in an XML text, found by their tags without parsing what is in them.

Each is parsed by itself: one that is broken does not take the others with it. A reference to an entity that a document
type declares is an error, as that is never read (:mod:`pipelines.readers.xml_prolog`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from pipelines.readers.answers import Answer
from pipelines.readers.byte_spans import BYTE_ORDER_MARK, Flags, Positions, are_filled, count_byte
from pipelines.readers.chunks import LONGEST_RECORD, Piece, Unreadable, drain, unreadable
from pipelines.readers.stream_walk import StreamWalk
from pipelines.readers.xml_frames import (
    NESTED_COMMENT,
    Elements,
    FrameReader,
    has_nested_comment,
    holds_part_of_record,
    without_sections,
)
from pipelines.readers.xml_prolog import refusal_of
from pipelines.readers.xml_spans import Span, spans_by_beginnings, spans_of, spans_side_by_side

_NOT_FRAME: Final = re.compile(rb"<!(?:--|\[CDATA\[|DOCTYPE)")
#: A tag may be cut in two where the held text ends.
_LONGEST_TAG: Final = 4096


@dataclass(slots=True)
class ElementSplitter(StreamWalk):
    """Walks the text once. ``text`` is what is held of it, from ``offset`` and ``line`` on.

    It begins between records; up to ``counted`` of it lines are counted, the next is ``counted_line``.
    """

    elements: Elements = field(kw_only=True)
    line: int = 1
    counted: int = 0
    counted_line: int = 1
    records_seen: bool = False
    framed: bool = False
    whole: bool = False
    frame: FrameReader = field(init=False)

    def __post_init__(self) -> None:
        self.frame = self.elements.reader()

    def run(self) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold records and blanks between them; what could not be read comes where it stands."""
        self.more(max(self.chunk_bytes, _LONGEST_TAG))
        if reason := refusal_of(self.text):
            yield drain(self.file, self.member, self.stream, 0, 1, reason, self.text)
            return
        while True:
            before = self.offset
            self._walk()
            yield from self.found
            self.found.clear()
            if self.ended and before == self.offset:
                break
            if before == self.offset and len(self.text) > LONGEST_RECORD:
                reason = f"a record of more than {LONGEST_RECORD:,} bytes"
                yield drain(self.file, self.member, self.stream, self.offset, self.line, reason, self.text)
                return
            self.more(self.chunk_bytes if before != self.offset else 2 * len(self.text) + self.chunk_bytes)
        yield from self._rest()

    def advance(self, count: int) -> None:
        """Let go of the first ``count`` bytes of the text, and count its lines."""
        self.line = self._line_at(count)
        self.counted = 0
        StreamWalk.advance(self, count)

    def _walk(self) -> None:
        """Take the whole records of ``text``, and also those after one whose end is missing, once that is known."""
        spans, unclosed, endless = spans_of(self.text, self.elements.names)
        if endless is not None and self._does_not_end(endless):
            spans, unclosed, _ = spans_of(self.text, self.elements.names, is_all=True)
        whole = self._are_outermost(spans)
        if unclosed is not None and self._does_not_end(unclosed):
            more = self._spans_from(unclosed)
            spans = np.append(spans, np.array([span[:2] for span in more], np.int64).reshape(-1, 2), 0)
            whole = np.append(whole, np.array([span.whole for span in more], bool))
        self._take(spans, whole)

    def _are_outermost(self, spans: Positions) -> Flags:
        """Which spans stand in no record whose own tag is broken: what such a record begins with is before them."""
        whole = np.ones(len(spans), bool)
        inner, begins = self.elements.inner, self.elements.begins
        if inner is None or begins is None:
            return whole
        before = np.append(0, spans[:-1, 1])[: len(spans)]
        for index in np.flatnonzero(are_filled(self.text, before, spans[:, 0])).tolist():
            start = spans[index, 0]
            whole[index] = begins.match(self.text, start) or not inner.search(
                without_sections(self.text[before[index] : start])
            )
        return whole

    def _spans_from(self, start: int) -> list[Span]:
        """The records from one on that has no end."""
        names, begins = self.elements.names, self.elements.begins
        if begins and (found := spans_by_beginnings(self.text, start, names, begins)):
            return found
        # What is in the last record is none.
        return [] if begins and begins.match(self.text, start) else spans_side_by_side(self.text, start, names)

    def _does_not_end(self, start: int) -> bool:
        """Whether what begins at ``start`` has no end, rather than one that is still to come."""
        if len(self.text) > LONGEST_RECORD:
            return True
        return self.ended and not self.stream.damage and bool(self.elements.root_end.search(self.text, start))

    def _take(self, spans: Positions, whole: Flags) -> None:
        """Hand on records side by side as one piece, and judge what stands before each."""
        before = np.append(0, spans[:-1, 1])[: len(spans)]
        run = 0
        for index in np.flatnonzero(~whole | are_filled(self.text, before, spans[:, 0])).tolist():
            start, end = spans[index].tolist()
            self._hand_on(spans[run:index])
            self._between(int(before[index]), start, is_before_record=True)
            run = index
            if not whole[index]:
                begins = self.elements.begins is None or self.elements.begins.match(self.text, start)
                name = f"<{self.elements.name}>"
                self._refuse(
                    start, end, f"a {name} that does not end" if begins else f"not a {name} but something else"
                )
                run = index + 1
        self._hand_on(spans[run:])
        self.advance(int(spans[-1, 1]) if len(spans) else 0)

    def _hand_on(self, spans: Positions) -> None:
        if len(spans):
            self.frame.records(len(spans))
            start, end = int(spans[0, 0]), int(spans[-1, 1])
            line = self._line_at(start)
            text = self.text[start:end]
            self.found.append(Piece(self.file, self.member, self.offset + start, line, text, spans=spans - start))
            self.records_seen, self.whole = True, False

    def _between(self, start: int, end: int, *, is_before_record: bool = False) -> None:
        """What stands between two records is blank, a comment or the frame; all else is quarantined."""
        bare = without_sections(self.text[start:end])
        if has_nested_comment(self.text, start, end):
            self._refuse(start, end, NESTED_COMMENT)
        if self.elements.root_end.search(bare):
            self.whole = True
        if self.elements.forbidden and self.elements.forbidden.search(bare):
            error = self.elements.error.search(bare) if self.elements.error else None
            words = f": the server says {error[1].decode(errors='replace').strip()!r}" if error else ""
            self._refuse(start, end, self.elements.forbidden_reason + words)
            return
        if bare.strip() in (b"", BYTE_ORDER_MARK):
            return
        for said in self.frame.read(bare):
            if isinstance(said, Answer):
                self.found.append(said)
            else:
                self._refuse(start, end, said)
        framed = self.elements.frame.search(bare) is not None
        self.framed = self.framed or framed
        if _NOT_FRAME.search(bare) or not framed or holds_part_of_record(bare, self.elements):
            self._refuse(start, end, f"not a <{self.elements.name}> but something else")
            return
        if self.elements.right_in_frame:
            self._beside_records(start, bare, is_before_record=is_before_record)
        for root_end in self.elements.root_end.finditer(bare):
            self._behind_a_text(start, bare, root_end.end(), is_before_record=is_before_record)

    def _beside_records(self, start: int, bare: bytes, *, is_before_record: bool) -> None:
        """What stands between a record and the next tag of the frame is a record whose own tag is broken."""
        tags = [tag.span() for tag in self.elements.frame.finditer(bare)]
        behind = bare.find(b">", tags[-1][1] - 1) + 1
        parts = [(0, tags[0][0])] if self.records_seen else []
        parts += [(behind, len(bare))] if is_before_record and behind else []
        for begin, end in parts:
            if bare[begin:end].strip():
                self._refuse(start + begin, start + end, f"not a <{self.elements.name}> but something else")

    def _behind_a_text(self, start: int, bare: bytes, at: int, *, is_before_record: bool) -> None:
        """What stands behind the end of a whole text, at a place of what is ``bare``, up to the next is none of it."""
        following = self.elements.frame.search(bare, at)
        if not following and is_before_record and self.elements.right_in_frame:
            # It has been refused as what stands beside a record.
            return
        behind = bare[at : following.start() if following else len(bare)].rstrip()
        if behind.lstrip() not in (b"", BYTE_ORDER_MARK):
            self._refuse(start + at, start + at + len(behind), f"not a <{self.elements.name}> but something else")

    def _refuse(self, start: int, end: int, reason: str) -> None:
        row = (self.file, self.member, self.offset + start, self._line_at(start), reason, self.text[start:end])
        self.found.append(unreadable(*row))

    def _line_at(self, position: int) -> int:
        """The line of a position; positions are asked for in their order, but for the first of a text."""
        self.counted_line += count_byte(memoryview(self.text)[self.counted : position], b"\n")
        self.counted = position
        return self.counted_line

    def _rest(self) -> Iterator[Unreadable | Answer]:
        """What follows the last record: the end of the frame, or what is missing of it."""
        if self.stream.damage:
            yield unreadable(self.file, self.member, self.offset, self.line, self.stream.damage, self.text)
            return
        _, unclosed, _ = spans_of(self.text, self.elements.names)
        ends = self.whole or self.elements.root_end.search(self.text) is not None
        # Records that stand in a file without a frame need no end of it.
        bare = self.records_seen and not self.framed
        if unclosed is not None or not (ends or bare):
            yield unreadable(self.file, self.member, self.offset, self.line, "the XML is cut off", self.text)
            return
        self._between(0, len(self.text))
        yield from (row for row in self.found if not isinstance(row, Piece))
        read = self.records_seen or self.frame.has_none
        if not read and not any(isinstance(row, Unreadable) for row in self.found):
            yield unreadable(self.file, self.member, self.offset, self.line, self.elements.without, self.text)
