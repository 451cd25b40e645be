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


def test_a_source_without_living_records_is_told_with_what_could_not_be_read_of_it(road: Road):
    road.ingest("city", "2020", b'{"id":"1","title":"Tides"}\n{"id":"2","title":"cut o\n')
    road.ingest("city", "2021", b'{"delete":{"id":"1"}}\n')
    assert road.rows("SELECT source, record_count, title_share, quarantined_count FROM reporting.source_quality") == [
        ("city", 0, None, 1)
    ]


def test_quality_of_a_source_is_that_of_its_living_records(catalogues: Road):
    catalogues.ingest("city", "2022", b"broken\n")
    (city, university) = catalogues.rows(
        "SELECT source, record_count, author_share::float, doi_share::float, quarantined_count, records_with_other_keys"
        " FROM reporting.source_quality ORDER BY 1"
    )
    assert city == ("city", 2, 0.5, 0.5, 1, 0)
    assert university == ("university", 1, 1.0, 1.0, 0, 0)


SILT = ARTICLE | {
    "container_title": "The Journal of Rivers",
    "publisher": ["Weir Press"],
    "topic": ["Silt"],
    "description": "Of silt.",
    "url": ["http://weir.example/1", "http://weir.example/2", "htp:/a", "b"],
}
LAKES = {
    "id": "a2",
    "title": "Red lakes of the north",
    "container_title": "The Journal of Rivers",
    "publisher": ["WEIR PRESS"],
    "publishDate": ["2021"],
    "description": "Of lakes.",
    "url": ["https://creativecommons.org/licenses/by/4.0/"],
}
TIDES = {"id": "a3", "title": "Tides and what they carry", "container_title": "Journal of rivers",
         "publishDate": ["2021"]}  # fmt: skip
NAMELESS = {"id": "a4", "title": "Weirs", "container_title": "-", "publisher": ["-"],
            "isbn": ["123", "9780306406157", "9780140449136"]}  # fmt: skip


def as_many_views_tell(road: Road) -> None:
    road.ingest("city", "2020", [SILT | {"author_role": ["editor", "author"]}, LAKES, TIDES, NAMELESS])
    road.ingest("town", "2020", [SILT | {"id": "u1"}])


@pytest.fixture
def described(ready_roads: ReadyRoads) -> Iterator[Road]:
    """Two catalogues that share an article, described in several ways."""
    with ready_roads.copy(as_many_views_tell) as road:
        yield road


TOLD = {
    "SELECT folded_name, name, spelling_count, publication_count, doi_count FROM reporting.containers": [
        ("journal of rivers", "The Journal of Rivers", 2, 3, 1),
    ],
    "SELECT folded_name, name, spelling_count, publication_count, doi_count FROM reporting.publishers": [
        ("weir press", "WEIR PRESS", 2, 2, 1),
    ],
    "SELECT source, year_share::float, topic_share::float, description_share::float, container_share::float,"
    " publisher_share::float, license_share::float, invalid_identifier_count, invalid_link_count"
    " FROM reporting.source_quality": [
        ("city", 0.75, 0.25, 0.5, 1.0, 0.75, 0.25, 1, 2), ("town", 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0, 2),
    ],
    "SELECT source, host, link_count, record_count, invalid_count, valid_share::float FROM reporting.links_by_source": [
        ("city", "creativecommons.org", 1, 1, 0, 1.0), ("city", "weir.example", 2, 1, 0, 1.0),
        ("city", None, 2, 1, 2, 0.0), ("town", "weir.example", 2, 1, 0, 1.0), ("town", None, 2, 1, 2, 0.0),
    ],
    "SELECT host, kind, link_count, record_count, invalid_count FROM reporting.links": [
        ("creativecommons.org", "license", 1, 1, 0), ("weir.example", "other", 4, 2, 0), (None, "other", 4, 2, 4),
    ],
    "SELECT name, title, roles, record_count FROM reporting.work_authors": [
        ("Núñez, Ana", SILT["title"], ["edt"], 2), ("Vane, Ottilie", SILT["title"], ["aut"], 2),
    ],
    "SELECT name, roles, publication_count FROM reporting.author_works": [
        ("Núñez, Ana", ["edt"], 1), ("Vane, Ottilie", ["aut"], 1),
    ],
    "SELECT source, publication_year, scheme, record_count, records_with_valid, valid_share::float, invalid_count"
    " FROM reporting.coverage_by_year": [
        ("city", 2020, "doi", 1, 1, 1.0, 0), ("city", 2021, "license", 2, 1, 0.5, 0),
        ("city", None, "isbn", 1, 1, 1.0, 1), ("town", 2020, "doi", 1, 1, 1.0, 0),
    ],
    "SELECT rule, reason, pair_count, pairs_between_sources FROM reporting.duplicate_reasons": [
        ("identifier_agrees", "The records have a DOI in common.", 1, 1),
    ],
    "SELECT source, dump, change, in_words FROM reporting.changes_by_load": [
        ("city", "2020", "new", "4 records came"), ("town", "2020", "new", "1 record came"),
        ("town", "2020", "regrouped", "1 record moved to another publication or work"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("question", TOLD)
def test_a_view_tells_what_its_columns_say(described: Road, question: str):
    assert sorted(described.rows(question), key=repr) == sorted(TOLD[question], key=repr)


def test_a_duplicate_that_would_bring_two_publications_together_is_passed_over(road: Road):
    rivers = {"title": "Silt and sand in slow rivers", "author": ["Núñez, Ana", "Vane, Ottilie"]}
    volumes = {"a": {"container_volume": "1"}, "b": {}, "c": {"container_volume": "2"}}
    road.ingest("city", "2020", [rivers | {"id": name} | volume for name, volume in volumes.items()])
    assert road.values("SELECT is_passed_over FROM reporting.duplicates ORDER BY 1") == [False, True]
    assert road.rows("SELECT publication_count, record_count FROM catalog.works") == [(2, 3)]


def test_an_author_has_coauthors_of_living_records_alone(catalogues: Road):
    counted = "SELECT name, coauthor_count FROM reporting.coauthor_counts"
    assert sorted(catalogues.rows(counted)) == [("Núñez, Ana", 1), ("Vane, Ottilie", 1)]
