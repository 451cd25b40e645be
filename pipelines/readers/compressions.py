"""Bytes as they were before they were packed: gzip, zstd, bzip2 and xz.

Magic numbers: RFC 1952 (gzip), RFC 8878 (Zstandard), the bzip2 and .xz file format descriptions.
"""

from __future__ import annotations

import bz2
import lzma
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

from backports import zstd
from isal import igzip_lib

from pipelines.readers.byte_stream import INFLATED_BLOCK, DamagedError


class _Decompressor(Protocol):
    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Compression:
    """A way to pack bytes: its name, how packed bytes begin, and what inflates one member of them."""

    name: str
    magic: tuple[bytes, ...]
    open: Callable[[], Any]


_GZIP: Final = Compression("gzip", (b"\x1f\x8b\x08",), lambda: igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP))
_COMPRESSIONS: Final = (
    _GZIP,
    Compression(
        "zstd",
        (b"\x28\xb5\x2f\xfd", *(bytes([low, 0x2A, 0x4D, 0x18]) for low in range(0x50, 0x60))),
        zstd.ZstdDecompressor,
    ),
    # A block, or the end at once where there is none.
    Compression(
        "bzip2",
        tuple(b"BZh%d%b" % (level, block) for level in range(1, 10) for block in (b"1AY&SY", b"\x17rE8P\x90")),
        bz2.BZ2Decompressor,
    ),
    Compression("xz", (b"\xfd7zXZ\x00",), lzma.LZMADecompressor),
)
# isal's stub declares an instance where the class is.
_ISAL_ERROR: Final = cast("type[Exception]", igzip_lib.IsalError)
#: What says that packed bytes are damaged.
DAMAGE: Final[tuple[type[Exception], ...]] = (
    _ISAL_ERROR,
    zstd.ZstdError,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
)
#: What decompressors call a sum that is not that of the data.
_CHECKSUM: Final = re.compile(r"checksum|crc", re.IGNORECASE)
#: Bytes of the checksum and length that end a member of gzip (RFC 1952); the checksum of a zstd frame has four.
_TRAILER: Final = 8

#: How a member begins that a record of WARC has for itself, and how many packed bytes are enough to see it.
_WARC_RECORD: Final = b"WARC/"
_ENOUGH: Final = 1 << 10
#: How WARC itself begins, how many bytes of it are looked at, and how many packed ones hold these: of more, damage
#: among them would lose them all.
_FIRST: Final = 64
_A_FEW: Final = 256
_BEGINS_RECORDS: Final = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*" + _WARC_RECORD)
#: Packed bytes of a member that are held. A block of deflate that is stored has at most 64 KiB, and so has a field of
#: a header of gzip, but for a name, which ends with a zero.
_HELD: Final = 1 << 18
#: What stands between two records of WARC: a record that is cut off within a line hides no other.
BETWEEN_RECORDS: Final = b"\r\n\r\n"


def compression_of(head: bytes) -> Compression | None:
    """How bytes that begin so are packed; None where they are not."""
    return next((one for one in _COMPRESSIONS if head.startswith(one.magic)), None)


def inflate(compression: Compression, blocks: Iterator[bytes], gaps: list[int]) -> Iterator[bytes]:
    """Decompressed blocks; files of several members or frames are one, zero padding between them is skipped.

    Behind a member that is damaged it goes on where records of WARC have a member each (ISO 28500, Annex D), and adds
    the place to ``gaps``. Raises :class:`DamagedError` at the end of damaged data, also where it could go on.
    """
    members = _Members(compression, _trailer_apart(blocks))
    damages: list[str] = []
    while True:
        try:
            yield from members.inflated()
            break
        except DamagedError as damage:
            damages.append(str(damage))
        except DAMAGE as error:
            damages.append(f"{compression.name} data is damaged {members.where(error)}: {error}")
        if compression is not _GZIP or not members.may_be_records or not members.go_on():
            break
        gaps.append(members.size)
        members.size += len(BETWEEN_RECORDS)
        yield BETWEEN_RECORDS
    if damages:
        more = f" (the first of {len(damages):,} places)" if len(damages) > 1 else ""
        raise DamagedError(damages[0] + more)


@dataclass(slots=True)
class _Members:
    """Walks packed blocks once; ``size`` counts the inflated bytes, ``begins`` are the first of them.

    ``member_at`` is how many of them come before the member at hand.

    ``at_hand`` are packed bytes of the member at hand, from its start on if that ``begins_here``, else the last of
    them. Where it is damaged it may have taken what follows for its own, up to 64 KiB at once.
    """

    compression: Compression
    blocks: Iterator[bytes]
    size: int = 0
    member_at: int = 0
    at_hand: bytes = b""
    begins_here: bool = False
    decompressor: _Decompressor | None = field(default=None)
    begins: bytes = b""

    @property
    def may_be_records(self) -> bool:
        """Whether what is inflated is WARC, or nothing can be: anything else may hold packed records of a crawl within.

        What was inflated just before the damage may have been lost with it.
        """
        begins = self.begins or _inflated(self.at_hand[:_A_FEW], _FIRST)
        return not begins or _BEGINS_RECORDS.match(begins) is not None

    def where(self, error: Exception) -> str:
        """Where damage is: a wrong checksum only tells that what stands before it is not what it was."""
        # Of xz it is never told whether it was the checksum.
        is_checksum = isinstance(error, lzma.LZMAError) or _CHECKSUM.search(str(error))
        if self.size > self.member_at and is_checksum:
            return f"between bytes {self.member_at:,} and {self.size:,}, any of which may have been read wrong"
        return f"after byte {self.size:,}"

    def inflated(self) -> Iterator[bytes]:
        """The bytes of the members, block by block. Raises one of ``DAMAGE``, or :class:`DamagedError` at the end."""
        broken = ""
        data = self.at_hand
        while True:
            while data or (self.decompressor and not self.decompressor.needs_input):
                if self.decompressor is None:
                    data = data.lstrip(b"\0")
                    if not data:
                        break
                    self.decompressor = self._begun(data)
                out = self.decompressor.decompress(data, INFLATED_BLOCK)
                data = b""
                self.size += len(out)
                if len(self.begins) < _FIRST:
                    self.begins += out[: _FIRST - len(self.begins)]
                yield out
                if self.decompressor.eof:
                    data, self.decompressor = self.decompressor.unused_data, None
            try:
                data = next(self.blocks, b"")
            except DamagedError as damage:
                broken, data = str(damage), b""
            if not data:
                break
            if self.decompressor is None or (self.begins and not self.may_be_records):
                self.at_hand, self.begins_here = data, False
            else:
                self.begins_here &= len(self.at_hand) <= _HELD
                self.at_hand = self.at_hand[-_HELD:] + data
        if broken:
            raise DamagedError(broken)
        if self.decompressor is not None:
            raise DamagedError(f"{self.compression.name} data is cut off after byte {self.size:,}")

    def _begun(self, data: bytes) -> _Decompressor:
        """A decompressor for the member that begins here; what follows the last one may be something else."""
        self.at_hand, self.begins_here, self.member_at = data, True, self.size
        is_none = self.compression is _GZIP and self.size > 0 and data[:1] != _GZIP.magic[0][:1]
        # Of a crawl it is a record whose first bytes are damaged.
        if is_none and not self.may_be_records:
            raise DamagedError(f"behind byte {self.size:,}, where the gzip data ends, stands something else")
        begun: _Decompressor = self.compression.open()
        return begun

    def go_on(self) -> bool:
        """Go from a damaged member to the next that begins with a record of WARC; whether there is one."""
        text, at = self.at_hand, 1 if self.begins_here else 0
        while True:
            at = text.find(_GZIP.magic[0], at)
            if at < 0 or len(text) - at < _ENOUGH:
                more = next(self.blocks, b"")
                if more:
                    text, at = (text[at:] if at >= 0 else text[-2:]) + more, 0
                    continue
                if at < 0:
                    return False
            if _inflated(text[at : at + _ENOUGH], len(_WARC_RECORD)) == _WARC_RECORD:
                self.at_hand, self.decompressor = text[at:], None
                return True
            at += 1


def _inflated(packed: bytes, size: int) -> bytes:
    """The first bytes of a member of gzip, at most ``size``; none where these are damaged."""
    try:
        return bytes(_GZIP.open().decompress(packed, size))
    except DAMAGE:
        return b""


def _trailer_apart(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, the last few by themselves: where only the checksum is wrong, what it is of has come before."""
    held = b""
    try:
        for block in blocks:
            held += block
            if len(held) > _TRAILER:
                yield held[:-_TRAILER]
                held = held[-_TRAILER:]
    except DamagedError:
        yield held
        raise
    yield held
