"""The records of a chunk and where they stand, for formats that read them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Positions, find_byte
from pipelines.readers.chunks import Batch, Piece, Unreadable, quarantine_table, unreadable
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.lines import table_of, without_collector
from pipelines.records import QUARANTINED, RAW_RECORDS

#: A shorter text is read as fast record by record.
_WORTH_COLUMNS: Final = 32 << 10


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
    with without_collector():
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


def parse_plain_first(
    pieces: tuple[Piece, ...],
    spans_of: Callable[[Piece], list[tuple[int, int]]],
    read: Callable[[bytes], Iterable[dict[str, Any]]],
    read_plain: Callable[[bytes, Positions, Positions], tuple[pa.Table, Positions] | None],
) -> Batch:
    """What :func:`parse_spans` says, of records most of which ``read_plain`` may read together.

    That is given a text and where records in it start and end, and returns documents of schema ``FIELDS`` and the
    number of the record of each, in order. The others are read by ``read``.
    """
    batches = [_parse_plain_first(piece, spans_of(piece), read, read_plain) for piece in pieces]
    if len(batches) == 1:
        return batches[0]
    return Batch(
        pa.concat_tables([one.documents for one in batches]).combine_chunks(),
        pa.concat_tables([one.quarantined for one in batches]),
    )


def _parse_plain_first(
    piece: Piece,
    spans: list[tuple[int, int]],
    read: Callable[[bytes], Iterable[dict[str, Any]]],
    read_plain: Callable[[bytes, Positions, Positions], tuple[pa.Table, Positions] | None],
) -> Batch:
    starts, ends = (np.array([span[side] for span in spans], np.int64) for side in (0, 1))
    plain = read_plain(piece.data, starts, ends) if len(piece.data) >= _WORTH_COLUMNS else None
    if plain is None:
        return parse_spans((piece,), lambda _: spans, read)
    table, rows = plain
    newlines = find_byte(piece.data, b"\n")
    lineage = [
        pa.repeat(pa.scalar(piece.file), len(rows)),
        pa.repeat(pa.scalar(piece.member), len(rows)),
        pa.array(piece.offset + starts[rows]),
        pa.array((ends - starts)[rows]),
        pa.array(piece.line + np.searchsorted(newlines, starts[rows])),
    ]
    documents = pa.Table.from_arrays([*lineage, *table.columns], schema=RAW_RECORDS)
    left = np.setdiff1d(np.arange(len(spans)), rows).tolist()
    if not left:
        return Batch(documents, QUARANTINED.empty_table())
    others = parse_spans((piece,), lambda _: [spans[number] for number in left], read)
    # Several rows may be of one record, and stay in their order.
    together = pa.concat_tables([documents, others.documents])
    order = np.argsort(together.column("offset").to_numpy(), kind="stable")
    return Batch(together.take(pa.array(order)).combine_chunks(), others.quarantined)
