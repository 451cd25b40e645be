"""Cutting names that have run together, by the work keys of the record.

A page as text shows `Ahmadi, Mahdi Mahmoodi, Monireh`; where one heading ends is lost. Each of
VuFind's keys `AT author title` holds the fold of one heading (VuFind 10, import/marc.properties,
getWorkKeys), so a run of words is a heading where its fold is the author part of a key. A cut is
made only where the keys leave no other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from pipelines.folding import fold

#: VuFind cuts each part of a key to this length: Java in UTF-16 units, PHP in code points.
LONGEST_KEY_PART: Final = 255

#: More ways than this to cut a text are not compared; it stays whole.
_MOST_WAYS: Final = 256

#: No heading has more words; of a text of signs that fold to nothing each run of them would be looked at.
_MOST_WORDS_OF_A_HEADING: Final = 1_000

#: Nor are more characters folded to cut one text, which takes a second: thousands of names need less, and many runs of
#: words that fold to the same leave no single way to cut it.
_MOST_FOLDED: Final = 1 << 24

#: Folds of longer runs are not kept: they do not come again, and would fill the memory.
_LONGEST_KEPT: Final = 2 * LONGEST_KEY_PART

_cached_fold: Final = lru_cache(maxsize=1 << 16)(fold)
_fold_word: Final = lru_cache(maxsize=1 << 16)(fold)

#: Words of Latin, Greek, Cyrillic, Hebrew and Han, with marks but at their beginning, and one blank between them. Some
#: rules of ICU look over a blank (at the micro sign, the Greek iota below, Arabic and Kana), none of these words'.
_LETTERS: Final = "!-~¡-´¶-ɏḀ-ỿΆ-ώЀ-ԯא-ת一-鿿"
_WORD: Final = rf"[{_LETTERS}][{_LETTERS}\u0300-\u0344]*"
_FOLDED_ALONE: Final = re.compile(_WORD)
_FOLDED_WORD_BY_WORD: Final = re.compile(rf"{_WORD}(?: {_WORD})*")


class _Edge(NamedTuple):
    """Words up to ``end`` are the heading of key ``key``."""

    end: int
    key: int


def author_parts(work_keys: Sequence[str]) -> list[str]:
    """The distinct author parts of keys of kind AT, in order of first sight.

    A key is three words; one with more was made without folding, and where its author ends is unknown.
    """
    parts = (key.split(" ") for key in work_keys)
    return list(dict.fromkeys(words[1] for words in parts if len(words) == 3 and words[0] == "AT" and words[1]))


def cut_authors(
    text: str, parts: Sequence[str], first: str | None = None, *, all_parts: bool = False
) -> list[str] | None:
    """The headings that ``text`` is, or ``None`` where ``parts`` do not settle it.

    Each heading folds to one of ``parts`` (author parts of keys, usually in the order of the
    headings; a heading may repeat, parts may be left over). ``first`` is the heading the text must
    begin with where it is known and does so, which is VuFind's ``author_sort``. ``all_parts`` says
    that the parts are of headings of this text alone. Of several ways to cut, the one that uses all
    parts, else the one in the order of the parts is taken, provided there is just one.
    """
    words = text.split(" ")
    if first is not None and text == first:
        return [text]
    starts_with_first = first is not None and text.startswith(f"{first} ")
    forced = len(first.split(" ")) if first is not None and starts_with_first else 0
    known = list(parts)
    if first is not None and starts_with_first and _cached_fold(first) not in known:
        known.insert(0, _cached_fold(first))
    only = _only_way(text, words, known, forced)
    if only:
        return [" ".join(words[start:end]) for start, end in zip((0, *only[:-1]), only, strict=True)]
    edges = _edges(words, known, forced) if only is None else None
    ways = _ways(edges, len(words)) if edges else None
    if not ways:
        return None if first is None else cut_authors(text, parts, all_parts=all_parts)
    if all_parts and not _settled(ways):
        ways = [way for way in ways if len({edge.key for edge in way}) == len(known)]
    if not _settled(ways):
        ways = [way for way in ways if _in_order(way)]
    if not _settled(ways):
        return None
    ends = [edge.end for edge in ways[0]]
    return [" ".join(words[start:end]) for start, end in zip((0, *ends[:-1]), ends, strict=True)]


def _only_way(text: str, words: list[str], parts: Sequence[str], forced: int) -> list[int] | None:
    """Where the headings of a text end, if there is one way at most to cut it: empty where there is none.

    ``None`` where that is not sure. It is where no part begins another and a run of words has the folds of the words
    for its own: then one heading at most begins at a word.
    """
    longest = max(map(len, parts), default=0)
    if 2 * longest >= LONGEST_KEY_PART or not _FOLDED_WORD_BY_WORD.fullmatch(text):
        return None
    ordered = sorted(parts)
    if any(after.startswith(before) for before, after in pairwise(ordered)):
        return None
    folds = [_fold_word(word) for word in words]
    if not all(folds):
        return None
    known, ends, run = frozenset(parts), list[int](), ""
    for end, folded in enumerate(folds, 1):
        run += folded
        if run in known and (ends or not forced or end == forced):
            ends.append(end)
            run = ""
        elif len(run) > longest or (end == forced and not ends):
            return []
    return [] if run else ends


def fold_alone(word: str) -> str:
    """What a word is folded to, whatever words stand beside it; "" where they may matter, or nothing is left of it."""
    return _fold_word(word) if _FOLDED_ALONE.fullmatch(word) else ""


def _settled(ways: list[list[_Edge]]) -> bool:
    """Whether the ways cut at the same words."""
    return len(ways) == 1 or len({tuple(edge.end for edge in way) for way in ways}) == 1


def _in_order(way: list[_Edge]) -> bool:
    return all(one.key < other.key for one, other in pairwise(way))


def _edges(words: list[str], parts: Sequence[str], forced: int) -> list[list[_Edge]] | None:
    """For each word that a heading can begin with, the headings from there; a run of words may fit several keys.

    ``None`` where too many runs of words would have to be folded.
    """
    index = {part: number for number, part in enumerate(parts)}
    cut_parts = [(number, part) for number, part in enumerate(parts) if _is_cut(part)]
    longest = max(map(len, parts), default=0)
    edges: list[list[_Edge]] = [[] for _ in words]
    reachable = [False] * (len(words) + 1)
    reachable[0] = True
    left = _MOST_FOLDED
    for start in range(len(words)):
        if not reachable[start]:
            continue
        last = min(start + _MOST_WORDS_OF_A_HEADING, len(words))
        for end in [forced] if start == 0 and forced else range(start + 1, last + 1):
            run = " ".join(words[start:end])
            left -= len(run)
            if left < 0:
                return None
            folded = fold(run) if len(run) > _LONGEST_KEPT else _cached_fold(run)
            key = index.get(folded)
            of_cut = None
            if cut_parts:
                of_cut = next((number for number, part in cut_parts if folded.startswith(part)), None)
                key = of_cut if key is None else key
            if key is not None:
                edges[start].append(_Edge(end, key))
                reachable[end] = True
            if len(folded) > longest and of_cut is None:
                break
    return edges


def _is_cut(part: str) -> bool:
    # A character is one unit of UTF-16 or two.
    if 2 * len(part) < LONGEST_KEY_PART:
        return False
    return len(part) == LONGEST_KEY_PART or len(part.encode("utf-16-le")) // 2 == LONGEST_KEY_PART


def _ways(edges: list[list[_Edge]], length: int) -> list[list[_Edge]] | None:
    """Every way through the edges from the first word to behind the last; ``None`` where there are too many."""
    counts = [0] * length + [1]
    for start in range(length - 1, -1, -1):
        counts[start] = sum(counts[edge.end] for edge in edges[start])
    if counts[0] > _MOST_WAYS:
        return None
    ways: list[list[_Edge]] = []
    stack: list[tuple[int, list[_Edge]]] = [(0, [])] if counts[0] else []
    while stack:
        start, way = stack.pop()
        if start == length:
            ways.append(way)
            continue
        stack.extend((edge.end, [*way, edge]) for edge in edges[start] if counts[edge.end])
    return ways
