"""Runs of blanks in columns of texts, as Python's ``" ".join(text.split())`` sees them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import bytes_of

_SPACE: Final = ord(" ")
#: Blanks beyond ASCII begin with one of these.
_FIRST_OF_TWO: Final = np.uint8(0xC2)
_FIRST_OF_THREE, _LAST_OF_THREE = np.uint8(0xE1), np.uint8(0xE3)
_NOWHERE: Final = np.zeros(0, np.int64)


def folded(texts: pa.Array) -> pa.Array:
    """The texts with one space for each run of blanks, and none at their ends; none of them is null."""
    odd = _not_folded(texts)
    if not odd.any():
        return texts
    mended = [" ".join(text.split()) for text in texts.filter(pa.array(odd)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(odd), pa.array(mended, pa.string()))


def _not_folded(texts: pa.Array) -> npt.NDArray[np.bool_]:
    """Which of the texts hold blanks that have to be folded."""
    bounds, view = bytes_of(texts)
    odd = np.zeros(len(texts), bool)
    if not len(view):
        return odd
    starts, ends = bounds[:-1], bounds[1:]
    filled = ends > starts
    if filled.all():
        odd = (view[starts] <= _SPACE) | (view[ends - 1] <= _SPACE)
    else:
        odd[filled] = (view[starts[filled]] <= _SPACE) | (view[ends[filled] - 1] <= _SPACE)
    places = _beyond_ascii(view)
    if len(folds := _folds(view)):
        places = np.append(places, folds)
    odd[np.searchsorted(bounds, places, "right") - 1] = True
    return odd


def _folds(view: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Where blanks of ASCII are folded: where another stands before, and where it is no space.

    Control characters that are no blanks only cost a look.
    """
    if view.min() < _SPACE:
        blank = view <= _SPACE
        folds = blank[1:] & (blank[:-1] | (view[1:] != _SPACE))
    else:
        space = view == _SPACE
        folds = space[1:] & space[:-1]
    return np.flatnonzero(folds) + 1


def _beyond_ascii(view: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Where UTF-8 has blanks beyond ASCII: U+0085, U+00A0, U+1680, U+2000 to 200A, 2028, 2029, 202F, 205F, 3000."""
    if view.max() < _FIRST_OF_TWO:
        return _NOWHERE
    # What is below the first of three bytes becomes more than the last.
    places = np.flatnonzero((view == _FIRST_OF_TWO) | (view - _FIRST_OF_THREE <= _LAST_OF_THREE - _FIRST_OF_THREE))
    if not len(places):
        return places
    first, second, third = (view[np.minimum(places + after, len(view) - 1)] for after in range(3))
    general = (third <= 0x8A) | (third == 0xA8) | (third == 0xA9) | (third == 0xAF)
    found: npt.NDArray[np.int64] = places[
        ((first == 0xC2) & ((second == 0x85) | (second == 0xA0)))
        | ((first == 0xE1) & (second == 0x9A) & (third == 0x80))
        | ((first == 0xE2) & (((second == 0x80) & general) | ((second == 0x81) & (third == 0x9F))))
        | ((first == 0xE3) & (second == 0x80) & (third == 0x80))
    ]
    return found
