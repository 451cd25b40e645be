"""A record as VuFind's REST API gives it, in the words of the index.

The fields are those of VuFind's ``SearchApiRecordFields.yaml``. The API makes its values out of the
index and drops some on the way; where a record brings ``rawData``, the index's own document, that wins.
"""

from __future__ import annotations

from typing import Any, Final

from pipelines.readers.json_exact import NotADocumentError, parse_object, to_row

#: What the API calls a field of the index, where the values are the same. Where two names lead to one
#: field the former wins: the latter are the API's choice among the values of the former.
SAME_VALUES: Final = (
    ("id", "id"), ("title", "title"), ("shortTitle", "title_short"), ("subTitle", "title_sub"),
    ("alternativeTitles", "title_alt"), ("previousTitles", "title_old"), ("newerTitles", "title_new"),
    ("formats", "format"), ("languages", "language"), ("publicationDates", "publishDate"),
    ("year", "publishDate"), ("publishers", "publisher"), ("physicalDescriptions", "physical"),
    ("edition", "edition"), ("summary", "description"), ("toc", "contents"), ("isbns", "isbn"),
    ("cleanIsbn", "isbn"), ("issns", "issn"), ("cleanIssn", "issn"), ("lccn", "lccn"), ("oclc", "oclc_num"),
    ("cleanOclcNumber", "oclc_num"), ("cleanDoi", "doi_str_mv"), ("callNumbers", "callnumber-raw"),
    ("containerTitle", "container_title"), ("containerVolume", "container_volume"),
    ("containerIssue", "container_issue"), ("containerStartPage", "container_start_page"),
    ("containerReference", "container_reference"), ("hierarchyTopId", "hierarchy_top_id"),
    ("hierarchyTopTitle", "hierarchy_top_title"), ("hierarchyParentId", "hierarchy_parent_id"),
    ("hierarchyParentTitle", "hierarchy_parent_title"), ("institutions", "institution"),
    ("buildings", "building"), ("fullRecord", "fullrecord"),
)  # fmt: skip

#: Kinds of authors, and the lists of names alone that stand for them where ``authors`` was not asked for.
AUTHORS: Final = {
    "primary": ("author", "primaryAuthors"),
    "secondary": ("author2", "secondaryAuthors"),
    "corporate": ("author_corporate", "corporateAuthors"),
}
#: What Finna, and others with its record drivers, give instead: all of them in one list, with their roles.
ALL_AUTHORS: Final = "nonPresenterAuthors"
_AUTHOR_FIELDS: Final = frozenset(field for field, _ in AUTHORS.values())
#: What VuFind shows for a role that is unknown.
_NO_ROLE: Final = "-"
ROLE_UNKNOWN: Final = {"role": [_NO_ROLE]}
_TEXTS_ALONE: Final = {str}


def read_record(line: bytes) -> dict[str, Any]:
    """The row of schema ``RAW_RECORDS`` (without lineage) of one record of the API.

    Values that lose something on the way (descriptions of URLs, parts of subject headings, numbers of
    series, translations of codes) stand in ``extra`` as well, under the API's name (``api_series`` where the index
    calls its field so too); so does what the index has no field for.

    Raises :class:`NotADocumentError`.
    """
    return to_row(to_document(parse_object(line)))


def to_document(record: dict[str, Any]) -> dict[str, Any]:
    """A record of the API as a Solr document; raises :class:`NotADocumentError` where ``rawData`` is no document."""
    raw = record.pop("rawData", None)
    if raw is not None and not isinstance(raw, dict) and raw != []:
        raise NotADocumentError("rawData is no Solr document")
    given: dict[str, Any] = raw or {}
    document: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, field in SAME_VALUES:
        if name not in record:
            continue
        value = record.pop(name)
        if value is None or value == []:
            continue
        plain = _plain(value)
        if plain is not value and plain != value:
            extra[kept_as(name, field)] = value
        if field not in document:
            document[field] = plain
    _take_authors(record, document, extra)
    if not _AUTHOR_FIELDS & (document.keys() | given.keys()):
        _take_all_authors(record, document)
    for name, field, text in IN_OTHER_FORMS:
        _take_texts(record, document, extra, name, field, text)
    if _AUTHOR_FIELDS & given.keys():
        # The API may move a name from one kind to another: half of its authors beside half of the index's are none.
        document = {name: value for name, value in document.items() if name.removesuffix("_role") not in _AUTHOR_FIELDS}
    return {**extra, **record, **document, **{name: value for name, value in given.items() if value is not None}}


def kept_as(name: str, field: str) -> str:
    """Under which name ``extra`` keeps what the API says, beside what the index would."""
    return f"api_{name}" if name == field else name


def _plain(value: Any) -> Any:
    """Codes out of the objects in which some catalogues give them with their translation."""
    if type(value) is str:
        return value
    if isinstance(value, list):
        if {*map(type, value)} == _TEXTS_ALONE:
            return value
        return [_plain(one) for one in value]
    return value["value"] if isinstance(value, dict) and {"value", "translated"} <= value.keys() else value


def _take_authors(record: dict[str, Any], document: dict[str, Any], extra: dict[str, Any]) -> None:
    authors = record.pop("authors", None)
    by_kind = authors if isinstance(authors, dict) else {}
    understood = isinstance(authors, dict) and not by_kind.keys() - AUTHORS.keys()
    for kind, (field, names_alone) in AUTHORS.items():
        given = by_kind.get(kind)
        found = credits_of(given) if given else []
        names = record.pop(names_alone, None)
        if found is None:
            understood, found = False, []
        if not found and isinstance(names, str | list):
            found = [(one, "") for one in ([names] if isinstance(names, str) else names) if isinstance(one, str)]
        if found:
            document[field] = [name for name, _ in found]
        if any(role for _, role in found):
            document[f"{field}_role"] = [role for _, role in found]
    if authors and not understood:
        extra["authors"] = authors


def _take_all_authors(record: dict[str, Any], document: dict[str, Any]) -> None:
    given = record.get(ALL_AUTHORS)
    if not isinstance(given, list) or not given or not all(map(_is_credit, given)):
        return
    found = credits_of(given) or []
    document["author"] = [name for name, _ in found]
    if any(role for _, role in found):
        document["author_role"] = [role for _, role in found]
    if all(one.keys() <= {"name", "role"} for one in given):
        del record[ALL_AUTHORS]


def _is_credit(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("name"), str) and isinstance(one.get("role", ""), str)


def credits_of(authors: Any) -> list[tuple[str, str]] | None:
    """Names with a role each, a name once a role; ``None`` for what no version of the API is known to give."""
    if not authors:
        return []
    if isinstance(authors, dict):
        # Nearly all say of each name that its role is unknown.
        if all(about == ROLE_UNKNOWN for about in authors.values()):
            return [(name, "") for name in authors]
        pairs = list(authors.items())
    elif isinstance(authors, list) and all(isinstance(one, str) for one in authors):
        pairs = [(one, None) for one in authors]
    elif isinstance(authors, list) and all(
        isinstance(one, dict) and isinstance(one.get("name"), str) for one in authors
    ):
        pairs = [(one["name"], one) for one in authors]
    elif isinstance(authors, list) and all(isinstance(one, dict) for one in authors):
        pairs = [pair for one in authors for pair in one.items()]
    else:
        return None
    return [(name, role) for name, about in pairs for role in _roles(about)]


def _roles(about: Any) -> list[str]:
    roles = about.get("role") if isinstance(about, dict) else about
    texts = [roles] if isinstance(roles, str) else roles if isinstance(roles, list) else []
    return ["" if one == _NO_ROLE else one for one in texts if isinstance(one, str)] or [""]


def _take_texts(
    record: dict[str, Any], document: dict[str, Any], extra: dict[str, Any], name: str, field: str, text: Any
) -> None:
    """Take the values of a field that come as texts or in a form of their own, which ``text`` knows."""
    values = record.pop(name, None)
    if not isinstance(values, list) or not values:
        if values:
            extra[kept_as(name, field)] = values
        return
    found = [one if isinstance(one, str) else text(one) for one in values]
    if found != values:
        extra[kept_as(name, field)] = values
    if texts := [one for one in found if one]:
        document[field] = texts


def _url(value: Any) -> str | None:
    url = value.get("url") if isinstance(value, dict) else None
    return url if isinstance(url, str) else None


def _heading(value: Any) -> str | None:
    """A subject heading, whose parts VuFind's MARC import joins with a blank in ``topic``."""
    parts = value.get("heading") if isinstance(value, dict) else value
    if not isinstance(parts, list):
        return None
    return " ".join([part for part in parts if isinstance(part, str) and part]) or None


def _series(value: Any) -> str | None:
    name = value.get("name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None


#: What the API calls a field of the index, of which it gives values in a form of its own, and what makes texts of them.
IN_OTHER_FORMS: Final = (("urls", "url", _url), ("subjects", "topic", _heading), ("series", "series", _series))
