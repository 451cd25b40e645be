"""Headings of all parts of a dump, each once: parts are normalised apart, and may spell a heading differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.authors import better_name_first
from pipelines.normalize.byte_columns import text_hashes
from pipelines.parts import Parts
from pipelines.records import AUTHORS, UNIT_SEPARATOR
from pipelines.warehouse.delivery import Ids, among

#: What two spellings of one heading may differ in; everything else is part of the key.
VARYING: Final = ("name", "family_name", "given_names", "suffix", "script", "death_year")

#: By these one sees that they differ: the others are parts of the name.
_TELLING: Final = ("name", "death_year")

_Spelling = tuple[Any, ...]
_Best = dict[int, _Spelling]


def better_spelling_first(spelling: _Spelling) -> tuple[Any, ...]:
    """Sort key of the VARYING columns of a heading that puts the best spelling first: by its name, then its parts."""
    name, *parts = spelling
    return (better_name_first(name), [(part is None, str(part)) for part in parts])


def joined_spelling(one: _Spelling, other: _Spelling) -> _Spelling:
    """Of two spellings of one heading the better, with the earliest year of death that any of them has."""
    deaths = [spelling[-1] for spelling in (one, other) if spelling[-1] is not None]
    return (*min(one, other, key=better_spelling_first)[:-1], min(deaths, default=None))


def distinct_headings(normalized: Parts, wanted: Ids | None) -> Iterator[pa.Table]:
    """AUTHORS of all parts, each ``author_id`` once; with ``wanted`` (sorted ids) only those.

    Among several spellings the best by :func:`better_spelling_first` is kept, whatever part it stands in, and the
    earliest year of death that any of them has. Memory: 16 bytes a heading and part.
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
        yield _with_best(rows, several, best)


def _signatures(normalized: Parts) -> tuple[Ids, Ids]:
    """The author_id of each row of all parts, and a number that differs where the spelling does."""
    ids, signatures = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for _, table in normalized.tables("authors", ["author_id", *_TELLING]):
        deaths = pc.fill_null(table.column("death_year").cast(pa.string()), "")
        spelling = pc.binary_join_element_wise(table.column("name"), deaths, UNIT_SEPARATOR)
        ids.append(table.column("author_id").to_numpy())
        signatures.append(text_hashes(spelling.combine_chunks()))
    return np.concatenate(ids), np.concatenate(signatures)


def _spelt_in_several_ways(ids: Ids, signatures: Ids) -> Ids:
    """Sorted ids that stand with more than one signature."""
    order = np.argsort(ids, kind="stable")
    ids, signatures = ids[order], signatures[order]
    return np.unique(ids[1:][(ids[1:] == ids[:-1]) & (signatures[1:] != signatures[:-1])])


def _with_best(rows: pa.Table, spelt_in_several_ways: Ids, best: _Best) -> pa.Table:
    """The rows, those of headings spelt in several ways with the best of each."""
    ids = rows.column("author_id")
    several = among(ids, spelt_in_several_ways)
    if not several.any():
        return rows
    chosen = [best[author] for author in ids.filter(pa.array(several)).to_pylist()]
    for name, values in zip(VARYING, zip(*chosen, strict=True), strict=True):
        field = AUTHORS.field(name)
        column = rows.column(name).combine_chunks()
        mended = pc.replace_with_mask(column, pa.array(several), pa.array(values, field.type))
        rows = rows.set_column(AUTHORS.get_field_index(name), field, mended)
    return rows


def _best_of_several(normalized: Parts, several: Ids) -> _Best:
    """The VARYING columns of the headings that the parts give differently."""
    best: _Best = {}
    if not len(several):
        return best
    for _, table in normalized.tables("authors", ["author_id", *VARYING]):
        rows = table.filter(pa.array(among(table.column("author_id"), several)))
        for author, *values in zip(*(rows.column(each).to_pylist() for each in rows.column_names), strict=True):
            spelling = tuple(values)
            best[author] = joined_spelling(best.get(author, spelling), spelling)
    return best
