"""Values that MARC records have for a field of a Solr document, for all records of a table at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Bytes, Flags, Positions
from pipelines.readers.marc_table import CODES, NO_TAG, OTHER_LETTER, MarcTable
from pipelines.readers.text_columns import Texts, mapped, mapped_lists
from pipelines.records import TEXTS

#: Codes that are letters, in words of a pick: all of them.
LETTERS: Final = "letters"
#: All codes, and what stands before the first subfield.
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Pick:
    """Subfields of a tag: each value by itself, or those of a field ``joined`` by blanks in the order of the record."""

    tag: int
    codes: str
    joined: bool

    def numbers(self) -> Iterable[int]:
        """The codes as the table has them."""
        if self.codes == ALL:
            return range(CODES)
        if self.codes == LETTERS:
            return (*(code for code in range(OTHER_LETTER) if chr(code).isalpha()), OTHER_LETTER)
        return map(ord, self.codes)


def each(tag: int | str, codes: str) -> Pick:
    """Each value of these subfields of a tag."""
    return Pick(int(tag), codes, joined=False)


def joined(tag: int | str, codes: str) -> Pick:
    """The values of these subfields of a field as one value."""
    return Pick(int(tag), codes, joined=True)


@dataclass(frozen=True, slots=True)
class Values:
    """Texts, none of them empty, in the order of their records, each with the number of its record."""

    record: Positions
    texts: pa.Array

    def cut(self, end: int) -> Values:
        """The first values."""
        return Values(self.record[:end], self.texts.slice(0, end))

    def at(self, places: Positions | Flags) -> Values:
        """The values at these places."""
        if places.dtype == bool:
            return Values(self.record[places], self.texts.filter(pa.array(places)))
        return Values(self.record[places], self.texts.take(pa.array(places)))

    def once(self) -> Values:
        """Each value of a record once, where it stands first."""
        again = np.append(False, self.record[1:] == self.record[:-1])
        if not again.any():
            return self
        several = again.copy()
        several[:-1] |= again[1:]
        places = np.flatnonzero(several)
        texts = self.texts.take(pa.array(places)).dictionary_encode()
        keys = self.record[places] * len(texts.dictionary) + texts.indices.to_numpy()
        _, first = np.unique(keys, return_index=True)
        if len(first) == len(places):
            return self
        kept = ~several
        kept[places[first]] = True
        return self.at(kept)

    def mapped(self, of_text: Callable[[str], str]) -> Values:
        """What a function makes of each value, "" of none; of values that are equal it is asked once."""
        return Values(self.record, mapped(self.texts, of_text)).filled()

    def mapped_to_many(self, of_text: Callable[[str], Sequence[str]]) -> Values:
        """The values that a function makes of each value; of values that are equal it is asked once."""
        found = mapped_lists(Texts(self.texts, self.record, 0), of_text)
        return Values(found.owner, found.texts)

    def filled(self) -> Values:
        """Those that are not empty."""
        empty = is_empty(self.texts)
        return self.at(~empty) if empty.any() else self

    def lists(self, count: int) -> pa.Array:
        """A column of lists for so many records, null for those without a value."""
        counts = np.bincount(self.record, minlength=count)
        offsets = np.zeros(count + 1, np.int32)
        np.cumsum(counts, out=offsets[1:])
        return pa.ListArray.from_arrays(pa.array(offsets), self.texts, type=TEXTS, mask=pa.array(counts == 0))

    def first(self, count: int) -> pa.Array:
        """A column with the first value of each of so many records, null for those without one."""
        places = np.full(count, -1, np.int64)
        places[self.record[::-1]] = np.arange(len(self.record))[::-1]
        return self.texts.take(pa.array(places, mask=places < 0))

    def together(self, separator: str, count: int) -> pa.Array:
        """A column with the values of each record joined, null for those without one."""
        return pc.binary_join(self.lists(count), separator)


def is_empty(texts: pa.Array) -> Flags:
    """Which texts are empty."""
    found: Flags = pc.equal(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    return found


def last_bytes(texts: pa.Array) -> Bytes:
    """The last byte of each text, none of which is empty."""
    if not len(texts):
        return np.zeros(0, np.uint8)
    ends = np.frombuffer(texts.buffers()[1], np.int32, len(texts), (texts.offset + 1) * 4)
    found: Bytes = np.frombuffer(texts.buffers()[2], np.uint8)[ends - 1]
    return found


def gathered(parts: Sequence[Values]) -> Values:
    """The values of several in the order of the records; of one record those of earlier parts first."""
    if len(parts) == 1:
        return parts[0]
    record = np.concatenate([one.record for one in parts])
    texts = pa.concat_arrays([one.texts for one in parts])
    if (record[1:] >= record[:-1]).all():
        return Values(record, texts)
    order = np.argsort(record, kind="stable")
    return Values(record[order], texts.take(pa.array(order)))


@dataclass(frozen=True, slots=True)
class FieldValues(Values):
    """Values that know their fields, and the code of the (first) subfield."""

    field: Positions
    code: Bytes

    def of_fields(self, fields: Flags) -> Values:
        """The values in fields that are flagged."""
        return self.at(fields[self.field])


class Picker:
    """Finds the values of many picks in one go."""

    def __init__(self, picks: Iterable[Pick]) -> None:
        self.picks = tuple(dict.fromkeys(picks))
        self._joined = np.array([pick.joined for pick in self.picks])
        of_key: dict[int, list[int]] = {}
        for number, pick in enumerate(self.picks):
            for code in pick.numbers():
                of_key.setdefault(pick.tag * CODES + code, []).append(number)
        #: By tag and code: how many picks take a subfield, and where in ``_numbers`` they begin.
        self._counts = np.zeros((NO_TAG + 1) * CODES, np.int64)
        self._begins = np.zeros((NO_TAG + 1) * CODES, np.int64)
        numbers: list[int] = []
        for key, found in of_key.items():
            self._counts[key], self._begins[key] = len(found), len(numbers)
            numbers += found
        self._numbers = np.array(numbers, np.int16)

    def pick(self, table: MarcTable) -> dict[Pick, FieldValues]:
        """The values of each pick in the order of the records; those that are empty are none."""
        keys = table.tag[table.subfield_field].astype(np.int64) * CODES + table.code
        counts = self._counts[keys]
        counts[is_empty(table.value)] = 0
        places = np.repeat(np.arange(len(keys)), counts)
        within = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
        numbers = self._numbers[self._begins[keys[places]] + within]
        order = np.argsort(numbers, kind="stable")
        numbers, places = numbers[order], places[order]
        field = table.subfield_field[places]
        begins = np.ones(len(places), bool)
        begins[1:] = (numbers[1:] != numbers[:-1]) | (field[1:] != field[:-1]) | ~self._joined[numbers[1:]]
        groups = np.flatnonzero(begins)
        offsets = pa.array(np.append(groups, len(places)), pa.int32())
        texts = pc.binary_join(pa.ListArray.from_arrays(offsets, table.value.take(pa.array(places))), " ")
        field = field[groups]
        record, code = table.field_record[field], table.code[places[groups]]
        bounds = np.searchsorted(numbers[groups], np.arange(len(self.picks) + 1)).tolist()
        return {
            pick: FieldValues(record[start:end], texts.slice(start, end - start), field[start:end], code[start:end])
            for pick, start, end in zip(self.picks, bounds, bounds[1:], strict=False)
        }


def flags(length: int, places: Positions) -> Flags:
    """Of so many, those at these places."""
    found = np.zeros(length, bool)
    found[places] = True
    return found
