"""Candidates: pairs of records that may be one publication or one work, at a cost linear in the records.

Two records are candidates when they share a key of at most MAX_BLOCK holders, be it an author-title key (``AT``) or a
matching key (:mod:`pipelines.works.matching_keys`). Uniform titles (``UT``) alone do not block: they join
translations and whole literatures ("UT bible"), for which VuFind's users switch them off (VuFind PR #3760).

A key with more holders makes no pair, so none costs quadratic time. What it would have brought together is brought
together by narrower keys: those of a year, of a name, of a place, of an identifier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    own = np.concatenate([_NONE, *(rows.key_ids for rows in fresh())])
    own.sort()
    staying = held.where(~among(held.record_ids, leaving))
    # Most keys have one holder, and make no pair.
    every = distinct(own[1:][own[1:] == own[:-1]], held.key_ids)
    came, before, stay = (_holders(keys, every) for keys in (own, np.sort(held.key_ids), np.sort(staying.key_ids)))
    del own
    after = came + stay
    is_block = (after >= 2) & (after <= max_block)
    is_opened = is_block & (before > max_block)
    closed = every[(before >= 2) & (before <= max_block) & (after > max_block)]
    chosen = is_block & ((came > 0) | is_opened)
    # The largest block first: of the blocks of a pair it is the one that brings it near others of its records.
    order = np.lexsort((every[chosen], -after[chosen]))
    blocks = _Blocks(every[chosen][order], after[chosen][order], is_opened[chosen][order])
    if not len(blocks.keys):
        return Increment(_NONE, _NONE, _NONE, closed)
    coming = KeyRows.joined(blocks.rows_of(rows) for rows in fresh())
    fresh_ids = distinct(coming.record_ids)
    rows = KeyRows.joined([coming, blocks.rows_of(staying)])
    del coming
    record_ids = distinct(rows.record_ids)
    members, numbers = np.searchsorted(record_ids, rows.record_ids), blocks.numbers(rows.key_ids)
    codes, of_blocks = _pairs(members, numbers, among(record_ids, fresh_ids), blocks.are_opened)
    return Increment(
        record_ids[codes // len(record_ids)], record_ids[codes % len(record_ids)], blocks.sizes[of_blocks], closed
    )


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


def _holders(ordered: Ids, keys: Ids) -> Ints:
    """How many of the ``ordered`` keys are each of ``keys``."""
    counts: Ints = np.searchsorted(ordered, keys, side="right") - np.searchsorted(ordered, keys)
    return counts


class _Blocks:
    """Keys that make pairs, by the order in which they do: their holders, and whether they have been opened."""

    def __init__(self, keys: Ids, sizes: Ints, are_opened: Mask) -> None:
        self.keys, self.sizes, self.are_opened = keys, sizes, are_opened
        self._by_key = np.argsort(keys)
        self._sorted = keys[self._by_key]

    def rows_of(self, rows: KeyRows) -> KeyRows:
        """The rows of these keys."""
        return rows.where(among(rows.key_ids, self._sorted))

    def numbers(self, key_ids: Ids) -> Ints:
        """The number of each key, all of which must be among these."""
        numbers: Ints = self._by_key[np.searchsorted(self._sorted, key_ids)]
        return numbers


def _pairs(members: Ints, blocks: Ints, is_fresh: Mask, are_opened: Mask) -> tuple[Ints, Ints]:
    """Each pair once, as ``a * number of records + b``, with the first of its blocks; block by block.

    Of a pair one record is fresh, or its block has been opened.
    """
    order = np.lexsort((members, blocks))
    members, blocks = members[order], blocks[order]
    starts = run_starts(blocks)
    lengths = run_lengths(starts, len(blocks))
    partners = np.repeat(starts + lengths, lengths) - np.arange(len(blocks)) - 1
    total = np.concatenate([[0], np.cumsum(partners)])
    codes, of_blocks = [_NONE], [_NONE]
    begin = 0
    while begin < len(members):
        end = max(begin + 1, int(np.searchsorted(total, total[begin] + _PAIRS_AT_A_TIME, side="right")) - 1)
        left = np.repeat(np.arange(begin, end), partners[begin:end])
        offset = np.arange(len(left)) - np.repeat(total[begin:end] - total[begin], partners[begin:end])
        a, b, block = members[left], members[left + 1 + offset], blocks[left]
        kept = is_fresh[a] | is_fresh[b] | are_opened[block]
        codes.append((a * len(is_fresh) + b)[kept])
        of_blocks.append(block[kept])
        begin = end
    every, its_block = np.concatenate(codes), np.concatenate(of_blocks)
    del codes, of_blocks
    by_code = np.argsort(every, kind="stable")
    first = by_code[run_starts(every[by_code])]
    first.sort()
    return every[first], its_block[first]
