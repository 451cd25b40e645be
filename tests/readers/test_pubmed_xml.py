"""PubMed's XML: a citation becomes a document, a deleted one a row that says so, and nothing is fetched or lost."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import pubmed_xml
from pipelines.readers.chunks import Piece
from pipelines.readers.folders import Kind
from pipelines.readers.looks import look_at
from pipelines.readers.streams import ByteStream
from tests.readers.reading import deleted_ids, document_of, read

SHARED = Path(__file__).parents[3] / "shared" / "fixtures"
DOCTYPE = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January'
    ' 2025//EN" "http://127.0.0.1:9/pubmed_250101.dtd">\n'
)
SET = DOCTYPE + "<PubmedArticleSet>{}</PubmedArticleSet>\n"
CITATION = (
    '<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{}</PMID>{}</MedlineCitation>{}</PubmedArticle>'
)
A, B = CITATION.format(1, "", ""), CITATION.format("2", "\n", "")
DELETED = '<DeleteCitation>\n<PMID Version="1">7</PMID>\n<PMID Version="1">8</PMID></DeleteCitation>'


def of(inside: str, data: str = "") -> dict[str, Any]:
    """The fields beyond those of a citation that has only its PMID."""
    document = document_of(pubmed_xml.FORMAT, SET.format(CITATION.format(1, inside, data)).encode())
    bare = {"id": "1", "record_format": "pubmed", "format": ["Article"], "pmid": "1"}
    bare["url"] = ["https://pubmed.ncbi.nlm.nih.gov/1/"]
    return {name: value for name, value in document.items() if bare.get(name) != value}


@pytest.mark.parametrize("chunk_bytes", [1, 30, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (SET.format(A + B), "12"),
        (SET.format(f"{A}\n<!-- {B} -->\n"), "1"),
        (SET.format(A) + SET.format(B), "12"),
        (A, "1"),
        (SET.format(A.replace("<PubmedArticle>", "<PubmedArticle >")), "1"),
        ('<MedlineCitationSet><MedlineCitation Owner="NLM"><PMID>3</PMID></MedlineCitation></MedlineCitationSet>', "3"),
        (SET.format(A + "<PubmedBookArticle><BookDocument><PMID>4</PMID></BookDocument></PubmedBookArticle>"), "14"),
        (SET.format(A.replace(">1<", "><![CDATA[1]]><")), "1"),
        (SET.format(A + A), "11"),
    ],
)
def test_finds_every_citation(text: str, ids: str, chunk_bytes: int):
    assert pubmed_xml.FORMAT.recognises(text.encode())
    found, refused = read(pubmed_xml.FORMAT, text.encode(), chunk_bytes)
    assert ("".join(one["id"] for one in found), refused) == (ids, [])
    assert all(one["_raw"].startswith((b"<Pubmed", b"<MedlineC")) for one in found)


@pytest.mark.parametrize(
    "text",
    ["<response><result/></response>", "<eSearchResult/>", "<collection/>", "PMID- 1\nTI  - x", "<article/>", ""],
)
def test_takes_no_other_text_for_pubmeds(text: str):
    assert not pubmed_xml.FORMAT.recognises(text.encode())


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids", "reasons"),
    [
        (SET.format("<DeleteCitation><x/></DeleteCitation>"), "",
         ["a <DeleteCitation> that does not say what is deleted"]),
        (SET.format(A + CITATION.format(9, "<Article><b></Article>", "") + B), "12", ["not XML: mismatched tag"]),
        (SET.format(A + CITATION.format(9, "&alpha;", "") + B), "12", ["not XML: undefined entity"]),
        (SET.format(A + CITATION.format(9, "", "<PubmedData><ReferenceList>&x;</ReferenceList></PubmedData>")), "1",
         ["not XML: undefined entity"]),
        (SET.format(A + CITATION.format("", "", "") + B), "12", ["no id"]),
        (SET.format(A + "<PubmedArticle/>" + B), "12",
         ["not a citation: neither a MedlineCitation nor a BookDocument"]),
        (SET.format(A + "<PubmedArticle><MedlineCitation>" + B), "12", ["a <PubmedArticle> that does not end"]),
        (SET.format(A + "junk" + B), "12", ["not a <PubmedArticle> but something else"]),
        (SET.format("junk" + A), "1", ["not a citation but something else"]),
        (
            SET.format(A) + "<eFetchResult><ERROR>No query #1</ERROR></eFetchResult>" + SET.format(B), "12",
            ["not a citation but something else: the server says 'No query #1'"],
        ),
        (
            SET.format(A) + '{"error":"API rate limit exceeded","count":"4"}' + SET.format(B), "12",
            ["not a citation but something else: the server says 'API rate limit exceeded'"],
        ),
        (SET.format(A.replace("<PubmedArticle>", "<PubmedArticl >") + B), "2", ["not a citation but something else"]),
        (SET.format(A + "<PMID>3</PMID>"), "1", ["not a citation but something else"]),
        (SET.format(""), "", ["a set without citations"]),
        (SET.format(A + B)[:-10], "12", ["the XML is cut off"]),
        (SET.format(A).replace('dtd">', 'dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "",
         ["XML with declarations in its document type, which are refused for the entities they may define"]),
        (SET.format(A).replace('"utf-8"', '"ISO-8859-1"'), "",
         ["XML in ISO-8859-1: convert it (iconv -f ISO-8859-1 -t UTF-8), and take the encoding out of its first line"]),
        # It was converted from that: else its declaration could not be read.
        (SET.format(A).replace('"utf-8"', '"utf-16"'), "1", []),
    ],
)  # fmt: skip
def test_what_is_no_citation_is_quarantined_where_it_stands(text: str, ids: str, reasons: list[str], chunk_bytes: int):
    assert pubmed_xml.FORMAT.recognises(text.encode())
    found, refused = read(pubmed_xml.FORMAT, text.encode(), chunk_bytes)
    assert "".join(one["id"] for one in found) == ids
    assert [row.reason.split(" at line")[0] for row in refused] == reasons


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_each_deleted_pmid_is_a_deletion(chunk_bytes: int):
    text = SET.format(A + DELETED + B).encode()
    found, refused = read(pubmed_xml.FORMAT, text, chunk_bytes)
    assert ("".join(one["id"] for one in found), refused) == ("12", [])
    assert deleted_ids(pubmed_xml.FORMAT, text, chunk_bytes) == ["7", "8"]


@pytest.mark.parametrize(
    ("article", "fields"),
    [
        ("<ArticleTitle>The <i>Bio*</i>\n toolkits &amp; H<sub>2</sub>O.</ArticleTitle>",
         {"title": "The Bio* toolkits & H2O.", "title_short": "The Bio* toolkits & H2O."}),
        ("<ArticleTitle>[Eyes.]</ArticleTitle><VernacularTitle>Augen.</VernacularTitle><Language>ger</Language>",
         {"title": "[Eyes.]", "title_short": "[Eyes.]", "title_alt": ["Augen."], "language": ["German"]}),
        ("<ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Augen.</VernacularTitle>",
         {"title": "Augen.", "title_short": "Augen."}),
        ("<Language>eng</Language><Language>fre</Language>", {"language": ["English", "French"]}),
        ("<Pagination><MedlinePgn>113-25</MedlinePgn></Pagination>",
         {"container_start_page": "113", "pages": "113-25"}),
        ("<Pagination><StartPage>S4</StartPage><MedlinePgn>S4; discussion S9</MedlinePgn></Pagination>",
         {"container_start_page": "S4", "pages": "S4; discussion S9"}),
        ("<Pagination><MedlinePgn>026002</MedlinePgn></Pagination>", {"container_start_page": "026002"}),
        ("<ELocationID EIdType='doi' ValidYN='Y'>10.1/a</ELocationID><ELocationID EIdType='doi' ValidYN='N'>10.1/b"
         "</ELocationID><ELocationID EIdType='pii' ValidYN='Y'>S1</ELocationID>",
         {"doi_str_mv": ["10.1/a"], "other_ids": ["S1 [pii]"],
          "url": ["https://pubmed.ncbi.nlm.nih.gov/1/", "https://doi.org/10.1/a"]}),
        ("<Abstract><AbstractText Label='AIM'>Why.</AbstractText><AbstractText Label='END'>So.</AbstractText>"
         "<CopyrightInformation>© X</CopyrightInformation></Abstract>",
         {"description": "AIM: Why. END: So.", "copyright": "© X"}),
        ("<Abstract><AbstractText>Why.</AbstractText><AbstractText Label='LEVEL: 4'/></Abstract>",
         {"description": "Why. LEVEL: 4"}),
        ("<PublicationTypeList><PublicationType>Preprint</PublicationType><PublicationType>Journal Article"
         "</PublicationType></PublicationTypeList>",
         {"format": ["Preprint"], "publication_types": ["Preprint", "Journal Article"]}),
        ("<PublicationTypeList><PublicationType>Dataset</PublicationType></PublicationTypeList>",
         {"format": ["Dataset"], "publication_types": ["Dataset"]}),
        ("<GrantList><Grant><GrantID>R01</GrantID><Acronym>CA</Acronym><Agency>NCI</Agency><Country>US</Country>"
         "</Grant></GrantList>", {"grants": ["R01/CA/NCI/US"]}),
        ("<DataBankList><DataBank><DataBankName>GENBANK</DataBankName><AccessionNumberList><AccessionNumber>A1"
         "</AccessionNumber></AccessionNumberList></DataBank></DataBankList>", {"data_banks": ["GENBANK/A1"]}),
    ],
)  # fmt: skip
def test_what_an_article_says(article: str, fields: dict[str, Any]):
    assert of(f"<Article>{article}</Article>") == fields


@pytest.mark.parametrize(
    ("authors", "fields"),
    [
        ("<Author><LastName>King</LastName><ForeName>Martin</ForeName><Initials>M</Initials><Suffix>Jr</Suffix></Author>",
         {"author": ["King, Martin Jr"]}),
        ("<Author><LastName>King</LastName><Initials>ML</Initials></Author><Author><LastName>Plato</LastName></Author>",
         {"author": ["King, ML", "Plato"]}),
        ("<Author><CollectiveName>A Group</CollectiveName></Author>", {"author_corporate": ["A Group"]}),
        ("<Author ValidYN='N'><LastName>Kign</LastName></Author><Author ValidYN='Y'><LastName>King</LastName></Author>",
         {"author": ["King"], "author_misprinted": ["Kign"]}),
        ("<Author><LastName>King</LastName><Identifier Source='ORCID'>http://orcid.org/000000018863153X</Identifier>"
         "<AffiliationInfo><Affiliation>Here.</Affiliation></AffiliationInfo></Author>",
         {"author": ["King"],
          "author_details": [{"name": "King", "orcid": "0000-0001-8863-153X", "affiliations": ["Here."]}]}),
        ("<Author/>", {}),
    ],
)  # fmt: skip
def test_who_wrote_it(authors: str, fields: dict[str, Any]):
    assert of(f"<Article><AuthorList CompleteYN='Y'>{authors}</AuthorList></Article>") == fields


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("<Year>2006</Year><Month>Mar</Month><Day>1</Day>", "2006-03-01"),
        ("<Year>2006</Year><Month>12</Month>", "2006-12"),
        ("<Year>2006</Year>", "2006"),
        ("<Year>1990</Year><Season>Spring</Season>", "1990 Spring"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998 Dec-1999 Jan"),
        ("<Year>2006</Year><Month>13</Month>", "2006 13"),
    ],
)
def test_when_it_was_published(date: str, published: str):
    journal = (
        f"<Journal><JournalIssue><Volume>1</Volume><Issue>2</Issue><PubDate>{date}</PubDate></JournalIssue></Journal>"
    )
    assert of(f"<Article>{journal}</Article>") == {
        "publishDate": [published], "container_volume": "1", "container_issue": "2"
    }  # fmt: skip


def test_a_year_alone_gives_way_to_the_day_in_it_on_which_the_article_went_online():
    journal = "<Journal><JournalIssue><PubDate><Year>2022</Year></PubDate></JournalIssue></Journal>"
    online = "<ArticleDate><Year>{}</Year><Month>11</Month><Day>02</Day></ArticleDate>"
    assert of(f"<Article>{journal}{online.format(2022)}</Article>")["publishDate"] == ["2022-11-02"]
    assert of(f"<Article>{journal}{online.format(2021)}</Article>")["publishDate"] == ["2022"]


def test_headings_and_what_else_a_citation_says():
    citation = """
        <Article><Journal><ISSN IssnType="Print">0000-0019</ISSN><Title>A journal</Title></Journal></Article>
        <MedlineJournalInfo><Country>England</Country><MedlineTA>A J</MedlineTA><NlmUniqueID>77</NlmUniqueID>
          <ISSNLinking>0000-0019</ISSNLinking></MedlineJournalInfo>
        <ChemicalList><Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="D1">Water</NameOfSubstance>
          </Chemical></ChemicalList>
        <CommentsCorrectionsList>
          <CommentsCorrections RefType="Cites"><RefSource>No</RefSource></CommentsCorrections>
          <CommentsCorrections RefType="RetractionIn"><RefSource>A J. 1</RefSource><PMID>5</PMID></CommentsCorrections>
          </CommentsCorrectionsList>
        <MeshHeadingList><MeshHeading><DescriptorName MajorTopicYN="N">Eye</DescriptorName>
          <QualifierName MajorTopicYN="Y">injuries</QualifierName></MeshHeading>
          <MeshHeading><DescriptorName MajorTopicYN="Y">Birds</DescriptorName></MeshHeading></MeshHeadingList>
        <PersonalNameSubjectList><PersonalNameSubject><LastName>Darwin</LastName><ForeName>C</ForeName>
          </PersonalNameSubject></PersonalNameSubjectList>
        <OtherAbstract Type="PIP" Language="eng"><AbstractText>Other.</AbstractText></OtherAbstract>
        <KeywordList><Keyword>Birds</Keyword><Keyword>Wings</Keyword></KeywordList>
        <InvestigatorList><Investigator><LastName>Doe</LastName><ForeName>J</ForeName></Investigator></InvestigatorList>
        <OtherID Source="NASA">3</OtherID>"""
    data = (
        '<PubmedData><History><PubMedPubDate><Year>1999</Year></PubMedPubDate></History><ArticleIdList><ArticleId '
        'IdType="pmc">PMC9.1</ArticleId><ArticleId IdType="doi">10.1/x</ArticleId></ArticleIdList><ReferenceList>'
        '<Reference><ArticleIdList><ArticleId IdType="doi">10.1/cited</ArticleId></ArticleIdList></Reference>'
        "</ReferenceList></PubmedData>"
    )  # fmt: skip
    assert of(citation, data) == {
        "container_title": "A journal", "issn": ["0000-0019"], "topic": ["Eye", "Birds", "Darwin, C", "Wings"],
        "mesh_headings": ["Eye/*injuries", "*Birds"], "chemicals": ["0 (Water)"], "doi_str_mv": ["10.1/x"],
        "related_articles": [{"relation": "RetractionIn", "reference": "A J. 1", "pmid": "5"}],
        "journal_abbreviation": "A J", "nlm_id": "77", "country": "England", "pmcid": "PMC9", "other_ids": ["3 [NASA]"],
        "other_abstracts": [{"language": "eng", "type": "PIP", "text": "Other."}], "investigators": ["Doe, J"],
        "url": ["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9/", "https://pubmed.ncbi.nlm.nih.gov/1/",
                "https://doi.org/10.1/x"],
    }  # fmt: skip


def test_books_and_chapters():
    book = (
        "<PubmedBookArticle><BookDocument><PMID>4</PMID><Book>"
        "<Publisher><PublisherName>NCBI</PublisherName></Publisher><BookTitle>Genes</BookTitle>"
        "<PubDate><Year>2010</Year></PubDate><AuthorList Type='editors'><Author><LastName>Ed</LastName></Author>"
        "</AuthorList><Isbn>9781</Isbn></Book>{}<AuthorList Type='authors'><Author><LastName>Au</LastName></Author>"
        "</AuthorList></BookDocument></PubmedBookArticle>"
    )
    whole = document_of(pubmed_xml.FORMAT, SET.format(book.format("")).encode())
    part = document_of(pubmed_xml.FORMAT, SET.format(book.format("<ArticleTitle>One</ArticleTitle>")).encode())
    names = ("title", "container_title", "format", "author", "author2", "publisher", "isbn", "publishDate")
    shared = [["Au"], ["Ed"], ["NCBI"], ["9781"], ["2010"]]
    assert [whole.get(name) for name in names] == ["Genes", None, ["Book"], *shared]
    assert [part.get(name) for name in names] == ["One", "Genes", ["Book Chapter"], *shared]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared fixtures are not on this machine")
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        # Titles, lists of authors, abstracts, DOIs, PMC ids, vernacular titles and deletions, as counted in the XML.
        ("pubmed_xml/pubmedsample_2019.xml", (176, 169, 115, 70, 20, 11, 7)),
        ("pypi_medline/pubmed20n0014_slice.xml", (120, 119, 70, 56, 9, 31, 0)),
        ("pypi_medline/pubmed21n1298_slice.xml", (159, 157, 142, 155, 44, 3, 20)),
    ],
)
def test_real_citations_are_read_whole(name: str, counts: tuple[int, ...]):
    data = (SHARED / name).read_bytes()
    found, refused = read(pubmed_xml.FORMAT, data, 200_000)
    fields = [set(one) for one in found]
    assert (
        sum("title" in one for one in fields),
        sum(bool({"author", "author_corporate"} & one) for one in fields),
        *(sum(field in one for one in fields) for field in ("description", "doi_str_mv", "pmcid", "title_alt")),
        len(deleted_ids(pubmed_xml.FORMAT, data)),
    ) == counts
    assert refused == []
    assert all("is deleted in the source" in row.reason for row in refused)


_PARTS = [
    "<PubmedArticle>", "</PubmedArticle>", A, DELETED, "<PMID>", "<!--", "-->", "<![CDATA[", "]]>", "<", "&", "x", "\n",
    "<MedlineCitation>", "</PubmedArticleSet>", "<Author>", "\x00", "é",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PARTS), max_size=12).map("".join), st.integers(1, 200))
def test_any_text_is_accounted_for_in_any_chunks(inner: str, chunk_bytes: int):
    data = SET.format(inner).encode()
    covered = bytearray(data)
    for part in pubmed_xml.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        length = len(part.data) if isinstance(part, Piece) else part.length
        covered[part.offset : part.offset + length] = b" " * length
        if isinstance(part, Piece):
            batch = pubmed_xml.FORMAT.parse((part,))
            assert batch.documents.num_rows + batch.quarantined.num_rows > 0
    assert b"<PMID" not in re.sub(rb"<!--.*?-->", b"", covered, flags=re.DOTALL)


@given(st.data())
def test_mutated_citations_never_raise_and_chunks_change_nothing(data: st.DataObject):
    text = bytearray(SET.format(A + B + DELETED).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    whole = read(pubmed_xml.FORMAT, bytes(text))
    split = read(pubmed_xml.FORMAT, bytes(text), data.draw(st.integers(1, 300)))
    assert [one["id"] for one in split[0]] == [one["id"] for one in whole[0]]


@pytest.mark.parametrize(
    ("name", "inside", "kind"),
    [
        ("1.xml", A, Kind.PAGE),
        ("pmid_1.xml", A, Kind.PAGE),
        ("1.xml", A + B, Kind.DUMP),
        ("7.xml", DELETED, Kind.DUMP),
        # A day's update may well have one article.
        ("2024-01-01.xml", A, Kind.DUMP),
        ("pubmed24n0001.xml", A, Kind.DUMP),
        ("2.xml", A, Kind.DUMP),
        ("a.xml", A, Kind.DUMP),
    ],
)
def test_files_of_an_article_each_that_are_called_by_it_are_pages(tmp_path: Path, name: str, inside: str, kind: Kind):
    """Who asks E-utilities for one article after another has thousands of such files."""
    (tmp_path / name).write_text(SET.format(inside), encoding="utf-8")
    assert look_at(tmp_path / name).kind is kind
