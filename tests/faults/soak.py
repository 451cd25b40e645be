"""A soak: many small dumps in random order under random faults, and then the same warehouse as a rebuild gives.

    make soak DUMPS=200 [SEED=1]

Dumps of several catalogues, delta and full, with deletions and broken lines, are ingested one after the other or
several at once; processes are killed, interrupted, their connections cut and statements cancelled at random moments,
and the server is killed now and then. Each dump is taken again until it goes in. Then the dumps go into a new
warehouse in the order of their names, undisturbed; both must hold the same rows.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import URL

from tests.end_to_end.road import Road
from tests.faults.commands import Command
from tests.faults.state import left_over, state
from tests.faults.warehouse import Struck, json_lines, write_dump
from tests.postgres import wait_until

SOURCES = ("archive", "clinic", "library")
TITLES = ("A study of rivers", "A study of lakes", "Red lakes of the north", "Tides and what they carry", "Editorial")
AUTHORS = ("Núñez, Ana", "NUNEZ, ANA", "Okafor, Ben, 1950-", "OKAFOR, BEN, 1950-2001", "Hansen, Bo", "Weir, Ada")

#: What strikes a run, and how often.
FAULTS = {"none": 30, "kill": 34, "cut": 12, "cancel": 6, "interrupt": 10, "kill the server": 8}

#: Tables whose rows depend on the order in which dumps came, or tell it.
HISTORY = frozenset(
    {
        "ops.loads",
        "ops.dumps",
        "ops.record_changes",
        "ops.change_counts",
        "ops.warehouse_version",
        "catalog.work_redirects",
    }
)


@dataclass(frozen=True)
class Told:
    """A dump of the story."""

    source: str
    name: str
    kind: str
    files: Mapping[str, bytes] = field(hash=False)


def story(dice: random.Random, dumps: int) -> list[Told]:
    """Dumps in the order of their names."""

    def record(number: int) -> dict[str, Any]:
        made = {
            "id": str(number),
            "title": dice.choice(TITLES),
            "author": dice.sample(AUTHORS, dice.randint(1, 2)),
            "publishDate": [str(dice.randint(2000, 2003))],
        }
        if dice.random() < 0.3:
            made["doi_str_mv"] = [f"10.1000/{dice.randint(1, 9)}"]
        if dice.random() < 0.3:
            made["url"] = [f"https://example.org/{dice.randint(1, 9)}"]
        return made

    told = []
    for number in range(dumps):
        ids = dice.sample(range(40), dice.randint(1, 12))
        files = {"b.jsonl": json_lines([record(each) for each in ids])}
        if dice.random() < 0.15:
            files["b.jsonl"] += b"broken\n"
        if dice.random() < 0.3:
            gone = dice.sample(sorted(set(range(40)) - set(ids)), dice.randint(1, 4))
            files["c.delete"] = "".join(f"{each}\n" for each in gone).encode()
        kind = "full" if dice.random() < 0.2 else "delta"
        told.append(Told(dice.choice(SOURCES), f"2020-{number:04d}", kind, files))
    return told


@dataclass
class Soak:
    """A warehouse under faults; ``restart`` brings a killed server back, and kills it before that."""

    struck: Struck
    dice: random.Random
    restart: Callable[[], URL] | None = None
    at_once: Sequence[int] = (1, 2, 4, 8)
    progress: Callable[[int], object] = lambda _: None
    counted: Counter[str] = field(default_factory=Counter)
    _seconds: list[float] = field(default_factory=lambda: [1.0])
    _numbers: Iterator[int] = field(default_factory=count)

    def take(self, dumps: Sequence[Told]) -> None:
        """Take dumps, one or several at a time, until all are in."""
        waiting = list(dumps)
        while waiting:
            some = [waiting.pop() for _ in range(min(len(waiting), self.dice.choice(self.at_once)))]
            # The same dump twice at once, now and then.
            if self.dice.random() < 0.05:
                some.append(some[0])
            self.counted["at most at once"] = max(self.counted["at most at once"], len(some))
            began = time.monotonic()
            runs = [(told, self._start(told)) for told in some]
            fault = self._strike([run for _, run in runs])
            for told, run in runs:
                code = run.wait()
                self.counted["went in" if code == 0 else f"ended with {code}"] += 1
                assert code in ALLOWED[fault], f"{fault}: {told.source}/{told.name}: {code}: {run.told}{run.out}"
                if code:
                    waiting.insert(self.dice.randint(0, len(waiting)), told)
            self.progress(len(waiting))
            if fault == "none":
                self._seconds.append(time.monotonic() - began)
        wait_until(lambda: not left_over(self.struck.url), f"nothing is left: {left_over(self.struck.url)}")

    def _start(self, told: Told) -> Command:
        path = self.struck.folder / "soak" / told.source / f"{told.name}.tar"
        if not path.exists():
            write_dump(path, told.files)
        if next(self._numbers) % 12 != 3:
            self.counted["runs of the four stages"] += 1
            return self.struck.commands.start("road", path, told.source, told.name, told.kind)
        self.counted["runs of the command"] += 1
        options = ("--source", told.source, "--kind", told.kind, "--allow-shrink")
        return self.struck.commands.start("ingest", path, *options)

    def _strike(self, runs: Sequence[Command]) -> str:
        """Let something happen to the runs at a random moment; says what."""
        weights = {name: each for name, each in FAULTS.items() if self.restart or name != "kill the server"}
        [fault] = self.dice.choices(list(weights), list(weights.values()))
        self.counted[f"fault: {fault}"] += 1
        if fault == "none":
            return fault
        usual = sorted(self._seconds)[len(self._seconds) // 2]
        time.sleep(self.dice.uniform(0, 1.1 * usual))
        struck = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        if fault in SIGNALS:
            for run in self.dice.sample(runs, self.dice.randint(1, len(runs))):
                if not run.has_ended:
                    run.send_if_there(SIGNALS[fault])
        elif fault == "kill the server":
            assert self.restart is not None
            self.struck.url = self.restart()
            self.struck.commands.environment["WAREHOUSE_URL"] = self.struck.libpq_url
        else:
            function = {"cut": "pg_terminate_backend", "cancel": "pg_cancel_backend"}[fault]
            self.struck.rows(f"SELECT {function}(pid) {struck}")
        return fault


SIGNALS = {"kill": signal.SIGKILL, "interrupt": signal.SIGTERM}

#: How a run may end under a fault: in, refused, or by the signal (the four stages alone have no handler for SIGTERM).
ALLOWED = {
    "none": (0,),
    "kill": (0, -signal.SIGKILL),
    "interrupt": (0, 130, -signal.SIGTERM),
    "cut": (0, 1),
    "cancel": (0, 1),
    "kill the server": (0, 1),
}


def rebuild(road: Road, dumps: Sequence[Told]) -> None:
    """Take the dumps into a new warehouse in the order of their names, undisturbed."""
    for told in dumps:
        path = road.folder / told.source / f"{told.name}.tar"
        write_dump(path, told.files)
        road.ingest(told.source, told.name, path, told.kind)


def comparable(url: URL) -> dict[str, Any]:
    """The rows of a warehouse that do not depend on the order of its loads."""
    found = state(url)
    dumps = [{name: row[name] for name in ("source", "name", "kind", "sha256", "records_read", "deletions")}
             for row in found["ops.dumps"]]  # fmt: skip
    return {name: rows for name, rows in found.items() if name not in HISTORY} | {"dumps": sorted(dumps, key=repr)}


def differences(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Tables that differ, each with its first differing rows."""
    told = []
    for table, rows in expected.items():
        if found[table] != rows:
            more = [row for row in found[table] if row not in rows][:2]
            less = [row for row in rows if row not in found[table]][:2]
            told.append(
                f"{table}: {len(found[table])} rows, {len(rows)} by the rebuild; only here {more}; lacks {less}"
            )
    return told
