"""Citations of PubMed read in columns give, record by record, what is read one by one, whatever records hold."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import pubmed_xml
from pipelines.readers.chunks import Batch, Piece
from pipelines.readers.pubmed_columns import read_citations
from tests.readers.reading import changed, in_columns_and_by_record

AUTHOR = "<Author{}><LastName>A</LastName><ForeName>Bo</ForeName><Initials>B</Initials>{}</Author>"
#: What stands in an article: plain elements, odd ones, and what is none.
IN_ARTICLE = [
    "<ArticleTitle>A &amp; <i>b</i>\n c.</ArticleTitle>", "<ArticleTitle>[Not Available].</ArticleTitle>",
    "<ArticleTitle/>", "<ArticleTitle></ArticleTitle>", "<VernacularTitle>V</VernacularTitle>",
    "<Journal><ISSN>1-2</ISSN><JournalIssue><Volume>1</Volume><Issue>2</Issue><PubDate><Year>2001</Year>"
    "<Month>May</Month><Day>3</Day></PubDate></JournalIssue><Title>J</Title></Journal>",
    "<Journal><JournalIssue><PubDate><MedlineDate>1999  Spring</MedlineDate></PubDate></JournalIssue></Journal>",
    "<Journal><JournalIssue><PubDate><Year>2001</Year><Season>Fall</Season></PubDate></JournalIssue></Journal>",
    "<Journal><JournalIssue><PubDate><Month>May</Month><Year/></PubDate><PubDate/></JournalIssue></Journal>",
    "<Journal><JournalIssue><Volume/><Volume>2</Volume></JournalIssue><Title> </Title></Journal>",
    "<Pagination><MedlinePgn>1-9</MedlinePgn></Pagination>", "<Pagination><MedlinePgn>7</MedlinePgn></Pagination>",
    "<Pagination><StartPage>S1</StartPage><MedlinePgn>S1; S3</MedlinePgn></Pagination>", "<Pagination/>",
    '<ELocationID EIdType="doi" ValidYN="Y">10.1/a</ELocationID>', '<ELocationID EIdType="pii">x</ELocationID>',
    '<ELocationID EIdType="doi" ValidYN="N">10.1/b</ELocationID>', "<ELocationID>y</ELocationID>",
    '<Abstract><AbstractText Label="AIM">To <b>see</b>.</AbstractText><AbstractText>So.</AbstractText>'
    "<CopyrightInformation>(c)</CopyrightInformation></Abstract>",
    '<Abstract><AbstractText Label="AIM"/><Other>x</Other></Abstract>', "<Abstract>text</Abstract>",
    f"<AuthorList>{AUTHOR.format('', '')}{AUTHOR.format('', '<Suffix>Jr</Suffix>')}</AuthorList>",
    f"<AuthorList Type='editors'>{AUTHOR.format('', '<Affiliation>X</Affiliation>')}</AuthorList>",
    "<AuthorList>" + AUTHOR.format(' ValidYN="N"', "") + "<Author><CollectiveName>G</CollectiveName></Author>"
    + AUTHOR.format("", "<Identifier Source='ORCID'>http://orcid.org/0000000188631530</Identifier><AffiliationInfo>"
    "<Affiliation>Here.</Affiliation></AffiliationInfo><Affiliation>There.</Affiliation><AffiliationInfo>"
    "<Affiliation>Here.</Affiliation></AffiliationInfo>") + "</AuthorList>",
    "<AuthorList><Author><LastName>A</LastName><LastName>B</LastName></Author><Author/></AuthorList>",
    "<Language>eng</Language>", "<Language>gerfre</Language>", "<Language> </Language>", "<Book><Isbn>1</Isbn></Book>",
    "<PublicationTypeList><PublicationType>Review</PublicationType><PublicationType/></PublicationTypeList>",
    "<PublicationTypeList><PublicationType>Preprint</PublicationType></PublicationTypeList>",
    "<ArticleDate><Year>2001</Year><Month>04</Month><Day>02</Day></ArticleDate>", "<ArticleDate/>", "beside",
    "<GrantList><Grant><GrantID>7</GrantID><Country>X</Country></Grant><Grant/></GrantList>",
    "<DataBankList><DataBank><DataBankName>G</DataBankName><AccessionNumberList><AccessionNumber>1</AccessionNumber>"
    "<AccessionNumber>2</AccessionNumber></AccessionNumberList></DataBank><DataBank/></DataBankList>",
    "<Article><ArticleTitle>within</ArticleTitle></Article>", "<Volume>3</Volume>", "<x:Language>eng</x:Language>",
    "<ArticleTitle>&#233; &lt;</ArticleTitle>", "<ArticleTitle>&x;</ArticleTitle>",
    "<ArticleTitle>a & b</ArticleTitle>",
    "<ArticleTitle>&a<i>mp;</i></ArticleTitle>", "<ArticleTitle>a</Title>", "<ArticleTitle>", "</Article>",
    "<!-- c -->",
    "<![CDATA[<Language>]]>", "<ArticleTitle>\x01</ArticleTitle>", "<ArticleTitle>\udcff</ArticleTitle>", "a > b",
    "<ArticleTitle>a > b]]</ArticleTitle>", "<Language a='1' a='2'>eng</Language>", "<Language>\u00a0eng</Language>",
]  # fmt: skip
#: What stands beside the article in a citation.
IN_CITATION = [
    "<DateRevised><Year>2001</Year><Month>04</Month><Day>02</Day></DateRevised>", "<DateRevised/>",
    "<MedlineJournalInfo><Country>C</Country><MedlineTA>T</MedlineTA><NlmUniqueID>9</NlmUniqueID>"
    "<ISSNLinking>1-2</ISSNLinking></MedlineJournalInfo>", "<PMID>4</PMID>", "<CoiStatement>None.</CoiStatement>",
    "<ChemicalList><Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI='D1'>S</NameOfSubstance></Chemical>"
    "<Chemical><RegistryNumber>1</RegistryNumber></Chemical></ChemicalList>",
    "<MeshHeadingList><MeshHeading><DescriptorName MajorTopicYN='N'>D</DescriptorName><QualifierName MajorTopicYN='Y'>q"
    "</QualifierName></MeshHeading><MeshHeading/><MeshHeading><QualifierName/></MeshHeading></MeshHeadingList>",
    "<KeywordList><Keyword>k</Keyword><Keyword/><Keyword>D</Keyword></KeywordList>", "<KeywordList/>",
    "<SupplMeshList><SupplMeshName>s</SupplMeshName></SupplMeshList>", "<GeneralNote/>", "<GeneralNote>n</GeneralNote>",
    "<PersonalNameSubjectList><PersonalNameSubject><LastName>P</LastName></PersonalNameSubject>"
    "</PersonalNameSubjectList>", "<OtherID Source='NLM'>PMC7</OtherID>", "<OtherID Source='NLM'>PMC7</OtherID>",
    "<InvestigatorList><Investigator><LastName>I</LastName><Initials>J</Initials></Investigator><Investigator/>"
    "</InvestigatorList>", "<SpaceFlightMission>m</SpaceFlightMission>",
    "<MedlineCitation><PMID>5</PMID></MedlineCitation>",
    "<GeneSymbolList><GeneSymbol>g</GeneSymbol><GeneSymbol/></GeneSymbolList>",
    "<CommentsCorrectionsList><CommentsCorrections RefType='Cites'><RefSource>r</RefSource></CommentsCorrections>"
    "<CommentsCorrections RefType='ErratumIn'><RefSource>s</RefSource><PMID>8</PMID></CommentsCorrections>"
    "<CommentsCorrections/></CommentsCorrectionsList>", "<PublicationStatus>ppublish</PublicationStatus>",
    "<OtherAbstract Type='Publisher' Language='spa'><AbstractText>Otro</AbstractText></OtherAbstract>",
    "<OtherAbstract/>", "<ReferenceList><Reference/></ReferenceList>", "<History/>", "<PubmedData/>", "<BookDocument/>",
    "<MeshHeadingList><History/></MeshHeadingList>", "<PublicationType>Review</PublicationType>",
]  # fmt: skip
#: What PubMed adds.
DATA = [
    "", "<PubmedData/>", "<PubmedData><History><x/></History><PublicationStatus>aheadofprint</PublicationStatus>"
    "<ArticleIdList><ArticleId IdType='pubmed'>6</ArticleId><ArticleId IdType='doi'>10.1/a</ArticleId>"
    "<ArticleId IdType='pmc'>PMC3</ArticleId><ArticleId IdType='pii'>x</ArticleId></ArticleIdList><ReferenceList>"
    "<Reference><ArticleIdList><ArticleId IdType='doi'>10.1/z</ArticleId></ArticleIdList></Reference></ReferenceList>"
    "</PubmedData>", "<PubmedData><ReferenceList>&x;</ReferenceList></PubmedData>", "<PubmedData/><PubmedData/>",
    "<PubmedData><ArticleIdList><ArticleId IdType='pmcid'>x</ArticleId><ArticleId/></ArticleIdList></PubmedData>",
    "<PubmedBookData/>",
]  # fmt: skip
FRAMES = [
    "<PubmedArticle>\n<MedlineCitation Status='x'><PMID Version='{}'>{}</PMID>{}<Article>{}</Article>{}"
    "</MedlineCitation>\n{}</PubmedArticle>",
    "<PubmedArticle><!--{}--><MedlineCitation><PMID>{}</PMID>{}<Article>{}</Article>{}</MedlineCitation>{}</PubmedArticle>",
    "<PubmedArticle a='{}'><MedlineCitation>{}{}<Article>{}</Article>{}</MedlineCitation>{}</PubmedArticle>",
    "<PubmedArticle a='{}'><x><MedlineCitation><PMID>{}</PMID>{}<Article>{}</Article>{}</MedlineCitation></x>{}"
    "</PubmedArticle>",
    "<DeleteCitation a='{}'><PMID>{}</PMID><!--{}{}{}{}--></DeleteCitation>",
    "<PubmedArticle a='{}'><PubmedData/><MedlineCitation><PMID>{}</PMID>{}<Article>{}</Article>{}</MedlineCitation>{}"
    "</PubmedArticle>",
]


def some_of(parts: list[str], plain: int) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(st.sampled_from(parts[:plain]), st.sampled_from(parts)), max_size=5).map("\n".join)


frames = st.one_of(st.just(FRAMES[0]), st.sampled_from(FRAMES))
citations = st.tuples(
    frames, st.sampled_from(["1", "2"]), some_of(IN_CITATION, 8), some_of(IN_ARTICLE, 34), some_of(IN_CITATION, 8),
    st.sampled_from(DATA),
)  # fmt: skip


def text_of(found: list[tuple[str, str, str, str, str, str]]) -> bytes:
    parts = [frame.format(version, number, *rest) for number, (frame, version, *rest) in enumerate(found)]
    return "\n".join(parts).encode(errors="surrogateescape")


def both_ways(data: bytes) -> Batch:
    """What is read in columns, which is what is read one by one."""
    return in_columns_and_by_record(pubmed_xml, data)


@given(st.lists(citations, min_size=1, max_size=4))
@example([(FRAMES[0], "1", one, "", "", DATA[2]) for one in IN_CITATION])
@example([(FRAMES[0], "1", "", one, "", "") for one in IN_ARTICLE])
@example([(FRAMES[0], "2", "", "\n".join(IN_ARTICLE[:5]), "", one) for one in DATA])
def test_columns_say_what_records_say(found: list[tuple[str, str, str, str, str, str]]):
    both_ways(text_of(found))


@given(
    st.lists(citations, min_size=1, max_size=3),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=4)), max_size=3),
)
def test_so_they_do_where_bytes_are_lost_or_others(
    found: list[tuple[str, str, str, str, str, str]], changes: list[tuple[float, int, bytes]]
):
    data = text_of(found)
    both_ways(changed(data, changes))


def test_plain_articles_are_read_in_columns():
    data = text_of([(FRAMES[0], "1", "".join(IN_CITATION[5:8]), one, "", DATA[2]) for one in IN_ARTICLE[:8]])
    spans = pubmed_xml._spans_of(Piece("f", "m", 0, 1, data))
    starts, ends = np.array(spans, np.int64).T
    read = read_citations(data, starts, ends)
    assert read is not None
    assert len(read[1]) == len(spans)


def test_what_holds_others_does_so_however_deep():
    title = "<Article>" * 7 + "<ArticleTitle>deep</ArticleTitle>" + "</Article>" * 7
    assert both_ways(text_of([(FRAMES[0], "1", "", title, "", "")])).documents["title"].to_pylist() == ["deep"]
