"""Many MARC records as columns: one row a field, one row a subfield, whatever the records were written in.

All fields of Solr documents are made of this table (:mod:`pipelines.readers.marc_fields`), for all its records at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Bytes, Flags, Positions
from pipelines.readers.marc_record import LEADER, SUBFIELD, MarcRecord, write_record
from pipelines.records import TEXT

#: The tags of MARC 21 have three digits; fields of all others are kept in ``fullrecord`` alone.
NO_TAG: Final = 1000
#: Codes of subfields are the bytes of ASCII. Others are told by whether they are letters; 0 is what is in none.
NO_CODE, OTHER_LETTER, OTHER_CODE = 0, 128, 129
CODES: Final = 130
#: The fields that are read as they stand.
CONTROLS: Final = (1, 7, 8)


@dataclass(frozen=True, slots=True)
class MarcTable:
    """Fields and subfields in the order of the records; ``value`` is a subfield's text without blanks at its ends.

    ``status``, ``kind`` and ``level`` are leader positions 5 to 7 of each record in lower case; ``tag`` is a number,
    ``NO_TAG`` for what is no tag of MARC 21; ``second`` the second indicator (128 for what is not ASCII). ``notes`` say
    what had to be mended in a record. ``around`` has what stands around the records: their ids there, and local fields
    in JSON.
    """

    status: Bytes
    kind: Bytes
    level: Bytes
    field_record: Positions
    tag: npt.NDArray[np.int16]
    second: Bytes
    subfield_field: Positions
    code: Bytes
    value: pa.Array
    control_record: Positions
    control_tag: npt.NDArray[np.int16]
    control_text: pa.Array
    fullrecord: pa.Array
    notes: dict[int, list[str]] = field(default_factory=dict)
    around: dict[str, pa.Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.kind)

    def living(self) -> MarcTable:
        """The same of records that are not deleted, whatever their leaders say."""
        return replace(self, status=np.zeros(len(self), np.uint8))

    def has(self, *tags: int) -> Flags:
        """Which records have a field of one of these tags."""
        found = np.zeros(len(self), bool)
        found[self.field_record[np.isin(self.tag, tags)]] = True
        return found

    def first_field(self, tag: int) -> Positions:
        """The first field of a tag in each record, -1 for none."""
        fields = np.flatnonzero(self.tag == tag)[::-1]
        first = np.full(len(self), -1, np.int64)
        first[self.field_record[fields]] = fields
        return first


def tag_number(tag: str) -> int:
    """The number of a tag, ``NO_TAG`` for what is no tag of MARC 21."""
    return int(tag) if len(tag) == 3 and tag.isascii() and tag.isdigit() else NO_TAG


def trimmed(texts: pa.Array) -> pa.Array:
    """Texts without blanks at their ends, whatever Unicode takes for one."""
    return pc.utf8_trim_whitespace(texts)


def table_of_records(records: Sequence[MarcRecord]) -> MarcTable:
    """Records that were read one by one."""
    leaders = [record.leader.ljust(LEADER).lower() for record in records]
    field_record, tags, seconds = array("q"), array("h"), array("B")
    subfield_field, codes = array("q"), array("B")
    control_record, control_tag = array("q"), array("h")
    values: list[str] = []
    texts: list[str] = []
    for number, record in enumerate(records):
        for written, text in record.content:
            tag = tag_number(written)
            if tag in CONTROLS:
                control_record.append(number)
                control_tag.append(tag)
                texts.append(text)
            # Missing indicators are blank, more than two are dropped, as pymarc has it.
            head, *parts = text.split(SUBFIELD)
            field_record.append(number)
            tags.append(tag)
            seconds.append(_byte(head[1:2] or " "))
            found = [(code_number(part[0]), part[1:]) for part in parts if part]
            if len(head) > 2:
                found.insert(0, (NO_CODE, head))
            subfield_field.extend([len(field_record) - 1] * len(found))
            codes.extend([code for code, _ in found])
            values += [value for _, value in found]
    return MarcTable(
        np.array([_byte(leader[5]) for leader in leaders], np.uint8),
        np.array([_byte(leader[6]) for leader in leaders], np.uint8),
        np.array([_byte(leader[7]) for leader in leaders], np.uint8),
        np.frombuffer(field_record, np.int64),
        np.frombuffer(tags, np.int16),
        np.frombuffer(seconds, np.uint8),
        np.frombuffer(subfield_field, np.int64),
        np.frombuffer(codes, np.uint8),
        trimmed(pa.array(values, TEXT)),
        np.frombuffer(control_record, np.int64),
        np.frombuffer(control_tag, np.int16),
        pa.array(texts, TEXT),
        pa.array(map(write_record, records), TEXT, size=len(records)),
        {number: record.notes for number, record in enumerate(records) if record.notes},
        around_records([record.around for record in records]),
    )


def around_records(said: Sequence[Mapping[str, str | list[str]]]) -> dict[str, pa.Array]:
    """What is said around each of the records as columns: ids as they are, all else in JSON."""
    names = dict.fromkeys(name for one in said for name in one)
    columns = {name: [one.get(name) for one in said] for name in names}
    return {
        name: pa.array(
            values if name == "id" else [None if one is None else orjson.dumps(one).decode() for one in values], TEXT
        )
        for name, values in columns.items()
    }


def code_number(code: str) -> int:
    """The number of a subfield's code."""
    return ord(code) if code.isascii() else OTHER_LETTER if code.isalpha() else OTHER_CODE


def lower(letters: Bytes) -> Bytes:
    """Letters of ASCII in lower case."""
    found: Bytes = np.where((letters >= ord("A")) & (letters <= ord("Z")), letters + 32, letters).astype(np.uint8)
    return found


def _byte(sign: str) -> int:
    return ord(sign) if sign.isascii() else 128
