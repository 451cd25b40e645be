"""The long soak, as a program: ``python -m tests.faults.long_soak --dumps 200 --seed 1``; prints its figures."""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import URL

from pipelines.warehouse.connection import connect
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.server import running_server
from tests.end_to_end.road import Road
from tests.faults.commands import start_zygote
from tests.faults.conftest import struck_at
from tests.faults.soak import Soak, comparable, differences, rebuild, story
from tests.postgres import make_home, remove_home


def main() -> int:
    """Soak, rebuild, compare; 1 where the two differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dumps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 2, 4, 8])
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311
    dumps = story(dice, options.dumps)
    home, began = make_home(on_disk=True), time.monotonic()
    with ExitStack() as stack:
        # As on a user's machine: what is committed is on the disk.
        server = [stack.enter_context(running_server(home))]
        zygote = start_zygote()
        stack.callback(zygote.communicate)

        def url() -> URL:
            return parse_url(server[-1].url)

        def restart() -> URL:
            os.kill(server[-1].pid, signal.SIGKILL)
            server.append(stack.enter_context(running_server(home)))
            return url()

        with connect(url()) as connection:
            prepare(connection)
        struck = stack.enter_context(struck_at(url(), zygote))

        def progress(waiting: int) -> None:
            sys.stderr.write(f"{time.monotonic() - began:.0f} s: {waiting} of {options.dumps} dumps are not in yet\n")

        soak = Soak(struck, dice, restart, options.at_once, progress)
        soak.take(dice.sample(dumps, len(dumps)))
        soaked = time.monotonic() - began
        found = comparable(struck.url)
        with connect(struck.url) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE rebuilt TEMPLATE template0 ENCODING 'UTF8'")
        rebuilt = Path(struck.folder) / "rebuilt"
        rebuilt.mkdir()
        road = Road.into(parse_url(server[-1].url).set(database="rebuilt").render_as_string(False), rebuilt)
        rebuild(road, dumps)
        expected = comparable(road.url)
        told = differences(found, expected)
    remove_home(home)
    for what, number in sorted(soak.counted.items()):
        sys.stdout.write(f"{number:8,} {what}\n")
    rows = {table: len(each) for table, each in expected.items()}
    processor = sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    sys.stdout.write(
        f"{options.dumps} dumps, seed {options.seed}: {soaked:.0f} s of soak, "
        f"{time.monotonic() - began - soaked:.0f} s of rebuild and comparison, {processor:.0f} s of processor here; "
        f"{sum(rows.values()):,} rows compared in {len(rows)} tables ({rows['catalog.records']} records)\n"
    )
    sys.stdout.write("\n".join(told) + "\n" if told else "no row differs, nothing is left over\n")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
