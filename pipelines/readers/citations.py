"""Citations as people keep them (CSV, BibTeX, RIS) -> Solr documents, so that the rules of the road apply to them.

Not a format of dumps: a citation has no catalogue and often no id. What reads a format is a file of its own and gives
a table of texts with some of CITATION_COLUMNS; here they become RAW_RECORDS.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import one_array
from pipelines.readers.author_lists import author_names
from pipelines.readers.bibtex import read_bibtex
from pipelines.readers.citation_csv import read_citation_csv
from pipelines.readers.citation_error import CitationError
from pipelines.readers.citation_file import refuse_what_is_none
from pipelines.readers.ris import read_ris
from pipelines.records import RAW_RECORDS

#: Every column a citation may have; other columns of a file are passed over.
CITATION_COLUMNS: Final = (
    "id", "source", "title", "subtitle", "author", "year", "journal", "booktitle", "volume", "number", "pages", "doi",
    "pmid", "arxiv", "isbn", "issn", "url", "publisher", "edition", "language", "type", "abstract",
)  # fmt: skip

#: What people call a column besides its name: Web of Science, Scopus, Zotero, EndNote and others.
_ALIASES: Final = {
    "authors": "author", "creator": "author", "date": "year", "publication_year": "year", "published": "year",
    "container_title": "journal", "journal_title": "journal", "venue": "journal", "issue": "number", "page": "pages",
    "start_page": "pages", "journaltitle": "journal", "key": "id", "record_id": "id", "database": "source",
    "description": "abstract", "article_title": "title", "document_title": "title", "publication_title": "journal",
    "source_title": "journal", "secondary_title": "journal", "book_title": "booktitle", "conference_name": "booktitle",
    "page_start": "pages", "author_full_names": "author", "author_names": "author", "abstract_note": "abstract",
    "document_type": "type", "item_type": "type", "pubmed_id": "pmid", "doi_link": "doi",
}  # fmt: skip

_READERS: Final[dict[str, Callable[[Path], tuple[pa.Table, list[str]]]]] = {
    ".csv": read_citation_csv,
    ".tsv": read_citation_csv,
    ".txt": read_citation_csv,
    ".bib": read_bibtex,
    ".ris": read_ris,
}

#: Types that say nothing of how a text was published.
_VAGUE_TYPES: Final = ("misc", "online", "unpublished", "electronic", "generic", "other")
_PUBMED: Final = "https://pubmed.ncbi.nlm.nih.gov/"
_ARXIV: Final = "https://arxiv.org/abs/"


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations of a file: ``ids``, ``sources`` and ``documents`` (RAW_RECORDS, whose id is the row, from 0).

    An id is that given; one that stands again has the number of its row, from 1, behind it. Of a row without id it is
    that number, as ``row 3`` where other rows have an id.
    ``unreadable`` says what could not be read, ``untitled`` which citations have no title; ``unused`` are the columns
    of a CSV that say nothing here.
    """

    ids: list[str]
    sources: list[str]
    documents: pa.Table
    unreadable: list[str]
    untitled: list[str]
    unused: list[str]


def read_citations(path: Path) -> Citations:
    """Read a CSV, BibTeX or RIS file, told by its suffix (anything else is taken for CSV).

    Raises :class:`CitationError` where the file is none of these, has no title column or no citation at all.
    """
    refuse_what_is_none(path)
    reader = _READERS.get(path.suffix.lower(), read_citation_csv)
    table, unreadable = reader(path)
    columns = _known_columns(table)
    if not len(table):
        raise CitationError("\n".join([f"{path}: no citation that can be read", *unreadable[:5]]))
    if "title" not in columns:
        found = ", ".join(table.column_names) or "none"
        raise CitationError(f"{path}: no column 'title'; columns found: {found}; known: {', '.join(CITATION_COLUMNS)}")
    empty = pa.nulls(len(table), pa.string())
    texts = {name: columns.get(name, empty) for name in CITATION_COLUMNS}
    ids = _unique(texts["id"].to_pylist())
    sources = [text or "" for text in texts["source"].to_pylist()]
    untitled = [name for name, title in zip(ids, texts["title"].to_pylist(), strict=True) if not title]
    is_csv = reader is read_citation_csv
    unused = [name for name in table.column_names if is_csv and name and _known_name(name) not in CITATION_COLUMNS]
    return Citations(ids, sources, _documents(texts, str(path)), unreadable, untitled, unused)


def _known_name(name: str) -> str:
    """What we call a column, if we know it."""
    known = name.strip().lower().replace(" ", "_").replace("-", "_")
    return _ALIASES.get(known, known)


def _known_columns(table: pa.Table) -> dict[str, pa.Array]:
    columns: dict[str, pa.Array] = {}
    for position, name in enumerate(table.column_names):
        known = _known_name(name)
        if known in CITATION_COLUMNS:
            texts = _clean(one_array(table.column(position)))
            columns[known] = pc.coalesce(columns[known], texts) if known in columns else texts
    return columns


def _unique(ids: list[str | None]) -> list[str]:
    """An id for each row: what is given always wins, and what is made up never looks like it."""
    if not any(ids):
        return [str(row) for row in range(1, len(ids) + 1)]
    given = {each for each in ids if each}
    seen: set[str] = set()
    found = []
    for row, each in enumerate(ids, start=1):
        name = each or f"row {row}"
        while name in seen or (name in given and name != each):
            name = f"{name} (row {row})"
        seen.add(name)
        found.append(name)
    return found


def _clean(texts: pa.Array) -> pa.Array:
    """Texts with HTML's references (``&#252;``) resolved; null for blank ones."""
    escaped = pc.fill_null(pc.match_substring_regex(texts, r"&#?\w+;"), False)
    if pc.any(escaped).as_py():
        resolved = [html.unescape(text) for text in texts.filter(escaped).to_pylist()]
        texts = pc.replace_with_mask(texts, escaped, pa.array(resolved, pa.string()))
    blank = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(texts), ""), False)
    return pc.if_else(blank, pa.scalar(None, pa.string()), texts)


def _documents(texts: dict[str, pa.Array], file: str) -> pa.Table:
    rows = len(texts["title"])
    numbers = pa.array(np.arange(rows))
    columns: dict[str, pa.Array] = {
        "file": pa.repeat(pa.scalar(file), rows),
        "member": pa.repeat(pa.scalar(""), rows),
        "offset": numbers,
        "length": pa.repeat(pa.scalar(0, pa.int64()), rows),
        "line": pc.add(numbers, 1),
        "id": pc.cast(numbers, pa.string()),
        "title": _whole_title(texts["title"], texts["subtitle"]),
        "title_sub": texts["subtitle"],
        "author": author_names(texts["author"]),
        "publishDate": _lists(texts["year"]),
        "container_title": pc.coalesce(texts["journal"], texts["booktitle"]),
        "container_volume": texts["volume"],
        "container_issue": texts["number"],
        "container_start_page": texts["pages"],
        "edition": texts["edition"],
        "description": texts["abstract"],
        "doi_str_mv": _lists(texts["doi"]),
        "isbn": _lists(texts["isbn"]),
        "issn": _lists(texts["issn"]),
        "publisher": _lists(texts["publisher"]),
        "language": _lists(texts["language"]),
        "format": _lists(_types(texts)),
        "url": _urls(texts),
    }
    for field in RAW_RECORDS:
        columns.setdefault(field.name, pa.nulls(rows, field.type))
    return pa.table({name: columns[name] for name in RAW_RECORDS.names}, schema=RAW_RECORDS)


def _whole_title(titles: pa.Array, subtitles: pa.Array) -> pa.Array:
    return pc.coalesce(pc.binary_join_element_wise(titles, subtitles, " : "), titles, subtitles)


def _types(texts: dict[str, pa.Array]) -> pa.Array:
    """Types as given, but a text with an arXiv id and in no container is a preprint, as arXiv itself exports it."""
    is_vague = pc.fill_null(pc.is_in(pc.utf8_lower(texts["type"]), value_set=pa.array(_VAGUE_TYPES)), True)
    is_vague = pc.or_(is_vague, pc.is_null(texts["type"]))
    loose = pc.and_(pc.is_null(texts["journal"]), pc.is_null(texts["booktitle"]))
    is_preprint = pc.and_(pc.and_(pc.is_valid(texts["arxiv"]), loose), is_vague)
    return pc.if_else(is_preprint, pa.scalar("Preprint"), texts["type"])


def _lists(texts: pa.Array) -> pa.Array:
    """Each text as a list of itself; null stays null."""
    lengths = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, texts.drop_null(), mask=pc.is_null(texts))


def _urls(texts: dict[str, pa.Array]) -> pa.Array:
    parts = [
        texts["url"],
        pc.binary_join_element_wise(_PUBMED, texts["pmid"], ""),
        pc.binary_join_element_wise(_ARXIV, texts["arxiv"], ""),
    ]
    joined = pc.utf8_trim(pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), " "), " ")
    return pc.split_pattern_regex(pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined), " +")
