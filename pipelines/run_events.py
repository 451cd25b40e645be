"""What the events of a run tell a person: why it failed, and what its checks warn of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
from dagster import DagsterEvent, DagsterEventType
from dagster_shared.error import SerializableErrorInfo

from pipelines.assets import checks
from pipelines.parts import PartsError
from pipelines.readers.addresses import PlaceError
from pipelines.readers.reading import DumpError
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.server_error import ServerError
from pipelines.workers import WorkerError

#: The class that Python sets before an error's message, where it is no built-in one: it tells a person nothing.
_CLASS_NAME: Final = re.compile(r"^(?:\w+\.)+\w+: ")

#: Errors whose message is for a person; what caused them is for the log.
_SAYS_IT_ALL: Final = tuple(
    f"{each.__module__}.{each.__name__}: " for each in (WarehouseError, ServerError, PartsError, WorkerError)
)

#: What is wrong with the dump itself: which step found it out tells a person nothing.
_OF_THE_DUMP: Final = tuple(f"{each.__module__}.{each.__name__}: " for each in (DumpError, PlaceError))


def warnings(events: Sequence[DagsterEvent]) -> Iterator[str]:
    """What checks say that have not passed and stop nothing."""
    for event in events:
        if event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed and check.severity == dg.AssetCheckSeverity.WARN:
                yield check.description or f"the check {check.check_name} has not passed"


def why_it_failed(events: Sequence[DagsterEvent]) -> str:
    """Why a run failed, in a line or two that a person can act on."""
    for event in events:
        if check := _failed_check(event):
            figures = ", ".join(f"{name} {value.value}" for name, value in check.metadata.items())
            asset = check.asset_key.to_user_string()
            why = (check.description or "").removesuffix(checks.NOTHING_LOADED)
            failed = f"the check {check.check_name} of {asset} failed, so nothing was loaded ({figures})"
            return f"{failed}: {why}" if why else failed
    for event in events:
        if event.event_type == DagsterEventType.STEP_FAILURE:
            error = _telling(event.step_failure_data.error)
            step = "" if error and error.message.startswith(_OF_THE_DUMP) else f"{event.step_key}: "
            return f"{step}{in_a_line(error)}"
    return "the run did not end well; the UI shows its log"


def is_of_the_dump(events: Sequence[DagsterEvent]) -> bool:
    """Whether a run failed for what is wrong with the dump: it would again."""
    return any(_failed_check(event) for event in events) or any(
        (error := _telling(event.step_failure_data.error)) is not None and error.message.startswith(_OF_THE_DUMP)
        for event in events
        if event.event_type == DagsterEventType.STEP_FAILURE
    )


def _failed_check(event: DagsterEvent) -> dg.AssetCheckEvaluation | None:
    """The check that stopped a run, where the event is of one."""
    if event.event_type != DagsterEventType.ASSET_CHECK_EVALUATION:
        return None
    check = event.asset_check_evaluation_data
    return check if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR else None


def in_a_line(error: SerializableErrorInfo | None) -> str:
    """What a person can act on in the error of a step."""
    telling = _telling(error)
    return _CLASS_NAME.sub("", telling.message.strip()) if telling else "failed"


def _telling(error: SerializableErrorInfo | None) -> SerializableErrorInfo | None:
    """The error that a person can act on: what caused another one, or the first that is made for people."""
    while error and error.cause and not error.message.startswith(_SAYS_IT_ALL):
        error = error.cause
    return error
