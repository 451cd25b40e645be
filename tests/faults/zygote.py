"""A process that has imported the program and forks commands, so that each has not to import it again.

What it forks is the very command ``vufind-warehouse``, or the four stages of the road alone, which Dagster's assets
call: a process of its own, which can be killed. It may be told of a place where it gets a signal: a function of the
program, and what its arguments say. That is all that is changed in it, and the function does what it does.

Reads a request a line (JSON) and answers with the number of the process; a keeper, forked between the two, writes how
it ended. :class:`tests.faults.commands.Commands` is the other end.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from dagster import ReexecutionOptions, execute_job
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.storage.tags import PARTITION_NAME_TAG

import pipelines.ingest
import pipelines.show
from pipelines import cli, stages
from pipelines.definitions import defs
from pipelines.home import Home
from pipelines.instance import dagster_instance
from pipelines.warehouse.changes import Dump


def stop_at(function: str, says: str, nth: int, number: int) -> None:
    """Send this process a signal when ``function`` (module:name) is called with what ``says`` so for the nth time."""
    module, _, name = function.partition(":")
    holder: Any = importlib.import_module(module)
    *outer, last = name.split(".")
    for each in outer:
        holder = getattr(holder, each)
    real = getattr(holder, last)
    calls = iter(range(1, 1_000_000))

    @functools.wraps(real)
    def stopping(*arguments: Any, **options: Any) -> Any:
        if says in repr(arguments[:2]) and next(calls) == nth:
            os.kill(os.getpid(), number)
        return real(*arguments, **options)

    setattr(holder, last, stopping)
    for each in [module for name, module in sys.modules.items() if name.startswith("pipelines.")]:
        for known, value in list(vars(each).items()):
            if value is real:
                setattr(each, known, stopping)


def run(request: dict[str, Any]) -> None:
    """Become the command."""
    folder = Path(request["folder"])
    for number, name in ((1, "out"), (2, "told")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(request["environment"])
    os.chdir(folder)
    # A script starts "command &" with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if request["stop"]:
        stop_at(*request["stop"])
    verb, *arguments = request["arguments"]
    if verb in RUNS:
        RUNS[verb](*arguments)
        return
    sys.argv = ["vufind-warehouse", *request["arguments"]]
    cli.main()


def take_the_road(path: str, source: str, name: str, kind: str) -> None:
    """Take a dump down the road without Dagster, by the frames that the command would use."""
    home, dump = Home.here(), Dump(source, name, kind, may_shrink=True)
    raw, normalized, planned = (home.parts(stage, f"{source}/{name}") for stage in ("raw", "normalized", "planned"))
    assert home.url is not None
    stages.extract(Path(path), kind, raw, may_shrink=True)
    stages.normalize(raw, normalized, source)
    stages.deduplicate(home.url, raw, normalized, planned, dump)
    stages.load(home.url, raw, normalized, planned, dump)


def run_in_dagster(path: str, partition: str) -> None:
    """Run the job of a dump as Dagster's run worker does."""
    with dagster_instance(Home.here()) as instance:
        instance.add_dynamic_partitions("dumps", [partition])
        config = {"ops": {"raw_records": {"config": {"path": path, "kind": "delta"}}}}
        execute_job(JOB, instance, run_config=config, tags={PARTITION_NAME_TAG: partition})


def retry_in_dagster(run_id: str) -> None:
    """Run what a failed run did not end, with its configuration and tags, as Dagster's daemon does where it retries."""
    with dagster_instance(Home.here()) as instance:
        options = ReexecutionOptions.from_failure(run_id, instance)
        failed = instance.get_run_by_id(run_id)
        assert failed is not None
        execute_job(JOB, instance, failed.run_config, failed.tags, raise_on_error=True, reexecution_options=options)


#: What runs beside the command itself, by a verb of its own.
RUNS = {"road": take_the_road, "run": run_in_dagster, "retry": retry_in_dagster}
JOB = ReconstructableRepository.for_module("pipelines.definitions", "defs").get_reconstructable_job("ingest_dump")


def keep(request: dict[str, Any], answer: int) -> None:
    """Fork the command, tell its number, wait for its end and note it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.close(answer)
        run(request)
        return
    os.write(answer, f"{pid}\n".encode())
    os.close(answer)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    ended = Path(request["folder"]) / "ended"
    ended.with_suffix(".new").write_text(str(code))
    ended.with_suffix(".new").rename(ended)
    os._exit(0)


def serve() -> None:
    """Fork what is asked for, until the input ends."""
    # What a first run does once in a process.
    defs.resolve_job_def("ingest_dump")
    assert pipelines.ingest and pipelines.show
    # A collection in a child would write to every object, and so copy all of them.
    gc.collect()
    gc.freeze()
    answer = os.dup(1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers leave no zombies
    for line in iter(sys.stdin.readline, ""):
        if os.fork() == 0:
            keep(json.loads(line), answer)
            return  # the command has ended: so does its process


if __name__ == "__main__":
    serve()
