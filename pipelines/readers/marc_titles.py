"""The title of a MARC record: its first field 245."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
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
#: Blanks and punctuation of ASCII.
_BETWEEN_WORDS: Final = r"[ !-/:-@\[-`{-~]+"
_BLANKS: Final = " \t\n\v\f\r"
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_VARIANT: Final = re.compile("LATIN (?P<case>CAPITAL|SMALL) LETTER (?P<letter>[A-Z]) WITH .*")


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
        "title_sort": _sortable(sortable, table.second[first]),
    }


def _sortable(titles: pa.Array, non_filing: Bytes) -> pa.Array:
    """Titles as VuFind sorts them: in lower case, without accents and punctuation.

    Nor are there as many signs at the start as the second indicator says do not file.

    Source: SolrMarc 3, ``titleSortLower`` (``DataUtil.cleanByVal``).
    """
    filled = pc.fill_null(titles, "")
    digits = (non_filing >= ord("1")) & (non_filing <= ord("9"))
    found = pc.ascii_trim_whitespace(pc.replace_substring_regex(pc.ascii_lower(filled), _BETWEEN_WORDS, " "))
    odd = pc.or_(pa.array(digits), pc.invert(pc.string_is_ascii(filled)))
    if odd.true_count:
        begins = np.where(digits, non_filing - ord("0"), 0)[odd.to_numpy(zero_copy_only=False)].tolist()
        parts = zip(filled.filter(odd).to_pylist(), begins, strict=True)
        found = pc.replace_with_mask(found, odd, pa.array([sort_title(title[begin:]) for title, begin in parts], TEXT))
    return pc.if_else(pa.array(is_filled(found)), found, None)


def sort_title(title: str) -> str:
    """One title as VuFind sorts it: see the columns. Letters stay decomposed, as they are in its index."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", title))
    if not bare.isascii():
        bare = "".join(map(_base, bare))
    return re.sub(_BETWEEN_WORDS, " ", bare).strip(_BLANKS).lower()


@lru_cache(maxsize=1 << 12)
def _base(letter: str) -> str:
    """The Latin letter of which another is a variant (`ø`), what is no letter and no sign of a word as a blank."""
    if unicodedata.category(letter).startswith("P"):
        return " "
    variant = _VARIANT.fullmatch(unicodedata.name(letter, "")) if letter > "\x7f" else None
    if not variant:
        return letter
    return variant["letter"] if variant["case"] == "CAPITAL" else variant["letter"].lower()
