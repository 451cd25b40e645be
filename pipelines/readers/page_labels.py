"""The words that a record page has before its values, in each of VuFind's languages.

``page_labels.tsv`` keeps the labels of the core record (VuFind 10, RecordDataFormatterFactory and languages/*.ini).
Several languages share labels, some lack labels and show the English ones: a page is in the language that explains
most of its labels.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

#: Characters of a label at most.
LONGEST_LABEL: Final = 80
#: Labels that must be of one language before a text is taken for a page.
_FEWEST_LABELS: Final = 3
_ENGLISH: Final = "en"
_LOADING: Final = "loading_ellipsis"
_FORMATS: Final = ("Article", "Text")
_NO_LABELS: Final = frozenset({_LOADING, *_FORMATS})
#: What a label tells that the language has, against an English one in a language that lacks it.
_OWN: Final = 5
_BORROWED: Final = 2

#: Rows that a page may show beside those that are read.
_NOT_READ: Final = frozenset(
    {"Item Description", "New Title", "Previous Title", "Related Items", "Bibliography", "Access", "Tags"}
)

#: The field whose headings stand behind a label.
CREDITS: Final = {
    "Main Authors": "author", "Main Author": "author", "Authors": "author", "Author": "author",
    "Corporate Authors": "author_corporate", "Corporate Author": "author_corporate",
    "Other Authors": "author2", "Contributors": "author2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labels:
    """What the labels of a page tell.

    ``languages`` are the likeliest ones; ``folded`` the labels as they are looked up, those that are not known "";
    ``begins_so`` says whether the first line of the page is VuFind's.
    """

    begins_so: bool
    languages: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def language(self) -> str:
        """The language as VuFind names it; "" where several explain the page as well."""
        return self.languages[0] if len(self.languages) == 1 else ""

    def meanings(self, folded: str) -> list[str]:
        """The English keys that a known label has in the likeliest languages, else in English, else in any."""
        own = _labels()[folded]
        for languages in (self.languages, (_ENGLISH,), own):
            if keys := [key for language in languages for key in own.get(language, ())]:
                return list(dict.fromkeys(keys))
        return []

    def is_of_another_row(self, folded: str) -> bool:
        """Whether a known label is also that of a row that nothing is read of."""
        return not _NOT_READ.isdisjoint(self.meanings(folded))

    def meaning(self, folded: str, *, of_lines: bool = False) -> str:
        """The English key of a known label; of two meanings the one that a value of several lines has."""
        return _meaning(folded, self.languages, of_lines)


@lru_cache(maxsize=512)
def read_labels(
    labels: tuple[str, ...], first: str = "", declared: str = "", fewest: int = _FEWEST_LABELS
) -> Labels | None:
    """What the labels of a page tell, with its ``first`` line and the language that it is ``declared`` to be in.

    ``None`` where fewer are known than a page has. A dump has few forms of pages.
    """
    folded = tuple(label if (label := _folded(one)) in _labels() else "" for one in labels)
    known = [label for label in folded if label]
    loading = _folded(first) if first and _folded(first) in _loading() else ""
    if len(known) < (fewest - bool(loading)) or not known:
        return None
    languages = _likeliest(frozenset(known), loading)
    return Labels(bool(loading), (declared,) if declared in languages else languages, folded)


@cache
def loading_words() -> frozenset[str]:
    """The first line of a page, in every language, as it is printed."""
    return frozenset(word for (_, key), word in _table().items() if key == _LOADING)


@cache
def label_words() -> frozenset[str]:
    """The labels of rows, in every language, as they are printed."""
    return frozenset(word for (_, key), word in _table().items() if key not in _NO_LABELS)


def known_language(code: str) -> str:
    """The language as VuFind names it that a page declares to be in (``de-AT``); "" where VuFind has none such."""
    whole = code.lower()
    return next((one for one in (whole, whole.partition("-")[0]) if one in _languages()), "")


def is_label(text: str) -> bool:
    """Whether a text is the label of a row in any language."""
    return len(text) <= LONGEST_LABEL and _folded(text) in _labels()


def formats_in_english(text: str, language: str) -> str:
    """A text of formats in which those words that the language has translated are put back where they are known."""
    for key in _FORMATS:
        word = _table().get((language, key))
        if word and language != _ENGLISH:
            text = re.sub(rf"(?<!\S){re.escape(word)}(?!\S)", key, text)
    return text


@cache
def _table() -> dict[tuple[str, str], str]:
    rows = (files("pipelines.readers") / "page_labels.tsv").read_text(encoding="utf-8").splitlines()
    return {(language, key): word for language, key, word in (row.split("\t") for row in rows)}


@cache
def _languages() -> frozenset[str]:
    return frozenset(language for language, _ in _table())


@cache
def _loading() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for (language, key), word in _table().items():
        if key == _LOADING:
            found.setdefault(_folded(word), []).append(language)
    return found


@cache
def _labels() -> dict[str, dict[str, list[str]]]:
    """By printed label: the languages that print it, and for which keys."""
    found: dict[str, dict[str, list[str]]] = {}
    for (language, key), word in _table().items():
        if key not in _NO_LABELS:
            found.setdefault(_folded(word), {}).setdefault(language, []).append(key)
    return found


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    return " ".join(word.split()).casefold()


@lru_cache(maxsize=4096)
def _likeliest(labels: frozenset[str], loading: str) -> tuple[str, ...]:
    """The languages that explain most of the labels, in order; several where they explain as many."""
    table, everyone = _table(), sorted(_languages())
    scores: Counter[str] = Counter(dict.fromkeys(_loading().get(loading, ()), _OWN))
    for language in everyone:
        for own in (_labels()[label] for label in labels):
            if language in own:
                scores[language] += _OWN
            elif any((language, key) not in table for key in own.get(_ENGLISH, ())):
                scores[language] += _BORROWED
    most = max(scores.values())
    return tuple(language for language in everyone if scores[language] == most)


@lru_cache(maxsize=4096)
def _meaning(label: str, languages: tuple[str, ...], of_lines: bool) -> str:
    own = _labels()[label]
    keys = [key for language in [*languages, _ENGLISH, *own] for key in own.get(language, ())]
    if of_lines and "Published" in keys:
        return "Published"
    return next((key for key in keys if key in CREDITS), keys[0])
