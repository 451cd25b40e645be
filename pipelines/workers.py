"""Heavy work on many parts, in worker processes of its own, with a bound on what is under way."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import pyarrow as pa

from pipelines.memory import use_system_memory

Item = TypeVar("Item")
Result = TypeVar("Result")


#: Bytes of a dump below which it is not worth starting processes for.
SMALL_DUMP: Final = 4 << 20


def is_small(dump_bytes: int) -> bool:
    """Whether a dump of so many bytes is worked on in this process."""
    return dump_bytes < SMALL_DUMP


def worker_count() -> int:
    """How many workers to use: the cores this process may run on, or WAREHOUSE_WORKERS."""
    chosen = os.environ.get("WAREHOUSE_WORKERS")
    return max(
        1,
        int(chosen)
        if chosen
        else len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
    )


@contextmanager
def workers(*, inline: bool) -> Iterator[Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]]:
    """A mapper over worker processes; ``inline`` runs in this process, for work too small to pay for starting one.

    At most one item more than there are workers is under way, so memory does not grow with their number. An
    exception of a worker is raised here, as it was.
    """
    if inline or worker_count() == 1:
        yield map
        return
    # A server process forks the workers: it has imported the rooms once, and holds no thread, lock or
    # connection of this process.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipelines.stages"])
    pool = ProcessPoolExecutor(worker_count(), mp_context=context, initializer=_prepare_worker)
    try:
        yield lambda function, items: _ordered(pool, function, items)
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare_worker() -> None:
    """Keep Arrow to malloc and to one thread: there is a worker for each core, and handing work over only costs."""
    pa.set_cpu_count(1)
    use_system_memory()


def _ordered(pool: ProcessPoolExecutor, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    under_way: deque[Future[Result]] = deque()
    for item in items:
        under_way.append(pool.submit(function, item))
        if len(under_way) > worker_count():
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
