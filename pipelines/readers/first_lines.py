"""Where a record page as text begins: VuFind's first line, in any of its languages."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pipelines.readers.page_part import loading_words

#: Files that were put together have it before each of their pages.
BYTE_ORDER_MARK: Final = "\ufeff"
NO_BREAK_SPACE: Final = "\u00a0"


def first_lines(text: bytes, start: int, end: int) -> list[int]:
    """Where VuFind's first line stands between two places."""
    return [mark.start() for mark in _first_line().finditer(text, start, end)]


@cache
def _first_line() -> re.Pattern[bytes]:
    words = "|".join(re.escape(word).replace("\\ ", f"(?: |{NO_BREAK_SPACE})") for word in sorted(loading_words()))
    # Pages end without a newline: where files were put together the last row of one goes on with the next.
    begins = rf"(?:^|(?<= \|))(?:{BYTE_ORDER_MARK})?"
    return re.compile(rf"{begins}[ \t\f]*(?:{words})[ \t\r]*\n".encode(), re.MULTILINE)
