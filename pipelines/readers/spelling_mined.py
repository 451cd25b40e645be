"""What `spelling`, the catch-all of an index, holds that no field of a record does.

An import that feeds whole texts (VuFind 10, import/xsl/nlm_ojs.xsl and its like) puts behind the title and the authors
what it has no field for: journal, kind of article, publication date, licence. Taken is only what stands where
such an import puts it, between values that the record has as fields; each field mined is named in lineage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

#: The fields of a document that are read to mine another.
READ_FIELDS: Final = (
    "spelling", "title", "author", "description", "publisher", "topic", "publishDate", "url", "container_title",
)  # fmt: skip

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
_TYPES_BEHIND: Final = tuple(f" {one}" for one in _TYPES)
_DATE: Final = re.compile(r"(?<![\w-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![\w-])")
_LICENCE: Final = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(licenses/(?:by|by-sa|by-nd|by-nc|by-nc-sa|by-nc-nd)/[1-4]\.[0-9]|publicdomain/(?:zero|mark)/1\.0)(?![0-9])",
    re.IGNORECASE,
)
_JOURNAL: Final = re.compile(r"[^\W_][^|<>{}©]*")
_LONGEST_JOURNAL: Final = 20
#: Two addresses, a date, marks of text: what follows a journal where there is no abstract.
_BEHIND: Final = ("http://", "https://", "/pmc/", "/pubmed/", "©")
_DATE_BEHIND: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-])")
#: Stands in the address of each licence, whatever its case, and in few other texts.
_OF_LICENCE: Final = "ommon"


def mine_spelling(document: dict[str, Any]) -> dict[str, Any]:
    """The fields of a document that only its ``spelling`` holds, by name.

    ``container_title`` where the document has none, and the local fields ``publication_date_str`` (a whole date in the
    year of publication), ``article_type_str`` and ``license_str`` (the address of a Creative Commons licence).
    """
    return mine_folded({name: _texts(document[name]) for name in READ_FIELDS if name in document})


def mine_folded(texts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """:func:`mine_spelling` where the values of the ``READ_FIELDS`` are lists, and blanks in them folded."""
    text = " ".join(filter(None, texts.get("spelling", ())))
    behind_authors = _behind_authors(text, texts)
    if behind_authors is None:
        return {}
    between, rest = _before_next_field(text[behind_authors:], texts)
    journal, article_type = _journal_and_type(between, texts.get("topic", ()))
    mined: dict[str, str] = {}
    if journal and "container_title" not in texts:
        mined["container_title"] = journal
    if article_type and journal:
        mined["article_type_str"] = article_type
    if published := _publication_date(rest, texts.get("publishDate", ())):
        mined["publication_date_str"] = published
    licence = _LICENCE.search(rest) if _OF_LICENCE in rest.lower() else None
    if licence and not any(_LICENCE.search(url) for url in texts.get("url", ())):
        mined["license_str"] = f"https://creativecommons.org/{licence[1].lower()}/"
    return mined


def _texts(value: object) -> list[str]:
    return [" ".join(str(one).split()) for one in (value if isinstance(value, list) else [value])]


def _behind_authors(text: str, texts: Mapping[str, Sequence[str]]) -> int | None:
    """Where the title and behind it the authors of a record end; ``None`` where they do not stand so."""
    title, authors = " ".join(texts.get("title", ())), " ".join(texts.get("author", ()))
    begun = f" {title} {authors} "
    at = text.find(begun) if title and authors else -1
    return at + len(begun) if at >= 0 else None


def _before_next_field(text: str, texts: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """What stands before the next value that the document has a field for, and what stands behind an abstract."""
    description = " ".join(texts.get("description", ()))
    at = text.find(description) if description else -1
    if at >= 0:
        return text[:at].strip(), text[at + len(description) :]
    ends = [at for sign in _BEHIND if (at := text.find(sign)) >= 0]
    ends += [match.start()] if (match := _DATE_BEHIND.search(text)) else []
    ends += [at for publisher in texts.get("publisher", ()) if publisher and (at := text.find(f" {publisher} ")) >= 0]
    return (text[: min(ends)].strip(), text[min(ends) :]) if ends else ("", text)


def _journal_and_type(text: str, topics: Iterable[str]) -> tuple[str, str]:
    """The journal that a text begins with, and the kind of article behind it, "" for none."""
    found = ""
    if not text:
        return "", ""
    known = sorted({topic for topic in topics if topic}, key=len, reverse=True)
    behind = (*(f" {topic}" for topic in known), *_TYPES_BEHIND)
    while text.endswith(behind):
        ends = next(one for one in (*known, *_TYPES) if text.endswith(f" {one}"))
        text = text[: -len(ends) - 1]
        found = ends if ends in _TYPES else found
    if not _JOURNAL.fullmatch(text) or len(text.split()) > _LONGEST_JOURNAL or not text[0].isupper():
        return "", ""
    return text, found


def _publication_date(text: str, years: Sequence[str]) -> str | None:
    if not _DATE_BEHIND.search(text):
        return None
    for match in _DATE.finditer(text):
        if years and match[1] not in {year[:4] for year in years}:
            continue
        try:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        except ValueError:
            continue
    return None
