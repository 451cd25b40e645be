"""The strings of a text of JSON, found in columns: where each begins and ends, and what its escapes stand for."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from pipelines.readers.byte_spans import Bytes, Places, count_byte, find_byte_in_chunk
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.json_forms import NotPlainError, short_forms

if IS_COMPILED:
    from pipelines.readers._json_strings import cut_strings

#: Offsets of arrow's texts are of 32 bits.
_LONGEST_TEXT: Final = (1 << 31) - 16
_SPACE: Final = ord(" ")
#: So many bytes are compared at once.
_BLOCK: Final = 1 << 18


class Strings(NamedTuple):
    """Where strings begin and end, without their quotes; of which form what stands behind each is
    (:mod:`pipelines.readers.json_forms`), -1 where that is not known; and the numbers of those with escapes in them.
    """

    opened: Places
    closed: Places
    forms: npt.NDArray[np.int8]
    escaped: Places


def strings_of(text: bytes, line_count: int) -> Strings:
    """The strings of JSON lines. Raises :class:`NotPlainError` where they are not to be told, or there are none."""
    if len(text) > _LONGEST_TEXT:
        raise NotPlainError("longer than the offsets of arrow")
    return _found(text) if IS_COMPILED else _in_columns(text, line_count)


def _found(text: bytes) -> Strings:
    """By compiled code (``_json_strings.c``)."""
    found = cut_strings(text)
    if found is None:
        raise NotPlainError("a string without an end, or with control characters")
    opened, closed, forms, escaped = found
    opened, closed, escaped = (np.frombuffer(one, np.int32) for one in (opened, closed, escaped))
    if not len(opened):
        raise NotPlainError("no string")
    return Strings(opened, closed, np.frombuffer(forms, np.int8).copy(), escaped)


def _in_columns(text: bytes, line_count: int) -> Strings:
    view = np.frombuffer(text, np.uint8)
    _refuse_control_characters(text, view, line_count)
    quotes, backslashes = _quotes(text, view)
    if not len(quotes) or len(quotes) % 2:
        raise NotPlainError("a string without an end")
    opened, closed = quotes[::2] + np.int32(1), np.ascontiguousarray(quotes[1::2])
    escaped = np.zeros(0, np.int32)
    if backslashes is not None:
        escaped = np.unique(np.searchsorted(opened, backslashes, "right") - 1).astype(np.int32)
    return Strings(opened, closed, short_forms(view, opened, closed), escaped)


def _refuse_control_characters(text: bytes, view: Bytes, line_count: int) -> None:
    """They may stand in no string, and between strings only as the ends of lines."""
    low = sum(int(np.count_nonzero(view[at : at + _BLOCK] < _SPACE)) for at in range(0, len(view), _BLOCK))
    # There are as many newlines at least.
    if low == line_count - (not text.endswith(b"\n")):
        return
    if low != count_byte(text, b"\n") + text.count(b"\r\n") + text.endswith(b"\r"):
        raise NotPlainError("control characters")


def _quotes(text: bytes, view: Bytes) -> tuple[Places, Places | None]:
    """Where strings begin and end, and where backslashes are, if there are any."""
    quotes = find_byte_in_chunk(text, b'"')
    if b"\\" not in text:
        return quotes, None
    backslashes = find_byte_in_chunk(text, b"\\")
    # A quote is escaped by an odd number of backslashes before it.
    begins = np.flatnonzero(np.diff(backslashes, prepend=-2) != 1)
    lengths = np.diff(np.append(begins, len(backslashes)))
    behind = backslashes[begins] + lengths
    odd = np.zeros(len(view) + 1, bool)
    odd[behind[lengths % 2 == 1]] = True
    return quotes[~odd[quotes]], backslashes


def unescaped(text: bytes, opened: Places, closed: Places, escaped: Places) -> tuple[bytes, Places]:
    """The text with the escapes of these strings resolved, which never makes one longer, and where each string ends
    now. Each is written where it stood.
    """
    spans = list(zip(opened[escaped].tolist(), closed[escaped].tolist(), strict=True))
    try:
        values = orjson.loads(b'["' + b'","'.join([text[start:end] for start, end in spans]) + b'"]')
    except orjson.JSONDecodeError as error:
        raise NotPlainError(str(error)) from error
    if len(values) != len(spans):
        raise NotPlainError("an escape that is none")
    data, ends = bytearray(text), closed.copy()
    for index, (start, _), value in zip(escaped.tolist(), spans, values, strict=True):
        written = value.encode()
        ends[index] = start + len(written)
        data[start : start + len(written)] = written
    return bytes(data), ends
