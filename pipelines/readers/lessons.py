"""What a dump teaches about values: how often each was seen, of some kinds, in bounded memory.

A lesson is gathered part by part and added up, in any order: the sum is the same. Values are kept as 64-bit
hashes. Of a kind that has more distinct values than are held, those with the smallest hashes are kept, each with its
whole count: which these are depends on the values alone, not on the order in which they came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

Hashes: TypeAlias = npt.NDArray[np.uint64]
Counts: TypeAlias = npt.NDArray[np.int64]

#: Distinct values held of a kind; each takes 16 bytes.
MOST_VALUES: Final = 1 << 21

#: A lesson as a table: one row a kind and value.
LESSON: Final = pa.schema([("kind", pa.string()), ("value", pa.uint64()), ("seen", pa.int64())])


@dataclass(frozen=True, slots=True)
class Lesson:
    """By kind: hashes of values, sorted, and how often each was seen."""

    kinds: Mapping[str, tuple[Hashes, Counts]]

    @staticmethod
    def of(seen: Mapping[str, Counter[str]]) -> Lesson:
        """The lesson of values counted by kind."""
        kinds = {}
        for kind, counter in seen.items():
            kinds[kind] = _added(hashes_of(counter), np.fromiter(counter.values(), np.int64, len(counter)))
        return Lesson(kinds)

    @staticmethod
    def of_hashes(seen: Mapping[str, tuple[Hashes, Counts]]) -> Lesson:
        """The lesson of hashes of values, and how often each was seen, by kind; a hash may come more than once."""
        return Lesson({kind: _added(hashes, counts) for kind, (hashes, counts) in seen.items()})

    @staticmethod
    def added(lessons: Iterable[Lesson]) -> Lesson:
        """The sum of lessons, whatever their order."""
        total: dict[str, tuple[Hashes, Counts]] = {}
        for lesson in lessons:
            for kind, (hashes, counts) in lesson.kinds.items():
                held, held_counts = total.get(kind, _NOTHING)
                total[kind] = _added(np.concatenate([held, hashes]), np.concatenate([held_counts, counts]))
        return Lesson(total)

    def seen(self, kind: str, value: str) -> int:
        """How often ``value`` was seen; 0 where never, or where it is not held."""
        return int(self.counts(kind, hashes_of([value]))[0])

    def counts(self, kind: str, wanted: Hashes) -> Counts:
        """How often each value was seen, by its hash, in the shape of ``wanted``."""
        hashes, counts = self.kinds.get(kind, _NOTHING)
        if not len(hashes):
            return np.zeros(wanted.shape, np.int64)
        at = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
        return np.where(hashes[at] == wanted, counts[at], 0)

    def table(self) -> pa.Table:
        """As a table of schema ``LESSON``; :meth:`from_table` is the way back."""
        parts = [
            pa.table({"kind": pa.repeat(pa.scalar(kind), len(hashes)), "value": hashes, "seen": counts}, schema=LESSON)
            for kind, (hashes, counts) in sorted(self.kinds.items())
        ]
        return pa.concat_tables(parts) if parts else LESSON.empty_table()

    @staticmethod
    def from_table(table: pa.Table) -> Lesson:
        """The lesson that a table of schema ``LESSON`` holds."""
        kinds = table.column("kind").to_numpy(zero_copy_only=False)
        values, seen = table.column("value").to_numpy(), table.column("seen").to_numpy()
        return Lesson({kind: (values[kinds == kind], seen[kinds == kind]) for kind in sorted(set(kinds))})


_NOTHING: Final = (np.empty(0, np.uint64), np.empty(0, np.int64))


def hashes_of(values: Collection[str]) -> Hashes:
    """The hash of each value."""
    return np.fromiter((xxhash.xxh3_64_intdigest(value.encode()) for value in values), np.uint64, len(values))


def _added(hashes: Hashes, counts: Counts) -> tuple[Hashes, Counts]:
    """Distinct hashes in order, the counts of equal ones added; the smallest MOST_VALUES of them."""
    distinct, places = np.unique(hashes, return_inverse=True)
    added = np.zeros(len(distinct), np.int64)
    np.add.at(added, places, counts)
    return distinct[:MOST_VALUES], added[:MOST_VALUES]
