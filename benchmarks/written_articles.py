"""The same made-up documents as articles, in each format in which PubMed, PubMed Central and Europe PMC have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

import orjson

from benchmarks.written_formats import Document


def _europe_pmc(documents: Sequence[Document]) -> bytes:
    results = [
        {
            "id": str(number),
            "source": "MED",
            "pmid": str(number),
            "doi": _doi(one),
            "title": one["title"],
            "authorString": ", ".join(one["author"]) + ".",
            "authorList": {"author": [_person(name) for name in one["author"]]},
            "journalInfo": {
                "volume": "12", "issue": "3", "dateOfPublication": f"{one['publishDate'][0]} May",
                "journal": {"title": one["container_title"], "issn": "1422-0067", "medlineAbbreviation": "J"},
            },
            "pubYear": one["publishDate"][0],
            "pageInfo": "113-25",
            "abstractText": one["description"],
            "language": "eng",
            "pubTypeList": {"pubType": ["Journal Article"]},
            "keywordList": {"keyword": one["topic"]},
            "meshHeadingList": {
                "meshHeading": [
                    {"majorTopic_YN": "Y", "descriptorName": topic, "meshQualifierList": {"meshQualifier": [
                        {"abbreviation": "ME", "qualifierName": "metabolism", "majorTopic_YN": "N"}]}}
                    for topic in one["topic"]
                ]
            },
            "fullTextUrlList": {"fullTextUrl": [{"site": "Europe_PMC", "url": url} for url in one["url"]]},
            "isOpenAccess": "Y",
        }
        for number, one in enumerate(documents, 10_000_000)
    ]  # fmt: skip
    return b"".join(orjson.dumps(one) + b"\n" for one in results)


def _doi(one: Document) -> str:
    return str(one["url"][2]).removeprefix("http://dx.doi.org/")


def _person(name: str) -> dict[str, Any]:
    family, _, given = name.partition(", ")
    return {"fullName": f"{family} {given[:1]}", "firstName": given, "lastName": family, "initials": given[:1]}


def _pubmed_xml(documents: Sequence[Document]) -> bytes:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<PubmedArticleSet>\n']
    for number, one in enumerate(documents, 10_000_000):
        authors = "".join(
            f'<Author ValidYN="Y"><LastName>{escape(person["lastName"])}</LastName>'
            f"<ForeName>{escape(person['firstName'])}</ForeName><Initials>{escape(person['initials'])}</Initials>"
            "</Author>\n"
            for person in map(_person, one["author"])
        )
        headings = "".join(
            f'<MeshHeading><DescriptorName UI="D000818" MajorTopicYN="N">{escape(topic)}</DescriptorName>'
            '<QualifierName UI="Q000378" MajorTopicYN="Y">metabolism</QualifierName></MeshHeading>\n'
            for topic in one["topic"]
        )
        parts.append(
            f'<PubmedArticle>\n<MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}</PMID>\n'
            "<DateRevised><Year>2021</Year><Month>05</Month><Day>01</Day></DateRevised>\n"
            '<Article PubModel="Print"><Journal><ISSN IssnType="Print">0006-2944</ISSN>\n'
            '<JournalIssue CitedMedium="Print"><Volume>12</Volume><Issue>3</Issue>'
            f"<PubDate><Year>{one['publishDate'][0]}</Year><Month>Jun</Month></PubDate></JournalIssue>\n"
            f"<Title>{escape(one['container_title'])}</Title><ISOAbbreviation>J</ISOAbbreviation></Journal>\n"
            f"<ArticleTitle>{escape(one['title'])}</ArticleTitle>"
            "<Pagination><MedlinePgn>113-25</MedlinePgn></Pagination>\n"
            f"<Abstract><AbstractText>{escape(one['description'])}</AbstractText></Abstract>\n"
            f'<AuthorList CompleteYN="Y">{authors}</AuthorList>\n<Language>eng</Language>\n'
            '<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>'
            "</PublicationTypeList></Article>\n<MedlineJournalInfo><Country>United States</Country>"
            "<MedlineTA>J</MedlineTA><NlmUniqueID>0151424</NlmUniqueID><ISSNLinking>0006-2944</ISSNLinking>"
            f"</MedlineJournalInfo>\n<MeshHeadingList>{headings}</MeshHeadingList></MedlineCitation>\n"
            "<PubmedData><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
            f'<ArticleId IdType="pubmed">{number}</ArticleId>'
            f'<ArticleId IdType="doi">{escape(_doi(one))}</ArticleId>'
            "</ArticleIdList></PubmedData></PubmedArticle>\n"
        )
    return "".join([*parts, "</PubmedArticleSet>\n"]).encode()


def _jats(documents: Sequence[Document]) -> bytes:
    """Articles with their text, which is of six sections: the text of real ones is most of their bytes as well."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<pmc-articleset>\n']
    for number, one in enumerate(documents, 10_000_000):
        people = "".join(
            f'<contrib contrib-type="author"><name><surname>{escape(person["lastName"])}</surname>'
            f"<given-names>{escape(person['firstName'])}</given-names></name>"
            '<xref ref-type="aff" rid="aff1">1</xref></contrib>\n'
            for person in map(_person, one["author"])
        )
        keywords = "".join(f"<kwd>{escape(topic)}</kwd>" for topic in one["topic"])
        text = f'<p>{escape(one["description"])} <xref ref-type="bibr" rid="b1">1</xref></p>\n'
        section = f"<sec><title>{escape(one['title'])}</title>\n{text}</sec>\n"
        parts.append(
            '<article article-type="research-article" xml:lang="en"><front><journal-meta>'
            '<journal-id journal-id-type="nlm-ta">J</journal-id><journal-title-group>'
            f"<journal-title>{escape(one['container_title'])}</journal-title></journal-title-group>"
            f'<issn pub-type="ppub">0006-2944</issn><publisher><publisher-name>{escape(one["publisher"][0])}'
            "</publisher-name></publisher></journal-meta>\n<article-meta>"
            f'<article-id pub-id-type="pmid">{number}</article-id><article-id pub-id-type="pmc">{number}</article-id>'
            f'<article-id pub-id-type="doi">{escape(_doi(one))}</article-id>'
            f"<title-group><article-title>{escape(one['title'])}</article-title></title-group>\n"
            f'<contrib-group>{people}</contrib-group>\n<aff id="aff1"><label>1</label>The Institute</aff>'
            f'<pub-date pub-type="ppub"><month>6</month><year>{one["publishDate"][0]}</year></pub-date>'
            "<volume>12</volume><issue>3</issue><fpage>113</fpage><lpage>125</lpage>\n"
            '<permissions><license xmlns:xlink="http://www.w3.org/1999/xlink" '
            'xlink:href="https://creativecommons.org/licenses/by/4.0/"><p>Open access.</p></license></permissions>'
            f"<abstract><p>{escape(one['description'])}</p></abstract><kwd-group>{keywords}</kwd-group>"
            f"</article-meta></front>\n<body>{6 * section}</body></article>\n"
        )
    return "".join([*parts, "</pmc-articleset>\n"]).encode()


#: How to write them as articles, which have ids of their own: numbers.
ARTICLE_WRITERS: Final[dict[str, Callable[[Sequence[Document]], bytes]]] = {
    "pubmed xml": _pubmed_xml,
    "jats": _jats,
    "europe pmc": _europe_pmc,
}
