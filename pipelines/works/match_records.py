"""Normalised records -> what matching reads of them, for a load and for a file of citations alike."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.records import MATCH_RECORDS, conform

#: Columns of MATCH_RECORDS that are known from outside a record: when it was founded, and which it has been so far.
KNOWN_COLUMNS: Final = ("founded", "publication_id", "work_id")
#: Columns of MATCH_RECORDS that a normalised record has under the same name.
READ_COLUMNS: Final = tuple(name for name in MATCH_RECORDS.names if name not in KNOWN_COLUMNS)


def match_records(records: pa.Table, known: pa.Table) -> pa.Table:
    """MATCH_RECORDS of normalised records; ``known`` has the KNOWN_COLUMNS of the same records in the same order."""
    columns = {name: records.column(name) for name in READ_COLUMNS}
    columns |= {name: known.column(name) for name in KNOWN_COLUMNS}
    return conform(pa.table(columns), MATCH_RECORDS, "match_records")


def matched_identifiers(identifiers: pa.Table) -> pa.Table:
    """What matching reads of RECORD_IDENTIFIERS: (record_id, scheme, value) of valid ones, and damaged arXiv ids.

    ``identifiers`` needs these columns and ``is_valid``; :mod:`pipelines.works.arxiv_ids` sets the ids right.
    """
    read = identifiers.filter(pc.or_(identifiers["is_valid"], pc.equal(identifiers["scheme"], "arxiv")))
    return read.select(["record_id", "scheme", "value"])
