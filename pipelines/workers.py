"""Heavy work on many parts, in worker processes of its own, with a bound on what is under way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import wait
from typing import Any, Final, TypeVar

import pyarrow as pa

from pipelines.memory import use_system_memory
from pipelines.warehouse.connection import WarehouseError

Item = TypeVar("Item")
Result = TypeVar("Result")


#: Bytes of a dump below which it is not worth starting processes for: they take two seconds to import what they need,
#: in which one process takes in some ten thousand documents.
SMALL_DUMP: Final = 12 << 20


#: Says how many worker processes there are.
WORKERS_VARIABLE: Final = "WAREHOUSE_WORKERS"
_MOST_WORKERS: Final = 1_000


class WorkerError(RuntimeError):
    """A worker process was killed; the message says what to do."""


def is_small(dump_bytes: int) -> bool:
    """Whether a dump of so many bytes is worked on in this process."""
    return dump_bytes < SMALL_DUMP


def worker_count() -> int:
    """How many workers to use: the cores this process may run on, or WAREHOUSE_WORKERS.

    Raises :class:`~pipelines.warehouse.connection.WarehouseError` where that is no such number.
    """
    chosen = os.environ.get(WORKERS_VARIABLE, "").strip()
    if not chosen:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not (chosen.isascii() and chosen.isdigit() and 1 <= int(chosen) <= _MOST_WORKERS):
        raise WarehouseError(
            f"{WORKERS_VARIABLE} is {chosen!r}: give a number of processes from 1 to {_MOST_WORKERS:,}, or leave it "
            "away for as many as there are cores"
        )
    return int(chosen)


@contextmanager
def workers(*, inline: bool) -> Iterator[Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]]:
    """A mapper over worker processes; ``inline`` runs in this process, for work too small to pay for starting one.

    At most one item more than there are workers is under way, so memory does not grow with their number. An
    exception of a worker is raised here, as it was. Raises :class:`WorkerError` where a worker was killed. Workers end
    with this process, however that ends, and at once where it is interrupted.
    """
    count = worker_count()
    if inline or count == 1:
        yield map
        return
    # A server process forks the workers: it has imported the rooms once, and holds no thread, lock or
    # connection of this process.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipelines.stages"])
    # Which hears nothing of its own accord, and on being started makes the one who starts it hear again.
    resource_tracker.ensure_running()
    with _deaf_to(signal.SIGINT):
        forkserver.ensure_running()
    # An interrupt while it imports leaves a process that nobody knows of: this one has nothing to do.
    first = context.Process(target=int)
    first.start()
    first.join()
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_prepare_worker)
    try:
        yield lambda function, items: _ordered(pool, function, items)
    except BrokenProcessPool as error:
        raise WorkerError(
            "a worker process was killed, most likely because the machine had no memory left; nothing was loaded; run "
            f"it again with more memory, or with fewer workers than {count} ({WORKERS_VARIABLE})"
        ) from error
    except (KeyboardInterrupt, SystemExit):
        for worker in multiprocessing.active_children():
            if worker not in others:
                worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _deaf_to(*signals: signal.Signals) -> Iterator[None]:
    """Processes and threads that are started here never hear these signals; this thread hears them afterwards.

    A terminal sends Ctrl-C to all processes, and each would show where it stood. Who works for this one ends with it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def told(items: Iterator[Item], tell: Callable[[int], object]) -> Iterator[Item]:
    """What comes from workers; ``tell`` is given how many have been done when each is."""
    for done, item in enumerate(items, start=1):
        yield item
        tell(done)


def _prepare_worker() -> None:
    """Keep Arrow to malloc and to one thread: there is a worker for each core, and handing work over only costs."""
    pa.set_cpu_count(1)
    use_system_memory()
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()


def _end_with_parent() -> None:
    """End when the process that this one works for is gone: nobody else would end it, and it might still write."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _ordered(pool: ProcessPoolExecutor, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    under_way: deque[Future[Result]] = deque()
    for item in items:
        # It starts workers, which nobody would know of whom an interrupt catches on the way, and threads, of which one
        # might hear a signal that this one is to wake up from.
        with _deaf_to(signal.SIGINT, signal.SIGTERM):
            under_way.append(pool.submit(function, item))
        if len(under_way) > worker_count():
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
