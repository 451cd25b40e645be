"""How two titles relate, given their words as :func:`pipelines.works.title_words.title_words` gives them."""

from __future__ import annotations

import re
from collections import Counter
from enum import IntEnum
from typing import Final

from rapidfuzz.distance import LCSseq

from pipelines.works.han_titles import NAMED_PARTS, has_han
from pipelines.works.numerals import COUNTED, number_of, roman_number
from pipelines.works.telling_titles import count_letters
from pipelines.works.texts_about_texts import ABOUT, is_about, is_about_in_part
from pipelines.works.title_words import MARK, NUMBERED
from pipelines.works.word_likeness import are_akin, are_short_slips, are_spellings

#: Words that turn a title into another: ``non-small cells``, ``without surgery``.
NEGATIONS: Final = frozenset(["non", "not", "no", "without", "never", "neither", "nor", "pre", "post", "anti", "sub"])

_NO_IN_HAN: Final = frozenset("非无無不未反")

#: What a series is called: what follows such a name is the title of one of it (``…, memoir: the Oslo region``).
_SERIES: Final = frozenset(
    """
    memoir memoirs bulletin bulletins circular circulars monograph monographs papers report reports memoire memoires
    mitteilungen schriften abhandlungen
    """.split()  # noqa: SIM905
)


class TitleRelation(IntEnum):
    """How two titles relate, from strangers to equals."""

    OTHER = 0
    #: The same but for a number, or for the letter of a part: parts, volumes, years of one series.
    NUMBERED = 1
    #: One says that it is about the other: a correction, comment, review, data set.
    ABOUT = 2
    #: Words are exchanged for unlike ones, or one says no where the other does not: companion papers are so, too.
    EXCHANGED = 3
    #: Words are exchanged for words that begin alike: other forms, abbreviations, bad slips.
    REWORDED = 4
    #: Words are missing in the middle of one.
    OMITTED = 5
    #: One is the beginning or the end of the other: a subtitle or a label is missing.
    CONTAINED = 6
    #: Equal but for the spelling of words.
    MISSPELT = 7
    EQUAL = 8


#: Relations that a label in front of one of the titles may hide a better one behind.
_DOUBTFUL: Final = frozenset({TitleRelation.OTHER, TitleRelation.EXCHANGED, TitleRelation.REWORDED})
#: Words of a title that are compared; where people write an abstract as a title the beginning tells.
MOST_WORDS: Final = 60
#: A title of so many words is one, though the rest of it is cut off.
WORDS_BEFORE_A_CUT: Final = 4
#: Longer numbers are years, sizes, names.
_MOST_DIGITS_OF_A_PART: Final = 2
#: Shorter words with a letter lost in the middle may be any.
_SHORTEST_HALVED: Final = 6
_DIGIT: Final = re.compile(r"\d")
#: From this share of equal letters on two titles may be wordings of one.
LEAST_SHARE: Final = 0.5
#: Titles with this share of equal letters may have a slip in a short word.
SHARE_OF_A_SLIP: Final = 0.9
#: Titles of one series have this share of letters in common at least.
SERIES_SHARE: Final = 0.6
#: Below this share of equal words a title is not looked at word by word.
HOPELESS_SHARE: Final = 0.25


def compare_titles(first: str, second: str) -> tuple[TitleRelation, float]:
    """How the words of two titles relate, and the share of the longer one's letters that both have. Symmetric."""
    a, b = (with_numbers(text.split()[:MOST_WORDS]) for text in (first, second))
    relation, share = _compare_words(a, b)
    if relation in _DOUBTFUL:
        bare_a, bare_b = _without_label(a, b), _without_label(b, a)
        if (bare_a is None) != (bare_b is None):
            left_a, left_b = bare_a or a, bare_b or b
            without = _compare_words(left_a, left_b)
            # Two titles proper with one subtitle are not a title with and without its label.
            if without[0] >= TitleRelation.REWORDED and left_a[:1] == left_b[:1]:
                return min(without[0], TitleRelation.CONTAINED), without[1]
    if _may_be_cut_off(a, b, relation):
        without = _compare_words(_without_end(a), _without_end(b))
        if without[0] >= TitleRelation.CONTAINED:
            return TitleRelation.CONTAINED, without[1]
    return relation, share


def _may_be_cut_off(a: list[str], b: list[str], relation: TitleRelation) -> bool:
    """Whether one of two titles was cut off, and they may be nearer than its last word lets them be.

    A title that goes on with a number where the other ends is another part, wherever that was cut off.
    """
    if not (a[-1:] == [MARK] or b[-1:] == [MARK]) or relation is TitleRelation.ABOUT:
        return False
    if relation is TitleRelation.NUMBERED:
        return all(left_over(_unmarked(a), _unmarked(b)))
    return relation < TitleRelation.CONTAINED


def _without_end(marked: list[str]) -> list[str]:
    """A title that was cut off without its last word, which may be a part of one; another as it is."""
    return marked[:-2] if marked[-1:] == [MARK] else marked


def _without_label(marked: list[str], other: list[str]) -> list[str] | None:
    """A title without what stands before its first MARK, where the other title has nothing of that; else None.

    ``Competition paper - A system of rats``; what says that it is a comment, or counts, is no label.
    """
    cut = marked.index(MARK) if MARK in marked else 0
    label = marked[:cut]
    telling = not label or is_about_in_part(label, in_front=True)
    telling |= any(word in other or word in ABOUT or word in NEGATIONS or _is_number(word) for word in label)
    return None if telling or len(marked) - cut <= WORDS_BEFORE_A_CUT else marked[cut + 1 :]


def _compare_words(marked_a: list[str], marked_b: list[str]) -> tuple[TitleRelation, float]:
    """:func:`compare_titles` of two titles as they are."""
    a, b = _unmarked(marked_a), _unmarked(marked_b)
    if "".join(a) == "".join(b):
        return TitleRelation.EQUAL, 1.0
    only_a, only_b = left_over(a, b)
    longer = max(count_letters(a), count_letters(b), 1)
    if any(map(_is_han, only_a)) and any(map(_is_han, only_b)):
        return _compare_han(only_a, only_b, longer)
    if min(count_letters(only_a), count_letters(only_b)) > (1 - HOPELESS_SHARE) * longer:
        # Not even as spellings of each other could so many words make one title.
        return TitleRelation.OTHER, HOPELESS_SHARE
    spelt = _spellings(only_a, only_b) if only_a and only_b else []
    _rejoin(only_a, only_b, a)
    _rejoin(only_b, only_a, b)
    share = 1 - max(count_letters(only_a), count_letters(only_b)) / longer
    if _numbers_tell(only_a, only_b):
        return (TitleRelation.NUMBERED if share >= SERIES_SHARE else TitleRelation.OTHER), share
    if only_a and only_b:
        return _exchanged(only_a, only_b, share)
    short, long = (a, marked_b) if not only_a else (b, marked_a)
    return _shortened(short, long, only_a or only_b, spelt, share), share


def _compare_han(only_a: list[str], only_b: list[str], longer: int) -> tuple[TitleRelation, float]:
    """The relation of titles of which both have Chinese words of their own, by their characters.

    A character more or less may be a wording, but for one that says no; one for another is another word.
    """
    first, second = "".join(only_a), "".join(only_b)
    common = int(LCSseq.similarity(first, second))
    share = 1 - max(count_letters(only_a), count_letters(only_b)) * (1 - common / max(len(first), len(second))) / longer
    is_shortened = common == min(len(first), len(second)) and not _NO_IN_HAN.intersection({*first} ^ {*second})
    if share >= LEAST_SHARE and is_shortened:
        return TitleRelation.OMITTED, share
    return (TitleRelation.EXCHANGED if share >= LEAST_SHARE else TitleRelation.OTHER), share


def _exchanged(only_a: list[str], only_b: list[str], share: float) -> tuple[TitleRelation, float]:
    """The relation of titles that both have words of their own."""
    if "".join(only_a) == "".join(only_b):
        return TitleRelation.MISSPELT, 1.0
    if share < LEAST_SHARE:
        return TitleRelation.OTHER, share
    return (TitleRelation.REWORDED if _are_forms(only_a, only_b, share) else TitleRelation.EXCHANGED), share


def _are_forms(only_a: list[str], only_b: list[str], share: float) -> bool:
    """Whether each word of the shorter list is another form of one of the longer, and none turns the meaning."""
    if NEGATIONS.intersection(only_a) or NEGATIONS.intersection(only_b):
        return False
    few, many = sorted((only_a, only_b), key=lambda words: (len(words), words))
    left = [*many]
    for word in few:
        akin = next((other for other in left if are_akin(word, other)), None)
        if akin is None and share >= SHARE_OF_A_SLIP:
            akin = next((other for other in left if are_short_slips(word, other)), None)
        if akin is None:
            return False
        left.remove(akin)
    return True


def _shortened(
    short: list[str], marked: list[str], missing: list[str], spelt: list[tuple[str, str]], share: float
) -> TitleRelation:
    """The relation of a title to a longer one that has all its words, and ``missing`` besides."""
    if not missing:
        return TitleRelation.MISSPELT
    if is_about(missing) or _says_in_part(short, marked, missing):
        return TitleRelation.ABOUT
    renamed = {x: y for pair in spelt for x, y in (pair, pair[::-1])}
    # A sequel, a new series: ``続``, ``新``.
    is_sequel = all(len(word) == 1 and has_han(word) for word in missing)
    if is_sequel or _is_counted(short, marked, renamed):
        return TitleRelation.NUMBERED
    of_series = bool(short) and short[-1] in _SERIES and marked[-1] in missing
    if _is_end_of(short, marked, renamed) and not of_series:
        return TitleRelation.CONTAINED
    if NEGATIONS.intersection(missing):
        return TitleRelation.EXCHANGED
    return TitleRelation.OMITTED if share >= LEAST_SHARE and not of_series else TitleRelation.OTHER


def _says_in_part(short: list[str], marked: list[str], missing: list[str]) -> bool:
    """Whether a part of the longer title that the other lacks says that it is about the other.

    A part stands between MARKs, or in front of the other title as it is (``Supplement to a model of rats``).
    """
    words = _unmarked(marked)
    extra = len(words) - len(short)
    if words[extra:] == short and is_about_in_part(words[:extra], in_front=True):
        return True
    parts = " ".join(marked).split(MARK)
    lacked = [(i, part.split()) for i, part in enumerate(parts) if not Counter(part.split()) - Counter(missing)]
    return any(is_about_in_part(part, in_front=i == 0) for i, part in lacked)


def _unmarked(marked: list[str]) -> list[str]:
    """The words without MARKs."""
    return [word for word in marked if word != MARK]


def with_numbers(words: list[str]) -> list[str]:
    """``words`` with Roman numerals, ordinals, and numerals behind ``part`` and the like, as digits."""
    found = []
    for position, word in enumerate(words):
        before = words[position - 1] if position else ""
        small = COUNTED.get(word) if before in NUMBERED else None
        is_last = position + 1 == len(words) or words[position + 1] == MARK
        large = roman_number(word, with_hundreds=True) if before in NUMBERED or (before == MARK and is_last) else None
        found.append(small or large or number_of(word) or word)
    return found


def left_over(a: list[str], b: list[str]) -> tuple[list[str], list[str]]:
    """The words of each of two titles that the other has not, or not so often; in the order of the alphabet."""
    count_a, count_b = Counter(a), Counter(b)
    return sorted((count_a - count_b).elements()), sorted((count_b - count_a).elements())


def _spellings(only_a: list[str], only_b: list[str]) -> list[tuple[str, str]]:
    """Take words that are spellings of each other out of both lists, the nearest first; returns them."""
    words_a, words_b = ([word for word in dict.fromkeys(words) if _may_be_misspelt(word)] for words in (only_a, only_b))
    near = sorted((*sorted((x, y)), x, y) for x in words_a for y in words_b if are_spellings(x, y))
    found = []
    for _, _, x, y in near:
        while x in only_a and y in only_b:
            only_a.remove(x)
            only_b.remove(y)
            found.append((x, y))
    return found


def _may_be_misspelt(word: str) -> bool:
    return word.isascii() and not _is_number(word)


def _rejoin(words: list[str], joined: list[str], title: list[str]) -> None:
    """Take two words of a title that the other title writes as one out of both lists.

    The second may be a word that both have: ``semi structured``, and ``structured and semistructured``. What stands
    between them may be a letter that was lost on the way: ``Th?mis``, ``Thémis``.
    """
    for whole in [*joined]:
        lost = next(((x, y) for x in words for y in words if x != y and _is_of_halves(whole, x, y)), None)
        if lost:
            joined.remove(whole)
            words.remove(lost[0])
            words.remove(lost[1])
            continue
        for x in [*words]:
            y = whole[len(x) :]
            if not y or not whole.startswith(x) or y not in title or (x == y and title.count(x) == 1):
                continue
            joined.remove(whole)
            words.remove(x)
            if y in words:
                words.remove(y)
            else:
                joined.append(y)
            break


def _is_of_halves(whole: str, x: str, y: str) -> bool:
    """Whether two words are the halves of a longer one but for one letter between them."""
    is_halved = len(whole) == len(x) + 1 + len(y) >= _SHORTEST_HALVED
    return is_halved and whole.startswith(x) and whole.endswith(y)


def _is_number(word: str) -> bool:
    lone = len(word) == 1 and (word in NAMED_PARTS or not has_han(word))
    return lone or _DIGIT.search(word) is not None


def _is_han(word: str) -> bool:
    return not word.isascii() and has_han(word) and not _is_number(word)


def _numbers_tell(only_a: list[str], only_b: list[str]) -> bool:
    """Whether it is numbers that tell two titles apart: both have their own, or one has but a number of its own."""
    if only_a and only_b:
        return any(map(_is_number, only_a)) and any(map(_is_number, only_b))
    left = only_a or only_b
    return bool(left) and all(_is_number(word) or word in NUMBERED for word in left)


def _is_end_of(short: list[str], marked: list[str], renamed: dict[str, str]) -> bool:
    """Whether ``short`` is how a longer title begins or ends, up to or from a MARK, spellings apart.

    A title of many words may be cut off anywhere, as catalogues do.
    """
    if len(short) >= WORDS_BEFORE_A_CUT:
        words = _unmarked(marked)
        if _are_spelt(short, words[: len(short)], renamed):
            return True
    cuts = [position for position, word in enumerate(marked) if word == MARK]
    parts = [part for cut in cuts for part in (marked[:cut], marked[cut + 1 :])]
    return any(_are_spelt(short, _unmarked(part), renamed) for part in parts)


def _is_counted(short: list[str], marked: list[str], renamed: dict[str, str]) -> bool:
    """Whether the longer title goes on with a number that stands alone: ``X`` and ``X II: fibred boundary``."""
    words = [position for position, word in enumerate(marked) if word != MARK]
    if len(words) == len(short) or not _are_spelt(short, [marked[i] for i in words[: len(short)]], renamed):
        return False
    rest = marked[words[len(short)] :]
    if rest[0] in NUMBERED:
        rest = rest[1:]
    return bool(rest) and _is_small_number(rest[0]) and (len(rest) == 1 or rest[1] == MARK)


def _is_small_number(word: str) -> bool:
    return word.isdigit() and len(word) <= _MOST_DIGITS_OF_A_PART


def _are_spelt(short: list[str], part: list[str], renamed: dict[str, str]) -> bool:
    return len(short) == len(part) and all(x == y or renamed.get(x) == y for x, y in zip(short, part, strict=True))
