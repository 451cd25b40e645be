"""VuFind's fold of a text, on which its work keys rest, by the ICU that VuFind itself uses.

It lies below all rooms because a reader cuts run-together authors with it, and ``works`` computes
keys with it. Source of the rules: VuFind 10, ``import/marc.properties``, ``getWorkKeys``.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import icu

#: VuFind's default rules; a site may configure others.
DEFAULT_ICU_RULES: Final = ":: NFD; :: lower; :: Latin; :: [^[:letter:] [:number:]] Remove; :: NFKC;"

#: Han and Thai come out differently from one ICU to the next, so a dump remembers which one ran.
ICU_VERSION: Final[str] = icu.ICU_VERSION


@cache
def transliterator(icu_rules: str) -> icu.Transliterator:
    """The compiled ICU rules; compiling costs far more than a fold."""
    return icu.Transliterator.createFromRules("work key", icu_rules, icu.UTransDirection.FORWARD)


def fold(text: str, icu_rules: str = DEFAULT_ICU_RULES) -> str:
    """Fold ``text`` by ``icu_rules``. Not idempotent (``µ`` -> ``μ`` -> ``m``): never fold a stored key again."""
    if icu_rules == DEFAULT_ICU_RULES and text.isascii():
        return "".join(filter(str.isalnum, text)).lower()
    folded: str = transliterator(icu_rules).transliterate(text)
    return folded
