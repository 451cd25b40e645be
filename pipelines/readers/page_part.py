"""What a record page as text shows above its staff view: title, and rows of a label and a value.

The words before the values are those of the page's language (:mod:`pipelines.readers.page_labels`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipelines.readers.page_labels import CREDITS, LONGEST_LABEL, formats_in_english, read_labels
from pipelines.readers.value_cut import cut_exactly

#: A row begins with its label, and its value ends with a bar at the end of a line, some lines on where it is long.
_SIGN: Final = re.compile(r"[:：]\s*\|")
_VALUE_END: Final = re.compile(r"\|[ \t\r]*$", re.MULTILINE)
_LONGEST_VALUE: Final = 4096
_RULE_ITSELF: Final = "---|---|"
_RULE: Final = re.compile(r"^[^\S\n]*+---\|---\|[^\S\n]*$", re.MULTILINE)
_PARENTHESIS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ADDRESS_START: Final = re.compile(r"\s+(?=(?:https?|ftp)://)", re.IGNORECASE)
_YEAR: Final = re.compile(r"[^\w]*[0-9]{4}.*|.*[0-9]{4}[^\w]*", re.DOTALL)
_CUT_OFF: Final = ("...", "…")

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
        return {CREDITS[label]: value for label, value in reversed(list(self.rows.items())) if label in CREDITS}

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
            text = formats_in_english(text, self.language)
            document["format"] = cut_exactly("format", text) or [text]
        if text := self.rows.get("Online Access", "").strip():
            document["url"] = [" ".join(one.split()) for one in _ADDRESS_START.split(text)]
        return document | _published(self.rows.get("Published", ""))


def read_page_part(text: str) -> PagePart | None:
    """The part of a page above its staff view; ``None`` where too few labels are known for a page."""
    if "|" not in text:
        return None
    found = _rows(_without_rules(text))
    first = next(
        (line.strip()[:LONGEST_LABEL] for line in text.split("\n", 64)[:64] if line and not line.isspace()), ""
    )
    read = read_labels(tuple(label for label, _ in found), first)
    if read is None:
        return None
    rows: dict[str, str] = {}
    for label, (_, value) in zip(read.folded, found, strict=True):
        if label:
            shown = value.strip()
            rows.setdefault(read.meaning(label, of_lines="\n" in shown), shown)
    begins = next(label for (label, _), is_known in zip(found, read.folded, strict=True) if is_known)
    above = text[: text.find(begins)].split("\n")
    head = [line.strip() for line in above if line and not line.isspace() and not _is_rule(line)][read.begins_so :]
    return PagePart(read.language, head[0] if head else "", " ".join(head[1:]), rows)


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
        if not label or "|" in label or len(label) > LONGEST_LABEL:
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


def _published(value: str) -> dict[str, list[str]]:
    """Publishers and dates: a line each, the date the last of those that belong together."""
    lines = [line.strip() for line in value.split("\n") if line.strip()]
    found: dict[str, list[str]] = {}
    for line in lines:
        is_date = _YEAR.fullmatch(line) is not None and len(line) <= _LONGEST_DATE
        found.setdefault("publishDate" if is_date else "publisher", []).append(line)
    return found


_LONGEST_DATE: Final = 24
