"""Texts of many documents as columns: lists of them of each document, and one of each, "" where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags, Positions, bytes_of
from pipelines.readers.value_columns import IS_TEXT, Column, Values
from pipelines.records import TEXT, TEXTS
from pipelines.runs import run_starts

_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts in the order of the objects that they are of: the number of that object for each, of ``count`` in all."""

    texts: pa.Array
    owner: Positions
    count: int

    def __len__(self) -> int:
        return len(self.texts)

    def at(self, wanted: Flags) -> Texts:
        """Some of the texts."""
        return self if wanted.all() else Texts(self.texts.filter(pa.array(wanted)), self.owner[wanted], self.count)

    def filled(self) -> Texts:
        """Those that are not empty."""
        return self if not len(self) else self.at(is_filled(self.texts))

    def first(self) -> pa.Array:
        """The first text of each object that is not empty; "" where there is none."""
        if not len(self):
            return pa.repeat(pa.scalar("", TEXT), self.count)
        filled = self.filled()
        if len(filled) == self.count and (np.diff(filled.owner) == 1).all():
            return filled.texts
        first = run_starts(filled.owner)
        places = np.full(self.count, -1, np.int64)
        places[filled.owner[first]] = first
        return pc.fill_null(filled.texts.take(pa.array(places, mask=places < 0)), "")

    def distinct(self) -> Texts:
        """Those that are not empty, each once an object."""
        filled = self.filled()
        if (filled.owner[1:] != filled.owner[:-1]).all():
            return filled
        encoded = filled.texts.dictionary_encode()
        pairs = filled.owner * len(encoded.dictionary) + encoded.indices.to_numpy()
        # As a rule there is nothing to leave out, and sorting alone tells that faster.
        ordered = np.sort(pairs, kind="stable")
        if (ordered[1:] != ordered[:-1]).all():
            return filled
        _, first = np.unique(pairs, return_index=True)
        wanted = np.zeros(len(filled), bool)
        wanted[first] = True
        return filled.at(wanted)

    def joined(self, sign: str) -> pa.Array:
        """The texts of each object with ``sign`` between them; "" where there is none."""
        offsets = np.searchsorted(self.owner, np.arange(self.count + 1))
        return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), self.texts), sign)

    def has(self) -> Flags:
        """Which of the objects have a text."""
        found = np.zeros(self.count, bool)
        found[self.owner] = True
        return found

    def column(self, field: str, kind: int = IS_TEXT) -> Column:
        """The texts as values of a field that is a list."""
        return Column(field, Values.alike(self.texts, self.owner, listed=True, kind=kind), _NONE)


def is_filled(texts: pa.Array) -> Flags:
    """Which of the texts are not empty."""
    filled: Flags = np.diff(bytes_of(texts)[0]) > 0
    return filled


def holding(texts: pa.Array, signs: str) -> Flags:
    """Which of the texts hold one of some signs, each of them of ASCII."""
    bounds, data = bytes_of(texts)
    found = np.zeros(len(texts), bool)
    for sign in signs.encode():
        # Looking for one sign in all texts is many times faster than in each of them.
        found[np.searchsorted(bounds, np.flatnonzero(data == sign), "right") - 1] = True
    return found


def either(*columns: pa.Array) -> pa.Array:
    """The first text of each row that is not empty; "" where all are."""
    found = columns[0]
    for column in columns[1:]:
        if is_filled(found).all():
            break
        found = pc.if_else(pc.equal(found, ""), column, found)
    return found


def both(before: pa.Array, after: pa.Array, sign: str) -> pa.Array:
    """Two texts as one, with ``sign`` between them where neither is empty."""
    if not is_filled(after).any():
        return before
    if not is_filled(before).any():
        return after
    between = pc.if_else(pc.or_(pc.equal(before, ""), pc.equal(after, "")), "", sign)
    return pc.binary_join_element_wise(before, between, after, "")


def mapped(texts: pa.Array, rule: Callable[[str], str]) -> pa.Array:
    """What a rule makes of each text; of those that are equal it is asked once."""
    encoded = texts.dictionary_encode()
    return pa.array([rule(one) for one in encoded.dictionary.to_pylist()], TEXT).take(encoded.indices)


def mended(texts: pa.Array, odd: pa.Array, written: pa.Array, rule: Callable[[str], str]) -> pa.Array:
    """The texts, but for those that are ``odd`` what a rule makes of what is ``written``."""
    if not odd.true_count:
        return texts
    return pc.replace_with_mask(texts, odd, mapped(written.filter(odd), rule))


def mapped_lists(texts: Texts, rule: Callable[[str], Sequence[str]]) -> Texts:
    """What a rule makes of each text, one list behind the other; of texts that are equal it is asked once."""
    encoded = texts.texts.dictionary_encode()
    found = pa.array([rule(one) for one in encoded.dictionary.to_pylist()], TEXTS).take(encoded.indices)
    return Texts(found.flatten(), np.repeat(texts.owner, pc.list_value_length(found).to_numpy()), texts.count)


def lists(column: pa.Array) -> Texts:
    """A list for each row: its text, or none where it is empty."""
    return Texts(column, np.arange(len(column)), len(column)).filled()


def together(parts: Sequence[Texts]) -> Texts:
    """The texts of several lists of each object, one list behind the other."""
    parts = [one for one in parts if len(one)] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    owner = np.concatenate([one.owner for one in parts])
    order = np.argsort(owner, kind="stable")
    texts = pa.concat_arrays([one.texts for one in parts]).take(pa.array(order))
    return Texts(texts, owner[order], parts[0].count)


def single(field: str, texts: pa.Array) -> Column:
    """A text of each document as the value of a field; empty ones are none."""
    found = lists(texts)
    return Column(field, Values.alike(found.texts, found.owner, listed=False), _NONE)


def listed(found: Iterable[Sequence[str]], owner: Positions | None = None, count: int | None = None) -> Texts:
    """Lists of texts, each of the object that ``owner`` says, or of one each."""
    known = list(found)
    owner = np.arange(len(known)) if owner is None else owner
    texts = pa.array([text for one in known for text in one], TEXT)
    return Texts(texts, np.repeat(owner, [len(one) for one in known]), len(known) if count is None else count)
