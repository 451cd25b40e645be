"""Authors of many records cut at once by their work keys, where each key in turn is that of the next heading.

:func:`pipelines.readers.author_cut.cut_authors` says what such a cut is. Here those records are cut in which it can
come to no other: the keys name all headings and nothing else, in their order, no author of a key begins another, and
words are folded one by one. All other records are left to it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.author_cut import LONGEST_KEY_PART, fold_alone
from pipelines.readers.byte_spans import Bytes, Flags, Positions, bytes_of, spans_as_texts
from pipelines.readers.text_columns import Texts
from pipelines.records import TEXT
from pipelines.runs import rows_in_ranges

_SPACE: Final = ord(" ")
#: So many bytes of the author of a key are compared to tell whether one begins another: those of one number.
_COMPARED: Final = 8


def cut_by_keys(authors: Texts, keys: Texts, first: pa.Array) -> Texts:
    """The headings of the records whose keys settle them in the plain way; of the others none.

    ``authors`` has one text a record at most, ``keys`` the work keys, ``first`` the heading that a text begins with if
    it does so, "" where there is none.
    """
    nothing = Texts(pa.array([], TEXT), np.zeros(0, np.int64), authors.count)
    if not len(authors) or not len(keys):
        return nothing
    words = _Words(authors)
    parts = _parts(keys)
    if not len(parts):
        return nothing
    bounds, signs = bytes_of(parts.texts)
    lengths = np.diff(bounds)
    begins = np.searchsorted(parts.owner, np.arange(authors.count + 1))
    cut = words.good & (np.diff(begins) > 0)
    cut[parts.owner[2 * lengths >= LONGEST_KEY_PART]] = False
    cut &= ~_may_begin_another(parts, bounds, signs)
    # The authors of the keys are the words, one behind the other.
    folded, folded_signs = bytes_of(words.folded)
    cut &= bounds[begins[1:]] - bounds[begins[:-1]] == folded[words.begins[1:]] - folded[words.begins[:-1]]
    number = np.flatnonzero(cut)
    of, theirs = rows_in_ranges(bounds[begins[number]], bounds[begins[number + 1]])
    ours = theirs + (folded[words.begins[number]] - bounds[begins[number]])[of]
    cut[number[of[folded_signs[ours] != signs[theirs]]]] = False

    # Each of them ends where a word does.
    kept = np.flatnonzero(cut[parts.owner])
    owner = parts.owner[kept]
    wanted = bounds[kept + 1] - bounds[begins[owner]] + folded[words.begins[owner]]
    ends = np.searchsorted(folded, wanted)
    cut[owner[folded[ends] != wanted]] = False
    ends, owner = ends[cut[owner]], owner[cut[owner]]
    starts = np.append(0, ends)[: len(ends)]
    leads = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    starts[leads] = words.begins[owner[leads]]
    headings = Texts(words.texts(starts, ends), owner, authors.count)
    # Where the text begins with the heading that is known to be the first, that has to be the first one here.
    known = first.take(pa.array(owner[leads]))
    other = pc.and_(pc.not_equal(known, ""), pc.not_equal(known, headings.texts.filter(pa.array(leads))))
    cut[owner[leads][other.to_numpy(zero_copy_only=False)]] = False
    return headings.at(cut[owner])


class _Words:
    """The words of texts, between single blanks, and what each is folded to."""

    def __init__(self, authors: Texts) -> None:
        lists = pc.split_pattern(authors.texts, " ")
        counts = pc.list_value_length(lists).to_numpy().astype(np.int64)
        words = lists.flatten()
        encoded = words.dictionary_encode()
        alone = [fold_alone(word) for word in encoded.dictionary.to_pylist()]
        indices = encoded.indices.to_numpy()
        self.folded = pa.array(alone, TEXT).take(encoded.indices)
        owner = np.repeat(authors.owner, counts)
        self.good = authors.has()
        self.good[owner[np.array([not one for one in alone], bool)[indices]]] = False
        self.begins = np.searchsorted(owner, np.arange(authors.count + 1))
        # There is one blank between words, and none between texts.
        self._lengths = np.diff(bytes_of(words)[0])
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._starts += np.arange(len(owner)) - np.repeat(np.arange(len(counts)), counts)
        self._signs = bytes_of(authors.texts)[1]

    def texts(self, starts: Positions, ends: Positions) -> pa.Array:
        """What stands from one word up to before another."""
        last = ends - 1
        return spans_as_texts(self._signs, self._starts[starts], self._starts[last] + self._lengths[last])


def _parts(keys: Texts) -> Texts:
    """The author of each key that is of the kind AT and three words; see :func:`~author_cut.author_parts`."""
    bounds, signs = bytes_of(keys.texts)
    blanks = np.flatnonzero(signs == _SPACE)
    first = np.searchsorted(blanks, bounds[:-1])
    three = np.flatnonzero((np.searchsorted(blanks, bounds[1:]) - first == 2) & (np.diff(bounds) > len("AT  ")))
    starts = bounds[three]
    of_author = (signs[starts] == ord("A")) & (signs[starts + 1] == ord("T")) & (signs[starts + 2] == _SPACE)
    ends = blanks[np.minimum(first[three] + 1, max(len(blanks) - 1, 0))] if len(blanks) else starts
    wanted = of_author & (ends > starts + 3)
    three, starts, ends = three[wanted], starts[wanted] + 3, ends[wanted]
    return Texts(spans_as_texts(signs, starts, ends), keys.owner[three], keys.count)


def _may_begin_another(parts: Texts, bounds: Positions, signs: Bytes) -> Flags:
    """In which of the records the author of one key may begin the one of another, or be the same."""
    lengths = np.diff(bounds)
    shortest = np.full(parts.count, _COMPARED)
    np.minimum.at(shortest, parts.owner, lengths)
    begun = np.zeros(len(parts), np.uint64)
    for at in range(_COMPARED):
        sign = signs[np.minimum(bounds[:-1] + at, len(signs) - 1)].astype(np.uint64)
        begun = (begun << np.uint64(8)) | np.where(at < shortest[parts.owner], sign, np.uint64(0))
    order = np.lexsort((begun, parts.owner))
    alike = (begun[order][1:] == begun[order][:-1]) & (parts.owner[order][1:] == parts.owner[order][:-1])
    found = np.zeros(parts.count, bool)
    found[parts.owner[order][1:][alike]] = True
    return found
