"""The records of the warehouse that a dump's records can touch: what has to be decided anew.

Pairs are judged by the two records alone, so an edge between records that no dump touched stands as
it is. What can change is bounded: the works the touched records were in, the records that share a work
key with them, old or new, and the works of those (``sql/deduplicate/neighbourhood.sql``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.records import DESCRIPTIVE_COLUMNS, MATCH_RECORDS, RECORD_WORK_KEYS, WORK_EVIDENCE
from pipelines.warehouse.changes import Dump, has_status
from pipelines.warehouse.copy import copy_frames, read_frame
from pipelines.warehouse.statements import statement

RECORD_KEYS: Final = pa.schema([RECORD_WORK_KEYS.field(name) for name in ("record_id", "work_key_id", "kind", "key")])
RECORD_VALUES: Final = pa.schema(
    [pa.field("record_id", pa.int64()), pa.field("scheme", pa.string()), pa.field("value", pa.string())]
)
KEY_IDS: Final = pa.schema([pa.field("work_key_id", pa.int64())])

#: Records of the warehouse that the dump changes in a way that matters to matching. ``keeps_content``
#: is false where the dump replaces what the record says, or ends it.
TOUCHED: Final = pa.schema(
    [
        pa.field("record_id", pa.int64()),
        pa.field("keeps_content", pa.bool_()),
        pa.field("is_founded_earlier", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Neighbourhood:
    """What matching reads of the neighbours whose content stays: MATCH_RECORDS, valid identifiers, AT keys.

    ``evidence`` (WORK_EVIDENCE) is what has been decided so far on pairs among all neighbours; ``touched_keys``
    (work_key_id) are the keys that touched records have had or bring.
    """

    records: pa.Table
    identifiers: pa.Table
    keys: pa.Table
    evidence: pa.Table
    touched_keys: pa.Table


NOTHING: Final = Neighbourhood(
    MATCH_RECORDS.empty_table(),
    RECORD_VALUES.empty_table(),
    RECORD_KEYS.empty_table(),
    WORK_EVIDENCE.empty_table(),
    KEY_IDS.empty_table(),
)


def touched_records(changes: pa.Table, ended: pa.Table, returned: pa.Table) -> pa.Table:
    """TOUCHED: known records that changed, ended, came back, or turn out to be older than thought."""
    replaced = has_status(changes, "changed")
    revived = pc.xor(changes.column("was_alive"), changes.column("is_alive"))
    founded_earlier = pc.and_(changes.column("is_alive"), changes.column("is_founded_earlier"))
    known = pc.invert(has_status(changes, "new"))
    touched = pc.and_(known, pc.or_(replaced, pc.or_(revived, founded_earlier)))
    alive = pa.table(
        [changes.column("record_id"), pc.invert(replaced), changes.column("is_founded_earlier")], schema=TOUCHED
    ).filter(touched)
    over = pa.table(
        [ended.column("record_id"), pa.repeat(False, len(ended)), pa.repeat(False, len(ended))], schema=TOUCHED
    )
    back = pa.table(
        [returned.column("record_id"), pa.repeat(True, len(returned)), pa.repeat(False, len(returned))], schema=TOUCHED
    )
    return pa.concat_tables([alive, over, back])


def find_neighbourhood(
    connection: Connection, touched: pa.Table, new_keys: Iterable[pa.Table], dump: Dump
) -> Neighbourhood:
    """Read the neighbourhood of the ``touched`` records and of those that bring ``new_keys`` (work_key_id)."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE touched_keys (work_key_id bigint) ON COMMIT DROP")
        cursor.execute(
            "CREATE TEMPORARY TABLE touched_records (record_id bigint PRIMARY KEY, keeps_content boolean, "
            "is_founded_earlier boolean) ON COMMIT DROP"
        )
        copy_frames(connection, sql.Identifier("touched_keys"), new_keys, ["work_key_id"])
        copy_frames(connection, sql.Identifier("touched_records"), [touched], TOUCHED.names)
        cursor.execute("ANALYZE touched_records")
        cursor.execute(statement("deduplicate/neighbourhood"))
    columns = sql.SQL(", ").join(sql.Identifier("records", name) for name in DESCRIPTIVE_COLUMNS)
    neighbours = sql.SQL(statement("deduplicate/neighbours").string).format(descriptive_columns=columns)
    return Neighbourhood(
        records=read_frame(connection, neighbours, MATCH_RECORDS, {"name": dump.name}),
        identifiers=read_frame(connection, statement("deduplicate/neighbour_identifiers"), RECORD_VALUES),
        keys=read_frame(connection, statement("deduplicate/neighbour_keys"), RECORD_KEYS),
        evidence=read_frame(connection, statement("deduplicate/neighbour_evidence"), WORK_EVIDENCE),
        touched_keys=read_frame(connection, sql.SQL("SELECT DISTINCT work_key_id FROM touched_keys"), KEY_IDS),
    )
