"""Runs of blanks in columns of texts, as Python's ``" ".join(text.split())`` sees them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

#: Bytes that are blanks; among others than a space each of them is folded.
_ASCII: Final = np.zeros(256, bool)
_ASCII[list(b"\t\n\v\f\r\x1c\x1d\x1e\x1f ")] = True
#: First bytes of the blanks beyond ASCII: U+0085 and U+00A0, U+1680, U+2000 to U+205F, U+3000.
_BEYOND: Final = b"\xc2\xe1\xe2\xe3"
_BLANKS_BEYOND: Final = "[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"


def folded(texts: pa.Array) -> pa.Array:
    """The texts with one space for each run of blanks, and none at their ends; none of them is null."""
    odd = _not_folded(texts)
    if not odd.any():
        return texts
    mended = [" ".join(text.split()) for text in texts.filter(pa.array(odd)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(odd), pa.array(mended, pa.string()))


def _not_folded(texts: pa.Array) -> npt.NDArray[np.bool_]:
    """Which of the texts hold blanks that have to be folded."""
    bounds, view = _bytes_of(texts)
    odd = np.zeros(len(texts), bool)
    if not len(view):
        return odd
    starts, ends = bounds[:-1], bounds[1:]
    filled = ends > starts
    blank = _ASCII[view]
    odd[filled] = blank[starts[filled]] | blank[ends[filled] - 1]
    # A blank is folded where another stands before it, and where it is no space.
    folds = blank[1:] & (blank[:-1] | (view[1:] != ord(" ")))
    places = np.flatnonzero(folds) + 1
    if len(places):
        text = np.searchsorted(bounds, places, "right") - 1
        within = (places > starts[text]) | (view[places] != ord(" "))
        odd[text[within]] = True
    if view.max() >= _BEYOND[0] and any((view == first).any() for first in _BEYOND):
        odd |= pc.match_substring_regex(texts, _BLANKS_BEYOND).to_numpy(zero_copy_only=False)
    return odd


def _bytes_of(texts: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Where the texts begin and end in their bytes, and these."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return np.zeros(len(texts) + 1, np.int64), np.zeros(0, np.uint8)
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    return bounds - bounds[0], np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]]
