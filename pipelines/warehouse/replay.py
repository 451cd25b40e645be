"""What lies in quarantine of a dump, for reading it again, and the bookkeeping once it has been."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final, NamedTuple

import pyarrow as pa
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extras import Json
from sqlalchemy import URL

from pipelines.ids import Ids
from pipelines.readers.chunks import Unreadable
from pipelines.records import LACKING
from pipelines.stable_ids import dump_id
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import WarehouseError, connect
from pipelines.warehouse.copy import copy_frames
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.history import (
    QUARANTINE_COLUMNS,
    Counts,
    count_changes,
    note_load,
    profile_rows,
    quarantine_rows,
)
from pipelines.warehouse.plan import Plan
from pipelines.warehouse.sightings import note_sightings
from pipelines.warehouse.statements import statement
from pipelines.works.given_work_keys import GivenKeys

#: Rows with their bytes, at most a megabyte each, that are fetched at a time.
_ROWS_AT_A_TIME: Final = 16

#: What ``ops.loads`` calls a load of records that had been quarantined.
REPLAY: Final = "replay"


class OvertakenError(WarehouseError):
    """The dump was ingested, or replayed, by another process since its quarantine was read."""


@dataclass(frozen=True)
class Held:
    """What lies in quarantine of a dump: the ``ids`` of the rows, where the dump was read, when it was loaded last.

    ``sha256`` is the fingerprint of the dump.
    """

    dump: Dump
    path: str
    sha256: str
    loaded_at: datetime
    ids: frozenset[int]

    @property
    def dump_id(self) -> int:
        """The id of the dump."""
        return dump_id(self.dump.source, self.dump.name)


class Place(NamedTuple):
    """Where a record stands in a dump."""

    file: str
    member: str
    offset: int

    @property
    def order(self) -> tuple[tuple[str, ...], str, int]:
        """Sorts places as a dump is read; that of an archive's members is not known, and is taken to be by name."""
        return PurePosixPath(self.file).parts, self.member, self.offset

    def is_before(self, other: Place) -> bool:
        """Whether ``other`` is read after this; another member of the same archive is taken to be."""
        if self.file == other.file and self.member != other.member:
            return True
        return self.order < other.order


class Statement(NamedTuple):
    """What a dump says of a record: where, and whether it is a page without staff view, which gives way."""

    place: Place
    lacks_staff_view: bool = False

    @property
    def order(self) -> tuple[bool, tuple[tuple[str, ...], str, int]]:
        """Sorts statements about one record that were read: the last of them counts."""
        return not self.lacks_staff_view, self.place.order

    def gives_way_to(self, other: Statement) -> bool:
        """Whether ``other``, about the same record, counts and this does not."""
        if self.lacks_staff_view != other.lacks_staff_view:
            return self.lacks_staff_view
        return self.place.is_before(other.place)


def dumps_in_quarantine(url: URL, source: str | None = None, name: str | None = None) -> list[tuple[str, str]]:
    """Source and name of the dumps of which anything lies in quarantine: all, or those of a catalogue or name."""
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute(statement("quarantine/dumps"), {"source": source, "dump": name})
        return [(found_source, found_name) for found_source, found_name in cursor.fetchall()]


def held(connection: Connection, source: str, name: str) -> Held | None:
    """What lies in quarantine of a dump; None where nothing does."""
    number = dump_id(source, name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT path, sha256, loaded_at FROM ops.dumps WHERE dump_id = %s", (number,))
        found = cursor.fetchone()
        cursor.execute("SELECT quarantine_id FROM ops.quarantine WHERE dump_id = %s", (number,))
        ids = frozenset(row[0] for row in cursor.fetchall())
    if not found or not ids:
        return None
    path, sha256, loaded_at = found
    return Held(Dump(source, name, "delta", is_replay=True), path, sha256, loaded_at, ids)


def held_rows(connection: Connection, of: Held, only: int | None = None) -> Iterator[tuple[int, Unreadable]]:
    """Each row with its id, in the order in which the dump was read, a few at a time in memory; or ``only`` one."""
    with connection.cursor("quarantined") as cursor:
        cursor.itersize = _ROWS_AT_A_TIME
        cursor.execute(statement("quarantine/to_replay"), {"dump_id": of.dump_id, "quarantine_id": only})
        for number, file, member, offset, length, line, reason, raw, form, part, context in cursor:
            row = Unreadable(file, member, offset, length, line, reason, bytes(raw), form, part, bytes(context))
            yield number, row


def latest_statements(connection: Connection, of: Held, record_ids: Ids) -> dict[int, list[Statement]]:
    """What the dump, if it is the latest that holds a record, says of it, and where it says that it is deleted."""
    parameters = {"dump_id": of.dump_id, "record_ids": record_ids.tolist(), "lacking": LACKING}
    with connection.cursor() as cursor:
        cursor.execute(statement("quarantine/latest_statements"), parameters)
        found: dict[int, list[Statement]] = {}
        for number, lacks_staff_view, *place in cursor.fetchall():
            found.setdefault(number, []).append(Statement(Place(*place), lacks_staff_view))
        return found


def refuse_overtaken(connection: Connection, of: Held) -> None:
    """Raise :class:`OvertakenError` where the quarantine of the dump is not as it was read; under the load lock."""
    now = held(connection, of.dump.source, of.dump.name)
    if now is None or (now.loaded_at, now.ids) != (of.loaded_at, of.ids):
        name = f"{of.dump.source}/{of.dump.name}"
        raise OvertakenError(f"{name}: another process ingested or replayed it meanwhile; run the replay again")


def replace_rows(
    connection: Connection, of: Held, kept: Collection[int], refused: Iterable[pa.Table], now: datetime
) -> None:
    """Leave the ``kept`` rows in quarantine as they are, and put the ``refused`` (QUARANTINED) in place of the rest."""
    gone = sorted(of.ids.difference(kept))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ops.quarantine WHERE quarantine_id = ANY(%s)", (gone,))
    seen: Counter[str] = Counter()
    frames = (quarantine_rows(table, of.dump_id, now, seen, kept) for table in refused)
    copy_frames(connection, sql.Identifier("ops", "quarantine"), frames, QUARANTINE_COLUMNS)


@dataclass(frozen=True)
class Replay:
    """What became of a dump's quarantine: ``documents`` were read, ``repeated`` of them stand again later in the dump.

    The rows ``kept`` stay as they are, ``refused`` (QUARANTINED) takes the place of the others, in ``stay`` rows in
    all. ``value_cuts`` says how values of the documents were cut; ``seconds`` holds the time of each stage before.
    """

    of: Held
    documents: int
    repeated: int
    kept: Collection[int]
    refused: Iterable[pa.Table]
    stay: int
    value_cuts: Mapping[str, Mapping[str, int]]
    given_keys: GivenKeys
    seconds: dict[str, float]


def keep_books(
    connection: Connection, delivery: Delivery, plan: Plan, replay: Replay, now: datetime, began: float
) -> tuple[int, Counts]:
    """Write the bookkeeping of a replay within its transaction; returns the new version and the counts of the load.

    Raises :class:`OvertakenError`, and :class:`WarehouseError` where the counts do not add up.
    """
    of = replay.of
    refuse_overtaken(connection, of)
    counts = count_changes(
        connection,
        of.dump,
        plan,
        read=replay.documents + replay.stay,
        repeated=replay.repeated + delivery.repeated,
        quarantined=replay.stay,
        deletions=0,
    )
    with connection.cursor() as cursor:
        row = {"dump_id": of.dump_id, "value_cuts": Json(replay.value_cuts), **asdict(counts)}
        cursor.execute(statement("quarantine/replayed"), row)
        for row in profile_rows(replay.given_keys):
            cursor.execute(statement("ops/work_key_profile"), {"dump_id": of.dump_id, **row})
    replace_rows(connection, of, replay.kept, replay.refused, now)
    note_sightings(connection, delivery, plan, of.dump_id)
    with connection.cursor() as cursor:
        # What the dump deletes and then holds again is not deleted: of an id the last statement counts.
        cursor.execute(
            "DELETE FROM ops.record_deletions WHERE dump_id = %s AND record_id = ANY(%s)",
            (of.dump_id, delivery.record_ids.tolist()),
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seconds = {**replay.seconds, "load": time.monotonic() - began}
    return note_load(connection, replace(of.dump, kind=REPLAY), counts, seconds, now), counts
