"""A warehouse that a fault strikes: two dumps, triggers at which a writer can be held up, and the commands at it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import URL

from pipelines.warehouse.connection import connect, libpq_url
from tests.archives import tarred
from tests.faults.commands import SECONDS, Command, Commands
from tests.faults.state import files, left_over, state
from tests.postgres import wait_until

AUTHORS = ["Núñez, Ana, 1950-", "NUNEZ, ANA, 1950-2001", "Okafor, Ben"]


def document(number: int, year: int) -> dict[str, Any]:
    """Records that share works, headings in several spellings, identifiers and links; late ones have a heading more."""
    return {
        "id": str(number),
        "title": f"A study of {('rivers', 'lakes', 'seas')[number % 3]}",
        "author": [AUTHORS[number % 3], *(["Roe, Jane"] if number >= 8 else [])],
        "publishDate": [str(year)],
        "doi_str_mv": [f"10.1000/{number % 4}"],
        "url": [f"https://example.org/{number}"],
    }


def json_lines(documents: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in documents)


#: The dump that may be in before, and the one that a fault strikes: records come, change, stay and are deleted, one
#: cannot be read.
FIRST = {"a.jsonl": json_lines([document(number, 2001) for number in range(8)])}
SECOND = {
    "a.jsonl": json_lines([document(number, 2001 + number % 2) for number in range(4, 12)]) + b"broken\n",
    "c.delete": b"1\n2\n",
}
DUMPS = {"2020": FIRST, "2021": SECOND}
SOURCE = "library"

#: A writer waits at a row of a table as long as somebody holds the table up.
HELD_UP = """
    CREATE FUNCTION public.hold_up() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(hashtext(format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME)));
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$;
    DO $$ DECLARE t regclass; BEGIN
        FOR t IN SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
            WHERE nspname IN ('catalog', 'ops') AND relkind = 'r'
        LOOP
            EXECUTE format('CREATE TRIGGER hold_up BEFORE INSERT OR UPDATE OR DELETE ON %s
                FOR EACH ROW EXECUTE FUNCTION public.hold_up()', t);
        END LOOP;
    END $$;
"""


WAITING = (
    "SELECT pid FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database"
    " WHERE NOT granted AND datname = current_database()"
)


def write_dump(path: Path, content: Mapping[str, bytes]) -> None:
    """Write a dump of several files as an archive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tarred(content.items()))


def write_dumps(folder: Path) -> None:
    """Write DUMPS below a folder, as a catalogue's folder has them."""
    for name, content in DUMPS.items():
        write_dump(folder / SOURCE / f"{name}.tar", content)


@dataclass
class Struck:
    """A warehouse, a home and dumps on which a fault is tried."""

    url: URL
    folder: Path
    commands: Commands

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def libpq_url(self) -> str:
        return libpq_url(self.url)

    def dump(self, name: str = "2021") -> Path:
        return self.folder / SOURCE / f"{name}.tar"

    def write_later(self, name: str) -> None:
        """Write a further dump, whose records change some of those before."""
        number = len(list((self.folder / SOURCE).iterdir()))
        later = [document(number + each, 2001 + number % 3) for each in range(4)]
        write_dump(self.dump(name), {"a.jsonl": json_lines(later)})

    def start(self, name: str = "2021", **stop: Any) -> Command:
        """Start the command ``ingest`` of a dump."""
        return self.commands.start("ingest", self.dump(name), "--source", SOURCE, **stop)

    def ingest(self, name: str = "2021") -> Command:
        """Ingest a dump by the command."""
        command = self.start(name)
        assert command.wait() == 0, command.told + command.out
        return command

    def start_road(self, name: str = "2021", **stop: Any) -> Command:
        """Start the four stages of a dump, without Dagster."""
        return self.commands.start("road", self.dump(name), SOURCE, name, "delta", **stop)

    def take_road(self, name: str = "2021") -> None:
        """Take a dump down the four stages."""
        command = self.start_road(name)
        assert command.wait() == 0, command.told

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with connect(self.url) as connection, connection, connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def state(self) -> dict[str, list[dict[str, Any]]]:
        return state(self.url)

    def files(self) -> list[str]:
        """What lies in the home but for Dagster's files, whose runs are kept, and the embedded server's."""
        return [name for name in files(self.home) if not name.startswith(("dagster/", "postgres-", "server.log"))]

    @contextmanager
    def held_up(self, table: str) -> Iterator[None]:
        """Hold up whoever writes a row of a table."""
        with closing(psycopg2.connect(libpq_url(self.url))) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", (table,))
            yield

    def wait_until_held_up(self, *commands: Command) -> None:
        """Wait until as many sessions wait for a lock in this database as there are commands."""
        with connect(self.url) as connection, connection.cursor() as cursor:
            connection.autocommit = True

            def are_held_up() -> bool:
                cursor.execute(WAITING)
                return len(cursor.fetchall()) >= len(commands) or any(command.has_ended for command in commands)

            wait_until(are_held_up, "the commands wait", SECONDS, every=0.05)
        for command in commands:
            assert not command.has_ended, command.told + command.out

    def wait_until_told(self, command: Command, line: str) -> None:
        wait_until(lambda: line in command.told or command.has_ended, f"it says {line!r}", SECONDS)
        assert line in command.told, command.told + command.out

    def wait_until_nobody_waits(self) -> None:
        wait_until(lambda: not self.rows(WAITING), "nobody waits for a lock", SECONDS, every=0.1)

    def assert_nothing_is_left(self) -> None:
        """Nobody may hold anything in the database; a backend may need a moment to see that its client is gone."""
        wait_until(lambda: not left_over(self.url), f"nothing is left in the database: {left_over(self.url)}", 15)
