"""A walk along a stream: what is held of its text, where that begins, and what has been found in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.readers.answers import Answer
from pipelines.readers.byte_stream import ByteStream
from pipelines.readers.chunks import Piece, Unreadable


@dataclass(slots=True)
class StreamWalk:
    """``text`` is what is held of the stream, from ``offset`` on; ``ended`` says that nothing comes after it."""

    file: str
    member: str
    stream: ByteStream
    chunk_bytes: int
    text: bytes = b""
    offset: int = 0
    ended: bool = False
    found: list[Piece | Unreadable | Answer] = field(default_factory=list)

    def more(self, size: int) -> None:
        """Hold ``size`` bytes of text, unless it ends before."""
        wanted = size - len(self.text)
        if wanted > 0 and not self.ended:
            blocks = self.stream.read_blocks(wanted)
            self.ended = sum(map(len, blocks)) < wanted
            self.text = b"".join([self.text, *blocks])

    def advance(self, count: int) -> None:
        """Let go of the first ``count`` bytes of the text."""
        self.text = self.text[count:]
        self.offset += count
