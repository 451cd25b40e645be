"""The staff view of a page as it is written there, where that is sure to be what the tree of the page has.

Between ``<table`` and ``</table>`` the HTML standard leaves no room for what stands before, if the start tag is one:
cells have formatting of their own, and nothing but tags of a table stand in it (:mod:`pipelines.readers.staff_columns`
looks at that, also whether two rows say ``id``). For the same reason a parser goes on behind it as behind a table of no
rows, so the tree is made of the page with such a one in its place. Only two things are asked of it: whether each
``<table`` of the page has become a table, and none is in a comment, a script or an attribute; and whether no other
heading says ``id``.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from pipelines.readers.staff_columns import ATTRIBUTES

_ID_HEADING: Final = b"<th>id</th>"
#: The row of the id as a staff view writes it.
PLAIN_ID_ROW: Final = _ID_HEADING + b"<td"
_ODD_ID_HEADING: Final = re.compile(rb"<th(?:\s[^<>]{0,200})?>\s*id\s*</th>")
#: What the row of MARC's leader is called, and its heading.
LEADER_WORD: Final = "LEADER"
LEADER_HEADING: Final = re.compile(rb"<(?i:th)(?:\s[^<>]{0,200})?>\s*LEADER(?:\s|&nbsp;|\xc2\xa0)*</(?i:th)>")
_START: Final = b"<table"
_END: Final = b"</table>"
_EMPTY: Final = b"<table></table>"
#: All but the usual entities, as :mod:`pipelines.readers.staff_columns` resolves them.
_OTHER_ENTITY: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|nbsp|#0?39|#x27);)")
_BLANK: Final = " \t\r\n\f"
_BLANKS: Final = _BLANK.encode()
#: Also those that begin with it: ``<thead>``.
_HEADING: Final = b"<th"
#: A heading whose text is as it is written, and no more than that.
_PLAIN_HEADING: Final = re.compile(rf"<th(?:ead)?{ATTRIBUTES}>([^<>&\0]*)(?=</th>|<t[dr][ \t\n>])".encode())


def written_view(page: bytes) -> bytes | None:
    """The bytes of the staff view of a page in UTF-8, ``None`` where only its tree tells it."""
    cut_out = _cut_out(page, _id_heading(page))
    if cut_out is None:
        return None
    if cut_out.tables > 1 and not _heads_no_id(cut_out.beside) and _headings(cut_out.tree, "id"):
        return None
    return cut_out.view


def written_marc_view(page: bytes) -> tuple[bytes, LexborHTMLParser] | None:
    """The bytes of the one table of a page that has a row of MARC's leader, and the tree of what is beside it.

    ``None`` where only the tree of the page tells it, or a heading beside it may be that of a staff view too.
    """
    # Looking for the word alone is many times faster, and nearly no page has it.
    heading = LEADER_HEADING.search(page) if LEADER_WORD.encode() in page else None
    cut_out = _cut_out(page, heading.start()) if heading else None
    if cut_out is None or _headings(cut_out.tree, "id", LEADER_WORD):
        return None
    return cut_out.view, cut_out.tree


class _CutOut(NamedTuple):
    """A table as it is written; the page without its rows, in small letters; the tree of that, and its tables."""

    view: bytes
    beside: bytes
    tree: LexborHTMLParser
    tables: int


def _id_heading(page: bytes) -> int:
    """Where the heading of the id is, -1 where none is."""
    heading = page.find(_ID_HEADING)
    if heading < 0 and (odd := _ODD_ID_HEADING.search(page)):
        return odd.start()
    return heading


def _cut_out(page: bytes, heading: int) -> _CutOut | None:
    """The table around a heading, where it can be cut out of the page, and each ``<table`` beside it is a table."""
    start = page.rfind(_START, 0, heading) if heading >= 0 else -1
    end = page.find(_END, heading) if start >= 0 else -1
    if end < 0:
        return None
    view = page[start : end + len(_END)]
    # A parser makes newlines of line ends and drops NUL.
    if b"\r" in view or b"\0" in view or (b"&" in view and _OTHER_ENTITY.search(view)):
        return None
    beside = page[:start] + _EMPTY + page[end + len(_END) :]
    tree, lower = LexborHTMLParser(beside), beside.lower()
    tables = len(tree.tags("table"))
    return _CutOut(view, lower, tree, tables) if lower.count(_START) == tables else None


def _heads_no_id(text: bytes) -> bool:
    """Whether all headings that may be in a text in small letters stand there plainly, and none says ``id``."""
    headings = _PLAIN_HEADING.findall(text)
    return len(headings) == text.count(_HEADING) and all(one.strip(_BLANKS) != b"id" for one in headings)


def _headings(tree: LexborHTMLParser, *names: str) -> int:
    """How many headings of a page say one of these."""
    return sum(one.text().strip(_BLANK) in names for one in tree.tags("th"))
