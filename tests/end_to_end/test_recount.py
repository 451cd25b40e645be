"""Counts that somebody has made wrong by hand are told, and right again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.warehouse import connection as connections
from pipelines.warehouse.connection import connect, load_lock
from pipelines.warehouse.recount import recount
from pipelines.warehouse.words import refresh_words
from tests.end_to_end.counting import counted, counted_anew
from tests.end_to_end.road import Road, contents
from tests.end_to_end.test_summaries import ARTICLE, BOOK
from tests.postgres import wait_until

#: What is done by hand, and how many rows of which table are not right then.
BY_HAND = {
    "nothing": ("SELECT", {}),
    "a count of a publication": (
        "UPDATE catalog.publications SET record_count = 9 WHERE doi IS NOT NULL",
        {"catalog.publications": 1},
    ),
    "counts of works": ("UPDATE catalog.works SET publication_count = 3, last_year = 1800", {"catalog.works": 2}),
    "a row of counts is gone": ("DELETE FROM ops.work_counts", {"ops.work_counts": 1}),
    "a row of counts too many": (
        "INSERT INTO ops.work_counts VALUES (gen_random_uuid(), 7, 7, 7)",
        {"ops.work_counts": 1},
    ),
    "a journal": (
        "UPDATE catalog.publications SET container_title = 'Rivers' WHERE doi IS NOT NULL",
        {"ops.name_counts": 2},
    ),
    "a title": (
        "UPDATE catalog.publications SET title = 'Of mud' WHERE doi IS NOT NULL",
        {"reporting.publication_words": 1},
    ),
    "a link is gone": ("DELETE FROM catalog.links WHERE url LIKE '%weir%'", {"ops.link_counts": 2}),
    "words are gone": ("DELETE FROM reporting.publication_words", {"reporting.publication_words": 2}),
    "a record is in no group": (
        "UPDATE catalog.records SET publication_id = NULL, work_id = NULL WHERE doi IS NULL",
        {
            "catalog.publications": 1,
            "catalog.works": 1,
            "ops.author_counts": 1,
            "ops.publication_counts": 2,
            "ops.work_counts": 1,
        },
    ),
    "what hangs on a record that is not there": (
        "INSERT INTO ops.record_matching_keys (matching_key_id, record_id) VALUES (5, 6), (7, 6);"
        " INSERT INTO ops.record_sightings"
        " (record_id, first_dump_id, last_dump_id, file, member, byte_offset, byte_length)"
        " SELECT 6, dump_id, dump_id, 'a', '', 0, 1 FROM ops.dumps LIMIT 1",
        {"ops.record_matching_keys": 2, "ops.record_sightings": 1},
    ),
    "years of headings": ("UPDATE ops.author_counts SET first_year = 1", {"ops.author_counts": 2}),
}


def three_records(road: Road) -> None:
    road.ingest("city", "2020", [ARTICLE, BOOK])
    road.ingest("town", "2020", [ARTICLE | {"id": "7"}])
    refresh_words(road.url)


@pytest.mark.parametrize("name", BY_HAND)
def test_what_differs_is_told_and_made_right(road: Road, name: str):
    three_records(road)
    statement, expected = BY_HAND[name]
    if name != "nothing":
        road.execute(statement)
    before = contents(road), counted(road), road.rows("SELECT * FROM reporting.words_due")
    trial = recount(road.url, is_trial=True)
    assert {table: rows for table, rows in trial.items() if rows} == expected
    assert (contents(road), counted(road), road.rows("SELECT * FROM reporting.words_due")) == before
    assert recount(road.url) == trial
    assert not any(recount(road.url).values())
    assert counted(road) == counted_anew(road)
    if name in ("a count of a publication", "counts of works"):
        mended = contents(road)
        road.clear()
        three_records(road)
        assert contents(road) == mended


def test_records_that_were_deleted_by_hand_count_no_more(road: Road):
    three_records(road)
    road.execute(
        "UPDATE catalog.records SET deleted_at = now(), publication_id = NULL, work_id = NULL WHERE source = 'town'"
    )
    differing = recount(road.url)
    assert differing["catalog.publications"] == differing["catalog.works"] == 1
    assert road.rows("SELECT record_count, source_count FROM catalog.publications") == [(1, 1)] * 2
    assert road.rows("SELECT record_count FROM catalog.works") == [(1,)] * 2
    assert not any(recount(road.url, is_trial=True).values())


def test_a_load_that_goes_on_is_waited_for(road: Road, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "WAIT_FOR_LOCK", 0.1)
    road.ingest("city", "2020", [ARTICLE, BOOK])
    told: list[str] = []
    with ThreadPoolExecutor(1) as pool, connect(road.url) as first:
        with load_lock(first):
            counting = pool.submit(recount, road.url, told.append)
            wait_until(lambda: "waiting for another load to end" in told, "who counts waits for the load")
            assert not counting.done()
        assert not any(counting.result(30).values())


def test_words_that_are_still_to_be_made_do_not_differ(road: Road):
    road.ingest("city", "2020", [ARTICLE, BOOK])
    assert not any(recount(road.url).values())
