"""Texts as spans of bytes: what readers that work on whole columns ask of a text before and after they cut it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


def is_utf8(text: bytes | memoryview) -> bool:
    """Whether the bytes are UTF-8, without making a text of them."""
    bounds = pa.py_buffer(np.array([0, len(text)], np.int64))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, bounds, pa.py_buffer(text)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def not_utf8(data: bytes, starts: Positions, ends: Positions) -> Flags:
    """Which spans of a text are not UTF-8. They are looked at one by one only where the whole is not."""
    if is_utf8(data):
        return np.zeros(len(starts), bool)
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    return np.fromiter((not is_utf8(data[start:end]) for start, end in spans), bool, len(starts))


def cut_texts(data: bytes | Bytes, starts: Positions, ends: Positions, end: int) -> pa.StringArray:
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
