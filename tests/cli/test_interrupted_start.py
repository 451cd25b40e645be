"""Ctrl-C, or SIGTERM, ends the command with one line, also while the program is read, or the server at work."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from pipelines.warehouse.connection import libpq_url
from tests.end_to_end.road import Road
from tests.postgres import wait_until

#: A shell's background jobs ignore the signal, and hand that on.
COMMAND = """
import signal; signal.signal(signal.SIGINT, signal.default_int_handler)
from pipelines.start import main; print(flush=True); main()
"""


#: A module that loses whatever is raised while it is imported; Ctrl-C comes just then.
CAUGHT = """
import contextlib, os, signal, sys
from importlib.abc import MetaPathFinder
signal.signal(signal.SIGINT, signal.default_int_handler)
MODULE = sys.argv.pop(1)

class Interrupting(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == MODULE:
            with contextlib.suppress(BaseException):
                os.kill(os.getpid(), signal.SIGINT)
                for _ in range(1_000): pass

sys.meta_path.insert(0, Interrupting())
from pipelines.start import main
main()
"""


@pytest.mark.parametrize("module", ["pipelines.cli", "pipelines.ingest"])
def test_an_interrupt_that_an_imported_module_would_lose_is_heard(tmp_path: Path, module: str):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "title": "A"}\n')
    arguments = [module, "--home", str(tmp_path / "home"), "ingest", str(tmp_path / "a.jsonl")]
    ended = subprocess.run([sys.executable, "-c", CAUGHT, *arguments], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, "error: interrupted\n")
    assert not (tmp_path / "home").exists()


#: How each ends that was faster than the signal.
COMPLETE = {
    "ingest": (0, re.compile(r".*\nNext:\n.*", re.DOTALL)),
    "status": (1, re.compile(r"error: there is no warehouse in \S+/home yet; make one with: vufind-warehouse .*\n")),
}


@pytest.mark.parametrize(
    ("verb", "seconds", "number"),
    [
        ("ingest", 0.05, signal.SIGINT),
        ("ingest", 0.05, signal.SIGTERM),
        ("status", 0.4, signal.SIGINT),
        ("status", 0.4, signal.SIGTERM),
        ("ingest", 0.7, signal.SIGTERM),
        ("ingest", 1.5, signal.SIGTERM),
    ],
)
def test_a_command_that_is_interrupted_at_the_start_says_so_in_one_line_or_is_complete(
    tmp_path: Path, verb: str, seconds: float, number: int
):
    (tmp_path / "a.jsonl").write_text('{"id": "1", "title": "A"}\n')
    arguments = ["--home", str(tmp_path / "home"), *([verb, str(tmp_path / "a.jsonl")] if verb == "ingest" else [verb])]
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    if process.returncode == 130:
        assert told.splitlines()[-1].startswith("error: interrupted")
        assert "Traceback" not in told
    else:
        code, lines = COMPLETE[verb]
        # All is said, and the interpreter itself is ending: it has put its handlers aside by then.
        assert process.returncode in {code, -number}
        assert lines.fullmatch(told), told
        assert seconds > 0.1, "the program is not read by then"


@pytest.mark.parametrize(
    ("arguments", "number", "left"),
    [
        (["query", "SELECT pg_sleep(301)"], signal.SIGINT, ""),
        (["query", "SELECT pg_sleep(302)"], signal.SIGTERM, ""),
        (["works", "recount"], signal.SIGINT, "; nothing was changed, or nothing by halves"),
    ],
    ids=["query", "query, SIGTERM", "recount"],
)
def test_a_signal_cancels_what_the_server_does_for_a_command(
    warehouse: Road, arguments: list[str], number: int, left: str
):
    at_work = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'vufind-warehouse' AND state = 'active'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    with closing(psycopg2.connect(libpq_url(warehouse.url))) as holding, holding.cursor() as cursor:
        if arguments[0] == "works":
            cursor.execute("LOCK TABLE catalog.records, ops.author_counts IN ACCESS EXCLUSIVE MODE")
        command = [sys.executable, "-c", COMMAND, *arguments]
        environment = {**os.environ, "WAREHOUSE_URL": libpq_url(warehouse.url)}
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            wait_until(lambda: warehouse.rows(at_work) == [(1,)], f"the server is at work for {arguments}", 60)
            process.send_signal(number)
            _, told = process.communicate(timeout=20)
    *_, last = told.splitlines()
    assert (process.returncode, last) == (130, f"error: interrupted{left}".encode())
    wait_until(lambda: warehouse.rows(at_work) == [(0,)], "the server has ended it", 20)
