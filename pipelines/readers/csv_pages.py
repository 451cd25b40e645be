"""Pages of a CSV, each with a header of its own, in one file: the pieces of one are rows under that header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.readers.byte_spans import BYTE_ORDER_MARK, count_byte
from pipelines.readers.chunks import Piece
from pipelines.readers.csv_dialect import HEAD, hint_length, read_header
from pipelines.readers.csv_headers import FoundHeader, find_headers
from pipelines.readers.csv_separator import separator_of, separator_of_later
from pipelines.readers.streams import ByteStream

_NO_NEWLINES: Final = re.compile(rb"[^\n]")


class Pages:
    """Where the rows of a file are, and the header that holds for them, from its first header on.

    ``offset`` and ``line`` are where the next rows begin. Reads the first header off the stream.
    """

    def __init__(self, file: str, member: str, stream: ByteStream) -> None:
        self.file, self.member, self.stream = file, member, stream
        hint = stream.read(hint_length(stream.peek(HEAD)))
        self.first_separator = separator_of(stream)
        head = stream.peek(HEAD)
        line = stream.read(head.find(b"\n") + 1 or len(head))
        self.offset, self.line = len(hint) + len(line), 2 + (len(hint) > 0)
        self.prefix = _prefix(self.first_separator, line.removeprefix(BYTE_ORDER_MARK).rstrip(b"\r\n"))

    def pieces(self, text: bytes, end: int, headers: Sequence[FoundHeader]) -> Iterator[Piece]:
        """The rows of a text up to an end, which is what comes next, and goes on in the stream.

        Of a header that says what the one before it does only blanks are left, in the piece of the rows around it: of
        many small pages that are alike few pieces are made.
        """
        begin = 0
        alike: list[FoundHeader] = []
        for number, header in enumerate(headers):
            after = headers[number + 1].start if number + 1 < len(headers) else None
            prefix = _prefix(self._separator(header, text, after), header.line)
            if prefix == self.prefix and not header.is_torn:
                alike.append(header)
                continue
            yield from self._piece(text, begin, header.start, alike)
            self._pass(text, header.start, header.end)
            begin, self.prefix, alike = header.end, prefix, []
        yield from self._piece(text, begin, end, alike)

    def _separator(self, header: FoundHeader, text: bytes, after: int | None) -> str:
        """The sign between values under a header whose rows go on up to the next one, if that stands in the text."""
        rows = text[header.end : header.end + HEAD if after is None else min(after, header.end + HEAD)]
        if after is None:
            rows += self.stream.peek(HEAD)[: HEAD - len(rows)]
            later = find_headers(rows)
            rows = rows[: later[0].start] if later else rows
        line = read_header(header.line)
        return separator_of_later(line, rows, self.first_separator) if line else self.first_separator

    def _piece(self, text: bytes, begin: int, end: int, blank: Sequence[FoundHeader]) -> Iterator[Piece]:
        """The rows from ``begin`` to ``end``, and blanks for the headers among them."""
        if begin == end:
            return
        prefix, rows = self.prefix, text[begin:end]
        if blank:
            changed = bytearray(rows)
            for one in blank:
                changed[one.start - begin : one.end - begin] = _NO_NEWLINES.sub(b" ", text[one.start : one.end])
            rows = bytes(changed)
        yield Piece(self.file, self.member, self.offset - len(prefix), self.line - 1, prefix + rows, len(prefix))
        self._pass(text, begin, end)

    def _pass(self, text: bytes, begin: int, end: int) -> None:
        self.line += count_byte(memoryview(text)[begin:end], b"\n")
        self.offset += end - begin


def _prefix(separator: str, line: bytes) -> bytes:
    """What each piece repeats: the sign between values, and the header."""
    return separator.encode() + line + b"\n"
