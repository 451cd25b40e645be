"""Answers of library systems that hold MARCXML: those of SRU servers, and ``<bibs>`` of Alma.

Each record is cut out of what the server has put around it, and read as :mod:`pipelines.readers.marcxml` reads it.
Sources: SRU 1.2 and 2.0 (``searchRetrieveResponse``); Alma's REST API, "Bib".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pipelines.readers import marcxml
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Batch, Piece, Unreadable, unreadable
from pipelines.readers.streams import ByteStream
from pipelines.readers.xml_elements import ElementSplitter
from pipelines.readers.xml_frames import Elements
from pipelines.readers.xml_prolog import xml_prefix

_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]{0,60}:)?"
_SRU_ROOT: Final = re.compile(rb"<" + _PREFIX + rb"searchRetrieveResponse[\s>]")
_ALMA_ROOT: Final = re.compile(rb"<(?P<name>bibs?)(?:\s[^<>]*)?>")
_RECORD: Final = re.compile(rb"<" + _PREFIX + rb"record[\s>]")
_LEADER: Final = re.compile(rb"<" + _PREFIX + rb"leader[\s>]")
#: What stands beside a record, with anything in it (SRU 1.2, "Records"; Alma, "Bib").
_BESIDE: Final = re.compile(rb"<(?P<name>" + _PREFIX + rb"(?:extraRecordData|extraResponseData|holdings?))[\s/>]")
_RECORD_DATA: Final = re.compile(rb"<" + _PREFIX + rb"recordData(?:\s[^<>]*)?>\s*")
_RECORD_DATA_END: Final = re.compile(rb"\s*</[^<>]*>$")
_SAID: Final = re.compile(
    rb"<" + _PREFIX + rb"numberOfRecords(?:\s[^<>]*)?>\s*(?P<found>[0-9]{1,18})\s*<"
    rb"""|<bibs\s[^<>]*?\btotal_record_count\s*=\s*["'](?P<count>[0-9]{1,18})["']"""
    rb"|(?P<end></(?:" + _PREFIX + rb"searchRetrieveResponse|bibs)\s*>)"
)


#: What an SRU server says of a question that it could not answer (SRU 1.2, "Diagnostics").
_DIAGNOSTIC: Final = re.compile(rb"<" + _PREFIX + rb"diagnostic[\s/>]")
#: How records begin that are packed as text: escaped, or as CDATA.
_AS_TEXT: Final = re.compile(rb"&lt;|<!\[CDATA\[")


class _Lists:
    """Reads the frame of answers; see :class:`~pipelines.readers.xml_frames.FrameReader`."""

    def __init__(self) -> None:
        self._has_error = False
        self._count = 0
        self._announced: int | None = None
        self._all_announced: set[int | None] = set()

    @property
    def has_none(self) -> bool:
        """Whether each answer says that nothing was found, and none that the question was wrong."""
        return self._all_announced == {0} and not self._has_error

    def records(self, count: int) -> None:
        """So many records follow."""
        self._count += count

    def read(self, frame: bytes) -> Iterator[Answer | str]:
        """Each answer that ends here, where it says how many records there are."""
        self._has_error |= _DIAGNOSTIC.search(frame) is not None
        for said in _SAID.finditer(frame):
            if not said["end"]:
                self._announced = int(said["found"] or said["count"])
                continue
            if self._announced is not None:
                yield Answer(self._count, self._announced)
            self._all_announced.add(self._announced)
            self._count, self._announced = 0, None


_SRU: Final = Elements(
    "recordData",
    re.compile(rb"</?" + _PREFIX + rb"(?:searchRetrieveResponse|records|record|numberOfRecords)[\s/>]"),
    re.compile(rb"</" + _PREFIX + rb"searchRetrieveResponse\s*>"),
    "an answer of an SRU server without records",
    only_within=_LEADER,
    beside=_BESIDE,
    reader=_Lists,
)
#: One of several records, or of a single one.
_ALMA: Final = {
    name: Elements(
        "record",
        re.compile(rb"</?bibs?[\s/>]"),
        re.compile(rb"</%b\s*>" % name),
        "an answer of Alma without MARC records",
        only_within=_LEADER,
        beside=_BESIDE,
        reader=_Lists,
    )
    for name in (b"bibs", b"bib")
}


@dataclass(frozen=True, slots=True)
class MarcAnswers:
    """The format: see the module."""

    name: str = "marcxml answers"

    def recognises(self, head: bytes) -> bool:
        """An answer of an SRU server with MARCXML or without records, or Alma's with records of MARC."""
        text = xml_prefix(head)
        if _SRU_ROOT.match(text):
            return _LEADER.search(text) is not None or not _RECORD_DATA.search(text)
        return _ALMA_ROOT.match(text) is not None and bool(_RECORD.search(text) and _LEADER.search(text))

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold a record each, without what the server has put around it."""
        root = _ALMA_ROOT.match(xml_prefix(stream.peek(1 << 16)))
        elements = _ALMA[root["name"]] if root else _SRU
        for part in ElementSplitter(file, member, stream, chunk_bytes, elements=elements).run():
            yield _inner(part) if isinstance(part, Piece) and not root else part

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """As those of MARCXML."""
        return marcxml.FORMAT.parse(pieces)


FORMAT: Final = MarcAnswers()


def _inner(piece: Piece) -> Piece | Unreadable:
    """What stands in the element that a piece is."""
    begin, end = _RECORD_DATA.match(piece.data), _RECORD_DATA_END.search(piece.data)
    if not begin or not end:
        return piece
    if _AS_TEXT.match(piece.data, begin.end()):
        reason = "a record that is packed as text: ask the server with recordPacking=xml"
        return unreadable(piece.file, piece.member, piece.offset, piece.line, reason, piece.data)
    start, data = begin.end(), piece.data[begin.end() : end.start()]
    line = piece.line + piece.data.count(b"\n", 0, start)
    return replace(piece, offset=piece.offset + start, line=line, data=data, spans=None)
