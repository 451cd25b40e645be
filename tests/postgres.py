"""Fixtures for tests that need a real Postgres: one server for the whole run, a database for each test.

The workers of pytest-xdist share the server, and a database with the schema in it that those of the tests are copies
of: a copy takes a tenth of the time that making the schema does. With ``TEST_DATABASE_URL`` (SQLAlchemy's URL of a
maintenance database whose user may create databases) they run against that server instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy

from pipelines.warehouse.connection import connect
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.server import running_server

#: The data of a test need not survive the machine.
QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "max_connections": "200",
}

#: A file system in memory, where Linux has one. A database is some hundred files and an ingest makes and removes as
#: many: on a disk that takes the kernel more time than all else takes Postgres.
MEMORY = Path("/dev/shm")  # noqa: S108 - what lies there has a name of its own
_BYTES_IN_MEMORY = 2 << 30

_HOME_VARIABLE = "VUFIND_WAREHOUSE_TEST_HOME"
_PREPARED_VARIABLE = "VUFIND_WAREHOUSE_TEST_PREPARED"

#: The advisory lock of the worker that makes the database the others are copies of.
_PREPARING = 20_260_101


def make_home(*, on_disk: bool = False) -> Path:
    """A new folder that root's server user can enter, which it cannot with pytest's ``tmp_path`` (0700).

    It lies in memory where there is room, unless ``on_disk`` asks for a machine as a user's is.
    """
    in_memory = not on_disk and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > _BYTES_IN_MEMORY
    # A short name: the path of a server's socket may not be long.
    home = Path(tempfile.mkdtemp(prefix="vufind-tests-", dir=MEMORY if in_memory else None))
    home.chmod(0o755)
    return home


def wait_until(condition: Callable[[], object], what: str, seconds: float = 30, every: float = 0.01) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"waited {seconds} s in vain: {what}")
        time.sleep(every)


def remove_home(home: Path) -> None:
    """Remove a home once every server below it has stopped: ``postmaster.pid`` is the last that it removes."""
    wait_until(lambda: not list(home.rglob("postmaster.pid")), f"the servers in {home} stop")
    shutil.rmtree(home)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the workers inherit the variable
        os.environ[_HOME_VARIABLE] = str(make_home())
        os.environ[_PREPARED_VARIABLE] = f"test_prepared_{uuid.uuid4().hex}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and (home := os.environ.pop(_HOME_VARIABLE, None)):
        prepared = os.environ.pop(_PREPARED_VARIABLE)
        if given := os.environ.get("TEST_DATABASE_URL"):
            with _maintenance(sqlalchemy.make_url(given)) as connection:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {prepared} WITH (FORCE)")
        remove_home(Path(home))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sqlalchemy.URL]:
    """A maintenance database of the server that the tests run against."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield sqlalchemy.make_url(given)
        return
    with running_server(Path(os.environ[_HOME_VARIABLE]), settings=QUICK) as server:
        yield sqlalchemy.make_url(server.url).set(database="postgres")


@pytest.fixture(scope="session")
def prepared_database(postgres_server: sqlalchemy.URL) -> str:
    """The name of a database with the schema and nothing else, made by the worker that comes first."""
    name = os.environ[_PREPARED_VARIABLE]
    with _maintenance(postgres_server) as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (_PREPARING,))
        if not connection.exec_driver_sql("SELECT datname FROM pg_database WHERE datname = %s", (name,)).first():
            half = f"{name}_half"
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {half}")
            connection.exec_driver_sql(f"CREATE DATABASE {half} TEMPLATE template0 ENCODING 'UTF8'")
            with connect(postgres_server.set(database=half)) as made:
                prepare(made)
            connection.exec_driver_sql(f"ALTER DATABASE {half} RENAME TO {name}")
    return name


@contextmanager
def _maintenance(server: sqlalchemy.URL) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def copied_database(server: sqlalchemy.URL, template: str) -> Iterator[sqlalchemy.URL]:
    """A database that is a copy of another of the server, and is dropped in the end."""
    name = f"test_{uuid.uuid4().hex}"
    with _maintenance(server) as connection:
        # Copying files takes half the processor that writing a log of every page does. Postgres 14 knows no other way.
        version = connection.dialect.server_version_info or ()
        strategy = "STRATEGY file_copy" if version >= (15,) else ""
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' {strategy}")
    try:
        yield server.set(database=name)
    finally:
        with _maintenance(server) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_database_url(postgres_server: sqlalchemy.URL) -> Iterator[str]:
    """SQLAlchemy's URL of a new, empty database that is dropped after the test."""
    with copied_database(postgres_server, "template0") as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def warehouse_url(postgres_server: sqlalchemy.URL, prepared_database: str) -> Iterator[str]:
    """SQLAlchemy's URL of a new warehouse with nothing in it, which is dropped after the test."""
    with copied_database(postgres_server, prepared_database) as url:
        with _maintenance(url) as connection:
            # A copy is another warehouse than what it was copied from.
            connection.exec_driver_sql("UPDATE ops.warehouse_version SET warehouse_id = gen_random_uuid()")
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def server_home() -> Iterator[Path]:
    """A folder for a server of the test's own; the test fails if its server has not stopped in the end."""
    home = make_home()
    yield home
    remove_home(home)


@pytest.fixture(scope="session")
def _made_warehouse() -> Iterator[Path]:
    home = make_home()
    with running_server(home, settings=QUICK) as server:
        data_directory = server.data_directory
    wait_until(lambda: not (data_directory / "postmaster.pid").exists(), "the server stops")
    yield data_directory
    remove_home(home)


@pytest.fixture
def warehouse_home(server_home: Path, _made_warehouse: Path) -> Iterator[Path]:
    """A home with a warehouse in it, which has the tables that earlier tests left.

    The one cluster of the worker moves from home to home: its making or copying would take a second a test.
    """
    data_directory = server_home / _made_warehouse.name
    _made_warehouse.rename(data_directory)
    yield server_home
    wait_until(lambda: not (data_directory / "postmaster.pid").exists(), f"the server in {server_home} stops")
    data_directory.rename(_made_warehouse)


@dataclass(frozen=True)
class UserProcess:
    """Another process that uses the server: it prints a line when it does, and goes on until its input ends."""

    process: subprocess.Popen[str]
    line: str

    def leave(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


_USE = """
import sys
from pathlib import Path
from pipelines.warehouse.server import running_server
with running_server(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
    print(server.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def start_user() -> Iterator[Callable[..., UserProcess]]:
    """Start a process that uses the server of a home, by the script given or simply so."""
    started: list[subprocess.Popen[str]] = []

    def start(home: Path, script: str = _USE, **environment: str) -> UserProcess:
        process = subprocess.Popen(
            [sys.executable, "-c", script, home],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        started.append(process)
        assert process.stdout is not None
        return UserProcess(process, process.stdout.readline().strip())

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
