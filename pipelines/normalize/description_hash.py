"""The hash of a description, by which two records are seen to have one abstract."""

from __future__ import annotations

import string
from collections.abc import Iterable, Set
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from pipelines.normalize.byte_columns import bytes_and_offsets
from pipelines.normalize.columns import as_mask

#: A description of fewer letters may be a phrase that many records have: "Includes bibliographical references".
FEWEST_LETTERS: Final = 100

_TAGS: Final = r"<[^<>]{1,40}>"
#: What databases put in front of an abstract.
_LABELS: Final = (b"abstract", b"summary")

_LOWER: Final = bytes.maketrans(string.ascii_uppercase.encode(), string.ascii_lowercase.encode())
_NO_LETTERS: Final = bytes(code for code in range(128) if not chr(code).isalnum())
_ASCII: Final = bytes(range(128))
#: What may compose with the character before it (NFKC): marks, and the Hangul vowels and final consonants.
_COMPOSING: Final = r"^[\p{M}\x{1160}-\x{11FF}]"


def description_hashes(descriptions: pa.Array) -> pa.Array:
    """The signed 64-bit xxh3 of the letters and digits of each text, lower case; null below FEWEST_LETTERS of them.

    Marks, blanks, tags and a leading "Abstract" do not count: catalogues set one abstract in many ways.
    """
    hashes, known = np.zeros(len(descriptions), np.uint64), np.zeros(len(descriptions), bool)
    # In letters or in bytes: a text that is too short in bytes is too short.
    is_long = pc.fill_null(pc.greater_equal(pc.binary_length(descriptions), FEWEST_LETTERS), False)
    texts = _without_tags(descriptions.filter(is_long))
    for row, text in zip(np.flatnonzero(as_mask(is_long)).tolist(), letters_of(texts), strict=True):
        letters = _without_label(text)
        if len(letters) >= FEWEST_LETTERS and (letters.isascii() or len(letters.decode()) >= FEWEST_LETTERS):
            hashes[row], known[row] = xxhash.xxh3_64_intdigest(letters), True
    return pa.array(hashes.view(np.int64), mask=~known)


def _without_label(letters: bytes) -> bytes:
    for label in _LABELS:
        if letters.startswith(label):
            return letters[len(label) :]
    return letters


def _without_tags(texts: pa.Array) -> pa.Array:
    data, offsets = bytes_and_offsets(texts)
    places = np.flatnonzero(data[offsets[0] : offsets[-1]] == ord("<")) + offsets[0]
    if not len(places):
        return texts
    tagged = np.zeros(len(texts), bool)
    tagged[np.searchsorted(offsets, places, side="right") - 1] = True
    bare = pc.replace_substring_regex(texts.filter(pa.array(tagged)), _TAGS, " ")
    return pc.replace_with_mask(texts, pa.array(tagged), bare)


def letters_of(texts: pa.Array) -> list[bytes]:
    """The letters, marks and digits of each text of a string array without nulls: NFKC, in lower case, in UTF-8.

    Folded is each distinct character of the texts once, which is what folding them would give where no character
    composes with the one before it; texts in which one may are composed before.
    """
    written: list[bytes] = texts.cast(pa.binary()).to_pylist()
    foreign = [b"" if text.isascii() else text.translate(None, _ASCII) for text in written]
    characters = _characters(foreign)
    composing = _composing(characters)
    if composing:
        rows = [row for row, others in enumerate(foreign) if others and not composing.isdisjoint(others.decode())]
        composed = pc.utf8_normalize(texts.take(pa.array(rows)), form="NFKC").cast(pa.binary()).to_pylist()
        for row, text in zip(rows, composed, strict=True):
            written[row], foreign[row] = text, text.translate(None, _ASCII)
        characters = _characters(foreign)
    folded = _folded(characters)
    return [
        (_replaced(text, others.decode(), folded) if others else text).translate(_LOWER, _NO_LETTERS)
        for text, others in zip(written, foreign, strict=True)
    ]


def _replaced(text: bytes, others: str, folded: dict[str, bytes]) -> bytes:
    """A text with what its ``others``, the characters that are not ASCII, become."""
    for character in folded.keys() & set(others):
        text = text.replace(character.encode(), folded[character])
    return text


def _characters(texts: Iterable[bytes]) -> set[str]:
    return set(b"".join(texts).decode())


def _composing(characters: Set[str]) -> frozenset[str]:
    """Which characters begin, once decomposed and composed (NFKC), with what may compose with one before it."""
    column = pa.array(sorted(characters), pa.string())
    hit = pc.match_substring_regex(pc.utf8_normalize(column, form="NFKC"), _COMPOSING)
    return frozenset(column.filter(hit).to_pylist())


def _folded(characters: Set[str]) -> dict[str, bytes]:
    """What each character becomes, of those that change: lower case, or nothing where it is no letter, mark or digit.

    What one becomes does not change again, so that texts may be changed character by character, in any order.
    """
    column = pa.array(sorted(characters), pa.string())
    letters = pc.utf8_lower(pc.utf8_normalize(column, form="NFKC"))
    letters = pc.replace_substring_regex(letters, r"[^\p{L}\p{M}\p{N}]+", "")
    changed = pc.not_equal(letters, column)
    after = letters.filter(changed).cast(pa.binary()).to_pylist()
    return dict(zip(column.filter(changed).to_pylist(), after, strict=True))
