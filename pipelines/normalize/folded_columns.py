"""VuFind's fold of whole columns: what :func:`pipelines.folding.fold` gives each text, at a fraction of the cost."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.folding import fold
from pipelines.normalize.byte_columns import DROPPED, Bytes, map_bytes

#: Latin letters with the marks that they may carry: there the rules come down to Unicode's own tables.
_LATIN: Final = r"^[\x00-\x{24F}\x{300}-\x{36F}]*$"

#: What Latin letters are once decomposed, but for a few such as ø: ASCII and marks.
_MARKED_ASCII: Final = r"^[\x00-\x7F\x{300}-\x{36F}]*$"

_LETTERS_AND_DIGITS: Final = b"abcdefghijklmnopqrstuvwxyz0123456789"


def _folded_ascii() -> Bytes:
    table = np.full(256, DROPPED, np.uint8)
    for byte in _LETTERS_AND_DIGITS:
        table[byte] = table[ord(chr(byte).upper())] = byte
    return table


_FOLDED_ASCII: Final = _folded_ascii()

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
    decomposed = pc.utf8_normalize(texts.filter(foreign), "NFD")
    is_marked = pc.match_substring_regex(decomposed, _MARKED_ASCII)
    folded = map_bytes(pc.replace_with_mask(texts, foreign, decomposed), _FOLDED_ASCII)
    if pc.all(is_marked).as_py():
        return folded
    rest = pc.replace_with_mask(foreign, foreign, pc.invert(is_marked))
    return pc.replace_with_mask(folded, rest, _fold_rest(texts.filter(rest)))


def _fold_rest(texts: pa.Array) -> pa.Array:
    """Fold texts with letters that are no ASCII even without their marks."""
    is_latin = pc.match_substring_regex(texts, _LATIN)
    latin = pc.utf8_lower(pc.utf8_normalize(texts.filter(is_latin), "NFD"))
    folded_latin = pc.utf8_normalize(pc.replace_substring_regex(latin, r"[^\pL\pN]+", ""), "NFKC")
    is_other = pc.invert(is_latin)
    others = pa.array([_remembered_fold(text) for text in texts.filter(is_other).to_pylist()], pa.string())
    return pc.replace_with_mask(pc.replace_with_mask(texts, is_latin, folded_latin), is_other, others)
