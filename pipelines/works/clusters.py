"""Publications and works as connected components of decided pairs, their ids, and redirects of former ids.

The id of a group is the record_id of its founder, the member with the smallest (``founded``, ``record_id``).
It depends on the current records alone: it stays when younger records join, and when two groups become one,
the older id survives.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipelines.records import WORK_REDIRECTS

Ints = npt.NDArray[np.int64]


def seniority(records: pa.Table) -> Ints:
    """The place of each record in the order of age: by ``founded``, then by ``record_id``; 0 is the eldest."""
    order = pc.sort_indices(records, sort_keys=[("founded", "ascending"), ("record_id", "ascending")]).to_numpy()
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def founders(record_count: int, a: Ints, b: Ints, ranks: Ints) -> Ints:
    """For each record the position of the founder of its component, given the edges ``a``-``b``."""
    edges = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(record_count, record_count))
    count, labels = connected_components(edges, directed=False)
    eldest = np.full(count, record_count, dtype=np.int64)
    np.minimum.at(eldest, labels, ranks)
    by_rank = np.empty(record_count, dtype=np.int64)
    by_rank[ranks] = np.arange(record_count)
    founder: Ints = by_rank[eldest[labels]]
    return founder


def redirects(level: str, former_ids: pa.Array, new_ids: Ints, record_ids: Ints, ranks: Ints) -> pa.Table:
    """WORK_REDIRECTS of the ids that were in use and that no group has any more.

    ``former_ids`` (null for new records) and ``new_ids`` by record. A former id leads to the group where its
    founder is now or, where the founder has been deleted, the eldest record left that had the id.
    """
    had = pc.is_valid(former_ids).to_numpy(zero_copy_only=False)
    former = pc.fill_null(former_ids, 0).to_numpy(zero_copy_only=False)
    gone = np.flatnonzero(had & ~np.isin(former, new_ids))
    is_founder = record_ids[gone] == former[gone]
    order = gone[np.lexsort((ranks[gone], ~is_founder, former[gone]))]
    old_ids, first = np.unique(former[order], return_index=True)
    return pa.table(
        {
            "level": pa.array(np.full(len(old_ids), level, dtype=object), pa.string()),
            "old_id": pa.array(old_ids, pa.int64()),
            "new_id": pa.array(new_ids[order[first]], pa.int64()),
        },
        schema=WORK_REDIRECTS,
    )


def joins(redirected: pa.Table, assignments: pa.Table) -> int:
    """How many of the ``redirected`` ids (WORK_REDIRECTS) are gone because of a join.

    An id is gone because of a join where its founder, the record of that id, lives on in a group that another
    record founds; ``assignments`` (WORK_ASSIGNMENTS) holds the living records that were decided. Where the founder
    has ended, what is left of the group has another id, and nothing has been joined.
    """
    return int(pc.sum(pc.is_in(redirected["old_id"], value_set=assignments["record_id"])).as_py() or 0)
