"""Articles in JATS, many at once: the rules of :mod:`pipelines.readers.jats_front` on columns.

The fast path. All articles are cut at their tags, judged as expat would, and what is not in a front is let go. What is
not written as publishers do, or not as expat has it, is left to the slow path, article by article.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.article_columns import formats, json_of, languages, links, precise_dates
from pipelines.readers.article_fields import pmcid, publication_date
from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.jats_credits import credit_columns
from pipelines.readers.jats_front import DATES, MAIN_ABSTRACT, MARKS, ONLINE
from pipelines.readers.plain_records import plain_records
from pipelines.readers.text_columns import Texts, both, either, is_filled, lists, mapped, single, together
from pipelines.readers.value_columns import IS_JSON, Column, table_of_columns
from pipelines.readers.xml_masked import masked
from pipelines.readers.xml_nodes import Document as Nodes
from pipelines.readers.xml_nodes import Elements
from pipelines.readers.xml_tree import Tag
from pipelines.records import TEXT

#: Addresses and ids stand in tags, so that there are many different ones.
_MOST_TAGS: Final = 100_000
#: Groups of subjects within each other; nobody has so many.
_DEEPEST_SUBJECTS: Final = 20


def read_articles(data: bytes, starts: Positions, ends: Positions) -> tuple[pa.Table, Positions] | None:
    """The documents of articles that stand from ``starts`` to ``ends``, of schema ``FIELDS``, and the number of each.

    Those that are left to the slow path are in no row; ``None`` where all are.
    """
    records = plain_records(masked(data, starts, ends), starts, ends, _MOST_TAGS)
    nodes = Nodes(records, "front") if records else None
    return _Reading(nodes).result() if nodes and not nodes.bad.all() else None


class _Reading:
    """The elements of fronts, each within its article alone, on their way to columns; marks in texts are left out."""

    def __init__(self, nodes: Nodes) -> None:
        self.marked = nodes
        self.nodes = nodes.without(*MARKS)
        self.bad, self.count = nodes.bad, len(nodes.bad)
        self.article = self.nodes.elements(np.flatnonzero(nodes.level == 1))
        front = self.article.child("front")
        self.journal = front.child("journal-meta")
        self.meta = front.child("article-meta")

    def result(self) -> tuple[pa.Table, Positions]:
        """The table and the numbers of its records."""
        article = self.article
        language = article.attribute("lang")
        codes = pc.if_else(pc.equal(language, ""), "en", language)
        types = Texts(article.attribute("article-type"), article.owner, self.count).filled()
        columns = [
            single("record_format", pa.repeat(pa.scalar("jats"), self.count)),
            languages(Texts(codes, article.owner, self.count)).column("language"),
            types.column("publication_types"),
            formats(types).column("format"),
            *self._journal(),
            *self._ids_and_links(),
            *self._titles(),
            *credit_columns(self.meta),
            *self._dates(),
            *self._place(),
            *self._abstracts(),
            self._topics().column("topic"),
            *self._relations(),
        ]
        return table_of_columns(columns, self.bad)

    def _journal(self) -> list[Column]:
        journal = self.journal
        within, beside = journal.child("journal-title-group", "journal-title"), journal.child("journal-title")
        beside = beside.at(~np.isin(beside.owner, within.owner))
        title = either(within.texts().first(), beside.texts().first())
        ids = journal.children("journal-id")
        kinds = ("nlm-ta", "iso-abbrev", "nlm-journal-id")
        medline, short, number = (ids.at(ids.says("journal-id-type", kind)).last().texts().first() for kind in kinds)
        return [
            single("container_title", title),
            single("journal_abbreviation", either(medline, short)),
            single("nlm_id", number),
            together([journal.children("issn").texts(), journal.children("issn-l").texts()]).distinct().column("issn"),
            journal.children("isbn").texts().distinct().column("isbn"),
            journal.children("publisher").children("publisher-name").texts().distinct().column("publisher"),
        ]

    def _ids_and_links(self) -> list[Column]:
        """Identifiers, the one by which the article is known best, and addresses, that of the licence last."""
        ids = self.meta.children("article-id")
        kind = "pub-id-type"
        is_doi, is_pmc, is_pmid = (ids.says(kind, *names) for names in (("doi",), ("pmc", "pmcid"), ("pubmed", "pmid")))
        dois = ids.at(is_doi).texts().distinct()
        pmc = mapped(ids.at(is_pmc).last().texts().first(), pmcid)
        pmid = ids.at(is_pmid).first().texts().first()
        others = ids.at(~(is_doi | is_pmc | is_pmid))
        # Where the kind ends and the number begins the slow path says.
        odd = others.told(lambda tag: "[" in tag.attributes.get(kind, ""))
        self.bad[self.nodes.record[others.places[odd]]] = True
        numbers = others.texts()
        written = pc.binary_join_element_wise(numbers.texts, " [", others.attribute(kind), "]", "")
        known = Texts(written, numbers.owner, self.count).at(is_filled(numbers.texts)).distinct()
        permissions = self.meta.child("permissions")
        licences = permissions.children("license")
        referred = together([licences.children("license_ref").texts(), permissions.children("license_ref").texts()])
        found = [links(pmid, pmc, dois), _hrefs(self.meta.children("self-uri")), _hrefs(licences), referred]
        return [
            single("id", either(pmc, dois.first(), pmid, numbers.first())),
            single("pmcid", pmc),
            single("pmid", pmid),
            dois.column("doi_str_mv"),
            known.column("other_ids"),
            together(found).distinct().column("url"),
            single("copyright", permissions.child("copyright-statement").texts().first()),
            single("license", licences.texts().distinct().joined(" ")),
        ]

    def _titles(self) -> list[Column]:
        group = self.meta.child("title-group")
        short = group.child("article-title").texts().first()
        sub = group.children("subtitle").texts().distinct().joined(": ")
        translated = [group.children("trans-title-group").children("trans-title"), group.children("trans-title")]
        return [
            single("title", both(short, sub, ": ")),
            single("title_short", short),
            single("title_sub", sub),
            together([one.texts() for one in translated]).distinct().column("title_alt"),
        ]

    def _dates(self) -> list[Column]:
        dates = self.meta.children("pub-date")
        each = dates.alone()
        parts = ("year", "month", "day", "season")
        year, month, day, season = (each.child(part).texts().first() for part in parts)
        whole = mapped(both(year, both(month, day, " "), " "), publication_date)
        of_season = both(year, season, " ")
        written = pc.if_else(pc.equal(month, ""), of_season, whole)
        written = pc.if_else(pc.equal(year, ""), dates.attribute("iso-8601-date"), written)
        found = Texts(written, dates.owner, self.count)
        rank, filled = dates.told(_rank), is_filled(written)
        online = filled & dates.told(_is_online)
        chosen = pa.repeat(pa.scalar("", TEXT), self.count)
        for number in range(len(DATES)):
            chosen = either(chosen, found.at(filled & (rank == number)).first())
        electronic = found.at(online).first()
        return [
            lists(precise_dates(chosen, electronic)).column("publishDate"),
            single("electronic_date", electronic),
        ]

    def _place(self) -> list[Column]:
        volume, issue, first, last, span, number = (
            self.meta.child(name).texts().first()
            for name in ("volume", "issue", "fpage", "lpage", "page-range", "elocation-id")
        )
        several = pc.and_(pc.not_equal(last, ""), pc.not_equal(last, first))
        pages = pc.if_else(several, pc.binary_join_element_wise(first, last, "-"), "")
        return [
            single("container_volume", volume),
            single("container_issue", issue),
            single("container_start_page", either(first, number)),
            single("pages", either(span, pages)),
        ]

    def _abstracts(self) -> list[Column]:
        own, translated = self.meta.children("abstract"), self.meta.children("trans-abstract")
        texts = Texts(self._abstract(own), own.owner, self.count)
        filled = is_filled(texts.texts)
        main = filled & own.told(lambda tag: tag.attributes.get("abstract-type", "") in MAIN_ABSTRACT)
        first = np.isin(own.places, own.at(main).first().places)
        parts = [("type", own.at(filled & ~first), texts.at(filled & ~first).texts, "abstract-type")]
        parts.append(("language", translated, self._abstract(translated), "lang"))
        others = []
        for name, elements, found, attribute in parts:
            about = zip(elements.attribute(attribute).to_pylist(), found.to_pylist(), strict=True)
            written = [json_of({name: said, "text": text}) for said, text in about]
            others.append(Texts(pa.array(written, TEXT), elements.owner, self.count))
        return [
            single("description", texts.at(first).first()),
            together(others).column("other_abstracts", IS_JSON),
        ]

    def _abstract(self, abstracts: Elements) -> pa.Array:
        """The paragraphs of abstracts; the title of a section before its text, as NLM has it."""
        parts = abstracts.alone().children()
        is_section = _is_called(parts, "sec")
        sections = parts.at(is_section).alone()
        within = sections.children()
        # What a section within a section says the slow path says.
        self.bad[self.nodes.record[within.places[_is_called(within, "sec")]]] = True
        text = self._paragraphs(within).filled().joined(" ")
        title = mapped(sections.child("title").texts().first(), lambda said: said.rstrip(":."))
        beside = _without_heads(parts.at(~is_section))
        places = np.append(parts.places[is_section], beside.places)
        owner = np.append(parts.owner[is_section], beside.owner)
        order = np.argsort(places, kind="stable")
        texts = pa.concat_arrays([both(title, text, ": "), self._paragraphs(beside).texts])
        return Texts(texts.take(pa.array(order)), owner[order], parts.count).filled().joined(" ")

    def _paragraphs(self, parts: Elements) -> Texts:
        """The texts of what is neither title nor label, with the marks in them."""
        return _without_heads(parts).without(self.marked).texts()

    def _topics(self) -> Texts:
        """Keywords, then the headings under which the journal has the article, groups before those in them."""
        groups = self.meta.children("kwd-group")
        words = groups.at(~groups.says("kwd-group-type", "abbreviations")).children()
        parts = words.alone().children("compound-kwd-part").texts().distinct().joined(" ")
        is_word = pa.array(words.told(lambda tag: tag.name.endswith("kwd")) == 1, pa.bool_())
        keywords = either(parts, pc.if_else(is_word, words.texts().texts, ""))
        found = self.meta.child("article-categories").children("subj-group")
        subjects = []
        for _ in range(_DEEPEST_SUBJECTS):
            subjects.append(found.children("subject"))
            found = found.children("subj-group")
        self.bad[self.nodes.record[found.places]] = True
        places = np.concatenate([one.places for one in subjects])
        # Groups begin in the order in which they are read, but the subjects of one may stand behind those within it.
        order = np.lexsort((places, self.nodes.parent[places]))
        headings = self.nodes.elements(places[order])
        return together([Texts(keywords, words.owner, self.count), headings.texts()]).distinct()

    def _relations(self) -> list[Column]:
        """Related articles, and who paid."""
        related = self.meta.children("related-article")
        reference = either(related.attribute("href"), related.texts().texts)
        about = zip(related.attribute("related-article-type").to_pylist(), reference.to_pylist(), strict=True)
        written = [json_of({"relation": kind, "reference": one}) for kind, one in about]
        awards = self.meta.children("funding-group").children("award-group")
        each = awards.alone()
        sources = each.child("funding-source")
        whole = sources.child("institution-wrap", "institution")
        source = either(whole.texts().first(), sources.at(~np.isin(sources.owner, whole.owner)).texts().first())
        numbers = each.children("award-id").texts().distinct()
        missing = np.setdiff1d(np.arange(len(awards)), numbers.owner)
        none = Texts(pa.repeat(pa.scalar("", TEXT), len(missing)), missing, len(awards))
        numbers = together([numbers, none])
        texts = both(numbers.texts, source.take(pa.array(numbers.owner)), "/")
        grants = Texts(texts, numbers.owner, len(awards)).distinct()
        return [
            Texts(pa.array(written, TEXT), related.owner, self.count).column("related_articles", IS_JSON),
            Texts(grants.texts, awards.owner[grants.owner], self.count).column("grants"),
        ]


def _is_called(elements: Elements, *names: str) -> Flags:
    """Which of the elements have one of these names."""
    found: Flags = elements.told(lambda tag: tag.name in names)
    return found


def _without_heads(parts: Elements) -> Elements:
    return parts.at(~_is_called(parts, "title", "label"))


def _hrefs(elements: Elements) -> Texts:
    """Where elements lead to."""
    return Texts(mapped(elements.attribute("href"), str.strip), elements.owner, elements.count)


def _kind_of_date(tag: Tag) -> str:
    return tag.attributes.get("pub-type", "") or tag.attributes.get("date-type", "")


def _rank(tag: Tag) -> int:
    """How much a kind of date counts, the least most; -1 for one that does not."""
    kind = _kind_of_date(tag)
    return DATES.index(kind) if kind in DATES else -1


def _is_online(tag: Tag) -> bool:
    kind = _kind_of_date(tag)
    return kind != "collection" and (kind in ONLINE or tag.attributes.get("publication-format", "") in ONLINE)
