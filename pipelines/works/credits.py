"""Who is credited, as it is compared: the words of family names, whatever the form of the name."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from pipelines.normalize.columns import as_mask, one_array
from pipelines.normalize.headings import heading_kind
from pipelines.runs import rows_in_ranges
from pipelines.works.title_words import plain_words, plain_words_of

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Shorter words are initials and particles, which catalogues drop.
_SHORTEST_WORD: Final = 3
#: Words of corporate names and of lists that say no name.
_NO_NAMES: Final = frozenset(
    """
    the and corporate van von der den del dos jnr junior group study investigators team others etal anonymous unknown
    """.split()  # noqa: SIM905
)

#: A collection that holds the copy in hand, which some libraries credit: ``Bible Collection (Library of Congress)``.
_COLLECTION: Final = r"(?i)\bcollection \([^()]*\)$"
_IS_COLLECTION: Final = re.compile(_COLLECTION)

#: A family name that :func:`family_words` does not divide, for RE2: no blank, hyphen or apostrophe.
_ONE_WORD: Final = r"^[^\x00-\x20'\-\x7f-\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+$"

#: Credits of a record that are compared; a list of hundreds is told by its first names.
MOST_CREDITS: Final = 40


def _plain(word: str) -> str:
    if word.isascii():
        return "".join(filter(str.isalnum, word)).lower()
    return plain_words(word).replace(" ", "")


def family_words(name: str) -> list[str]:
    """The folded words of the family part of a normalised name (``Family, Given``), or of a name without comma.

    Words of at least three letters, of a hyphenated name each part and the whole (``Times-Ten`` is ``TimesTen``
    elsewhere); where there is none, the last word: ``Li, Na`` -> ``li``. None of a collection that holds the copy.
    """
    if _IS_COLLECTION.search(name):
        return []
    family = name.partition(",")[0].replace("'", "")
    words = [_plain(part) for word in family.split() for part in {*word.split("-"), word}]
    telling = [word for word in words if len(word) >= _SHORTEST_WORD and word not in _NO_NAMES]
    return sorted(telling) or [word for word in words if word][-1:]


def all_words(name: str) -> list[str]:
    """The folded words of a whole name but for initials: for names whose parts another catalogue has exchanged."""
    if _IS_COLLECTION.search(name):
        return []
    words = [_plain(word) for word in name.replace(",", " ").replace("-", " ").replace("'", "").split()]
    return [word for word in words if len(word) >= _SHORTEST_WORD and word not in _NO_NAMES]


#: Words of names that are this much alike (percent) are misread forms of one: ``K?hn``, ``Kühn``.
_MISREAD: Final = 75.0
#: Names that two lists have in common for the last one to be no chance.
_OTHERS_THAT_TELL: Final = 2
#: Family and given name.
_WORDS_OF_A_NAME: Final = 2


def count_misread(first: str, second: str) -> int:
    """How many words of two lists of names that are not in both are misread forms of each other, one for one.

    Short names differ by a letter as a rule (``Kun``, ``Kuo``); but the only one left of two lists, of which two and
    more are the same, is the same person.
    """
    a, b = set(first.split()), set(second.split())
    left_a, left_b = sorted(a - b), sorted(b - a)
    near: list[tuple[float, str, str, str, str]] = sorted(
        (-ratio, min(x, y), max(x, y), x, y)
        for x in left_a
        for y in left_b
        if min(len(x), len(y)) >= _SHORTEST_WORD and (ratio := fuzz.ratio(x, y)) >= _MISREAD
    )
    taken: set[str] = set()
    for _, _, _, x, y in near:
        if x not in taken and y not in taken:
            taken |= {x, y}
    if not taken and len(a & b) >= _OTHERS_THAT_TELL and len(left_a) == len(left_b) == 1:
        x, y = left_a[0], left_b[0]
        return int(x[0] == y[0] and OSA.distance(x, y) == 1)
    return len(taken) // 2


def are_names_of_one(first: str, second: str) -> bool:
    """Whether the words of two names, given as texts, can be one person's who has two family names.

    Catalogues enter such people under either (``Camps, Rafael``; ``Paré, Rafael Camps``): of the shorter name at
    least two words are told, and the other has them all.
    """
    a, b = set(first.split()), set(second.split())
    return min(len(a), len(b)) >= _WORDS_OF_A_NAME and (a <= b or b <= a)


def is_body(name: str) -> bool:
    """Whether a credit names a body and no person: ``Act-Net Consortium``, ``CORPORATE Univ. of Athens`` (ACM)."""
    return "," not in name and (name.lower().startswith("corporate ") or heading_kind(name) == "corporate")


class Words(NamedTuple):
    """Words of distinct names: which name each is of, ascending, and the words."""

    names: Ints
    words: pa.Array


def family_words_of(names: pa.Array) -> Words:
    """:func:`family_words` of each name. Most family names are one word, of which nothing is left out."""
    families = pc.replace_substring_regex(names, "(?s),.*", "")
    is_word = pc.match_substring_regex(families, _ONE_WORD)
    words = pc.replace_substring(plain_words_of(families.filter(is_word)), " ", "")
    told = pc.not_equal(words, "")
    rows = np.flatnonzero(as_mask(is_word))
    found = Words(rows[as_mask(told)], words.filter(told))
    return _with(found, np.flatnonzero(~as_mask(is_word)), names, family_words)


def all_words_of(names: pa.Array) -> Words:
    """:func:`all_words` of each name; of those in ASCII, but for collections, all at once."""
    plain = pc.replace_substring_regex(pc.ascii_lower(names), r"[,\-\x00-\x20]+", " ")
    plain = pc.replace_substring_regex(plain, "[^a-z0-9 ]", "")
    lists = pc.split_pattern(plain, " ")
    owners, words = pc.list_parent_indices(lists), pc.list_flatten(lists)
    is_ascii = pc.and_not(pc.string_is_ascii(names), pc.match_substring_regex(names, _COLLECTION))
    told = pc.and_(
        pc.and_(pc.greater_equal(pc.binary_length(words), _SHORTEST_WORD), is_ascii.take(owners)),
        pc.invert(pc.is_in(words, value_set=pa.array(sorted(_NO_NAMES)))),
    )
    found = Words(owners.filter(told).to_numpy().astype(np.int64), words.filter(told))
    return _with(found, np.flatnonzero(~as_mask(is_ascii)), names, all_words)


def _with(found: Words, others: Ints, names: pa.Array, rule: Callable[[str], list[str]]) -> Words:
    """The words found, and those that ``rule`` finds in the ``others``, in the order of the names."""
    each = [rule(name) for name in names.take(pa.array(others)).to_pylist()]
    owners = np.repeat(others, [len(words) for words in each]) if len(others) else others
    every = np.concatenate([found.names, owners]).astype(np.int64)
    words = pa.concat_arrays([found.words, pa.array([word for words in each for word in words], pa.string())])
    order = np.argsort(every, kind="stable")
    return Words(every[order], words.take(pa.array(order)))


class Credits:
    """The credits of records as numbers: which words of family names, and of whole names, each record has.

    ``credits`` is their number, ``count`` that of the distinct words of family names of each record; ``families``
    are distinct rows (record, number of a word), ordered.
    """

    def __init__(self, author_names: pa.ChunkedArray | pa.Array) -> None:
        lists = one_array(author_names)
        rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
        encoded = pc.dictionary_encode(pc.list_flatten(lists))
        names = one_array(encoded.dictionary)
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        self.credits: Ints = np.bincount(rows, minlength=len(lists)).astype(np.int64)
        begins = np.cumsum(self.credits) - self.credits
        early = (np.arange(len(rows)) - begins[rows] < MOST_CREDITS) & (codes >= 0)
        rows, codes = rows[early], codes[early]
        self._rows, self._codes, self._names = rows, codes, names
        self._numbers: dict[str, int] = {}
        self.families = self._words(family_words_of(names))
        self.count: Ints = np.bincount(self.families[:, 0], minlength=len(lists)).astype(np.int64)

    @cached_property
    def words(self) -> Ints:
        """Distinct rows (record, number of a word of a whole name), ordered; few records are ever asked for them."""
        return self._words(all_words_of(self._names))

    @cached_property
    def full_names(self) -> Ints:
        """Distinct rows (record, number of a full name), ordered: of a person with given names, or of a body."""
        full = []
        for name in self._names.to_pylist():
            words = all_words(name)
            is_full = len(words) > 1 if "," in name else is_body(name)
            full.append(" ".join(sorted(words)) if is_full and words else None)
        told = pa.array(full, pa.string())
        rows = np.flatnonzero(as_mask(told.is_valid()))
        return self._words(Words(rows, told.drop_null()))

    def _words(self, found: Words) -> Ints:
        """Distinct rows (record, word), ordered, of the words of names, which ascend."""
        rows, codes = self._rows, self._codes
        each = pc.dictionary_encode(found.words)
        of_words = [self._numbers.setdefault(word, len(self._numbers)) for word in each.dictionary.to_pylist()]
        flat = np.array(of_words, dtype=np.int64)[each.indices.to_numpy()]
        lengths = np.bincount(found.names, minlength=len(self._names)).astype(np.int64)
        starts = np.cumsum(lengths) - lengths
        counts = lengths[codes] if len(codes) else np.empty(0, np.int64)
        owners = np.repeat(rows, counts)
        places = (
            np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(starts[codes], counts)
        )
        if not len(owners):
            return np.empty((0, 2), dtype=np.int64)
        width = len(self._numbers) + 1
        pairs = pd.unique(owners * width + flat[places])
        pairs.sort()
        return np.column_stack([pairs // width, pairs % width])

    def family_texts(self, records: Ints) -> list[str]:
        """The words of the family names of some records, in the order of the alphabet, joined by blanks."""
        return self._texts(self.families, records)

    def name_texts(self, records: Ints) -> list[str]:
        """The words of the whole names of some records, in the order of the alphabet, joined by blanks."""
        return self._texts(self.words, records)

    def are_of_bodies(self, records: Ints) -> npt.NDArray[np.bool_]:
        """Which of some records credit bodies alone."""
        begin, end = (np.searchsorted(self._rows, records, side=side) for side in ("left", "right"))
        return np.array(
            [
                start < stop and all(is_body(self._names[code].as_py()) for code in self._codes[start:stop].tolist())
                for start, stop in zip(begin.tolist(), end.tolist(), strict=True)
            ],
            dtype=bool,
        )

    def _texts(self, rows: Ints, records: Ints) -> list[str]:
        words = list(self._numbers)
        begin, end = (np.searchsorted(rows[:, 0], records, side=side) for side in ("left", "right"))
        return [
            " ".join(sorted(words[number] for number in rows[start:stop, 1]))
            for start, stop in zip(begin.tolist(), end.tolist(), strict=True)
        ]


def shared_counts(rows: Ints, a: Ints, b: Ints, others: Ints | None = None) -> Ints:
    """How many of the values of record ``a`` record ``b`` has, pair by pair.

    ``rows`` (record, value) are ordered; ``others`` are the rows that ``b`` is looked up in, where not the same.
    """
    owners, values = rows[:, 0], rows[:, 1]
    sought = rows if others is None else others
    width = int(max(values.max(initial=0), sought[:, 1].max(initial=0))) + 1
    coded = sought[:, 0] * width + sought[:, 1]
    begin, end = np.searchsorted(owners, a), np.searchsorted(owners, a, side="right")
    pair, row = rows_in_ranges(begin, end)
    wanted = b[pair] * width + values[row]
    found = np.minimum(np.searchsorted(coded, wanted), max(len(coded) - 1, 0))
    hit = coded[found] == wanted if len(coded) else np.zeros(len(pair), dtype=bool)
    shared: Ints = np.bincount(pair[hit], minlength=len(a)).astype(np.int64)
    return shared
