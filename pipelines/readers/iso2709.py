"""A record of ISO 2709, the binary form of MARC: bytes in, record out.

Sources: ISO 2709; MARC 21 Specifications for Record Structure, Character Sets, and Exchange Media (Library
of Congress). What real files do otherwise is read as pymarc and marc4j's permissive reader do, and noted.
"""

from __future__ import annotations

import io
import re
from contextlib import nullcontext, redirect_stderr
from itertools import accumulate
from typing import Final

from pymarc.marc8 import MARC8ToUnicode

from pipelines.readers.marc_record import (
    DAMAGED,
    DIRECTORY_ENTRY,
    FIELD_END,
    LEADER,
    LONGEST_RECORD,
    RECORD_END,
    REPLACED,
    SUBFIELD,
    UNKNOWN,
    MarcRecord,
    NotMarcError,
    is_control,
)
from pipelines.readers.unimarc_codes import CODED_DATA, TITLE, TITLE_OF_MARC21

#: How often a wrong directory may list each byte, all in all; a right one lists it once.
_MOST_OFTEN: Final = 2

_NOT_UTF8: Final = (
    "a record of UNIMARC that is not in UTF-8, as it must be: its own character sets (ISO 5426 …) are not known here, "
    "convert the dump first, as by yaz-marcdump -f iso5426 -t utf-8"
)
#: What field 100 of UNIMARC begins with.
_UNIMARC_DATA: Final = re.compile(rb"\x1e..\x1fa" + CODED_DATA.encode(), re.DOTALL)
#: What a text of East Asia begins with in MARC-8.
_EAST_ASIAN: Final = b"\x1b$"
#: What no MARC-8 table has: pymarc drops these (0x88, 0x89, 0x8D and 0x8E are joiners and non-sorting marks).
_NO_MARC8: Final = re.compile(rb"[\x80-\x87\x8a-\x8c\x8f-\x9f]|[\xe0-\xfe]+$")


def read_iso2709(data: bytes) -> MarcRecord:
    """The record that ``data`` is, with or without its record terminator.

    Lengths that are wrong do not matter where the terminators of the fields tell. Text is UTF-8 where all
    of it is, whatever the leader says; else what the leader says.

    Raises :class:`NotMarcError`.
    """
    data = data.removesuffix(RECORD_END)
    notes: list[str] = []
    base = _base(data, notes)
    directory = data[LEADER : base - 1]
    try:
        leader, entries = data[:LEADER].decode("ascii"), directory.decode("ascii")
    except UnicodeDecodeError as error:
        raise NotMarcError("the leader or the directory is not ASCII") from error
    tags = [entries[at : at + 3] for at in range(0, len(entries), DIRECTORY_ENTRY)]
    body = data[base:]
    parts = body.split(FIELD_END)
    if not parts[-1]:
        parts.pop()
    in_order = len(parts) == len(tags) and _agrees(entries, parts)
    if not in_order:
        parts = _by_directory(entries, body, parts, notes)
    joined = body if in_order else FIELD_END.join(parts)
    of_unimarc = str(TITLE) in tags and str(TITLE_OF_MARC21) not in tags and _UNIMARC_DATA.search(body) is not None
    # What stands at this place of the leader says nothing in UNIMARC.
    text = _utf8(joined, says_utf8=leader[9] == "a", says_nothing=of_unimarc, notes=notes)
    # Of what is deleted no text is read.
    if text is None and of_unimarc and leader[5] != "d":
        raise NotMarcError(_NOT_UTF8)
    if text is None:
        mend = _replacing if leader[9] == "a" else _marc8
        texts = [mend(tag, part, notes) for tag, part in zip(tags, parts, strict=True)]
        return MarcRecord(leader, list(zip(tags, texts, strict=True)), notes)
    # What is after the last terminator of a whole body is nothing.
    record = MarcRecord(leader, list(zip(tags, text.split("\x1e"), strict=False)), notes)
    if in_order and body.endswith(FIELD_END) and len(data) < LONGEST_RECORD:
        length = f"{len(data) + 1:05}"
        record.written = f"{length}{leader[5:9]}a{leader[10:12]}{base:05}{leader[17:]}{entries}\x1e{text}\x1d"
    return record


def _base(data: bytes, notes: list[str]) -> int:
    """Where the fields begin: after the directory, which ends with the first field terminator."""
    end = data.find(FIELD_END, LEADER)
    if end < 0:
        raise NotMarcError("no field terminator: the record is cut off or is none")
    said = int(data[12:17]) if data[12:17].isdigit() else 0
    if said == end + 1 and not (end - LEADER) % DIRECTORY_ENTRY:
        if end == LEADER:
            raise NotMarcError("a record without fields")
        return said
    if LEADER < said <= len(data) and data[said - 1 : said] == FIELD_END and not (said - 1 - LEADER) % DIRECTORY_ENTRY:
        return said
    if end == LEADER or (end - LEADER) % DIRECTORY_ENTRY:
        raise NotMarcError("the directory is broken: it is not made of entries of 12 bytes")
    notes.append("the leader says wrong where the fields begin")
    return end + 1


def _agrees(entries: str, parts: list[bytes]) -> bool:
    """Whether lengths and offsets of the directory are those of the fields one after another."""
    lengths = [len(part) + 1 for part in parts]
    try:
        # Length and offset, four digits and five, are read as one number.
        said = [int(entries[at : at + 9]) for at in range(3, len(entries), DIRECTORY_ENTRY)]
    except ValueError:
        return False
    return said == [length * 100_000 + at for length, at in zip(lengths, accumulate(lengths, initial=0), strict=False)]


def _by_directory(entries: str, body: bytes, parts: list[bytes], notes: list[str]) -> list[bytes]:
    """The fields of a record whose directory is not in the order of its fields, or wrong."""
    bounds = _said_bounds(entries)
    if not body.endswith(FIELD_END) and len(body) < max((end for _, end in bounds), default=0):
        raise NotMarcError("the record is cut off: its directory lists more than there is")
    if bounds and _are_whole(bounds, body):
        _refuse_overlaps(bounds, body)
        unlisted = len(body) - sum(end + 1 - start for start, end in set(bounds))
        if unlisted > len(body) - len(body.rstrip()):
            notes.append(f"{DAMAGED} does not list all fields: {unlisted:,} bytes are not read")
        return [body[start:end] for start, end in bounds]
    parts = _merged(entries, parts)
    if len(parts) == len(entries) // DIRECTORY_ENTRY:
        _refuse_another_id(entries, parts)
        notes.append(f"{DAMAGED} has wrong lengths: fields are told by their terminators")
        return parts
    count = len(entries) // DIRECTORY_ENTRY
    if len(parts) > count and all(part[2:3] == SUBFIELD.encode() for part in parts[count:]):
        notes.append(f"{DAMAGED} is wrong and lists {count} of {len(parts)} fields: the first are taken in its order")
        return parts[:count]
    if not bounds or len(body) < max(start for start, _ in bounds):
        raise NotMarcError("the record is cut off, or its directory is broken")
    _refuse_overlaps(bounds, body)
    raise NotMarcError("the directory does not fit the fields: some would be cut wrongly")


def _refuse_another_id(entries: str, parts: list[bytes]) -> None:
    """Refuse a record of which field 001 alone is longer or shorter than its directory says: it would be another one.

    A program that counts wrongly does so in other fields as well.
    """
    said = [(entries[at : at + 3], entries[at + 3 : at + 7]) for at in range(0, len(entries), DIRECTORY_ENTRY)]
    wrong = [tag for (tag, length), part in zip(said, parts, strict=True) if length != f"{len(part) + 1:04}"]
    if wrong == ["001"]:
        raise NotMarcError("field 001 is not as long as the directory says: the id may have been another")


def _refuse_overlaps(bounds: list[tuple[int, int]], body: bytes) -> None:
    """Refuse a directory that lists the same bytes again and again: a small record would become a huge one."""
    if sum(min(end, len(body)) - start for start, end in bounds) > _MOST_OFTEN * len(body):
        raise NotMarcError("the directory is broken: its fields overlap")


def field_bounds(entries: str, body: bytes) -> list[tuple[int, int]]:
    """Where the fields stand in the body by a directory that is right, whatever its order; nothing if it is wrong."""
    bounds = _said_bounds(entries)
    return bounds if _are_whole(bounds, body) else []


def _are_whole(bounds: list[tuple[int, int]], body: bytes) -> bool:
    """Whether at all these places a field stands, from the end of another to its own."""
    return all(
        FIELD_END not in body[start:end]
        and body[end : end + 1] == FIELD_END
        and (not start or body[start - 1 : start] == FIELD_END)
        for start, end in bounds
    )


def _said_bounds(entries: str) -> list[tuple[int, int]]:
    """Where each field begins and ends by the directory; nothing where one of its numbers is none.

    Nor where a field has no length: at least its terminator belongs to it.
    """
    bounds: list[tuple[int, int]] = []
    for at in range(0, len(entries), DIRECTORY_ENTRY):
        length, offset = entries[at + 3 : at + 7], entries[at + 7 : at + DIRECTORY_ENTRY]
        if not (length.isdigit() and offset.isdigit() and int(length)):
            return []
        bounds.append((int(offset), int(offset) + int(length) - 1))
    return bounds


def _merged(entries: str, parts: list[bytes]) -> list[bytes]:
    """Fields by their terminators; where these are too many, what begins as no data field belongs to the one before."""
    controls = sum(is_control(entries[at : at + 3]) for at in range(0, len(entries), DIRECTORY_ENTRY))
    if len(parts) <= len(entries) // DIRECTORY_ENTRY:
        return parts
    merged = parts[:controls]
    for part in parts[controls:]:
        if part[2:3] != SUBFIELD.encode() and len(merged) > controls:
            merged[-1] += b" " + part
        else:
            merged.append(part)
    return merged


def _utf8(data: bytes, *, says_utf8: bool, says_nothing: bool, notes: list[str]) -> str | None:
    """The text of what is UTF-8 as a whole; None for what is not, or what escapes into other character sets."""
    if not says_utf8 and b"\x1b" in data:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if not says_utf8 and not says_nothing and len(text) != len(data):
        notes.append("the leader says MARC-8, the text is UTF-8")
    return text


def _replacing(tag: str, part: bytes, notes: list[str]) -> str:
    try:
        return part.decode()
    except UnicodeDecodeError as error:
        byte = part[error.start]
        notes.append(f"field {tag} is not UTF-8 as the leader says (byte 0x{byte:02x}): {REPLACED} is not")
        return part.decode(errors="replace")


def _marc8(tag: str, part: bytes, notes: list[str]) -> str:
    if part.isascii() and b"\x1b" not in part:
        return part.decode("ascii")
    if is_control(tag):
        return part.decode("iso8859-1")
    # The character sets are the default ones again at the beginning of each subfield.
    return SUBFIELD.join([_marc8_value(tag, one, notes) for one in part.split(SUBFIELD.encode())])


def _marc8_value(tag: str, value: bytes, notes: list[str]) -> str:
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii")
    # pymarc writes a blank for what it does not know and drops a mark that has no letter.
    try:
        # Quiet or not, it writes a line of its own about a character of East Asia that is cut off.
        with redirect_stderr(io.StringIO()) if _EAST_ASIAN in value else nullcontext():
            text: str = MARC8ToUnicode(quiet=True).translate(value)  # type: ignore[no-untyped-call]
    except (IndexError, TypeError, KeyError, ValueError):
        notes.append(f"field {tag} is not MARC-8: {REPLACED} is not ASCII")
        return value.decode("ascii", errors="replace")
    if text.count(" ") > value.count(b" ") or (b"\x1b" not in value and _NO_MARC8.search(value)):
        notes.append(f"field {tag} {UNKNOWN}: a blank stands for them, or nothing")
    return text
