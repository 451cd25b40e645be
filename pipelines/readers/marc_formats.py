"""The formats of a MARC record: leader, 007 and 008, as VuFind 10 tells them (``getFormats``, ``format_map``).

The codes are those of the MARC 21 Format for Bibliographic Data (Library of Congress).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipelines.readers.marc_record import MarcRecord

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


def formats(record: MarcRecord) -> list[str]:
    """The formats of a record, each once, in VuFind's order: what it is beside, what carries it, what it is."""
    leader = record.leader.ljust(24).lower()
    kind, level = leader[6], leader[7]
    fixed = record.control("008").lower().ljust(40)
    carriers = [text.lower() for text in record.controls("007")]
    found = _beside(record, kind)
    for carrier in carriers:
        if carrier.startswith("v"):
            found.append("Video")
        found.append(_carrier(carrier))
    no_book = any(carrier[:1] in "gkmv" for carrier in carriers if carrier)
    no_book = no_book or kind in "efgijkr" or (kind == "m" and fixed[26] not in _DOCUMENTS)
    found.append(_of_kind(record, kind, fixed, {carrier[:1] for carrier in carriers}))
    found.append(_of_level(record, kind, level, fixed, no_book))
    named = list(dict.fromkeys(filter(None, found)))
    if named:
        return named
    return ["Kit" if level in "cd" else "Text" if kind == "a" else "Unknown"]


def _beside(record: MarcRecord, kind: str) -> list[str]:
    found = []
    if record.has("086"):
        found.append("Government Document")
    if record.has("502"):
        found.append("Thesis")
    if kind == "m" or any("[electronic resource]" in one.lower() for one in record.by_tag.get("245", ())[:1]):
        found.append("Electronic")
    if _is_conference(record):
        found.append("Conference Proceeding")
    return found


def _is_conference(record: MarcRecord) -> bool:
    return record.has("111") or record.has("711")


def _carrier(carrier: str) -> str:
    formats_of = _BY_007.get(carrier[:1])
    if formats_of is None:
        return ""
    if carrier.startswith("vd") and carrier[4:5] == "s":
        return "Blu-ray Disc"
    return formats_of.get(carrier[1:2] or "?", formats_of[""])


def _of_kind(record: MarcRecord, kind: str, fixed: str, carriers: set[str]) -> str:
    """By the type of the record, leader position 6."""
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
        found = "" if record.has("502") else "Manuscript"
    return found


def _of_level(record: MarcRecord, kind: str, level: str, fixed: str, no_book: bool) -> str:
    """By the bibliographic level, leader position 7."""
    found = ""
    if level == "a":
        found = "Article" if any(field.values("g") for field in record.fields("773")) else "Book Chapter"
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
        found = found or ("" if _is_conference(record) else "Serial")
    return found
