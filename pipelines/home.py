"""The home of a warehouse: one folder with the embedded server, the frames and Dagster's own files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, make_url

from pipelines.dump_names import is_safe_name
from pipelines.warehouse.connection import Notify, connect, warehouse_url
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.secret_files import read_secret
from pipelines.warehouse.server import running_server

if TYPE_CHECKING:
    from pipelines.parts import Parts
    from pipelines.warehouse.server_listening import Listening

HOME_VARIABLE: Final = "VUFIND_WAREHOUSE_HOME"
URL_VARIABLE: Final = "WAREHOUSE_URL"
URL_FILE_VARIABLE: Final = "WAREHOUSE_URL_FILE"
FRAMES_VARIABLE: Final = "VUFIND_WAREHOUSE_FRAMES"
DUMPS_VARIABLE: Final = "VUFIND_WAREHOUSE_DUMPS"


#: What means something else in the URL by which Dagster opens its SQLite files.
_SIGNS_OF_URLS: Final = ("%", "?")


class HomeError(RuntimeError):
    """Something in the home cannot be written; the message says what to do."""


@dataclass(frozen=True)
class Home:
    """Where everything of one warehouse lies. ``url`` is the user's own Postgres, None for the embedded one."""

    folder: Path
    url: URL | None

    @staticmethod
    def here() -> Home:
        """The home that the environment names: ``./var`` and the embedded server where it names none.

        The URL may also stand in a file, as secrets do that are given to containers. Raises OSError where it cannot
        be read, or others can read it.
        """
        url = os.environ.get(URL_VARIABLE)
        if not url and (file := os.environ.get(URL_FILE_VARIABLE)):
            url = read_secret(Path(file)).strip()
        return Home(Path(os.environ.get(HOME_VARIABLE) or "var").absolute(), warehouse_url(url) if url else None)

    @property
    def dagster(self) -> Path:
        """``DAGSTER_HOME``: runs, events, schedules."""
        return self.folder / "dagster"

    def refuse_signs_of_urls(self) -> None:
        """Raise :class:`HomeError` where the path has a sign by which Dagster would look for its files elsewhere."""
        if any(sign in str(self.folder) for sign in _SIGNS_OF_URLS):
            raise HomeError(
                f"Dagster cannot keep its files in a folder with % or ? in its path, such as {self.folder}; choose "
                f"another with --home or {HOME_VARIABLE}"
            )

    @property
    def dumps(self) -> Path:
        """The dumps root that the sensor watches: ``<root>/<source>/<dump>``."""
        return Path(os.environ.get(DUMPS_VARIABLE) or self.folder / "dumps").absolute()

    @property
    def frames(self) -> str:
        """Where the frames between the stages lie; a local folder or an object store's URI."""
        given = os.environ.get(FRAMES_VARIABLE, "")
        return given if "://" in given else str(Path(given or self.folder / "frames").absolute())

    def parts(self, stage: str, partition: str) -> Parts:
        """The frames of one stage of one dump (``source/name``).

        Raises ValueError for any other partition: its folder will be cleared, and must lie among the frames.
        """
        from pipelines.parts import Parts

        names = partition.split("/")
        if len(names) != 2 or not all(map(is_safe_name, names)):
            raise ValueError(f"{partition!r} is no partition; one is called <source>/<dump name>")
        return Parts(f"{self.frames}/{stage}/{partition}")

    @contextmanager
    def warehouse(self, notify: Notify = lambda _: None, listening: Listening | None = None) -> Iterator[URL]:
        """The URL of the warehouse, its server running and its schema current for as long as this is entered.

        An older schema is migrated in the embedded server, and refused in another (:func:`prepare`).
        """
        with self.server(notify, listening) as url:
            with connect(url) as connection:
                prepare(connection, notify, may_migrate=self.url is None)
            yield url

    @contextmanager
    def server(self, notify: Notify = lambda _: None, listening: Listening | None = None) -> Iterator[URL]:
        """The URL of the warehouse, its server running as long as this is entered, whatever its schema.

        Of the embedded server no variable of libpq tells anything, from here on. ``listening`` asks for TCP as well, of
        the embedded server.
        """
        if self.url is not None:
            yield self.url
            return
        if not self.folder.exists():
            self.refuse_signs_of_urls()
        self.folder.mkdir(parents=True, exist_ok=True)
        with running_server(self.folder, notify=notify, listening=listening) as server:
            yield make_url(server.url)
