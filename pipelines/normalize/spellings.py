"""Which of several spellings of one heading is shown.

One rule for every place where spellings meet: within a part, between the parts of a dump, and in the warehouse.
It gives the same whatever the order in which they come, and however they are grouped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import one_array
from pipelines.normalize.heading_columns import cached_heading
from pipelines.records import AUTHORS
from pipelines.stable_ids import UNIT_SEPARATOR, stable_id

#: What two spellings of one heading may differ in; everything else is part of the key.
VARYING: Final = ("name", "family_name", "given_names", "suffix", "script", "death_year")

#: The values of VARYING, in that order.
Spelling = tuple[Any, ...]


def better_name_first(name: str) -> tuple[int, bool, int, str]:
    """Sort key that puts the best of several spellings of a heading first, whatever order they came in.

    Best is what has the most letters outside ASCII (accents and scripts are lost, not invented), then
    what is not all in capitals, then the longest, then the smallest text by code points. In SQL: count of
    letters beyond ASCII descending, ``name = upper(name) and name <> lower(name)``, ``length(name)``
    descending, ``name collate "C"``.
    """
    letters = 0 if name.isascii() else sum(not letter.isascii() and letter.isalpha() for letter in name)
    return (-letters, name.isupper(), -len(name), name)


def better_spelling_first(spelling: Spelling) -> tuple[Any, ...]:
    """Sort key that puts the best spelling first: by its name, then by its parts, a missing one last.

    The year of death is no part of it: it is shared (:func:`joined_spelling`).
    """
    name, *parts, _ = spelling
    return (better_name_first(name), [(part is None, part) for part in parts])


def joined_spelling(one: Spelling, other: Spelling) -> Spelling:
    """Of two spellings of one heading the better, with the earliest year of death that any of them has."""
    deaths = [spelling[-1] for spelling in (one, other) if spelling[-1] is not None]
    return (*min(one, other, key=better_spelling_first)[:-1], min(deaths, default=None))


def best_spellings(spellings: Iterable[tuple[int, Spelling]], best: dict[int, Spelling]) -> None:
    """Join spellings, each with the number of its heading, to the ``best`` ones so far."""
    for heading, spelling in spellings:
        best[heading] = joined_spelling(best.get(heading, spelling), spelling)


def credited_spellings(written: Iterable[tuple[int, str, str]]) -> dict[int, Spelling]:
    """The best spelling of each heading among the credits ``written``: author_id, name_as_written, source_field.

    A name is read again from the text that it was read from. Other rules may have read the credits of records that
    came long ago; a name that has another heading by today's says nothing about the one it was filed under.
    """
    best: dict[int, Spelling] = {}
    for author_id, name, field in written:
        heading = cached_heading(name, field)
        if heading is not None and stable_id(heading.heading_key) == author_id:
            spelling = tuple(getattr(heading, column) for column in VARYING)
            best_spellings([(author_id, spelling)], best)
    return best


def with_spellings(
    headings: pa.Table, numbers: npt.NDArray[np.int64], chosen: npt.NDArray[np.bool_], best: Mapping[int, Spelling]
) -> pa.Table:
    """The headings, those that are ``chosen`` in their ``best`` spelling; ``numbers`` has the number of each."""
    if not chosen.any():
        return headings
    spellings = [best[number] for number in numbers[chosen].tolist()]
    for name, values in zip(VARYING, zip(*spellings, strict=True), strict=True):
        field = AUTHORS.field(name)
        column = headings.column(name).combine_chunks().cast(field.type)
        mended = pc.replace_with_mask(column, pa.array(chosen), pa.array(values, field.type))
        headings = headings.set_column(headings.schema.get_field_index(name), field, mended)
    return headings


def spelling_hashes(headings: pa.Table) -> npt.NDArray[np.int64]:
    """A number for each heading, xxh3 of its key and of VARYING: it differs where the heading or its spelling does."""
    # Clean texts are neither empty nor hold a separator: it stands for what is missing.
    columns = ("heading_key", *VARYING)
    texts = (pc.fill_null(headings.column(name).cast(pa.string()), UNIT_SEPARATOR) for name in columns)
    return text_hashes(one_array(pc.binary_join_element_wise(*texts, UNIT_SEPARATOR)))
