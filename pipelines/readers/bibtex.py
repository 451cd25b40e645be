"""Citations as BibTeX, read by bibtexparser."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import DuplicateBlockKeyBlock, Entry

from pipelines.readers.citation_error import CitationError

#: Formats, as VuFind names them, of BibTeX's types of entries.
_FORMATS: Final = {
    "article": "Article", "inproceedings": "Conference Paper", "conference": "Conference Paper", "book": "Book",
    "proceedings": "Conference Proceeding", "incollection": "Book Chapter", "inbook": "Book Chapter",
    "phdthesis": "Thesis", "mastersthesis": "Thesis", "techreport": "Report", "dataset": "Dataset",
}  # fmt: skip


def read_bibtex(path: Path) -> tuple[pa.Table, list[str]]:
    """A table of the entries' fields as texts, ``id`` and ``type`` among them, and what could not be parsed.

    Raises CitationError where the file cannot be opened or is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CitationError(f"{path}: cannot be read as BibTeX in UTF-8: {error}") from error
    library = parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    unreadable = [
        f"{path}: line {(block.start_line or 0) + 1}: {block.error or 'no BibTeX'}: {(block.raw or '')[:200]}"
        for block in library.failed_blocks
        if not isinstance(block, DuplicateBlockKeyBlock)
    ]
    # Merged libraries repeat keys: an entry is one all the same.
    repeated = [block for block in library.failed_blocks if isinstance(block, DuplicateBlockKeyBlock)]
    rows = [_row(entry) for entry in library.entries]
    rows += [_row(block.ignore_error_block) for block in repeated if isinstance(block.ignore_error_block, Entry)]
    names = sorted({name for row in rows for name in row})
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}), unreadable


def _row(entry: Entry) -> dict[str, str | None]:
    row: dict[str, str | None] = {
        name.lower(): " ".join(str(field.value).split()) for name, field in entry.fields_dict.items()
    }
    return row | {"id": entry.key, "type": _FORMATS.get(entry.entry_type.lower())}
