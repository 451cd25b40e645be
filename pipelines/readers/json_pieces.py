"""Documents that were found in JSON text as pieces: a line each, every byte where it stands in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import Piece
from pipelines.readers.json_structure import Structure
from pipelines.readers.stream_walk import StreamWalk


def on_one_line(record: Piece) -> Piece:
    """A piece that is one record as the file has it, made a line: so pieces of a splitter hold records."""
    newlines = np.flatnonzero(np.frombuffer(record.data, np.uint8) == ord("\n"))
    return replace(record, data=record.data.replace(b"\n", b" "), newlines=newlines)


def pieces_of(walk: StreamWalk, structure: Structure, starts: Positions, ends: Positions) -> Iterator[Piece]:
    """Documents of the text held that follow one another, a line each; every byte keeps its offset."""
    # Where nothing is between two documents there is no room for a newline.
    cuts = np.flatnonzero(starts[1:] == ends[:-1]) + 1
    bounds = [0, *cuts.tolist(), len(starts)] if len(starts) else []
    for low, high in pairwise(bounds):
        yield _lines(walk, structure, starts[low:high], ends[low:high])


def _lines(walk: StreamWalk, structure: Structure, starts: Positions, ends: Positions) -> Piece:
    begin, end = int(starts[0]), int(ends[-1])
    view = np.frombuffer(walk.text, np.uint8)[begin:end].copy()
    low, high = np.searchsorted(structure.newlines, [begin, end])
    newlines = structure.newlines[low:high] - begin
    view[newlines] = ord(" ")
    before, after = ends[:-1] - begin, starts[1:] - begin
    view[before] = ord("\n")
    # As a rule a comma alone is between two documents.
    for place in np.flatnonzero(after - before > 1).tolist():
        view[before[place] + 1 : after[place]] = ord(" ")
    return Piece(walk.file, walk.member, walk.offset + begin, 0, view.tobytes(), newlines=newlines)
