"""Comments, CDATA and instructions of XML: where they end, and which have lost their ends.

What is in them is opaque, tags too. XML takes one that has lost its end for one that ends where the next of its kind
does: with it the records between would be gone, without a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

#: What ends that in which a tag is none.
SECTION_ENDS: Final = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_INSTRUCTION: Final = b"<?"
_COMMENT: Final = b"<!--"
#: A record begins with an element, a comment or an instruction, with nothing, but not with text.
_BEHIND_BEGINNING: Final = re.compile(rb"\s*<(?:[A-Za-z_/?]|!--)")


@cache
def tag_named(names: tuple[str, ...]) -> re.Pattern[bytes]:
    """A tag of one of these names, or the beginning of what is opaque."""
    name = "|".join(map(re.escape, names)).encode()
    return re.compile(
        rb"<!--|<!\[CDATA\[|<\?|<(?P<closes>/?)(?:[A-Za-z_][\w.-]{0,60}:)?(?P<name>" + name + rb")(?=[\s/>])[^<>]*>"
    )


def step_of(tag: re.Match[bytes]) -> int:
    """What a tag does to the number of elements that are open."""
    return -1 if tag["closes"] else 0 if tag[0].endswith(b"/>") else 1


def behind_section(text: bytes, opening: bytes, begun: int, end: int | None = None) -> int | None:
    """The place behind the end of a comment, CDATA or an instruction whose ``opening`` ends where it has ``begun``.

    That is this place itself where an instruction has lost its end, as another begins in it; None where no end comes.
    """
    closing = SECTION_ENDS[opening]
    another = text.find(opening, begun, end) if opening == _INSTRUCTION else -1
    found = text.find(closing, begun, end if another < 0 else another)
    if found >= 0:
        return found + len(closing)
    return begun if another >= 0 else None


class _Proof(NamedTuple):
    """What begins in a record before ``record_end`` has lost its end: another of its kind begins at ``another``."""

    record_end: int
    another: int


class Sections:
    """Where what is opaque in a text ends, which is asked from its beginning on. Elements of ``names`` are the records.

    ``lost`` are the places where what has lost its end has begun. Where the text ends before the place of the same
    number in ``told_at``, not all of them can be told.
    """

    def __init__(self, text: bytes, names: Sequence[str]) -> None:
        self._text = text
        self._tag = tag_named(tuple(names))
        self._closing: dict[bytes, int] = {}
        self._proof: dict[bytes, _Proof] = {}
        self._beginning = self._searched = -1
        self.lost: list[int] = []
        self.told_at: list[int] = []

    def behind(self, opening: bytes, begun: int, depth: int) -> int | None:
        """As :func:`behind_section`, of what stands in so many records.

        A comment or CDATA in a record in which this one ends has lost its end, where another of its kind begins behind
        that before any ends; of CDATA, which may tell of such texts, only where another record begins between.
        """
        if opening == _INSTRUCTION or not depth:
            end = behind_section(self._text, opening, begun)
            if end == begun:
                self._note(begun, self._text.find(opening, begun))
            return end
        closing = self._closes(opening, begun)
        end = len(self._text) if closing < 0 else closing
        if self._text.find(opening, begun, end) >= 0 and (proof := self._prove(opening, begun, end)) is not None:
            self._note(begun, proof.another)
            return begun
        return None if closing < 0 else closing + len(SECTION_ENDS[opening])

    def _note(self, begun: int, told_at: int) -> None:
        self.lost.append(begun)
        self.told_at.append(max([told_at, *self.told_at[-1:]]))

    def _closes(self, opening: bytes, begun: int) -> int:
        """Where the next end of such stands, -1 where there is none: of many each would look for the same one."""
        closing = self._closing.get(opening, 0)
        if 0 <= closing < begun:
            closing = self._closing[opening] = self._text.find(SECTION_ENDS[opening], begun)
        return closing

    def _prove(self, opening: bytes, begun: int, end: int) -> _Proof | None:
        """Why what begins there has lost its end; None where it has not. Of many in one record all have the same."""
        proof = self._proof.get(opening)
        if proof is None or begun >= proof.record_end:
            balance = 0
            tags = (tag for tag in self._tag.finditer(self._text, begun, end) if tag["name"])
            # One that was open before.
            record_end = next((tag.end() for tag in tags if (balance := balance + step_of(tag)) < 0), -1)
            place = record_end if opening == _COMMENT or record_end < 0 else self._begins(record_end, end)
            another = self._text.find(opening, place, end) if place >= 0 else -1
            if another < 0:
                return None
            proof = self._proof[opening] = _Proof(record_end, another)
        return proof

    def _begins(self, at: int, end: int) -> int:
        """Behind which tag the next record begins as records do, -1 where none does before an end."""
        if self._beginning < at:
            start = max(at, self._searched)
            tags = (tag for tag in self._tag.finditer(self._text, start, end) if tag["name"] and not tag["closes"])
            found = next((tag.end() for tag in tags if _BEHIND_BEGINNING.match(self._text, tag.end())), -1)
            if found < 0:
                self._searched = max(self._searched, end)
                return -1
            self._beginning = found
        return self._beginning if self._beginning < end else -1
