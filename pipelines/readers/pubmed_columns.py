"""Citations of PubMed, many at once: the rules of :mod:`pipelines.readers.pubmed_citation` on columns.

The fast path. It leaves what is not as NLM's articles are, record by record, to the slow one: books, deletions, texts
that a parser has to judge, elements that stand twice where one is meant.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.article_columns import author_details, formats, json_of, languages, links, precise_dates
from pipelines.readers.article_fields import (
    NO_TITLE,
    Document,
    add_identifier,
    orcid,
    pmcid,
    publication_date,
    start_page,
)
from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.plain_records import plain_records
from pipelines.readers.pubmed_elements import Citations
from pipelines.readers.text_columns import Texts, both, either, is_filled, listed, lists, mapped, single
from pipelines.readers.value_columns import IS_JSON, Column, table_of_columns
from pipelines.readers.xml_nodes import Document as Nodes
from pipelines.readers.xml_nodes import Elements
from pipelines.records import TEXT

#: Elements of which the first with a text is a field.
_SINGLE: Final = (
    ("container_title", "Title"), ("journal_abbreviation", "MedlineTA"), ("nlm_id", "NlmUniqueID"),
    ("country", "Country"), ("conflict_of_interest", "CoiStatement"), ("publication_status", "PublicationStatus"),
)  # fmt: skip
#: The tags of subjects and substances name these: some 30,000 each.
_MOST_TAGS: Final = 100_000


def read_citations(data: bytes, starts: Positions, ends: Positions) -> tuple[pa.Table, Positions] | None:
    """The documents of citations that stand from ``starts`` to ``ends``, of schema ``FIELDS``, and the number of each.

    Those that are left to the slow path are in no row; ``None`` where all are.
    """
    records = plain_records(data, starts, ends, _MOST_TAGS)
    return None if records is None else _Reading(Nodes(records)).result()


class _Reading(Citations):
    """The elements of one text on their way to columns."""

    def result(self) -> tuple[pa.Table, Positions]:
        """The table and the numbers of its records."""
        pmids = self.of("PMID")
        pmid = pmids.texts().first()
        version = pmids.attribute("Version")
        version = pc.if_else(pc.equal(version, "1"), "", version)
        electronic = self._date("ArticleDate")
        types = self.of("PublicationTypeList").children("PublicationType").texts().filled()
        columns = [
            single("id", pmid),
            single("pmid", pmid),
            single("pmid_version", Texts(version, pmids.owner, self.count).first()),
            single("record_format", pa.repeat(pa.scalar("pubmed"), self.count)),
            single("electronic_date", electronic),
            single("date_revised", self._date("DateRevised")),
            *(single(field, self.of(name).texts().first()) for field, name in _SINGLE),
            self.of("ISSN", "ISSNLinking").texts().distinct().column("issn"),
            self.of("SpaceFlightMission").texts().column("space_flight_missions"),
            self.of("GeneralNote").texts().column("general_notes"),
            self.of("GeneSymbolList").children("GeneSymbol").texts().filled().column("gene_symbols"),
            types.column("publication_types"),
            formats(types).column("format"),
            languages(self.of("Language").texts()).distinct().column("language"),
            *self._titles(),
            *self._issue(electronic),
            *self._pages(),
            *self._abstracts(),
            *self._authors(),
            *self._subjects(),
            *self._lists(),
            *self._identifiers(pmid),
        ]
        return table_of_columns(columns, self.bad)

    def _date(self, name: str) -> pa.Array:
        """A date of each record."""
        dates = self.of(name)
        return Texts(self._dates(dates), dates.owner, self.count).first()

    def _dates(self, dates: Elements) -> pa.Array:
        """Dates as far as they are given; a season, or what NLM could not take apart, as it is written."""
        each = dates.alone()
        # What is written of a part that is empty the slow path says.
        children = each.children().texts()
        self.bad[self.nodes.record[dates.places[children.owner[~is_filled(children.texts)]]]] = True
        written, year, month = each.only("MedlineDate"), each.only("Year"), each.only("Month")
        with_day = both(month, each.only("Day"), " ")
        rest = pc.if_else(pc.equal(month, ""), each.only("Season"), with_day)
        return either(written, mapped(both(year, rest, " "), publication_date))

    def _titles(self) -> list[Column]:
        title = self.of("ArticleTitle").texts().first()
        vernacular = self.of("VernacularTitle").texts().first()
        moved = pc.and_(pc.is_in(title, pa.array(sorted(NO_TITLE))), pc.not_equal(vernacular, ""))
        title = pc.if_else(moved, vernacular, title)
        other = lists(pc.if_else(moved, "", vernacular))
        return [single("title", title), single("title_short", title), other.column("title_alt")]

    def _issue(self, electronic: pa.Array) -> list[Column]:
        issues = self.of("JournalIssue")
        published = issues.children("PubDate")
        self.refuse_second(published)
        dates = Texts(self._dates(published), published.owner, self.count).first()
        return [
            lists(precise_dates(dates, electronic)).column("publishDate"),
            single("container_volume", issues.only("Volume")),
            single("container_issue", issues.only("Issue")),
        ]

    def _pages(self) -> list[Column]:
        pagination = self.of("Pagination")
        pages = pagination.only("MedlinePgn")
        start = either(pagination.only("StartPage"), mapped(pages, start_page))
        return [
            single("container_start_page", start),
            single("pages", pc.if_else(pc.equal(pages, start), "", pages)),
        ]

    def _abstracts(self) -> list[Column]:
        abstracts = self.of("Abstract")
        others = self.of("OtherAbstract")
        about = zip(
            others.attribute("Language").to_pylist(),
            others.attribute("Type").to_pylist(),
            _abstract(others.alone()).to_pylist(),
            strict=True,
        )
        written = [json_of({"language": language, "type": kind, "text": text}) for language, kind, text in about]
        rights = abstracts.children("CopyrightInformation")
        self.refuse_second(rights)
        return [
            single("description", _abstract(abstracts)),
            single("copyright", rights.texts().first()),
            Texts(pa.array(written, TEXT), others.owner, self.count).column("other_abstracts", IS_JSON),
        ]

    def _people(self, people: Elements) -> pa.Array:
        """The names of people, each as NLM inverts it; see :func:`article_fields.person`."""
        given = either(people.only("ForeName"), people.only("Initials"))
        return both(people.only("LastName"), both(given, people.only("Suffix"), " "), ", ")

    def _authors(self) -> list[Column]:
        lists = self.of("AuthorList")
        edited = np.zeros(len(self.nodes.parent) + 1, bool)
        edited[lists.places] = lists.says("Type", "editors")
        authors = lists.children("Author")
        each = authors.alone()
        group = each.only("CollectiveName")
        name = either(group, self._people(each))
        names = Texts(name, authors.owner, self.count)
        named, is_group = is_filled(name), is_filled(group)
        is_wrong = authors.says("ValidYN", "N")
        is_editor = edited[self.nodes.parent[authors.places]]
        right = named & ~is_wrong
        investigators = self.of("InvestigatorList").children("Investigator")
        found = Texts(self._people(investigators.alone()), investigators.owner, self.count)
        return [
            names.at(right & ~is_group & ~is_editor).column("author"),
            names.at(right & ~is_group & is_editor).column("author2"),
            names.at(right & is_group).column("author_corporate"),
            names.at(named & is_wrong).column("author_misprinted"),
            author_details(names, self._orcids(authors.alone()), self._affiliations(authors.alone()), right),
            found.filled().column("investigators"),
        ]

    def _affiliations(self, authors: Elements) -> Texts:
        within = authors.children("AffiliationInfo").children("Affiliation")
        beside = authors.children("Affiliation")
        places, owner = np.append(within.places, beside.places), np.append(within.owner, beside.owner)
        order = np.argsort(places, kind="stable")
        return Elements(self.nodes, places[order], owner[order], len(authors)).texts().distinct()

    def _orcids(self, authors: Elements) -> pa.Array:
        identifiers = authors.children("Identifier")
        identifiers = identifiers.at(identifiers.says("Source", "ORCID"))
        self.refuse_second(identifiers)
        return mapped(identifiers.texts().first(), orcid)

    def _subjects(self) -> list[Column]:
        """Descriptors and all other subjects to ``topic``, in their order; whole headings to ``mesh_headings``."""
        headings = self.of("MeshHeadingList").children()
        parts = headings.alone().children("DescriptorName", "QualifierName")
        first = parts.first()
        people = self.of("PersonalNameSubjectList").children("PersonalNameSubject")
        others = [
            self.of("SupplMeshList").children("SupplMeshName"),
            self.of("KeywordList").children("Keyword"),
        ]
        said = [(first.places, first.texts().texts), (people.places, self._people(people.alone()))]
        said += [(one.places, one.texts().texts) for one in others]
        places = np.concatenate([one for one, _ in said])
        order = np.argsort(places, kind="stable")
        texts = pa.concat_arrays([one for _, one in said]).take(pa.array(order))
        topics = Texts(texts, self.nodes.record[places[order]], self.count)
        stars = pa.array(np.where(parts.says("MajorTopicYN", "Y"), "*", ""), TEXT)
        written = pc.binary_join_element_wise(stars, parts.texts().texts, "")
        whole = Texts(written, parts.owner, len(headings)).joined("/")
        return [
            topics.distinct().column("topic"),
            Texts(whole, headings.owner, self.count).column("mesh_headings"),
        ]

    def _lists(self) -> list[Column]:
        chemicals = self.of("ChemicalList").children("Chemical")
        each = chemicals.alone()
        number, name = each.only("RegistryNumber"), each.only("NameOfSubstance")
        named = pc.binary_join_element_wise(number, " (", name, ")", "")
        substances = pc.if_else(pc.equal(name, ""), number, named)
        grants = self.of("GrantList").children("Grant")
        each = grants.alone()
        supported = each.only("GrantID")
        for part in ("Acronym", "Agency", "Country"):
            supported = both(supported, each.only(part), "/")
        banks = self.of("DataBankList").children("DataBank").alone()
        numbers = banks.children("AccessionNumberList")
        self.refuse_second(numbers)
        numbers = numbers.children("AccessionNumber")
        bank = banks.only("DataBankName").take(pa.array(numbers.owner))
        related = self.of("CommentsCorrectionsList").children()
        related = related.at(~related.says("RefType", "Cites"))
        each = related.alone()
        about = zip(
            related.attribute("RefType").to_pylist(),
            each.only("RefSource").to_pylist(),
            each.only("PMID").to_pylist(),
            strict=True,
        )
        relations = [json_of({"relation": kind, "reference": one, "pmid": pmid}) for kind, one, pmid in about]
        return [
            Texts(substances, chemicals.owner, self.count).column("chemicals"),
            Texts(supported, grants.owner, self.count).column("grants"),
            Texts(
                pc.binary_join_element_wise(bank, numbers.texts().texts, "/"),
                self.nodes.record[numbers.places],
                self.count,
            ).column("data_banks"),
            Texts(pa.array(relations, TEXT), related.owner, self.count).column("related_articles", IS_JSON),
        ]

    def _identifiers(self, pmid: pa.Array) -> list[Column]:
        locations = self.of("ELocationID")
        locations = locations.at(~locations.says("ValidYN", "N"))
        ids = self.of("ArticleIdList").children()
        ids = ids.at(~ids.says("IdType", "pubmed", "pmid"))
        is_doi, has_doi = ids.says("IdType", "doi"), locations.says("EIdType", "doi")
        is_pmc, has_pmc = _says_pmc(ids, "IdType"), _says_pmc(locations, "EIdType")
        dois = self._together(ids.at(is_doi), locations.at(has_doi)).texts().distinct()
        pmcs = self._together(ids.at(is_pmc), locations.at(has_pmc))
        # The last one counts, even where it is none.
        last = pmcs.at(np.append(pmcs.owner[1:] != pmcs.owner[:-1], True)[: len(pmcs)])
        pmc = mapped(last.texts().first(), pmcid)
        others = self._other_ids(ids.at(~is_doi & ~is_pmc), locations.at(~has_doi & ~has_pmc))
        return [
            single("pmcid", pmc),
            dois.column("doi_str_mv"),
            links(pmid, pmc, dois).column("url"),
            others.column("other_ids"),
        ]

    def _together(self, first: Elements, second: Elements) -> Elements:
        """Elements of records, in their order."""
        return self.nodes.elements(np.sort(np.append(first.places, second.places), kind="stable"))

    def _other_ids(self, ids: Elements, locations: Elements) -> Texts:
        """Identifiers that have no field, in MEDLINE's form."""
        sources = self.of("OtherID")
        found: list[tuple[int, int, str, str, bool]] = []
        for elements, kind in ((locations, "EIdType"), (ids, "IdType"), (sources, "Source")):
            texts = elements.texts().texts.to_pylist()
            about = zip(
                elements.places.tolist(),
                elements.owner.tolist(),
                elements.attribute(kind).to_pylist(),
                texts,
                strict=True,
            )
            found += [(*one, elements is sources) for one in about]
        documents: dict[int, Document] = {}
        for _, owner, kind, text, is_source in sorted(found):
            document = documents.setdefault(owner, {"pmid": ""})
            if is_source:
                document.setdefault("other_ids", []).append(f"{text} [{kind}]")
            else:
                add_identifier(document, kind, text)
        owners = np.array([*documents], np.int64)
        return listed([one.get("other_ids", []) for one in documents.values()], owners, self.count)


def _says_pmc(elements: Elements, name: str) -> Flags:
    """Which of the elements say the article's number in PubMed Central."""
    return elements.says(name, "pmc", "pmcid")


def _abstract(abstracts: Elements) -> pa.Array:
    """The parts of abstracts, each with its label before it, as NLM's text has them."""
    parts = abstracts.children("AbstractText")
    texts = parts.texts()
    labelled = both(parts.attribute("Label"), texts.texts, ": ")
    return Texts(labelled, texts.owner, texts.count).filled().joined(" ")
