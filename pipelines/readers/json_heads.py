"""How a file of JSON begins: whether with an array, and with which objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, Final

from pipelines.readers.byte_spans import BYTE_ORDER_MARK

#: Answers and documents may stand in an array, as ``jq -s .`` makes it, and arrays of documents in another.
ARRAY: Final = re.compile(rb"\s*\[")
#: What stands before the next object, in an array or not, and its first bracket.
_NEXT: Final = re.compile(r"(?:[\s,]|\[(?=\s*+[\[{])|\](?=\s*+[,\]]))*+\{")
#: One, or several where a server has answered "100 Continue" first, or a proxy.
HTTP_HEADER: Final = re.compile(rb"(?:HTTP/[0-9.]+ [0-9]{3}[^\n]*\n(?:[^\r\n:]+:[^\n]*\n)*\r?\n)+")
#: What stands between two objects of an array, and the first bracket of the second.
_BETWEEN: Final = re.compile(r"\}\s*+,\s*+\{")
_END: Final = re.compile(r"[\s,]*+(?:\]\s*+)*$")
_DECODER: Final = json.JSONDecoder()


def prefix_length(head: bytes) -> int:
    """Bytes of the byte order mark or the HTTP header before the JSON."""
    mark = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    header = HTTP_HEADER.match(head, mark)
    return header.end() if header else mark


def first_lines(head: bytes, most: int, *, is_whole: bool) -> list[bytes]:
    """The first lines that are not blank; the last of all only where the head ``is_whole``, or it may be cut off."""
    lines = head.split(b"\n")
    return [line for line in (lines if is_whole else lines[:-1]) if line.strip()][:most]


def objects_in_lines(lines: Iterable[bytes]) -> list[dict[str, Any]]:
    """The objects that stand whole in lines of their own, whatever stands in the others."""
    found: list[dict[str, Any]] = []
    for line in lines:
        if line.lstrip().startswith(b"{"):
            # A number of very many digits is no JSONDecodeError.
            with suppress(ValueError, RecursionError):
                found.append(json.loads(line))
    return found


def objects_behind_others(head: bytes, start: int, most: int) -> Iterator[dict[str, Any]]:
    """Objects that stand whole behind another one, which may be broken; those within objects are among them.

    So many places are looked at.
    """
    text = head[start:].decode(errors="replace")
    for between in islice(_BETWEEN.finditer(text), most):
        with suppress(ValueError, RecursionError):
            yield _DECODER.raw_decode(text, between.end() - 1)[0]


def begins_over_lines(head: bytes, start: int) -> bool:
    """Whether the first object goes over several lines."""
    text = head[start:].decode(errors="replace")
    begun = _NEXT.match(text)
    try:
        return begun is not None and "\n" in text[begun.end() : _DECODER.raw_decode(text, begun.end() - 1)[1]]
    except (ValueError, RecursionError):
        return False


class FirstObjects:
    """The objects that stand whole from ``start`` on, side by side or in an array, up to anything else, one by one.

    Once there is none, ``is_all`` says whether the text holds nothing else.
    """

    def __init__(self, head: bytes, start: int) -> None:
        array = ARRAY.match(head, start)
        self._text = head[array.end() if array else start :].decode(errors="replace")
        self.is_all = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        place = 0
        while begun := _NEXT.match(self._text, place):
            try:
                one, place = _DECODER.raw_decode(self._text, begun.end() - 1)
            except (ValueError, RecursionError):
                # A number of very many digits is no JSONDecodeError.
                return
            yield one
        self.is_all = _END.match(self._text, place) is not None
