"""Titles without the punctuation that only leads on to what follows them in a MARC record."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

#: Before a statement of responsibility, other title information, a parallel title or a further title ISBD has a blank
#: and one of these (ISBD consolidated edition, 1.1.1); cataloguers write it at the end of the subfield before.
_LEADS_ON: Final = r"(?:\s+[/:=;])+$"


def without_isbd_ends(titles: pa.Array) -> pa.Array:
    """Clean titles without the punctuation of ISBD that ends them; one that is nothing else stays as it is."""
    ends = pc.match_substring_regex(titles, _LEADS_ON)
    if not pc.any(ends).as_py():
        return titles
    return pc.if_else(ends, pc.replace_substring_regex(titles, _LEADS_ON, ""), titles)
