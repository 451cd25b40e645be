"""The staff view of a MARC record on a page as HTML: a table of its fields, a row each.

Source: VuFind 1 to 11, ``module/VuFind/xsl/record-marc.xsl``. A row has the tag for its heading. One cell follows for
the leader (``LEADER``) and for a control field; of any other field, two for its indicators and one in which a
``<strong>`` with a bar and its code leads each subfield, between no-break spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyarrow as pa
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.readers.indents import is_set_in, without_indent
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.marc_batch import document_of_row
from pipelines.readers.marc_fields import to_fields
from pipelines.readers.marc_record import LEADER, SUBFIELD, MarcRecord
from pipelines.readers.marc_table import table_of_records
from pipelines.readers.staff_source import LEADER_HEADING, LEADER_WORD
from pipelines.readers.staff_table import MOST_TABLES, children, only_text

TITLE: Final = "245"
_ID: Final = "001"
_BODIES: Final = frozenset({"tbody", "thead", "tfoot"})
_TAG: Final = re.compile(r"[0-9A-Za-z]{3}")
_CODE: Final = re.compile(r"[ \t\r\n\f]*\|([^\t\r\n\f])?[ \t\r\n\f]*")
_BLANK: Final = " \t\r\n\f"
_NO_BREAK: Final = "\u00a0"
_ID_MISSING: Final = "field 001 was missing: it is the id of the page"
#: Themes put few elements around the subfields of a field.
_DEEPEST: Final = 8


def shows_marc(page: bytes) -> bool:
    """Whether a page may have such a table."""
    return may_show_marc(page) and LEADER_HEADING.search(page) is not None


def may_show_marc(page: bytes) -> bool:
    """The same, where only the tree of the page tells."""
    return LEADER_WORD.encode() in page


def marc_views(page: LexborHTMLParser) -> list[tuple[LexborNode, MarcRecord]]:
    """The tables of a page that are the staff view of a MARC record, each with the record.

    Such a table has a row of the leader and one of field 245, which every bibliographic record of MARC 21 has and none
    of UNIMARC; each row with a heading and cells is of a field.

    Raises :class:`NotADocumentError` where there are too many to be looked into.
    """
    tables: dict[int, LexborNode] = {}
    for heading in page.tags("th"):
        if only_text(heading).strip() == LEADER_WORD and (table := _table_of(heading)) is not None:
            tables.setdefault(table.mem_id, table)
    if len(tables) > MOST_TABLES:
        raise NotADocumentError(f"a page with {len(tables):,} staff views")
    records = ((table, _record(table)) for table in tables.values())
    return [(table, record) for table, record in records if record is not None]


def to_documents(pages: Sequence[tuple[MarcRecord, str | None]]) -> tuple[pa.Table, dict[int, str]]:
    """A document of schema ``FIELDS`` for each record with the id of its page, and why some are none.

    The id of a page is that of the index, which may be another than field 001; where the page tells none, this is.
    What is shown is not deleted, whatever its leader says.
    """
    records = [_of_page(record, identifier) for record, identifier in pages]
    fields, refused, other_kinds = to_fields(table_of_records(records).living())
    return fields, refused | {number: f"no bibliographic record: {kind}" for number, kind in other_kinds.items()}


def to_document(record: MarcRecord, identifier: str | None) -> dict[str, Any]:
    """The Solr document of one of them. Raises :class:`NotADocumentError`."""
    fields, refused = to_documents([(record, identifier)])
    if refused:
        raise NotADocumentError(refused[0])
    return document_of_row(fields)


def _of_page(record: MarcRecord, identifier: str | None) -> MarcRecord:
    if identifier is None:
        return record
    has_id = any(tag == _ID and text.strip() for tag, text in record.content)
    others = [(tag, text) for tag, text in record.content if tag != _ID]
    content = record.content if has_id else [(_ID, identifier), *others]
    found = MarcRecord(record.leader, content, record.notes if has_id else [*record.notes, _ID_MISSING])
    found.around["id"] = identifier
    return found


def _table_of(heading: LexborNode) -> LexborNode | None:
    """The table that a heading is in a row of."""
    row = heading.parent
    body = row.parent if row is not None and row.tag == "tr" else None
    table = body.parent if body is not None and body.tag in _BODIES else body
    return table if table is not None and table.tag == "table" else None


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    """The rows of a table, without those of tables within it."""
    for node in children(table):
        if node.tag == "tr":
            yield node
        elif node.tag in _BODIES:
            yield from (row for row in children(node) if row.tag == "tr")


def _record(table: LexborNode) -> MarcRecord | None:
    """The record that a table shows; None where a row is of no field, or none of a title."""
    leader, content = "", list[tuple[str, str]]()
    for row in _rows(table):
        cells = [node for node in children(row) if node.tag in ("th", "td")]
        if not cells or cells[0].tag != "th" or any(node.tag == "th" for node in cells[1:]):
            continue
        heading, values = cells[0].text().strip(), cells[1:]
        if not heading:
            continue
        if heading == LEADER_WORD and len(values) == 1:
            leader = values[0].text()
        elif _TAG.fullmatch(heading) and len(values) == 1:
            content.append((heading, values[0].text()))
        elif _TAG.fullmatch(heading) and len(values) == 3:
            indicators = "".join(_indicator(node) for node in values[:2])
            content.append((heading, indicators + "".join(_subfields(values[2]))))
        else:
            return None
    if all(tag != TITLE for tag, _ in content):
        return None
    if is_set_in(leader):
        leader = without_indent(leader, LEADER)
        content = [(tag, without_indent(text)) for tag, text in content]
    return MarcRecord(leader, content, [])


def _indicator(cell: LexborNode) -> str:
    return cell.text().strip(_BLANK + _NO_BREAK)[:1] or " "


def _subfields(cell: LexborNode) -> Iterator[str]:
    """The subfields of a cell, each with its code; what stands before the first is none."""
    code, text = "", ""
    for node in _leaves(cell):
        found = _CODE.fullmatch(node.text()) if node.tag == "strong" else None
        if found is None:
            text += node.text()
            continue
        if code:
            yield f"{SUBFIELD}{code}{_value(text)}"
        code, text = found[1] or " ", ""
    if code:
        yield f"{SUBFIELD}{code}{_value(text)}"


def _value(text: str) -> str:
    """What stands between the no-break spaces of a subfield."""
    return text.strip(_BLANK).removeprefix(_NO_BREAK).removesuffix(_NO_BREAK)


def _leaves(node: LexborNode, depth: int = 0) -> Iterator[LexborNode]:
    """Texts and codes of a cell in their order, also those within an element that a theme has put around them."""
    for child in children(node):
        if child.tag == "strong" or not child.is_element_node or depth == _DEEPEST:
            yield child
        else:
            yield from _leaves(child, depth + 1)
