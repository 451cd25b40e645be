"""Values that a program has set in lines of their own: ``BeautifulSoup.prettify()`` and its like indent every text.

The newlines and blanks before and behind such a value are of the markup, not of the value: an id that kept them would
be the id of another record. Other values may well begin and end with newlines, so that the id tells of all.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags

_BLANK: Final = " \t\r\n"
_BEGINS: Final = ("\n", "\r\n")


def is_set_in(text: str) -> bool:
    """Whether a text stands in lines of its own, between newlines."""
    return text.startswith(_BEGINS) and bool(value := text.strip(_BLANK)) and "\n" in text[text.rindex(value[-1]) :]


def without_indent(text: str, width: int = 0) -> str:
    """The value of a text that stands in lines of its own; any other text as it is.

    Of a value that is as wide as that, such as a leader of MARC, blanks at the beginning are a part, none at the end.
    """
    return text.strip(_BLANK).rjust(width) if is_set_in(text) else text


def may_be_set_in(texts: pa.Array) -> Flags:
    """Which of the texts :func:`without_indent` may change, as far as their beginnings tell; none of them is null."""
    begins = [pc.starts_with(texts, sign) for sign in _BEGINS]
    found: Flags = pc.or_(*begins).to_numpy(zero_copy_only=False)
    return found
