"""The documents of plain staff views as text, a whole chunk at once, field by field.

They are those that :func:`pipelines.readers.staff_cut.to_document` makes of each view: its rules cut the values here
too, texts that are equal once. What a rule has to see of one record alone, its credits and what its ``spelling``
holds, is looked at record by record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.blanks import folded
from pipelines.readers.byte_spans import Flags, Positions, is_utf8, spans_as_texts
from pipelines.readers.credit_columns import cut_by_keys
from pipelines.readers.json_columns import FIELDS
from pipelines.readers.page_part import PagePart
from pipelines.readers.plain_views import View
from pipelines.readers.spelling_mined import READ_FIELDS, mine_folded
from pipelines.readers.staff_cut import CREDITS, CUTS, CutDocument, cut_credits, is_listed
from pipelines.readers.text_columns import Texts, holding, listed, mapped_lists, together
from pipelines.readers.value_columns import IS_NUMBER, IS_TEXT, Column, Values, table_of_columns
from pipelines.readers.value_cut import VOCABULARY_FIELDS, cut_exactly
from pipelines.records import PAGE_LINEAGE, TEXT, TEXTS
from pipelines.runs import rows_in_ranges

#: What is read to cut the credits of a record.
_OF_CREDITS: Final = (*CREDITS, "author_sort", "author_facet")
_CUT_FIELDS: Final = (*CREDITS, "author_facet")
#: Values of these hardly ever are equal: to look for equal ones costs more than to cut them.
_DIFFERENT: Final = frozenset({"url", "work_keys_str_mv"})
#: The field of the address of a page.
_ADDRESS: Final = "page_url"
#: What is left of headings where a page shows their commas alone.
_COMMAS: Final = ", \t\n\r"
_DIGITS: Final = "^[0-9]+$"
_NONE: Final = np.zeros(0, np.int64)


def read_views(
    views: Sequence[View], parts: Sequence[PagePart | None], addresses: Sequence[str] = ()
) -> tuple[pa.Table, Positions]:
    """The documents of views of one chunk with the page parts above them, of schema ``FIELDS``, and which these are.

    ``addresses`` are those of the pages, "" where one is not known, or none at all. Views that hold what is no text,
    or whose fields do not fit their columns, are left out.
    """
    bad = _not_text(views)
    read = _Reading(parts, _fields(views, bad))
    if ids := read.fields.get("id"):
        # What is shifted is told of page by page.
        bad[ids.texts.owner[pc.starts_with(ids.texts.texts, "\u00a0").to_numpy(zero_copy_only=False)]] = True
    if any(addresses) and (own := read.fields.pop(_ADDRESS, None)):
        bad[own.texts.owner] = True
    columns = read.columns(bad)
    if any(addresses):
        known = np.flatnonzero([bool(one) for one in addresses])
        texts = pa.array([one for one in addresses if one], TEXT)
        columns.append(Column(_ADDRESS, Values.alike(texts, known, listed=False), _NONE))
    table, rows = table_of_columns(columns, bad)
    kept = rows.tolist()
    lineage: dict[str, list[Any]] = {
        "staff_view": [None] * len(kept),
        "author_cut": [read.cuts[at].author_cut for at in kept],
        "field_cuts": [read.marks[at] or None for at in kept],
        "shown_counts": [read.cuts[at].shown_counts or None for at in kept],
        "mined_fields": [read.mined[at] or None for at in kept],
        "page_language": [(part.language if (part := parts[at]) else "") or None for at in kept],
    }
    for one in PAGE_LINEAGE:
        column = pa.array(lineage[one.name], one.type)
        table = table.set_column(FIELDS.get_field_index(one.name), one, column)
    return table, rows


def _not_text(views: Sequence[View]) -> Flags:
    """Which of the views hold values that are not UTF-8."""
    bad = np.zeros(len(views), bool)
    of_chunk = views[0].views
    if not is_utf8(of_chunk.data):
        for number, view in enumerate(views):
            first, last = of_chunk.bounds[view.number], of_chunk.bounds[view.number + 1]
            bad[number] = not is_utf8(of_chunk.data[of_chunk.starts[first] : of_chunk.ends[last - 1]])
    return bad


@dataclass(frozen=True, slots=True)
class _Field:
    """The values of a field that are not empty, and the number of the row of each."""

    texts: Texts
    rows: Positions


def _fields(views: Sequence[View], bad: Flags) -> dict[str, _Field]:
    """The fields of the views that are not bad, by name."""
    of_chunk = views[0].views
    numbers = np.array([view.number for view in views], np.int64)
    owner, rows = rows_in_ranges(of_chunk.bounds[numbers], of_chunk.bounds[numbers + 1])
    wanted = (of_chunk.ends[rows] > of_chunk.starts[rows]) & ~bad[owner]
    rows, owner = rows[wanted], owner[wanted]
    texts = spans_as_texts(of_chunk.data, of_chunk.starts[rows], of_chunk.ends[rows])
    names, name = of_chunk.names, of_chunk.name[rows]
    order = np.argsort(name, kind="stable")
    bounds = np.cumsum(np.bincount(name, minlength=len(names)))
    return {
        one: _Field(Texts(texts.take(pa.array(places)), owner[places], len(views)), rows[places])
        for one, places in zip(names, np.split(order, bounds[:-1]), strict=True)
        if len(places)
    }


@dataclass(slots=True)
class _Reading:
    """What is known of the documents while their fields are cut; what is theirs alone stands in the order of them."""

    parts: Sequence[PagePart | None]
    fields: dict[str, _Field]
    cuts: list[CutDocument] = field(default_factory=list)
    marks: list[list[str]] = field(default_factory=list)
    mined: list[list[str]] = field(default_factory=list)
    cut: dict[str, Texts] = field(default_factory=dict)

    def columns(self, bad: Flags) -> list[Column]:
        """The fields as columns; documents that only the rules for one alone can read are bad."""
        count = len(self.parts)
        self.cuts = [CutDocument({}) for _ in range(count)]
        self.marks = [[] for _ in range(count)]
        self.mined = [[] for _ in range(count)]
        self._cut_vocabulary()
        for name, found in self.fields.items():
            if name in _DIFFERENT:
                self.cut[name] = listed(map(CUTS[name], found.texts.texts.to_pylist()), found.texts.owner, count)
            elif name in CUTS:
                self.cut[name] = mapped_lists(found.texts, CUTS[name])
            elif is_listed(name) and name not in self.cut and name not in _CUT_FIELDS:
                self.cut[name] = found.texts
        self._cut_credits()
        mined = self._mined(bad)
        columns = [column for name, texts in self.cut.items() for column in [texts.column(name)]]
        for name, found in self.fields.items():
            if name not in self.cut:
                columns.append(
                    _single(name, together([found.texts, mined.pop(name)]) if name in mined else found.texts)
                )
        return [*columns, *(_single(name, texts) for name, texts in mined.items())]

    def _cut_vocabulary(self) -> None:
        rows, owners, labels = [_NONE], [_NONE], []
        for name in VOCABULARY_FIELDS:
            if name not in self.fields:
                continue
            found = self.fields[name]
            several = np.flatnonzero(holding(found.texts.texts, " "))
            if not len(several):
                self.cut[name] = found.texts
                continue
            encoded = found.texts.texts.dictionary_encode()
            known = encoded.dictionary.to_pylist()
            exact = [cut_exactly(name, text) if " " in text else None for text in known]
            lists = pa.array([one or [text] for one, text in zip(exact, known, strict=True)], TEXTS).take(
                encoded.indices
            )
            owner = np.repeat(found.texts.owner, pc.list_value_length(lists).to_numpy())
            self.cut[name] = Texts(lists.flatten(), owner, found.texts.count)
            numbers = encoded.indices.to_numpy()[several].tolist()
            labels += [f"{name} exact" if exact[number] else f"{name} uncut" for number in numbers]
            rows.append(found.rows[several])
            owners.append(found.texts.owner[several])
        owner = np.concatenate(owners).tolist()
        # The marks of a document come in the order of its rows.
        for at in np.argsort(np.concatenate(rows), kind="stable").tolist():
            self.marks[owner[at]].append(labels[at])

    def _cut_credits(self) -> None:
        """Cut the credits of most documents at once, those of the others by all rules."""
        count = len(self.parts)
        settled = self._settled_by_keys()
        done = settled.has()
        texts: dict[int, dict[str, str]] = {number: {} for number in np.flatnonzero(~done).tolist()}
        for name in _OF_CREDITS:
            for owner, value in self._texts_of(name, ~done):
                texts[owner][name] = value
        keys = self._keys(~done)
        for number, of_document in texts.items():
            if not of_document:
                continue
            found, marks, part = self.cuts[number], dict[str, str](), self.parts[number]
            if key := keys.get(number):
                found.document["work_keys_str_mv"] = key
            cut_credits(found, of_document, marks, part.credits() if part else {})
            self.marks[number] += [f"{name} {mark}" for name, mark in marks.items()]
        for number in np.flatnonzero(done).tolist():
            self.cuts[number].author_cut = "exact"
        for name in _CUT_FIELDS:
            if name in self.fields:
                has = self.fields[name].texts.has()
                for number in np.flatnonzero(done & has).tolist():
                    self.marks[number].append(f"{name} exact")
                slow = np.flatnonzero(has & ~done)
                cut = listed([self.cuts[at].document[name] for at in slow.tolist()], slow, count)
                self.cut[name] = together([settled.at(has[settled.owner]), cut])

    def _settled_by_keys(self) -> Texts:
        """The headings of the documents that have nothing but authors, each of whom has a key."""
        count = len(self.parts)
        author, keys = self.fields.get("author"), self.cut.get("work_keys_str_mv")
        if author is None or keys is None:
            return listed([[]] * count)
        alone = np.ones(count, bool)
        for name in CREDITS:
            if name != "author" and name in self.fields:
                alone[self.fields[name].texts.owner] = False
        # What the page shows of the headings but commas may settle them too.
        shows = [part is not None and bool(part.credits().get("author", "").strip(_COMMAS)) for part in self.parts]
        alone[shows] = False
        facet = self._one_each("author_facet")
        alone &= pc.or_(pc.equal(facet, ""), pc.equal(facet, self._one_each("author"))).to_numpy(zero_copy_only=False)
        texts = author.texts
        return cut_by_keys(texts.at(alone[texts.owner]), keys.at(alone[keys.owner]), self._one_each("author_sort"))

    def _one_each(self, name: str) -> pa.Array:
        """The text of a field, "" for the documents that have none."""
        count = len(self.parts)
        return self.fields[name].texts.first() if name in self.fields else pa.repeat(pa.scalar("", TEXT), count)

    def _texts_of(self, name: str, wanted: Flags) -> Iterator[tuple[int, str]]:
        """The texts of a field in some of the documents, and the number of each."""
        if name in self.fields:
            texts = self.fields[name].texts
            texts = texts.at(wanted[texts.owner])
            yield from zip(texts.owner.tolist(), texts.texts.to_pylist(), strict=True)

    def _keys(self, wanted: Flags) -> dict[int, list[str]]:
        keys = self.cut.get("work_keys_str_mv")
        return _by_owner(keys.at(wanted[keys.owner])) if keys else {}

    def _folded(self, name: str) -> dict[int, list[str]]:
        """The values of a field, blanks in them folded, by the number of the document."""
        texts = self.cut.get(name) or (self.fields[name].texts if name in self.fields else None)
        return _by_owner(Texts(folded(texts.texts), texts.owner, texts.count)) if texts else {}

    def _mined(self, bad: Flags) -> dict[str, Texts]:
        """What the documents hold in ``spelling`` alone, by field."""
        if "spelling" not in self.fields:
            return {}
        count = len(self.parts)
        documents: dict[int, dict[str, list[str]]] = {
            owner: {} for owner in self.fields["spelling"].texts.owner.tolist()
        }
        for name in READ_FIELDS:
            for owner, values in self._folded(name).items():
                if owner in documents:
                    documents[owner][name] = values
        found: dict[str, list[tuple[int, str]]] = {}
        for owner, document in documents.items():
            mined = mine_folded(document)
            self.mined[owner] = [*mined]
            for name, text in mined.items():
                found.setdefault(name, []).append((owner, text))
        for name in found.keys() & self.fields.keys():
            has = self.fields[name].texts.has()
            bad[[owner for owner, _ in found[name] if has[owner]]] = True
        return {
            name: Texts(pa.array([text for _, text in pairs], TEXT), np.array([owner for owner, _ in pairs]), count)
            for name, pairs in found.items()
        }


def _by_owner(texts: Texts) -> dict[int, list[str]]:
    """Texts by the number of the document."""
    values, found = texts.texts.to_pylist(), dict[int, list[str]]()
    starts = np.flatnonzero(np.diff(texts.owner, prepend=-1))
    bounds = [*starts.tolist(), len(values)]
    for owner, first, last in zip(texts.owner[starts].tolist(), bounds, bounds[1:], strict=False):
        found[owner] = values[first:last]
    return found


def _single(name: str, texts: Texts) -> Column:
    """The texts as values of a field that holds one."""
    if name != "_version_":
        return Column(name, Values.alike(texts.texts, texts.owner, listed=False), _NONE)
    is_number = pc.match_substring_regex(texts.texts, _DIGITS).to_numpy(zero_copy_only=False)
    kinds = np.where(is_number, IS_NUMBER, IS_TEXT).astype(np.int8)
    none = np.zeros(len(texts), np.int64)
    return Column(name, Values(texts.texts, texts.owner, none, kinds, none.astype(bool)), _NONE)
