"""What tells at first sight whether two records have anything in common: title, names, place, identifiers, work keys.

Most candidates have not. Only of the others everything else is read (:mod:`pipelines.works.comparands`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import one_array
from pipelines.works.arxiv_ids import arxiv_key
from pipelines.works.credits import Credits
from pipelines.works.identifier_schemes import EDITION_SCHEMES, TEXT_SCHEMES
from pipelines.works.numbered_columns import Numbered, number_column
from pipelines.works.places import page_key, page_range, part_key, volume_key
from pipelines.works.title_words import title_words

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of records, by position of the record in the table they were read from.

    ``names`` are the titles without the edition they tell, ``title`` their words; ``pages`` has a row a record: a
    number for the letters of the numbering (-1 for no page), first page, last page; ``identifiers``, by scheme, and
    ``work_keys`` are distinct rows (position, number of the value), ordered.
    """

    names: pa.Array
    title: Numbered
    credits: Credits
    volume: Numbered
    volume_part: Numbered
    start_page: Numbered
    pages: Ints
    identifiers: dict[str, Ints]
    work_keys: Ints

    @property
    def count(self) -> int:
        """How many records."""
        return len(self.title.codes)

    def columns(self) -> dict[str, Any]:
        """The fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(Signs)}


def signs_of(records: pa.Table, names: pa.Array, identifiers: pa.Table, work_keys: Ints | None = None) -> Signs:
    """Fold and number the signs of ``records``, of which ``names`` are the titles without the edition they tell.

    The other parameters are as of :func:`pipelines.works.comparands.comparands`.
    """
    return Signs(
        names=names,
        title=number_column(title_words(names), str),
        credits=Credits(records["author_names"]),
        volume=number_column(records["volume"], volume_key),
        volume_part=number_column(records["volume"], part_key),
        start_page=number_column(records["start_page"], page_key),
        pages=_page_ranges(records["start_page"]),
        identifiers=_identifier_rows(records["record_id"].to_numpy(), identifiers),
        work_keys=np.empty((0, 2), dtype=np.int64) if work_keys is None else work_keys,
    )


def _page_ranges(texts: pa.Array | pa.ChunkedArray) -> Ints:
    """One row a record: a number for the letters of the numbering (-1 for no page), first page, last page."""
    encoded = pc.dictionary_encode(one_array(texts))
    letters: dict[str, int] = {}
    rows = []
    for text in encoded.dictionary.to_pylist():
        prefix, first, last = page_range(text)
        rows.append((letters.setdefault(prefix, len(letters)) if first else -1, first, last))
    indices = pc.fill_null(encoded.indices, len(rows)).to_numpy(zero_copy_only=False)
    ranges: Ints = np.array([*rows, (-1, 0, 0)], dtype=np.int64)[indices]
    return ranges


def _identifier_rows(record_ids: Ints, identifiers: pa.Table) -> dict[str, Ints]:
    """By scheme, distinct rows (position of the record, number of the value), ordered."""
    rows: dict[str, Ints] = {}
    for scheme in (*TEXT_SCHEMES, *EDITION_SCHEMES):
        of_scheme = identifiers.filter(pc.equal(identifiers["scheme"], scheme))
        owners = of_scheme["record_id"].to_numpy()
        positions = np.searchsorted(record_ids, owners)
        known = positions < len(record_ids)
        known[known] = record_ids[positions[known]] == owners[known]
        values = number_column(of_scheme["value"], arxiv_key if scheme == "arxiv" else str).codes
        known &= values >= 0
        rows[scheme] = np.unique(np.column_stack([positions[known], values[known]]).astype(np.int64), axis=0)
    return rows
