"""The staff view of a record page as HTML: a table of the Solr document, whose values stand apart.

A row is ``<th>field</th><td>values</td>``. Since VuFind 9 each value is a ``<span class="detail">`` with ``<br>``
after it (View/Helper/Root/PrintArrayHtml.php), before that escaped text with ``<br />`` after it, amid the
template's own blanks (RecordTab/staffviewarray.phtml). Neither depends on the language of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.readers.json_exact import NotADocumentError, Number
from pipelines.records import MULTI_VALUED_FIELDS

_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_VALUE_CLASSES: Final = frozenset({"detail", "detail-value"})
_TERM_CLASS: Final = "term"
_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)

#: What a template puts around values, and what HTML calls blank.
_BLANK: Final = " \t\r\n\f"

#: Before values within values stand indents and a dash: &ensp; and &ndash;.
_LAYOUT: Final = _BLANK + "\u2002\u2013"


def staff_tables(page: LexborHTMLParser) -> list[tuple[LexborNode, dict[str, list[str]]]]:
    """The tables that are a staff view, each with the values of its fields as they stand there.

    Such a table has a row headed ``id``, and every row of it that has a heading is headed by a field.
    A field whose cell is empty has no value.
    """
    tables: dict[int, tuple[LexborNode, list[tuple[str, LexborNode]]]] = {}
    others: set[int] = set()
    for heading in page.css("th"):
        row = heading.parent
        table = _table_of(row)
        if row is None or table is None or table.mem_id in others:
            continue
        name = _only_text(heading).strip(_BLANK)
        cell = _cell_after(heading)
        if cell is None or not _FIELD.fullmatch(name):
            others.add(table.mem_id)
            tables.pop(table.mem_id, None)
            continue
        tables.setdefault(table.mem_id, (table, []))[1].append((name, cell))
    found = []
    for table, rows in tables.values():
        if any(name == "id" for name, _ in rows):
            fields: dict[str, list[str]] = {}
            for name, cell in rows:
                fields.setdefault(name, []).extend(_values(cell))
            found.append((table, fields))
    return found


def to_document(fields: dict[str, list[str]]) -> dict[str, Any]:
    """The Solr document of a staff view's fields.

    Fields that hold any number of values are lists, also those of one value; local fields are lists
    where they have several.

    Raises :class:`NotADocumentError` where a field of the index that holds one number is none.
    """
    document: dict[str, Any] = {}
    for name, values in fields.items():
        if not values:
            continue
        if name == "_version_":
            if len(values) != 1 or not re.fullmatch(r"-?[0-9]{1,19}", values[0]):
                raise NotADocumentError(f"the field _version_ is no whole number: {values[0][:40]!r}")
            document[name] = Number(values[0])
        elif name in _MULTI or name.endswith("_mv") or len(values) > 1:
            document[name] = values
        else:
            document[name] = values[0]
    return document


def _only_text(node: LexborNode) -> str:
    """The text that a node is, "" where there is anything else in it."""
    text = node.first_child
    return (text.text_content or "") if text is not None and text.next is None else ""


def _table_of(row: LexborNode | None) -> LexborNode | None:
    """The table of a row: its parent or, within a ``<tbody>``, that one's."""
    if row is None or row.tag != "tr":
        return None
    table = row.parent
    if table is not None and table.tag != "table":
        table = table.parent
    return table if table is not None and table.tag == "table" else None


def _cell_after(heading: LexborNode) -> LexborNode | None:
    cell = heading.next
    while cell is not None and cell.tag != "td":
        if cell.is_element_node:
            return None
        cell = cell.next
    return cell


def _values(cell: LexborNode) -> list[str]:
    detailed = _detailed_values(cell)
    if detailed is not None:
        return detailed
    values, begun = [], ""
    for node in _children(cell):
        if node.tag == "br":
            values.append(begun.strip(_BLANK))
            begun = ""
        elif not node.is_comment_node:
            begun += node.text()
    rest = begun.strip(_BLANK)
    return [*values, rest] if rest else values


def _detailed_values(cell: LexborNode) -> list[str] | None:
    """What stands in the spans for values, to the last blank; ``None`` where something stands beside them.

    A value within a value is led by its key, as it is on its line: ``key: value``.
    """
    values: list[str] = []
    terms = ""
    for node in _children(cell):
        tag = node.tag
        if tag == "br":
            terms = ""
        elif tag == "span":
            classes = (node.attributes.get("class") or "").split()
            if _TERM_CLASS in classes:
                terms += f"{node.text()} "
            elif _VALUE_CLASSES.isdisjoint(classes):
                return None
            else:
                values.append(terms + node.text())
                terms = ""
        elif not node.is_comment_node and node.text().strip(_LAYOUT):
            return None
    return values or None


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next
