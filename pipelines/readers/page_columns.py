"""Record pages as HTML, many at once: those whose staff view can be read in columns, of the index or of MARC.

The fast path of :mod:`pipelines.readers.page_html`, which reads all others one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from selectolax.lexbor import LexborHTMLParser

from pipelines.readers import marc_view
from pipelines.readers.byte_spans import Positions
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.marc_record import MarcRecord
from pipelines.readers.marc_view_columns import as_marcxml, read_views
from pipelines.readers.page_addresses import record_id
from pipelines.readers.staff_columns import plain_table, read_tables
from pipelines.readers.staff_source import PLAIN_ID_ROW, written_marc_view, written_view
from pipelines.readers.staff_table import END_MARK, staff_tables


def read_pages(pages: Mapping[int, bytes]) -> tuple[pa.Table, Positions] | None:
    """The documents, of schema ``FIELDS``, of the pages in UTF-8 that can be read so, and the number of each.

    None where there are none; the pages are whole, and numbered in their order.
    """
    views = _Views()
    for number, page in pages.items():
        views.add(number, page)
    return views.documents()


@dataclass(slots=True)
class _Views:
    """Staff views, by how they are read, with the number of the page of each; with those of MARC its address's id."""

    tables: dict[int, bytes] = field(default_factory=dict)
    written_marc: dict[int, tuple[bytes, str | None]] = field(default_factory=dict)
    marc: dict[int, tuple[MarcRecord, str | None]] = field(default_factory=dict)

    def add(self, number: int, page: bytes) -> None:
        """That of a page, if it can be read so."""
        # Where a view of the index can be read there is none of MARC: nearly all pages need not be searched for one.
        is_plain = PLAIN_ID_ROW in page
        if is_plain and (view := written_view(page)):
            self.tables[number] = view
        elif IS_COMPILED and (shown := written_marc_view(page)) and (record := as_marcxml(shown[0])):
            self.written_marc[number] = record, record_id(shown[1])
        elif not is_plain and (view := written_view(page)):
            self.tables[number] = view
        else:
            tree = LexborHTMLParser(page + END_MARK)
            if view := plain_table(tree):
                self.tables[number] = view
            elif marc_view.may_show_marc(page) and (found := _marc_alone(tree)):
                self.marc[number] = found, record_id(tree)

    def documents(self) -> tuple[pa.Table, Positions] | None:
        """The documents of all that could be read, in the order of the pages."""
        found: list[tuple[pa.Table, Positions]] = []
        if self.tables:
            table, rows = read_tables(list(self.tables.values()))
            found.append((table, np.array(list(self.tables))[rows]))
        if self.written_marc:
            table, rows = read_views(*zip(*self.written_marc.values(), strict=True))
            found.append((table, np.array(list(self.written_marc))[rows]))
        if self.marc:
            table, refused = marc_view.to_documents(list(self.marc.values()))
            kept = np.setdiff1d(np.arange(len(self.marc)), list(refused))
            found.append((table.take(pa.array(kept)), np.array(list(self.marc))[kept]))
        if not found:
            return None
        numbers = np.concatenate([numbers for _, numbers in found])
        order = np.argsort(numbers, kind="stable")
        return pa.concat_tables([table for table, _ in found]).take(pa.array(order)), numbers[order]


def _marc_alone(page: LexborHTMLParser) -> MarcRecord | None:
    """The record of a page whose one staff view is of MARC."""
    try:
        views = [] if staff_tables(page) else marc_view.marc_views(page)
    except NotADocumentError:
        return None
    return views[0][1] if len(views) == 1 else None
