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

#: A row begins with its label, and its value ends with a bar at the end of a line, some lines on where it is long.
_SIGN: Final = re.compile(r"[:：]\s*\|")
_VALUE_END: Final = re.compile(r"\|[ \t\r]*$", re.MULTILINE)
_LONGEST_LABEL: Final = 80
_LONGEST_VALUE: Final = 4096
_RULE_ITSELF: Final = "---|---|"
_RULE: Final = re.compile(r"^[^\S\n]*+---\|---\|[^\S\n]*$", re.MULTILINE)
_PARENTHESIS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ADDRESS_START: Final = re.compile(r"\s+(?=(?:https?|ftp)://)", re.IGNORECASE)
_YEAR: Final = re.compile(r"[^\w]*[0-9]{4}.*|.*[0-9]{4}[^\w]*", re.DOTALL)
_CUT_OFF: Final = ("...", "…")

#: Labels that must be of one language before a text is taken for a page.
_FEWEST_LABELS: Final = 3
_ENGLISH: Final = "en"
_LOADING: Final = "loading_ellipsis"
_NO_LABELS: Final = frozenset({_LOADING, "Article", "Text"})
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

    def shown_counts(self) -> list[str]:
        """`field number` for each field of headings of which the page shows how many there are, and not their names."""
        counts = ((field, shown_count(shown)) for field, shown in self.credits().items())
        return [f"{field} {count}" for field, count in counts if count is not None]

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
    found = _rows(_without_rules(text))
    first = next((line.strip() for line in text.split("\n", 64)[:64] if line and not line.isspace()), "")
    read = _read_labels(tuple(label for label, _ in found), first)
    if read is None:
        return None
    is_loading, languages, folded = read
    rows: dict[str, str] = {}
    for label, (_, value) in zip(folded, found, strict=True):
        if label:
            shown = value.strip()
            rows.setdefault(_key(label, languages, "\n" in shown), shown)
    begins = next(label for (label, _), is_known in zip(found, folded, strict=True) if is_known)
    above = text[: text.find(begins)].split("\n")
    head = [line.strip() for line in above if line and not line.isspace() and not _is_rule(line)][is_loading:]
    language = languages[0] if len(languages) == 1 else ""
    return PagePart(language, head[0] if head else "", " ".join(head[1:]), rows)


@lru_cache(maxsize=4096)
def _read_labels(labels: tuple[str, ...], first: str) -> tuple[bool, tuple[str, ...], tuple[str, ...]] | None:
    """What the labels and the first line of a page tell: whether that is VuFind's, the likeliest languages, the labels.

    Labels that are not known are "". ``None`` where too few are known for a page. A dump has few forms of pages.
    """
    folded = tuple(label if (label := _folded(one)) in _labels() else "" for one in labels)
    known = [label for label in folded if label]
    loading = _folded(first) if first and _folded(first) in _loading() else ""
    if len(known) < (_FEWEST_LABELS - bool(loading)) or not known:
        return None
    return bool(loading), _likeliest(frozenset(known), loading), folded


def _is_rule(line: str) -> bool:
    return _RULE_ITSELF in line and _RULE.match(line) is not None


def _without_rules(text: str) -> str:
    """A text without the lines below the first rows of tables."""
    at = text.find(_RULE_ITSELF)
    if at < 0:
        return text
    # As a rule there is one, between two lines of text.
    end = at + len(_RULE_ITSELF)
    around = text[at - 2 : at], text[end : end + 2]
    alone = text.find(_RULE_ITSELF, end) < 0 and all(len(one) == 2 for one in around)
    if alone and around[0][1] == around[1][0] == "\n" and not (around[0][0].isspace() or around[1][1].isspace()):
        return text[:at] + text[end:]
    return _RULE.sub("", text)


def _rows(text: str) -> list[tuple[str, str]]:
    """Labels and values of all rows, looked for where the sign between them is."""
    found: list[tuple[str, str]] = []
    end = 0
    # Is looked for once for all signs before it.
    closed = _VALUE_END.search(text)
    for sign in _SIGN.finditer(text):
        start = text.rfind("\n", 0, sign.start()) + 1
        if start < end:
            continue
        label = text[start : sign.start()].strip()
        if not label:
            # Blanks before the sign may go over lines.
            label = text[end:start].rstrip().rpartition("\n")[2].strip()
        if not label or "|" in label or len(label) > _LONGEST_LABEL:
            continue
        begun = sign.end()
        line_end = text.find("\n", begun)
        line_end = len(text) if line_end < 0 else line_end
        # As a rule the value is closed on its line, by the last sign there.
        if text[line_end - 1] == "|" and line_end > begun:
            stop, over = line_end - 1, line_end
        else:
            while closed and closed.start() < begun:
                closed = _VALUE_END.search(text, begun)
            if not closed:
                continue
            stop, over = closed.start(), closed.end()
        if stop - begun <= _LONGEST_VALUE:
            found.append((label, text[begun:stop]))
            end = over
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
def label_words() -> frozenset[str]:
    """The labels of rows, in every language, as they are printed."""
    return frozenset(word for (_, key), word in _table().items() if key not in _NO_LABELS)


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
        if key not in _NO_LABELS:
            found.setdefault(_folded(word), {}).setdefault(language, []).append(key)
    return found


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    return " ".join(word.split()).casefold()


@lru_cache(maxsize=4096)
def _likeliest(labels: frozenset[str], loading: str) -> tuple[str, ...]:
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
    return tuple(language for language in everyone if scores[language] == most)


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
