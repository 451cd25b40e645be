"""JSON that many programs write: objects with an ``id`` that are no documents of VuFind's index.

Told by the first objects of a file. In an answer of Solr every object is a document, whatever its fields are called.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pipelines.readers.staff_view import may_be_row

#: So many objects are looked at: one with a field of the index among them, and all may be documents.
_MOST_OBJECTS: Final = 20
_MOST_BYTES: Final = 1 << 16
_BETWEEN: Final = re.compile(r"[\s,]*")
_BEGIN: Final = re.compile(r"\ufeff?\s*\[?\s*(?=\{)")
_SHOWN_NAMES: Final = 5


def strange_objects(head: bytes) -> str:
    """What a file of JSON objects seems to be that begins so; "" where they may be documents, or are not objects."""
    names: dict[str, None] = {}
    for one in _objects(head[:_MOST_BYTES].decode(errors="ignore")):
        if "id" not in one or len(one) == 1 or any(name != "id" and may_be_row(name) for name in one):
            return ""
        names.update(dict.fromkeys(name for name in one if name != "id"))
    if not names:
        return ""
    shown = ", ".join(list(names)[:_SHOWN_NAMES]) + (", …" if len(names) > _SHOWN_NAMES else "")
    return f"JSON objects with an id, none of whose other fields ({shown}) may stand in VuFind's index"


def _objects(text: str) -> list[dict[str, Any]]:
    """The first objects of an array, or that follow one another, as far as they are whole."""
    begun = _BEGIN.match(text)
    found: list[dict[str, Any]] = []
    at = begun.end() if begun else len(text)
    while at < len(text) and len(found) < _MOST_OBJECTS:
        try:
            one, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        if not isinstance(one, dict):
            break
        found.append(one)
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # it may be empty
    return found


_DECODER: Final = json.JSONDecoder()
