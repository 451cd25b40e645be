"""A stream of bytes that is read once and knows what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

#: Compressed bytes are inflated this many at a time; at most so many output bytes are held at once.
BLOCK: Final = 64 << 10
INFLATED_BLOCK: Final = 1 << 20


class DamagedError(Exception):
    """The stream cannot be read on from here."""


class ByteStream:
    """Bytes to be read once, from an iterator of blocks.

    ``damage`` is "" until the stream ends before its time, and then says why. ``position`` counts
    the bytes read so far. ``gaps`` are positions before which bytes are missing, told by whoever makes the blocks as
    they come.
    """

    def __init__(self, blocks: Iterator[bytes], gaps: Sequence[int] = ()) -> None:
        self._blocks = blocks
        self.gaps = gaps
        self._ahead = b""
        self.damage = ""
        self.position = 0

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes, fewer only at the end."""
        return b"".join(self.read_blocks(size))

    def read_blocks(self, size: int) -> list[bytes]:
        """The bytes of :meth:`read` in the blocks in which they came, for whoever joins them with others."""
        taken: list[bytes] = []
        have = 0
        while have < size and (block := self._ahead or self._next_block()):
            self._ahead = block[size - have :]
            taken.append(block[: size - have])
            have += len(taken[-1])
        self.position += have
        return taken

    def peek(self, size: int) -> bytes:
        """The bytes that come next, at least ``size`` of them unless the stream ends before; none is consumed."""
        if len(self._ahead) < size:
            parts, have = [self._ahead], len(self._ahead)
            while have < size and (block := self._next_block()):
                parts.append(block)
                have += len(block)
            self._ahead = b"".join(parts)
        return self._ahead

    def unread(self, data: bytes) -> None:
        """Give back ``data``, the last bytes that were read: they come next again."""
        self._ahead = data + self._ahead
        self.position -= len(data)

    def blocks(self) -> Iterator[bytes]:
        """What is left, block by block.

        Raises :class:`DamagedError` at the end of a damaged stream.
        """
        while block := self.read(max(BLOCK, len(self._ahead))):
            yield block
        if self.damage:
            raise DamagedError(self.damage)

    def _next_block(self) -> bytes:
        if self.damage:
            return b""
        try:
            return next(filter(None, self._blocks), b"")
        except DamagedError as damage:
            self.damage = str(damage)
            return b""
