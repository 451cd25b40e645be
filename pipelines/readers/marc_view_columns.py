"""Staff views of MARC records as columns: the tables of many pages at once, where they stand as VuFind writes them.

The fast path of :mod:`pipelines.readers.marc_view`, to which it leaves all other pages; both give the same document for
the same page. What the rows of a table say is put as MARCXML says it, by compiled code (``_marc_view.c``), and read
with all others by :mod:`pipelines.readers.marcxml_columns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Positions
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.marc_fields import to_fields
from pipelines.readers.marc_view import TITLE
from pipelines.readers.marcxml_columns import read_columns
from pipelines.records import TEXT

if IS_COMPILED:
    from pipelines.readers import _marc_view


def as_marcxml(table: bytes) -> bytes | None:
    """The record of a table as MARCXML, ``None`` where the table is written in any other way."""
    return _marc_view.as_marcxml(table, TITLE)


def read_views(records: Sequence[bytes], ids: Sequence[str | None]) -> tuple[pa.Table, Positions]:
    """The documents of records by :func:`as_marcxml` in a table of schema ``FIELDS``, and the number of each.

    ``ids`` are those that the pages say, which count before field 001. Records that are no documents, or not plain,
    have no row.
    """
    table, rows = read_columns(records)
    around = {"id": pa.array([ids[row] for row in rows.tolist()], TEXT)}
    fields, refused, other_kinds = to_fields(replace(table, around=around).living())
    if none := [*refused, *other_kinds]:
        kept = np.setdiff1d(np.arange(len(rows)), none)
        fields, rows = fields.take(pa.array(kept)), rows[kept]
    return fields, rows
