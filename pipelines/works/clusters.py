"""Publications and works as connected components of decided pairs, their ids, and redirects of former ids.

The id of a group is the record_id of its founder, the member with the smallest (``founded``, ``record_id``).
It depends on the current records alone: it stays when younger records join, and when two groups become one,
the older id survives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipelines.records import WORK_REDIRECTS

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: The score of what people have decided; no rule is as sure.
DECIDED: Final = 1.0


def seniority(records: pa.Table) -> Ints:
    """The place of each record in the order of age: by ``founded``, then by ``record_id``; 0 is the eldest."""
    order = pc.sort_indices(records, sort_keys=[("founded", "ascending"), ("record_id", "ascending")]).to_numpy()
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of positions ``a`` < ``b`` with the score of their verdict."""

    a: Ints
    b: Ints
    scores: npt.NDArray[np.float32]

    def where(self, mask: Mask) -> Edges:
        """The edges for which ``mask`` is true."""
        return Edges(self.a[mask], self.b[mask], self.scores[mask])


def guarded_components(record_count: int, accepted: Edges, refused: Edges) -> Ints:
    """For each record the first member of its group: components of ``accepted`` that hold no ``refused`` pair.

    A chain of accepted edges that would bring a refused pair together is broken at its weakest place: the edges of
    such a component are taken from the surest to the least sure (then by position), and one that would join two
    groups with a refused pair between them is passed over. Between records that people have joined (DECIDED) nothing
    is refused but by people: there the weakest place is what a rule says.
    """
    refused = refused.where(refused.a != refused.b)
    by_people = accepted.scores >= DECIDED
    if by_people.any():
        joined = _components(record_count, accepted.where(by_people), refused.where(refused.scores >= DECIDED))
        refused = refused.where(joined[refused.a] != joined[refused.b])
    return _components(record_count, accepted, refused)


def _components(record_count: int, accepted: Edges, refused: Edges) -> Ints:
    ones = np.ones(len(accepted.a), dtype=np.int8)
    graph = coo_array((ones, (accepted.a, accepted.b)), shape=(record_count, record_count))
    labels = _by_first_member(connected_components(graph, directed=False)[1].astype(np.int64))
    broken = labels[refused.a] == labels[refused.b]
    if not broken.any():
        return labels
    damaged = np.unique(labels[refused.a[broken]])
    mended = accepted.where(np.isin(labels[accepted.a], damaged))
    order = np.lexsort((mended.b, mended.a, -mended.scores))
    groups = _Groups(zip(refused.a[broken].tolist(), refused.b[broken].tolist(), strict=True))
    for a, b in zip(mended.a[order].tolist(), mended.b[order].tolist(), strict=True):
        groups.join(a, b)
    inside = np.flatnonzero(np.isin(labels, damaged))
    labels[inside] = record_count + np.array([groups.of(record) for record in inside.tolist()], dtype=np.int64)
    return _by_first_member(labels)


def _by_first_member(labels: Ints) -> Ints:
    """The position of the first member of each record's group: a name that does not depend on other groups."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    named: Ints = first[inverse].astype(np.int64)
    return named


class _Groups:
    """Growing groups of records, none of which ever holds a pair that must stay apart."""

    def __init__(self, apart: Iterable[tuple[int, int]]) -> None:
        self._leader: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        #: By the leader of a group: the leaders of the groups it must not meet.
        self._apart: dict[int, set[int]] = {}
        for a, b in apart:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def of(self, record: int) -> int:
        """The record that names the group."""
        return self._leader.get(record, record)

    def join(self, a: int, b: int) -> None:
        """Make one group of two, unless a pair between them must stay apart; the smaller goes into the larger."""
        first, second = self.of(a), self.of(b)
        if first == second or second in self._apart.get(first, ()):
            return
        small, large = sorted((first, second), key=lambda leader: (len(self._members.get(leader, ())), leader))
        moved = self._members.pop(small, [small])
        self._members.setdefault(large, [large]).extend(moved)
        self._leader.update(dict.fromkeys(moved, large))
        for other in self._apart.pop(small, ()):
            self._apart[other].discard(small)
            self._apart[other].add(large)
            self._apart.setdefault(large, set()).add(other)


def founders(groups: Ints, ranks: Ints) -> Ints:
    """For each record the position of the founder of its group (numbers below the number of records)."""
    eldest = np.full(len(groups), len(groups), dtype=np.int64)
    np.minimum.at(eldest, groups, ranks)
    by_rank = np.empty(len(groups), dtype=np.int64)
    by_rank[ranks] = np.arange(len(groups))
    founder: Ints = by_rank[eldest[groups]]
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
