"""Normalised records -> what matching reads of them, for a load and for a file of citations alike."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.records import DESCRIPTIVE_COLUMNS, MATCH_RECORDS, conform

#: Columns of MATCH_RECORDS that are known from outside a record: when it was founded, and which it has been so far.
KNOWN_COLUMNS: Final = ("founded", "publication_id", "work_id")
#: Columns of MATCH_RECORDS that a normalised record has under the same name.
_SHARED_COLUMNS: Final = tuple(name for name in MATCH_RECORDS.names if name not in {"filled", *KNOWN_COLUMNS})
#: Columns of a normalised record that :func:`match_records` reads.
READ_COLUMNS: Final = tuple(dict.fromkeys((*_SHARED_COLUMNS, *DESCRIPTIVE_COLUMNS)))


def match_records(records: pa.Table, known: pa.Table) -> pa.Table:
    """MATCH_RECORDS of normalised records; ``known`` has the KNOWN_COLUMNS of the same records in the same order."""
    columns = {name: records.column(name) for name in _SHARED_COLUMNS}
    columns |= {name: known.column(name) for name in KNOWN_COLUMNS}
    return conform(pa.table(columns | {"filled": _filled(records)}), MATCH_RECORDS, "match_records")


def matched_identifiers(identifiers: pa.Table) -> pa.Table:
    """What matching reads of RECORD_IDENTIFIERS: (record_id, scheme, value) of valid ones, and damaged arXiv ids.

    ``identifiers`` needs these columns and ``is_valid``; :mod:`pipelines.works.arxiv_ids` sets the ids right.
    """
    read = identifiers.filter(pc.or_(identifiers["is_valid"], pc.equal(identifiers["scheme"], "arxiv")))
    return read.select(["record_id", "scheme", "value"])


def _filled(records: pa.Table) -> pa.Array:
    """How many descriptive columns of each record have a value."""
    counts = np.zeros(records.num_rows, np.int16)
    for name in DESCRIPTIVE_COLUMNS:
        counts += records.column(name).is_valid().to_numpy()
    return pa.array(counts)
