"""Dagster's files of a home are made by one process, of several; of broken ones it is told what to do."""

from __future__ import annotations

import multiprocessing
import sqlite3
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Queue

import pytest

from pipelines.home import Home, HomeError

TOGETHER = 4


def _begin(folder: Path, together: Barrier, outcomes: Queue[str]) -> None:
    from pipelines.instance import dagster_instance

    together.wait()
    try:
        with dagster_instance(Home(folder, None)) as instance:
            instance.all_instigator_state()
            outcomes.put(f"{instance.get_runs_count()} runs")
    except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
        outcomes.put(str(error))


def test_several_that_begin_on_a_new_home_together_make_its_files_once(tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    together, outcomes = context.Barrier(TOGETHER), context.Queue()
    processes = [context.Process(target=_begin, args=(tmp_path, together, outcomes)) for _ in range(TOGETHER)]
    for process in processes:
        process.start()
    told = [outcomes.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    assert told == ["0 runs"] * TOGETHER


def test_of_files_that_are_not_whole_it_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from pipelines.instance import dagster_instance

    monkeypatch.setenv("DAGSTER_HOME", "")  # dagster_instance sets it
    home = Home(tmp_path, None)
    with dagster_instance(home):
        pass
    files = list(home.dagster.rglob("*.db"))
    for file in files:
        with sqlite3.connect(file) as connection:
            connection.execute("INSERT INTO alembic_version VALUES ('another')")
        connection.close()
    with pytest.raises(HomeError, match=r"are not whole .* remove that folder"), dagster_instance(home):
        pass
