"""References in the texts of an XML document as the characters that they stand for, in a whole column at once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Bytes, Flags, Positions, bytes_of, spans_as_texts

_REFERENCE: Final = re.compile("&(?:(amp|lt|gt|quot|apos)|#0*([0-9]{1,7})|#x0*([0-9a-fA-F]{1,6}));")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
#: A longer reference is one that nobody writes.
_LONGEST: Final = 12
#: So many bytes has a character in UTF-8, and no fewer has a reference.
_WIDEST: Final = 4


def resolved(texts: pa.Array) -> tuple[pa.Array, Flags]:
    """The texts with what their references stand for, and which of them have one that XML alone does not know.

    Those stay as they are.
    """
    odd = np.zeros(len(texts), bool)
    offsets, data = bytes_of(texts)
    starts = np.flatnonzero(data == ord("&"))
    if not len(starts):
        return texts, odd
    semicolons = np.flatnonzero(data == ord(";")) + 1
    ends = np.append(semicolons, len(data) + _LONGEST)[np.searchsorted(semicolons, starts, "right")]
    text = np.searchsorted(offsets, starts, "right") - 1
    whole = (ends - starts <= _LONGEST) & (ends <= np.minimum(offsets[text + 1], np.append(starts[1:], len(data))))
    odd[text[~whole]] = True
    starts, ends, text = starts[whole], ends[whole], text[whole]
    numbers, widths, signs = _signs(data, starts, ends)
    known = widths[numbers] > 0
    odd[text[~known]] = True
    starts, ends, numbers = starts[known], ends[known], numbers[known]
    changed, kept = data.copy(), np.ones(len(data), bool)
    widths, text = widths[numbers], text[known]
    for place in range(_WIDEST):
        within = widths > place
        changed[starts[within] + place] = signs[numbers[within], place]
    removed = ends - starts - widths
    dropped = np.repeat(ends - np.cumsum(removed), removed) + np.arange(removed.sum())
    kept[dropped] = False
    bounds = offsets - np.append(0, np.cumsum(np.bincount(text, removed, len(texts)).astype(np.int64)))
    return pa.StringArray.from_buffers(
        len(texts), pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(changed[kept])
    ), odd


def odd_references(data: bytes, starts: Positions) -> Positions:
    """Which of the ampersands of a text, at these places, begin no reference that XML alone knows."""
    ends = (data[start : start + _LONGEST].partition(b";") for start in starts.tolist())
    known = (bool(semicolon and _sign(b"%b;" % reference)) for reference, semicolon, _ in ends)
    odd: Positions = starts[~np.fromiter(known, bool, len(starts))]
    return odd


def _signs(data: Bytes, starts: Positions, ends: Positions) -> tuple[Positions, Positions, Bytes]:
    """For each reference the number of its kind; for each kind how many bytes it stands for, 0 for none, and these."""
    # There are few kinds, and a column that is cut knows them many times faster than one that is sorted.
    kinds = spans_as_texts(data, starts, ends).dictionary_encode()
    found = [_sign(kind.encode()) for kind in kinds.dictionary.to_pylist()]
    signs = np.frombuffer(b"".join(sign.ljust(_WIDEST) for sign in found), np.uint8).reshape(-1, _WIDEST)
    return kinds.indices.to_numpy().astype(np.int64), np.array([len(sign) for sign in found], np.int64), signs


@lru_cache(maxsize=16_384)
def _sign(reference: bytes) -> bytes:
    """The character that a reference stands for, in UTF-8; nothing where it is none that XML itself has."""
    match = _REFERENCE.fullmatch(reference.decode(errors="replace"))
    if not match:
        return b""
    name, decimal, hexadecimal = match.groups()
    if name:
        return _ENTITIES[name].encode()
    number = int(decimal) if decimal else int(hexadecimal, 16)
    is_character = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xDFFF < number < 0xFFFE
    return chr(number).encode() if is_character or 0x10000 <= number <= 0x10FFFF else b""
