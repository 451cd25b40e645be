"""Dagster's instance of a home: its settings, and its SQLite files written at the speed of SQLite.

Dagster opens and closes a connection for each of some 300 statements of a run and compiles each anew, which took
three quarters of the time of a small dump. Here connections stay open; the files are the same, so that the UI
shows the runs while they go on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy
from alembic.util.exc import CommandError
from dagster import DagsterInstance
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from pipelines.home import Home, HomeError
from pipelines.orphans import end_orphans, free_the_pool
from pipelines.warehouse.server_locks import locked

#: Dagster's settings as the project ships them.
SETTINGS: Final = Path(__file__).parents[1] / "dagster.yaml"

#: SHA-256 of those that were shipped before: a home that has them unchanged gets the present ones.
_FORMER_SETTINGS: Final = frozenset({"4e45b3989540593e50b368ec43a750e37259e1fa606e6553ac37bdd66ea61121"})

#: Dagster would start four processes for each step, to copy what it prints to a file and to the screen; the stages
#: print nothing, and what the command prints is for the screen alone.
_NO_COMPUTE_LOGS: Final = {"module": NoOpComputeLogManager.__module__, "class": NoOpComputeLogManager.__name__}

#: Is held while the files are made.
_LOCK: Final = "files.lock"

#: Seconds to wait for another process (the UI, its daemon) that writes to the same file.
BUSY_SECONDS: Final = 60

#: Each run has a file of events of its own; of so many the connections stay open.
OPEN_RUNS: Final = 2


@contextmanager
def dagster_instance(home: Home) -> Iterator[DagsterInstance]:
    """Dagster's instance of the home for a run in this process, with the project's settings where it has none yet.

    Sets ``DAGSTER_HOME``. A storage that the home's own ``dagster.yaml`` names is left as it is.
    Raises :class:`~pipelines.home.HomeError` where its files cannot be written, or found.
    """
    try:
        with _instance(home) as instance:
            yield instance
    except CommandError as error:
        # Two commands at once made them, of a version that did not wait for one another.
        raise HomeError(
            f"Dagster's files in {home.dagster} are not whole ({error}): remove that folder and run it again. It holds "
            "the history of runs alone; what is in the warehouse stays"
        ) from error
    except sqlalchemy.exc.DBAPIError as error:
        raise HomeError(
            f"Dagster cannot write its files in {home.dagster} ({error.orig}); a dump is loaded whole or not at all: "
            "make room if the disk is full, and run it again"
        ) from error


@contextmanager
def _instance(home: Home) -> Iterator[DagsterInstance]:
    home.refuse_signs_of_urls()
    home.dagster.mkdir(parents=True, exist_ok=True)
    # Dagster makes its files, and the tables in them, without a look at whether another process does so too.
    with locked(home.dagster / _LOCK):
        opened = _opened(home)
    with opened as instance:
        end_orphans(instance)
        free_the_pool(instance)
        yield instance


def _opened(home: Home) -> DagsterInstance:
    """The instance, its settings and files made where they are not there yet."""
    settings = home.dagster / "dagster.yaml"
    if not settings.exists() or hashlib.sha256(settings.read_bytes()).hexdigest() in _FORMER_SETTINGS:
        shutil.copyfile(SETTINGS, settings)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    overrides: dict[str, Any] = {"compute_logs": _NO_COMPUTE_LOGS}
    storage = InstanceRef.from_dir(str(home.dagster)).storage_data
    plain = (DagsterSqliteStorage.__module__, DagsterSqliteStorage.__name__)
    if storage is not None and (storage.module_name, storage.class_name) == plain:
        kept_open = {"module": __name__, "class": KeptOpenStorage.__name__, "config": storage.config_dict}
        overrides["storage"] = {"custom": kept_open}
    return DagsterInstance.from_ref(InstanceRef.from_dir(str(home.dagster), overrides=overrides))


class KeptOpenStorage(DagsterSqliteStorage):
    """Dagster's SQLite storage whose runs and events are written through connections that stay open."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        super().__init__(base_dir, inst_data)
        self._run_storage = _Runs.from_local(str(Path(base_dir) / "history"))
        self._event_log_storage = _Events(str(Path(base_dir) / "history" / "runs"))

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> KeptOpenStorage:
        """The storage of a ``dagster.yaml``."""
        return cls.from_local(inst_data=inst_data, **config_value)


class _Runs(SqliteRunStorage):
    def __init__(self, conn_string: str, inst_data: Any = None) -> None:
        super().__init__(conn_string, inst_data)
        self._engine = _engine(conn_string)

    def connect(self) -> AbstractContextManager[sqlalchemy.Connection]:  # type: ignore[override]
        return self._engine.begin()

    def dispose(self) -> None:
        super().dispose()
        self._engine.dispose()


class _Events(SqliteEventLogStorage):
    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: OrderedDict[str, sqlalchemy.Engine] = OrderedDict()
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    def has_table(self, table_name: str) -> bool:
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)  # Dagster asks before every look at the partitions, and drops no table
        return table_name in self._tables

    def run_connection(self, run_id: str | None = None) -> AbstractContextManager[sqlalchemy.Connection]:
        shard = str(run_id)
        engine = self._engines.get(shard)
        if engine is None:
            with super().run_connection(run_id):  # makes the file where there is none
                engine = self._engines[shard] = _engine(self.conn_string_for_shard(shard))
            runs = [name for name in self._engines if name != INDEX_SHARD_NAME]
            for name in runs[:-OPEN_RUNS]:
                self._engines.pop(name).dispose()
        return engine.begin()

    def index_connection(self) -> AbstractContextManager[sqlalchemy.Connection]:
        return self.run_connection(INDEX_SHARD_NAME)

    def dispose(self) -> None:
        super().dispose()
        while self._engines:
            self._engines.popitem()[1].dispose()


def _engine(url: str) -> sqlalchemy.Engine:
    """An engine with a pool. With a write-ahead log, which Dagster's files have, ``synchronous = NORMAL`` is safe:
    only the last moments before a power failure may be lost, and of these the run would not know anyway.
    """
    engine = sqlalchemy.create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @sqlalchemy.event.listens_for(engine, "connect")
    def _relax(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA synchronous = NORMAL")

    return engine
