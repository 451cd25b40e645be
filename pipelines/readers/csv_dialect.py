"""How a CSV is written: what Excel is told before it, its header, and the sign that separates the values of a cell."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
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
_BETWEEN: Final = {sign: re.compile(rf"(?<=[^\s\\]){re.escape(sign)}(?=\S)") for sign in "|;~^\t\x1f"}
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
    """The sign between the values of a cell, by the first rows of a stream that stands before its header.

    A comma, if there is one with a backslash of its own before it, or none with a blank after it: names have such
    commas, and Solr would have escaped them. Else the sign that most often stands between two others that are not
    blank. Where the first rows settle neither, more are looked at; where these have no such sign, no cell has several
    values.
    """
    found = _separator_in(stream.peek(HEAD), _ROWS_LOOKED_AT) or _separator_in(stream.peek(_LARGE_HEAD))
    return "," if found is None else found or _NO_SEPARATOR


def _separator_in(head: bytes, most_rows: int | None = None) -> str | None:
    """The sign that the rows of this text show, at most so many; "" for none, None where there is no comma either."""
    text = head.removeprefix(BYTE_ORDER_MARK).decode(errors="replace")
    first, _, rest = text.partition("\n")
    header = read_header(first.encode())
    if header is None:
        return ","
    delimiter, names = header
    columns = [index for index, name in enumerate(names) if is_multiple(name)]
    counts = Counter(dict.fromkeys(_BETWEEN, 0))
    has_comma = has_comma_of_text = False
    try:
        for row in islice(csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter), most_rows):
            if len(row) != len(names):
                continue
            cells = "\n".join(row[index] for index in columns)
            if "," in cells:
                if _COMMA_ESCAPED.search(cells):
                    return ","
                has_comma, has_comma_of_text = True, has_comma_of_text or _COMMA_OF_TEXT.search(cells) is not None
            for sign, between in _BETWEEN.items():
                if sign in cells:
                    counts[sign] += len(between.findall(cells))
    except csv.Error:
        pass
    if not has_comma_of_text:
        return "," if has_comma else None
    sign, count = counts.most_common(1)[0]
    return sign if count else ""


def is_multiple(name: str) -> bool:
    """Whether a field holds several values: one of VuFind's, or a dynamic one whose name says so."""
    return name in _MULTI or (name not in KNOWN_FIELDS and name.endswith("_mv"))
