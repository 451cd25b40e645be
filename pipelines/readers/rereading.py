"""What was quarantined is read again: from the bytes that were kept, or from the dump where they are too few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from pipelines.readers import streams
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import (
    RECORD,
    STRETCH,
    TORN,
    Batch,
    Chunk,
    Piece,
    Run,
    Unreadable,
    quarantine_table,
)
from pipelines.readers.formats import MADE_LINES, format_called
from pipelines.readers.json_pieces import on_one_line
from pipelines.readers.places import Place
from pipelines.readers.reading import DumpError, stream_of
from pipelines.readers.registry import dump_files, parse_chunk, split_entry
from pipelines.readers.replayable import marked
from pipelines.readers.streams import BLOCK, ByteStream
from pipelines.records import RAW_RECORDS

#: Bytes of a file of no known format that are parsed at once.
CHUNK: Final = 32 << 20


#: Of a row in which an earlier version counted what it passed over in a crawl; a dump that is read again has none.
PASSED: Final = "passed"

#: What only the file itself can tell anew, or what is no part of it.
LASTING: Final = frozenset({TORN, PASSED})


def is_whole(row: Unreadable) -> bool:
    """Whether all bytes of what could not be read were kept."""
    return len(row.raw) == row.length


def read_again(row: Unreadable, stream: ByteStream | None = None) -> Iterator[Batch]:
    """What became of a row by the readers of now, in batches; nothing where it cannot be read again.

    ``stream`` are its bytes, where those that were kept are too few. The reader that refused a record reads it; a file
    that none knew goes to whichever knows it now. Where a file was torn, only the file itself can be read again; what
    only counts what was passed over has no bytes.
    """
    found = format_called(row.format)
    stream = stream or ByteStream(iter([row.raw]))
    if row.part in LASTING:
        return
    if row.part == RECORD and found:
        data = row.context + stream.read(row.length)
        line = row.line and row.line - row.context.count(b"\n")
        piece = Piece(row.file, row.member, row.offset - len(row.context), line, data, len(row.context))
        piece = on_one_line(piece) if found.name in MADE_LINES else piece
        yield parse_chunk(Chunk((Run(found.name, (piece,)),)))
    elif row.part == STRETCH and found:
        for part in found.split(row.file, row.member, stream, CHUNK):
            if not isinstance(part, Answer):
                told = marked(part, found, stream) if isinstance(part, Unreadable) else part
                yield _parsed(found.name, _moved(told, row))
    else:
        for name, part in split_entry(row.file, streams.Entry(row.member, stream), CHUNK):
            if not isinstance(part, Answer):
                yield _parsed(name, part)


def _parsed(name: str, part: Piece | Unreadable) -> Batch:
    if isinstance(part, Unreadable):
        return Batch(RAW_RECORDS.empty_table(), quarantine_table([part]))
    return parse_chunk(Chunk((Run(name, (part,)),)))


def _moved(part: Piece | Unreadable, row: Unreadable) -> Piece | Unreadable:
    """What was found within a stretch, with its place in the file."""
    line = part.line + row.line - 1 if part.line and row.line else part.line
    return replace(part, offset=part.offset + row.offset, line=line)


def originals(
    dump: Place, rows: Sequence[tuple[int, Unreadable]], fetch: Callable[[int], Unreadable]
) -> Iterator[tuple[int, Unreadable, ByteStream]]:
    """Those of the ``rows`` (in the order of files) that still stand in the dump as they did, each with its bytes.

    Each row comes with its number, under which ``fetch`` gets it with the bytes that were kept, one at a time.

    Each file is read once. A stream must be read before the next one is asked for. Where the dump is gone, what
    stands at a place begins otherwise than it did, or nothing was kept to tell it by, there is nothing.
    """
    wanted = {file: list(group) for file, group in groupby(rows, lambda row: row[1].file)}
    try:
        for path, name in dump_files(dump):
            if name in wanted:
                yield from _within(streams.unpack(stream_of(path)), wanted[name], fetch)
    except DumpError:
        return


def _within(
    entries: Iterable[streams.Entry], rows: list[tuple[int, Unreadable]], fetch: Callable[[int], Unreadable]
) -> Iterator[tuple[int, Unreadable, ByteStream]]:
    members = {row.member for _, row in rows}
    for entry in entries:
        if entry.member not in members or entry.refusal:
            continue
        here = [(number, row.offset) for number, row in rows if row.member == entry.member]
        for number, offset in sorted(here, key=lambda place: place[1]):
            for _ in _bounded(entry.stream, offset - entry.stream.position):
                pass
            if entry.stream.position != offset:
                continue
            row = fetch(number)
            if row.raw and entry.stream.peek(len(row.raw)).startswith(row.raw):
                rest = _bounded(entry.stream, row.length)
                yield number, row, ByteStream(rest)
                for _ in rest:
                    pass


def _bounded(stream: ByteStream, size: int) -> Iterator[bytes]:
    """The next ``size`` bytes of a stream, block by block."""
    while size > 0 and (block := stream.read(min(size, BLOCK))):
        size -= len(block)
        yield block
