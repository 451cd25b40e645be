"""The title of a MARC record: its first field 245."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Bytes
from pipelines.readers.marc_table import MarcTable
from pipelines.readers.marc_values import LETTERS, FieldValues, Pick, joined
from pipelines.readers.text_columns import is_filled
from pipelines.records import TEXT

_TITLE, _SHORT, _SUB, _FULL, _SORT = (joined(245, codes) for codes in ("ab", "a", "b", LETTERS, "abkp"))
PICKS: Final = (_TITLE, _SHORT, _SUB, _FULL, _SORT)
SORT_END: Final = " /:;,.="


def title_columns(table: MarcTable, picked: Mapping[Pick, FieldValues]) -> dict[str, pa.Array]:
    """Parts of the title, as the record has them; what ends a title stays there."""
    first, count = table.first_field(245), len(table)
    title, short, sub, full, sortable = (
        values.at(first[values.record] == values.field).first(count) for values in map(picked.__getitem__, PICKS)
    )
    return {
        "title": title,
        "title_auth": title,
        "title_short": pc.if_else(title.is_valid(), short, None),
        "title_sub": pc.if_else(title.is_valid(), sub, None),
        "title_full": full,
        "title_sort": _without_articles(sortable, table.second[first]),
    }


def _without_articles(titles: pa.Array, non_filing: Bytes) -> pa.Array:
    """Titles in lower case, without as many signs at the start as the second indicator says do not file."""
    filled = pc.fill_null(titles, "")
    digits = (non_filing >= ord("1")) & (non_filing <= ord("9"))
    found = pc.ascii_trim(pc.ascii_lower(filled), characters=SORT_END)
    # Letters of other scripts have rules of their own.
    odd = pc.or_(pa.array(digits), pc.invert(pc.string_is_ascii(filled)))
    if odd.true_count:
        begins = np.where(digits, non_filing - ord("0"), 0)[odd.to_numpy(zero_copy_only=False)].tolist()
        parts = zip(filled.filter(odd).to_pylist(), begins, strict=True)
        mended = pa.array([title[begin:].lower().strip(SORT_END) for title, begin in parts], TEXT)
        found = pc.replace_with_mask(found, odd, mended)
    return pc.if_else(pa.array(is_filled(found)), found, None)
