"""Numbers of MARC records: of OCLC, DOIs in links, call numbers, classes of Dewey."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.marc_values import FieldValues, Pick, Values, flags, joined
from pipelines.readers.text_columns import holding, is_filled, mapped, mended
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
#: Where links to DOIs lead as a rule.
_DOI_ADDRESSES: Final = ("https://doi.org/", "http://dx.doi.org/", "https://dx.doi.org/", "http://doi.org/")
_CAPITALS: Final = re.compile("[A-Z]*")
_DEWEY: Final = re.compile(r"\s*([0-9]{1,3})(?:\.[0-9]+)?")
_DEWEY_FIELDS: Final = ("dewey-hundreds", "dewey-tens", "dewey-ones", "dewey-full")
#: Local, other and own numbers, in the order in which they count.
_CALL_NUMBERS: Final = tuple(joined(tag, "a") for tag in (99, 90, 50))
PICKS: Final = _CALL_NUMBERS


def number_columns(found: Mapping[str, Values], picked: Mapping[Pick, FieldValues], count: int) -> dict[str, pa.Array]:
    """What the values ``found`` for ``ctrlnum``, ``url``, ``callnumber-raw`` and ``dewey-raw`` tell."""
    columns = {
        "oclc_num": _oclc_numbers(found["ctrlnum"]),
        "doi_str_mv": _dois(_that_may_be_dois(found["url"])),
        **_classes(found["dewey-raw"]),
    }
    lists = {name: values.once().lists(count) for name, values in columns.items()}
    return lists | _call_number_columns(found["callnumber-raw"], picked, count)


def _oclc_numbers(numbers: Values) -> Values:
    """The numbers of OCLC among others."""
    marked = pc.starts_with(numbers.texts, "(OCoLC)")
    # Most have nothing but a number behind the mark.
    rest = pc.ascii_ltrim(pc.ascii_ltrim(pc.utf8_slice_codeunits(numbers.texts, 7), characters="ocmn"), characters="0")
    plain = pc.and_(marked, pc.ascii_is_decimal(rest))
    return Values(numbers.record, mended(rest, pc.invert(plain), numbers.texts, _oclc_number)).filled()


def _oclc_number(text: str) -> str:
    match = _OCLC.match(text)
    return (match.group(1) or match.group(2)) if match else ""


def _that_may_be_dois(links: Values) -> Values:
    """Links without those in which no DOI can be; letters beyond ASCII may be taken for others of another case."""
    known = pc.match_substring(pc.ascii_lower(links.texts), "doi")
    return links.at(pc.or_(known, pc.invert(pc.string_is_ascii(links.texts))).to_numpy(zero_copy_only=False))


def _dois(links: Values) -> Values:
    """The DOIs in links."""
    texts = links.texts
    odd = holding(texts, "?#%")
    found, known = texts, np.zeros(len(texts), bool)
    for address in _DOI_ADDRESSES:
        begins = pc.starts_with(texts, address)
        known |= begins.to_numpy(zero_copy_only=False)
        found = pc.if_else(begins, pc.utf8_slice_codeunits(texts, len(address)), found)
    return Values(links.record, mended(found, pa.array(odd | ~known), texts, _doi)).filled()


def _doi(text: str) -> str:
    match = _DOI.search(text)
    return unquote(match.group(1)) if match else ""


def _classes(raw: Values) -> dict[str, Values]:
    """Each class of Dewey as hundreds, tens and ones, of three digits, and in full."""
    encoded = raw.texts.dictionary_encode()
    found = [_dewey(text) for text in encoded.dictionary.to_pylist()]
    known = np.array([one is not None for one in found], bool)[encoded.indices.to_numpy()]
    indices, nothing = encoded.indices.filter(pa.array(known)), (None,) * len(_DEWEY_FIELDS)
    parts = zip(*(one or nothing for one in found), strict=True)
    return {
        name: Values(raw.record[known], pa.array(part, TEXT).take(indices))
        for name, part in zip(_DEWEY_FIELDS, parts, strict=False)
    }


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
    counted, numbers = (pc.fill_null(pc.coalesce(*said), "") for said in ((local, other, own), (other, own)))
    columns = {
        "callnumber-first": mapped(counted, _main_class),
        "callnumber-subject": mapped(numbers, _subject),
        "callnumber-label": mapped(numbers, _label),
    }
    return {name: pc.if_else(pa.array(numbered & is_filled(column)), column, None) for name, column in columns.items()}


def _main_class(number: str) -> str:
    letter = number[:1]
    return f"{letter} - {_LCC[letter]}" if letter in _LCC else ""


def _subject(number: str) -> str:
    match = _CAPITALS.match(number.upper())
    return match.group() if match else ""


def _label(number: str) -> str:
    capitals = number.upper()
    return capitals if capitals.startswith(".") else capitals.partition(".")[0]
