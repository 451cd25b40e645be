"""The elements of many records of XML at once, as columns: which is in which, what they say, what their tags say.

Of records that can be cut at their tags (:mod:`pipelines.readers.plain_records`); it gives of an element what
:mod:`pipelines.readers.xml_tree` gives of it. Records of which it cannot are ``bad``.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.blanks import folded
from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.plain_records import PlainRecords
from pipelines.readers.text_columns import Texts
from pipelines.readers.xml_masked import MASK
from pipelines.readers.xml_references import odd_references
from pipelines.readers.xml_tokens import TagTexts
from pipelines.readers.xml_tree import NotPlainError, Tag, plain_tag
from pipelines.runs import run_starts

#: No record that is read in columns is nested so deeply.
_DEEPEST: Final = 40
_NOTHING: Final = Tag("", {}, closes=False, empty=True)


class Document:
    """All elements of a text in their order: the ``record`` and the ``parent`` of each, and its ``level`` from 1 on.

    ``bad`` are the records of which nothing is said. A parent is the number of an element, -1 for the outermost.
    """

    def __init__(self, records: PlainRecords, part: str = "") -> None:
        """All elements of these records, or of each its own and the first below that is called as a ``part``, with all
        that is in this; the others only have to be well-formed, and may have masks (:mod:`xml_masked`) in them.
        """
        self.bad = records.bad
        tokens, record = records.tokens, records.record
        self.texts = TagTexts.of(tokens)
        self.tags, odd = _tags_of(tokens.tags)
        names: dict[str, int] = {}
        name = np.array([names.setdefault(tag.full_name, len(names)) for tag in self.tags], np.int32)[tokens.numbers]
        # What each tag says is looked up once: that takes many times as long as to compare.
        steps = np.array([-1 if tag.closes else 0 if tag.empty else 1 for tag in self.tags], np.int8)[tokens.numbers]
        closes, empty = steps < 0, steps == 0
        if odd.any():
            self.bad[record[odd[tokens.numbers]]] = True
        depth = self._depth(record, steps, closes)
        first = np.flatnonzero(~closes)
        number = np.cumsum(~closes) - 1
        self.first, self.last = first, first.copy()
        self.parent = np.full(len(first), -1)
        for level in range(1, _DEEPEST + 1):
            here = np.flatnonzero(depth == level)
            if not len(here):
                break
            own = here[~closes[here]]
            if level > 1:
                # The tag before the first of several side by side is that of what they are in.
                leads = steps[own - 1] == 1
                self.parent[number[own]] = number[own[leads] - 1][np.cumsum(leads) - 1]
            pairs = here[~empty[here]]
            above, ends = pairs[0::2], pairs[1::2]
            self.bad[record[ends[name[ends] != name[above]]]] = True
            self.last[number[above]] = ends
        local: dict[str, int] = {}
        of_name = np.array([local.setdefault(one.rpartition(":")[2], len(local)) for one in names], np.int32)
        self._names, self._name = local, of_name[name[first]]
        self.tag, self.record, self.level = tokens.numbers[first], record[first], depth[first]
        if part:
            self._keep(part, records)
        else:
            self.bad[record[self.texts.odd()]] = True
        # Short numbers are sorted many times faster, and nobody has so many names.
        is_short = len(local) <= np.iinfo(np.int16).max
        self._by_name = np.argsort(self._name.astype(np.int16) if is_short else self._name, kind="stable")
        self._bounds = np.append(0, np.cumsum(np.bincount(self._name, minlength=len(local))))

    def _keep(self, part: str, records: PlainRecords) -> None:
        """Let go of all elements but those of a part, and the outermost."""
        tokens, record = records.tokens, records.record
        top = np.flatnonzero((self._name == self._names.get(part, -1)) & (self.level == 2))
        top = top[run_starts(self.record[top])]
        steps = np.zeros(len(record) + 1, np.int8)
        # What stands behind its end is beside it.
        steps[self.first[top]] += 1
        steps[self.last[top]] -= 1
        within = np.cumsum(steps[:-1], dtype=np.int8) > 0
        odd = np.append(self.texts.odd(), tokens.holding(MASK))
        self.bad[record[odd[within[odd]]]] = True
        self.bad[record[tokens.at(odd_references(tokens.data, tokens.find("&")))]] = True
        is_kept = within[self.first] | (self.level == 1)
        elements, number = np.flatnonzero(is_kept), np.cumsum(is_kept) - 1
        parent = self.parent[elements]
        self.parent = np.where(parent < 0, -1, number[parent])
        self.first, self.last = self.first[elements], self.last[elements]
        self.record, self.level, self._name = self.record[elements], self.level[elements], self._name[elements]
        tag = self.tag[elements]
        used = np.bincount(tag, minlength=len(self.tags)) > 0
        self.tag = (np.cumsum(used) - 1)[tag]
        self.tags = [self.tags[one] for one in np.flatnonzero(used).tolist()]

    def _depth(self, record: Positions, steps: npt.NDArray[np.int8], closes: Flags) -> npt.NDArray[np.int8]:
        """How deep the element of each tag is, from 1 on; 0 in records whose tags do not pair."""
        after = np.cumsum(steps, dtype=np.int32)
        begins = run_starts(record)
        own = np.repeat(after[begins] - steps[begins], np.diff(np.append(begins, len(record))))
        depth = after - own + (steps <= 0)
        ends = np.append(begins[1:], len(record)) - 1
        last = np.zeros(len(record), bool)
        last[ends] = True
        wrong = (depth < 1) | (depth > _DEEPEST) | ((depth == 1) & (steps <= 0) & ~last)
        wrong[ends] |= (depth[ends] != 1) | ~closes[ends]
        self.bad[record[wrong]] = True
        return np.where(self.bad[record], 0, depth).astype(np.int8)

    def called(self, *names: str) -> Positions:
        """The elements of these names, in their order."""
        known = [self._names[name] for name in names if name in self._names]
        found = [self._by_name[self._bounds[number] : self._bounds[number + 1]] for number in known]
        return found[0] if len(found) == 1 else np.sort(np.concatenate([np.zeros(0, np.int64), *found]), kind="stable")

    def below(self, places: Positions) -> Positions:
        """The elements right below those at these places, in their order."""
        # What has no parent is told by the last one.
        above = np.zeros(len(self.parent) + 1, bool)
        above[places] = True
        return np.flatnonzero(above[self.parent])

    def without(self, *names: str) -> Document:
        """The same document, where the texts within elements of these names are empty."""
        places = self.called(*names)
        steps = np.zeros(len(self.texts) + 1, np.int32)
        np.add.at(steps, self.first[places], 1)
        np.add.at(steps, self.last[places], -1)
        within = np.cumsum(steps)[:-1] > 0
        found = copy(self)
        if within.any():
            found.texts = replace(self.texts, hidden=within)
        return found

    def elements(self, places: Positions) -> Elements:
        """The elements at these places, each of its record."""
        return Elements(self, places, self.record[places], len(self.bad))


@dataclass(frozen=True, slots=True)
class Elements:
    """Elements in their order, ``places`` in ``document``, and the number of what each is of, of ``count`` in all."""

    document: Document
    places: Positions
    owner: Positions
    count: int

    def __len__(self) -> int:
        return len(self.places)

    def alone(self) -> Elements:
        """The same elements, each to be looked into by itself."""
        return replace(self, owner=np.arange(len(self)), count=len(self))

    def at(self, wanted: Flags | Positions) -> Elements:
        """Some of them."""
        return replace(self, places=self.places[wanted], owner=self.owner[wanted])

    def has(self) -> Flags:
        """Which of their owners have one of them."""
        found = np.zeros(self.count, bool)
        found[self.owner] = True
        return found

    def first(self) -> Elements:
        """The first of each owner."""
        return self.at(run_starts(self.owner))

    def last(self) -> Elements:
        """The last of each owner."""
        return self.at(np.append(self.owner[1:] != self.owner[:-1], True)[: len(self)])

    def child(self, *path: str) -> Elements:
        """The first child of that name of each owner's, and on along the path."""
        found = self
        for name in path:
            found = found.children(name).first()
        return found

    def without(self, document: Document) -> Elements:
        """The same elements of a document in which other texts count."""
        return replace(self, document=document)

    def children(self, *names: str) -> Elements:
        """The elements right below, of these names or all."""
        document = self.document
        if not len(self):
            return self
        places = document.called(*names) if names else document.below(self.places)
        above = np.searchsorted(self.places, document.parent[places])
        found = self.places[np.minimum(above, len(self) - 1)] == document.parent[places]
        return Elements(document, places[found], self.owner[above[found]], self.count)

    def only(self, name: str) -> pa.Array:
        """The text of the child of a name, "" where there is none; records with two such children are bad."""
        children = self.children(name)
        self.document.bad[self.document.record[children.places[1:][children.owner[1:] == children.owner[:-1]]]] = True
        return children.texts().first()

    def texts(self) -> Texts:
        """All text within each element, blanks folded."""
        document = self.document
        if not len(self):
            return Texts(pa.array([], pa.string()), self.owner, self.count)
        first, last = document.first[self.places], document.last[self.places]
        texts = document.texts.take(first)
        empty = last == first
        if empty.any():
            texts = pc.if_else(pa.array(empty), "", texts)
        several = last > first + 1
        if several.any():
            whole = _together(document.texts, first[several], last[several])
            texts = pc.replace_with_mask(texts, pa.array(several), whole)
        return Texts(folded(texts), self.owner, self.count)

    def attribute(self, name: str) -> pa.Array:
        """The value of an attribute of each; "" where there is none."""
        values = pa.array([tag.attributes.get(name, "") for tag in self.document.tags], pa.string())
        return values.take(pa.array(self.document.tag[self.places]))

    def told(self, of_tag: Callable[[Tag], int]) -> npt.NDArray[Any]:
        """The number, or the truth, that a rule tells of the tag of each; of tags that are equal it is asked once."""
        found: npt.NDArray[Any] = np.array([of_tag(tag) for tag in self.document.tags])
        return found[self.document.tag[self.places]]

    def says(self, name: str, *values: str) -> Flags:
        """Of which an attribute has one of these values."""
        wanted: Flags = self.told(lambda tag: tag.attributes.get(name, "") in values)
        return wanted


def _together(texts: TagTexts, first: Positions, last: Positions) -> pa.Array:
    """The texts from each first up to each last place as one."""
    counts = last - first
    offsets = np.append(0, np.cumsum(counts))
    places = np.repeat(first - offsets[:-1], counts) + np.arange(offsets[-1])
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), texts.take(places)), "")


def _tags_of(written: list[str]) -> tuple[list[Tag], npt.NDArray[np.bool_]]:
    """What tags say, and which of them have to be looked at by a parser."""
    tags = []
    for one in written:
        try:
            # What is opaque elsewhere is wrong in a tag, also between quotes.
            tags.append(_NOTHING if MASK in one else plain_tag(one[1:-1]))
        except NotPlainError:
            tags.append(_NOTHING)
    return tags, np.array([tag is _NOTHING for tag in tags], bool)
