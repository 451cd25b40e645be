"""Results of Europe PMC, many at once, in the words of VuFind's index.

What has no field there is named as in the readers of PubMed's citations. Whatever is of another kind than the
reference says is passed over, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import compress
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.article_columns import author_details, formats, json_of, languages, links, precise_dates
from pipelines.readers.article_fields import (
    inverted,
    orcid,
    pmcid,
    publication_date,
    start_page,
)
from pipelines.readers.byte_spans import Positions
from pipelines.readers.json_paths import Found
from pipelines.readers.json_tables import Objects as Read
from pipelines.readers.text_columns import (
    Texts,
    both,
    either,
    holding,
    is_filled,
    lists,
    mapped,
    mapped_lists,
    single,
    together,
)
from pipelines.readers.value_columns import IS_JSON, Column, table_of_columns
from pipelines.records import TEXT

#: Results, and what is in them: parsed ones of whatever shape, or read as they mostly are.
Objects = Found | Read

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


def _plain_text(text: str) -> str:
    if "<" in text:
        text = _INLINE.sub("", _BLOCK.sub(" ", text))
    return " ".join(unescape(text).split())


def _abstract(text: str) -> str:
    return _plain_text(_HEADING.sub(lambda heading: f" {heading[1]}: " if heading[1] else " ", text))


def table_of_results(results: Objects) -> tuple[pa.Table, Positions]:
    """The documents of results, ``lite`` or ``core``, of schema ``FIELDS``, and the number of each; without id none.

    The id is that of Europe PMC's own addresses: source and number, as in ``MED/31007684``.
    """
    source, number = results.text("source"), results.text("id")
    pmid, pmc = results.text("pmid"), mapped(results.text("pmcid"), pmcid)
    title = _plain(results.text("title"))
    pages = results.text("pageInfo")
    start = mapped(pages, start_page)
    electronic = results.text("electronicPublicationDate")
    columns = [
        single("id", pc.if_else(pc.equal(number, ""), "", both(source, number, "/"))),
        single("record_format", pa.repeat(pa.scalar("europepmc"), results.count)),
        single("title", title),
        single("title_short", title),
        single("description", _plain(results.text("abstractText"), _abstract)),
        single("container_start_page", start),
        single("pages", pc.if_else(pc.equal(pages, start), "", pages)),
        single("pmid", pmid),
        single("pmcid", pmc),
        single("license", results.text("license")),
        single("is_open_access", results.text("isOpenAccess")),
        single("date_revised", results.text("dateOfRevision")),
        single("electronic_date", electronic),
        languages(results.texts("language")).column("language"),
        *_types(results, source),
        *_links(results, pmid, pmc),
        *_place(results, electronic),
        *_credits(results),
        *_mesh(results),
        *_lists(results),
    ]
    return table_of_columns(columns, np.zeros(results.count, bool))


def _plain(texts: pa.Array, rule: Callable[[str], str] = _plain_text) -> pa.Array:
    """Texts without HTML."""
    some = holding(texts, "<&")
    if not some.any():
        return texts
    made = pa.array([rule(one) for one in texts.filter(pa.array(some)).to_pylist()], TEXT)
    return pc.replace_with_mask(texts, pa.array(some), made)


def _cut(texts: pa.Array, sign: str) -> Texts:
    """The parts of texts between signs, without the blanks around them."""
    return mapped_lists(lists(texts), lambda text: [part.strip() for part in text.split(sign)])


def _types(results: Objects, source: pa.Array) -> list[Column]:
    """Types, and the formats that they say; ``lite`` results have all types in one text."""
    types = results.texts("pubTypeList", "pubType")
    written = pc.if_else(pa.array(types.has()), "", results.text("pubType"))
    types = together([types, _cut(written, ";")]).distinct()
    is_preprint = pc.equal(source, "PPR").to_numpy(zero_copy_only=False)
    kinds = formats(types)
    kinds = kinds.at(~is_preprint[kinds.owner])
    preprints = lists(pa.array(np.where(is_preprint, "Preprint", ""), TEXT))
    return [types.column("publication_types"), together([kinds, preprints]).column("format")]


def _links(results: Objects, pmid: pa.Array, pmc: pa.Array) -> list[Column]:
    doi = lists(results.text("doi"))
    found = results.objects("fullTextUrlList", "fullTextUrl")
    urls = Texts(found.alone().text("url"), found.owner, found.count)
    return [doi.column("doi_str_mv"), together([links(pmid, pmc, doi), urls]).distinct().column("url")]


def _place(results: Objects, electronic: pa.Array) -> list[Column]:
    """Journal or book, and when it was published; ``lite`` results say it in fields of their own."""
    journal = results.objects("journalInfo", "journal")
    book = results.objects("bookOrReportDetails")
    issns = together([lists(journal.text(name)) for name in ("ISSN", "issn", "ESSN", "essn")]).distinct()
    written = _cut(pc.if_else(pa.array(issns.has()), "", results.text("journalIssn")), ";").distinct()
    date = mapped(results.text("journalInfo", "dateOfPublication"), publication_date)
    date = either(date, results.text("pubYear"), book.text("yearOfPublication"))
    return [
        single(
            "container_title",
            either(journal.text("title"), results.text("journalTitle"), book.text("comprisingTitle")),
        ),
        single("journal_abbreviation", journal.text("medlineAbbreviation")),
        single("nlm_id", either(journal.text("NLMid"), journal.text("nlmid"))),
        single("container_volume", either(results.text("journalInfo", "volume"), results.text("journalVolume"))),
        single("container_issue", either(results.text("journalInfo", "issue"), results.text("issue"))),
        together([issns, written]).column("issn"),
        together([lists(book.text("isbn13")), lists(book.text("isbn10"))]).distinct().column("isbn"),
        lists(book.text("publisher")).column("publisher"),
        lists(precise_dates(date, electronic)).column("publishDate"),
    ]


def _person(people: Objects, given: pa.Array, suffix: pa.Array | None = None) -> pa.Array:
    """The names of people as NLM inverts them; see :func:`article_fields.person`."""
    return both(people.text("lastName"), given if suffix is None else both(given, suffix, " "), ", ")


def _shortened(text: str) -> list[str]:
    """The names of authors who are only said in a row."""
    return [inverted(one) for one in text.rstrip(".").split(", ") if one]


def _credits(results: Objects) -> list[Column]:
    authors = results.objects("authorList", "author")
    each = authors.alone()
    group = each.text("collectiveName")
    name = either(group, _person(each, either(each.text("firstName"), each.text("initials")), each.text("suffix")))
    nameless = ~is_filled(name)
    if nameless.any():
        name = pc.replace_with_mask(
            name, pa.array(nameless), mapped(each.text("fullName").filter(pa.array(nameless)), inverted)
        )
    is_group = is_filled(group)
    names = Texts(name, authors.owner, authors.count)
    named = is_filled(name)
    # Authors without any name say less than all in a row do.
    string = lists(pc.if_else(pa.array(names.at(named).has()), "", results.text("authorString")))
    shortened = mapped_lists(string, _shortened)
    investigators = results.objects("investigatorList", "investigator")
    alone = investigators.alone()
    investigated = Texts(_person(alone, alone.text("firstName")), investigators.owner, investigators.count)
    return [
        together([names.at(named & ~is_group), shortened]).column("author"),
        names.at(is_group).column("author_corporate"),
        author_details(names, _orcids(each), _affiliations(each), named),
        investigated.filled().column("investigators"),
    ]


def _affiliations(authors: Objects) -> Texts:
    return together([authors.texts(*path) for path in _AFFILIATIONS]).distinct()


def _orcids(authors: Objects) -> pa.Array:
    """The ORCID of each author: as the API says it, or as getpapers makes it of the API's XML."""
    identifiers = authors.objects("authorId")
    one = identifiers.alone()
    kind = either(one.text("type"), one.text("$", "type"))
    written = pc.if_else(pc.equal(kind, "ORCID"), either(one.text("value"), one.text("_")), "")
    return mapped(Texts(written, identifiers.owner, identifiers.count).first(), orcid)


def _starred(parts: Objects, name: str) -> pa.Array:
    """The names of parts of a heading, with a star where they are a main point; "" where there is none."""
    names = parts.text(name)
    stars = pc.if_else(pc.and_(pc.equal(parts.text("majorTopic_YN"), "Y"), pc.not_equal(names, "")), "*", "")
    return pc.binary_join_element_wise(stars, names, "")


def _mesh(results: Objects) -> list[Column]:
    headings = results.objects("meshHeadingList", "meshHeading")
    each = headings.alone()
    qualifiers = each.objects("meshQualifierList", "meshQualifier")
    qualified = Texts(_starred(qualifiers.alone(), "qualifierName"), qualifiers.owner, qualifiers.count)
    written = together([lists(_starred(each, "descriptorName")), qualified.filled()]).joined("/")
    names = Texts(each.text("descriptorName"), headings.owner, headings.count)
    return [
        together([results.texts("keywordList", "keyword"), names]).distinct().column("topic"),
        Texts(written, headings.owner, headings.count).distinct().column("mesh_headings"),
    ]


def _lists(results: Objects) -> list[Column]:
    """What the index has no fields for, in the forms of MEDLINE."""
    chemicals = results.objects("chemicalList", "chemical")
    one = chemicals.alone()
    substances = pc.binary_join_element_wise(one.text("registryNumber"), " (", one.text("name"), ")", "")
    grants = results.objects("grantsList", "grant")
    one = grants.alone()
    written = both(both(one.text("grantId"), one.text("acronym"), "/"), one.text("agency"), "/")
    related = results.objects("commentCorrectionList", "commentCorrection")
    one = related.alone()
    kind = one.text("type")
    wanted = pc.not_equal(kind, "Cites").to_numpy(zero_copy_only=False)
    about = zip(kind.to_pylist(), one.text("reference").to_pylist(), one.text("id").to_pylist(), strict=True)
    relations = [
        json_of({"relation": relation, "reference": reference, "pmid": pmid})
        for relation, reference, pmid in compress(about, wanted.tolist())
    ]
    return [
        Texts(substances, chemicals.owner, chemicals.count).distinct().column("chemicals"),
        Texts(written, grants.owner, grants.count).distinct().column("grants"),
        Texts(pa.array(relations, TEXT), related.owner[wanted], related.count).column("related_articles", IS_JSON),
    ]
