"""Where elements of some names stand in an XML text: found by their tags alone, all at once.

In well-formed XML a ``<`` begins a tag, a comment, a CDATA section or a processing instruction and nothing else, so
that elements are found by looking for their names, without parsing what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.xml_sections import Sections, step_of, tag_named

if IS_COMPILED:
    from pipelines.readers._xml_tags import find_tags


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
    endless: int


def spans_of(text: bytes, names: Sequence[str], *, is_all: bool = False) -> tuple[Positions, int | None, int | None]:
    """Where each whole outermost element of these names starts and ends, a row each, and where one has no end; and
    where a comment, CDATA or an instruction has none, unless the text ``is_all``: see :func:`tags_of`.
    """
    tags = tags_of(text, names, is_all=is_all)
    steps = np.where(tags.closes, -1, np.where(tags.empty, 0, 1))
    after = np.cumsum(steps)
    # What ends where nothing is open is passed over.
    passed = np.minimum.accumulate(np.minimum(after, 0))
    depth = after - passed
    stray = np.diff(passed, prepend=0) < 0
    starts = tags.starts[~tags.closes & (depth == steps)]
    ends = tags.ends[~stray & (depth == 0)]
    unclosed = int(starts[-1]) if len(starts) > len(ends) else None
    return np.column_stack([starts[: len(ends)], ends]), unclosed, None if tags.endless < 0 else tags.endless


def spans_by_beginnings(text: bytes, position: int, names: Sequence[str], begins: re.Pattern[bytes]) -> list[Span]:
    """The records from ``position`` on where others may be within them, by how the outermost begin.

    Nothing is said of the last one if it does not end.
    """
    tags = tags_of(text, names, position, is_all=True)
    outermost = [int(start) for start in tags.starts[~tags.closes] if begins.match(text, start)]
    steps = np.where(tags.closes, -1, np.where(tags.empty, 0, 1))
    spans: list[Span] = []
    for start, following in pairwise([*outermost, len(text)]):
        low, high = np.searchsorted(tags.starts, [start, following])
        ended = np.flatnonzero(np.cumsum(steps[low:high]) == 0)
        if len(ended):
            spans.append(Span(start, int(tags.ends[low + ended[0]]), True))
        elif following < len(text):
            spans.append(Span(start, following, False))
    if spans and spans[0].start > position:
        spans.insert(0, Span(position, spans[0].start, False))
    return spans


def spans_side_by_side(text: bytes, position: int, names: Sequence[str]) -> list[Span]:
    """The records from ``position`` on where none is within another: one that begins before the last ended breaks that.

    Nothing is said of the last one if it does not end.
    """
    spans: list[Span] = []
    start: int | None = None
    tags = tags_of(text, names, position, is_all=True)
    for begin, end, closes, empty in zip(*(one.tolist() for one in tags[:4]), strict=True):
        if not closes:
            if start is not None:
                spans.append(Span(start, begin, False))
            start = begin
        if start is not None and (closes or empty):
            spans.append(Span(start, end, True))
            start = None
    return spans


def tags_of(text: bytes, names: Sequence[str], position: int = 0, *, is_all: bool = False) -> Tags:
    """The tags with which elements of these names begin and end, in their order, outside of comments, CDATA and
    instructions.

    What is in those may be records that nobody reads. A comment that does not end goes up to the end of the text and is
    ``endless``, unless the text ``is_all``, so that no end comes: then it is none. So it is with the others. What has
    lost its end (:class:`Sections`) is none either.
    """
    told = find_tags(text, position, tuple(map(str.encode, names)), is_all) if IS_COMPILED else None
    if told is not None:
        starts, ends, closes, empty, endless = told
        places = np.frombuffer(starts, np.int64), np.frombuffer(ends, np.int64)
        return Tags(*places, np.frombuffer(closes, np.bool_), np.frombuffer(empty, np.bool_), endless)
    found, endless = _found(text, names, position, is_all=is_all)
    spans = np.array([match.span() for match in found], np.int64).reshape(-1, 2)
    closing = np.array([bool(match["closes"]) for match in found], bool)
    slash = np.array([match[0].endswith(b"/>") for match in found], bool)
    return Tags(spans[:, 0], spans[:, 1], closing, slash & ~closing, endless)


def _found(text: bytes, names: Sequence[str], position: int, *, is_all: bool) -> tuple[list[re.Match[bytes]], int]:
    """The tags, and where what is opaque has no end, -1 where it has."""
    pattern, sections = tag_named(tuple(names)), Sections(text, names)
    found: list[re.Match[bytes]] = []
    are_endless: set[bytes] = set()
    at, depth = position, 0
    while match := pattern.search(text, at):
        at = match.end()
        if match["name"]:
            found.append(match)
            depth = max(depth + step_of(match), 0)
            continue
        if match[0] in are_endless:
            continue
        end = sections.behind(match[0], at, depth)
        if end is not None:
            at = end
        elif is_all:
            are_endless.add(match[0])
        else:
            return found, match.start()
    return found, -1
