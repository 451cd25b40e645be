"""JSON that many programs write: objects with an ``id`` that are no documents of VuFind's index.

Told by the first objects of a file. In an answer of Solr every object is a document, whatever its fields are called.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from pipelines.readers.chunks import HEAD
from pipelines.readers.json_exact import is_update
from pipelines.readers.json_heads import FirstObjects, prefix_length
from pipelines.readers.staff_view import may_be_row

#: So many objects tell, where there are as many.
_MOST_OBJECTS: Final = 200
_SHOWN_NAMES: Final = 5
_A_FEW_LINES: Final = 1 << 15
#: What Zotero, Mendeley and Pandoc have in a citation (CSL 1.0.2, "CSL JSON"): dates are objects, people lists of them.
_DATES: Final = ("issued", "accessed", "original-date", "event-date", "submitted")
_PEOPLE: Final = ("author", "editor", "translator", "container-author", "collection-editor", "director", "contributor")
#: What a citation calls as VuFind's index does.
_OF_CSL: Final = frozenset({"id", "author", "edition", "language", "publisher", "title"})
CSL: Final = "CSL JSON (Zotero, Mendeley, Pandoc), citations and no dump: export BibTeX or RIS, which match reads"


def strange_objects(head: bytes) -> str:
    """What a file of JSON objects seems to be that begins so; "" where they may be documents, or are not objects.

    Where they go on behind what can be looked at, or behind one that is torn, they may be documents.
    """
    start = prefix_length(head)
    # Nearly all documents say so in their first lines; to take a megabyte for text takes its time.
    if any(map(_is_of_the_index, islice(FirstObjects(head[:_A_FEW_LINES], start), 1))):
        return ""
    objects = FirstObjects(head, start)
    names: dict[str, None] = {}
    seen, is_cited, may_be_documents = 0, False, False
    for one in islice(objects, _MOST_OBJECTS + 1):
        if _is_of_the_index(one):
            return ""
        seen += 1
        is_cited = is_cited or _is_citation(one)
        may_be_documents = may_be_documents or (
            "id" not in one or len(one) == 1 or any(_may_be_of_the_index(name, value) for name, value in one.items())
        )
        names.update(dict.fromkeys(name for name in one if name != "id"))
    if is_cited:
        return CSL
    if may_be_documents or not names or (seen <= _MOST_OBJECTS and not (objects.is_all and len(head) < HEAD)):
        return ""
    shown = ", ".join(list(names)[:_SHOWN_NAMES]) + (", …" if len(names) > _SHOWN_NAMES else "")
    return f"JSON objects with an id, none of whose other fields ({shown}) may stand in VuFind's index"


def _is_of_the_index(one: dict[str, Any]) -> bool:
    """Whether an object has a field of the index that no citation has."""
    return any(may_be_row(name) for name in one.keys() - _OF_CSL)


def _may_be_of_the_index(name: str, value: object) -> bool:
    return name != "id" and (may_be_row(name) or is_update(value))


def _is_citation(one: dict[str, Any]) -> bool:
    if "id" not in one or not isinstance(one.get("type"), str):
        return False
    people = (one.get(name) for name in _PEOPLE)
    return any(isinstance(one.get(name), dict) for name in _DATES) or any(
        isinstance(each, list) and each and all(isinstance(person, dict) for person in each) for each in people
    )
