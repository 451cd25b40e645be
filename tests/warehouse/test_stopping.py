"""What is said where a signal was heard and the end takes its time."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, time
from pipelines.warehouse.interrupts import cancel_on_signals
cancel_on_signals()
signal.signal(signal.{signal}, lambda *_: None)
os.kill(os.getpid(), signal.{signal})
"""
SLOW = "time.sleep(4)"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize(
    ("end", "told"), [(SLOW, "stopping, which takes some seconds\n"), ("", "")], ids=["slow", "at once"]
)
def test_an_end_that_takes_more_than_two_seconds_is_told(name: str, end: str, told: str):
    program = PROGRAM.format(signal=name) + end
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stderr == told
