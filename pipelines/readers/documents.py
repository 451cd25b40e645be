"""Solr documents again, out of a frame of raw records: the way back, for people and for other indexes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from pipelines.readers.deletions import apart
from pipelines.readers.json_exact import read_extra, write_object
from pipelines.records import LINEAGE, PAGE_LINEAGE

_LINEAGE_NAMES: Final = tuple(field.name for field in LINEAGE)
_PAGE_LINEAGE_NAMES: Final = tuple(field.name for field in PAGE_LINEAGE)
_ROWS_AT_ONCE: Final = 1024


def to_documents(documents: pa.Table) -> Iterator[dict[str, Any]]:
    """Each row of a table of schema ``RAW_RECORDS`` as a Solr document; deletions are none and are left out.

    Fields of many values are lists, fields without a value are left out. Local fields stand beside
    the others; one that ``extra`` holds in full replaces its first value. Where the document was
    found is under ``_lineage`` (file, member, offset, length, line, and of a page as text how it was
    read). Numbers of local fields are ``int``, ``float``, or ``Decimal`` where a float loses digits,
    or they are more than Python makes an ``int`` of.
    """
    return _documents(documents, lambda extra: json.loads(extra, parse_int=_whole_number, parse_float=_exact_number))


def to_json_lines(documents: pa.Table) -> Iterator[bytes]:
    """The same documents as JSON lines, every number as it was written."""
    return (write_object(document) + b"\n" for document in _documents(documents, read_extra))


def _documents(documents: pa.Table, read: Callable[[str], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    documents, _ = apart(documents)
    filled = documents.select(
        [name for name in documents.column_names if documents.column(name).null_count < len(documents)]
    )
    for batch in filled.to_batches(max_chunksize=_ROWS_AT_ONCE):
        for row in batch.to_pylist():
            document = {name: value for name, value in row.items() if value is not None}
            lineage = {name: document.pop(name) for name in _LINEAGE_NAMES}
            lineage |= {name: document.pop(name) for name in _PAGE_LINEAGE_NAMES if name in document}
            document.update(read(document.pop("extra", "{}")))
            document["_lineage"] = lineage
            yield document


def _whole_number(text: str) -> int | Decimal:
    return int(text) if len(text) <= sys.int_info.default_max_str_digits else Decimal(text)


def _exact_number(text: str) -> float | Decimal:
    exact = Decimal(text)
    return float(text) if Decimal(repr(float(text))) == exact else exact
