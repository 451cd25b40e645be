"""Where records of MARCXML stand in a text, found by their tags whatever is in them, and what stands between them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from pipelines.readers.chunks import LONGEST_RECORD
from pipelines.readers.xml_frames import NESTED_COMMENT, has_nested_comment
from pipelines.readers.xml_sections import SECTION_ENDS, Sections

_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]*:)?"
_NAME: Final = re.compile(rb"record(?=[\s/>])")
#: The name of a record and the sign behind it.
_LONGEST_NAME: Final = len(b"record>")
_MARK: Final = re.compile(rb"<(?P<close>/?)" + _PREFIX + rb"(?P<name>record)")
_TAG_END: Final = re.compile(rb"[^<>]*>")
_SKIPPED: Final = re.compile(rb"<!--|<!\[CDATA\[|<\?|<!DOCTYPE")
#: A document type may hold declarations in brackets.
_DOCUMENT_TYPE: Final = re.compile(rb"[^\[<>]*")
_BEHIND_DECLARATIONS: Final = re.compile(rb"\]\s*>")
_NOTHING: Final = re.compile(
    rb"\s+|\xef\xbb\xbf|</?"
    + _PREFIX
    + rb"collection(?:\s[^>]*)?>|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>",
    re.DOTALL,
)
#: The tags of a collection, but for those of one that is empty.
_COLLECTION_TAG: Final = re.compile(rb"<(/?)" + _PREFIX + rb"collection(?:\s[^<>]*)?(?<!/)>")
_COLLECTION_END: Final = re.compile(rb"</" + _PREFIX + rb"collection\s*>")
#: A tag that is cut off at the end of what is held is no longer than this.
LONGEST_TAG: Final = 4096


def marks(
    text: bytes, at: int | None = 0, *, is_all: bool = False, ends: _Ends | None = None
) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each tag of a record, and whether it closes one; those in comments and the like are none.

    A comment that does not end is none, if the text ``is_all`` and not cut off in it. So it is with CDATA and others.
    """
    ends = ends or _Ends(text)
    are_endless: set[bytes] = set()
    depth = 0
    while at is not None:
        skipped = _SKIPPED.search(text, at)
        for mark in _marks_before(text, at, skipped.start() if skipped else len(text)):
            yield mark
            at, depth = mark[1], int(not mark[2])
        # What seemed to be skipped may stand within a tag.
        if skipped is None:
            return
        if at <= skipped.start():
            opening, begun = skipped.group(), skipped.end()
            if opening in are_endless:
                at = begun
            elif (end := ends.behind(opening, begun, depth)) is not None:
                at = end
            elif is_all and _has_no_end(text, begun):
                are_endless.add(opening)
                at = begun
            else:
                at = None


class _Ends(Sections):
    """Where what is skipped in a text ends: comments and the like, and document types.

    Of many document types without an end each looks for the same one.
    """

    def __init__(self, text: bytes) -> None:
        super().__init__(text, ("record",))
        self._declarations_end = -1

    def behind(self, opening: bytes, begun: int, depth: int) -> int | None:
        """The place behind the end of what begins so, None where it has none: see :class:`Sections`."""
        if opening in SECTION_ENDS:
            return super().behind(opening, begun, depth)
        end = _DOCUMENT_TYPE.match(self._text, begun).end()  # type: ignore[union-attr]
        if self._text[end : end + 1] != b"[":
            return end + 1 if self._text[end : end + 1] == b">" else None
        if 0 <= self._declarations_end < end:
            self._declarations_end = -1
        if self._declarations_end < 0:
            found = _BEHIND_DECLARATIONS.search(self._text, end)
            self._declarations_end = found.end() if found else len(self._text) + 1
        return self._declarations_end if self._declarations_end <= len(self._text) else None


def _has_no_end(text: bytes, begun: int) -> bool:
    """Whether what begins there and does not end has lost its end, rather than that the text is cut off in it."""
    return len(text) > LONGEST_RECORD // 2 or _COLLECTION_END.search(text, begun) is not None


def _marks_before(text: bytes, at: int, stop: int) -> Iterator[tuple[int, int, bool]]:
    """The tags of records that begin between these places."""
    # Looking for the name alone is many times faster than looking at every tag. What begins behind the place is not
    # looked for: between two of many comments that would be as long as all that follows.
    for name in _NAME.finditer(text, at, stop + _LONGEST_NAME):
        begin = name.start()
        if begin < at:
            continue
        if text[begin - 1 : begin] == b"<":
            opening, closes = begin - 1, False
        elif text[begin - 2 : begin] == b"</":
            opening, closes = begin - 2, True
        else:
            opening = text.rfind(b"<", max(at, begin - LONGEST_TAG), begin)
            mark = _MARK.match(text, opening) if opening >= 0 else None
            if mark is None or mark.start("name") != begin:
                continue
            closes = mark.end("close") > opening + 1
        if end := _TAG_END.match(text, begin):
            at = end.end()
            yield opening, at, closes


def is_cut_off_between_records(text: bytes, root: re.Match[bytes]) -> bool:
    """Whether there is no end of a collection behind the last record of a file with this root, where one should be.

    Where there is anything else, that is told of.
    """
    behind = end_of_record(text, len(text))
    if any(between_records(text, behind, len(text))):
        return False
    # Behind a collection records may stand without one.
    for part in (text[behind:], text, root.group()):
        if tags := _COLLECTION_TAG.findall(part):
            return not tags[-1]
    return False


def whole_records(text: bytes, *, is_all: bool = False) -> int:
    """How much of a text that goes on is whole records and what comes before them; ``is_all`` says that no comment that
    is open in it comes to its end. No part ends between something that has lost its end and what tells that.
    """
    ends = _Ends(text)
    records = [end for _, end, closes in marks(text, is_all=is_all, ends=ends) if closes]
    for end in reversed(records):
        before = bisect_right(ends.lost, end)
        if not before or ends.told_at[before - 1] < end:
            return end
    return 0


def record_spans(text: bytes, at: int) -> Iterator[tuple[int, int, str]]:
    """Start, end and fault ("" for none) of each record of a text and of what belongs to none, in order.

    What stands before ``at`` is none of it.
    """
    begun = -1
    for start, end, closes in marks(text, at, is_all=True):
        if begun >= 0 and closes:
            yield begun, end, ""
            at, begun = end, -1
        elif begun >= 0:
            yield begun, start, "a record that is not closed"
            at = begun = start
        elif closes:
            yield from between_records(text, at, end)
            at = end
        else:
            yield from between_records(text, at, start)
            at = begun = start
    if begun >= 0:
        yield begun, len(text), "a record that is cut off"
    else:
        yield from between_records(text, at, len(text))


def between_records(text: bytes, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """What stands between records and is neither blank nor a tag of the collection, as one span."""
    if has_nested_comment(text, start, end):
        yield start, end, NESTED_COMMENT
        return
    while start < end and (nothing := _NOTHING.match(text, start, end)):
        start = nothing.end()
    if start < end:
        yield start, end, "not a MARCXML record"


def end_of_record(text: bytes, most: int) -> int:
    """Where a record ends before a place, as far as its tag alone tells; 0 where there is none."""
    while (name := text.rfind(b"record", 0, most)) >= 0:
        opening = text.rfind(b"<", max(0, name - LONGEST_TAG), name)
        mark = _MARK.match(text, opening) if opening >= 0 else None
        end = text.find(b">", name, name + LONGEST_TAG) + 1
        if mark and mark["close"] and mark.start("name") == name and _NAME.match(text, name) and end:
            return end
        most = name
    return 0
