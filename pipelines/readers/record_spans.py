"""The records of a chunk and where they stand, for formats that read them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Positions, find_byte
from pipelines.readers.chunks import Batch, Piece, Unreadable, quarantine_table, unreadable
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.lines import table_of, without_collector
from pipelines.records import QUARANTINED, RAW_RECORDS, TEXT

#: Fewer records are read faster one by one.
_WORTH_COLUMNS: Final = 40


class Joined(NamedTuple):
    """Pieces as one ``text``, where each ``begins`` in it, and of each record its piece and where it stands there."""

    text: bytes
    begins: Positions
    of_piece: Positions
    starts: Positions
    ends: Positions


def joined(pieces: Sequence[Piece], spans: Sequence[Positions]) -> Joined:
    """All pieces, with the records that stand in each from where to where its ``spans`` say, a row each.

    Of a harvest in many small files each would cost as much as a whole chunk.
    """
    text = b"".join([piece.data for piece in pieces]) if len(pieces) > 1 else pieces[0].data
    begins = np.append(0, np.cumsum([len(piece.data) for piece in pieces]))[:-1]
    of_piece = np.repeat(np.arange(len(pieces)), [len(some) for some in spans])
    starts, ends = np.concatenate(spans).T + begins[of_piece]
    return Joined(text, begins, of_piece, starts, ends)


def parse_spans(
    pieces: tuple[Piece, ...],
    spans_of: Callable[[Piece], Positions],
    read: Callable[[bytes], Iterable[dict[str, Any]]],
) -> Batch:
    """The documents of the records that stand where rows of ``spans_of`` a piece say, each read by ``read`` to rows.

    Rows are without lineage. A record for which ``read`` raises :class:`NotADocumentError` is quarantined
    with what that says; the rows that came before that are kept.
    """
    rows: list[dict[str, Any]] = []
    refused: list[Unreadable] = []
    with without_collector():
        for piece in pieces:
            line, counted = piece.line, 0
            for start, end in spans_of(piece).tolist():
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
    spans_of: Callable[[Piece], Positions],
    read: Callable[[bytes], Iterable[dict[str, Any]]],
    read_plain: Callable[[bytes, Positions, Positions], tuple[pa.Table, Positions] | None],
) -> Batch:
    """What :func:`parse_spans` says, of records most of which ``read_plain`` may read together.

    That is given a text and where records in it start and end, and returns documents of schema ``FIELDS`` and the
    number of the record of each, in order. The others are read by ``read``.
    """
    spans = [spans_of(piece) for piece in pieces]
    known = dict(zip(map(id, pieces), spans, strict=True))
    if sum(map(len, spans)) < _WORTH_COLUMNS:
        return parse_spans(pieces, lambda piece: known[id(piece)], read)
    text, begins, of_piece, starts, ends = joined(pieces, spans)
    plain = read_plain(text, starts, ends)
    if plain is None:
        return parse_spans(pieces, lambda piece: known[id(piece)], read)
    table, rows = plain
    documents = _with_lineage(table, pieces, text, begins, of_piece[rows], starts[rows], ends[rows])
    left = np.setdiff1d(np.arange(len(starts)), rows)
    if not len(left):
        return Batch(documents, QUARANTINED.empty_table())
    bounds = np.searchsorted(of_piece[left], np.arange(1, len(pieces)))
    others = dict(zip(map(id, pieces), np.split(np.concatenate(spans)[left], bounds), strict=True))
    slow = parse_spans(pieces, lambda piece: others[id(piece)], read)
    return Batch(in_order(pa.concat_tables([documents, slow.documents]), pieces), slow.quarantined)


def _with_lineage(
    table: pa.Table,
    pieces: tuple[Piece, ...],
    text: bytes,
    begins: Positions,
    of_piece: Positions,
    starts: Positions,
    ends: Positions,
) -> pa.Table:
    """Documents with where they stand: in which piece, which ``begins`` there in the text of all, and from where on."""
    newlines = find_byte(text, b"\n")
    lines, before = np.searchsorted(newlines, starts), np.searchsorted(newlines, begins)
    files, members = (
        pa.array(names, TEXT).take(pa.array(of_piece))
        for names in ([piece.file for piece in pieces], [piece.member for piece in pieces])
    )
    offsets, first_lines = (
        np.array(numbers, np.int64)[of_piece]
        for numbers in ([piece.offset for piece in pieces], [piece.line for piece in pieces])
    )
    lineage = [
        files,
        members,
        pa.array(offsets + starts - begins[of_piece]),
        pa.array(ends - starts),
        pa.array(first_lines + lines - before[of_piece]),
    ]
    return pa.Table.from_arrays([*lineage, *table.columns], schema=RAW_RECORDS)


def in_order(table: pa.Table, pieces: tuple[Piece, ...]) -> pa.Table:
    """Rows in the order of the files of pieces and, in these, of their places; those of one place stay in theirs."""
    files = dict.fromkeys((piece.file, piece.member) for piece in pieces)
    rank = {file: number for number, file in enumerate(files)}
    names = zip(table.column("file").to_pylist(), table.column("member").to_pylist(), strict=True)
    ranks = np.array([rank[name] for name in names], np.int64)
    return table.take(pa.array(np.lexsort((table.column("offset").to_numpy(), ranks)))).combine_chunks()
