"""Staff views as text, found in a whole chunk at once: those whose rows are a line each, which nearly all are.

What is said of such a view is what :func:`pipelines.readers.staff_view.read_table` says of it. It is plain where each
row is closed on its own line, its value without blanks around it (a carriage return ends a line as well), no field
comes twice, and nothing that looks like a row stands between it and the next view, so that none of its values can go
on there. Whatever is not plain is read there, row by row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import BYTE_ORDER_MARK, Bytes, Flags, Positions, count_byte, find_byte
from pipelines.readers.staff_view import SEPARATOR, find_table, is_field, is_separator
from pipelines.runs import rows_in_ranges

#: A text of more lines and bars than this is no dump of pages, and would take more memory than its bytes.
_MOST_SIGNS: Final = 1 << 22
#: Places in the bytes are numbers of 32 bits.
_MOST_BYTES: Final = 1 << 30
#: Texts of several pieces are put together with empty lines between them, over which no view goes on.
_BETWEEN: Final = b"\n\n"
_SPACE, _BAR, _RETURN = ord(" "), ord("|"), ord("\r")


@dataclass(frozen=True, slots=True)
class View:
    """A plain view: where it stands among those of its chunk."""

    views: Views
    number: int

    def rows(self) -> list[tuple[str, bytes]]:
        """Its (field, value) rows."""
        first, last = self.views.bounds[self.number], self.views.bounds[self.number + 1]
        return [self.views.row(at) for at in range(first, last)]


@dataclass(frozen=True, slots=True)
class Views:
    """The plain views in a text: row by row the number of the field's name, and where the value stands.

    ``bounds`` says which rows are of which view: those from its own number up to the next one's.
    """

    data: bytes
    names: list[str] = field(default_factory=list)
    name: Positions = field(default_factory=lambda: np.zeros(0, np.int64))
    starts: Positions = field(default_factory=lambda: np.zeros(0, np.int64))
    ends: Positions = field(default_factory=lambda: np.zeros(0, np.int64))
    bounds: Positions = field(default_factory=lambda: np.zeros(1, np.int64))

    def row(self, at: int) -> tuple[str, bytes]:
        """Field and value of a row."""
        return self.names[self.name[at]], self.data[self.starts[at] : self.ends[at]]


@dataclass(frozen=True, slots=True)
class Tables:
    """The staff views of one text, which stands at ``begins`` in that of its chunk.

    ``known`` has those that are plain, by where they start, with their ends; ``starts`` where any view starts.
    """

    text: bytes
    begins: int
    starts: list[int] | None
    known: dict[int, tuple[int, View]]

    def find(self, position: int = 0) -> int | None:
        """Where the next view begins, as :func:`~pipelines.readers.staff_view.find_table` says it."""
        if self.starts is None:
            return find_table(self.text, position)
        at = bisect_left(self.starts, self.begins + position)
        found = self.starts[at] - self.begins if at < len(self.starts) else len(self.text)
        return found if found < len(self.text) else None

    def plain(self, start: int) -> tuple[View, int] | None:
        """The view at ``start`` and where it ends, if it is plain."""
        known = self.known.get(self.begins + start)
        return known and (known[1], min(known[0] - self.begins, len(self.text)))


def find_views(texts: Sequence[bytes]) -> Iterator[Tables]:
    """The staff views of each of some texts."""
    data = texts[0] if len(texts) == 1 else _BETWEEN.join(texts)
    if len(data) > _MOST_BYTES or count_byte(data, b"\n") + count_byte(data, b"|") > _MOST_SIGNS:
        yield from (Tables(text, 0, None, {}) for text in texts)
        return
    begins = np.cumsum([0, *(len(text) + len(_BETWEEN) for text in texts)])
    starts, known = _views_of(data, begins)
    for text, begin in zip(texts, begins.tolist(), strict=False):
        yield Tables(text, begin, starts, known)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines that hold a bar: their numbers, where they begin and end, and where the first bar stands in each.

    ``ends`` are before the carriage return of a line that has one, ``stops`` behind it.
    """

    view: Bytes
    number: Positions
    starts: Positions
    ends: Positions
    stops: Positions
    bars: Positions

    @staticmethod
    def of(data: bytes) -> _Lines:
        newlines, bars = find_byte(data, b"\n"), find_byte(data, b"|")
        number = np.searchsorted(newlines, bars)
        first = np.flatnonzero(np.diff(number, prepend=-1))
        number, bars = number[first], bars[first]
        starts = np.append(newlines, -1)[number - 1] + 1
        stops = np.append(newlines, len(data))[number]
        view = np.frombuffer(data, np.uint8)
        for at in np.flatnonzero(view[starts] == BYTE_ORDER_MARK[0]).tolist():
            starts[at] += len(BYTE_ORDER_MARK) * data.startswith(BYTE_ORDER_MARK, int(starts[at]))
        return _Lines(view, number, starts, stops - (view[stops - 1] == _RETURN), stops, bars)

    def separators(self, data: bytes) -> Flags:
        """Which of them are separators of a view."""
        is_long = self.ends - self.starts >= len(SEPARATOR)
        found: Flags = (self.bars - self.starts == SEPARATOR.index(b"|")) & is_long
        places = np.flatnonzero(found)
        for at, sign in enumerate(SEPARATOR):
            places = places[self.view[self.starts[places] + at] == sign]
        longer = places[self.ends[places] - self.starts[places] > len(SEPARATOR)]
        odd = [at for at in longer.tolist() if not is_separator(data[self.starts[at] : self.ends[at]])]
        found[:] = False
        found[places] = True
        found[odd] = False
        return found

    def fields(self, data: bytes) -> tuple[list[str], Positions]:
        """Names of fields, and which of them each line is a row of; -1 for none."""
        at = np.flatnonzero((self.bars - self.starts >= 2) & (self.view[self.bars - 1] == _SPACE))
        bounds = np.empty(2 * len(at) + 1, np.int32)
        bounds[:-1:2], bounds[1::2], bounds[-1] = self.starts[at], self.bars[at] - 1, len(data)
        spans = pa.BinaryArray.from_buffers(pa.binary(), 2 * len(at), [None, pa.py_buffer(bounds), pa.py_buffer(data)])
        written = spans.take(pa.array(np.arange(0, 2 * len(at), 2))).dictionary_encode()
        found = written.dictionary.to_pylist()
        names = [name.decode() for name in found if is_field(name)]
        of_name = np.full(len(found), -1, np.int64)
        of_name[[is_field(name) for name in found]] = np.arange(len(names))
        numbers = np.full(len(self.number), -1, np.int64)
        numbers[at] = of_name[written.indices.to_numpy()]
        return names, numbers

    def values(self) -> tuple[Positions, Positions, Flags]:
        """Where the value of each row begins and ends, and whether it is not plain."""
        view, bars, ends = self.view, self.bars, self.ends
        odd = (ends - bars < 3) | (view[ends - 1] != _BAR) | (view[ends - 2] != _SPACE)
        after = np.minimum(bars + 1, len(view) - 1)
        odd |= view[after] != _SPACE
        starts, stops = bars + 2, ends - 2
        empty = ends - bars == 3
        stops[empty] = starts[empty]
        # Of what is no longer than that, the last sign may stand before the first one: it is a blank then.
        blank = (view[np.minimum(starts, len(view) - 1)] <= _SPACE) | (view[stops - 1] <= _SPACE)
        odd |= blank & ~empty
        return starts, stops, odd


def _views_of(data: bytes, begins: Positions) -> tuple[list[int], dict[int, tuple[int, View]]]:
    """Where views start in texts that begin at these places, and those that are plain, with their ends."""
    lines = _Lines.of(data)
    count = len(lines.number)
    if not count:
        return [], {}
    names, name = lines.fields(data)
    is_row, is_separator_line = name >= 0, lines.separators(data)
    follows = np.append(False, np.diff(lines.number) == 1)
    is_first = np.zeros(count, bool)
    is_first[:-1] = is_row[:-1] & is_separator_line[1:] & follows[1:]
    first = np.flatnonzero(is_first)
    starts: list[int] = lines.starts[first].tolist()

    # The rows of a view are its first line, and those behind the separator up to what is none, or of another view.
    breaks = np.append(np.flatnonzero(~is_row | is_first | ~follows), count)
    last = breaks[np.searchsorted(breaks, first + 2)]
    last[last > count] = count
    value_starts, value_ends, odd = lines.values()
    plain = (last - first > 2) & (last <= count)
    piece_ends = np.searchsorted(lines.starts, begins[1:])
    behind = np.minimum(np.append(first[1:], count), piece_ends[np.searchsorted(piece_ends, first, "right")])
    rows_before = np.append(0, np.cumsum(is_row))
    plain &= rows_before[behind] == rows_before[np.minimum(last, behind)]
    odd_before = np.append(0, np.cumsum(odd))
    plain &= (odd_before[last] - odd_before[np.minimum(first + 2, last)] == 0) & ~odd[first]

    first, last = first[plain], last[plain]
    lengths = last - first
    owner, rows = rows_in_ranges(first, last)
    wanted = ~is_separator_line[rows]
    rows, owner = rows[wanted], owner[wanted]
    # No field comes twice.
    pairs = np.sort(owner * len(names) + name[rows], kind="stable")
    twice = pairs[1:][pairs[1:] == pairs[:-1]] // max(len(names), 1)
    views = Views(data, names, name[rows], value_starts[rows], value_ends[rows], np.append(0, np.cumsum(lengths - 1)))
    ends = lines.stops[last - 1] + 1
    found = {
        start: (end, View(views, number))
        for number, (start, end) in enumerate(zip(lines.starts[first].tolist(), ends.tolist(), strict=True))
    }
    for number in np.unique(twice).tolist():
        del found[int(lines.starts[first[number]])]
    return starts, found
