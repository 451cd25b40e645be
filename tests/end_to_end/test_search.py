"""Search: words of titles and names, in any accents, case and script; the answer is that of the catalogue now."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg2
import pytest
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse.connection import connect, libpq_url
from pipelines.warehouse.statements import statement
from pipelines.warehouse.words import note_all_due, note_due, refresh_words
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


def test_words_are_due_of_publications_that_come_change_or_go(road: Road):
    road.ingest("city", "2020", DOCUMENTS)
    refresh_words(road.url)
    due = "SELECT publication_id FROM reporting.words_due"
    road.ingest("city", "2021", [{**DOCUMENTS[0], "description": "An abstract, of which none are searched"}])
    assert road.values(due) == []
    gone = road.values("SELECT publication_id FROM catalog.records WHERE source_record_id = '2'")
    road.ingest("city", "2022", [DOCUMENTS[0], *DOCUMENTS[2:]], "full")
    assert road.values(due) == gone


def test_no_words_are_made_of_what_is_not_due_whatever_the_planner_has_heard(road: Road, beside: Connection):
    road.ingest("city", "2020", [{"id": str(number), "title": f"Of river {number}"} for number in range(300)])
    refresh_words(road.url)
    with beside.cursor() as cursor:
        cursor.execute("INSERT INTO reporting.words_due SELECT publication_id FROM catalog.publications")
        cursor.execute("ANALYZE reporting.words_due")
        cursor.execute("DELETE FROM reporting.words_due WHERE ctid > '(0,3)'")
        cursor.execute("SET track_functions = 'all'")
        cursor.execute("SELECT title FROM reporting.search('river 299')")
        assert cursor.fetchall() == [("Of river 299",)]
        cursor.execute("SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'words_of'")
        assert cursor.fetchall() == [(3,)]


@pytest.fixture
def beside(road: Road) -> Iterator[Connection]:
    """A connection on which a load goes on beside what the test does."""
    connection = psycopg2.connect(libpq_url(road.url))
    yield connection
    connection.close()


@contextmanager
def making_words(road: Road) -> Iterator[None]:
    """Words are made in a thread of their own, which waits for somebody; what is within lets it go on."""
    with ThreadPoolExecutor(1) as threads:
        made = threads.submit(refresh_words, road.url)
        while not road.values("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")[0]:
            assert not made.done()
            time.sleep(0.01)
        yield
        made.result(timeout=30)


@pytest.mark.parametrize("was_due", [False, True])
@pytest.mark.parametrize("is_first", [False, True])
def test_words_made_beside_a_load_are_those_of_its_end(
    road: Road, beside: Connection, *, was_due: bool, is_first: bool
):
    road.ingest("city", "2020", DOCUMENTS[:1])
    if not is_first:
        refresh_words(road.url)
    if was_due:
        road.execute("INSERT INTO reporting.words_due SELECT publication_id FROM catalog.publications")
    with beside.cursor() as cursor:
        cursor.execute("UPDATE catalog.publications SET title = 'Of mud'")
        if is_first:
            note_all_due(beside)
        else:
            cursor.execute("CREATE TEMPORARY TABLE staged_publications AS SELECT * FROM catalog.publications")
            cursor.execute("CREATE TEMPORARY TABLE staged_former (level text, id bigint)")
            note_due(beside)
    if was_due or is_first:
        with making_words(road):
            beside.commit()
    else:
        # What is due for the first time is not seen, and stays due.
        refresh_words(road.url)
        beside.commit()
    for _ in range(2):
        assert [found(road, word) for word in ("mud", "silt")] == [["1"], []]
        refresh_words(road.url)


def test_loads_go_on_while_all_words_are_made_and_their_words_follow(road: Road, beside: Connection):
    road.ingest("city", "2020", DOCUMENTS)
    road.ingest("city", "2021", [{**DOCUMENTS[0], "title": "Of mud"}])
    with beside.cursor() as cursor:
        cursor.execute("LOCK TABLE reporting.publication_words IN SHARE MODE")
        with making_words(road):
            road.ingest("city", "2022", [{**DOCUMENTS[0], "title": "Of clay"}])
            assert not is_complete(road)
            beside.commit()
    assert is_complete(road)
    assert [found(road, word) for word in ("mud", "clay")] == [[], ["1"]]
    assert road.rows("SELECT * FROM reporting.words_due") == []


def test_searches_go_on_while_all_words_are_made(road: Road, beside: Connection):
    road.ingest("city", "2020", DOCUMENTS)
    with beside.cursor() as cursor:
        cursor.execute("INSERT INTO reporting.words_due SELECT publication_id FROM catalog.publications")
        beside.commit()
        cursor.execute("SELECT FROM reporting.words_due FOR UPDATE")
        with making_words(road):
            assert road.values("SET lock_timeout = '1s'; SELECT title FROM reporting.search('sorensen')") == [
                DOCUMENTS[0]["title"]
            ]
            beside.commit()
    assert is_complete(road)
    assert road.values("SELECT to_regclass('reporting.publication_words_words_index')::text") == [
        "reporting.publication_words_words_index"
    ]


def test_an_index_that_was_left_off_is_built_by_the_next_who_may(road: Road):
    index = "SELECT to_regclass('reporting.publication_words_words_index') IS NOT NULL"
    road.ingest("city", "2020", DOCUMENTS)
    # What a run leaves behind that is killed while it makes all words.
    road.execute("DROP INDEX reporting.publication_words_words_index")
    refresh_words(road.url.set(username="warehouse_loader"))
    assert is_complete(road)
    assert road.values(index) == [False]
    assert found(road, "sorensen") == ["1"]
    refresh_words(road.url)
    assert road.values(index) == [True]


def test_what_has_neither_title_nor_name_is_found_by_what_it_has_not(road: Road):
    road.ingest("library", "2020", [{"id": "1"}, {"id": "2", "title": "Rivers"}])
    assert road.values("SELECT count(*) FROM reporting.search('-rivers')") == [1]


@pytest.mark.parametrize(("at_most", "count"), [("NULL", 3), ("2", 2), ("0", 0), ("-1", 0)])
def test_as_many_are_found_as_are_asked_for(road: Road, at_most: str, count: int):
    road.ingest("library", "2020", [{"id": str(number), "title": f"River {number}"} for number in range(3)])
    assert road.values(f"SELECT count(*) FROM reporting.search('river', {at_most})") == [count]


def test_the_reader_may_search(road: Road):
    road.ingest("city", "2020", DOCUMENTS)
    for _ in range(2):
        reading = "SET ROLE warehouse_reader; SELECT title FROM reporting.search('sorensen')"
        assert road.values(reading) == [DOCUMENTS[0]["title"]]
        refresh_words(road.url)


def test_a_search_goes_by_the_index(road: Road):
    road.ingest("city", "2020", DOCUMENTS)
    refresh_words(road.url)
    with connect(road.url) as connection, connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_indexscan = off")  # as if there were many
        cursor.execute(sql.SQL("EXPLAIN ") + statement("words/found"), {"words": "slow rivers", "at_most": 20})
        plan = [line.strip() for (line,) in cursor.fetchall()]
    assert any(line.startswith("->  Bitmap Index Scan on publication_words_words_index") for line in plan)
    assert not any("Seq Scan on publication_words" in line for line in plan)


def test_all_words_are_made_by_several_processes(road: Road):
    made = statement("words/make_all").string.split(";")[0]
    with connect(road.url) as connection, connection.cursor() as cursor:
        # The catalogue of a test is small.
        cursor.execute("SET LOCAL min_parallel_table_scan_size = 0")
        cursor.execute(statement("words/in_parallel"))
        cursor.execute(f"EXPLAIN {made}")
        plan = [line for (line,) in cursor]
    assert any("Gather" in line for line in plan), plan


def test_words_made_anew_are_changed_where_they_differ(road: Road):
    words = "SELECT publication_id, words::text FROM reporting.publication_words ORDER BY 1"
    road.ingest("city", "2020", DOCUMENTS)
    refresh_words(road.url)
    made = road.rows(words)
    before = road.rows("SELECT xmin::text FROM reporting.publication_words WHERE words @@ 'lakes'")
    # What other rules may have left.
    road.execute("INSERT INTO reporting.publication_words VALUES (1, 'gone')")
    road.execute("UPDATE reporting.publication_words SET words = 'other' WHERE words @@ 'silt'")
    road.execute("DELETE FROM reporting.publication_words WHERE words @@ 'oeuvre'")
    road.execute("UPDATE reporting.words_state SET is_complete = FALSE")
    refresh_words(road.url)
    assert road.rows(words) == made
    assert road.rows("SELECT xmin::text FROM reporting.publication_words WHERE words @@ 'lakes'") == before


@pytest.mark.parametrize("written", ["a" * 5_000, "學" * 5_000, "x " * 60_000, "\U0001f600" * 3_000, "́" * 9])
def test_no_text_is_too_long_or_too_odd(road: Road, written: str):
    assert len(road.rows("SELECT reporting.words_of(%s, NULL), reporting.words_asked(%s)", written, written)) == 1


@pytest.mark.parametrize("held_twice", ["1", "2"])
def test_of_titles_of_one_length_the_one_with_most_records_comes_first(road: Road, held_twice: str):
    titles = {"1": "Of red silt", "2": "Of blue silt"}
    documents = {
        number: {"id": number, "title": titles[number], "doi_str_mv": [f"10.5555/{number}"]} for number in titles
    }
    road.ingest("city", "2020", list(documents.values()))
    road.ingest("town", "2021", [documents[held_twice]])
    found = road.rows("SELECT title, record_count FROM reporting.search('silt')")
    assert found == [(titles[held_twice], 2), (titles[str(3 - int(held_twice))], 1)]
