"""Records of VuFind's REST API that stand a line each, read in columns without a parser.

The rules are those of :mod:`pipelines.readers.api_columns`, whose way through orjson takes what is left out here:
numbers, ``null``, values of other kinds than VuFind gives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.api_columns import MOST_NAMES, Reading, is_read_elsewhere
from pipelines.readers.api_records import ALL_AUTHORS, AUTHORS, kept_as
from pipelines.readers.byte_spans import Places, Positions, cut_texts
from pipelines.readers.json_columns import FIELDS
from pipelines.readers.json_nesting import (
    ARRAY,
    IS_ARRAY,
    IS_OBJECT,
    NO_ELEMENTS,
    NO_KEY,
    NO_MEMBERS,
    OBJECT,
    STRING,
    Nesting,
    nesting_of,
)
from pipelines.readers.text_columns import Texts, together
from pipelines.readers.value_columns import IS_JSON, Values
from pipelines.records import TEXT

#: Where in the objects of a field the text stands that is its value.
_TEXT_OF: Final = {"urls": "url", "series": "name"}
_NO_ROLE: Final = "-"
_NOTHING: Final = np.array([NO_ELEMENTS, NO_MEMBERS])


def table_of_lines(text: bytes, starts: Positions, ends: Positions) -> tuple[pa.Table, Positions]:
    """The documents of records, of schema ``FIELDS``, and the line of each: of those that are as VuFind writes them."""
    found = nesting_of(text, starts, ends)
    return _OfText(found).result() if len(found.value) else (FIELDS.empty_table(), np.zeros(0, np.int64))


class _OfText(Reading):
    """Records whose strings have been found."""

    def __init__(self, found: Nesting) -> None:
        self.found = found
        brackets = found.brackets
        self.keys = np.flatnonzero(found.value != NO_KEY)
        self.name = found.name.astype(np.int64)
        self.dictionary = found.texts(found.first)
        within = found.within[self.keys]
        bad = found.odd.copy()
        bad[_rows_that_say_twice(within, self.name, found.row[self.keys])] = True
        is_top = brackets.parent[within] < 0
        self.top, self.top_name = self.keys[is_top], self.name[is_top]
        counts = np.bincount(self.top_name, minlength=len(self.dictionary))
        numbers = np.flatnonzero(counts)
        if len(numbers) > MOST_NAMES:
            numbers = numbers[np.argsort(-counts[numbers], kind="stable")[:MOST_NAMES]]
            bad[found.row[self.top[~np.isin(self.top_name, numbers)]]] = True
        super().__init__(bad, {self.dictionary[number].as_py() for number in numbers.tolist()})
        # Of each object or array how many strings and how many others stand in it; of each key, which its value is.
        self.strings_in = np.bincount(found.within, minlength=len(brackets.kind))
        self.others_in = np.bincount(brackets.parent[brackets.parent >= 0], minlength=len(brackets.kind))
        self.value_of = np.full(len(found.value), -1, np.int32)
        has_key = np.flatnonzero(brackets.key >= 0)
        self.value_of[brackets.key[has_key]] = has_key

    def result(self) -> tuple[pa.Table, Positions]:
        """The table and the numbers of its records."""
        for names_alone in (*(names_alone for _, names_alone in AUTHORS.values()), ALL_AUTHORS):
            self.bad[self._rows(self._of(names_alone))] = True
        return super().result()

    def _number(self, name: str) -> int:
        """The number of a name of members, -1 where nothing has it: most names are authors', and not asked for."""
        number: int = pc.index(self.dictionary, name).as_py()
        return number

    def _of(self, name: str) -> Positions:
        """The keys of this name that records have."""
        found: Positions = self.top[self.top_name == self._number(name)]
        return found

    def _rows(self, keys: Positions) -> Positions:
        return self.found.row[keys].astype(np.int64)

    def _only(self, keys: Positions, *kinds: int) -> Positions:
        """Those keys whose values are of these kinds, in records that are not bad; records of others are."""
        fits = np.isin(self.found.value[keys], kinds)
        if not fits.all():
            self.bad[self._rows(keys[~fits])] = True
            keys = keys[fits]
        return keys[~self.bad[self._rows(keys)]] if self.bad.any() else keys

    def _texts_at(self, places: Positions) -> pa.Array:
        return self.found.texts(places)

    def _elements(self, keys: Positions) -> tuple[Positions, Positions]:
        """The strings that are values of keys, alone or in an array of nothing else, and the number of the key of each.

        Records with arrays of others are bad.
        """
        value = self.found.value[keys]
        counts = (value == STRING).astype(np.int64)
        listed = np.flatnonzero(value == ARRAY)
        arrays = self.value_of[keys[listed]]
        others = self.others_in[arrays] > 0
        self.bad[self._rows(keys[listed[others]])] = True
        counts[listed] = np.where(others, 0, self.strings_in[arrays])
        owner = np.repeat(np.arange(len(keys)), counts)
        ends = np.cumsum(counts)
        return np.repeat(keys + 1 - (ends - counts), counts) + np.arange(len(owner)), owner

    def _texts(self, name: str) -> Values:
        keys = self._only(self._of(name), STRING, ARRAY, NO_ELEMENTS)
        places, owner = self._elements(keys)
        listed = self.found.value[keys] != STRING
        return Values.alike(self._texts_at(places), self._rows(keys)[owner], listed[owner])

    def _take_authors(self) -> None:
        found = self.found
        keys = self._only(self._of("authors"), OBJECT, NO_MEMBERS)
        is_authors = np.zeros(len(found.brackets.kind), bool)
        is_authors[self.value_of[keys[found.value[keys] == OBJECT]]] = True
        inner = is_authors[found.within[self.keys]]
        kinds, names = self.keys[inner], self.name[inner]
        known = [self._number(kind) for kind in AUTHORS]
        self.bad[self._rows(kinds[~np.isin(names, known)])] = True
        for number, (field, _) in zip(known, AUTHORS.values(), strict=True):
            self._take_kind(field, self._only(kinds[names == number], OBJECT, NO_ELEMENTS, NO_MEMBERS))

    def _take_kind(self, field: str, keys: Positions) -> None:
        """The authors of one kind: objects whose members are names, each with an object that has nothing but roles."""
        found = self.found
        is_kind = np.zeros(len(found.brackets.kind), bool)
        is_kind[self.value_of[keys[found.value[keys] == OBJECT]]] = True
        names = self._only(self.keys[is_kind[found.within[self.keys]]], OBJECT)
        roles = names + 1
        about = self.value_of[names]
        is_role = np.zeros(len(found.value), bool)
        is_role[self.keys[self.name == self._number("role")]] = True
        fits = is_role[roles] & (self.strings_in[about] == 1) & (found.value[roles] == ARRAY)
        self.bad[self._rows(names[~fits])] = True
        names, roles = names[fits], roles[fits]
        places, owner = self._elements(roles)
        texts = self._texts_at(places)
        texts = pc.if_else(pc.equal(texts, _NO_ROLE), "", texts)
        self._add_credits(field, self._texts_at(names[owner]), texts, self._rows(names)[owner])

    def _take_forms(self, name: str, field: str, text: Callable[[Any], str | None]) -> None:
        """Values in a form of their own: objects with a text, or lists of the parts of a heading."""
        del text
        found, brackets = self.found, self.found.brackets
        keys = self._only(self._of(name), ARRAY, NO_ELEMENTS)
        keys = keys[found.value[keys] == ARRAY]
        arrays = self.value_of[keys]
        plain = self.others_in[arrays] == 0
        mixed = ~plain & (self.strings_in[arrays] > 0)
        self.bad[self._rows(keys[mixed])] = True
        is_outer = np.zeros(len(brackets.kind), bool)
        is_outer[arrays[~plain & ~mixed]] = True
        inner = (brackets.parent >= 0) & is_outer[brackets.parent]
        wanted = IS_OBJECT if name in _TEXT_OF else IS_ARRAY
        other = inner & ((brackets.kind != wanted) | ((wanted == IS_ARRAY) & (self.others_in > 0)))
        self.bad[brackets.row[other]] = True
        if name in _TEXT_OF:
            ours = self.keys[self.name == self._number(_TEXT_OF[name])]
            ours = ours[inner[found.within[ours]] & (found.value[ours] == STRING)]
            others = Texts(self._texts_at(ours + 1), self._rows(ours), self.count)
        else:
            parts = np.flatnonzero(inner[found.within])
            headings = np.flatnonzero(inner)
            owner = np.searchsorted(headings, found.within[parts])
            texts = Texts(self._texts_at(parts), owner, len(headings)).filled()
            one_each = len(texts) == len(headings) and bool((np.diff(texts.owner) == 1).all())
            joined = texts.texts if one_each else texts.joined(" ")
            others = Texts(joined, brackets.row[headings].astype(np.int64), self.count)
        # A record may have texts where others have objects, and a field is one column.
        texts = together([self._texts_of(keys[plain]).filled(), others.filled()])
        self._add(field, Values.alike(texts.texts, texts.owner, listed=True))
        self._keep(kept_as(name, field), keys[~plain & ~mixed])

    def _texts_of(self, keys: Positions) -> Texts:
        places, owner = self._elements(keys)
        return Texts(self._texts_at(places), self._rows(keys)[owner], self.count)

    def _keep(self, field: str, keys: Positions) -> None:
        """Values of any kind as they are, in ``extra``."""
        found = self.found
        keys = keys[~self.bad[self._rows(keys)]]
        value, brackets = found.value[keys], self.value_of[keys]
        empty = np.isin(value, _NOTHING)
        is_string = value == STRING
        starts = np.where(is_string, found.opened[np.where(is_string, keys + 1, 0)] - 1, found.brackets.start[brackets])
        ends = np.where(is_string, found.closed[np.where(is_string, keys + 1, 0)] + 1, found.brackets.end[brackets])
        starts, ends = starts[~empty], ends[~empty]
        spans = cut_texts(found.text, starts, ends, int(ends[-1]) if len(ends) else 0)
        texts = spans.take(pa.array(np.arange(0, 2 * len(starts), 2)))
        if found.has_escapes or not found.is_compact:
            texts = pa.array([orjson.dumps(orjson.loads(one)).decode() for one in texts.to_pylist()], TEXT)
        if empty.any():
            places = np.cumsum(~empty) - 1
            written = pa.array(np.where(value == NO_ELEMENTS, "[]", "{}"), TEXT)
            texts = pc.if_else(pa.array(empty), written, texts.take(pa.array(places, mask=empty)))
        self._add(field, Values.alike(texts, self._rows(keys), listed=False, kind=IS_JSON), is_kept=True)

    def _take_other(self, name: str) -> None:
        keys = self._of(name)
        if is_read_elsewhere(name):
            self.bad[self._rows(keys)] = True
        else:
            self._keep(name, keys)


def _rows_that_say_twice(within: Places, name: Positions, row: Places) -> Places:
    """The rows in which an object has two members of one name."""
    members = within.astype(np.int64) * (int(name.max()) + 1) + name
    # Nearly in order already: objects follow one another, and names come in the order in which they were first seen.
    ordered = np.sort(members, kind="stable")
    if not (ordered[1:] == ordered[:-1]).any():
        return row[:0]
    _, first, counts = np.unique(members, return_index=True, return_counts=True)
    rows: Places = row[first[counts > 1]]
    return rows
