"""Citations of PubMed in the MEDLINE format (``.nbib``): a field a line, with its tag of two to four letters before it.

Tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html. Fields are those of the same citation in XML
(:mod:`pipelines.readers.pubmed_xml`), as far as the text has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipelines.readers.byte_spans import BYTE_ORDER_MARK, Positions
from pipelines.readers.chunks import LONGEST_RECORD, Batch, Piece, Unreadable, drain, unreadable
from pipelines.readers.json_exact import NotADocumentError, decoded, to_row
from pipelines.readers.medline_fields import to_document
from pipelines.readers.record_spans import parse_spans
from pipelines.readers.stream_walk import StreamWalk
from pipelines.readers.streams import ByteStream

_RECORD: Final = re.compile(rb"^PMID-", re.MULTILINE)
_BEGINS: Final = re.compile(rb"\s*PMID- *[0-9]+[^\S\n]*\n(?:[A-Z][A-Z0-9]{1,3} *- |[^\S\n]*\n|$)")
_FIELD: Final = re.compile("([A-Z][A-Z0-9]{1,3}) *-(?: (.*)|$)")
_CONTINUES: Final = "      "


@dataclass(frozen=True, slots=True)
class MedlineText:
    """The format: see the module."""

    name: str = "medline text"

    def recognises(self, head: bytes) -> bool:
        """The first line has a PMID, and the next one a field."""
        return _BEGINS.match(head.removeprefix(BYTE_ORDER_MARK)) is not None

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces hold whole citations, each from its PMID to the next."""
        walk = StreamWalk(file, member, stream, chunk_bytes)
        line = 1
        walk.more(chunk_bytes)
        while walk.text:
            cut = len(walk.text) if walk.ended and not stream.damage else walk.text.rfind(b"\nPMID-") + 1
            if cut:
                yield Piece(file, member, walk.offset, line, walk.text[:cut])
                line += walk.text.count(b"\n", 0, cut)
                walk.advance(cut)
            elif walk.ended:
                yield unreadable(file, member, walk.offset, line, stream.damage, walk.text)
                return
            elif len(walk.text) > LONGEST_RECORD:
                reason = f"a record of more than {LONGEST_RECORD:,} bytes"
                yield drain(file, member, stream, walk.offset, line, reason, walk.text)
                return
            walk.more(max(chunk_bytes, 2 * len(walk.text)))

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A document a citation; one with a line that is no field is quarantined."""
        return parse_spans(pieces, _spans_of, lambda text: [to_row(to_document(_fields(text)))])


FORMAT: Final = MedlineText()


def _spans_of(piece: Piece) -> Positions:
    return np.array([*_spans(piece.data)], np.int64).reshape(-1, 2)


def _spans(text: bytes) -> Iterator[tuple[int, int]]:
    """Where each citation stands, without the blanks after it; what stands before the first is one of its own."""
    starts = [match.start() for match in _RECORD.finditer(text)]
    mark = len(BYTE_ORDER_MARK) * text.startswith(BYTE_ORDER_MARK)
    if not starts or text[mark : starts[0]].strip():
        starts.insert(0, mark)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        length = len(text[start:end].rstrip())
        if length:
            yield start, start + length


def _fields(text: bytes) -> list[tuple[str, str]]:
    """Tags and values of a citation, in order; the lines of a value joined with a blank.

    Raises :class:`NotADocumentError`.
    """
    lines = decoded(text).replace("\r\n", "\n").split("\n")
    fields: list[tuple[str, list[str]]] = []
    for number, line in enumerate(lines, start=1):
        if found := _FIELD.fullmatch(line):
            fields.append((found[1], [found[2] or ""]))
        elif fields and line.startswith(_CONTINUES):
            fields[-1][1].append(line)
        elif line.strip():
            raise NotADocumentError(f"not MEDLINE: no tag begins line {number} of the citation")
    return [(tag, " ".join(" ".join(parts).split())) for tag, parts in fields]
