"""Where a page as text breaks off, before its staff view or in it: what came with it is not all of the record.

A page that has no staff view looks the same up to its end, but ends with a row that is closed, or with other text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, Protocol

from pipelines.readers.page_labels import label_words
from pipelines.readers.staff_view import KNOWN_FIELDS, SEPARATOR, SHIFTED, is_field, may_be_row, names_staff_view

#: What stands between a label and its value.
_SIGN: Final = re.compile(r"[:：][^\S\n]*\|")
_FIRST_BAR: Final = " |"
#: What may stand before a row that was shifted: blanks of all kinds, bars, what mail quotes and lists begin with.
_BEFORE_ROWS: Final = " \t\r\v\f\u00a0\u2003\u3000|>*-#"
#: What converters write before a row.
_BARS: Final = (b"|", b"\xc2\xa0|")
#: Bytes of the longest name of a field, with blanks and ends of lines around it.
_LONGEST_NAME: Final = 64
_TITLE: Final = "title"
#: How the row of a title begins, and those of its parts.
_TITLE_ROW: Final = b"\ntitle"
#: So many rows tell that a staff view is VuFind's, which is sorted and has a title.
_FEWEST_ROWS: Final = 6
#: What stands for bytes that are no letter.
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def fault_at_the_end(text: str) -> str:
    """What is wrong with the end of a page in which no staff view was found, for a person; empty where nothing is."""
    lines = text.split("\n")
    fields, shifted = _fields(lines), _shifted(lines)
    if len(shifted) > 1 or (shifted and fields):
        return SHIFTED
    if fields:
        if len(fields) > 1:
            return f"a staff view without {SEPARATOR.decode()} below its first row"
        return f"a page that is cut off in the field {fields[0]}, before its staff view"
    torn = _in_page_part(lines) or _in_name(lines)
    return f"a page that is cut off in {torn}, before its staff view" if torn else ""


def shows_unread_view(text: str) -> bool:
    """Whether a text in which no staff view was found has the rows of one, in whatever form."""
    if "|" not in text:
        return False
    lines = text.split("\n")
    return names_staff_view(sorted(_shifted(lines).union(_fields(lines))))


def fault_behind_view(text: bytes, start: int, end: int, rows: Callable[[], Sequence[tuple[str, bytes]]]) -> str:
    """What is wrong with a staff view behind which this stands, up to the end of its page; empty where nothing is.

    A row with a bar before it that comes next is one of its rows, not all of which have a bar then. It is cut off where
    the beginning of a field's name follows its last row and ends the page within a line, unless VuFind, which sorts
    fields by name, would not go on with that field. A page may well have a footer of one word (``top``); one with an
    underscore is none, wherever its line ends. ``rows`` gives those of the view.
    """
    if text.startswith(_BARS, start) and _shifted([text[start:end].partition(b"\n")[0].decode(errors="replace")]):
        return SHIFTED
    if end - start > _LONGEST_NAME:
        return ""
    behind = text[start:end].decode(errors="replace")
    name = behind.strip()
    if name not in _field_beginnings() or behind.startswith(("\r", "\n")):
        return ""
    if behind.endswith("\n") and "_" not in name:
        return ""
    seen = [field for field, _ in rows()]
    if seen == sorted(seen) and not any(field > seen[-1] for field in KNOWN_FIELDS if field.startswith(name)):
        return ""
    return f"the staff view is cut off in the name of the field {name}"


def fault_without_title(text: bytes, view: int, start: int, end: int, page: PageWithView) -> str:
    """What is wrong with a staff view that begins at ``view`` and ends its page; empty where nothing is.

    It is cut off between two rows where it has no title, which the page shows, and VuFind, which sorts fields by name,
    would have come to it only now.
    """
    if text.find(_TITLE_ROW, view, start) >= 0 or text[start:end].strip():
        return ""
    seen = [field for field, _ in page.rows()]
    if len(seen) < _FEWEST_ROWS or seen != sorted(seen) or seen[-1] > _TITLE or not page.shows_title():
        return ""
    return f"the staff view is cut off behind the field {seen[-1]}: it lacks the title that the page shows"


class PageWithView(Protocol):
    """A page as text: the rows of its staff view, and whether it shows a title above that."""

    def rows(self) -> Sequence[tuple[str, bytes]]:
        """Fields and values."""

    def shows_title(self) -> bool:
        """Whether there is a title in the page."""


def _in_page_part(lines: list[str]) -> str:
    """The row that is open at the end, as no later line closes it."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number].rstrip()
        sign = _SIGN.search(line)
        if sign and line[: sign.start()].strip() in label_words():
            is_open = sign.end() == len(line) or not line.endswith("|")
            return f"the row {line[: sign.start()].strip()}" if is_open else ""
        if line.endswith("|"):
            break
    return ""


def _in_name(lines: list[str]) -> str:
    """The label, or the name of the first field, that is not whole at the end, behind a row that is closed."""
    # A letter that is cut in two is no more than that.
    last = lines[-1].rstrip(_REPLACEMENT).strip()
    before = next((line.rstrip() for line in reversed(lines[:-1]) if line.strip()), "")
    if not last or not before.endswith("|") or last in label_words():
        return ""
    if last in _label_beginnings():
        return f"the label {last}"
    return f"the field {last}" if last in _field_beginnings() else ""


def _fields(lines: list[str]) -> list[str]:
    """The fields of a staff view that stand at the end, the last one first: nothing else is closed behind them."""
    found = []
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number].rstrip()
        name, bar, _ = line.partition(_FIRST_BAR)
        is_rest = number == len(lines) - 1 and SEPARATOR.decode().startswith(line)
        if bar and is_field(name.encode(errors="replace")) and may_be_row(name):
            found.append(name)
        elif not is_rest and line.endswith("|") and not found:
            break
    return found


def _shifted(lines: list[str]) -> set[str]:
    """The fields of rows that editors, mail or converters to Markdown have written in another way.

    That is with blanks, a bar, or a sign of quoting or of a list before a row, a tabulator or nothing before its bar,
    backslashes in its name.
    """
    found = set()
    for line in lines:
        row = line.lstrip(_BEFORE_ROWS).replace("\t", "|")
        name = row.partition("|")[0].rstrip().replace("\\_", "_")
        if len(name) < len(row.rstrip()) and may_be_row(name) and not line.startswith(name + _FIRST_BAR):
            found.add(name)
    return found


@cache
def _label_beginnings() -> frozenset[str]:
    """All that a line may hold that ends within the label of a row, or before its bar."""
    return frozenset(f"{word}:"[:end] for word in label_words() for end in range(1, len(word) + 2))


@cache
def _field_beginnings() -> frozenset[str]:
    """All that a line may hold that ends within the name of a field, or before its bar."""
    return frozenset(name[:end] for name in KNOWN_FIELDS for end in range(1, len(name) + 1))
