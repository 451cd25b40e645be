"""Citations of PubMed, many at once: the rules of :mod:`pipelines.readers.pubmed_citation` on columns.

The fast path. It leaves what is not as NLM's articles are, record by record, to the slow one: books, deletions, texts
that a parser has to judge, elements that stand twice where one is meant.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.article_fields import (
    NO_TITLE,
    Document,
    add_identifier,
    addresses,
    distinct,
    filled,
    formats_of,
    languages_of,
    orcid,
    precise_date,
    publication_date,
    start_page,
)
from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.json_paths import Texts, both, either, is_filled, mapped, single
from pipelines.readers.plain_records import plain_records
from pipelines.readers.value_columns import IS_JSON, Column, table_of_columns
from pipelines.readers.xml_nodes import Document as Nodes
from pipelines.readers.xml_nodes import Elements
from pipelines.records import TEXT

#: Elements that only hold others.
_HOLDERS: Final = ("Article", "Journal", "MedlineJournalInfo", "Book", "Publisher")
#: What articles do not have, or not there.
_OF_BOOKS: Final = (
    "BookTitle", "CollectionTitle", "Edition", "PublisherName", "Isbn", "PubDate", "Volume", "PublicationType",
)  # fmt: skip
#: What an article has once: of several the last would count.
_ONCE: Final = ("PMID", "JournalIssue", "Pagination", "Abstract", "DateRevised", "ArticleDate")
#: Elements of which the first with a text is a field.
_SINGLE: Final = (
    ("container_title", "Title"), ("journal_abbreviation", "MedlineTA"), ("nlm_id", "NlmUniqueID"),
    ("country", "Country"), ("conflict_of_interest", "CoiStatement"), ("publication_status", "PublicationStatus"),
)  # fmt: skip
#: The tags of subjects and substances name these: some 30,000 each.
_MOST_TAGS: Final = 100_000
#: A blank that stands in no text whose blanks are folded.
_BETWEEN: Final = "\x1f"


def read_citations(data: bytes, starts: Positions, ends: Positions) -> tuple[pa.Table, Positions] | None:
    """The documents of citations that stand from ``starts`` to ``ends``, of schema ``FIELDS``, and the number of each.

    Those that are left to the slow path are in no row; ``None`` where all are.
    """
    records = plain_records(data, starts, ends, _MOST_TAGS)
    return None if records is None else _Reading(Nodes(records)).result()


class _Reading:
    """The elements of one text on their way to columns."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.bad, self.count = nodes.bad, len(nodes.bad)
        name, parent = nodes.name, nodes.parent
        citation = self._named("MedlineCitation") & ((nodes.level == 1) | (nodes.level == 2))
        data = self._named("PubmedData") & (nodes.level == 2)
        article = self._named("PubmedArticle") & (nodes.level == 1)
        held = np.append(citation | data, False)
        holds = np.isin(name, [nodes.number_of(one) for one in _HOLDERS])
        for level in range(2, 7):
            held[:-1] |= holds & (nodes.level == level) & held[parent]
        self.taken = held[parent]
        self._check(citation, data, article)

    def _named(self, *names: str) -> Flags:
        return np.isin(self.nodes.name, [self.nodes.number_of(name) for name in names])

    def _check(self, citation: Flags, data: Flags, article: Flags) -> None:
        """Records that are no articles as NLM has them are bad."""
        nodes, bad = self.nodes, self.bad
        for wanted, least in ((citation, 1), (data, 0), *((self.taken & self._named(one), 0) for one in _ONCE)):
            counts = np.bincount(nodes.record[wanted], minlength=self.count)
            bad |= (counts > 1) | (counts < least)
        bad |= np.bincount(nodes.record[self.taken & self._named("PMID")], minlength=self.count) != 1
        # Of a citation alone nothing else is read.
        alone = np.bincount(nodes.record[article], minlength=self.count) == 0
        bad |= alone & (np.bincount(nodes.record[data], minlength=self.count) > 0)
        bad |= alone & (np.bincount(nodes.record[citation & (nodes.level == 2)], minlength=self.count) > 0)
        bad[nodes.record[self.taken & self._named(*_OF_BOOKS)]] = True
        bad[nodes.record[self._named("PubmedBookData", "BookDocument")]] = True
        # The slow path leaves these out, wherever they stand.
        left_out = self._named("ReferenceList", "History")
        own = np.append(data | self._named("ReferenceList"), False)[nodes.parent]
        bad[nodes.record[left_out & ~own]] = True
        # What PubMed adds stands behind the citation.
        first = np.full(self.count, -1)
        first[nodes.record[citation]] = np.flatnonzero(citation)
        bad[nodes.record[data]] |= np.flatnonzero(data) < first[nodes.record[data]]

    def _of(self, *names: str) -> Elements:
        """The elements of these names that are taken."""
        return self.nodes.elements(self.taken & self._named(*names))

    def result(self) -> tuple[pa.Table, Positions]:
        """The table and the numbers of its records."""
        own = np.arange(self.count)
        pmids = self._of("PMID")
        pmid = pmids.texts().first()
        version = pa.array(["" if one == "1" else one for one in pmids.attribute("Version")], TEXT)
        electronic = self._date("ArticleDate")
        types = self._of("PublicationTypeList").children("PublicationType").texts().filled()
        columns = [
            single("id", pmid),
            single("pmid", pmid),
            single("pmid_version", Texts(version, pmids.owner, self.count).first()),
            single("record_format", pa.repeat(pa.scalar("pubmed"), self.count)),
            single("electronic_date", electronic),
            single("date_revised", self._date("DateRevised")),
            *(single(field, self._of(name).texts().first()) for field, name in _SINGLE),
            self._of("ISSN", "ISSNLinking").texts().distinct().column("issn"),
            self._of("SpaceFlightMission").texts().column("space_flight_missions"),
            self._of("GeneralNote").texts().column("general_notes"),
            self._of("GeneSymbolList").children("GeneSymbol").texts().filled().column("gene_symbols"),
            types.column("publication_types"),
            _listed([_formats(one) for one in types.joined(_BETWEEN).to_pylist()], own).column("format"),
            *self._titles(),
            *self._issue(electronic),
            *self._pages(),
            *self._abstracts(),
            *self._authors(),
            *self._subjects(),
            *self._lists(),
            *self._identifiers(pmid.to_pylist()),
        ]
        codes = self._of("Language").texts()
        names = _listed([languages_of(one) for one in codes.texts.to_pylist()], codes.owner, self.count)
        columns.append(names.distinct().column("language"))
        return table_of_columns(columns, self.bad)

    def _date(self, name: str) -> pa.Array:
        """A date of each record."""
        dates = self._of(name)
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
        title = self._of("ArticleTitle").texts().first()
        vernacular = self._of("VernacularTitle").texts().first()
        moved = pc.and_(pc.is_in(title, pa.array(sorted(NO_TITLE))), pc.not_equal(vernacular, ""))
        title = pc.if_else(moved, vernacular, title)
        other = _lists_of(pc.if_else(moved, "", vernacular))
        return [single("title", title), single("title_short", title), other.column("title_alt")]

    def _issue(self, electronic: pa.Array) -> list[Column]:
        issues = self._of("JournalIssue")
        published = issues.children("PubDate")
        self._refuse_second(published)
        dates = Texts(self._dates(published), published.owner, self.count).first()
        known = zip(dates.to_pylist(), electronic.to_pylist(), strict=True)
        dates = pa.array([precise_date(one, online) for one, online in known], TEXT)
        return [
            _lists_of(dates).column("publishDate"),
            single("container_volume", issues.only("Volume")),
            single("container_issue", issues.only("Issue")),
        ]

    def _refuse_second(self, elements: Elements) -> None:
        """Records in which one of the elements that these are of has two are bad."""
        self.bad[self.nodes.record[elements.places[1:][elements.owner[1:] == elements.owner[:-1]]]] = True

    def _pages(self) -> list[Column]:
        pagination = self._of("Pagination")
        pages = pagination.only("MedlinePgn")
        start = either(pagination.only("StartPage"), mapped(pages, start_page))
        return [
            single("container_start_page", start),
            single("pages", pc.if_else(pc.equal(pages, start), "", pages)),
        ]

    def _abstracts(self) -> list[Column]:
        abstracts = self._of("Abstract")
        others = self._of("OtherAbstract")
        about = zip(
            others.attribute("Language"),
            others.attribute("Type"),
            _abstract(others.alone()).to_pylist(),
            strict=True,
        )
        written = [_json({"language": language, "type": kind, "text": text}) for language, kind, text in about]
        rights = abstracts.children("CopyrightInformation")
        self._refuse_second(rights)
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
        lists = self._of("AuthorList")
        edited = np.zeros(len(self.nodes.name) + 1, bool)
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
        investigators = self._of("InvestigatorList").children("Investigator")
        found = Texts(self._people(investigators.alone()), investigators.owner, self.count)
        return [
            names.at(right & ~is_group & ~is_editor).column("author"),
            names.at(right & ~is_group & is_editor).column("author2"),
            names.at(right & is_group).column("author_corporate"),
            names.at(named & is_wrong).column("author_misprinted"),
            self._details(each, names, right).column("author_details", IS_JSON),
            found.filled().column("investigators"),
        ]

    def _details(self, authors: Elements, names: Texts, right: Flags) -> Texts:
        """What is known of the authors beside their names, each as an object of JSON."""
        infos = authors.children("AffiliationInfo")
        within = infos.children("Affiliation")
        beside = authors.children("Affiliation")
        order = np.argsort(np.append(within.places, beside.places))
        places = Elements(
            self.nodes,
            np.append(within.places, beside.places)[order],
            np.append(within.owner, beside.owner)[order],
            len(authors),
        )
        affiliations = places.texts().distinct()
        identifiers = authors.children("Identifier")
        identifiers = identifiers.at(identifiers.says("Source", "ORCID"))
        self._refuse_second(identifiers)
        numbers = mapped(identifiers.texts().first(), orcid)
        wanted = right & (affiliations.has() | is_filled(numbers))
        bounds = np.searchsorted(affiliations.owner, [np.flatnonzero(wanted), np.flatnonzero(wanted) + 1]).T.tolist()
        texts, chosen = affiliations.texts.to_pylist(), pa.array(wanted)
        details = [
            _json({"name": name, "orcid": number, "affiliations": texts[start:end]})
            for name, number, (start, end) in zip(
                names.texts.filter(chosen).to_pylist(), numbers.filter(chosen).to_pylist(), bounds, strict=True
            )
        ]
        return Texts(pa.array(details, TEXT), names.owner[wanted], self.count)

    def _subjects(self) -> list[Column]:
        """Descriptors and all other subjects to ``topic``, in their order; whole headings to ``mesh_headings``."""
        headings = self._of("MeshHeadingList").children()
        parts = headings.alone().children("DescriptorName", "QualifierName")
        first = parts.at(np.append(True, parts.owner[1:] != parts.owner[:-1])[: len(parts)])
        people = self._of("PersonalNameSubjectList").children("PersonalNameSubject")
        others = [
            self._of("SupplMeshList").children("SupplMeshName"),
            self._of("KeywordList").children("Keyword"),
        ]
        said = [(first.places, first.texts().texts), (people.places, self._people(people.alone()))]
        said += [(one.places, one.texts().texts) for one in others]
        places = np.concatenate([one for one, _ in said])
        order = np.argsort(places)
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
        chemicals = self._of("ChemicalList").children("Chemical")
        each = chemicals.alone()
        number, name = each.only("RegistryNumber"), each.only("NameOfSubstance")
        named = pc.binary_join_element_wise(number, " (", name, ")", "")
        substances = pc.if_else(pc.equal(name, ""), number, named)
        grants = self._of("GrantList").children("Grant")
        each = grants.alone()
        supported = each.only("GrantID")
        for part in ("Acronym", "Agency", "Country"):
            supported = both(supported, each.only(part), "/")
        banks = self._of("DataBankList").children("DataBank").alone()
        numbers = banks.children("AccessionNumberList")
        self._refuse_second(numbers)
        numbers = numbers.children("AccessionNumber")
        bank = banks.only("DataBankName").take(pa.array(numbers.owner))
        related = self._of("CommentsCorrectionsList").children()
        related = related.at(~related.says("RefType", "Cites"))
        each = related.alone()
        about = zip(
            related.attribute("RefType"),
            each.only("RefSource").to_pylist(),
            each.only("PMID").to_pylist(),
            strict=True,
        )
        relations = [_json({"relation": kind, "reference": one, "pmid": pmid}) for kind, one, pmid in about]
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

    def _identifiers(self, pmids: list[str]) -> list[Column]:
        locations = self._of("ELocationID")
        locations = locations.at(~locations.says("ValidYN", "N"))
        ids = self._of("ArticleIdList").children()
        others = self._of("OtherID")
        found: list[tuple[int, int, str, str]] = []
        for elements, kind in ((locations, "EIdType"), (ids, "IdType"), (others, "Source")):
            texts = elements.texts().texts.to_pylist()
            about = zip(elements.places.tolist(), elements.owner.tolist(), elements.attribute(kind), texts, strict=True)
            found += [(place, owner, "" if elements is others else one, text) for place, owner, one, text in about]
        documents: list[Document] = [{"pmid": pmid} for pmid in pmids]
        sources = dict(zip(others.places.tolist(), others.attribute("Source"), strict=True))
        for place, owner, kind, text in sorted(found):
            if place in sources:
                documents[owner].setdefault("other_ids", []).append(f"{text} [{sources[place]}]")
            else:
                add_identifier(documents[owner], kind, text)
        own = np.arange(self.count)
        dois = [distinct(one.get("doi_str_mv", [])) for one in documents]
        pmc = [one.get("pmcid", "") for one in documents]
        urls = [addresses(*one) for one in zip(pmids, pmc, dois, strict=True)]
        return [
            single("pmcid", pa.array(pmc, TEXT)),
            _listed(dois, own).column("doi_str_mv"),
            _listed(urls, own).column("url"),
            _listed([one.get("other_ids", []) for one in documents], own).column("other_ids"),
        ]


def _abstract(abstracts: Elements) -> pa.Array:
    """The parts of abstracts, each with its label before it, as NLM's text has them."""
    parts = abstracts.children("AbstractText")
    texts = parts.texts()
    labelled = both(pa.array(parts.attribute("Label"), TEXT), texts.texts, ": ")
    return Texts(labelled, texts.owner, texts.count).filled().joined(" ")


def _json(about: dict[str, Any]) -> str:
    return orjson.dumps(filled(about)).decode()


def _lists_of(texts: pa.Array) -> Texts:
    return Texts(texts, np.arange(len(texts)), len(texts)).filled()


def _listed(lists: Any, owner: Positions, count: int | None = None) -> Texts:
    """Lists of texts, each of the object that ``owner`` says."""
    texts = pa.array([text for one in lists for text in one], TEXT)
    return Texts(texts, np.repeat(owner, [len(one) for one in lists]), len(lists) if count is None else count)


@lru_cache(maxsize=4096)
def _formats(types: str) -> list[str]:
    return formats_of(types.split(_BETWEEN) if types else ())
