"""What a record page as HTML shows above its tabs, and in that of the description: rows of a label and a value.

Pages whose staff view is a page of its own show links, formats, language and series here alone. Most of VuFind's
templates (versions 1 to 11, RecordDriver/DefaultRecord/core.phtml and data-*.phtml) link what they show, and the
target holds what is indexed; what stands there as words of the page's language is put back where it is known.
A row that may be of something else is passed over: a wrong value is worse than one that is missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.readers.page_labels import CREDITS, Labels, formats_in_english, is_label, known_language, read_labels
from pipelines.readers.staff_table import cell_after, cell_values
from pipelines.readers.surroundings import Surroundings
from pipelines.readers.value_cut import format_class, format_of_class, is_as_indexed

Values = dict[str, list[str]]

#: Where a page has more headings, or rows with a label, the first ones are looked at.
_MOST_HEADINGS: Final = 4_096
_MOST_ROWS: Final = 256
_SIGNS_BEHIND_LABELS: Final = ":： \t\r\n\f\u00a0"
#: Rows that may stand in the tab of the description.
_DESCRIBING: Final = {
    "ISBN": "isbn", "ISSN": "issn", "DOI": "doi_str_mv", "Physical Description": "physical", "Summary": "description",
}  # fmt: skip
#: A format is marked as such, also in a row with a label of the catalogue's own.
_MARKED_FORMAT: Final = "th + td > span.format, dt + dd > span.format"
#: Links to the page of an author, and to searches.
AUTHOR_LINKS: Final = 'a[href*="Author/Home"], a[href*="type=Author"]'
SUBJECT_LINKS: Final = 'a[href*="type=Subject"]'
_SERIES_LINKS: Final = 'a[href*="type=Series"]'
_PUBLISHER_LINKS: Final = 'a[href*="type=Publisher"]'
_JOURNAL_LINKS: Final = 'a[href*="type=JournalTitle"], a[href*="/Record/"]'
_PUBLISHER_NAMES: Final = '[property~="publisher"] [property~="name"]'
_DATES: Final = '[property~="datePublished"], [property~="publicationDate"]'
_OPEN_URL: Final = re.compile(r"[?&;](?:ctx|url)_ver=Z39\.88|(?<=\s)\S*openurl", re.IGNORECASE)
#: A word that is a year, as cataloguers write it (``[c1999?].``, ``2001,``); several may end a line.
_YEAR: Final = re.compile(r"\W{0,3}(?:[^\W\d]{1,4}\W?)?[0-9]{4}\S{0,20}|[-–]")
_MOST_WORDS_OF_DATE: Final = 6


@dataclass(frozen=True, slots=True)
class CoreRecord:
    """What the rows of a page show, by field of the index.

    ``told`` is as it is indexed, by the targets of links and the names of classes; ``shown`` as it is printed.
    """

    told: Values = field(default_factory=dict)
    shown: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    table: LexborNode
    cell: LexborNode


def core_record(page: LexborHTMLParser, around: Surroundings) -> CoreRecord:
    """The core record of a page of a record; nothing where it has no row with a label that is known."""
    found = CoreRecord()
    rows = _rows(page, around)
    labels = read_labels(tuple(row.label for row in rows), declared=_language(page), fewest=1)
    if labels is None:
        return found
    meanings = [_meaning(labels, folded, row.cell) for folded, row in zip(labels.folded, rows, strict=True)]
    of_core = Counter(
        row.table.mem_id
        for row, meaning in zip(rows, meanings, strict=True)
        if meaning in CREDITS or meaning in _READERS
    )
    # Of as many the first.
    core = max(of_core, key=lambda table: of_core[table]) if of_core else 0
    for row, meaning in zip(rows, meanings, strict=True):
        table = row.table.mem_id
        if meaning in _DESCRIBING:
            if table == core or around.is_description(row.table):
                _add(found.shown, _DESCRIBING[meaning], _lines(row.cell))
        elif table == core and meaning:
            _read_core(found, meaning, row.cell, labels)
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


def subjects_of(links: Iterable[LexborNode]) -> list[str]:
    """The subjects that links search for, one after another: each of a line goes to the subject up to there."""
    found: list[str] = []
    parent = None
    for link in links:
        heading = " ".join(word for word in heading_in(link, "lookfor").split() if word != "--")
        above = link.parent.mem_id if link.parent is not None else None
        if found and above == parent and heading.startswith(f"{found[-1]} "):
            found[-1] = heading
        elif heading:
            found.append(heading)
        parent = above
    return found


def _lines(cell: LexborNode) -> list[str]:
    return [" ".join(line.split()) for line in cell_values(cell)]


def _rows(page: LexborHTMLParser, around: Surroundings) -> list[_Row]:
    """The first rows of tables and of lists of definitions that have a label of VuFind's."""
    found: list[_Row] = []
    labelled = 0
    for heading in islice(page.css("tr > th:first-child, dl > dt"), _MOST_HEADINGS):
        label = _label_of(heading)
        if not is_label(label):
            continue
        labelled += 1
        if labelled > _MOST_ROWS:
            break
        cell = cell_after(heading, "td" if heading.tag == "th" else "dd")
        row = heading.parent
        table = row if heading.tag == "dt" or row is None else row.parent
        if cell is None or table is None or around.is_aside(table):
            continue
        if cell.css_first("select, input, textarea") is None:
            found.append(_Row(label, table, cell))
    return found


def _label_of(heading: LexborNode) -> str:
    """What stands in a heading itself, or in the one element in it, without the sign behind it."""
    text = heading.text(deep=False)
    child = heading.css_first("span, strong, b, label") if not text.strip() else None
    return " ".join((text if child is None else child.text(deep=False)).split()).strip(_SIGNS_BEHIND_LABELS)


def _language(page: LexborHTMLParser) -> str:
    root = page.css_first("html[lang]")
    return known_language((root.attributes.get("lang") or "").strip()) if root is not None else ""


def _meaning(labels: Labels, folded: str, cell: LexborNode) -> str:
    """What a row is, by its label, and where that has several meanings by what its cell has; "" where nothing tells."""
    meanings = {one for one in labels.meanings(folded) if one in CREDITS or one in _READERS or one in _DESCRIBING}
    if len({CREDITS.get(one, one) for one in meanings}) == 1:
        return next(iter(meanings)) if not labels.is_of_another_row(folded) else ""
    if meanings <= {"Published", "Published in", "Edition"}:
        if cell.css_first(f"{_PUBLISHER_NAMES}, {_DATES}, {_PUBLISHER_LINKS}") is not None:
            return "Published" if "Published" in meanings else ""
        if cell.css_first(_JOURNAL_LINKS) is not None:
            return "Published in" if "Published in" in meanings else ""
        if cell.css_first('[property~="bookEdition"]') is not None:
            return "Edition" if "Edition" in meanings else ""
    return ""


def _add(values: Values, name: str, found: Iterable[str]) -> None:
    """Rows of one field follow one another."""
    told = [value for value in dict.fromkeys([*values.get(name, ()), *found]) if value]
    if told:
        values[name] = told


def _read_core(found: CoreRecord, meaning: str, cell: LexborNode, labels: Labels) -> None:
    if meaning in CREDITS:
        _add(found.told, CREDITS[meaning], (heading_in(link, "author", "lookfor") for link in cell.css(AUTHOR_LINKS)))
    else:
        _READERS[meaning](found, cell, labels)


def _container(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    link, whole = cell.css_first("a"), text_of(cell)
    title = whole if link is None else text_of(link)
    _add(found.shown, "container_title", [title])
    if whole.startswith(title):
        _add(found.shown, "container_reference", [whole.removeprefix(title).strip()])


def _edition(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    _add(found.shown, "edition", [text_of(cell)])


def _languages(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    _add(found.shown, "language", _lines(cell))


def _formats(found: CoreRecord, cell: LexborNode, labels: Labels) -> None:
    """A format has its name as a class, in lower case and without signs, whatever language it is printed in."""
    marked = cell.css("span.format, span.iconlabel")
    if not marked:
        _add(found.shown, "format", (formats_in_english(text, labels.language) for text in _lines(cell)))
        return
    formats = []
    for one in marked:
        text, classes = text_of(one), (one.attributes.get("class") or "").split()
        named = {name for each in classes if (name := format_of_class(each))}
        if format_class(text) in classes and (not named or is_as_indexed(text, labels.language)):
            formats.append(text)
        else:
            formats.append(named.pop() if len(named) == 1 else formats_in_english(text, labels.language))
    _add(found.told, "format", formats)


def _publications(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    """A line each: place, name and date; names are linked, or marked up, or not known from places."""
    publishers = [heading_in(link, "lookfor") or text_of(link) for link in cell.css(_PUBLISHER_LINKS)]
    dates = [text_of(date) for date in cell.css(_DATES)]
    _add(found.shown, "publisher", publishers or map(text_of, cell.css(_PUBLISHER_NAMES)))
    _add(found.shown, "publishDate", dates or map(_date_at_the_end, _lines(cell)))


def _date_at_the_end(line: str) -> str:
    words: list[str] = []
    for word in reversed(line.rsplit(maxsplit=_MOST_WORDS_OF_DATE)[-_MOST_WORDS_OF_DATE:]):
        if not _YEAR.fullmatch(word):
            break
        words.insert(0, word)
    return " ".join(words)


def _series(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    """Collections may have the label of series: what is linked to searches for something else is none."""
    linked = [heading_in(link, "lookfor") for link in cell.css(_SERIES_LINKS)]
    if linked or cell.css_first("a") is None:
        _add(found.told if linked else found.shown, "series", linked or _lines(cell))


def _subjects(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    linked = subjects_of(cell.css(SUBJECT_LINKS))
    _add(found.told if linked else found.shown, "topic", linked or _lines(cell))


def _links(found: CoreRecord, cell: LexborNode, _: Labels) -> None:
    """Addresses as they are linked; what a resolver of OpenURLs is asked is none of the record's."""
    linked = (
        ((link.attributes.get("href") or "").strip(), link.attributes.get("class") or "") for link in cell.css("a")
    )
    _add(found.told, "url", (address for address, named in linked if not _OPEN_URL.search(f"{address} {named}")))


#: Rows of the core record beside its credits, and what reads them.
_READERS: Final[dict[str, Callable[[CoreRecord, LexborNode, Labels], None]]] = {
    "Published in": _container,
    "Edition": _edition,
    "Language": _languages,
    "Format": _formats,
    "Published": _publications,
    "Series": _series,
    "Subjects": _subjects,
    "Online Access": _links,
}
