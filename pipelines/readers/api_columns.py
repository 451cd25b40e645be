"""Records of VuFind's REST API, many at once: the rules of :mod:`pipelines.readers.api_records` on columns.

The fast path. It leaves what it cannot read exactly, record by record, to the slow one: keys that are said twice,
numbers, whose digits orjson would not keep, ``rawData``, and what the API is not known to give.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from itertools import chain, compress
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from pipelines.readers.api_records import (
    ALL_AUTHORS,
    AUTHORS,
    IN_OTHER_FORMS,
    ROLE_UNKNOWN,
    SAME_VALUES,
    credits_of,
    kept_as,
)
from pipelines.readers.byte_spans import Flags, Positions, count_byte
from pipelines.readers.json_shape import KNOWN_FIELDS
from pipelines.readers.text_columns import is_filled
from pipelines.readers.value_columns import IS_JSON, Column, Values, table_of_columns
from pipelines.records import SINGLE_VALUED_FIELDS, TEXT
from pipelines.runs import run_starts

#: Names of the API that are read here; what else a record has goes to ``extra`` as it is.
_READ: Final = frozenset(
    {"authors", *(name for name, _ in SAME_VALUES), *(name for name, *_ in IN_OTHER_FORMS)}
    | {names_alone for _, names_alone in AUTHORS.values()}
)
#: The names of a field of the index, the first of which that has a value counts.
_NAMES: Final = {field: [name for name, one in SAME_VALUES if one == field] for _, field in SAME_VALUES}
_SINGLE: Final = frozenset(SINGLE_VALUED_FIELDS)
_NONE: Final = np.zeros(0, np.int64)
#: What is nested more deeply is left to the slow path.
_DEEPEST: Final = 20
#: Each name is looked for in all records. VuFind's API gives some hundred; records with rarer ones are left to the slow
#: path.
MOST_NAMES: Final = 500


def table_of_records(records: list[dict[str, Any]], lines: list[bytes]) -> tuple[pa.Table, Positions]:
    """The documents of records, of schema ``FIELDS``, and the number of each; ``lines`` are the records as written."""
    return _OfObjects(records, lines).result()


class Reading(ABC):
    """``count`` records on their way to columns; ``bad`` are those that are left to a slower path.

    ``names`` are those of their members.
    """

    def __init__(self, bad: Flags, names: Set[str]) -> None:
        self.bad, self.count = bad, len(bad)
        self.names = names
        self.columns: list[Column] = []

    def result(self) -> tuple[pa.Table, Positions]:
        """The table and the numbers of its records."""
        for field, names in _NAMES.items():
            if known := [name for name in names if name in self.names]:
                self._take_same(field, known)
        self._take_authors()
        for name, field, text in IN_OTHER_FORMS:
            if name in self.names:
                self._take_forms(name, field, text)
        for name in self.names - _READ:
            self._take_other(name)
        return table_of_columns(self.columns, self.bad)

    def _add(self, field: str, values: Values, is_kept: bool = False) -> None:
        self.columns.append(Column(field, values, _NONE, is_kept))

    def _take_same(self, field: str, names: list[str]) -> None:
        """Texts, or lists of them, of a field that has the same values in the index; the first name with any counts."""
        found = self._texts(names[0])
        for name in names[1:]:
            more = self._texts(name)
            more = more.at(np.flatnonzero(~np.isin(more.document, found.document)))
            both = Values(
                pa.concat_arrays([found.texts, more.texts]),
                *(
                    np.concatenate([getattr(one, part) for one in (found, more)])
                    for part in ("document", "field", "kind", "listed")
                ),
            )
            found = both.at(np.argsort(both.document, kind="stable"))
        if field not in KNOWN_FIELDS:
            self.bad[found.document] = True
        elif field in _SINGLE:
            if field == "id":
                self.bad[found.document[found.listed]] = True
            several = np.bincount(found.document, minlength=self.count)[found.document] > 1
            self._add(field, found.at(np.flatnonzero(several)), is_kept=True)
            first = run_starts(found.document)
            self._add(field, replace(found.at(first), listed=np.zeros(len(first), bool)))
        else:
            self._add(field, found)

    @abstractmethod
    def _texts(self, name: str) -> Values:
        """The texts of a name, or those of the lists that it has."""

    @abstractmethod
    def _take_authors(self) -> None:
        """Names of authors of each kind, with their roles."""

    @abstractmethod
    def _take_forms(self, name: str, field: str, text: Callable[[Any], str | None]) -> None:
        """Values that come as texts or in a form of their own, which ``text`` knows."""

    @abstractmethod
    def _take_other(self, name: str) -> None:
        """What the API is not known to give, or the index has no field for."""

    def _add_roles(self, field: str, roles: pa.Array, numbers: Positions) -> None:
        """The roles of the names of a field, where one of a record's has any."""
        said = np.bincount(numbers[is_filled(roles)], minlength=self.count) > 0
        self._add(f"{field}_role", Values.alike(roles, numbers, listed=True).at(np.flatnonzero(said[numbers])))


class _OfObjects(Reading):
    """The records of a batch as orjson parses them."""

    def __init__(self, records: list[dict[str, Any]], lines: list[bytes]) -> None:
        names = Counter(chain.from_iterable(records))
        frequent = {name for name, _ in names.most_common(MOST_NAMES)}
        super().__init__(np.zeros(len(records), bool), frequent)
        self.records = records
        if not _say_all_once(records, lines):
            said_once = (_say_all_once([one], [line]) for one, line in zip(records, lines, strict=True))
            self.bad = ~np.fromiter(said_once, bool, len(records))
        if len(names) > len(frequent):
            self.bad |= np.fromiter((not one.keys() <= frequent for one in records), bool, len(records))

    def _given(self, name: str, *kinds: type) -> tuple[list[Any], Positions]:
        """The values of a name that are of these kinds, each with the number of its record; others are bad."""
        values, numbers = [one.get(name) for one in self.records], np.arange(len(self.records))
        if not {*map(type, values)} <= {*kinds}:
            wanted = np.fromiter((type(one) in kinds for one in values), bool, len(values))
            missing = np.fromiter((one is None for one in values), bool, len(values))
            self.bad |= ~(wanted | missing)
            values, numbers = list(compress(values, wanted.tolist())), numbers[wanted]
        return values, numbers

    def _keep(self, field: str, values: list[Any], numbers: Positions) -> None:
        """Values of any kind as they are, in ``extra``."""
        texts = pa.array([orjson.dumps(value).decode() for value in values], TEXT)
        self._add(field, Values.alike(texts, numbers, listed=False, kind=IS_JSON), is_kept=True)

    def _texts(self, name: str) -> Values:
        """The texts of a name, or those of the lists that it has."""
        values, numbers = self._given(name, str, list)
        kinds = {*map(type, values)}
        is_list = np.zeros(len(values), bool)
        if kinds == {list}:
            numbers = np.repeat(numbers, [*map(len, values)])
            values = list(chain.from_iterable(values))
            is_list = np.ones(len(values), bool)
        elif list in kinds:
            is_list = np.fromiter((type(one) is list for one in values), bool, len(values))
            lengths = [len(one) if type(one) is list else 1 for one in values]
            values = list(chain.from_iterable(one if type(one) is list else (one,) for one in values))
            numbers, is_list = np.repeat(numbers, lengths), np.repeat(is_list, lengths)
        if list in kinds and not {*map(type, values)} <= {str}:
            self.bad[numbers[[type(one) is not str for one in values]]] = True
            values = [one if type(one) is str else "" for one in values]
        return Values.alike(pa.array(values, TEXT), numbers, is_list)

    def _take_authors(self) -> None:
        for number, record in enumerate(self.records) if ALL_AUTHORS in self.names else ():
            self.bad[number] |= ALL_AUTHORS in record
        authors, numbers = self._given("authors", dict)
        known = all(one.keys() <= AUTHORS.keys() for one in authors)
        if not known:
            self.bad[numbers[[not one.keys() <= AUTHORS.keys() for one in authors]]] = True
        for kind, (field, names_alone) in AUTHORS.items():
            found: dict[int, list[tuple[str, str]]] = {}
            for number, one in zip(numbers.tolist(), authors, strict=True):
                pairs = _exact_credits(one.get(kind))
                if pairs is None:
                    self.bad[number] = True
                elif pairs:
                    found[number] = pairs
            if names_alone in self.names:
                for names, number in zip(*self._given(names_alone, list), strict=True):
                    if number not in found and {*map(type, names)} == {str}:
                        found[int(number)] = [(name, "") for name in names]
                    elif number not in found and names:
                        self.bad[number] = True
            pairs = list(chain.from_iterable(found[number] for number in sorted(found)))
            owner = np.repeat(np.array(sorted(found), np.int64), [len(found[number]) for number in sorted(found)])
            names, roles = (pa.array([pair[part] for pair in pairs], TEXT) for part in range(2))
            self._add(field, Values.alike(names, owner, listed=True))
            self._add_roles(field, roles, owner)

    def _take_forms(self, name: str, field: str, text: Callable[[Any], str | None]) -> None:
        """Values that come as texts or in a form of their own, which ``text`` knows."""
        lists, numbers = self._given(name, list)
        values = list(chain.from_iterable(lists))
        owner = np.repeat(numbers, [*map(len, lists)])
        kinds = {*map(type, values)}
        if kinds <= {str}:
            return self._add(field, _filled(values, owner))
        if not _are_plain(values):
            exact = np.fromiter(map(_is_exact, lists), bool, len(lists))
            self.bad[numbers[~exact]] = True
            lists, numbers = list(compress(lists, exact.tolist())), numbers[exact]
            values = list(chain.from_iterable(lists))
            owner = np.repeat(numbers, [*map(len, lists)])
        kept = np.zeros(len(self.records), bool)
        kept[owner[[type(one) is not str and one is not None for one in values]]] = True
        self._keep(kept_as(name, field), list(compress(lists, kept[numbers].tolist())), numbers[kept[numbers]])
        return self._add(field, _filled([one if type(one) is str else text(one) for one in values], owner))

    def _take_other(self, name: str) -> None:
        """What the API is not known to give, or the index has no field for."""
        values, numbers = self._given(name, str, list, dict, bool)
        is_read = is_read_elsewhere(name)
        exact = np.fromiter((not is_read and _is_exact(one) for one in values), bool, len(values))
        self.bad[numbers[~exact]] = True
        self._keep(name, list(compress(values, exact.tolist())), numbers[exact])


def is_read_elsewhere(name: str) -> bool:
    """Whether what the API is not known to give has the name of what it is made to."""
    return name in KNOWN_FIELDS or name == "rawData" or name.startswith("api_") or name.endswith("_role")


def _filled(values: Sequence[str | None], numbers: Positions) -> Values:
    """Lists of the values that are neither missing nor empty."""
    if not all(values):
        wanted = [bool(one) for one in values]
        values, numbers = list(compress(values, wanted)), numbers[wanted]
    return Values.alike(pa.array(values, TEXT), numbers, listed=True)


def _exact_credits(authors: Any) -> list[tuple[str, str]] | None:
    """Names with a role each; ``None`` for what the slow path is to look at."""
    if authors is None:
        return []
    if type(authors) is dict and all(about == ROLE_UNKNOWN for about in authors.values()):
        return [(name, "") for name in authors]
    return credits_of(authors) if type(authors) in (dict, list) and _is_exact(authors) else None


def _say_all_once(records: list[dict[str, Any]], lines: list[bytes]) -> bool:
    """Whether no key is said twice in these objects: they then have more strings than what became of them.

    Of a text with a backslash that is escaped that is not known, nor of records that are nested deeper than can be
    written again, and the answer is no.
    """
    try:
        written, read = orjson.dumps(records), b"".join(lines)
    except orjson.JSONEncodeError:
        return False
    if b"\\" not in read:
        return count_byte(read, b'"') == count_byte(written, b'"')
    return b"\\\\" not in read and b"\\\\" not in written and _quotes(read) == _quotes(written)


def _quotes(text: bytes) -> int:
    return count_byte(text, b'"') - text.count(b'\\"')


def _are_plain(values: list[Any]) -> bool:
    """Whether values are texts, or lists or objects of nothing but texts."""
    kinds = {*map(type, values)}
    if kinds == {list}:
        return {*map(type, chain.from_iterable(values))} <= {str}
    return kinds == {dict} and {*map(type, chain.from_iterable(map(dict.values, values)))} <= {str}


def _is_exact(value: Any, depth: int = 0) -> bool:
    """Whether a value holds no number, and is written as it was read."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if depth > _DEEPEST:
        return False
    if kind is list or kind is dict:
        inner = value if kind is list else value.values()
        return {*map(type, inner)} <= {str} or all(_is_exact(one, depth + 1) for one in inner)
    return False
