"""Whether two words of titles are spellings or forms of one, or say the contrary of each other.

Catalogues mistype a word anywhere, and inflect it at its end; a word that begins otherwise is another word, and often
the contrary: male and female, typical and atypical, hypertension and hypotension.
"""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

#: Beginnings that tell contraries apart, and endings that tell substances apart.
_BEGINNINGS: Final = (
    ("micro", "macro"),
    ("hyper", "hypo"),
    ("inter", "intra", "extra", "infra"),
    ("pre", "post", "peri"),
    ("mono", "multi", "poly", "uni", "bi", "di", "tri"),
    ("endo", "exo", "ecto"),
    ("homo", "hetero"),
    ("ab", "ad"),
    ("af", "ef"),
    ("mater", "pater"),
    ("sub", "super", "supra"),
    ("anti", "ante"),
    ("over", "under"),
)
_ENDINGS: Final = (("ate", "ite", "ide"), ("ane", "ene", "yne", "anol"), ("one", "olone"))
_FEWEST_LEFT: Final = 3

#: Words this long and one edit apart (a letter more, less, other, or two exchanged) are spellings of one; shorter
#: ones (Iran, Iraq) are two words, and so are words of two edits (Austria, Australia).
_SHORTEST_MISSPELT: Final = 5
#: Words that begin with one letter, or with two, and are this much alike (percent) may be one word in two forms, or a
#: bad slip: ``tumble``, ``tunable``; ``dept``, ``department``.
_AKIN: Final = {1: 60.0, 2: 50.0}
#: A word this long may have two slips: ``association``, ``accociation``.
_LONG_WORD: Final = 10


def are_contrary(x: str, y: str) -> bool:
    """Whether what tells two words apart makes a contrary, or another substance, of one. Symmetric."""
    if x[:1] != y[:1] and (x[1:] == y or y[1:] == x):
        return True
    begun = any(
        _differ_in(p, q, x, y) or _differ_in(q, p, x, y)
        for group in _BEGINNINGS
        for i, p in enumerate(group)
        for q in group[i + 1 :]
    )
    back, forth = x[::-1], y[::-1]
    return begun or any(
        _differ_in(p[::-1], q[::-1], back, forth) or _differ_in(q[::-1], p[::-1], back, forth)
        for group in _ENDINGS
        for i, p in enumerate(group)
        for q in group[i + 1 :]
    )


def _differ_in(p: str, q: str, x: str, y: str) -> bool:
    """Whether ``x`` is ``p``, ``y`` is ``q``, and then they go on alike."""
    if not (x.startswith(p) and y.startswith(q)):
        return False
    left, right = x[len(p) :], y[len(q) :]
    return min(len(left), len(right)) >= _FEWEST_LEFT and OSA.distance(left, right, score_cutoff=1) <= 1


def are_spellings(x: str, y: str) -> bool:
    """Whether two words are spellings of one: five letters and more, one edit apart, and no contraries. Symmetric."""
    near = abs(len(x) - len(y)) <= 1 and len(x) >= _SHORTEST_MISSPELT <= len(y)
    return near and OSA.distance(x, y, score_cutoff=1) <= 1 and not are_contrary(x, y)


def are_akin(x: str, y: str) -> bool:
    """Whether two words may be one in two forms, shortened or mistyped: they begin alike. Symmetric.

    Short words of one length are two words, unless it is letters that changed places: :func:`are_short_slips`.
    """
    if x[:1] != y[:1] or are_contrary(x, y):
        return False
    if len(x) == len(y) < _SHORTEST_MISSPELT:
        return OSA.distance(x, y, score_cutoff=1) <= 1 and sorted(x) == sorted(y)
    if min(len(x), len(y)) >= _LONG_WORD and OSA.distance(x, y, score_cutoff=2) <= 2:
        return True
    x, y = _without_common_ending(x, y)
    return x.startswith(y) or y.startswith(x) or fuzz.ratio(x, y) >= _AKIN[2 if x[:2] == y[:2] else 1]


def _without_common_ending(x: str, y: str) -> tuple[str, str]:
    """What is left of two words without the ending both have, which is grammar: production, prevention."""
    ending = 0
    while ending < min(len(x), len(y)) - 1 and x[-ending - 1] == y[-ending - 1]:
        ending += 1
    return x[: len(x) - ending], y[: len(y) - ending]


def are_short_slips(x: str, y: str) -> bool:
    """Whether two short words of one length, one letter apart, may be one: ``KBMS``, ``KDMS``. Symmetric.

    So are Iran and Iraq: the rest of a long title must be the same.
    """
    return x[:1] == y[:1] and len(x) == len(y) < _SHORTEST_MISSPELT and OSA.distance(x, y, score_cutoff=1) <= 1
