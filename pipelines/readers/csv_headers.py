"""Headers among the rows of a CSV, as ``cat page1.csv page2.csv`` puts them there."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from pipelines.readers.byte_spans import BYTE_ORDER_MARK, Positions, find_byte
from pipelines.readers.csv_dialect import HEAD, hint_length, read_header

#: Two bytes as a number, so that they are compared at once.
_ID: Final = int.from_bytes(b"id", "little")
_TWO_BYTES: Final = np.dtype("<u2")
#: So many pairs are compared at once, in memory that stays near.
_BLOCK: Final = 1 << 16
_BEFORE_ID: Final = np.isin(np.arange(256), list(b'\n,;\t|"\xbf'))
_BEHIND_ID: Final = np.isin(np.arange(256), list(b'\r\n,;\t|"'))
#: What may stand before the quote that opens a cell, and behind the one that closes it, or beside one that is doubled.
_BEFORE_CELL: Final = b'\n,;\t|"\xbf'
_BEHIND_CELL: Final = b'\r\n,;\t|"'


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """A header in a text: where it begins (with what stands before it for Excel), where rows do, and its line.

    ``is_torn`` says that a quote before it was never closed.
    """

    start: int
    end: int
    line: bytes
    is_torn: bool = False


def find_headers(text: bytes, *, ended: bool = True) -> list[FoundHeader]:
    """The headers of a text that begins with a row; of one that goes on (not ``ended``) those whose line is whole."""
    return _Text(text, ended=ended).headers


def cut_rows(text: bytes, *, ended: bool) -> tuple[list[FoundHeader], int]:
    """The headers of a text that begins with a row, and where its last whole row ends.

    A row ends with a newline that is in no quoted cell, and with the text where that is the ``ended`` file's.
    """
    found = _Text(text, ended=ended)
    return found.headers, found.end_of_rows()


class _Text:
    """A text that is looked through for headers."""

    def __init__(self, text: bytes, *, ended: bool) -> None:
        self.text, self.ended = text, ended
        #: Quotes before the first row behind the header that was found last: from there on they come in pairs.
        self.base = 0
        self.headers: list[FoundHeader] = []
        self._find()

    @cached_property
    def quotes(self) -> Positions:
        return find_byte(self.text, b'"')

    def _find(self) -> None:
        """Judge every line with a cell ``id`` once."""
        at = 0
        for place in _cells_of_id(self.text).tolist():
            if place < at:
                continue
            start = self.text.rfind(b"\n", at, place) + 1 or at
            end = self.text.find(b"\n", place) + 1 or (len(self.text) if self.ended else 0)
            if not end:
                return
            line = self.text[start:end] if end - start <= HEAD else b""
            if read_header(line.removeprefix(BYTE_ORDER_MARK)) is not None:
                before = bisect_left(self.quotes, start)
                torn = (before - self.base) % 2 == 1
                if torn and self._is_in_cell(before):
                    at = end
                    continue
                line = line.removeprefix(BYTE_ORDER_MARK).rstrip(b"\r\n")
                self.headers.append(FoundHeader(self._with_hint(at, start), end, line, torn))
                self.base = bisect_left(self.quotes, end)
            at = end

    def _is_in_cell(self, quotes: int) -> bool:
        """Whether what stands behind so many quotes is in a quoted cell, or behind a quote that was never closed."""
        opening = int(self.quotes[quotes - 1])
        if opening and self.text[opening - 1] not in _BEFORE_CELL:
            return False
        if quotes == len(self.quotes):
            return not self.ended
        behind = int(self.quotes[quotes]) + 1
        return behind == len(self.text) or self.text[behind] in _BEHIND_CELL

    def _with_hint(self, at: int, start: int) -> int:
        """Where a header begins with the line in which Excel is told its delimiter, if one stands behind ``at``."""
        line = self.text.rfind(b"\n", at, start - 1) + 1 or at
        is_hint = line + hint_length(self.text[line:start]) == start
        # With one quote it is the end of a cell.
        return line if is_hint and self.text.count(b'"', line, start) % 2 == 0 else start

    def end_of_rows(self) -> int:
        """Where the last whole row ends; a line for Excel goes with the header that may come behind it."""
        if self.ended:
            return len(self.text)
        newlines = find_byte(self.text, b"\n")
        outside = newlines[(np.searchsorted(self.quotes, newlines) - self.base) % 2 == 0]
        end = int(outside[-1]) + 1 if len(outside) else 0
        end = max(end, self.headers[-1].end) if self.headers else end
        return self._with_hint(0, end)


def _cells_of_id(text: bytes) -> Positions:
    """Where a cell ``id`` stands, which every header has, or what looks like one."""
    found = [np.zeros(0, np.int64)]
    same = np.empty(_BLOCK, bool)
    for odd in range(min(2, len(text))):
        pairs = np.frombuffer(text, _TWO_BYTES, (len(text) - odd) // 2, odd)
        for at in range(0, len(pairs), _BLOCK):
            block = pairs[at : at + _BLOCK]
            found.append(2 * (np.equal(block, _ID, out=same[: len(block)]).nonzero()[0] + at) + odd)
    places = np.sort(np.concatenate(found))
    view = np.frombuffer(text, np.uint8)
    begins = (places == 0) | _BEFORE_ID[view[places - 1]]
    ends = (places + 2 == len(text)) | _BEHIND_ID[view[np.minimum(places + 2, len(text) - 1)]]
    cells: Positions = places[begins & ends]
    return cells
