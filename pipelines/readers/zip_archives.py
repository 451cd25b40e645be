"""ZIP archives as streams: members one after another, by their own headers (PKWARE's APPNOTE.TXT 6.3.10, section 4.3).

The directory at the end of an archive is not used, so that an archive within a stream needs no room
to be kept whole; what it says is of members that have been read. Names lead nowhere, since nothing is
written to disk; one that would leave the archive's folder is refused all the same, for what else is in
such an archive is not meant well.
"""

from __future__ import annotations

import bz2
import re
import struct
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from backports import zstd
from isal import igzip_lib

from pipelines.readers.byte_stream import BLOCK, INFLATED_BLOCK, ByteStream, DamagedError

_MEMBER: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_DESCRIPTOR: Final = b"PK\x07\x08"
_HEADER: Final = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _DESCRIBED_AFTER, _UTF8, _HIDDEN = 1 << 0, 1 << 3, 1 << 11, 1 << 13
_ZIP64: Final = 0xFFFFFFFF
#: The parts of a directory (4.3.11 to 4.3.16): what of each is of one length, and says how much more follows.
_PARTS: Final = {
    b"PK\x01\x02": struct.Struct("<28x3H12x"),
    b"PK\x06\x08": struct.Struct("<4xL"),
    b"PK\x05\x05": struct.Struct("<4xH"),
    b"PK\x06\x06": struct.Struct("<4xQ"),
    b"PK\x06\x07": struct.Struct("<20x"),
    _END: struct.Struct("<20xH"),
}
#: What some programs write behind an archive.
_PADDING: Final = b"\0 \r\n"

#: A member that is inflated to more than ``_MUCH`` bytes, and to more than ``_MOST_RATIO`` times its size, is a
#: bomb: catalogues are packed to a tenth or a thirtieth.
_MUCH: Final = 64 << 20
_MOST_RATIO: Final = 250
#: No member is larger; larger dumps come in parts.
_LARGEST: Final = 1 << 40

_STORED: Final = 0
_METHODS: Final[dict[int, Callable[[], Any]]] = {
    8: lambda: igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE),
    12: bz2.BZ2Decompressor,
    93: zstd.ZstdDecompressor,
}
# isal's stub declares an instance where the class is.
_ISAL_ERROR: Final = cast("type[Exception]", igzip_lib.IsalError)
_DAMAGE: Final[tuple[type[Exception], ...]] = (_ISAL_ERROR, zstd.ZstdError, OSError, EOFError, ValueError)
#: Names that lead out of the archive: absolute ones, and those with `..` in them.
UNSAFE_NAME: Final = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")
#: The first member of office documents and e-books, which are ZIP archives too.
_OFFICE: Final = re.compile(r"\[Content_Types\]\.xml|mimetype|META-INF/MANIFEST\.MF")


@dataclass(frozen=True, slots=True)
class ZipMember:
    """A member: its name, its bytes; where ``refusal`` says why it is not read, its bytes as they are packed."""

    name: str
    content: ByteStream
    refusal: str = ""


def is_zip(head: bytes) -> bool:
    """Whether a stream that begins with ``head`` is a ZIP archive, of members or of none."""
    return head.startswith((_MEMBER, _END))


def zip_members(stream: ByteStream) -> Iterator[ZipMember]:
    """The members of an archive, in the order of their bytes, and of others behind it, as ``cat`` puts them together;
    what is wrong with an archive is one without name.

    What is left unread of a member when the next is asked for is skipped.
    """
    while (yield from _members_of_one(stream)):
        if stream.peek(4)[:4] != _MEMBER:
            break
    else:
        return
    while (rest := stream.read(BLOCK)) and not rest.strip(_PADDING):
        pass
    if rest:
        place = stream.position - len(rest)
        stream.unread(rest)
        yield ZipMember("", stream, f"behind the end of the zip archive, at byte {place:,}, is something else")
    elif stream.damage:
        yield ZipMember("", stream, stream.damage)


def _members_of_one(stream: ByteStream) -> Generator[ZipMember, None, bool]:
    """Those of one archive; whether its end was reached."""
    first = True
    while stream.peek(4)[:4] == _MEMBER:
        header = _read_header(stream)
        if header is None:
            yield _trouble(stream, "the zip archive is cut off in the header of a file")
            return False
        if first and _OFFICE.fullmatch(header.name):
            yield ZipMember("", stream, "not a known format: an office document, e-book or program in a ZIP archive")
            return False
        first = False
        refusal = header.refusal()
        if not header.has_end():
            yield ZipMember(header.name, stream, refusal or "a file in a ZIP archive that does not say how long it is")
            return False
        content = _Content(stream, header)
        blocks = ByteStream(content.packed() if refusal else content.inflated())
        if refusal or not header.name.endswith("/"):
            yield ZipMember(header.name, blocks, refusal)
        while blocks.read(INFLATED_BLOCK):
            pass
        if blocks.damage and not content.skip():
            return False
    reason = ""
    if stream.peek(4)[:4] not in _PARTS:
        reason = "the zip archive is cut off, or damaged before its directory"
    elif not _pass_directory(stream):
        reason = "the zip archive is cut off in its directory"
    if reason:
        yield _trouble(stream, reason)
    return not reason


def _pass_directory(stream: ByteStream) -> bool:
    """Go behind the directory and its end, which may have a comment; whether there is one. It may be damaged."""
    while (form := _PARTS.get(sign := stream.peek(4)[:4])) is not None:
        fixed = stream.read(form.size)
        left = sum(form.unpack(fixed)) if len(fixed) == form.size else 0
        while left > 0 and (block := stream.read(min(left, BLOCK))):
            left -= len(block)
        if sign == _END:
            return True
    while len(window := stream.peek(INFLATED_BLOCK)) >= len(_END):
        if (place := window.find(_END)) >= 0:
            stream.read(place)
            return _pass_directory(stream)
        stream.read(len(window) - len(_END) + 1)
    return False


def _trouble(stream: ByteStream, reason: str) -> ZipMember:
    return ZipMember("", stream, stream.damage or f"{reason}, near byte {stream.position:,}")


@dataclass(frozen=True, slots=True)
class _Header:
    """A member's own header; sizes are 0 where they are only said after the member."""

    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    zip64: bool

    @property
    def described_after(self) -> bool:
        return bool(self.flags & _DESCRIBED_AFTER)

    def refusal(self) -> str:
        if UNSAFE_NAME.search(self.name):
            return "a name in a ZIP archive that leads out of it"
        if self.flags & (_ENCRYPTED | _HIDDEN):
            return "an encrypted file in a ZIP archive"
        if self.method != _STORED and self.method not in _METHODS:
            return f"a file in a ZIP archive packed in a way that is not read (method {self.method})"
        if self.size > _LARGEST:
            return f"a file in a ZIP archive of more than {_LARGEST:,} bytes"
        return ""

    def has_end(self) -> bool:
        """Whether its end can be told: by its size, or by what it is packed in."""
        return not self.described_after or self.packed > 0 or (not self.flags & _ENCRYPTED and self.method in _METHODS)


def _read_header(stream: ByteStream) -> _Header | None:
    fixed = stream.read(_HEADER.size)
    if len(fixed) < _HEADER.size:
        return None
    _, _, flags, method, _, _, checksum, packed, size, name_length, extra_length = _HEADER.unpack(fixed)
    name, extra = stream.read(name_length), stream.read(extra_length)
    if len(name) < name_length or len(extra) < extra_length:
        return None
    zip64 = False
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == 1 and length >= 16 and len(extra) >= 20:
            zip64 = True
            if _ZIP64 in (packed, size):
                size, packed = struct.unpack_from("<2Q", extra, 4)
        extra = extra[4 + length :]
    text = name.decode("utf-8" if flags & _UTF8 else "cp437", errors="replace")
    return _Header(text, flags, method, checksum, packed, size, zip64)


class _Content:
    """The bytes of one member, packed or inflated."""

    def __init__(self, stream: ByteStream, header: _Header) -> None:
        self._stream, self._header = stream, header
        self._left = header.packed
        self._described = header.described_after and not header.packed
        #: Whether what stands after the member has been read, so that the next one begins here.
        self._is_past = False

    def packed(self) -> Iterator[bytes]:
        """The bytes as they are in the archive; for a member without a size, those that it is inflated to."""
        if self._described:
            yield from self.inflated()
            return
        while block := self._stream.read(min(self._left, BLOCK)):
            self._left -= len(block)
            yield block
        if self._left:
            raise self._cut()
        self._skip_descriptor()

    def inflated(self) -> Iterator[bytes]:
        """The bytes of the file; raises :class:`DamagedError` where size or checksum are not those of the header."""
        checksum = size = 0
        stored = self._header.method == _STORED
        for block in self.packed() if stored else self._decompressed():
            checksum = zlib.crc32(block, checksum)
            size += len(block)
            yield block
        expected, length = self._header.checksum, self._header.size
        if not stored:
            described = self._skip_descriptor()
            expected, length = described or (expected, length)
        if (checksum, size) != (expected, length):
            raise DamagedError(
                "a file in the zip archive is damaged: its checksum or size is not what the archive says"
            )

    def skip(self) -> bool:
        """Go on to the end of a damaged member; whether its end is known."""
        if self._is_past:
            return True
        if self._described:
            return False
        while block := self._stream.read(min(self._left, BLOCK)):
            self._left -= len(block)
        if self._left:
            return False
        try:
            self._skip_descriptor()
        except DamagedError:
            # The archive ends in it, as the member's damage says.
            return False
        return True

    def _cut(self) -> DamagedError:
        return DamagedError(self._stream.damage or "the zip archive is cut off within a file")

    def _take(self) -> bytes:
        """The next packed bytes; of a member without a size also what follows it."""
        if self._described:
            return self._stream.peek(1)[:BLOCK]
        return self._stream.peek(1)[: min(self._left, BLOCK)]

    def _decompressed(self) -> Iterator[bytes]:
        decompressor = _METHODS[self._header.method]()
        taken = size = 0
        try:
            while not decompressor.eof:
                data = b""
                if decompressor.needs_input:
                    data = self._take()
                    if not data:
                        raise self._cut()
                    self._stream.read(len(data))
                    self._left -= len(data)
                    taken += len(data)
                block = decompressor.decompress(data, INFLATED_BLOCK)
                size += len(block)
                if size > _LARGEST or (size > _MUCH and size > _MOST_RATIO * taken):
                    raise DamagedError(f"a file in the zip archive grows to {size:,} bytes out of {taken:,}: a bomb")
                yield block
        except _DAMAGE as error:
            raise DamagedError(f"a file in the zip archive is damaged after byte {size:,}: {error}") from error
        unused = decompressor.unused_data
        self._stream.unread(unused)
        self._left += len(unused)
        if not self._described and self._left:
            raise DamagedError("a file in the zip archive is damaged: it ends before its size")

    def _skip_descriptor(self) -> tuple[int, int] | None:
        """What stands after a member: its checksum and size, with or without a signature, where its flags say so."""
        if not self._header.described_after or self._is_past:
            return None
        signed = self._stream.peek(4)[:4] == _DESCRIPTOR
        form = "<4x" * signed + ("<L2Q" if self._header.zip64 else "<L2L").lstrip("<" if signed else "")
        data = self._stream.read(struct.calcsize(form))
        if len(data) < struct.calcsize(form):
            raise self._cut()
        self._is_past = True
        checksum, _, size = struct.unpack(form, data)
        return checksum, size
