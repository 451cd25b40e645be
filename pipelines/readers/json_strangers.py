"""JSON that many programs write: objects with an ``id`` that are no documents of VuFind's index.

Told by the first objects of a file. In an answer of Solr every object is a document, whatever its fields are called.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from pipelines.readers.json_heads import first_objects, prefix_length
from pipelines.readers.staff_view import may_be_row

#: So many objects are looked at: one with a field of the index among them, and all may be documents.
_MOST_OBJECTS: Final = 20
_MOST_BYTES: Final = 1 << 16
_SHOWN_NAMES: Final = 5


def strange_objects(head: bytes) -> str:
    """What a file of JSON objects seems to be that begins so; "" where they may be documents, or are not objects."""
    names: dict[str, None] = {}
    for one in islice(first_objects(head[:_MOST_BYTES], prefix_length(head)), _MOST_OBJECTS):
        if "id" not in one or len(one) == 1 or any(name != "id" and may_be_row(name) for name in one):
            return ""
        names.update(dict.fromkeys(name for name in one if name != "id"))
    if not names:
        return ""
    shown = ", ".join(list(names)[:_SHOWN_NAMES]) + (", …" if len(names) > _SHOWN_NAMES else "")
    return f"JSON objects with an id, none of whose other fields ({shown}) may stand in VuFind's index"
