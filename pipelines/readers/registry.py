"""The door of the room: a dump in, chunks out (:func:`read_chunks`); a chunk in, a batch out (:func:`parse_chunk`).

``read_chunks`` runs in the process that drives and only decompresses and splits; ``parse_chunk`` is
pure and does the heavy work in any process. Bad input never stops a dump and never vanishes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa

from pipelines.readers import (
    europe_pmc,
    folders,
    harvest_folder,
    jats,
    json_lines,
    marc21,
    marcxml,
    medline_text,
    oai_pmh,
    page_html,
    page_rows,
    page_text,
    pubmed_xml,
    rest_api,
    solr_csv,
    solr_json,
    solr_pages,
    solr_xml,
    streams,
    warc,
)
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import (
    FILE,
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
from pipelines.readers.folders import Kind, Look
from pipelines.readers.harvest_order import in_order_of_times
from pipelines.readers.places import Place, PlaceError, size_of
from pipelines.readers.reading import DumpError, Reading, stream_of
from pipelines.readers.replayable import marked, replayable, with_message
from pipelines.readers.streams import ByteStream
from pipelines.readers.unknown_files import UNKNOWN_KEPT, describe
from pipelines.records import RAW_RECORDS

#: Every format a dump may have; the first that recognises a file reads it.
FORMATS: Final[tuple[Format, ...]] = (
    rest_api.FORMAT,
    europe_pmc.FORMAT,
    page_rows.FORMAT,
    page_rows.PARQUET,
    json_lines.FORMAT,
    solr_json.FORMAT,
    solr_xml.FORMAT,
    solr_csv.FORMAT,
    oai_pmh.FORMAT,
    marc21.FORMAT,
    marcxml.FORMAT,
    pubmed_xml.FORMAT,
    jats.FORMAT,
    medline_text.FORMAT,
    warc.FORMAT,
    page_html.FORMAT,
    page_text.FORMAT,
)

#: Formats whose files are parts of a dump: pages of a catalogue, answers to one request after another, articles.
PAGE_FORMATS: Final[tuple[Format, ...]] = (
    page_text.FORMAT,
    rest_api.FORMAT,
    oai_pmh.FORMAT,
    jats.FORMAT,
    europe_pmc.FORMAT,
)

#: Goes up when a reader reads the same bytes differently.
READERS_VERSION: Final = 5

#: Formats are recognised by this many bytes.
HEAD: Final = 1 << 20

#: What is wrong with a file that has no byte.
EMPTY_FILE: Final = "an empty file"

#: Bytes after which the progress of taking a fingerprint is told.
TOLD_EVERY: Final = 4 << 20


def dump_bytes(dump: Place) -> int | None:
    """Bytes of the dump as stored: what :attr:`Chunk.bytes_read` grows up to; None where that is not known.

    Raises :class:`DumpError` where there is no such dump or the disk refuses.
    """
    total = 0
    for place, _ in dump_files(dump):
        try:
            size = size_of(place)
        except OSError as error:
            raise DumpError(f"{dump}: {error.strerror or error}") from None
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
        raise DumpError(f"{dump}: {error.strerror or error}") from None


def look_at(place: Place) -> Look:
    """What a file in a folder seems to be, by its beginning; the ids of deleted records by their file's name alone.

    MARCXML is a dump, and a page where VuFind's harvester gave the file its name. Raises OSError where it cannot be
    read.
    """
    if not isinstance(place, Path):
        return _look(place)
    stat = place.stat()
    return _look_at_path(place, stat.st_ino, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4096)
def _look_at_path(path: Path, inode: int, size: int, changed: int) -> Look:
    """A folder is gone through before, while and after it is read, and a file that has not changed looks the same."""
    return _look(path)


def _look(place: Place) -> Look:
    if harvest_folder.holds_deletions(place.name):
        return Look(Kind.PERHAPS_PAGE)
    harvested = harvest_folder.is_harvested(place.name)
    size = size_of(place)
    try:
        entry = next(streams.unpack(stream_of(place)), None)
        head = entry.stream.peek(HEAD) if entry else b""
    except DumpError as error:
        raise PlaceError(str(error)) from None
    if entry is None or entry.refusal or entry.member:
        return Look(Kind.PERHAPS_PAGE if harvested and not head else Kind.DUMP)
    kind = _kind_of_known(head, entry.stream, size, harvested=harvested)
    return Look(kind) if kind else _look_at_unknown(place.name, head, entry.stream.damage, harvested=harvested)


def _kind_of_known(head: bytes, stream: ByteStream, size: int | None, *, harvested: bool) -> Kind | None:
    """The kind of a file by its format; None where that is not known."""
    if size is not None and size <= folders.LARGEST_PAGE:
        pages = (*PAGE_FORMATS, marcxml.FORMAT) if harvested else PAGE_FORMATS
        if any(one.recognises(head) for one in pages) or page_html.FORMAT.shows_record(head):
            return Kind.PAGE
        if page_html.FORMAT.recognises(head):
            return Kind.PERHAPS_PAGE
    known = next((one for one in FORMATS if one.recognises(head)), None)
    if known in solr_pages.FORMATS and size is not None and size <= solr_pages.LARGEST_PAGE:
        return solr_pages.kind_of_answer(known, stream)
    return Kind.DUMP if known else None


def _look_at_unknown(name: str, head: bytes, damage: str, *, harvested: bool) -> Look:
    """What a file of no known format is, or one that holds nothing."""
    if harvest_folder.is_about_the_harvest(name, head):
        return Look(Kind.NOTE, "a note of VuFind's harvester")
    if harvested and not head:
        return Look(Kind.PERHAPS_PAGE)
    if damage:
        return Look(Kind.BROKEN, damage)
    return Look(Kind.OTHER, describe(head) if head else EMPTY_FILE)


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
        for entry in in_order_of_times(streams.unpack(stream)):
            for found, part in split_entry(file, entry, chunk_bytes):
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
    )


def _parse_run(run: Run) -> Batch:
    batch = _BY_NAME[run.format].parse(run.pieces)
    return Batch(batch.documents, replayable(batch.quarantined, run))


_BY_NAME: Final = {one.name: one for one in (*FORMATS, harvest_folder.FORMAT)}


def format_called(name: str) -> Format | None:
    """The format of a name, ``None`` where there is none (any more)."""
    return _BY_NAME.get(name)


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
    head = stream.peek(min(HEAD, chunk_bytes))
    if not head:
        row = unreadable(file, member, 0, 0, stream.damage or EMPTY_FILE, b"")
        yield "", replace(row, part=TORN if stream.damage else FILE)
        return
    if harvest_folder.is_about_the_harvest(member or file, head):
        if missing := harvest_folder.what_is_missing(member or file, head):
            yield "", missing
        return
    known = (harvest_folder.FORMAT,) if harvest_folder.holds_deletions(member or file) else FORMATS
    for one in known:
        if one is harvest_folder.FORMAT or one.recognises(head):
            for part in one.split(file, member, stream, chunk_bytes):
                yield one.name, marked(part, one, stream) if isinstance(part, Unreadable) else part
            return
    reason = with_message(f"not a known format: {describe(head)}", head)
    row = _refused(file, member, stream, reason)
    yield "", replace(row, part=TORN if stream.damage else FILE)


def _refused(file: str, member: str, stream: ByteStream, reason: str) -> Unreadable:
    """A file that is not read, by its first bytes; its length is counted."""
    row = drain(file, member, stream, 0, 0, reason)
    return unreadable(file, member, 0, 0, row.reason.split(" (the first ")[0], row.raw[:UNKNOWN_KEPT], row.length)
