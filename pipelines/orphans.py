"""Runs whose process is gone: killed, with whatever would have told Dagster so, and with the machine.

They would stand as running, and hold their place in the pool of loads, for ever. Of a run of the UI only the server
that started it hears how it ends; after a kill of everything, or a loss of power, nobody does. So each run says which
process it is in, and whoever comes next, command or sensor, looks whether that lives.
"""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import Final

import psutil
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.tags import HIDDEN_TAG_PREFIX, MAX_RETRIES_TAG

#: Says which process a run is in; not shown in the UI. A run that is tried again gets the tags of the one before, so
#: that of another run's process it says the run as well.
PROCESS_TAG: Final = f"{HIDDEN_TAG_PREFIX}vufind-warehouse/process"


def process_tags(run_id: str) -> dict[str, str]:
    """Tags of a run of the command, in this very process: which it is, and that the daemon is not to run it again."""
    return {PROCESS_TAG: _told_by(run_id), MAX_RETRIES_TAG: "0"}


def say_where_it_runs(instance: DagsterInstance, run: DagsterRun) -> None:
    """Let a run say that it is in this process; without a word where it says so."""
    told = _told_by(run.run_id)
    if run.tags.get(PROCESS_TAG) != told:
        instance.add_run_tags(run.run_id, {PROCESS_TAG: told})


def end_orphans(instance: DagsterInstance) -> None:
    """End the runs whose process is gone."""
    unfinished = RunsFilter(statuses=[DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING])
    for run in instance.get_runs(unfinished):
        run_id, _, process = run.tags.get(PROCESS_TAG, "").partition(" ")
        if run_id == run.run_id and not _lives(process):
            instance.report_run_failed(
                run, "The process that ran this was killed. A dump is loaded whole or not at all."
            )


def free_the_pool(instance: DagsterInstance) -> None:
    """Take the pool from runs that have ended: a killed one leaves it held, and Dagster's daemon may not run."""
    events = instance.event_log_storage
    holders = list(events.get_concurrency_run_ids())
    if holders:
        for run in instance.get_runs(RunsFilter(run_ids=holders, statuses=list(FINISHED_STATUSES))):
            events.free_concurrency_slots_for_run(run.run_id)


def _told_by(run_id: str) -> str:
    return f"{run_id} {_name_of(psutil.Process())}"


def _name_of(process: psutil.Process) -> str:
    """A process on this machine, told from a later one with the same number by the moment of its start.

    Where the kernel tells that moment by its own clock it is taken: that of the day may be set back or forth meanwhile.
    """
    started = f"{process.create_time():.2f}"
    with contextlib.suppress(OSError):  # no Linux, or the process is gone
        space = Path(f"/proc/{process.pid}/ns/pid").readlink()
        ticks = Path(f"/proc/{process.pid}/stat").read_bytes().rpartition(b")")[2].split()[19].decode()
        started = f"{ticks}@{_boot()}@{space}"
    return f"{socket.gethostname()} {process.pid} {started}"


def _lives(name: str) -> bool:
    """Whether the process of that name runs; one on another machine, or in another container on it, is believed to."""
    host, pid, started = name.rsplit(" ", 2)
    if host != socket.gethostname():
        return True
    with contextlib.suppress(OSError, ValueError):  # told where there is no Linux
        _, boot, space = started.split("@")
        if boot == _boot() and space != str(Path("/proc/self/ns/pid").readlink()):
            return True
    try:
        return _name_of(psutil.Process(int(pid))) == name
    except psutil.NoSuchProcess:
        return False


def _boot() -> str:
    """Which start of the machine this is."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
