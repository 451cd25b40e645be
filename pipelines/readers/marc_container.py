"""The host of a part: 773, where $t is its title, $g volume, issue and page in words, $q the same in signs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.marc_table import MarcTable
from pipelines.readers.marc_values import FieldValues, Pick, each, joined
from pipelines.readers.text_columns import either, is_filled
from pipelines.records import TEXT

_TITLE, _NAME, _RELATED, _SIGNS = joined(773, "t"), joined(773, "a"), joined(773, "g"), each(773, "q")
PICKS: Final = (_TITLE, _NAME, _RELATED, _SIGNS)

#: What a title does not end with.
_TITLE_END: Final = " /:;,.="
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
        pc.fill_null(values.at(host[values.record] == values.field).first(count), "")
        for values in map(picked.__getitem__, PICKS)
    )
    columns = _parts_of(related, signs)
    columns["container_title"] = either(*(pc.ascii_rtrim(texts, characters=_TITLE_END) for texts in (title, name)))
    columns["container_reference"] = related
    return {name: pc.if_else(pa.array(is_filled(column)), column, None) for name, column in columns.items()}


def _parts_of(related: pa.Array, signs: pa.Array) -> dict[str, pa.Array]:
    """Volume, issue and first page of each host; hosts of which the same is said are looked at once."""
    words, short = related.dictionary_encode(), signs.dictionary_encode()
    pairs = pc.add(pc.multiply(words.indices.cast(pa.int64()), len(short.dictionary)), short.indices)
    encoded = pairs.dictionary_encode()
    of_words, of_short = words.dictionary.to_pylist(), short.dictionary.to_pylist()
    found = [
        _parts(of_words[pair // len(of_short)], of_short[pair % len(of_short)])
        for pair in encoded.dictionary.to_pylist()
    ]
    parts = zip(*found, strict=True)
    return {place: pa.array(part, TEXT).take(encoded.indices) for place, part in zip(_PARTS, parts, strict=True)}


def _parts(related: str, signs: str) -> tuple[str, ...]:
    """Volume, issue and first page, as far as the host's words and signs tell them; signs win."""
    if not related and not signs:
        return ("", "", "")
    short = _SHORT_PARTS.fullmatch(signs) or _SHORT_PARTS.fullmatch("")
    found: list[str] = []
    for place, pattern in enumerate((_VOLUME, _ISSUE, _PAGE), 1):
        match = pattern.search(related)
        in_signs = (short.group(place) or "").strip() if short else ""
        found.append(in_signs or (match.group(1) if match else ""))
    return tuple(found)
