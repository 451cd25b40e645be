"""Records of VuFind's REST API without the answers they came in: an array of them, or one a line.

So they are kept by who pages through a catalogue (``jq '.records[]'``). What the API calls its fields tells them from
documents of the index, which they are read as else, with next to nothing in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from pipelines.readers import json_lines, rest_api
from pipelines.readers.answers import Answer
from pipelines.readers.api_records import ALL_AUTHORS, AUTHORS, IN_OTHER_FORMS, SAME_VALUES
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.json_documents import DocumentSplitter
from pipelines.readers.json_heads import (
    ARRAY,
    FirstObjects,
    begins_over_lines,
    first_lines,
    objects_behind_others,
    objects_in_lines,
    prefix_length,
)
from pipelines.readers.solr_answers import is_answer
from pipelines.readers.streams import ByteStream

#: Fields by their names in the index, and those that the API alone knows.
_OF_THE_INDEX: Final = frozenset(
    {field for name, field in SAME_VALUES if name != field}
    | {field for field, _ in AUTHORS.values()}
    | {field for name, field, _ in IN_OTHER_FORMS if name != field}
    | {"recordtype", "record_format", "spelling", "allfields"}
)
_OF_THE_API: Final = frozenset(
    {name for name, field in SAME_VALUES if name != field}
    | {names for _, names in AUTHORS.values()}
    | {name for name, field, _ in IN_OTHER_FORMS if name != field}
    | {"rawData", "recordPage", ALL_AUTHORS}
)
#: What the API may call a field, whether the index calls it so too or not.
_OF_EITHER: Final = frozenset({name for name, _ in SAME_VALUES} | {name for name, _, _ in IN_OTHER_FORMS} | _OF_THE_API)
#: Names in the index's manner are in small letters, so that those of the API with a capital are unmistakable.
_UNMISTAKABLE: Final = frozenset(name for name in _OF_THE_API if not name.islower())
#: So many of the others, which an index might have as well, tell records of the API.
_ENOUGH: Final = 2
#: So many objects tell what all are.
_LOOKED_AT: Final = 50
#: So much of a file tells whether its records stand a line each.
_HEAD: Final = 256 << 10


@dataclass(frozen=True, slots=True)
class ApiAlone:
    """The format: see the module."""

    name: str = "vufind api records"

    def recognises(self, head: bytes) -> bool:
        """Of the first objects, side by side or in an array, more have authors by kind, a field whose name can only be
        the API's, or several that the API alone has, than have a field of the index's alone; one field of the API's is
        enough where all fields of all of them are the API's.
        """
        start = prefix_length(head)
        if is_answer(head[start:]):
            return False
        # Some records are so thin that they might be either's; the first line may be broken, or none of a record.
        found = list(islice(FirstObjects(head, start), _LOOKED_AT))
        if not found and _stand_a_line_each(head):
            found = objects_in_lines(head[start:].split(b"\n", _LOOKED_AT)[:_LOOKED_AT])
        if not found and ARRAY.match(head, start):
            found = [one for one in objects_behind_others(head, start, _LOOKED_AT) if _is_named(one)]
        records = sum(map(_is_record, found))
        documents = sum(bool(one.keys() & _OF_THE_INDEX) and not _is_record(one) for one in found)
        return records > documents or (not documents and _have_nothing_else(found))

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold records, one a line. Where most of the first lines are objects, so are all others taken to be: a
        broken one is a line in quarantine.
        """
        if _stand_a_line_each(stream.peek(_HEAD)[:_HEAD]):
            yield from json_lines.FORMAT.split(file, member, stream, chunk_bytes)
            return
        yield from DocumentSplitter(file, member, stream, chunk_bytes, answers=rest_api.ANSWERS).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A record a line; what is none is quarantined."""
        return rest_api.FORMAT.parse(pieces)


FORMAT: Final = ApiAlone()


def _is_record(record: dict[str, Any]) -> bool:
    """Whether an object has what records of the API alone have. Authors by kind are so much the API's that it may have
    fields of the index's besides.
    """
    if not _is_named(record):
        return False
    authors = record.get("authors")
    if isinstance(authors, dict) and authors.keys() & AUTHORS.keys():
        return True
    if record.keys() & _OF_THE_INDEX:
        return False
    return bool(record.keys() & _UNMISTAKABLE) or len(record.keys() & _OF_THE_API) >= _ENOUGH


def _have_nothing_else(records: list[dict[str, Any]]) -> bool:
    """Whether objects have fields of the API's names and no others, some of them of the API's alone."""
    fields = {name for record in records for name in record}
    return any(map(_is_named, records)) and fields <= _OF_EITHER and bool(fields & _OF_THE_API)


def _is_named(record: dict[str, Any]) -> bool:
    return "id" in record or "rawData" in record


def _stand_a_line_each(head: bytes) -> bool:
    """Whether most of the first lines of a file are objects, whole."""
    begun = prefix_length(head)
    if begins_over_lines(head, begun):
        return False
    lines = first_lines(head[begun:], _LOOKED_AT, is_whole=False)
    return 2 * len(objects_in_lines(lines)) > len(lines)
