"""The files of a harvest in an archive, in the order of their names, as a folder has them.

An archive holds them in whatever order the disk had, so that a deletion could come before the record that it ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Final

from pipelines.readers.byte_stream import BLOCK, ByteStream, DamagedError
from pipelines.readers.harvest_folder import has_time
from pipelines.readers.reading import DumpError
from pipelines.readers.streams import Entry

#: Members are held in memory up to this many bytes, beyond it on disk.
_IN_MEMORY: Final = 32 << 20


def in_order_of_times(entries: Iterator[Entry]) -> Iterator[Entry]:
    """The entries of a file; members that the harvester named with a time come last, in the order of their names.

    Of two with one name the later stays the later. Raises :class:`DumpError` where the disk has no room for them.
    """
    held: list[tuple[list[str], int, int, str]] = []
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        for entry in entries:
            if entry.refusal or not entry.member or not has_time(entry.member):
                yield entry
                continue
            begins = file.tell()
            try:
                while block := entry.stream.read(BLOCK):
                    file.write(block)
            except OSError as error:
                raise DumpError(f"{entry.member}: cannot be held on disk: {error.strerror or error}") from None
            held.append((entry.member.split("/"), begins, file.tell() - begins, entry.stream.damage))
        for path, begins, length, damage in sorted(held, key=lambda member: member[0]):
            yield Entry("/".join(path), ByteStream(_blocks(file, begins, length, damage)))


def _blocks(file: IO[bytes], begins: int, length: int, damage: str) -> Iterator[bytes]:
    file.seek(begins)
    while length:
        block = file.read(min(length, BLOCK))
        length -= len(block)
        yield block
    if damage:
        raise DamagedError(damage)
