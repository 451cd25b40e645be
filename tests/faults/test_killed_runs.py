"""A run that is killed at any place leaves nothing in the warehouse, and the next one ends as if nothing had been."""

from __future__ import annotations

import pytest

from tests.faults.commands import Place
from tests.faults.conftest import Databases
from tests.postgres import wait_until

WRITE, COMMIT, CLEAR = (f"pipelines.parts:Parts.{name}" for name in ("write", "commit", "clear"))

#: Places before the load, in the order of the road: where nothing of a stage is written, where some is, and where all
#: is that the next one needs but the manifest, which declares it whole.
BEFORE_THE_LOAD = {
    "extract, nothing written": Place(WRITE, "'records'"),
    "extract, one frame of two": Place(WRITE, "'quarantined'"),
    "extract, all but the manifest": Place(COMMIT, "/raw/"),
    "normalize, nothing written": Place(CLEAR, "/normalized/"),
    "normalize, some frames": Place(WRITE, "'record_identifiers'"),
    "normalize, all but the manifest": Place(COMMIT, "/normalized/"),
    "deduplicate, nothing written": Place("pipelines.warehouse.planning:make_plan"),
    "deduplicate, records divided": Place("pipelines.parts:Parts.write_batches", "candidates"),
    "deduplicate, pairs judged": Place(WRITE, "'evidence'"),
    "deduplicate, all but the manifest": Place(COMMIT, "/planned/"),
    "load, about to copy": Place("pipelines.warehouse.staging:Staging.stage_decisions"),
    "load, groups compared": Place("pipelines.warehouse.staging:Staging.stage_records"),
}

#: Tables at a row of which a load is killed, in the order in which it writes them: in the midst of a COPY, of each
#: merge, and of the books, whose last row is the last thing before the commit.
LATER_LOAD = [
    "catalog.authors", "catalog.works", "catalog.publications", "catalog.record_authors", "catalog.records",
    "catalog.work_evidence", "ops.record_changes", "ops.dumps", "ops.quarantine", "ops.record_sightings",
    "ops.record_deletions", "ops.warehouse_version", "ops.loads",
]  # fmt: skip
FIRST_LOAD = ["catalog.works", "catalog.records", "catalog.work_evidence", "ops.quarantine", "ops.loads"]

#: The third manifest of a plan says that its load has ended: the commit is done, and nobody was told.
COMMITTED = Place(COMMIT, "/planned/", nth=3)

AT_WORK = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'vufind-warehouse' AND pid <> pg_backend_pid()"
    " AND datname = current_database()"
)


def test_a_run_that_is_killed_before_its_load_goes_on(databases: Databases):
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        before = struck.state()
        for name, place in BEFORE_THE_LOAD.items():
            struck.start_road(stop=place).is_killed()
            assert struck.state() == before, name
        struck.take_road()
        assert (struck.state(), struck.files()) == expected
        struck.assert_nothing_is_left()


@pytest.mark.parametrize(
    ("before", "tables"), [(("2020",), LATER_LOAD), ((), FIRST_LOAD)], ids=["later load", "first load"]
)
def test_a_run_that_is_killed_in_its_load_leaves_nothing_and_goes_in_the_next_time(
    databases: Databases, before: tuple[str, ...], tables: list[str]
):
    expected = databases.undisturbed(*before, "2021")
    with databases.copy(*before) as struck:
        untouched = struck.state()
        for table in tables:
            with struck.held_up(table):
                run = struck.start_road()
                struck.wait_until_held_up(run)
                run.kill()
            assert struck.state() == untouched, table
        struck.take_road()
        assert (struck.state(), struck.files()) == expected
        struck.assert_nothing_is_left()


def test_a_run_that_is_killed_between_its_commit_and_the_answer_is_in_and_does_not_go_in_twice(databases: Databases):
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        struck.start_road(stop=COMMITTED).is_killed()
        assert struck.state() == expected[0]
        struck.take_road()
        assert (struck.state(), struck.files()) == expected
        struck.take_road()  # what comes again after that is a repetition, and noted as one
        assert len(struck.state()["ops.loads"]) == len(expected[0]["ops.loads"]) + 1


def test_a_killed_run_lets_go_of_its_locks_while_the_server_still_works_for_it(databases: Databases):
    """A server looks after a client only when it has something to tell it, which may be in an hour."""
    with databases.copy("2020") as struck, struck.held_up("catalog.records"):
        run = struck.start_road()
        struck.wait_until_held_up(run)
        assert struck.rows(AT_WORK)
        run.kill()
        wait_until(lambda: not struck.rows(AT_WORK), "the server ends what it does for nobody", 60, every=0.2)
