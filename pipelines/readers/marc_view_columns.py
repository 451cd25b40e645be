"""Staff views of MARC records as columns: the tables of many pages at once, where they stand as VuFind writes them.

The fast path of :mod:`pipelines.readers.marc_view`, to which it leaves all other pages; both give the same document for
the same page. What the rows of a table say is put as MARCXML says it, and read with all others by
:mod:`pipelines.readers.marcxml_columns`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Positions
from pipelines.readers.marc_fields import to_fields
from pipelines.readers.marc_view import TITLE
from pipelines.readers.marcxml_columns import read_columns
from pipelines.readers.staff_columns import ATTRIBUTES
from pipelines.records import TEXT

_W: Final = rb"[ \t\n\f]*"
_ATTRIBUTES: Final = ATTRIBUTES.encode()
_CELL: Final = _W + rb"<td" + _ATTRIBUTES + rb">"
_SUBFIELDS: Final = rb'(?:<subfield code="[!#-%\x27-;=?-~]">[^<]*</subfield>)+'
_LEADER, _CONTROL = b"LEADER", b"00"
_NO_BREAK: Final = b"\xc2\xa0"
#: What ends a subfield before the next one, or the last.
_SUBFIELD_END: Final = re.compile(_NO_BREAK + _W + rb"(?=<strong>|</td>)")
#: A row: its heading, the one cell of the leader or a control field, or the three of any other field.
_ROW: Final = re.compile(
    rb"<tr" + _ATTRIBUTES + rb">" + _W + rb"<th" + _ATTRIBUTES + rb">"
    rb"" + _W + rb"(LEADER|[0-9A-Za-z]{3})" + _W + rb"</th>"
    rb"(?:" + _CELL + rb"([^<]*)</td>"
    rb"|" + 2 * (_CELL + rb'([^<>"&\n])</td>') + _CELL + _W + rb"(" + _SUBFIELDS + rb")" + _W + rb"</td>"
    rb")" + _W + rb"</tr>" + _W
)  # fmt: skip
_GROUPS: Final = _ROW.groups + 1
#: What stands before the rows: also one that sets how wide columns are, empty or with headings alone.
_START: Final = re.compile(
    rb"<table" + _ATTRIBUTES + rb">" + _W + rb"(?:<tbody>" + _W + rb")?(?:<tr" + _ATTRIBUTES + rb">(?:"
    rb"" + _W + rb"<th" + _ATTRIBUTES + rb">" + _W + rb"</th>(?:" + _CELL + _W + rb"</td>)*"
    rb"|(?:" + _W + rb"<th" + _ATTRIBUTES + rb">[^<]*</th>){2,}"
    rb")" + _W + rb"</tr>" + _W + rb")?"
)  # fmt: skip
_END: Final = re.compile(rb"(?:</tbody>" + _W + rb")?</table>")


def as_marcxml(table: bytes) -> bytes | None:
    """The record of a table as MARCXML, ``None`` where the table is written in any other way."""
    table = _SUBFIELD_END.sub(b"</subfield>", table.replace(b"&nbsp;", _NO_BREAK))
    table = table.replace(b"<strong>|", b'<subfield code="').replace(b"</strong>" + _NO_BREAK, b'">')
    parts = _ROW.split(table)
    between, headings, *cells = (parts[group::_GROUPS] for group in range(_GROUPS))
    is_whole = not any(between[1:-1]) and _START.fullmatch(between[0]) and _END.fullmatch(between[-1])
    if not is_whole or TITLE.encode() not in headings:
        return None
    elements = [_element(*row) for row in zip(headings, *cells, strict=True)]
    return b"".join((b"<record>", *elements, b"</record>")) if all(elements) else None


def _element(heading: bytes, text: bytes | None, *coded: bytes) -> bytes:
    """A row as MARCXML, by the text of its one cell or by indicators and subfields; "" where its heading has others."""
    if text is None:
        is_field = heading != _LEADER and not heading.startswith(_CONTROL)
        return b'<datafield tag="%b" ind1="%b" ind2="%b">%b</datafield>' % (heading, *coded) if is_field else b""
    if heading == _LEADER:
        return b"<leader>%b</leader>" % text
    return b'<controlfield tag="%b">%b</controlfield>' % (heading, text) if heading.startswith(_CONTROL) else b""


def read_views(records: Sequence[bytes], ids: Sequence[str | None]) -> tuple[pa.Table, Positions]:
    """The documents of records by :func:`as_marcxml` in a table of schema ``FIELDS``, and the number of each.

    ``ids`` are those that the pages say, which count before field 001. Records that are no documents, or not plain,
    have no row.
    """
    table, rows = read_columns(records)
    around = {"id": pa.array([ids[row] for row in rows.tolist()], TEXT)}
    fields, refused, other_kinds = to_fields(replace(table, around=around).living())
    if none := [*refused, *other_kinds]:
        kept = np.setdiff1d(np.arange(len(rows)), none)
        fields, rows = fields.take(pa.array(kept)), rows[kept]
    return fields, rows
