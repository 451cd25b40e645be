"""Headings of all parts of a dump, each once: parts are normalised apart, and may spell a heading differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pipelines.normalize.authors import better_name_first
from pipelines.parts import Parts
from pipelines.records import AUTHORS, UNIT_SEPARATOR, stable_ids
from pipelines.warehouse.delivery import Ids, among

#: What two spellings of one heading may differ in; everything else is part of the key.
_VARYING: Final = ("name", "death_year")

_Best = dict[int, tuple[str, int | None]]


def distinct_headings(normalized: Parts, wanted: Ids | None) -> Iterator[pa.Table]:
    """AUTHORS of all parts, each ``author_id`` once; with ``wanted`` (sorted ids) only those.

    Among several spellings the best by :func:`~pipelines.normalize.authors.better_name_first` is kept, whatever
    part it stands in, and a year of death that any of them has. Needs 8 bytes a heading, and 16 a heading and part.
    """
    best = _best_of_several(normalized)
    seen = np.empty(0, np.int64)
    for _, table in normalized.tables("authors"):
        ids = table.column("author_id")
        fresh = ~among(ids, seen)
        if wanted is not None:
            fresh &= among(ids, wanted)
        rows = table.filter(pa.array(fresh))
        seen = np.union1d(seen, rows.column("author_id").to_numpy())
        yield _with_best(rows, best) if best else rows


def _with_best(rows: pa.Table, best: _Best) -> pa.Table:
    ids = rows.column("author_id").to_pylist()
    for place, name in enumerate(_VARYING):
        field = AUTHORS.field(name)
        values = rows.column(name).to_pylist()
        chosen = [best[author][place] if author in best else value for author, value in zip(ids, values, strict=True)]
        rows = rows.set_column(AUTHORS.get_field_index(name), field, pa.array(chosen, field.type))
    return rows


def _best_of_several(normalized: Parts) -> _Best:
    """Name and year of death of each heading that the parts give differently."""
    pairs = [np.empty((0, 2), np.int64)]
    for _, table in normalized.tables("authors", ["author_id", *_VARYING]):
        spellings = [UNIT_SEPARATOR.join(map(str, row)) for row in zip(*_lists(table, _VARYING), strict=True)]
        pairs.append(np.column_stack([table.column("author_id").to_numpy(), np.array(stable_ids(spellings), np.int64)]))
    ids, counts = np.unique(np.unique(np.concatenate(pairs), axis=0)[:, 0], return_counts=True)
    several = ids[counts > 1]
    best: _Best = {}
    if not len(several):
        return best
    for _, table in normalized.tables("authors", ["author_id", *_VARYING]):
        rows = table.filter(pa.array(among(table.column("author_id"), several)))
        for author, name, death in zip(*_lists(rows, ("author_id", *_VARYING)), strict=True):
            best_name, best_death = best.get(author, (name, death))
            deaths = [year for year in (best_death, death) if year is not None]
            best[author] = (min(best_name, name, key=better_name_first), max(deaths, default=None))
    return best


def _lists(table: pa.Table, columns: Sequence[str]) -> list[list[Any]]:
    return [table.column(name).to_pylist() for name in columns]
