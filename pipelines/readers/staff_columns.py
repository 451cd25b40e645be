"""Staff views as columns: the tables of many pages at once, where these are plain, as nearly all are.

The fast path of :mod:`pipelines.readers.page_html`, which reads by :mod:`pipelines.readers.staff_table` what is not;
both give the same row for the same page. A view is read as the page has it (:mod:`pipelines.readers.staff_source`).
Where that may not be what a browser shows, the tree of the page writes it out, which takes less time than to visit its
nodes, and always in one spelling (HTML standard, "Serializing HTML fragments").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from selectolax.lexbor import LexborHTMLParser

from pipelines.readers.byte_spans import Flags, Positions, cut_texts, find_byte
from pipelines.readers.indents import may_be_set_in
from pipelines.readers.json_columns import FIELDS
from pipelines.readers.value_columns import IS_NUMBER, IS_TEXT, Column, Values, table_of_columns
from pipelines.readers.xml_tokens import blank, unescaped

#: Pages with more tables are looked through node by node.
_MOST_TABLES: Final = 8
_ID_HEADING: Final = re.compile(r"<th[^>]*>\s*id\s*</th>")
_ENTITIES: Final = (
    ("&nbsp;", "\u00a0"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&#039;", "'"),
    ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&"),
)  # fmt: skip
_BLANK: Final = " \t\r\n\f"
_MOST_BYTES: Final = 1 << 30
_FIELD: Final = re.compile(r"[^\s:]+")

#: A text of a plain table is a heading or a value. What stands between two of them has one of these forms, by what is
#: before and what behind it; of tables side by side the end of one and the beginning of the next are one form.
_NOTHING, _HEADING, _VALUE, _OTHER = range(4)
_W: Final = r"[ \t\n]*"
#: None with a sign in quotes that looks like the end of the tag, or with = where a name may begin: it is part of that.
ATTRIBUTES: Final = r"""(?:[ \t\n](?:[^<>"'=]|(?<![\s/"])="[^"<>]*")*)?"""
_START: Final = rf"<table{ATTRIBUTES}>{_W}(?:<tbody{ATTRIBUTES}>{_W})?"
_END: Final = rf"(?:</tbody>{_W})?</table>{_W}"
_TO_HEADING: Final = rf"<tr{ATTRIBUTES}>{_W}<th{ATTRIBUTES}>"
_FROM_HEADING: Final = rf"</th>{_W}<td{ATTRIBUTES}>{_W}"
_TO_VALUE: Final = r"<span class=\"detail(?:-value)?\">"
_FROM_VALUE: Final = rf"</span>{_W}<br ?/?>{_W}"
_ROW_END: Final = rf"</td>{_W}</tr>{_W}"
#: Rows whose cell is empty follow one another.
_NEXT: Final = rf"{_ROW_END}(?:{_END}{_START})?{_TO_HEADING}"
_FORMS: Final = tuple(
    (before, behind, re.compile(pattern))
    for before, behind, pattern in (
        (_NOTHING, _HEADING, _START + _TO_HEADING),
        (_HEADING, _VALUE, _FROM_HEADING + _TO_VALUE),
        (_VALUE, _VALUE, _FROM_VALUE + _TO_VALUE),
        (_VALUE, _HEADING, _FROM_VALUE + _NEXT),
        (_HEADING, _HEADING, _FROM_HEADING + _NEXT),
        (_VALUE, _NOTHING, _FROM_VALUE + _ROW_END + _END),
        (_HEADING, _NOTHING, _FROM_HEADING + _ROW_END + _END),
    )
)


def plain_table(page: LexborHTMLParser) -> bytes | None:
    """The one table of a page that has a row of the id, written out; ``None`` where it may not be plain."""
    tables = page.tags("table")
    if len(tables) > _MOST_TABLES:
        return None
    views = [written for table in tables if _ID_HEADING.search(written := table.html or "")]
    return views[0].encode() if len(views) == 1 and "<!" not in views[0] else None


def read_tables(tables: Sequence[bytes]) -> tuple[pa.Table, Positions]:
    """The documents of staff views in UTF-8, in a table of schema ``FIELDS``, and the number of the view of each.

    Views that are not plain have no row.
    """
    data = b"\n".join(tables)
    if len(data) > _MOST_BYTES:
        return _nothing()
    starts = np.cumsum([0, *(len(table) + 1 for table in tables)])
    tags, closing = find_byte(data, b"<"), find_byte(data, b">")
    alike = len(tags) == len(closing)
    if not alike or (tags >= closing).any() or (closing[:-1] >= tags[1:]).any():
        kept = np.flatnonzero(~_torn(starts, tags, closing))
        table, found = read_tables([tables[number] for number in kept.tolist()]) if len(kept) else _nothing()
        return table, kept[found]
    bad = np.zeros(len(tables), bool)
    columns = _columns(_texts_of(data, starts, tags, closing, bad), bad)
    return table_of_columns(columns.values(), bad)


def _nothing() -> tuple[pa.Table, Positions]:
    return FIELDS.empty_table(), np.zeros(0, np.int64)


def _torn(starts: Positions, tags: Positions, closing: Positions) -> Flags:
    """The views whose tags do not each end before the next begins."""
    signs = np.sort(np.concatenate((2 * tags, 2 * closing + 1)), kind="stable")
    torn = np.ones(len(starts) - 1, bool)
    bounds = np.searchsorted(signs, 2 * starts)
    is_end = signs % 2 == 1
    for number, (first, last) in enumerate(pairwise(bounds.tolist())):
        ends = is_end[first:last]
        torn[number] = len(ends) % 2 or ends[::2].any() or not ends[1::2].all()
    return torn


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of views: the number of the view of each, and whether it is a heading."""

    texts: pa.Array
    view: Positions
    is_heading: Flags


def _texts_of(data: bytes, starts: Positions, tags: Positions, closing: Positions, bad: Flags) -> _Texts:
    """The texts of all views. Those in which they do not stand as in a plain table are bad."""
    begins, ends = closing[:-1] + 1, tags[1:]
    filled = np.flatnonzero(begins < ends)
    view = np.frombuffer(data, np.uint8)
    # Nearly all that begins with a blank is one newline.
    seem_blank = filled[_IS_BLANK[view[begins[filled]]]]
    doubtful = seem_blank[ends[seem_blank] - begins[seem_blank] > 1]
    between = cut_texts(data, begins[doubtful], ends[doubtful], len(data)).take(pa.array(2 * np.arange(len(doubtful))))
    is_text = np.zeros(len(begins), bool)
    is_text[filled] = True
    is_text[seem_blank] = False
    is_text[doubtful[~blank(between)]] = True
    begins, ends = begins[is_text], ends[is_text]
    both = cut_texts(data, np.append(0, begins), np.append(0, ends), len(data))
    gaps = both.take(pa.array(2 * np.arange(len(begins) + 1) + 1)).dictionary_encode()
    forms = np.array([_form_of(one) for one in gaps.dictionary.to_pylist()], np.int8).reshape(-1, 2)
    before, behind = forms[gaps.indices.to_numpy()].T
    owner = np.searchsorted(starts, begins, "right") - 1
    # What stands behind one text has to be what stands before the next.
    bad[owner[behind[:-1] != before[1:]]] = True
    bad[owner[(behind[:-1] == _OTHER) | (behind[:-1] == _NOTHING)]] = True
    texts = both.take(pa.array(2 * np.arange(1, len(begins) + 1)))
    return _Texts(texts, owner, behind[:-1] == _HEADING)


_IS_BLANK: Final = np.zeros(256, bool)
_IS_BLANK[list(b" \t\n")] = True


def _form_of(between: str) -> tuple[int, int]:
    found = ((before, behind) for before, behind, pattern in _FORMS if pattern.fullmatch(between))
    return next(found, (_OTHER, _OTHER))


def _columns(found: _Texts, bad: Flags) -> dict[str, Column]:
    """The values of each field; views whose headings are no fields, or hold other entities, are bad."""
    headings = np.flatnonzero(found.is_heading)
    if not len(headings):
        # Whatever stands in these views, it is of no field.
        bad[:] = True
        return {}
    texts, odd = unescaped(found.texts.take(pa.array(headings)), _ENTITIES)
    bad[found.view[headings[odd]]] = True
    encoded = texts.dictionary_encode()
    names = [name.strip(_BLANK) for name in encoded.dictionary.to_pylist()]
    is_field = np.array([_FIELD.fullmatch(name) is not None for name in names], bool)
    # Headings that differ by their blanks alone are one field.
    fields = {name: number for number, name in enumerate(dict.fromkeys(names))}
    of_name = np.array([fields[name] for name in names], np.int64)
    numbers = encoded.indices.to_numpy()
    bad[found.view[headings[~is_field[numbers]]]] = True

    places = np.flatnonzero(~found.is_heading)
    texts, odd = unescaped(found.texts.take(pa.array(places)), _ENTITIES)
    bad[found.view[places[odd]]] = True
    field = of_name[numbers[np.searchsorted(headings, places) - 1]]
    # The id tells whether a program has set all texts in lines of their own.
    of_id = np.flatnonzero(field == fields.get("id", -1))
    bad[found.view[places[of_id[may_be_set_in(texts.take(pa.array(of_id)))]]]] = True
    listed = np.array([name.endswith("_mv") for name in fields], bool)[field]
    kinds = np.array([IS_NUMBER if name == "_version_" else IS_TEXT for name in fields], np.int8)
    values = Values(texts, found.view[places], field, kinds[field], listed)
    none = np.zeros(0, np.int64)
    order = np.argsort(field.astype(np.uint16), kind="stable")
    bounds = np.cumsum(np.bincount(field, minlength=len(fields)))
    return {
        name: Column(name, values.at(places), none)
        for name, places in zip(fields, np.split(order, bounds[:-1]), strict=True)
    }
