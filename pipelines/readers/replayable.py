"""What is kept of that which could not be read, so that a later program can read it again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from pipelines.readers.chunks import RECORD, STRETCH, TORN, Format, Piece, Run, Unreadable
from pipelines.readers.error_answers import error_said
from pipelines.readers.streams import ByteStream
from pipelines.records import QUARANTINED


def replayable(quarantined: pa.Table, run: Run) -> pa.Table:
    """The records of a run that were refused, with what is needed to read them again."""
    rows = quarantined.num_rows
    if not rows:
        return quarantined
    contexts = _contexts(run.pieces, _places(quarantined))
    told = {"format": pa.repeat(run.format, rows), "part": pa.repeat(RECORD, rows), "context": contexts}
    told["reason"] = list(map(with_message, *(quarantined.column(name).to_pylist() for name in ("reason", "raw"))))
    columns = [told.get(name, quarantined.column(name)) for name in QUARANTINED.names]
    return pa.table(columns, schema=QUARANTINED)


def _places(table: pa.Table) -> Iterator[tuple[str, str, int]]:
    return zip(*(table.column(name).to_pylist() for name in ("file", "member", "offset")), strict=True)


def _contexts(pieces: tuple[Piece, ...], places: Iterator[tuple[str, str, int]]) -> list[bytes]:
    """What each record that was refused shares with the others of its piece, and cannot be read without."""
    of_file: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        if piece.repeated:
            of_file.setdefault((piece.file, piece.member), []).append(piece)
    for found in of_file.values():
        found.sort(key=_begins)
    return [_context(of_file.get((file, member), []), offset) for file, member, offset in places]


def _context(pieces: list[Piece], offset: int) -> bytes:
    """The header of the piece in which ``offset`` lies, of pieces of one file in their order."""
    at = bisect_right(pieces, offset, key=_begins) - 1
    if at < 0 or offset >= pieces[at].offset + len(pieces[at].data):
        return b""
    return pieces[at].data[: pieces[at].repeated]


def _begins(piece: Piece) -> int:
    return piece.offset + piece.repeated


def marked(row: Unreadable, found: Format, stream: ByteStream) -> Unreadable:
    """What could not be cut into records, with what is needed to read it again."""
    torn = bool(stream.damage) and stream.damage in row.reason
    reason = with_message(row.reason, row.raw)
    return replace(row, format=found.name, part=TORN if torn else STRETCH, reason=reason)


def with_message(reason: str, raw: bytes) -> str:
    """The reason, and what the bytes say themselves where they are the error of a server, unless that is the reason."""
    said = error_said(raw)
    return f"{reason}; it says: {said}" if said and said.rstrip("…") not in reason else reason
