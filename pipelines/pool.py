"""Wait for a place in Dagster's pool, or for another try, without keeping a processor busy or missing a signal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from dagster._core.errors import DagsterExecutionInterruptedError, raise_execution_interrupts
from dagster._core.execution.plan.active import ActiveExecution
from dagster._core.execution.plan.instance_concurrency_context import InstanceConcurrencyContext

#: What is called when a signal ends the wait.
_at_a_signal: Final[ContextVar[Callable[[], None]]] = ContextVar("at_a_signal", default=lambda: None)


@contextmanager
def told_of_signals(call: Callable[[], None]) -> Iterator[None]:
    """Within, ``call`` is called when a signal ends the wait of a run."""
    token = _at_a_signal.set(call)
    try:
        yield
    finally:
        _at_a_signal.reset(token)


def seconds_to_next_claim(context: InstanceConcurrencyContext) -> float:
    """Seconds until the next time that a run which waits for its place asks for it; 0 where it may ask now."""
    now = time.time()
    return max(0.0, min((ready_at - now for ready_at in context._pending_timeouts.values()), default=0.0))


def sleep_until_ready(execution: ActiveExecution) -> None:
    """Sleep until a step may be tried; raises DagsterExecutionInterruptedError at a signal, as steps do."""
    try:
        with raise_execution_interrupts():
            time.sleep(max(0.0, execution.sleep_interval()))  # type: ignore[no-untyped-call]
    except DagsterExecutionInterruptedError:
        _at_a_signal.get()()
        raise


def wait_at_rest() -> None:
    """Let runs of this process that wait between two steps sleep, and end at a signal.

    Dagster 1.13 means to let them sleep (``dagster/_core/execution/plan/active.py``, ``sleep_til_ready``), but takes
    the least of the seconds until the next claim and of 0: so who waits for a load takes a processor from it (its pull
    request 20367 saw so, and was closed). A signal that comes meanwhile it notes, and looks at when the next step
    begins: when the other load has ended.
    """
    InstanceConcurrencyContext.interval_to_next_pending_claim_check = seconds_to_next_claim  # type: ignore[method-assign, assignment]
    ActiveExecution.sleep_til_ready = sleep_until_ready  # type: ignore[method-assign, assignment]
