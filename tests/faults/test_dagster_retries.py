"""A run of Dagster that is killed, and then retried from where it failed, keeps the promises of the command."""

from __future__ import annotations

from collections.abc import Callable
from logging import getLogger
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from dagster import DagsterEventType, DagsterInstance, DagsterRunStatus
from dagster._daemon.monitoring.concurrency import execute_concurrency_slots_iteration
from sqlalchemy import URL

from pipelines.home import Home
from pipelines.instance import dagster_instance
from tests.faults.conftest import Databases
from tests.faults.test_killed_runs import COMMITTED
from tests.faults.warehouse import Struck
from tests.postgres import wait_until

if TYPE_CHECKING:
    from dagster._core.workspace.context import IWorkspaceProcessContext

PARTITION = "library/2021"


def in_a_merge(struck: Struck) -> None:
    with struck.held_up("catalog.records"):
        run = struck.commands.start("run", struck.dump(), PARTITION)
        struck.wait_until_held_up(run)
        run.kill()


def after_the_commit(struck: Struck) -> None:
    struck.commands.start("run", struck.dump(), PARTITION, stop=COMMITTED).is_killed()


def lets_go_of_the_pool(instance: DagsterInstance) -> bool:
    """Whether the pool is free after another look of Dagster's daemon at it, by the settings of the home."""
    context = cast("IWorkspaceProcessContext", SimpleNamespace(instance=instance))  # of which it takes nothing else
    list(execute_concurrency_slots_iteration(context, getLogger(__name__)))
    return not instance.event_log_storage.get_concurrency_run_ids()


@pytest.mark.parametrize("kill", [in_a_merge, after_the_commit])
def test_a_run_that_is_killed_in_its_load_and_retried_ends_as_an_undisturbed_one(
    databases: Databases, kill: Callable[[Struck], None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAGSTER_HOME", "")  # dagster_instance sets it
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        kill(struck)
        assert isinstance(struck.url, URL)
        with dagster_instance(Home(struck.home, struck.url)) as instance:
            [run] = instance.get_runs()
            # Whoever comes next finds its process gone.
            assert run.status == DagsterRunStatus.FAILURE
            wait_until(lambda: lets_go_of_the_pool(instance), "Dagster's daemon frees the pool", 30)
            struck.commands.run("retry", run.run_id)
            retried = instance.get_runs()[0]
            assert (retried.status, retried.parent_run_id) == (DagsterRunStatus.SUCCESS, run.run_id)
            steps = instance.all_logs(retried.run_id, of_type=DagsterEventType.STEP_SUCCESS)
            assert [step.step_key for step in steps] == ["warehouse_tables"]
        assert (struck.state(), struck.files()) == expected
        struck.assert_nothing_is_left()


def test_a_run_whose_command_was_killed_ends_with_the_next_and_lets_go_of_the_pool(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAGSTER_HOME", "")
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        with struck.held_up("catalog.records"):
            command = struck.start()
            struck.wait_until_held_up(command)
            command.kill()
        struck.ingest()
        with dagster_instance(Home(struck.home, struck.url)) as instance:
            assert sorted(run.status.value for run in instance.get_runs()) == ["FAILURE", "SUCCESS"]
        assert (struck.state(), struck.files()) == expected
