"""Survivorship: which values a publication shows when its records differ, and a work when its publications do.

A publication shows its canonical record: of the source trusted most, then the best filled, then the newest, then of
the smallest id. A field that record lacks comes from the next record in this order that has it, and
``field_sources`` names that record. The newest is the one whose first dump (``founded``) has the latest name: the
state tells that, whatever dumps were loaded first, and a dump that only shows a record again changes nothing. A work
shows its canonical publication: the one with most records, then the earliest year, then the smallest id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import one_array
from pipelines.records import PUBLICATIONS, WORKS
from pipelines.runs import run_lengths, run_starts

Ints = npt.NDArray[np.int64]

#: Fields that a publication takes from its records, each on its own.
SURVIVING_FIELDS: Final = ("title", "publication_year", "doi", "container_title", "format", "author_names")


def publications(records: pa.Table, assignments: pa.Table, trusted_sources: Sequence[str] = ()) -> pa.Table:
    """PUBLICATIONS made of MATCH_RECORDS and their WORK_ASSIGNMENTS, which are in the same order.

    ``trusted_sources`` are names of catalogues, the one trusted most first; all others follow, as equals.
    ``publication_id`` and ``work_id`` come from the assignments; those of ``records`` are what they were before.
    Raises ValueError where the two tables are not about the same records. Rows ascend by ``publication_id``.
    """
    if not assignments["record_id"].equals(records["record_id"]):
        raise ValueError("records and assignments must hold the same record_id in the same order")
    ids = assignments["publication_id"].to_numpy()
    order = _canonical_order(records, ids, trusted_sources)
    starts = run_starts(ids[order])
    canonical = pa.array(order[starts])
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "publication_id": assignments["publication_id"].take(canonical),
        "work_id": assignments["work_id"].take(canonical),
        "canonical_record_id": records["record_id"].take(canonical),
        "record_count": pa.array(run_lengths(starts, len(order)), pa.int32()),
        "source_count": pa.array(_source_counts(records["source"], order, starts), pa.int32()),
    }
    chosen = {field: _first_filled(records[field], order, starts) for field in SURVIVING_FIELDS}
    for field, places in chosen.items():
        columns[field] = records[field].take(places)
    columns["field_sources"] = _field_sources(one_array(records["record_id"]), canonical, chosen)
    return pa.table({name: columns[name] for name in PUBLICATIONS.names}, schema=PUBLICATIONS)


def works(publications: pa.Table) -> pa.Table:
    """WORKS made of PUBLICATIONS, of which a work must be whole. Rows ascend by ``work_id``."""
    work_ids = publications["work_id"].to_numpy()
    records = publications["record_count"].to_numpy()
    years = publications["publication_year"]
    latest = np.iinfo(np.int32).max
    first_years = pc.fill_null(years, latest).to_numpy()
    last_years = pc.fill_null(years, -latest).to_numpy()
    order = np.lexsort((publications["publication_id"].to_numpy(), first_years, -records, work_ids))
    starts = run_starts(work_ids[order])
    canonical = pa.array(order[starts])
    if len(starts):
        first, last = np.minimum.reduceat(first_years[order], starts), np.maximum.reduceat(last_years[order], starts)
        record_counts = np.add.reduceat(records[order], starts)
    else:
        first = last = record_counts = np.empty(0, dtype=np.int32)
    return pa.table(
        {
            "work_id": publications["work_id"].take(canonical),
            "canonical_publication_id": publications["publication_id"].take(canonical),
            "title": publications["title"].take(canonical),
            "first_year": pa.array(first, pa.int32(), mask=first == latest),
            "last_year": pa.array(last, pa.int32(), mask=last == -latest),
            "author_names": publications["author_names"].take(canonical),
            "publication_count": pa.array(run_lengths(starts, len(order)), pa.int32()),
            "record_count": pa.array(record_counts, pa.int32()),
        },
        schema=WORKS,
    )


def singleton_publications(records: pa.Table) -> pa.Table:
    """PUBLICATIONS of records that stand alone, in their order: what :func:`publications` gives, but for the order.

    ``records`` needs ``record_id`` and SURVIVING_FIELDS, in which no text and no list is empty.
    """
    ids, ones = records["record_id"], pa.repeat(pa.scalar(1, pa.int32()), len(records))
    columns = {name: records[name] for name in SURVIVING_FIELDS}
    columns |= {"publication_id": ids, "work_id": ids, "canonical_record_id": ids}
    columns |= {"record_count": ones, "source_count": ones, "field_sources": pa.nulls(len(ids), pa.string())}
    return pa.table({name: columns[name] for name in PUBLICATIONS.names}, schema=PUBLICATIONS)


def singleton_works(records: pa.Table) -> pa.Table:
    """WORKS of records that stand alone, in their order: what :func:`works` gives, but for the order.

    ``records`` needs ``record_id``, ``title``, ``publication_year`` and ``author_names``.
    """
    ids, ones = records["record_id"], pa.repeat(pa.scalar(1, pa.int32()), len(records))
    year = records["publication_year"]
    columns = [ids, ids, records["title"], year, year, records["author_names"], ones, ones]
    return pa.table(columns, schema=WORKS)


def _canonical_order(records: pa.Table, ids: Ints, trusted_sources: Sequence[str]) -> Ints:
    """Positions of the records by publication, the canonical record of each first."""
    trust = pc.fill_null(pc.index_in(records["source"], pa.array(trusted_sources, pa.string())), len(trusted_sources))
    founded = pc.rank(records["founded"], sort_keys="ascending", tiebreaker="dense").to_numpy().astype(np.int64)
    filled = records["filled"].to_numpy().astype(np.int64)
    order: Ints = np.lexsort((records["record_id"].to_numpy(), -founded, -filled, trust.to_numpy(), ids))
    return order


def _first_filled(column: pa.ChunkedArray, order: Ints, starts: Ints) -> pa.Array:
    """For each group the position of the first record in ``order`` that has a value, not null and not empty."""
    if pa.types.is_list(column.type):
        has_value = pc.fill_null(pc.greater(pc.list_value_length(column), 0), False)
    elif pa.types.is_string(column.type):
        has_value = pc.fill_null(pc.not_equal(column, ""), False)
    else:
        has_value = pc.is_valid(column)
    filled = has_value.to_numpy()[order]
    places = np.where(filled, np.arange(len(order)), len(order))
    first = np.minimum.reduceat(places, starts) if len(starts) else np.empty(0, dtype=np.int64)
    nothing = first == len(order)
    return pa.array(order[np.where(nothing, 0, first)] if len(order) else first, pa.int64(), mask=nothing)


def _field_sources(record_ids: pa.Array, canonical: pa.Array, chosen: dict[str, pa.Array]) -> pa.Array:
    """For each group a JSON object of the fields that another record than the canonical one gives; null for none."""
    told = []
    for field, places in chosen.items():
        lent = pc.fill_null(pc.not_equal(places, canonical), False)
        ids = pc.cast(record_ids.take(pc.if_else(lent, places, None)), pa.string())
        told.append(pc.fill_null(pc.binary_join_element_wise(f', "{field}": ', ids, ""), ""))
    joined = pc.binary_join_element_wise(*told, "")
    objects = pc.binary_join_element_wise("{", pc.utf8_slice_codeunits(joined, len(", ")), "}", "")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), objects)


def _source_counts(sources: pa.ChunkedArray, order: Ints, starts: Ints) -> Ints:
    """How many distinct sources the records of each group come from."""
    codes = pc.dictionary_encode(sources.combine_chunks()).indices.to_numpy()[order]
    groups = np.repeat(np.arange(len(starts)), run_lengths(starts, len(order)))
    distinct = np.unique(groups * (int(codes.max(initial=0)) + 1) + codes)
    counts: Ints = np.bincount(distinct // (int(codes.max(initial=0)) + 1), minlength=len(starts))
    return counts
