"""What records of articles have in common, whatever they are written in, in the words of VuFind's index.

PubMed's XML, MEDLINE's text, JATS and Europe PMC describe the same articles; what one calls a record's date,
pages or addresses has to become the same as what another does, so that each rule is here once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import langcodes

from pipelines.readers.marc_codes import language_names

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE: Final = re.compile(r"([0-9]{4})(?:[ -]([A-Za-z]{3,9}|[0-9]{1,2}))?(?:[ -]([0-9]{1,2}))?")
_PAGE: Final = re.compile(r"[^\s,;:–-]+")
_SHORT_NAME: Final = re.compile(r"(.+) ([A-Z]{1,4})(?: (Jr|Sr|[0-9](?:st|nd|rd|th)|[IVX]+))?")
_PMCID: Final = re.compile(r"(?:PMC)?([0-9]+)(?:\.[0-9]+)?", re.IGNORECASE)
_ORCID: Final = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])$", re.IGNORECASE | re.ASCII)

#: Formats, as VuFind names them, of NLM's publication types and JATS's types of articles that are no article.
_FORMATS: Final = {
    "academic dissertation": "Thesis", "book": "Book", "book-chapter": "Book Chapter",
    "chapter-article": "Book Chapter", "dataset": "Dataset", "dissertation": "Thesis", "monograph": "Book",
    "technical report": "Report", "video-audio media": "Video", "webcast": "Video",
}  # fmt: skip
#: What NLM writes for the title of an article that has none in English yet, or at all.
NO_TITLE: Final = frozenset({"", "[Not Available].", "[Not Available]", "[In Process Citation]"})
_ARTICLES: Final = frozenset({"journal article", "review", "research-article", "review-article", "case-report"})
#: The addresses of an article by one of its identifiers.
PMC_ADDRESS: Final = "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/"
PUBMED_ADDRESS: Final = "https://pubmed.ncbi.nlm.nih.gov/{}/"
DOI_ADDRESS: Final = "https://doi.org/{}"

Document = dict[str, Any]


def formats_of(types: Iterable[str]) -> list[str]:
    """VuFind's formats of a publication, by its types in NLM's or JATS's words: an article where they say no other."""
    folded = [one.casefold() for one in types]
    if "preprint" in folded:
        return ["Preprint"]
    formats = [] if _ARTICLES.intersection(folded) else [_FORMATS[one] for one in folded if one in _FORMATS]
    return distinct(formats) or ["Article"]


def person(family: str, given: str, suffix: str = "") -> str:
    """A name as NLM inverts it: family name, given names and, after a blank, what follows these (``Jr``, ``3rd``)."""
    rest = " ".join(part for part in (given, suffix) if part)
    return f"{family}, {rest}" if family and rest else family or rest


def inverted(name: str) -> str:
    """A name of which only family name and initials are known (``King ML Jr``); others as they are."""
    found = _SHORT_NAME.fullmatch(name)
    return person(found[1], found[2], found[3] or "") if found else name


def publication_date(written: str) -> str:
    """A date in ISO's form, as far as it says year, month and day (``2006 Mar 1``, ``2006 3``); others as written."""
    found = _DATE.fullmatch(written)
    if not found or not found[2]:
        return written
    name = found[2][:3].lower()
    month = _MONTHS.index(name) + 1 if name in _MONTHS else int(name) if name.isdigit() else 0
    day = int(found[3]) if found[3] else None
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return written
    return f"{found[1]}-{month:02}" + (f"-{day:02}" if day else "")


def precise_date(published: str, online: str) -> str:
    """The day on which an article went online, where nothing but the same year is known of its issue."""
    return online if len(published) == 4 and online.startswith(published) else published


def start_page(pages: str) -> str:
    """The first page of what pages say: ``113-25``, ``e12-e19``, ``S4; discussion S9``, ``10``."""
    found = _PAGE.match(pages.strip())
    return found[0] if found else ""


def pmcid(written: str) -> str:
    """A PubMed Central id with its prefix, without version; "" for what is none."""
    found = _PMCID.fullmatch(written.strip())
    return f"PMC{found[1]}" if found else ""


def orcid(written: str) -> str:
    """An ORCID in its form with hyphens, out of one without or an address; "" for what is none."""
    found = _ORCID.search(written.strip())
    return "-".join(found.groups()).upper() if found else ""


def addresses(pmid: str, pmc: str, dois: Iterable[str]) -> list[str]:
    """Where an article is found by its identifiers; records of catalogues name them in this way and this order."""
    found = [PMC_ADDRESS.format(pmc)] if pmc else []
    if pmid:
        found.append(PUBMED_ADDRESS.format(pmid))
    return found + [DOI_ADDRESS.format(doi) for doi in dois]


@cache
def languages_of(code: str) -> tuple[str, ...]:
    """English names of a language's code: ISO 639-2, or 639-1 and what follows it (``en-GB``)."""
    code = code.strip()
    if len(code) == 3:
        return language_names(code)
    if re.fullmatch("[A-Za-z]{2}(?:[-_][A-Za-z0-9-]+)?", code) and langcodes.tag_is_valid(code):
        language: str = langcodes.Language.get(code[:2]).display_name("en")
        return (language,)
    return (code,) if code else ()


def distinct(values: Iterable[str]) -> list[str]:
    """The values that are not empty, each once, in order."""
    return [one for one in dict.fromkeys(values) if one]


def filled(document: dict[str, Any]) -> dict[str, Any]:
    """The document without fields that have no value."""
    return {name: value for name, value in document.items() if value not in ("", None, [], {})}


def add_identifier(document: Document, kind: str, value: str) -> None:
    """Take an identifier of a kind that PubMed names; those without a field to ``other_ids``, in MEDLINE's form."""
    if kind == "doi":
        document.setdefault("doi_str_mv", []).append(value)
    elif kind in ("pmc", "pmcid"):
        document["pmcid"] = pmcid(value)
    elif kind in ("pubmed", "pmid"):
        document.setdefault("pmid", value)
    elif value and (written := f"{value} [{kind}]") not in document.setdefault("other_ids", []):
        document["other_ids"].append(written)


def add_credit(
    document: Document, field: str, name: str, orcid_given: str = "", affiliations: Iterable[str] = ()
) -> None:
    """Take a name, and to ``author_details`` what is known of whom it names."""
    document.setdefault(field, []).append(name)
    details = filled({"name": name, "orcid": orcid_given, "affiliations": distinct(affiliations)})
    if len(details) > 1:
        document.setdefault("author_details", []).append(details)


def finished(document: Document, is_book: bool = False) -> Document:
    """A citation of PubMed with what follows from several of its elements, and without empty fields.

    ``vernacular_title``, ``book_title`` and ``pages`` are what NLM calls so; the title is in English, in brackets
    where the article is not. Where it is missing, the vernacular one is the title.
    """
    vernacular = document.pop("vernacular_title", "")
    title, book_title = document.get("title", ""), document.pop("book_title", "")
    if is_book and title:
        document["container_title"] = book_title
    elif is_book:
        title = book_title
    if vernacular and title in NO_TITLE:
        title, vernacular = vernacular, ""
    document |= {"title": title, "title_short": title, "title_alt": distinct([vernacular])}
    types = document.get("publication_types", [])
    document["format"] = ["Book Chapter" if "container_title" in document else "Book"] if is_book else formats_of(types)
    for name in ("doi_str_mv", "issn", "isbn", "topic", "language"):
        document[name] = distinct(document.get(name, []))
    document["url"] = addresses(document.get("pmid", ""), document.get("pmcid", ""), document["doi_str_mv"])
    dates = document.get("publishDate", [])
    document["publishDate"] = [precise_date(one, document.get("electronic_date", "")) for one in dates]
    pages = document.get("pages", "")
    if not document.get("container_start_page"):
        document["container_start_page"] = start_page(pages)
    if pages == document["container_start_page"]:
        document.pop("pages", None)
    return filled(document)
