"""Records of VuFind's REST API that stand a line each, read in columns without a parser.

The rules are those of :mod:`pipelines.readers.api_columns`, whose way through orjson takes what is left out here:
numbers, ``null``, values of other kinds than VuFind gives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.api_columns import MOST_NAMES, Reading, is_read_elsewhere
from pipelines.readers.api_records import ALL_AUTHORS, AUTHORS, kept_as
from pipelines.readers.byte_spans import Places, Positions, cut_texts
from pipelines.readers.json_columns import FIELDS
from pipelines.readers.json_nesting import (
    ARRAY,
    NO_ELEMENTS,
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


def table_of_lines(text: bytes, starts: Positions, ends: Positions) -> tuple[pa.Table, Positions]:
    """The documents of records, of schema ``FIELDS``, and the line of each: of those that are as VuFind writes them."""
    found = nesting_of(text, starts, ends)
    return _OfText(found).result() if len(found.value) else (FIELDS.empty_table(), np.zeros(0, np.int64))


class _OfText(Reading):
    """Records whose strings have been found."""

    def __init__(self, found: Nesting) -> None:
        self.found = found
        bounds = np.frombuffer(found.strings.buffers()[1], np.int32)
        self.lengths = bounds[found.first + 1] - bounds[found.first]
        bad = found.odd | found.says_twice
        numbers = np.flatnonzero(found.outermost)
        if len(numbers) > MOST_NAMES:
            numbers = numbers[np.argsort(-found.outermost[numbers], kind="stable")[:MOST_NAMES]]
            is_rare = found.outermost > 0
            is_rare[numbers] = False
            rare = found.by_name[np.repeat(is_rare, np.diff(found.begins))]
            bad[found.row[self._outermost(rare.astype(np.int64))]] = True
        names = found.texts(found.first[numbers]).to_pylist()
        self.number_of = dict(zip(names, numbers.tolist(), strict=True))
        super().__init__(bad, self.number_of.keys())

    def result(self) -> tuple[pa.Table, Positions]:
        """The table and the numbers of its records."""
        for names_alone in (*(names_alone for _, names_alone in AUTHORS.values()), ALL_AUTHORS):
            self.bad[self._rows(self._of(names_alone))] = True
        return super().result()

    def _called(self, name: str) -> Positions:
        """The keys of this name, wherever they stand."""
        # Most names are authors': to look at a few of all is faster than to know each.
        alike = np.flatnonzero(self.lengths == len(name.encode()))
        place = pc.index(self.found.texts(self.found.first[alike]), name).as_py()
        return self.found.keys_of(int(alike[place])) if place >= 0 else self.found.by_name[:0].astype(np.int64)

    def _of(self, name: str) -> Positions:
        """The keys of this name that records have."""
        number = self.number_of.get(name)
        if number is None:
            return np.zeros(0, np.int64)
        keys = self.found.keys_of(number)
        return keys if len(keys) == self.found.outermost[number] else self._outermost(keys)

    def _outermost(self, keys: Positions) -> Positions:
        """Those of the keys that records have."""
        found: Positions = keys[self.found.brackets.parent[self.found.within[keys]] < 0]
        return found

    def _rows(self, keys: Positions) -> Positions:
        return self.found.row[keys].astype(np.int64)

    def _only(self, keys: Positions, *kinds: int) -> Positions:
        """Those keys whose values are of these kinds, in records that are not bad; records of others are."""
        is_wanted = np.zeros(NO_MEMBERS + 1, bool)
        is_wanted[[*kinds]] = True
        fits = is_wanted[self.found.value[keys]]
        if not fits.all():
            self.bad[self._rows(keys[~fits])] = True
            keys = keys[fits]
        return keys[~self.bad[self._rows(keys)]] if self.bad.any() else keys

    def _texts_at(self, places: Positions | Places) -> pa.Array:
        return self.found.texts(places)

    def _elements(self, keys: Positions) -> tuple[Positions, Positions]:
        """The strings that are values of keys, alone or in an array of nothing else, and the number of the key of each.

        Records with arrays of others are bad.
        """
        value = self.found.value[keys]
        counts = (value == STRING).astype(np.int64)
        listed = np.flatnonzero(value == ARRAY)
        arrays = self.found.bracket[keys[listed]]
        others = self._others(arrays) > 0
        self.bad[self._rows(keys[listed[others]])] = True
        counts[listed] = np.where(others, 0, self.found.brackets.strings[arrays])
        return _ranges(keys + 1, counts)

    def _others(self, brackets: Places | Positions) -> Places:
        """How many objects and arrays stand in each of these."""
        count: Places = self.found.brackets.objects[brackets] + self.found.brackets.arrays[brackets]
        return count

    def _texts(self, name: str) -> Values:
        keys = self._only(self._of(name), STRING, ARRAY, NO_ELEMENTS)
        places, owner = self._elements(keys)
        listed = self.found.value[keys] != STRING
        return Values.alike(self._texts_at(places), self._rows(keys)[owner], listed[owner])

    def _take_authors(self) -> None:
        """Names by their kinds: objects whose members are names, each with an object that has nothing but roles."""
        found, brackets = self.found, self.found.brackets
        keys = self._only(self._of("authors"), OBJECT, NO_MEMBERS)
        authors = found.bracket[keys[found.value[keys] == OBJECT]]
        is_authors = np.zeros(len(brackets.kind), bool)
        is_authors[authors] = True
        # Of each object its kind, and of what stands in nothing, which is at -1, that it has none.
        kind_of = np.full(len(brackets.kind) + 1, -1, np.int8)
        known = np.zeros(len(brackets.kind), np.int32)
        for number, kind in enumerate(AUTHORS):
            kinds = self._called(kind)
            kinds = kinds[is_authors[found.within[kinds]]]
            known[found.within[kinds]] += 1
            kinds = self._only(kinds, OBJECT, NO_ELEMENTS, NO_MEMBERS)
            kind_of[found.bracket[kinds[found.value[kinds] == OBJECT]]] = number
        self._refuse(authors[known[authors] != brackets.strings[authors]])
        roles = self._called("role")
        about = found.within[roles]
        kind_of_role = kind_of[brackets.parent[about]]
        fits = (kind_of_role >= 0) & (brackets.strings[about] == 1) & (found.value[roles] == ARRAY)
        roles, about, kind_of_role = roles[fits], about[fits], kind_of_role[fits]
        # Names of which there is something else are missing.
        of_kinds = np.flatnonzero(kind_of[:-1] >= 0)
        named = np.bincount(brackets.parent[about], minlength=len(brackets.kind))
        self._refuse(of_kinds[named[of_kinds] != brackets.strings[of_kinds]])
        for number, (field, _) in enumerate(AUTHORS.values()):
            of_kind = np.flatnonzero(kind_of_role == number)
            if len(of_kind):
                self._take_kind(field, brackets.key[about[of_kind]], roles[of_kind])

    def _refuse(self, brackets: Places | Positions) -> None:
        self.bad[self.found.brackets.row[brackets]] = True

    def _take_kind(self, field: str, names: Places, roles: Positions) -> None:
        """The authors of one kind, by the names and the keys of their roles."""
        found = self.found
        places, owner = self._elements(roles)
        numbers = self._rows(roles)[owner]
        self._add(field, Values.alike(self._texts_at(names[owner]), numbers, listed=True))
        # Nearly all say of each name that its role is unknown.
        signs = np.frombuffer(found.text, np.uint8)
        is_none = (found.closed[places] - found.opened[places] == 1) & (signs[found.opened[places]] == ord(_NO_ROLE))
        is_said = np.zeros(self.count, bool)
        is_said[numbers[~is_none]] = True
        said = np.flatnonzero(is_said[numbers])
        if not len(said):
            return
        texts = self._texts_at(places[said])
        self._add_roles(field, pc.if_else(pc.equal(texts, _NO_ROLE), "", texts), numbers[said])

    def _take_forms(self, name: str, field: str, text: Callable[[Any], str | None]) -> None:
        """Values in a form of their own: objects with a text, or lists of the parts of a heading."""
        del text
        found, brackets = self.found, self.found.brackets
        keys = self._only(self._of(name), ARRAY, NO_ELEMENTS)
        keys = keys[found.value[keys] == ARRAY]
        arrays = found.bracket[keys]
        plain = self._others(arrays) == 0
        unfit = brackets.arrays if name in _TEXT_OF else brackets.objects
        mixed = ~plain & ((brackets.strings[arrays] > 0) | (unfit[arrays] > 0))
        self._refuse(arrays[mixed])
        outer = arrays[~plain & ~mixed]
        others = self._texts_within(outer, _TEXT_OF[name]) if name in _TEXT_OF else self._headings(outer)
        # A record may have texts where others have objects, and a field is one column.
        texts = together([self._texts_of(keys[plain]).filled(), others.filled()])
        self._add(field, Values.alike(texts.texts, texts.owner, listed=True))
        self._keep(kept_as(name, field), keys[~plain & ~mixed])

    def _texts_within(self, arrays: Places, name: str) -> Texts:
        """The texts that are called so in the objects that stand in arrays."""
        found, brackets = self.found, self.found.brackets
        is_outer = np.zeros(len(brackets.kind) + 1, bool)
        is_outer[arrays] = True
        keys = self._called(name)
        keys = keys[is_outer[brackets.parent[found.within[keys]]] & (found.value[keys] == STRING)]
        return Texts(self._texts_at(keys + 1), self._rows(keys), self.count)

    def _headings(self, arrays: Places) -> Texts:
        """The parts of the headings that stand in arrays of such, joined."""
        brackets = self.found.brackets
        # What holds nothing but strings is followed by its neighbour.
        headings, _ = _ranges(arrays.astype(np.int64) + 1, brackets.arrays[arrays])
        self._refuse(headings[self._others(headings) > 0])
        parts, owner = _ranges(brackets.first[headings].astype(np.int64), brackets.strings[headings])
        texts = Texts(self._texts_at(parts), owner, len(headings)).filled()
        one_each = len(texts) == len(headings) and bool((np.diff(texts.owner) == 1).all())
        joined = texts.texts if one_each else texts.joined(" ")
        return Texts(joined, brackets.row[headings].astype(np.int64), self.count)

    def _texts_of(self, keys: Positions) -> Texts:
        places, owner = self._elements(keys)
        return Texts(self._texts_at(places), self._rows(keys)[owner], self.count)

    def _keep(self, field: str, keys: Positions) -> None:
        """Values of any kind as they are, in ``extra``."""
        found = self.found
        keys = keys[~self.bad[self._rows(keys)]]
        value, brackets = found.value[keys], found.bracket[keys]
        empty = (value == NO_ELEMENTS) | (value == NO_MEMBERS)
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


def _ranges(starts: Positions, counts: npt.NDArray[np.signedinteger[Any]]) -> tuple[Positions, Positions]:
    """So many numbers from each start on, and the number of the start of each."""
    if (counts == 1).all():
        return starts, np.arange(len(starts))
    owner = np.repeat(np.arange(len(starts)), counts)
    begins: Positions = starts + counts - np.cumsum(counts)
    return np.repeat(begins, counts) + np.arange(len(owner)), owner
