"""What a file of no known format seems to be, by its beginning."""

from __future__ import annotations

import codecs
import re
from typing import Final

#: How the reason begins for which a file of no known format is not read.
UNKNOWN: Final = "not a known format: "
#: The beginning of a file of no known format is kept, not the file.
UNKNOWN_KEPT: Final = 4096

_KNOWN_MAGIC: Final = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"<?xml", "XML"),
)

#: Version 2, a map or a named list, and the name of the first thing in an answer (Solr's ``JavaBinCodec``).
_JAVABIN: Final = re.compile(rb"\x02[\xa0-\xdf](?:\xe0)?.?(?:responseHeader|response|params|docsMap)", re.DOTALL)


#: UTF-16 without its mark, where it begins with ASCII: every other byte is zero.
_UTF_16: Final = (
    (re.compile(rb"(?:[\t\n\r -~]\0){4}"), "UTF-16LE"),
    (re.compile(rb"(?:\0[\t\n\r -~]){4}"), "UTF-16BE"),
)


def utf_16(head: bytes) -> str:
    """What ``iconv`` calls the encoding of a file that begins so, if that is UTF-16; empty for any other."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not head.startswith(codecs.BOM_UTF32_LE):
        return "UTF-16"
    return next((name for begins, name in _UTF_16 if begins.match(head)), "")


def describe(head: bytes) -> str:
    """What a file of no known format seems to be, for the person who has to look at it."""
    if encoding := utf_16(head):
        return f"UTF-16 text, which must be UTF-8: iconv -f {encoding} -t UTF-8"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in _KNOWN_MAGIC:
        if start.startswith(magic):
            return kind
    if len(head) > 24 and head[:5].isdigit() and head[20:22] == b"45":
        return "MARC 21"
    if _JAVABIN.match(head):
        return "Solr's javabin, which only Solr reads: export it as JSON (wt=json)"
    if b"\0" in head[:UNKNOWN_KEPT]:
        return "binary data"
    return f"text that begins with {start[:40].decode(errors='replace')!r}"
