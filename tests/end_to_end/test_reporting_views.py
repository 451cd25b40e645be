"""What the reporting views answer: living records alone, publications counted once."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.road import Road
from tests.ready import ReadyRoads

ARTICLE = {
    "id": "a1",
    "title": "Silt and sand in slow rivers of the north",
    "author": ["Núñez, Ana", "Vane, Ottilie"],
    "format": ["Article", "Online"],
    "language": ["English"],
    "publishDate": ["2020"],
    "container_title": "Journal of Rivers",
    "doi_str_mv": ["10.5555/silt.2020"],
}
BOOK = {
    "id": "b1",
    "title": "A short history of weirs",
    "author": ["Vane, Ottilie", "Kinar, Sita"],
    "format": ["Book"],
    "publishDate": ["1999"],
    "isbn": ["123"],
}


def two_catalogues(road: Road) -> None:
    road.ingest("city", "2020", [ARTICLE, BOOK])
    road.ingest("city", "2021", [ARTICLE, {"id": "c1", "title": "Nothing known of it"}], kind="full")
    road.ingest("university", "2021", [ARTICLE | {"id": "u1"}])


@pytest.fixture
def catalogues(ready_roads: ReadyRoads) -> Iterator[Road]:
    """Two catalogues that share an article; a book of one has ended."""
    with ready_roads.copy(two_catalogues) as road:
        yield road


def test_facets_count_publications_once(catalogues: Road):
    facets = catalogues.rows("SELECT facet, value, publication_count FROM reporting.facets")
    assert sorted(facets, key=repr) == sorted(
        [
            ("year", "2020", 1), ("year", None, 1),
            ("container", "Journal of Rivers", 1), ("container", None, 1),
            ("format", "Article", 1), ("format", "Online", 1), ("format", None, 1),
            ("kind", "article", 1), ("kind", None, 1),
            ("language", "eng", 1), ("language", None, 1),
            ("source", "city", 2), ("source", "university", 1),
        ],
        key=repr,
    )  # fmt: skip


def test_overlap_tells_what_two_hold_and_what_each_holds_alone(catalogues: Road):
    overlap = catalogues.rows(
        "SELECT source_a, source_b, publication_count FROM reporting.source_overlap ORDER BY 1, 2"
    )
    assert overlap == [("city", "city", 1), ("city", "university", 1)]


def test_identifiers_are_counted_by_record_and_licence_with_them(catalogues: Road):
    covered = catalogues.rows(
        "SELECT source, scheme, record_count, records_with_valid, valid_share::float, invalid_count"
        " FROM reporting.identifier_coverage WHERE scheme IN ('doi', 'isbn', 'license') ORDER BY 1, 2"
    )
    assert covered == [
        ("city", "doi", 2, 1, 0.5, 0),
        ("city", "isbn", 2, 0, 0.0, 0),
        ("city", "license", 2, 0, 0.0, 0),
        ("university", "doi", 1, 1, 1.0, 0),
        ("university", "isbn", 1, 0, 0.0, 0),
        ("university", "license", 1, 0, 0.0, 0),
    ]


def test_authors_have_works_and_coauthors_of_living_records(catalogues: Road):
    works = catalogues.rows("SELECT name, title, publication_count FROM reporting.author_works ORDER BY 1")
    assert works == [("Núñez, Ana", ARTICLE["title"], 1), ("Vane, Ottilie", ARTICLE["title"], 1)]
    beside = catalogues.rows(
        "SELECT coauthor_name, work_count, first_year, last_year FROM reporting.coauthors"
        " WHERE author_id = (SELECT author_id FROM catalog.authors WHERE name = 'Vane, Ottilie')"
    )
    assert beside == [("Núñez, Ana", 1, 2020, 2020)]


def test_works_of_several_publications_tell_by_which_rules(road: Road):
    road.ingest("city", "2020", [BOOK, BOOK | {"id": "b2", "publishDate": ["2004"], "edition": "2nd ed."}])
    versions = road.rows("SELECT publication_year, edition, rules FROM reporting.work_versions ORDER BY 1")
    (rule,) = road.values("SELECT rule FROM reporting.matching_rules WHERE verdict = 'version'")
    assert versions == [(1999, None, [rule]), (2004, "2nd ed.", [rule])]


def test_quality_of_a_source_is_that_of_its_living_records(catalogues: Road):
    catalogues.ingest("city", "2022", b"broken\n")
    (city, university) = catalogues.rows(
        "SELECT source, record_count, author_share::float, doi_share::float, quarantined_count, records_with_other_keys"
        " FROM reporting.source_quality ORDER BY 1"
    )
    assert city == ("city", 2, 0.5, 0.5, 1, 0)
    assert university == ("university", 1, 1.0, 1.0, 0, 0)
