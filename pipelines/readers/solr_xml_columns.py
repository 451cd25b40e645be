"""Solr's XML as columns: whole chunks at once where documents are plain, as nearly all are.

The fast path of :mod:`pipelines.readers.solr_xml`. It leaves what it cannot read exactly, document by document, to the
slow one, which also says what is wrong; both give the same row for the same document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.json_columns import FIELDS, joined_objects, json_key, json_values
from pipelines.readers.json_exact import LONGEST_ID
from pipelines.readers.json_shape import KNOWN_FIELDS
from pipelines.readers.xml_tokens import Positions, Tokens, blank, tokens_of, unescaped
from pipelines.records import MULTI_VALUED_FIELDS, SINGLE_VALUED_FIELDS, TEXT, TEXTS

_NAME: Final = r'([^"<>&\t\n\r]+)'
_TEXT_KINDS: Final = ("str", "date", "uuid")
_NUMBER_KINDS: Final = ("int", "long", "float", "double", "short", "byte")
_LEAF: Final = "|".join((*_TEXT_KINDS, *_NUMBER_KINDS, "bool"))
_OPENING: Final = re.compile(rf'<(arr|field|{_LEAF}) name="{_NAME}">|<({_LEAF})>')
_CLOSING: Final = re.compile(rf"</(arr|field|{_LEAF})>")

#: What a tag is: of a document, of a list, a value with or without name, or none of these.
_OTHER, _DOC, _DOC_END, _LIST, _LIST_END, _VALUE, _BARE_VALUE, _VALUE_END = range(8)

_SINGLE: Final = frozenset(SINGLE_VALUED_FIELDS)
_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)
_JSON_NUMBER: Final = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"
#: Whole numbers that surely fit into 64 bits.
_VERSION: Final = r"^(?:0|-?[1-9][0-9]{0,17}|-?[1-8][0-9]{18})$"
_MARC_LEADER: Final = r"(?s)^[0-9]{5}.{5}[0-9]{7}"
#: XML has no way to write the control characters of MARC in ISO 2709; Solr writes them so.
MARC_SIGNS: Final = {"#29;": "\x1d", "#30;": "\x1e", "#31;": "\x1f"}
#: An id of nothing but these is none.
_BLANK: Final = " \t\r\n\f\v\0"

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """``table`` has the documents numbered ``rows``; of all documents there are ``starts`` and ``ends`` in the text."""

    table: pa.Table
    rows: Positions
    starts: Positions
    ends: Positions


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What each distinct tag is, which element, and the number of the name in it (-1 for none)."""

    what: npt.NDArray[np.int8]
    element: npt.NDArray[np.int16]
    name: npt.NDArray[np.int32]
    names: list[str]


def read_columns(data: bytes) -> Columns | None:
    """The documents of a text of ``<doc>`` elements side by side, in a table of schema ``FIELDS``.

    Those that are not plain are in no row; ``None`` where the text as a whole is not.
    """
    tokens = tokens_of(data)
    return None if tokens is None else _Reading(tokens).result()


def _kinds_of(tags: list[str]) -> _Kinds:
    elements = {name: number for number, name in enumerate(("arr", "field", *_LEAF.split("|")))}
    names: dict[str, int] = {}
    what, element, name = [], [], []
    for tag in tags:
        opening, closing = _OPENING.fullmatch(tag), _CLOSING.fullmatch(tag)
        kind, of, named = _OTHER, -1, -1
        if tag in ("<doc>", "</doc>"):
            kind = _DOC if tag == "<doc>" else _DOC_END
        elif opening:
            of = elements[opening[1] or opening[3]]
            kind = _BARE_VALUE if opening[3] else _LIST if opening[1] == "arr" else _VALUE
            named = names.setdefault(opening[2], len(names)) if opening[2] else -1
        elif closing:
            of = elements[closing[1]]
            kind = _LIST_END if closing[1] == "arr" else _VALUE_END
        what.append(kind)
        element.append(of)
        name.append(named)
    return _Kinds(np.array(what, np.int8), np.array(element, np.int16), np.array(name, np.int32), list(names))


class _Reading:
    """The tags of one text on their way to columns; ``bad`` are the documents that are left to the slow path."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.kinds = _kinds_of(tokens.tags)
        self.what = self.kinds.what[tokens.numbers]
        self.begun = np.flatnonzero(self.what == _DOC)
        self.ended = np.flatnonzero(self.what == _DOC_END)
        self.document = np.cumsum(self.what == _DOC) - 1
        self.bad = np.zeros(len(self.begun), bool)

    def result(self) -> Columns | None:
        begun, ended = self.begun, self.ended
        side_by_side = len(begun) == len(ended) and len(begun) and begun[0] == 0 and ended[-1] == len(self.what) - 1
        if not side_by_side or (begun > ended).any() or (begun[1:] != ended[:-1] + 1).any():
            return None
        self._check_structure()
        return self._columns()

    def _refuse(self, tags: Flags) -> None:
        self.bad[self.document[tags]] = True

    def _check_structure(self) -> None:
        """Documents in which tags do not follow each other as they must, or text stands beside the values, are bad."""
        what, element = self.what, self.kinds.element[self.tokens.numbers]
        value = (what == _VALUE) | (what == _BARE_VALUE)
        self._refuse(what == _OTHER)
        after, element_after = np.append(what[1:], _OTHER), np.append(element[1:], -1)
        self._refuse(value & ((after != _VALUE_END) | (element_after != element)))
        before = np.append(_OTHER, what[:-1])
        self._refuse((what == _VALUE_END) & (before != _VALUE) & (before != _BARE_VALUE))
        lists = np.cumsum(what == _LIST) - np.cumsum(what == _LIST_END)
        # How many lists are open before the tag, in its document.
        lists_open = np.append(0, lists[:-1])
        lists_open -= lists_open[self.begun][self.document]
        within = (what == _BARE_VALUE) | (what == _LIST_END)
        without = (what == _VALUE) | (what == _LIST) | (what == _DOC_END)
        self._refuse((within & (lists_open != 1)) | (without & (lists_open != 0)))
        # What is behind the last tag of a document is behind the next one's start too.
        beside = np.flatnonzero(~value)
        self._refuse(_flags(len(what), beside[~blank(self.tokens.texts.take(pa.array(beside)))]))

    def _columns(self) -> Columns:
        what, tokens = self.what, self.tokens
        places = np.flatnonzero((what == _VALUE) | (what == _BARE_VALUE))
        texts, odd = unescaped(tokens.texts.take(pa.array(places)))
        self._refuse(_flags(len(what), places[odd]))
        numbers = tokens.numbers[places]
        lists = np.maximum.accumulate(np.where(what == _LIST, np.arange(len(what)), 0))
        listed = what[places] == _BARE_VALUE
        name = np.where(listed, self.kinds.name[tokens.numbers[lists[places]]], self.kinds.name[numbers])
        values = _Values(texts, self.document[places], name, self.kinds.element[numbers], listed)
        empty = np.flatnonzero((what == _LIST) & (np.append(what[1:], _OTHER) == _LIST_END))
        empties = _Values(
            pa.nulls(0, TEXT), self.document[empty], self.kinds.name[tokens.numbers[empty]], empty[:0], empty[:0]
        )
        self._refuse_repeated()
        columns = {}
        for number, field in enumerate(self.kinds.names):
            columns[field] = _Column(field, values.of(number), empties.document[empties.name == number])
            columns[field].check(self.bad)
        if "id" not in columns:
            self.bad[:] = True
        else:
            found = np.zeros(len(self.bad), bool)
            found[columns["id"].values.document] = True
            self.bad |= ~found
        rows = np.flatnonzero(~self.bad)
        return Columns(_table(columns, rows, len(self.bad)), rows, tokens.starts[self.begun], tokens.ends[self.ended])

    def _refuse_repeated(self) -> None:
        """Documents that name a field twice are bad; a ``<field>`` may come again, which makes a list."""
        places = np.flatnonzero((self.what == _VALUE) | (self.what == _LIST))
        keys = self.document[places] * (len(self.kinds.names) + 1) + self.kinds.name[self.tokens.numbers[places]]
        order = np.argsort(keys, kind="stable")
        again = keys[order][1:] == keys[order][:-1]
        fields = self.kinds.element[self.tokens.numbers[places[order]]] == 1
        # Of <field> all is well as long as nothing else has the name.
        self._refuse(_flags(len(self.what), places[order][1:][again & ~(fields[1:] & fields[:-1])]))


@dataclass(frozen=True, slots=True)
class _Values:
    """Texts with the number of their document and name, their element, and whether they stand in a list."""

    texts: pa.Array
    document: Positions
    name: npt.NDArray[Any]
    element: npt.NDArray[Any]
    listed: npt.NDArray[Any]

    def of(self, number: int) -> _Values:
        found = np.flatnonzero(self.name == number)
        return self.at(found)

    def at(self, found: Positions) -> _Values:
        texts = self.texts.take(pa.array(found))
        return _Values(texts, self.document[found], self.name[found], self.element[found], self.listed[found])


def _flags(length: int, places: Positions) -> Flags:
    flags = np.zeros(length, bool)
    flags[places] = True
    return flags


_NUMBERS: Final = np.array([one in _NUMBER_KINDS for one in ("arr", "field", *_LEAF.split("|"))])
_BOOLEAN: Final = 2 + _LEAF.split("|").index("bool")


@dataclass(frozen=True, slots=True)
class _Column:
    """The values of one field, and the documents in which it is a list of none."""

    field: str
    values: _Values
    empty: Positions

    def check(self, bad: Flags) -> None:
        """Leave documents to the slow path whose value does not fit its column as it is."""
        values = self.values
        if self.field not in _SINGLE and self.field != "_version_":
            return
        bad[values.document[values.listed]] = True
        bad[values.document[1:][values.document[1:] == values.document[:-1]]] = True
        if self.field == "_version_":
            whole = pc.match_substring_regex(values.texts, _VERSION).to_numpy(zero_copy_only=False)
            bad[values.document[~(whole & _NUMBERS[values.element])]] = True
            bad[self.empty] = True
        elif self.field == "id":
            is_blank = pc.equal(pc.utf8_trim(values.texts, characters=_BLANK), "")
            long = pc.greater(pc.binary_length(values.texts), LONGEST_ID)
            odd = pc.or_(is_blank, long).to_numpy(zero_copy_only=False)
            bad[values.document[odd | _NUMBERS[values.element] | (values.element == _BOOLEAN)]] = True

    def array(self, row_of: Positions, count: int) -> pa.Array:
        """The values of the documents that have a row, as a column of ``FIELDS``, or as members of a JSON object."""
        values = self.values.at(np.flatnonzero(row_of[self.values.document] >= 0))
        rows, texts = row_of[values.document], values.texts
        if self.field in _SINGLE or self.field == "_version_":
            places = np.full(count, -1, np.int64)
            places[rows] = np.arange(len(rows))
            column = texts.take(pa.array(places, mask=places < 0))
            if self.field == "_version_":
                return column.cast(pa.int64())
            return _with_marc_signs(column) if self.field == "fullrecord" else column
        counts = np.bincount(rows, minlength=count)
        present = counts > 0
        empty = row_of[self.empty]
        present[empty[empty >= 0]] = True
        offsets = pa.array(np.append(0, np.cumsum(counts)), pa.int32())
        if self.field in _MULTI:
            return pa.ListArray.from_arrays(offsets, texts, type=TEXTS, mask=pa.array(~present))
        as_list = present & (counts != 1)
        as_list[rows[values.listed]] = True
        joined = pc.binary_join(pa.ListArray.from_arrays(offsets, _as_json(values)), ",")
        joined = pc.if_else(pa.array(as_list), pc.binary_join_element_wise("[", joined, "]", ""), joined)
        joined = pc.if_else(pa.array(present), joined, pa.scalar(None, TEXT))
        return pc.binary_join_element_wise(json_key(self.field), joined, ",", "")


def _as_json(values: _Values) -> pa.Array:
    """Each value as JSON: numbers as they are written, where they are such in JSON too."""
    written = json_values(values.texts)
    number = pc.and_(pc.match_substring_regex(values.texts, _JSON_NUMBER), pa.array(_NUMBERS[values.element]))
    truth = pc.is_in(values.texts, pa.array(["true", "false"]))
    plain = pc.or_(number, pc.and_(truth, pa.array(values.element == _BOOLEAN)))
    return pc.if_else(plain, values.texts, written)


def _with_marc_signs(texts: pa.Array) -> pa.Array:
    """Records of MARC with the control characters for which XML has no sign."""
    marc = pc.fill_null(pc.match_substring_regex(texts, _MARC_LEADER), False)
    if not pc.any(marc).as_py():
        return texts
    some = texts.filter(marc)
    for written, sign in MARC_SIGNS.items():
        some = pc.replace_substring(some, written, sign)
    return pc.replace_with_mask(texts, marc, some)


def _table(columns: dict[str, _Column], rows: Positions, documents: int) -> pa.Table:
    row_of = np.full(documents, -1, np.int64)
    row_of[rows] = np.arange(len(rows))
    arrays = {field: column.array(row_of, len(rows)) for field, column in columns.items()}
    members = [arrays[field] for field in sorted(arrays) if field not in KNOWN_FIELDS]
    arrays["extra"] = joined_objects(members, len(rows))
    known = [arrays[one.name] if one.name in arrays else pa.nulls(len(rows), one.type) for one in FIELDS]
    return pa.Table.from_arrays(known, schema=FIELDS)
