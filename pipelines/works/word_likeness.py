"""Whether two words of titles are spellings or forms of one, or say the contrary of each other.

Catalogues mistype a word anywhere, and inflect it at its end; a word that begins otherwise is another word, and often
the contrary: male and female, typical and atypical, hypertension and hypotension.
"""

from __future__ import annotations

from typing import Final

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
#: Endings of grammar, of which two may stand behind one stem: plurals, tenses, and what makes nouns, adjectives and
#: adverbs of it. Not those that name persons, countries and substances: teacher, Nigeria, arsenate.
_GRAMMAR: Final = frozenset(
    """
    s es ta e ed d ing ings ion ions ional ation ations ational ition al als ally ial ly ity ities y ies ic ical ically
    ics ive ively ment ments ness able ible ability ibility ance ence ances ences ant ent n en em ern a o as os
    """.split()  # noqa: SIM905
)
#: Shorter stems are of two words as a rule: ``rat``, ``ration``; but for a plural.
_SHORTEST_STEM: Final = {True: 3, False: 4}
_LONGEST_ENDING: Final = max(map(len, _GRAMMAR))
_PLURAL: Final = {"", "s", "es"}
#: What catalogues shorten, and the whole word.
_SHORTENED: Final = {
    "dept": "department", "assn": "association", "govt": "government", "intl": "international", "natl": "national",
    "mgmt": "management", "mgt": "management", "hosp": "hospital", "int": "international", "univ": "university",
    "conf": "conference", "proc": "proceedings", "dev": "development", "info": "information", "tech": "technical",
    "sys": "systems", "intro": "introduction", "lab": "laboratory", "vs": "versus",
}  # fmt: skip
#: Names of Greek letters, and the Latin ones that are written for them.
_WRITTEN_FOR: Final = {
    "p": "rho", "a": "alpha", "b": "beta", "u": "mu", "v": "nu", "k": "kappa", "w": "omega", "x": "chi", "n": "eta",
}  # fmt: skip
#: Pairs of letters that machines read as an ``m``.
_READ_AS_M: Final = frozenset(["rn", "nn", "in", "ni", "na", "ra", "un", "nu", "ri", "iu", "ui"])
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
    """Whether two words may be one in two forms, shortened or mistyped: a stem and two endings of grammar. Symmetric.

    Letters in common make no word of two: Austria and Australia, children and chicken, estradiol and estriol are
    strangers. Short words of one length are two words, unless it is letters that changed places:
    :func:`are_short_slips`.
    """
    if _WRITTEN_FOR.get(x) == y or _WRITTEN_FOR.get(y) == x:
        return True
    if x[:1] != y[:1] or are_contrary(x, y):
        return False
    if len(x) == len(y) < _SHORTEST_MISSPELT:
        return OSA.distance(x, y, score_cutoff=1) <= 1 and sorted(x) == sorted(y)
    if min(len(x), len(y)) >= _LONG_WORD and OSA.distance(x, y, score_cutoff=2) <= 2:
        return True
    shortened = _SHORTENED.get(x) == y or _SHORTENED.get(y) == x
    return shortened or _are_inflected(x, y) or _is_misread(x, y) or _is_misread(y, x)


def _is_misread(x: str, y: str) -> bool:
    """Whether ``x`` has an ``m`` where ``y`` has two narrow letters, as machines read: ``tumble``, ``tunable``."""
    return len(x) + 1 == len(y) > _SHORTEST_MISSPELT and any(
        x[i] == "m" and y[i : i + 2] in _READ_AS_M and x[:i] == y[:i] and x[i + 1 :] == y[i + 2 :]
        for i in range(1, len(x))
    )


def _are_inflected(x: str, y: str) -> bool:
    """Whether two words are a stem and endings of grammar; the stem may double its last letter (``planning``)."""
    common = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
    for stem in range(common, max(common - _LONGEST_ENDING, 0), -1):
        endings = {x[stem:], y[stem:]}
        if stem < _SHORTEST_STEM[endings <= _PLURAL]:
            return False
        doubled = {ending[1:] if "" in endings and ending[:1] == x[stem - 1] else ending for ending in endings}
        if any(each <= _GRAMMAR | {""} for each in (endings, doubled)):
            return True
    return False


def are_short_slips(x: str, y: str) -> bool:
    """Whether two short words one letter apart may be one: ``KBMS``, ``KDMS``; ``EFIS``, ``EEFIS``. Symmetric.

    So are Iran and Iraq: the rest of a long title must be the same.
    """
    near = x[:1] == y[:1] and abs(len(x) - len(y)) <= 1 and min(len(x), len(y)) < _SHORTEST_MISSPELT
    return near and OSA.distance(x, y, score_cutoff=1) <= 1
