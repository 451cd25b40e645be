"""What passes between the process that splits a dump and the ones that parse it.

All classes are frozen and picklable. Offsets and lengths are bytes of the decompressed file or
archive member, lines count from 1 (0 where lines mean nothing), whatever the dump is packed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.readers.answers import Answer
from pipelines.readers.streams import ByteStream
from pipelines.records import QUARANTINED

#: Formats are recognised by this many bytes; a file of fewer is looked at whole.
HEAD: Final = 1 << 20
#: How many bytes of what could not be read are kept with it; offset and length say where all of it is.
RAW_KEPT: Final = 1 << 20

#: A record that is longer than this is quarantined unread, so that memory stays bounded.
LONGEST_RECORD: Final = 256 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of one file or archive member that holds whole records; ``offset`` and ``line`` are of its first byte.

    The first ``repeated`` bytes of ``data`` stand elsewhere in the file: a header without which the rest cannot be
    read. ``offset`` and ``line`` are then those that its first byte would have if the rest had them before it.

    ``newlines`` are the places in ``data`` of blanks that are newlines in the file: where a record a line is read,
    those within a record. They matter only to what is quarantined with its bytes.
    """

    file: str
    member: str
    offset: int
    line: int
    data: bytes
    repeated: int = 0
    newlines: npt.NDArray[np.int64] | None = field(default=None, compare=False)
    spans: npt.NDArray[np.int64] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces of one format that follow one another; ``format`` is its name."""

    format: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the dump, to be parsed at once; its runs are of as many formats as its files are.

    ``bytes_read`` is how far the dump, as stored on disk, had been read when the chunk was complete; ``answers`` are
    those of a server that ended since the chunk before.
    """

    runs: tuple[Run, ...]
    bytes_read: int = 0
    answers: tuple[Answer, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of all runs, in order."""
        return tuple(piece for run in self.runs for piece in run.pieces)

    @property
    def formats(self) -> tuple[str, ...]:
        """The format of each run."""
        return tuple(run.format for run in self.runs)


#: What the bytes of an :class:`Unreadable` are.
RECORD: Final = "record"
STRETCH: Final = "stretch"
FILE: Final = "file"
TORN: Final = "torn"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read: a row of ``QUARANTINED``. ``raw`` is its beginning, at most ``RAW_KEPT`` bytes.

    The registry adds what is needed to read it again: ``format``, ``context`` (see ``QUARANTINED``), and ``part``:
    a ``record``, a ``stretch`` of the file in which no record was found, a ``file`` or member of no known format, or
    ``torn``, where the file broke off or an archive refused it, so that these bytes are not what was written.
    """

    file: str
    member: str
    offset: int
    length: int
    line: int
    reason: str
    raw: bytes
    format: str = ""
    part: str = ""
    context: bytes = b""


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a chunk: ``documents`` of schema ``RAW_RECORDS``, ``quarantined`` of ``QUARANTINED``.

    ``other_kinds`` counts by kind the records that are whole and are no bibliographic ones, as of holdings.
    """

    documents: pa.Table
    quarantined: pa.Table
    other_kinds: Counter[str] = field(default_factory=Counter)


class Format(Protocol):
    """A dump format: one module of this package, listed in ``formats.FORMATS``."""

    @property
    def name(self) -> str:
        """What :attr:`Run.format` says."""

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins with ``head`` is of this format."""

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Cut the stream into pieces of about ``chunk_bytes`` that hold whole records; nothing is dropped.

        An answer of a server that may be a page of a list comes after its pieces.
        """

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """The documents of the pieces, in order; what is none is quarantined."""


def unreadable(
    file: str, member: str, offset: int, line: int, reason: str, raw: bytes, length: int | None = None
) -> Unreadable:
    """An :class:`Unreadable` whose raw bytes are cut to ``RAW_KEPT``, which the reason then says."""
    whole = len(raw) if length is None else length
    kept = raw[:RAW_KEPT]
    if len(kept) < whole:
        reason += f" (the first {len(kept):,} of {whole:,} bytes are kept)"
    return Unreadable(file, member, offset, whole, line, reason, kept)


def drain(
    file: str, member: str, stream: ByteStream, offset: int, line: int, reason: str, begun: bytes = b"", passed: int = 0
) -> Unreadable:
    """Read the stream to its end and quarantine ``begun``, which is at ``offset``, and all that follows it.

    ``passed`` bytes between the two were not kept.
    """
    kept, length = bytearray(begun[:RAW_KEPT]), len(begun) + passed
    while block := stream.read(1 << 20):
        kept += block[: RAW_KEPT - len(kept)]
        length += len(block)
    if stream.damage not in reason:
        reason = f"{reason}; {stream.damage}"
    return unreadable(file, member, offset, line, reason, bytes(kept), length)


def quarantine_table(rows: Iterable[Unreadable]) -> pa.Table:
    """The rows as a table of schema ``QUARANTINED``."""
    known = [{name: getattr(row, name) for name in QUARANTINED.names} for row in rows]
    # As a rule there are none, and to make a table out of rows takes its time.
    return pa.Table.from_pylist(known, schema=QUARANTINED) if known else QUARANTINED.empty_table()
