"""Cutting names that have run together where no key tells how: the likeliest headings, by the record and the dump.

Of all ways to cut a text the one is taken whose headings are likeliest: words in the parts where such words stand
(:mod:`pipelines.readers.name_words`), headings of the usual lengths, names that stand whole elsewhere. A page that
shows how many names there are, and ``author_sort``, which is the first of them, rule out all other ways.

How likely headings are is found for all places of many texts at once, one length of headings after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from pipelines.readers.lessons import Lesson
from pipelines.readers.name_columns import PART, Flags, Ints, Words, in_batches, of_kind, of_part
from pipelines.readers.name_lessons import ENDING, FAMILY, GIVEN, KIND, LENGTH, NAME, WORD
from pipelines.readers.name_ways import likeliest_way
from pipelines.readers.name_words import FREQUENCIES, KINDS, PARTS, Floats, shares_of_kinds, shares_of_words

#: A heading is at most this many words, unless the record tells its first one.
_LONGEST_HEADING: Final = 14
#: Longer texts stay whole: some thousand names are no record of a publication.
_MOST_WORDS_OF_A_TEXT: Final = 20_000

#: How many words headings have in each part before a dump has taught better; the last share is halved for each more.
_LENGTHS: Final = {
    "comma": (0.1, 0.86, 0.038, 0.0015, 0.0005),
    "particle": (0.95, 0.035, 0.014, 0.001),
    "family": (0.0, 0.95, 0.04, 0.008, 0.002),
    "given": (0.003, 0.72, 0.24, 0.03, 0.007),
    "trailing": (0.97, 0.025, 0.004, 0.001),
    "end": (0.9, 0.09, 0.0005, 0.006, 0.004),
    "direct": (0.0, 0.06, 0.6, 0.24, 0.05, 0.02, 0.01, 0.01),
}
_WEIGHT_OF_LENGTHS: Final = 20.0
#: What it says for a name that it was seen whole, before how often; and for several words as one family or given name.
_SEEN_WHOLE: Final = 300.0
_SEEN_TOGETHER: Final = 15.0
#: What the name in natural order in the title says, and a key of the record.
_IN_TITLE: Final = 6.0
_HAS_KEY: Final = 8.0
#: Parts in which a word stands whatever stands before it; in all others it depends on that.
_PARTS_THAT_STAND_FAST: Final = ("first", "within", "last", "only", "trailing")
#: What each word of a heading costs that has blanks other than one space between two words.
_UNCLEAR: Final = -50.0


@dataclass(slots=True)
class Evidence:
    """What a record tells of the headings of one of its fields."""

    first: str = ""
    shown: int | None = None
    title: str = ""
    has_key: Callable[[str], bool] | None = None


@dataclass
class NameModel:
    """How likely headings are in a dump that taught ``lesson``."""

    lesson: Lesson

    def cut(self, texts: Sequence[str], evidence: Sequence[Evidence]) -> list[list[str] | None]:
        """The likeliest headings of each text, or ``None`` where no way fits what its record tells."""
        found: list[list[str] | None] = [None] * len(texts)
        open_ones = []
        for number, (text, told) in enumerate(zip(texts, evidence, strict=True)):
            if (told.first and text == told.first) or told.shown == 1:
                found[number] = [text]
            elif text.count(" ") < _MOST_WORDS_OF_A_TEXT:
                open_ones.append(number)
        rests = [_without_first(texts[number], evidence[number]) for number in open_ones]
        done = 0
        for batch in in_batches(rests):
            numbers = open_ones[done : done + len(batch)]
            done += len(batch)
            words = Words.of(batch)
            likelihoods = self._likelihoods(words, [evidence[number] for number in numbers])
            for number, rest, start in zip(numbers, batch, words.starts.tolist(), strict=False):
                begun = likelihoods[start : start + len(rest)].tolist()
                found[number] = _headings(texts[number], rest, begun, evidence[number].shown)
        return found

    def _likelihoods(self, words: Words, evidence: Sequence[Evidence]) -> Floats:
        """For each place how likely the headings are that begin there, by their number of words less one."""
        found = np.full((len(words.at), _LONGEST_HEADING), -np.inf)
        candidates = _Candidates(self, words, evidence)
        for length in range(1, _LONGEST_HEADING + 1):
            starts, likelihoods = candidates.of_length(length)
            found[starts, length - 1] = likelihoods
        return found

    @cached_property
    def lengths(self) -> Mapping[str, Floats]:
        """For each part of a heading how likely each number of words in it is."""
        found = {}
        for name, rule in _LENGTHS.items():
            seen = np.array([self.lesson.seen(LENGTH, f"{name} {length}") for length in range(len(rule))])
            shares = (seen + _WEIGHT_OF_LENGTHS * np.array(rule) + 1e-4) / (seen.sum() + _WEIGHT_OF_LENGTHS)
            more = shares[-1] * 0.5 ** np.arange(1, _LONGEST_HEADING)
            found[name] = np.log(np.concatenate([shares, more]))
        return found

    @cached_property
    def _kinds(self) -> Floats:
        """The share of each part among words of each kind."""
        return shares_of_kinds(self._kinds_seen)

    @cached_property
    def _kinds_seen(self) -> Floats:
        numbers = np.arange(len(KINDS) * len(PARTS), dtype=np.uint64).reshape(len(KINDS), len(PARTS))
        return self.lesson.counts(KIND, numbers).astype(np.float64)

    @cached_property
    def _parts(self) -> Floats:
        """The share of each part among all words."""
        frequencies = np.array([FREQUENCIES[kind] for kind in KINDS])
        total = ((self._kinds_seen.sum(axis=1) + frequencies)[:, None] * self._kinds).sum(axis=0)
        return np.asarray(total / total.sum())

    def of_words(self, words: Words) -> Floats:
        """For each distinct word and part, how much likelier the word is there than anywhere."""
        parts = np.arange(len(PARTS))
        endings = of_kind(words.endings, words.kinds)[:, None]
        by_ending = self.lesson.counts(ENDING, of_part(endings, parts)).astype(np.float64)
        by_word = self.lesson.counts(WORD, of_part(words.texts[:, None], parts)).astype(np.float64)
        return np.log(shares_of_words(self._kinds[words.kinds], by_ending, by_word) / self._parts)


class _Candidates:
    """Headings that begin at each place of some texts, made longer word by word.

    All sums are taken along a heading, from its first word on: they depend on it alone, not on what else is worked on.
    """

    def __init__(self, model: NameModel, words: Words, evidence: Sequence[Evidence]) -> None:
        self._model, self._words, self._evidence = model, words, evidence
        scores = model.of_words(words)
        places = len(words.at)
        self._scores = {part: scores[:, PART[part]][words.at] for part in _PARTS_THAT_STAND_FAST}
        self._first = scores[words.at, words.first_parts]
        self._family = scores[words.at, words.family_parts]
        self._given = scores[words.at, words.given_parts]
        self._text = np.repeat(np.arange(len(evidence)), np.diff(words.starts))
        self._end = words.starts[1:][self._text]
        self._in_title = _in_title(words, self._text, evidence)
        self._has_key = np.array([told.has_key is not None for told in evidence], np.bool_)
        # Of the headings so far: words with a comma, words that end in one, words in each part, and sums.
        self._commas, self._comma_ends, self._unclear = (np.zeros(places, np.int64) for _ in range(3))
        self._particles, self._families, self._givens, self._trailing = (np.zeros(places, np.int64) for _ in range(4))
        self._missing = np.zeros(places, np.int64)
        self._in_order, self._direct = np.zeros(places), np.zeros(places)

    def of_length(self, length: int) -> tuple[Ints, Floats]:
        """Where headings of so many words begin, and how likely each is; lengths are asked for one after the other."""
        words = self._words
        starts = np.flatnonzero(np.arange(len(words.at)) + length <= self._end)
        last = starts + length - 1
        commas = self._commas[starts]
        self._add_word(starts, last, commas, length)
        ends_within = self._comma_ends[starts]
        self._commas[starts] += words.with_comma[last]
        self._comma_ends[starts] += words.ending_in_comma[last]
        # A heading ends in a comma only where a role stood behind it, which is after its given names or dates.
        at_end = words.ending_in_comma[last] & (last + 1 < self._end[starts]) & (self._comma_ends[starts] <= 1)
        in_order = commas > 0
        likelihoods = np.where(in_order, self._of_in_order(starts, ends_within), self._of_direct(starts, last, length))
        likelihoods += self._model.lengths["end"][words.signs[last]]
        if length > 1:
            likelihoods += _weighed(self._seen(NAME, starts, last + 1), _SEEN_WHOLE)
            likelihoods += self._of_families(starts, in_order)
        likelihoods += self._of_record(starts, last + 1, in_order)
        unclear = self._unclear[starts] > 0
        likelihoods[unclear] = _UNCLEAR * length
        likelihoods[at_end] = -np.inf
        return starts, likelihoods

    def _add_word(self, starts: Ints, last: Ints, commas: Ints, length: int) -> None:
        """Count one word more of each heading, in the part in which it stands if a comma stands before its last."""
        words = self._words
        self._unclear[starts] += words.unclear[last]
        before, behind = commas == 0, commas == 1
        parts = words.first_parts[last] if length == 1 else words.family_parts[last]
        particle = before & (parts == PART["particle"])
        self._particles[starts] += particle
        self._families[starts] += before & ~particle
        self._givens[starts] += behind
        self._trailing[starts] += commas > 1
        family = self._first[last] if length == 1 else self._family[last]
        follows = np.where(behind, self._given[last], self._scores["trailing"][last])
        self._in_order[starts] += np.where(before, family, follows)
        self._missing[starts] += ~self._in_title[last] & (commas <= 1)

    def _of_in_order(self, starts: Ints, commas: Ints) -> Floats:
        """Headings `family, given names, what follows`."""
        lengths = self._model.lengths
        return np.asarray(
            self._in_order[starts]
            + lengths["comma"][commas]
            + lengths["particle"][self._particles[starts]]
            + lengths["family"][self._families[starts]]
            + lengths["given"][self._givens[starts]]
            + lengths["trailing"][self._trailing[starts]]
        )

    def _of_direct(self, starts: Ints, last: Ints, length: int) -> Floats:
        """Headings without a comma."""
        lengths = self._model.lengths
        if length == 1:
            self._direct[starts] = self._scores["first"][last]
            words = self._scores["only"][last]
        else:
            words = self._direct[starts] + self._scores["last"][last]
            self._direct[starts] += self._scores["within"][last]
        return np.asarray(words + lengths["comma"][0] + lengths["direct"][length])

    def _of_families(self, starts: Ints, in_order: Flags) -> Floats:
        """What is known of several words as a family name, and as given names."""
        found = np.zeros(len(starts))
        family = starts + self._families[starts] + self._particles[starts]
        given = family + self._givens[starts]
        for kind, begin, end in ((FAMILY, starts, family), (GIVEN, family, given)):
            several = np.flatnonzero(in_order & (end - begin > 1))
            found[several] += _weighed(self._seen(kind, begin[several], end[several]), _SEEN_TOGETHER)
        return found

    def _of_record(self, starts: Ints, ends: Ints, in_order: Flags) -> Floats:
        """What the keys and the title of the record say."""
        found = np.zeros(len(starts))
        for place in np.flatnonzero(self._has_key[self._text[starts]]).tolist():
            has_key = self._evidence[self._text[starts[place]]].has_key
            if has_key is not None and has_key(self._written(starts[place], ends[place])):
                found[place] += _HAS_KEY
        for place in np.flatnonzero((self._missing[starts] == 0) & (ends - starts > 1)).tolist():
            start = starts[place]
            family = start + self._families[start] + self._particles[start]
            parts = (start, family, family + self._givens[start]) if in_order[place] else (start, start, ends[place])
            title = self._evidence[self._text[start]].title
            if title and self._natural_order(*parts, in_order[place]) in title:
                found[place] += _IN_TITLE
        return found

    def _natural_order(self, start: int, family: int, given: int, in_order: bool) -> str:
        words = [self._words.distinct[at] for at in self._words.at[start:given]]
        if not in_order:
            return " ".join(words)
        bare = [word.rstrip(",") for word in words]
        return " ".join(bare[family - start :] + bare[: family - start])

    def _written(self, start: int, end: int) -> str:
        return " ".join(self._words.distinct[at] for at in self._words.at[start:end])

    def _seen(self, kind: str, starts: Ints, ends: Ints) -> Ints:
        return self._model.lesson.counts(kind, self._words.hashes(starts, ends))


def _without_first(text: str, evidence: Evidence) -> list[str]:
    """The words of a text behind the heading that is known to be its first."""
    first = f"{evidence.first} "
    return (text.removeprefix(first) if evidence.first else text).split(" ")


def _headings(
    text: str, rest: Sequence[str], likelihoods: Sequence[Sequence[float]], shown: int | None
) -> list[str] | None:
    """The headings of a text: the one that is known to be its first, if any, and the likeliest of the ``rest``."""
    words = text.split(" ")
    known = len(words) - len(rest)
    if shown is not None and shown > len(words):
        shown = None
    ends = likeliest_way(likelihoods, shown if shown is None or not known else shown - 1)
    if ends is None:
        return None
    bounds = [0, *([known] if known else []), *(known + end for end in ends)]
    return [" ".join(words[start:end]) for start, end in pairwise(bounds)]


def _in_title(words: Words, text: Ints, evidence: Sequence[Evidence]) -> Flags:
    """Whether each word stands in the title of its record, without its comma."""
    distinct = [word.rstrip(",") for word in words.distinct]
    titles = [told.title for told in evidence]
    return np.fromiter(
        (distinct[at] in titles[number] for at, number in zip(words.at.tolist(), text.tolist(), strict=True)),
        np.bool_,
        len(words.at),
    )


def _weighed(seen: Ints, weight: float) -> Floats:
    return np.asarray(np.log1p(seen * weight))
