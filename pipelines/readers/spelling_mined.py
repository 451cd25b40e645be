"""What `spelling`, the catch-all of an index, holds that no field of a record does.

An import that feeds whole texts (VuFind 10, import/xsl/nlm_ojs.xsl and its like) puts behind the title and the authors
what it has no field for: journal, kind of article, publication date, licence. Taken is only what stands where
such an import puts it, between values that the record has as fields; each field mined is named in lineage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

#: Kinds of articles, as journals print them above a title (NLM's article types and publication types).
_ARTICLE_TYPES: Final = (
    "Original Research Article; Original Research; Original Article; Original Paper; Original Contribution; "
    "Research Article; Research Paper; Research Report; Research Letter; Research Note; Research Communication; "
    "Review Article; Review Paper; Review; Mini Review; Mini-Review; Minireview; Systematic Review; Scoping Review; "
    "Meta-Analysis; Case Report; Case Reports; Case Series; Case Study; Clinical Study; Clinical Trial; "
    "Study Protocol; Protocol; Brief Report; Brief Communication; Short Communication; Short Report; "
    "Rapid Communication; Communication; Letter to the Editor; Letter; Letters; Correspondence; Editorial; "
    "Commentary; Comment; Opinion; Perspective; Perspectives; Viewpoint; Hypothesis; Hypothesis and Theory; Methods; "
    "Method; Methodology; Methodology Article; Technical Note; Technical Report; Data Report; Data Paper; Data Note; "
    "Database; Software; Book Review; News; Obituary; Erratum; Corrigendum; Correction; Retraction; Guideline; "
    "Guidelines; Conference Report; Meeting Report; Meeting Abstract; Poster Presentation; Oral Presentation; "
    "Feature Article; Clinical Case Report; Article; Research; Report"
)
_TYPES: Final = sorted(_ARTICLE_TYPES.split("; "), key=len, reverse=True)
_DATE: Final = re.compile(r"(?<![\w-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![\w-])")
_LICENCE: Final = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(licenses/(?:by|by-sa|by-nd|by-nc|by-nc-sa|by-nc-nd)/[1-4]\.[0-9]|publicdomain/(?:zero|mark)/1\.0)(?![0-9])",
    re.IGNORECASE,
)
_JOURNAL: Final = re.compile(r"[^\W_][^|<>{}©]*")
_LONGEST_JOURNAL: Final = 20
#: Two addresses, a date, marks of text: what follows a journal where there is no abstract.
_BEHIND: Final = re.compile(r"(?:https?://|/pmc/|/pubmed/|©|[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-]))")


def mine_spelling(document: dict[str, Any]) -> dict[str, Any]:
    """The fields of a document that only its ``spelling`` holds, by name.

    ``container_title`` where the document has none, and the local fields ``publication_date_str`` (a whole date in the
    year of publication), ``article_type_str`` and ``license_str`` (the address of a Creative Commons licence).
    """
    text = " ".join(" ".join(_texts(document, "spelling")).split())
    behind_authors = _behind_authors(text, document)
    if behind_authors is None:
        return {}
    between, rest = _before_next_field(text[behind_authors:], document)
    journal, article_type = _journal_and_type(between, _texts(document, "topic"))
    mined: dict[str, Any] = {}
    if journal and "container_title" not in document:
        mined["container_title"] = journal
    if article_type and journal:
        mined["article_type_str"] = article_type
    if published := _publication_date(rest, _texts(document, "publishDate")):
        mined["publication_date_str"] = published
    if (licence := _LICENCE.search(rest)) and not any(_LICENCE.search(url) for url in _texts(document, "url")):
        mined["license_str"] = f"https://creativecommons.org/{licence[1].lower()}/"
    return mined


def _texts(document: dict[str, Any], name: str) -> list[str]:
    value = document.get(name, [])
    return [" ".join(str(one).split()) for one in (value if isinstance(value, list) else [value])]


def _behind_authors(text: str, document: dict[str, Any]) -> int | None:
    """Where the title and behind it the authors of a record end; ``None`` where they do not stand so."""
    title, authors = " ".join(_texts(document, "title")), " ".join(_texts(document, "author"))
    begun = f" {title} {authors} "
    at = text.find(begun) if title and authors else -1
    return at + len(begun) if at >= 0 else None


def _before_next_field(text: str, document: dict[str, Any]) -> tuple[str, str]:
    """What stands before the next value that the document has a field for, and what stands behind an abstract."""
    description = " ".join(_texts(document, "description"))
    at = text.find(description) if description else -1
    if at >= 0:
        return text[:at].strip(), text[at + len(description) :]
    ends = [match.start()] if (match := _BEHIND.search(text)) else []
    ends += [
        at for publisher in _texts(document, "publisher") if publisher and (at := text.find(f" {publisher} ")) >= 0
    ]
    return (text[: min(ends)].strip(), text[min(ends) :]) if ends else ("", text)


def _journal_and_type(text: str, topics: Iterable[str]) -> tuple[str, str]:
    """The journal that a text begins with, and the kind of article behind it, "" for none."""
    found = ""
    known = sorted({topic for topic in topics if topic}, key=len, reverse=True)
    while ends := next((one for one in (*known, *_TYPES) if text.endswith(f" {one}")), None):
        text = text[: -len(ends) - 1]
        found = ends if ends in _TYPES else found
    if not _JOURNAL.fullmatch(text) or len(text.split()) > _LONGEST_JOURNAL or not text[0].isupper():
        return "", ""
    return text, found


def _publication_date(text: str, years: list[str]) -> str | None:
    for match in _DATE.finditer(text):
        if years and match[1] not in {year[:4] for year in years}:
            continue
        try:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        except ValueError:
            continue
    return None
