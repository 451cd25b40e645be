"""Fields of documents as columns, out of one long array of values that knows document, field and kind of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.json_columns import FIELDS, joined_objects, json_key, json_values
from pipelines.readers.json_exact import LONGEST_ID
from pipelines.readers.json_shape import KNOWN_FIELDS
from pipelines.records import MULTI_VALUED_FIELDS, SINGLE_VALUED_FIELDS, TEXT, TEXTS

#: What a value is, beside the text in which it is written; JSON stands in ``extra`` as it is.
IS_TEXT, IS_NUMBER, IS_BOOLEAN, IS_JSON = range(4)

_SINGLE: Final = frozenset(SINGLE_VALUED_FIELDS)
_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)
_JSON_NUMBER: Final = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"
#: Whole numbers that surely fit into 64 bits.
_VERSION: Final = r"^(?:0|-?[1-9][0-9]{0,17}|-?[1-8][0-9]{18})$"
#: An id of nothing but these is none.
_BLANK: Final = " \t\r\n\f\v\0"


@dataclass(frozen=True, slots=True)
class Values:
    """Texts in the order of their documents: the number of the document and of the field of each, and its kind.

    ``listed`` says that the value stands in a list, however many there are.
    """

    texts: pa.Array
    document: Positions
    field: Positions
    kind: npt.NDArray[np.int8]
    listed: Flags

    @staticmethod
    def alike(texts: pa.Array, document: Positions, listed: Flags | bool, kind: int = IS_TEXT) -> Values:
        """Values of one field, all of one kind."""
        count = len(texts)
        flags = np.broadcast_to(np.asarray(listed, bool), count)
        return Values(texts, document, np.zeros(count, np.int64), np.full(count, kind, np.int8), flags)

    def at(self, found: Positions) -> Values:
        """The values at these places."""
        if len(found) == len(self.texts) and (np.diff(found) > 0).all():
            # To take all of them would be to copy them.
            return self
        texts = self.texts.take(pa.array(found))
        return Values(texts, self.document[found], self.field[found], self.kind[found], self.listed[found])


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one field, and the documents in which it is a list of none.

    ``is_kept`` says that all values stand in ``extra``, beside the one that a column of the field's name has.
    """

    field: str
    values: Values
    empty: Positions
    is_kept: bool = False

    @property
    def is_column(self) -> bool:
        """Whether the values have a column of their own, and do not stand in ``extra``."""
        return self.field in KNOWN_FIELDS and not self.is_kept

    def check(self, bad: Flags) -> None:
        """Set ``bad`` for documents whose value does not fit its column as it is."""
        values = self.values
        if not self.is_column or self.field in _MULTI:
            return
        bad[values.document[values.listed]] = True
        bad[values.document[1:][values.document[1:] == values.document[:-1]]] = True
        if self.field == "_version_":
            whole = pc.match_substring_regex(values.texts, _VERSION).to_numpy(zero_copy_only=False)
            bad[values.document[~(whole & (values.kind == IS_NUMBER))]] = True
            bad[self.empty] = True
        elif self.field == "id":
            is_blank = pc.equal(pc.utf8_trim(values.texts, characters=_BLANK), "")
            long = pc.greater(pc.binary_length(values.texts), LONGEST_ID)
            odd = pc.or_(is_blank, long).to_numpy(zero_copy_only=False)
            bad[values.document[odd | (values.kind != IS_TEXT)]] = True

    def array(self, row_of: Positions, count: int) -> pa.Array:
        """The values of the documents that have a row, as a column of ``FIELDS``, or as members of a JSON object."""
        has_row = row_of[self.values.document] >= 0
        values = self.values if has_row.all() else self.values.at(np.flatnonzero(has_row))
        rows, texts = row_of[values.document], values.texts
        if self.is_column and self.field not in _MULTI:
            column = texts
            if len(rows) != count or (rows != np.arange(count)).any():
                places = np.full(count, -1, np.int64)
                places[rows] = np.arange(len(rows))
                column = texts.take(pa.array(places, mask=places < 0))
            return column.cast(pa.int64()) if self.field == "_version_" else column
        counts = np.bincount(rows, minlength=count)
        present = counts > 0
        empty = row_of[self.empty]
        present[empty[empty >= 0]] = True
        bounds = np.zeros(count + 1, np.int32)
        np.cumsum(counts, out=bounds[1:])
        offsets = pa.array(bounds)
        if self.is_column:
            return pa.ListArray.from_arrays(offsets, texts, type=TEXTS, mask=pa.array(~present))
        as_list = present & (counts != 1)
        as_list[rows[values.listed]] = True
        joined = _as_json(values)
        if (counts != 1).any():
            joined = pc.binary_join(pa.ListArray.from_arrays(offsets, joined), ",")
        key = json_key(self.field)
        # As a rule all are lists, or none.
        lists = as_list[present]
        if lists.any() and lists.all():
            joined = pc.binary_join_element_wise(key + "[", joined, "],", "")
        else:
            if lists.any():
                joined = pc.if_else(pa.array(as_list), pc.binary_join_element_wise("[", joined, "]", ""), joined)
            joined = pc.binary_join_element_wise(key, joined, ",", "")
        return joined if present.all() else pc.if_else(pa.array(present), joined, pa.scalar(None, TEXT))


def _as_json(values: Values) -> pa.Array:
    """Each value as JSON: numbers as they are written, where they are such in JSON too."""
    if (values.kind == IS_JSON).all():
        return values.texts
    written = json_values(values.texts)
    if (values.kind == IS_TEXT).all():
        return written
    number = pc.and_(pc.match_substring_regex(values.texts, _JSON_NUMBER), pa.array(values.kind == IS_NUMBER))
    truth = pc.is_in(values.texts, pa.array(["true", "false"]))
    plain = pc.or_(number, pc.and_(truth, pa.array(values.kind == IS_BOOLEAN)))
    return pc.if_else(plain, values.texts, written)


def table_of_columns(columns: Iterable[Column], bad: Flags) -> tuple[pa.Table, Positions]:
    """The documents that are not bad, as a table of schema ``FIELDS``, and the number of each.

    Sets ``bad`` for what does not fit.
    """
    columns = sorted((one for one in columns if len(one.values.texts) or len(one.empty)), key=lambda one: one.field)
    found = np.zeros(len(bad), bool)
    for column in columns:
        column.check(bad)
        if column.field == "id":
            found[column.values.document] = True
    bad |= ~found
    rows, documents = np.flatnonzero(~bad), len(bad)
    row_of = np.full(documents, -1, np.int64)
    row_of[rows] = np.arange(len(rows))
    arrays = {column.field: column.array(row_of, len(rows)) for column in columns if column.is_column}
    members = [column.array(row_of, len(rows)) for column in columns if not column.is_column]
    arrays["extra"] = joined_objects(members, len(rows))
    known = [arrays[one.name] if one.name in arrays else pa.nulls(len(rows), one.type) for one in FIELDS]
    return pa.Table.from_arrays(known, schema=FIELDS), rows
