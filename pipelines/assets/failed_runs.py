"""Dumps whose run failed, though they are in order: the sensor asks for them again, for nobody may be there to do it.

A run tries again by itself for some forty seconds. A server that is down for the night, a full disk, or a machine that
lost its power take longer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dagster import DagsterEventType, DagsterInstance, DagsterRunStatus, RunRecord, RunsFilter
from dagster._core.storage.tags import PARTITION_NAME_TAG, SENSOR_NAME_TAG

from pipelines.run_events import is_of_the_dump

#: Seconds after the end of a run that failed until its dump is asked for again, try by try; then it is left.
AGAIN_AFTER: Final = (600.0, 3_600.0, 6 * 3_600.0, 12 * 3_600.0)

#: Which try of a dump a run of the sensor is.
TRY_TAG: Final = "vufind-warehouse/try"

#: Older runs are not looked at: their dumps have been asked for again, or are a person's affair.
_LOOKED_AT: Final = timedelta(days=3)


@dataclass(frozen=True)
class Failure:
    """The last run of a dump failed; ``tries`` were made of it, and the next is due at ``due`` (seconds of the day)."""

    tries: int
    due: float

    @property
    def is_due(self) -> bool:
        """Whether it is time to ask for the dump again."""
        return time.time() >= self.due

    @property
    def tags_of_next(self) -> dict[str, str]:
        """Tags of the next run."""
        return {TRY_TAG: str(self.tries + 1)}


def failed_dumps(instance: DagsterInstance, job: str) -> dict[str, Failure]:
    """By partition, the dumps whose last run was one of a sensor and failed, and that are to be asked for again.

    Those are left alone whose run says that the dump itself is at fault, or that were asked for often enough.
    """
    lately = RunsFilter(job_name=job, statuses=[DagsterRunStatus.FAILURE], updated_after=datetime.now(UTC) - _LOOKED_AT)
    failed: dict[str, Failure] = {}
    for record in instance.get_run_records(lately):
        tags = record.dagster_run.tags
        partition, tries = tags.get(PARTITION_NAME_TAG), int(tags.get(TRY_TAG, "1"))
        if partition is None or SENSOR_NAME_TAG not in tags or tries > len(AGAIN_AFTER):
            continue
        if _is_the_last(instance, job, partition, record) and not _is_of_the_dump(instance, record):
            failed[partition] = Failure(tries, (record.end_time or time.time()) + AGAIN_AFTER[tries - 1])
    return failed


def _is_the_last(instance: DagsterInstance, job: str, partition: str, record: RunRecord) -> bool:
    """Whether no other run of the dump came later: Dagster's own second try, a person's, one that goes on."""
    (newest,) = instance.get_run_records(RunsFilter(job_name=job, tags={PARTITION_NAME_TAG: partition}), limit=1)
    return newest.dagster_run.run_id == record.dagster_run.run_id


def _is_of_the_dump(instance: DagsterInstance, record: RunRecord) -> bool:
    of_type = {DagsterEventType.ASSET_CHECK_EVALUATION, DagsterEventType.STEP_FAILURE}
    entries = instance.all_logs(record.dagster_run.run_id, of_type=of_type)
    return is_of_the_dump([entry.dagster_event for entry in entries if entry.dagster_event])
