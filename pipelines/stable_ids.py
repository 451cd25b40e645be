"""Ids that are the same everywhere: a hash of what names a thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import xxhash

#: Separates the parts of a natural key before hashing; a control character no identifier holds.
UNIT_SEPARATOR: Final = "\x1f"


def stable_id(natural_key: str) -> int:
    """Signed 64-bit xxh3 of a natural key: the id of whatever the key names, the same everywhere."""
    return stable_ids([natural_key])[0]


def stable_ids(natural_keys: Iterable[str]) -> list[int]:
    """:func:`stable_id` of each key, in order."""
    digest = xxhash.xxh3_64_intdigest
    return [value - (1 << 64) if (value := digest(key.encode())) >> 63 else value for key in natural_keys]


def record_id(source: str, source_record_id: str) -> int:
    """The id of a record: of its catalogue and of the id it has there."""
    return stable_id(source + UNIT_SEPARATOR + source_record_id)


def dump_id(source: str, name: str) -> int:
    """The id of a dump: of its catalogue and of its name."""
    return stable_id(source + UNIT_SEPARATOR + name)
