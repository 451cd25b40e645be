"""Citations as RIS, read by rispy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import rispy

from pipelines.readers.citation_error import CitationError

#: Formats, as VuFind names them, of RIS's types of references.
_FORMATS: Final = {
    "JOUR": "Article", "EJOUR": "Article", "MGZN": "Article", "NEWS": "Article", "CONF": "Conference Proceeding",
    "CPAPER": "Conference Paper", "BOOK": "Book", "EBOOK": "Book", "CHAP": "Book Chapter", "ECHAP": "Book Chapter",
    "THES": "Thesis", "RPRT": "Report", "DATA": "Dataset",
}  # fmt: skip


_BEGINNING: Final = re.compile(r"^TY  - ", re.MULTILINE)


def read_ris(path: Path) -> tuple[pa.Table, list[str]]:
    """A table of the references as texts in the columns of citations, and how many have no end and were not read.

    Raises CitationError where the file cannot be opened, is not UTF-8 or is no RIS.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CitationError(f"{path}: cannot be read as RIS in UTF-8: {error}") from error
    if not _BEGINNING.search(text):
        raise CitationError(f"{path}: no RIS: no line begins a reference, as 'TY  - JOUR' does")
    try:
        references = rispy.loads(text)
    except (ValueError, rispy.parser.ParseError) as error:
        raise CitationError(f"{path}: cannot be read as RIS: {error}") from error
    rows = [_row(reference) for reference in references]
    names = sorted({name for row in rows for name in row})
    begun = len(_BEGINNING.findall(text))
    missing = begun - len(rows)
    lost = [f"{path}: {missing} of {begun} references have no end (ER) and are not read"] if missing > 0 else []
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}), lost


def _row(reference: dict[str, Any]) -> dict[str, str | None]:
    def first(*names: str) -> str | None:
        return next((str(reference[name]) for name in names if reference.get(name)), None)

    pages = [page for page in (first("start_page"), first("end_page")) if page]
    return {
        "id": first("id", "accession_number"),
        "type": _FORMATS.get(reference.get("type_of_reference", "")),
        "title": first("title", "primary_title"),
        "author": "; ".join(reference.get("authors") or reference.get("first_authors") or []) or None,
        "year": first("year", "publication_year", "date"),
        "journal": first("journal_name", "secondary_title", "alternate_title3", "alternate_title1"),
        "volume": first("volume"),
        "number": first("number"),
        "pages": "-".join(pages) or None,
        "doi": first("doi"),
        "issn": first("issn"),
        "publisher": first("publisher"),
        "edition": first("edition"),
        "language": first("language"),
        "abstract": first("abstract", "notes_abstract"),
        "source": first("name_of_database"),
    }
