"""Ingest at once, in this process tree: the very job that Dagster runs, with progress on the screen."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final

import dagster as dg
import psycopg2
from dagster import DagsterEvent, DagsterEventType, DagsterInstance, EventLogEntry, ExecuteInProcessResult
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.events import RunFailureReason
from dagster._core.utils import make_new_run_id
from psycopg2 import sql
from psycopg2.extras import RealDictCursor
from rich.console import Console
from rich.text import Text

from pipelines.assets.extract import AS_BEFORE
from pipelines.assets.partitions import DUMPS
from pipelines.assets.resources import STAGE_OF
from pipelines.definitions import defs
from pipelines.dumps import FoundDump
from pipelines.home import Home
from pipelines.instance import dagster_instance
from pipelines.orphans import process_tags
from pipelines.plain import printable_lines
from pipelines.pool import told_of_signals
from pipelines.readers.answers import skipped_in_words
from pipelines.readers.places import remember, written
from pipelines.run_events import in_a_line, warnings, why_it_failed
from pipelines.screen import on_screen
from pipelines.stable_ids import dump_id
from pipelines.stages import Progress, Report
from pipelines.start import interrupt_at_signals
from pipelines.warehouse.connection import Notify, UnreachableError, WarehouseError, connect
from pipelines.warehouse.faults import OF_A_QUESTION, explained, may_pass
from pipelines.warehouse.interrupts import cancel_on_signals, was_interrupted
from pipelines.warehouse.statements import statement
from pipelines.warehouse.words import refresh_words

#: Seconds before each further try to ask the warehouse something between two runs.
_ASK_AGAIN_AFTER: Final = (1.0, 5.0)

#: The step that plans a load; what writes one is the other that asks the server for long.
_DEDUPLICATES: Final = "work_assignments"


@dataclass(frozen=True)
class Ingested:
    """What became of a dump: the figures of its load, or the reason why it is not in.

    ``kind_before`` and ``path_before`` are the kind with which it was in before and where it lay, if it was in;
    ``said_to_be`` is the kind it was ingested as;
    ``missing`` says why it is not the whole of what a server had to give, empty where nothing says so;
    ``passed_over`` counts by kind what a crawl holds beside pages of records, ``other_kinds`` the records of MARC that
    are no bibliographic ones; ``skipped`` says what archives hold of no known format; ``lost_characters`` counts the
    records of MARC whose encoding is not what they say, ``lost_staff_views`` those of which more was known than its
    page without staff view tells; ``without_title`` counts the records that have no title; ``value_cuts`` counts by
    field and mark how values of pages as text were cut;
    ``warnings`` are what checks say that stop nothing.
    """

    dump: FoundDump
    figures: dict[str, Any] = field(default_factory=dict)
    kind_before: str | None = None
    path_before: str | None = None
    said_to_be: str = "delta"
    missing: str = ""
    passed_over: Mapping[str, int] = field(default_factory=dict)
    other_kinds: Mapping[str, int] = field(default_factory=dict)
    skipped: str = ""
    lost_characters: int = 0
    lost_staff_views: int = 0
    without_title: int = 0
    value_cuts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    error: str = ""

    @property
    def took_a_place(self) -> bool:
        """Whether a file of another name was in under this name."""
        names = {PurePath(path).name for path in (self.path_before, written(self.dump.path)) if path}
        return len(names) > 1

    @property
    def nothing_could_be_read(self) -> bool:
        """Whether all there is of the dump lies in quarantine, or was passed over."""
        refused = self.figures.get("records_quarantined", 0)
        is_something_there = bool(refused or self.passed_over or self.other_kinds)
        return is_something_there and refused == self.figures["records_read"] and not self.figures["deletions"]


def ingest_dumps(
    home: Home, found: Sequence[FoundDump], kind: str | None, screen: Console, *, allow_shrink: bool = False
) -> Iterator[Ingested]:
    """Ingest dumps one after the other; one that fails does not stop the others.

    Without a ``kind`` each dump keeps the one it was ingested with before; a new one is a delta. A full one that would
    end too much of its source fails, unless that is allowed (``allow_shrink``).
    Words for search that a run could not make are made after all of them.
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
            try:
                before = _before(home, dump)
            except WarehouseError as error:
                if was_interrupted():
                    raise KeyboardInterrupt from error
                yield Ingested(dump, error=str(error))
                continue

            def notify(line: str, dump: FoundDump = dump) -> None:
                screen.print(Text(printable_lines(f"{dump.partition}: {line}")), soft_wrap=True)

            with on_screen(screen, dump.partition, count) as report, listening(instance, notify, report) as run_id:
                result = job.execute_in_process(
                    run_id=run_id,
                    instance=instance,
                    partition_key=dump.partition,
                    raise_on_error=False,
                    tags=process_tags(run_id),
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
                try:
                    figures = _figures(home, dump)
                    lost = _lost_staff_views(home, dump) if extracted["lacking_staff_view"] else 0
                except WarehouseError as error:
                    yield Ingested(dump, seconds=seconds, error=f"it is in, but could not be looked at: {error}")
                    continue
                yield Ingested(
                    dump,
                    figures=figures,
                    kind_before=before.get("kind"),
                    path_before=before.get("path"),
                    said_to_be=extracted["said_to_be"],
                    missing=extracted["missing"],
                    passed_over=extracted["passed_over"],
                    other_kinds=extracted["other_kinds"],
                    skipped=skipped_in_words(extracted["skipped"], extracted["named"]) if extracted["skipped"] else "",
                    lost_characters=extracted["lost_characters"],
                    lost_staff_views=lost,
                    without_title=extracted.get("without_title", 0),
                    value_cuts=extracted["value_cuts"],
                    seconds=seconds,
                    warnings=tuple(warnings(result.all_events)),
                )
            elif _was_interrupted(result) or was_interrupted():
                raise KeyboardInterrupt
            else:
                yield Ingested(dump, seconds=seconds, error=why_it_failed(result.all_events))
    if is_loaded:
        with screen.status("making words for search"):
            _make_words(home)


def _make_words(home: Home) -> None:
    """Make the words by which what is in is found; without, search is slower and finds the same.

    Raises :class:`WarehouseError` where that cannot be done.
    """
    try:
        with home.warehouse() as url:
            refresh_words(url)
    except psycopg2.Error as error:
        if was_interrupted():
            raise KeyboardInterrupt from error
        said = " ".join(str(error).split())
        raise WarehouseError(f"the dumps are in, but not their words for search ({said}); run it again") from error


def end_by_signals() -> None:
    """Let SIGINT and SIGTERM end the ingest, whatever it waits for: else nothing but SIGKILL might."""
    interrupt_at_signals()
    cancel_on_signals()
    sys.excepthook = _but_what_is_told


def _but_what_is_told(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Print an error that nobody caught, but none that is told of anyway.

    Those are interrupts that were raised within a library, and what psycopg2 prints of a connection that is lost in the
    middle of a COPY, before it raises the same.
    """
    is_of_psycopg2 = issubclass(kind, SystemError) and isinstance(error.__cause__, psycopg2.Error)
    if not is_of_psycopg2 and not issubclass(kind, KeyboardInterrupt | DagsterExecutionInterruptedError):
        sys.__excepthook__(kind, error, traceback)


class _ScreenProgress:
    """Stands in for ProgressResource: what the stages report goes to the screen."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def reporter(self, _: dg.AssetExecutionContext) -> Report:
        return self._report


@contextmanager
def listening(instance: DagsterInstance, notify: Notify, report: Report) -> Iterator[str]:
    """The id of a new run whose further tries are told of, and that ends as canceled where a signal interrupts it.

    That it waits for its place in the pool is reported as progress.

    Dagster takes an interrupt that nobody asked for in the UI for a crash of the machine; its daemon would run
    the dump again behind the back of the person who stopped it.
    """
    run_id = make_new_run_id()

    def notice(entry: EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None:
            return
        if event.event_type == DagsterEventType.STEP_UP_FOR_RETRY:
            retry = event.step_retry_data
            notify(f"{in_a_line(retry.error)}; trying again in {retry.seconds_to_wait or 0:.0f} s")
            # Until then nothing is done of what was told last.
            stage = "deduplicate" if event.step_key == _DEDUPLICATES else "load"
            report(Progress(stage, "waiting to try again", 0, 0, 0))
        if event.event_type == DagsterEventType.ENGINE_EVENT and "pool" in event.engine_event_data.metadata:
            report(Progress("load", "waiting for another load to end", 0, 0, 0))
        if event.event_type == DagsterEventType.STEP_FAILURE and _is_interrupt(event):
            cancel()

    def cancel() -> None:
        run = instance.get_run_by_id(run_id)
        if run is not None:
            instance.report_run_canceling(run, "The command was interrupted.")

    instance.add_event_listener(run_id, notice)
    # Between two steps none fails.
    with told_of_signals(cancel):
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


def _before(home: Home, dump: FoundDump) -> dict[str, Any]:
    """The kind with which a dump is in, and where it lay; nothing where it is not."""
    return _ask(home, "SELECT kind, path FROM ops.dumps WHERE dump_id = %(dump_id)s AND kind <> 'removed'", dump)


def _figures(home: Home, dump: FoundDump) -> dict[str, Any]:
    """The newest load of a dump."""
    return _ask(home, statement("ops/newest_load"), dump)


def _lost_staff_views(home: Home, dump: FoundDump) -> int:
    """Of how many records the newest load of a dump left no more than a page without staff view, where there was."""
    return int(_ask(home, statement("ops/lost_staff_views"), dump)["records"])


def _ask(home: Home, query: str | sql.SQL, dump: FoundDump) -> dict[str, Any]:
    """The first row of what the warehouse answers of a dump; a server that went away is waited for, for some seconds.

    Raises :class:`WarehouseError` where it stays away.
    """
    for wait in (*_ASK_AGAIN_AFTER, None):
        try:
            with (
                home.warehouse() as url,
                connect(url, read_only=True) as connection,
                connection.cursor(cursor_factory=RealDictCursor) as cursor,
            ):
                cursor.execute(query, {"dump_id": dump_id(dump.source, dump.name)})
                return dict(cursor.fetchone() or {})
        except (psycopg2.Error, UnreachableError) as error:
            if wait is None or not may_pass(error):
                raise WarehouseError(explained(error, OF_A_QUESTION)) from error
            time.sleep(wait)
    raise AssertionError("the last try returns or raises")
