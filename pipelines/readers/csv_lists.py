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
#: A list of quoted values, and one of several.
_QUOTED: Final = re.compile(r"""\[['"].*['"]\]""", re.DOTALL)
_SEVERAL_QUOTED: Final = re.compile(r"""['"], ?['"]""")
#: As many rows tell lists without quotes from what stands in brackets.
_MANY_ROWS: Final = 10
#: Who writes lists so, by what follows the bracket, and the way out.
_WRITERS: Final = {
    "'": "as Python (pandas) writes them: write JSON lines (df.to_json(path, orient='records', lines=True))",
    '"': "as JSON: write JSON lines, a document a line with its lists",
    "": "as DuckDB writes them: write JSON lines (COPY … TO 'dump.jsonl' (FORMAT json))",
}


def lists_in_cells(head: bytes) -> str:
    """How a CSV of an index that begins so writes lists, where it is not as Solr does, and the way out; "" for others.

    It is so where all cells of fields with several values are in brackets, with quotes within these in one field, or
    without in many rows, of which some have several values in two fields: what cataloguers put in brackets, such as
    "[1999]", "[S.l.]" or "['s-Gravenhage]", is not. Where some of these fields are written otherwise, one must have
    such quotes in most rows, and several values in one of them.
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
    lists = [(index, cell) for index, cell in cells if index not in others]
    quoted = [(index, cell) for index, cell in lists if _QUOTED.fullmatch(cell)]
    several = {index for index, cell in lists if ", " in cell}
    in_all = not others and (bool(quoted) or (len(found) >= _MANY_ROWS and len(several) > 1))
    often = Counter(index for index, _ in quoted)
    in_most_rows = any(often[index] >= max(2, len(found) / 2) for index, cell in quoted if _SEVERAL_QUOTED.search(cell))
    if not (in_all or in_most_rows):
        return ""
    signs = {cell[1] for _, cell in quoted}
    return f"lists in its cells {next(said for sign, said in _WRITERS.items() if not sign or sign in signs)}"
