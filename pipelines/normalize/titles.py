"""Titles, publishers and series without the punctuation that only leads on to what follows them in a MARC record."""

from __future__ import annotations

from functools import partial
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import map_lists

#: Before a statement of responsibility, other title information, a parallel title or a further title ISBD has a blank
#: and one of these (ISBD consolidated edition, 1.1.1); cataloguers write it at the end of the subfield before.
_LEADS_ON: Final = r"(?:\s+[/:=;])+$"
#: Behind a publisher comes a comma and the date, behind an edition a comma or a stroke, behind a series a comma or a
#: semicolon and the number (1.4, 1.2, 1.6), each but the comma with a blank before it: without, it may be of the text
#: (an address, an entity).
_JOINS: Final = r"(?:\s+[/:=;]|\s*,)+\s*$"


def without_isbd_ends(titles: pa.Array) -> pa.Array:
    """Clean titles without the punctuation of ISBD that ends them; one that is nothing else stays as it is."""
    return _without(_LEADS_ON, titles)


def without_joining_signs(statements: pa.Array) -> pa.Array:
    """Publishers, editions or series without the signs that join them to what follows.

    One that is nothing else stays as it is. Takes texts, or lists of them.
    """
    change = partial(_without, _JOINS)
    return map_lists(statements, change) if pa.types.is_list(statements.type) else change(statements)


def _without(ends: str, texts: pa.Array) -> pa.Array:
    """Texts without what matches at their ends; one that is nothing else stays as it is."""
    has_end = pc.match_substring_regex(texts, ends)
    if not pc.any(has_end).as_py():
        return texts
    left = pc.replace_substring_regex(texts, ends, "")
    return pc.if_else(pc.and_(has_end, pc.greater(pc.binary_length(left), 0)), left, texts)
