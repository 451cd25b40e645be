"""Ctrl-C and SIGTERM: one line, exit code 130, and the next command goes on, wherever the signal comes."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable

import psutil
import pytest
from dagster import DagsterRunStatus

from pipelines.home import Home
from pipelines.instance import dagster_instance
from tests.faults.commands import Command, Place
from tests.faults.conftest import Databases
from tests.faults.warehouse import Struck
from tests.postgres import wait_until


def in_a_stage(place: Place) -> Callable[[Struck, int], Command]:
    """The signal comes between two steps of the program."""
    return lambda struck, number: struck.start(stop=place, number=number)


def in_a_statement(table: str) -> Callable[[Struck, int], Command]:
    """The signal comes while the server is at work, and would be for as long as the table is held up."""

    def strike(struck: Struck, number: int) -> Command:
        with struck.held_up(table):
            command = struck.start()
            struck.wait_until_held_up(command)
            command.send(number)
            wait_until(lambda: command.has_ended, "the command ends while the server is at work", 60)
        return command

    return strike


def while_it_waits_for_another_load(struck: Struck, number: int) -> Command:
    with struck.held_up("catalog.records"):
        road = struck.start_road()
        struck.wait_until_held_up(road)
        struck.write_later("2030")
        command = struck.start("2030")
        struck.wait_until_held_up(road, command)
        command.send(number)
        wait_until(lambda: command.has_ended, "the command ends while another holds the lock", 60)
        road.kill()
    return command


def while_it_waits_for_another_command(struck: Struck, number: int) -> Command:
    """In one home Dagster lets one load in at a time."""
    with struck.held_up("catalog.records"):
        first = struck.start()
        struck.wait_until_held_up(first)
        struck.write_later("2030")
        command = struck.start("2030")
        struck.wait_until_told(command, "waiting for another load to end")
        assert psutil.Process(command.pid).cpu_percent(interval=1) < 50
        command.send(number)
        wait_until(lambda: command.has_ended, "the command ends while another has its place", 60)
        first.kill()
    return command


PLACES = {
    "reading": (in_a_stage(Place("pipelines.parts:Parts.write", "'quarantined'")), signal.SIGINT),
    "in a merge": (in_a_statement("catalog.records"), signal.SIGINT),
    "in a COPY": (in_a_statement("ops.quarantine"), signal.SIGTERM),
    "waiting for another load": (while_it_waits_for_another_load, signal.SIGINT),
    "waiting for another command": (while_it_waits_for_another_command, signal.SIGTERM),
}


@pytest.mark.parametrize(("strike", "number"), PLACES.values(), ids=PLACES)
def test_a_signal_ends_the_command_at_once_and_the_next_goes_on(
    databases: Databases, strike: Callable[[Struck, int], Command], number: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAGSTER_HOME", "")  # dagster_instance sets it
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        before = struck.state()
        command = strike(struck, number)
        assert command.wait() == 130, command.told
        assert command.told.strip().splitlines()[-1:] == [
            "error: interrupted; nothing is half loaded, and the next run goes on from here"
        ]
        assert "Traceback" not in command.told
        with dagster_instance(Home(struck.home, struck.url)) as instance:
            newest, *_ = instance.get_runs()
            assert newest.status == DagsterRunStatus.CANCELED
        struck.assert_nothing_is_left()
        assert struck.state() == before
        struck.take_road()
        assert struck.state() == expected[0]


#: Waits as long as the thread that cancels needs to say its word, twice, and tells whether it lives.
WAITS = """
import os, signal, threading, time
from pipelines.warehouse import interrupts
interrupts.cancel_on_signals()
signal.signal(signal.SIGINT, lambda *_: None)
os.kill(os.getpid(), signal.SIGINT)
time.sleep(1)
os.kill(os.getpid(), signal.SIGINT)
deadline = time.monotonic() + 2 * interrupts._LOOKS * interrupts._SECONDS_BETWEEN_LOOKS + 1
while time.monotonic() < deadline:
    time.sleep(.1)
print([thread.name for thread in threading.enumerate()])
"""


@pytest.mark.slow
@pytest.mark.parametrize("is_read", [True, False])
def test_statements_are_cancelled_for_as_long_as_the_process_lives_and_it_is_said_once(is_read: bool):
    closing = "" if is_read else "import os; os.close(2)\n"
    ran = subprocess.run([sys.executable, "-c", closing + WAITS], capture_output=True, text=True, check=True)
    assert "cancel-on-signals" in ran.stdout
    assert ran.stderr.count("stopping") == int(is_read)
