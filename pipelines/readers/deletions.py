"""Statements of a dump that a record is deleted: rows among those of its documents, in the dump's order."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.json_exact import to_row


def deletion_row(record_id: str) -> dict[str, Any]:
    """The row of schema ``RAW_RECORDS`` (without lineage) that says that a record is deleted.

    Raises :class:`~pipelines.readers.json_exact.NotADocumentError` where the id is none.
    """
    return to_row({"id": record_id}) | {"is_deletion": True}


def apart(rows: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The documents of a table of schema ``RAW_RECORDS``, and its deletions."""
    is_deletion = pc.fill_null(rows.column("is_deletion"), False)
    if not pc.any(is_deletion).as_py():
        return rows, rows.slice(0, 0)
    return rows.filter(pc.invert(is_deletion)), rows.filter(is_deletion)
