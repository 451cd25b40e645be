"""Citations as BibTeX, read by bibtexparser."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import pyarrow as pa
from bibtexparser.entrypoint import parse_string
from bibtexparser.exceptions import BlockAbortedException
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

from pipelines.readers.citation_error import CitationError

#: Formats, as VuFind names them, of BibTeX's types of entries.
_FORMATS: Final = {
    "article": "Article", "inproceedings": "Conference Paper", "conference": "Conference Paper", "book": "Book",
    "proceedings": "Conference Proceeding", "incollection": "Book Chapter", "inbook": "Book Chapter",
    "phdthesis": "Thesis", "mastersthesis": "Thesis", "techreport": "Report", "dataset": "Dataset",
}  # fmt: skip


#: So many letters of what could not be read are shown.
_SHOWN: Final = 80

#: The parser prints what it cannot read, without the file; here it is told with its place.
logging.getLogger("bibtexparser.splitter").setLevel(logging.CRITICAL)


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
        f"{path}: line {(block.start_line or 0) + 1:,}: {_what_is_wrong(block)}; mend it there: {_beginning(block)}"
        for block in library.failed_blocks
        if not isinstance(block, DuplicateBlockKeyBlock)
    ]
    # Merged libraries repeat keys, and some entries have none: an entry is one all the same, and where it stands.
    blocks = (
        block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block for block in library.blocks
    )
    rows = [_row(block) for block in blocks if isinstance(block, Entry)]
    names = sorted({name for row in rows for name in row})
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}), unreadable


def _what_is_wrong(block: ParsingFailedBlock) -> str:
    if isinstance(block, DuplicateFieldKeyBlock):
        return f"the entry has a field more than once ({', '.join(sorted(block.duplicate_keys))})"
    if isinstance(block.error, BlockAbortedException):
        return f"no BibTeX: {block.error.abort_reason.strip().rstrip('.')}"
    return f"no BibTeX: {str(block.error).strip() or type(block.error).__name__}"


def _beginning(block: ParsingFailedBlock) -> str:
    """The first words of what could not be read, in one line."""
    return " ".join((block.raw or "")[:_SHOWN].split())


def _row(entry: Entry) -> dict[str, str | None]:
    row: dict[str, str | None] = {
        name.lower(): " ".join(str(field.value).split()) for name, field in entry.fields_dict.items()
    }
    return row | {"id": entry.key, "type": _FORMATS.get(entry.entry_type.lower())}
