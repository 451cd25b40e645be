"""Pairs of candidates -> evidence: each pair's verdict, rule, reason and score, and a key that both records hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import Ids, among, distinct
from pipelines.normalize.columns import as_mask, one_array
from pipelines.records import WORK_EVIDENCE
from pipelines.works.borders import DEFAULT_BORDERS, Borders
from pipelines.works.comparands import comparands
from pipelines.works.comparisons import common_ground
from pipelines.works.edition_statements import split_editions
from pipelines.works.evidence import decide, evidence_columns
from pipelines.works.matching_keys import matching_keys
from pipelines.works.shared_keys import shared_key_texts
from pipelines.works.signs import signs_of

#: Pairs looked at at a time; bounds the memory, not the result.
_PAIRS_AT_A_TIME: Final = 200_000


def judge(
    records: pa.Table,
    identifiers: pa.Table,
    work_keys: pa.Table,
    a: Ids,
    b: Ids,
    borders: Borders = DEFAULT_BORDERS,
) -> pa.Table:
    """WORK_EVIDENCE on the pairs of record ids ``a`` < ``b`` that have anything to do with each other.

    ``records``: MATCH_RECORDS in ascending order of record_id, each once, all of the pairs among them.
    ``identifiers``: valid ones, and arXiv ids in any state, as (record_id, scheme, value). ``work_keys``:
    RECORD_WORK_KEYS without origin, of which the ``AT`` keys count. Rows of other records are passed over. Pairs on
    one of the ``borders`` get its verdict. Each row depends on its two records alone.
    """
    near = _with_common_ground(records, identifiers, work_keys, a, b)
    a, b = a[near], b[near]
    # Most candidates are none of it: the rest is read of the others alone.
    ids = distinct(a, b)
    records, identifiers, work_keys = (
        table.filter(pa.array(among(table["record_id"], ids))) for table in (records, identifiers, work_keys)
    )
    known = comparands(records, identifiers, _work_key_rows(ids, work_keys))
    first, second = np.searchsorted(ids, a), np.searchsorted(ids, b)
    decided = [WORK_EVIDENCE.empty_table().drop_columns("blocking_key")]
    for part in _parts(len(a)):
        verdicts = decide(known, first[part], second[part], borders)
        columns = {"record_id_a": pa.array(a[part]), "record_id_b": pa.array(b[part]), **evidence_columns(verdicts)}
        decided.append(pa.table(columns).filter(pa.array(verdicts.related())).cast(decided[0].schema))
    evidence = pa.concat_tables(decided).sort_by([("record_id_a", "ascending"), ("record_id_b", "ascending")])
    return _with_keys(evidence, records, identifiers, work_keys)


def _parts(count: int) -> Iterator[slice]:
    """Slices of ``count`` pairs."""
    return (slice(begin, begin + _PAIRS_AT_A_TIME) for begin in range(0, count, _PAIRS_AT_A_TIME))


def _with_common_ground(records: pa.Table, identifiers: pa.Table, work_keys: pa.Table, a: Ids, b: Ids) -> Ids:
    """Which of the pairs have anything in common at first sight."""
    record_ids = records["record_id"].to_numpy()
    names, _ = split_editions(one_array(records["title"]))
    signs = signs_of(records, names, identifiers, _work_key_rows(record_ids, work_keys))
    first, second = np.searchsorted(record_ids, a), np.searchsorted(record_ids, b)
    found = [np.empty(0, np.int64)]
    found += [part.start + common_ground(signs, first[part], second[part]).pairs for part in _parts(len(a))]
    return np.concatenate(found)


def _work_key_rows(record_ids: Ids, work_keys: pa.Table) -> npt.NDArray[np.int64]:
    """Distinct rows (position of a record, number of an AT key), ordered; keys of other records are passed over."""
    own = pc.and_(pc.equal(work_keys["kind"], "AT"), pa.array(among(work_keys["record_id"], record_ids)))
    work_keys = work_keys.filter(own)
    members = np.searchsorted(record_ids, work_keys["record_id"].to_numpy())
    numbers = np.unique(work_keys["work_key_id"].to_numpy(), return_inverse=True)[1].astype(np.int64)
    return np.unique(np.column_stack([members, numbers]), axis=0)


def _with_keys(evidence: pa.Table, records: pa.Table, identifiers: pa.Table, work_keys: pa.Table) -> pa.Table:
    """The evidence with a key that the records of each pair share: a work key, else a matching key.

    Matching keys are made anew, for the records of the other pairs alone.
    """
    a, b = evidence["record_id_a"].to_numpy(), evidence["record_id_b"].to_numpy()
    columns = ["record_id", "work_key_id", "kind", "key"]
    shown = shared_key_texts(a, b, work_keys.select(columns))
    others = np.flatnonzero(as_mask(pc.is_null(shown)))
    if len(others):
        ids = distinct(a[others], b[others])
        some, theirs = (table.filter(pa.array(among(table["record_id"], ids))) for table in (records, identifiers))
        keys = shared_key_texts(a[others], b[others], matching_keys(some, theirs).select(columns))
        shown = pc.replace_with_mask(shown, pc.is_null(shown), keys)
    return evidence.append_column("blocking_key", shown).cast(WORK_EVIDENCE)
