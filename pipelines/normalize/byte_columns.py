"""String columns changed byte by byte: all texts at once, in the buffer that holds them.

An Arrow string array is one run of UTF-8 bytes and the offsets at which texts begin; a rule that maps or
drops single ASCII bytes needs no text of its own.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

#: In the table of :func:`map_bytes`, what drops a byte.
DROPPED: Final = 0

#: Bytes, on average, of texts that :func:`text_hashes` hashes where they are.
_LONG: Final = 512

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int32]


def bytes_and_offsets(texts: pa.Array) -> tuple[Bytes, Offsets]:
    """The bytes of a string (or binary) array and the offset of each text in them, one more than there are texts.

    A null has no bytes, or bytes that mean nothing. Nothing is copied.
    """
    _, offsets, data = texts.buffers()
    if not len(texts):
        return np.empty(0, np.uint8), np.zeros(1, np.int32)
    starts = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8), starts


def map_bytes(texts: pa.Array, table: Bytes, *, close_blanks: bool = False) -> pa.Array:
    """Each byte of a string array without nulls replaced by what ``table`` (256 bytes) has for it, or DROPPED.

    With ``close_blanks`` a run of blanks is one blank after that, and none at the ends of a text.
    """
    data, offsets = bytes_and_offsets(texts)
    mapped = table[data[offsets[0] : offsets[-1]]]
    offsets = offsets - offsets[0]
    kept = mapped != DROPPED
    if not kept.all():
        mapped, offsets = mapped[kept], _moved(offsets, kept)
    if close_blanks and len(mapped):
        blank = mapped == ord(" ")
        # A blank stays if a letter of the same text is right before it and any after it.
        kept = ~blank
        kept[1:] |= blank[1:] & ~blank[:-1]
        starts, ends = offsets[:-1], offsets[1:]
        filled = ends > starts
        kept[starts[filled]] = ~blank[starts[filled]]
        mapped, offsets = mapped[kept], _moved(offsets, kept)
        filled = offsets[1:] > offsets[:-1]
        last = offsets[1:][filled] - 1
        trailing = last[mapped[last] == ord(" ")]
        if len(trailing):
            kept = np.ones(len(mapped), bool)
            kept[trailing] = False
            mapped, offsets = mapped[kept], _moved(offsets, kept)
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(mapped))


def _moved(offsets: Offsets, kept: npt.NDArray[np.bool_]) -> Offsets:
    """``offsets`` after only the ``kept`` bytes are left."""
    counts = np.zeros(len(kept) + 1, np.int32)
    np.cumsum(kept, out=counts[1:], dtype=np.int32)
    moved: Offsets = counts[offsets]
    return moved


def text_hashes(texts: pa.Array) -> npt.NDArray[np.int64]:
    """:func:`pipelines.stable_ids.stable_ids` of a string array without nulls."""
    data, offsets = bytes_and_offsets(texts)
    if offsets[-1] - offsets[0] > _LONG * len(texts):
        view, bounds = data.data, offsets.tolist()
        digests = [xxhash.xxh3_64_intdigest(view[start:end]) for start, end in pairwise(bounds)]
        return np.array(digests, np.uint64).view(np.int64)
    # A copy of a short text costs less than a slice of the buffer.
    copies = texts.cast(pa.binary()).to_numpy(zero_copy_only=False)
    return np.fromiter(map(xxhash.xxh3_64_intdigest, copies), np.uint64, len(texts)).view(np.int64)
