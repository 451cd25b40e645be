"""Streams of bytes out of files: decompressed and unpacked by what their first bytes say, never by name.

A stream that is cut off or damaged gives all that can be had and then says what is wrong with it.
"""

from __future__ import annotations

import tarfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.readers.byte_stream import BLOCK, INFLATED_BLOCK, ByteStream, DamagedError
from pipelines.readers.compressions import DAMAGE, compression_of, inflate
from pipelines.readers.zip_archives import UNSAFE_NAME, is_zip, zip_members

__all__ = ["BLOCK", "INFLATED_BLOCK", "ByteStream", "DamagedError", "Entry", "unpack"]

#: Archives within archives within archives; more than this is an attack.
DEEPEST_ARCHIVE: Final = 4


_ARCHIVE_DAMAGE: Final[tuple[type[Exception], ...]] = (tarfile.TarError, *DAMAGE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or archive member to be read. ``refusal`` says why its bytes are not records, "" where they may be."""

    member: str
    stream: ByteStream
    refusal: str = ""


def unpack(stream: ByteStream, member: str = "", depth: int = 0) -> Iterator[Entry]:
    """Each file within the stream, decompressed; archives are unpacked, also ones in compressed files or archives.

    An entry must be read before the next one is asked for. What is wrong with an archive itself is
    an entry of no bytes with a refusal.
    """
    head = stream.peek(tarfile.BLOCKSIZE)
    compression = compression_of(head)
    archived = _is_tar(head) or is_zip(head)
    if (compression or archived) and depth == DEEPEST_ARCHIVE:
        yield Entry(member, stream, f"packed more than {DEEPEST_ARCHIVE} times over")
    elif compression:
        gaps: list[int] = []
        yield from unpack(ByteStream(inflate(compression, stream.blocks(), gaps), gaps), member, depth + 1)
    elif is_zip(head):
        yield from _unpack_zip(stream, member, depth + 1)
    elif archived:
        yield from _unpack_tar(stream, member, depth + 1)
    else:
        yield Entry(member, stream)


class _StrictTarInfo(tarfile.TarInfo):
    """A header that is broken or cut off is an error, not the end of the archive as ``tarfile`` has it."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> _StrictTarInfo:
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"no header: {error}") from error


def _is_tar(head: bytes) -> bool:
    """Whether ``head`` begins with a tar header: its checksum holds (POSIX.1-1988, ustar)."""
    if len(head) < tarfile.BLOCKSIZE or not head[0]:
        return False
    try:
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


class _ForwardFile:
    """A stream as the file ``tarfile`` wants: it only goes forward, but for the one byte before where it is."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._last = b""
        self._again = b""

    def tell(self) -> int:
        return self._stream.position - len(self._again)

    def seek(self, position: int) -> None:
        if position == self._stream.position - 1:
            self._again = self._last
            return
        self._again = b""
        while (gap := position - self._stream.position) > 0 and self.read(min(gap, INFLATED_BLOCK)):
            pass

    def read(self, size: int) -> bytes:
        data = self._again + self._stream.read(size - len(self._again))
        self._again = b""
        self._last = data[-1:] or self._last
        return data


def _unpack_tar(stream: ByteStream, prefix: str, depth: int) -> Iterator[Entry]:
    """The files of an archive, and of others behind it, as ``cat`` puts them together."""
    while _is_tar(stream.peek(tarfile.BLOCKSIZE)):
        is_whole = yield from _unpack_one_tar(stream, prefix, depth)
        if not is_whole:
            return
        _pass_zeros(stream)
    if stream.peek(1):
        reason = f"behind the end of the tar archive, at byte {stream.position:,}, is something else"
        yield Entry(prefix, stream, reason)
    elif stream.damage:
        yield Entry(prefix, ByteStream(iter(())), stream.damage)


def _unpack_one_tar(stream: ByteStream, prefix: str, depth: int) -> Generator[Entry, None, bool]:
    """The files of an archive; whether its end was reached."""
    file = _ForwardFile(stream)
    said = False
    try:
        archive = tarfile.TarFile(fileobj=file, tarinfo=_StrictTarInfo, encoding="utf-8", errors="replace")  # type: ignore[arg-type]
        while header := archive.next():
            archive.members.clear()  # type: ignore[attr-defined]
            name = f"{prefix}/{header.name}" if prefix else header.name
            if header.isdir():
                continue
            if UNSAFE_NAME.search(header.name):
                yield Entry(name, ByteStream(iter(())), "a name in a tar archive that leads out of it")
                continue
            if not header.isreg() or header.issparse():
                yield Entry(name, ByteStream(iter(())), "a link, device or sparse file in an archive")
                continue
            content = ByteStream(_member_blocks(file, header, stream))
            yield from unpack(content, name, depth)
            said = bool(content.damage)
    except _ARCHIVE_DAMAGE as error:
        if not said:
            reason = stream.damage or f"the tar archive is damaged near byte {stream.position:,}: {error}"
            yield Entry(prefix, ByteStream(iter(())), reason)
        return False
    return True


def _pass_zeros(stream: ByteStream) -> None:
    """Go behind the blocks of zeros with which an archive ends, and blanks behind them."""
    while block := stream.read(BLOCK):
        if rest := block.lstrip(b"\0 \r\n"):
            stream.unread(rest)
            return


def _member_blocks(file: _ForwardFile, header: tarfile.TarInfo, stream: ByteStream) -> Iterator[bytes]:
    left = header.size
    while left:
        block = file.read(min(left, INFLATED_BLOCK))
        if not block:
            raise DamagedError(
                stream.damage or f"the tar archive is cut off, {left:,} bytes before the end of the file"
            )
        left -= len(block)
        yield block


def _unpack_zip(stream: ByteStream, prefix: str, depth: int) -> Iterator[Entry]:
    for found in zip_members(stream):
        name = f"{prefix}/{found.name}" if prefix and found.name else prefix or found.name
        if found.refusal:
            yield Entry(name, found.content, found.refusal)
        else:
            yield from unpack(found.content, name, depth)
