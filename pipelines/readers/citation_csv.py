"""Citations as CSV: a header, then a citation a row; divided by comma, semicolon or tab."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as pacsv

from pipelines.readers.citation_error import CitationError

_DIVIDERS: Final = (",", ";", "\t")
_BLOCK: Final = 64 << 20


def read_citation_csv(path: Path) -> tuple[pa.Table, list[str]]:
    """All columns as texts, and a line for each row that has another number of columns than the header.

    Raises CitationError where the file cannot be opened, is not UTF-8 or is no CSV.
    """
    unreadable: list[str] = []

    def pass_over(row: pacsv.InvalidRow) -> str:
        columns = f"{row.actual_columns} columns where the header has {row.expected_columns}"
        unreadable.append(f"{path}: row {row.number}: {columns}: {row.text[:200]}")
        return "skip"

    try:
        with path.open("rb") as opened:
            header = opened.readline().decode("utf-8-sig")
        names = pacsv.read_csv(
            pa.BufferReader(header.encode()), parse_options=pacsv.ParseOptions(delimiter=_divider(header))
        ).column_names
        table = pacsv.read_csv(
            path,
            # Rows are numbered for those who must find them, which pyarrow does in one thread only.
            read_options=pacsv.ReadOptions(block_size=_BLOCK, use_threads=False),
            parse_options=pacsv.ParseOptions(
                delimiter=_divider(header), newlines_in_values=True, invalid_row_handler=pass_over
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except (OSError, UnicodeDecodeError, pa.ArrowInvalid) as error:
        raise CitationError(f"{path}: cannot be read as CSV in UTF-8: {error}") from error
    return table, unreadable


def _divider(header: str) -> str:
    return max(_DIVIDERS, key=header.count)
