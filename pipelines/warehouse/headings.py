"""Headings of all parts of a dump, each once: parts are normalised apart, and may spell a heading differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.authors import better_name_first
from pipelines.parts import Parts
from pipelines.records import AUTHORS
from pipelines.warehouse.delivery import Ids, among

#: What two spellings of one heading may differ in; everything else is part of the key.
_VARYING: Final = ("name", "death_year")

_Best = dict[int, tuple[str, int | None]]


def distinct_headings(normalized: Parts, wanted: Ids | None) -> Iterator[pa.Table]:
    """AUTHORS of all parts, each ``author_id`` once; with ``wanted`` (sorted ids) only those.

    Among several spellings the best by :func:`~pipelines.normalize.authors.better_name_first` is kept, whatever
    part it stands in, and a year of death that any of them has. Memory: the ids and spellings of all parts.
    """
    spellings = pa.concat_tables(table for _, table in normalized.tables("authors", ["author_id", *_VARYING]))
    ids = spellings.column("author_id").to_numpy()
    _, first_places = np.unique(ids, return_index=True)
    is_first = np.zeros(len(ids), dtype=bool)
    is_first[first_places] = True
    best = _best_of_several(spellings)
    start = 0
    for _, table in normalized.tables("authors"):
        fresh = is_first[start : start + len(table)]
        start += len(table)
        if wanted is not None:
            fresh = fresh & among(table.column("author_id"), wanted)
        rows = table.filter(pa.array(fresh))
        yield _with_best(rows, best) if best else rows


def _with_best(rows: pa.Table, best: _Best) -> pa.Table:
    """The rows, those of headings spelt in several ways with the best of each."""
    ids = rows.column("author_id")
    several = among(ids, np.array(sorted(best), np.int64))
    if not several.any():
        return rows
    chosen = [best[author] for author in ids.filter(pa.array(several)).to_pylist()]
    for name, values in zip(_VARYING, zip(*chosen, strict=True), strict=True):
        field = AUTHORS.field(name)
        column = rows.column(name).combine_chunks()
        mended = pc.replace_with_mask(column, pa.array(several), pa.array(values, field.type))
        rows = rows.set_column(AUTHORS.get_field_index(name), field, mended)
    return rows


def _best_of_several(spellings: pa.Table) -> _Best:
    """Name and year of death of each heading that the parts give differently."""
    ids = spellings.column("author_id").to_numpy()
    order = np.argsort(ids, kind="stable")
    same_heading = ids[order][1:] == ids[order][:-1]
    differs = np.zeros(max(len(ids) - 1, 0), dtype=bool)
    for name in _VARYING:
        column = spellings.column(name).take(pa.array(order))
        missing = column.is_null().to_numpy()
        unequal = pc.fill_null(pc.not_equal(column[1:], column[:-1]), False).to_numpy()
        differs |= unequal | (missing[1:] != missing[:-1])
    several = np.unique(ids[order][1:][same_heading & differs])
    best: _Best = {}
    rows = spellings.filter(pa.array(among(ids, several)))
    for author, name, death in zip(*(rows.column(each).to_pylist() for each in rows.column_names), strict=True):
        best_name, best_death = best.get(author, (name, death))
        deaths = [year for year in (best_death, death) if year is not None]
        best[author] = (min(best_name, name, key=better_name_first), max(deaths, default=None))
    return best
