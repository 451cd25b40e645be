"""The staff view of a page as it is written there, where that is sure to be what the tree of the page has.

Between ``<table`` and ``</table>`` the HTML standard leaves no room for what stands before, if the start tag is one:
cells have formatting of their own, and nothing but tags of a table stand in it (:mod:`pipelines.readers.staff_columns`
looks at that, also whether two rows say ``id``). For the same reason a parser goes on behind it as behind a table of no
rows, so the tree is made of the page with such a one in its place, or of many such pages. Only two things are asked of
it: whether each ``<table`` of the page has become a table, and none is in a comment, a script or an attribute; and
whether no other heading says ``id``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser

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
#: So many pages are looked at in one tree.
_TOGETHER: Final = 32
_FRAMES: Final = b"<frameset"
#: An element that no page has, and what stands between two pages.
_MARK: Final = b"end-of-page"
_BETWEEN: Final = _EMPTY + b"<" + _MARK + b"></" + _MARK + b">"
#: All but the usual entities, as :mod:`pipelines.readers.staff_columns` resolves them.
_OTHER_ENTITY: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|nbsp|#0?39|#x27);)")
_BLANK: Final = " \t\r\n\f"
_BLANKS: Final = _BLANK.encode()
#: Also those that begin with it: ``<thead>``.
_HEADING: Final = b"<th"
#: A heading whose text is as it is written, and no more than that.
_PLAIN_HEADING: Final = re.compile(rb"<th(?:ead)?(?:\s[^<>]{0,200})?>([^<>&\0]*)(?=</?t)")


def written_view(page: bytes) -> bytes | None:
    """The bytes of the staff view of a page in UTF-8, ``None`` where only its tree tells it."""
    return written_views([page])[0]


def written_views(pages: Sequence[bytes]) -> list[bytes | None]:
    """The same of each of these pages."""
    views: list[bytes | None] = [None] * len(pages)
    cuts = [(number, cut_out) for number, page in enumerate(pages) if (cut_out := _cut_out(page, _id_heading(page)))]
    for start in range(0, len(cuts), _TOGETHER):
        some = cuts[start : start + _TOGETHER]
        are_plain = len(some) > 1 and _are_tables_side_by_side([cut_out.beside for _, cut_out in some])
        for number, cut_out in some:
            tree = None if are_plain else _tree_of_tables(cut_out.beside)
            if (are_plain or tree) and not _heads_another_id(cut_out.beside, tree):
                views[number] = cut_out.view
    return views


def written_marc_view(page: bytes) -> tuple[bytes, LexborHTMLParser] | None:
    """The bytes of the one table of a page that has a row of MARC's leader, and the tree of what is beside it.

    ``None`` where only the tree of the page tells it, or a heading beside it may be that of a staff view too.
    """
    # Looking for the word alone is many times faster, and nearly no page has it.
    heading = LEADER_HEADING.search(page) if LEADER_WORD.encode() in page else None
    cut_out = _cut_out(page, heading.start()) if heading else None
    tree = _tree_of_tables(cut_out.beside) if cut_out else None
    if cut_out is None or tree is None or _headings(tree, "id", LEADER_WORD):
        return None
    return cut_out.view, tree


class _CutOut(NamedTuple):
    """A table as it is written, and the page without its rows."""

    view: bytes
    beside: bytes


def _id_heading(page: bytes) -> int:
    """Where the heading of the id is, -1 where none is."""
    heading = page.find(_ID_HEADING)
    if heading < 0 and (odd := _ODD_ID_HEADING.search(page)):
        return odd.start()
    return heading


def _cut_out(page: bytes, heading: int) -> _CutOut | None:
    """The table around a heading, where it can be cut out of the page."""
    start = page.rfind(_START, 0, heading) if heading >= 0 else -1
    end = page.find(_END, heading) if start >= 0 else -1
    if end < 0:
        return None
    view = page[start : end + len(_END)]
    # A parser makes newlines of line ends and drops NUL.
    if b"\r" in view or b"\0" in view or (b"&" in view and _OTHER_ENTITY.search(view)):
        return None
    return _CutOut(view, page[:start] + _EMPTY + page[end + len(_END) :])


def _tree_of_tables(text: bytes) -> LexborHTMLParser | None:
    """The tree of a page, where each ``<table`` in it has become a table."""
    tree = LexborHTMLParser(text)
    return tree if text.lower().count(_START) == len(tree.tags("table")) else None


def _are_tables_side_by_side(pages: Sequence[bytes]) -> bool:
    """Whether each ``<table`` of these pages has become a table in the tree of all of them, one behind the other, and
    so would have in that of its page alone.

    To make a tree of its own takes several times as long as to read a page. Behind each page stand an empty table,
    which ends one that is open, and an element that no page has. Where this stands right in the body, a parser has come
    to it outside of all comments, scripts and values, and with nothing open but the body: as it begins with a page, but
    for what only a page's head or frames can be (HTML standard, 13.2.6). What a page has in its head has become part of
    the body then, where tables and what hides them are told in the same way; frames would hide all tables.
    """
    text = _BETWEEN.join([*pages, b""])
    lower = text.lower()
    if _FRAMES in lower or lower.count(b"<" + _MARK) != len(pages):
        return False
    tree = LexborHTMLParser(text)
    marks = tree.tags(_MARK.decode())
    return (
        len(marks) == len(pages)
        and lower.count(_START) == len(tree.tags("table"))
        and all(mark.parent is not None and mark.parent.tag == "body" for mark in marks)
    )


def _heads_another_id(beside: bytes, tree: LexborHTMLParser | None) -> bool:
    """Whether a heading beside the view says ``id`` too; ``tree`` is that of what is beside it, if it is made."""
    lower = beside.lower()
    if lower.count(_START) == 1 or _heads_no_id(lower):
        return False
    return _headings(tree or LexborHTMLParser(beside), "id") > 0


def _heads_no_id(text: bytes) -> bool:
    """Whether all headings that may be in a text in small letters stand there plainly, and none says ``id``."""
    headings = _PLAIN_HEADING.findall(text)
    return len(headings) == text.count(_HEADING) and all(one.strip(_BLANKS) != b"id" for one in headings)


def _headings(tree: LexborHTMLParser, *names: str) -> int:
    """How many headings of a page say one of these."""
    return sum(one.text().strip(_BLANK) in names for one in tree.tags("th"))
