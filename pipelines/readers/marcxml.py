"""MARCXML: a ``collection`` of ``record`` elements, or records alone, under any prefix.

The text is cut at the tags of the records and each record parsed by itself, so that one that is broken spoils no
other and memory is bounded. What a document type declares is never read: no entity is expanded, and none is
fetched. Source: MARC 21 XML Schema (Library of Congress).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.readers.byte_spans import Positions, count_byte
from pipelines.readers.chunks import LONGEST_RECORD, Batch, Piece, Unreadable, drain, unreadable
from pipelines.readers.marc_batch import AT_ONCE, Found, Reader, Run, is_long, parse_records
from pipelines.readers.marc_record import MarcRecord
from pipelines.readers.marc_table import MarcTable
from pipelines.readers.marcxml_columns import read_columns, read_side_by_side
from pipelines.readers.marcxml_record import parse_record
from pipelines.readers.streams import ByteStream
from pipelines.readers.xml_prolog import LEFT_OVER, namespace_of, not_in_utf_8

_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]*:)?"
_ROOT: Final = re.compile(
    # What has been passed over stays so: else each end of an instruction in the text would be tried.
    rb"(?>\s|\xef\xbb\xbf|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+<"
    + rb"(?:(?P<prefix>[A-Za-z_][\w.-]*):)?(?:collection|record)(?=[\s>])[^>]*>",
    re.DOTALL,
)
_MARC_NAMES: Final = (b"leader", b"controlfield", b"datafield")
_MARC: Final = re.compile(rb"<" + _PREFIX + rb"(?:" + b"|".join(_MARC_NAMES) + rb")[\s>]")
_NAMESPACE: Final = b"http://www.loc.gov/MARC21/slim"
_NAME: Final = re.compile(rb"record(?=[\s/>])")
#: The name of a record and the sign behind it.
_LONGEST_NAME: Final = len(b"record>")
_MARK: Final = re.compile(rb"<(?P<close>/?)" + _PREFIX + rb"(?P<name>record)")
_SKIPPED: Final = re.compile(rb"<!--|<!\[CDATA\[|<\?|<!DOCTYPE")
#: What ends each thing in which a tag is none; a document type may hold declarations in brackets.
_ENDS: Final = {
    b"<!--": re.compile(rb"-->"),
    b"<![CDATA[": re.compile(rb"\]\]>"),
    b"<?": re.compile(rb"\?>"),
    b"<!DOCTYPE": re.compile(rb"[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL),
}
_NOTHING: Final = re.compile(
    rb"\s+|\xef\xbb\xbf|</?"
    + _PREFIX
    + rb"collection(?:\s[^>]*)?>|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>",
    re.DOTALL,
)
#: The tags of a collection, but for those of one that is empty.
_COLLECTION_TAG: Final = re.compile(rb"<(/?)" + _PREFIX + rb"collection(?:\s[^<>]*)?(?<!/)>")
_CODING: Final = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
#: Codings in which tags are written as in ASCII and that expat reads; others are refused.
_CODINGS: Final = {
    **dict.fromkeys((b"utf-8", b"utf8", b"us-ascii", *LEFT_OVER), ""),
    **dict.fromkeys((b"iso-8859-1", b"latin1"), "iso-8859-1"),
}
_BLANKS: Final = re.compile(rb"\s*")
_BEGINS: Final = re.compile(rb"<" + _PREFIX + rb"record[\s/>]")
#: Among several pieces, one of so many bytes is read by itself.
_WORTH_A_RUN: Final = 1 << 20
#: The first record begins so soon, as a rule.
_HEAD: Final = 1 << 16
#: A tag that is cut off at the end of what is held is no longer than this.
_LONGEST_TAG: Final = 4096


@dataclass(frozen=True, slots=True)
class MarcXml:
    """The format: see the module."""

    name: str = "marcxml"

    def recognises(self, head: bytes) -> bool:
        """The root is a collection or a record, and there are elements of MARC in it."""
        root = _ROOT.match(head)
        if root is None or _NAMESPACE in root.group():
            return root is not None
        if _is_of_others(root) and _NAMESPACE not in head:
            return False
        # Most XML has none of these words, and looking for them alone is many times faster.
        return any(name in head for name in _MARC_NAMES) and _MARC.search(head, root.end()) is not None

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces end after a record; the first holds what comes before it."""
        coding = _CODING.match(stream.peek(_LONGEST_TAG).removeprefix(b"\xef\xbb\xbf").lstrip())
        said = coding.group(1).lower() if coding else b"utf-8"
        if said not in _CODINGS:
            yield drain(file, member, stream, 0, 1, not_in_utf_8("MARCXML", said))
            return
        # Each piece says its coding itself; the declaration is not counted in its offset.
        declaration = b'<?xml version="1.0" encoding="%s"?>' % said if _CODINGS[said] else b""
        root = _ROOT.match(stream.peek(_HEAD))
        text, offset, line, ended, wanted = b"", 0, 1, False, chunk_bytes
        is_cut_off = False
        while not ended:
            size = max(wanted - len(text), 1)
            block = stream.read(size)
            ended = len(block) < size
            text += block
            end = len(text) if ended and not stream.damage else _whole_records(text)
            is_cut_off = ended and root is not None and _is_cut_off_between_records(text, root)
            if end:
                begun = offset - len(declaration)
                yield Piece(file, member, begun, line, declaration + text[:end], len(declaration))
                offset, line, text = offset + end, line + count_byte(memoryview(text)[:end], b"\n"), text[end:]
            elif len(text) > LONGEST_RECORD and not ended:
                yield drain(file, member, stream, offset, line, f"a record of more than {LONGEST_RECORD:,} bytes", text)
                return
            wanted = max(chunk_bytes, 2 * len(text))
        if stream.damage:
            yield unreadable(file, member, offset, line, stream.damage, text)
        elif is_cut_off:
            yield unreadable(file, member, offset, line, "the XML is cut off: its collection does not end", b"")

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """Records that are plain in columns, others by themselves; what belongs to none is quarantined."""
        # Of many small files each would cost as much as a whole chunk.
        side_by_side = [len(pieces) == 1 or len(piece.data) > _WORTH_A_RUN for piece in pieces]
        found = (one for piece, whole in zip(pieces, side_by_side, strict=True) for one in _found(piece, whole))
        return parse_records(pieces, found, Reader(_read_columns, _read))


FORMAT: Final = MarcXml()


def _is_of_others(root: re.Match[bytes]) -> bool:
    """Whether the root is of PICA's namespace, which has records and fields too; in others MARC has been seen."""
    return b"pica" in namespace_of(root.group(), root["prefix"]).lower()


def _marks(text: bytes, at: int | None = 0) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each tag of a record, and whether it closes one; those in comments and the like are none."""
    while at is not None:
        skipped = _SKIPPED.search(text, at)
        for mark in _marks_before(text, at, skipped.start() if skipped else len(text)):
            yield mark
            at = mark[1]
        # What seemed to be skipped may stand within a tag.
        if skipped is None:
            return
        if at <= skipped.start():
            end = _ENDS[skipped.group()].search(text, skipped.end())
            at = end.end() if end else None


def _marks_before(text: bytes, at: int, stop: int) -> Iterator[tuple[int, int, bool]]:
    """The tags of records that begin between these places."""
    # Looking for the name alone is many times faster than looking at every tag. What begins behind the place is not
    # looked for: between two of many comments that would be as long as all that follows.
    for name in _NAME.finditer(text, at, stop + _LONGEST_NAME):
        begin = name.start()
        if begin < at:
            continue
        if text[begin - 1 : begin] == b"<":
            opening, closes = begin - 1, False
        elif text[begin - 2 : begin] == b"</":
            opening, closes = begin - 2, True
        else:
            opening = text.rfind(b"<", max(at, begin - _LONGEST_TAG), begin)
            mark = _MARK.match(text, opening) if opening >= 0 else None
            if mark is None or mark.start("name") != begin:
                continue
            closes = mark.end("close") > opening + 1
        end = text.find(b">", begin) + 1
        if end:
            at = end
            yield opening, at, closes


def _is_cut_off_between_records(text: bytes, root: re.Match[bytes]) -> bool:
    """Whether there is no end of a collection behind the last record of a file with this root, where one should be.

    Where there is anything else, that is told of.
    """
    behind = _end_of_record(text, len(text))
    if any(_between(text, behind, len(text))):
        return False
    # Behind a collection records may stand without one.
    for part in (text[behind:], text, root.group()):
        if tags := _COLLECTION_TAG.findall(part):
            return not tags[-1]
    return False


def _whole_records(text: bytes) -> int:
    """How much of a text that goes on is whole records and what comes before them."""
    return max((end for _, end, closes in _marks(text) if closes), default=0)


def _spans(text: bytes, at: int) -> Iterator[tuple[int, int, str]]:
    """Start, end and fault ("" for none) of each record of a text and of what belongs to none, in order.

    What stands before ``at`` is none of it.
    """
    begun = -1
    for start, end, closes in _marks(text, at):
        if begun >= 0 and closes:
            yield begun, end, ""
            at, begun = end, -1
        elif begun >= 0:
            yield begun, start, "a record that is not closed"
            at = begun = start
        elif closes:
            yield from _between(text, at, end)
            at = end
        else:
            yield from _between(text, at, start)
            at = begun = start
    if begun >= 0:
        yield begun, len(text), "a record that is cut off"
    else:
        yield from _between(text, at, len(text))


def _between(text: bytes, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """What stands between records and is neither blank nor a tag of the collection, as one span."""
    while start < end and (nothing := _NOTHING.match(text, start, end)):
        start = nothing.end()
    if start < end:
        yield start, end, "not a MARCXML record"


def _found(piece: Piece, side_by_side: bool) -> Iterator[Found | Run]:
    """The records of a piece, those together that stand ``side_by_side`` where these are looked for."""
    # Columns are read of UTF-8.
    alone = bool(_coding(piece))
    at = 0
    if side_by_side and not alone:
        for run in _runs(piece):
            if not at:
                yield from (Found(piece, *span) for span in _between(piece.data, 0, int(run.starts[0])))
            yield run
            at = int(run.ends[-1])
    for start, end, fault in _spans(piece.data, at):
        yield Found(piece, start, end, fault, alone)


def _runs(piece: Piece) -> Iterator[Run]:
    """The records of a piece from its first on, as far as they stand side by side and can be found all at once."""
    text = piece.data
    # A tag that is whole in what comes first is the same in the whole text.
    start, _, closes = next(_marks(text[:_HEAD]), (0, 0, True))
    while not closes and 0 <= start < len(text):
        end = _end_of_record(text, start + AT_ONCE)
        found = read_side_by_side(text[start:end]) if end > start else None
        if found is None or is_long(int((found.ends - found.starts).max())):
            return
        of_piece = np.zeros(len(found.starts), np.int64)
        yield Run((piece,), of_piece, found.starts + start, found.ends + start, found.table, found.rows)
        start = _next_record(text, end)


def _end_of_record(text: bytes, most: int) -> int:
    """Where a record ends before a place, as far as its tag alone tells; 0 where there is none."""
    while (name := text.rfind(b"record", 0, most)) >= 0:
        opening = text.rfind(b"<", max(0, name - _LONGEST_TAG), name)
        mark = _MARK.match(text, opening) if opening >= 0 else None
        end = text.find(b">", name, name + _LONGEST_TAG) + 1
        if mark and mark["close"] and mark.start("name") == name and _NAME.match(text, name) and end:
            return end
        most = name
    return 0


def _next_record(text: bytes, at: int) -> int:
    """Where a record begins right behind a place, -1 where there is something else, or nothing."""
    blanks = _BLANKS.match(text, at)
    begins = blanks.end() if blanks else at
    return begins if _BEGINS.match(text, begins) else -1


def _coding(piece: Piece) -> str:
    """The coding of a piece that says one, "" where it is UTF-8."""
    coding = _CODING.match(piece.data)
    return _CODINGS.get(coding.group(1).lower(), "") if coding else ""


def _read_columns(found: Sequence[Found]) -> tuple[MarcTable, Positions]:
    return read_columns([one.view for one in found])


def _read(found: Found) -> MarcRecord | str:
    return parse_record(found.raw, _coding(found.piece) or "utf-8")
