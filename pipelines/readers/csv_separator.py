"""The sign between the values of a cell (Solr's ``csv.mv.separator``), by what the rows show."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from pipelines.readers.csv_dialect import HEAD, HeaderLine, header_and_rows, is_multiple, read_header, rows_of
from pipelines.readers.csv_headers import find_headers
from pipelines.readers.streams import ByteStream

#: Signs that separate values where commas do not; in names and titles none of them stands between two letters.
_BETWEEN: Final = {sign: re.compile(rf"(?<=[^\s\\]){re.escape(sign)}(?=\S)") for sign in "|;~^\t\x1f"}
#: The same without those that stand side by side, as around a value that is empty.
_BETWEEN_FILLED: Final = {
    sign: re.compile(rf"(?<=[^\s\\{re.escape(sign)}]){re.escape(sign)}(?=[^\s{re.escape(sign)}])") for sign in _BETWEEN
}
#: Backslashes of a value come in twos.
_COMMA_ESCAPED: Final = re.compile(r"(?<!\\)(?:\\\\)*\\,")
_COMMA_OF_TEXT: Final = re.compile(r"(?<!\\), ")
_ROWS_LOOKED_AT: Final = 2000
#: So many rows of a later page tell whether its values are separated as those of the first are.
_ROWS_OF_LATER_PAGE: Final = 50
#: So much is looked at where the first rows have no sign between values: sorted records may all have one author first.
_LARGE_HEAD: Final = 16 << 20
#: Stands where no cell has several values: a sign that no text has.
_NO_SEPARATOR: Final = "\x1f"


def separator_of(stream: ByteStream) -> str:
    """The sign between the values of a cell, by the first rows of a stream that stands before its header.

    A comma, if there is one with a backslash of its own before it, or none with a blank after it: names have such
    commas, and Solr would have escaped them. Else the sign that most often stands between two others that are not
    blank; side by side it counts only where no sign stands alone. Where the first rows settle neither, more are looked
    at; where these have no such sign, no cell has several values.
    """
    found = _first_shown(stream.peek(HEAD), _ROWS_LOOKED_AT) or _first_shown(stream.peek(_LARGE_HEAD))
    return "," if found is None else found or _NO_SEPARATOR


def separator_of_later(header: HeaderLine, rows: bytes, first: str) -> str:
    """The sign by the rows of a later page; that of the ``first`` page unless these say for sure that it is another.

    Few rows are looked at, as there may be many pages, and all that count only where these say something else.
    """
    found = _Shown.by(header, rows, _ROWS_OF_LATER_PAGE).instead_of(first)
    return first if found == first else _Shown.by(header, rows, _ROWS_LOOKED_AT).instead_of(first)


def _first_shown(head: bytes, most_rows: int | None = None) -> str | None:
    """The sign that the rows of the first page show; where they show none, those of pages with its header behind it."""
    line, rows = header_and_rows(head)
    header = read_header(line)
    if header is None:
        return ","
    later = find_headers(rows)
    found = _sign_shown(header, rows[: later[0].start] if later else rows, most_rows)
    if found or not later:
        return found
    other = next((one.start for one in later if read_header(one.line) != header), len(rows))
    return _sign_shown(header, rows[:other], most_rows)


def _sign_shown(header: HeaderLine, rows: bytes, most_rows: int | None) -> str | None:
    """The sign that these rows show, at most so many; "" for none, None where there is no comma either."""
    shown = _Shown.by(header, rows, most_rows)
    if shown.escaped_commas or not shown.has_comma_of_text:
        return "," if shown.has_comma else None
    return shown.sign_between()


@dataclass(frozen=True, slots=True)
class _Shown:
    """What stands in cells that may have several values: commas, and other signs ``between`` two that are not blank,
    which count as ``between_filled`` where they do not stand side by side.
    """

    has_comma: bool
    escaped_commas: bool
    has_comma_of_text: bool
    between: Counter[str]
    between_filled: Counter[str]

    def sign_between(self) -> str:
        """The sign that stands most often between two others; "" where none does."""
        counts = self.between_filled if any(self.between_filled.values()) else self.between
        sign, count = counts.most_common(1)[0]
        return sign if count else ""

    def instead_of(self, first: str) -> str:
        """The sign of a later page, where that of the first stands between none of its values.

        Another does, or a comma has a backslash of its own before it: a comma alone may be one of a value.
        """
        if self.between[first]:
            return first
        if self.escaped_commas or (first == "," and not self.has_comma_of_text):
            return ","
        return self.sign_between() or first

    @classmethod
    def by(cls, header: HeaderLine, rows: bytes, most_rows: int | None) -> _Shown:
        """What these rows show, at most so many."""
        columns = [index for index, name in enumerate(header.names) if is_multiple(name)]
        between, filled = Counter(dict.fromkeys(_BETWEEN, 0)), Counter(dict.fromkeys(_BETWEEN, 0))
        has_comma = has_comma_of_text = False
        for row in rows_of(rows, header, most_rows):
            cells = "\n".join(row[index] for index in columns)
            if "," in cells:
                if _COMMA_ESCAPED.search(cells):
                    return cls(True, True, True, between, filled)
                has_comma, has_comma_of_text = True, has_comma_of_text or _COMMA_OF_TEXT.search(cells) is not None
            for sign, pattern in _BETWEEN.items():
                if sign in cells:
                    between[sign] += len(pattern.findall(cells))
                    filled[sign] += len(_BETWEEN_FILLED[sign].findall(cells))
        return cls(has_comma, False, has_comma_of_text, between, filled)
