"""Headings of all parts of a dump, each once: parts are normalised apart, and may spell a heading differently."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from pipelines.normalize.authors import better_name_first
from pipelines.parts import Parts
from pipelines.records import AUTHORS, stable_ids
from pipelines.warehouse.delivery import Ids, among


def distinct_headings(normalized: Parts, wanted: Ids | None) -> Iterator[pa.Table]:
    """AUTHORS of all parts, each ``author_id`` once; with ``wanted`` (sorted ids) only those.

    Among several spellings the best by :func:`~pipelines.normalize.authors.better_name_first` is kept, whatever part it
    stands in; an ORCID that any of them has is kept too. Needs 8 bytes a heading, and 16 a heading and part.
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


def _with_best(rows: pa.Table, best: dict[int, tuple[str, str | None]]) -> pa.Table:
    ids = rows.column("author_id").to_pylist()
    for place, name in enumerate(("name", "orcid")):
        values = [
            best[author][place] if author in best else value
            for author, value in zip(ids, rows.column(name).to_pylist(), strict=True)
        ]
        rows = rows.set_column(AUTHORS.get_field_index(name), AUTHORS.field(name), pa.array(values, pa.string()))
    return rows


def _best_of_several(normalized: Parts) -> dict[int, tuple[str, str | None]]:
    """Name and ORCID of each heading that the parts give differently."""
    pairs = [np.empty((0, 2), np.int64)]
    for _, table in normalized.tables("authors", ["author_id", "name", "orcid"]):
        spellings = [
            f"{name}\x1f{orcid}"
            for name, orcid in zip(table.column("name").to_pylist(), table.column("orcid").to_pylist(), strict=True)
        ]
        pairs.append(np.column_stack([table.column("author_id").to_numpy(), np.array(stable_ids(spellings), np.int64)]))
    ids, counts = np.unique(np.unique(np.concatenate(pairs), axis=0)[:, 0], return_counts=True)
    several = ids[counts > 1]
    best: dict[int, tuple[str, str | None]] = {}
    if not len(several):
        return best
    for _, table in normalized.tables("authors", ["author_id", "name", "orcid"]):
        rows = table.filter(pa.array(among(table.column("author_id"), several)))
        for author, name, orcid in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            held = best.get(author, (name, orcid))
            best[author] = (
                min(held[0], name, key=better_name_first),
                min(filter(None, (held[1], orcid)), default=None),
            )
    return best
