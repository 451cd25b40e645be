"""The staff view of a record page as HTML: a table of the Solr document, whose values stand apart.

A row is ``<th>field</th><td>values</td>``. Since VuFind 9 each value is a ``<span class="detail">`` with ``<br>``
after it (View/Helper/Root/PrintArrayHtml.php), before that escaped text with ``<br />`` after it, amid the
template's own blanks (RecordTab/staffviewarray.phtml). Neither depends on the language of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.readers.indents import is_set_in, without_indent
from pipelines.readers.json_exact import NotADocumentError, Number
from pipelines.records import MULTI_VALUED_FIELDS

#: Labels of the page that are one word end with a colon.
_FIELD: Final = re.compile(r"[^\s:]+")
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)

#: One is usual; what tables within tables hold would be read over and over.
MOST_TABLES: Final = 8
_VALUE_CLASSES: Final = frozenset({"detail", "detail-value"})
_TERM_CLASS: Final = "term"
_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)

#: Elements that themes put around values, instead of an end of line behind each; in so many others at most.
_BLOCKS: Final = frozenset({"div", "p", "ul", "ol", "li"})
_DEEPEST_BLOCK: Final = 16

#: What a template puts around values, and what HTML calls blank.
_BLANK: Final = " \t\r\n\f"

#: Set behind a page. Whatever is open there is closed, and the row stands in the staff view if that is still open.
END_MARK: Final = b"""-->'"></script></style></title></textarea><tr data-end-of-page><td>"""
END_MARK_SELECTOR: Final = "tr[data-end-of-page]"

#: Before values within values stand indents and a dash: &ensp; and &ndash;.
_LAYOUT: Final = _BLANK + "\u2002\u2013"


@dataclass(slots=True)
class _Rows:
    """The rows of a table that have a field for a heading."""

    table: LexborNode
    cells: list[tuple[str, LexborNode]] = field(default_factory=list)
    of_something_else: bool = False


def staff_tables(page: LexborHTMLParser) -> list[tuple[LexborNode, dict[str, list[str]]]]:
    """The tables that are a staff view, each with the values of its fields as they stand there.

    Such a table has a row headed ``id``, and every row that has a heading beside a cell is headed by a field.
    A field whose cell is empty has no value.

    Raises :class:`NotADocumentError` where there are too many to be looked into.
    """
    tables: dict[int, _Rows] = {}
    bodies: dict[int, _Rows | None] = {}
    for heading in page.tags("th"):
        row = heading.parent
        body = row.parent if row is not None and row.tag == "tr" else None
        if body is None:
            continue
        key = body.mem_id
        if key not in bodies:
            table = body if body.tag == "table" else body.parent
            is_table = table is not None and table.tag == "table"
            bodies[key] = tables.setdefault(table.mem_id, _Rows(table)) if table is not None and is_table else None
        rows = bodies[key]
        if rows is None or rows.of_something_else:
            continue
        name = only_text(heading).strip(_BLANK)
        cell = cell_after(heading)
        if cell is None:
            continue
        if _FIELD.fullmatch(name):
            rows.cells.append((name, cell))
        else:
            rows.of_something_else = True
    views = [
        rows for rows in tables.values() if not rows.of_something_else and any(name == "id" for name, _ in rows.cells)
    ]
    if len(views) > MOST_TABLES:
        raise NotADocumentError(f"a page with {len(views):,} staff views")
    return [(rows.table, _fields(rows.cells)) for rows in views]


def _fields(cells: list[tuple[str, LexborNode]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, cell in cells:
        fields.setdefault(name, []).extend(cell_values(cell))
    if any(map(is_set_in, fields["id"])):
        return {name: list(map(without_indent, values)) for name, values in fields.items()}
    return fields


def to_document(fields: dict[str, list[str]]) -> dict[str, Any]:
    """The Solr document of a staff view's fields.

    Fields that hold any number of values are lists, also those of one value; local fields are lists
    where they have several.
    """
    document: dict[str, Any] = {}
    for name, values in fields.items():
        if not values:
            continue
        if name == "_version_" and len(values) == 1 and _WHOLE_NUMBER.fullmatch(values[0]):
            document[name] = Number(values[0])
        elif name in _MULTI or name.endswith("_mv") or len(values) > 1:
            document[name] = values
        else:
            document[name] = values[0]
    return document


def only_text(node: LexborNode) -> str:
    """The text that a node is, "" where there is anything else in it."""
    text = node.first_child
    return (text.text_content or "") if text is not None and text.next is None else ""


def cell_after(heading: LexborNode, tag: str = "td") -> LexborNode | None:
    """The cell that a row has next to its heading."""
    cell = heading.next
    while cell is not None and cell.tag != tag:
        if cell.is_element_node:
            return None
        cell = cell.next
    return cell


def cell_values(cell: LexborNode, depth: int = 0) -> list[str]:
    """The values that stand in a cell, each in an element or on a line of its own."""
    detailed = _detailed_values(cell)
    if detailed is not None:
        return detailed
    values, begun = [], ""
    for node in children(cell):
        if node.tag == "br":
            values.append(begun.strip(_BLANK))
            begun = ""
        elif node.tag in _BLOCKS and depth < _DEEPEST_BLOCK:
            values += [text for text in (begun.strip(_BLANK), *cell_values(node, depth + 1)) if text]
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
    for node in children(cell):
        tag = node.tag
        if tag == "br":
            terms = ""
        elif tag == "span":
            classes = node.attributes.get("class") or ""
            if classes == "detail" or not _VALUE_CLASSES.isdisjoint(classes.split()):
                values.append(terms + node.text())
                terms = ""
            elif _TERM_CLASS in classes.split():
                terms += f"{node.text()} "
            else:
                return None
        elif not node.is_comment_node and node.text().strip(_LAYOUT):
            return None
    return values or None


def children(node: LexborNode) -> Iterator[LexborNode]:
    """What stands directly in a node, comments too."""
    child = node.first_child
    while child is not None:
        yield child
        child = child.next
