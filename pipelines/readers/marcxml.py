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
from pipelines.readers.marc_batch import AT_ONCE, FEWEST_WITHOUT_ID, Found, Reader, Run, is_long, parse_records
from pipelines.readers.marc_record import MarcRecord
from pipelines.readers.marc_table import MarcTable
from pipelines.readers.marcxml_columns import read_columns, read_side_by_side
from pipelines.readers.marcxml_record import parse_record
from pipelines.readers.marcxml_spans import (
    LONGEST_TAG,
    between_records,
    end_of_record,
    is_cut_off_between_records,
    marks,
    record_spans,
    whole_records,
)
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
_CODING: Final = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
#: Codings in which tags are written as in ASCII and that expat reads; others are refused.
_CODINGS: Final = {
    **dict.fromkeys((b"utf-8", b"utf8", b"us-ascii", *LEFT_OVER), ""),
    **dict.fromkeys((b"iso-8859-1", b"latin1"), "iso-8859-1"),
}
_BLANKS: Final = re.compile(rb"\s*")
_BEGINS: Final = re.compile(rb"<" + _PREFIX + rb"record[\s/>]")
#: What tells the id of a record.
_ID: Final = re.compile(rb"\btag\s*=\s*[\"']001[\"']")
#: Among several pieces, one of so many bytes is read by itself.
_WORTH_A_RUN: Final = 1 << 20
#: The first record begins so soon, as a rule.
_HEAD: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class MarcXml:
    """The format: see the module. Where a file is ``without_ids``, its records get some."""

    name: str = "marcxml"
    without_ids: bool = False

    def recognises(self, head: bytes) -> bool:
        """The root is a collection or a record, and there are elements of MARC in it.

        ``without_ids``: none of several records has a field 001.
        """
        return self._is_marc(head) and (not self.without_ids or _has_no_ids(head))

    def _is_marc(self, head: bytes) -> bool:
        root = _ROOT.match(head)
        if root is None or _NAMESPACE in root.group():
            return root is not None
        if _is_of_others(root) and _NAMESPACE not in head:
            return False
        # Most XML has none of these words, and looking for them alone is many times faster.
        return any(name in head for name in _MARC_NAMES) and _MARC.search(head, root.end()) is not None

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces end after a record; the first holds what comes before it."""
        coding = _CODING.match(stream.peek(LONGEST_TAG).removeprefix(b"\xef\xbb\xbf").lstrip())
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
            end = len(text) if ended and not stream.damage else whole_records(text)
            if not end and len(text) > LONGEST_RECORD:
                end = whole_records(text, is_all=True)
            is_cut_off = ended and root is not None and is_cut_off_between_records(text, root)
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
        return parse_records(pieces, found, Reader(_read_columns, _read, self.without_ids))


FORMAT: Final = MarcXml()
#: The same of records without ids, as programs write them that are no catalogue.
WITHOUT_IDS: Final = MarcXml("marcxml without ids", without_ids=True)


def _has_no_ids(head: bytes) -> bool:
    """Whether several records begin in the beginning of a file, and none of them has a field 001."""
    return _ID.search(head) is None and sum(1 for _ in _BEGINS.finditer(head)) >= FEWEST_WITHOUT_ID


def _is_of_others(root: re.Match[bytes]) -> bool:
    """Whether the root is of PICA's namespace, which has records and fields too; in others MARC has been seen."""
    return b"pica" in namespace_of(root.group(), root["prefix"]).lower()


def _found(piece: Piece, side_by_side: bool) -> Iterator[Found | Run]:
    """The records of a piece, those together that stand ``side_by_side`` where these are looked for."""
    # Columns are read of UTF-8.
    alone = bool(_coding(piece))
    at = 0
    if side_by_side and not alone:
        for run in _runs(piece):
            if not at:
                yield from (Found(piece, *span) for span in between_records(piece.data, 0, int(run.starts[0])))
            yield run
            at = int(run.ends[-1])
    for start, end, fault in record_spans(piece.data, at):
        yield Found(piece, start, end, fault, alone)


def _runs(piece: Piece) -> Iterator[Run]:
    """The records of a piece from its first on, as far as they stand side by side and can be found all at once."""
    text = piece.data
    # A tag that is whole in what comes first is the same in the whole text.
    start, _, closes = next(marks(text[:_HEAD]), (0, 0, True))
    while not closes and 0 <= start < len(text):
        end = end_of_record(text, start + AT_ONCE)
        found = read_side_by_side(text[start:end]) if end > start else None
        if found is None or is_long(int((found.ends - found.starts).max())):
            return
        of_piece = np.zeros(len(found.starts), np.int64)
        yield Run((piece,), of_piece, found.starts + start, found.ends + start, found.table, found.rows)
        start = _next_record(text, end)


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
