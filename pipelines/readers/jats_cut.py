"""The fronts of articles in JATS, cut out of them, so that they can be read without the articles' texts."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]{0,60}:)?"
FRONT: Final = re.compile(rb"<" + _PREFIX + rb"front[\s>]")
_FRONT_ENDS: Final = re.compile(rb"</" + _PREFIX + rb"front\s*>")
_NAME: Final = re.compile(rb"front\s*>")
#: What may stand between the first tag of an article and its own front.
_META: Final = _PREFIX + rb"processing-meta\b"
_BEFORE: Final = re.compile(
    rb"(?:\s++|<\?.*?\?>|<%b[^<>]*(?:/>|(?<!/)>(?:[^<]|<(?!/?%b))*+</%b\s*>))*+" % (_META, _META, _META), re.DOTALL
)
_FIRST_TAG: Final = re.compile(rb"<([^\s<>/]+)[^<>]*>")


class Cut(NamedTuple):
    """``front`` is the article without all but its front, which stands from ``start`` to ``end`` in the text."""

    front: bytes
    start: int
    end: int


def cut_of(text: bytes, start: int, end: int) -> Cut | None:
    """An article that stands from ``start`` to ``end``, with its ``front`` alone, cut out of its text.

    None where that is not to be found so simply: the first front may be that of another article within this one.
    """
    first, begins = _FIRST_TAG.match(text, start, end), FRONT.search(text, start, end)
    if not first or not begins or not _BEFORE.fullmatch(text, first.end(), begins.start()):
        return None
    closed = _end_of_front(text, begins.end(), end)
    if not closed:
        return None
    return Cut(b"%b%b</%b>" % (first[0], text[begins.start() : closed], first[1]), begins.start(), closed)


def _end_of_front(text: bytes, position: int, end: int) -> int:
    """Where the first tag ends that closes a front; 0 for none."""
    # Looking for the name alone is many times faster than for all that may stand before it.
    for name in _NAME.finditer(text, position, end):
        opening = text.rfind(b"<", position, name.start())
        closing = _FRONT_ENDS.match(text, opening, end) if opening >= 0 else None
        if closing and closing.end() == name.end():
            return closing.end()
    return 0
