"""Words of headings in columns: what the look of each says, and hashes of every run of them.

A heading is `family, given names, what follows`. In which part a word stands is told by how many words with a comma
stand before it in its heading, and by the word just before it; so it is known for all words at once, also of headings
of which it is still to be found where they begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.readers.lessons import Hashes, hashes_of
from pipelines.readers.name_words import KINDS, PARTICLE_KINDS, PARTS, bare, ending, kind_of

Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

#: The number of each part, and of each kind of word.
PART: Final = {part: number for number, part in enumerate(PARTS)}
_KIND: Final = {kind: number for number, kind in enumerate(KINDS)}
#: Words whose full stop ends no heading.
_WITH_STOPS: Final = frozenset({"initial", "initials", "suffix", "title"})
#: Words of texts that are worked on at once, unless one text has more.
_WORDS_AT_ONCE: Final = 1 << 16
#: A run of words is hashed as a polynomial in this, modulo 2^64 (Rabin and Karp's way); it is odd, so has an inverse.
_BASE: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(_BASE, -1, 1 << 64)


@dataclass(frozen=True)
class Words:
    """The words of many texts, one text after the other.

    ``starts`` has the place of each text's first word, and the number of all; ``at`` the number of each word among the
    ``distinct``, of which some may be alike. What is asked of distinct words is in the order of these; what is asked of
    places, of all words.
    """

    starts: Ints
    at: Ints
    distinct: Sequence[str]

    @staticmethod
    def of(texts: Sequence[Sequence[str]]) -> Words:
        """Those of texts that are cut at spaces; other blanks at the edge of a word are not of it."""
        starts = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
        encoded = pa.array(list(chain.from_iterable(texts)), pa.string()).dictionary_encode()
        distinct = [word.strip() for word in encoded.dictionary.to_pylist()]
        return Words(starts, encoded.indices.to_numpy().astype(np.int64), distinct)

    @cached_property
    def kinds(self) -> Ints:
        """The kind of each distinct word, by its number among KINDS."""
        return np.fromiter((_KIND[kind_of(word)] for word in self.distinct), np.int64, len(self.distinct))

    @cached_property
    def with_comma(self) -> Flags:
        """Places of words that a comma parts from what follows."""
        return self._places(word.endswith(",") and len(word) > 1 for word in self.distinct)

    @cached_property
    def ending_in_comma(self) -> Flags:
        """Places of words that end in a comma, also of those that are nothing but one."""
        return self._places(word.endswith(",") for word in self.distinct)

    @cached_property
    def unclear(self) -> Flags:
        """Places of what is not one word: nothing between two spaces, or words with another blank between them."""
        return self._places(len(word.split()) != 1 for word in self.distinct)

    @cached_property
    def signs(self) -> Ints:
        """With what each word would end a heading: none, a full stop, a comma, a bracket, the dash of an open date."""
        ends = (".,)-".find(word[-1]) + 1 if word and kind_of(word) not in _WITH_STOPS else 0 for word in self.distinct)
        return np.fromiter(ends, np.int64, len(self.distinct))[self.at]

    @cached_property
    def first_parts(self) -> Ints:
        """The part in which each word stands where a heading `family, given` begins with it."""
        return np.where(self._particles, PART["particle"], PART["family"])

    @cached_property
    def family_parts(self) -> Ints:
        """And where it stands within the family name: behind a particle as it stands first, `van Berg` and `Berg`."""
        behind = np.where(_before(self._of_particle_kind), PART["family"], PART["family_more"])
        return np.where(self._particles, PART["particle"], behind)

    @cached_property
    def given_parts(self) -> Ints:
        """And behind the first comma of a heading."""
        return np.where(_before(self.with_comma), PART["given"], PART["given_more"])

    @cached_property
    def texts(self) -> Hashes:
        """The hash of each distinct word as it is counted, without a comma."""
        return hashes_of([bare(word) for word in self.distinct])

    @cached_property
    def endings(self) -> Hashes:
        """The hash of the end of each distinct word."""
        return hashes_of([ending(word) for word in self.distinct])

    def hashes(self, starts: Ints, ends: Ints) -> Hashes:
        """The hash of the words at each ``start`` to before its ``end``, of which there is at least one.

        Capital letters are as small ones, and a comma or full stop at the end is none.
        """
        inner = (self._summed[ends - 1] - self._summed[starts]) * self._inverse_powers[starts]
        return np.asarray(inner + self._last_hashes[ends - 1] * self._powers[ends - 1 - starts])

    @cached_property
    def _of_particle_kind(self) -> Flags:
        return self._places(kind_of(word) in PARTICLE_KINDS for word in self.distinct)

    @cached_property
    def _particles(self) -> Flags:
        return self._of_particle_kind & ~self.ending_in_comma

    @cached_property
    def _last_hashes(self) -> Hashes:
        return hashes_of([word.rstrip(",.").casefold() for word in self.distinct])[self.at]

    @cached_property
    def _summed(self) -> Hashes:
        hashes = hashes_of([word.casefold() for word in self.distinct])[self.at]
        return np.concatenate(
            [np.zeros(1, np.uint64), np.cumsum(hashes * self._powers[: len(hashes)], dtype=np.uint64)]
        )

    @cached_property
    def _powers(self) -> Hashes:
        return _powers(_BASE, len(self.at))

    @cached_property
    def _inverse_powers(self) -> Hashes:
        return _powers(_INVERSE, len(self.at))

    def _places(self, flags: Iterable[bool]) -> Flags:
        return np.fromiter(flags, np.bool_, len(self.distinct))[self.at]


def in_batches(texts: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """Texts that are cut into words, some at a time, so that memory does not grow with their number."""
    batch: list[Sequence[str]] = []
    count = 0
    for text in texts:
        if batch and count + len(text) > _WORDS_AT_ONCE:
            yield batch
            batch, count = [], 0
        batch.append(text)
        count += len(text)
    if batch:
        yield batch


def of_part(hashes: Hashes, parts: Ints) -> Hashes:
    """The hash of a value in a part of a heading, by the number of the part."""
    return (hashes ^ parts.astype(np.uint64)) * np.uint64(_BASE)


def of_kind(hashes: Hashes, kinds: Ints) -> Hashes:
    """The hash of a value of words of a kind, by the number of the kind."""
    return (hashes + kinds.astype(np.uint64)) * np.uint64(_INVERSE)


def _before(flags: Flags) -> Flags:
    """Whether it is so of the word before each."""
    return np.concatenate([np.zeros(1, np.bool_), flags[:-1]])[: len(flags)]


def _powers(base: int, count: int) -> Hashes:
    powers = np.full(count + 1, base, np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)
