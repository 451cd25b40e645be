"""What the records of a format of XML are, and what may stand around them: its frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from pipelines.readers.answers import Answer
from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import Piece
from pipelines.readers.xml_prolog import DOCUMENT_TYPE
from pipelines.readers.xml_sections import SECTION_ENDS, behind_section
from pipelines.readers.xml_spans import spans_of

_COMMENT: Final = b"<!--"
#: Of a comment in which another begins, which XML knows not.
NESTED_COMMENT: Final = "a comment in which another begins: its end may be lost, and no record in it is read"
_REST_OF_TAG: Final = rb"""(?=[\s/>])(?:[^<>"']+|"[^"]*"|'[^']*')*+>"""
_NOT_TEXT: Final = re.compile(rb"<!--|<\?|" + DOCUMENT_TYPE, re.DOTALL)


class FrameReader(Protocol):
    """Reads what stands around the records of one text, from its beginning to its end.

    ``has_none`` says of what was read so far whether each answer says itself that it has no records: that is no fault.
    """

    @property
    def has_none(self) -> bool:
        """See the class."""

    def records(self, count: int) -> None:
        """So many records follow what was read so far."""

    def read(self, frame: bytes) -> Iterator[Answer | str]:
        """Each answer that ends in ``frame``, and the reason why one holds what is for a person to read."""


class _SilentFrame:
    """A frame that says nothing."""

    has_none = False

    def records(self, count: int) -> None:
        pass

    def read(self, frame: bytes) -> Iterator[Answer | str]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Elements:
    """Which elements are the records of a format, and what may stand around them.

    ``name`` is that of the records, without prefix, ``others`` are names of further records; ``frame``
    matches a tag of what is around them, so that text without any is none of the format's; ``root_end`` is
    the end of a whole text. ``forbidden`` is what the frame must not hold, with the reason, to which what a server
    says instead of records is added (the first group of ``error``); ``without`` the reason for a text that holds no
    record. ``right_in_frame`` says that a record and the next of such tags stand side by side. Where a record may have
    others of its name in it, ``begins`` matches its beginning and not theirs, and ``inner`` a tag that stands in it
    before them. ``only_within`` matches a tag that no frame has: where it stands in one, that of its record is broken,
    but for elements of a name that may stand ``beside`` records. ``reader`` makes what reads the frame.
    """

    name: str
    frame: re.Pattern[bytes]
    root_end: re.Pattern[bytes]
    without: str
    forbidden: re.Pattern[bytes] | None = None
    forbidden_reason: str = ""
    error: re.Pattern[bytes] | None = None
    others: tuple[str, ...] = ()
    right_in_frame: bool = False
    begins: re.Pattern[bytes] | None = None
    inner: re.Pattern[bytes] | None = None
    only_within: re.Pattern[bytes] | None = None
    beside: re.Pattern[bytes] | None = None
    reader: Callable[[], FrameReader] = _SilentFrame

    @property
    def names(self) -> tuple[str, ...]:
        """All names of records."""
        return (self.name, *self.others)


def spans_in(piece: Piece, elements_of: Callable[[bytes], Elements]) -> Positions:
    """Where the records of a piece start and end, a row each; ``elements_of`` its data says which these are."""
    if piece.spans is not None:
        return piece.spans
    return spans_of(piece.data, elements_of(piece.data).names, is_all=True)[0]


def holds_part_of_record(bare: bytes, elements: Elements) -> bool:
    """Whether in a frame without sections something stands that only records hold."""
    if elements.only_within is None or not elements.only_within.search(bare):
        return False
    at = 0
    while elements.beside and (begun := elements.beside.search(bare, at)):
        end = _end_of(bare, begun)
        if elements.only_within.search(bare, at, begun.start()) or end is None:
            return True
        at = end
    return elements.only_within.search(bare, at) is not None


def _end_of(bare: bytes, begun: re.Match[bytes]) -> int | None:
    """Where the element ends that begins with this tag, which may have others of its name in it; None for nowhere."""
    depth = 0
    for tag in re.compile(rb"</?" + re.escape(begun["name"]) + _REST_OF_TAG).finditer(bare, begun.start()):
        depth += -1 if tag[0].startswith(b"</") else not tag[0].endswith(b"/>")
        if depth <= 0:
            return tag.end()
    return None


def has_nested_comment(text: bytes, start: int, end: int) -> bool:
    """Whether a comment in a part of a text between records holds the beginning of another."""
    if text.count(_COMMENT, start, end) < 2:
        return False
    for place, begun, behind in _sections(text, start, end):
        if behind is None:
            return False
        if text.startswith(_COMMENT, place) and text.find(_COMMENT, begun, behind) >= 0:
            return True
    return False


def without_sections(text: bytes) -> bytes:
    """What stands between records with blanks in place of comments, instructions and a document type.

    One that does not end stays.
    """
    kept: list[bytes] = []
    begin = 0
    for place, begun, behind in _sections(text, 0, len(text)):
        if behind is not None and behind != begun:
            kept += [text[begin:place], b" " * (behind - place)]
            begin = behind
    return b"".join([*kept, text[begin:]])


def _sections(text: bytes, start: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """Where each comment, instruction and document type of a part of a text stands, where what is in it begins, and the
    place behind it: see :func:`behind_section`. Of those of one kind that have no end the first alone is told.
    """
    endless: set[bytes] = set()
    while found := _NOT_TEXT.search(text, start, end):
        opening, start = found[0], found.end()
        if opening in endless:
            continue
        if opening not in SECTION_ENDS:
            yield found.start(), found.start(), start
            continue
        behind = behind_section(text, opening, start, end)
        yield found.start(), start, behind
        if behind is None:
            endless.add(opening)
        else:
            start = behind
