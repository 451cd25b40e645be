"""What a record page as HTML shows above its tabs, and in that of the description: rows of a label and a value.

Pages whose staff view is a page of its own show links, formats, language and series here alone. Most of VuFind's
templates (versions 1 to 11, RecordDriver/DefaultRecord/core.phtml and data-*.phtml) link what they show, and the
target holds what is indexed; what stands there as words of the page's language is put back where it is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.readers.page_labels import CREDITS, Labels, formats_in_english, is_label, read_labels
from pipelines.readers.staff_table import cell_after, cell_values
from pipelines.readers.value_cut import known_formats

Values = dict[str, list[str]]

#: Where a page has more rows, the first ones are looked at.
_MOST_ROWS: Final = 256
_SIGNS_BEHIND_LABELS: Final = ":： \t\r\n\f\u00a0"
_OPEN_URL: Final = re.compile(r"\bopenurl\b|\b(?:ctx|url)_ver=Z39\.88", re.IGNORECASE)
_DATE: Final = re.compile(r"[^\s,;:]*[0-9]{4}[^,;:]*$")
_LONGEST_DATE: Final = 40
_BEGINS_LINE: Final = "br, div, p, li"

#: A format is marked as such, also in a row with a label of the catalogue's own.
_MARKED_FORMAT: Final = "th + td > span.format, dt + dd > span.format"
#: Rows that stand in the core record alone, and those that stand in the tab of the description.
_CORE: Final = {
    "Published in": "container_title", "Edition": "edition", "Language": "language", "Published": "publisher",
    "Format": "format", "Series": "series", "Subjects": "topic", "Online Access": "url",
}  # fmt: skip
_ANYWHERE: Final = {
    "ISBN": "isbn",
    "ISSN": "issn",
    "DOI": "doi_str_mv",
    "Physical Description": "physical",
    "Summary": "description",
}


@dataclass(frozen=True, slots=True)
class CoreRecord:
    """What the rows of a page show, by field of the index.

    ``told`` is as it is indexed, by the targets of links and the names of classes; ``shown`` as it is printed.
    """

    told: Values = field(default_factory=dict)
    shown: Values = field(default_factory=dict)


def core_record(page: LexborHTMLParser) -> CoreRecord:
    """The core record of a page of a record; nothing where it has no row with a label that is known."""
    rows = _rows(page)
    labels = read_labels(tuple(label for label, _, _ in rows), declared=_language(page), fewest=1)
    found = CoreRecord()
    if labels is None:
        return found
    core: int | None = None
    for folded, (_, table, cell) in zip(labels.folded, rows, strict=True):
        meaning = labels.meaning(folded)
        if meaning in CREDITS or meaning in _CORE:
            core = table if core is None else core
            if table == core:
                _read_core(found, meaning, cell, labels)
        elif meaning in _ANYWHERE:
            _add(found.shown, _ANYWHERE[meaning], _lines(cell))
    marked = page.css_first(_MARKED_FORMAT)
    if "format" not in found.told and marked is not None and marked.parent is not None:
        _formats(found, marked.parent, labels)
    return found


def heading_in(link: LexborNode, *parameters: str) -> str:
    """The heading that a link of the page searches for, without quotes: the first of the ``parameters`` that it has."""
    try:
        query = parse_qs(urlsplit(link.attributes.get("href") or "").query, errors="strict")
    except ValueError:
        return ""
    text = next((query[name][0].strip() for name in parameters if name in query), "")
    return text[1:-1].replace('\\"', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text


def text_of(node: LexborNode) -> str:
    """What a node shows, each run of blanks as one."""
    return " ".join(node.text().split())


def _lines(cell: LexborNode) -> list[str]:
    return [" ".join(line.split()) for line in cell_values(cell)]


def _rows(page: LexborHTMLParser) -> list[tuple[str, int, LexborNode]]:
    """Label, table and cell of the first rows of tables and of lists of definitions that have a label of VuFind's."""
    found: list[tuple[str, int, LexborNode]] = []
    for heading in page.css("tr > th:first-child, dl > dt"):
        label = text_of(heading).strip(_SIGNS_BEHIND_LABELS)
        if not is_label(label):
            continue
        cell = cell_after(heading, "td" if heading.tag == "th" else "dd")
        row = heading.parent
        table = row if heading.tag == "dt" or row is None else row.parent
        if cell is not None and table is not None:
            found.append((label, table.mem_id, cell))
            if len(found) == _MOST_ROWS:
                break
    return found


def _language(page: LexborHTMLParser) -> str:
    root = page.css_first("html[lang]")
    return (root.attributes.get("lang") or "").strip().lower() if root is not None else ""


def _add(values: Values, name: str, found: Iterable[str]) -> None:
    """The first row of a field counts."""
    if name not in values and (told := [value for value in dict.fromkeys(found) if value]):
        values[name] = told


def _read_core(found: CoreRecord, meaning: str, cell: LexborNode, labels: Labels) -> None:
    if meaning in CREDITS:
        headings = [heading_in(link, "author", "lookfor") for link in cell.css(AUTHOR_LINKS)]
        _add(found.told if any(headings) else found.shown, CREDITS[meaning], headings or _lines(cell))
    elif reader := _READERS.get(meaning):
        reader(found, cell, labels)
    else:
        _add(found.shown, _CORE[meaning], _lines(cell))


#: Links to the page of an author, and to a search for a subject.
AUTHOR_LINKS: Final = 'a[href*="Author/Home"], a[href*="type=Author"]'
SUBJECT_LINKS: Final = 'a[href*="type=Subject"]'


def _container(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    link = cell.css_first("a")
    if link is None:
        _add(found.shown, "container_title", [text_of(cell)])
        return
    title, whole = text_of(link), text_of(cell)
    _add(found.shown, "container_title", [title])
    if whole.startswith(title):
        _add(found.shown, "container_reference", [whole.removeprefix(title).strip()])


def _edition(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    _add(found.shown, "edition", [text_of(cell)])


def _formats(found: CoreRecord, cell: LexborNode, labels: Labels) -> None:
    """A format has its name as a class, in lower case and without signs, whatever language it is printed in."""
    marked = cell.css("span.format, span.iconlabel")
    if not marked:
        _add(found.told, "format", (formats_in_english(text, labels.language) for text in _lines(cell)))
        return
    formats = []
    for one in marked:
        text, classes = text_of(one), (one.attributes.get("class") or "").split()
        known = next((known_formats_by_class()[name] for name in classes if name in known_formats_by_class()), None)
        formats.append(text if _class_of(text) in classes else known or formats_in_english(text, labels.language))
    _add(found.told, "format", formats)


@cache
def known_formats_by_class() -> dict[str, str]:
    """VuFind's formats by the class that its templates give them (format-class.phtml)."""
    return {_class_of(name): name for name in sorted(known_formats(), reverse=True)}


def _class_of(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def _publications(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    """A line each: place, name and date; names are linked, or marked up, or not known from places."""
    publishers = [heading_in(link, "lookfor") or text_of(link) for link in cell.css('a[href*="type=Publisher"]')]
    publishers = publishers or [text_of(name) for name in cell.css('[property="publisher"] [property~="name"]')]
    dates = [date[0] for line in _lines(cell) if (date := _DATE.search(line[-_LONGEST_DATE:]))]
    _add(found.shown, "publisher", publishers)
    _add(found.shown, "publishDate", dates)


def _series(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    linked = [heading_in(link, "lookfor") for link in cell.css('a[href*="type=Series"]')]
    _add(found.told, "series", linked or _lines(cell))


def _subjects(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    _add(found.told, "topic", subjects_in(cell) or _lines(cell))


def subjects_in(node: LexborNode) -> list[str]:
    """The subjects that links of a node search for: each link of a line goes to the subject up to there."""
    lines: list[str] = [""]
    for one in node.css(f"{SUBJECT_LINKS}, {_BEGINS_LINE}"):
        if one.tag == "a":
            lines[-1] = heading_in(one, "lookfor") or lines[-1]
        else:
            lines.append("")
    return [line for line in lines if line]


def _links(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    """Addresses as they are linked; what a resolver of OpenURLs is asked is none of the record's."""
    _add(
        found.told,
        "url",
        (
            address.strip()
            for link in cell.css("a[href]")
            if (address := link.attributes.get("href") or "")
            and not _OPEN_URL.search(f"{address} {link.attributes.get('class') or ''}")
        ),
    )


_READERS: Final[dict[str, Callable[[CoreRecord, LexborNode, Labels], None]]] = {
    "Published in": _container,
    "Edition": _edition,
    "Format": _formats,
    "Published": _publications,
    "Series": _series,
    "Subjects": _subjects,
    "Online Access": _links,
}
