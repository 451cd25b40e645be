"""Who waits for a place in Dagster's pool sleeps until it asks again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from dagster import DagsterInstance
from dagster._core.execution.plan.instance_concurrency_context import InstanceConcurrencyContext

from pipelines.definitions import defs
from pipelines.home import Home
from pipelines.instance import dagster_instance

POOL = "warehouse"


def a_run(instance: DagsterInstance) -> InstanceConcurrencyContext:
    run = instance.create_run_for_job(defs.resolve_job_def("refresh_reporting"))
    return InstanceConcurrencyContext(instance, run)


def test_a_run_that_has_not_had_its_place_sleeps_until_it_asks_again(tmp_path: Path):
    with dagster_instance(Home(tmp_path, None)) as instance:
        first, second = a_run(instance), a_run(instance)
        assert first.claim(POOL, "load")
        assert first.interval_to_next_pending_claim_check() == 0
        assert not second.claim(POOL, "load")
        assert second.interval_to_next_pending_claim_check() == pytest.approx(1, abs=0.9)
        first.free_step("load")
        time.sleep(second.interval_to_next_pending_claim_check() + 0.01)
        assert second.interval_to_next_pending_claim_check() == 0
        assert second.claim(POOL, "load")
