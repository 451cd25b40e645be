"""Citations of PubMed, taken the whole road."""

from __future__ import annotations

from tests.end_to_end.road import Road

ARTICLE = (
    '<PubmedArticle><MedlineCitation><PMID Version="{version}">{pmid}</PMID><Article>'
    "<ArticleTitle>{title}</ArticleTitle><AuthorList><Author><LastName>Doe</LastName><ForeName>Jane</ForeName>"
    "<Suffix>Jr</Suffix></Author></AuthorList><Language>eng</Language></Article></MedlineCitation></PubmedArticle>"
)
UPDATE = (
    '<!DOCTYPE PubmedArticleSet SYSTEM "http://127.0.0.1:9/pubmed.dtd"><PubmedArticleSet>'
    + ARTICLE.format(pmid=1, version=1, title="First version.")
    + ARTICLE.format(pmid=2, version=1, title="Another text.")
    + ARTICLE.format(pmid=1, version=2, title="Second version.")
    + '<DeleteCitation><PMID Version="1">3</PMID><PMID Version="1">4</PMID></DeleteCitation></PubmedArticleSet>'
).encode()
TEXT = b"PMID- 2\nTI  - Another text.\nFAU - Doe, Jane Jr\nAU  - Doe J Jr\nLA  - eng\n"


def test_of_a_repeated_pmid_the_last_counts(road: Road):
    counts = road.ingest("pubmed", "pubmed26n0001.xml", UPDATE).counts
    assert counts.add_up()
    counted = "SELECT records_read, records_repeated, records_quarantined, deletions FROM ops.dumps"
    assert road.rows(counted) == [(3, 1, 0, 2)]
    assert road.rows("SELECT source_record_id, title, language FROM catalog.records ORDER BY 1") == [
        ("1", "Second version.", ["eng"]), ("2", "Another text.", ["eng"])
    ]  # fmt: skip
    assert road.rows("SELECT scheme, value FROM catalog.record_identifiers ORDER BY 2") == [
        ("pmid", "1"),
        ("pmid", "2"),
    ]


def test_what_nlm_deletes_has_ended(road: Road):
    road.ingest("pubmed", "pubmed26n0001.xml", UPDATE)
    deletion = '<PubmedArticleSet><DeleteCitation><PMID Version="1">2</PMID></DeleteCitation></PubmedArticleSet>'
    road.ingest("pubmed", "pubmed26n0002.xml", deletion.encode())
    assert road.values("SELECT source_record_id FROM catalog.records WHERE deleted_at IS NULL") == ["1"]
    assert road.values("SELECT source_record_id FROM reporting.ended_records") == ["2"]


def test_a_citation_is_the_same_in_xml_and_in_medlines_text(road: Road):
    road.ingest("xml", "1", UPDATE)
    road.ingest("text", "1", TEXT)
    said = "title, language, format, extra, author_id, name_as_written, url"
    query = (
        f"SELECT {said} FROM catalog.records JOIN catalog.record_authors USING (record_id)"
        " JOIN catalog.links USING (record_id) WHERE source = %s AND source_record_id = '2'"
    )
    assert road.rows(query, "xml") == road.rows(query, "text") != []
    assert road.values("SELECT count(DISTINCT publication_id) FROM catalog.records WHERE source_record_id = '2'") == [1]
