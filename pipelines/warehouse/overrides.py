"""What people have decided on pairs of records: it always wins, and survives every load."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.ids import Ids, among
from pipelines.normalize.columns import as_mask
from pipelines.records import WORK_EVIDENCE
from pipelines.warehouse.answers import read_frame
from pipelines.warehouse.statements import statement

#: The rule of evidence by which a person's verdict stands in ``catalog.work_evidence``.
RULE: Final = "decided_by_person"

#: Overrides in force: a pair, the verdict, who and why in words, and which of the two is alive in the warehouse.
OVERRIDES: Final = pa.schema(
    [
        *(WORK_EVIDENCE.field(name) for name in ("record_id_a", "record_id_b", "verdict", "reason")),
        pa.field("is_a_alive", pa.bool_(), nullable=False),
        pa.field("is_b_alive", pa.bool_(), nullable=False),
    ]
)


def overrides_in_force(connection: Connection) -> pa.Table:
    """All OVERRIDES in force, in the order of their pairs."""
    return read_frame(connection, statement("overrides/in_force"), OVERRIDES)


def override_evidence(overrides: pa.Table, fresh: Ids, going: Ids) -> pa.Table:
    """WORK_EVIDENCE of the OVERRIDES that come into force with ``fresh`` records (sorted ids).

    One of the two is fresh, and the other one is too, or is alive and not ``going`` (sorted ids).
    """
    a, b = (overrides[f"record_id_{side}"].to_numpy() for side in "ab")
    is_fresh_a, is_fresh_b = among(a, fresh), among(b, fresh)
    stays_a, stays_b = (
        as_mask(overrides[f"is_{side}_alive"].combine_chunks()) & ~among(ids, going)
        for side, ids in (("a", a), ("b", b))
    )
    chosen = (is_fresh_a | is_fresh_b) & (is_fresh_a | stays_a) & (is_fresh_b | stays_b)
    some = overrides.filter(pa.array(chosen))
    columns = {name: some[name] for name in ("record_id_a", "record_id_b", "verdict", "reason")}
    columns |= {
        "rule": pa.repeat(RULE, len(some)),
        "score": pa.repeat(pa.scalar(1.0, pa.float32()), len(some)),
        "blocking_key": pa.nulls(len(some), pa.string()),
    }
    return pa.table({name: columns[name] for name in WORK_EVIDENCE.names}, schema=WORK_EVIDENCE)
