"""Reports of a large warehouse read indexes where tables are wide: what a cold disk would take seconds for."""

from __future__ import annotations

import pytest
from psycopg2 import sql

from pipelines.warehouse.connection import connect
from tests.end_to_end.road import Road
from tests.postgres import wait_until


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


@pytest.mark.parametrize("view", ["author_works", "coauthors"])
def test_what_a_prolific_author_wrote_is_read_in_the_order_of_the_disk(road: Road, view: str):
    documents = [
        {"id": str(number), "title": f"Silt {number}", "author": ["Sørensen, Åse", f"O'Brien, {name}"]}
        for number, name in enumerate(f"{a}{b}ila" for a in "BDFGKLMNPR" for b in "aeiou")
    ]
    road.ingest("city", "2020", documents)
    # Rows that index entries pointed to one by one; those that a bitmap gathers first are not counted.
    looks = (
        "SELECT SUM(idx_scan)::int, SUM(idx_tup_fetch)::int FROM pg_stat_user_indexes WHERE indexrelname IN"
        " ('records_pkey', 'works_pkey', 'record_authors_pkey', 'record_authors_author_id_index')"
    )
    (author,) = road.values("SELECT author_id FROM catalog.authors WHERE name LIKE 'Sørensen%'")
    ((scans, fetched),) = road.rows(looks)
    with connect(road.url) as connection, connection.cursor() as cursor:
        # A table as small as a test's would be read whole.
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            sql.SQL("SELECT * FROM {} WHERE author_id = %s").format(sql.Identifier("reporting", view)), (author,)
        )
        assert len(cursor.fetchall()) == len(documents)
    # A session tells what it has done when it ends.
    wait_until(lambda: road.rows(looks)[0][0] >= scans + 3, "the server has counted")
    assert road.rows(looks)[0][1] == fetched
