"""Work keys of Solr documents, in columns: those that a record brings, or those that VuFind would give it.

The rules are those of the profile ``vufind_marc`` (:mod:`pipelines.works.work_key_profiles`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import Mask, as_mask, is_repeat, one_array
from pipelines.records import RECORD_WORK_KEYS
from pipelines.works.marc_work_keys import could_be_marc, marc_record, work_keys_of_marc
from pipelines.works.work_key_parts import KEY_FIELDS, Indices, KeyFields, flatten, keys_of_fields, whole_keys
from pipelines.works.work_key_profiles import VUFIND_MARC


def record_work_keys(raw: pa.Table, record_ids: pa.Array) -> pa.Table:
    """The work keys of a batch of Solr documents: RAW_RECORDS and their ids -> RECORD_WORK_KEYS.

    A record that brings keys (``work_keys_str_mv``) keeps them as they are, freed of blanks around them and
    of NUL (origin ``given``); a value that is neither ``AT …`` nor ``UT …`` is no key. Another gets VuFind's
    default keys (origin ``computed``): ``AT`` and ``UT`` from the MARC record in ``fullrecord``; where there is
    none, or none that gives a key, ``AT`` from its fields by
    :func:`~pipelines.works.work_key_parts.keys_of_fields`. Rows are distinct by record and key, in the order of
    the records.
    """
    ids = one_array(record_ids)
    given_rows, given = _given_keys(raw["work_keys_str_mv"])
    has_given = np.zeros(len(ids), dtype=bool)
    has_given[given_rows] = True
    of_marc21 = as_mask(pc.fill_null(pc.not_equal(raw["record_format"], "unimarc"), True))
    marc_rows, of_marc = _marc_keys(raw["fullrecord"], ~has_given & of_marc21)
    has_keys = has_given.copy()
    has_keys[marc_rows] = True
    field_rows, of_fields = _field_keys(raw, ~has_keys)
    rows = np.concatenate([given_rows, marc_rows, field_rows])
    keys = pa.concat_arrays([given, of_marc, of_fields])
    key_ids = text_hashes(keys)
    kept = np.flatnonzero(~is_repeat(rows, pd.factorize(key_ids)[0].astype(np.int64)))
    kept = kept[np.argsort(rows[kept], kind="stable")]
    in_order = len(kept) == len(keys) and bool((np.diff(kept) == 1).all())
    kept_keys = keys if in_order else keys.take(pa.array(kept))
    return pa.table(
        {
            "record_id": ids.take(pa.array(rows[kept])),
            "work_key_id": pa.array(key_ids[kept]),
            "kind": pc.utf8_slice_codeunits(kept_keys, 0, 2),
            "key": kept_keys,
            "origin": pa.array(["given", "computed"]).take(pa.array((kept >= len(given_rows)).astype(np.int8))),
        },
        schema=RECORD_WORK_KEYS,
    )


def _given_keys(column: pa.ChunkedArray | pa.Array) -> tuple[Indices, pa.Array]:
    rows, keys = flatten(column)
    return whole_keys(rows, pc.replace_substring(keys, "\0", ""))


def _marc_keys(column: pa.ChunkedArray | pa.Array, wanted: Mask) -> tuple[Indices, pa.Array]:
    """Keys from the MARC records of the rows ``wanted``; UNIMARC, or MARC that cannot be read, gives none."""
    texts = one_array(column)
    if texts.null_count == len(texts):
        return np.empty(0, dtype=np.int64), pa.array([], pa.string())
    rows = np.flatnonzero(wanted & as_mask(could_be_marc(texts)))
    records = map(marc_record, texts.take(pa.array(rows)).to_pylist())
    found = [work_keys_of_marc(record, VUFIND_MARC) if record else [] for record in records]
    counts = np.array([len(keys) for keys in found], np.int64)
    return np.repeat(rows, counts), pa.array([key for keys in found for key in keys], pa.string())


def _field_keys(raw: pa.Table, wanted: Mask) -> tuple[Indices, pa.Array]:
    """Keys from the fields of the rows ``wanted``."""
    if not wanted.any():
        return np.empty(0, dtype=np.int64), pa.array([], pa.string())
    fields = raw.select(KEY_FIELDS)
    rows, keys = keys_of_fields(KeyFields.of(fields if wanted.all() else fields.filter(pa.array(wanted))))
    return np.flatnonzero(wanted)[rows], keys
