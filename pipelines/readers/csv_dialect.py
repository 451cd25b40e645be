"""How a CSV is written: what Excel is told before it, its header, its rows, and the cells that stand for nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pipelines.readers.byte_spans import BYTE_ORDER_MARK
from pipelines.readers.json_shape import KNOWN_FIELDS
from pipelines.records import MULTI_VALUED_FIELDS

#: Fields with many values in VuFind's index that have no column here.
_MULTI_WITHOUT_COLUMN: Final = ("callnumber-search", "dewey-search", "long_lat", "long_lat_display", "long_lat_label")
_MULTI: Final = frozenset({*MULTI_VALUED_FIELDS, *_MULTI_WITHOUT_COLUMN})
_DELIMITERS: Final = ",\t;|"
#: Beside the id, so many columns must be fields of VuFind's index, and one of them must have a name that only it has.
_FEWEST_FIELDS: Final = 3
_ONLY_VUFIND: Final = re.compile(r"[_-]|[a-z][A-Z]|[0-9]$")
#: Bytes of the first rows, and the most that a header may have.
HEAD: Final = 1 << 20
#: What Excel reads, and may write, before a CSV: which sign separates fields.
_HINT: Final = re.compile(rb'(?:\xef\xbb\xbf)?"?sep=[^\r\n]"?[ \t]*\r?\n', re.IGNORECASE)
#: What databases write for a value that is missing (MySQL ``\N``, others ``NULL``), without quotes, as texts have them.
NOTHING: Final = ("NULL", "\\N")
#: The same in R, which writes all texts in quotes, and so the names of columns too (``write.csv``).
_NOTHING_IN_R: Final = "NA"


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """The sign between columns, their names ("" for a column without one), and the cells that are no value.

    ``nothing`` are whole cells without quotes.
    """

    delimiter: str
    names: tuple[str, ...]
    nothing: tuple[str, ...]


def hint_length(head: bytes) -> int:
    """Bytes of the line in which Excel is told the delimiter, where there is one."""
    found = _HINT.match(head)
    return found.end() if found else 0


def header_and_rows(head: bytes) -> tuple[bytes, bytes]:
    """The header of a CSV that begins so, as :func:`read_header` wants it, and the rows behind it."""
    line, _, rows = head[hint_length(head) :].removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    return line, rows


def read_header(line: bytes) -> HeaderLine | None:
    """What a line says of the columns, ``None`` where they are not those of an index.

    Columns without a name are that of an index of rows (pandas, R) and those that Excel adds at the end.
    """
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    bare = text.replace('"', "")
    for delimiter in _DELIMITERS:
        # As fast as can be, for rows that have a cell "id" by chance: it is Indonesian too.
        if len(KNOWN_FIELDS.intersection(bare.split(delimiter))) <= _FEWEST_FIELDS:
            continue
        cells = text.split(delimiter)
        names = tuple(cell.strip('"') for cell in cells)
        known = KNOWN_FIELDS.intersection(names) - {"id"}
        named = [name for name in names if name]
        several = len(known) >= _FEWEST_FIELDS and any(_ONLY_VUFIND.search(name) for name in known)
        if "id" in names and several and len(set(named)) == len(named):
            quoted = all(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells)
            return HeaderLine(delimiter, names, (*NOTHING, _NOTHING_IN_R) if quoted else NOTHING)
    return None


def rows_of(text: bytes, header: HeaderLine, most: int | None = None) -> Iterator[list[str]]:
    """The cells of rows that have as many as the header, of at most so many rows, up to one that is no CSV."""
    lines = io.StringIO(text.decode(errors="replace"), newline="")
    try:
        for row in islice(csv.reader(lines, delimiter=header.delimiter), most):
            if len(row) == len(header.names):
                yield row
    except csv.Error:
        return


def is_multiple(name: str) -> bool:
    """Whether a field holds several values: one of VuFind's, or a dynamic one whose name says so."""
    return name in _MULTI or (name not in KNOWN_FIELDS and name.endswith("_mv"))
