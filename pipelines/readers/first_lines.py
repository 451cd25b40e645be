"""Where a record page as text begins: VuFind's first line, in any of its languages."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import numpy as np

from pipelines.readers.byte_spans import find_byte
from pipelines.readers.page_labels import loading_words

#: Files that were put together have it before each of their pages.
BYTE_ORDER_MARK: Final = "\ufeff"
NO_BREAK_SPACE: Final = "\u00a0"
#: A bar, and the blanks of which so many stand behind it at most.
_BAR: Final = ord("|")
_BLANKS: Final = np.frombuffer(b" \r", np.uint8)
_MOST_BLANKS: Final = 2


def first_lines(text: bytes, start: int, end: int) -> list[int]:
    """Where VuFind's first line stands between two places."""
    return [mark.start() for mark in _first_line().finditer(text, start, end)]


def first_lines_among_rows(text: bytes) -> list[int]:
    """The same for a whole text that is rows for the most part: of those that end with a bar none is looked at."""
    newlines, signs = find_byte(text, b"\n"), np.frombuffer(text, np.uint8)
    last = newlines - 1
    for _ in range(_MOST_BLANKS):
        last = last - np.isin(signs[last], _BLANKS)
    others = np.flatnonzero(signs[last] != _BAR)
    ends = newlines[others] + 1
    begins = np.where(others > 0, newlines[others - 1] + 1, 0)
    return [
        place
        for start, end in zip(begins.tolist(), ends.tolist(), strict=True)
        for place in first_lines(text, start, end)
    ]


@cache
def _first_line() -> re.Pattern[bytes]:
    words = "|".join(re.escape(word).replace("\\ ", f"(?: |{NO_BREAK_SPACE})") for word in sorted(loading_words()))
    # Pages end without a newline: where files were put together the last row of one goes on with the next.
    begins = rf"(?:^|(?<= \|))(?:{BYTE_ORDER_MARK})?"
    return re.compile(rf"{begins}[ \t\f]*(?:{words})[ \t\r]*\n".encode(), re.MULTILINE)
