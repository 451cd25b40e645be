"""What Dagster is told: every asset explains itself, and a change of the graph shows in review.

``definitions.txt`` beside this file is the graph in words; after a change that is meant:
``UPDATE_SNAPSHOT=1 .venv/bin/python -m pytest tests/test_definitions.py``.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.definitions import defs

PROJECT = Path(__file__).parents[1]
SNAPSHOT = Path(__file__).with_name("definitions.txt")

SPECS = sorted(defs.resolve_all_asset_specs(), key=lambda spec: spec.key)
CHECKS = sorted(
    (check for asset in defs.assets or [] if isinstance(asset, dg.AssetsDefinition) for check in asset.check_specs),
    key=lambda check: (check.asset_key, check.name),
)


def _in_words() -> Iterator[str]:
    for spec in SPECS:
        yield f"asset {spec.key.to_user_string()}"
        yield f"    group: {spec.group_name}"
        yield f"    kinds: {', '.join(sorted(spec.kinds))}"
        yield f"    owners: {', '.join(spec.owners)}"
        partitions = spec.partitions_def
        yield f"    partitions: {getattr(partitions, 'name', None) or 'none'}"
        yield f"    made from: {', '.join(sorted(dep.asset_key.to_user_string() for dep in spec.deps)) or 'nothing'}"
        yield from (f"    check {check.name}: {_of(check)}" for check in CHECKS if check.asset_key == spec.key)
    for step in sorted(_steps(), key=lambda each: each.op.name):
        assets = ", ".join(sorted(key.to_user_string() for key in step.keys))
        yield f"step {step.op.name}: {assets}; pool {step.op.pool or 'none'}"
    for job in sorted(defs.resolve_all_job_defs(), key=lambda each: each.name):
        if not job.name.startswith("__"):
            nodes = ", ".join(sorted(node.name for node in job.nodes))
            yield f"job {job.name}: {nodes}; executor {job.executor_def.name}"
    for sensor in defs.sensors or []:
        assert isinstance(sensor, dg.SensorDefinition)
        every = f"every {sensor.minimum_interval_seconds} s"
        yield f"sensor {sensor.name}: job {sensor.job_name}, {every}, {sensor.default_status.value}"
    for schedule in defs.schedules or []:
        assert isinstance(schedule, dg.ScheduleDefinition)
        when = f"{schedule.cron_schedule} {schedule.execution_timezone}"
        yield f"schedule {schedule.name}: job {schedule.job_name}, {when}, {schedule.default_status.value}"
    yield f"resources: {', '.join(sorted(defs.resources or {}))}"


def _of(check: dg.AssetCheckSpec) -> str:
    return f"{'blocking' if check.blocking else 'not blocking'}: {check.description}"


def _steps() -> Iterator[dg.AssetsDefinition]:
    yield from (asset for asset in defs.assets or [] if isinstance(asset, dg.AssetsDefinition))


def test_the_graph_is_as_it_was_reviewed() -> None:
    found = "\n".join(_in_words()) + "\n"
    if os.environ.get("UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(found, encoding="utf-8")
    assert found == SNAPSHOT.read_text(encoding="utf-8"), "if this is meant: UPDATE_SNAPSHOT=1, and look at the diff"


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key.to_user_string())
def test_every_asset_explains_itself(spec: dg.AssetSpec) -> None:
    assert spec.description and spec.description.strip().endswith(".")
    assert spec.owners
    assert spec.kinds
    assert spec.group_name and spec.group_name != "default"


@pytest.mark.parametrize(
    "spec", [spec for spec in SPECS if spec.group_name != "report"], ids=lambda spec: spec.key.to_user_string()
)
def test_every_table_and_frame_declares_its_columns(spec: dg.AssetSpec) -> None:
    columns = spec.metadata["dagster/column_schema"].value.columns
    assert columns and all(column.type for column in columns)


#: Checks of what a load did, which undo nothing.
WARNINGS = {"work_keys_follow_a_profile"}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_stops_the_load_or_only_warns_and_says_what_it_holds(check: dg.AssetCheckSpec) -> None:
    assert check.description
    assert check.blocking is (check.name not in WARNINGS)
    if not check.blocking:
        return
    [spec] = [spec for spec in SPECS if spec.key == check.asset_key]
    assert spec.group_name in {"extract", "normalize", "deduplicate"}, "after the load it would be too late"


def test_jobs_sensors_and_schedules_explain_themselves() -> None:
    named = [job for job in defs.resolve_all_job_defs() if not job.name.startswith("__")]
    assert all(each.description for each in [*named, *(defs.sensors or []), *(defs.schedules or [])])


def test_loads_queue_one_behind_the_other() -> None:
    settings = yaml.safe_load((PROJECT / "dagster.yaml").read_text())
    assert settings["concurrency"]["pools"]["default_limit"] == 1
    touching = {step.op.name for step in _steps() if step.op.pool == "warehouse"}
    assert touching == {"work_assignments", "warehouse_tables"}


def test_the_code_location_loads_without_a_warning() -> None:
    code = "from pipelines.definitions import defs; defs.resolve_all_job_defs()"
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=PROJECT, check=True, timeout=120)


@pytest.mark.slow
def test_dagster_validates_the_workspace(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dagster", "definitions", "validate"]
    environment = os.environ | {"DAGSTER_HOME": str(tmp_path), "NO_COLOR": "1"}
    answer = subprocess.run(
        command, cwd=PROJECT, env=environment, check=False, capture_output=True, text=True, timeout=120
    )
    told = answer.stdout + answer.stderr
    assert answer.returncode == 0, told
    assert "Validation successful for code location vufind-warehouse" in told
    ours = [line for line in told.splitlines() if "Warning" in line and "`definitions_validate_command`" not in line]
    assert not ours
