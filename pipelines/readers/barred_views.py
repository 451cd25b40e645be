r"""Staff views as text whose rows begin with a bar, brought into the form that is read: rows without it.

Converters of web pages write tables as Markdown does, each in a way of its own:

========================  ==============================  =============================================
written by                first row, and below it         how values are written
========================  ==============================  =============================================
trafilatura up to 1.12    ``id | 1 |``, ``---|---|``      as they are: the form that is read
trafilatura 2.0 and 2.1   ``| id | 1 |``, ``|---|---|``   as they are, also over lines
trafilatura from 2.2      the same                        ``\|`` for a bar, blanks for ends of lines
2.3 as Markdown           ``| record\_format | x |``      before ``*_`~[]<`` a backslash as well
markdownify               ``|  |  |``, ``| --- | --- |``  before ``*_`` a backslash, blanks for ends of lines
========================  ==============================  =============================================

(xml.py of trafilatura: ``process_element``, ``_escape_cell``, ``_escape_inline_specials``; ``escape`` of markdownify.)
From 2.1 a blank stands behind rows. What makes a row of the others makes one here, but for one thing: what begins with
a bar and the name of a field has to be a row, and every row has to begin so. Where that is not true it is not known
who has written the page, and the reader refuses it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np

from pipelines.readers.byte_spans import BYTE_ORDER_MARK, Positions, find_byte
from pipelines.readers.first_lines import first_lines_among_rows
from pipelines.readers.page_ends import shows_unread_view
from pipelines.readers.staff_view import FIELD, SEPARATOR, SHIFTED, may_be_row, names_staff_view

Page = TypeVar("Page")

#: Why a view is not read in which a bar may be one that was escaped, or one behind a backslash.
DOUBTFUL: Final = r"a staff view in which `\|` may be an escaped bar or a formula's: save the page as HTML"

#: What stands below the first row of a view; a text without it has none.
_RULES: Final = (b"|---|---|", b"| --- | --- |")
_LINE: Final = rb"^(" + BYTE_ORDER_MARK + rb")?(?:\xc2\xa0)?"
#: The same below the first row of any table, of which the groups are those of two columns.
_RULE: Final = re.compile(
    _LINE + rb"(?:\|(?:(?P<narrow>---\|---\|)|(?P<wide> --- \| --- \|)|(?: ?-+ ?\|)+)|---\|---\|)[ \t\r]*$",
    re.MULTILINE,
)
_NAME: Final = rb"(?:[A-Za-z]|\\?_)(?:[A-Za-z0-9.\-]|\\?_)*"
_ROW: Final = re.compile(_LINE + rb"\|[ ]?(" + _NAME + rb") \|", re.MULTILINE)
#: A row of the page above.
_LABELLED: Final = re.compile(_LINE + r"\|[ ]?([^|\n]*(?::|：)[ \t]*\|)".encode(), re.MULTILINE)
_LINK: Final = b"]("
#: markdownify's first row, of a table that has none of headings alone.
_EMPTY_ROW: Final = re.compile(_LINE + rb"\| {1,2}\| {1,2}\|[ \t\r]*\n", re.MULTILINE)
#: Where a page whose last row ends without a newline goes on with the first row of the next one.
_JOINT: Final = re.compile(r" \|(?=\| (?:[^|\n]*(?::|：)|".encode() + _NAME + rb") \|)")

#: The same for rows without bars before them: what follows is the first row of a view.
_PLAIN_JOINT: Final = re.compile(rb" \|(?=(" + FIELD + rb") \| )")
_PLAIN_ROW: Final = re.compile(rb"(" + FIELD + rb") \| ")
_PLAIN_RULE: Final = b"\n" + SEPARATOR
#: A row has two bars.
_BARS_OF_ROW: Final = 2

#: A form feed behind a page: where its last row has ended, or where the next view begins.
_FEED_BEHIND: Final = re.compile(rb"(\|[ \t\r]*(?:\n[ \t\r]*)?)\f")
_FEED_BEFORE: Final = re.compile(rb"^\f(?=[^\n]*\|[ \t\r]*\n(?:\xc2\xa0)?\|? ?---)", re.MULTILINE)

_ESCAPED_NAME: Final = b"\\_"
_ESCAPED_BAR: Final = b"\\|"
#: A row of two cells in which every bar of a value has a backslash before it.
_ESCAPED_ROW: Final = re.compile(rb"\|[^|\n]*(?<!\\)\|(?:[^|\n]|(?<=\\)\|)*(?<!\\)\|[ \t]*\r?")
_BARRED_LINE: Final = re.compile(_LINE + rb"(\|[^\n]*)", re.MULTILINE)
#: Signs of formulas, in which a backslash may well stand before a bar.
_FORMULA: Final = re.compile(rb"\$|\\[A-Za-z{(\\]")
_OF_MARKDOWNIFY: Final = re.compile(rb"\\([*_])")
_OF_TRAFILATURA: Final = re.compile(rb"(\\+)([*_`~\[\]<])")


@dataclass(frozen=True, slots=True)
class Unbarred:
    """A text without the bars before its rows, and the same as it is ``written`` in its file (but for form feeds).

    ``rows`` has by where it begins how many rows of a view had a bar, ``faults`` what is wrong with it otherwise;
    ``joints`` are places in the file where a line of the text ends and none of the file does.
    """

    text: bytes
    written: bytes
    rows: dict[int, int] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    joints: tuple[int, ...] = ()

    def fault(
        self, start: int, view: int, view_end: int, end: int, rows: Callable[[], Sequence[tuple[str, bytes]]]
    ) -> str:
        """What is wrong with a view of a page, of which such rows are read; empty where nothing is.

        Not every row had a bar, or the page, which goes from ``start`` to ``end``, holds another view that is not read.
        """
        if not self.rows:
            # Nothing but form feeds was changed: a page is what it is in a text without any.
            return ""
        count = len(rows())
        around = self.text[start:view], self.text[view_end:end]
        if self.rows.get(view, count) != count or any(
            shows_unread_view(one.decode(errors="replace")) for one in around
        ):
            return SHIFTED
        return self.faults.get(view, "")

    def in_file(self, pages: Iterable[tuple[int, int, Page]]) -> Iterator[tuple[int, int, Page]]:
        """Pages with the places in the file at which they start and end, instead of those in the text."""
        found = list(pages)
        starts = self._places(np.array([start for start, _, _ in found], np.int64))
        ends = self._places(np.array([end for _, end, _ in found], np.int64))
        for start, end, (_, _, page) in zip(starts.tolist(), ends.tolist(), found, strict=True):
            yield start, end, page

    def _places(self, places: Positions) -> Positions:
        """Places in the file, line by line: what is taken away stands at the beginnings and within lines.

        A place within a line is behind its last row, so the rest of the line is that of the file.
        """
        ours = np.concatenate([[0], find_byte(self.text, b"\n") + 1, [len(self.text)]])
        own = find_byte(self.written, b"\n") + 1
        theirs = np.concatenate([[0], np.sort(np.concatenate([own, np.array(self.joints, np.int64)]))])
        theirs = np.append(theirs, len(self.written))
        line = np.searchsorted(ours[:-1], places, "right") - 1
        within: Positions = theirs[line + 1] - (ours[line + 1] - places)
        return np.where(places == ours[line], theirs[line], within)


def without_bars(text: bytes) -> Unbarred | None:
    """A text with its staff views, and what the pages show above them, without a bar before each row.

    ``None`` where there is nothing to be done, as in nearly all texts: that is told by what stands below first rows.
    A form feed between two pages becomes the end of a line.
    """
    given = text
    if b"\f" in text:
        text = _FEED_BEFORE.sub(b"\n", _FEED_BEHIND.sub(rb"\1\n", text))
    written = text
    has_bars = any(rule in text for rule in _RULES)
    if joints := _joints(text) if has_bars else _plain_joints(text):
        text = _without_joints(text, joints)
    regions = _regions(text) if has_bars else []
    parts, rows, faults = list[bytes](), dict[int, int](), dict[int, str]()
    size, last = 0, 0
    for number, region in enumerate(regions):
        view = region if region.is_view else region.view_below(regions[number + 1 : number + 2])
        if view is None:
            continue
        between, changed = text[last : region.start], view.unescape(region.without_bars(text), text)
        size += len(between)
        if region.is_view:
            rows[size + region.before] = len(region.names)
            faults[size + region.before] = region.fault(text)
        parts += [between, changed]
        size, last = size + len(changed), region.end
    if text is given and not parts:
        return None
    return Unbarred(b"".join([*parts, text[last:]]), written, rows, faults, tuple(joints))


@dataclass(frozen=True, slots=True)
class _Region:
    """A table and what follows it, up to the next table or first line.

    ``is_shown`` is one of labels, as pages show above a staff view that is the next one. ``names`` are those of the
    rows of a view as they are written, ``before`` is what stays before the first of them.
    """

    start: int
    end: int
    rule: tuple[int, int]
    is_view: bool
    is_shown: bool
    has_empty_row: bool
    names: list[bytes]
    before: int

    @property
    def is_markdown(self) -> bool:
        """Whether signs of Markdown are escaped."""
        return any(_ESCAPED_NAME in name for name in self.names)

    def view_below(self, following: Sequence[_Region]) -> _Region | None:
        """The staff view before which this is what the page shows, if it is that."""
        return next((view for view in following if view.is_view and self.is_shown), None)

    def without_bars(self, text: bytes) -> bytes:
        """Its text without the bars before rows."""
        above, below = text[self.start : self.rule[0]], text[self.rule[1] : self.end]
        if not self.is_view:
            whole = above + SEPARATOR + below
            return whole if _LINK in whole else _LABELLED.sub(rb"\1\2", whole)
        if self.has_empty_row:
            # The first row stands below the rule here. Lines keep their number.
            first, _, below = below.removeprefix(b"\n").partition(b"\n")
            above, below = above[: above.index(b"|")] + b"\n" + first + b"\n", b"\n" + below
        rows = above + SEPARATOR + below
        if b"| \n" in rows:
            # Nor is a blank part of a value that has one behind it on the page.
            rows = rows.replace(b"| \n", b"|\n").replace(b"  |\n", b" |\n")
        return _ROW.sub(rb"\1\2 |", rows)

    def unescape(self, rows: bytes, text: bytes) -> bytes:
        """Rows with what their converter has escaped as it was."""
        if b"\\" not in rows:
            return rows
        if self.has_empty_row:
            return _OF_MARKDOWNIFY.sub(rb"\1", rows) if self.is_markdown else rows
        if self.is_markdown or self._has_escaped_bars(text):
            rows = rows.replace(_ESCAPED_BAR, b"|")
        return _OF_TRAFILATURA.sub(_without_its_backslash, rows) if self.is_markdown else rows

    def fault(self, text: bytes) -> str:
        """What is wrong with its bars: one may be the end of a page, or nothing tells if a backslash escapes it."""
        if _JOINT.search(text, self.start, self.end):
            return SHIFTED
        is_known = self.has_empty_row or self.is_markdown or not self._has_escaped_bars(text)
        return DOUBTFUL if not is_known and _FORMULA.search(text, self.start, self.end) else ""

    def _has_escaped_bars(self, text: bytes) -> bool:
        """Whether there is a backslash before bars, and before every bar of a value."""
        if text.find(_ESCAPED_BAR, self.start, self.end) < 0:
            return False
        return all(_ESCAPED_ROW.fullmatch(line[2]) for line in _BARRED_LINE.finditer(text, self.start, self.end))


def _without_its_backslash(escaped: re.Match[bytes]) -> bytes:
    """A sign without the backslash that escapes it, and half of those that stood before it, which were doubled.

    Where their number is even none is an escape: formulas are left as they are.
    """
    run, sign = escaped.groups()
    return run[: len(run) // 2] + sign if len(run) % 2 else escaped[0]


def _joints(text: bytes) -> list[int]:
    """Where the last row of a page goes on with the first row of the next one, which has a bar before it."""
    lines = ((text.rfind(b"\n", 0, max(rule.start() - 1, 0)) + 1, rule.start()) for rule in _RULE.finditer(text))
    return [joint.end() for start, end in lines if (joint := _JOINT.search(text, start, end))]


def _plain_joints(text: bytes) -> list[int]:
    """The same where rows have no bar before them."""
    joints = []
    rule = text.find(_PLAIN_RULE)
    while (above := rule) >= 0 and (rule := text.find(_PLAIN_RULE, above + 1)) >= 0:
        start = text.rfind(b"\n", 0, rule) + 1
        if text.count(b"|", start, rule) > _BARS_OF_ROW and _goes_on(text, start):
            found = [joint for joint in _PLAIN_JOINT.finditer(text, start, rule) if may_be_row(joint[1].decode())]
            joints += [found[-1].end()] if found else []
    return joints


def _goes_on(text: bytes, start: int) -> bool:
    """Whether a line begins with the next row of the view above: VuFind sorts rows by name."""
    before = text.rfind(b"\n", 0, start - 1) + 1
    if text.startswith(SEPARATOR, before):
        before = text.rfind(b"\n", 0, before - 1) + 1
    row, last = (_PLAIN_ROW.match(text, place) for place in (start, before))
    return row is not None and last is not None and row[1] > last[1]


def _without_joints(text: bytes, joints: list[int]) -> bytes:
    """A text with the ends of lines at these places."""
    return b"\n".join(text[start:end] for start, end in pairwise([0, *joints, len(text)]))


def _regions(text: bytes) -> list[_Region]:
    """The tables of a text whose rows begin with a bar, each with what follows it."""
    rules = [rule for rule in _RULE.finditer(text) if rule.start()]
    begins = [text.rfind(b"\n", 0, rule.start() - 1) + 1 for rule in rules]
    pages = first_lines_among_rows(text)
    found = []
    for start, end, rule in zip(begins, [*begins[1:], len(text)], rules, strict=False):
        at = bisect_right(pages, start)
        is_last = at < len(pages) and pages[at] < end
        found.append(_region(text, start, pages[at] if is_last else end, rule, is_last=is_last))
    return found


def _region(text: bytes, start: int, end: int, rule: re.Match[bytes], *, is_last: bool) -> _Region:
    of_two = (rule["narrow"] or rule["wide"]) is not None
    has_empty_row = rule["wide"] is not None and _EMPTY_ROW.match(text, start, rule.start()) is not None
    first = rule.end() + 1 if has_empty_row else start
    names = [row[2] for row in _ROW.finditer(text, start, end)] if of_two and _ROW.match(text, first) else []
    is_view = names_staff_view([name.replace(b"\\", b"").decode() for name in names])
    is_shown = of_two and not is_last and _LABELLED.match(text, first) is not None
    before = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK, start) else 0
    return _Region(start, end, rule.span(), is_view, is_shown, has_empty_row, names, before + has_empty_row)
