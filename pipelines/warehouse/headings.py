"""Headings of all parts of a dump, each once: parts are normalised apart, and may spell a heading differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.ids import Ids, among
from pipelines.normalize.spellings import VARYING, Spelling, best_spellings, credited_spellings, with_spellings
from pipelines.parts import Parts
from pipelines.records import AUTHORS
from pipelines.warehouse.collisions import refuse_collisions
from pipelines.warehouse.delivery import Delivery

Mask = npt.NDArray[np.bool_]

#: What the warehouse keeps of a heading.
_HEADING_COLUMNS: Final = [name for name in AUTHORS.names if name != "spelling_hash"]

#: What the spelling of a credit is read from.
_CREDIT: Final = ("author_id", "name_as_written", "source_field")


def distinct_headings(normalized: Parts, wanted: Ids | None) -> Iterator[pa.Table]:
    """Rows of ``catalog.authors`` of all parts, each ``author_id`` once; with ``wanted`` (sorted ids) only those.

    Spellings of several parts are joined by :func:`pipelines.normalize.spellings.joined_spelling`. Memory: 16 bytes
    a heading, and one a heading and part. Raises :class:`~pipelines.warehouse.connection.WarehouseError` where two
    headings have one id.
    """
    fresh_in, several = first_shown(
        (table.column("author_id").to_numpy(), table.column("spelling_hash").to_numpy())
        for _, table in normalized.tables("authors", ["author_id", "spelling_hash"])
    )
    best = _best_of_several(normalized, several)
    for part, table in normalized.tables("authors", _HEADING_COLUMNS):
        fresh = fresh_in[part]
        if wanted is not None:
            fresh = fresh & among(table.column("author_id"), wanted)
        rows = table.filter(pa.array(fresh))
        ids = rows.column("author_id").to_numpy()
        yield with_spellings(rows, ids, among(ids, several), best)


def as_credited(headings: Iterable[pa.Table], delivery: Delivery, kept: Ids) -> Iterator[pa.Table]:
    """``headings`` (AUTHORS) in the best of the spellings of the ``kept`` records (sorted ids) alone.

    The frames of a part speak of all its records; what counts is not how those spell a heading that are repeated
    later, of which the warehouse has a newer version, or whose credits it has as they are. Only headings that both
    kinds credit are read again.
    """
    if len(kept) == len(delivery.record_ids) and not delivery.repeated:
        yield from headings
        return
    doubtful = _credited_by_others_too(delivery, kept)
    written: set[tuple[int, str, str]] = set()
    for rows in delivery.rows("record_authors", kept, ["record_id", *_CREDIT]):
        told = rows.filter(pa.array(among(rows.column("author_id"), doubtful)))
        written.update(zip(*(told.column(name).to_pylist() for name in _CREDIT), strict=True))
    best = credited_spellings(written)
    read_again = np.sort(np.fromiter(best, np.int64, len(best)))
    for table in headings:
        ids = table.column("author_id").to_numpy()
        yield with_spellings(table, ids, among(ids, read_again), best)


def _credited_by_others_too(delivery: Delivery, kept: Ids) -> Ids:
    """Sorted ids of headings that ``kept`` records credit and, in the same frames, other records as well."""
    columns = ["record_id", "author_id"]
    none = np.empty(0, np.int64)
    found = [rows.column("author_id").to_numpy() for rows in delivery.rows("record_authors", kept, columns)]
    credited = np.unique(np.concatenate([none, *found]))
    doubtful = [none]
    for part, rows in delivery.normalized.tables("record_authors", columns):
        here = delivery.ids_in(part)
        mine = np.sort(here[among(here, kept)])
        others = np.unique(rows.column("author_id").to_numpy()[~among(rows.column("record_id"), mine)])
        doubtful.append(others[among(others, credited)])
    return np.unique(np.concatenate(doubtful))


def first_shown(parts: Iterable[tuple[Ids, Ids]]) -> tuple[list[Mask], Ids]:
    """For each part which of its headings no earlier part has, and the sorted ids that parts spell differently.

    A part is its headings' ids, each once, and their spelling hashes.
    """
    known = _Known()
    masks: list[Mask] = []
    several = [np.empty(0, np.int64)]
    for ids, hashes in parts:
        # Looked up in their order: at random each look-up misses the cache.
        order = np.argsort(ids)
        again, otherwise = known.look_up(ids[order], hashes[order])
        several.append(otherwise)
        known.add(ids[order][~again], hashes[order][~again])
        fresh = np.empty(len(ids), dtype=bool)
        fresh[order] = ~again
        masks.append(fresh)
    return masks, np.unique(np.concatenate(several))


class _Known:
    """Headings seen so far, each once with its first spelling: sorted runs, each at least twice as long as the next.

    So there are few runs to look into, and a heading is copied as often as there are runs, not parts.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Ids, Ids]] = []

    def look_up(self, ids: Ids, hashes: Ids) -> tuple[Mask, Ids]:
        """Which of the sorted ``ids`` are known, and those of them that are known by another hash."""
        again = np.zeros(len(ids), dtype=bool)
        otherwise = [np.empty(0, np.int64)]
        for known, spelt in self._runs:
            places = np.searchsorted(known, ids)
            found = np.flatnonzero(places < len(known))
            found = found[known[places[found]] == ids[found]]
            again[found] = True
            otherwise.append(ids[found[hashes[found] != spelt[places[found]]]])
        return again, np.concatenate(otherwise)

    def add(self, ids: Ids, hashes: Ids) -> None:
        """Add sorted ``ids`` that are not known."""
        while self._runs and len(self._runs[-1][0]) < 2 * len(ids):
            known, spelt = self._runs.pop()
            ids, hashes = np.concatenate([known, ids]), np.concatenate([spelt, hashes])
            # Two sorted runs one after the other: a stable sort merges them in one pass.
            order = np.argsort(ids, kind="stable")
            ids, hashes = ids[order], hashes[order]
        self._runs.append((ids, hashes))


def _best_of_several(normalized: Parts, several: Ids) -> dict[int, Spelling]:
    """The best spellings of the headings that the parts give differently."""
    best: dict[int, Spelling] = {}
    if not len(several):
        return best
    keys: dict[int, str] = {}
    for _, table in normalized.tables("authors", ["author_id", "heading_key", *VARYING]):
        rows = table.filter(pa.array(among(table.column("author_id"), several)))
        told = zip(rows.column("author_id").to_pylist(), rows.column("heading_key").to_pylist(), strict=True)
        refuse_collisions("author", [heading for heading, key in told if keys.setdefault(heading, key) != key])
        spellings = zip(*(rows.column(name).to_pylist() for name in VARYING), strict=True)
        best_spellings(zip(rows.column("author_id").to_pylist(), spellings, strict=True), best)
    return best
