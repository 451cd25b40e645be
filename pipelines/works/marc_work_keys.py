"""Work keys from MARC itself, as VuFind's import and RecordManager make them from a whole record.

``fullrecord`` holds it: ISO 2709 as a string (VuFind once wrote its separators as ``#29;`` to ``#31;``), or
MARCXML. Sources: VuFind 10, ``getWorkKeys`` in ``import/marc.properties`` with ``FieldSpecTools.java``;
RecordManager, ``Marc::getWorkIdentificationData``.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from xml.sax import SAXException

import pyarrow as pa
import pyarrow.compute as pc
from pymarc import Field, Record
from pymarc.exceptions import BadSubfieldCodeWarning, PymarcException
from pymarc.marcxml import parse_xml_to_array

from pipelines.works.work_key_profiles import RECORDMANAGER, VUFIND_MARC, Unit, WorkKeyProfile, without_first, work_keys

#: Subfields of each field that make a part, by tag.
FieldSpec = Mapping[str, str]

UNIFORM_TITLES: Final[FieldSpec] = {"130": "anp", "730": "anp"}
TITLES: Final[FieldSpec] = {"240": "anpmr", "245": "abn", "246": "abn", "247": "abn"}
#: Titles that VuFind takes without their article as well; RecordManager takes all so that can be.
VUFIND_STRIPPED: Final = ("240", "245")
AUTHORS: Final[FieldSpec] = {"100": "ab", "110": "ab", "111": "ac", "700": "ab", "710": "ab", "711": "ac"}

#: Added entries whose second indicator says that they name a part of the record (RecordManager).
_ANALYTICAL_TAGS: Final = ("700", "710", "711")

#: Which indicator counts the non-filing characters; 246 has none, 247 its second by RecordManager.
_NON_FILING_INDICATOR: Final = {"130": 0, "730": 0, "240": 1, "245": 1, "247": 1}

#: Fields that keys are made from; 880 holds them in another script.
_TAGS_OF_KEYS: Final = frozenset(tag.encode() for tag in (*UNIFORM_TITLES, *TITLES, *AUTHORS, "880"))

#: Bytes of a leader, and of an entry of the directory (ISO 2709).
_LEADER: Final = 24
_ENTRY: Final = 12

_SEPARATORS: Final = {"#29;": "\x1d", "#30;": "\x1e", "#31;": "\x1f"}

#: What Java's String.trim takes off.
_BLANKS: Final = "".join(map(chr, range(33)))

# pymarc tells of each odd field that it mends, for every record of a catalogue.
logging.getLogger("pymarc").setLevel(logging.CRITICAL)


def could_be_marc(texts: pa.Array) -> pa.Array:
    """Whether each text of a string array looks like a MARC record; null does not."""
    return pc.fill_null(pc.match_substring_regex(texts, r"^\s*(?:<[?a-z]|\d{5})"), False)


def marc_record(text: str) -> Record | None:
    """The MARC record that ``text`` holds, or None where it holds none that can be read."""
    if not text:
        return None
    try:
        if text.lstrip().startswith("<"):
            # An entity could be of any size; MARCXML declares none.
            return None if "<!" in text else _record_of_xml(text.strip())
        for written, separator in _SEPARATORS.items():
            text = text.replace(written, separator)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BadSubfieldCodeWarning)
            # A string of the index is Unicode, whatever the leader still says of its coding.
            return Record(data=_with_fields_of_keys(text.encode()), force_utf8=True, utf8_handling="replace")
    except (PymarcException, SAXException, ValueError, LookupError):
        # Broken in one of a hundred ways: the record has its fields, which are read without it.
        return None


def _with_fields_of_keys(data: bytes) -> bytes:
    """An ISO 2709 record with no more in its directory than the fields that keys are made from.

    To parse the others would take most of the time. What is torn is left as it is, for the parser to refuse.
    """
    base = int(data[12:17])
    directory = data[_LEADER : base - 1]
    if len(data) < max(base, int(data[:5])) or len(directory) % _ENTRY:
        return data
    entries = (directory[at : at + _ENTRY] for at in range(0, len(directory), _ENTRY))
    kept = b"".join(entry for entry in entries if entry[:3] in _TAGS_OF_KEYS)
    new_base = _LEADER + len(kept) + 1
    length = min(new_base + len(data) - base, 99_999)
    return b"%05d%b%05d%b%b\x1e%b" % (length, data[5:12], new_base, data[17:_LEADER], kept, data[base:])


def _record_of_xml(text: str) -> Record | None:
    records: list[Record] = parse_xml_to_array(io.StringIO(text))  # type: ignore[no-untyped-call]
    return records[0] if records else None


def work_keys_of_marc(record: Record, profile: WorkKeyProfile) -> list[str]:
    """The work keys of ``record`` by ``profile``, one of :data:`PROFILES_OF_MARC`."""
    return _RULES[profile.name](record)


def _vufind_keys(record: Record) -> list[str]:
    return work_keys(
        _parts(record, UNIFORM_TITLES),
        _parts(record, TITLES),
        [
            stripped
            for tag in VUFIND_STRIPPED
            for field in record.get_fields(tag)
            if (stripped := _joined(field, TITLES[tag], _non_filing(field, tag), VUFIND_MARC.unit))
        ],
        _parts(record, AUTHORS),
        profile=VUFIND_MARC,
    )


def _parts(record: Record, spec: FieldSpec) -> list[str]:
    parts = (_joined(field, codes) for tag, codes in spec.items() for field in record.get_fields(tag))
    return [part for part in parts if part]


def _joined(field: Field, codes: str, non_filing: int = 0, unit: Unit = "utf-16") -> str:
    """The subfields of ``codes``, joined by a blank in the order of the record; each $a without its article."""
    joined = ""
    for subfield in field.subfields:
        if subfield.code in codes:
            value = subfield.value.strip(_BLANKS)
            if subfield.code == "a":
                value = without_first(value, non_filing, unit).strip(_BLANKS)
            joined += f" {value}" if joined else value
    return joined


def _non_filing(field: Field, tag: str) -> int:
    """How many characters the indicator says do not file; 0 where there is none or it is no digit."""
    place = _NON_FILING_INDICATOR.get(tag)
    value = "" if place is None else _indicator(field, place)
    return int(value) if value.isascii() and value.isdigit() else 0


def _indicator(field: Field, place: int) -> str:
    return field.indicators[place] if field.indicators else ""


def _recordmanager_keys(record: Record) -> list[str]:
    """Main keys, then those of the alternate script (880). Its analytical keys are off where nobody asks for them."""
    fields = [
        (tag, field)
        for tag in AUTHORS
        for field in record.get_fields(tag)
        if not (tag in _ANALYTICAL_TAGS and _indicator(field, 1) == "2")
    ]
    authors = [(tag, field, part) for tag, field in fields if (part := _joined(field, AUTHORS[tag]))]
    firsts = [(tag, field) for tag in (*UNIFORM_TITLES, *TITLES) for field in record.get_fields(tag)[:1]]
    linked = _linked_fields(record)
    titles = [(tag, _titles_of(field, tag)) for tag, field in firsts]
    alternate = [(tag, _titles_of(each, tag)) for tag, field in firsts for each in linked(tag, field)]
    if not any(forms for _, forms in titles):
        return []
    keys = _keys_of_titles(titles, [part for _, _, part in authors])
    keys += _keys_of_titles(
        alternate, [_joined(each, AUTHORS[tag]) for tag, field, _ in authors for each in linked(tag, field)]
    )
    return list(dict.fromkeys(keys))


def _titles_of(field: Field, tag: str) -> list[str]:
    """The title of a field without its article, and as it is where that differs; its first $a comes first."""
    codes = (UNIFORM_TITLES.get(tag) or TITLES[tag]).replace("a", "")
    title = " ".join(filter(None, (field.get("a") or "", _joined(field, codes))))
    stripped = without_first(title, _non_filing(field, tag), RECORDMANAGER.unit)
    return list(dict.fromkeys(filter(None, (stripped, title)))) if stripped else []


def _keys_of_titles(titles: list[tuple[str, list[str]]], authors: list[str]) -> list[str]:
    """Keys of titles by their tags, each already with and without its article, in that order."""
    uniform = [form for tag, forms in titles if tag in UNIFORM_TITLES for form in forms]
    others = [form for tag, forms in titles if tag in TITLES for form in forms]
    return work_keys(uniform, others, [], authors, profile=RECORDMANAGER)


def _linked_fields(record: Record) -> Callable[[str, Field], Iterator[Field]]:
    """Who gives the fields 880 that write a field in another script: $6 of the one names the other."""
    written_otherwise = [(field, (field.get("6") or "")[:6]) for field in record.get_fields("880")]

    def linked(tag: str, field: Field) -> Iterator[Field]:
        link = (field.get("6") or "")[:6]
        if link.startswith("880-"):
            yield from (each for each, back in written_otherwise if back == f"{tag}-{link[4:]}")

    return linked


_RULES: Final[Mapping[str, Callable[[Record], list[str]]]] = {
    VUFIND_MARC.name: _vufind_keys,
    RECORDMANAGER.name: _recordmanager_keys,
}

#: The profiles that make keys from MARC.
PROFILES_OF_MARC: Final = (VUFIND_MARC, RECORDMANAGER)
