"""What a change can touch in the warehouse: who holds the same keys, and whom accepted evidence links.

Pairs are judged by the two records alone, so evidence between records that no dump touched stands as it is, but where
a key has passed the bound on its holders or has another hub (:mod:`pipelines.works.deduplicate` has the argument).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.ids import Ids, among, distinct
from pipelines.records import DESCRIPTIVE_COLUMNS, MATCH_RECORDS, RECORD_WORK_KEYS, WORK_EVIDENCE
from pipelines.warehouse.answers import read_frame, read_frames, read_numbers
from pipelines.warehouse.changes import Dump, has_status
from pipelines.warehouse.copy import copy_frames
from pipelines.warehouse.statements import statement
from pipelines.works.candidates import KeyRows

RECORD_KEYS: Final = pa.schema(
    [*(RECORD_WORK_KEYS.field(name) for name in ("record_id", "work_key_id", "kind")), pa.field("key", pa.string())]
)
RECORD_VALUES: Final = pa.schema(
    [pa.field("record_id", pa.int64()), pa.field("scheme", pa.string()), pa.field("value", pa.string())]
)

#: Pairs of records by their ids, the smaller first.
PAIRS: Final = pa.schema([WORK_EVIDENCE.field(name) for name in ("record_id_a", "record_id_b")])

#: Records of the warehouse that a dump changes in a way that matters to matching. ``goes``: what the warehouse holds
#: of it is replaced or ended; ``comes``: it comes back as the warehouse holds it.
TOUCHED: Final = pa.schema(
    [
        pa.field("record_id", pa.int64()),
        pa.field("goes", pa.bool_()),
        pa.field("comes", pa.bool_()),
        pa.field("is_founded_earlier", pa.bool_()),
    ]
)


#: Records asked for in one query, which their ids are part of the text of.
IDS_A_QUERY: Final = 100_000


@dataclass(frozen=True)
class Neighbours:
    """What matching reads of records of the warehouse: MATCH_RECORDS, valid identifiers, AT keys.

    The text of a key that a record of the dump holds as well may be null.
    """

    records: pa.Table
    identifiers: pa.Table
    keys: pa.Table

    @staticmethod
    def none() -> Neighbours:
        """No neighbours."""
        return Neighbours(MATCH_RECORDS.empty_table(), RECORD_VALUES.empty_table(), RECORD_KEYS.empty_table())


def touched_records(changes: pa.Table, ended: pa.Table, returned: pa.Table) -> pa.Table:
    """TOUCHED: known records that changed, ended, came back, or turn out to be older than thought."""
    known = pc.invert(has_status(changes, "new"))
    goes = pc.and_(known, has_status(changes, "changed"))
    revived = pc.and_(changes.column("is_alive"), pc.invert(changes.column("was_alive")))
    comes = pc.and_(pc.and_(known, revived), pc.invert(goes))
    earlier = pc.and_(changes.column("is_alive"), changes.column("is_founded_earlier"))
    alive = pa.table([changes.column("record_id"), goes, comes, changes.column("is_founded_earlier")], schema=TOUCHED)
    alive = alive.filter(pc.and_(known, pc.or_(pc.or_(goes, comes), earlier)))
    return pa.concat_tables([alive, _touched(ended, goes=True), _touched(returned, goes=False)])


def _touched(records: pa.Table, *, goes: bool) -> pa.Table:
    """TOUCHED of records all of which go, or all of which come back."""
    flags = (pa.repeat(flag, len(records)) for flag in (goes, not goes, False))
    return pa.table([records.column("record_id"), *flags], schema=TOUCHED)


class Neighbourhood:
    """Questions to the warehouse about what a change touches, within one open transaction.

    ``dump`` is the one whose coming changes it; None where no dump does.
    """

    def __init__(self, connection: Connection, touched: pa.Table, dump: Dump | None) -> None:
        self._connection = connection
        self._dump_name = dump.name if dump else None
        with connection.cursor() as cursor:
            cursor.execute(statement("deduplicate/prepare"))
        self._ask("touched_records", touched.select(TOUCHED.names))
        self.going = _ids(touched, "goes")
        self.coming = _ids(touched, "comes")

    def touched_keys(self, keeping: Ids) -> tuple[Ids, Ids]:
        """The work keys and the matching keys that records which go or come back hold, but those of ``keeping``."""
        asked = np.setdiff1d(distinct(self.going, self.coming), keeping, assume_unique=True)
        self._ask("asked_records", pa.table({"record_id": asked}))
        columns = ("key_id", "is_work_key")
        keys, are_work_keys = read_numbers(self._connection, statement("deduplicate/keys_of"), columns)
        return keys[are_work_keys > 0], keys[are_work_keys == 0]

    def holders(self, work_keys: Ids, matching_keys: Ids) -> tuple[KeyRows, KeyRows]:
        """Who holds these keys: rows of the living, and of who comes back.

        Keys of which it is not known where they lie are asked for as both.
        """
        self._ask_keys(work_keys, matching_keys)
        rows = self._key_rows("holders")
        comes = among(rows.record_ids, self.coming)
        return rows.where(~comes), rows.where(comes)

    def decided_under(self, keys: Ids) -> tuple[pa.Table, KeyRows]:
        """The pairs (PAIRS) with evidence that share one of these keys, no person's; and all keys of their records."""
        self._ask_keys(keys, keys)
        with self._connection.cursor() as cursor:
            cursor.execute(statement("deduplicate/key_holders"))
        pairs = read_frame(self._connection, statement("deduplicate/decided_under"), PAIRS)
        return pairs, self.keys_of(np.union1d(pairs[0].to_numpy(), pairs[1].to_numpy()))

    def keys_of(self, ids: Ids) -> KeyRows:
        """All keys of records of the warehouse."""
        self._ask("asked_records", pa.table({"record_id": ids}))
        return self._key_rows("keys_of")

    def partners(self, ids: Ids, among_themselves: Ids, held: KeyRows) -> Neighbours:
        """What matching reads of records of the warehouse.

        The keys of those that are paired ``among_themselves`` are read whole. Of the others only those matter that a
        record of the dump holds too, which ``held`` has the numbers of, and the dump the texts.
        """
        numbers = held.where(among(held.record_ids, np.setdiff1d(ids, among_themselves, assume_unique=True)))
        columns = [numbers.record_ids, numbers.key_ids, pa.repeat("AT", len(numbers.record_ids))]
        shared = pa.table([*columns, pa.nulls(len(numbers.record_ids), pa.string())], schema=RECORD_KEYS)
        whole = self._of_records(statement("deduplicate/neighbour_keys"), RECORD_KEYS, among_themselves)
        return Neighbours(
            records=self._records(ids),
            identifiers=self._of_records(statement("deduplicate/neighbour_identifiers"), RECORD_VALUES, ids),
            keys=pa.concat_tables([whole, shared]).unify_dictionaries(),
        )

    def linked(self, ids: Ids) -> tuple[pa.Table, pa.Table]:
        """MATCH_RECORDS of the touched records, of these, and of all that accepted evidence links with them.

        And WORK_EVIDENCE so far on pairs among them.
        """
        self._ask("asked_records", pa.table({"record_id": ids}))
        (found,) = read_numbers(self._connection, statement("deduplicate/linked"), ["record_id"])
        evidence = self._of_records(statement("deduplicate/neighbour_evidence"), WORK_EVIDENCE, found)
        evidence = evidence.filter(pa.array(among(evidence.column("record_id_b").to_numpy(), np.sort(found))))
        return self._records(found), evidence

    def _records(self, ids: Ids) -> pa.Table:
        columns = sql.SQL(", ").join(sql.Identifier("records", name) for name in DESCRIPTIVE_COLUMNS)
        query = sql.SQL(statement("deduplicate/neighbours").string).format(descriptive_columns=columns)
        return self._of_records(query, MATCH_RECORDS, ids)

    def _of_records(self, query: sql.Composable, schema: pa.Schema, ids: Ids) -> pa.Table:
        """The rows of a query about ``record_ids``, as a frame of ``schema``.

        The ids go along with the query, so that the planner knows how many they are: it reads the pages where many
        records lie in their order and ahead, where a join would go to and fro, and wait for each.
        """
        found = [schema.empty_table()]
        for start in range(0, len(ids), IDS_A_QUERY):
            asked = {"record_ids": f"{{{','.join(map(str, ids[start : start + IDS_A_QUERY].tolist()))}}}"}
            read_frames(self._connection, query, schema, found.append, {"name": self._dump_name, **asked})
        return pa.concat_tables(found).unify_dictionaries()

    def _key_rows(self, name: str) -> KeyRows:
        """The rows (record_id, key_id) of a statement of ``sql/deduplicate``."""
        return KeyRows(*read_numbers(self._connection, statement(f"deduplicate/{name}"), ("record_id", "key_id")))

    def _ask_keys(self, work_keys: Ids, matching_keys: Ids) -> None:
        # In order: who looks them up goes through an index from its beginning to its end, and reads each page once.
        keys = np.concatenate([distinct(work_keys), distinct(matching_keys)])
        are_work_keys = np.arange(len(keys)) < len(distinct(work_keys))
        self._ask("asked_keys", pa.table({"key_id": keys, "is_work_key": are_work_keys}))

    def _ask(self, table: str, rows: pa.Table) -> None:
        """Fill a temporary table with what is asked for."""
        name = sql.Identifier(table)
        with self._connection.cursor() as cursor:
            cursor.execute(sql.SQL("TRUNCATE {}").format(name))
            copy_frames(self._connection, name, [rows], rows.column_names)
            cursor.execute(sql.SQL("ANALYZE {}").format(name))


def _ids(touched: pa.Table, flag: str) -> Ids:
    ids: Ids = np.sort(touched.column("record_id").filter(touched.column(flag)).to_numpy())
    return ids
