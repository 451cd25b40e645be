"""Who published what a MARC record describes, and when: 260, or 264."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Flags
from pipelines.readers.marc_table import MarcTable
from pipelines.readers.marc_values import FieldValues, Pick, each, gathered, joined

_TAGS: Final = (260, 264)
PICKS: Final = tuple(pick for tag in _TAGS for pick in (joined(tag, "b"), each(tag, "c")))

#: Years as SolrMarc's DataUtil.cleanDate finds them, in its order. A year that the cataloguer set in brackets is of our
#: calendar, or is the right one; what stands in the brackets behind it ("1420 [1999 or 2000]") tells how sure it is.
_IN_BRACKETS: Final = re.compile(r"\[((?:1[0-9]|20)[0-9]{2})\]")
_CORRECTED: Final = re.compile(r"i\.\s*e\.,?\s*((?:1[0-9]|20)[0-9]{2})")
_FIRST_IN_BRACKETS: Final = re.compile(r"\[((?:1[0-9]|20)[0-9]{2})")
_BEFORE_CHRIST: Final = re.compile(r"[0-9] [Bb]\.?\s?[Cc]\.?")
#: What stands behind may be a digit too many, or month and day.
_YEAR: Final = re.compile(r"(?<![0-9])(?:1[0-9]|20)[0-9]{2}")
_LETTER_FOR_ONE: Final = re.compile(r"(?<![a-z])l([0-9]{3})")
_CENTURY_IN_BRACKETS: Final = re.compile(r"\[19\]([0-9]{2})")
_DECADE: Final = re.compile(r"((?:1[0-9]|20)[0-9])[-?]")


def publication_columns(table: MarcTable, picked: Mapping[Pick, FieldValues]) -> dict[str, pa.Array]:
    """Publishers and years of fields 260, and of 264 as far as they tell of the publication."""
    taken = (table.tag == 260) | _of_publication(table)
    publishers, dates = (
        gathered([picked[pick].of_fields(taken) for pick in picks])
        for picks in ([joined(tag, "b") for tag in _TAGS], [each(tag, "c") for tag in _TAGS])
    )
    count = len(table)
    return {
        "publisher": publishers.once().lists(count),
        "publishDate": dates.mapped(_year).once().lists(count),
    }


def _of_publication(table: MarcTable) -> Flags:
    """Fields 264 of the publication; those of the copyright where a record has none of the publication."""
    later = table.tag == 264
    published = later & (table.second == ord("1"))
    has_published = np.zeros(len(table), bool)
    has_published[table.field_record[published]] = True
    copyrights = later & (table.second == ord("4"))
    found: Flags = published | (copyrights & ~has_published[table.field_record])
    return found


def _year(text: str) -> str:
    if len(text) > 6:
        corrected = _IN_BRACKETS.search(text) or _CORRECTED.search(text) or _FIRST_IN_BRACKETS.search(text)
        if corrected:
            return corrected.group(1)
        if _BEFORE_CHRIST.search(text):
            return ""
    if year := _YEAR.search(text):
        return year.group()
    if year := _LETTER_FOR_ONE.search(text):
        return f"1{year.group(1)}"
    if year := _CENTURY_IN_BRACKETS.search(text):
        return f"19{year.group(1)}"
    decade = _DECADE.search(text)
    return f"{decade.group(1)}0" if decade else ""
