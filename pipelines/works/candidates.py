"""Candidates: pairs of records that may be one publication or one work, at a cost linear in the records.

Blocking is by author-title keys (``AT``) and matching keys. Uniform titles (``UT``) alone do not block: they join
translations and whole literatures ("UT bible"), for which VuFind's users switch them off (VuFind PR #3760).

A pair of records belongs to exactly one block, its *home*: the smallest work_key_id the two share. It is a
candidate when its home makes it one, and a block makes its pairs from its own members alone:

* a block of at most ``max_block`` records: all pairs;
* a greater one: all pairs within a (key, publication year) of at most ``max_block`` records;
* within a greater one of these: records that agree in year, volume, issue, start page, edition and DOI,
  chained in the order of their ids, which joins n equal records by n - 1 pairs.

So a change of a block changes only pairs at home in it, which is what makes an incremental run exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import among
from pipelines.works.runs import run_lengths, run_starts

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Peers cap blocks at 101 (RecordManager) or 200 (OpenAIRE); a work of more than 100 records is rare and generic.
MAX_BLOCK: Final = 100

#: Pairs made before repeated ones are dropped; bounds the memory, not the result.
_PAIRS_AT_A_TIME: Final = 4_000_000


def shared_keys(record_ids: Ints, work_key_ids: Ints) -> Mask:
    """Which rows (record, key) hold a key that another record holds too.

    Beyond its inputs it needs 8 bytes a row for a sorted copy of the keys, and the rows that repeat a key.
    """
    ordered = np.sort(work_key_ids)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered
    shared = among(work_key_ids, repeated)
    rows = np.flatnonzero(shared)
    # A row given twice repeats a key too, without a second record: a key counts when it has two records.
    order = rows[np.lexsort((record_ids[rows], work_key_ids[rows]))]
    keys, records = work_key_ids[order], record_ids[order]
    starts = run_starts(keys)
    lengths = run_lengths(starts, len(keys))
    last = starts + lengths - 1
    shared[order] = np.repeat(records[starts] != records[last], lengths)
    return shared


def rows_of_shared_keys(batches: Callable[[], Iterable[pa.Table]]) -> tuple[Ints, Ints]:
    """The rows (record_id, work_key_id) of keys, but UT, that another record holds too, in the batches' order.

    ``batches`` gives tables with ``record_id``, ``work_key_id`` and ``kind``, the same each of two times: first
    only the keys are held, 8 bytes a row (twice as much for a moment), then the rows of those that repeat.
    """
    ordered = np.concatenate([np.empty(0, np.int64), *(_blocking(batch)[1] for batch in batches())])
    ordered.sort()
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered
    record_ids, work_key_ids = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    if len(repeated):
        for batch in batches():
            records, keys = _blocking(batch)
            held = among(keys, repeated)
            record_ids.append(records[held])
            work_key_ids.append(keys[held])
    records, keys = np.concatenate(record_ids), np.concatenate(work_key_ids)
    shared = shared_keys(records, keys)
    return records[shared], keys[shared]


def _blocking(batch: pa.Table) -> tuple[Ints, Ints]:
    """Records and keys of the rows that block: of all kinds but UT."""
    is_blocking = pc.not_equal(batch["kind"], "UT")
    rows = batch if pc.all(is_blocking).as_py() else batch.filter(is_blocking)
    return rows["record_id"].to_numpy(), rows["work_key_id"].to_numpy()


def candidate_pairs(
    members: Ints, keys: Ints, years: Ints, places: Ints, max_block: int = MAX_BLOCK
) -> tuple[Ints, Ints, Ints]:
    """All candidate pairs: positions ``a < b`` of the two records and the number of their home key.

    ``members`` and ``keys`` are the rows of the blocks: position of a record and number of a key, both from 0,
    numbered in the order of record_id and of work_key_id. ``years`` and ``places`` have one code a record,
    equal where the publication years, or all of year, volume, issue, start page, edition and DOI are equal.
    Pairs come distinct and in ascending order.
    """
    shared = shared_keys(members, keys)
    order = np.lexsort((members[shared], keys[shared]))
    members, keys = members[shared][order], keys[shared][order]
    repeated = (members[1:] == members[:-1]) & (keys[1:] == keys[:-1])
    members, keys = np.delete(members, np.flatnonzero(repeated) + 1), np.delete(keys, np.flatnonzero(repeated) + 1)

    big = _group_sizes(keys) > max_block
    big_members, big_keys = members[big], keys[big]
    pairs = [_all_pairs(members[~big], keys[~big], keys[~big], len(years))]
    if len(big_members):
        years_of_keys = _codes(big_keys, years[big_members])
        by_year = np.lexsort((big_members, years_of_keys))
        crowded = _group_sizes(years_of_keys[by_year]) > max_block
        kept = by_year[~crowded]
        pairs.append(_all_pairs(big_members[kept], years_of_keys[kept], big_keys[kept], len(years)))
        kept = by_year[crowded]
        pairs.append(_chains(big_members[kept], _codes(big_keys[kept], places[big_members[kept]]), big_keys[kept]))
    a, b, home = _distinct(pairs, len(years))
    at_home = ~_shares_smaller_key(a, b, home, big_members, big_keys)
    return a[at_home], b[at_home], home[at_home]


def _group_sizes(ordered: Ints) -> Ints:
    """For each row the length of the run of equal values it stands in."""
    starts = run_starts(ordered)
    lengths = run_lengths(starts, len(ordered))
    return np.repeat(lengths, lengths)


def _codes(first: Ints, second: Ints) -> Ints:
    """One number for each combination of two columns."""
    inverse: Ints = np.unique(first * (second.max(initial=0) + 1) + second, return_inverse=True)[1]
    return inverse.astype(np.int64)


def _all_pairs(members: Ints, blocks: Ints, keys: Ints, record_count: int) -> tuple[Ints, Ints, Ints]:
    """All pairs within each block; rows ordered by block, then member."""
    starts = run_starts(blocks)
    lengths = run_lengths(starts, len(blocks))
    partners = np.repeat(starts + lengths, lengths) - np.arange(len(blocks)) - 1
    total = np.concatenate([[0], np.cumsum(partners)])
    parts: list[tuple[Ints, Ints, Ints]] = []
    begin = 0
    while begin < len(members):
        end = max(begin + 1, int(np.searchsorted(total, total[begin] + _PAIRS_AT_A_TIME, side="right")) - 1)
        left = np.repeat(np.arange(begin, end), partners[begin:end])
        offset = np.arange(len(left)) - np.repeat(total[begin:end] - total[begin], partners[begin:end])
        parts.append(_distinct([(members[left], members[left + 1 + offset], keys[left])], record_count))
        begin = end
    return _distinct(parts, record_count)


def _chains(members: Ints, groups: Ints, keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Each member of a group with the next one."""
    order = np.lexsort((members, groups))
    members, groups, keys = members[order], groups[order], keys[order]
    linked = np.flatnonzero(groups[1:] == groups[:-1])
    return members[linked], members[linked + 1], keys[linked]


def _distinct(pairs: list[tuple[Ints, Ints, Ints]], record_count: int) -> tuple[Ints, Ints, Ints]:
    """Each pair once, ascending, with the smallest key it came with."""
    a, b, keys = (np.concatenate([np.empty(0, np.int64), *(part[i] for part in pairs)]) for i in range(3))
    order = np.lexsort((keys, a * record_count + b))
    a, b, keys = a[order], b[order], keys[order]
    first = run_starts(a * record_count + b)
    return a[first], b[first], keys[first]


def _shares_smaller_key(a: Ints, b: Ints, home: Ints, members: Ints, keys: Ints) -> Mask:
    """Whether two records share a key of a big block (rows ``members``, ``keys``) smaller than ``home``.

    Small blocks make all their pairs, so only a big one can be the home of a pair that it did not make.
    """
    order = np.lexsort((keys, members))
    members, keys = members[order], keys[order]
    width = int(keys.max(initial=0)) + 1
    rows = members * width + keys
    begin, end = np.searchsorted(members, a, side="left"), np.searchsorted(members, a, side="right")
    counts = end - begin
    pair = np.repeat(np.arange(len(a)), counts)
    row = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(begin, counts)
    smaller = keys[row] < home[pair]
    pair, row = pair[smaller], row[smaller]
    wanted = b[pair] * width + keys[row]
    found = np.searchsorted(rows, wanted)
    hit = rows[np.minimum(found, len(rows) - 1)] == wanted if len(rows) else np.zeros(0, dtype=bool)
    away = np.zeros(len(a), dtype=bool)
    away[pair[hit]] = True
    return away
