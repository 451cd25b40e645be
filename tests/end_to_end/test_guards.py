"""What keeps a load from writing what nobody delivered: torn full dumps, frames that belong to another state."""

import gzip
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from pipelines import stages
from pipelines.parts import PartsError
from pipelines.readers.registry import DumpError
from pipelines.stages import extraction
from pipelines.warehouse import plan
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import WarehouseError
from tests.archives import tarred
from tests.end_to_end.road import Road, contents, json_lines
from tests.readers.test_second_look import page as page_text


def documents(count: int) -> list[dict[str, str]]:
    return [{"id": str(number), "title": f"Title of number {number}"} for number in range(count)]


def test_a_full_dump_with_a_torn_end_ends_nothing(road: Road):
    road.ingest("library", "2020", gzip.compress(json_lines(documents(500))), kind="full")
    torn = gzip.compress(json_lines(documents(500)))
    outcome = road.ingest("library", "2021", torn[: len(torn) * 2 // 3], kind="full")
    assert outcome.counts.records_quarantined > 0
    assert outcome.counts.records_deleted == 0
    assert road.values("SELECT count(*) FROM catalog.records WHERE deleted_at IS NULL") == [500]
    assert road.values("SELECT kind FROM ops.dumps ORDER BY name") == ["full", "delta"]


@pytest.mark.parametrize(
    "came_out",
    [b"", gzip.compress(b"", mtime=0), gzip.compress(b"<html>cut off" * 9, mtime=0)[:-9]],
    ids=["empty", "packed and empty", "torn"],
)
def test_a_full_folder_of_which_a_page_came_out_empty_or_torn_ends_nothing(road: Road, came_out: bytes):
    pages = {f"{number}.txt": page_text(number, "Vane, Ottilie").encode() for number in range(3)}
    road.ingest("library", "2020", pages, kind="full")
    outcome = road.ingest("library", "2021", {**pages, "1.txt": came_out}, kind="full")
    assert (outcome.counts.records_read, outcome.counts.records_quarantined) == (3, 1)
    assert outcome.counts.records_deleted == 0
    assert road.values("SELECT file FROM ops.quarantine") == ["1.txt"]
    assert road.values("SELECT kind FROM ops.dumps ORDER BY name") == ["full", "delta"]


def page(first: int, count: int, found: int) -> bytes:
    """A page of what Solr found."""
    return json.dumps(
        {"response": {"numFound": found, "start": first, "docs": documents(found)[first : first + count]}}
    ).encode()


def test_a_full_dump_of_which_pages_are_missing_ends_nothing(road: Road):
    road.ingest("library", "2020", documents(5))
    first = road.ingest("library", "2021", page(0, 2, 5), kind="full")
    assert (first.counts.records_read, first.counts.records_deleted) == (2, 0)
    assert road.rows("SELECT kind, missing FROM ops.dumps ORDER BY name") == [
        ("delta", None),
        ("delta", "only 2 of the 5 records that the server announced are there"),
    ]
    again = road.ingest("library", "2022", {"1.json": page(0, 2, 5), "2.json": page(2, 2, 5)}, kind="full")
    assert again.counts.records_deleted == 0
    assert road.values("SELECT count(*) FROM catalog.records WHERE deleted_at IS NULL") == [5]


def test_a_full_dump_whose_pages_are_all_there_is_one(road: Road):
    road.ingest("library", "2020", documents(6))
    pages = {"1.json": page(0, 2, 5), "2.json": page(2, 2, 5), "3.json": page(4, 2, 5)}
    outcome = road.ingest("library", "2021", pages, kind="full")
    assert (outcome.counts.records_read, outcome.counts.records_deleted) == (5, 1)
    assert road.rows("SELECT kind, missing FROM ops.dumps ORDER BY name") == [("delta", None), ("full", None)]


def test_a_page_that_lies_there_twice_is_not_the_next_one(road: Road):
    road.ingest("library", "2020", documents(4))
    outcome = road.ingest("library", "2021", {"1.json": page(0, 2, 4), "2.json": page(0, 2, 4)}, kind="full")
    assert (outcome.counts.records_read, outcome.counts.records_deleted) == (4, 0)


@pytest.mark.parametrize(("held", "goes_in"), [(90, True), (89, False), (1, False)])
def test_a_full_dump_that_would_end_more_than_a_tenth_of_its_source_is_refused(road: Road, held: int, goes_in: bool):
    road.ingest("library", "2020", documents(100))
    road.ingest("archive", "2020", documents(500))
    if goes_in:
        assert road.ingest("library", "2021", documents(held), "full", may_shrink=False).counts.records_deleted == 10
        return
    lacking = rf"lacks {100 - held} of the 100 living records of its source \({100 - held}%, more than the 10% that"
    with pytest.raises(WarehouseError, match=lacking):
        road.ingest("library", "2021", documents(held), "full", may_shrink=False)
    assert road.values("SELECT count(*) FROM catalog.records WHERE deleted_at IS NULL") == [600]
    assert road.again("library", "2021", kind="full").counts.records_deleted == 100 - held


@pytest.mark.parametrize("empty", [b'{"response": {"numFound": 0, "docs": []}}', b"[]"])
def test_a_full_dump_without_any_record_is_refused(road: Road, empty: bytes):
    road.ingest("library", "2020", documents(5))
    for _ in range(2):
        with pytest.raises(DumpError, match="would end the whole catalogue"):
            road.ingest("library", "2021", empty, kind="full")
    assert road.values("SELECT count(*) FROM catalog.records WHERE deleted_at IS NULL") == [5]
    assert road.ingest("library", "2021", empty).counts.records_read == 0


def test_frames_made_anew_since_the_plan_are_planned_anew(road: Road):
    dump = Dump("library", "2020", "delta")
    road.plan(dump, road.write("library", "2020", documents(2)))
    path = road.write("library", "2020", [*documents(1), {"id": "new", "title": "Came later"}])
    raw, normalized = road.frames("raw", dump), road.frames("normalized", dump)
    stages.extract(path, "delta", raw)
    stages.normalize(raw, normalized, "library")
    outcome = road.load(dump)
    assert outcome.counts.add_up()
    assert road.values("SELECT source_record_id FROM catalog.records ORDER BY 1") == ["0", "new"]


def test_frames_of_two_states_of_a_dump_are_never_loaded_together(road: Road):
    dump = Dump("library", "2020", "delta")
    road.plan(dump, road.write("library", "2020", documents(2)))
    stages.extract(road.write("library", "2020", documents(3)), "delta", road.frames("raw", dump))
    with pytest.raises(PartsError, match="normalise it again"):
        road.load(dump)
    assert road.values("SELECT count(*) FROM catalog.records") == [0]


def test_a_dump_that_changes_while_it_is_read_is_refused(road: Road, monkeypatch: pytest.MonkeyPatch):
    path = road.write("library", "2020", documents(2))
    read_chunks = extraction.read_chunks

    def replaced_meanwhile(dump: Path, **given: Any):
        yield from read_chunks(dump, **given)
        dump.write_bytes(json_lines(documents(3)))

    monkeypatch.setattr(extraction, "read_chunks", replaced_meanwhile)
    raw = road.frames("raw", Dump("library", "2020", "delta"))
    with pytest.raises(DumpError, match="changed while it was read"):
        stages.extract(path, "delta", raw)
    assert raw.manifest_if_whole() is None


def test_two_runs_of_one_dump_wait_for_each_other(road: Road):
    dump = Dump("library", "2020", "delta")
    path = road.write("library", "2020", documents(300))
    failures: list[Exception] = []

    def run() -> None:
        try:
            road.plan(dump, path)
            road.load(dump)
        except Exception as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert road.values("SELECT count(*) FROM catalog.records") == [300]


@pytest.mark.parametrize("meanwhile", ["another dump", "the very dump", "nothing"])
def test_a_work_that_swallows_a_catalogue_is_refused_also_where_the_load_plans_anew(
    road: Road, monkeypatch: pytest.MonkeyPatch, meanwhile: str
):
    monkeypatch.setattr(plan, "LARGEST_WORK", 3)
    dump = Dump("library", "2020", "delta")
    path = road.write("library", "2020", documents(2))
    if meanwhile == "the very dump":
        road.ingest("library", "2020", path)
    alike = [{"id": f"{number}", "title": "One title", "author": ["Núñez, Ana"]} for number in range(10, 14)]
    road.plan(dump, path if meanwhile == "the very dump" else road.write("library", "2020", alike[:2]))
    if meanwhile == "nothing":
        road.plan(dump, road.write("library", "2020", alike))
    else:
        other = Road(road.url, road.folder / "other")
        other.ingest("archive", "2020", alike[2:])
        if meanwhile == "the very dump":
            other.ingest("library", "2020", documents(1))
            stages.extract(road.write("library", "2020", alike[:2]), "delta", road.frames("raw", dump))
            stages.normalize(road.frames("raw", dump), road.frames("normalized", dump), "library")
    before = road.values("SELECT source_record_id FROM catalog.records ORDER BY 1")
    with pytest.raises(WarehouseError, match=r"library/2020: one work has 4 records, more than the 3"):
        road.load(dump)
    assert road.values("SELECT source_record_id FROM catalog.records ORDER BY 1") == before
    monkeypatch.setattr(plan, "LARGEST_WORK", 4)
    road.load(dump)
    assert road.values("SELECT max(record_count) FROM catalog.works") == [4]


def test_what_is_quarantined_twice_for_one_place_is_kept_twice(road: Road):
    members = [("a.json", b""), ("a.json", b""), ("b.jsonl", json_lines(documents(1)))]
    outcome = road.ingest("library", "2020", tarred(members))
    assert (outcome.counts.records_new, outcome.counts.records_quarantined) == (1, 2)
    assert road.values("SELECT member FROM ops.quarantine") == ["a.json", "a.json"]


@pytest.mark.parametrize("loaded_before", [False, True])
@pytest.mark.parametrize("changed", ["schema_version = schema_version + 1", "summary_rules = 'newer'"])
def test_a_load_after_another_program_has_changed_the_schema_is_refused(
    road: Road, changed: str, *, loaded_before: bool
):
    if loaded_before:
        road.ingest("library", "2020", documents(3))
    road.execute(f"UPDATE ops.warehouse_version SET {changed}")
    before = contents(road, history=True)
    with pytest.raises(WarehouseError, match=r"another program has brought the warehouse to .* nothing was changed"):
        road.ingest("library", "2021", documents(5))
    assert contents(road, history=True) == before
