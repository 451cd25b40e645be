"""What a record page as text shows above its staff view: title, and rows of a label and a value.

The words before the values are those of the page's language (VuFind 10, languages/*.ini, of which
``page_labels.tsv`` keeps the labels of the core record: RecordDataFormatterFactory). Several languages share labels,
some lack labels and show the English ones: a page is in the language that explains most of its labels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from pipelines.readers.value_cut import cut_exactly

#: A row begins with its label, and its value ends with a bar, some lines on where it is long.
_ROW: Final = re.compile(r"^[ \t]*([^|\n]{1,80}?)\s*[:：]\s*\|(.{0,4096}?)\|[ \t\r]*$", re.MULTILINE | re.DOTALL)
#: What stands behind a label, and at the beginning of its value.
_SIGN: Final = re.compile(r"[:：]\s*\|")
_RULE_ITSELF: Final = "---|---|"
_RULE: Final = re.compile(r"^\s*---\|---\|\s*$", re.MULTILINE)
_PARENTHESIS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ADDRESS_START: Final = re.compile(r"\s+(?=(?:https?|ftp)://)", re.IGNORECASE)
_YEAR: Final = re.compile(r"[^\w]*[0-9]{4}.*|.*[0-9]{4}[^\w]*", re.DOTALL)
_CUT_OFF: Final = ("...", "…")

#: Labels that must be of one language before a text is taken for a page.
_FEWEST_LABELS: Final = 3
_ENGLISH: Final = "en"
_LOADING: Final = "loading_ellipsis"
#: What a label tells that the language has, against an English one in a language that lacks it.
_OWN: Final = 5
_BORROWED: Final = 2

#: The field whose headings stand behind a label.
_CREDITS: Final = {
    "Main Authors": "author", "Main Author": "author", "Authors": "author", "Author": "author",
    "Corporate Authors": "author_corporate", "Corporate Author": "author_corporate",
    "Other Authors": "author2", "Contributors": "author2",
}  # fmt: skip
_SINGLE: Final = {"Edition": "edition", "Published in": "container_title"}
_MULTI: Final = {"Series": "series", "Language": "language", "ISBN": "isbn", "ISSN": "issn", "DOI": "doi_str_mv"}


@dataclass(frozen=True, slots=True)
class PagePart:
    """``language`` as VuFind names it ("" where several explain the page as well); ``rows`` by English label."""

    language: str
    title: str
    summary: str
    rows: Mapping[str, str]

    def credits(self) -> dict[str, str]:
        """What the page shows for each field of headings: names with commas between them, or the commas alone."""
        return {_CREDITS[label]: value for label, value in reversed(list(self.rows.items())) if label in _CREDITS}

    def document(self) -> dict[str, Any]:
        """The fields that the page shows, without id: all there is of a record whose staff view is missing.

        What its language has translated is put back where that is known (formats).
        """
        document: dict[str, Any] = {"title": self.title} if self.title else {}
        if self.summary and self.summary.endswith(_CUT_OFF):
            document["page_summary"] = self.summary
        elif self.summary:
            document["description"] = self.summary
        for field, shown in self.credits().items():
            if shown_count(shown) is None:
                document[field] = [" ".join(shown.split())]
        for label, value in self.rows.items():
            text = " ".join(value.split())
            if text and label in _SINGLE:
                document[_SINGLE[label]] = text
            elif text and label in _MULTI:
                document[_MULTI[label]] = cut_exactly(_MULTI[label], text) or [text]
        if text := " ".join(self.rows.get("Format", "").split()):
            text = _in_english(text, self.language)
            document["format"] = cut_exactly("format", text) or [text]
        if text := self.rows.get("Online Access", "").strip():
            document["url"] = [" ".join(one.split()) for one in _ADDRESS_START.split(text)]
        return document | _published(self.rows.get("Published", ""))


def read_page_part(text: str) -> PagePart | None:
    """The part of a page above its staff view; ``None`` where too few labels are known for a page."""
    if "|" not in text:
        return None
    found = [(match, _folded(match[1])) for match in _rows(_RULE.sub("", text) if _RULE_ITSELF in text else text)]
    known = [(match, label) for match, label in found if label in _labels()]
    first = next((line.strip() for line in text.split("\n", 64)[:64] if not line.isspace() and line), "")
    loading = [first] if first and _folded(first) in _loading() else []
    if len(known) < (_FEWEST_LABELS - len(loading)) or not known:
        return None
    languages = _likeliest(frozenset(label for _, label in known), _folded(loading[0]) if loading else "")
    rows: dict[str, str] = {}
    for match, label in known:
        value = match[2].strip()
        rows.setdefault(_key(label, tuple(languages), "\n" in value), value)
    head = [line for line in text[: text.find(known[0][0][1])].split("\n") if line.strip() and not _RULE.match(line)]
    head = [line.strip() for line in head[len(loading) :]]
    language = languages[0] if len(languages) == 1 else ""
    return PagePart(language, head[0] if head else "", " ".join(head[1:]), rows)


def _rows(text: str) -> list[re.Match[str]]:
    """All rows of a text. They are looked for where there is the sign of one, not at each line."""
    found: list[re.Match[str]] = []
    end = 0
    for sign in _SIGN.finditer(text):
        start = text.rfind("\n", 0, sign.start()) + 1
        if not text[start : sign.start()].strip():
            # Blanks before the sign may go over lines, and a label be none but blanks.
            return list(_ROW.finditer(text))
        if start >= end and (row := _ROW.match(text, start)):
            found.append(row)
            end = row.end()
    return found


def shown_count(value: str) -> int | None:
    """How many headings stood in a value of which only the commas between them are left; ``None`` where more is."""
    left = _PARENTHESIS.sub("", value)
    return left.count(",") + 1 if not left.replace(",", "").strip() else None


@cache
def loading_words() -> frozenset[str]:
    """The first line of a page, in every language, as it is printed."""
    return frozenset(word for (_, key), word in _table().items() if key == _LOADING)


@cache
def _table() -> dict[tuple[str, str], str]:
    rows = (files("pipelines.readers") / "page_labels.tsv").read_text(encoding="utf-8").splitlines()
    return {(language, key): word for language, key, word in (row.split("\t") for row in rows)}


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
        if key not in {_LOADING, "Article", "Text"}:
            found.setdefault(_folded(word), {}).setdefault(language, []).append(key)
    return found


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    return " ".join(word.split()).casefold()


@lru_cache(maxsize=4096)
def _likeliest(labels: frozenset[str], loading: str) -> list[str]:
    """The languages that explain most of the labels, in order; several where they explain as many."""
    table, everyone = _table(), sorted({language for language, _ in _table()})
    scores: Counter[str] = Counter(dict.fromkeys(_loading().get(loading, ()), _OWN))
    for language in everyone:
        for own in (_labels()[label] for label in labels):
            if language in own:
                scores[language] += _OWN
            elif any((language, key) not in table for key in own.get(_ENGLISH, ())):
                scores[language] += _BORROWED
    most = max(scores.values())
    return [language for language in everyone if scores[language] == most]


@lru_cache(maxsize=4096)
def _key(label: str, languages: tuple[str, ...], of_lines: bool) -> str:
    """What a label means in these languages; of two meanings the one that a value of several lines has."""
    own = _labels()[label]
    keys = [key for language in [*languages, _ENGLISH, *own] for key in own.get(language, ())]
    if of_lines and "Published" in keys:
        return "Published"
    return next((key for key in keys if key in _CREDITS), keys[0])


def _in_english(text: str, language: str) -> str:
    for key in ("Article", "Text"):
        word = _table().get((language, key))
        if word and language != _ENGLISH:
            text = re.sub(rf"(?<!\S){re.escape(word)}(?!\S)", key, text)
    return text


def _published(value: str) -> dict[str, list[str]]:
    """Publishers and dates: a line each, the date the last of those that belong together."""
    lines = [line.strip() for line in value.split("\n") if line.strip()]
    found: dict[str, list[str]] = {}
    for line in lines:
        is_date = _YEAR.fullmatch(line) is not None and len(line) <= _LONGEST_DATE
        found.setdefault("publishDate" if is_date else "publisher", []).append(line)
    return found


_LONGEST_DATE: Final = 24
