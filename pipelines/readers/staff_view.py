"""The staff view of a record page as text: where it is, and its rows.

VuFind prints the Solr document sorted by field name (VuFind 10, RecordTab/staffviewarray.phtml), here
as rows `field | value |` with `---|---|` after the first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.readers.byte_spans import BYTE_ORDER_MARK
from pipelines.records import MULTI_VALUED_FIELDS, SINGLE_VALUED_FIELDS

#: The name of a field, as a pattern.
FIELD: Final = rb"[A-Za-z_][A-Za-z0-9_.\-]*"
_ROW: Final = re.compile(rb"(" + FIELD + rb") \|([^\n]*)(?:\n|\Z)")
_ROW_WITH_VALUE: Final = re.compile(FIELD + rb" \| ")
_ROW_START: Final = re.compile(rb"^(" + FIELD + rb") \|", re.MULTILINE)
_LABELLED_ROW: Final = re.compile(rb"^[^|\n]+:[ \t]*\|", re.MULTILINE)
_LINE: Final = re.compile(rb"([^\n]*)(?:\n|\Z)")
_SEPARATOR: Final = re.compile(rb"---\|---\|[ \t\r]*(?:\n|\Z)")
_LINE_START: Final = rb"(?:^|(?<=^" + BYTE_ORDER_MARK + rb"))"
_TABLE: Final = re.compile(_LINE_START + FIELD + rb" \|[^\n]*\n---\|---\|[ \t\r]*$", re.MULTILINE)
#: What stands below the first row, but for blanks behind it.
SEPARATOR: Final = b"---|---|"
_BARRED_ROW: Final = re.compile(rb"^[^\w\n]*\|[ ]*(" + FIELD + rb")[ ]*\|", re.MULTILINE)
#: What is wrong with a staff view that is not written as VuFind's text is.
SHIFTED: Final = (
    "a staff view in a form that is not read (all its rows must be `field | value |`, or `| field | value |`): "
    "save the page as HTML"
)
_WHOLE_FIELD: Final = re.compile(FIELD)
#: What a closed value ends with.
_BARS: Final = frozenset({b"|", b" |", b"\t|"})

_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)
#: Fields of VuFind's index, and what Solr adds.
KNOWN_FIELDS: Final = frozenset({*SINGLE_VALUED_FIELDS, *MULTI_VALUED_FIELDS, "_version_", "score", "publishDateSort"})
VERSION_FIELD: Final = "_version_"
#: So many fields tell that a table in an unknown form is a staff view, if not all of them are common words.
_FEWEST_NAMES: Final = 3
_WORD: Final = re.compile("[a-z]+")
_LOCAL: Final = ("_str", "_str_mv", "_txt", "_txt_mv", "_boolean", "_date", "_date_mv", "_isn_mv", "_geo")
#: Lines after a row are looked at so far for another one.
_LONGEST_GAP: Final = 1 << 16


def is_field(name: bytes) -> bool:
    """Whether a row may begin with this name."""
    return _WHOLE_FIELD.fullmatch(name) is not None


def may_be_row(name: str) -> bool:
    """Whether a field of this name may stand in VuFind's index."""
    return name in KNOWN_FIELDS or name.endswith(_LOCAL)


def names_staff_view(names: Sequence[str]) -> bool:
    """Whether these are the names of the rows of a staff view, and of no other table.

    Tables that tell of fields (in a README) begin with other words, and those of other programs have titles and
    authors too, but not with VuFind's names. Solr's own field comes first in nearly all staff views.
    """
    if not names or names[0] == VERSION_FIELD:
        return bool(names)
    known = {name for name in names if may_be_row(name)}
    return names[0] in known and len(known) >= _FEWEST_NAMES and any(not _WORD.fullmatch(name) for name in known)


def is_separator(line: bytes) -> bool:
    """Whether a line is the separator of a staff view."""
    return _SEPARATOR.fullmatch(line) is not None


def find_table(page: bytes, position: int = 0) -> int | None:
    """Where the next staff view begins: a row `field | value |` with the separator after it."""
    found = _TABLE.search(page, position)
    return found.start() if found else None


def read_table(page: bytes, start: int, end: int | None = None) -> tuple[list[tuple[str, bytes]], int, str]:
    """The (field, value) rows of the table at ``start``, where it ends, and what is wrong with it ("" for nothing).

    ``end`` is where the next table or page begins: nothing of a table stands behind it, whatever is still open there.
    What is given of a table is the same whether the page goes on behind where the table ends or not.

    A value goes on over lines until one ends with ` |`; it may hold ` | ` itself, also at the end of a line where
    rows of the table follow. VuFind's own order of rows, by name, helps to tell rows from lines of values.
    """
    if end is not None:
        fields, stop, fault = read_table(page[start:end], 0)
        return fields, start + stop, fault
    rows: dict[str, bytes] = {}
    ordered, last, position, fault = True, "", start, ""
    found = _ROW.match(page, position)
    while found:
        name, value, end = found[1].decode(), found[2], found.end()
        closed = _without_bar(value)
        if rows and closed is not None and page.startswith(SEPARATOR, end) and _SEPARATOR.match(page, end):
            return list(rows.items()), position, fault
        if name in rows:
            return list(rows.items()), end, f"the staff view has the field {name} twice"
        ordered = ordered and name > last
        if closed is None:
            closed, end = _read_value(page, value, end, _Seen(name, ordered, rows.keys()))
            # A separator after a row that is not the first is of another table, whose row closed an open value.
            if closed is None or (rows and _SEPARATOR.match(page, end)):
                # The separator goes with the first row: without it there would be no table.
                separator = None if rows else _SEPARATOR.match(page, found.end())
                stop = (separator or found).end()
                return list(rows.items()), stop, f"the staff view is cut off in the field {name}"
        if not rows and (separator := _SEPARATOR.match(page, end)):
            end = separator.end()
        following = _ROW.match(page, end)
        if following is None and end < len(page) and rows:
            goes_on = _next_row(page, end, _Seen(name, ordered, rows.keys()))
            if goes_on is not None:
                closed = _without_bar(page[found.start(2) : goes_on].rstrip(b"\n")) or closed
                end, following = goes_on, _ROW.match(page, goes_on)
        if b"\n" in closed and _holds_row(closed):
            fault = SHIFTED
        rows[name] = closed.strip()
        last, position, found = name, end, following
    return list(rows.items()), position, fault


def _holds_row(value: bytes) -> bool:
    """Whether a line of a value is a row with a bar before it: then not all rows of the view have one."""
    return any(may_be_row(row[1].decode()) for row in _BARRED_ROW.finditer(value))


def _without_bar(line: bytes) -> bytes | None:
    """A value without the bar that closes it; ``None`` where none does."""
    line = line.rstrip(b" \t\r\0")
    return line[:-1] if line[-2:] in _BARS else None


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where in a table a value is: its field, whether the rows came by name so far, and the fields before it."""

    name: str
    ordered: bool
    before: Collection[str]

    def may_follow(self, name: str) -> bool:
        """Whether a line that begins like a row of the field ``name`` is the next row."""
        if self.ordered and name > self.name:
            return True
        return name != self.name and name not in self.before and may_be_row(name)


def _read_value(page: bytes, begun: bytes, position: int, seen: _Seen) -> tuple[bytes | None, int]:
    """The value of a field that has begun on one line, and where it ends; ``None`` where it does not."""
    value = [begun]
    while position < len(page):
        line = _LINE.match(page, position)
        following = _ROW_WITH_VALUE.match(page, position)
        if line is None or (following and seen.may_follow(following[0][:-3].decode())):
            break
        position = line.end()
        closed = _without_bar(line[1])
        if closed is not None:
            return b"\n".join([*value, closed]), position
        value.append(line[1])
    return None, position


def _next_row(page: bytes, position: int, seen: _Seen) -> int | None:
    """Where the next row begins, if lines that are none stand before it: a line of the value ended with a bar."""
    limit = min(position + _LONGEST_GAP, len(page))
    table = find_table(page, position)
    limit = limit if table is None else min(limit, table)
    for row in _ROW_START.finditer(page, position, limit):
        name = row[1].decode()
        if name in KNOWN_FIELDS and seen.may_follow(name) and not _LABELLED_ROW.search(page, position, row.start()):
            return row.start()
    return None
