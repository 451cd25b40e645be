"""The embedded server when its users, its watcher or the server itself are killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy

from pipelines.warehouse import server_postmaster, server_watcher
from pipelines.warehouse.server import Server, running_server, server_status

QUICK = {"fsync": "off"}
START = Callable[..., Any]


def ask(server: Server, question: str) -> Any:
    engine = sqlalchemy.create_engine(server.url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        answer = connection.exec_driver_sql(question)
        return answer.scalar() if answer.returns_rows else None


def wait_until(condition: Callable[[], object], what: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    return not server_watcher.is_alive(pid)


def watchers(home: Path) -> list[psutil.Process]:
    lock = str(home.resolve() / "users.lock")
    return [process for process in psutil.process_iter(["cmdline"]) if lock in (process.info["cmdline"] or [])]


def kill_watcher(home: Path) -> None:
    """Kill the watcher and wait for its end: it has no command line any more a moment before it lets go of its lock."""
    (watcher,) = watchers(home)
    watcher.kill()
    wait_until(lambda: is_gone(watcher.pid), "the watcher is dead")


def kill_postmaster(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: is_gone(pid), "the postmaster is dead")


@contextmanager
def stranger_of(account: int) -> Iterator[int]:
    """A process that has nothing to do with Postgres but runs as the server's user."""
    user = {"user": account, "group": account} if os.geteuid() == 0 else {}
    process = subprocess.Popen(["sleep", "600"], cwd="/", **user)  # type: ignore[call-overload]
    try:
        yield process.pid
        assert process.poll() is None, "the stranger was killed"
    finally:
        process.kill()
        process.wait()


def test_the_server_stops_when_every_user_was_killed(warehouse_home: Path, start_user: START) -> None:
    users = [start_user(warehouse_home) for _ in range(2)]
    server_pid = int(users[0].line)
    users[0].kill()
    time.sleep(0.2)
    assert not is_gone(server_pid)
    users[1].kill()
    wait_until(lambda: is_gone(server_pid), "the server stops")
    assert "database system is shut down" in (warehouse_home / "server.log").read_text()
    wait_until(lambda: not watchers(warehouse_home), "the watcher ends")


FORKING_USER = """
import os, sys, time
from pathlib import Path
from pipelines.warehouse.server import running_server
with running_server(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
    child = os.fork()
    if child == 0:
        os.close(1)
        time.sleep(LIFE)
        sys.exit()  # leaves the context of its parent, which must do nothing
    print(server.pid, child, flush=True)
    sys.stdin.read()
"""


def test_a_forked_child_does_not_keep_the_server_of_its_killed_parent(warehouse_home: Path, start_user: START) -> None:
    user = start_user(warehouse_home, FORKING_USER.replace("LIFE", "600"))
    server_pid, child = map(int, user.line.split())
    try:
        user.kill()
        wait_until(lambda: is_gone(server_pid), "the server stops")
        assert not is_gone(child)
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_forked_child_that_ends_does_not_take_the_server_from_its_parent(
    warehouse_home: Path, start_user: START
) -> None:
    user = start_user(warehouse_home, FORKING_USER.replace("LIFE", "0"))
    server_pid, child = map(int, user.line.split())
    wait_until(lambda: is_gone(child), "the child ends")
    time.sleep(0.2)
    assert not is_gone(server_pid)
    user.leave()
    wait_until(lambda: is_gone(server_pid), "the server stops")


WORKER_USER = """
import multiprocessing, sys, time
from pathlib import Path
from pipelines.warehouse.server import running_server

def work(home, ready):
    with running_server(Path(home), settings={"fsync": "off"}) as server:
        ready.put(server.pid)
        time.sleep(600)

if __name__ == "__main__":
    context = multiprocessing.get_context("METHOD")
    ready = context.Queue()
    worker = context.Process(target=work, args=(sys.argv[1], ready))
    worker.start()
    print(ready.get(), worker.pid, flush=True)
    sys.stdin.read()
    worker.kill()
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_server_of_a_killed_worker_process_stops(
    server_home: Path, warehouse_home: Path, method: str, start_user: START
) -> None:
    script = server_home / "worker_user.py"  # spawn needs a file to import
    script.write_text(WORKER_USER.replace("METHOD", method))
    run = f"import os, sys; os.execv(sys.executable, [sys.executable, {str(script)!r}, sys.argv[1]])"
    user = start_user(warehouse_home, run)
    server_pid, worker = map(int, user.line.split())
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: is_gone(server_pid), "the server stops while the worker's parent lives")
    assert user.process.poll() is None
    user.leave()


def test_a_server_without_watcher_and_users_is_taken_over(warehouse_home: Path, start_user: START) -> None:
    user = start_user(warehouse_home)
    kill_watcher(warehouse_home)
    user.kill()
    with running_server(warehouse_home) as server:
        assert str(server.pid) == user.line
        assert ask(server, "SELECT 1") == 1
        assert len(watchers(warehouse_home)) == 1
    wait_until(lambda: is_gone(server.pid), "the server stops")


def test_a_watcher_killed_during_use_is_replaced_at_the_end(warehouse_home: Path) -> None:
    with running_server(warehouse_home, settings=QUICK) as server:
        kill_watcher(warehouse_home)
    wait_until(lambda: is_gone(server.pid), "the server stops")


def test_what_was_committed_outlives_a_killed_server(warehouse_home: Path) -> None:
    with running_server(warehouse_home) as server:
        ask(
            server, "DROP TABLE IF EXISTS shelf; CREATE TABLE shelf AS SELECT * FROM generate_series(1, 100000) AS book"
        )
        kill_postmaster(server.pid)
        with running_server(warehouse_home) as next_server:
            assert next_server.pid != server.pid
            assert ask(next_server, "SELECT count(*) FROM shelf") == 100_000
    assert "automatic recovery in progress" in (warehouse_home / "server.log").read_text()


@pytest.mark.parametrize("content", ["a stranger's number", "empty", "the number of nobody"])
def test_a_stale_pid_file_is_seen_for_what_it_is(warehouse_home: Path, content: str) -> None:
    with running_server(warehouse_home, settings=QUICK) as server:
        pass
    wait_until(lambda: is_gone(server.pid), "the server stops")
    with stranger_of(server.data_directory.stat().st_uid) as stranger:
        pid = {"a stranger's number": stranger, "the number of nobody": 4_194_303}.get(content)
        lines = [pid, server.data_directory, int(time.time()), 5432, server.socket_directory, "", "1 2", "ready", ""]
        pid_file = server.data_directory / "postmaster.pid"
        pid_file.write_text("\n".join(map(str, lines)) if pid else "")
        os.chown(pid_file, server.data_directory.stat().st_uid, server.data_directory.stat().st_gid)
        assert server_status(warehouse_home) is None
        with running_server(warehouse_home, settings=QUICK) as next_server:
            assert ask(next_server, "SELECT 1") == 1
            assert next_server.pid != stranger


def test_the_watcher_signals_no_stranger(server_home: Path) -> None:
    with stranger_of(os.geteuid() or 65534) as stranger:
        lines = [stranger, server_home, 1, 5432, server_home, "", "1 2", "ready", ""]
        (server_home / "postmaster.pid").write_text("\n".join(map(str, lines)))
        assert not server_watcher.stop_server(server_home)
    (server_home / "postmaster.pid").unlink()


def test_a_server_whose_socket_was_cleaned_away_is_started_anew(
    warehouse_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_postmaster, "SECONDS_WITHOUT_SOCKET", 0.2)
    notes: list[str] = []
    with running_server(warehouse_home, settings=QUICK) as server:
        (server.socket_directory / ".s.PGSQL.5432").unlink()
        with running_server(warehouse_home, notify=notes.append) as next_server:
            assert next_server.pid != server.pid
            assert ask(next_server, "SELECT 1") == 1
    assert any("socket" in note for note in notes)


def test_a_slow_start_is_waited_for_and_told_of(warehouse_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a long recovery is: the server is held up as soon as it has written its pid file."""
    monkeypatch.setattr(server_postmaster, "SECONDS_BETWEEN_NOTES", 0.1)
    pid_file = warehouse_home / "postgres-18" / "postmaster.pid"

    def hold_up() -> None:
        wait_until(lambda: pid_file.exists() and pid_file.read_text().count("\n") > 4, "the server starts")
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, signal.SIGSTOP)
        time.sleep(1)
        os.kill(pid, signal.SIGCONT)

    holding = threading.Thread(target=hold_up)
    holding.start()
    notes: list[str] = []
    began = time.monotonic()
    with running_server(warehouse_home, settings=QUICK, notify=notes.append) as server:
        assert ask(server, "SELECT 1") == 1
    assert time.monotonic() - began > 1
    holding.join()
    assert sum("Waiting" in note for note in notes) >= 3
    assert str(warehouse_home) in notes[0]


STARTING_USER = """
import sys
from pathlib import Path
from pipelines.warehouse.server import running_server
print("starting", flush=True)
with running_server(Path(sys.argv[1])):
    sys.exit("it was to be killed before")
"""


def test_a_start_whose_starter_was_killed_is_waited_for(warehouse_home: Path, start_user: START) -> None:
    """The next user finds a server that starts or recovers, not one that is dead: it starts no second one."""
    pid_file = warehouse_home / "postgres-18" / "postmaster.pid"
    user = start_user(warehouse_home, STARTING_USER)
    wait_until(lambda: pid_file.exists() and pid_file.read_text().count("\n") > 4, "the server starts")
    pid = int(pid_file.read_text().split()[0])
    os.kill(pid, signal.SIGSTOP)
    for watcher in watchers(warehouse_home):
        watcher.kill()
    user.kill()
    assert pid_file.read_text().split()[-1] != "ready", "held up too late"
    go_on = threading.Timer(0.5, os.kill, (pid, signal.SIGCONT))
    go_on.start()
    with running_server(warehouse_home) as server:
        assert server.pid == pid
        assert ask(server, "SELECT 1") == 1
    go_on.join()


def test_the_watcher_of_a_removed_home_leaves_the_new_server_alone(server_home: Path, start_user: START) -> None:
    home = server_home / "var"
    user = start_user(home)
    old_server = psutil.Process(int(user.line))
    try:
        shutil.rmtree(home)
        with running_server(home, settings=QUICK) as server:
            assert server.pid != old_server.pid
            user.kill()
            wait_until(lambda: len(watchers(home)) == 1, "the old watcher ends")
            assert ask(server, "SELECT 1") == 1
    finally:
        with suppress(psutil.NoSuchProcess):  # it stops by itself within a minute, when it misses its files
            old_server.kill()
