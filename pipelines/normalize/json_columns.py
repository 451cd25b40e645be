"""JSON objects built from columns: what of a document has no column of its own.

Objects are canonical: keys sorted, no blanks, text in UTF-8, no NUL (Postgres ``jsonb`` refuses it).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import as_mask, matching

#: Letters that JSON writes otherwise within quotes (RFC 8259, section 7).
_ESCAPED: Final = r'["\\\x00-\x1f]'


#: What may be a number that a double or a 64-bit integer does not hold as it is written: 1.10 would lose a digit as
#: 99999999999999.999 does. Found within a text as well, which costs time and changes nothing. Documents with a
#: fraction are few, and the reader has read them one by one already.
_INEXACT_NUMBER: Final = re.compile(r"[:\[,]\s*(?:-?\d+[.eE]|-?\d{16}|-0\s*[,\]}])")

#: Digits, and exponent, of a number that ``numeric`` holds without doubt (its limit is 131,072 before the point).
_LONGEST_NUMBER: Final = 1_000


def json_texts(texts: pa.Array) -> pa.Array:
    """Each text of a string column as a JSON string; null stays null."""
    quoted = pc.binary_join_element_wise('"', texts, '"', "")
    escaped = matching(texts, _ESCAPED)
    if escaped.any():
        mask = pa.array(escaped)
        values = [orjson.dumps(text).decode() for text in texts.filter(mask).to_pylist()]
        quoted = pc.replace_with_mask(quoted, mask, pa.array(values, pa.string()))
    return quoted


def json_values(column: pa.Array) -> pa.Array:
    """Each value of a string or ``list<string>`` column as JSON; null where null or an empty list."""
    if not pa.types.is_list(column.type):
        return json_texts(column)
    # Rebuilt from the flattened values, which leave out what lies under nulls and outside of a slice.
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    values = pc.fill_null(json_texts(column.flatten()), "null")
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, values), ",")
    return pc.if_else(pa.array(lengths > 0), pc.binary_join_element_wise("[", joined, "]", ""), None)


def json_objects(columns: Mapping[str, pa.Array], given: pa.Array) -> pa.Array:
    """One JSON object a row of the ``columns`` that have a value there, joined with the object ``given``.

    ``columns`` are string or ``list<string>`` arrays by key, ``given`` JSON objects as text (or null); a key
    that is in both keeps what is given. Null where an object would be empty. Raises
    ``orjson.JSONDecodeError`` (a ValueError) where a given text is not JSON.
    """
    parts = []
    for key in sorted(columns):
        if columns[key].null_count == len(given):
            continue
        values = json_values(columns[key])
        if values.null_count < len(values):
            parts.append(pc.binary_join_element_wise(f",{orjson.dumps(key).decode()}:", values, ""))
    objects = pa.nulls(len(given), pa.string())
    if parts:
        # Not null_handling="skip", which drops the rows in which everything is null (pyarrow 26).
        members = pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")
        opened = pc.replace_substring(members, ",", "{", max_replacements=1)
        objects = pc.if_else(pc.equal(members, ""), objects, pc.binary_join_element_wise(opened, "}", ""))
    has_given = pc.is_valid(given)
    if not as_mask(has_given).any():
        return objects
    pairs = zip(objects.filter(has_given).to_pylist(), given.filter(has_given).to_pylist(), strict=True)
    merged = [canonical_object((orjson.loads(built) if built else {}) | parse_object(text)) for built, text in pairs]
    return pc.replace_with_mask(objects, has_given, pa.array(merged, pa.string()))


def parse_object(text: str) -> dict[str, Any]:
    """A JSON object with every number as it is written, whatever its size. Raises ValueError where it is none.

    A number that Postgres's ``numeric`` cannot hold becomes a text.
    """
    if not _INEXACT_NUMBER.search(text):
        parsed: dict[str, Any] = orjson.loads(text)
        return parsed
    exact: dict[str, Any] = json.loads(text, parse_float=_as_written, parse_int=_as_written)
    return exact


def _as_written(number: str) -> orjson.Fragment | str:
    _, _, exponent = number.lower().partition("e")
    fits = len(number) <= _LONGEST_NUMBER and abs(int(exponent or 0)) <= _LONGEST_NUMBER
    return orjson.Fragment(number) if fits else number


def canonical_object(members: Mapping[str, Any]) -> str | None:
    """``members`` as a canonical JSON object; None if there are none."""
    if not members:
        return None
    text = orjson.dumps(members, option=orjson.OPT_SORT_KEYS).decode()
    if "\\u0000" in text:
        text = orjson.dumps(_without_nul(members), option=orjson.OPT_SORT_KEYS).decode()
    return text


def canonical_objects(texts: pa.Array) -> pa.Array:
    """JSON objects as text in canonical form; null where null or empty. Raises as :func:`json_objects`."""
    present = pc.is_valid(texts)
    if not as_mask(present).any():
        return texts
    canonical = [canonical_object(parse_object(text)) for text in texts.filter(present).to_pylist()]
    return pc.replace_with_mask(texts, present, pa.array(canonical, pa.string()))


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return value
