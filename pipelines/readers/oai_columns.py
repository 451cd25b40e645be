"""Dublin Core of OAI-PMH as columns: the records of a text at once, where they are plain, as nearly all are.

The fast path of :mod:`pipelines.readers.oai_pmh` for answers of a repository. It leaves what it cannot read exactly,
record by record, to the slow one, which also says what is wrong; both give the same row for the same record.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.dublin_core_columns import columns_of
from pipelines.readers.oai_metadata import INJECTED
from pipelines.readers.plain_records import PlainRecords, plain_records
from pipelines.readers.value_columns import IS_TEXT, Column, Values, table_of_columns
from pipelines.readers.xml_tokens import XML_ENTITIES, blank, unescaped

_NAME: Final = "(?:[A-Za-z_][A-Za-z0-9_.-]{0,60}:)?[A-Za-z_][A-Za-z0-9_.-]*"
_VALUE_OF_ATTRIBUTE: Final = """(?:"[^"<>&]*"|'[^'<>&]*')"""
_TAG: Final = re.compile(rf"<(/?)({_NAME})((?:[ \t\n]+{_NAME}[ \t\n]*=[ \t\n]*{_VALUE_OF_ATTRIBUTE})*)[ \t\n]*(/?)>")
_ATTRIBUTE: Final = re.compile(rf"({_NAME})[ \t\n]*=")
_QUOTED: Final = re.compile("\"[^\"]*\"|'[^']*'")

#: What a tag is: of a record and the elements in it that hold others, in their order, of a value, or none of these.
_RECORD, _HEADER, _HEADER_END, _METADATA, _DC, _DC_END, _METADATA_END, _RECORD_END = range(8)
_VALUE, _VALUE_END, _EMPTY, _OTHER = range(8, 12)
_FRAME: Final = {"record": (_RECORD, _RECORD_END), "header": (_HEADER, _HEADER_END),
                 "metadata": (_METADATA, _METADATA_END), "dc": (_DC, _DC_END)}  # fmt: skip
#: Which tags of the frame end what others begin.
_PAIRS: Final = ((_RECORD, _RECORD_END), (_HEADER, _HEADER_END), (_METADATA, _METADATA_END), (_DC, _DC_END))
#: What values stand behind.
_BEFORE_VALUE: Final = np.isin(np.arange(12), [_HEADER, _DC, _VALUE_END, _EMPTY])
#: The elements of a header that are read.
_IDENTIFIER: Final = "identifier"
_OF_HEADER: Final = (_IDENTIFIER, "datestamp", "setSpec")
_NONE: Final = np.zeros(0, np.int64)


def read_records(data: bytes, starts: Positions, ends: Positions) -> tuple[pa.Table, Positions] | None:
    """The documents of records that stand from ``starts`` to ``ends``, of schema ``FIELDS``, and the number of each.

    Those that are not plain are in no row; ``None`` where none is.
    """
    records = plain_records(data, starts, ends)
    return None if records is None else _Reading(records).result()


class _Reading:
    """The tags of one text on their way to columns; ``bad`` are the records that are left to the slow path."""

    def __init__(self, records: PlainRecords) -> None:
        self.tokens, self.record, self.bad = records.tokens, records.record, records.bad
        kinds = [_kind_of(tag) for tag in records.tokens.tags]
        full_names: dict[str, int] = {}
        numbers = records.tokens.numbers
        self.what = np.array([what for what, _ in kinds], np.int8)[numbers]
        self.full_name = np.array([full_names.setdefault(name, len(full_names)) for _, name in kinds])[numbers]
        frame = np.maximum.accumulate(np.where(self.what < _VALUE, np.arange(len(self.what)), 0))
        self.in_header = self.what[frame] == _HEADER
        self.names = [name.rpartition(":")[2] for name in full_names]

    def result(self) -> tuple[pa.Table, Positions]:
        """The table and the numbers of its records."""
        self._check_frame()
        self._check_values()
        places = np.flatnonzero((self.what == _VALUE) & ~self.bad[self.record])
        texts, odd = unescaped(self.tokens.texts_after(places), XML_ENTITIES)
        self.bad[self.record[places[odd]]] = True
        in_header = self.in_header[places]
        _, local = np.unique(self.names, return_inverse=True)
        names = sorted(set(self.names))
        field = local[self.full_name[places]]
        kind, listed = np.full(len(places), IS_TEXT, np.int8), np.ones(len(places), bool)
        values = Values(texts, self.record[places], field, kind, listed)
        columns = self._of_header(values.at(np.flatnonzero(in_header)), names)
        columns += columns_of(values.at(np.flatnonzero(~in_header)), names, len(self.bad))
        return table_of_columns(columns, self.bad)

    def _refuse(self, tags: Flags) -> None:
        self.bad[self.record[tags]] = True

    def _check_frame(self) -> None:
        """Records that do not have header and Dublin Core, and nothing else, in this order, are bad."""
        self._refuse(self.what == _OTHER)
        frame = np.flatnonzero(self.what < _VALUE)
        counts = np.bincount(self.record[frame], minlength=len(self.bad))
        self.bad |= counts != len(_FRAME) * 2
        rows = frame[~self.bad[self.record[frame]]].reshape(-1, len(_FRAME) * 2)
        wrong = (self.what[rows] != np.arange(len(_FRAME) * 2)).any(axis=1)
        for begins, ends in _PAIRS:
            wrong |= self.full_name[rows[:, begins]] != self.full_name[rows[:, ends]]
        self.bad[self.record[rows[wrong, 0]]] = True
        # Of a record that is not cut right a tag may be behind its end.
        last = np.append(self.record[1:] != self.record[:-1], True)
        first = np.append(True, last[:-1])
        self._refuse((last & (self.what != _RECORD_END)) | (first & (self.what != _RECORD)))

    def _check_values(self) -> None:
        """Records in which a value is not within header or Dublin Core, or text stands beside values, are bad."""
        what, name = self.what, self.full_name
        before, after = np.append(_OTHER, what[:-1]), np.append(what[1:], _OTHER)
        value = what == _VALUE
        self._refuse((value | (what == _EMPTY)) & ~_BEFORE_VALUE[before])
        # Of an element of Dublin Core without text nothing is said.
        self._refuse((what == _EMPTY) & self.in_header)
        self._refuse(value & ((after != _VALUE_END) | (np.append(name[1:], -1) != name)))
        self._refuse((what == _VALUE_END) & (before != _VALUE))
        beside = np.flatnonzero(~value)
        beside = beside[~blank(self.tokens.texts_after(beside))]
        self.bad[self.record[beside]] = True

    def _of_header(self, values: Values, names: list[str]) -> list[Column]:
        texts = pc.utf8_trim_whitespace(values.texts)
        columns = []
        known = np.zeros(len(names) + 1, bool)
        for name in _OF_HEADER:
            number = names.index(name) if name in names else -1
            known[number] = True
            found = np.flatnonzero(values.field == number)
            own = Values(texts.take(pa.array(found)), values.document[found], values.field[found],
                         values.kind[found], np.full(len(found), name == "setSpec"))  # fmt: skip
            if name != "setSpec":
                # Which of two counts the slow path says.
                self.bad[own.document[1:][own.document[1:] == own.document[:-1]]] = True
            columns.append(Column(INJECTED.get(name, "id"), own, _NONE))
        known[-1] = False
        self.bad[values.document[~known[values.field]]] = True
        return columns


def _kind_of(tag: str) -> tuple[int, str]:
    """What a tag is, and the full name of its element."""
    found = _TAG.fullmatch(tag)
    if found is None:
        return _OTHER, ""
    closes, name, attributes, empty = found.groups()
    own = _ATTRIBUTE.findall(_QUOTED.sub("", attributes))
    if (closes and (attributes or empty)) or len(set(own)) != len(own):
        return _OTHER, name
    frame = _FRAME.get(name.rpartition(":")[2])
    if frame is None:
        return _EMPTY if empty else _VALUE_END if closes else _VALUE, name
    # A header may say that its record is deleted.
    is_odd = empty or (attributes and frame[0] == _HEADER)
    return _OTHER if is_odd else frame[bool(closes)], name
