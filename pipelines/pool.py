"""Wait for a place in Dagster's pool without keeping a processor busy."""

from __future__ import annotations

import time

from dagster._core.execution.plan.instance_concurrency_context import InstanceConcurrencyContext


def seconds_to_next_claim(context: InstanceConcurrencyContext) -> float:
    """Seconds until the next time that a run which waits for its place asks for it; 0 where it may ask now."""
    now = time.time()
    return max(0.0, min((ready_at - now for ready_at in context._pending_timeouts.values()), default=0.0))


def wait_at_rest() -> None:
    """Let runs of this process that wait for their place sleep until they ask for it again.

    Dagster 1.13 means to (``dagster/_core/execution/plan/active.py``, ``sleep_til_ready``), but takes the least of
    these seconds and of 0: so it never sleeps, and who waits for a load takes a processor from it (its pull request
    20367 saw so, and was closed).
    """
    InstanceConcurrencyContext.interval_to_next_pending_claim_check = seconds_to_next_claim  # type: ignore[method-assign, assignment]
