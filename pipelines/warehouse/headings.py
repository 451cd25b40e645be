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
from pipelines.warehouse.delivery import Delivery

Mask = npt.NDArray[np.bool_]

#: What the warehouse keeps of a heading.
_HEADING_COLUMNS: Final = [name for name in AUTHORS.names if name != "spelling_hash"]

#: What the spelling of a credit is read from.
_CREDIT: Final = ("author_id", "name_as_written", "source_field")


def distinct_headings(normalized: Parts, wanted: Ids | None) -> Iterator[pa.Table]:
    """Rows of ``catalog.authors`` of all parts, each ``author_id`` once; with ``wanted`` (sorted ids) only those.

    Spellings of several parts are joined by :func:`pipelines.normalize.spellings.joined_spelling`. Memory: 16 bytes
    a heading, and one a heading and part.
    """
    first_shown, several = _first_shown(normalized)
    best = _best_of_several(normalized, several)
    for part, table in normalized.tables("authors", _HEADING_COLUMNS):
        fresh = first_shown[part]
        if wanted is not None:
            fresh = fresh & among(table.column("author_id"), wanted)
        rows = table.filter(pa.array(fresh))
        ids = rows.column("author_id").to_numpy()
        yield with_spellings(rows, ids, among(ids, several), best)


def as_credited(headings: Iterable[pa.Table], delivery: Delivery, kept: Ids) -> Iterator[pa.Table]:
    """``headings`` (AUTHORS) in the best of the spellings of the ``kept`` records (sorted ids) alone.

    The frames of a part speak of all its records; what counts is not how those spell a heading that are repeated
    later, or of which the warehouse has a newer version. Only headings that both kinds credit are read again.
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


def _first_shown(normalized: Parts) -> tuple[list[Mask], Ids]:
    """For each part which of its headings no earlier part has, and the sorted ids that parts spell differently."""
    known, spelt = np.empty(0, np.int64), np.empty(0, np.int64)
    first_shown: list[Mask] = []
    several = [np.empty(0, np.int64)]
    for _, table in normalized.tables("authors", ["author_id", "spelling_hash"]):
        ids, hashes = table.column("author_id").to_numpy(), table.column("spelling_hash").to_numpy()
        # Looked up in their order: at random each look-up misses the cache.
        order = np.argsort(ids)
        ids, hashes = ids[order], hashes[order]
        places = np.searchsorted(known, ids)
        again = np.zeros(len(ids), dtype=bool)
        inside = places < len(known)
        again[inside] = known[places[inside]] == ids[inside]
        several.append(ids[again][hashes[again] != spelt[places[again]]])
        fresh = np.empty(len(ids), dtype=bool)
        fresh[order] = ~again
        first_shown.append(fresh)
        known, spelt = (
            np.insert(held, places[~again], brought[~again]) for held, brought in ((known, ids), (spelt, hashes))
        )
    return first_shown, np.unique(np.concatenate(several))


def _best_of_several(normalized: Parts, several: Ids) -> dict[int, Spelling]:
    """The best spellings of the headings that the parts give differently."""
    best: dict[int, Spelling] = {}
    if not len(several):
        return best
    for _, table in normalized.tables("authors", ["author_id", *VARYING]):
        rows = table.filter(pa.array(among(table.column("author_id"), several)))
        spellings = zip(*(rows.column(name).to_pylist() for name in VARYING), strict=True)
        best_spellings(zip(rows.column("author_id").to_pylist(), spellings, strict=True), best)
    return best
