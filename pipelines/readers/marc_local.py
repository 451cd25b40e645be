"""What documents of MARC records have beside the fields of the index, in ``extra``.

``links_856`` are links with what is said of them, ``original_script`` what fields 880 write, by the tag that they are
linked to, ``marc_error`` what had to be mended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.json_columns import joined_objects, json_key, json_values
from pipelines.readers.marc_record import LOST_CHARACTERS
from pipelines.readers.marc_table import MarcTable
from pipelines.readers.marc_values import LETTERS, FieldValues, Pick, Values, each, joined
from pipelines.records import TEXT

_URL: Final = each(856, "u")
_NOTES: Final = {"materials": joined(856, "3"), "text": joined(856, "y"), "note": joined(856, "z")}
_SCRIPT: Final = joined(880, LETTERS)
_LINKED: Final = each(880, "6")
PICKS: Final = (_URL, *_NOTES.values(), _SCRIPT, _LINKED)
_ERROR: Final = "marc_error"
_ERROR_KEY: Final = f'"{_ERROR}":'
_LINK: Final = re.compile(r"([0-9]{3})-")


def local_column(table: MarcTable, picked: Mapping[Pick, FieldValues]) -> pa.Array:
    """The local fields of each record as a JSON object, null where it has none.

    With them are those that stand around the record, in ``table.around``.
    """
    count = len(table)
    errors = {number: list(dict.fromkeys(notes)) for number, notes in table.notes.items()}
    members = {
        "links_856": _links(picked, count),
        _ERROR: _written(errors, count),
        "original_script": _written(_scripts(picked), count),
        **{name: values for name, values in table.around.items() if name != "id"},
    }
    return joined_objects(
        [
            pc.binary_join_element_wise(json_key(name), values, ",", "")
            for name, values in sorted(members.items())
            if values.null_count < count
        ],
        count,
    )


def lost_characters(extra: pa.ChunkedArray | pa.Array) -> int:
    """How many of the records with these local fields have an ``marc_error`` that says that characters are lost."""
    if extra.null_count == len(extra):
        return 0
    lost = [pc.match_substring(extra, note) for note in LOST_CHARACTERS]
    return pc.sum(pc.and_(pc.match_substring(extra, _ERROR_KEY), pc.or_(*lost))).as_py() or 0


def _written(values: Mapping[int, object], count: int) -> pa.Array:
    """A column of values in JSON, null for records without one."""
    written: list[bytes | None] = [None] * count
    for number, value in values.items():
        written[number] = orjson.dumps(value)
    return pa.array(written, pa.binary()).cast(TEXT)


def _links(picked: Mapping[Pick, FieldValues], count: int) -> pa.Array:
    """The links of each record that have a note, text or materials, as a list in JSON."""
    urls = picked[_URL]
    notes = {name: picked[pick] for name, pick in _NOTES.items() if len(picked[pick].field)}
    noted = np.isin(urls.field, np.concatenate([np.zeros(0, np.int64), *(said.field for said in notes.values())]))
    fields, links = urls.field[noted], urls.at(noted)
    members = ['{"url":', json_values(links.texts)]
    for name, said in notes.items():
        places = np.minimum(np.searchsorted(said.field, fields), len(said.field) - 1)
        texts = json_values(said.texts.take(pa.array(places, mask=said.field[places] != fields)))
        members.append(pc.fill_null(pc.binary_join_element_wise("," + json_key(name), texts, ""), ""))
    written = Values(links.record, pc.binary_join_element_wise(*members, "}", ""))
    return pc.binary_join_element_wise("[", written.together(",", count), "]", "")


def _scripts(picked: Mapping[Pick, FieldValues]) -> dict[int, dict[str, list[str]]]:
    """What each record's fields 880 say, by the tag of the first $6."""
    linked, texts = picked[_LINKED], picked[_SCRIPT]
    tags: dict[int, str] = {}
    for field, text in zip(linked.field.tolist(), linked.texts.to_pylist(), strict=True):
        link = _LINK.match(text)
        tags.setdefault(field, link.group(1) if link else "")
    scripts: dict[int, dict[str, list[str]]] = {}
    of_each = zip(texts.record.tolist(), texts.field.tolist(), texts.texts.to_pylist(), strict=True)
    for record, field, text in of_each:
        scripts.setdefault(record, {}).setdefault(tags.get(field, ""), []).append(text)
    return scripts
