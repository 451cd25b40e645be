"""Ingest at once: runs that the UI shows, one failure that stops no other, signals that leave nothing half."""

import json
import os
import socket
import time
from io import StringIO
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterInstance, DagsterRunStatus
from dagster._core.events import DagsterEvent, StepRetryData
from dagster._core.utils import make_new_run_id
from dagster._utils.error import SerializableErrorInfo
from rich.console import Console

from pipelines import screen as screen_module
from pipelines.definitions import defs
from pipelines.dumps import survey
from pipelines.home import Home
from pipelines.ingest import Ingested, ingest_dumps, listening
from pipelines.instance import SETTINGS, dagster_instance
from pipelines.orphans import PROCESS_TAG, process_tags
from pipelines.screen import on_screen
from pipelines.stages import Progress

QUIET_SCREEN = Console(file=StringIO())

#: What was shipped before a killed run let go of the pool.
FORMER_SETTINGS = "".join(line for line in SETTINGS.read_text().splitlines(True) if "free_slots" not in line)


@pytest.fixture
def home(warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("WAREHOUSE_URL", warehouse_url)
    monkeypatch.setenv("VUFIND_WAREHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DAGSTER_HOME", "")  # dagster_instance sets it
    return Home.here()


def _put(path: Path, readable: int, broken: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    documents = [json.dumps({"id": f"{path.stem}-{n}", "title": f"Tides {n}"}) for n in range(readable)]
    path.write_text("\n".join(documents + ["{broken"] * broken) + "\n")


def _ingest(home: Home, dumps: Path) -> list[Ingested]:
    with home.warehouse():
        return list(ingest_dumps(home, survey(dumps).dumps, "delta", QUIET_SCREEN))


def _plain_instance(home: Home) -> DagsterInstance:
    """What the UI opens: Dagster's own storage over the same files."""
    return DagsterInstance.from_config(str(home.dagster))


def test_dumps_go_in_one_after_the_other_and_the_ui_sees_every_run(home: Home, tmp_path: Path) -> None:
    _put(tmp_path / "dumps/city/2024-01-01.jsonl", 3)
    _put(tmp_path / "dumps/city/2024-02-01.jsonl", 2)

    outcomes = _ingest(home, tmp_path / "dumps")

    assert [(each.error, each.figures["records_new"]) for each in outcomes] == [("", 3), ("", 2)]
    with _plain_instance(home) as instance:
        runs = instance.get_runs()
        assert [run.status for run in runs] == [DagsterRunStatus.SUCCESS] * 2
        assert instance.get_dynamic_partitions("dumps") == ["city/2024-01-01", "city/2024-02-01"]
        assert sorted(instance.get_materialized_partitions(dg.AssetKey("records"))) == [
            "city/2024-01-01",
            "city/2024-02-01",
        ]
        assert all(instance.all_logs(run.run_id) for run in runs)


def test_a_dump_that_fails_says_why_and_the_others_go_in(home: Home, tmp_path: Path) -> None:
    _put(tmp_path / "dumps/city/2024-01-01.jsonl", 100, broken=101)
    _put(tmp_path / "dumps/city/2024-02-01.jsonl", 2)

    bad, good = _ingest(home, tmp_path / "dumps")

    assert "quarantine_is_small" in bad.error and "quarantined 101, read 201" in bad.error
    assert good.error == "" and good.figures["records_new"] == 2


RUN, EARLIER = make_new_run_id(), make_new_run_id()
BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        (process_tags(RUN), DagsterRunStatus.STARTED),  # this very process
        ({}, DagsterRunStatus.STARTED),  # it has only begun
        ({PROCESS_TAG: f"{RUN} another-machine 1 0.00"}, DagsterRunStatus.STARTED),
        ({PROCESS_TAG: f"{RUN} {socket.gethostname()} 1 1@{BOOT}@pid:[1]"}, DagsterRunStatus.STARTED),
        ({PROCESS_TAG: f"{RUN} {socket.gethostname()} 1 1@an-earlier-one@pid:[1]"}, DagsterRunStatus.FAILURE),
        ({PROCESS_TAG: f"{EARLIER} {socket.gethostname()} {os.getpid()} 1.00"}, DagsterRunStatus.STARTED),
        ({PROCESS_TAG: f"{RUN} {socket.gethostname()} {os.getpid()} 1.00"}, DagsterRunStatus.FAILURE),
    ],
    ids=[
        "alive",
        "unsaid",
        "elsewhere",
        "in a container",
        "before the machine started",
        "the process of the run before",
        "dead, its number used again",
    ],
)
def test_only_runs_whose_process_is_dead_are_ended(home: Home, tags: dict[str, str], status: DagsterRunStatus) -> None:
    job = defs.resolve_job_def("refresh_reporting")
    with dagster_instance(home) as instance:
        instance.create_run_for_job(job, run_id=RUN, tags=tags, status=DagsterRunStatus.STARTED)
    with dagster_instance(home) as instance:
        assert [run.status for run in instance.get_runs()] == [status]


def test_a_run_that_was_killed_while_it_was_being_ended_is_ended(home: Home) -> None:
    job = defs.resolve_job_def("refresh_reporting")
    tags = {PROCESS_TAG: f"{RUN} {socket.gethostname()} {os.getpid()} 1.00"}
    with dagster_instance(home) as instance:
        instance.create_run_for_job(job, run_id=RUN, tags=tags, status=DagsterRunStatus.CANCELING)
    with dagster_instance(home) as instance:
        assert [run.status for run in instance.get_runs()] == [DagsterRunStatus.FAILURE]


def test_a_run_that_was_killed_while_no_daemon_ran_does_not_hold_the_pool_for_ever(home: Home) -> None:
    job = defs.resolve_job_def("refresh_reporting")
    with dagster_instance(home) as instance:
        ended, runs = (
            instance.create_run_for_job(job, status=status)
            for status in (DagsterRunStatus.FAILURE, DagsterRunStatus.STARTED)
        )
        instance.event_log_storage.set_concurrency_slots("warehouse", 2)
        for run in (ended, runs):
            instance.event_log_storage.claim_concurrency_slot("warehouse", run.run_id, "warehouse_tables")
        assert instance.event_log_storage.get_concurrency_run_ids() == {ended.run_id, runs.run_id}
    with dagster_instance(home) as instance:
        assert instance.event_log_storage.get_concurrency_run_ids() == {runs.run_id}


@pytest.mark.parametrize(("written", "kept"), [(FORMER_SETTINGS, False), (FORMER_SETTINGS + "# mine\n", True)])
def test_a_home_with_settings_that_nobody_changed_gets_the_present_ones(home: Home, written: str, kept: bool) -> None:
    settings = home.dagster / "dagster.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text(written)
    with dagster_instance(home):
        assert settings.read_text() == (written if kept else SETTINGS.read_text())


def test_the_storage_that_keeps_connections_open_stands_in_for_dagsters_own_only(home: Home) -> None:
    with dagster_instance(home) as instance:
        assert type(instance.event_log_storage).__module__ == "pipelines.instance"
    settings = home.dagster / "dagster.yaml"
    settings.write_text(
        "event_log_storage:\n  module: dagster._core.storage.event_log\n  class: ConsolidatedSqliteEventLogStorage\n"
        f"  config:\n    base_dir: {home.dagster}/events\n"
    )
    with dagster_instance(home) as instance:
        assert type(instance.event_log_storage).__module__.startswith("dagster.")


def _lines(reports: list[tuple[float, Progress]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is printed where the output is no terminal, of reports at the seconds given."""
    now = [0.0]
    monkeypatch.setattr(screen_module.time, "monotonic", lambda: now[0])
    out = StringIO()
    with on_screen(Console(file=out, width=60), "city/2024-01-01") as report:
        for second, progress in reports:
            now[0] = second
            report(progress)
    return out.getvalue().splitlines()


def _reading(second: float) -> tuple[float, Progress]:
    return second, Progress("extract", "reading", int(second * 1000), int(second), 100)


def test_a_stage_that_is_done_at_once_makes_no_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = [_reading(0.1), _reading(1.9), (1.95, Progress("load", "copying works", 10, 0, 0))]
    assert _lines(quick, monkeypatch) == []


def test_a_long_stage_says_every_few_seconds_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _lines([_reading(second / 2) for second in range(30)], monkeypatch)
    assert told == [
        f"city/2024-01-01: extract: reading, {second},000 records, 1,000/s, {second}%" for second in (2, 7, 12)
    ]


def test_on_a_terminal_one_line_moves_and_goes() -> None:
    out = StringIO()
    with on_screen(Console(file=out, force_terminal=True, width=100), "city/2024-01-01", " (1 of 2)") as report:
        report(Progress("extract", "reading", 500, 50, 100))
        time.sleep(0.15)
        report(Progress("load", "merging", 500, 0, 0))
        time.sleep(0.15)
    assert "city/2024-01-01 (1 of 2)" in out.getvalue()
    assert "50%" in out.getvalue()
    assert out.getvalue().endswith("\x1b[2K")


def test_every_run_says_in_which_process_it_is(home: Home, tmp_path: Path) -> None:
    _put(tmp_path / "city/2024-01-01.jsonl", 1)
    path = str(tmp_path / "city/2024-01-01.jsonl")
    with home.warehouse(), dagster_instance(home) as instance:
        instance.add_dynamic_partitions("dumps", ["city/2024-01-01"])
        # As the UI runs it: without a tag of the command's.
        result = defs.resolve_job_def("ingest_dump").execute_in_process(
            instance=instance,
            partition_key="city/2024-01-01",
            run_config={"ops": {"raw_records": {"config": {"path": path}}}},
        )
        assert result.success
        (run,) = instance.get_runs()
        assert run.tags[PROCESS_TAG] == process_tags(run.run_id)[PROCESS_TAG]


@pytest.mark.parametrize(
    ("step", "stage"),
    [("work_assignments", "deduplicate"), ("pipelines__assets__load__warehouse_tables", "load")],
)
def test_while_a_step_waits_to_be_tried_again_nothing_is_told_to_be_done(home: Home, step: str, stage: str):
    lines: list[str] = []
    done: list[Progress] = []
    with dagster_instance(home) as instance, listening(instance, lines.append, done.append) as run_id:
        retry = DagsterEvent(
            event_type_value="STEP_UP_FOR_RETRY",
            job_name="ingest_dump",
            step_key=step,
            event_specific_data=StepRetryData(SerializableErrorInfo("the server is away", [], "Error"), 30),
        )
        instance.handle_new_event(dg.EventLogEntry(None, 20, "", run_id, time.time(), dagster_event=retry))
    assert lines == ["the server is away; trying again in 30 s"]
    assert done == [Progress(stage, "waiting to try again", 0, 0, 0)]
