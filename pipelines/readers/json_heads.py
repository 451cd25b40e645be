"""How a file of JSON begins: whether with an array, and with which objects."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pipelines.readers.byte_spans import BYTE_ORDER_MARK

#: Answers and documents may stand in an array, as ``jq -s .`` makes it.
ARRAY: Final = re.compile(rb"\s*\[")
#: What stands before the next object, in an array or not, and its first bracket.
_NEXT: Final = re.compile(r"[\s,]*+\{")
#: One, or several where a server has answered "100 Continue" first, or a proxy.
HTTP_HEADER: Final = re.compile(rb"(?:HTTP/[0-9.]+ [0-9]{3}[^\n]*\n(?:[^\r\n:]+:[^\n]*\n)*\r?\n)+")
_END: Final = re.compile(r"[\s,]*+(?:\]\s*+)?$")
_DECODER: Final = json.JSONDecoder()


def prefix_length(head: bytes) -> int:
    """Bytes of the byte order mark or the HTTP header before the JSON."""
    mark = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    header = HTTP_HEADER.match(head, mark)
    return header.end() if header else mark


def first_objects(head: bytes, start: int, most: int) -> tuple[list[dict[str, Any]], bool]:
    """The objects that stand whole from ``start`` on, side by side or in an array, up to anything else.

    Says as well whether these are all that the text holds.
    """
    array = ARRAY.match(head, start)
    text = head[array.end() if array else start :].decode(errors="replace")
    found: list[dict[str, Any]] = []
    place = 0
    while len(found) < most and (begun := _NEXT.match(text, place)):
        try:
            one, place = _DECODER.raw_decode(text, begun.end() - 1)
        except (ValueError, RecursionError):
            # A number of very many digits is no JSONDecodeError.
            return found, False
        found.append(one)
    return found, _END.match(text, place) is not None
