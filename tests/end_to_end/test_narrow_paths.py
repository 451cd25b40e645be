"""Reports of a large warehouse read indexes where tables are wide: what a cold disk would take seconds for."""

from __future__ import annotations

import pytest

from pipelines.warehouse.connection import connect
from tests.end_to_end.road import Road

#: Questions, and the tables whose rows their answers do without.
QUESTIONS = [
    ("SELECT COUNT(*) FROM reporting.records", {"records"}),
    ("SELECT COUNT(*) FROM reporting.author_works WHERE author_id = 1", {"records", "record_authors", "works"}),
    ("SELECT roles FROM reporting.author_works WHERE author_id = 1", {"records", "record_authors", "works"}),
    ("SELECT coauthor_id, last_year FROM reporting.coauthors WHERE author_id = 1", {"records"}),
    ("SELECT coauthor_count FROM reporting.coauthor_counts WHERE author_id = 1", {"records"}),
]


@pytest.mark.parametrize(("question", "tables"), QUESTIONS)
def test_a_report_reads_indexes_in_place_of_tables(road: Road, question: str, tables: set[str]):
    road.ingest("city", "2020", [{"id": "1", "title": "Silt", "author": ["Sørensen, Åse", "O'Brien, Ñusta"]}])
    with connect(road.url) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        # The planner goes by indexes alone where the map says that all rows are visible.
        cursor.execute("VACUUM ANALYZE")
        connection.autocommit = False
        # Whether an index has all that is asked: in a catalogue as small as a test's, none would pay.
        for other in ("seqscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {question}")
        (((whole,),),) = cursor.fetchall()
    read = {node["Relation Name"]: node["Node Type"] for node in nodes(whole["Plan"]) if "Relation Name" in node}
    assert {table: read[table] for table in tables} == dict.fromkeys(tables, "Index Only Scan")


def nodes(plan: dict[str, object]) -> list[dict[str, object]]:
    below = plan.get("Plans", [])
    assert isinstance(below, list)
    return [plan, *(node for each in below for node in nodes(each))]


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("SELECT name FROM reporting.authors ORDER BY work_count DESC LIMIT 10", "author_counts_work_count_index"),
        ("SELECT title FROM reporting.works ORDER BY publication_count DESC LIMIT 10", "works_publication_count_index"),
    ],
)
def test_the_first_of_many_are_found_by_an_index(road: Road, question: str, index: str):
    plan = road.values(f"SET enable_seqscan = off; SET enable_sort = off; EXPLAIN {question}")
    assert any(f"Backward using {index}" in line for line in plan), plan
