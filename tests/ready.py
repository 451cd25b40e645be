"""Warehouses with dumps in them already: filled once a worker, and copied for each test that begins there.

A copy takes a tenth of the time of an ingest. Whatever a test does to its copy, the next one begins with a new one.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy

from tests.end_to_end.road import Road
from tests.postgres import copied_database

Fill = Callable[[Road], object]


class ReadyRoads:
    """Roads whose warehouse, dumps and frames are as a function left them."""

    def __init__(self, server: sqlalchemy.URL, empty: str, stack: ExitStack) -> None:
        self._server, self._empty, self._stack = server, empty, stack
        self._filled: dict[str, Road] = {}

    def _fill(self, fill: Fill) -> Road:
        """The road that is copied. Its folder is put aside, as each copy lies at its place: dumps know their paths."""
        url = self._stack.enter_context(copied_database(self._server, self._empty))
        folder = tempfile.TemporaryDirectory(prefix="vufind-warehouse-road-")
        road = Road.into(url.render_as_string(hide_password=False), Path(self._stack.enter_context(folder)) / "road")
        road.folder.mkdir()
        fill(road)
        road.folder.rename(_aside(road))
        return road

    @contextmanager
    def copy(self, fill: Fill) -> Iterator[Road]:
        """A new warehouse with what ``fill`` brings into an empty one: always the same, by its name."""
        name = f"{fill.__module__}.{fill.__qualname__}"
        if name not in self._filled:
            self._filled[name] = self._fill(fill)
        filled = self._filled[name]
        assert filled.url.database is not None
        with copied_database(self._server, filled.url.database) as url:
            shutil.copytree(_aside(filled), filled.folder)
            try:
                yield Road(filled.url.set(database=url.database), filled.folder, dict(filled.dumps))
            finally:
                shutil.rmtree(filled.folder)


def _aside(road: Road) -> Path:
    return road.folder.with_name("aside")


@pytest.fixture(scope="session")
def ready_roads(postgres_server: sqlalchemy.URL, prepared_database: str) -> Iterator[ReadyRoads]:
    with ExitStack() as stack:
        yield ReadyRoads(postgres_server, prepared_database, stack)
