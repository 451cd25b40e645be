"""A citation in the MEDLINE format, out of its tags and values, in the words of VuFind's index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipelines.readers.article_fields import (
    Document,
    add_credit,
    add_identifier,
    filled,
    finished,
    inverted,
    languages_of,
    orcid,
    publication_date,
)

#: Tags whose value is that of a field: the first, or one of several.
_ONE: Final = {
    "TI": "title", "TT": "vernacular_title", "BTI": "book_title", "EN": "edition", "VI": "container_volume",
    "IP": "container_issue", "PG": "pages", "AB": "description", "JT": "container_title", "TA": "journal_abbreviation",
    "JID": "nlm_id", "PL": "country", "CI": "copyright", "PST": "publication_status", "COIS": "conflict_of_interest",
}  # fmt: skip
_EACH: Final = {
    "CTI": "series", "PB": "publisher", "ISBN": "isbn", "PT": "publication_types", "OT": "topic", "FPS": "topic",
    "NM": "topic", "RN": "chemicals", "GR": "grants", "SI": "data_banks", "GS": "gene_symbols", "GN": "general_notes",
    "SFM": "space_flight_missions", "FIR": "investigators",
}  # fmt: skip
_DATES: Final = {"DEP": "electronic_date", "LR": "date_revised"}
#: Relations to other citations, by their names in the XML.
_RELATIONS: Final = {
    "CIN": "CommentIn", "CON": "CommentOn", "CRI": "CorrectedandRepublishedIn", "CRF": "CorrectedandRepublishedFrom",
    "DDIN": "DatasetIn", "DRIN": "DatasetUseReportedIn", "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor", "EFR": "ErratumFor", "EIN": "ErratumIn", "ORI": "OriginalReportIn",
    "PRIN": "PartialRetractionIn", "PROF": "PartialRetractionOf", "RIN": "RetractionIn", "ROF": "RetractionOf",
    "RPI": "RepublishedIn", "RPF": "RepublishedFrom", "SPIN": "SummaryForPatientsIn", "UIN": "UpdateIn",
    "UOF": "UpdateOf",
}  # fmt: skip
_CREDITS: Final = {"FAU": "author", "AU": "author", "FED": "author2", "ED": "author2", "CN": "author_corporate"}
_SHORT_FORM: Final = {"FAU": "AU", "FED": "ED"}

_ISSN: Final = re.compile(r"[0-9]{4}-[0-9]{3}[0-9Xx]")
_LABELLED: Final = re.compile(r"(.*\S) \[([^\[\]]+)\]")
_REFERENCE: Final = re.compile(r"(.*?)\.? PMID: ([0-9]+)(?:\..*)?")
_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def to_document(fields: list[tuple[str, str]]) -> Document:
    """A citation's tags and values as a Solr document, without empty fields."""
    document: Document = {"record_format": "medline"}
    for tag, value in fields:
        if not value:
            continue
        if field := _ONE.get(tag):
            document.setdefault(field, value)
        elif field := _EACH.get(tag):
            document.setdefault(field, []).append(value)
        elif field := _DATES.get(tag):
            document[field] = _iso(value)
        elif relation := _RELATIONS.get(tag):
            document.setdefault("related_articles", []).append(_related(relation, value))
        else:
            _take(document, tag, value)
    for field, name, identifier, affiliations in _credits(fields):
        add_credit(document, field, name, identifier, affiliations)
    return finished(document, is_book="book_title" in document)


def _take(document: Document, tag: str, value: str) -> None:
    """Take what is more than a text that stands for itself."""
    if tag == "PMID":
        document["id"] = document["pmid"] = value
    elif tag == "DP":
        document["publishDate"] = [publication_date(value)]
    elif tag == "LA":
        document.setdefault("language", []).extend(languages_of(value))
    elif tag == "IS" and (issn := _ISSN.match(value)):
        document.setdefault("issn", []).append(issn[0])
    elif tag == "MH":
        document.setdefault("mesh_headings", []).append(value)
        document.setdefault("topic", []).append(value.partition("/")[0].removeprefix("*"))
    elif tag in ("AID", "LID") and (labelled := _LABELLED.fullmatch(value)):
        add_identifier(document, labelled[2], labelled[1])
    elif tag == "OID":
        kind, _, number = value.partition(": ")
        document.setdefault("other_ids", []).append(f"{number} [{kind}]" if number else value)
    elif tag == "PMC":
        add_identifier(document, "pmc", value)
    elif tag == "OAB":
        document.setdefault("other_abstracts", []).append({"text": value})
    elif tag == "OABL" and document.get("other_abstracts"):
        document["other_abstracts"][-1]["language"] = value


def _credits(fields: list[tuple[str, str]]) -> Iterator[tuple[str, str, str, list[str]]]:
    """Field, name, ORCID and affiliations of each who is credited.

    The full form of a name comes before the short one, and what is known of the person after both. Until 2013 there
    was one affiliation, the first author's, before all names.
    """
    found: list[tuple[str, str, list[str], list[str]]] = []
    early: list[str] = []
    awaited = ""
    for tag, value in fields:
        if tag in _CREDITS and value:
            if tag == awaited:
                awaited = ""
                continue
            awaited = _SHORT_FORM.get(tag, "")
            name = value if tag in ("FAU", "FED", "CN") else inverted(value)
            found.append((_CREDITS[tag], name, [], []))
        elif tag == "AD":
            (found[-1][3] if found else early).append(value)
        elif tag == "AUID" and found and value.startswith("ORCID:"):
            found[-1][2].append(orcid(value))
    if found:
        found[0][3].extend(early)
    return ((field, name, "".join(orcids[:1]), affiliations) for field, name, orcids, affiliations in found)


def _related(relation: str, value: str) -> Document:
    found = _REFERENCE.fullmatch(value)
    reference, pmid = found.groups() if found else (value, "")
    return filled({"relation": relation, "reference": reference, "pmid": pmid})


def _iso(value: str) -> str:
    found = _DATE.fullmatch(value)
    return "-".join(found.groups()) if found else value
