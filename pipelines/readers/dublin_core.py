"""Dublin Core in the words of VuFind's index, as VuFind imports it (``import/xsl/dspace.xsl``), and more of it.

VuFind takes of several contributors, types, descriptions and publishers the first; here all are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from pipelines.readers.xml_records import Element

#: What ``record_format`` says of such records.
RECORD_FORMAT: Final = "oai_dc"
#: Elements whose values are those of a field.
FIELDS: Final = {
    "creator": "author",
    "contributor": "author2",
    "subject": "topic",
    "description": "description",
    "publisher": "publisher",
    "type": "format",
    "language": "language",
}
_ADDRESS: Final = re.compile(r"(?:https?|ftp)://\S+$", re.IGNORECASE)
_DOI: Final = re.compile(r"(?:(?:urn:|info:)?doi[:/]\s*)?(10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+)$", re.IGNORECASE)
_ISBN: Final = re.compile(r"(?:urn:)?isbn[:\s]*([0-9][0-9 -]{8,15}[0-9X])$", re.IGNORECASE)
_ISSN: Final = re.compile(r"(?:urn:)?issn[:\s]*([0-9]{4}-?[0-9]{3}[0-9X])$", re.IGNORECASE)
_IDENTIFIERS: Final = (("doi_str_mv", _DOI), ("isbn", _ISBN), ("issn", _ISSN))
#: Where identifiers stand that are none of these.
OTHER_IDENTIFIER: Final = "dc_identifier"
_YEAR: Final = re.compile(r"[0-9]{4}(?![0-9])")
_MAYBE_A_YEAR: Final = re.compile(r"[0-9]{4}")
#: A day and a time of it (ISO 8601): when a system did something.
MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]")
#: How a date begins that begins with its year.
YEAR_FIRST: Final = re.compile(r"[0-9]{4}(?:[^0-9]|$)")


def to_document(elements: Sequence[Element]) -> dict[str, Any]:
    """A Solr document of Dublin Core elements, without id; blanks at the ends and runs of blanks are one blank or none.

    What has no field in the index stands under ``dc_`` and the element's name: sources, relations, rights,
    coverage, formats, identifiers that are no address, DOI, ISBN or ISSN, and dates that say more than a year.
    """
    values: dict[str, list[str]] = {}
    for element in elements:
        if text := " ".join(element.whole_text.split()):
            values.setdefault(element.name, []).append(text)
    document: dict[str, Any] = {"record_format": RECORD_FORMAT}
    titles = values.pop("title", [])
    if titles:
        document |= {"title": titles[0], "title_short": titles[0]}
    if titles[1:]:
        document["title_alt"] = titles[1:]
    for name, field in FIELDS.items():
        if found := values.pop(name, None):
            document[field] = found
    _take_date(values, document)
    _take_identifiers(values, document)
    return document | {f"dc_{name}": found for name, found in values.items()}


def published(date: str) -> str | None:
    """The year with which a date begins; another date whole, if there may be a year in it, else None."""
    year = _YEAR.match(date)
    return year[0] if year else date if _MAYBE_A_YEAR.search(date) else None


def _of_publication(dates: Sequence[str]) -> str:
    if MOMENT.match(dates[0]):
        return next((date for date in dates if YEAR_FIRST.match(date) and not MOMENT.match(date)), dates[0])
    return dates[0]


def field_of_identifier(identifier: str) -> tuple[str, str]:
    """The field of an identifier, and its value there."""
    if _ADDRESS.match(identifier):
        return "url", identifier
    for field, pattern in _IDENTIFIERS:
        if found := pattern.match(identifier):
            return field, found[1]
    return OTHER_IDENTIFIER, identifier


def _take_date(values: dict[str, list[str]], document: dict[str, Any]) -> None:
    """The year of a date; where it does not begin with one, the date itself.

    VuFind takes the first. Repositories (DSpace) give before the day of issue the moments at which they took the
    record in and made it available: a moment gives way to a date that begins with its year.
    """
    dates = values.get("date")
    if dates and (date := published(_of_publication(dates))):
        document["publishDate"] = [date]
        if dates == [date]:
            del values["date"]


def _take_identifiers(values: dict[str, list[str]], document: dict[str, Any]) -> None:
    for identifier in values.pop("identifier", []):
        field, value = field_of_identifier(identifier)
        document.setdefault(field, []).append(value)
