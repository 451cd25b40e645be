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


class DeletedRecordsError(NotADocumentError):
    """A record that says which others its source has deleted: start, end and id of each, within its text."""

    def __init__(self, deleted: list[tuple[int, int, str]]) -> None:
        super().__init__("deleted by the source")
        self.deleted = deleted


def parse_spans(
    pieces: tuple[Piece, ...],
    spans_of: Callable[[Piece], Iterable[tuple[int, int]]],
    read: Callable[[bytes], dict[str, Any]],
) -> Batch:
    """The documents of the records that stand where ``spans_of`` a piece says, each read by ``read`` to a row.

    Rows are without lineage. A record for which ``read`` raises :class:`NotADocumentError` is quarantined
    with what that says, and so is each record that :class:`DeletedRecordsError` names.
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
                    rows.append(read(text) | {"file": piece.file, "member": piece.member} | lineage)
                except DeletedRecordsError as error:
                    refused += _deleted(piece, offset, line, text, error)
                except NotADocumentError as error:
                    refused.append(unreadable(piece.file, piece.member, offset, line, str(error), text))
    return Batch(table_of(rows, RAW_RECORDS), quarantine_table(refused))


def _deleted(piece: Piece, offset: int, line: int, text: bytes, error: DeletedRecordsError) -> Iterator[Unreadable]:
    for start, end, deleted in error.deleted:
        reason = f"{deleted} is deleted in the source: deletions are not carried out yet"
        place = (piece.file, piece.member, offset + start, line + text.count(b"\n", 0, start))
        yield unreadable(*place, reason, text[start:end])


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
