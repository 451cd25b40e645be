"""What can be told of a file of citations before it is parsed: that it is none, and why."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipelines.readers import solr_csv
from pipelines.readers.chunks import HEAD
from pipelines.readers.citation_error import CitationError
from pipelines.readers.formats import FORMATS
from pipelines.readers.streams import ByteStream, unpack
from pipelines.readers.unknown_files import describe, utf_16

_BLOCK: Final = 1 << 20
#: Formats of dumps that are not those of citations; a table may be both.
_OF_DUMPS: Final = tuple(one for one in FORMATS if one is not solr_csv.FORMAT)


def refuse_what_is_none(path: Path) -> None:
    """Raise :class:`CitationError` for a file that is not there, empty, a dump of records, no text or not UTF-8."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            if not head.strip():
                raise CitationError(f"{path}: the file is empty")
            _refuse_dump(path, head)
            file.seek(0)
            _refuse_other_encodings(path, iter(lambda: file.read(_BLOCK), b""))
    except OSError as error:
        raise CitationError(f"{path}: {(error.strerror or str(error)).lower()}") from None


def _refuse_dump(path: Path, head: bytes) -> None:
    entry = next(unpack(ByteStream(iter([head]))), None)
    beginning = entry.stream.peek(HEAD) if entry else b""
    found = next((one.name for one in _OF_DUMPS if one.recognises(beginning)), None)
    if found:
        raise CitationError(
            f"{path}: a dump of records ({found}), no file of citations: ingest it; match takes CSV, BibTeX and RIS"
        )
    if beginning != head:
        raise CitationError(f"{path}: the file is packed; match takes CSV, BibTeX and RIS as plain text")
    if encoding := utf_16(head):
        raise CitationError(f"{path}: not UTF-8 but UTF-16; convert it: iconv -f {encoding} -t UTF-8")
    if b"\0" in head:
        raise CitationError(f"{path}: no file of citations but {describe(head)}; match takes CSV, BibTeX and RIS")


def _refuse_other_encodings(path: Path, blocks: Iterator[bytes]) -> None:
    decoder, position, lines = codecs.getincrementaldecoder("utf-8")(), 0, 1
    for block in blocks:
        waiting = decoder.getstate()[0]
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            at = position - len(waiting) + error.start
            line = lines + (waiting + block).count(b"\n", 0, error.start)
            raise CitationError(
                f"{path}: not UTF-8: byte 0x{error.object[error.start]:02x} at byte {at:,} (line {line:,}); "
                "if it is Latin-1, convert it: iconv -f LATIN1 -t UTF-8"
            ) from None
        position, lines = position + len(block), lines + block.count(b"\n")
