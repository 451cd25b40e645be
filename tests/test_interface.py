"""The UI ends with all its processes, also those that it leaves to themselves."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from pipelines import interface
from tests.postgres import wait_until

#: A process that starts another one in its group, tells its number, and ends at Ctrl-C without waiting for it.
LEAVES_ONE = """
import signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {child!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
signal.sigwait({{signal.SIGINT}})
"""
LISTENS = "import signal; print(flush=True); signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"


@pytest.mark.parametrize(("child", "patience"), [(LISTENS, 20.0), (DEAF, 0.3)], ids=["listens", "deaf"])
def test_no_process_of_the_ui_is_left_behind(child: str, patience: float, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(interface, "PATIENCE", patience)
    process = subprocess.Popen(
        [sys.executable, "-c", LEAVES_ONE.format(child=child)], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    left = psutil.Process(int(process.stdout.readline()))
    interface._end(process)
    process.stdout.close()
    assert process.returncode is not None
    wait_until(lambda: not left.is_running() or left.status() == psutil.STATUS_ZOMBIE, "the other process has ended")


def test_a_ui_that_has_ended_with_all_its_processes_is_not_waited_for():
    process = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    process.wait()
    interface._end(process)
    assert process.returncode == 0


def test_a_process_that_has_ended_and_that_nobody_reaps_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(interface, "PATIENCE", 0.0)
    zombie = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    wait_until(lambda: psutil.Process(zombie.pid).status() == psutil.STATUS_ZOMBIE, "the process has ended")
    interface._end_the_others(zombie.pid)
    zombie.wait()
