"""Small frames for the tests of matching."""

from typing import Any

import pyarrow as pa

from pipelines.records import MATCH_RECORDS, RECORD_WORK_KEYS, WORK_ASSIGNMENTS
from pipelines.stable_ids import stable_id

IDENTIFIERS = pa.schema([("record_id", pa.int64()), ("scheme", pa.string()), ("value", pa.string())])

RECORD = {
    "source": "s",
    "founded": "2020",
    "title": "A long enough title",
    "author_names": ["Doe, Jane", "Roe, Richard"],
    "filled": 1,
}


def match_records(*records: dict[str, Any]) -> pa.Table:
    """MATCH_RECORDS; ``record_id`` counts from 1 where it is not given."""
    rows = [{"record_id": position} | RECORD | record for position, record in enumerate(records, start=1)]
    return pa.Table.from_pylist(rows, schema=MATCH_RECORDS)


def identifier_rows(*rows: tuple[int, str, str]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(IDENTIFIERS.names, row, strict=True)) for row in rows], schema=IDENTIFIERS)


def key_rows(*rows: tuple[int, str]) -> pa.Table:
    """RECORD_WORK_KEYS of (record_id, key)."""
    return pa.Table.from_pylist(
        [
            {"record_id": record, "work_key_id": stable_id(key), "kind": key[:2], "key": key, "origin": "given"}
            for record, key in rows
        ],
        schema=RECORD_WORK_KEYS,
    )


def singletons(records: pa.Table) -> pa.Table:
    """WORK_ASSIGNMENTS of records that stand alone: each is its own publication and its own work."""
    ids = records["record_id"]
    return pa.table({"record_id": ids, "publication_id": ids, "work_id": ids}, schema=WORK_ASSIGNMENTS)
