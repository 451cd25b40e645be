"""What a dump brings, record by record, against what the warehouse holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.ids import among
from pipelines.records import BELONGING_HASHES
from pipelines.warehouse.answers import read_frame
from pipelines.warehouse.copy import copy_frames
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.shrinkage import Shrinkage
from pipelines.warehouse.statements import statement

#: A text of which a frame has few: held once, and a number a row.
_FEW: Final = pa.dictionary(pa.int32(), pa.string())

#: What hangs on records, and the columns of CHANGES that say whether it may differ from what the warehouse holds.
DIFFERS: Final = {name.removesuffix("_hash"): f"{name.removesuffix('_hash')}_differ" for name in BELONGING_HASHES}

#: One record of the dump a row. ``status`` is new, changed, unchanged or outdated (a later dump has
#: shown a newer version); ``founded`` the name of the earliest dump that holds it;
#: ``is_latest`` says that no later dump holds it; ``publication_id``
#: and ``work_id`` what it belonged to so far; DIFFERS, of what is new or changed, which of its belongings are.
CHANGES: Final = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("status", _FEW, nullable=False),
        pa.field("was_alive", pa.bool_(), nullable=False),
        pa.field("is_alive", pa.bool_(), nullable=False),
        pa.field("founded", _FEW, nullable=False),
        pa.field("is_founded_earlier", pa.bool_(), nullable=False),
        pa.field("is_latest", pa.bool_(), nullable=False),
        pa.field("publication_id", pa.int64()),
        pa.field("work_id", pa.int64()),
        *(pa.field(name, pa.bool_(), nullable=False) for name in DIFFERS.values()),
    ]
)

#: Of that, what is still needed once publications and works are decided.
LASTING_CHANGES: Final = pa.schema(
    [field for field in CHANGES if field.name not in {"founded", "publication_id", "work_id"}]
)

#: Records that a dump ends, and what they belonged to.
ENDED: Final = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("publication_id", pa.int64()),
        pa.field("work_id", pa.int64()),
    ]
)


#: Records that come back because the dump that ended them is a full one no more, or no more says that they are deleted.
RETURNED: Final = pa.schema([pa.field("record_id", pa.int64(), nullable=False)])

#: Records that go without a trace, because only a dump held them that is taken out again.
VANISHING: Final = pa.schema([pa.field("record_id", pa.int64(), nullable=False)])


@dataclass(frozen=True)
class Dump:
    """Which dump it is: of which catalogue, its name, ``delta`` or ``full``.

    ``may_shrink`` says that a person allows a full one to end as much as it does; ``is_replay`` that only some of its
    records come, which had been quarantined: nothing ends or comes back because they are all.
    """

    source: str
    name: str
    kind: str
    may_shrink: bool = False
    is_replay: bool = False


@dataclass(frozen=True)
class Brought:
    """What a dump brings: CHANGES sorted by record_id, what it ENDED, what RETURNED; how far its source shrinks."""

    changes: pa.Table
    ended: pa.Table
    returned: pa.Table
    shrinkage: Shrinkage


def holds_records(connection: Connection) -> bool:
    """Whether the warehouse has any record, alive or ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM catalog.records)")
        row = cursor.fetchone()
        return bool(row and row[0])


def _holds_deletions(connection: Connection) -> bool:
    """Whether any dump has said that a record is deleted, which may come yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ops.record_deletions)")
        row = cursor.fetchone()
        return bool(row and row[0])


def classify(connection: Connection, delivery: Delivery, dump: Dump) -> Brought:
    """What the dump brings, within the open transaction."""
    if not holds_records(connection) and not _holds_deletions(connection):
        return Brought(_all_new(delivery, dump), ENDED.empty_table(), RETURNED.empty_table(), Shrinkage())
    parameters = {"source": dump.source, "name": dump.name, "newest_full": _newest_full(connection, dump)}
    columns = ["record_id", "content_hash", *BELONGING_HASHES]
    delivered = delivery.rows("records", np.sort(delivery.record_ids), columns)
    with connection.cursor() as cursor:
        cursor.execute(statement("deduplicate/delivered"))
        copy_frames(connection, sql.Identifier("delivered"), delivered, columns)
        cursor.execute("ANALYZE delivered")
        cursor.execute("CREATE TEMPORARY TABLE deleted (record_id bigint PRIMARY KEY) ON COMMIT DROP")
        deleted = pa.table({"record_id": delivery.deleted_ids})
        copy_frames(connection, sql.Identifier("deleted"), [deleted], deleted.column_names)
        cursor.execute("ANALYZE deleted")
    changes = read_frame(connection, statement("deduplicate/classify"), CHANGES, parameters).sort_by("record_id")
    ended, returned, shrinkage = ENDED.empty_table(), RETURNED.empty_table(), Shrinkage()
    if dump.is_replay:
        # What the dump says of all other records stands: its deletions, and its word on what it lacks, are not here.
        return Brought(changes, ended, returned, shrinkage)
    if dump.kind == "full":
        ended = read_frame(connection, statement("deduplicate/ended"), ENDED, parameters)
        is_said = among(ended.column("record_id"), np.sort(delivery.deleted_ids))
        shrinkage = Shrinkage(_living(connection, dump), int((~is_said).sum()))
    else:
        if len(delivery.deleted_ids):
            ended = read_frame(connection, statement("deduplicate/deleted"), ENDED, parameters)
        name = "returned" if _was_full(connection, dump) else "withdrawn"
        returned = read_frame(connection, statement(f"deduplicate/{name}"), RETURNED, parameters)
    return Brought(changes, ended, returned, shrinkage)


def _living(connection: Connection, dump: Dump) -> int:
    """How many records of the dump's source are alive."""
    with connection.cursor() as cursor:
        cursor.execute(statement("ops/living"), {"source": dump.source})
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def _was_full(connection: Connection, dump: Dump) -> bool:
    """Whether the dump is in the warehouse as a full one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM ops.dumps WHERE source = %s AND name = %s AND kind = 'full')",
            (dump.source, dump.name),
        )
        row = cursor.fetchone()
        return bool(row and row[0])


def _all_new(delivery: Delivery, dump: Dump) -> pa.Table:
    rows = len(delivery.record_ids)
    nothing = pa.nulls(rows, pa.int64())
    return pa.table(
        [
            np.sort(delivery.record_ids),
            _same("new", rows),
            pa.repeat(False, rows),
            pa.repeat(True, rows),
            _same(dump.name, rows),
            pa.repeat(False, rows),
            pa.repeat(True, rows),
            nothing,
            nothing,
            *(pa.repeat(True, rows) for _ in DIFFERS),
        ],
        schema=CHANGES,
    )


def differing_in_all(records: pa.Table) -> pa.Table:
    """Rows of ``records`` with the columns DIFFERS, all true: whatever hangs on them is looked at row by row."""
    for name in DIFFERS.values():
        records = records.append_column(name, pa.repeat(True, len(records)))
    return records


def _same(text: str, rows: int) -> pa.Array:
    """A column that has one text in all rows."""
    return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([text]))


def _newest_full(connection: Connection, dump: Dump) -> str | None:
    """Name of the newest full dump of the source, this one included: what it lacks has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(name) FROM ops.dumps WHERE source = %s AND kind = 'full' AND name <> %s",
            (dump.source, dump.name),
        )
        row = cursor.fetchone()
    loaded: str | None = row[0] if row else None
    if dump.kind != "full":
        return loaded
    return dump.name if loaded is None else max(loaded, dump.name)


def has_status(changes: pa.Table, *statuses: str) -> pa.ChunkedArray:
    """Which rows of CHANGES have one of the ``statuses``."""
    return pc.is_in(changes.column("status"), value_set=pa.array(statuses))
