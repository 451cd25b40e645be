"""The formats of a MARC record: leader, 007 and 008, as VuFind 10 tells them (``getFormats``, ``format_map``).

The codes are those of the MARC 21 Format for Bibliographic Data (Library of Congress).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags
from pipelines.readers.marc_table import MarcTable
from pipelines.readers.marc_values import ALL, FieldValues, Pick, Values, each, flags
from pipelines.records import TEXT, TEXTS

#: By the first character of 007: the format for each second character, and under "" for all others.
_BY_007: Final[Mapping[str, Mapping[str, str]]] = {
    "a": {"d": "Map", "": "Map"},
    # A remote resource says nothing: any record with a link would be one.
    "c": {"r": "", "": "Software"},
    "d": {"": "Globe"},
    "f": {"": "Braille"},
    "g": {**dict.fromkeys("cdfo", "Video"), "": "Slide"},
    "h": {"": "Microfilm"},
    "k": {"p": "Postcard", "": "Photo"},
    "m": {"f": "VHS", "": "Video"},
    "o": {"": "Kit"},
    "q": {"": "Musical Score"},
    "r": {"": "Sensor Image"},
    "s": {"d": "CD", "s": "Cassette", "": "Audio"},
    "v": {"d": "DVD", "f": "VHS", "": "Video"},
}
#: A computer file by 008/26.
_COMPUTER_FILES: Final = {
    "a": "Data Set", "b": "Software", "c": "Image", "e": "Data Set", "f": "Software", "g": "Video Game",
    "h": "Audio", "i": "Software",
}  # fmt: skip
#: Computer files that may be books.
_DOCUMENTS: Final = "dimuz"
_KINDS: Final = {
    "c": "Musical Score",
    "d": "Musical Score",
    "i": "Audio",
    "j": "Audio",
    "o": "Kit",
    "p": "Kit",
    "r": "Physical Object",
}
_ONLINE: Final = "oqs"


@dataclass(frozen=True, slots=True)
class Coded:
    """All of a record that tells its formats: leader positions 6 and 7, 007 and 008 (40 long) in lower case, and more.

    ``official`` has a 086, ``thesis`` a 502, ``conference`` a 111 or 711, ``electronic`` says so in 245, ``issue`` has
    773 $g.
    """

    kind: str
    level: str
    fixed: str
    carriers: tuple[str, ...]
    official: bool
    thesis: bool
    electronic: bool
    conference: bool
    issue: bool


@lru_cache(maxsize=4096)
def formats(coded: Coded) -> tuple[str, ...]:
    """The formats of a record, each once, in VuFind's order: what it is beside, what carries it, what it is."""
    kind, level, carriers = coded.kind, coded.level, coded.carriers
    found = _beside(coded)
    for carrier in carriers:
        if carrier.startswith("v"):
            found.append("Video")
        found.append(_carrier(carrier))
    no_book = any(carrier[:1] in "gkmv" for carrier in carriers if carrier)
    no_book = no_book or kind in "efgijkr" or (kind == "m" and coded.fixed[26] not in _DOCUMENTS)
    found.append(_of_kind(coded, {carrier[:1] for carrier in carriers}))
    found.append(_of_level(coded, no_book))
    named = tuple(dict.fromkeys(filter(None, found)))
    return named or ("Kit" if level in "cd" else "Text" if kind == "a" else "Unknown",)


def _beside(coded: Coded) -> list[str]:
    found = []
    if coded.official:
        found.append("Government Document")
    if coded.thesis:
        found.append("Thesis")
    if coded.kind == "m" or coded.electronic:
        found.append("Electronic")
    if coded.conference:
        found.append("Conference Proceeding")
    return found


def _carrier(carrier: str) -> str:
    formats_of = _BY_007.get(carrier[:1])
    if formats_of is None:
        return ""
    if carrier.startswith("vd") and carrier[4:5] == "s":
        return "Blu-ray Disc"
    return formats_of.get(carrier[1:2] or "?", formats_of[""])


def _of_kind(coded: Coded, carriers: set[str]) -> str:
    """By the type of the record, leader position 6."""
    kind, fixed = coded.kind, coded.fixed
    found = _KINDS.get(kind, "")
    if kind in "ef":
        found = "Globe" if fixed[25] == "d" else "Map"
    elif kind == "g" and fixed[33] == "t":
        found = "Slide"
    elif kind == "g" and (fixed[33] in "fmv" or fixed[34] in "acluz"):
        found = "Video"
    elif kind == "g":
        found = "" if carriers & set("gmv") else "Projected Medium"
    elif kind == "k":
        found = "Photo" if fixed[33] in "lno" else "" if "k" in carriers else "Image"
    elif kind == "m":
        found = _COMPUTER_FILES.get(fixed[26], "")
    elif kind == "t":
        found = "" if coded.thesis else "Manuscript"
    return found


def _of_level(coded: Coded, no_book: bool) -> str:
    """By the bibliographic level, leader position 7."""
    kind, level, fixed = coded.kind, coded.level, coded.fixed
    found = ""
    if level == "a":
        found = "Article" if coded.issue else "Book Chapter"
    elif level == "b":
        found = "Article"
    elif level == "i":
        online = kind == "a" and fixed[22] in _ONLINE
        found = "Online Integrating Resource" if online else "Physical Integrating Resource"
        found = "Website" if kind == "a" and fixed[21] in "hw" else found
    elif level == "m" and not no_book:
        found = "eBook" if (kind in "at" and fixed[23] in _ONLINE) or kind == "m" else "Book"
    elif level == "s":
        found = {"n": "Newspaper", "p": "Journal"}.get(fixed[21], "") if kind == "a" else ""
        found = found or ("" if coded.conference else "Serial")
    return found


#: In the title's field, whatever subfield that is.
_TITLE: Final = each(245, ALL)
_HOST: Final = each(773, "g")
PICKS: Final = (_TITLE, _HOST)
#: Stands between what is told of a record; where a damaged record holds it, it tells nothing.
_SEPARATOR: Final = "\x1e"
#: Positions of 008 that tell a format.
_TOLD: Final = (21, 35)
#: Positions of 007 that tell one.
_CARRIER: Final = 5


def format_column(table: MarcTable, picked: Mapping[Pick, FieldValues]) -> pa.Array:
    """The formats of each record; those that are coded alike are told once."""
    tags = [table.has(86), table.has(502), _electronic(table, picked[_TITLE]), table.has(111, 711)]
    flagged = np.stack([*tags, flags(len(table), picked[_HOST].record)], 1)
    kinds = np.stack([np.where((one >= ord(" ")) & (one < 128), one, ord("?")) for one in (table.kind, table.level)], 1)
    heads = np.hstack([kinds, np.where(flagged, ord("1"), ord("0"))]).astype(np.uint8)
    coded = pc.binary_join_element_wise(
        pa.array(heads.view(f"S{heads.shape[1]}")[:, 0].tolist(), pa.binary()).cast(TEXT),
        _fixed(table),
        _carriers(table),
        _SEPARATOR,
    ).dictionary_encode()
    found = pa.array([formats(_decoded(one)) for one in coded.dictionary.to_pylist()], TEXTS)
    return found.take(coded.indices)


def _decoded(text: str) -> Coded:
    head, fixed, *carriers = text.split(_SEPARATOR)
    return Coded(head[0], head[1], f"{'':21}{fixed:14}     ", tuple(carriers), *(flag == "1" for flag in head[2:]))


def _fixed(table: MarcTable) -> pa.Array:
    """What tells a format in the first 008 of each record."""
    own = np.flatnonzero(table.control_tag == 8)
    texts = _told(table.control_text.take(pa.array(own)))
    first = Values(table.control_record[own], pc.utf8_slice_codeunits(texts, *_TOLD)).first(len(table))
    return pc.fill_null(first, "")


def _carriers(table: MarcTable) -> pa.Array:
    """The beginnings of all 007 of each record."""
    own = np.flatnonzero(table.control_tag == 7)
    texts = _told(table.control_text.take(pa.array(own)))
    begins = Values(table.control_record[own], pc.utf8_slice_codeunits(texts, 0, _CARRIER))
    return pc.fill_null(begins.together(_SEPARATOR, len(table)), "")


def _told(texts: pa.Array) -> pa.Array:
    texts = pc.replace_substring(texts, _SEPARATOR, "?")
    if pc.all(pc.string_is_ascii(texts)).as_py():
        return pc.ascii_lower(texts)
    return pa.array([text.lower() for text in texts.to_pylist()], TEXT)


def _electronic(table: MarcTable, titles: FieldValues) -> Flags:
    """Which records have a title that says that it is of an electronic resource."""
    says = pc.match_substring(titles.texts, "[electronic resource]", ignore_case=True).to_numpy(zero_copy_only=False)
    first = table.first_field(245)[titles.record] == titles.field
    return flags(len(table), titles.record[says & first])
