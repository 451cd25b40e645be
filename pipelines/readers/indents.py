"""Values that a program has set in lines of their own: ``BeautifulSoup.prettify()`` and its like indent every text.

The newlines and blanks before and behind such a value are of the markup, not of the value: an id that kept them would
be the id of another record.
"""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags

_SET_IN: Final = re.compile(r"\r?\n\s*(?P<value>\S(?:.*\S)?)?\s*\n[ \t\r]*", re.DOTALL)


def without_indent(text: str) -> str:
    """The value of a text that stands in lines of its own, between newlines; any other text as it is."""
    found = _SET_IN.fullmatch(text) if "\n" in text else None
    return found["value"] or "" if found else text


def may_be_set_in(texts: pa.Array) -> Flags:
    """Which of the texts :func:`without_indent` may change, as far as their beginnings tell; none of them is null."""
    found: Flags = pc.match_substring_regex(texts, r"^\r?\n").to_numpy(zero_copy_only=False)
    return found
