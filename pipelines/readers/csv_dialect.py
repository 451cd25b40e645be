"""How a CSV is written: what Excel is told before it, its header, and the sign that separates the values of a cell."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Final

from pipelines.readers.json_lines import BYTE_ORDER_MARK
from pipelines.readers.json_shape import KNOWN_FIELDS
from pipelines.readers.streams import ByteStream
from pipelines.records import MULTI_VALUED_FIELDS

#: Fields with many values in VuFind's index that have no column here.
_MULTI_WITHOUT_COLUMN: Final = ("callnumber-search", "dewey-search", "long_lat", "long_lat_display", "long_lat_label")
_MULTI: Final = frozenset({*MULTI_VALUED_FIELDS, *_MULTI_WITHOUT_COLUMN})
_DELIMITERS: Final = ",\t;|"
#: Beside the id, so many columns must be fields of VuFind's index, and one of them must have a name that only it has.
_FEWEST_FIELDS: Final = 3
_ONLY_VUFIND: Final = re.compile(r"[_-]|[a-z][A-Z]|[0-9]$")
#: Signs that separate values where commas do not; in names and titles none of them stands between two letters.
_SEPARATORS: Final = "|;~^\t\x1f"
#: Backslashes of a value come in twos.
_COMMA_ESCAPED: Final = re.compile(r"(?<!\\)(?:\\\\)*\\,")
_COMMA_OF_TEXT: Final = re.compile(r"(?<!\\), ")
_ROWS_LOOKED_AT: Final = 2000
#: Bytes of the first rows.
HEAD: Final = 1 << 20
#: So much is looked at where these have no sign between values: sorted records may all have one author first.
_LARGE_HEAD: Final = 16 << 20
#: Stands where no cell has several values: a sign that no text has.
_NO_SEPARATOR: Final = "\x1f"
#: What Excel reads, and may write, before a CSV: which sign separates fields.
_HINT: Final = re.compile(rb'(?:\xef\xbb\xbf)?"?sep=[^\r\n]"?[ \t]*\r?\n', re.IGNORECASE)


def hint_length(head: bytes) -> int:
    """Bytes of the line in which Excel is told the delimiter, where there is one."""
    found = _HINT.match(head)
    return found.end() if found else 0


def read_header(line: bytes) -> tuple[str, list[str]] | None:
    """The sign between columns and the names of the columns, ``None`` where they are not those of an index."""
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    for delimiter in _DELIMITERS:
        names = [name.strip('"') for name in text.split(delimiter)]
        known = KNOWN_FIELDS.intersection(names) - {"id"}
        several = len(known) >= _FEWEST_FIELDS and any(_ONLY_VUFIND.search(name) for name in known)
        if "id" in names and several and all(names) and len(set(names)) == len(names):
            return delimiter, names
    return None


def separator_of(stream: ByteStream) -> str:
    """The sign between the values of a cell, by the first rows of a stream that stands before its header."""
    separator = _separator_in(stream.peek(HEAD), _ROWS_LOOKED_AT)
    return separator if separator != _NO_SEPARATOR else _separator_in(stream.peek(_LARGE_HEAD))


def _separator_in(head: bytes, most_rows: int | None = None) -> str:
    """The sign between the values of a cell, by the first rows, at most so many.

    A comma, if there is one with a backslash of its own before it, or none with a blank after it: names have such
    commas, and Solr would have escaped them. Else the sign that most often stands between two others that are not
    blank; where there is none, no cell has several values (_NO_SEPARATOR).
    """
    text = head.removeprefix(BYTE_ORDER_MARK).decode(errors="replace")
    first, _, rest = text.partition("\n")
    header = read_header(first.encode())
    if header is None:
        return ","
    delimiter, names = header
    columns = [index for index, name in enumerate(names) if is_multiple(name)]
    cells: list[str] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter)):
            if len(row) == len(names):
                cells += [row[index] for index in columns]
            if number == most_rows:
                break
    except csv.Error:
        pass
    if any(_COMMA_ESCAPED.search(cell) for cell in cells) or not any(_COMMA_OF_TEXT.search(cell) for cell in cells):
        return ","
    counts: Counter[str] = Counter()
    for sign in _SEPARATORS:
        between = re.compile(rf"(?<=[^\s\\]){re.escape(sign)}(?=\S)")
        counts[sign] = sum(len(between.findall(cell)) for cell in cells)
    sign, count = counts.most_common(1)[0]
    return sign if count else _NO_SEPARATOR


def is_multiple(name: str) -> bool:
    """Whether a field holds several values: one of VuFind's, or a dynamic one whose name says so."""
    return name in _MULTI or (name not in KNOWN_FIELDS and name.endswith("_mv"))
