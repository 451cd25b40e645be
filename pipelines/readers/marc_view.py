"""The staff view of a MARC record on a page as HTML: a table of its fields, a row each.

Source: VuFind 1 to 11, ``module/VuFind/xsl/record-marc.xsl``. A row has the tag for its heading. One cell follows for
the leader (``LEADER``) and for a control field; of any other field, two for its indicators and one in which a
``<strong>`` with a bar and its code leads each subfield, between no-break spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.readers.indents import without_indent
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.marc_batch import document_of
from pipelines.readers.marc_record import SUBFIELD, MarcRecord, NotMarcError
from pipelines.readers.marc_table import table_of_records

TITLE: Final = "245"
_LEADER: Final = "LEADER"
_LEADER_ROW: Final = re.compile(rb"<th(?:\s[^<>]{0,200})?>\s*LEADER\s*</th>")
_TAG: Final = re.compile(r"[0-9A-Za-z]{3}")
_CODE: Final = re.compile(r"\|(.)", re.DOTALL)
_BLANK: Final = " \t\r\n\f"
_NO_BREAK: Final = "\u00a0"
_ID_MISSING: Final = "field 001 was missing: it is the id of the page"
#: Themes put few elements around the subfields of a field.
_DEEPEST: Final = 8


def shows_marc(page: bytes) -> bool:
    """Whether a page may have such a table."""
    return _LEADER_ROW.search(page) is not None


def marc_views(page: LexborHTMLParser) -> list[tuple[LexborNode, MarcRecord]]:
    """The tables of a page that are the staff view of a MARC record, each with the record.

    Such a table has a row of the leader and one of field 245, which every bibliographic record of MARC 21 has and none
    of UNIMARC; each row with a heading and cells is of a field.
    """
    tables: dict[int, LexborNode] = {}
    for heading in page.tags("th"):
        if heading.text().strip() == _LEADER and (table := _table_of(heading)) is not None:
            tables.setdefault(table.mem_id, table)
    records = ((table, _record(table)) for table in tables.values())
    return [(table, record) for table, record in records if record is not None]


def to_document(record: MarcRecord, identifier: str | None) -> dict[str, Any]:
    """The Solr document of a record with the id of its page; where the page tells none, field 001 does.

    The id of a page is that of the index, which may be another than 001. Raises :class:`NotADocumentError`.
    """
    try:
        return document_of(table_of_records([_of_page(record, identifier)]).living())
    except NotMarcError as error:
        raise NotADocumentError(str(error)) from error


def _of_page(record: MarcRecord, identifier: str | None) -> MarcRecord:
    if identifier is None:
        return record
    has_id = any(tag == "001" for tag, _ in record.content)
    content = record.content if has_id else [("001", identifier), *record.content]
    found = MarcRecord(record.leader, content, record.notes if has_id else [*record.notes, _ID_MISSING])
    found.around["id"] = identifier
    return found


def _table_of(heading: LexborNode) -> LexborNode | None:
    node = heading.parent
    while node is not None and node.tag != "table":
        node = node.parent
    return node


def _record(table: LexborNode) -> MarcRecord | None:
    """The record that a table shows; None where a row is of no field, or none of a title."""
    leader, content = "", list[tuple[str, str]]()
    for row in table.css("tr"):
        cells = [node for node in _children(row) if node.tag in ("th", "td")]
        if not cells or cells[0].tag != "th" or any(node.tag == "th" for node in cells[1:]):
            continue
        heading, values = cells[0].text().strip(), cells[1:]
        if not heading:
            continue
        if heading == _LEADER and len(values) == 1:
            leader = without_indent(values[0].text())
        elif _TAG.fullmatch(heading) and len(values) == 1:
            content.append((heading, without_indent(values[0].text())))
        elif _TAG.fullmatch(heading) and len(values) == 3:
            indicators = "".join(_indicator(node) for node in values[:2])
            content.append((heading, indicators + "".join(_subfields(values[2]))))
        else:
            return None
    return MarcRecord(leader, content, []) if any(tag == TITLE for tag, _ in content) else None


def _indicator(cell: LexborNode) -> str:
    return cell.text().strip(_BLANK + _NO_BREAK)[:1] or " "


def _subfields(cell: LexborNode) -> Iterator[str]:
    """The subfields of a cell, each with its code; what stands before the first is none."""
    code, text = "", ""
    for node in _leaves(cell):
        found = _CODE.fullmatch(node.text().strip()) if node.tag == "strong" else None
        if found is None:
            text += node.text()
            continue
        if code:
            yield f"{SUBFIELD}{code}{_value(text)}"
        code, text = found[1], ""
    if code:
        yield f"{SUBFIELD}{code}{_value(text)}"


def _value(text: str) -> str:
    """What stands between the no-break spaces of a subfield."""
    return text.strip(_BLANK).removeprefix(_NO_BREAK).removesuffix(_NO_BREAK)


def _leaves(node: LexborNode, depth: int = 0) -> Iterator[LexborNode]:
    """Texts and codes of a cell in their order, also those within an element that a theme has put around them."""
    for child in _children(node):
        if child.tag == "strong" or not child.is_element_node or depth == _DEEPEST:
            yield child
        else:
            yield from _leaves(child, depth + 1)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        if not child.is_comment_node:
            yield child
        child = child.next
