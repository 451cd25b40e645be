"""MARC in answers of OAI-PMH: the records of many answers at once, in columns where these are plain.

Those that are not are read one by one, and mapped with the others. What is no record of MARC, or is deleted, is left
to :mod:`pipelines.readers.oai_pmh`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import Batch, Piece
from pipelines.readers.json_columns import json_values
from pipelines.readers.json_exact import LONGEST_ID, NotADocumentError
from pipelines.readers.marc_batch import AT_ONCE, Found, Reader, Run, is_long, parse_records
from pipelines.readers.marc_fields import ids_of
from pipelines.readers.marc_record import MarcRecord
from pipelines.readers.marc_table import MarcTable, around_records, table_of_records
from pipelines.readers.marcxml_columns import read_columns, read_tokens
from pipelines.readers.oai_headers import headed
from pipelines.readers.oai_metadata import INJECTED, LOCAL_ID, marc_record, vufind_json
from pipelines.readers.record_spans import in_order, joined
from pipelines.readers.xml_records import Element, parse_element

#: ASCII that XML writes as it is.
_TEXT: Final = rb"([ -%'-;=?-\\^-~\t\n]*)"
_HEADED: Final = re.compile(
    rb"<record>\s*<header>\s*<identifier>" + _TEXT + rb"</identifier>\s*<datestamp>" + _TEXT + rb"</datestamp>\s*"
    rb"((?:<setSpec>[ -%'-;=?-\\^-~\t\n]*</setSpec>\s*)*)</header>\s*<metadata>\s*"
    rb"(?=<(?:[A-Za-z_][\w.-]{0,60}:)?record[\s>])"
)
_SET: Final = re.compile(rb"<setSpec>([^<]*)<")
_TAIL: Final = re.compile(rb"</metadata>\s*</record>")
_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]{0,60}:)?"
_SHOWS_MARC: Final = re.compile(
    rb"<"
    + _PREFIX
    + rb"metadata[^<>]*>\s*<"
    + _PREFIX
    + rb"(?:record|collection)[\s>][^<]*<"
    + _PREFIX
    + rb"(?:leader|record)[\s>]"
)
_LOOKED_AT: Final = 1 << 16
_BLANKS: Final = b" \t\n\r\f\v"

Header = dict[str, "str | list[str]"]
#: What the header of a record says, and its metadata.
Plain = tuple[Header, memoryview]


def shows_marc(piece: Piece) -> bool:
    """Whether the first records of a piece have MARC as metadata."""
    return _SHOWS_MARC.search(piece.data, 0, _LOOKED_AT) is not None


def parse_with_marc(
    pieces: tuple[Piece, ...],
    spans_of: Callable[[Piece], Positions],
    parse: Callable[[tuple[Piece, ...], Callable[[Piece], Positions]], Batch],
) -> Batch:
    """The batch of pieces in which there are records of MARC; all others are left to ``parse``, with their places."""
    left: dict[int, list[tuple[int, int]]] = {}

    def found() -> Iterator[Found | Run]:
        plain = _Plain(pieces)
        for one in _together(pieces, [spans_of(piece) for piece in pieces]):
            if isinstance(one, Run):
                yield one
                continue
            number, start, end = one
            piece = pieces[number]
            if said := _plain(piece.data, start, end):
                if is_long(end - start):
                    yield Found(piece, start, end)
                else:
                    yield from plain.add(number, start, end, said)
            elif record := _read_odd(piece.data[start:end]):
                yield Found(piece, start, end, record=record)
            else:
                left.setdefault(id(piece), []).append((start, end))
        yield from plain.run()

    marc = parse_records(pieces, found(), Reader(_read_found, _read))
    rest = tuple(piece for piece in pieces if id(piece) in left)
    if not rest:
        return marc
    others = parse(rest, lambda piece: np.array(left[id(piece)], np.int64))
    tables = [[one.documents, one.quarantined] for one in (marc, others)]
    documents, quarantined = (in_order(pa.concat_tables(some), pieces) for some in zip(*tables, strict=True))
    return Batch(documents, quarantined, marc.other_kinds)


def _together(pieces: Sequence[Piece], spans: Sequence[Positions]) -> Iterator[Run | tuple[int, int, int]]:
    """Records whose headers can be read together, in runs, and of all others the piece, and where they stand in it."""
    data, begins, of_piece, all_starts, all_ends = joined(pieces, spans)
    starts, ends = all_starts - begins[of_piece], all_ends - begins[of_piece]
    part = np.cumsum(ends - starts) // AT_ONCE
    for rows in np.split(np.arange(len(part)), np.flatnonzero(np.diff(part)) + 1):
        if not len(rows):
            continue
        begin, end = all_starts[rows[0]], all_ends[rows[-1]]
        text = data[begin:end]
        lengths = ends[rows] - starts[rows]
        found = None if is_long(int(lengths.max())) else headed(text, all_starts[rows] - begin, all_ends[rows] - begin)
        known = rows[found.rows] if found else rows[:0]
        if found and len(known):
            table, good = _with_headers(read_tokens(text, found.starts, found.ends, found.tokens), found.around)
            yield Run(pieces, of_piece[known], starts[known], ends[known], table, good)
        others = np.setdiff1d(rows, known)
        yield from zip(of_piece[others].tolist(), starts[others].tolist(), ends[others].tolist(), strict=True)


def _plain(data: bytes, start: int, end: int) -> Plain | None:
    """What the header of a record says, and its metadata, where both are written as programs write them."""
    headed = _HEADED.match(data, start, end)
    if headed is None or not _TAIL.fullmatch(data, tail := data.rfind(b"</metadata>", start, end), end):
        return None
    while data[tail - 1] in _BLANKS:
        tail -= 1
    identifier, datestamp = (said.decode("ascii").strip() for said in headed.group(1, 2))
    # A record without 001, and what VuFind has as metadata, are read otherwise.
    if not identifier or len(identifier) > LONGEST_ID or data.find(b'tag="001"', headed.end(), tail) < 0:
        return None
    if data.find(b"metadata", headed.end(), tail) >= 0:
        return None
    header: Header = {"id": identifier, INJECTED["datestamp"]: datestamp}
    if headed[3]:
        header[INJECTED["setSpec"]] = [said.decode("ascii").strip() for said in _SET.findall(headed[3])]
    return header, memoryview(data)[headed.end() : tail]


class _Plain:
    """Gathers records that are plain as far as can be seen, until they are as many as are read at once."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._places: list[tuple[int, int, int]] = []
        self._said: list[Plain] = []
        self._bytes = 0

    def add(self, piece: int, start: int, end: int, said: Plain) -> Iterator[Run]:
        """One more record, where it stands in the piece of that number, and what it says."""
        self._places.append((piece, start, end))
        self._said.append(said)
        self._bytes += end - start
        if self._bytes > AT_ONCE:
            yield from self.run()

    def run(self) -> Iterator[Run]:
        """What was gathered, which is held no more."""
        if self._places:
            table, rows = _read_columns(self._said)
            piece, starts, ends = np.array(self._places, np.int64).T
            yield Run(self._pieces, piece, starts, ends, table, rows)
            self._places, self._said, self._bytes = [], [], 0


def _read_found(found: Sequence[Found]) -> tuple[MarcTable, Positions]:
    parts = (_plain(one.piece.data, one.start, one.end) for one in found)
    return _read_columns([plain for plain in parts if plain])


def _read_columns(parts: Sequence[Plain]) -> tuple[MarcTable, Positions]:
    return _with_headers(read_columns([inner for _, inner in parts]), around_records([header for header, _ in parts]))


def _with_headers(read: tuple[MarcTable, Positions], around: dict[str, pa.Array]) -> tuple[MarcTable, Positions]:
    """A table of some records with what headers say, and ids of their own that are others in ``oai_local_id``.

    ``around`` is that of all of them. There are no records where one has no id.
    """
    table, rows = read
    own = ids_of(table)
    if own.null_count or not len(rows):
        return table_of_records([]), rows[:0]
    said = {name: column.take(pa.array(rows)) for name, column in around.items()}
    other = pc.fill_null(pc.not_equal(own, said["id"]), False)
    said[LOCAL_ID] = json_values(pc.if_else(other, own, None))
    return replace(table, around=said), rows


def _read(found: Found) -> MarcRecord | str:
    try:
        return _record(parse_element(found.raw), found.raw) or "metadata without a MARC record"
    except NotADocumentError as error:
        return str(error)


def _read_odd(text: bytes) -> MarcRecord | None:
    """The record of MARC that is the metadata of a record; ``None`` for all else, and for what is no record."""
    try:
        return _record(parse_element(text), text)
    except NotADocumentError:
        return None


def _record(element: Element, text: bytes) -> MarcRecord | None:
    header = next((child for child in element.children if child.name == "header"), None)
    if element.name != "record" or header is None or header.attributes.get("status", "").lower() == "deleted":
        return None
    metadata = [child for part in element.children if part.name == "metadata" for child in part.children]
    if not metadata or metadata[0].name not in ("record", "collection") or vufind_json(metadata[0]) is not None:
        return None
    identifiers = [child.text.strip() for child in header.children if child.name == "identifier"]
    if len(identifiers) != 1 or not 0 < len(identifiers[0].encode()) <= LONGEST_ID:
        return None
    record = marc_record(text, identifiers[0])
    record.around = {"id": identifiers[0]}
    for child in header.children:
        name = INJECTED.get(child.name)
        if name and child.name != "setSpec":
            record.around[name] = child.text.strip()
    if sets := [child.text.strip() for child in header.children if child.name == "setSpec"]:
        record.around[INJECTED["setSpec"]] = sets
    local = next(text.strip() for tag, text in record.content if tag == "001")
    if local and local != identifiers[0]:
        record.around[LOCAL_ID] = local
    return record
