"""Texts as spans of bytes: what readers that work on whole columns ask of a text before and after they cut it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]
#: Positions in a text of less than 2 GiB.
Places = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

#: What some programs write before the text of a file; files that were put together have it within.
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

#: So many bytes of a text are compared at once: the answers for more would be fresh memory each time, which costs more
#: than comparing.
_BLOCK: Final = 1 << 18
#: Where a byte stands so often in a block, as newlines do where lines are long, it is found faster one by one.
_FEW: Final = _BLOCK >> 10

_BLANK: Final = np.isin(np.arange(256), list(b" \t\n\r\f\v"))


def is_utf8(text: bytes | memoryview) -> bool:
    """Whether the bytes are UTF-8, without making a text of them."""
    bounds = pa.py_buffer(np.array([0, len(text)], np.int64))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, bounds, pa.py_buffer(text)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def count_byte(data: bytes | memoryview, byte: bytes) -> int:
    """How often a byte stands in a long text: ``bytes.count`` takes ten times as long."""
    view = np.frombuffer(data, np.uint8)
    return sum(int(np.count_nonzero(view[at : at + _BLOCK] == byte[0])) for at in range(0, len(view), _BLOCK))


def find_byte(data: bytes | Bytes, byte: bytes) -> Positions:
    """Where a byte stands in a text."""
    return _found(data, byte, np.dtype(np.int64))


def find_byte_in_chunk(data: bytes | Bytes, byte: bytes) -> Places:
    """:func:`find_byte` in half of the memory, in a text of less than 2 GiB."""
    return _found(data, byte, np.dtype(np.int32))


def _found(data: bytes | Bytes, byte: bytes, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    view = np.frombuffer(data, np.uint8)
    found: list[npt.NDArray[Any]] = []
    for at in range(0, len(view), _BLOCK):
        few = None
        if isinstance(data, bytes) and found and len(found[-1]) <= _FEW:
            few = _one_by_one(data, byte, at)
        if few is None:
            found.append(np.flatnonzero(view[at : at + _BLOCK] == byte[0]).astype(kind) + kind.type(at))
        else:
            found.append(np.array(few, kind))
    return np.concatenate(found) if found else np.zeros(0, kind)


def _one_by_one(data: bytes, byte: bytes, at: int) -> list[int] | None:
    """Where a byte stands in a block of a text; None where it does so more often than is worth it."""
    places: list[int] = []
    place = data.find(byte, at, at + _BLOCK)
    while place >= 0 and len(places) <= _FEW:
        places.append(place)
        place = data.find(byte, place + 1, at + _BLOCK)
    return places if place < 0 else None


def not_utf8(data: bytes, starts: Positions, ends: Positions) -> Flags:
    """Which spans of a text are not UTF-8. They are looked at one by one only where the whole is not."""
    if is_utf8(data):
        return np.zeros(len(starts), bool)
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    return np.fromiter((not is_utf8(data[start:end]) for start, end in spans), bool, len(starts))


def are_filled(data: bytes, starts: Positions, ends: Positions) -> Flags:
    """In which spans of a text there is more than blanks of ASCII."""
    lengths = ends - starts
    found: Flags = lengths > 1
    # As a rule there is one newline.
    single = np.flatnonzero(lengths == 1)
    found[single] = ~_BLANK[np.frombuffer(data, np.uint8)[starts[single]]]
    spans = zip(starts[found].tolist(), ends[found].tolist(), strict=True)
    found[found] = [bool(data[start:end].strip()) for start, end in spans]
    return found


def filled_spans(data: bytes, starts: Positions, ends: Positions) -> list[tuple[int, int]]:
    """The spans of a text in which there is more than blanks of ASCII."""
    filled = are_filled(data, starts, ends)
    return list(zip(starts[filled].tolist(), ends[filled].tolist(), strict=True))


def cut_texts(data: bytes | Bytes, starts: Positions | Places, ends: Positions | Places, end: int) -> pa.StringArray:
    """A text in UTF-8, cut at spans that go up and do not overlap: each span, and what stands behind it up to the next.

    Behind the last one that is what stands up to ``end``. Nothing is copied.
    """
    bounds = np.empty(2 * len(starts) + 1, np.int32)
    bounds[:-1:2], bounds[1::2], bounds[-1] = starts, ends, end
    return pa.StringArray.from_buffers(2 * len(starts), pa.py_buffer(bounds), pa.py_buffer(data))


def spans_as_texts(data: bytes | Bytes, starts: Positions, ends: Positions) -> pa.Array:
    """What stands in such spans."""
    both = cut_texts(data, starts, ends, ends[-1] if len(ends) else 0)
    return both.take(pa.array(np.arange(0, 2 * len(starts), 2)))


def bytes_of(texts: pa.Array) -> tuple[Positions, Bytes]:
    """Where the texts begin and end in their bytes, and these."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return np.zeros(len(texts) + 1, np.int64), np.zeros(0, np.uint8)
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    return bounds - bounds[0], np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]]
