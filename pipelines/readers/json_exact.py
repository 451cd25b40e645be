"""One Solr document, exactly: no digit of a number is lost and what is no document is refused with a reason.

The slow path of the JSON readers, for the lines that the columnar one cannot take; both give the
same row for the same line.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, TypeGuard

import orjson

from pipelines.records import MULTI_VALUED_FIELDS, SINGLE_VALUED_FIELDS

_SINGLE: Final = frozenset(SINGLE_VALUED_FIELDS)
_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)
_ESCAPED_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,19}")
_INT64: Final = range(-(1 << 63), 1 << 63)
_BLANK: Final = " \t\r\n\f\v\0"
_TEXTS_ALONE: Final = {str}


#: What an update does with a field (Solr's reference guide, "Atomic Updates").
_MODIFIERS: Final = frozenset({"set", "add", "add-distinct", "remove", "removeregex", "inc"})

#: Bytes of an id. No catalogue comes near; an index of the warehouse could not hold a text without end.
LONGEST_ID: Final = 1_000


class Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


class NotADocumentError(ValueError):
    """The bytes are no Solr document; the message says what is wrong and where."""


def parse_document(line: bytes) -> dict[str, Any]:
    """The row of schema ``RAW_RECORDS`` (without lineage) of one JSON object; fields that are absent have no key.

    Values of a key that is said twice are gathered, as Solr's JSON loader does. Numbers and booleans
    become their JSON text. Several values of a field that has one go to ``extra`` whole.

    Raises :class:`NotADocumentError`.
    """
    return to_row(parse_object(line))


def decoded(data: bytes) -> str:
    """The text of bytes in UTF-8. Raises :class:`NotADocumentError` for any other, which says where they are not."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise NotADocumentError(f"not UTF-8: byte 0x{data[error.start]:02x} at byte {error.start}") from error


def parse_object(line: bytes) -> dict[str, Any]:
    """The JSON object that ``line`` is, its numbers as :class:`Number`.

    Raises :class:`NotADocumentError` for anything but one object of valid UTF-8 and valid JSON.
    """
    text = decoded(line).removeprefix("\ufeff")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        said = error.msg.removesuffix(" at")
        raise NotADocumentError(f"not JSON: {said} at character {error.pos}") from error
    except RecursionError as error:
        raise NotADocumentError("not readable: nested too deeply") from error
    if not isinstance(value, dict):
        raise NotADocumentError(f"not an object but {_kind(value)}")
    if _ESCAPED_SURROGATE.search(line):
        for name, content in value.items():
            _refuse_lone_surrogates(name, [name, content])
    return value


def to_row(document: dict[str, Any]) -> dict[str, Any]:
    """A parsed document as a row; see :func:`parse_document`.

    Raises :class:`NotADocumentError` where it has no usable ``id``, says only what of a record is to be changed, or has
    values that no field of the index can have.
    """
    row: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in document.items():
        if value is None:
            continue
        if name in _SINGLE:
            if type(value) is str:
                row[name] = value
            else:
                _refuse_update(name, value)
                _place_single(row, extra, name, _of_values(name, value))
        elif name in _MULTI:
            values = value if isinstance(value, list) else [value]
            # Nearly all lists are of texts, which are told in one step.
            if {*map(type, values)} == _TEXTS_ALONE:
                row[name] = values
            else:
                _refuse_update(name, value)
                row[name] = [None if one is None else _text(one) for one in _of_values(name, values)]
        elif name == "_version_" and isinstance(value, Number) and _as_int64(value) is not None:
            row[name] = _as_int64(value)
        else:
            _refuse_update(name, value)
            extra[name] = value
    _check_id(document, row)
    if extra:
        row["extra"] = write_extra(extra)
    return row


def write_extra(extra: dict[str, Any]) -> str:
    """Local fields as the JSON object that stands in ``extra``: by name, so that the same fields give the same text."""
    try:
        return write_object(dict(sorted(extra.items()))).decode()
    except orjson.JSONEncodeError as error:
        raise NotADocumentError(f"not readable: {error}") from error


def read_extra(extra: str) -> dict[str, Any]:
    """The local fields that stand in ``extra``, their numbers as :class:`Number`."""
    fields: dict[str, Any] = json.loads(extra, parse_float=Number, parse_int=Number)
    return fields


def write_object(document: dict[str, Any]) -> bytes:
    """A JSON object in UTF-8; each :class:`Number` in it as it was written."""
    return orjson.dumps(document, _as_written, orjson.OPT_PASSTHROUGH_SUBCLASS)


def _as_written(value: object) -> orjson.Fragment:
    return orjson.Fragment(str(value))


def _of_values(name: str, value: Any) -> Any:
    """What a field of the index holds. Raises :class:`NotADocumentError` for objects, and lists in lists.

    The index gives none: what has them is of another program. An id is looked at by itself.
    """
    if name == "id" or all(one is None or _is_scalar(one) for one in (value if isinstance(value, list) else [value])):
        return value
    raise NotADocumentError(f"no document of VuFind's index: its {name} holds objects or lists")


def _place_single(row: dict[str, Any], extra: dict[str, Any], name: str, value: object) -> None:
    if not isinstance(value, list):
        row[name] = _text(value)
        return
    values = [one for one in value if one is not None]
    if values:
        row[name] = _text(values[0])
    if len(values) > 1:
        extra[name] = value


def is_update(value: object) -> TypeGuard[dict[str, object]]:
    """Whether a value says what is to be done with a field of a record in an index."""
    return isinstance(value, dict) and bool(value) and value.keys() <= _MODIFIERS


def _refuse_update(name: str, value: object) -> None:
    """Refuse what changes single fields of a record in an index: as a document it would take away all others."""
    if is_update(value):
        raise NotADocumentError(f"an update of single fields, no document: {name} is to {' and '.join(sorted(value))}")


def _check_id(document: dict[str, Any], row: dict[str, Any]) -> None:
    written = document.get("id")
    if isinstance(written, list) and len(written) == 1:
        written = written[0]
    if written is None or written == []:
        raise NotADocumentError("no id")
    if not isinstance(written, str):
        raise NotADocumentError(f"no id: the field id is {_kind(written)}")
    if not str(row["id"]).strip(_BLANK):
        raise NotADocumentError("no id: the field id is empty")
    if len(str(row["id"]).encode()) > LONGEST_ID:
        raise NotADocumentError(f"the field id is longer than {LONGEST_ID:,} bytes, which no id is")


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | bool)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _as_int64(text: str) -> int | None:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) and int(text) in _INT64 else None


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, Number):
        return "a number"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "null" if value is None else "an object" if isinstance(value, dict) else "a string"


def _refuse_lone_surrogates(name: str, value: object) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            field = name.encode(errors="backslashreplace").decode()
            raise NotADocumentError(f"a lone surrogate in the field {field} at character {error.start}") from error
    elif isinstance(value, list):
        for one in value:
            _refuse_lone_surrogates(name, one)
    elif isinstance(value, dict):
        for key, one in value.items():
            _refuse_lone_surrogates(name, [key, one])


def gather(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its pairs; what a repeated key says is gathered in one list."""
    gathered = dict(pairs)
    if len(gathered) == len(pairs):
        return gathered
    values: dict[str, list[Any]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    return {key: found[0] if len(found) == 1 else _flat(found) for key, found in values.items()}


def _flat(values: list[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _refuse_constant(name: str) -> None:
    raise NotADocumentError(f"not JSON: {name} is no number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=gather, parse_float=Number, parse_int=Number, parse_constant=_refuse_constant
)
