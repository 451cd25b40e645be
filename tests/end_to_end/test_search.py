"""Search: words of titles and names, in any accents, case and script; the answer is that of the catalogue now."""

from __future__ import annotations

import pytest

from pipelines.warehouse.words import refresh_words
from tests.end_to_end.road import Road

DOCUMENTS = [
    {"id": "1", "title": "Silt and sand in slow rivers", "author": ["Sørensen, Åse"]},
    {"id": "2", "title": "Slow rivers, slow lakes", "author": ["O'Brien, Ñusta"]},
    {"id": "3", "title": "Москва́ и Ёлкино", "author": ["Йозефсон, И."]},
    {"id": "4", "title": "北京大学学报", "author": ["王小明"]},
    {"id": "5", "title": "がくせいの本", "author": ["Ægir Þór"]},
    {"id": "6", "title": "Straße, Œuvre, naïve", "author": ["Αθηνά Νέου"]},
]


def found(road: Road, question: str) -> list[str]:
    """Ids of the records of the publications found, in the order of the answer."""
    return road.values(
        "SELECT source_record_id FROM reporting.search(%s) WITH ORDINALITY AS s"
        " JOIN catalog.records USING (publication_id) ORDER BY ordinality",
        question,
    )


def is_complete(road: Road) -> bool:
    (complete,) = road.values("SELECT is_complete FROM reporting.words_state")
    return bool(complete)


QUESTIONS = [
    ("Sørensen", ["1"]), ("sorensen", ["1"]), ("SORENSEN ase silt", ["1"]),
    ("slow rivers", ["2", "1"]), ("rivers -lakes", ["1"]), ("-lakes sand", ["1"]), ("riv* lak*", ["2"]),
    ("o'brien", ["2"]), ("nusta", ["2"]), ("sorens", []), ("sorens*", ["1"]),
    ("москва", ["3"]), ("МОСКВА елкино", ["3"]), ("Москва́", ["3"]), ("moskva", []),
    ("北京", ["4"]), ("北京大学", ["4"]), ("京大", ["4"]), ("学", ["4"]), ("报", ["4"]), ("京学", []),
    ("王小明 北京", ["4"]),
    ("がく", ["5"]), ("かく", []), ("本", ["5"]), ("aegir thor", ["5"]),
    ("strasse oeuvre naive", ["6"]), ("ΑΘΗΝΑ", ["6"]), ("αθήνα", ["6"]),
    ("", []), ("!?", []), ("' \\ & | ( :* <->", []),
]  # fmt: skip


def test_words_are_found_before_and_after_they_are_made(road: Road):
    road.ingest("city", "2020", DOCUMENTS)
    assert not is_complete(road)
    assert [(question, found(road, question)) for question, _ in QUESTIONS] == QUESTIONS
    refresh_words(road.url)
    assert is_complete(road)
    assert [(question, found(road, question)) for question, _ in QUESTIONS] == QUESTIONS


def test_what_a_load_changes_is_found_at_once(road: Road):
    road.ingest("city", "2020", DOCUMENTS)
    refresh_words(road.url)
    road.ingest("city", "2021", [{**DOCUMENTS[0], "title": "Of mud"}, {"id": "7", "title": "Mud again"}])
    for _ in range(2):
        assert [found(road, word) for word in ("mud", "silt", "sorensen")] == [["7", "1"], [], ["1"]]
        refresh_words(road.url)
        assert road.rows("SELECT * FROM reporting.words_due") == []
    road.ingest("city", "2022", DOCUMENTS[1:], "full")
    for _ in range(2):
        assert [found(road, word) for word in ("mud", "rivers")] == [[], ["2"]]
        refresh_words(road.url)
    made = road.rows("SELECT publication_id, words::text FROM reporting.publication_words ORDER BY 1")
    road.execute("UPDATE reporting.words_state SET is_complete = FALSE")
    refresh_words(road.url)
    assert road.rows("SELECT publication_id, words::text FROM reporting.publication_words ORDER BY 1") == made


def test_the_reader_may_search(road: Road):
    road.ingest("city", "2020", DOCUMENTS)
    for _ in range(2):
        reading = "SET ROLE warehouse_reader; SELECT title FROM reporting.search('sorensen')"
        assert road.values(reading) == [DOCUMENTS[0]["title"]]
        refresh_words(road.url)


def test_a_search_goes_by_the_index(road: Road):
    road.ingest("city", "2020", DOCUMENTS)
    refresh_words(road.url)
    plan = road.values(
        "SET enable_seqscan = off; EXPLAIN SELECT publication_id FROM reporting.publication_words"
        " WHERE words @@ (SELECT reporting.words_asked('slow rivers'))"
    )
    assert any("publication_words_words_index" in line for line in plan)


@pytest.mark.parametrize("written", ["a" * 5_000, "學" * 5_000, "x " * 60_000, "\U0001f600" * 3_000, "́" * 9])
def test_no_text_is_too_long_or_too_odd(road: Road, written: str):
    assert len(road.rows("SELECT reporting.words_of(%s, NULL), reporting.words_asked(%s)", written, written)) == 1
