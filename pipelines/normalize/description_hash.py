"""The hash of a description, by which two records are seen to have one abstract."""

from __future__ import annotations

import string
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from pipelines.normalize.columns import as_mask

#: A description of fewer letters may be a phrase that many records have: "Includes bibliographical references".
FEWEST_LETTERS: Final = 100

_TAGS: Final = r"<[^<>]{1,40}>"
#: What databases put in front of an abstract.
_LABELS: Final = (b"abstract", b"summary")

_LOWER: Final = bytes.maketrans(string.ascii_uppercase.encode(), string.ascii_lowercase.encode())
_NO_LETTERS: Final = bytes(code for code in range(128) if not chr(code).isalnum())


def description_hashes(descriptions: pa.Array) -> pa.Array:
    """The signed 64-bit xxh3 of the letters and digits of each text, lower case; null below FEWEST_LETTERS of them.

    Marks, blanks, tags and a leading "Abstract" do not count: catalogues set one abstract in many ways.
    """
    hashes, known = np.zeros(len(descriptions), np.uint64), np.zeros(len(descriptions), bool)
    # In letters or in bytes: a text that is too short in bytes is too short.
    rows = np.flatnonzero(as_mask(pc.greater_equal(pc.binary_length(descriptions), FEWEST_LETTERS)))
    texts = _plain(descriptions.take(pa.array(rows)))
    for row, text in zip(rows.tolist(), texts.cast(pa.binary()).to_pylist(), strict=True):
        letters = text.translate(_LOWER, _NO_LETTERS)
        label = next((label for label in _LABELS if letters.startswith(label)), b"")
        letters = letters[len(label) :]
        if len(letters) >= FEWEST_LETTERS and (letters.isascii() or len(letters.decode()) >= FEWEST_LETTERS):
            hashes[row], known[row] = xxhash.xxh3_64_intdigest(letters), True
    return pa.array(hashes.view(np.int64), mask=~known)


def _plain(texts: pa.Array) -> pa.Array:
    """Texts without tags, those that are not ASCII in lower case and without the marks that are not."""
    tagged = as_mask(pc.match_substring(texts, "<"))
    if tagged.any():
        bare = pc.replace_substring_regex(texts.filter(pa.array(tagged)), _TAGS, " ")
        texts = pc.replace_with_mask(texts, pa.array(tagged), bare)
    foreign = as_mask(pc.invert(pc.string_is_ascii(texts)))
    if foreign.any():
        letters = pc.utf8_lower(pc.utf8_normalize(texts.filter(pa.array(foreign)), form="NFKC"))
        letters = pc.replace_substring_regex(letters, r"[^\p{L}\p{M}\p{N}]+", "")
        texts = pc.replace_with_mask(texts, pa.array(foreign), letters)
    return texts
