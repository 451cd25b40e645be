"""A load goes in whole or not at all, whatever happens in the middle, and two at once do not spoil each other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from pipelines.stages import Outcome, Progress
from pipelines.warehouse import history, planning
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import LOAD_LOCK, connect
from pipelines.warehouse.plan import Plan
from pipelines.warehouse.schema import prepare
from tests.end_to_end.road import Road, contents, raw_connection, stamped
from tests.postgres import wait_until

FIRST = [{"id": str(i), "title": f"Title {i % 3}", "author": ["Núñez, Ana"]} for i in range(6)]
SECOND = [{"id": str(i), "title": f"Title {i % 2}", "author": ["Okafor, Ben"]} for i in range(2, 9)]
BOOKKEEPING = ("ops.dumps", "ops.loads", "ops.quarantine", "ops.record_sightings", "ops.warehouse_version")


def bookkeeping(road: Road) -> list[Any]:
    return [sorted(road.rows(f"SELECT t::text FROM {table} AS t")) for table in BOOKKEEPING]


def stages_of_load(road: Road, dump: Dump) -> list[str]:
    """What a load says that it does, step by step."""
    said: list[str] = []
    road.load(dump, lambda progress: said.append(progress.doing))
    return said


def failing_at(step: int, fail: Callable[[], None]) -> Callable[[Progress], None]:
    """A report that fails at the ``step``-th word of the load."""
    steps = iter(range(1_000))

    def report(_: Progress) -> None:
        if next(steps) == step:
            fail()

    return report


@pytest.mark.parametrize("loaded_before", [False, True], ids=["first load", "later load"])
def test_a_load_that_fails_at_any_step_leaves_nothing_and_goes_in_the_next_time(road: Road, loaded_before: bool):
    if loaded_before:
        road.ingest("library", "2020", FIRST)
    dump = Dump("library", "2021", "delta")
    road.plan(dump, road.write("library", "2021", SECOND))
    before = stamped(road), bookkeeping(road)

    def fail() -> None:
        raise RuntimeError("the power is gone")

    for step in range(1_000):
        try:
            road.load(dump, failing_at(step, fail))
        except RuntimeError:
            assert (stamped(road), bookkeeping(road)) == before
        else:
            break
    assert step > 5
    assert road.values("SELECT count(*) FROM catalog.records") == [9 if loaded_before else 7]
    assert road.values("SELECT version FROM ops.warehouse_version") == [1 + loaded_before]


@pytest.mark.parametrize("loaded_before", [False, True], ids=["first load", "later load"])
def test_a_load_whose_connection_is_killed_leaves_nothing_and_goes_in_the_next_time(road: Road, loaded_before: bool):
    if loaded_before:
        road.ingest("library", "2020", FIRST)
    dump = Dump("library", "2021", "delta")
    road.plan(dump, road.write("library", "2021", SECOND))
    before = stamped(road), bookkeeping(road)

    def kill() -> None:
        killed = road.values(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert killed == [True]

    with pytest.raises(psycopg2.Error):
        road.load(dump, failing_at(4, kill))
    assert (stamped(road), bookkeeping(road)) == before
    road.load(dump)
    assert road.values("SELECT count(*) FROM catalog.records") == [9 if loaded_before else 7]


def test_a_plan_made_against_an_older_warehouse_is_made_anew_under_the_lock(road: Road):
    first, second = Dump("library", "2020", "delta"), Dump("archive", "2020", "delta")
    road.plan(first, road.write("library", "2020", FIRST))
    road.plan(second, road.write("archive", "2020", SECOND))
    road.load(first)
    said = stages_of_load(road, second)
    assert "another load came first: deduplicating again" in said
    interleaved = contents(road)
    road.clear()
    road.again("library", "2020")
    road.again("archive", "2020")
    assert contents(road) == interleaved


def test_the_time_of_a_load_is_that_under_the_lock_up_to_the_commit(road: Road, monkeypatch: pytest.MonkeyPatch):
    dump = Dump("library", "2020", "delta")
    road.plan(dump, road.write("library", "2020", FIRST))
    sightings = history.note_sightings

    def slow(*arguments: Any) -> None:
        time.sleep(0.5)
        sightings(*arguments)

    monkeypatch.setattr(history, "note_sightings", slow)
    load = threading.Thread(target=road.load, args=(dump,))
    with closing(raw_connection(road)) as held, held.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (LOAD_LOCK,))
        load.start()
        wait_until(lambda: road.rows("SELECT FROM pg_locks WHERE NOT granted"), "the load waits")
        time.sleep(1.5)
        let_go = time.monotonic()
    load.join()
    [seconds] = road.values("SELECT load_seconds FROM ops.loads")
    assert 0.5 <= seconds <= time.monotonic() - let_go


def test_a_plan_made_for_another_warehouse_of_the_same_version_is_made_anew(road: Road):
    road.ingest("library", "2019", FIRST)
    dump = Dump("library", "2020", "delta")
    road.plan(dump, road.write("library", "2020", SECOND))
    road.execute("DROP SCHEMA catalog, ops, reporting CASCADE")
    with connect(road.url) as connection:
        prepare(connection)
    road.ingest("archive", "2019", FIRST[:2])
    assert "planned for another warehouse: deduplicating again" in stages_of_load(road, dump)
    loaded = contents(road)
    road.clear()
    road.again("archive", "2019")
    road.again("library", "2020")
    assert contents(road) == loaded


def test_a_load_that_ends_while_another_plans_does_not_show_in_the_plan(road: Road, monkeypatch: pytest.MonkeyPatch):
    """Between two queries of the planning the very records come in by another road."""
    road.ingest("library", "2019", FIRST[:2])
    touched_records = planning.touched_records
    other = Road(road.url, road.folder / "other")

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(planning, "touched_records", touched_records)
        other.ingest("library", "2020", SECOND)
        return touched_records(*arguments)

    dump = Dump("library", "2021", "delta")
    monkeypatch.setattr(planning, "touched_records", overtaken)
    road.plan(dump, road.write("library", "2021", SECOND))
    plan = Plan.saved(road.frames("planned", dump))
    assert (plan.warehouse.number, plan.count("new")) == (1, len(SECOND))
    assert road.values("SELECT version FROM ops.warehouse_version") == [2]
    assert "another load came first: deduplicating again" in stages_of_load(road, dump)
    interleaved = contents(road)
    road.clear()
    road.again("library", "2019")
    road.ingest("library", "2020", SECOND)
    road.again("library", "2021")
    assert contents(road) == interleaved


def test_a_first_load_waits_for_those_who_plan(road: Road, monkeypatch: pytest.MonkeyPatch):
    """Its rows are frozen: who has begun before would see them, and nothing of what belongs to them."""
    classify = planning.classify
    other = Road(road.url, road.folder / "other")
    first = threading.Thread(target=other.ingest, args=("library", "2020", FIRST))

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(planning, "classify", classify)
        first.start()
        waiting = "SELECT FROM pg_locks WHERE NOT granted AND relation IS NOT NULL"
        wait_until(lambda: not first.is_alive() or road.rows(waiting), "the first load ends or waits")
        return classify(*arguments)

    dump = Dump("library", "2021", "delta")
    monkeypatch.setattr(planning, "classify", overtaken)
    road.plan(dump, road.write("library", "2021", FIRST))
    assert Plan.saved(road.frames("planned", dump)).count("new") == len(FIRST)
    first.join()
    assert road.load(dump).counts.records_unchanged == len(FIRST)


def test_a_plan_of_the_very_dump_that_another_run_has_loaded_meanwhile_changes_nothing(road: Road):
    dump = Dump("library", "2020", "delta")
    road.plan(dump, road.write("library", "2020", FIRST))
    road.load(dump)
    before = stamped(road)
    outcome = road.load(dump)
    assert outcome.counts.records_unchanged == len(FIRST)
    assert stamped(road) == before


def test_a_repetition_that_is_none_any_more_when_it_is_loaded_is_loaded(road: Road):
    """Between plan and load another run brought other bytes under the same name."""
    dump = Dump("library", "2020", "delta")
    road.ingest("library", "2020", FIRST)
    road.plan(dump, road.dumps["library", "2020"])
    other = Road(road.url, road.folder / "other")
    other.ingest("library", "2020", SECOND)
    road.load(dump)
    assert road.values("SELECT title FROM catalog.records WHERE source_record_id = '3'") == ["Title 0"]
    assert not road.again("library", "2020").counts.records_changed


def test_two_loads_at_once_come_one_after_the_other(road: Road):
    dumps = [(Dump("library", "2020", "delta"), FIRST), (Dump("archive", "2020", "delta"), SECOND)]
    for dump, documents in dumps:
        road.plan(dump, road.write(dump.source, dump.name, documents))
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda dump=dump: outcomes.append(road.load(dump))) for dump, _ in dumps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.warehouse_version for outcome in outcomes) == [1, 2]
    at_once = contents(road)
    road.clear()
    for dump, _ in dumps:
        road.again(dump.source, dump.name)
    assert contents(road) == at_once


def test_a_load_waits_for_the_lock_and_lets_go_of_it(road: Road):
    dump = Dump("library", "2020", "delta")
    road.plan(dump, road.write("library", "2020", FIRST))
    holder = raw_connection(road)
    holder.autocommit = True
    with holder.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (LOAD_LOCK,))
    outcomes: list[Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(road.load(dump)))
    thread.start()
    thread.join(0.5)
    assert thread.is_alive()
    assert road.values("SELECT count(*) FROM catalog.records") == [0]
    holder.close()
    thread.join()
    assert [outcome.warehouse_version for outcome in outcomes] == [1]
    held = (
        "SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    )
    assert road.values(held) == [0]
