"""Commands that a test starts, sees at a place, and kills."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.postgres import wait_until

#: A busy machine is no fault.
SECONDS = 300


@dataclass(frozen=True)
class Place:
    """A function of the program (module:name), called with arguments that say something, for the nth time."""

    function: str
    says: str = ""
    nth: int = 1


@dataclass(frozen=True)
class Command:
    """A command that was started: a process of its own."""

    pid: int
    folder: Path

    @property
    def has_ended(self) -> bool:
        return (self.folder / "ended").exists()

    @property
    def told(self) -> str:
        """What it wrote on standard error."""
        return (self.folder / "told").read_text()

    @property
    def out(self) -> str:
        return (self.folder / "out").read_text()

    def send(self, number: int) -> None:
        os.kill(self.pid, number)

    def send_if_there(self, number: int) -> None:
        """The same for a process that may have ended meanwhile."""
        with contextlib.suppress(ProcessLookupError):
            self.send(number)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        assert self.wait() == -signal.SIGKILL

    def is_killed(self) -> None:
        """Wait for it to kill itself at the place it was told of."""
        assert self.wait() == -signal.SIGKILL, f"it never came there; it says: {self.told}"

    def wait(self) -> int:
        """How it ended: the exit code, or minus the signal that killed it."""
        wait_until(lambda: self.has_ended, f"the command ends; it says: {self.told}", SECONDS)
        return int((self.folder / "ended").read_text())


@dataclass
class Commands:
    """Starts commands of one home and warehouse, out of a process that has imported the program already."""

    zygote: subprocess.Popen[str]
    folder: Path
    environment: dict[str, str]
    started: list[Command] = field(default_factory=list)

    def start(self, *arguments: str | Path, stop: Place | None = None, number: int = signal.SIGKILL) -> Command:
        """Start ``vufind-warehouse`` with arguments; at the place ``stop`` it gets the signal ``number``."""
        folder = Path(tempfile.mkdtemp(prefix="command-", dir=self.folder))
        request = {
            "folder": str(folder),
            "arguments": list(map(str, arguments)),
            "environment": self.environment,
            "stop": [stop.function, stop.says, stop.nth, number] if stop else None,
        }
        assert self.zygote.stdin is not None and self.zygote.stdout is not None
        for name in ("out", "told"):
            (folder / name).touch()
        self.zygote.stdin.write(json.dumps(request) + "\n")
        self.zygote.stdin.flush()
        command = Command(int(self.zygote.stdout.readline()), folder)
        self.started.append(command)
        return command

    def run(self, *arguments: str | Path) -> Command:
        """Run a command to its end, which must be a good one."""
        command = self.start(*arguments)
        assert command.wait() == 0, command.told + command.out
        return command

    def end(self) -> None:
        """Kill what still runs."""
        for command in self.started:
            if not command.has_ended:
                command.send(signal.SIGKILL)
                command.wait()


def start_zygote() -> subprocess.Popen[str]:
    """A process that has imported the program, and forks commands."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.zygote"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
