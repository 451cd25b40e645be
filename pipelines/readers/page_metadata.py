"""What a record page says of its record without a staff view: where staff views are hidden, or on another page.

In the head: ``<meta>`` in the vocabularies of VuFind (MetadataVocabulary: Dublin Core, Highwire Press, Eprints, PRISM,
bepress) and schema.org as JSON-LD; in the body schema.org as RDFa, and links to the author's and the subject's
page, whose target holds the heading as it is indexed while the text beside it may hold roles or dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.readers.coins import told_to_citation_managers
from pipelines.readers.core_record import (
    AUTHOR_LINKS,
    SUBJECT_LINKS,
    Values,
    core_record,
    heading_in,
    subjects_of,
    text_of,
)
from pipelines.readers.page_addresses import host_of, leading_out, record_id
from pipelines.readers.surroundings import Surroundings
from pipelines.records import MULTI_VALUED_FIELDS

_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)
#: So many elements may stand between a property and the thing that it is said of.
_MOST_AROUND: Final = 64
#: So many letters of a title tell.
_TELLING: Final = 20

#: Names of metadata, in lower case, without the vocabulary before it -> field of the index.
_META_FIELDS: Final = {
    "title": "title", "creator": "author", "author": "author", "creators_name": "author",
    "issued": "publishDate", "date": "publishDate", "publication_date": "publishDate", "publicationdate": "publishDate",
    "language": "language", "publisher": "publisher", "isbn": "isbn", "issn": "issn", "doi": "doi_str_mv",
    "relation.ispartof": "container_title", "journal_title": "container_title", "publication": "container_title",
    "publicationname": "container_title",
    "citation.volume": "container_volume", "volume": "container_volume",
    "citation.issue": "container_issue", "issue": "container_issue", "number": "container_issue",
    "citation.spage": "container_start_page", "firstpage": "container_start_page",
    "startingpage": "container_start_page", "subject": "topic", "description": "description",
}  # fmt: skip
_VOCABULARY: Final = re.compile(r"(?:dc\.|dcterms\.|citation_|eprints\.|prism\.|bepress_citation_)(.+)", re.IGNORECASE)
_IDENTIFIERS: Final = (
    ("doi_str_mv", re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\.[0-9][0-9.]*/\S+)", re.IGNORECASE)),
    ("issn", re.compile(r"([0-9]{4}-?[0-9]{3}[0-9Xx])")),
    ("isbn", re.compile(r"((?:[0-9]-?){9}[0-9Xx]|(?:[0-9]-?){12}[0-9])")),
)

#: Properties of schema.org -> field of the index.
_SCHEMA_FIELDS: Final = {
    "name": "title", "author": "author", "creator": "author_corporate", "contributor": "author2",
    "datePublished": "publishDate", "inLanguage": "language", "publisher": "publisher", "isbn": "isbn", "issn": "issn",
    "description": "description", "abstract": "description", "isPartOf": "container_title",
    "volumeNumber": "container_volume", "issueNumber": "container_issue", "pageStart": "container_start_page",
    "about": "topic", "bookEdition": "edition", "url": "url",
}  # fmt: skip
#: Objects of schema.org that describe the site and not the record.
_SITE_TYPES: Final = frozenset(
    {"WebSite", "WebPage", "BreadcrumbList", "Organization", "Library", "Person", "SearchAction", "ItemList"}
)
#: Properties by which VuFind's templates mark up what they show of a record; its credits are told by links.
_MARKED_UP: Final = {
    name: _SCHEMA_FIELDS[name]
    for name in ("datePublished", "inLanguage", "publisher", "isbn", "issn", "description", "bookEdition")
} | {"publicationDate": "publishDate", "url": "url"}
_CREDITS: Final = {"author": "author", "creator": "author_corporate", "contributor": "author2"}


def described_document(page: LexborHTMLParser) -> dict[str, Any] | None:
    """The Solr document that a page describes outside of a staff view; ``None`` without id or title.

    Of each field what the links and the core record tell counts first, then the ``<meta>``, then JSON-LD, then RDFa,
    then what the core record shows, and last what the page tells citation managers. Metadata with another title than
    the page shows are of its site, or of a record beside it.
    """
    around, host = Surroundings(), host_of(page)
    identifier = record_id(page, around)
    if identifier is None:
        return None
    core, shown, coins = core_record(page, around), _rdfa(page), told_to_citation_managers(page)
    title = next((found["title"][0] for found in (shown, coins) if "title" in found), "")
    meta = _meta(page)
    if title and "title" in meta and not _agree(title, meta["title"][0]):
        meta = {}
    fields: Values = {}
    for found in (_linked_headings(page, around) | core.told, meta, _json_ld(page, title), shown, core.shown):
        _take_over(fields, found, host)
    if "title" not in fields or _agree(fields["title"][0], coins.get("title", [""])[0]):
        _take_over(fields, coins, "")
    _take_over(fields, _linked_dois(page, around) | _heading(page), "")
    if "title" not in fields:
        return None
    document: dict[str, Any] = {"id": identifier}
    for name, values in fields.items():
        document[name] = values if name in _MULTI or len(values) > 1 else values[0]
    return document


def _take_over(fields: Values, found: Values, host: str) -> None:
    """Add what is found to fields that have nothing yet; ``host`` is that of the catalogue."""
    # The vocabularies put every credit under one name; links tell who is an author.
    credited = {heading for name in _CREDITS.values() for heading in fields.get(name, ())}
    for name, values in found.items():
        if name in fields or (credited and name in _CREDITS.values() and name != "author"):
            continue
        told = list(dict.fromkeys(values))
        if name == "author":
            told = [heading for heading in told if heading not in credited]
        elif name == "url":
            told = [address for value in told if (address := leading_out(value, host))]
        if told:
            fields[name] = told


def _agree(one: str, other: str) -> bool:
    """Whether two titles may be of one record: one may be cut off, or longer by a subtitle."""
    a, b = ("".join(filter(str.isalnum, text.casefold()))[:_TELLING] for text in (one, other))
    return bool(a and b) and (a.startswith(b) or b.startswith(a))


def _linked_headings(page: LexborHTMLParser, around: Surroundings) -> Values:
    found: Values = {}
    for link in page.css(AUTHOR_LINKS):
        if around.is_aside(link):
            continue
        heading = heading_in(link, "author", "lookfor")
        role = next((_CREDITS[name] for name in _properties(link.parent) if name in _CREDITS), None)
        if heading and role:
            found.setdefault(role, []).append(heading)
    lines = ", ".join(f"{line} {SUBJECT_LINKS}" for line in (".subject-line", ".subjectLine"))
    if subjects := subjects_of(link for link in page.css(lines) if not around.is_aside(link)):
        found["topic"] = subjects
    return found


def _linked_dois(page: LexborHTMLParser, around: Surroundings) -> Values:
    """The DOI for which VuFind looks for full texts, where the page has one alone."""
    dois = {node.attributes.get("data-doi") or "" for node in page.css("[data-doi]") if not around.is_aside(node)}
    return {"doi_str_mv": list(dois)} if len(dois) == 1 and dois != {""} else {}


def _heading(page: LexborHTMLParser) -> Values:
    """The heading of a page of VuFind 1, which marks nothing up."""
    node = page.css_first(".record h1")
    return {"title": [text]} if node is not None and (text := text_of(node)) else {}


def _properties(node: LexborNode | None) -> list[str]:
    return (node.attributes.get("property") or "").split() if node is not None else []


def _meta(page: LexborHTMLParser) -> Values:
    found: Values = {}
    for node in page.css("meta[name][content]"):
        name = _VOCABULARY.fullmatch(node.attributes.get("name") or "")
        content = (node.attributes.get("content") or "").strip()
        if not name or not content:
            continue
        if name[1].lower() == "identifier":
            for field, pattern in _IDENTIFIERS:
                if identifier := pattern.fullmatch(content):
                    found.setdefault(field, []).append(identifier[1])
                    break
        elif field_of := _META_FIELDS.get(name[1].lower()):
            found.setdefault(field_of, []).append(content)
    # A page may use several vocabularies at once, which say the same of fields of one value.
    return {name: list(dict.fromkeys(values)) if name in _MULTI else values[:1] for name, values in found.items()}


def _json_ld(page: LexborHTMLParser, title: str) -> Values:
    found: Values = {}
    for node in page.css('script[type="application/ld+json"]'):
        try:
            written = orjson.loads(node.text())
        except orjson.JSONDecodeError:
            continue
        for thing in _things(written):
            if title and not any(_agree(title, name) for name in _texts(thing["name"])):
                continue
            for name, value in thing.items():
                field = _SCHEMA_FIELDS.get(name)
                if field and field not in found and (texts := list(_texts(value))):
                    found[field] = texts if field in _MULTI else texts[:1]
            if found:
                return found
    return found


def _things(written: Any) -> Iterator[dict[str, Any]]:
    """The objects at the top that describe a record."""
    for one in written if isinstance(written, list) else [written]:
        if not isinstance(one, dict):
            continue
        if isinstance(one.get("@graph"), list):
            yield from _things(one["@graph"])
        kinds = one.get("@type")
        if "name" in one and _SITE_TYPES.isdisjoint(kind for kind in _as_list(kinds) if isinstance(kind, str)):
            yield one


def _texts(value: Any) -> Iterator[str]:
    for one in _as_list(value):
        named = one.get("name") if isinstance(one, dict) else one
        if isinstance(named, str | int | float) and not isinstance(named, bool) and str(named).strip():
            yield str(named).strip()


def _as_list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _rdfa(page: LexborHTMLParser) -> Values:
    found: Values = {}
    for node in page.css('h1[property~="name"], h2[property~="name"], h3[property~="name"]'):
        if text := text_of(node):
            found["title"] = [text]
            break
    record = page.css_first('[resource="#record"][typeof]')
    if record is None:
        return found
    for node in record.css("[property]"):
        fields = [_MARKED_UP[name] for name in _properties(node) if name in _MARKED_UP]
        # What is shown of another thing, as a similar record, is of that.
        if fields and _thing(node.parent) == record.mem_id and (text := _value(node)):
            for field in fields:
                found.setdefault(field, []).append(text)
    return {name: values if name in _MULTI else values[:1] for name, values in found.items()}


def _thing(node: LexborNode | None) -> int | None:
    """Of which thing a property within ``node`` is said, if that stands not too far around it."""
    for _ in range(_MOST_AROUND):
        if node is None or "typeof" in node.attributes:
            break
        node = node.parent
    return None if node is None else node.mem_id


def _value(node: LexborNode) -> str:
    """The value of a property: its address, content or text, and of a thing its name."""
    given = node.attributes.get("href") or node.attributes.get("content")
    if given:
        return given.strip()
    named = node.css_first('[property~="name"]') if "typeof" in node.attributes else node
    return "" if named is None else text_of(named)
