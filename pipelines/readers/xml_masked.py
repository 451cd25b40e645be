"""Comments, instructions and CDATA where nothing is read, masked, so that texts of XML can be cut at their tags."""

from __future__ import annotations

import re
from typing import Final

from pipelines.readers.byte_spans import Positions

#: What stands instead of each byte. In a tag, or in a text that is read, it says that a parser has to look.
MASK: Final = "\x7f"

_BEGINS: Final = re.compile(rb"<[!?]")
#: As expat takes them.
_OPAQUE: Final = re.compile(
    rb"<!--(?:[^-]|-(?!-))*+-->|<!\[CDATA\[.*?\]\]>|<\?(?![Xx][Mm][Ll][\s?])[A-Za-z_][\w.-]*+(?:\s.*?)?\?>", re.DOTALL
)
#: What is no character of XML may not be hidden.
_NO_CHARACTER: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def masked(data: bytes, starts: Positions, ends: Positions) -> bytes:
    """The text with masks instead of what is opaque in records that stand from ``starts`` to ``ends``.

    Of what a parser would refuse at least the beginning stays.
    """
    # Looking for one sign is many times faster than for two.
    if not any(sign in data and b"<" + sign in data for sign in (b"!", b"?")):
        return data
    text = bytearray(data)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        at = start
        while begins := _BEGINS.search(data, at, end):
            found = _OPAQUE.match(data, begins.start(), end)
            # A parser refuses the record: to look for each end that is nowhere would take the square of its length.
            if not found or not _is_text(found[0]):
                break
            at = found.end()
            text[found.start() : at] = MASK.encode() * (at - found.start())
    return bytes(text)


def _is_text(written: bytes) -> bool:
    try:
        return not _NO_CHARACTER.search(written.decode())
    except UnicodeDecodeError:
        return False
