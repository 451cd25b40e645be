"""Work in other processes: in order, bounded, and its errors come home."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from operator import floordiv, mul

import psutil
import pytest

from pipelines.warehouse.connection import WarehouseError
from pipelines.workers import WorkerError, worker_count, workers
from tests.postgres import wait_until


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_WORKERS", "2")


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.usefixtures("two_workers")
def test_results_come_in_the_order_of_the_items(inline: bool):
    with workers(inline=inline) as mapped:
        assert list(mapped(partial(mul, 2), range(50))) == list(range(0, 100, 2))
        assert list(mapped(partial(mul, 2), [])) == []


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.usefixtures("two_workers")
def test_an_error_of_a_worker_is_raised_as_it_was_after_the_results_before_it(inline: bool):
    with workers(inline=inline) as mapped:
        results = mapped(partial(floordiv, 12), [3, 2, 0, 1])
        assert [next(results), next(results)] == [4, 6]
        with pytest.raises(ZeroDivisionError):
            next(results)


@pytest.mark.usefixtures("two_workers")
def test_no_more_items_are_under_way_than_there_are_workers_and_one():
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(100):
            taken += 1
            yield item

    with workers(inline=False) as mapped:
        for done, _ in enumerate(mapped(abs, items()), start=1):
            assert taken - done <= 2 + 1


@pytest.mark.usefixtures("two_workers")
def test_an_error_of_whoever_reads_ends_the_workers():
    with pytest.raises(LookupError), workers(inline=False) as mapped:
        for _ in mapped(abs, range(100)):
            raise LookupError
    with workers(inline=False) as mapped:
        assert list(mapped(abs, [-1])) == [1]


@pytest.mark.parametrize(("chosen", "count"), [("1", 1), (" 7 ", 7)])
def test_the_number_of_workers_can_be_chosen(monkeypatch: pytest.MonkeyPatch, chosen: str, count: int):
    monkeypatch.setenv("WAREHOUSE_WORKERS", chosen)
    assert worker_count() == count


@pytest.mark.parametrize("chosen", ["0", "-3", "abc", "1.5", "1001"])
def test_what_is_no_number_of_workers_is_refused_also_where_none_is_needed(
    monkeypatch: pytest.MonkeyPatch, chosen: str
):
    monkeypatch.setenv("WAREHOUSE_WORKERS", chosen)
    with pytest.raises(WarehouseError, match=f"WAREHOUSE_WORKERS is '{chosen}': give a number"), workers(inline=True):
        pytest.fail("work began")


@pytest.mark.parametrize("empty", ["", " "])
def test_empty_it_is_as_if_it_were_not_there_as_other_variables_are(monkeypatch: pytest.MonkeyPatch, empty: str):
    monkeypatch.delenv("WAREHOUSE_WORKERS", raising=False)
    usual = worker_count()
    monkeypatch.setenv("WAREHOUSE_WORKERS", empty)
    assert worker_count() == usual


def test_else_there_are_as_many_as_this_process_may_use_cores(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("WAREHOUSE_WORKERS", raising=False)
    assert 1 <= worker_count() <= (os.cpu_count() or 1)


@pytest.mark.usefixtures("two_workers")
def test_a_worker_that_is_killed_is_told_of_with_what_to_do():
    with (
        pytest.raises(WorkerError, match=r"a worker process was killed.*WAREHOUSE_WORKERS"),
        workers(inline=False) as do,
    ):
        list(do(signal.raise_signal, [signal.SIGKILL]))


_AT_WORK = """
import signal
import sys
import time
from pipelines.workers import workers
# Who runs the tests in the background may have told them to hear no SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with workers(inline=False) as mapped:
        list(mapped(time.sleep, [0, 600, 600]))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.usefixtures("two_workers")
def test_workers_end_with_a_process_that_is_killed():
    """Else they would stay for ever, with their memory, and might still write."""
    process = subprocess.Popen([sys.executable, "-c", _AT_WORK])

    def forked() -> list[psutil.Process]:
        """The server that forks workers, and the workers."""
        return psutil.Process(process.pid).children(recursive=True)

    wait_until(lambda: sum(each.ppid() != process.pid for each in forked()) == 2, "two workers", 120, every=0.1)
    time.sleep(0.5)
    left = forked()
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(left, timeout=60)
    assert not alive


@pytest.mark.parametrize("processes", [2, 4], ids=["while they are started", "at work"])
@pytest.mark.usefixtures("two_workers")
def test_an_interrupt_of_all_processes_ends_them_at_once_and_without_a_word(processes: int):
    """A terminal sends it to the whole group."""
    process = subprocess.Popen([sys.executable, "-c", _AT_WORK], stderr=subprocess.PIPE, start_new_session=True)
    started = psutil.Process(process.pid)
    wait_until(lambda: len(started.children(recursive=True)) >= processes, "processes", 120, every=0.01)
    time.sleep(0.4)
    left = started.children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, b"")
    assert not psutil.wait_procs(left, timeout=60)[1]


#: Says which signals each thread that was started with the workers does not hear, as Linux does.
_UNHEARD = """
import signal
import time
from pathlib import Path
from pipelines.workers import workers
def threads():
    return {task.name: (task / "status").read_text() for task in Path("/proc/self/task").iterdir()}
before = threads()
with workers(inline=False) as mapped:
    list(mapped(time.sleep, [0, 0]))
    for name, status in threads().items():
        if name not in before:
            print(int(dict(line.split(":", 1) for line in status.splitlines())["SigBlk"], 16))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells what a thread hears in /proc")
@pytest.mark.usefixtures("two_workers")
def test_no_thread_but_the_one_that_waits_hears_an_interrupt():
    """Else one might take it, and who waits for workers would wait on."""
    said = subprocess.run([sys.executable, "-c", _UNHEARD], stdout=subprocess.PIPE, check=True, timeout=120).stdout
    both = sum(1 << (number - 1) for number in (signal.SIGINT, signal.SIGTERM))
    assert said.split()
    assert [int(blocked) & both for blocked in said.split()] == [both] * len(said.split())
