"""Warehouses to strike: each test has a copy of one that is ready, and what an undisturbed run makes of it."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
import sqlalchemy

from pipelines.warehouse.connection import connect, libpq_url, warehouse_url
from pipelines.warehouse.schema import prepare
from tests.faults.commands import Commands, start_zygote
from tests.faults.warehouse import HELD_UP, Struck, write_dumps
from tests.postgres import copied_database


@pytest.fixture(scope="session")
def zygote() -> Iterator[Popen[str]]:
    process = start_zygote()
    yield process
    process.communicate()


@contextmanager
def struck_at(url: sqlalchemy.URL | None, zygote: Popen[str], home: Path | None = None) -> Iterator[Struck]:
    """Dumps and commands for a warehouse; without a URL for the embedded one of ``home``."""
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_dumps(folder)
        environment = {
            "WAREHOUSE_URL": libpq_url(url) if url else "",
            "VUFIND_WAREHOUSE_HOME": str(home or folder / "home"),
            "DAGSTER_HOME": "",
            "COLUMNS": "400",
        }
        commands = Commands(zygote, folder, environment)
        try:
            yield Struck(url, folder, commands)
        finally:
            commands.end()


class Databases:
    """Databases of the tests' server that are copies of ready ones."""

    def __init__(self, server: sqlalchemy.URL, zygote: Popen[str]) -> None:
        self._server, self._zygote = server, zygote
        self._ready: dict[str, str] = {}
        self._undisturbed: dict[tuple[str, ...], tuple[dict[str, Any], list[str]]] = {}

    def _run(self, statement: str) -> None:
        engine = sqlalchemy.create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def _url(self, name: str) -> sqlalchemy.URL:
        return warehouse_url(self._server.set(database=name).render_as_string(hide_password=False))

    def _template(self, *dumps: str) -> str:
        """A database with these dumps in it, to be copied."""
        key = " ".join(dumps)
        if key not in self._ready:
            name = self._ready[key] = f"test_ready_{uuid.uuid4().hex}"
            self._run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
            url = self._url(name)
            with connect(url) as connection:
                prepare(connection)
                with connection, connection.cursor() as cursor:
                    cursor.execute(HELD_UP)
            with struck_at(url, self._zygote) as struck:
                for dump in dumps:
                    struck.take_road(dump)
        return self._ready[key]

    @contextmanager
    def copy(self, *dumps: str) -> Iterator[Struck]:
        """A warehouse with these dumps in it."""
        with copied_database(self._server, self._template(*dumps)) as url:
            assert url.database is not None
            with struck_at(self._url(url.database), self._zygote) as struck:
                yield struck

    def undisturbed(self, *dumps: str) -> tuple[dict[str, Any], list[str]]:
        """State of the warehouse, and files of the home, where the last of the dumps came to the others."""
        if dumps not in self._undisturbed:
            with self.copy(*dumps[:-1]) as struck:
                struck.take_road(dumps[-1])
                self._undisturbed[dumps] = struck.state(), struck.files()
        return self._undisturbed[dumps]

    def drop(self) -> None:
        for name in self._ready.values():
            self._run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def databases(postgres_server: sqlalchemy.URL, zygote: Popen[str]) -> Iterator[Databases]:
    made = Databases(postgres_server, zygote)
    yield made
    made.drop()


@pytest.fixture
def struck(databases: Databases) -> Iterator[Struck]:
    """A warehouse with the first dump in it."""
    with databases.copy("2020") as ready:
        yield ready
