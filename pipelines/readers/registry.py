"""The door of the room: a dump in, chunks out (:func:`read_chunks`); a chunk in, a batch out (:func:`parse_chunk`).

``read_chunks`` runs in the process that drives and only decompresses and splits; ``parse_chunk`` is
pure and does the heavy work in any process. Bad input never stops a dump and never vanishes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa

from pipelines.readers import folders, formats, harvest_folder, streams, wacz
from pipelines.readers.answers import Answer
from pipelines.readers.archive_rest import ArchiveRest
from pipelines.readers.chunks import (
    FILE,
    HEAD,
    TORN,
    Batch,
    Chunk,
    Format,
    Piece,
    Run,
    Unreadable,
    drain,
    quarantine_table,
    unreadable,
)
from pipelines.readers.harvest_order import in_order_of_times
from pipelines.readers.looks import EMPTY_FILE, PACKAGE, look_at
from pipelines.readers.places import Place, size_of
from pipelines.readers.reading import DumpError, Reading, dump_error
from pipelines.readers.replayable import marked, replayable, with_message
from pipelines.readers.streams import ByteStream
from pipelines.readers.unknown_files import UNKNOWN, UNKNOWN_KEPT, describe
from pipelines.records import RAW_RECORDS

#: Bytes after which the progress of taking a fingerprint is told.
TOLD_EVERY: Final = 4 << 20
_NO_FILE: Final = "an archive in which there is no file"


def dump_bytes(dump: Place) -> int | None:
    """Bytes of the dump as stored: what :attr:`Chunk.bytes_read` grows up to; None where that is not known.

    Raises :class:`DumpError` where there is no such dump or the disk refuses.
    """
    total = 0
    for place, _ in dump_files(dump):
        try:
            size = size_of(place)
        except OSError as error:
            raise dump_error(dump, error) from None
        if size is None:
            return None
        total += size
    return total


def dump_files(dump: Place) -> Iterator[tuple[Place, str]]:
    """The files of a dump in the order in which they are read, each with its name relative to the dump.

    Of a folder in which pages lie they are the pages. Raises :class:`DumpError` where there is no such dump or the
    disk refuses.
    """
    try:
        if dump.is_file():
            yield dump, _text(dump.name)
        elif not dump.is_dir():
            raise DumpError(f"{dump}: no such dump")
        else:
            for place, name in folders.files_of(dump, look_at):
                yield place, _text(name)
    except OSError as error:
        raise dump_error(dump, error) from None


def read_chunks(
    dump: Place, chunk_bytes: int = 32 << 20, reading: Reading | None = None
) -> Iterator[Chunk | Unreadable]:
    """Split a dump (a file, an archive, or a folder of them) into chunks of about ``chunk_bytes``, in a fixed order.

    A chunk ends where it is full, not where the format changes: a harvest of many small files of records and of
    deletions is few chunks.

    Compression, archives and formats are recognised by content. Files of a folder come in the order
    of their names. What is in no chunk comes as :class:`Unreadable`. Memory is bounded by
    ``chunk_bytes`` and the longest record. ``reading`` is told of the bytes.

    Raises :class:`DumpError` where there is no such dump, it holds no byte, or the disk refuses.
    """
    if isinstance(dump, Path) and not dump_bytes(dump):
        raise DumpError(f"{dump}: the dump is empty")
    reading = reading or Reading()
    size = 0
    #: Files without a byte, until one comes that is none: a dump of nothing else is empty, packed or not.
    empty: list[Unreadable] | None = []
    pieces: list[tuple[str, Piece]] = []
    answers: list[Answer] = []
    for place, file in dump_files(dump):
        stream = ByteStream(reading.blocks(place, file))
        for found, part in _parts(file, stream, chunk_bytes):
            if empty is not None:
                if isinstance(part, Unreadable) and part.reason == EMPTY_FILE and not part.member:
                    empty.append(part)
                    continue
                yield from empty
                empty = None
            if isinstance(part, Unreadable):
                yield part
                continue
            if isinstance(part, Answer):
                answers.append(part)
                continue
            if pieces and size + len(part.data) > chunk_bytes:
                yield Chunk(_runs(pieces), reading.bytes_read, tuple(answers))
                pieces, answers, size = [], [], 0
            pieces.append((found, part))
            size += len(part.data)
        while stream.read(streams.BLOCK):  # what stands behind the end of an archive belongs to the file
            pass
    if empty or not reading.bytes_read:
        raise DumpError(f"{dump}: the dump is empty")
    if pieces or answers:
        yield Chunk(_runs(pieces), reading.bytes_read, tuple(answers))


def _parts(file: str, stream: ByteStream, chunk_bytes: int) -> Iterator[tuple[str, Piece | Unreadable | Answer]]:
    """The parts of one file, each with the name of its format; of an archive, those of its members."""
    rest = ArchiveRest()
    begins, has_file = stream.peek(UNKNOWN_KEPT), False
    for entry in in_order_of_times(streams.unpack(stream)):
        has_file = True
        for found, part in split_entry(file, entry, chunk_bytes):
            if not rest.skips(part):
                yield found, part
    if not has_file:
        yield "", replace(unreadable(file, "", 0, 0, _NO_FILE, begins), part=FILE)
    if rest.skipped:
        yield "", rest.answer()


def _runs(pieces: list[tuple[str, Piece]]) -> tuple[Run, ...]:
    """Pieces with the names of their formats as runs of one format, in the same order."""
    return tuple(
        Run(name, tuple(piece for _, piece in run)) for name, run in groupby(pieces, key=lambda found: found[0])
    )


def parse_chunk(chunk: Chunk) -> Batch:
    """The documents of a chunk, in order, and what of it is none. Pure: the same chunk gives the same batch."""
    batches = [_parse_run(run) for run in chunk.runs]
    if not batches:
        return Batch(RAW_RECORDS.empty_table(), quarantine_table([]))
    if len(batches) == 1:
        return batches[0]
    return Batch(
        pa.concat_tables(batch.documents for batch in batches).combine_chunks(),
        pa.concat_tables(batch.quarantined for batch in batches).combine_chunks(),
        sum((batch.other_kinds for batch in batches), Counter()),
    )


def _parse_run(run: Run) -> Batch:
    batch = formats.BY_NAME[run.format].parse(run.pieces)
    return replace(batch, quarantined=replayable(batch.quarantined, run))


def fingerprint(dump: Place, tell: Callable[[int], object] = lambda _: None) -> str:
    """The fingerprint of a dump that can be read more than once. Raises :class:`DumpError` where it cannot be read.

    ``tell`` is given the bytes that have been read so far, now and then.
    """
    reading = Reading(fingerprint=True)
    told = 0
    for place, name in dump_files(dump):
        for _ in reading.blocks(place, name):
            if reading.bytes_read - told >= TOLD_EVERY:
                told = reading.bytes_read
                tell(told)
    return reading.fingerprint


def _text(name: str) -> str:
    """A name as text, whatever bytes it has."""
    return os.fsencode(name).decode(errors="replace")


def split_entry(file: str, entry: streams.Entry, chunk_bytes: int) -> Iterator[tuple[str, Piece | Unreadable | Answer]]:
    """The parts of one file or member, each with the name of the format."""
    member, stream = entry.member, entry.stream
    if entry.refusal:
        yield "", replace(_refused(file, member, stream, entry.refusal), part=TORN)
        return
    head = stream.peek(HEAD)
    if not head:
        row = unreadable(file, member, 0, 0, stream.damage or EMPTY_FILE, b"")
        yield "", replace(row, part=TORN if stream.damage else FILE)
        return
    if harvest_folder.is_about_the_harvest(member or file, head):
        if missing := harvest_folder.what_is_missing(member or file, head):
            yield "", missing
        return
    if told := wacz.what_it_tells(member or file, head):
        yield "", Answer(0, passed_over=((told, 1),))
        return
    known = _formats_for(member or file, head)
    for one in known:
        if one is harvest_folder.FORMAT or one.recognises(head):
            for part in one.split(file, member, stream, chunk_bytes):
                yield one.name, marked(part, one, stream) if isinstance(part, Unreadable) else part
            return
    what = PACKAGE if wacz.is_package(member or file, head) else describe(head)
    reason = with_message(f"{UNKNOWN}{what}", head)
    row = _refused(file, member, stream, reason)
    yield "", replace(row, part=TORN if stream.damage else FILE)


def _formats_for(name: str, head: bytes) -> tuple[Format, ...]:
    """The formats of which a file may be, by its name."""
    if harvest_folder.holds_deletions(name):
        return (harvest_folder.FORMAT,)
    return () if wacz.is_package(name, head) else formats.FORMATS


def _refused(file: str, member: str, stream: ByteStream, reason: str) -> Unreadable:
    """A file that is not read, by its first bytes; its length is counted."""
    row = drain(file, member, stream, 0, 0, reason)
    return unreadable(file, member, 0, 0, row.reason.split(" (the first ")[0], row.raw[:UNKNOWN_KEPT], row.length)
