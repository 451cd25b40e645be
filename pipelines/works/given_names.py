"""Given names, as far as they tell two people of one family name apart: ``Li, Na`` and ``Li, Wei``.

Initials tell nothing, for who gives one name in one catalogue gives another elsewhere, or more of them.
"""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

from pipelines.works.title_words import plain_words

#: Letters that begin one name in two languages or transcriptions: Carl, Karl; Ioannes, Johannes; Evgenij, Yevgeny.
_ONE_SOUND: Final = ("ckq", "ijy", "ey", "uvw", "sxz", "fp", "gh")
#: Forms of one name that begin otherwise.
_SHORT_FORMS: Final = frozenset(
    frozenset(pair.split())
    for pair in (
        "bob robert", "bill william", "dick richard", "ted edward", "ted theodore", "peggy margaret", "betty elizabeth",
        "beth elizabeth", "liz elizabeth", "lisa elizabeth", "hank henry", "tony anthony", "molly mary", "polly mary",
        "sandy alexander", "drew andrew", "sasha aleksandr", "sasha alexander", "hans johannes", "hans johann",
        "giovanni johannes", "giovanni john", "juan johannes", "guillaume william", "wilhelm guillaume",
        "fyodor theodor", "fedor theodor", "ned edward", "nancy ann", "gus augustus",
    )
)  # fmt: skip
#: What belongs to a family name that was divided wrongly: ``de Ven, Van``.
_PARTICLES: Final = frozenset("van von der den de del della da di du la le".split())  # noqa: SIM905
_MOST_INITIALS: Final = 3
#: Letters of a name that is no short form of any other.
_SHORTEST_FULL: Final = 4
#: Forms of one name in two languages have this share of letters in common at least, in percent: Jean, John.
_LEAST_ALIKE: Final = 50


def given_key(name: str) -> str:
    """The folded given names of a normalised name (``Family, Given``).

    Empty where it tells none, or initials alone, or where the first letter was lost on the way (``?zg?r``).
    """
    given = name.partition(",")[2].partition(",")[0].replace("-", " ").split()
    if not given or _are_initials(given[0]) or not given[0][0].isalpha() or given[0].lower() in _PARTICLES:
        return ""
    return " ".join(word for part in given for word in plain_words(part).split())


def _are_initials(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    capitals = len(letters) <= _MOST_INITIALS and all(map(str.isupper, letters))
    return len(letters) <= 1 or "." in word or capitals


def are_of_two(first: str, second: str) -> bool:
    """Whether given names, as :func:`given_key` gives them, are two people's. Symmetric.

    They are where none begins like the other, and where one name each is told that begins alike and goes on in quite
    another way (``Peter``, ``Paul``). Somebody may be called by a later one of several names, of which the other
    catalogue has the initial.
    """
    a, b = first.split(), second.split()
    if len(a) == len(b) == 1 and frozenset((a[0], b[0])) not in _SHORT_FORMS:
        x, y = sorted((a[0], b[0]), key=len)
        if len(x) >= _SHORTEST_FULL and not y.startswith(x) and fuzz.ratio(x, y) < _LEAST_ALIKE:
            return True
    begin = _sounds_in(a[0], b) or _sounds_in(b[0], a)
    return not begin and not any(frozenset((x, y)) in _SHORT_FORMS for x in a for y in b)


def _sounds_in(name: str, names: list[str]) -> bool:
    """Whether a name begins like one of several."""
    return any(
        name[0] == other[0] or any(name[0] in sound and other[0] in sound for sound in _ONE_SOUND) for other in names
    )
