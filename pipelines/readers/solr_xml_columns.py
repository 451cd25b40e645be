"""Solr's XML as columns: whole chunks at once where documents are plain, as nearly all are.

The fast path of :mod:`pipelines.readers.solr_xml`. It leaves what it cannot read exactly, document by document, to the
slow one, which also says what is wrong; both give the same row for the same document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.indents import may_be_set_in
from pipelines.readers.value_columns import IS_BOOLEAN, IS_NUMBER, IS_TEXT, Column, Values, table_of_columns
from pipelines.readers.xml_tokens import XML_ENTITIES, Tokens, blank, is_plain_xml, tokens_of, unescaped

_NAME: Final = r'([^"<>&\t\n\r]+)'
_TEXT_KINDS: Final = ("str", "date", "uuid")
_NUMBER_KINDS: Final = ("int", "long", "float", "double", "short", "byte")
_LEAF: Final = "|".join((*_TEXT_KINDS, *_NUMBER_KINDS, "bool"))
_OPENING: Final = re.compile(rf'<(arr|field|{_LEAF}) name="{_NAME}">|<({_LEAF})>')
_CLOSING: Final = re.compile(rf"</(arr|field|{_LEAF})>")

#: What a tag is: of a document, of a list, a value with or without name, or none of these.
_OTHER, _DOC, _DOC_END, _LIST, _LIST_END, _VALUE, _BARE_VALUE, _VALUE_END = range(8)

_MARC_LEADER: Final = r"(?s)^[0-9]{5}.{5}[0-9]{7}"
#: XML has no way to write the control characters of MARC in ISO 2709; Solr writes them so.
MARC_SIGNS: Final = {"#29;": "\x1d", "#30;": "\x1e", "#31;": "\x1f"}
#: The kind of a value by its element.
_KINDS: Final = np.array(
    [
        IS_NUMBER if one in _NUMBER_KINDS else IS_BOOLEAN if one == "bool" else IS_TEXT
        for one in ("arr", "field", *_LEAF.split("|"))
    ],
    np.int8,
)


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
    tokens = tokens_of(data) if is_plain_xml(data) else None
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
        self._refuse(_flags(len(what), beside[~blank(self.tokens.texts_after(beside))]))

    def _columns(self) -> Columns:
        what, tokens = self.what, self.tokens
        places = np.flatnonzero((what == _VALUE) | (what == _BARE_VALUE))
        texts, odd = unescaped(tokens.texts_after(places), XML_ENTITIES)
        self._refuse(_flags(len(what), places[odd]))
        numbers = tokens.numbers[places]
        lists = np.maximum.accumulate(np.where(what == _LIST, np.arange(len(what)), 0))
        listed = what[places] == _BARE_VALUE
        field = np.where(listed, self.kinds.name[tokens.numbers[lists[places]]], self.kinds.name[numbers])
        values = Values(texts, self.document[places], field, _KINDS[self.kinds.element[numbers]], listed)
        empty = np.flatnonzero((what == _LIST) & (np.append(what[1:], _OTHER) == _LIST_END))
        empty_field = self.kinds.name[tokens.numbers[empty]]
        self._refuse_repeated()
        columns = {}
        for number, name in enumerate(self.kinds.names):
            own = values.at(np.flatnonzero(field == number))
            if name == "id":
                # The id tells whether a program has set all texts in lines of their own.
                self.bad[own.document[may_be_set_in(own.texts)]] = True
            if name == "fullrecord":
                own = replace(own, texts=_with_marc_signs(own.texts))
            columns[name] = Column(name, own, self.document[empty[empty_field == number]])
        table, rows = table_of_columns(columns.values(), self.bad)
        return Columns(table, rows, tokens.starts[self.begun], tokens.ends[self.ended])

    def _refuse_repeated(self) -> None:
        """Documents that name a field twice are bad; a ``<field>`` may come again, which makes a list."""
        places = np.flatnonzero((self.what == _VALUE) | (self.what == _LIST))
        keys = self.document[places] * (len(self.kinds.names) + 1) + self.kinds.name[self.tokens.numbers[places]]
        order = np.argsort(keys, kind="stable")
        again = keys[order][1:] == keys[order][:-1]
        fields = self.kinds.element[self.tokens.numbers[places[order]]] == 1
        # Of <field> all is well as long as nothing else has the name.
        self._refuse(_flags(len(self.what), places[order][1:][again & ~(fields[1:] & fields[:-1])]))


def _flags(length: int, places: Positions) -> Flags:
    flags = np.zeros(length, bool)
    flags[places] = True
    return flags


def _with_marc_signs(texts: pa.Array) -> pa.Array:
    """Records of MARC with the control characters for which XML has no sign."""
    marc = pc.match_substring_regex(texts, _MARC_LEADER)
    if not pc.any(marc).as_py():
        return texts
    some = texts.filter(marc)
    for written, sign in MARC_SIGNS.items():
        some = pc.replace_substring(some, written, sign)
    return pc.replace_with_mask(texts, marc, some)
