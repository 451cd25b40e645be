"""Where a page as text breaks off before it comes to its staff view: what came with it is not all of the record.

A page that has no staff view looks the same up to its end, but ends with a row that is closed, or with other text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pipelines.readers.page_part import label_words
from pipelines.readers.staff_view import SEPARATOR, is_field, may_be_row

#: What stands between a label and its value.
_SIGN: Final = re.compile(r"[:：][^\S\n]*\|")
_FIRST_BAR: Final = " |"


def breaks_off(text: str) -> str:
    """What the text of a page without staff view breaks off in, for a person; empty where nothing says that it does."""
    lines = text.split("\n")
    return _in_first_field(lines) or _in_page_part(lines)


def _in_page_part(lines: list[str]) -> str:
    """The row that is open at the end: no later line closes it; or the row whose label is not whole."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number].rstrip()
        sign = _SIGN.search(line)
        if sign and line[: sign.start()].strip() in label_words():
            is_open = sign.end() == len(line) or not line.endswith("|")
            return f"the row {line[: sign.start()].strip()}" if is_open else ""
        if line.endswith("|"):
            break
    last, before = lines[-1].strip(), next((line.rstrip() for line in reversed(lines[:-1]) if line.strip()), "")
    is_torn = bool(last) and before.endswith("|") and last not in label_words() and last in _label_beginnings()
    return f"the label {last}" if is_torn else ""


def _in_first_field(lines: list[str]) -> str:
    """The field of the staff view that would come first, where nothing stands behind it but some of the separator."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number].rstrip()
        name, bar, _ = line.partition(_FIRST_BAR)
        if bar and is_field(name.encode(errors="replace")) and may_be_row(name):
            return f"the field {name}"
        is_rest = number == len(lines) - 1 and SEPARATOR.decode().startswith(line)
        if not is_rest and line.endswith("|"):
            break
    return ""


@cache
def _label_beginnings() -> frozenset[str]:
    """All that a line may hold that ends within the label of a row, or before its bar."""
    return frozenset(f"{word}:"[:end] for word in label_words() for end in range(1, len(word) + 2))
