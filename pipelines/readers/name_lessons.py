"""What headings that are known, and sure words of others, teach about where words stand and how long names are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np

from pipelines.readers.lessons import Counts, Hashes, Lesson
from pipelines.readers.name_columns import PART, Ints, Words, in_batches, of_kind, of_part
from pipelines.readers.name_words import PARTS

#: Kinds of lessons: words in a part, ends of words of a kind in a part, words of a kind in a part, words of a part in
#: a heading, and names seen whole, families and given names of several words.
WORD: Final = "word"
ENDING: Final = "ending"
KIND: Final = "kind of word"
LENGTH: Final = "length"
NAME: Final = "name"
FAMILY: Final = "family"
GIVEN: Final = "given"

_Seen: TypeAlias = dict[str, tuple[Hashes, Counts]]


def learn_headings(headings: Mapping[str, int]) -> Lesson:
    """What headings teach that are known whole, each with how often it was seen."""
    times = np.array([count for heading, count in headings.items() if heading.split()], np.int64)
    lessons = []
    done = 0
    for batch in in_batches(words for heading in headings if (words := heading.split())):
        lessons.append(_learn(Words.of(batch), times[done : done + len(batch)]))
        done += len(batch)
    return Lesson.added(lessons)


def learn_words(seen: Mapping[tuple[str, str], int]) -> Lesson:
    """What words teach that stand in a known part, `(word, part)`, each with how often it was seen."""
    words = Words.of([[word] for word, _ in seen])
    parts = np.array([PART[part] for _, part in seen], np.int64)
    return Lesson.of_hashes(_words_in_parts(words, parts, np.array(list(seen.values()), np.int64)))


def sure_words(text: str, shown: int | None) -> Iterator[tuple[str, str]]:
    """Words of headings that have run together, `(word, part)`, which can be in that part alone.

    With a comma in each of the ``shown`` names, what follows the last comma is given names, and of two words
    between commas the first is a given name and the second a family name.
    """
    words = text.split()
    commas = [at for at, word in enumerate(words) if word.endswith(",") and len(word) > 1]
    if shown is None or len(commas) != shown or not commas or commas[-1] == len(words) - 1:
        return
    first, *more = words[commas[-1] + 1 :]
    yield first, "given"
    for word in more:
        yield word, "given_more"
    for start, end in pairwise(commas):
        if end - start == len(("given", "family")):
            yield words[start + 1], "given"
            yield words[end], "family"


def _learn(words: Words, times: Counts) -> Lesson:
    starts, ends = words.starts[:-1], words.starts[1:]
    heading = np.repeat(np.arange(len(starts)), ends - starts)
    # Commas before each word in its heading; that of the last word parts it from nothing.
    commas = np.concatenate([[0], np.cumsum(words.with_comma)])
    in_order = commas[ends - 1] > commas[starts]
    before = commas[:-1] - commas[starts][heading]
    parts = np.where(in_order[heading], _parts_in_order(words, before), _direct_parts(words))
    counts = np.bincount(heading * len(PARTS) + parts, minlength=len(starts) * len(PARTS)).reshape(-1, len(PARTS))
    family = counts[:, [PART["particle"], PART["family"], PART["family_more"]]].sum(axis=1)
    given = counts[:, [PART["given"], PART["given_more"]]].sum(axis=1)
    whole = {
        NAME: (words.hashes(starts, ends), times),
        FAMILY: _of_several(words, starts, starts + family, times),
        GIVEN: _of_several(words, starts + family, starts + family + given, times),
    }
    lengths = {
        "comma": np.where(in_order, _commas_within(words), 0),
        "particle": counts[:, PART["particle"]],
        "family": family - counts[:, PART["particle"]],
        "given": given,
        "trailing": counts[:, PART["trailing"]],
        "end": words.signs[ends - 1],
        "direct": ends - starts,
    }
    of = dict.fromkeys(lengths, in_order) | {"comma": np.ones_like(in_order), "end": np.ones_like(in_order)}
    of["direct"] = ~in_order
    seen = Counter[str]()
    for name, length in lengths.items():
        seen.update(_counted(name, length[of[name]], times[of[name]]))
    taught = _words_in_parts(words, parts, times[heading])
    return Lesson.added([Lesson.of_hashes(taught | whole), Lesson.of({LENGTH: seen})])


def _parts_in_order(words: Words, commas: Ints) -> Ints:
    """The parts of words of headings `family, given names, what follows`, by the commas before each."""
    within = np.where(commas == 1, words.given_parts, PART["trailing"])
    parts = np.where(commas == 0, words.family_parts, within)
    parts[words.starts[:-1]] = words.first_parts[words.starts[:-1]]
    return parts


def _direct_parts(words: Words) -> Ints:
    """The parts of words of headings without a comma."""
    starts, last = words.starts[:-1], words.starts[1:] - 1
    parts = np.full(len(words.at), PART["within"])
    parts[last] = PART["last"]
    parts[starts] = np.where(starts == last, PART["only"], PART["first"])
    return parts


def _commas_within(words: Words) -> Ints:
    """Words of each heading that end in a comma, but for its last."""
    before = np.concatenate([[0], np.cumsum(words.ending_in_comma)])
    return np.asarray(before[words.starts[1:] - 1] - before[words.starts[:-1]])


def _words_in_parts(words: Words, parts: Ints, times: Counts) -> _Seen:
    """What single words teach, each in its part."""
    pairs, places = np.unique(words.at * len(PARTS) + parts, return_inverse=True)
    counts = np.bincount(places, weights=times, minlength=len(pairs)).astype(np.int64)
    at, part = np.divmod(pairs, len(PARTS))
    known = np.fromiter((word.strip(",") != "" for word in words.distinct), np.bool_, len(words.distinct))[at]
    at, part, counts = at[known], part[known], counts[known]
    kinds = words.kinds[at]
    return {
        WORD: (of_part(words.texts[at], part), counts),
        ENDING: (of_part(of_kind(words.endings[at], kinds), part), counts),
        KIND: ((kinds * len(PARTS) + part).astype(np.uint64), counts),
    }


def _of_several(words: Words, starts: Ints, ends: Ints, times: Counts) -> tuple[Hashes, Counts]:
    """Runs of more than one word."""
    several = ends - starts > 1
    return words.hashes(starts[several], ends[several]), times[several]


def _counted(name: str, lengths: Ints, times: Counts) -> dict[str, int]:
    counts = np.bincount(lengths, weights=times)
    return {f"{name} {length}": int(counts[length]) for length in np.flatnonzero(counts).tolist()}
