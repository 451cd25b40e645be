"""What stands before the first element of an XML text: its encoding, comments, instructions and its document type.

The document type is never read, and nothing that it names is fetched. A text that has declarations of its own in it is
refused whole.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.readers.byte_spans import BYTE_ORDER_MARK

_DECLARED: Final = re.compile(rb"""\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
#: UTF-16 is what a text was in before somebody converted it: none whose declaration can be read here is in it.
LEFT_OVER: Final = (
    *(b"utf-16", b"utf-16le", b"utf-16be", b"utf16", b"utf16le", b"utf16be", b"unicode"),
    *(b"ucs-2", b"ucs2", b"iso-10646-ucs-2", b"utf-32", b"utf32", b"ucs-4", b"iso-10646-ucs-4"),
)
#: What an encoding may be called; anything else is the file's own, and no part of a command.
_ENCODING_NAME: Final = re.compile(rb"[A-Za-z][A-Za-z0-9._-]*")
_ENCODINGS: Final = (b"utf-8", b"utf8", b"us-ascii", *LEFT_OVER)
#: A document type that only says by which names its declarations are known elsewhere.
DOCUMENT_TYPE: Final = rb"""<!DOCTYPE(?:[^\[<>"']|"[^"]{0,2000}"|'[^']{0,2000}'){0,2000}>"""
_PROLOG: Final = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|" + DOCUMENT_TYPE + rb")", re.DOTALL)
_OWN_DECLARATIONS: Final = re.compile(rb"\s*<!DOCTYPE[^\[>]*(?:\[.*?\]\s*>)?", re.DOTALL)
_NAMESPACES: Final = re.compile(rb"""\sxmlns(?::([\w.-]+))?\s*=\s*["']([^"']*)["']""")
#: A declaration of the encoding stands within so many bytes.
_LONGEST_DECLARATION: Final = 4096


def xml_prefix(head: bytes) -> bytes:
    """The head of a file from its first element on, without what may stand before that, and blanks."""
    start = _prolog_length(head)
    declarations = _OWN_DECLARATIONS.match(head, start)
    if declarations:
        start = _prolog_length(head, declarations.end())
    return head[start:].lstrip()


def refusal_of(text: bytes) -> str:
    """Why a text of XML is refused whole for what stands before its first element; "" for nothing."""
    declared = _DECLARED.match(text.removeprefix(BYTE_ORDER_MARK)[:_LONGEST_DECLARATION])
    if declared and declared[1].lower() not in _ENCODINGS:
        return not_in_utf_8("XML", declared[1])
    if _OWN_DECLARATIONS.match(text, _prolog_length(text)):
        return "XML with declarations in its document type, which are refused for the entities they may define"
    return ""


def namespace_of(tag: bytes, prefix: bytes | None) -> bytes:
    """The namespace that a tag declares for its own ``prefix``; empty where it declares none."""
    declared: dict[bytes, bytes] = dict(_NAMESPACES.findall(tag))
    return declared.get(prefix or b"", b"")


def not_in_utf_8(what: str, encoding: bytes) -> str:
    """Why XML that says it is in another encoding is refused, and the way out."""
    if not _ENCODING_NAME.fullmatch(encoding):
        return f"{what} in an encoding that is none: {encoding.decode(errors='replace')!r}"
    name = encoding.decode()
    return f"{what} in {name}: convert it (iconv -f {name} -t UTF-8), and take the encoding out of its first line"


def _prolog_length(text: bytes, position: int = 0) -> int:
    """Where byte order mark, declarations, comments and a document type without declarations of its own end."""
    position = position or len(BYTE_ORDER_MARK) * text.startswith(BYTE_ORDER_MARK)
    while match := _PROLOG.match(text, position):
        position = match.end()
    return position
