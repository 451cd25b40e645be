"""What the words of a heading are: which part of it each stands in, and what that teaches about other headings.

A heading is `family, given names, what follows` (dates, titles), or a name without a comma: first word, words
within, last word. Words of the same kind (an initial, a particle, a suffix) tend to stand in the same part; how
strongly, the headings of a dump that are known whole tell better than any rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

#: Parts of a heading: with a comma particle of a family name, family and given name (first, further), trailing;
#: without one first, within, last, only.
PARTS: Final = (
    "particle", "family", "family_more", "given", "given_more", "trailing", "first", "within", "last", "only",
)  # fmt: skip

#: Particles and articles of family names (Anglo-American Cataloguing Rules, appendix of names; CSL, name particles).
_PARTICLES: Final = (
    "a af al ap ab aan aus'm am an abu ibn bin ben bint bte bar bat da dal dall' dalla das de dei deg degli del dela "
    "dell' della delle den der des di do dos du d' e el et i im in la las le les li lo los l' mac mc ne ni nic o ó of "
    "op os por san sant' santa st st. sta. t' 't te ten ter tot ul ur und van vande vander vanden vom von vor vd v. y "
    "z zu zum zur"
)
_SUFFIX: Final = re.compile(r"(?:jr|sr|jnr|snr|filho|neto|junior|júnior|sobrinho|ii|iii|iv|2nd|3rd)\.?", re.IGNORECASE)
_DATE: Final = re.compile(r".*[0-9]{3}.*|[0-9]{1,2}(?:st|nd|rd|th)|b\.|d\.|ca\.|fl\.|cent\.?|active", re.IGNORECASE)
_TITLE: Final = re.compile(
    r"(?:sir|dame|lady|lord|rev|dr|prof|ph\.?d|m\.?d|esq|saint|baron|graf|count|earl|duke|king|queen|pope|emperor|"
    r"mrs|mr|ms|rabbi|sister|father|bishop|cardinal|princess?e?|phd|md|mph)\.?",
    re.IGNORECASE,
)
_INITIAL: Final = re.compile(r"(?:[^\W\d_]\.?-?){1}\.?|(?:[^\W\d_]\.-?)+[^\W\d_]?\.?")
_CORPORATE: Final = (
    "university college school institute institut instituto institution society association academy committee "
    "council department ministry office bureau agency museum library group consortium collaboration team network "
    "company corporation corp inc ltd gmbh press center centre foundation organization organisation commission "
    "conference congress laboratory laboratories hospital service services universität université universidad "
    "universidade università gesellschaft verein verlag stadt sociedad société ministerio ministère of the and for "
    "und für et pour des y para e per"
)
_WORDS_OF_KINDS: Final = {
    **dict.fromkeys(_CORPORATE.split(), "corporate"),
    **dict.fromkeys(_PARTICLES.split(), "particle"),
}

#: Share of each part by kind of word, before a dump has taught better; in hundredths, in the order of PARTS.
_SHARES: Final[Mapping[str, Sequence[float]]] = {
    "initial": (0, 2, 1, 25, 50, 1, 10, 10, 0.5, 0.5),
    "initials": (0, 3, 2, 60, 10, 2, 15, 5, 2, 1),
    "particle": (80, 1, 1, 0.2, 3, 0.3, 1.5, 12, 0.3, 0.2),
    "great particle": (45, 18, 8, 3, 4, 0.3, 7, 12, 2, 0.3),
    "suffix": (0, 0.5, 22, 0.5, 10, 47, 0.1, 1, 18, 0.9),
    "date": (0, 0.2, 0.2, 0.2, 0.2, 95, 0.2, 1, 2, 1),
    "title": (0, 1, 1, 2, 4, 85, 2, 1, 2, 2),
    "parenthesis": (0, 0.2, 0.2, 1, 20, 70, 0.2, 4, 4, 0.4),
    "corporate": (0, 3, 3, 0.3, 0.3, 1, 20, 50, 20, 2.4),
    "small": (0, 6, 12, 4, 20, 20, 2, 30, 5, 1),
    "word": (0, 40, 3, 34, 7, 0.5, 6, 1.5, 6, 2),
}
#: How common words of each kind are in headings, likewise.
FREQUENCIES: Final[Mapping[str, float]] = {
    "initial": 8, "initials": 2, "particle": 3, "great particle": 1, "suffix": 0.5, "date": 0.5, "title": 0.5,
    "parenthesis": 0.5, "corporate": 2, "small": 1, "word": 81,
}  # fmt: skip
#: Every kind that :func:`kind_of` may name.
KINDS: Final = tuple(_SHARES)
PARTICLE_KINDS: Final = frozenset({"particle", "great particle"})

#: How many sightings of its like a word's own must outweigh.
_WEIGHT_OF_KIND: Final = 60.0
_WEIGHT_OF_ENDING: Final = 8.0
_WEIGHT_OF_WORD: Final = 1.5
_ENDING: Final = 3
#: No word is of a kind that never stands in a part; in hundredths.
_LEAST: Final = 0.02


@lru_cache(maxsize=1 << 16)
def kind_of(word: str) -> str:
    """What kind of word it is, by its look alone."""
    plain = word.strip(",;")
    by_look = next((kind for kind, is_one in _LOOKS if is_one(plain)), None)
    if by_look:
        return by_look
    listed = _WORDS_OF_KINDS.get(plain.casefold())
    if listed == "particle":
        return listed if plain[0].islower() or not plain[0].isalpha() else "great particle"
    return listed or ("small" if plain[:1].islower() else "word")


def _is_particle(word: str) -> bool:
    return _WORDS_OF_KINDS.get(word.casefold()) == "particle" and not (len(word) == 1 and word.isupper())


def _is_cased(word: str) -> bool:
    return any(unicodedata.category(letter) == "Lu" for letter in word)


#: Kinds that are told by how a word looks, the first that fits; a particle is none of those behind it.
_LOOKS: Final[tuple[tuple[str, Callable[[str], object]], ...]] = (
    ("parenthesis", lambda word: word.startswith("(") or word.endswith(")")),
    ("date", _DATE.fullmatch),
    ("suffix", lambda word: _SUFFIX.fullmatch(word) and not word.islower()),
    ("initial", lambda word: not _is_particle(word) and _INITIAL.fullmatch(word) and _is_cased(word)),
    (
        "initials",
        lambda word: (
            not _is_particle(word)
            and len(word) <= _MOST_INITIALS
            and word.isalpha()
            and word.isupper()
            and _is_cased(word)
        ),
    ),
    ("title", lambda word: not _is_particle(word) and _TITLE.fullmatch(word)),
)
_MOST_INITIALS: Final = 3


def bare(word: str) -> str:
    """A word as it is counted: without the comma after it. `Van` stands in other places than `van` does."""
    return word.rstrip(",")


def shares_of_kinds(seen: Floats) -> Floats:
    """The share of each part among words of each kind (a row a kind): as a rule, moved by how often it was ``seen``."""
    rule = np.array([_SHARES[kind] for kind in KINDS], np.float64) + _LEAST
    return _moved(rule / rule.sum(axis=1, keepdims=True), seen, _WEIGHT_OF_KIND)


def shares_of_words(by_kind: Floats, by_ending: Floats, by_word: Floats) -> Floats:
    """The share of each part for words (a row a word): that of its kind, moved by words that end so, and by its own."""
    ended = _moved(by_kind, by_ending, _WEIGHT_OF_ENDING)
    return _moved(ended, by_word, _WEIGHT_OF_WORD)


def _moved(shares: Floats, counts: Floats, weight: float) -> Floats:
    return np.asarray((counts + weight * shares) / (counts.sum(axis=1, keepdims=True) + weight))


def ending(word: str) -> str:
    """The end of a word by which words of the same language are alike."""
    return bare(word)[-_ENDING:]
