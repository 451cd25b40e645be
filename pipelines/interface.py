"""Dagster's UI and daemon on a home, as long as a person wants to look."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import psutil

from pipelines.home import DUMPS_VARIABLE, FRAMES_VARIABLE, HOME_VARIABLE, URL_FILE_VARIABLE, Home
from pipelines.instance import dagster_instance
from pipelines.start import interrupt_at_signals

#: Which code location the UI shows; what it names is relative to its own folder.
WORKSPACE: Final = Path(__file__).parents[1] / "workspace.yaml"

#: Seconds that the UI gets to end its own processes.
PATIENCE: Final = 20.0

#: Seconds between two looks whether they have ended.
_LOOK_EVERY: Final = 0.1

#: Of ``dagster dev`` Dagster says that it is superseded by another tool's ``dg dev``, which wants another layout.
_SUPERSEDED: Final = "ignore:Function `dev_command` is superseded"


def is_free(host: str, port: int) -> bool:
    """Whether a server can listen there."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as tried:
        # As the UI itself does: what a server before it has left behind is no hindrance.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(address)
        except OSError:
            return False
    return True


def run_interface(home: Home, host: str, port: int) -> int:
    """Run ``dagster dev`` until it ends or a signal asks; returns its exit code, 0 after a signal.

    Its processes are a session of their own: they are told to end once, by this one, and none is left behind.
    """
    with dagster_instance(home):
        environment = environment_of(home)
    command = [sys.executable, "-m", "dagster", "dev", "-w", str(WORKSPACE), "-h", host, "-p", str(port)]
    interrupt_at_signals()
    process = subprocess.Popen(command, cwd=home.dagster, env=environment, start_new_session=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end(process)


def environment_of(home: Home) -> dict[str, str]:
    """The environment of the UI's processes: they run elsewhere, so that every place in it is absolute."""
    warnings = os.environ.get("PYTHONWARNINGS")
    return {
        **os.environ,
        "DAGSTER_HOME": str(home.dagster),
        "PYTHONWARNINGS": f"{warnings},{_SUPERSEDED}" if warnings else _SUPERSEDED,
        HOME_VARIABLE: str(home.folder),
        DUMPS_VARIABLE: str(home.dumps),
        FRAMES_VARIABLE: home.frames,
        **({URL_FILE_VARIABLE: str(Path(file).absolute())} if (file := os.environ.get(URL_FILE_VARIABLE)) else {}),
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the UI with all its processes, by force where they take too long.

    Dagster leaves a run that goes on, and the servers that wait for it, to themselves. It is told to end: a dump is
    loaded whole or not at all, and the run is made again once the UI is there.
    """
    try:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
        _end_the_others(process.pid)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _end_the_others(group: int) -> None:
    """Tell what is left of a group of processes to end, and wait for it; raises TimeoutExpired where it takes long."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        began = time.monotonic()
        while _runs(group):
            if time.monotonic() - began > PATIENCE:
                raise subprocess.TimeoutExpired("dagster dev", PATIENCE)
            time.sleep(_LOOK_EVERY)


def _runs(group: int) -> bool:
    """Whether a process of a group runs yet; one that has ended stays in it until somebody reaps it, if anybody."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False
