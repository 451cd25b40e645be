"""The settings of matching that a warehouse keeps: all that load into it agree."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.warehouse.connection import connect
from pipelines.works.borders import Borders
from pipelines.works.settings import DEFAULT_SETTINGS, MatchingSettings


def read_settings(connection: Connection) -> MatchingSettings:
    """The settings in force."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT borders, trusted_sources FROM ops.matching_settings")
        row = cursor.fetchone()
    return MatchingSettings(Borders.parse(row[0]), tuple(row[1])) if row else DEFAULT_SETTINGS


def unknown_sources(url: URL, sources: Sequence[str]) -> list[str]:
    """Those of the sources of which the warehouse holds no dump."""
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT source FROM ops.dumps WHERE kind <> 'removed'")
        known = {row[0] for row in cursor.fetchall()}
    return [source for source in sources if source not in known]


def settings_of(url: URL) -> MatchingSettings:
    """The settings in force in a warehouse."""
    with connect(url, read_only=True) as connection:
        return read_settings(connection)
