"""Where elements of some names stand in an XML text: found by their tags alone, all at once.

In well-formed XML a ``<`` begins a tag, a comment, a CDATA section or a processing instruction and nothing else, so
that elements are found by looking for their names, without parsing what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.compiled import IS_COMPILED

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
    """The tags with which elements of these names begin and end, in their order, outside of comments and CDATA.

    What is in those may be records that nobody reads.
    """
    if IS_COMPILED:
        starts, ends, closes, empty = find_tags(text, position, tuple(name.encode() for name in names))
        places = np.frombuffer(starts, np.int64), np.frombuffer(ends, np.int64)
        return Tags(*places, np.frombuffer(closes, np.bool_), np.frombuffer(empty, np.bool_))
    found = [match for match in _tag_named(tuple(names)).finditer(text, position) if match["name"]]
    spans = np.array([match.span() for match in found], np.int64).reshape(-1, 2)
    closing = np.array([bool(match["closes"]) for match in found], bool)
    slash = np.array([match[0].endswith(b"/>") for match in found], bool)
    return Tags(spans[:, 0], spans[:, 1], closing, slash & ~closing)


@cache
def _tag_named(names: tuple[str, ...]) -> re.Pattern[bytes]:
    """A tag of one of these names, or what is opaque."""
    name = "|".join(map(re.escape, names)).encode()
    return re.compile(
        rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|"
        rb"<(?P<closes>/?)(?:[A-Za-z_][\w.-]{0,60}:)?(?P<name>" + name + rb")(?=[\s/>])[^<>]*>",
        re.DOTALL,
    )
