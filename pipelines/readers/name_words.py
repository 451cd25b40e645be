"""What the words of a heading are: which part of it each stands in, and what that teaches about other headings.

A heading is `family, given names, what follows` (dates, titles), or a name without a comma: first word, words
within, last word. Words of the same kind (an initial, a particle, a suffix) tend to stand in the same part; how
strongly, the headings of a dump that are known whole tell better than any rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

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
_KINDS: Final = tuple(_SHARES)
_PARTICLE_KINDS: Final = frozenset({"particle", "great particle"})

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


def parts_of(heading: str) -> list[tuple[str, str]]:
    """Each word of a heading with the part it stands in."""
    words = heading.split()
    if not words:
        return []
    commas = [at for at, word in enumerate(words[:-1]) if word.endswith(",") and len(word) > 1]
    if not commas:
        if len(words) == 1:
            return [(words[0], "only")]
        within = [(word, "within") for word in words[1:-1]]
        return [(words[0], "first"), *within, (words[-1], "last")]
    found = []
    for at, word in enumerate(words):
        if at <= commas[0]:
            part = _part_of_family(words, at)
        elif len(commas) > 1 and at > commas[1]:
            part = "trailing"
        else:
            part = "given" if at == commas[0] + 1 else "given_more"
        found.append((word, part))
    return found


def _part_of_family(words: Sequence[str], at: int) -> str:
    """Behind a particle stands a family name as it stands first: `van Berg` and `Berg`."""
    if not words[at].endswith(",") and kind_of(words[at]) in _PARTICLE_KINDS:
        return "particle"
    return "family" if at == 0 or kind_of(words[at - 1]) in _PARTICLE_KINDS else "family_more"


def count_words(seen: dict[str, Counter[str]], words: Sequence[tuple[str, str]], times: int = 1) -> None:
    """Add words that stand in known parts to what was seen."""
    for word, part in words:
        text = bare(word)
        if text:
            seen["word"][f"{part} {text}"] += times
            seen["ending"][f"{part} {kind_of(word)} {text[-_ENDING:]}"] += times
            seen["kind of word"][f"{part} {kind_of(word)}"] += times


def shape_of(heading: str) -> str:
    """How many words a heading has in each part, in the order of PARTS: what headings of a dump look like."""
    counts = Counter(part for _, part in parts_of(heading))
    return " ".join(str(counts[part]) for part in PARTS)


def shares_of_kind(kind: str, seen: Mapping[str, float]) -> list[float]:
    """The share of each part among words of a kind: as a rule, moved by how often each was ``seen``."""
    rule = _SHARES[kind]
    total = sum(rule) + _LEAST * len(rule)
    shares = [(share + _LEAST) / total for share in rule]
    return _moved(shares, [seen.get(part, 0.0) for part in PARTS], _WEIGHT_OF_KIND)


def shares_of_word(by_kind: Sequence[float], by_ending: Sequence[float], by_word: Sequence[float]) -> list[float]:
    """The share of each part for one word: what its kind says, moved by words that end so, moved by its own counts."""
    ended = _moved(by_kind, by_ending, _WEIGHT_OF_ENDING)
    return _moved(ended, by_word, _WEIGHT_OF_WORD)


def _moved(shares: Sequence[float], counts: Sequence[float], weight: float) -> list[float]:
    everything = sum(counts) + weight
    return [(count + weight * share) / everything for count, share in zip(counts, shares, strict=True)]


def kinds_of_words() -> Sequence[str]:
    """Every kind that :func:`kind_of` may name."""
    return _KINDS


def ending(word: str) -> str:
    """The end of a word by which words of the same language are alike."""
    return bare(word)[-_ENDING:]
