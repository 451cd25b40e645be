"""Names written without a comma, divided into family name and given names.

Sources: IFLA, Names of Persons; the style of initials after the family name is that of the ICMJE
recommendations ("Smith JK"), which PubMed follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipelines.normalize.name_words import (
    CAPITAL_PARTICLES,
    LEADING_TITLE,
    LOWER_PARTICLES,
    PATRONYMIC,
    SHORT_FAMILY_NAMES,
    SUFFIXES,
    TRAILING_SUFFIX,
)
from pipelines.normalize.text import fold_name

_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.[-‐]?)*[^\W\d_]\.?")
_STUCK_INITIAL: Final = re.compile(r"(?<=[^\W\d_]\.)(?=[^\W\d_]{2})")
_VOWEL: Final = re.compile(r"[aeiouyаеиоуыэюяαεηιουω]")
_CONNECTIVES: Final = frozenset({"y", "e", "i", "und"})


@dataclass(frozen=True, slots=True)
class DirectName:
    """A divided name; ``given`` is None where it could not be divided."""

    family: str
    given: str | None
    suffixes: list[str]


def divide_direct_name(text: str) -> DirectName:
    """Divide ``Given Family``, ``Given van der Family``, ``Family GN`` or a Russian name with patronymic last."""
    text, suffixes = split_trailing_suffix(LEADING_TITLE.sub("", text), least=2)
    words = [word for word in _STUCK_INITIAL.sub(" ", text).split() if any(map(str.isalpha, word))]
    family, given = _divide(words)
    if not family or not given:
        return DirectName(" ".join(words), None, suffixes)
    return DirectName(without_final_stop(" ".join(family)), " ".join(given), suffixes)


def _divide(words: list[str]) -> tuple[list[str], list[str]]:
    """The words of the family name and of the given names; one of them is empty where there is no telling."""
    if "of" in words or len(words) < 2:
        return words, []
    if len(words) == 3 and PATRONYMIC.search(words[2]):
        return words[:1], words[1:]
    is_shouted = " ".join(words).isupper()
    start = len(words)
    while start and is_initials(words[start - 1], is_shouted=is_shouted):
        start -= 1
    if start == 0:
        ends_in_name = not words[-1].endswith(".") and all(word.endswith(".") for word in words[:-1])
        return (words[-1:], words[:-1]) if ends_in_name else (words, [])
    if start < len(words) and not any(is_initials(word) for word in words[:start]):
        return words[:start], words[start:]
    start = _family_start(words)
    return words[start:], words[:start]


def _family_start(words: list[str]) -> int:
    """Where the family name with its particles begins; 0 where all of the name is family name."""
    start = len(words) - 1
    while start > 1:
        if words[start - 1] in _CONNECTIVES:
            if start < 3:
                break
            start -= 2
        elif is_particle(words[start - 1]):
            start -= 1
        else:
            break
    return 0 if start == 1 and words[0].islower() and is_particle(words[0]) else start


def is_particle(word: str) -> bool:
    """Whether a word is a particle of family names; initials ("D.") are none."""
    folded = fold_name(word)
    if word[0].islower():
        return folded in LOWER_PARTICLES and not word.endswith(".")
    return folded in CAPITAL_PARTICLES and len(folded) > 1 and (not word.endswith(".") or folded == "st")


def is_initials(word: str, *, is_shouted: bool = False) -> bool:
    """Whether a word is one or more initials: ``J``, ``J.K.``, ``JK`` (but not ``LI``, nor in shouted names).

    Romanised Cyrillic may have two letters under one tie (``I︠U︡.``).
    """
    if _INITIALS.fullmatch(word) or ("\ufe20" in word and word.endswith(".") and len(fold_name(word)) == 2):
        return word[0].isupper()
    if is_shouted or not (word.isalpha() and word.isupper() and 2 <= len(word) <= 3):
        return False
    return word.casefold() not in SHORT_FAMILY_NAMES


def split_trailing_suffix(text: str, least: int) -> tuple[str, list[str]]:
    """Text without a suffix at its end, and the suffix as it is written; ``least`` words must be left."""
    words = text.split()
    if len(words) > least and (TRAILING_SUFFIX.match(words[-1]) or (least == 1 and words[-1] in {"Ii", "Iii"})):
        return " ".join(words[:-1]), [SUFFIXES[words[-1].rstrip(".").casefold()]]
    return text, []


def without_final_stop(text: str) -> str:
    """Text without a full stop that ends the heading; one that marks an initial or abbreviation stays."""
    if not text.endswith("."):
        return text
    bare = text.rstrip(". ")
    words = bare.split()
    if not words:
        return ""
    last = fold_name(words[-1])
    is_abbreviation = (
        len(last) == 1
        or "." in words[-1]
        or (len(last) <= 3 and not _VOWEL.search(last))
        or (len(last) <= 3 and any(word.endswith(".") for word in words[:-1]))
    )
    return bare + "." if is_abbreviation else bare
