"""What stands at known paths in many JSON objects, a line each, read in one pass by compiled code (``_json_tables.c``).

The rules are those of :mod:`pipelines.readers.json_paths`, which reads objects that orjson has parsed, and to which all
lines are left that are not surely as the paths say, or no JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

import numpy as np
import pyarrow as pa

from pipelines.readers.blanks import folded
from pipelines.readers.byte_spans import Places, Positions
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.text_columns import Texts

if IS_COMPILED:
    from pipelines.readers._json_tables import read_tables

#: What is asked for: names of members, with those of the objects that are their values, or None for texts.
Paths = Mapping[str, Union["Paths", None]]


@dataclass(frozen=True, slots=True)
class _Column:
    """The texts of a member, blanks folded, and the number of the object that each is of."""

    texts: pa.Array
    owners: Places


@dataclass(frozen=True, slots=True)
class _Table:
    """Objects: the number of the object that each stands in, and what they have, by name."""

    owners: Places
    columns: Mapping[str, _Column]
    tables: Mapping[str, _Table]


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects in the order of those in which they were found: the number of that object, of ``count`` in all.

    To ask for a path that was not read is a :class:`KeyError`.
    """

    table: _Table
    owner: Positions
    count: int

    def objects(self, *path: str) -> Objects:
        """The objects at a path below these, those of lists one by one."""
        table, owner = self.table, self.owner
        for name in path:
            table = table.tables[name]
            owner = owner[table.owners]
        return Objects(table, owner, self.count)

    def alone(self) -> Objects:
        """The same objects, each to be looked into by itself."""
        return Objects(self.table, np.arange(len(self.owner)), len(self.owner))

    def texts(self, *path: str) -> Texts:
        """The texts at a path, those of lists one by one, blanks folded."""
        found = self.objects(*path[:-1])
        column = found.table.columns[path[-1]]
        return Texts(column.texts, found.owner[column.owners], self.count)

    def text(self, *path: str) -> pa.Array:
        """The first text at a path that is not empty, of each object; "" where there is none."""
        found = self.texts(*path)
        if len(found) == self.count and (np.diff(found.owner) == 1).all():
            return found.texts
        return found.first()


def read_objects(text: bytes, starts: Positions, ends: Positions, paths: Paths) -> tuple[Objects, Positions]:
    """The objects that stand a line each in a text, and the lines of those that are as ``paths`` say.

    That is where there are texts, whole numbers or null at the ends of paths, and objects or null at all others, or
    lists of these. Other lines are left out, and among them is whatever orjson refuses.
    """
    left_out, (owners, members) = read_tables(text, starts, ends, _members(paths))
    rows = np.flatnonzero(np.frombuffer(left_out, np.uint8) == 0)
    return Objects(_table(owners, members, paths), np.arange(len(rows)), len(rows)), rows


def _members(paths: Paths) -> list[tuple[str, Any]]:
    return [(name, None if inner is None else _members(inner)) for name, inner in paths.items()]


def _table(owners: Any, members: list[Any], paths: Paths) -> _Table:
    columns: dict[str, _Column] = {}
    tables: dict[str, _Table] = {}
    for (name, inner), one in zip(paths.items(), members, strict=True):
        if inner is None:
            columns[name] = _column(*one)
        else:
            its_owners, its_members = one
            tables[name] = _table(its_owners, its_members, inner)
    return _Table(np.frombuffer(owners, np.int32), columns, tables)


def _column(ends: Any, texts: Any, owners: Any, has_blanks: bool) -> _Column:
    of_each = np.frombuffer(owners, np.int32)
    written = pa.StringArray.from_buffers(len(of_each), pa.py_buffer(ends), pa.py_buffer(texts))
    return _Column(folded(written) if has_blanks else written, of_each)
