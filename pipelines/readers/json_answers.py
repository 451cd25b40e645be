"""Answers of servers in JSON: what they look like, and what one says of itself while it is walked through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Final

from pipelines.readers.answers import Answer
from pipelines.readers.chunks import RAW_KEPT, Unreadable, unreadable
from pipelines.readers.json_heads import FirstObjects, prefix_length

_BEGINS: Final = re.compile(rb"\s*[\[{\"]")
_A_FEW_LINES: Final = 1 << 15
#: So many blanks before a value are looked behind.
MOST_BLANKS: Final = 256
#: What stands before the value of a key and before the first one in brackets.
BEFORE_VALUES: Final = (b":", b"[", b"{")


@dataclass(frozen=True)
class Answers:
    """What a server's answers look like, which hold documents and are none.

    An answer ``begins`` so, and no document does as it does ``surely``, nor does anything within an answer as one that
    stands ``in_array`` does. An array of documents is ``called`` so, anywhere or ``only_outermost``; ``beside`` is what
    else stands before it in the same object, but nowhere in others. ``without`` is the reason for which an answer
    without such an array is quarantined.
    ``holds_none`` tells of a whole one that has none because none were asked for, which is no fault.
    ``last`` matches an object after the documents that is none, but says that all were sent, or with
    ``"EXCEPTION"`` in it that they were not. ``said`` matches what an answer says of the list that it is a page of, as
    groups ``announced``, ``asked``, ``more`` and ``partial`` (:class:`~pipelines.readers.answers.Answer`).
    """

    begins: re.Pattern[bytes]
    surely: re.Pattern[bytes]
    in_array: re.Pattern[bytes]
    called: bytes
    beside: bytes
    without: str
    said: re.Pattern[bytes]
    only_outermost: bool = False
    last: re.Pattern[bytes] | None = None
    holds_none: Callable[[bytes], bool] | None = None

    @cached_property
    def documents(self) -> re.Pattern[bytes]:
        """How the text before an array of documents ends."""
        return re.compile(rb'"%s"\s*:\s*$' % self.called)

    @cached_property
    def list_begins(self) -> re.Pattern[bytes]:
        """An array of documents, up to the key of the first. In a string quotes would be written otherwise, and what
        stands between two strings has no letters of a key in it.
        """
        return re.compile(self.beside + rb'"%s"\s*:\s*\[(?=\s*\{\s*"[A-Za-z_])' % self.called)

    @cached_property
    def beside_documents(self) -> re.Pattern[bytes]:
        """How the text before an array of documents ends that stands beside what it has to, whatever its key is."""
        key = rb'(?:[^{}\[\]]{0,99},)?\s*"?[^",\s]{0,99}"?\s*:{0,2}\s*'
        return re.compile(self.beside + rb"(?:[^{}\[\]]{1,99}|" + key + rb")$")

    def next_in_array(self, text: bytes, start: int, end: int) -> int | None:
        """Where an answer begins that is an element of an array, but not the first, or begins in a new line."""
        for found in self.in_array.finditer(text, start, end):
            before = text[max(0, found.start() - MOST_BLANKS) : found.start()]
            behind = before.rstrip()
            if behind.endswith(b",") or b"\n" in before[len(behind) :]:
                return found.start()
        return None

    def are_in(self, head: bytes) -> bool:
        """Whether a file that begins with ``head``, but with no answer, and with no document, holds answers."""
        start = prefix_length(head)
        # To look through a megabyte takes its time, and nearly all documents say so in their first lines.
        if not _BEGINS.match(head, start) or _begins_with_document(head[:_A_FEW_LINES], start):
            return False
        if b'"%s"' % self.called not in head or _begins_with_document(head, start):
            return False
        return (
            self.list_begins.search(head, start) is not None or self.next_in_array(head, start, len(head)) is not None
        )


def _begins_with_document(head: bytes, start: int) -> bool:
    return any(one.get("id") for one in islice(FirstObjects(head, start), 1))


@dataclass(slots=True)
class OpenAnswer:
    """What the answer that begins at ``offset`` has brought so far.

    ``passed`` are the first bytes of what has been passed of it since its beginning, or the end of its last list of
    documents, at ``since``; ``list_path`` are the brackets that were open in that, its own among them, and ``opening``
    is how the first document began. ``said`` is what it says of its list, by the names of the groups of
    :attr:`Answers.said`, and ``taken`` how many documents it has brought.
    """

    offset: int = 0
    since: int = 0
    passed: bytes = b""
    has_documents: bool = False
    list_path: bytes = b""
    opening: bytes = b""
    said: dict[str, bytes] = field(default_factory=dict)
    taken: int = 0

    def keep(self, text: bytes, start: int, count: int) -> None:
        """Keep what is passed: as much of it as quarantine shows."""
        self.passed = _kept(self.passed, text, start, start + count)

    def goes_on(self, offset: int) -> None:
        """A list of documents has ended."""
        self.since, self.passed = offset, b""

    def listen(self, said: re.Pattern[bytes], text: bytes, start: int, end: int) -> None:
        """Take note of what a part of it says of the list."""
        for match in said.finditer(text, start, end):
            self.said |= {name: value for name, value in match.groupdict().items() if value is not None}

    def refused(self, file: str, member: str, length: int, answers: Answers) -> Iterator[Unreadable]:
        """That it has ended without documents, unless none were asked for."""
        raw = self.passed[:length]
        if not self.has_documents and not (answers.holds_none and answers.holds_none(raw)):
            # What it says instead, an error as a rule, is for a person to read.
            yield unreadable(file, member, self.offset, 0, answers.without, raw, length)

    def told(self) -> Iterator[Answer]:
        """What it says of its list, if anything."""
        if self.said:
            announced = self.said.get("announced")
            number = None if announced is None else int(announced[:18])
            asked, more = (self.said.get(name, b"").decode(errors="replace") for name in ("asked", "more"))
            yield Answer(self.taken, number, asked=asked, more=more, is_partial="partial" in self.said)


#: What may stand between values by mistake, and whatever it is, the line in which the next value begins.
_STRAY: Final = re.compile(rb"(?:[,\]}\s\x00\x1e]|null|\xef\xbb\xbf)+(?=[{\[]|HTTP/)")
_NEXT_LINE: Final = re.compile(rb"\n(?P<blanks>[ \t]*+)(?=[{\[]|HTTP/[0-9.]+ [0-9]{3})")


@dataclass(slots=True)
class PassedOver:
    """What stands between values and is none, from ``offset`` on; ``begins`` are its first bytes.

    Where values are laid out over lines, they begin behind ``margin`` blanks: what is farther to the right is in one.
    """

    offset: int
    margin: int | None = None
    begins: bytes = b""

    def next_value(self, text: bytes, start: int, answers: Answers) -> int | None:
        """Where in the text the next value begins, or its header; None where none does."""
        if not self.begins and (stray := _STRAY.match(text, start)):
            return stray.end()
        lines = _NEXT_LINE.finditer(text, start)
        line = next((one for one in lines if self.margin is None or len(one["blanks"]) <= self.margin), None)
        answer = answers.surely.search(text, start, line.end() if line else len(text))
        if answer:
            return answer.start()
        return line.end() if line else None

    def keep(self, text: bytes, start: int, end: int) -> None:
        """Keep as much of it as quarantine shows."""
        self.begins = _kept(self.begins, text, start, end)


def _kept(before: bytes, text: bytes, start: int, end: int) -> bytes:
    """What was kept before, and of a part of a text as much as there is room for."""
    return before + text[start : min(end, start + RAW_KEPT - len(before))]
