"""A MARC record as both of its formats give it, and as text: ISO 2709, or MARCXML where it is too long for that."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

LEADER: Final = 24
#: Tag, length and offset of a field in the directory.
DIRECTORY_ENTRY: Final = 12
FIELD_END: Final = b"\x1e"
RECORD_END: Final = b"\x1d"
SUBFIELD: Final = "\x1f"

#: Lengths have five digits in the leader and four in the directory.
LONGEST_RECORD: Final = 99_999
LONGEST_FIELD: Final = 9_999
#: An offset has five digits: no field of a directory ends behind this.
LONGEST_BODY: Final = LONGEST_RECORD + LONGEST_FIELD
REPLACED: Final = "U+FFFD stands for what"
UNKNOWN: Final = "has characters that MARC-8 does not know"
#: What notes say, and no others, of text that is not all there.
LOST_CHARACTERS: Final = (REPLACED, UNKNOWN)
#: How notes begin, and no others, of a record whose fields may not be as they were written.
DAMAGED: Final = "the directory"
_NO_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class NotMarcError(ValueError):
    """The bytes are no MARC record that can be read; the message says why."""


class MarcRecord:
    """Leader, fields as text, and notes on what had to be mended.

    ``content`` holds tag and text; that of a data field begins with its indicators and has U+001F before
    each subfield, as in ISO 2709. ``around`` is what stands around the record: its id there, and local fields.
    """

    __slots__ = ("around", "content", "leader", "notes", "written")

    def __init__(self, leader: str, content: list[tuple[str, str]], notes: list[str]) -> None:
        self.leader = leader
        self.content = content
        self.notes = notes
        self.around: dict[str, str | list[str]] = {}
        #: The record as ISO 2709, where that has been checked already.
        self.written = ""


def is_control(tag: str) -> bool:
    """Whether a field of this tag has neither indicators nor subfields."""
    return tag < "010" and tag.isdigit()


def write_record(record: MarcRecord) -> str:
    """The record as text for ``fullrecord``: ISO 2709 in UTF-8, or MARCXML where it is too long for that."""
    if record.written:
        return record.written
    directory, texts, at = [], [], 0
    for tag, text in record.content:
        length = len(text.encode()) + 1
        if length > LONGEST_FIELD or at > LONGEST_RECORD or len(tag) != 3 or not tag.isascii():
            return _write_xml(record)
        directory.append(f"{tag}{length:04}{at:05}")
        texts.append(text)
        at += length
    base = LEADER + DIRECTORY_ENTRY * len(directory) + 1
    if base + at >= LONGEST_RECORD or "\x1e" in "".join(texts) or "\x1d" in "".join(texts):
        return _write_xml(record)
    leader = record.leader.ljust(LEADER)
    return (
        f"{base + at + 1:05}{leader[5:9]}a22{base:05}{leader[17:20]}4500"
        f"{''.join(directory)}\x1e{''.join(text + chr(0x1E) for text in texts)}\x1d"
    )


def _write_xml(record: MarcRecord) -> str:
    parts = [f'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>{_xml(record.leader)}</leader>']
    for tag, text in record.content:
        if is_control(tag):
            parts.append(f"<controlfield tag={quoteattr(tag)}>{_xml(text)}</controlfield>")
            continue
        head, *subfields = text.split(SUBFIELD)
        # Missing indicators are blank, more than two are dropped, as pymarc has it.
        first, second = (quoteattr(_NO_XML.sub(" ", one)) for one in f"{head:2.2}")
        parts.append(f"<datafield tag={quoteattr(tag)} ind1={first} ind2={second}>")
        parts += [
            f"<subfield code={quoteattr(_NO_XML.sub(' ', part[0]))}>{_xml(part[1:])}</subfield>"
            for part in subfields
            if part
        ]
        parts.append("</datafield>")
    return "".join([*parts, "</record>"])


def _xml(text: str) -> str:
    return escape(_NO_XML.sub(" ", text))
