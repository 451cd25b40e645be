"""The programs that make work keys, and how each of them makes one: what two records of one work have in common.

A key is ``UT uniformtitle`` or ``AT author title``, each part folded on its own. VuFind has two
implementations and RecordManager a third; they agree on most records and differ in what a profile names.
Sources: VuFind 10, ``import/index_java/src/org/vufind/index/WorkKeys.java`` with the default of
``import/marc.properties``, and ``VuFind/XSLT/Import/VuFindWorkKeys.php``; RecordManager,
``SolrUpdater::addWorkKeys``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipelines.folding import DEFAULT_ICU_RULES, fold

#: What a length counts: UTF-16 code units (Java) or code points (PHP).
Unit = Literal["utf-16", "code point"]


@dataclass(frozen=True)
class WorkKeyProfile:
    """How one program makes work keys.

    ``part_limit`` is the longest part of a key and ``key_limit`` the longest key, in ``unit``; None for any length.
    ``lowers_last``: whether a part is put into lower case after the fold (``ℂ`` folds to ``C``).
    ``articles``: what tells the leading article of a title: MARC's indicator of non-filing characters, or a list of
    English articles. ``strips_first``: whether the titles without article come before those with it.
    ``keeps_empty_author``: whether an author that folds to nothing still gives a key (``AT  title``, two blanks);
    ``keeps_empty_title``: so for titles. ``drops_zero``: whether ``0`` counts as no title or author (PHP).
    ``repeats_authors``: whether an author named twice gives its key twice; else no key stands twice.
    """

    name: str
    unit: Unit
    part_limit: int | None
    key_limit: int | None
    lowers_last: bool
    articles: Literal["non-filing indicator", "English"]
    strips_first: bool
    keeps_empty_author: bool
    keeps_empty_title: bool
    drops_zero: bool
    repeats_authors: bool

    @property
    def reads_marc(self) -> bool:
        """Whether the keys are made from MARC: then from the name alone, where the index has dates and relators."""
        return self.articles == "non-filing indicator"


#: VuFind's import of MARC (Java).
VUFIND_MARC: Final = WorkKeyProfile(
    name="vufind_marc",
    unit="utf-16",
    part_limit=255,
    key_limit=None,
    lowers_last=True,
    articles="non-filing indicator",
    strips_first=False,
    keeps_empty_author=False,
    keeps_empty_title=False,
    drops_zero=False,
    repeats_authors=False,
)

#: VuFind's import of everything else, by XSLT (PHP).
VUFIND_XSLT: Final = WorkKeyProfile(
    name="vufind_xslt",
    unit="code point",
    part_limit=255,
    key_limit=None,
    lowers_last=True,
    articles="English",
    strips_first=False,
    keeps_empty_author=True,
    keeps_empty_title=False,
    drops_zero=True,
    repeats_authors=True,
)

#: RecordManager, which fills an index of VuFind's.
RECORDMANAGER: Final = WorkKeyProfile(
    name="recordmanager",
    unit="code point",
    part_limit=None,
    key_limit=1024,
    lowers_last=False,
    articles="non-filing indicator",
    strips_first=True,
    keeps_empty_author=True,
    keeps_empty_title=True,
    drops_zero=True,
    repeats_authors=False,
)

#: Every profile by its name. Where two reproduce the same keys, the earlier one is taken.
PROFILES: Final = {profile.name: profile for profile in (VUFIND_MARC, VUFIND_XSLT, RECORDMANAGER)}


def cut(text: str, limit: int | None, unit: Unit) -> str:
    """``text`` cut to ``limit`` units; half a surrogate pair, which no index can store, falls away."""
    if limit is None or len(text) * 2 <= limit:
        return text
    if unit == "code point" or text.isascii():
        return text[:limit]
    return text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def without_first(text: str, count: int, unit: Unit) -> str:
    """``text`` without its first ``count`` units; what is left of half a surrogate pair falls away."""
    if unit == "code point" or text[:count].isascii():
        return text[count:]
    return text.encode("utf-16-le", "surrogatepass")[2 * count :].decode("utf-16-le", "ignore")


def finish_part(folded: str, profile: WorkKeyProfile) -> str:
    """A folded part as ``profile`` ends it: lower case where it has that, and the cut."""
    return cut(folded.lower() if profile.lowers_last else folded, profile.part_limit, profile.unit)


def normalize_key_part(
    text: str,
    include: re.Pattern[str] | None = None,
    exclude: re.Pattern[str] | None = None,
    icu_rules: str = DEFAULT_ICU_RULES,
    profile: WorkKeyProfile = VUFIND_MARC,
) -> str:
    """One part of a work key.

    ICU rules (only NFKC where they are empty), then the matches of ``include`` joined, then those of
    ``exclude`` removed, then as ``profile`` ends it. Not idempotent: never apply it to a stored key.
    """
    part = fold(text, icu_rules or ":: NFKC;")
    if include is not None:
        part = "".join(match.group() for match in include.finditer(part))
    if exclude is not None:
        part = exclude.sub("", part)
    return finish_part(part, profile)


def work_keys(
    uniform_titles: Iterable[str],
    titles: Iterable[str],
    stripped_titles: Iterable[str],
    authors: Sequence[str],
    *,
    profile: WorkKeyProfile = VUFIND_MARC,
    include: re.Pattern[str] | None = None,
    exclude: re.Pattern[str] | None = None,
    icu_rules: str = DEFAULT_ICU_RULES,
) -> list[str]:
    """The work keys of one record by ``profile``: those of uniform titles first, then titles x authors.

    ``stripped_titles`` are the titles without their leading article. An author that is empty as it is written gives
    no key with any profile.
    """

    def normalized(text: str) -> str:
        return normalize_key_part(text, include, exclude, icu_rules, profile)

    def is_kept(text: str, part: str) -> bool:
        return _is_there(text, profile) if profile.keeps_empty_title else _is_there(part, profile)

    def title_parts(texts: Iterable[str]) -> list[str]:
        return [part for text in texts if is_kept(text, part := normalized(text))]

    author_parts = [
        part
        for author in authors
        if _is_there(author, profile) and ((part := normalized(author)) or profile.keeps_empty_author)
    ]
    in_order = (stripped_titles, titles) if profile.strips_first else (titles, stripped_titles)
    all_titles = dict.fromkeys(title_parts(text for texts in in_order for text in texts))
    keys = [f"UT {title}" for title in title_parts(uniform_titles)]
    keys += [f"AT {author} {title}" for title in all_titles for author in author_parts]
    cut_keys = [cut(key, profile.key_limit, profile.unit) for key in keys]
    return cut_keys if profile.repeats_authors else list(dict.fromkeys(cut_keys))


def _is_there(text: str, profile: WorkKeyProfile) -> bool:
    """Whether the program takes ``text`` for something: PHP takes ``0`` for nothing."""
    return bool(text) and not (profile.drops_zero and text == "0")
