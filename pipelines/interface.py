"""Dagster's UI and daemon on a home, as long as a person wants to look."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from pipelines.home import DUMPS_VARIABLE, HOME_VARIABLE, Home
from pipelines.instance import dagster_instance

#: Where workspace.yaml lies, and what its module is relative to.
PROJECT: Final = Path(__file__).parents[1]

#: Seconds that the UI gets to end its own processes.
PATIENCE: Final = 20.0


def run_interface(home: Home, host: str, port: int) -> int:
    """Run ``dagster dev`` until it ends or is interrupted; returns its exit code, 0 after an interrupt."""
    with dagster_instance(home):
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(home.dagster),
            HOME_VARIABLE: str(home.folder),
            DUMPS_VARIABLE: str(home.dumps),
        }
    command = [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-h", host, "-p", str(port)]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
        return 0
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)
