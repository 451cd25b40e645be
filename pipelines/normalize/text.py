"""Text made clean for storing, and folded for comparing names.

Cleaning changes what cannot be seen and nothing else; folding throws away whatever two spellings of
one name may differ in. Source of the character properties: the Unicode Character Database.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

#: Dropped wherever they stand: NUL (Postgres refuses it), the non-sorting marks of MARC and UNIMARC
#: (U+0088, U+0089, U+0098, U+009C), soft hyphen, zero-width space, word joiner and invisible operators,
#: byte order mark, and the marks that steer the direction of writing.
_INVISIBLE: Final = re.compile("[\x00\x88\x89\x98\x9c\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")

#: Joiners shape letters in Persian, Indic scripts and emoji; between anything else they are litter.
_STRAY_JOINER: Final = re.compile(
    "(?<![^\x00-\x7f\\s\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\\s\u200c\u200d])"
)

_BLANK: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")

#: Visible characters that composing (NFC) never touches, alone or beside each other, for RE2.
_PLAIN: Final = (
    "!-~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0373\u0375-\u0377\u037b-\u037d\u0384-\u0386\u0388-\u03ff\u0400-\u0482"
    "\u048a-\u052f\u05d0-\u05ea\u0621-\u064a\u2010-\u2027\u2030-\u205e\u3001-\u3029\u3041-\u3096\u30a1-\u30ff"
    "\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e"
)
#: Blanks and control characters that become one blank, for RE2.
_BLANKS: Final = (
    "\\x01-\\x20\\x7f-\\x{87}\\x{8a}-\\x{97}"
    "\\x{99}-\\x{9b}\\x{9d}-\\x{a0}\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
)
_CLEAN: Final = f"^[{_PLAIN}]+(?: [{_PLAIN}]+)*$"
_LOOSE: Final = f"^[{_PLAIN}{_BLANKS}]*$"


def clean_text(text: str | None) -> str | None:
    """``text`` composed (NFC), without invisible characters, each run of blanks one blank; None if nothing is left.

    Control characters count as blanks. Idempotent.
    """
    if not text:
        return None
    text = unicodedata.normalize("NFC", text)
    # What is printable is neither invisible, nor a joiner, nor any blank but a space.
    if text.isprintable() and "  " not in text:
        return text.strip(" ") or None
    text = _BLANK.sub(" ", _INVISIBLE.sub("", text)).strip(" ")
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", text)).strip(" ") or None


def clean_texts(column: Any) -> Any:
    """:func:`clean_text` of each text of a string ``pa.Array`` or ``pa.ChunkedArray``; null stays null.

    What is clean already passes through, loose blanks are closed up in columns, and only the distinct
    texts of the rest are cleaned one by one.
    """
    if isinstance(column, pa.ChunkedArray):
        return pa.chunked_array([clean_texts(chunk) for chunk in column.chunks], pa.string())
    dirty = pc.invert(pc.match_substring_regex(column, _CLEAN))
    if not pc.any(dirty).as_py():
        return column
    rest = column.filter(dirty).dictionary_encode()
    cleaned = _clean_distinct(rest.dictionary).take(rest.indices)
    return pc.replace_with_mask(column, pc.fill_null(dirty, False), cleaned)


def _clean_distinct(texts: pa.Array) -> pa.Array:
    """Clean the texts of an array: loose blanks in columns, the rest in Python."""
    closed = pc.utf8_trim(pc.replace_substring_regex(texts, f"[{_BLANKS}]+", " "), " ")
    closed = pc.if_else(pc.equal(closed, ""), pa.scalar(None, pa.string()), closed)
    odd = pc.invert(pc.match_substring_regex(texts, _LOOSE))
    if not pc.any(odd).as_py():
        return closed
    cleaned = pa.array([clean_text(text) for text in texts.filter(odd).to_pylist()], pa.string())
    return pc.replace_with_mask(closed, odd, cleaned)


def clean_lists(column: Any) -> Any:
    """Clean the texts of a ``list<string>`` column; drop empty ones and exact repeats, keeping the order.

    A list with nothing left is null. Takes and returns ``pa.Array`` or ``pa.ChunkedArray``.
    """
    if isinstance(column, pa.ChunkedArray):
        return pa.chunked_array([clean_lists(chunk) for chunk in column.chunks], pa.list_(pa.string()))
    rows = len(column)
    parents = np.repeat(np.arange(rows), pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False))
    values = clean_texts(column.flatten())
    kept = pc.is_valid(values).to_numpy(zero_copy_only=False)
    codes = pc.fill_null(values.dictionary_encode().indices, 0).to_numpy(zero_copy_only=False).astype(np.int64)
    # A repeat is the same value in the same list; the number of values bounds every code.
    kept &= ~pd.Series(parents * max(len(values), 1) + codes).where(kept, -1).duplicated().to_numpy()
    counts = np.bincount(parents[kept], minlength=rows)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    kept_values = values if kept.all() else values.filter(pa.array(kept))
    return pa.ListArray.from_arrays(pa.array(offsets), kept_values, mask=pa.array(counts == 0))


#: Latin letters that decomposing (NFKD) leaves whole, after casefolding.
_LATIN_LETTERS: Final = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t",
        "ŋ": "n", "ĸ": "k", "ƀ": "b", "ɓ": "b", "ɖ": "d", "ɗ": "d", "ɛ": "e", "ƒ": "f", "ɠ": "g", "ɨ": "i",
        "ƙ": "k", "ƚ": "l", "ɲ": "n", "ƞ": "n", "ɔ": "o", "ɵ": "o", "ƥ": "p", "ƭ": "t", "ʉ": "u", "ʋ": "v",
        "ƴ": "y", "ƶ": "z",
    }
)  # fmt: skip


def fold_name(text: str) -> str:
    """The letters and digits of ``text`` in which spellings of a name agree: no case, no accents, no blanks.

    Keeps letters of any script. Marks that are accents are dropped, marks that are vowels, and the
    voicing of kana, are kept: without them different names would meet. Idempotent; composed (NFC).
    """
    if not text.isascii():
        return _fold_foreign(text)
    return (text if text.isalnum() else "".join(filter(str.isalnum, text))).lower()


@lru_cache(maxsize=16384)
def _fold_foreign(text: str) -> str:
    """:func:`fold_name` of a text that is not ASCII, remembered: names are made of the same words."""
    bare = _without_accents(unicodedata.normalize("NFKD", text)).casefold().translate(_LATIN_LETTERS)
    bare = _without_accents(unicodedata.normalize("NFKD", bare))
    if not bare.isalnum() or _NO_PART_OF_NAME.search(bare):
        bare = "".join(filter(_is_part_of_name, bare))
    return unicodedata.normalize("NFC", bare)


def _without_accents(decomposed: str) -> str:
    # Letters and digits are no accents.
    if decomposed.isalnum():
        return decomposed
    return "".join(character for character in decomposed if not _is_accent(character))


@lru_cache(maxsize=65536)
def _is_accent(character: str) -> bool:
    """Whether the mark only qualifies a letter, by its combining class.

    1 is overlays, 10-36 Hebrew points and Arabic vowel signs, 200-240 marks around a letter; 7 (nukta),
    8 (kana voicing), 9 (virama) and 84-132 (vowels of Telugu, Thai, Lao, Tibetan) spell the name.
    """
    combining_class = unicodedata.combining(character)
    return combining_class == 1 or 10 <= combining_class <= 36 or combining_class >= 200


#: The modifier letters that stand for an apostrophe (ʹ ʻ ʼ) and others like them, joiners and variation selectors.
_NO_PART_OF_NAME: Final = re.compile("[\u02b9-\u02ff\u034f\u0640\ufe00-\ufe0f]")


@lru_cache(maxsize=65536)
def _is_part_of_name(character: str) -> bool:
    """Letters, digits and vowel signs, but not what is _NO_PART_OF_NAME."""
    if _NO_PART_OF_NAME.match(character):
        return False
    return character.isalnum() or unicodedata.category(character) in {"Mn", "Mc"}
