"""Staff views as columns: the tables of many pages at once, where these are plain, as nearly all are.

The fast path of :mod:`pipelines.readers.page_html`, which reads by :mod:`pipelines.readers.staff_table` what is not;
both give the same row for the same page. The tree of a page writes its table out faster than its nodes can be visited,
and always in one spelling (HTML standard, "Serializing HTML fragments").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from selectolax.lexbor import LexborHTMLParser

from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.value_columns import IS_NUMBER, IS_TEXT, Column, Values, table_of_columns
from pipelines.readers.xml_tokens import Tokens, blank, tokens_of, unescaped

#: Pages with more tables are looked through node by node.
_MOST_TABLES: Final = 8
_ID_HEADING: Final = re.compile(r"<th[^>]*>\s*id\s*</th>")
_ENTITIES: Final = (("&nbsp;", "\u00a0"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_BLANK: Final = " \t\r\n\f"
_FIELD: Final = re.compile(r"[^\s:]+")

#: What a tag is, and what stands behind it in a plain table.
_OTHER, _TABLE, _BODY, _ROW, _HEADING, _HEADING_END, _CELL, _VALUE, _VALUE_END, _BREAK = range(10)
_CELL_END, _ROW_END, _BODY_END, _TABLE_END = range(10, 14)
_FOLLOWING: Final = {
    _TABLE: (_BODY,), _BODY: (_ROW,), _ROW: (_HEADING,), _HEADING: (_HEADING_END,), _HEADING_END: (_CELL,),
    _CELL: (_VALUE, _CELL_END), _VALUE: (_VALUE_END,), _VALUE_END: (_BREAK,), _BREAK: (_VALUE, _CELL_END),
    _CELL_END: (_ROW_END,), _ROW_END: (_ROW, _BODY_END), _BODY_END: (_TABLE_END,), _TABLE_END: (_TABLE,),
}  # fmt: skip
_FOLLOWS: Final = np.zeros((14, 14), bool)
for _before, _behind in _FOLLOWING.items():
    _FOLLOWS[_before, list(_behind)] = True
_EXACT: Final = {
    '<span class="detail">': _VALUE, '<span class="detail-value">': _VALUE, "</span>": _VALUE_END, "<br>": _BREAK,
    "</th>": _HEADING_END, "</td>": _CELL_END, "</tr>": _ROW_END, "</tbody>": _BODY_END, "</table>": _TABLE_END,
}  # fmt: skip
_OPENING: Final = {"table": _TABLE, "tbody": _BODY, "tr": _ROW, "th": _HEADING, "td": _CELL}
_OPENING_TAG: Final = re.compile(r"<(table|tbody|tr|th|td)(?=[ >])")


def plain_table(page: LexborHTMLParser) -> str | None:
    """The one table of a page that has a row of the id, written out; ``None`` where it may not be plain."""
    tables = page.tags("table")
    if len(tables) > _MOST_TABLES:
        return None
    views = [written for table in tables if _ID_HEADING.search(written := table.html or "")]
    return views[0] if len(views) == 1 and "<!" not in views[0] else None


def read_tables(tables: Sequence[str]) -> tuple[pa.Table, Positions] | None:
    """The documents of staff views, in a table of schema ``FIELDS``, and the number of the view that each is of.

    Views that are not plain have no row; ``None`` where they cannot be told apart.
    """
    tokens = tokens_of("\n".join(tables).encode())
    if tokens is None:
        return None
    what = np.array([_what(tag) for tag in tokens.tags], np.int64)[tokens.numbers]
    view = np.cumsum(what == _TABLE) - 1
    begun = np.flatnonzero(what == _TABLE)
    if len(begun) != len(tables) or begun[0] != 0:
        return None
    bad = np.zeros(len(tables), bool)
    bad[view[:-1][~_FOLLOWS[what[:-1], what[1:]]]] = True
    bad[-1] |= what[-1] != _TABLE_END
    beside = np.flatnonzero((what != _VALUE) & (what != _HEADING))
    bad[view[beside[~blank(tokens.texts.take(pa.array(beside)))]]] = True
    return table_of_columns(_columns(tokens, what, view, bad).values(), bad)


def _what(tag: str) -> int:
    opening = _OPENING_TAG.match(tag)
    return _OPENING[opening[1]] if opening else _EXACT.get(tag, _OTHER)


def _columns(tokens: Tokens, what: Positions, view: Positions, bad: Flags) -> dict[str, Column]:
    """The values of each field; views whose headings are no fields, or hold other entities, are bad."""
    headings = np.flatnonzero(what == _HEADING)
    texts, odd = unescaped(tokens.texts.take(pa.array(headings)), _ENTITIES)
    bad[view[headings[odd]]] = True
    encoded = texts.dictionary_encode()
    names = [name.strip(_BLANK) for name in encoded.dictionary.to_pylist()]
    is_field = np.array([_FIELD.fullmatch(name) is not None for name in names], bool)
    # Headings that differ by their blanks alone are one field.
    fields = {name: number for number, name in enumerate(dict.fromkeys(names))}
    of_name = np.array([fields[name] for name in names], np.int64)
    numbers = encoded.indices.to_numpy()
    bad[view[headings[~is_field[numbers]]]] = True

    places = np.flatnonzero(what == _VALUE)
    texts, odd = unescaped(tokens.texts.take(pa.array(places)), _ENTITIES)
    bad[view[places[odd]]] = True
    field = of_name[numbers[np.searchsorted(headings, places) - 1]]
    listed = np.array([name.endswith("_mv") for name in fields], bool)[field]
    kinds = np.array([IS_NUMBER if name == "_version_" else IS_TEXT for name in fields], np.int8)
    values = Values(texts, view[places], field, kinds[field], listed)
    none = np.zeros(0, np.int64)
    return {name: Column(name, values.at(np.flatnonzero(field == number)), none) for name, number in fields.items()}
