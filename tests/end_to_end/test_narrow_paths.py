"""Reports of a large warehouse read indexes where tables are wide: what a cold disk would take seconds for."""

from __future__ import annotations

from pipelines.warehouse.connection import connect
from tests.end_to_end.road import Road


def test_records_are_counted_by_an_index(road: Road):
    road.ingest("city", "2020", [{"id": "1", "title": "Silt", "author": ["Sørensen, Åse", "O'Brien, Ñusta"]}])
    with connect(road.url) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        # The planner goes by indexes alone where the map says that all rows are visible.
        cursor.execute("VACUUM ANALYZE")
        connection.autocommit = False
        # Whether an index has all that is asked: in a catalogue as small as a test's, none would pay.
        for other in ("seqscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        cursor.execute("EXPLAIN (FORMAT JSON) SELECT COUNT(*) FROM reporting.records")
        (((whole,),),) = cursor.fetchall()
    read = {node["Relation Name"]: node["Node Type"] for node in nodes(whole["Plan"]) if "Relation Name" in node}
    assert read["records"] == "Index Only Scan"


def nodes(plan: dict[str, object]) -> list[dict[str, object]]:
    below = plan.get("Plans", [])
    assert isinstance(below, list)
    return [plan, *(node for each in below for node in nodes(each))]


def test_works_of_most_publications_are_found_by_an_index(road: Road):
    question = "SELECT title FROM reporting.works ORDER BY publication_count DESC LIMIT 10"
    plan = road.values(f"SET enable_seqscan = off; SET enable_sort = off; EXPLAIN {question}")
    assert any("Backward using works_publication_count_index" in line for line in plan), plan
