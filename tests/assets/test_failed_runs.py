"""A dump whose run failed for what is not its fault is asked for again, with patience; no other is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterInstance, DagsterRunStatus
from dagster._core.storage.tags import SENSOR_NAME_TAG

from pipelines.assets import failed_runs, resources
from pipelines.assets.automation import new_dumps
from pipelines.assets.failed_runs import TRY_TAG, Failure, failed_dumps
from pipelines.definitions import defs

NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"


class Night:
    """The sensor and the runs that it asks for, as the daemon makes them."""

    def __init__(self, root: Path, instance: DagsterInstance) -> None:
        self.root = root
        self.instance = instance
        self.cursor: str | None = None

    def put(self, dump: str, documents: int = 2, broken: int = 0) -> None:
        path = self.root / dump
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps({"id": str(number), "title": f"Tides {number}"}) for number in range(documents)]
        path.write_text("\n".join([*lines, *["{broken"] * broken]) + "\n")

    def tick(self) -> list[tuple[str, str]]:
        """What a tick asks for, a partition and its try, each of which is run."""
        context = dg.build_sensor_context(self.instance, cursor=self.cursor, definitions=defs)
        answer = new_dumps(context)
        if not isinstance(answer, dg.SensorResult):
            self.told = str(answer.skip_message)  # type: ignore[union-attr]
            return []
        self.cursor = answer.cursor
        asked = []
        for request in answer.run_requests or []:
            partition = str(request.partition_key)
            self.instance.add_dynamic_partitions("dumps", [partition])
            defs.resolve_job_def("ingest_dump").execute_in_process(
                instance=self.instance,
                partition_key=partition,
                run_config=request.run_config,
                tags={SENSOR_NAME_TAG: "new_dumps", **request.tags},
                raise_on_error=False,
            )
            asked.append((partition, request.tags.get(TRY_TAG, "1")))
        return asked

    def last(self) -> DagsterRunStatus:
        return self.instance.get_runs(limit=1)[0].status


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    monkeypatch.setenv("VUFIND_WAREHOUSE_DUMPS", str(tmp_path / "dumps"))
    monkeypatch.setenv("VUFIND_WAREHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("pipelines.assets.automation.SETTLED_AFTER", -1.0)
    monkeypatch.setattr(resources, "RETRY_AFTER", ())
    with DagsterInstance.ephemeral() as instance:
        yield Night(tmp_path / "dumps", instance)


def test_a_dump_goes_in_once_the_server_is_there_again(
    night: Night, warehouse_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(failed_runs, "AGAIN_AFTER", (0.0, 0.0))
    monkeypatch.setenv("WAREHOUSE_URL", NOBODY)
    night.put("city/2024-01-01.jsonl")
    assert night.tick() == [("city/2024-01-01", "1")]
    assert night.last() == DagsterRunStatus.FAILURE
    assert night.tick() == [("city/2024-01-01", "2")]
    monkeypatch.setenv("WAREHOUSE_URL", warehouse_url)
    assert night.tick() == [("city/2024-01-01", "3")]
    assert night.last() == DagsterRunStatus.SUCCESS
    assert night.tick() == []


def test_it_is_asked_for_again_later_and_not_for_ever(night: Night, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WAREHOUSE_URL", NOBODY)
    night.put("city/2024-01-01.jsonl")
    assert night.tick() == [("city/2024-01-01", "1")]
    assert night.tick() == []
    assert "failed, and asked for again later: city/2024-01-01" in night.told
    monkeypatch.setattr(failed_runs, "AGAIN_AFTER", (0.0,))
    assert night.tick() == [("city/2024-01-01", "2")]
    assert night.tick() == []


def test_each_try_waits_longer_from_the_end_of_the_one_before(night: Night, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(failed_runs, "AGAIN_AFTER", (0.0, 600.0))
    monkeypatch.setenv("WAREHOUSE_URL", NOBODY)
    night.put("city/2024-01-01.jsonl")
    for tries, seconds in ((1, 0.0), (2, 600.0)):
        assert night.tick() == [("city/2024-01-01", str(tries))]
        ended = night.instance.get_run_records(limit=1)[0].end_time
        assert ended is not None
        assert failed_dumps(night.instance, "ingest_dump") == {"city/2024-01-01": Failure(tries, ended + seconds)}
    assert night.tick() == []
    monkeypatch.setattr(failed_runs, "_LOOKED_AT", timedelta(0))
    assert failed_dumps(night.instance, "ingest_dump") == {}


def test_a_dump_that_is_at_fault_is_not_asked_for_again(
    night: Night, warehouse_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(failed_runs, "AGAIN_AFTER", (0.0,))
    monkeypatch.setenv("WAREHOUSE_URL", warehouse_url)
    night.put("city/2024-01-01.jsonl", documents=100, broken=101)
    night.put("town/2024-01-01.jsonl", documents=0)
    (night.root / "town/2024-01-01.jsonl").write_bytes(b"")
    assert len(night.tick()) == 2
    assert {run.status for run in night.instance.get_runs()} == {DagsterRunStatus.FAILURE}
    assert night.tick() == []
    night.put("city/2024-01-01.jsonl", documents=300)
    assert night.tick() == [("city/2024-01-01", "1")]


def test_what_a_person_runs_is_left_to_that_person(night: Night, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(failed_runs, "AGAIN_AFTER", (0.0,))
    monkeypatch.setenv("WAREHOUSE_URL", NOBODY)
    night.put("city/2024-01-01.jsonl")
    assert len(night.tick()) == 1
    defs.resolve_job_def("ingest_dump").execute_in_process(
        instance=night.instance,
        partition_key="city/2024-01-01",
        run_config={"ops": {"raw_records": {"config": {"path": str(night.root / "city/2024-01-01.jsonl")}}}},
        raise_on_error=False,
    )
    assert night.last() == DagsterRunStatus.FAILURE
    assert night.tick() == []
