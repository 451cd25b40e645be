"""A result of Europe PMC in the words of VuFind's index.

What has no field there is named as in the readers of PubMed's citations. Whatever is of another kind than the
reference says is passed over, never an error.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any, Final

from pipelines.readers.article_fields import (
    Document,
    add_credit,
    addresses,
    distinct,
    filled,
    formats_of,
    inverted,
    languages_of,
    orcid,
    person,
    pmcid,
    precise_date,
    publication_date,
    start_page,
)

#: Titles and abstracts hold HTML; the headings in an abstract are the labels of its parts.
_HEADING: Final = re.compile(r"<h[1-6]>\s*([^<]*?)[\s:.]*</h[1-6]>", re.IGNORECASE)
_BLOCK: Final = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6])\b[^<>]*>", re.IGNORECASE)
_INLINE: Final = re.compile(r"</?[A-Za-z][^<>]*>")

#: Where the affiliations of an author stand, in this and earlier versions of the API.
_AFFILIATIONS: Final = (
    ("authorAffiliationDetailsList", "authorAffiliation", "affiliation"),
    ("authorAffiliationsList", "authorAffiliation"),
    ("affiliation",),
)

Result = dict[str, Any]


def to_document(result: Result) -> Document:
    """A result, ``lite`` or ``core``, as a Solr document, without empty fields.

    The id is that of Europe PMC's own addresses: source and number, as in ``MED/31007684``.
    """
    source, number = _text(result, "source"), _text(result, "id")
    pmid, pmc, doi = _text(result, "pmid"), pmcid(_text(result, "pmcid")), _text(result, "doi")
    title = _plain(_text(result, "title"))
    types = [_as_text(one) for one in _all(result, "pubTypeList", "pubType")]
    types = distinct(types or [one.strip() for one in _text(result, "pubType").split(";")])
    pages = _text(result, "pageInfo")
    document: Document = {
        "id": f"{source}/{number}" if source and number else number,
        "record_format": "europepmc",
        "title": title,
        "title_short": title,
        "description": _abstract(_text(result, "abstractText")),
        "format": ["Preprint"] if source == "PPR" else formats_of(types),
        "language": [name for code in _all(result, "language") for name in languages_of(_as_text(code))],
        "doi_str_mv": distinct([doi]),
        "container_start_page": start_page(pages),
        "topic": distinct(_as_text(one) for one in _all(result, "keywordList", "keyword")),
        "publication_types": types,
        "pmid": pmid,
        "pmcid": pmc,
        "license": _text(result, "license"),
        "is_open_access": _text(result, "isOpenAccess"),
        "date_revised": _text(result, "dateOfRevision"),
        "electronic_date": _text(result, "electronicPublicationDate"),
    }
    document["pages"] = "" if pages == document["container_start_page"] else pages
    links = [_text(one, "url") for one in _objects(result, "fullTextUrlList", "fullTextUrl")]
    document["url"] = distinct([*addresses(pmid, pmc, document["doi_str_mv"]), *links])
    _take_place(document, result)
    _take_credits(document, result)
    _take_mesh(document, result)
    _take_lists(document, result)
    return filled(document)


def _all(value: Any, *path: str) -> list[Any]:
    """The values at a path, those of lists one by one, whether or not each is wrapped in a list of its own."""
    # Nearly all values are alone on their way, in lists of one or in none.
    for number, name in enumerate(path):
        while type(value) is list and len(value) == 1:
            value = value[0]
        if type(value) is dict:
            value = value.get(name)
        elif type(value) is list:
            value = _of_each(value, path[number:])
            break
        else:
            return []
    if type(value) is not list:
        return [] if value is None else [value]
    return _flat(value)


def _of_each(values: list[Any], path: tuple[str, ...]) -> list[Any]:
    for name in path:
        values = [one.get(name) for one in _flat(values) if isinstance(one, dict)]
    return values


def _flat(values: list[Any]) -> list[Any]:
    """The values of lists within lists, without null."""
    types = {*map(type, values)}
    if list not in types:
        return [one for one in values if one is not None] if type(None) in types else values
    found: list[Any] = []
    for value in values:
        if isinstance(value, list):
            found += _flat(value)
        elif value is not None:
            found.append(value)
    return found


def _objects(value: Any, *path: str) -> list[Result]:
    return [one for one in _all(value, *path) if isinstance(one, dict)]


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _text(value: Any, *path: str) -> str:
    """The first text at a path; "" where there is none."""
    for one in _all(value, *path):
        if text := _as_text(one):
            return text
    return ""


def _plain(text: str) -> str:
    """Text without HTML."""
    if "<" in text:
        text = _INLINE.sub("", _BLOCK.sub(" ", text))
    return " ".join(unescape(text).split())


def _abstract(text: str) -> str:
    return _plain(_HEADING.sub(lambda heading: f" {heading[1]}: " if heading[1] else " ", text))


def _take_place(document: Document, result: Result) -> None:
    """Journal or book, and when it was published; ``lite`` results say it in fields of their own."""
    journal = next(iter(_objects(result, "journalInfo", "journal")), {})
    book = next(iter(_objects(result, "bookOrReportDetails")), {})
    issns = [_text(journal, name) for name in ("ISSN", "issn", "ESSN", "essn")]
    date = publication_date(_text(result, "journalInfo", "dateOfPublication"))
    year = _text(result, "pubYear") or _text(book, "yearOfPublication")
    document |= {
        "container_title": _text(journal, "title") or _text(result, "journalTitle") or _text(book, "comprisingTitle"),
        "journal_abbreviation": _text(journal, "medlineAbbreviation"),
        "nlm_id": _text(journal, "NLMid") or _text(journal, "nlmid"),
        "container_volume": _text(result, "journalInfo", "volume") or _text(result, "journalVolume"),
        "container_issue": _text(result, "journalInfo", "issue") or _text(result, "issue"),
        "issn": distinct(issns) or distinct(one.strip() for one in _text(result, "journalIssn").split(";")),
        "isbn": distinct([_text(book, "isbn13"), _text(book, "isbn10")]),
        "publisher": distinct([_text(book, "publisher")]),
        "publishDate": distinct([precise_date(date or year, document["electronic_date"])]),
    }


def _take_credits(document: Document, result: Result) -> None:
    authors = _objects(result, "authorList", "author")
    for one in authors:
        group = _text(one, "collectiveName")
        given = _text(one, "firstName") or _text(one, "initials")
        name = group or person(_text(one, "lastName"), given, _text(one, "suffix")) or inverted(_text(one, "fullName"))
        places = [place for path in _AFFILIATIONS for place in _all(one, *path)]
        number = next((orcid(text) for one in _objects(one, "authorId") if (text := _orcid_text(one))), "")
        if name:
            field = "author_corporate" if group else "author"
            add_credit(document, field, name, number, [_as_text(place) for place in places])
    if not authors:
        names = _text(result, "authorString").rstrip(".").split(", ")
        document["author"] = [inverted(name) for name in names if name]
    investigators = _objects(result, "investigatorList", "investigator")
    document["investigators"] = [
        name for one in investigators if (name := person(_text(one, "lastName"), _text(one, "firstName")))
    ]


def _orcid_text(identifier: Result) -> str:
    """The ORCID in an identifier: as the API says it, or as getpapers makes it of the API's XML."""
    kind = _text(identifier, "type") or _text(identifier, "$", "type")
    return (_text(identifier, "value") or _text(identifier, "_")) if kind == "ORCID" else ""


def _take_mesh(document: Document, result: Result) -> None:
    headings: list[str] = []
    for one in _objects(result, "meshHeadingList", "meshHeading"):
        qualifiers = _objects(one, "meshQualifierList", "meshQualifier")
        names = [_text(one, "descriptorName"), *(_text(qualifier, "qualifierName") for qualifier in qualifiers)]
        stars = ["*" if _text(part, "majorTopic_YN") == "Y" else "" for part in (one, *qualifiers)]
        headings.append("/".join(star + name for star, name in zip(stars, names, strict=True) if name))
        document["topic"].append(names[0])
    document |= {"topic": distinct(document["topic"]), "mesh_headings": distinct(headings)}


def _take_lists(document: Document, result: Result) -> None:
    """What the index has no fields for, in the forms of MEDLINE."""
    document["chemicals"] = distinct(
        f"{_text(one, 'registryNumber')} ({_text(one, 'name')})" for one in _objects(result, "chemicalList", "chemical")
    )
    document["grants"] = distinct(
        "/".join(part for part in (_text(one, "grantId"), _text(one, "acronym"), _text(one, "agency")) if part)
        for one in _objects(result, "grantsList", "grant")
    )
    document["related_articles"] = [
        filled({"relation": _text(one, "type"), "reference": _text(one, "reference"), "pmid": _text(one, "id")})
        for one in _objects(result, "commentCorrectionList", "commentCorrection")
        if _text(one, "type") != "Cites"
    ]
