"""Which dumps hold a record, where it lies in the latest, and which dumps say that it is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.records import DELETIONS
from pipelines.warehouse.collisions import refuse_collisions
from pipelines.warehouse.copy import copy_frames
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.plan import Plan
from pipelines.warehouse.statements import statement

#: A record and where it stands.
SIGHTING: Final = ("record_id", "file", "member", "byte_offset", "byte_length")


def note_sightings(connection: Connection, delivery: Delivery, plan: Plan, number: int) -> None:
    """Note of each record of the dump which dumps hold it, and where it lies."""
    changes = plan.changes
    ids = changes.column("record_id").to_numpy()
    is_new = pc.equal(changes.column("status"), "new")
    all_new = plan.count("new") == len(changes)

    def frames() -> Iterator[pa.Table]:
        for table in delivery.rows("records", ids, SIGHTING):
            places = pa.array(np.searchsorted(ids, table.column("record_id").to_numpy()))
            if all_new:
                dumps = pa.repeat(number, len(table))
                yield table.append_column("first_dump_id", dumps).append_column("last_dump_id", dumps)
                continue
            for name, flag in (
                ("is_new", is_new),
                ("is_founded_earlier", changes.column("is_founded_earlier")),
                ("is_latest", changes.column("is_latest")),
            ):
                table = table.append_column(name, flag.take(places))  # noqa: PLW2901
            yield table

    if all_new:
        copy_frames(
            connection,
            sql.Identifier("ops", "record_sightings"),
            frames(),
            [*SIGHTING, "first_dump_id", "last_dump_id"],
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE ops.record_sightings")
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE staged_sightings (record_id bigint, file text, member text, byte_offset bigint,"
            " byte_length bigint, is_new boolean, is_founded_earlier boolean, is_latest boolean) ON COMMIT DROP"
        )
        flags = ["is_new", "is_founded_earlier", "is_latest"]
        copy_frames(connection, sql.Identifier("staged_sightings"), frames(), [*SIGHTING, *flags])
        cursor.execute("ANALYZE staged_sightings")
        cursor.execute(statement("merge/sightings"), {"dump_id": number})


def note_lost_sightings(connection: Connection, plan: Plan, number: int) -> None:
    """Note which records a dump that has come again held before and holds no longer."""
    held = plan.changes.select(["record_id"])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE held_again (record_id bigint PRIMARY KEY) ON COMMIT DROP")
        copy_frames(connection, sql.Identifier("held_again"), [held], held.column_names)
        cursor.execute("ANALYZE held_again")
        cursor.execute(statement("merge/lost_sightings"), {"dump_id": number})


def note_deletions(connection: Connection, delivery: Delivery, number: int) -> None:
    """Note which records the dump says to be deleted."""
    frames = (table.append_column("dump_id", pa.repeat(number, len(table))) for table in delivery.deletions())
    columns = [*DELETIONS.names, "dump_id"]
    copy_frames(connection, sql.Identifier("ops", "record_deletions"), frames, columns)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ops.record_deletions")
        cursor.execute(statement("merge/deletion_collisions"), {"dump_id": number})
        refuse_collisions("record", [row[0] for row in cursor.fetchall()])
