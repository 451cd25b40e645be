"""Candidates: pairs of records that may be one publication or one work, at a cost linear in the records.

Two records are candidates when they share a key of at most MAX_BLOCK holders, be it an author-title key (``AT``) or a
matching key (:mod:`pipelines.works.matching_keys`). Uniform titles (``UT``) alone do not block: they join
translations and whole literatures ("UT bible"), for which VuFind's users switch them off (VuFind PR #3760).

A key with more holders makes a candidate of each of them with one alone, its hub: the holder of the smallest id. So
none costs quadratic time. What it would have brought together is brought together by narrower keys: those of a year, of
a name, of a place, of an identifier; and where these have as many holders, as one book has in a consortium of very
many libraries, each is compared with the hub of them, and they are one publication by way of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.ids import Ids, among, distinct
from pipelines.runs import run_lengths, run_starts
from pipelines.works.credits import shared_counts

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Holders of a key up to which all pairs of them are candidates; peers cap blocks at 101 (RecordManager) or 200
#: (OpenAIRE).
MAX_BLOCK: Final = 100

#: Pairs with a hub bring one record each, as do those of a block of three.
_SIZE_OF_HUB: Final = 3

#: Places of a sieve of keys: enough for a million of them to fill a sixteenth.
_SIEVE: Final = 1 << 24

#: Pairs made at a time.
_PAIRS_AT_A_TIME: Final = 1_000_000

_NONE: Final = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class KeyRows:
    """Rows (record, key) as two columns; each row once."""

    record_ids: Ids
    key_ids: Ids

    @staticmethod
    def none() -> KeyRows:
        """No rows."""
        return KeyRows(_NONE, _NONE)

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

    def ordered(self) -> KeyRows:
        """The rows by key, those of a key by record."""
        order = np.lexsort((self.record_ids, self.key_ids))
        return KeyRows(self.record_ids[order], self.key_ids[order])


@dataclass(frozen=True, slots=True)
class Increment:
    """What a change makes of blocks: pairs of record ids ``a`` < ``b`` to decide, each once, block by block.

    ``sizes`` are those of the largest block of each pair; ``narrowed`` the keys (sorted) by which fewer of the former
    pairs are candidates than before: a pair of theirs stays one only where another key, or the hub, says so.
    """

    a: Ids
    b: Ids
    sizes: Ints
    narrowed: Ids


def increment(
    fresh: Callable[[], Iterable[KeyRows]], held: KeyRows, leaving: Ids, max_block: int = MAX_BLOCK
) -> Increment:
    """The pairs that a change makes candidates: with a fresh record, by a key that has been opened, with another hub.

    ``fresh`` gives the rows of the records that come, the same each of two times: of all their keys, of which only 8
    bytes a row are held, and then of those that make pairs. ``held`` are the rows of other records under these keys
    and under those of the records that are ``leaving`` (sorted), as they were before the change. A key is opened that
    had more than ``max_block`` holders and has no more than that.
    """
    staying = held.where(~among(held.record_ids, leaving))
    blocks, closed = _blocks(fresh, held, staying, max_block)
    if not len(blocks.keys):
        return Increment(_NONE, _NONE, _NONE, closed)
    coming = KeyRows.joined(blocks.rows_of(rows) for rows in fresh())
    fresh_ids = distinct(coming.record_ids)
    rows = KeyRows.joined([coming, blocks.rows_of(staying)])
    del coming
    has_other_hub = blocks.are_wide & blocks.were_wide & (blocks.former_hubs != blocks.hubs(rows))
    # Where a fresh record is the hub in place of one that stays, the other pairs of that one are none any more.
    narrowed = distinct(closed, blocks.keys[has_other_hub & blocks.keep_hub])
    is_changed = has_other_hub | (blocks.were_wide & ~blocks.are_wide)
    record_ids = distinct(rows.record_ids)
    rows = KeyRows(np.searchsorted(record_ids, rows.record_ids), rows.key_ids)
    codes, of_blocks = _pairs(rows, among(record_ids, fresh_ids), blocks.are_wide, is_changed)
    return Increment(
        record_ids[codes // len(record_ids)], record_ids[codes % len(record_ids)], blocks.sizes[of_blocks], narrowed
    )


def _blocks(
    fresh: Callable[[], Iterable[KeyRows]], held: KeyRows, staying: KeyRows, max_block: int
) -> tuple[_Blocks, Ids]:
    """The keys that make pairs of a change; and those (sorted) that were within the bound and are no more.

    A function of its own, so that what it holds of each key is free when the pairs are made.
    """
    own = np.concatenate([_NONE, *(rows.key_ids for rows in fresh())])
    own.sort()
    held, staying = held.ordered(), staying.ordered()
    # Most keys have one holder, and make no pair.
    every = distinct(own[1:][own[1:] == own[:-1]], held.key_ids)
    came, before, stay = (_holders(keys, every) for keys in (own, held.key_ids, staying.key_ids))
    del own
    after = came + stay
    was_wide, is_wide = before > max_block, after > max_block
    is_closed = (before >= 2) & ~was_wide & is_wide
    former = _hubs(held, every)
    keeps_hub = former == _hubs(staying, every)
    chosen = np.flatnonzero((after >= 2) & ((came > 0) | (was_wide & (~is_wide | ~keeps_hub))))
    # The largest block first: of the blocks of a pair it is the one that brings it near others of its records.
    sizes = np.where(is_wide, _SIZE_OF_HUB, after)
    chosen = chosen[np.lexsort((every[chosen], -sizes[chosen]))]
    blocks = _Blocks(every[chosen], sizes[chosen], is_wide[chosen], was_wide[chosen], former[chosen], keeps_hub[chosen])
    return blocks, every[is_closed]


def are_candidates(a: Ids, b: Ids, rows: KeyRows, holders: KeyRows, max_block: int = MAX_BLOCK) -> Mask:
    """Which pairs of record ids are candidates; ``rows`` are their keys, ``holders`` everybody's under these keys."""
    holders = holders.ordered()
    keys, counts = np.unique(holders.key_ids, return_counts=True)
    hubs = _hubs(holders, keys)
    record_ids = distinct(a, b, rows.record_ids)
    first, second = np.searchsorted(record_ids, a), np.searchsorted(record_ids, b)

    def numbered(some: KeyRows) -> Ints:
        numbers = np.column_stack([np.searchsorted(record_ids, some.record_ids), np.searchsorted(keys, some.key_ids)])
        return np.unique(numbers, axis=0)

    narrow = numbered(rows.where(among(rows.key_ids, keys[counts <= max_block])))
    wide = rows.where(among(rows.key_ids, keys[counts > max_block]))
    of_hubs = numbered(wide.where(hubs[np.searchsorted(keys, wide.key_ids)] == wide.record_ids))
    shared = shared_counts(narrow, first, second)
    shared += shared_counts(of_hubs, first, second, others=numbered(wide))
    shared += shared_counts(of_hubs, second, first, others=numbered(wide))
    found: Mask = shared > 0
    return found


def candidate_pairs(rows: KeyRows, max_block: int = MAX_BLOCK) -> tuple[Ids, Ids]:
    """All candidate pairs of a set of records: ids ``a`` < ``b``, each pair once."""
    found = increment(lambda: iter([rows]), KeyRows.none(), np.empty(0, np.int64), max_block)
    return found.a, found.b


def _holders(ordered: Ids, keys: Ids) -> Ints:
    """How many of the ``ordered`` keys are each of ``keys``."""
    counts: Ints = np.searchsorted(ordered, keys, side="right") - np.searchsorted(ordered, keys)
    return counts


def _hubs(ordered: KeyRows, keys: Ids) -> Ids:
    """The holder of smallest id of each of ``keys``; of a key that nobody holds any record."""
    if not len(ordered.key_ids):
        return np.zeros(len(keys), dtype=np.int64)
    places = np.minimum(np.searchsorted(ordered.key_ids, keys), len(ordered.key_ids) - 1)
    return ordered.record_ids[places]


class _Blocks:
    """Keys that make pairs, by the order in which they do.

    ``sizes``: how many holders a key has, or stands for; ``are_wide``: whether it pairs with the hub alone, and
    ``were_wide`` before the change; then ``former_hubs`` are the hubs of then, and ``keep_hub`` says which of these
    stay.
    """

    def __init__(
        self, keys: Ids, sizes: Ints, are_wide: Mask, were_wide: Mask, former_hubs: Ids, keep_hub: Mask
    ) -> None:
        self.keys, self.sizes = keys, sizes
        self.are_wide, self.were_wide = are_wide, were_wide
        self.former_hubs, self.keep_hub = former_hubs, keep_hub
        self._by_key = np.argsort(keys)
        self._sorted = keys[self._by_key]
        # Most rows are of no block: a look at some bits of a key spares the search for nearly all of these.
        self._may_be = np.zeros(_SIEVE, dtype=bool)
        self._may_be[keys & (_SIEVE - 1)] = True

    def rows_of(self, rows: KeyRows) -> KeyRows:
        """The rows of these keys, with the number of the block in place of the key."""
        rows = rows.where(self._may_be[rows.key_ids & (_SIEVE - 1)])
        places = np.minimum(np.searchsorted(self._sorted, rows.key_ids), len(self._sorted) - 1)
        found = self._sorted[places] == rows.key_ids
        return KeyRows(rows.record_ids[found], self._by_key[places[found]])

    def hubs(self, rows: KeyRows) -> Ids:
        """Of each block that pairs with its hub alone the hub, by all rows of the blocks; of the others any record."""
        return _hubs(rows.where(self.are_wide[rows.key_ids]).ordered(), np.arange(len(self.keys)))


def _pairs(rows: KeyRows, is_fresh: Mask, are_wide: Mask, are_changed: Mask) -> tuple[Ints, Ints]:
    """Each pair once, as ``a * number of records + b``, with the first of its blocks; block by block.

    ``rows`` are positions of records and numbers of blocks. Of a pair one record is fresh, or its block has been
    opened or has another hub.
    """
    # One number a row: sorted in a fifth of the time that two columns take.
    ordered = rows.key_ids * len(is_fresh) + rows.record_ids
    ordered.sort()
    # Positions and numbers are small, and there are many of them.
    blocks, members = ((ordered // len(is_fresh)).astype(np.int32), (ordered % len(is_fresh)).astype(np.int32))
    del ordered
    starts = run_starts(blocks)
    lengths = run_lengths(starts, len(blocks))
    partners = np.repeat((starts + lengths).astype(np.int32), lengths)
    partners -= np.arange(1, len(blocks) + 1, dtype=np.int32)
    # Members ascend with the ids: the hub comes first.
    is_hub = np.zeros(len(blocks), dtype=bool)
    is_hub[starts] = True
    partners[are_wide[blocks] & ~is_hub] = 0
    total = np.concatenate([[0], np.cumsum(partners)])
    codes, of_blocks = [_NONE], [_NONE]
    begin = 0
    while begin < len(members):
        end = max(begin + 1, int(np.searchsorted(total, total[begin] + _PAIRS_AT_A_TIME, side="right")) - 1)
        left = np.repeat(np.arange(begin, end), partners[begin:end])
        offset = np.arange(len(left)) - np.repeat(total[begin:end] - total[begin], partners[begin:end])
        a, b, block = members[left].astype(np.int64), members[left + 1 + offset], blocks[left]
        kept = is_fresh[a] | is_fresh[b] | are_changed[block]
        codes.append((a * len(is_fresh) + b)[kept])
        of_blocks.append(block[kept])
        begin = end
    del blocks, members, partners, total
    every, its_block = np.concatenate(codes), np.concatenate(of_blocks)
    del codes, of_blocks
    by_code = np.argsort(every, kind="stable")
    first = by_code[run_starts(every[by_code])]
    first.sort()
    return every[first], its_block[first]
