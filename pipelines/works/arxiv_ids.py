"""arXiv ids as they are compared: those that passed through a number on their way are set right.

A dump whose ids were numbers for a while has ``1602.0891199999999`` for 1602.08912, ``1602.0891`` for 1602.08910 and
``802.0828`` for 0802.0828. None of these is an id, and the warehouse marks them as invalid; but which id it was can be
told, since from 2015 on each has five digits, and four before. Unless they are set right such records conflict with
nothing, and two deposits of the same authors and title become one publication.
Source: https://info.arxiv.org/help/arxiv_identifier.html
"""

from __future__ import annotations

import re
from typing import Final

_OLD: Final = re.compile(r"[a-z]+(?:-[a-z]+)*/\d{7}")
#: The scheme begins with April 2007: a year of one digit has lost its zero.
_NEW: Final = re.compile(r"(\d{2}|[789])((?:0[1-9]|1[0-2]))\.(\d+)")
#: A number in binary has some 16 digits: what stands beyond the id's own is rounding.
_FEWEST_DIGITS_OF_A_NUMBER: Final = 11


def arxiv_key(value: str) -> str:
    """The arXiv id that a value is, or was before it was a number; an empty text where that cannot be told."""
    if _OLD.fullmatch(value):
        return value
    new = _NEW.fullmatch(value)
    if not new:
        return ""
    year, month, digits = new.groups()
    year = year.zfill(2)
    length = 5 if year >= "15" else 4
    if len(digits) >= _FEWEST_DIGITS_OF_A_NUMBER:
        number = round(int(digits) / 10 ** (len(digits) - length))
        is_rounding = abs(int(digits) - number * 10 ** (len(digits) - length)) < 10 ** (len(digits) - length) // 1000
        return f"{year}{month}.{number:0{length}d}" if is_rounding and number < 10**length else ""
    return f"{year}{month}.{digits:0<{length}}" if len(digits) <= length else ""
