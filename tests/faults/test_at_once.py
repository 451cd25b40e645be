"""Several commands at once, each a process of its own: one load after the other, none lost, none twice."""

from __future__ import annotations

from contextlib import closing

import psycopg2
import pytest

from tests.faults.conftest import Databases


def catalogue(state: dict) -> dict:
    """The tables that do not tell in which order loads came."""
    return {name: rows for name, rows in state.items() if name.startswith("catalog.") and "redirects" not in name}


@pytest.mark.parametrize("number", [2, 8])
def test_the_same_dump_by_several_commands_at_once_goes_in_once(databases: Databases, number: int):
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        before = len(struck.state()["ops.loads"])
        runs = [struck.start_road() for _ in range(number)]
        assert [run.wait() for run in runs] == [0] * number, [run.told for run in runs]
        found = struck.state()
        assert catalogue(found) == catalogue(expected[0])
        # One load, and a note of each repetition.
        assert [row["records_changed"] > 0 for row in found["ops.loads"]].count(True) == 1
        assert len(found["ops.loads"]) == before + number
        assert found["ops.warehouse_version"][0]["version"] == before + number
        assert found["ops.dumps"] == expected[0]["ops.dumps"]
        struck.assert_nothing_is_left()


def test_two_and_eight_different_dumps_at_once_all_go_in(databases: Databases):
    dumps = [f"2030-{each}" for each in range(8)]
    expected = {}
    with databases.copy("2020") as one_by_one:
        for number, dump in enumerate(dumps, start=1):
            one_by_one.write_later(dump)
            one_by_one.take_road(dump)
            expected[number] = one_by_one.state()
    for number in (2, 8):
        with databases.copy("2020") as struck:
            for dump in dumps[:number]:
                struck.write_later(dump)
            runs = [struck.start_road(dump) for dump in dumps[:number]]
            assert [run.wait() for run in runs] == [0] * number, [run.told for run in runs]
            found = struck.state()
            assert catalogue(found) == catalogue(expected[number])
            for table in ("ops.record_sightings", "ops.record_deletions", "ops.record_matching_keys"):
                assert found[table] == expected[number][table]
            assert len(found["ops.loads"]) == len(found["ops.dumps"]) == number + 1
            struck.assert_nothing_is_left()


def test_a_command_says_that_it_waits_for_the_load_of_another(databases: Databases):
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        with struck.held_up("catalog.records"):
            road = struck.start_road()
            struck.wait_until_held_up(road)
            struck.write_later("2030-1")
            command = struck.start("2030-1")
            struck.wait_until_held_up(road, command)
            struck.wait_until_told(command, "waiting for another load to end")
        assert (road.wait(), command.wait()) == (0, 0), road.told + command.told
        assert len(struck.state()["ops.loads"]) == len(expected[0]["ops.loads"]) + 1


def test_a_first_load_says_whom_it_waits_for(databases: Databases):
    expected = databases.undisturbed("2020")
    with databases.copy() as struck, closing(psycopg2.connect(struck.libpq_url)) as reader, reader.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM catalog.works")
        command = struck.start("2020")
        who = f"{reader.info.user} (process {reader.info.backend_pid}, idle in transaction)"
        struck.wait_until_told(command, f"waiting for {who} to let go")
        assert not command.has_ended
        reader.rollback()
        assert command.wait() == 0, command.told
        assert catalogue(struck.state()) == catalogue(expected[0])
