"""Ingest at once, in this process tree: the very job that Dagster runs, with progress on the screen."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import dagster as dg
from dagster import DagsterEvent, DagsterEventType, DagsterInstance, EventLogEntry, ExecuteInProcessResult
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.events import RunFailureReason
from dagster._core.utils import make_new_run_id
from psycopg2.extras import RealDictCursor
from rich.console import Console
from sqlalchemy import URL

from pipelines.assets import checks
from pipelines.assets.extract import AS_BEFORE
from pipelines.assets.partitions import DUMPS
from pipelines.assets.resources import STAGE_OF
from pipelines.definitions import defs
from pipelines.dumps import FoundDump
from pipelines.home import Home
from pipelines.instance import dagster_instance, process_tags
from pipelines.readers.places import remember
from pipelines.records import dump_id
from pipelines.screen import on_screen
from pipelines.stages import Report
from pipelines.warehouse.connection import connect
from pipelines.warehouse.statements import statement
from pipelines.warehouse.words import refresh_words

#: The class that Python sets before an error's message, where it is no built-in one: it tells a person nothing.
_CLASS_NAME: Final = re.compile(r"^(?:\w+\.)+\w+: ")


@dataclass(frozen=True)
class Ingested:
    """What became of a dump: the figures of its load, or the reason why it is not in.

    ``kind_before`` is the kind with which it was in before, if it was; ``said_to_be`` the one it was ingested as;
    ``missing`` says why it is not the whole of what a server had to give, empty where nothing says so; ``warnings``
    are what checks say that stop nothing.
    """

    dump: FoundDump
    figures: dict[str, Any] = field(default_factory=dict)
    kind_before: str | None = None
    said_to_be: str = "delta"
    missing: str = ""
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    error: str = ""

    @property
    def nothing_could_be_read(self) -> bool:
        """Whether all there is of the dump lies in quarantine."""
        quarantined = self.figures.get("records_quarantined", 0)
        return bool(quarantined) and quarantined == self.figures["records_read"] and not self.figures["deletions"]


def ingest_dumps(
    home: Home, url: URL, found: Sequence[FoundDump], kind: str | None, screen: Console, *, allow_shrink: bool = False
) -> Iterator[Ingested]:
    """Ingest dumps one after the other; one that fails does not stop the others.

    Without a ``kind`` each dump keeps the one it was ingested with before; a new one is a delta. A full one that would
    end too much of its source fails, unless that is allowed (``allow_shrink``).
    Words for search are made once, after all of them.
    Raises KeyboardInterrupt where a signal ended a run; the run then stands as canceled in the UI.
    """
    job = defs.resolve_job_def("ingest_dump")
    config = {"kind": kind or AS_BEFORE, "allow_shrink": allow_shrink}
    is_loaded = False
    with dagster_instance(home) as instance:
        instance.add_dynamic_partitions(str(DUMPS.name), [dump.partition for dump in found])
        for number, dump in enumerate(found, start=1):
            began = time.monotonic()
            count = f" ({number} of {len(found)})" if len(found) > 1 else ""
            kind_before = _kind(url, dump)
            with on_screen(screen, dump.partition, count) as report, _cancelable(instance) as run_id:
                result = job.execute_in_process(
                    run_id=run_id,
                    instance=instance,
                    partition_key=dump.partition,
                    raise_on_error=False,
                    tags=process_tags(),
                    run_config={
                        "ops": {"raw_records": {"config": config | {"path": remember(dump.path)}}},
                        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                    },
                    resources={"progress": _ScreenProgress(report)},
                )
            seconds = time.monotonic() - began
            if result.success:
                is_loaded = True
                extracted = home.parts(STAGE_OF["raw_records"], dump.partition).manifest()
                yield Ingested(
                    dump,
                    figures=_figures(url, dump),
                    kind_before=kind_before,
                    said_to_be=extracted["said_to_be"],
                    missing=extracted["missing"],
                    seconds=seconds,
                    warnings=tuple(_warnings(result.all_events)),
                )
            elif _was_interrupted(result):
                raise KeyboardInterrupt
            else:
                yield Ingested(dump, seconds=seconds, error=why_it_failed(result.all_events))
    if is_loaded:
        with screen.status("making words for search"):
            refresh_words(url)


def end_by_signals() -> None:
    """Make SIGINT and SIGTERM raise KeyboardInterrupt in this process, also where a shell had them ignored.

    A script starts ``command &`` with SIGINT ignored, and Dagster hands that on to SIGTERM: nothing but SIGKILL
    would end the ingest.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)


class _ScreenProgress:
    """Stands in for ProgressResource: what the stages report goes to the screen."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def reporter(self, _: dg.AssetExecutionContext) -> Report:
        return self._report


@contextmanager
def _cancelable(instance: DagsterInstance) -> Iterator[str]:
    """The id of a new run that ends as canceled, not as failed, where a signal interrupts it.

    Dagster takes an interrupt that nobody asked for in the UI for a crash of the machine; its daemon would run
    the dump again behind the back of the person who stopped it.
    """
    run_id = make_new_run_id()

    def notice(entry: EventLogEntry) -> None:
        event = entry.dagster_event
        if event is not None and event.event_type == DagsterEventType.STEP_FAILURE and _is_interrupt(event):
            run = instance.get_run_by_id(run_id)
            if run is not None:
                instance.report_run_canceling(run, "The command was interrupted.")

    instance.add_event_listener(run_id, notice)
    yield run_id


def _is_interrupt(event: DagsterEvent) -> bool:
    error = event.step_failure_data.error
    return error is not None and error.cls_name in {DagsterExecutionInterruptedError.__name__, "KeyboardInterrupt"}


def _was_interrupted(result: ExecuteInProcessResult) -> bool:
    """Whether a signal, not a fault, ended the run; one that comes between two steps leaves no failed step."""
    last = result.all_events[-1]
    return last.event_type == DagsterEventType.RUN_CANCELED or (
        last.event_type == DagsterEventType.RUN_FAILURE
        and last.job_failure_data.failure_reason == RunFailureReason.UNEXPECTED_TERMINATION
    )


def _kind(url: URL, dump: FoundDump) -> str | None:
    """The kind with which a dump is in; None where it is not."""
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind FROM ops.dumps WHERE dump_id = %s AND kind <> 'removed'", (dump_id(dump.source, dump.name),)
        )
        row = cursor.fetchone()
        return row[0] if row else None


def _figures(url: URL, dump: FoundDump) -> dict[str, Any]:
    """The newest load of a dump."""
    with connect(url, read_only=True) as connection, connection.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(statement("ops/newest_load"), {"dump_id": dump_id(dump.source, dump.name)})
        return dict(cursor.fetchone() or {})


def _warnings(events: Sequence[DagsterEvent]) -> Iterator[str]:
    """What checks say that have not passed and stop nothing."""
    for event in events:
        if event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed and check.severity == dg.AssetCheckSeverity.WARN:
                yield check.description or f"the check {check.check_name} has not passed"


def why_it_failed(events: Sequence[DagsterEvent]) -> str:
    """Why a run failed, in a line or two that a person can act on."""
    for event in events:
        if event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR:
                figures = ", ".join(f"{name} {value.value}" for name, value in check.metadata.items())
                asset = check.asset_key.to_user_string()
                why = (check.description or "").removesuffix(checks.NOTHING_LOADED)
                failed = f"the check {check.check_name} of {asset} failed, so nothing was loaded ({figures})"
                return f"{failed}: {why}" if why else failed
    for event in events:
        if event.event_type == DagsterEventType.STEP_FAILURE:
            error = event.step_failure_data.error
            while error and error.cause:
                error = error.cause
            return f"{event.step_key}: {_CLASS_NAME.sub('', error.message.strip()) if error else 'failed'}"
    return "the run did not end well; the UI shows its log"
