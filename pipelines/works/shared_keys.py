"""The key that is shown for a pair: of those that two records share the one that says most."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import Ids
from pipelines.normalize.columns import one_array
from pipelines.runs import rows_in_ranges, run_starts

#: Kinds of keys, those that say most first.
_ORDER: Final = ("AT", "ID", "PL", "TB", "TE", "TW", "AW", "AY", "TY")


def shared_key_texts(a: Ids, b: Ids, keys: pa.Table) -> pa.Array:
    """For each pair of record ids the first key, by kind and then by the alphabet, that both hold; null for none.

    ``keys``: RECORD_WORK_KEYS of these records; kinds that do not block are passed over. The text of a key is that of
    its first row; those of its other rows may be null. A function of the two records alone: how many others hold a key
    does not matter.
    """
    kinds = pc.index_in(keys["kind"], value_set=pa.array(_ORDER))
    keys = keys.append_column("order", kinds).filter(pc.is_valid(kinds))
    if not len(keys) or not len(a):
        return pa.nulls(len(a), pa.string())
    key_ids, first, numbers = np.unique(keys["work_key_id"].to_numpy(), return_index=True, return_inverse=True)
    distinct = keys.select(["order", "key"]).take(pa.array(first))
    by_rank = pc.sort_indices(distinct, [("order", "ascending"), ("key", "ascending")]).to_numpy()
    rank = np.empty(len(key_ids), dtype=np.int64)
    rank[by_rank] = np.arange(len(key_ids))

    record_ids, records = np.unique(keys["record_id"].to_numpy(), return_inverse=True)
    rows = np.unique(records * len(key_ids) + rank[numbers])
    owners = rows // len(key_ids)
    first_of, second_of = (_positions(record_ids, ids) for ids in (a, b))
    begin, end = np.searchsorted(owners, first_of), np.searchsorted(owners, first_of, side="right")
    pair, row = rows_in_ranges(begin, end)
    wanted = second_of[pair] * len(key_ids) + rows[row] % len(key_ids)
    hit = rows[np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)] == wanted
    # Rows ascend, so the first hit of a pair is its best.
    pair, row = pair[hit], row[hit]
    best = run_starts(pair)
    shown = np.full(len(a), -1, dtype=np.int64)
    shown[pair[best]] = by_rank[rows[row[best]] % len(key_ids)]
    return one_array(distinct["key"]).take(pa.array(shown, mask=shown < 0))


def _positions(record_ids: Ids, wanted: Ids) -> Ids:
    """Where each wanted id stands, or the number of ids for one that has no key."""
    places = np.minimum(np.searchsorted(record_ids, wanted), len(record_ids) - 1)
    positions: Ids = np.where(record_ids[places] == wanted, places, len(record_ids))
    return positions
