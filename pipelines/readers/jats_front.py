"""What JATS says of an article before its text, in the words of VuFind's index.

Elements: https://jats.nlm.nih.gov/archiving/tag-library/. Fields are those of VuFind's ``import/xsl/nlm_ojs.xsl``, and
more of them: all abstracts' parts, all keywords, groups as authors. What has no field is named as in the readers of
PubMed's citations.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pipelines.readers.article_fields import (
    Document,
    add_credit,
    add_identifier,
    addresses,
    distinct,
    filled,
    formats_of,
    languages_of,
    orcid,
    person,
    precise_date,
    publication_date,
)
from pipelines.readers.xml_tree import Node

#: Kinds of dates of publication: the issue's counts, as in VuFind's import and for NLM, else when it went online.
DATES: Final = ("collection", "ppub", "epub-ppub", "pub", "epub", "preprint", "")
ONLINE: Final = frozenset({"epub", "electronic"})
#: In titles and names these are marks that lead elsewhere.
MARKS: Final = frozenset({"xref", "fn", "label"})
#: Who of the contributors wrote the article.
AUTHORS: Final = ("author", "collab", "group", "corresp")
MAIN_ABSTRACT: Final = frozenset({"", "abstract", "structured", "section"})


def to_document(article: Node, front: Node) -> Document:
    """An article as a Solr document, without empty fields; its id is that of PubMed Central, else DOI, PMID or another.

    JATS declares English as the language of an article that does not say which it is in.
    """
    document: Document = {
        "record_format": "jats",
        "language": list(languages_of(article.attribute("lang") or "en")),
        "publication_types": distinct([article.attribute("article-type")]),
    }
    document["format"] = formats_of(document["publication_types"])
    if journal := front.child("journal-meta"):
        _take_journal(document, journal)
    if meta := front.child("article-meta"):
        for take in (_take_ids, _take_titles, _take_credits, _take_dates, _take_place, _take_abstracts, _take_topics):
            take(document, meta)
        _take_links(document, meta)
        _take_relations(document, meta)
    return filled(document)


def _text(node: Node | None, without: frozenset[str] = MARKS) -> str:
    """The text of an element without that of marks in it, folded."""
    return " ".join(_raw_text(node, without).split()) if node else ""


def _raw_text(node: Node, without: frozenset[str]) -> str:
    return "".join(
        _raw_text(one, without) if isinstance(one, Node) else one
        for one in node
        if not isinstance(one, Node) or one.name not in without
    )


def _texts(nodes: Iterable[Node]) -> list[str]:
    return distinct(_text(node) for node in nodes)


def _take_journal(document: Document, journal: Node) -> None:
    title = journal.child("journal-title-group", "journal-title") or journal.child("journal-title")
    document["container_title"] = _text(title)
    short = {one.attribute("journal-id-type"): _text(one) for one in journal.children("journal-id")}
    document["journal_abbreviation"] = short.get("nlm-ta") or short.get("iso-abbrev", "")
    document["nlm_id"] = short.get("nlm-journal-id", "")
    document["issn"] = _texts([*journal.children("issn"), *journal.children("issn-l")])
    document["isbn"] = _texts(journal.children("isbn"))
    document["publisher"] = _texts(
        name for publisher in journal.children("publisher") for name in publisher.children("publisher-name")
    )


def _take_ids(document: Document, meta: Node) -> None:
    for one in meta.children("article-id"):
        add_identifier(document, one.attribute("pub-id-type"), _text(one))
    dois = document["doi_str_mv"] = distinct(document.get("doi_str_mv", []))
    others = [other.rpartition(" [")[0] for other in document.get("other_ids", [])]
    found = [document.get("pmcid"), *dois, document.get("pmid"), *others]
    document["id"] = next((one for one in found if one), "")


def _take_titles(document: Document, meta: Node) -> None:
    group = meta.child("title-group")
    if not group:
        return
    short = _text(group.child("article-title"))
    sub = ": ".join(_texts(group.children("subtitle")))
    document |= {"title_short": short, "title_sub": sub, "title": ": ".join(part for part in (short, sub) if part)}
    translated = [title for one in group.children("trans-title-group") for title in one.children("trans-title")]
    document["title_alt"] = _texts([*translated, *group.children("trans-title")])


def _take_credits(document: Document, meta: Node) -> None:
    places = {one.attribute("id"): _text(one) for one in meta.children("aff")}
    for group in meta.children("contrib-group"):
        places |= {one.attribute("id"): _text(one) for one in group.children("aff")}
    for group in meta.children("contrib-group"):
        for one in group.children("contrib"):
            _take_credit(document, one, places)
    roles = document.get("author2_role", [])
    if not any(roles):
        document.pop("author2_role", None)


def _take_credit(document: Document, credit: Node, places: dict[str, str]) -> None:
    kind = credit.attribute("contrib-type") or "author"
    group = credit.child("collab")
    name = _text(group, MARKS | {"contrib-group"}) if group else _name(credit)
    if not name:
        return
    affiliations = [_text(one) for one in credit.children("aff")]
    affiliations += [
        places.get(place, "")
        for one in credit.children("xref")
        if one.attribute("ref-type") == "aff"
        for place in one.attribute("rid").split()
    ]
    given = next(
        (orcid(_text(one)) for one in credit.children("contrib-id") if one.attribute("contrib-id-type") == "orcid"), ""
    )
    if kind in AUTHORS:
        add_credit(document, "author_corporate" if group else "author", name, given, affiliations)
    else:
        add_credit(document, "author2", name, given, affiliations)
        document.setdefault("author2_role", []).append(kind)
    members = group.children("contrib-group") if group else ()
    names = [_name(member) for one in members for member in one.children("contrib")]
    if names:
        document.setdefault("investigators", []).extend(distinct(names))


def _name(credit: Node) -> str:
    alternatives = credit.child("name-alternatives") or credit
    name = alternatives.child("name")
    if not name:
        written = alternatives.child("string-name")
        if not written or not written.child("surname"):
            return _text(written)
        name = written
    parts = [_text(name.child(part)) for part in ("surname", "given-names", "suffix")]
    return person(*parts)


def _take_dates(document: Document, meta: Node) -> None:
    dates: dict[str, str] = {}
    for one in meta.children("pub-date"):
        parts = [_text(one.child(part)) for part in ("year", "month", "day")]
        kind = one.attribute("pub-type") or one.attribute("date-type")
        online = kind in ONLINE or one.attribute("publication-format") in ONLINE
        date = one.attribute("iso-8601-date") if not parts[0] else _date(parts, _text(one.child("season")))
        if date and kind in DATES:
            dates.setdefault(kind, date)
        if date and online and kind != "collection":
            document.setdefault("electronic_date", date)
    chosen = next((dates[kind] for kind in DATES if kind in dates), "")
    document["publishDate"] = distinct([precise_date(chosen, document.get("electronic_date", ""))])


def _date(parts: list[str], season: str) -> str:
    year, month, day = parts
    if not month:
        return f"{year} {season}".strip()
    return publication_date(" ".join(part for part in (year, month, day) if part))


def _take_place(document: Document, meta: Node) -> None:
    first, last = _text(meta.child("fpage")), _text(meta.child("lpage"))
    span = _text(meta.child("page-range")) or (f"{first}-{last}" if last and last != first else "")
    document |= {
        "container_volume": _text(meta.child("volume")),
        "container_issue": _text(meta.child("issue")),
        "container_start_page": first or _text(meta.child("elocation-id")),
        "pages": span,
    }


def _take_abstracts(document: Document, meta: Node) -> None:
    for one in meta.children("abstract"):
        kind, text = one.attribute("abstract-type"), _abstract(one)
        if kind in MAIN_ABSTRACT and not document.get("description"):
            document["description"] = text
        elif text:
            document.setdefault("other_abstracts", []).append(filled({"type": kind, "text": text}))
    for one in meta.children("trans-abstract"):
        about = {"language": one.attribute("lang"), "text": _abstract(one)}
        document.setdefault("other_abstracts", []).append(filled(about))


def _abstract(abstract: Node) -> str:
    """The paragraphs of an abstract; the title of a section before its text, as NLM has it."""
    parts: list[str] = []
    for one in abstract.children():
        if one.name == "sec":
            title = _text(one.child("title")).rstrip(":.")
            text = _abstract(one)
            parts.append(f"{title}: {text}" if title and text else title or text)
        elif one.name not in ("title", "label"):
            parts.append(_text(one, frozenset()))
    return " ".join(part for part in parts if part)


def _take_topics(document: Document, meta: Node) -> None:
    """Keywords, then the headings under which the journal has the article, as VuFind's import takes them."""
    topics: list[str] = []
    for group in meta.children("kwd-group"):
        if group.attribute("kwd-group-type") != "abbreviations":
            for one in group.children():
                parts = _texts(one.children("compound-kwd-part"))
                topics.append(" ".join(parts) if parts else _text(one) if one.name.endswith("kwd") else "")
    if categories := meta.child("article-categories"):
        waiting = list(categories.children("subj-group"))
        while waiting:
            group = waiting.pop(0)
            topics += _texts(group.children("subject"))
            waiting = [*group.children("subj-group"), *waiting]
    document["topic"] = distinct(topics)


def _take_links(document: Document, meta: Node) -> None:
    """Addresses, those of the identifiers first, and that of the licence last."""
    found = addresses(document.get("pmid", ""), document.get("pmcid", ""), document["doi_str_mv"])
    found += [one.attribute("href") for one in meta.children("self-uri")]
    if permissions := meta.child("permissions"):
        document["copyright"] = _text(permissions.child("copyright-statement"))
        licences = list(permissions.children("license"))
        document["license"] = " ".join(_texts(licences))
        found += [one.attribute("href") for one in licences]
        found += [_text(one) for licence in (*licences, permissions) for one in licence.children("license_ref")]
    document["url"] = distinct(one.strip() for one in found)


def _take_relations(document: Document, meta: Node) -> None:
    """Related articles, and who paid."""
    for one in meta.children("related-article"):
        about = {"relation": one.attribute("related-article-type"), "reference": one.attribute("href") or _text(one)}
        document.setdefault("related_articles", []).append(filled(about))
    for group in meta.children("funding-group"):
        for award in group.children("award-group"):
            source = award.child("funding-source", "institution-wrap", "institution") or award.child("funding-source")
            numbers = _texts(award.children("award-id")) or [""]
            texts = ["/".join(part for part in (number, _text(source)) if part) for number in numbers]
            document.setdefault("grants", []).extend(distinct(texts))
