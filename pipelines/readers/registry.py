"""The door of the room: a dump in, chunks out (:func:`read_chunks`); a chunk in, a batch out (:func:`parse_chunk`).

``read_chunks`` runs in the process that drives and only decompresses and splits; ``parse_chunk`` is
pure and does the heavy work in any process. Bad input never stops a dump and never vanishes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from pipelines.readers import (
    harvest_folder,
    json_lines,
    marc21,
    marcxml,
    oai_pmh,
    page_html,
    page_text,
    rest_api,
    solr_csv,
    solr_json,
    solr_xml,
    streams,
)
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Batch, Chunk, Format, Piece, Unreadable, drain, unreadable
from pipelines.readers.streams import ByteStream

#: Every format a dump may have; the first that recognises a file reads it.
FORMATS: Final[tuple[Format, ...]] = (
    rest_api.FORMAT,
    json_lines.FORMAT,
    solr_json.FORMAT,
    solr_xml.FORMAT,
    solr_csv.FORMAT,
    oai_pmh.FORMAT,
    marc21.FORMAT,
    marcxml.FORMAT,
    page_html.FORMAT,
    page_text.FORMAT,
)

#: Formats whose files are parts of a dump: pages of a catalogue, answers to one request after another.
PAGE_FORMATS: Final[tuple[Format, ...]] = (page_text.FORMAT, rest_api.FORMAT, oai_pmh.FORMAT)

#: Goes up when a reader reads the same bytes differently.
READERS_VERSION: Final = 3

#: Formats are recognised by this many bytes.
HEAD: Final = 1 << 20

#: The beginning of a file of no known format is kept, not the file.
UNKNOWN_KEPT: Final = 4096

_KNOWN_MAGIC: Final = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"<?xml", "XML"),
)

#: Version 2, a map or a named list, and the name of the first thing in an answer (Solr's ``JavaBinCodec``).
_JAVABIN: Final = re.compile(rb"\x02[\xa0-\xdf](?:\xe0)?.?(?:responseHeader|response|params|docsMap)", re.DOTALL)


class DumpError(Exception):
    """The dump as a whole cannot be read: there is none, it is empty, or the disk refuses."""


def dump_bytes(dump: Path) -> int:
    """Bytes of the dump as stored on disk: what :attr:`Chunk.bytes_read` grows up to.

    Raises :class:`DumpError` where there is no such dump or the disk refuses.
    """
    try:
        return sum(path.stat().st_size for path in _files(dump))
    except OSError as error:
        raise DumpError(f"{dump}: {error.strerror}") from error


def dump_files(dump: Path) -> Iterator[tuple[Path, str]]:
    """The files of a dump in the order in which they are read, each with its name relative to the dump.

    Raises :class:`DumpError` where there is no such dump or the disk refuses.
    """
    for path in _files(dump):
        yield path, _relative_name(dump, path)


def is_page(path: Path) -> bool:
    """Whether a file is one of many that are a dump together: a record page, an answer of an API, a harvested record.

    By its beginning, or by the name that VuFind's harvester gives it. Raises OSError where it cannot be read.
    """
    if harvest_folder.is_harvested(path.name):
        return True
    entries = streams.unpack(ByteStream(_Progress().blocks(path)))
    heads = [entry.stream.peek(HEAD) for entry in islice(entries, 1) if not entry.refusal]
    return any(
        any(one.recognises(head) for one in PAGE_FORMATS) or page_html.FORMAT.shows_record(head) for head in heads
    )


def read_chunks(dump: Path, chunk_bytes: int = 32 << 20) -> Iterator[Chunk | Unreadable]:
    """Split a dump (a file, an archive, or a folder of them) into chunks of about ``chunk_bytes``, in a fixed order.

    Compression, archives and formats are recognised by content. Files of a folder come in the order
    of their names. What is in no chunk comes as :class:`Unreadable`. Memory is bounded by
    ``chunk_bytes`` and the longest record.

    Raises :class:`DumpError` where there is no such dump, it holds no byte, or the disk refuses.
    """
    if not dump_bytes(dump):
        raise DumpError(f"{dump}: the dump is empty")
    progress = _Progress()
    name, size = "", 0
    pieces: list[Piece] = []
    answers: list[Answer] = []
    for path in _files(dump):
        file = _relative_name(dump, path)
        for entry in streams.unpack(ByteStream(progress.blocks(path))):
            for found, part in _split(file, entry, chunk_bytes):
                if isinstance(part, Unreadable):
                    yield part
                    continue
                if isinstance(part, Answer):
                    answers.append(part)
                    continue
                if pieces and (found != name or size + len(part.data) > chunk_bytes):
                    yield Chunk(name, tuple(pieces), progress.bytes_read, tuple(answers))
                    pieces, answers, size = [], [], 0
                name = found
                pieces.append(part)
                size += len(part.data)
    if pieces:
        yield Chunk(name, tuple(pieces), progress.bytes_read, tuple(answers))


def parse_chunk(chunk: Chunk) -> Batch:
    """The documents of a chunk, in order, and what of it is none. Pure: the same chunk gives the same batch."""
    return _BY_NAME[chunk.format].parse(chunk.pieces)


_BY_NAME: Final = {one.name: one for one in (*FORMATS, harvest_folder.FORMAT)}


class _Progress:
    """Counts the bytes read of a dump."""

    def __init__(self) -> None:
        self.bytes_read = 0

    def blocks(self, path: Path) -> Iterator[bytes]:
        try:
            with path.open("rb", buffering=0) as opened:
                while block := opened.read(streams.BLOCK):
                    self.bytes_read += len(block)
                    yield block
        except OSError as error:
            raise DumpError(f"{path}: {error.strerror}") from error


def _relative_name(dump: Path, path: Path) -> str:
    return os.fsencode(path.name if path == dump else path.relative_to(dump).as_posix()).decode(errors="replace")


def _files(dump: Path) -> Iterator[Path]:
    """The files of a dump, by name; a link to a folder is not followed, so that no folder is read twice."""
    if dump.is_file():
        yield dump
    elif not dump.is_dir():
        raise DumpError(f"{dump}: no such dump")
    else:
        try:
            entries = sorted(os.scandir(dump), key=lambda entry: entry.name)
        except OSError as error:
            raise DumpError(f"{dump}: {error.strerror}") from error
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path))
            elif entry.is_file():
                yield Path(entry.path)


def _split(file: str, entry: streams.Entry, chunk_bytes: int) -> Iterator[tuple[str, Piece | Unreadable | Answer]]:
    """The parts of one file or member, each with the name of the format."""
    member, stream = entry.member, entry.stream
    if entry.refusal:
        yield "", _refused(file, member, stream, entry.refusal)
        return
    head = stream.peek(min(HEAD, chunk_bytes))
    if not head:
        yield "", unreadable(file, member, 0, 0, stream.damage or "an empty file", b"")
        return
    if harvest_folder.is_about_the_harvest(member or file, head):
        if missing := harvest_folder.what_is_missing(member or file, head):
            yield "", missing
        return
    known = (harvest_folder.FORMAT,) if harvest_folder.holds_deletions(member or file) else FORMATS
    for one in known:
        if one is harvest_folder.FORMAT or one.recognises(head):
            for part in one.split(file, member, stream, chunk_bytes):
                yield one.name, part
            return
    yield "", _refused(file, member, stream, f"not a known format: {_describe(head)}")


def _refused(file: str, member: str, stream: ByteStream, reason: str) -> Unreadable:
    """A file that is not read, by its first bytes; its length is counted."""
    row = drain(file, member, stream, 0, 0, reason)
    return unreadable(file, member, 0, 0, row.reason.split(" (the first ")[0], row.raw[:UNKNOWN_KEPT], row.length)


def _describe(head: bytes) -> str:
    """What a file of no known format seems to be, for the person who has to look at it."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in _KNOWN_MAGIC:
        if start.startswith(magic):
            return kind
    if len(head) > 24 and head[:5].isdigit() and head[20:22] == b"45":
        return "MARC 21"
    if _JAVABIN.match(head):
        return "Solr's javabin, which only Solr reads: export it as JSON (wt=json)"
    if b"\0" in head[:UNKNOWN_KEPT]:
        return "binary data"
    return f"text that begins with {start[:40].decode(errors='replace')!r}"
