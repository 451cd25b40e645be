"""The authors of a part of a dump: who is credited in which record, and the distinct headings behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.heading_columns import HEADINGS, parse_headings
from pipelines.normalize.roles import clean_role
from pipelines.normalize.spellings import VARYING, Spelling, best_spellings, spelling_hashes, with_spellings
from pipelines.normalize.text import clean_texts
from pipelines.records import AUTHORS, RECORD_AUTHORS, conform

#: Fields that credit someone, in the order of their credits.
AUTHOR_FIELDS: Final = ("author", "author2", "author_corporate")

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AuthorFrames:
    """``credits`` (RECORD_AUTHORS), distinct ``headings`` (AUTHORS), and the ``names`` of each record.

    ``names`` has one list for each row of the raw table, in the order of the credits; null for none. ``unsaid`` says by
    the author field in which rows of the raw table it says something of a credit that the credits do not hold.
    """

    credits: pa.Table
    headings: pa.Table
    names: pa.Array
    unsaid: Mapping[str, Flags]


def normalize_authors(raw: pa.Table, record_ids: pa.Array) -> AuthorFrames:
    """Read the author fields of ``raw`` (RAW_RECORDS); ``record_ids`` has one int64 a row.

    A heading that stands twice in a record is one credit, at its first place; positions count from 1
    without gaps. Where it is written otherwise there, or has another role, that is ``unsaid``. A role comes from the
    field beside the names where it has as many values, else from the heading. ``name_as_written`` is the clean text.
    A heading is spelt as its credits are. Raises :class:`pipelines.records.FrameError`.
    """
    written = _in_order_of_rows([_written_names(raw, field) for field in AUTHOR_FIELDS])
    distinct, codes = _parse_distinct(written)
    keys = distinct.column("heading_key").combine_chunks().dictionary_encode()
    owners = pc.fill_null(keys.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    rows, key_codes = written.column("row").to_numpy(), owners[codes]
    roles = pc.coalesce(written.column("role"), distinct.column("role").take(pa.array(codes)))
    is_repeat = _is_repeat(rows, key_codes)
    kept = (key_codes >= 0) & ~is_repeat
    unsaid = _unsaid(written, roles, key_codes, is_repeat & (key_codes >= 0), raw.num_rows)
    if not kept.all():
        roles = roles.filter(pa.array(kept))
        written, codes, rows, key_codes = written.filter(pa.array(kept)), codes[kept], rows[kept], key_codes[kept]
    # Headings are numbered in the order in which the records first show them.
    shown = pd.factorize(key_codes)[1].astype(np.int64)
    numbers = np.full(len(keys.dictionary) + 1, -1, np.int64)  # the last is that of no heading
    numbers[shown] = np.arange(len(shown))
    author_ids = text_hashes(keys.dictionary.take(pa.array(shown)))
    is_credited = np.zeros(len(owners), dtype=bool)
    is_credited[codes] = True

    counts = np.bincount(rows, minlength=raw.num_rows)
    starts = np.concatenate([[0], np.cumsum(counts)])
    credit_columns = {
        "record_id": record_ids.take(pa.array(rows)),
        "position": np.arange(len(rows)) - starts[rows] + 1,
        "author_id": author_ids[numbers[key_codes]],
        "role": roles,
        "source_field": written.column("field"),
        "name_as_written": written.column("name"),
    }
    names = pa.ListArray.from_arrays(
        pa.array(starts.astype(np.int32)),
        distinct.column("name").take(pa.array(codes)).combine_chunks(),
        mask=pa.array(counts == 0),
    )
    return AuthorFrames(
        credits=conform(pa.table(credit_columns), RECORD_AUTHORS, "record_authors"),
        headings=_distinct_headings(distinct, np.where(is_credited, numbers[owners], -1), author_ids),
        names=names,
        unsaid=unsaid,
    )


def _in_order_of_rows(tables: list[pa.Table]) -> pa.Table:
    """The tables of :func:`_written_names` as one, by row and then as they come."""
    filled = [table for table in tables if table.num_rows] or tables[:1]
    if len(filled) == 1:
        return filled[0].combine_chunks()
    joined = pa.concat_tables(filled)
    return joined.take(pc.sort_indices(joined.column("row"))).combine_chunks()


def _written_names(raw: pa.Table, field: str) -> pa.Table:
    """The clean names of one field, one a row: row of the record, field, name, role."""
    column, roles = _one_list(raw, field), _one_list(raw, f"{field}_role")
    lengths = _lengths(column)
    rows = np.repeat(np.arange(raw.num_rows), lengths)
    values = column.flatten()
    # Roles belong to names only where there are as many of them.
    aligned = (lengths == _lengths(roles)) & (lengths > 0)
    role_values = pa.nulls(len(values), pa.string())
    if aligned.any():
        role_values = pc.replace_with_mask(
            role_values, pa.array(aligned[rows]), _clean_roles(roles.filter(pa.array(aligned)).flatten())
        )
    names = clean_texts(values)
    table = pa.table({"row": rows, "field": pa.repeat(field, len(values)), "name": names, "role": role_values})
    return table.filter(pc.is_valid(names)) if names.null_count else table


def _one_list(raw: pa.Table, field: str) -> Any:
    column = raw.column(field)
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _lengths(lists: Any) -> Integers:
    lengths: Integers = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return lengths


def _clean_roles(roles: pa.Array) -> pa.Array:
    coded = roles.dictionary_encode()
    return pa.array([clean_role(role) for role in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def _parse_distinct(written: pa.Table) -> tuple[pa.Table, Integers]:
    """Headings of the distinct names, and for each written name which of them is its own.

    One name may be a person in one field and a body in the other, so the two are parsed apart.
    """
    is_corporate = pc.equal(written.column("field"), "author_corporate").to_numpy()
    codes = np.zeros(written.num_rows, np.int64)
    tables: list[pa.Table] = [HEADINGS.empty_table()]
    parsed_so_far = 0
    for field, mask in (("author", ~is_corporate), ("author_corporate", is_corporate)):
        names = written.column("name").filter(pa.array(mask)).combine_chunks().dictionary_encode()
        codes[mask] = names.indices.to_numpy(zero_copy_only=False).astype(np.int64) + parsed_so_far
        tables.append(parse_headings(names.dictionary, field))
        parsed_so_far += len(names.dictionary)
    return pa.concat_tables(tables).combine_chunks(), codes


def _is_repeat(rows: Integers, key_codes: Integers) -> Flags:
    """Whether the same heading stands earlier in the same record."""
    repeated: Flags = pd.Series(_in_record(rows, key_codes)).duplicated().to_numpy()
    return repeated


def _in_record(rows: Integers, key_codes: Integers) -> Integers:
    """A number for each heading of each record."""
    numbers: Integers = rows * (int(key_codes.max(initial=0)) + 2) + key_codes
    return numbers


def _unsaid(
    written: pa.Table, roles: pa.ChunkedArray, key_codes: Integers, is_repeat: Flags, row_count: int
) -> dict[str, Flags]:
    """By field: in which of the raw rows a repeated heading is written otherwise, or has another role, than it has
    where it stands first.
    """
    unsaid = {field: np.zeros(row_count, bool) for field in AUTHOR_FIELDS}
    if not is_repeat.any():
        return unsaid
    rows = written.column("row").to_numpy()
    later = np.flatnonzero(is_repeat)
    of_record = _in_record(rows, key_codes)
    concerned = np.flatnonzero(np.isin(of_record, of_record[later]))
    several, at = np.unique(of_record[concerned], return_index=True)
    first = concerned[at[np.searchsorted(several, of_record[later])]]
    differs = np.zeros(len(later), bool)
    for column in (written.column("name"), pc.fill_null(roles, "")):
        differs |= pc.not_equal(column.take(pa.array(later)), column.take(pa.array(first))).to_numpy()
    for field, flags in unsaid.items():
        is_of_field = pc.equal(written.column("field"), field).to_numpy()[later]
        flags[rows[later[differs & is_of_field]]] = True
    return unsaid


def _distinct_headings(distinct: pa.Table, owners: Integers, author_ids: Integers) -> pa.Table:
    """One row for each author, in the best of its spellings (:mod:`pipelines.normalize.spellings`).

    ``owners`` says for each row of ``distinct`` which of ``author_ids`` it is a spelling of, -1 for none.
    """
    spelt = np.flatnonzero(owners >= 0)
    rows = np.zeros(len(author_ids), np.int64)
    rows[owners[spelt]] = spelt
    counts = np.bincount(owners[spelt], minlength=len(author_ids))
    shared = spelt[counts[owners[spelt]] > 1]
    best: dict[int, Spelling] = {}
    if len(shared):
        columns = [distinct.column(name).take(pa.array(shared)).to_pylist() for name in VARYING]
        best_spellings(zip(owners[shared].tolist(), zip(*columns, strict=True), strict=True), best)
    headings = with_spellings(distinct.take(pa.array(rows)), np.arange(len(author_ids)), counts > 1, best)
    headings = headings.append_column("author_id", pa.array(author_ids))
    return conform(headings.append_column("spelling_hash", pa.array(spelling_hashes(headings))), AUTHORS, "authors")
