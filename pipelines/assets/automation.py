"""When things run: the job of one dump, the sensor that finds dumps, the schedule of the report."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import dagster as dg

from pipelines.assets.partitions import DUMPS
from pipelines.dumps import find_dumps
from pipelines.home import Home

#: Runs that one tick of the sensor asks for; the others follow with the next ticks.
RUNS_A_TICK: Final = 20

ingest_dump = dg.define_asset_job(
    "ingest_dump",
    selection=dg.AssetSelection.groups("extract", "normalize", "deduplicate", "load"),
    description="One dump, the whole road: extract, normalise, deduplicate, load.",
    executor_def=dg.in_process_executor,
)

refresh_reporting = dg.define_asset_job(
    "refresh_reporting",
    selection=dg.AssetSelection.groups("report"),
    description="Ask every reporting view.",
    executor_def=dg.in_process_executor,
)


@dg.sensor(job=ingest_dump, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def new_dumps(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Find new and changed dumps under the dumps root and ask for a run of each, in the order of their names."""
    root = Home.here().dumps
    if not root.is_dir():
        return dg.SkipReason(f"there is no dumps root at {root}; put dumps there as <source>/<dump>")
    seen: dict[str, str] = json.loads(context.cursor or "{}")
    requests: list[dg.RunRequest] = []
    partitions: list[str] = []
    for dump in find_dumps(root):
        signature = _signature(dump.path)
        if seen.get(dump.partition) == signature:
            continue
        if len(requests) == RUNS_A_TICK:
            break
        seen[dump.partition] = signature
        partitions.append(dump.partition)
        config = dg.RunConfig({"raw_records": {"config": {"path": str(dump.path)}}})
        requests.append(dg.RunRequest(f"{dump.partition} {signature}", partition_key=dump.partition, run_config=config))
    if not requests:
        return dg.SkipReason(f"nothing new under {root}")
    return dg.SensorResult(
        run_requests=requests,
        dynamic_partitions_requests=[DUMPS.build_add_request(partitions)],
        cursor=json.dumps(seen),
    )


def _signature(path: Path) -> str:
    """Changes when a file of the dump does: number, sizes and latest time of its files."""
    found = [file.stat() for file in _files(path)]
    return f"{len(found)} {sum(each.st_size for each in found)} {max((each.st_mtime_ns for each in found), default=0)}"


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())
    else:
        yield path


daily_report = dg.ScheduleDefinition(
    name="daily_report",
    job=refresh_reporting,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Once a day, after the night's dumps.",
)
