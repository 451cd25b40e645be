"""Lists in the cells of a CSV as other programs than Solr write them, which cannot be told apart value by value."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from pipelines.readers.csv_dialect import header_and_rows, is_multiple, read_header, rows_of

_ROWS_LOOKED_AT: Final = 100
_BYTES_LOOKED_AT: Final = 256 << 10
#: A bracket at the beginning of a cell. The byte stands first, since it is found faster than a class.
_LIST: Final = re.compile(rb'\[(?<=[\n,;\t|"]\[)')
#: Where cataloguers write in brackets what does not stand in the book: "[1999]", "[S.l.]".
_OFTEN_IN_BRACKETS: Final = frozenset({"publishDate", "publisher", "dateSpan"})
#: Who writes lists so, by what follows the bracket, and the way out.
_WRITERS: Final = {
    "'": "as Python (pandas) writes them: write JSON lines (df.to_json(path, orient='records', lines=True))",
    '"': "as JSON: write JSON lines, a document a line with its lists",
    "": "as DuckDB writes them: write JSON lines (COPY … TO 'dump.jsonl' (FORMAT json))",
}


def lists_in_cells(head: bytes) -> str:
    """How a CSV of an index that begins so writes lists, where it is not as Solr does, and the way out; "" for others.

    It is so where all cells of fields with several values are in brackets: in two fields, or in one with a quote behind
    the bracket. Where some of these fields are written otherwise, one must have such quotes in most rows.
    """
    line, rows = header_and_rows(head)
    rows = rows[:_BYTES_LOOKED_AT]
    header = read_header(line) if _LIST.search(b"\n" + rows) else None
    if header is None:
        return ""
    columns = [index for index, name in enumerate(header.names) if is_multiple(name)]
    found = list(rows_of(rows, header, _ROWS_LOOKED_AT))
    if len(found) > 1 and not rows.endswith(b"\n"):
        found.pop()  # The last cell of a row that is cut off ends anyhow.
    cells = [
        (index, row[index]) for row in found for index in columns if row[index] and row[index] not in header.nothing
    ]
    others = {index for index, cell in cells if not (cell[0] == "[" and cell[-1] == "]")}
    lists = [(index, cell[1]) for index, cell in cells if index not in others]
    quoted = Counter(index for index, sign in lists if sign in "'\"")
    fields = {header.names[index] for index, _ in lists}
    in_all = not others and (bool(quoted) or (len(fields) > 1 and not fields <= _OFTEN_IN_BRACKETS))
    in_most_rows = max(quoted.values(), default=0) >= max(2, len(found) / 2)
    if not (in_all or in_most_rows):
        return ""
    signs = {sign for index, sign in lists if index in quoted}
    return f"lists in its cells {next(said for sign, said in _WRITERS.items() if not sign or sign in signs)}"
