"""A first load takes the tables for itself, and lets those go first who read them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from pipelines.warehouse.connection import connect
from pipelines.warehouse.first_load import take_bare
from tests.end_to_end.road import Road


def test_a_reader_who_asks_for_what_the_load_has_taken_already_is_waited_for(road: Road):
    told: list[str] = []
    with (
        connect(road.url) as connection,
        connect(road.url) as other,
        other.cursor() as reader,
        ThreadPoolExecutor(1) as beside,
    ):
        # Each waits for the other then; it is the load that finds it out, and goes back.
        reader.execute("SET deadlock_timeout = '1min'; SELECT count(*) FROM catalog.work_evidence")
        taking = beside.submit(take_bare, connection, told.append)
        while not road.values(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ):
            pass
        reader.execute("SELECT count(*) FROM catalog.record_authors")
        other.rollback()
        assert taking.result()
        connection.rollback()
    assert told
