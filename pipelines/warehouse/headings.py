"""Headings of all parts of a dump, each once: parts are normalised apart, and may spell a heading differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.spellings import VARYING, Spelling, best_spellings, credited_spellings, with_spellings
from pipelines.parts import Parts
from pipelines.records import UNIT_SEPARATOR
from pipelines.warehouse.delivery import Delivery, Ids, among

#: What the spelling of a credit is read from.
_CREDIT: Final = ("author_id", "name_as_written", "source_field")


def distinct_headings(normalized: Parts, wanted: Ids | None) -> Iterator[pa.Table]:
    """AUTHORS of all parts, each ``author_id`` once; with ``wanted`` (sorted ids) only those.

    Spellings of several parts are joined by :func:`pipelines.normalize.spellings.joined_spelling`. Memory: 16 bytes
    a heading and part.
    """
    ids, signatures = _signatures(normalized)
    _, first_places = np.unique(ids, return_index=True)
    is_first = np.zeros(len(ids), dtype=bool)
    is_first[first_places] = True
    several = _spelt_in_several_ways(ids, signatures)
    best = _best_of_several(normalized, several)
    start = 0
    for _, table in normalized.tables("authors"):
        fresh = is_first[start : start + len(table)]
        start += len(table)
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


def _signatures(normalized: Parts) -> tuple[Ids, Ids]:
    """The author_id of each row of all parts, and a number that differs where the spelling does."""
    ids, signatures = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for _, table in normalized.tables("authors", ["author_id", *VARYING]):
        # Clean texts are neither empty nor hold a separator: it stands for what is missing.
        texts = (pc.fill_null(table.column(name).cast(pa.string()), UNIT_SEPARATOR) for name in VARYING)
        spelling = pc.binary_join_element_wise(*texts, UNIT_SEPARATOR)
        ids.append(table.column("author_id").to_numpy())
        signatures.append(text_hashes(spelling.combine_chunks()))
    return np.concatenate(ids), np.concatenate(signatures)


def _spelt_in_several_ways(ids: Ids, signatures: Ids) -> Ids:
    """Sorted ids that stand with more than one signature."""
    order = np.argsort(ids, kind="stable")
    ids, signatures = ids[order], signatures[order]
    return np.unique(ids[1:][(ids[1:] == ids[:-1]) & (signatures[1:] != signatures[:-1])])


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
