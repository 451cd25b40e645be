"""MARCXML as columns: records that are written as programs write them, cut at their tags all at once.

The fast path of :mod:`pipelines.readers.marcxml`, which reads by itself each record that is not plain: with other
elements or attributes, references to characters, comments, or what XML does not allow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.readers.byte_spans import Bytes, Flags, Positions, is_utf8
from pipelines.readers.marc_record import DIRECTORY_ENTRY, LEADER, LONGEST_FIELD, LONGEST_RECORD
from pipelines.readers.marc_table import CONTROLS, MarcTable, lower, table_of_records, trimmed
from pipelines.readers.marc_written import Fields, written
from pipelines.readers.marcxml_tags import CONTROL, DATA, FOLLOWS, RECORD, RECORD_END, SUBFIELD, tags_of
from pipelines.readers.marcxml_tags import LEADER as LEADER_TAG
from pipelines.readers.xml_references import resolved
from pipelines.readers.xml_tokens import Tokens, blank, is_plain_xml, tokens_of

#: A tag of a record, whatever it says, as :mod:`pipelines.readers.marcxml` finds them.
_RECORD_TAG: Final = re.compile(r"<(/?)(?:[A-Za-z_][\w.-]*:)?record(?=[\s/>])", re.ASCII)
_LONGEST_TAG: Final = 4096
_OPENS, _CLOSES = 1, 2


def read_columns(raws: Sequence[bytes | memoryview]) -> tuple[MarcTable, Positions]:
    """The records among ``raws``, an element each, that are plain as a table, and which of them these are."""
    rows, data = np.arange(len(raws)), b"".join(raws)
    tokens = tokens_of(data) if is_plain_xml(data) else None
    if tokens is None:
        # One that is not plain spoils the others.
        rows = np.array([row for row, raw in enumerate(raws) if _is_plain(bytes(raw))], np.int64)
        raws = [raws[row] for row in rows.tolist()]
        data = b"".join(raws)
        tokens = tokens_of(data) if data else None
    if tokens is None:
        return table_of_records([]), rows[:0]
    ends = np.cumsum(np.fromiter(map(len, raws), np.int64, len(raws)))
    table, good = _Reading(np.append(0, ends[:-1]), ends, data, tokens).result()
    return table, rows[good]


def read_tokens(data: bytes, starts: Positions, ends: Positions, tokens: Tokens) -> tuple[MarcTable, Positions]:
    """Records that stand from ``starts`` to ``ends``, with these tags and no others, as :func:`read_columns` says."""
    return _Reading(starts, ends, data, tokens).result()


class SideBySide(NamedTuple):
    """Records that a text is made of: where each begins and ends, and those that are plain, as a table and numbers."""

    starts: Positions
    ends: Positions
    table: MarcTable
    rows: Positions


def read_side_by_side(data: bytes) -> SideBySide | None:
    """The records of a text that begins with a tag of one and ends with another.

    ``None`` where there is something else between them, or some are not cut off for sure.
    """
    tokens = tokens_of(data) if is_plain_xml(data) else None
    if tokens is None or not all(len(tag) <= _LONGEST_TAG for tag in tokens.tags):
        return None
    marks = np.array([_mark(tag) for tag in tokens.tags], np.int8)[tokens.numbers]
    places = np.flatnonzero(marks)
    opening, closing = places[0::2], places[1::2]
    if len(opening) != len(closing) or not len(opening):
        return None
    in_turn = (marks[opening] == _OPENS).all() and (marks[closing] == _CLOSES).all()
    if not in_turn or (np.append(opening, len(marks)) != np.append(0, closing + 1)).any():
        return None
    if not blank(tokens.texts_after(closing)).all():
        return None
    starts, ends = tokens.starts[opening], tokens.ends[closing]
    return SideBySide(starts, ends, *_Reading(starts, ends, data, tokens).result())


def _mark(tag: str) -> int:
    found = _RECORD_TAG.match(tag)
    return 0 if found is None else _CLOSES if found[1] else _OPENS


def _is_plain(raw: bytes) -> bool:
    """Whether a record can be cut at its tags, as far as can be seen without doing it."""
    return not any(sign in raw for sign in (b"<!", b"<?")) and is_plain_xml(raw) and is_utf8(raw)


class _Reading:
    """The tags of records side by side on their way to a table; ``good`` are the records that are plain."""

    def __init__(self, starts: Positions, ends: Positions, data: bytes, tokens: Tokens) -> None:
        self.starts, self.ends = starts, ends
        self.view = np.frombuffer(data, np.uint8)
        self.tokens = tokens
        self.tags = tags_of(tokens.tags)
        self.what = self.tags.what[tokens.numbers]
        #: The first tag of each record; the first of all records begins where the text does.
        self.first = np.searchsorted(tokens.starts, starts)
        counts = np.diff(np.append(self.first, len(self.what)))
        self.record = np.repeat(np.arange(len(starts)), counts)
        self.good = np.ones(len(starts), bool)

    def result(self) -> tuple[MarcTable, Positions]:
        """The table of the records that are plain, and which these are."""
        self._check_structure()
        self._check_leaders()
        is_field = (self.what == CONTROL) | (self.what == DATA)
        before = np.cumsum(is_field)
        # A text with no field before it stands in a record that is not good.
        is_text = (before > 0) & ((self.what == CONTROL) | (self.what == SUBFIELD))
        fields, texts = np.flatnonzero(is_field), np.flatnonzero(is_text)
        field = before[texts] - 1
        values, odd = resolved(self.tokens.texts_after(texts))
        self._refuse(texts[odd])
        found = self._fields(fields, texts, field, values)
        lengths = found.lengths()
        self._check_lengths(found, lengths)
        if not self.good.all():
            kept, kept_texts = self.good[self.record[fields]], self.good[self.record[texts]]
            fields, texts = fields[kept], texts[kept_texts]
            field, values = (np.cumsum(kept) - 1)[field[kept_texts]], values.filter(pa.array(kept_texts))
            # A text of a record that is not good may have been counted to the field before.
            found = self._fields(fields, texts, field, values)
            lengths = found.lengths()
        return self._table(fields, found, lengths), np.flatnonzero(self.good)

    def _refuse(self, tags: Flags | Positions) -> None:
        self.good[self.record[tags]] = False

    def _check_structure(self) -> None:
        """Records in which a tag follows one that it must not follow, or has another prefix, are not good."""
        tokens, what, record = self.tokens, self.what, self.record
        follows = FOLLOWS[what[:-1], what[1:]] | (record[1:] != record[:-1])
        self._refuse(np.flatnonzero(~follows) + 1)
        first = self.first
        last = np.append(first[1:], len(what)) - 1
        self.good &= (what[first] == RECORD) & (tokens.starts[first] == self.starts)
        self.good &= (what[last] == RECORD_END) & (tokens.ends[last] == self.ends)
        prefix = self.tags.prefix[tokens.numbers]
        self._refuse(prefix != prefix[first][record])
        # Text that no field holds counts for nothing, but for a reference in it that may be to nothing.
        references = np.flatnonzero(self.view == ord("&"))
        before = np.searchsorted(tokens.starts, references, "right") - 1
        self._refuse(before[(what[before] != CONTROL) & (what[before] != SUBFIELD)])

    def _check_leaders(self) -> None:
        """Records without one leader of 24 signs of ASCII, or with a control field behind a newline, are not good."""
        places = np.flatnonzero(self.what == LEADER_TAG)
        self.good &= np.bincount(self.record[places], minlength=len(self.good)) == 1
        ends = np.append(self.tokens.starts, len(self.view))[places + 1]
        self._refuse(places[ends - self.tokens.ends[places] != LEADER])
        self._refuse(places[(self._leaders(places) >= 128).any(1)])
        # A control field that begins with a newline stands in a line of its own.
        places = np.flatnonzero(self.what == CONTROL)
        first = self.view[np.minimum(self.tokens.ends[places], len(self.view) - 1)]
        self._refuse(places[(first == ord("\n")) | (first == ord("\r"))])

    def _leaders(self, places: Positions) -> Bytes:
        """As many bytes behind each of these tags as a leader has."""
        found: Bytes = self.view[np.minimum(self.tokens.ends[places][:, None] + np.arange(LEADER), len(self.view) - 1)]
        return found

    def _fields(self, fields: Positions, texts: Positions, field: Positions, values: pa.Array) -> Fields:
        """What the tags ``fields`` and ``texts`` say."""
        numbers, tags = self.tokens.numbers, self.tags
        return Fields(
            self.record[fields],
            tags.tag[numbers[fields]],
            tags.indicators[numbers[fields]],
            field,
            self.what[texts] == SUBFIELD,
            tags.code[numbers[texts]],
            values,
        )

    def _check_lengths(self, fields: Fields, lengths: Positions) -> None:
        """Records without fields, and those that are too long for ISO 2709, are not good."""
        count = len(self.good)
        self.good[fields.record[lengths > LONGEST_FIELD]] = False
        counts = np.bincount(fields.record, minlength=count)
        whole = LEADER + DIRECTORY_ENTRY * counts + 1 + np.bincount(fields.record, lengths, count)
        self.good &= (counts > 0) & (whole < LONGEST_RECORD)

    def _table(self, tags: Positions, found: Fields, lengths: Positions) -> MarcTable:
        """The table of fields of records that are good, which begin with these tags."""
        number = np.cumsum(self.good) - 1
        places = np.flatnonzero(self.what == LEADER_TAG)
        leaders = self._leaders(places[self.good[self.record[places]]])
        fields = replace(found, record=number[found.record])
        tag = self.tags.number[self.tokens.numbers[tags]]
        coded = fields.coded
        control = ~coded & np.isin(tag[fields.field], CONTROLS)
        return MarcTable(
            lower(leaders[:, 5]),
            lower(leaders[:, 6]),
            lower(leaders[:, 7]),
            fields.record,
            tag,
            fields.indicators[:, 1],
            fields.field[coded],
            fields.code[coded],
            trimmed(fields.texts.filter(pa.array(coded))),
            fields.record[fields.field[control]],
            tag[fields.field[control]],
            fields.texts.filter(pa.array(control)),
            written(leaders, fields, lengths),
        )
