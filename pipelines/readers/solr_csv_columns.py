"""Solr's CSV as columns: all rows of a text at once, where they are plain, as nearly all are.

The fast path of :mod:`pipelines.readers.solr_csv`, to which it leaves the rows that are not plain; both give the same
row for the same bytes. Nothing is copied before it is known what each byte is: quotes, delimiters, separators and
backslashes are found in the whole text, and the bytes that only escape others are dropped from it in one step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Bytes, Flags, Positions, not_utf8, spans_as_texts
from pipelines.readers.csv_dialect import NOTHING
from pipelines.readers.value_columns import IS_NUMBER, IS_TEXT, Column, Values, table_of_columns

_QUOTE, _BACKSLASH, _NEWLINE, _RETURN = b'"\\\n\r'
#: What Solr writes for the ends of lines within a value.
_ENDS_OF_LINES: Final = ((ord("n"), _NEWLINE), (ord("r"), _RETURN))
#: An id without such a sign may be blank in a way that only Python tells.
_VISIBLE: Final = "[!-~]"

_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Header:
    """The sign between columns, the sign between values, the fields, and which of these hold several values.

    A field without a name is passed over. ``nothing`` are the cells without quotes that are no value.
    """

    delimiter: str
    separator: str
    names: Sequence[str]
    is_multiple: Callable[[str], bool]
    nothing: Sequence[str] = NOTHING


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a text, ``starts`` to ``ends`` with their newlines, and the ``table`` of those that are plain.

    ``plain`` are their numbers, ``lengths`` how long they are without the ends of their lines.
    """

    table: pa.Table
    plain: Positions
    lengths: Positions
    starts: Positions
    ends: Positions


def read_rows(text: bytes, header: Header) -> Rows:
    """The rows of a text that begins with one."""
    return _Reading(text, header).result()


class _Reading:
    """The rows of one text on their way to columns; ``bad`` are those that are left to the slow path."""

    def __init__(self, text: bytes, header: Header) -> None:
        self.text, self.header = text, header
        self.view = np.frombuffer(text, np.uint8)
        self.quotes = np.flatnonzero(self.view == _QUOTE)
        newlines = self._outside(np.flatnonzero(self.view == _NEWLINE))
        self.ends = newlines + 1
        if not len(newlines) or self.ends[-1] < len(text):
            self.ends = np.append(self.ends, len(text))
        self.starts = np.append(0, self.ends[:-1])
        self.bad = np.zeros(len(self.starts), bool)

    def _outside(self, positions: Positions) -> Positions:
        """Those of the positions before which quotes are balanced."""
        outside: Positions = positions[np.searchsorted(self.quotes, positions) % 2 == 0]
        return outside

    def _row_of(self, positions: Positions) -> Positions:
        return np.searchsorted(self.starts, positions, "right") - 1

    def result(self) -> Rows:
        delimiters = self._outside(np.flatnonzero(self.view == ord(self.header.delimiter)))
        count = len(self.header.names)
        self.bad |= np.bincount(self._row_of(delimiters), minlength=len(self.bad)) != count - 1
        contents = self._check_ends()
        self._check_quotes()
        self._check_encoding()
        good = np.flatnonzero(~self.bad)
        inner = delimiters[~self.bad[self._row_of(delimiters)]].reshape(len(good), count - 1)
        begins = np.column_stack([self.starts[good], inner + 1])
        finishes = np.column_stack([inner, contents[good]])
        columns = self._columns(good, begins, finishes)
        ids = columns["id"].values
        visible = pc.match_substring_regex(ids.texts, _VISIBLE).to_numpy(zero_copy_only=False)
        self.bad[ids.document[~visible]] = True
        table, plain = table_of_columns(columns.values(), self.bad)
        return Rows(table, plain, (contents - self.starts)[plain], self.starts, self.ends)

    def _check_ends(self) -> Positions:
        """Where the last cell of each row ends; rows with a carriage return elsewhere than before that are bad."""
        contents: Positions = self.ends - (self.view[self.ends - 1] == _NEWLINE)
        returns = self._outside(np.flatnonzero(self.view == _RETURN))
        if len(returns):
            row = self._row_of(returns)
            at_end = (returns == contents[row] - 1) & (self.ends[row] > contents[row])
            self.bad[row[~at_end]] = True
            contents[row[at_end]] -= 1
        return contents

    def _check_quotes(self) -> None:
        """Rows with quotes that do not stand around a cell, nor twice for one within, are bad."""
        if len(self.quotes) % 2:
            self.bad[-1] = True
        beside = np.zeros(256, bool)
        beside[[_QUOTE, _NEWLINE, ord(self.header.delimiter)]] = True
        opening, closing = self.quotes[::2], self.quotes[1::2]
        odd = opening[~beside[self.view[opening - 1]] & (opening > 0)]
        self.bad[self._row_of(odd)] = True
        beside[_RETURN] = True
        after = np.minimum(closing + 1, len(self.view) - 1)
        odd = closing[~beside[self.view[after]] & (closing + 1 < len(self.view))]
        self.bad[self._row_of(odd)] = True

    def _check_encoding(self) -> None:
        self.bad |= not_utf8(self.text, self.starts, self.ends)

    def _columns(self, good: Positions, begins: Positions, finishes: Positions) -> dict[str, Column]:
        """The columns of the rows ``good``, whose cells begin and finish so, a row of the arrays each."""
        # An empty cell may stand before the end of the text, where nothing is.
        quoted = (finishes > begins) & (self.view[np.minimum(begins, len(self.view) - 1)] == _QUOTE)
        nothing = self._are_nothing(begins, finishes)
        if nothing.any():
            finishes = np.where(nothing, begins, finishes)
        begins, finishes = begins + quoted, finishes - quoted
        closing = self.quotes[1::2]
        after = np.minimum(closing + 1, len(self.view) - 1)
        doubled = closing[(self.view[after] == _QUOTE) & (after > closing)]

        names = self.header.names
        several = np.flatnonzero([self.header.is_multiple(name) for name in names])
        starts, ends = begins[:, several].ravel(), finishes[:, several].ravel()
        escaped = self._escaped(starts, ends)
        separators, cells = self._separators(starts, ends, escaped)
        texts = _Unescaped(self.view, np.sort(np.concatenate([doubled, escaped - 1]), kind="stable"), escaped)

        columns: dict[str, Column] = {}
        for number, name in enumerate(names):
            if not name:
                continue
            filled = np.flatnonzero(finishes[:, number] > begins[:, number])
            start, end, rows = begins[filled, number], finishes[filled, number], filled
            is_several = number in several
            if is_several:
                own = np.flatnonzero(cells % len(several) == np.searchsorted(several, number))
                start = np.append(start, separators[own] + 1)
                order = np.argsort(start, kind="stable")
                start, end = start[order], np.sort(np.append(end, separators[own]), kind="stable")
                rows = np.append(rows, cells[own] // len(several))[order]
            kind = np.full(len(rows), IS_NUMBER if name == "_version_" else IS_TEXT, np.int8)
            listed = np.full(len(rows), is_several)
            values = Values(texts.of(start, end), good[rows], np.full(len(rows), number), kind, listed)
            columns[name] = Column(name, values, _NONE)
        return columns

    def _are_nothing(self, begins: Positions, finishes: Positions) -> Flags:
        """Which cells are, with their quotes, one of those that are no value."""
        lengths = finishes - begins
        found = np.zeros(lengths.shape, bool)
        for nothing in map(str.encode, self.header.nothing):
            rows, columns = np.nonzero(lengths == len(nothing))
            same = np.ones(len(rows), bool)
            for place, byte in enumerate(nothing):
                same &= self.view[begins[rows, columns] + place] == byte
            found[rows[same], columns[same]] = True
        return found

    def _escaped(self, starts: Positions, ends: Positions) -> Positions:
        """The signs in these cells before which a backslash stands that is not escaped itself."""
        slashes, cells = _within(np.flatnonzero(self.view == _BACKSLASH), starts, ends)
        if not len(slashes):
            return _NONE
        numbers = np.arange(len(slashes))
        begins_run = np.append(True, slashes[1:] != slashes[:-1] + 1)
        in_run = numbers - np.maximum.accumulate(np.where(begins_run, numbers, 0))
        # The last sign of a cell escapes nothing.
        found: Positions = slashes[(in_run % 2 == 0) & (slashes + 1 < ends[cells])] + 1
        return found

    def _separators(self, starts: Positions, ends: Positions, escaped: Positions) -> tuple[Positions, Positions]:
        """Where values end in these cells before others, and the number of the cell of each."""
        found = np.flatnonzero(self.view == ord(self.header.separator))
        if len(escaped):
            places = np.minimum(np.searchsorted(escaped, found), len(escaped) - 1)
            found = found[escaped[places] != found]
        return _within(found, starts, ends)


def _within(positions: Positions, starts: Positions, ends: Positions) -> tuple[Positions, Positions]:
    """The positions that are in one of the cells that stand from ``starts`` to ``ends``, and the cell of each."""
    cells = np.searchsorted(starts, positions, "right") - 1
    inside = cells >= 0
    inside[inside] = positions[inside] < ends[cells[inside]]
    return positions[inside], cells[inside]


class _Unescaped:
    """A text without the bytes that are ``dropped``, from which values are taken by where they stood."""

    def __init__(self, view: Bytes, dropped: Positions, escaped: Positions) -> None:
        self.dropped = dropped
        if len(dropped):
            view = view.copy()
            signs = view[escaped]
            for sign, end in _ENDS_OF_LINES:
                view[escaped[signs == sign]] = end
            view = np.delete(view, dropped)
        self.view = view

    def of(self, starts: Positions, ends: Positions) -> pa.Array:
        """The texts that stood there, in this order, none of which overlap."""
        starts = starts - np.searchsorted(self.dropped, starts)
        return spans_as_texts(self.view, starts, ends - np.searchsorted(self.dropped, ends))
