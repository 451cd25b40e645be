"""CPU and memory of this process, its workers and Postgres while something runs.

What a process used that has ended is kept by its parent: nothing of CPU is sampled, and what comes and goes between
two looks counts as well. Memory is sampled.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import psutil

#: Seconds between two looks at memory. The memory of a process that lives shorter than this may be missed.
SAMPLE_EVERY: Final = 0.2

MEBIBYTE: Final = 1 << 20

#: How often processes are looked at anew when some of them have ended meanwhile.
_LOOKS: Final = 20


@dataclass
class Usage:
    """What one piece of work took: seconds, CPU seconds by side, largest memory of any one process by side.

    Memory is what a process has for itself (resident less shared), so that Postgres's shared buffers are not
    counted once for every backend. It is read from one line of the kernel's: the exact figure (USS) walks every
    page, and would cost more than what is measured.
    """

    seconds: float = 0.0
    client_cpu: float = 0.0
    postgres_cpu: float = 0.0
    client_peak: int = 0
    postgres_peak: int = 0


@contextmanager
def measured(server_pid: int | None) -> Iterator[Usage]:
    """Measure what runs inside; ``server_pid`` is Postgres's first process."""
    usage = Usage()
    over = threading.Event()

    def sample() -> None:
        while not over.wait(SAMPLE_EVERY):
            _sample(usage, server_pid)

    thread = threading.Thread(target=sample, name="sampler", daemon=True)
    client, postgres = _cpu(server_pid)
    began = time.monotonic()
    thread.start()
    try:
        yield usage
    finally:
        usage.seconds = time.monotonic() - began
        over.set()
        thread.join()
        _sample(usage, server_pid)
        client_after, postgres_after = _cpu(server_pid)
        usage.client_cpu = client_after - client
        usage.postgres_cpu = postgres_after - postgres


def _processes(server_pid: int | None) -> tuple[list[psutil.Process], list[psutil.Process]]:
    """Those of this program, and those of Postgres, which may be its child."""
    postgres = _family(server_pid) if server_pid is not None else []
    return [each for each in _family(os.getpid()) if each not in postgres], postgres


def _family(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu(server_pid: int | None) -> tuple[float, float]:
    """CPU seconds of all processes there have been, of this program and of Postgres."""
    client, postgres = _processes(server_pid)
    return _cpu_of(client), _cpu_of(postgres)


def _cpu_of(family: list[psutil.Process]) -> float:
    """CPU seconds of processes and of all their children that have ended.

    One that ends between the look at itself and that at its parent would count twice, or not at all: then all are
    looked at again.
    """
    seconds = 0.0
    for _ in range(_LOOKS):
        gone = _seconds_of_ended(family)
        seconds = gone
        for process in family:
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                seconds += times.user + times.system
        if _seconds_of_ended(family) == gone:
            break
    return seconds


def _seconds_of_ended(family: list[psutil.Process]) -> float:
    seconds = 0.0
    for process in family:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.children_user + times.children_system
    return seconds


def _own_memory(process: psutil.Process) -> int:
    info = process.memory_info()
    return int(info.rss - getattr(info, "shared", 0))


def _sample(usage: Usage, server_pid: int | None) -> None:
    client, postgres = _processes(server_pid)
    usage.client_peak = max(usage.client_peak, *map(_memory, client))
    usage.postgres_peak = max(usage.postgres_peak, 0, *map(_memory, postgres))


def _memory(process: psutil.Process) -> int:
    try:
        return _own_memory(process)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
