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

from pipelines.readers.byte_spans import BYTE_ORDER_MARK, Positions
from pipelines.readers.chunks import LONGEST_RECORD, RAW_KEPT, Batch, Piece, Unreadable, unreadable
from pipelines.readers.iso2709 import field_bounds, read_iso2709
from pipelines.readers.marc21_columns import read_columns
from pipelines.readers.marc_batch import FEWEST_WITHOUT_ID, Found, Reader, parse_records
from pipelines.readers.marc_record import (
    DIRECTORY_ENTRY,
    FIELD_END,
    LEADER,
    LONGEST_BODY,
    RECORD_END,
    MarcRecord,
    NotMarcError,
)
from pipelines.readers.marc_table import MarcTable
from pipelines.readers.streams import ByteStream

#: What stands between records in real files and belongs to none.
_BETWEEN: Final = re.compile(rb"[ \t\r\n\0\x1a]*")
#: A leader by what is the same in each: digits and codes, wherever somebody wrote them wrong.
_LEADER: Final = re.compile(rb"[0-9 ]{5}[ -~]{5}[ -~]{2}[0-9]{5}[ -~]{3}(?:45|  )[ -~]{2}")
#: One whose length is blank, or padded with blanks: these are not between records.
_BLANK_LENGTH: Final = re.compile(rb" (?: {4}| {3}[0-9]| {2}[0-9]{2}| [0-9]{3}|[0-9]{4})[ -~]{7}[0-9]{5}[ -~]{3}45")
#: So many blanks such a leader may begin with, for codes may be blank too.
_BLANKS_OF_LEADER: Final = 12
#: One that nothing else can be: within a record whose length is wrong, another one begins here.
_SURE_LEADER: Final = re.compile(
    rb"[0-9]{5}[acdnp][a-z][a-z][ a][ a]22[0-9]{5}[ 0-9a-zA-Z]{3}45[0-9 ]{2}[0-9]{3}[0-9]{9}"
)
_ENTRY: Final = re.compile(rb"[0-9A-Za-z ]{3}[0-9]{9}")
#: A whole directory, which tells a record whatever its leader is.
_DIRECTORY: Final = re.compile(rb"(?:" + _ENTRY.pattern + rb")+" + FIELD_END)
#: Lines of text before the first record, as a program that exports prints its warnings.
_TEXT: Final = re.compile(rb"[^\0-\x08\x0b\x0c\x0e-\x1f]{1,4096}(?<=\n)")


@dataclass(frozen=True, slots=True)
class Marc21:
    """The format: see the module. Where records come ``behind_text``, the text is quarantined; where a file is
    ``without_ids``, they get some.
    """

    name: str = "marc 21"
    behind_text: bool = False
    without_ids: bool = False

    def recognises(self, head: bytes) -> bool:
        """A leader comes first, then a directory; where that is whole the leader may be any 24 bytes.

        ``behind_text``: lines of text come first, or a record that is damaged otherwise, which the second one tells.
        ``without_ids``: none of several records has a field 001.
        """
        if self.behind_text:
            leader = _leader_before(head, 0, head.find(FIELD_END))
            if leader > 0 and _TEXT.fullmatch(head, 0, leader):
                return True
            second = _begin(head, head.find(RECORD_END) + 1)
            return bool(second and _LEADER.match(head, second) and _DIRECTORY.match(head, second + LEADER))
        start = _begin(head, 0)
        entry = _LEADER.match(head, start) and _ENTRY.match(head, start + LEADER)
        is_marc = (entry and len(head) > entry.end()) or _DIRECTORY.match(head, start + LEADER)
        return bool(is_marc) and (not self.without_ids or _has_no_ids(head))

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
        return parse_records(pieces, found, Reader(_read_columns, _read, self.without_ids))


FORMAT: Final = Marc21()
#: The same behind lines of text, or a damaged record: a file of any other format may begin so, or hold MARC, too.
BEHIND_TEXT: Final = Marc21(behind_text=True)
#: The same of records without ids, as programs write them that are no catalogue.
WITHOUT_IDS: Final = Marc21("marc 21 without ids", without_ids=True)


def _read_columns(found: Sequence[Found]) -> tuple[MarcTable, Positions]:
    return read_columns([one.raw for one in found])


def _read(found: Found) -> MarcRecord | str:
    try:
        return read_iso2709(found.raw)
    except NotMarcError as error:
        return str(error)


def _has_no_ids(head: bytes) -> bool:
    """Whether there are several records in the beginning of a file, and none of them has a field 001."""
    count = 0
    for begin, raw in _records(head):
        directory = _DIRECTORY.match(head, begin + LEADER, begin + len(raw))
        if directory is None:
            continue
        if b"001" in [head[at : at + 3] for at in range(begin + LEADER, directory.end() - 1, DIRECTORY_ENTRY)]:
            return False
        count += 1
    return count >= FEWEST_WITHOUT_ID


def _whole_records(data: bytes) -> int:
    """How much of data that goes on is whole records."""
    end = 0
    while (after := _record_end(data, end, final=False)) > 0:
        end = after
    return end


def _begin(data: bytes, start: int) -> int:
    """Where the record after ``start`` begins: what stands between records is skipped."""
    if data[start : start + 3] == BYTE_ORDER_MARK:
        start += 3
    between = _BETWEEN.match(data, start)
    end = between.end() if between else start
    if end == start:
        return end
    blanks = range(max(start, end - _BLANKS_OF_LEADER), end)
    return next((place for place in blanks if _BLANK_LENGTH.match(data, place)), end)


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
    coded = whole = begin
    while begin < end:
        # None of these is looked for again before it is passed by.
        if coded <= begin:
            match = _SURE_LEADER.search(data, begin + 1, end)
            coded = match.start() if match else end
        after = _end_by_directory(data, begin, end)
        if not after and whole <= begin:
            whole = _whole_leader(data, begin + 1, end)
        after = min(coded, after or whole)
        following = _begin(data, after)
        if following >= end or (following == end - 1 and data[following:end] == RECORD_END):
            after = following = end
        yield begin, data[begin:after]
        begin = following


def _whole_leader(data: bytes, start: int, end: int) -> int:
    """Where the first leader stands behind which a whole directory follows; ``end`` where there is none."""
    sign = data.find(FIELD_END, start, end)
    while sign >= 0:
        leader = _leader_before(data, start, sign)
        if leader >= 0:
            return leader
        sign = data.find(FIELD_END, sign + 1, end)
    return end


def _leader_before(data: bytes, start: int, sign: int) -> int:
    """Where the leader of a directory begins that ends at ``sign``, if it says that it does; else -1."""
    entry = sign - DIRECTORY_ENTRY
    while entry - LEADER >= start and _ENTRY.match(data, entry):
        leader = entry - LEADER
        if data[leader + 12 : leader + 17] == b"%05d" % (sign + 1 - leader) and _LEADER.match(data, leader):
            return leader
        entry -= DIRECTORY_ENTRY
    return -1


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
