"""Titles as they are compared: words without what databases add, and how the words of two titles relate.

:func:`title_words` works on columns, :func:`compare_titles` on one pair of distinct titles; the first folds, the
second never does.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import IntEnum
from typing import Final

import icu
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz

#: Words that cataloguers add, drop and translate freely, in the main languages of libraries; folded.
STOP_WORDS: Final = frozenset(
    """
    the of and for in on a an to with by from at as is are its their or using via de la le les des du et un une en
    el los las del y e da do dos das em no na der die das und fur von im zur zum ein eine mit i il lo gli di della
    degli per su het een van voor och av som
    """.split()  # noqa: SIM905
)

#: What databases append to a title: notes on errata, kinds of text, numbers of references, the session
#: of a meeting, the original title. Seen in MEDLINE, Embase, the Cochrane databases, ACM and DBLP.
_NOTE_WORDS: Final = (
    r"(?:erratum|errata|corrected|correction|republished|comment|see comment|update|published erratum|review|"
    r"\d+ refs?|original|structured abstract|provisional abstract|proceedings|meeting abstract|abstract|summary)"
)
_NOTES: Final = (
    rf"(?i)\s*\[{_NOTE_WORDS}\b[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]?",
    rf"(?i)\s*\({_NOTE_WORDS}\b[^()]*\)",
    r"(?i)\s*\((?:panel|tutorial|demo|demonstration|poster|keynote|invited|extended|experience)\b[^()]{0,20}\)",
    r"(?i)[\s:–—-]+(?:a )?book review\.?$",
    r"(?i)\s*<original>.*$",
)
_TAGS: Final = r"<[^<>]{1,40}>"

#: Stands between words where a subtitle, a parallel title or a label may begin or end.
MARK: Final = "|"
_UNIT: Final = "\x1f"
_BOUNDARY: Final = r",\s+|\s*[:;/|=?!()\[\]]\s*|\.\s+|\s+[-–—]+\s+|—"
_STOP: Final = rf"(^| )(?:{'|'.join(sorted(STOP_WORDS, key=len, reverse=True))})(?: |$)"

#: Roman numerals that are no words; i, v and x are numerals only behind a word that says so.
_ROMAN: Final = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16",
}  # fmt: skip
_SMALL_ROMAN: Final = {"i": "1", "v": "5", "x": "10", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_NUMBERED: Final = frozenset(
    """
    part vol volume band teil tome tomo phase type book chapter pt no number nr paper study section parte partie
    """.split()  # noqa: SIM905
)

#: ``Part I``: elsewhere a lone i is a word, "and" in some languages.
_FIRST_PART: Final = rf"\b({'|'.join(sorted(_NUMBERED))}) i\b"

#: Folds like VuFind's rules and keeps a blank between words.
_FOLD_WORDS: Final = icu.Transliterator.createFromRules(
    "title words",
    ":: NFD; :: lower; :: Latin; :: [:nonspacing mark:] Remove; [^[:letter:] [:number:] \\u001f]+ > ' ';"
    ":: NFKC; :: lower;",
    icu.UTransDirection.FORWARD,
)

#: Folded words by which a text says that it is about another one under that one's title.
_ABOUT: Final = frozenset(
    """
    correction corrections corrigendum corrigenda erratum errata addendum addenda retraction retracted withdrawal
    withdrawn comment comments commentary rejoinder reply replies response responses discussion dataset data
    supplementary supporting
    """.split()  # noqa: SIM905
)


def title_words(titles: pa.Array) -> pa.Array:
    """The words of each title, folded and divided by blanks, without stop words and what databases append.

    MARK stands where a subtitle, a parallel title or a label may begin or end. ``titles`` is a string array; null,
    and a title without words, give an empty text. A title of nothing but stop words keeps them.
    """
    texts = pc.fill_null(titles, "")
    for note in _NOTES:
        texts = pc.replace_substring_regex(texts, note, "")
    texts = pc.replace_substring_regex(texts, _TAGS, " ")
    texts = pc.replace_substring_regex(texts, "['’ʼ]", "")
    texts = pc.replace_substring_regex(texts, _BOUNDARY, _UNIT)
    plain = pc.replace_substring_regex(pc.ascii_lower(texts), f"[^a-z0-9{_UNIT}]+", " ")
    foreign = pc.invert(pc.string_is_ascii(texts))
    if pc.any(foreign).as_py():
        folded = [str(_FOLD_WORDS.transliterate(text)) for text in texts.filter(foreign).to_pylist()]
        plain = pc.replace_with_mask(plain, foreign, pa.array(folded, pa.string()))
    plain = pc.replace_substring_regex(plain, f" ?(?:{_UNIT} ?)+", f" {MARK} ")
    plain = pc.utf8_trim(plain, f" {MARK}")
    plain = pc.replace_substring_regex(plain, _FIRST_PART, r"\1 1")
    # Of two stop words in a row the first match takes the blank between them, so once more, and once more.
    kept = plain
    for _ in range(3):
        kept = pc.replace_substring_regex(kept, _STOP, r"\1")
    kept = pc.replace_substring_regex(kept, rf"\{MARK}(?: \{MARK})+", MARK)
    kept = pc.utf8_trim(kept, f" {MARK}")
    return pc.if_else(pc.equal(kept, ""), plain, kept)


def without_marks(words: pa.Array) -> pa.Array:
    """Words of titles without MARK."""
    return pc.replace_substring(words, f" {MARK} ", " ")


class TitleRelation(IntEnum):
    """How two titles relate, from strangers to equals."""

    OTHER = 0
    #: The same but for a number, or for the letter of a part: parts, volumes, years of one series.
    NUMBERED = 1
    #: One says that it is about the other: a correction, comment, review, data set.
    ABOUT = 2
    #: Words are exchanged for others.
    REWORDED = 3
    #: Words are missing in the middle of one.
    OMITTED = 4
    #: One is the beginning or the end of the other: a subtitle or a label is missing.
    CONTAINED = 5
    #: Equal but for the spelling of words.
    MISSPELT = 6
    EQUAL = 7


#: From this share of equal letters on two words are spellings of one, two titles wordings of one.
_SAME_WORD: Final = 75
_SHORTEST_MISSPELT: Final = 4
_MOST_LETTERS_APART: Final = 5
_DIGIT: Final = re.compile(r"\d")
LEAST_SHARE: Final = 0.5
#: Titles of one series have this share of letters in common at least.
SERIES_SHARE: Final = 0.6
#: Below this share of equal words a title is not looked at word by word.
HOPELESS_SHARE: Final = 0.25


def compare_titles(first: str, second: str) -> tuple[TitleRelation, float]:
    """How the words of two titles relate, and the share of the longer one's letters that both have. Symmetric."""
    marked_a, marked_b = _with_numbers(first.split()), _with_numbers(second.split())
    a, b = ([word for word in marked if word != MARK] for marked in (marked_a, marked_b))
    if "".join(a) == "".join(b):
        return TitleRelation.EQUAL, 1.0
    only_a, only_b = _left_over(a, b)
    longer = max(_letters(a), _letters(b), 1)
    if min(_letters(only_a), _letters(only_b)) > (1 - HOPELESS_SHARE) * longer:
        # Not even as spellings of each other could so many words make one title.
        return TitleRelation.OTHER, HOPELESS_SHARE
    spelt = _spellings(only_a, only_b) if only_a and only_b else []
    _rejoin(only_a, only_b)
    _rejoin(only_b, only_a)
    share = 1 - max(_letters(only_a), _letters(only_b)) / longer
    if _numbers_tell(only_a, only_b):
        return (TitleRelation.NUMBERED if share >= SERIES_SHARE else TitleRelation.OTHER), share
    if only_a and only_b:
        return _exchanged(only_a, only_b, share)
    short, long = (a, marked_b) if not only_a else (b, marked_a)
    return _shortened(short, long, only_a or only_b, spelt, share), share


def _exchanged(only_a: list[str], only_b: list[str], share: float) -> tuple[TitleRelation, float]:
    """The relation of titles that both have words of their own."""
    if "".join(only_a) == "".join(only_b):
        return TitleRelation.MISSPELT, 1.0
    return (TitleRelation.OTHER if share < LEAST_SHARE else TitleRelation.REWORDED), share


def _shortened(
    short: list[str], marked: list[str], missing: list[str], spelt: list[tuple[str, str]], share: float
) -> TitleRelation:
    """The relation of a title to a longer one that has all its words, and ``missing`` besides."""
    if not missing:
        return TitleRelation.MISSPELT
    if _ABOUT.intersection(missing):
        return TitleRelation.ABOUT
    renamed = {x: y for pair in spelt for x, y in (pair, pair[::-1])}
    if _is_end_of(short, marked, renamed):
        return TitleRelation.CONTAINED
    return TitleRelation.OMITTED if share >= LEAST_SHARE else TitleRelation.OTHER


def _letters(words: list[str]) -> int:
    return sum(map(len, words))


def _with_numbers(words: list[str]) -> list[str]:
    """``words`` with Roman numerals, and numerals behind ``part`` and the like, as digits."""
    found = []
    for position, word in enumerate(words):
        before = words[position - 1] if position else ""
        small = _SMALL_ROMAN.get(word) if before in _NUMBERED else None
        found.append(small or _ROMAN.get(word) or word)
    return found


def _left_over(a: list[str], b: list[str]) -> tuple[list[str], list[str]]:
    count_a, count_b = Counter(a), Counter(b)
    return sorted((count_a - count_b).elements()), sorted((count_b - count_a).elements())


def _spellings(only_a: list[str], only_b: list[str]) -> list[tuple[str, str]]:
    """Take words that are spellings of each other out of both lists, the nearest first; returns them."""
    words_a, words_b = ([word for word in dict.fromkeys(words) if _may_be_misspelt(word)] for words in (only_a, only_b))
    near = sorted(
        (-ratio, *sorted((x, y)), x, y)
        for x in words_a
        for y in words_b
        if abs(len(x) - len(y)) <= _MOST_LETTERS_APART and (ratio := fuzz.ratio(x, y)) >= _SAME_WORD
    )
    found = []
    for _, _, _, x, y in near:
        while x in only_a and y in only_b:
            only_a.remove(x)
            only_b.remove(y)
            found.append((x, y))
    return found


def _may_be_misspelt(word: str) -> bool:
    return len(word) >= _SHORTEST_MISSPELT and not _is_number(word)


def _rejoin(words: list[str], joined: list[str]) -> None:
    """Take two words that the other title writes as one out of both lists."""
    for whole in [*joined]:
        for x in words:
            y = whole[len(x) :]
            if y and whole.startswith(x) and y in words and (x != y or words.count(x) > 1):
                joined.remove(whole)
                words.remove(x)
                words.remove(y)
                break


def _is_number(word: str) -> bool:
    return len(word) == 1 or _DIGIT.search(word) is not None


def _numbers_tell(only_a: list[str], only_b: list[str]) -> bool:
    """Whether it is numbers that tell two titles apart: both have their own, or one has but a number of its own."""
    if only_a and only_b:
        return any(map(_is_number, only_a)) and any(map(_is_number, only_b))
    left = only_a or only_b
    return bool(left) and all(_is_number(word) or word in _NUMBERED for word in left)


def _is_end_of(short: list[str], marked: list[str], renamed: dict[str, str]) -> bool:
    """Whether ``short`` is how a longer title begins or ends, up to or from a MARK, spellings apart.

    A title of many words may be cut off anywhere, as catalogues do.
    """
    if len(short) >= WORDS_BEFORE_A_CUT:
        words = [word for word in marked if word != MARK]
        if _are_spelt(short, words[: len(short)], renamed):
            return True
    cuts = [position for position, word in enumerate(marked) if word == MARK]
    parts = [part for cut in cuts for part in (marked[:cut], marked[cut + 1 :])]
    return any(_are_spelt(short, [word for word in part if word != MARK], renamed) for part in parts)


def _are_spelt(short: list[str], part: list[str], renamed: dict[str, str]) -> bool:
    return len(short) == len(part) and all(x == y or renamed.get(x) == y for x, y in zip(short, part, strict=True))


#: A title of so many words is one, though the rest of it is cut off.
WORDS_BEFORE_A_CUT: Final = 4
#: Words and letters that make a title telling: enough to stand for the whole.
TELLING_WORDS: Final = 3
TELLING_LETTERS: Final = 18
#: Words of a title that no second text of the same person has by chance.
WORDS_OF_A_LONG_TITLE: Final = 8


def is_telling(words: str) -> bool:
    """Whether the words of a title say enough to stand for the whole: three words, or two long ones."""
    each = [word for word in words.split() if word != MARK]
    return len(each) >= TELLING_WORDS or sum(map(len, each)) >= TELLING_LETTERS


def is_long(words: str) -> bool:
    """Whether a title is so long that no second text of the same person has it by chance."""
    return sum(word != MARK for word in words.split()) >= WORDS_OF_A_LONG_TITLE
