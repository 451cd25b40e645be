"""The host of a part: 773, where $t is its title, $g volume, issue and page in words, $q the same in signs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import pyarrow as pa

from pipelines.readers.marc_table import MarcTable
from pipelines.readers.marc_titles import SORT_END
from pipelines.readers.marc_values import FieldValues, Pick, each, joined
from pipelines.records import TEXT

_TITLE, _NAME, _RELATED, _SIGNS = joined(773, "t"), joined(773, "a"), joined(773, "g"), each(773, "q")
PICKS: Final = (_TITLE, _NAME, _RELATED, _SIGNS)

_VOLUME: Final = re.compile(r"\b(?:vol(?:ume)?s?|v|bd|band|t|tome|tom)\b[.:]?\s*([0-9]+[a-z]?)", re.IGNORECASE)
_ISSUE: Final = re.compile(r"\b(?:no|nr|n|num|number|issue|iss|heft|h|fasc)\b[.:°]?\s*([0-9]+(?:[-/][0-9]+)?)", re.I)
_PAGE: Final = re.compile(r"\b(?:pages?|pp?|s|seiten?|str)\b[.:]?\s*\[?([a-z]?[0-9]+)", re.IGNORECASE)
_SHORT_PARTS: Final = re.compile(r"([^:<]*)(?::([^:<]*))?[^<]*(?:<(.+))?")
_PARTS: Final = ("container_volume", "container_issue", "container_start_page")


def container_columns(table: MarcTable, picked: Mapping[Pick, FieldValues]) -> dict[str, pa.Array]:
    """The host that is the first field 773 with a title, or else the first of all."""
    count, titles = len(table), picked[_TITLE]
    host = table.first_field(773)
    if not (host >= 0).any():
        return {}
    host[titles.record[::-1]] = titles.field[::-1]
    title, name, related, signs = (
        values.at(host[values.record] == values.field).first(count).to_pylist()
        for values in map(picked.__getitem__, PICKS)
    )
    parts = [_parts(words or "", short or "") for words, short in zip(related, signs, strict=True)]
    columns = {place: [one[number] for one in parts] for number, place in enumerate(_PARTS)}
    columns["container_title"] = [
        (one or "").rstrip(SORT_END) or (other or "").rstrip(SORT_END) or None
        for one, other in zip(title, name, strict=True)
    ]
    columns["container_reference"] = related
    return {name: pa.array(column, TEXT) for name, column in columns.items()}


@lru_cache(maxsize=4096)
def _parts(related: str, signs: str) -> tuple[str | None, ...]:
    """Volume, issue and first page, as far as the host's words and signs tell them; signs win."""
    if not related and not signs:
        return (None, None, None)
    short = _SHORT_PARTS.fullmatch(signs) or _SHORT_PARTS.fullmatch("")
    found: list[str | None] = []
    for place, pattern in enumerate((_VOLUME, _ISSUE, _PAGE), 1):
        match = pattern.search(related)
        in_signs = (short.group(place) or "").strip() if short else ""
        found.append(in_signs or (match.group(1) if match else None))
    return tuple(found)
