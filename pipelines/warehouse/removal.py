"""A dump is taken out of the warehouse again: what depends on it, and the change itself, in one transaction.

A record falls back on the newest version that another dump has of it; the warehouse holds none but the newest, so that
older ones are read from the older dumps again (:mod:`pipelines.stages.removal`). With the books set right first, what
becomes of each record follows from them, and planning and merging do the rest as they do for a load.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.ids import Ids, among
from pipelines.parts import Parts
from pipelines.stable_ids import dump_id
from pipelines.warehouse.answers import read_frame, read_numbers
from pipelines.warehouse.changes import CHANGES, ENDED, RETURNED, VANISHING, Brought, Dump, differing_in_all, has_status
from pipelines.warehouse.connection import Notify, WarehouseError
from pipelines.warehouse.copy import copy_frames
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.history import Counts, count_changes, note_load
from pipelines.warehouse.load import merge
from pipelines.warehouse.neighbourhood import TOUCHED
from pipelines.warehouse.plan import Version, current_version, implausible
from pipelines.warehouse.planning import plan_changes
from pipelines.warehouse.rows import Rows
from pipelines.warehouse.shrinkage import Shrinkage
from pipelines.warehouse.sightings import SIGHTING
from pipelines.warehouse.statements import statement

#: What ``ops.loads`` calls the removal of a dump.
REMOVAL: Final = "removal"

#: A record that stays, a row: as CHANGES, but ``status`` is also ``held`` where its version stays and was not read
#: again, and ``is_refounded`` says that another dump is the first to hold it now.
OUTCOME: Final = pa.schema(
    [
        *(CHANGES.field(name) for name in ("record_id", "status", "was_alive", "is_alive", "founded")),
        pa.field("is_refounded", pa.bool_(), nullable=False),
        *(CHANGES.field(name) for name in ("publication_id", "work_id")),
    ]
)

#: A record, and the dump that is the first to hold it now.
REFOUNDED: Final = pa.schema([pa.field("record_id", pa.int64()), pa.field("dump_id", pa.int64())])


class OvertakenError(WarehouseError):
    """The warehouse has changed since it was asked what depends on the dump."""


@dataclass(frozen=True)
class KnownDump:
    """A dump that is in: where it was read, its fingerprint and size, by which rules, how many records it held."""

    dump_id: int
    name: str
    kind: str
    path: str
    sha256: str
    bytes: int
    rules_version: str
    records_held: int


@dataclass(frozen=True)
class Share:
    """What a dump holds of its catalogue, as the warehouse was at ``version``.

    ``dumps`` are those of the catalogue in their order, this one at ``place``. ``record_ids`` (sorted) are the records
    of which it is the first or the latest dump that holds them; ``first`` and ``last`` the places of these dumps.
    """

    source: str
    version: Version
    dumps: tuple[KnownDump, ...]
    place: int
    record_ids: Ids
    first: Ids
    last: Ids

    @property
    def dump(self) -> KnownDump:
        """The dump itself."""
        return self.dumps[self.place]

    @property
    def partition(self) -> str:
        """Its name as people and Dagster write it."""
        return f"{self.source}/{self.dump.name}"

    def alone(self) -> Ids:
        """Records that no other dump holds."""
        found: Ids = self.record_ids[(self.first == self.place) & (self.last == self.place)]
        return found


def share_of(connection: Connection, source: str, name: str) -> Share:
    """What a dump holds. Raises :class:`WarehouseError` where it is not in."""
    number, version = dump_id(source, name), current_version(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement("removal/dumps"), {"source": source})
        dumps = tuple(KnownDump(*row) for row in cursor.fetchall())
    places = {dump.dump_id: place for place, dump in enumerate(dumps)}
    if number not in places:
        raise WarehouseError(
            f"{source}/{name}: there is no such dump in the warehouse; see: vufind-warehouse dumps list"
        )
    query = sql.SQL(statement("removal/sightings").string).format(dump_id=sql.Literal(number))
    ids, first, last = read_numbers(connection, query, ("record_id", "first_dump_id", "last_dump_id"))
    order = np.argsort(ids)
    known = np.array(sorted(places), np.int64)
    place_of = np.array([places[each] for each in known.tolist()], np.int64)
    first, last = (place_of[np.searchsorted(known, each[order])] for each in (first, last))
    return Share(source, version, dumps, places[number], ids[order], first, last)


@dataclass(frozen=True)
class Replacement:
    """What takes the place of what a dump said: the versions that other dumps have, read again, as ``normalized``.

    Each part is of the dump (dump_id) that ``dump_of_part`` names. ``refounded`` (REFOUNDED) are records of which a
    later dump is the first now.
    """

    normalized: Parts
    dump_of_part: tuple[int, ...]
    refounded: pa.Table


@dataclass(frozen=True)
class Fates:
    """What becomes of records with the removal of a dump, as counts.

    Each record is one of these: ``gone``, as only the dump held it; ``ended``, a tombstone, as other dumps say;
    ``returned``, as the dump had ended it; ``changed``, in an older version again; ``unchanged``, as the older version
    is the same. ``deletions`` and ``quarantined`` are rows of the dump that go with it.
    """

    gone: int
    changed: int
    unchanged: int
    ended: int
    returned: int
    deletions: int
    quarantined: int

    @property
    def named(self) -> int:
        """How many records do not stay as they are."""
        return self.gone + self.changed + self.ended + self.returned


@dataclass(frozen=True)
class Taken:
    """A dump that is out of the books, and what follows: what the other dumps bring, and which records it touches.

    ``named`` are the records that do not stay as they are, by their fate.
    """

    share: Share
    delivery: Delivery
    brought: Brought
    touched: pa.Table
    vanishing: pa.Table
    fates: Fates
    named: Mapping[str, Ids]


def take_out(connection: Connection, share: Share, replacement: Replacement) -> Taken:
    """Take a dump out of the books within the open transaction, under the load lock.

    Raises :class:`OvertakenError` where the warehouse has changed since the share was read.
    """
    if current_version(connection) != share.version:
        raise OvertakenError(f"{share.partition}: the warehouse has changed meanwhile; remove the dump again")
    delivery = Delivery.of(replacement.normalized)
    vanishing = pa.table([share.alone()], schema=VANISHING)
    number = {"dump_id": share.dump.dump_id}
    with connection.cursor() as cursor:
        said = [_count(connection, table, share.dump.dump_id) for table in ("record_deletions", "quarantine")]
        cursor.execute(statement("removal/stage"), number)
        columns = [*SIGHTING, "content_hash", "dump_id"]
        copy_frames(connection, sql.Identifier("retaken"), _retaken(replacement), columns)
        for name, table in (("refounded", replacement.refounded), ("vanishing", vanishing)):
            copy_frames(connection, sql.Identifier(name), [table], table.column_names)
        cursor.execute("ANALYZE retaken, refounded, vanishing")
        cursor.execute(statement("removal/take_out"), number)
    parameters = {"source": share.source, "was_full": share.dump.kind == "full"}
    outcome = read_frame(connection, statement("removal/outcome"), OUTCOME, parameters).sort_by("record_id")
    living = read_frame(connection, statement("removal/vanishing"), ENDED)
    brought, touched = _brought(outcome, living)
    was_alive, is_alive = outcome.column("was_alive"), outcome.column("is_alive")
    stays = pc.equal(is_alive, was_alive)
    moved = {
        "ended": pc.and_(was_alive, pc.invert(is_alive)),
        "returned": pc.and_(is_alive, pc.invert(was_alive)),
        "changed": pc.and_(stays, has_status(outcome, "changed")),
    }
    named = {"gone": share.alone()} | {
        fate: outcome.column("record_id").filter(flags).to_numpy() for fate, flags in moved.items()
    }
    fates = Fates(
        **{fate: len(ids) for fate, ids in named.items()},
        unchanged=_number(pc.and_(stays, has_status(outcome, "unchanged"))),
        deletions=said[0],
        quarantined=said[1],
    )
    return Taken(share, delivery, brought, touched, vanishing, fates, named)


def _retaken(replacement: Replacement) -> Iterator[pa.Table]:
    """Where each record that is read again stands, its hash, and the dump: the last of each id counts."""
    delivery = Delivery.of(replacement.normalized)
    for part, table in replacement.normalized.tables("records", [*SIGHTING, "content_hash"]):
        rows = table.filter(pa.array(among(table.column("record_id"), np.sort(delivery.ids_in(part)))))
        yield rows.append_column("dump_id", pa.repeat(replacement.dump_of_part[part], len(rows)))


def _brought(outcome: pa.Table, vanishing: pa.Table) -> tuple[Brought, pa.Table]:
    """What a removal brings, and the records it TOUCHED; ``vanishing`` (ENDED): the living among those that vanish."""
    was_alive, is_alive = outcome.column("was_alive"), outcome.column("is_alive")
    is_held, is_changed = has_status(outcome, "held"), has_status(outcome, "changed")
    ends = pc.and_(was_alive, pc.invert(is_alive))
    comes_back = pc.and_(is_alive, pc.invert(was_alive))
    goes = pc.or_(is_changed, ends)
    comes = pc.and_(comes_back, pc.invert(goes))
    is_refounded = pc.and_(outcome.column("is_refounded"), is_alive)
    touched = pa.table(
        [outcome.column("record_id"), goes, comes, pa.repeat(False, len(outcome))], schema=TOUCHED
    ).filter(pc.or_(pc.or_(goes, comes), is_refounded))
    gone = len(vanishing)
    of_vanishing = [vanishing.column("record_id"), *(pa.repeat(flag, gone) for flag in (True, False, False))]
    changes = outcome.append_column("is_founded_earlier", pa.repeat(False, len(outcome)))
    changes = changes.append_column("is_latest", pa.repeat(True, len(outcome)))
    changes = differing_in_all(changes)
    brought = Brought(
        changes=changes.filter(pc.invert(is_held)).select(CHANGES.names).cast(CHANGES),
        ended=pa.concat_tables([outcome.filter(ends).select(ENDED.names).cast(ENDED), vanishing]),
        returned=outcome.filter(pc.and_(is_held, comes_back)).select(RETURNED.names).cast(RETURNED),
        shrinkage=Shrinkage(),
    )
    return brought, pa.concat_tables([touched, pa.table(of_vanishing, schema=TOUCHED)])


def carry_out(
    connection: Connection,
    taken: Taken,
    planned: Parts,
    seconds: Mapping[str, float],
    now: datetime,
    notify: Notify,
) -> tuple[int, Counts]:
    """Make publications and works anew and write all that follows, in the same transaction.

    Returns the new version of the warehouse and the counts. Raises :class:`WarehouseError` where the result is
    implausible; then nothing must be committed.
    """
    began = time.monotonic()
    notify("deduplicating")
    plan = plan_changes(connection, taken.delivery, taken.brought, taken.touched, planned, None)
    if wrong := implausible(plan):
        raise WarehouseError(f"{taken.share.partition}: without it {wrong}; nothing was changed")
    planning = time.monotonic() - began
    merge(connection, Rows(taken.delivery, plan, now), now, notify, taken.vanishing)
    dump = Dump(taken.share.source, taken.share.dump.name, REMOVAL)
    counts = count_changes(connection, dump, plan, read=len(plan.changes), repeated=0, quarantined=0, deletions=0)
    # Among the records that are gone are those that had ended before.
    counts = replace(counts, records_deleted=taken.fates.gone + taken.fates.ended)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    timings = {**seconds, "deduplicate": planning, "load": time.monotonic() - began}
    return note_load(connection, dump, counts, timings, now), counts


def named_fates(connection: Connection, taken: Taken, at_most: int) -> list[tuple[Any, ...]]:
    """What becomes of records that do not stay as they are: (what, id in its catalogue, title), by name."""
    frames = (pa.table({"record_id": ids, "fate": pa.repeat(fate, len(ids))}) for fate, ids in taken.named.items())
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE fates (record_id bigint, fate text) ON COMMIT DROP")
        copy_frames(connection, sql.Identifier("fates"), frames, ["record_id", "fate"])
        cursor.execute(statement("removal/fates"), {"at_most": at_most})
        return cursor.fetchall()


def _count(connection: Connection, table: str, number: int) -> int:
    """Rows of a table of ``ops`` that a dump has."""
    query = sql.SQL("SELECT count(*) FROM {} WHERE dump_id = %s").format(sql.Identifier("ops", table))
    with connection.cursor() as cursor:
        cursor.execute(query, (number,))
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def _number(flags: pa.ChunkedArray) -> int:
    return int(pc.sum(flags).as_py() or 0)
