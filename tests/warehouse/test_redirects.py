"""Former ids of publications and works: where they lead, when that ends, and which of them are merges."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.records import WORK_ASSIGNMENTS, WORK_REDIRECTS
from pipelines.works.clusters import joins
from tests.end_to_end.road import Road


@pytest.fixture
def road(warehouse_url: str) -> Iterator[Road]:
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-redirects-") as folder:
        yield Road.into(warehouse_url, Path(folder))


def record(name: str, title: str = "A study of rivers") -> dict[str, object]:
    return {"id": name, "title": title, "author": ["Núñez, Ana", "Okafor, Ben"]}


def redirected(road: Road) -> list[tuple[str, bool]]:
    """The levels of the redirects, and whether what they lead to exists."""
    return road.rows(
        "SELECT r.level, p.publication_id IS NOT NULL OR w.work_id IS NOT NULL FROM catalog.work_redirects AS r"
        " LEFT JOIN catalog.publications AS p ON r.level = 'publication' AND p.publication_id = r.new_id"
        " LEFT JOIN catalog.works AS w ON r.level = 'work' AND w.work_id = r.new_id ORDER BY 1"
    )


BOTH = [("publication", True), ("work", True)]


def test_a_redirect_goes_with_what_it_leads_to(road: Road):
    road.ingest("library", "2020", [record("1"), record("2", "A study of lakes")])
    road.ingest("library", "2021", [record("2")])
    assert redirected(road) == BOTH
    road.ingest("library", "2022", [record("3", "A study of seas")], "full")
    assert redirected(road) == []


def test_a_redirect_is_led_on_where_the_group_lives_on_under_another_id(road: Road):
    road.ingest("library", "2020", [record("1"), record("2", "A study of lakes")])
    road.ingest("library", "2021", [record("2")])
    # The founder of the two ends: the other one has its own id again, and the founder's leads there.
    (founder,) = road.values("SELECT work_id FROM catalog.works")
    (other,) = road.values("SELECT source_record_id FROM catalog.records WHERE record_id <> %s", founder)
    road.ingest("library", "2022", [record(other)], "full")
    assert redirected(road) == BOTH
    assert set(road.values("SELECT old_id FROM catalog.work_redirects")) == {founder}


def test_a_former_id_leads_to_where_its_founder_is_now(road: Road):
    road.ingest("library", "2018", [record("3", "A study of lakes")])
    road.ingest("library", "2020", [record("1")])
    road.ingest("library", "2019", [record("2")])
    where = "SELECT publication_id, work_id FROM catalog.records WHERE source_record_id = %s"
    leads_to = "SELECT level, new_id FROM catalog.work_redirects WHERE old_id ="
    leads_to += " (SELECT record_id FROM catalog.records WHERE source_record_id = '1') ORDER BY level"
    for found_in, name, title in (("2", "2020", "A study of rivers"), ("3", "2021", "A study of lakes")):
        road.ingest("library", name, [record("1", title)])
        [(publication, work)] = road.rows(where, found_in)
        assert road.rows(where, "1") == [(publication, work)]
        assert road.rows(leads_to) == [("publication", publication), ("work", work)]


@pytest.mark.parametrize(
    ("living", "expected"),
    [
        ([1, 2, 3], 3),
        # The founder 2, of a publication and of a work, has ended: its ids lead to the rest.
        ([1, 3], 1),
        ([], 0),
    ],
)
def test_an_id_is_joined_where_its_founder_lives_on(living: list[int], expected: int):
    rows = [("publication", 2, 1), ("work", 2, 1), ("work", 3, 1)]
    table = pa.Table.from_pylist([dict(zip(WORK_REDIRECTS.names, row, strict=True)) for row in rows], WORK_REDIRECTS)
    assignments = pa.table([living, [1] * len(living), [1] * len(living)], schema=WORK_ASSIGNMENTS)
    assert joins(table, assignments) == expected
