"""CPU and memory of this process, its workers and Postgres, sampled while something runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import psutil

#: Seconds between two samples. A process that lives shorter than this may be missed.
SAMPLE_EVERY: Final = 0.2

MEBIBYTE: Final = 1 << 20


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
    _cpu: dict[tuple[int, float], tuple[str, float]] = field(default_factory=dict)


@contextmanager
def measured(server_pid: int | None) -> Iterator[Usage]:
    """Measure what runs inside; ``server_pid`` is Postgres's first process."""
    usage = Usage()
    before = _cpu_of_all(server_pid)
    over = threading.Event()

    def sample() -> None:
        while not over.wait(SAMPLE_EVERY):
            _sample(usage, server_pid)

    thread = threading.Thread(target=sample, name="sampler", daemon=True)
    began = time.monotonic()
    thread.start()
    try:
        yield usage
    finally:
        usage.seconds = time.monotonic() - began
        over.set()
        thread.join()
        _sample(usage, server_pid)
        for key, (side, cpu) in usage._cpu.items():
            spent = cpu - before.get(key, ("", 0.0))[1]
            if side == "client":
                usage.client_cpu += spent
            else:
                usage.postgres_cpu += spent


def _processes(server_pid: int | None) -> Iterator[tuple[str, psutil.Process]]:
    roots = [("client", psutil.Process())]
    if server_pid is not None and psutil.pid_exists(server_pid):
        roots.append(("postgres", psutil.Process(server_pid)))
    for side, root in roots:
        yield side, root
        for child in root.children(recursive=True):
            yield side, child


def _own_memory(process: psutil.Process) -> int:
    info = process.memory_info()
    return int(info.rss - getattr(info, "shared", 0))


def _cpu_of_all(server_pid: int | None) -> dict[tuple[int, float], tuple[str, float]]:
    found: dict[tuple[int, float], tuple[str, float]] = {}
    for side, process in _processes(server_pid):
        try:
            times = process.cpu_times()
            found[process.pid, process.create_time()] = (side, times.user + times.system)
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return found


def _sample(usage: Usage, server_pid: int | None) -> None:
    usage._cpu |= _cpu_of_all(server_pid)
    for side, process in _processes(server_pid):
        try:
            memory = _own_memory(process)
        except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
            continue
        if side == "client":
            usage.client_peak = max(usage.client_peak, memory)
        else:
            usage.postgres_peak = max(usage.postgres_peak, memory)
