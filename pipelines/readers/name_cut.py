"""Cutting names that have run together where no key tells how: the likeliest headings, by the record and the dump.

Of all ways to cut a text the one is taken whose headings are likeliest: words in the parts where such words stand
(:mod:`pipelines.readers.name_words`), headings of the usual lengths, names that stand whole elsewhere. A page that
shows how many names there are, and ``author_sort``, which is the first of them, rule out all other ways.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Final

from pipelines.readers.lessons import Lesson
from pipelines.readers.name_words import (
    FREQUENCIES,
    PARTS,
    bare,
    count_words,
    ending,
    kind_of,
    kinds_of_words,
    parts_of,
    shares_of_kind,
    shares_of_word,
)

#: A heading is at most this many words, unless the record tells its first one.
_LONGEST_HEADING: Final = 14
#: Longer texts stay whole: some thousand names are no record of a publication.
_MOST_WORDS_OF_A_TEXT: Final = 20_000
#: Ways with a given number of headings are compared one by one where there are at most this many.
_MOST_STEPS: Final = 200_000

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
#: Words whose full stop ends no heading.
_WITH_STOPS: Final = frozenset({"initial", "initials", "suffix", "title"})
#: What it says for a name that it was seen whole, before how often; and for several words as one family or given name.
_SEEN_WHOLE: Final = 300.0
_SEEN_TOGETHER: Final = 15.0
#: What the name in natural order in the title says, and a key of the record.
_IN_TITLE: Final = 6.0
_HAS_KEY: Final = 8.0


def count_heading(seen: dict[str, Counter[str]], heading: str) -> None:
    """Add a heading that is known whole to what was seen."""
    words = parts_of(heading)
    if not words:
        return
    count_words(seen, words)
    lengths = _lengths(words)
    for name, length in lengths.items():
        seen["length"][f"{name} {length}"] += 1
    seen["name"][_whole(heading.split())] += 1
    for part in ("family", "given"):
        together = _together(words, part)
        if len(together) > 1:
            seen[part][_whole(together)] += 1


def count_uncut(seen: dict[str, Counter[str]], text: str, first: str, shown: int | None) -> None:
    """Add what is sure of headings that have run together: the first one, and what can only be one part of a name.

    With a comma in each of the ``shown`` names, what follows the last comma is given names, and of two words
    between commas the first is a given name and the second a family name.
    """
    if first and (text == first or text.startswith(f"{first} ")):
        count_heading(seen, first)
    words = text.split()
    commas = [at for at, word in enumerate(words) if word.endswith(",") and len(word) > 1]
    if shown is None or len(commas) != shown or not commas or commas[-1] == len(words) - 1:
        return
    last = words[commas[-1] + 1 :]
    count_words(seen, [(word, "given" if at == 0 else "given_more") for at, word in enumerate(last)])
    for start, end in pairwise(commas):
        if end - start == len(("given", "family")):
            count_words(seen, [(words[start + 1], "given"), (words[end], "family")])


@dataclass(slots=True)
class Evidence:
    """What a record tells of the headings of one of its fields."""

    first: str = ""
    shown: int | None = None
    title: str = ""
    has_key: Callable[[str], bool] | None = None


@dataclass
class NameModel:
    """How likely headings are in a dump that taught ``lesson``; words are looked up once."""

    lesson: Lesson
    _words: dict[str, list[float]] = field(default_factory=dict)

    def cut(self, text: str, evidence: Evidence) -> list[str] | None:
        """The likeliest headings of ``text``, or ``None`` where no way fits what the record tells."""
        words = text.split(" ")
        first = evidence.first
        if (first and text == first) or evidence.shown == 1:
            return [text]
        shown = evidence.shown
        if len(words) > _MOST_WORDS_OF_A_TEXT:
            return None
        if shown is not None and shown > len(words):
            shown = None
        forced = len(first.split(" ")) if first and text.startswith(f"{first} ") else 0
        edges = self._edges(words, forced, evidence)
        ends = _best_way(edges, len(words), shown)
        if ends is None:
            return None
        return [" ".join(words[start:end]) for start, end in zip((0, *ends[:-1]), ends, strict=True)]

    def _edges(self, words: list[str], forced: int, evidence: Evidence) -> list[list[tuple[int, float]]]:
        """For each word the headings that may begin with it: where each ends, and how likely it is."""
        edges: list[list[tuple[int, float]]] = [[] for _ in words]
        if forced:
            edges[0].append((forced, 0.0))
        scores = [self._word(word) for word in words]
        for start in range(forced, len(words)):
            for end in range(start + 1, min(start + _LONGEST_HEADING, len(words)) + 1):
                if words[end - 1].endswith(",") and end < len(words) and not _may_end_in_comma(words[start:end]):
                    continue
                likelihood = self._heading(words[start:end], scores[start:end], evidence)
                edges[start].append((end, likelihood))
        return edges

    def _heading(self, words: list[str], scores: list[list[float]], evidence: Evidence) -> float:
        parts = parts_of(" ".join(words))
        if len(parts) != len(words):
            return -50.0 * len(words)
        total = sum(score[_INDEX[part]] for (_, part), score in zip(parts, scores, strict=True))
        for name, length in _lengths(parts).items():
            total += self._length(name, length)
        whole = " ".join(words)
        if len(words) > 1:
            total += math.log1p(self.lesson.seen("name", _whole(words)) * _SEEN_WHOLE)
        for part in ("family", "given"):
            together = _together(parts, part)
            if len(together) > 1:
                total += math.log1p(self.lesson.seen(part, _whole(together)) * _SEEN_TOGETHER)
        if evidence.has_key is not None and evidence.has_key(whole):
            total += _HAS_KEY
        if evidence.title and len(words) > 1 and _natural_order(parts) in evidence.title:
            total += _IN_TITLE
        return total

    def _length(self, name: str, length: int) -> float:
        shares = self._lengths[name]
        if length < len(shares):
            return shares[length]
        return shares[-1] - (length - len(shares) + 1) * math.log(2)

    @cached_property
    def _lengths(self) -> dict[str, list[float]]:
        found = {}
        for name, rule in _LENGTHS.items():
            seen = [self.lesson.seen("length", f"{name} {length}") for length in range(len(rule))]
            weight = _WEIGHT_OF_LENGTHS
            everything = sum(seen) + weight
            found[name] = [
                math.log((count + weight * share + 1e-4) / everything) for count, share in zip(seen, rule, strict=True)
            ]
        return found

    @cached_property
    def _kinds(self) -> dict[str, list[float]]:
        return {
            kind: shares_of_kind(kind, {part: self.lesson.seen("kind of word", f"{part} {kind}") for part in PARTS})
            for kind in kinds_of_words()
        }

    @cached_property
    def _parts(self) -> list[float]:
        """The share of each part among all words."""
        total = [0.0] * len(PARTS)
        for kind, shares in self._kinds.items():
            seen = sum(self.lesson.seen("kind of word", f"{part} {kind}") for part in PARTS)
            for number, share in enumerate(shares):
                total[number] += (seen + FREQUENCIES[kind]) * share
        everything = sum(total)
        return [share / everything for share in total]

    def _word(self, word: str) -> list[float]:
        """For each part, how much likelier the word is there than anywhere."""
        found = self._words.get(word)
        if found is None:
            kind, text = kind_of(word), bare(word)
            by_ending = [self.lesson.seen("ending", f"{part} {kind} {ending(word)}") for part in PARTS]
            by_word = [self.lesson.seen("word", f"{part} {text}") for part in PARTS]
            shares = shares_of_word(self._kinds[kind], by_ending, by_word)
            found = [math.log(share / whole) for share, whole in zip(shares, self._parts, strict=True)]
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            self._words[word] = found
        return found


_MOST_WORDS: Final = 1 << 18
_INDEX: Final = {part: number for number, part in enumerate(PARTS)}


def _lengths(parts: Sequence[tuple[str, str]]) -> dict[str, int]:
    counts = Counter(part for _, part in parts)
    if counts["family"] or counts["particle"]:
        return {
            "comma": sum(word.endswith(",") for word, _ in parts[:-1]),
            "particle": counts["particle"],
            "family": counts["family"] + counts["family_more"],
            "given": counts["given"] + counts["given_more"],
            "trailing": counts["trailing"],
            "end": _end(parts[-1][0]),
        }
    return {"comma": 0, "direct": len(parts), "end": _end(parts[-1][0])}


def _end(word: str) -> int:
    """What sign a heading ends with: none, a full stop, a comma, a bracket, or the dash of an open date."""
    return 1 + ".,)-".find(word[-1]) if word and kind_of(word) not in _WITH_STOPS else 0


def _whole(words: Iterable[str]) -> str:
    return " ".join(words).rstrip(",.").casefold()


def _together(parts: Sequence[tuple[str, str]], name: str) -> list[str]:
    """The words of a family or of a given name, particles with the former."""
    return [word for word, part in parts if part.startswith(name) or (name == "family" and part == "particle")]


def _natural_order(parts: Sequence[tuple[str, str]]) -> str:
    family = [word.rstrip(",") for word in _together(parts, "family")]
    given = [word.rstrip(",") for word in _together(parts, "given")]
    rest = [] if family else [word for word, _ in parts]
    return " ".join([*given, *family, *rest])


def _may_end_in_comma(words: list[str]) -> bool:
    """A heading ends in a comma only where a role stood behind it, which is after its given names or dates."""
    return sum(word.endswith(",") for word in words) > 1


def _best_way(edges: list[list[tuple[int, float]]], length: int, shown: int | None) -> list[int] | None:
    """Where the headings of the likeliest way end; of ``shown`` headings, where that is known."""
    best = _likeliest(edges, length)
    if shown is None or best is None or len(best) == shown:
        return best
    if length * shown > _MOST_STEPS:
        return None
    return _likeliest_of(edges, length, shown)


def _likeliest(edges: list[list[tuple[int, float]]], length: int) -> list[int] | None:
    totals = [0.0] + [-math.inf] * length
    came_from = [-1] * (length + 1)
    for start in range(length):
        if totals[start] == -math.inf:
            continue
        for end, likelihood in edges[start]:
            if totals[start] + likelihood > totals[end]:
                totals[end], came_from[end] = totals[start] + likelihood, start
    if came_from[length] < 0:
        return None
    ends = []
    at = length
    while at:
        ends.append(at)
        at = came_from[at]
    return ends[::-1]


def _likeliest_of(edges: list[list[tuple[int, float]]], length: int, shown: int) -> list[int] | None:
    """The likeliest way of exactly ``shown`` headings: the best way to each word with each number of headings."""
    totals: list[dict[int, float]] = [{} for _ in range(length + 1)]
    came_from: list[dict[int, int]] = [{} for _ in range(length + 1)]
    totals[0][0] = 0.0
    for start in range(length):
        for number, total in totals[start].items():
            if number >= shown:
                continue
            for end, likelihood in edges[start]:
                if total + likelihood > totals[end].get(number + 1, -math.inf):
                    totals[end][number + 1] = total + likelihood
                    came_from[end][number + 1] = start
    if shown not in totals[length]:
        return None
    ends, at = [], length
    for number in range(shown, 0, -1):
        ends.append(at)
        at = came_from[at][number]
    return ends[::-1]
