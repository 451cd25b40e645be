"""What documents of MARC records have beside the fields of the index, in ``extra``.

``links_856`` are links with what is said of them, ``original_script`` what fields 880 write, by the tag that they are
linked to, ``marc_error`` what had to be mended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from pipelines.readers.json_exact import write_extra
from pipelines.readers.marc_table import MarcTable
from pipelines.readers.marc_values import LETTERS, FieldValues, Pick, each, joined
from pipelines.records import TEXT

_URL: Final = each(856, "u")
_NOTES: Final = {"materials": joined(856, "3"), "text": joined(856, "y"), "note": joined(856, "z")}
_SCRIPT: Final = joined(880, LETTERS)
_LINKED: Final = each(880, "6")
PICKS: Final = (_URL, *_NOTES.values(), _SCRIPT, _LINKED)
_LINK: Final = re.compile(r"([0-9]{3})-")


def local_column(table: MarcTable, picked: Mapping[Pick, FieldValues]) -> pa.Array:
    """The local fields of each record as a JSON object, null where it has none."""
    found: dict[int, dict[str, Any]] = {}
    for number, links in _links(picked).items():
        found.setdefault(number, {})["links_856"] = links
    for number, scripts in _scripts(picked).items():
        found.setdefault(number, {})["original_script"] = scripts
    for number, notes in table.notes.items():
        found.setdefault(number, {})["marc_error"] = list(dict.fromkeys(notes))
    written: list[str | None] = [None] * len(table)
    for number, extra in found.items():
        written[number] = write_extra(extra)
    return pa.array(written, TEXT)


def _links(picked: Mapping[Pick, FieldValues]) -> dict[int, list[dict[str, str]]]:
    """The links of each record that have a note, text or materials."""
    notes: dict[int, dict[str, str]] = {}
    for name, pick in _NOTES.items():
        said = picked[pick]
        for field, text in zip(said.field.tolist(), said.texts.to_pylist(), strict=True):
            notes.setdefault(field, {})[name] = text
    urls = picked[_URL]
    links: dict[int, list[dict[str, str]]] = {}
    if notes:
        of_each = zip(urls.record.tolist(), urls.field.tolist(), urls.texts.to_pylist(), strict=True)
        for record, field, url in of_each:
            if field in notes:
                links.setdefault(record, []).append({"url": url} | notes[field])
    return links


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
