"""Numbers of MARC records: of OCLC, DOIs in links, call numbers, classes of Dewey."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.marc_values import FieldValues, Pick, Values, flags, joined
from pipelines.records import TEXT

_LCC: Final = {
    "A": "General Works", "B": "Philosophy, Psychology, Religion", "C": "Historical Sciences", "D": "World History",
    "E": "United States History", "F": "General American History", "G": "Geography, Anthropology, Recreation",
    "H": "Social Science", "J": "Political Science", "K": "Law", "L": "Education", "M": "Music", "N": "Fine Arts",
    "P": "Language and Literature", "Q": "Science", "R": "Medicine", "S": "Agriculture", "T": "Technology",
    "U": "Military Science", "V": "Naval Science", "Z": "Library Science",
}  # fmt: skip
_OCLC: Final = re.compile(r"\(ocolc\)[^0-9]*0*([0-9]+)|(?:ocm|ocn|on)0*([0-9]+)", re.IGNORECASE)
_DOI: Final = re.compile(r"(?:urn:doi:|https?://(?:dx\.)?doi\.org/)([^?#]+)", re.IGNORECASE)
_CAPITALS: Final = re.compile("[A-Z]*")
_DEWEY: Final = re.compile(r"\s*([0-9]{1,3})(?:\.[0-9]+)?")
_DEWEY_FIELDS: Final = ("dewey-hundreds", "dewey-tens", "dewey-ones", "dewey-full")
#: Local, other and own numbers, in the order in which they count.
_CALL_NUMBERS: Final = tuple(joined(tag, "a") for tag in (99, 90, 50))
PICKS: Final = _CALL_NUMBERS


def number_columns(found: Mapping[str, Values], picked: Mapping[Pick, FieldValues], count: int) -> dict[str, pa.Array]:
    """What the values ``found`` for ``ctrlnum``, ``url``, ``callnumber-raw`` and ``dewey-raw`` tell."""
    columns = {
        "oclc_num": found["ctrlnum"].mapped(_oclc_number),
        "doi_str_mv": _that_may_be_dois(found["url"]).mapped(_doi),
        **_classes(found["dewey-raw"]),
    }
    lists = {name: values.once().lists(count) for name, values in columns.items()}
    return lists | _call_number_columns(found["callnumber-raw"], picked, count)


def _oclc_number(text: str) -> str:
    match = _OCLC.match(text)
    return (match.group(1) or match.group(2)) if match else ""


def _that_may_be_dois(links: Values) -> Values:
    """Links without those in which no DOI can be; letters beyond ASCII may be taken for others of another case."""
    known = pc.match_substring(pc.ascii_lower(links.texts), "doi")
    return links.at(pc.or_(known, pc.invert(pc.string_is_ascii(links.texts))).to_numpy(zero_copy_only=False))


def _doi(text: str) -> str:
    match = _DOI.search(text)
    return unquote(match.group(1)) if match else ""


def _classes(raw: Values) -> dict[str, Values]:
    """Each class of Dewey as hundreds, tens and ones, of three digits, and in full."""
    found = list(map(_dewey, raw.texts.to_pylist()))
    known = raw.record[np.array([one is not None for one in found], bool)]
    parts = zip(*(one for one in found if one is not None), strict=True)
    return {name: Values(known, pa.array(part, TEXT)) for name, part in zip(_DEWEY_FIELDS, parts, strict=False)}


@lru_cache(maxsize=4096)
def _dewey(raw: str) -> tuple[str, str, str, str] | None:
    match = _DEWEY.match(raw)
    if not match:
        return None
    whole = match.group(1).zfill(3)
    return f"{whole[0]}00", f"{whole[:2]}0", whole, raw.upper().replace(" ", "")


def _call_number_columns(raw: Values, picked: Mapping[Pick, FieldValues], count: int) -> dict[str, pa.Array]:
    numbered = flags(count, raw.record)
    if not numbered.any():
        return {}
    local, other, own = (picked[pick].first(count) for pick in _CALL_NUMBERS)
    letters = [(text or "")[:1] for text in pc.coalesce(local, other, own).to_pylist()]
    numbers = [(text or "").upper() for text in pc.coalesce(other, own).to_pylist()]
    columns = {
        "callnumber-first": [f"{letter} - {_LCC[letter]}" if letter in _LCC else "" for letter in letters],
        "callnumber-subject": [match.group() if (match := _CAPITALS.match(number)) else "" for number in numbers],
        "callnumber-label": [number if number.startswith(".") else number.partition(".")[0] for number in numbers],
    }
    return {
        name: pa.array(
            [text or None if has else None for text, has in zip(column, numbered.tolist(), strict=True)], TEXT
        )
        for name, column in columns.items()
    }
