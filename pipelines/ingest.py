"""Ingest at once, in this process tree: the very job that Dagster runs, with progress on the screen."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import dagster as dg
from dagster import DagsterEventType, ExecuteInProcessResult
from psycopg2.extras import RealDictCursor
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from sqlalchemy import URL

from pipelines.assets.partitions import DUMPS
from pipelines.definitions import defs
from pipelines.dumps import FoundDump
from pipelines.home import Home
from pipelines.instance import dagster_instance
from pipelines.records import dump_id
from pipelines.stages import Progress, Report
from pipelines.warehouse.connection import connect
from pipelines.warehouse.statements import statement

#: Seconds between two lines of progress where the output is no terminal.
LINE_EVERY: Final = 5.0


@dataclass(frozen=True)
class Ingested:
    """What became of a dump: the figures of its load, or the reason why it is not in."""

    dump: FoundDump
    figures: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""


def ingest_dumps(home: Home, url: URL, found: Sequence[FoundDump], kind: str, screen: Console) -> Iterator[Ingested]:
    """Ingest dumps one after the other; one that fails does not stop the others."""
    job = defs.resolve_job_def("ingest_dump")
    with dagster_instance(home) as instance:
        for dump in found:
            began = time.monotonic()
            instance.add_dynamic_partitions(str(DUMPS.name), [dump.partition])
            with _on_screen(screen, dump) as report:
                result = job.execute_in_process(
                    instance=instance,
                    partition_key=dump.partition,
                    raise_on_error=False,
                    run_config={
                        "ops": {"raw_records": {"config": {"path": str(dump.path), "kind": kind}}},
                        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                    },
                    resources={"progress": _ScreenProgress(report)},
                )
            seconds = time.monotonic() - began
            if result.success:
                yield Ingested(dump, _figures(url, dump), seconds)
            else:
                yield Ingested(dump, seconds=seconds, error=_why(result))


class _ScreenProgress:
    """Stands in for ProgressResource: what the stages report goes to the screen."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def reporter(self, _: dg.AssetExecutionContext) -> Report:
        return self._report


@contextmanager
def _on_screen(screen: Console, dump: FoundDump) -> Iterator[Report]:
    """Live bars on a terminal, a line every few seconds elsewhere."""
    if screen.is_terminal:
        with _bars(screen, dump) as report:
            yield report
        return
    last = time.monotonic()
    stage = ""

    def line(progress: Progress) -> None:
        nonlocal last, stage
        if progress.stage != stage or time.monotonic() - last >= LINE_EVERY:
            last, stage = time.monotonic(), progress.stage
            screen.print(
                f"{dump.partition}: {progress.stage}: {progress.doing}, {progress.records:,} records{_share(progress)}",
                highlight=False,
                markup=False,
            )

    yield line


@contextmanager
def _bars(screen: Console, dump: FoundDump) -> Iterator[Report]:
    columns = (
        TextColumn("{task.fields[dump]}", markup=False),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=screen, transient=True) as bars:
        task = bars.add_task("extract: reading", total=None, dump=dump.partition, figures="")
        stage, began = "", time.monotonic()

        def show(progress: Progress) -> None:
            nonlocal stage, began
            if progress.stage != stage:
                stage, began = progress.stage, time.monotonic()
            rate = progress.records / max(time.monotonic() - began, 0.001)
            bars.update(
                task,
                description=f"{progress.stage}: {progress.doing}",
                completed=progress.done,
                total=progress.total or None,
                figures=f"{progress.records:,} records, {rate:,.0f}/s{_share(progress)}",
            )

        yield show


def _share(progress: Progress) -> str:
    return f", {progress.done / progress.total:.0%}" if progress.total else ""


def _figures(url: URL, dump: FoundDump) -> dict[str, Any]:
    """The newest load of a dump."""
    with connect(url, read_only=True) as connection, connection.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(statement("ops/newest_load"), {"dump_id": dump_id(dump.source, dump.name)})
        return dict(cursor.fetchone() or {})


def _why(result: ExecuteInProcessResult) -> str:
    """Why a run failed, in a line or two that a person can act on."""
    for event in result.all_events:
        if event.event_type == DagsterEventType.STEP_FAILURE:
            error = event.step_failure_data.error
            while error and error.cause:
                error = error.cause
            return f"{event.step_key}: {error.message.strip() if error else 'failed'}"
    for event in result.all_events:
        if event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed:
                figures = ", ".join(f"{name} {value.value}" for name, value in check.metadata.items())
                asset = check.asset_key.to_user_string()
                return f"the check {check.check_name} of {asset} failed, so nothing was loaded ({figures})"
    return "the run did not end well; the UI shows its log"
