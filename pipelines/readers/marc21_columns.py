"""MARC 21 records as columns, read with their directories for many records at once.

The fast path of :mod:`pipelines.readers.marc21`: only records that are what they say they are. All others are left to
:func:`~pipelines.readers.iso2709.read_iso2709`, which says what is wrong with them, and mends what can be mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.readers.byte_spans import Bytes, Flags, Positions, not_utf8, spans_as_texts
from pipelines.readers.marc_record import DIRECTORY_ENTRY, LEADER
from pipelines.readers.marc_table import CONTROLS, NO_TAG, MarcTable, code_number, lower, trimmed
from pipelines.readers.marc_values import flags
from pipelines.readers.unimarc_codes import TITLE, TITLE_OF_MARC21

_RECORD_END, _FIELD_END, _SUBFIELD, _ESCAPE = 0x1D, 0x1E, 0x1F, 0x1B
#: In fields of these tags the second indicator matters; 214 is that of UNIMARC for 264.
_WITH_INDICATOR: Final = (214, 245, 264)


def read_columns(raws: Sequence[bytes]) -> tuple[MarcTable, Positions]:
    """The records among ``raws`` that are plain as a table, and which of them these are."""
    data = b"".join(raws)
    lengths = np.fromiter(map(len, raws), np.int64, len(raws))
    ends = np.cumsum(lengths)
    return _Reading(data, ends - lengths, ends).result()


class _Reading:
    """Records side by side; ``good`` are those that are plain, as far as is known."""

    def __init__(self, data: bytes, starts: Positions, ends: Positions) -> None:
        self.data = data
        self.view = np.frombuffer(data, np.uint8)
        self.starts, self.ends = starts, ends
        self.good = np.ones(len(starts), bool)

    def result(self) -> tuple[MarcTable, Positions]:
        long = self.ends - self.starts > LEADER + DIRECTORY_ENTRY + 2
        self.good &= long
        at = np.where(long, self.starts, 0)[:, None] + np.arange(LEADER)
        # A batch may be shorter than a leader.
        leaders = self.view[np.minimum(at, len(self.view) - 1)]
        bases = self._check_leaders(leaders)
        says_what_it_is = self._check_text(leaders[:, 9] == ord("a"))
        fields = self._fields(bases)
        has_title, has_title_of_unimarc = (
            flags(len(self.good), fields.record[fields.tag == tag]) for tag in (TITLE_OF_MARC21, TITLE)
        )
        self.good &= says_what_it_is | (has_title_of_unimarc & ~has_title)
        return self._table(leaders, fields)

    def _check_leaders(self, leaders: Bytes) -> Positions:
        """Where the fields of each record begin; lengths and these must be said in digits."""
        digits = (leaders >= ord("0")) & (leaders <= ord("9"))
        self.good &= (leaders < 128).all(1) & digits[:, :5].all(1) & digits[:, 12:17].all(1)
        said = _number(leaders[:, :5])
        self.good &= (said == self.ends - self.starts) & (self.view[self.ends - 1] == _RECORD_END)
        return self.starts + _number(leaders[:, 12:17])

    def _check_text(self, says_utf8: Flags) -> Flags:
        """Text must be UTF-8; of which records this is said where it is more than ASCII. UNIMARC does not say it."""
        bounds = np.append(self.starts, self.ends[-1])
        beyond = np.flatnonzero(self.view >= 128)
        is_ascii = np.diff(np.searchsorted(beyond, bounds)) == 0
        escapes = np.flatnonzero(self.view == _ESCAPE)
        without_escape = np.diff(np.searchsorted(escapes, bounds)) == 0
        self.good &= says_utf8 | without_escape
        self.good &= ~not_utf8(self.data, self.starts, self.ends)
        said: Flags = says_utf8 | is_ascii
        return said

    def _fields(self, bases: Positions) -> _Fields:
        """The fields of the records that are good, whose directories say of each where it is; else these are not."""
        signs = np.flatnonzero(self.view == _FIELD_END)
        first = np.searchsorted(signs, self.starts + LEADER)
        counts, rest = np.divmod(bases - 1 - self.starts - LEADER, DIRECTORY_ENTRY)
        self.good &= (np.append(signs, -1)[first] + 1 == bases) & (rest == 0) & (counts > 0)
        self.good &= np.searchsorted(signs, self.ends) - first - 1 == counts
        self.good &= self.view[np.maximum(self.ends - 2, 0)] == _FIELD_END
        records = np.flatnonzero(self.good)
        counts = counts[records]
        record = np.repeat(records, counts)
        within = np.arange(len(record)) - np.repeat(np.cumsum(counts) - counts, counts)
        entries = self.view[
            (self.starts[record] + LEADER + DIRECTORY_ENTRY * within)[:, None] + np.arange(DIRECTORY_ENTRY)
        ]
        sign = first[record] + within
        starts, ends = signs[sign] + 1, signs[sign + 1]
        digits = (entries >= ord("0")) & (entries <= ord("9"))
        agrees = digits[:, 3:].all(1) & (entries[:, :3] < 128).all(1)
        agrees &= (_number(entries[:, 3:7]) == ends + 1 - starts) & (_number(entries[:, 7:]) == starts - bases[record])
        self.good[record[~agrees]] = False
        tag = np.where(digits[:, :3].all(1), _number(entries[:, :3]), NO_TAG).astype(np.int16)
        return _Fields(record, tag, starts, ends)

    def _table(self, leaders: Bytes, fields: _Fields) -> tuple[MarcTable, Positions]:
        signs = np.flatnonzero(self.view == _SUBFIELD)
        second = self._second_indicators(fields, signs)
        fields, second = fields.at(kept := self.good[fields.record]), second[kept]
        records = np.flatnonzero(self.good)
        number = np.cumsum(self.good) - 1
        field, starts, ends, code = self._subfields(fields, signs)
        control = np.isin(fields.tag, CONTROLS)
        table = MarcTable(
            lower(leaders[records, 5]),
            lower(leaders[records, 6]),
            lower(leaders[records, 7]),
            number[fields.record],
            fields.tag,
            second,
            field,
            code,
            trimmed(spans_as_texts(self.data, starts, ends)),
            number[fields.record[control]],
            fields.tag[control],
            spans_as_texts(self.data, fields.starts[control], fields.ends[control]),
            self._written(records),
        )
        return table, records

    def _second_indicators(self, fields: _Fields, signs: Positions) -> Bytes:
        """The second indicators; records in which one that matters is not in its place are not good."""
        second = self.view[fields.starts + 1]
        matters = np.isin(fields.tag, _WITH_INDICATOR)
        head = np.append(signs, len(self.view))[np.searchsorted(signs, fields.starts)] - fields.starts
        odd = (np.minimum(head, fields.ends - fields.starts) != 2) | (self.view[fields.starts] >= 128) | (second >= 128)
        self.good[fields.record[matters & odd]] = False
        return second

    def _subfields(self, fields: _Fields, signs: Positions) -> tuple[Positions, Positions, Positions, Bytes]:
        """The field of each subfield, where its value begins and ends, and its code; those that are empty are none."""
        field = np.searchsorted(fields.starts, signs, "right") - 1
        within = field >= 0
        within[within] = signs[within] < fields.ends[field[within]]
        field, signs = field[within], signs[within]
        ends = fields.ends[field]
        ends[:-1] = np.minimum(ends[:-1], signs[1:])
        filled = ends > signs + 1
        field, signs, ends = field[filled], signs[filled], ends[filled]
        starts, code = signs + 2, self.view[signs + 1].copy()
        for place in np.flatnonzero(code >= 128).tolist():
            # The first sign of a value that is no longer than four bytes; the others may be cut in two.
            sign = self.data[signs[place] + 1 : ends[place]][:4].decode(errors="ignore")[0]
            starts[place], code[place] = signs[place] + 1 + len(sign.encode()), code_number(sign)
        return field, starts, ends, code

    def _written(self, records: Positions) -> pa.Array:
        """The records as they are, but for the leader, which says that they are UTF-8."""
        written = self.view.copy()
        written[self.starts[records] + 9] = ord("a")
        return spans_as_texts(written, self.starts[records], self.ends[records])


@dataclass(frozen=True, slots=True)
class _Fields:
    record: Positions
    tag: npt.NDArray[np.int16]
    starts: Positions
    ends: Positions

    def at(self, kept: Flags) -> _Fields:
        return _Fields(self.record[kept], self.tag[kept], self.starts[kept], self.ends[kept])


def _number(digits: Bytes) -> Positions:
    """Each row of digits as a number."""
    number: Positions = (digits.astype(np.int64) - ord("0")) @ 10 ** np.arange(digits.shape[1])[::-1]
    return number
