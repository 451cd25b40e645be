"""MARC 21 in its binary form (ISO 2709): records one after another, each with a record terminator at its end.

Records are told by their terminators, not by the lengths in their leaders, so that a wrong length swallows no
neighbour; a length tells only where a terminator stands inside of a record, or is missing. Where one is missing, the
next record is told by its leader, or by the directory of the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import LONGEST_RECORD, RAW_KEPT, Batch, Piece, Unreadable, unreadable
from pipelines.readers.marc21_columns import read_columns
from pipelines.readers.marc_batch import Found, Reader, parse_records
from pipelines.readers.marc_record import (
    FIELD_END,
    LEADER,
    LONGEST_BODY,
    RECORD_END,
    MarcRecord,
    NotMarcError,
    field_bounds,
    read_iso2709,
)
from pipelines.readers.marc_table import MarcTable
from pipelines.readers.streams import ByteStream

#: What stands between records in real files and belongs to none.
_BLANK: Final = b" \t\r\n\0\x1a"
#: A leader by what is the same in each: digits and codes, wherever somebody wrote them wrong.
_LEADER: Final = re.compile(rb"[0-9 ]{5}[ -~]{5}[ -~]{2}[0-9]{5}[ -~]{3}(?:45|  )[ -~]{2}")
#: One whose length is blank: these blanks are not between records.
_NO_LENGTH: Final = re.compile(rb" {5}[ -~]{7}[0-9]{5}[ -~]{3}45")
#: One that nothing else can be, or one with a whole directory: within a record whose length is wrong, another one may
#: begin here.
_SURE_LEADER: Final = re.compile(
    rb"(?P<coded>[0-9]{5}[acdnp][a-z][a-z][ a][ a]22[0-9]{5}[ 0-9a-zA-Z]{3}45[0-9 ]{2}[0-9]{3}[0-9]{9})"
    rb"|[0-9 ]{5}[ -~]{7}(?P<base>[0-9]{5})[ -~]{3}(?:45|  )[ -~]{2}(?:[0-9A-Za-z ]{3}[0-9]{9})+\x1e"
)
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Marc21:
    """The format: see the module."""

    name: str = "marc 21"

    def recognises(self, head: bytes) -> bool:
        """A leader comes first, then a directory of digits that a field terminator ends."""
        text = head.removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANK)
        if not _LEADER.match(text):
            return False
        directory = text[LEADER : text.find(b"\x1e", LEADER)]
        return len(directory) >= 12 and re.fullmatch(rb"[0-9A-Za-z ]{3}[0-9]{9}", directory[:12]) is not None

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces end after a record terminator; what has none for ``LONGEST_RECORD`` bytes is quarantined."""
        data, offset = b"", 0
        ended = False
        wanted = chunk_bytes
        while not ended:
            block = stream.read(max(wanted - len(data), 1))
            ended = len(block) < max(wanted - len(data), 1)
            data += block
            end = len(data) if ended and not stream.damage else _whole_records(data)
            if end:
                yield Piece(file, member, offset, 0, data[:end])
                offset, data, wanted = offset + end, data[end:], chunk_bytes
            elif len(data) > LONGEST_RECORD and not ended:
                row, data = _skip(file, member, stream, offset, data)
                yield row
                offset += row.length
            wanted = max(chunk_bytes, 2 * len(data))
        if stream.damage and (data or not offset):
            yield unreadable(file, member, offset, 0, stream.damage, data)
        elif stream.damage:
            yield unreadable(file, member, offset, 0, stream.damage, b"")

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """Records that are plain in columns, others by themselves; what cannot be read of one is quarantined."""
        found = (Found(piece, start, start + len(raw)) for piece in pieces for start, raw in _records(piece.data))
        return parse_records(pieces, found, Reader(_read_columns, _read))


FORMAT: Final = Marc21()


def _read_columns(found: Sequence[Found]) -> tuple[MarcTable, Positions]:
    return read_columns([one.raw for one in found])


def _read(found: Found) -> MarcRecord | str:
    try:
        return read_iso2709(found.raw)
    except NotMarcError as error:
        return str(error)


def _whole_records(data: bytes) -> int:
    """How much of data that goes on is whole records."""
    end = 0
    while (after := _record_end(data, end, final=False)) > 0:
        end = after
    return end


def _begin(data: bytes, start: int) -> int:
    """Where the record after ``start`` begins: what stands between records is skipped."""
    if data[start : start + 3] == _BYTE_ORDER_MARK:
        start += 3
    while start < len(data) and data[start] in _BLANK and not _NO_LENGTH.match(data, start):
        start += 1
    return start


def _record_end(data: bytes, start: int, *, final: bool) -> int:
    """Where the record that begins after ``start`` ends; 0 where the data does not tell.

    That is after the next terminator, unless what follows is no record and the length in the leader leads to
    another terminator: then that one belongs to the text.
    """
    begin = _begin(data, start)
    if not final and len(data) - begin < LEADER:
        return 0
    after = data.find(RECORD_END, begin) + 1
    if not after:
        return 0
    said = begin + int(data[begin : begin + 5]) if data[begin : begin + 5].isdigit() else 0
    if said <= after:
        return after
    next_begin = _begin(data, after)
    if not final and len(data) < max(said, next_begin + LEADER + 12):
        return 0
    if data[said - 1 : said] == RECORD_END and next_begin < len(data) and not _LEADER.match(data, next_begin):
        return said
    return after


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Where each record of the data begins, and its bytes; every byte that is not blank belongs to one."""
    start = 0
    while (begin := _begin(data, start)) < len(data):
        end = _record_end(data, start, final=True) or len(data)
        said = data[begin : begin + 5]
        if said == b"%05d" % (end - begin):
            yield begin, data[begin:end]
        else:
            yield from _of_wrong_length(data, begin, end)
        start = end


def _of_wrong_length(data: bytes, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """What stands between two terminators and is not as long as it says: cut where other records begin in it.

    What follows the end that a directory tells is cut off in any case: it would be lost within the record.
    """
    while begin < end:
        after = _sure_leader(data, begin + 1, end)
        after = min(after, _end_by_directory(data, begin, after) or after)
        following = _begin(data, after)
        if following >= end or data[following:end] == RECORD_END:
            after = following = end
        yield begin, data[begin:after]
        begin = following


def _sure_leader(data: bytes, start: int, end: int) -> int:
    """Where the first record that is one for sure begins; ``end`` where there is none."""
    while match := _SURE_LEADER.search(data, start, end):
        if match["coded"] or int(match["base"]) == len(match[0]):
            return match.start()
        start = match.start() + 1
    return end


def _end_by_directory(data: bytes, begin: int, end: int) -> int:
    """Where the last field of a record ends, by a directory that is right in all it says; else 0."""
    said = data[begin + 12 : begin + 17]
    base = begin + int(said) if said.isdigit() else end
    if base >= end or data[base - 1 : base] != FIELD_END:
        return 0
    directory = data[begin + LEADER : base - 1].decode("ascii", errors="replace")
    bounds = field_bounds(directory, data[base : min(end, base + LONGEST_BODY)])
    return base + max(last for _, last in bounds) + 1 if bounds else 0


def _skip(file: str, member: str, stream: ByteStream, offset: int, begun: bytes) -> tuple[Unreadable, bytes]:
    """Quarantine what is too long to be a record up to its terminator, and return what was read after it."""
    kept, length, rest = begun[:RAW_KEPT], len(begun), b""
    while block := stream.read(1 << 20):
        end = block.find(RECORD_END) + 1
        length += end or len(block)
        if end:
            rest = block[end:]
            break
    return unreadable(file, member, offset, 0, f"a record of more than {LONGEST_RECORD:,} bytes", kept, length), rest
