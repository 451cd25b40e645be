"""A citation of PubMed, out of the tree of its XML, in the words of VuFind's index.

What has no field there has a name in ``extra``, the same as in the readers of other records of articles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipelines.readers.article_fields import (
    Document,
    add_credit,
    add_identifier,
    filled,
    finished,
    languages_of,
    orcid,
    person,
    publication_date,
)
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.xml_tree import Node

#: The references of an article, which it cites and does not relate to.
_CITES: Final = "Cites"


def to_document(record: Node) -> Document:
    """A ``PubmedArticle``, ``PubmedBookArticle`` or ``MedlineCitation`` as a Solr document, without empty fields.

    Raises :class:`NotADocumentError` where it holds no citation.
    """
    data = record.child("PubmedData") or record.child("PubmedBookData")
    citation = record if record.name == "MedlineCitation" else record.child("MedlineCitation")
    book = record.child("BookDocument") if citation is None else None
    if citation is None and book is None:
        raise NotADocumentError("not a citation: neither a MedlineCitation nor a BookDocument")
    document: Document = {"record_format": "pubmed"}
    for node in (citation, data, book):
        if node is not None:
            _take(document, node)
    return finished(document, is_book=book is not None)


def _take(document: Document, node: Node) -> None:
    """Take what the elements right below say, each as its name asks for."""
    for one in node:
        if type(one) is Node and (take := _TAKEN.get(one.tag.name)):
            take(document, one)


def _one(field: str) -> Callable[[Document, Node], None]:
    """Take the text of an element as the value of a field; the first that has one counts."""

    def take(document: Document, node: Node) -> None:
        if not document.get(field):
            document[field] = node.text()

    return take


def _each(field: str) -> Callable[[Document, Node], None]:
    """Take the text of an element as one of the values of a field."""

    def take(document: Document, node: Node) -> None:
        document.setdefault(field, []).append(node.text())

    return take


def _within(field: str, *names: str) -> Callable[[Document, Node], None]:
    """Take the texts of the elements of these names below as values of a field."""

    def take(document: Document, node: Node) -> None:
        values = [one.text() for one in node if type(one) is Node and one.tag.name in names]
        document.setdefault(field, []).extend(value for value in values if value)

    return take


def _date(field: str) -> Callable[[Document, Node], None]:
    def take(document: Document, node: Node) -> None:
        if text := _date_of(node):
            document[field] = text

    return take


def _date_of(node: Node) -> str:
    """A date as far as it is given; a season, or what NLM could not take apart, as it is written."""
    parts = {one.tag.name: one.text() for one in node if type(one) is Node}
    if "MedlineDate" in parts:
        return parts["MedlineDate"]
    names = ("Year", "Month", "Day") if "Month" in parts else ("Year", "Season")
    return publication_date(" ".join(parts[name] for name in names if name in parts))


def _take_pmid(document: Document, node: Node) -> None:
    document["id"] = document["pmid"] = node.text()
    version = node.attribute("Version")
    if version not in ("", "1"):
        document["pmid_version"] = version


def _take_publish_date(document: Document, node: Node) -> None:
    if date := _date_of(node):
        document["publishDate"] = [date]


def _take_issue(document: Document, node: Node) -> None:
    for one in node:
        if type(one) is Node:
            if one.tag.name == "Volume":
                document["container_volume"] = one.text()
            elif one.tag.name == "Issue":
                document["container_issue"] = one.text()
            elif one.tag.name == "PubDate":
                _take_publish_date(document, one)


def _take_pagination(document: Document, node: Node) -> None:
    for one in node.children():
        if one.name == "MedlinePgn":
            document["pages"] = one.text()
        elif one.name == "StartPage":
            document["container_start_page"] = one.text()


def _take_abstract(document: Document, node: Node) -> None:
    document["description"] = _abstract(node)
    copyright_node = node.child("CopyrightInformation")
    if copyright_node:
        document["copyright"] = copyright_node.text()


def _abstract(node: Node) -> str:
    """The parts of an abstract, each with its label before it, as NLM's text has them."""
    parts = []
    for one in node:
        if type(one) is Node and one.tag.name == "AbstractText":
            label, text = one.attribute("Label"), one.text()
            parts.append(f"{label}: {text}" if label and text else label or text)
    return " ".join(part for part in parts if part)


def _take_other_abstract(document: Document, node: Node) -> None:
    about = {"language": node.attribute("Language"), "type": node.attribute("Type"), "text": _abstract(node)}
    document.setdefault("other_abstracts", []).append(filled(about))


def _take_authors(document: Document, node: Node) -> None:
    """People to ``author``, groups to ``author_corporate``; the editors of a book to ``author2``."""
    field = "author2" if node.attribute("Type") == "editors" else "author"
    for author in node:
        if type(author) is Node and author.tag.name == "Author":
            _take_author(document, author, field)


def _take_author(document: Document, author: Node, field: str) -> None:
    texts: dict[str, str] = {}
    affiliations: list[str] = []
    identifier = ""
    for one in author:
        if type(one) is not Node:
            continue
        name = one.tag.name
        if name == "AffiliationInfo":
            affiliations += [child.text() for child in one.children("Affiliation")]
        elif name == "Affiliation":
            affiliations.append(one.text())
        elif name == "Identifier":
            if one.attribute("Source") == "ORCID":
                identifier = orcid(one.text())
        else:
            texts[name] = one.text()
    group = texts.get("CollectiveName", "")
    written = group or person(
        texts.get("LastName", ""), texts.get("ForeName") or texts.get("Initials", ""), texts.get("Suffix", "")
    )
    if not written:
        return
    if author.attribute("ValidYN") == "N":
        # A name that was printed wrongly; the right one stands beside it.
        document.setdefault("author_misprinted", []).append(written)
        return
    add_credit(document, "author_corporate" if group else field, written, identifier, affiliations)


def _take_investigators(document: Document, node: Node) -> None:
    for one in node.children("Investigator"):
        texts = {child.name: child.text() for child in one.children()}
        given = texts.get("ForeName") or texts.get("Initials", "")
        if name := person(texts.get("LastName", ""), given, texts.get("Suffix", "")):
            document.setdefault("investigators", []).append(name)


def _take_people_as_subjects(document: Document, node: Node) -> None:
    for one in node.children("PersonalNameSubject"):
        texts = {child.name: child.text() for child in one.children()}
        given = texts.get("ForeName") or texts.get("Initials", "")
        document.setdefault("topic", []).append(person(texts.get("LastName", ""), given, texts.get("Suffix", "")))


def _take_mesh(document: Document, node: Node) -> None:
    """Descriptors to ``topic``; whole headings, in NLM's form with a star for what is a main point, to ``extra``."""
    topics = document.setdefault("topic", [])
    headings = document.setdefault("mesh_headings", [])
    for heading in node:
        if type(heading) is not Node:
            continue
        parts: list[str] = []
        for one in heading:
            if type(one) is Node and one.tag.name in ("DescriptorName", "QualifierName"):
                text = one.text()
                if not parts:
                    topics.append(text)
                parts.append("*" + text if one.tag.attributes.get("MajorTopicYN") == "Y" else text)
        headings.append("/".join(parts))


def _take_chemicals(document: Document, node: Node) -> None:
    for one in node.children("Chemical"):
        texts = {child.name: child.text() for child in one.children()}
        number, name = texts.get("RegistryNumber", ""), texts.get("NameOfSubstance", "")
        document.setdefault("chemicals", []).append(f"{number} ({name})" if name else number)


def _take_grants(document: Document, node: Node) -> None:
    for one in node.children("Grant"):
        texts = {child.name: child.text() for child in one.children()}
        parts = [texts.get(name, "") for name in ("GrantID", "Acronym", "Agency", "Country")]
        document.setdefault("grants", []).append("/".join(part for part in parts if part))


def _take_data_banks(document: Document, node: Node) -> None:
    for bank in node.children("DataBank"):
        name = bank.child("DataBankName")
        numbers = bank.child("AccessionNumberList")
        for number in numbers.children("AccessionNumber") if numbers else ():
            document.setdefault("data_banks", []).append(f"{name.text() if name else ''}/{number.text()}")


def _take_corrections(document: Document, node: Node) -> None:
    for one in node:
        if type(one) is not Node or (kind := one.attribute("RefType")) == _CITES:
            continue
        texts = {child.name: child.text() for child in one.children()}
        about = {"relation": kind, "reference": texts.get("RefSource", ""), "pmid": texts.get("PMID", "")}
        document.setdefault("related_articles", []).append(filled(about))


def _take_location(document: Document, node: Node) -> None:
    if node.attribute("ValidYN") != "N":
        add_identifier(document, node.attribute("EIdType"), node.text())


def _take_article_ids(document: Document, node: Node) -> None:
    for one in node:
        if type(one) is Node:
            add_identifier(document, one.attribute("IdType"), one.text())


def _take_other_id(document: Document, node: Node) -> None:
    document.setdefault("other_ids", []).append(f"{node.text()} [{node.attribute('Source')}]")


def _take_language(document: Document, node: Node) -> None:
    document.setdefault("language", []).extend(languages_of(node.text()))


#: What is taken of an element of each name; what is in elements that only hold others is taken in the same way.
_TAKEN: Final[dict[str, Callable[[Document, Node], None]]] = {
    "Article": _take, "Journal": _take, "MedlineJournalInfo": _take, "Book": _take, "Publisher": _take,
    "PMID": _take_pmid, "ArticleTitle": _one("title"), "BookTitle": _one("book_title"),
    "VernacularTitle": _one("vernacular_title"), "CollectionTitle": _each("series"), "Edition": _one("edition"),
    "PublisherName": _each("publisher"), "Isbn": _each("isbn"), "ISSN": _each("issn"), "ISSNLinking": _each("issn"),
    "Title": _one("container_title"), "MedlineTA": _one("journal_abbreviation"), "NlmUniqueID": _one("nlm_id"),
    "Country": _one("country"), "JournalIssue": _take_issue, "PubDate": _take_publish_date,
    "Volume": _one("container_volume"), "Pagination": _take_pagination, "ArticleDate": _date("electronic_date"),
    "DateRevised": _date("date_revised"), "Abstract": _take_abstract, "OtherAbstract": _take_other_abstract,
    "AuthorList": _take_authors, "InvestigatorList": _take_investigators, "Language": _take_language,
    "PublicationTypeList": _within("publication_types", "PublicationType"),
    "PublicationType": _each("publication_types"), "PersonalNameSubjectList": _take_people_as_subjects,
    "MeshHeadingList": _take_mesh, "SupplMeshList": _within("topic", "SupplMeshName"),
    "KeywordList": _within("topic", "Keyword"), "ChemicalList": _take_chemicals, "GrantList": _take_grants,
    "DataBankList": _take_data_banks, "CommentsCorrectionsList": _take_corrections, "ELocationID": _take_location,
    "ArticleIdList": _take_article_ids, "OtherID": _take_other_id,
    "GeneSymbolList": _within("gene_symbols", "GeneSymbol"),
    "SpaceFlightMission": _each("space_flight_missions"), "GeneralNote": _each("general_notes"),
    "CoiStatement": _one("conflict_of_interest"), "PublicationStatus": _one("publication_status"),
}  # fmt: skip
