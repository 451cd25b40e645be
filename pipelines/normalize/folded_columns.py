"""VuFind's fold of whole columns: what :func:`pipelines.folding.fold` gives each text, at a fraction of the cost."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.folding import fold
from pipelines.normalize.byte_columns import DROPPED, Bytes, map_bytes

#: Latin letters with the marks that they may carry, and signs: there the rules come down to Unicode's own tables.
#: Not among them is the ohm sign, which is a Greek letter.
LATIN: Final = r"^[\x00-\x{36F}\x{1E00}-\x{1EFF}\x{2000}-\x{2125}\x{2127}-\x{22FF}\x{FE20}-\x{FE2F}]*$"

#: What Latin letters are once decomposed, but for a few such as ø: ASCII and marks.
MARKED_ASCII: Final = r"^[\x00-\x7F\x{300}-\x{36F}]*$"

_LETTERS_AND_DIGITS: Final = b"abcdefghijklmnopqrstuvwxyz0123456789"


def _folded_ascii(*, keep_others: bool) -> Bytes:
    """For :func:`map_bytes`: ASCII letters and digits in lower case, no other ASCII, and the bytes of other letters."""
    table = np.full(256, DROPPED, np.uint8)
    for byte in _LETTERS_AND_DIGITS:
        table[byte] = table[ord(chr(byte).upper())] = byte
    if keep_others:
        table[128:] = np.arange(128, 256)
    return table


_FOLDED_ASCII: Final = _folded_ascii(keep_others=False)
_FOLDED_ASCII_AND_OTHERS: Final = _folded_ascii(keep_others=True)

#: Names recur from one part of a dump to the next, and a name in Han costs ICU as much as twenty in Latin.
_remembered_fold: Final = lru_cache(maxsize=1 << 16)(fold)


def fold_column(texts: pa.Array) -> pa.Array:
    """:func:`fold` by the default rules of each text of a string column; null stays null."""
    if texts.null_count:
        folded = fold_column(pc.fill_null(texts, ""))
        return pc.if_else(pc.is_valid(texts), folded, pa.scalar(None, pa.string()))
    foreign = pc.invert(pc.string_is_ascii(texts))
    if not pc.any(foreign).as_py():
        return map_bytes(texts, _FOLDED_ASCII)
    return pc.replace_with_mask(map_bytes(texts, _FOLDED_ASCII), foreign, _fold_foreign(texts.filter(foreign)))


def _fold_foreign(texts: pa.Array) -> pa.Array:
    """Fold texts that are not all ASCII."""
    is_latin = pc.match_substring_regex(texts, LATIN)
    if pc.all(is_latin).as_py():
        return _fold_latin(texts)
    is_other = pc.invert(is_latin)
    others = pa.array([_remembered_fold(text) for text in texts.filter(is_other).to_pylist()], pa.string())
    latin = pc.replace_with_mask(texts, is_latin, _fold_latin(texts.filter(is_latin)))
    return pc.replace_with_mask(latin, is_other, others)


def _fold_latin(texts: pa.Array) -> pa.Array:
    decomposed = pc.utf8_normalize(texts, "NFD")
    is_more = pc.invert(pc.match_substring_regex(decomposed, MARKED_ASCII))
    folded = map_bytes(decomposed, _FOLDED_ASCII)
    if not pc.any(is_more).as_py():
        return folded
    lower = pc.utf8_lower(map_bytes(decomposed.filter(is_more), _FOLDED_ASCII_AND_OTHERS))
    letters = pc.replace_substring_regex(lower, r"[^\pL\pN]+", "")
    return pc.replace_with_mask(folded, is_more, pc.utf8_normalize(letters, "NFKC"))
