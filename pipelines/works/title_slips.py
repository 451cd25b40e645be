"""Titles that are one but for slips of the hand: a letter lost, added, exchanged, a blank at the wrong place.

Word by word (:mod:`pipelines.works.titles`) a slip in a short word, or in a stop word, looks like another word, and a
lone letter like a number. Letter by letter, with all words, it does not.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Editop, Levenshtein

from pipelines.works.title_words import STOP_WORDS, whole_words
from pipelines.works.titles import NEGATIONS, TitleRelation, left_over, with_numbers
from pipelines.works.word_likeness import are_contrary

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

#: Titles that are less alike (percent) are not looked at letter by letter.
_LEAST_ALIKE: Final = 80.0
#: A title of fewer letters may be another by one of them; one of more may have two slips.
_FEWEST_LETTERS: Final = 16
_LETTERS_OF_TWO_SLIPS: Final = 30
#: Two edits that stand so near are one slip if two letters changed places, and none else: ``male``, ``female``.
_NEAR: Final = 2
#: Of a shorter word another first or last letter makes another: ``rats``, ``cats``; ``Iran``, ``Iraq``.
_SHORT_WORD: Final = 5
#: Letters that a scanner takes for others: a digit within a word, and two letters that look like one.
_DIGITS_READ: Final = tuple(str.maketrans("01", letters) for letters in ("ol", "oi"))
_LETTERS_READ: Final = frozenset({("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("vv", "w"), ("w", "vv")})
#: Fewer letters beside a digit are a sign of something, and no word: ``H1N1``.
_FEWEST_BESIDE_DIGITS: Final = 3
#: Two slips are seen in no more words than these.
_MOST_WORDS: Final = 6
_DIGIT: Final = re.compile(r"\d")
_WITHIN_WORDS: Final = re.compile(r"[01][a-z]|[a-z][01]")


def with_slips(names: pa.Array, a: Ints, b: Ints, title: Ints, share: Floats) -> tuple[Ints, Floats]:
    """``title`` (TitleRelation) and ``share`` of pairs, nearer where letter by letter they are one but for slips.

    ``names`` are the titles, ``a`` and ``b`` positions in them. Titles that share no letters are passed over.
    """
    doubtful = np.flatnonzero((share > 0) & (title < TitleRelation.MISSPELT))
    if not len(doubtful):
        return title, share
    rows, inverse = np.unique(np.concatenate([a[doubtful], b[doubtful]]), return_inverse=True)
    texts = np.array(whole_words(names.take(pa.array(rows))).to_pylist(), dtype=object)
    first, second = texts[inverse[: len(doubtful)]], texts[inverse[len(doubtful) :]]
    alike = process.cpdist(first, second, scorer=fuzz.ratio, workers=1, score_cutoff=_LEAST_ALIKE)
    title, share = title.copy(), share.copy()
    for place in np.flatnonzero(alike).tolist():
        pair, common = doubtful[place], share_but_for_slips(first[place], second[place])
        if common == 1:
            title[pair], share[pair] = TitleRelation.MISSPELT, 1
        elif common and title[pair] < TitleRelation.REWORDED:
            title[pair], share[pair] = TitleRelation.REWORDED, common
    return title, share


def share_but_for_slips(first: str, second: str) -> float:
    """The share of letters in common of two titles (words divided by blanks) that differ by slips; else 0. Symmetric.

    1 where blanks, or digits read for letters, alone differ. Numbers, lone letters on both sides and what says no are
    no slips.
    """
    a, b = _read_alike(first.split(), second.split())
    letters = "".join(a), "".join(b)
    if letters[0] == letters[1]:
        return 1.0
    longest = max(map(len, letters))
    if longest < _FEWEST_LETTERS or not (first.isascii() and second.isascii()):
        return 0.0
    only_a, only_b = left_over(with_numbers(a), with_numbers(b))
    if any(_DIGIT.search(word) or word in NEGATIONS for word in (*only_a, *only_b)):
        return 0.0
    if (
        not (only_a and only_b)
        or max(len(only_a), len(only_b)) > _MOST_WORDS
        or (_has_lone_letter(only_a) and _has_lone_letter(only_b))
    ):
        return 0.0
    if any(_are_two_words(x, y) for x in only_a for y in only_b):
        return 0.0
    # In one order, for where edits stand is told by the first of the two.
    slips = _count_slips(*sorted(letters))
    most = 2 if longest >= _LETTERS_OF_TWO_SLIPS else 1
    return 1 - slips / longest if 0 < slips <= most else 0.0


def _read_alike(a: list[str], b: list[str]) -> tuple[list[str], list[str]]:
    """The words of two titles, where one of digits and letters (``h0use``) reads as the other title has it."""
    if not (_WITHIN_WORDS.search(" ".join(a)) or _WITHIN_WORDS.search(" ".join(b))):
        return a, b
    words_a, words_b = frozenset(a), frozenset(b)
    return [_as_read(word, words_b) for word in a], [_as_read(word, words_a) for word in b]


def _as_read(word: str, words: frozenset[str]) -> str:
    """``word``, or that of ``words`` which it is where its digits stand for letters."""
    if word in words or word.isalpha() or len(_DIGIT.sub("", word)) < _FEWEST_BESIDE_DIGITS:
        return word
    return next((read for table in _DIGITS_READ if (read := word.translate(table)) in words), word)


def _has_lone_letter(words: list[str]) -> bool:
    return any(len(word) == 1 for word in words)


def _are_two_words(x: str, y: str) -> bool:
    """Whether two words that differ by a letter are no slip of one another, but two words."""
    if x in STOP_WORDS or y in STOP_WORDS:
        return False
    # A letter in front makes another word: typical, atypical; ethanol, methanol; Essex, Wessex.
    if x[1:] == y or y[1:] == x:
        return True
    if x[1:] == y[1:] or (x[:-1] == y[:-1] and len(x) == len(y)):
        return len(x) < _SHORT_WORD
    return are_contrary(x, y)


def _count_slips(first: str, second: str) -> int:
    """How many slips make one text of another; 0 where edits stand together that are no slip."""
    groups: list[list[Editop]] = []
    for edit in Levenshtein.editops(first, second):
        if groups and edit.src_pos - groups[-1][-1].src_pos <= _NEAR:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    if any(len(group) > 1 and not _is_one_slip(first, second, group) for group in groups):
        return 0
    return len(groups)


def _is_one_slip(first: str, second: str, edits: list[Editop]) -> bool:
    """Whether two edits are of two neighbouring letters that changed places, or of two that look like one."""
    if len(edits) != 2:
        return False
    kinds = {edit.tag for edit in edits}
    longer_first, longer_second = "delete" in kinds, "insert" in kinds
    x = first[edits[0].src_pos :][: 2 - (longer_second and not longer_first)]
    y = second[edits[0].dest_pos :][: 2 - (longer_first and not longer_second)]
    return (len(x) == len(y) == 2 and x == y[::-1]) or (x, y) in _LETTERS_READ
