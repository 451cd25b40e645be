"""Which JSON types the fields of a dump have, so that pyarrow can read its lines as columns.

A shape only says how to read; a document comes out the same whatever shape it was read with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

import orjson
import pyarrow as pa

from pipelines.records import MULTI_VALUED_FIELDS, SINGLE_VALUED_FIELDS

KNOWN_FIELDS: Final = frozenset({"_version_", *SINGLE_VALUED_FIELDS, *MULTI_VALUED_FIELDS})

#: More local fields than this are not worth a column each; documents with the rarer ones are read one by one.
MOST_LOCAL_FIELDS: Final = 500

#: The types a field of all documents can have for them to be read in columns.
TEXT, TEXTS = pa.string(), pa.list_(pa.string())
NUMBER, NUMBERS = pa.int64(), pa.list_(pa.int64())
FLAG, FLAGS = pa.bool_(), pa.list_(pa.bool_())

Shape = dict[str, pa.DataType]

#: What the index itself returns.
INDEX_SHAPE: Final[Shape] = {
    "_version_": NUMBER,
    **dict.fromkeys(SINGLE_VALUED_FIELDS, TEXT),
    **dict.fromkeys(MULTI_VALUED_FIELDS, TEXTS),
}

#: Kinds of values by one letter: those a column can have, capital for lists, then an empty list, null, all else.
_COLUMN_KINDS: Final = {"s": TEXT, "i": NUMBER, "b": FLAG, "S": TEXTS, "I": NUMBERS, "B": FLAGS}
_NO_VALUES, _NULL, _OTHER = "e", "n", "o"
_BY_TYPE: Final = {str: "s", int: "i", bool: "b", type(None): _NULL}
_ALLOWED: Final = {"_version_": "i", "id": "si"}


def learn(lines: Sequence[bytes], base: Shape) -> tuple[Shape, list[bool]]:
    """The shape most of ``lines`` have, ``base`` where they say nothing, and for each line whether it has it.

    A line that does not parse has no shape. Whether a line truly fits, only reading it shows:
    keys said twice and numbers too big are not seen here.
    """
    kinds = [_kinds(line) for line in lines]
    counts = Counter(chain.from_iterable(found for found in kinds if found is not None))
    by_name: dict[str, Counter[str]] = {}
    for (name, kind), count in counts.items():
        by_name.setdefault(name, Counter())[kind] = count
    local = sorted((name for name in by_name if name not in KNOWN_FIELDS), key=lambda name: -by_name[name].total())
    shape = dict(base)
    for name in [*(name for name in by_name if name in KNOWN_FIELDS), *local[:MOST_LOCAL_FIELDS]]:
        most = _majority(by_name[name], _ALLOWED.get(name, "sibSIB"))
        if most is not None:
            shape[name] = _COLUMN_KINDS[most]
        else:
            shape.setdefault(name, TEXT)
    fitting = {field for field in counts if _fits(field[1], shape.get(field[0]))}
    return shape, [found is not None and fitting.issuperset(found) for found in kinds]


def _kinds(line: bytes) -> list[tuple[str, str]] | None:
    """The (field, kind) pairs of a line, ``None`` where it is no object."""
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict):
        return None
    return [
        (name, _kind_of_list(value) if type(value) is list else _BY_TYPE.get(type(value), _OTHER))
        for name, value in document.items()
    ]


def _kind_of_list(values: list[Any]) -> str:
    types = set(map(type, values)) - {type(None)}
    if not types:
        return _NO_VALUES
    return _BY_TYPE.get(types.pop(), _OTHER).upper() if len(types) == 1 else _OTHER


def _majority(counts: Counter[str], allowed: str) -> str | None:
    for kind, _ in counts.most_common():
        if kind in allowed:
            return kind
    return "S" if _NO_VALUES in counts and "S" in allowed else None


def _fits(kind: str, expected: pa.DataType | None) -> bool:
    if kind == _NULL:
        return expected is not None
    if kind == _NO_VALUES:
        return expected is not None and bool(pa.types.is_list(expected))
    return expected is not None and bool(_COLUMN_KINDS.get(kind) == expected)
