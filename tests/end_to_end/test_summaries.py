"""Counts that reports rest on: what each load adds to them is what counting everything gives.

Histories of dumps and decisions hold it in ``test_any_order``; here is what they would seldom hit upon.
"""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.warehouse.connection import connect
from pipelines.warehouse.schema import prepare
from tests.end_to_end.counting import counted, counted_anew
from tests.end_to_end.road import Road

ARTICLE = {
    "id": "1",
    "title": "Silt and sand in slow rivers",
    "author": ["Núñez, Ana", "Vane, Ottilie"],
    "format": ["Article"],
    "language": ["English"],
    "publishDate": ["2020"],
    "container_title": "The Journal of Rivers & Lakes",
    "publisher": ["Weir Press"],
    "doi_str_mv": ["10.5555/silt.2020"],
    "url": ["https://doi.org/10.5555/silt.2020", "http://weir.example/1"],
}
BOOK = {"id": "2", "title": "A short history of weirs", "author": ["Vane, Ottilie"], "publishDate": ["1999"]}


def test_a_record_that_changes_counts_once(road: Road):
    road.ingest("city", "2020", [ARTICLE, BOOK])
    road.ingest("town", "2020", [ARTICLE | {"id": "7", "format": ["Article", "Online"]}])
    assert counted(road) == counted_anew(road)
    changed = ARTICLE | {"publisher": ["Weir Press"], "container_title": "Journal of rivers and lakes", "url": []}
    road.ingest("city", "2021", [changed])
    assert counted(road) == counted_anew(road)
    road.ingest("city", "2022", [changed], "full")
    assert counted(road) == counted_anew(road)
    assert road.rows("SELECT source_a, source_b, publication_count FROM reporting.source_overlap") == [
        ("city", "town", 1)
    ]


CHANGES: dict[str, dict[str, Any]] = {
    "a title is taken away": {"title": None},
    "a description comes": {"description": "Of what rivers carry."},
    "a language": {"language": ["German"]},
    "a kind": {"format": ["Book"]},
    "a year": {"publishDate": ["2021"]},
    "a year in doubt": {"publishDate": ["2020?"]},
    "no year": {"publishDate": []},
    "a publisher": {"publisher": ["Lock Press"]},
    "no publisher": {"publisher": []},
    "a journal": {"container_title": "Rivers"},
    "topics": {"topic": ["Silt"]},
    "an identifier that is wrong": {"doi_str_mv": ["10/x"]},
    "a link less": {"url": ["http://weir.example/1"]},
    "a link of another kind": {"url": ["ftp://weir.example/1"]},
    "an author less": {"author": ["Vane, Ottilie"]},
    "an author written otherwise": {"author": ["Nunez, Ana", "Vane, Ottilie"]},
    "no author": {"author": []},
    "another text altogether": {"title": "On weirs", "author": ["Quill, Bo"], "doi_str_mv": [], "url": []},
}


def test_whatever_changes_in_a_record_is_counted(road: Road):
    held = {name: ARTICLE | {"id": name, "title": f"{ARTICLE['title']} {name}"} for name in CHANGES}
    held = {name: each | {"doi_str_mv": [f"10.5555/{number}"]} for number, (name, each) in enumerate(held.items())}
    road.ingest("city", "2020", [BOOK, *held.values()])
    road.ingest("town", "2020", list(held.values()))
    road.ingest("port", "2020", [each | {"publishDate": ["2024"], "doi_str_mv": []} for each in held.values()])
    road.ingest("city", "2021", [held[name] | change for name, change in CHANGES.items()])
    assert counted(road) == counted_anew(road)
    road.ingest("city", "2022", list(held.values()))
    assert counted(road) == counted_anew(road)


@pytest.mark.parametrize(
    "change",
    [
        {"author": ["Núñez, Ana, 1950-", "Vane, Ottilie"]},
        {"url": ["https://doi.org/10.5555/silt.2020", "http://lock.example/1"]},
        {"isbn": ["123"]},
        {"language": ["German"]},
        {"format": ["Book"]},
        {"publishDate": ["2021"]},
        {"publisher": ["Lock Press"]},
    ],
    ids=["an author with dates", "a link", "an identifier", "a language", "a kind", "a year", "a publisher"],
)
def test_one_change_of_a_record_that_no_other_catalogue_has_is_counted(road: Road, change: dict[str, Any]):
    road.ingest("city", "2020", [ARTICLE, BOOK])
    road.ingest("city", "2021", [ARTICLE | change])
    assert counted(road) == counted_anew(road)


def test_years_of_an_author_narrow_when_the_earliest_record_ends(road: Road):
    years = "SELECT first_year, last_year, work_count FROM reporting.authors WHERE name = 'Vane, Ottilie'"
    road.ingest("city", "2020", [ARTICLE, BOOK])
    assert road.rows(years) == [(1999, 2020, 2)]
    road.ingest("city", "2021", [ARTICLE], "full")
    assert road.rows(years) == [(2020, 2020, 1)]
    road.ingest("city", "2022", [BOOK | {"publishDate": ["2003"]}])
    assert road.rows(years) == [(2003, 2020, 2)]
    assert counted(road) == counted_anew(road)


def test_years_of_an_author_narrow_when_the_latest_record_is_of_an_earlier_year(road: Road):
    years = "SELECT first_year, last_year, work_count FROM reporting.authors WHERE name = 'Vane, Ottilie'"
    road.ingest("city", "2020", [ARTICLE, BOOK])
    road.ingest("city", "2021", [ARTICLE | {"publishDate": ["2010"]}])
    assert road.rows(years) == [(1999, 2010, 2)]
    road.ingest("city", "2022", [BOOK], "full")
    assert road.rows(years) == [(1999, 1999, 1)]
    assert counted(road) == counted_anew(road)


def test_what_nothing_counts_any_more_is_no_row(road: Road):
    road.ingest("city", "2020", [ARTICLE, BOOK])
    road.ingest("city", "2021", [BOOK], "full")
    assert road.values("SELECT count(*) FROM ops.link_counts") == [0]
    assert road.values("SELECT name FROM reporting.authors") == ["Vane, Ottilie"]


def test_rules_that_changed_count_everything_anew(road: Road):
    road.ingest("city", "2020", [ARTICLE, BOOK])
    before = counted(road)
    road.execute("DELETE FROM ops.author_counts")
    road.execute("UPDATE ops.warehouse_version SET summary_rules = 'others', reporting_fingerprint = 'older'")
    with connect(road.url) as connection:
        prepare(connection)
    assert counted(road) == before


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("The Journal of Rivers & Lakes", "journal of rivers and lakes"),
        ("Sørensen, Ærø: Straße", "sorensen aero strasse"),
        ("МОСКВА — Ёлка", "москва елка"),
        ("ΑΘΗΝΑ, Νέος", "αθηνα νεοσ"),
        ("北京大学、学报", "北京大学 学报"),
        ("İstanbul Ilʹia", "istanbul ilia"),
        ("がぎ  ガギ", "がぎ ガギ"),
        ("ßæœøłđıς ẞÆŒØŁĐIΣ", "ssaeoeoldiσ ssaeoeoldiσ"),
        ("ðħŧŋɓ ÞĦŦŊƁ ЂЄЅ ԱԲԳ", "dhtnb thhtnb ђєѕ աբգ"),
        ("!?", ""),
    ],
)
def test_names_are_folded_whatever_the_locale(road: Road, written: str, folded: str):
    assert road.values("SELECT reporting.folded_name(%s)", written) == [folded]
