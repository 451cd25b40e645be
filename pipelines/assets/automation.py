"""When things run: the job of one dump, the sensor that finds dumps, the schedule of the report."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import dagster as dg

from pipelines.assets.failed_runs import failed_dumps
from pipelines.assets.partitions import DUMPS
from pipelines.dumps import survey
from pipelines.home import Home
from pipelines.orphans import end_orphans
from pipelines.readers.places import written

#: Runs that one tick of the sensor asks for; the others follow with the next ticks.
RUNS_A_TICK: Final = 20

#: A dump that changed less than this many seconds ago may still be on its way to the disk.
SETTLED_AFTER: Final = 10.0

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


@dg.sensor(
    job=ingest_dump,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="A run for each dump under the dumps root that is new or has changed.",
)
def new_dumps(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Find new and changed dumps under the dumps root and ask for a run of each, in the order of their names.

    What cannot be told apart or read is named and left alone; it holds up no other. A dump whose run failed is asked
    for again later, where the dump itself is not at fault (:mod:`pipelines.assets.failed_runs`).
    """
    end_orphans(context.instance)
    root = Home.here().dumps
    if not root.is_dir():
        return dg.SkipReason(f"there is no dumps root at {root}; put dumps there as <source>/<dump>")
    seen: dict[str, str] = json.loads(context.cursor or "{}")
    requests: list[dg.RunRequest] = []
    growing = 0
    found = survey(root)
    failed = failed_dumps(context.instance, ingest_dump.name)
    troubles = [str(trouble) for trouble in found.troubles]
    for dump in found.dumps:
        try:
            state = _state(Path(str(dump.path)))
        except OSError as error:  # taken away, or closed to this user, since it was found
            troubles.append(str(error))
            continue
        tags = {}
        if seen.get(dump.partition) == state.signature:
            failure = failed.get(dump.partition)
            if failure is None or not failure.is_due:
                continue
            tags = failure.tags_of_next
        if 0 <= time.time() - state.changed < SETTLED_AFTER:
            growing += 1
            continue
        if len(requests) == RUNS_A_TICK:
            break
        seen[dump.partition] = state.signature
        config = dg.RunConfig({"raw_records": {"config": {"path": written(dump.path)}}})
        # Without a key: the cursor knows what was seen, and Dagster would never again launch one that it has had,
        # though a dump may come back as it was before.
        requests.append(dg.RunRequest(partition_key=dump.partition, run_config=config, tags=tags))
    for trouble in troubles:
        context.log.warning("passed over: %s", trouble)
    if not requests:
        waiting = f"; {growing} are still being written" if growing else ""
        again = [dump.partition for dump in found.dumps if dump.partition in failed]
        waiting += f"; failed, and asked for again later: {', '.join(again)}" if again else ""
        passed = f"; passed over: {'; '.join(troubles)}" if troubles else ""
        return dg.SkipReason(f"nothing new under {root}{waiting}{passed}")
    return dg.SensorResult(
        run_requests=requests,
        dynamic_partitions_requests=[DUMPS.build_add_request([str(request.partition_key) for request in requests])],
        cursor=json.dumps(seen),
    )


class _State(NamedTuple):
    """A dump on disk: ``signature`` changes when one of its files does, the last time at ``changed``."""

    signature: str
    changed: float


def _state(path: Path) -> _State:
    """Number, sizes and latest time of the files of a dump."""
    found = [file.stat() for file in _files(path)]
    latest = max((each.st_mtime_ns for each in found), default=0)
    return _State(f"{len(found)} {sum(each.st_size for each in found)} {latest}", latest / 1e9)


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
