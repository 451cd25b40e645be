"""The sample that ships with the project, and real record pages beside it, taken the whole road."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from pipelines.dumps import survey
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.records import LINEAGE, PAGE_LINEAGE
from tests.end_to_end.road import Road, contents
from tests.end_to_end.test_any_order import CONTRADICTIONS

PROJECT = Path(__file__).parents[2]
SEED = PROJECT.parent / "shared" / "dumps" / "pages" / "seed-pubmed-9699149.txt"


def test_the_sample_goes_in_and_comes_out_consistent_in_either_order(road: Road):
    found = survey(PROJECT / "dumps" / "sample").dumps
    assert len({dump.source for dump in found}) == 3
    for dump in found:
        assert road.ingest(dump.source, dump.name, dump.path).counts.add_up()
    for contradiction, query in CONTRADICTIONS.items():
        assert road.rows(query) == [], contradiction
    (records, publications, works) = (
        road.values(f"SELECT count(*) FROM catalog.{table}")[0] for table in ("records", "publications", "works")
    )
    assert records > publications > works > 0
    assert road.values("SELECT count(*) FROM reporting.duplicates")[0] > 0
    for view in road.values("SELECT viewname FROM pg_views WHERE schemaname = 'reporting'"):
        road.rows(f"SELECT * FROM reporting.{view}")
    straight = contents(road)
    road.clear()
    for dump in reversed(found):
        road.ingest(dump.source, dump.name, dump.path)
    assert contents(road) == straight


@pytest.mark.skipif(not SEED.exists(), reason="the shared seed page is not beside the project")
def test_the_seed_page_gives_all_that_stands_in_it(road: Road):
    (chunk,) = read_chunks(SEED)
    documents = parse_chunk(chunk).documents
    lineage = {field.name for field in (*LINEAGE, *PAGE_LINEAGE)} | {"extra"}
    mined = documents.column("mined_fields").to_pylist()[0]
    filled = [
        name
        for name in documents.column_names
        if name not in {*lineage, *mined} and pc.sum(pc.is_valid(documents.column(name))).as_py()
    ]
    assert len(filled) == 24

    road.ingest("pubmed", "seed", SEED)
    credited = "SELECT name FROM catalog.record_authors JOIN catalog.authors USING (author_id) ORDER BY position"
    assert road.values(credited) == [
        "Ahmadi, Mahdi", "Mahmoodi, Monireh", "Shoaran, Maryam", "Nazari-Khanamiri, Fereshteh", "Rezaie, Jafar",
    ]  # fmt: skip
    assert road.rows("SELECT kind, url FROM catalog.links ORDER BY position") == [
        ("pmc", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9699149/"),
        ("pubmed", "https://www.ncbi.nlm.nih.gov/pubmed/36430452"),
        ("doi", "http://dx.doi.org/10.3390/ijms232213974"),
    ]
    keys = road.rows("SELECT kind, origin, split_part(key, ' ', 2) FROM catalog.record_work_keys ORDER BY 3")
    assert keys == [
        ("AT", "given", author)
        for author in ("ahmadimahdi", "mahmoodimonireh", "nazarikhanamirifereshteh", "rezaiejafar", "shoaranmaryam")
    ]
    assert road.rows(
        "SELECT source_record_id, publication_year, doi, publisher, language, format, topics, collection, institution"
        " FROM catalog.records"
    ) == [
        ("pubmed-9699149", 2022, "10.3390/ijms232213974", "MDPI", ["eng"], ["Online", "Article", "Text"], ["Review"],
         "PubMed", "National Center for Biotechnology Information")
    ]  # fmt: skip
    assert road.rows(
        "SELECT container_title, extra->>'publication_date_str', extra->>'license_str', extra->>'article_type_str',"
        " extra->>'author_cut', extra->>'page_language' FROM catalog.records"
    ) == [("Int J Mol Sci", "2022-11-12", "https://creativecommons.org/licenses/by/4.0/", "Review", "exact", "es")]
    cuts = {name: {"exact": 1} for name in ("author", "author_facet", "format")}
    assert road.values("SELECT value_cuts FROM ops.dumps") == [cuts]
    identifiers = dict(road.rows("SELECT scheme, value FROM catalog.record_identifiers WHERE is_valid"))
    assert identifiers == {"doi": "10.3390/ijms232213974", "pmid": "36430452", "pmcid": "PMC9699149"}
