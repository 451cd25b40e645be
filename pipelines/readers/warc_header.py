"""The header of a WARC record: how long the record is, and what is said of it.

Standard: ISO 28500, "The WARC Format 1.1", "Named fields".
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_HEADER: Final = re.compile(rb"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)$", re.MULTILINE)


class WarcHeader(NamedTuple):
    """How many bytes the header of a record and its block take, and what it says, by names in small letters."""

    size: int
    length: int
    said: dict[bytes, bytes]

    def text(self, name: bytes) -> str:
        """What is said of this; empty for nothing."""
        return self.said.get(name, b"").strip().decode(errors="replace")

    @property
    def target(self) -> str:
        """The address; WARC 1.0 has it in angle brackets in its grammar, though in none of its examples."""
        return self.text(b"warc-target-uri").strip("<>")


def read_header(text: bytes, at: int, longest: int) -> WarcHeader | str:
    """The header that begins at ``at``, or what is wrong with it."""
    # An empty line ends it, and lines end with a newline or with two signs.
    crlf = text.find(b"\n\r\n", at, at + longest)
    newline = text.find(b"\n\n", at, at + longest if crlf < 0 else crlf + 1)
    last = crlf if newline < 0 else newline
    if last < 0 or text.find(b"\nWARC/", at, last) >= 0:
        return "a WARC record whose header does not end"
    said = {name.lower(): value for name, value in _HEADER.findall(text[at:last].removesuffix(b"\r"))}
    length = said.get(b"content-length", b"").strip()
    if not (length.isdigit() and len(length) < 19):
        return "a WARC record that does not say how long it is"
    return WarcHeader(last - at + (3 if newline < 0 else 2), int(length), said)
