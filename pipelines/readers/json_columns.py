"""JSON lines as columns: a whole chunk is read at once with a shape, then columns become ``RAW_RECORDS``.

Documents of the usual form are cut out of their bytes, others are parsed by pyarrow. The fast path of the JSON readers:
it refuses what it cannot read exactly
(:class:`DoesNotFitError`), and the caller goes on with fewer lines or one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pa_json

from pipelines.readers.byte_spans import bytes_of
from pipelines.readers.json_forms import NotPlainError
from pipelines.readers.json_shape import KNOWN_FIELDS, NUMBER, NUMBERS, Shape
from pipelines.readers.json_spans import UnfitError, read_spans
from pipelines.records import LINEAGE, MULTI_VALUED_FIELDS, RAW_RECORDS, SINGLE_VALUED_FIELDS, TEXT, TEXTS

#: ``RAW_RECORDS`` without the lineage.
FIELDS: Final = pa.schema([field for field in RAW_RECORDS if field.name not in {one.name for one in LINEAGE}])

#: pyarrow reads -0 as the integer 0, whose text is another one.
_NEGATIVE_ZERO: Final = re.compile(rb"[:\[,]\s*-0\s*[,\]}]")
#: What is below has to be escaped in JSON.
_FIRST_PRINTED: Final = ord(" ")
#: Small enough for the processor's cache.
_BLOCK: Final = 1 << 20

_SINGLE: Final = frozenset(SINGLE_VALUED_FIELDS)
_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)


class DoesNotFitError(ValueError):
    """Some of the lines cannot be read exactly with this shape."""


def read_columns(text: bytes, line_count: int, longest_line: int, shape: Shape) -> tuple[pa.Table, frozenset[str]]:
    """The documents of ``text``, lines of valid UTF-8 each of which begins with { and ends with }.

    Returns a table of schema :data:`FIELDS`, whose ``id`` may be null or blank, and the fields of
    ``shape`` that have a value in it.

    Raises :class:`DoesNotFitError`.
    """
    try:
        columns = read_spans(text, line_count, shape)
    except NotPlainError:
        columns = _parsed(text, line_count, longest_line, shape)
    except UnfitError as error:
        raise DoesNotFitError(str(error)) from error
    used = frozenset(name for name, column in columns.items() if column.null_count < len(column))
    return _to_fields(columns, line_count), used


def _parsed(text: bytes, line_count: int, longest_line: int, shape: Shape) -> dict[str, pa.Array]:
    """The fields of ``shape`` as pyarrow parses them."""
    numbers = any(kind in (NUMBER, NUMBERS) for name, kind in shape.items() if name != "_version_")
    if numbers and _NEGATIVE_ZERO.search(text):
        raise DoesNotFitError("holds the number -0")
    try:
        table = pa_json.read_json(
            pa.BufferReader(text),
            read_options=pa_json.ReadOptions(use_threads=False, block_size=max(_BLOCK, longest_line + 2)),
            parse_options=pa_json.ParseOptions(
                explicit_schema=pa.schema(list(shape.items())), unexpected_field_behavior="error"
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise DoesNotFitError(str(error)) from error
    # A line may hold two documents. None can span two lines: between } and { one has ended.
    if table.num_rows != line_count:
        raise DoesNotFitError(f"{line_count} lines hold {table.num_rows} documents")
    return {name: _array(table.column(name)) for name in table.column_names}


def _to_fields(columns: Mapping[str, pa.Array], row_count: int) -> pa.Table:
    extra = {name: column for name, column in columns.items() if name not in KNOWN_FIELDS}
    known = columns.keys() & KNOWN_FIELDS
    fields = {field.name: pa.nulls(row_count, field.type) for field in FIELDS if field.name not in known}
    for name, column in columns.items():
        if name in _SINGLE:
            if pa.types.is_list(column.type):
                fields[name], several = _first_values(column)
                if several is not None:
                    extra[name] = several
            else:
                fields[name] = column.cast(TEXT)
        elif name in _MULTI:
            fields[name] = (column if pa.types.is_list(column.type) else _lists_of_one(column)).cast(TEXTS)
    if "_version_" in columns:
        fields["_version_"] = columns["_version_"]
    fields["extra"] = extra_column(extra, row_count)
    return pa.Table.from_arrays([fields[field.name] for field in FIELDS], schema=FIELDS)


def _array(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _lists_of_one(column: pa.Array) -> pa.Array:
    offsets = pc.cumulative_sum(pc.cast(column.is_valid(), pa.int32()))
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), offsets])
    return pa.ListArray.from_arrays(offsets, column.drop_null(), mask=column.is_null())


def _first_values(column: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    """The first value of each list, and the lists that hold several (null elsewhere; ``None`` where there are none)."""
    if column.values.null_count:
        raise DoesNotFitError("a list with null in it for a field of one value")
    lengths = pc.list_value_length(column)
    filled = pc.fill_null(pc.greater(lengths, 0), False)
    starts = column.offsets.slice(0, len(column))
    first = column.values.take(pc.if_else(filled, starts, None)).cast(TEXT)
    several = pc.fill_null(pc.greater(lengths, 1), False)
    if not pc.any(several).as_py():
        return first, None
    return first, pc.if_else(several, column, pa.scalar(None, column.type))


def extra_column(columns: Mapping[str, pa.Array], row_count: int) -> pa.Array:
    """Each row's non-null values as one JSON object, by name; null where a row has none.

    Columns are of text, integers or booleans, or of lists of these. The text is what orjson writes.
    """
    written = []
    for name in sorted(columns):
        column = columns[name]
        if column.null_count == len(column):
            continue
        key = json_key(name)
        if pa.types.is_list(column.type):
            values = pc.fill_null(json_values(column.values), "null")
            lists = pa.ListArray.from_arrays(
                column.offsets, values, mask=column.is_null() if column.null_count else None
            )
            written.append(pc.binary_join_element_wise(key + "[", pc.binary_join(lists, ","), "],", ""))
        else:
            written.append(pc.binary_join_element_wise(key, json_values(column), ",", ""))
    return joined_objects(written, row_count)


def json_key(name: str) -> str:
    """The name of a field as it stands in a JSON object before its value."""
    return orjson.dumps(name).decode() + ":"


def joined_objects(written: list[pa.Array], row_count: int) -> pa.Array:
    """Each row's members of a JSON object, each with a comma behind it, as one object; null where a row has none."""
    if not written:
        return pa.nulls(row_count, TEXT)
    # Joining with null_handling="skip" would drop the rows in which all are null (pyarrow 26).
    objects = pc.binary_join_element_wise(*(pc.fill_null(one, "") for one in written), "")
    objects = pc.if_else(pc.equal(objects, ""), pa.scalar(None, TEXT), pc.utf8_rtrim(objects, ","))
    return pc.binary_join_element_wise("{", objects, "}", "")


def json_values(values: pa.Array) -> pa.Array:
    """Each value as JSON text, null where it is null."""
    if values.type != TEXT:
        return values.cast(TEXT)
    _, signs = bytes_of(values)
    if len(signs) and signs.min() < _FIRST_PRINTED:
        return pa.array([None if one is None else orjson.dumps(one).decode() for one in values.to_pylist()], TEXT)
    for character in ("\\", '"'):
        if (signs == ord(character)).any():
            values = pc.replace_substring(values, character, "\\" + character)
    return pc.binary_join_element_wise('"', values, '"', "")
