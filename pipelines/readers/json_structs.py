"""JSON objects that stand a line each, parsed by pyarrow at once: what stands at a path in all of them, as columns.

Only names that a schema has are read, and only where all values are of the types that it says. Whatever else the
objects hold is passed over, as :mod:`pipelines.readers.json_paths` passes it over, which reads objects of any shape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pa_json

from pipelines.readers.blanks import folded
from pipelines.readers.byte_spans import Bytes, Flags, Positions, not_utf8
from pipelines.readers.text_columns import Texts
from pipelines.runs import run_starts

#: pyarrow takes objects nested however deep, orjson those of 1,024 levels: longer ones are left to that.
_DEEPEST: Final = 1_000
#: The bracket and the brace that open are one sign but for this bit.
_OPENING, _CASE = ord("{"), 0x20
#: Where a value may begin; pyarrow ends at a zero byte besides.
_NUMBER_BEGINS: Final = re.compile(rb"(?:[:,\[]|^)[ \t\r\n]*-?$")
_BEFORE_NUMBER: Final = np.isin(np.arange(256), list(b":,[- \t\r\n"))
#: So many blanks before a value are looked at: what has more is left to orjson.
_BLANKS: Final = 64
#: So many bytes stay in the processor's cache while they are looked at.
_AT_ONCE: Final = 1 << 17
#: In which line of a text what does not fit is.
_ROW: Final = re.compile(r" in row ([0-9]+)$")
#: More lines than these, and one of so many, are not worth to be looked for one by one.
_MANY: Final = 16


@dataclass(frozen=True, slots=True)
class Structs:
    """Objects in the order of those in which they were found: the number of that object, of ``count`` in all.

    None of them is null.
    """

    values: pa.StructArray
    owner: Positions
    count: int

    def objects(self, *path: str) -> Structs:
        """The objects at a path below these, those of lists one by one."""
        values, owner = self._at(path)
        if values.null_count:
            values, owner = values.drop_null(), owner[_valid(values)]
        return Structs(values, owner, self.count)

    def alone(self) -> Structs:
        """The same objects, each to be looked into by itself."""
        return Structs(self.values, np.arange(len(self.values)), len(self.values))

    def first(self) -> Structs:
        """The first object of each."""
        if len(self.owner) == self.count and (np.diff(self.owner) == 1).all():
            return self
        wanted = run_starts(self.owner)
        return Structs(self.values.take(pa.array(wanted)), self.owner[wanted], self.count)

    def texts(self, *path: str) -> Texts:
        """The texts at a path, those of lists one by one, blanks folded."""
        values, owner = self._at(path)
        if values.null_count:
            values, owner = values.drop_null(), owner[_valid(values)]
        return Texts(folded(values), owner, self.count)

    def text(self, *path: str) -> pa.Array:
        """The first text at a path that is not empty, of each object; "" where there is none."""
        values, owner = self._at(path)
        if len(owner) == self.count and pa.types.is_string(values.type) and (np.diff(owner) == 1).all():
            return folded(values.fill_null("") if values.null_count else values)
        return self.texts(*path).first()

    def _at(self, path: tuple[str, ...]) -> tuple[pa.Array, Positions]:
        """The values at a path, null where there is none, and the number of the object of each."""
        values, owner = self.values, self.owner
        for name in path:
            # A name that the schema has not is a mistake of the caller, and an error.
            child = values.field(name)
            values = values.flatten()[values.type.get_field_index(name)] if values.null_count else child
            if pa.types.is_list(values.type):
                lengths = pc.list_value_length(values)
                lengths = lengths.fill_null(0) if lengths.null_count else lengths
                values, owner = values.flatten(), np.repeat(owner, lengths.to_numpy())
        return values, owner


def read_structs(text: bytes, starts: Positions, ends: Positions, schema: pa.Schema) -> tuple[Structs, Positions]:
    """The objects that stand a line each in a text, and the lines of those that are as ``schema`` says.

    The others, and what orjson may refuse, are left out. Where they are many, so is what stands behind them.
    """
    rows = np.flatnonzero(_may_be_read(text, starts, ends))
    if len(rows) < len(starts):
        text, starts, ends = _only(text, starts, ends, rows)
    while len(rows):
        found = _read(text, starts, ends, schema)
        if isinstance(found, pa.Table):
            return _structs(found), rows
        rows = rows[found]
        text, starts, ends = _only(text, starts, ends, found)
    return _structs(schema.empty_table()), rows


def _may_be_read(text: bytes, starts: Positions, ends: Positions) -> Flags:
    """Which of the lines are not surely other than pyarrow takes them for."""
    view = np.frombuffer(text, np.uint8)
    plain = np.zeros(0, bool) if not len(starts) else (view[starts] == ord("{")) & (view[ends - 1] == ord("}"))
    plain &= ~not_utf8(text, starts, ends)
    opening, capitals = _places(view)
    plain &= np.searchsorted(opening, ends) - np.searchsorted(opening, starts) <= _DEEPEST
    numbers = [
        place for place in _words(view, capitals) if _NUMBER_BEGINS.search(text[max(0, place - _BLANKS) : place])
    ]
    zeros = np.flatnonzero(view == 0) if b"\0" in text else capitals[:0]
    odd = np.searchsorted(starts, np.append(zeros, numbers), "right") - 1
    plain[odd[odd >= 0]] = False
    return plain


def _places(view: Bytes) -> tuple[Positions, Positions]:
    """Where brackets and braces open, and where the letters from I to N are, with which words of numbers begin."""
    opening, capitals = [], []
    for start in range(0, len(view), _AT_ONCE):
        part = view[start : start + _AT_ONCE]
        opening.append(np.flatnonzero((part | _CASE) == _OPENING) + start)
        # What is below I becomes more than N.
        capitals.append(np.flatnonzero(part - np.uint8(ord("I")) <= ord("N") - ord("I")) + start)
    nowhere = np.zeros(0, np.int64)
    return np.concatenate([nowhere, *opening]), np.concatenate([nowhere, *capitals])


def _words(view: Bytes, capitals: Positions) -> list[int]:
    """At which of the places a word may begin that pyarrow takes for a number, and JSON does not: NaN, Inf."""
    places = capitals[capitals + 2 < len(view)]
    written = [view[places], view[places + 1], view[places + 2]]
    found = np.zeros(len(places), bool)
    for word in (b"NaN", b"Inf"):
        found |= (written[0] == word[0]) & (written[1] == word[1]) & (written[2] == word[2])
    places = places[found]
    wanted: list[int] = places[_BEFORE_NUMBER[view[places - 1]]].tolist()
    return wanted


def _only(text: bytes, starts: Positions, ends: Positions, rows: Positions) -> tuple[bytes, Positions, Positions]:
    """Some of the lines, a text of their own."""
    starts, ends = starts[rows], ends[rows]
    part = b"\n".join(text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True))
    bounds = np.cumsum(ends - starts + 1)
    return part, bounds - (ends - starts + 1), bounds - 1


def _read(text: bytes, starts: Positions, ends: Positions, schema: pa.Schema) -> pa.Table | Positions:
    """The objects of lines, or else which of these fit: fewer than all."""
    odd: list[int] = []
    line = 0
    while line < len(starts):
        try:
            table = _parsed(pa.py_buffer(text)[int(starts[line]) : int(ends[-1])], schema)
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            said = _ROW.search(str(error))
            row = line + int(said[1]) if said else len(starts)
            # Behind a line of two objects the number is too high; that it is so is found where none is left.
            if row >= len(starts) or len(odd) > _MANY + line // _MANY:
                break
            odd.append(row)
            line = row + 1
            continue
        # A line may hold two objects. None can span two lines: between } and { one has ended.
        if table.num_rows != len(starts) - line:
            break
        if not odd:
            return table
        line = len(starts)
    return np.setdiff1d(np.arange(line), odd)


def _parsed(text: pa.Buffer, schema: pa.Schema) -> pa.Table:
    return pa_json.read_json(
        pa.BufferReader(text),
        read_options=pa_json.ReadOptions(use_threads=False, block_size=len(text) + 2),
        parse_options=pa_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
    )


def _structs(table: pa.Table) -> Structs:
    columns = [one.chunk(0) if one.num_chunks == 1 else pa.concat_arrays(one.chunks) for one in table.columns]
    values = pa.StructArray.from_arrays(columns, fields=list(table.schema))
    return Structs(values, np.arange(len(values)), len(values))


def _valid(values: pa.Array) -> Positions:
    found: Positions = np.flatnonzero(values.is_valid().to_numpy(zero_copy_only=False))
    return found
