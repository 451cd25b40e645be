"""The fields of many records and the texts in them, and these records as ISO 2709 again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Bytes, Flags, Positions, bytes_of
from pipelines.readers.marc_record import DIRECTORY_ENTRY, LEADER

_FIELD_END, _SUBFIELD = 0x1E, 0x1F


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields with their record and, as bytes, their tag and indicators; then all texts with their field and code.

    A text is that of a control field, or of a subfield (``coded``).
    """

    record: Positions
    tag: Bytes
    indicators: Bytes
    field: Positions
    coded: Flags
    code: Bytes
    texts: pa.Array

    def lengths(self) -> Positions:
        """How many bytes each field has in ISO 2709."""
        text_lengths = pc.binary_length(self.texts).to_numpy() + 2 * self.coded
        lengths = np.bincount(self.field, text_lengths, len(self.record)).astype(np.int64)
        is_data = np.zeros(len(self.record), bool)
        is_data[self.field[self.coded]] = True
        found: Positions = lengths + np.where(is_data, 3, 1)
        return found


def written(leaders: Bytes, fields: Fields, lengths: Positions) -> pa.Array:
    """The records as ISO 2709 in UTF-8, none of which is too long for it; ``leaders`` have a row for each.

    ``lengths`` are those of the fields there.
    """
    counts = np.bincount(fields.record, minlength=len(leaders))
    first = np.cumsum(counts) - counts
    begins = np.cumsum(lengths) - lengths
    bases = LEADER + DIRECTORY_ENTRY * counts + 1
    offsets = begins - begins[first][fields.record]
    totals = bases + np.bincount(fields.record, lengths, len(leaders)).astype(np.int64) + 1
    heads = leaders.copy()
    heads[:, :5], heads[:, 12:17] = _digits(totals, 5), _digits(bases, 5)
    heads[:, 9] = ord("a")
    heads[:, 10:12], heads[:, 20:] = np.frombuffer(b"22", np.uint8), np.frombuffer(b"4500", np.uint8)
    entries = np.hstack([fields.tag, _digits(lengths, 4), _digits(offsets, 5)])
    directories = _texts(entries, np.append(0, np.cumsum(counts)) * DIRECTORY_ENTRY)
    pieces = pc.binary_join_element_wise(_before_texts(fields, first), fields.texts, "")
    of_record = np.bincount(fields.record[fields.field], minlength=len(leaders))
    # What stands side by side is joined already.
    bounds, data = bytes_of(pieces)
    bodies = _texts(data, bounds[np.append(0, np.cumsum(of_record))])
    heads_texts = _texts(heads, np.arange(len(heads) + 1) * LEADER)
    return pc.binary_join_element_wise(heads_texts, directories, "\x1e", bodies, "\x1e\x1d", "")


def _before_texts(fields: Fields, first: Positions) -> pa.Array:
    """What stands before each text: the end of the field before, indicators, the code."""
    field = fields.field
    begins = np.append(True, field[1:] != field[:-1])
    is_first = np.zeros(len(fields.record), bool)
    is_first[first] = True
    follows, indicated, coded = begins & ~is_first[field], begins & fields.coded, fields.coded
    bounds = np.zeros(len(field) + 1, np.int64)
    np.cumsum(follows + 2 * indicated + 2 * coded, out=bounds[1:])
    signs = np.empty(bounds[-1], np.uint8)
    signs[bounds[:-1][follows]] = _FIELD_END
    places = (bounds[:-1] + follows)[indicated]
    signs[places], signs[places + 1] = fields.indicators[field[indicated]].T
    places = bounds[1:][coded]
    signs[places - 2], signs[places - 1] = _SUBFIELD, fields.code[coded]
    return _texts(signs, bounds)


def _digits(numbers: Positions, count: int) -> Bytes:
    """Numbers of at most so many digits, a row each."""
    found = np.empty((len(numbers), count), np.uint8)
    rest = numbers.astype(np.int32)
    for place in range(count - 1, -1, -1):
        rest, found[:, place] = np.divmod(rest, 10)
    return found + np.uint8(ord("0"))


def _texts(signs: Bytes, bounds: Positions) -> pa.Array:
    """Bytes as texts, which these are the bounds of."""
    data = pa.py_buffer(np.ascontiguousarray(signs))
    return pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds.astype(np.int32)), data)
