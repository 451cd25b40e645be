"""The records of a chunk and where they stand, for formats that read them one by one."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from pipelines.readers.chunks import Batch, Piece, Unreadable, quarantine_table, unreadable
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.lines import table_of
from pipelines.records import RAW_RECORDS


def parse_spans(
    pieces: tuple[Piece, ...],
    spans_of: Callable[[Piece], Iterable[tuple[int, int]]],
    read: Callable[[bytes], Iterable[dict[str, Any]]],
) -> Batch:
    """The documents of the records that stand where ``spans_of`` a piece says, each read by ``read`` to rows.

    Rows are without lineage. A record for which ``read`` raises :class:`NotADocumentError` is quarantined
    with what that says; the rows that came before that are kept.
    """
    rows: list[dict[str, Any]] = []
    refused: list[Unreadable] = []
    with _without_collector():
        for piece in pieces:
            line, counted = piece.line, 0
            for start, end in spans_of(piece):
                line, counted = line + piece.data.count(b"\n", counted, start), start
                text, offset = piece.data[start:end], piece.offset + start
                lineage = {"offset": offset, "length": len(text), "line": line}
                try:
                    rows += (row | {"file": piece.file, "member": piece.member} | lineage for row in read(text))
                except NotADocumentError as error:
                    refused.append(unreadable(piece.file, piece.member, offset, line, str(error), text))
    return Batch(table_of(rows, RAW_RECORDS), quarantine_table(refused))


@contextmanager
def _without_collector() -> Iterator[None]:
    """Records have no cycles, and looking for some among the rows of a chunk would take a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
