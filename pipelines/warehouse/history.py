"""Bookkeeping of a load: the dump, its counts, its quarantine, the next version."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extras import Json

from pipelines.stable_ids import UNIT_SEPARATOR, dump_id, stable_id
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.collisions import refuse_collisions
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.copy import copy_frames
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.plan import Plan, next_version
from pipelines.warehouse.sightings import note_deletions, note_lost_sightings, note_sightings
from pipelines.warehouse.statements import statement
from pipelines.works.clusters import joins
from pipelines.works.given_work_keys import NO_PROFILE, GivenKeys


@dataclass(frozen=True)
class DumpFile:
    """A dump as it lies on disk, and what read it.

    ``said_to_be`` is the kind it is said to be, which may be another than it counts as; ``missing`` says why it is not
    the whole of what a server had to give, empty where nothing says so; ``seconds`` holds the time of each stage
    before.
    """

    said_to_be: str
    path: str
    sha256: str
    bytes: int
    rules_version: str
    icu_version: str
    records_read: int
    deletions: int
    records_repeated: int
    records_quarantined: int
    value_cuts: Mapping[str, Mapping[str, int]]
    missing: str
    given_keys: GivenKeys
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class Counts:
    """What a load did: read = new + changed + unchanged + outdated + repeated + quarantined.

    Beside what it read are the ``deletions``, statements that a record is deleted; ``records_deleted`` are those that
    ended by them, or because a full dump lacks them.
    """

    records_read: int
    records_new: int
    records_changed: int
    records_unchanged: int
    records_outdated: int
    records_repeated: int
    records_deleted: int
    records_quarantined: int
    deletions: int
    publications: int
    works: int
    merges: int

    def add_up(self) -> bool:
        """Whether every document read is accounted for."""
        return self.records_read == (
            self.records_new + self.records_changed + self.records_unchanged
            + self.records_outdated + self.records_repeated + self.records_quarantined
        )  # fmt: skip


def record_load(
    connection: Connection,
    delivery: Delivery,
    plan: Plan,
    dump: Dump,
    file: DumpFile,
    quarantined: Callable[[], Iterator[pa.Table]],
    now: datetime,
    began: float,
) -> tuple[int, Counts]:
    """Write the bookkeeping of a load within its transaction; returns the new version and the counts.

    ``began``, by :func:`time.monotonic`, is when the load had its lock; the time it took is the last thing written.
    Raises :class:`WarehouseError` where the counts do not add up.
    """
    counts = count_changes(
        connection,
        dump,
        plan,
        read=file.records_read,
        repeated=file.records_repeated + delivery.repeated,
        quarantined=file.records_quarantined,
        deletions=file.deletions,
    )
    number = dump_id(dump.source, dump.name)
    parameters = {
        "dump_id": number,
        "source": dump.source,
        "name": dump.name,
        "kind": dump.kind,
        "said_to_be": file.said_to_be,
        "path": file.path,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "value_cuts": Json(file.value_cuts),
        "rules_version": file.rules_version,
        "icu_version": file.icu_version,
        "missing": file.missing,
        "now": now,
        **asdict(counts),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ops.dumps WHERE dump_id = %s)", (number,))
        comes_again = (cursor.fetchone() or (False,))[0]
        cursor.execute(statement("ops/dump"), parameters)
        refuse_collisions("dump", [] if cursor.rowcount else [number])
        cursor.execute("DELETE FROM ops.quarantine WHERE dump_id = %s", (number,))
        cursor.execute("DELETE FROM ops.record_deletions WHERE dump_id = %s", (number,))
        cursor.execute("DELETE FROM ops.work_key_profiles WHERE dump_id = %s", (number,))
        for row in profile_rows(file.given_keys):
            cursor.execute(statement("ops/work_key_profile"), {"dump_id": number, **row})
    seen: Counter[str] = Counter()
    frames = (quarantine_rows(table, number, now, seen) for table in quarantined())
    copy_frames(connection, sql.Identifier("ops", "quarantine"), frames, QUARANTINE_COLUMNS)
    note_sightings(connection, delivery, plan, number)
    if comes_again:
        note_lost_sightings(connection, plan, number)
    if len(delivery.deleted_ids):
        note_deletions(connection, delivery, number)
    with connection.cursor() as cursor:
        # What a commit would check belongs to the time as well.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seconds = {**file.seconds, "load": time.monotonic() - began}
    return note_load(connection, dump, counts, seconds, now), counts


def count_changes(
    connection: Connection, dump: Dump, plan: Plan, *, read: int, repeated: int, quarantined: int, deletions: int
) -> Counts:
    """What a load does, by its plan and what was read. Raises :class:`WarehouseError` where that does not add up."""
    publications, works = publications_and_works(connection)
    counts = Counts(
        records_read=read,
        records_new=plan.count("new"),
        records_changed=plan.count("changed"),
        records_unchanged=plan.count("unchanged"),
        records_outdated=plan.count("outdated"),
        records_repeated=repeated,
        records_deleted=len(plan.ended),
        records_quarantined=quarantined,
        deletions=deletions,
        publications=publications,
        works=works,
        merges=joins(plan.redirects, plan.assignments),
    )
    if not counts.add_up():
        raise WarehouseError(
            f"{dump.source}/{dump.name}: not every document is accounted for: {counts}; nothing was loaded"
        )
    return counts


def repeat_load(
    connection: Connection, dump: Dump, said_to_be: str, seconds: Mapping[str, float], now: datetime
) -> tuple[int, Counts]:
    """Note that a dump that is in already, byte for byte, came again: nothing but bookkeeping changes.

    It may be said to be of another kind now, and count as the same: one that was not read whole is a delta either way.
    """
    number = dump_id(dump.source, dump.name)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ops.dumps SET said_to_be = %s WHERE dump_id = %s"
            " RETURNING records_read, records_repeated, records_quarantined, deletions",
            (said_to_be, number),
        )
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"{dump.source}/{dump.name} is not in the warehouse")
    read, repeated, quarantined, deletions = row
    held = publications_and_works(connection)
    counts = Counts(read, 0, 0, read - repeated - quarantined, 0, repeated, 0, quarantined, deletions, *held, 0)
    return note_load(connection, dump, counts, seconds, now), counts


def is_loaded(connection: Connection, dump: Dump, sha256: str, rules_version: str, icu_version: str) -> bool:
    """Whether the dump is in, with these bytes and read by these rules."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM ops.dumps WHERE dump_id = %s AND kind = %s AND sha256 = %s"
            " AND rules_version = %s AND icu_version = %s)",
            (dump_id(dump.source, dump.name), dump.kind, sha256, rules_version, icu_version),
        )
        row = cursor.fetchone()
        return bool(row and row[0])


def profile_rows(given: GivenKeys) -> list[dict[str, Any]]:
    """What ``ops.work_key_profiles`` says of a dump: a row a profile; none where no record brings a key."""
    return [
        {
            "profile": name,
            "records_with_keys": given.records,
            "records_following": following,
            "records_equal": given.equal[name],
            "examples": list(given.examples) if name == NO_PROFILE else [],
        }
        for name, following in given.following.items()
        if given.records
    ]


def remembered(connection: Connection, source: str, name: str) -> tuple[str, str] | None:
    """Where a dump lay and the kind it was said to be when it went in last; None where it is not in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT path, said_to_be FROM ops.dumps WHERE dump_id = %s AND kind <> 'removed'",
            (dump_id(source, name),),
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def load_at(connection: Connection, dump: Dump, moment: datetime) -> tuple[int, Counts] | None:
    """Version and counts of the load of a dump at one moment, to the microsecond; None where there was none."""
    names = [each.name for each in fields(Counts)]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT warehouse_version, {} FROM ops.loads WHERE dump_id = %s AND loaded_at = %s").format(
                sql.SQL(", ").join(map(sql.Identifier, names))
            ),
            (dump_id(dump.source, dump.name), moment),
        )
        row = cursor.fetchone()
    return (row[0], Counts(*row[1:])) if row else None


def publications_and_works(connection: Connection) -> tuple[int, int]:
    """How many there are."""
    with connection.cursor() as cursor:
        cursor.execute(statement("ops/counted"))
        publications, works = cursor.fetchone() or (0, 0)
        return publications, works


QUARANTINE_COLUMNS: Final = [
    "quarantine_id", "dump_id", "file", "member", "byte_offset", "byte_length",
    "line", "reason", "raw", "format", "part", "context", "quarantined_at",
]  # fmt: skip


def quarantine_rows(
    table: pa.Table, number: int, now: datetime, seen: Counter[str], taken: Collection[int] = ()
) -> pa.Table:
    """Rows of ``ops.quarantine`` made of QUARANTINED; ``seen`` tells apart what has the same place and reason.

    ``taken`` are ids of rows that stand already. Postgres stores no NUL in text; the bytes themselves are in ``raw``.
    """
    ids = []
    for row in zip(*(table.column(name).to_pylist() for name in ("file", "member", "offset", "reason")), strict=True):
        key = UNIT_SEPARATOR.join(map(str, (number, *row)))
        while (row_id := stable_id(f"{key}{UNIT_SEPARATOR}{seen[key]}")) in taken:
            seen[key] += 1
        ids.append(row_id)
        seen[key] += 1
    file, member, reason = (
        pc.replace_substring(table.column(name), "\x00", "\\0") for name in ("file", "member", "reason")
    )
    return pa.table(
        [
            pa.array(ids, pa.int64()),
            pa.repeat(number, len(table)),
            file,
            member,
            table.column("offset"),
            table.column("length"),
            table.column("line"),
            reason,
            *(table.column(name) for name in ("raw", "format", "part", "context")),
            pa.repeat(pa.scalar(now, pa.timestamp("us", "UTC")), len(table)),
        ],
        names=QUARANTINE_COLUMNS,
    )


def note_load(connection: Connection, dump: Dump, counts: Counts, seconds: Mapping[str, float], now: datetime) -> int:
    """A row of ``ops.loads``, and the version of the warehouse that the load makes."""
    version = next_version(connection)
    timings = {f"{stage}_seconds": seconds.get(stage) for stage in ("extract", "normalize", "deduplicate", "load")}
    with connection.cursor() as cursor:
        cursor.execute(
            statement("ops/load"),
            {
                "warehouse_version": version,
                "dump_id": dump_id(dump.source, dump.name),
                "kind": dump.kind,
                "now": now,
                **asdict(counts),
                **timings,
            },
        )
    return version
