"""Candidates: pairs of records that may be one publication or one work, at a cost linear in the records.

Two records are candidates when they share a key of at most MAX_BLOCK holders, be it an author-title key (``AT``) or a
matching key (:mod:`pipelines.works.matching_keys`). Uniform titles (``UT``) alone do not block: they join
translations and whole literatures ("UT bible"), for which VuFind's users switch them off (VuFind PR #3760).

A key with more holders makes no pair, so none costs quadratic time. What it would have brought together is brought
together by narrower keys: those of a year, of a name, of a place, of an identifier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.ids import Ids, among, distinct
from pipelines.works.credits import shared_counts
from pipelines.works.runs import run_lengths, run_starts

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Holders of a key from which on it makes no pairs; peers cap blocks at 101 (RecordManager) or 200 (OpenAIRE).
MAX_BLOCK: Final = 100

#: Pairs made before repeated ones are dropped; bounds the memory, not the result.
_PAIRS_AT_A_TIME: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class KeyRows:
    """Rows (record, key) as two columns; each row once."""

    record_ids: Ids
    key_ids: Ids

    @staticmethod
    def none() -> KeyRows:
        """No rows."""
        return KeyRows(np.empty(0, np.int64), np.empty(0, np.int64))

    @staticmethod
    def of(table: pa.Table) -> KeyRows:
        """The first two columns of a table."""
        return KeyRows(table.column(0).to_numpy(), table.column(1).to_numpy())

    @staticmethod
    def joined(parts: Iterable[KeyRows]) -> KeyRows:
        """The rows of all parts."""
        every = [KeyRows.none(), *parts]
        return KeyRows(
            np.concatenate([part.record_ids for part in every]), np.concatenate([part.key_ids for part in every])
        )

    def where(self, mask: Mask) -> KeyRows:
        """The rows for which ``mask`` is true."""
        return KeyRows(self.record_ids[mask], self.key_ids[mask])


@dataclass(frozen=True, slots=True)
class Increment:
    """What a change makes of blocks: pairs of record ids ``a`` < ``b`` to decide, each once, block by block.

    ``sizes`` are those of the largest block of each pair; ``closed`` the keys (sorted) that were within the bound and
    are no more: a pair of theirs stays a candidate only where it shares another key.
    """

    a: Ids
    b: Ids
    sizes: Ints
    closed: Ids


def increment(
    fresh: Callable[[], Iterable[KeyRows]], held: KeyRows, leaving: Ids, max_block: int = MAX_BLOCK
) -> Increment:
    """The pairs that a change makes candidates, of which at least one record is fresh, or whose key has been opened.

    ``fresh`` gives the rows of the records that come, the same each of two times: of all their keys, of which only 8
    bytes a row are held, and then of those that block. ``held`` are the rows of other records under these keys and
    under those of the records that are ``leaving`` (sorted), as they were before the change. A key is opened that had
    more than ``max_block`` holders and has no more than that.
    """
    key_ids, counts = _counted(np.concatenate([np.empty(0, np.int64), *(rows.key_ids for rows in fresh())]))
    staying = held.where(~among(held.record_ids, leaving))
    before_keys, before = _counted(held.key_ids.copy())
    stay_keys, stay = _counted(staying.key_ids.copy())

    every = distinct(key_ids, before_keys)
    came, were, stayed = (
        _spread(every, *each) for each in ((key_ids, counts), (before_keys, before), (stay_keys, stay))
    )
    after = came + stayed
    is_block = (after >= 2) & (after <= max_block)
    is_opened = is_block & (were > max_block)
    closed = every[(were <= max_block) & (after > max_block) & (were >= 2)]
    blocking, opened = every[is_block & ((came > 0) | is_opened)], every[is_opened]

    coming = KeyRows.joined(rows.where(among(rows.key_ids, blocking)) for rows in (fresh() if len(blocking) else ()))
    rows = KeyRows.joined([coming, staying.where(among(staying.key_ids, blocking))])
    record_ids = distinct(rows.record_ids)
    members = np.searchsorted(record_ids, rows.record_ids)
    is_fresh = among(record_ids, distinct(coming.record_ids))
    keys = np.searchsorted(every, rows.key_ids)
    is_opened_row = among(rows.key_ids, opened)
    parts = list(_pairs(members, keys, after, is_fresh))
    parts += _pairs(members[is_opened_row], keys[is_opened_row], after, np.ones(len(record_ids), dtype=bool))
    a, b, blocks = _distinct(parts, after, len(record_ids))
    return Increment(record_ids[a], record_ids[b], after[blocks], closed)


def share_a_block(a: Ids, b: Ids, rows: KeyRows, open_keys: Ids) -> Mask:
    """Which pairs still share one of the ``open_keys`` (sorted), those within the bound; ``rows`` are their keys."""
    rows = rows.where(among(rows.key_ids, open_keys))
    record_ids = distinct(a, b, rows.record_ids)
    numbers = np.searchsorted(open_keys, rows.key_ids)
    held = np.unique(np.column_stack([np.searchsorted(record_ids, rows.record_ids), numbers]), axis=0)
    shared: Mask = shared_counts(held, np.searchsorted(record_ids, a), np.searchsorted(record_ids, b)) > 0
    return shared


def candidate_pairs(rows: KeyRows, max_block: int = MAX_BLOCK) -> tuple[Ids, Ids]:
    """All candidate pairs of a set of records: ids ``a`` < ``b``, each pair once."""
    found = increment(lambda: iter([rows]), KeyRows.none(), np.empty(0, np.int64), max_block)
    return found.a, found.b


def _counted(keys: Ids) -> tuple[Ids, Ints]:
    """The distinct keys, and how many rows have each. Sorts its argument."""
    keys.sort()
    starts = run_starts(keys)
    return keys[starts], run_lengths(starts, len(keys))


def _spread(every: Ids, keys: Ids, counts: Ints) -> Ints:
    """The counts by all keys of ``every``; 0 where there is none."""
    spread = np.zeros(len(every), dtype=np.int64)
    spread[np.searchsorted(every, keys)] = counts
    return spread


def _pairs(members: Ints, keys: Ints, sizes: Ints, wanted: Mask) -> Iterator[tuple[Ints, Ints, Ints]]:
    """All pairs (a < b, key) within each block of which one record is ``wanted``; ``sizes`` by key."""
    order = np.lexsort((members, keys))
    members, keys = members[order], keys[order]
    starts = run_starts(keys)
    lengths = run_lengths(starts, len(keys))
    partners = np.repeat(starts + lengths, lengths) - np.arange(len(keys)) - 1
    total = np.concatenate([[0], np.cumsum(partners)])
    begin = 0
    while begin < len(members):
        end = max(begin + 1, int(np.searchsorted(total, total[begin] + _PAIRS_AT_A_TIME, side="right")) - 1)
        left = np.repeat(np.arange(begin, end), partners[begin:end])
        offset = np.arange(len(left)) - np.repeat(total[begin:end] - total[begin], partners[begin:end])
        a, b = members[left], members[left + 1 + offset]
        kept = wanted[a] | wanted[b]
        yield _distinct([(a[kept], b[kept], keys[left[kept]])], sizes, len(wanted))
        begin = end


def _distinct(parts: Iterable[tuple[Ints, Ints, Ints]], sizes: Ints, record_count: int) -> tuple[Ints, Ints, Ints]:
    """Each pair once, with the largest of the blocks it came with (then the smallest key), block by block.

    So pairs that have records in common come near each other.
    """
    every = [*parts]
    a, b, keys = (np.concatenate([np.empty(0, np.int64), *(part[i] for part in every)]) for i in range(3))
    order = np.lexsort((keys, -sizes[keys], a * record_count + b))
    a, b, keys = a[order], b[order], keys[order]
    first = run_starts(a * record_count + b)
    a, b, keys = a[first], b[first], keys[first]
    by_block = np.lexsort((b, a, keys))
    return a[by_block], b[by_block], keys[by_block]
