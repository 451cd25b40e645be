"""Where elements of some names stand in an XML text: found by their tags alone, all at once.

In well-formed XML a ``<`` begins a tag, a comment, a CDATA section or a processing instruction and nothing else, so
that elements are found by looking for their names, without parsing what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from pipelines.readers.byte_spans import Flags, Positions

#: What is in these may be records that nobody reads.
_OPAQUE: Final = re.compile(rb"<!--|<!\[CDATA\[")
_ENDS: Final = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_REST: Final = re.compile(rb"[^<>]*>")
#: A tag begins within so many bytes before its name: ``</`` and a prefix.
_LONGEST_BEFORE_NAME: Final = 64
#: So much of a text is cut at a name at once.
_AT_ONCE: Final = 1 << 20
#: What ends the name of an element in a tag.
_AFTER_NAME: Final = np.isin(np.arange(256), list(b" \t\n\r\f\v/>"))
_OPENS, _SLASH, _COLON, _CLOSES = b"</:>"


class Span(NamedTuple):
    """Where a record stands in a text, and whether it is ``whole``: begins and ends with its tags."""

    start: int
    end: int
    whole: bool


class Tags(NamedTuple):
    """Starts and ends of tags, which of them end an element, and which are elements without anything in them."""

    starts: Positions
    ends: Positions
    closes: Flags
    empty: Flags


def spans_of(text: bytes, names: Sequence[str]) -> tuple[Positions, int | None]:
    """Where each whole outermost element of these names starts and ends, a row each, and where one has no end."""
    tags = tags_of(text, names)
    steps = np.where(tags.closes, -1, np.where(tags.empty, 0, 1))
    after = np.cumsum(steps)
    # What ends where nothing is open is passed over.
    passed = np.minimum.accumulate(np.minimum(after, 0))
    depth = after - passed
    stray = np.diff(passed, prepend=0) < 0
    starts = tags.starts[~tags.closes & (depth == steps)]
    ends = tags.ends[~stray & (depth == 0)]
    unclosed = int(starts[-1]) if len(starts) > len(ends) else None
    return np.column_stack([starts[: len(ends)], ends]), unclosed


def spans_side_by_side(text: bytes, position: int, names: Sequence[str]) -> list[Span]:
    """The records from ``position`` on where none is within another: one that begins before the last ended breaks that.

    Nothing is said of the last one if it does not end.
    """
    spans: list[Span] = []
    start: int | None = None
    for begin, end, closes, empty in zip(*(one.tolist() for one in tags_of(text, names, position)), strict=True):
        if not closes:
            if start is not None:
                spans.append(Span(start, begin, False))
            start = begin
        if start is not None and (closes or empty):
            spans.append(Span(start, end, True))
            start = None
    return spans


def tags_of(text: bytes, names: Sequence[str], position: int = 0) -> Tags:
    """The tags with which elements of these names begin and end, in their order, outside of comments and CDATA."""
    found = [_tags_named(text, position, name.encode()) for name in names]
    starts, ends, closes = (np.concatenate(parts) for parts in zip(*found, strict=True))
    wanted = np.argsort(starts, kind="stable") if len(found) > 1 else np.arange(len(starts))
    opaque = np.array([*_opaque(text, position)], np.int64).reshape(-1, 2)
    if len(opaque):
        within = np.searchsorted(opaque[:, 0], starts[wanted], "right") - 1
        wanted = wanted[(within < 0) | (starts[wanted] >= opaque[within, 1])]
    view = np.frombuffer(text, np.uint8)
    empty = ~closes[wanted] & (view[ends[wanted] - 2] == _SLASH)
    return Tags(starts[wanted], ends[wanted], closes[wanted], empty)


def _tags_named(text: bytes, position: int, name: bytes) -> tuple[Positions, Positions, Flags]:
    """Starts and ends of the tags of one name, and which of them close an element."""
    # Looking for the name alone is many times faster than looking at every tag.
    view = np.frombuffer(text, np.uint8)
    names = np.concatenate([np.zeros(0, np.int64), *_places_of(text, position + 1, name)])
    names = names[names + len(name) < len(text)]
    names = names[_AFTER_NAME[view[names + len(name)]]]
    before = view[names - 1]
    starts = names - 1
    closes = (before == _SLASH) & (names - 2 >= position) & (view[names - 2] == _OPENS)
    starts[closes] -= 1
    is_tag = closes | (before == _OPENS)
    for number in np.flatnonzero(before == _COLON).tolist():
        at = int(names[number])
        opening = text.rfind(b"<", max(position, at - _LONGEST_BEFORE_NAME), at)
        match = _prefixed(name).match(text, opening) if opening >= 0 else None
        if match and match.end() == at + len(name):
            starts[number], closes[number], is_tag[number] = opening, match["close"] is not None, True
    starts, closes, ends = starts[is_tag], closes[is_tag], names[is_tag] + len(name)
    bare = view[ends] == _CLOSES
    ends[bare] += 1
    rests = (_REST.match(text, end) for end in ends[~bare].tolist())
    ends[~bare] = [rest.end() if rest else 0 for rest in rests]
    whole = ends > 0
    return starts[whole], ends[whole], closes[whole]


def _places_of(text: bytes, position: int, name: bytes) -> Iterator[Positions]:
    """Where a name stands from ``position`` on; none has an end with which it begins."""
    for start in range(position, len(text), _AT_ONCE):
        # To cut at a text takes a fraction of the time of an expression, whose answers are asked for one by one.
        parts = text[start : start + _AT_ONCE + len(name) - 1].split(name)
        lengths = np.fromiter(map(len, parts), np.int64, len(parts))
        yield np.cumsum(lengths[:-1] + len(name)) - len(name) + start


@cache
def _prefixed(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<(?P<close>/)?[A-Za-z_][\w.-]{0,60}:" + re.escape(name) + rb"(?=[\s/>])")


def _opaque(text: bytes, position: int) -> Iterator[tuple[int, int]]:
    """Where comments and CDATA stand, in which a tag is none; one that does not end goes on to the end of the text."""
    if b"!" not in text:
        return
    while found := _OPAQUE.search(text, position):
        closing = text.find(_ENDS[found[0]], found.end())
        position = closing + len(_ENDS[found[0]]) if closing >= 0 else len(text)
        yield found.start(), position
