"""Answers of VuFind's REST API (``/api/v1/search``, ``/api/v1/record``): records in the API's words, not the index's.

Answers may follow one another, a line each or laid out over many, and each may have its HTTP header before it.
What the API calls its fields: ``config/vufind/SearchApiRecordFields.yaml`` of VuFind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.readers.answers import Answer
from pipelines.readers.api_columns import table_of_records
from pipelines.readers.api_nested import table_of_lines
from pipelines.readers.api_records import read_record
from pipelines.readers.chunks import RAW_KEPT, Batch, Piece, Unreadable
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.json_answers import Answers
from pipelines.readers.json_batches import parse_batches
from pipelines.readers.json_documents import DocumentSplitter
from pipelines.readers.json_heads import ARRAY, prefix_length
from pipelines.readers.streams import ByteStream

#: The first keys of an answer, in whatever order: a document of the index has none of these with such a value.
_BEGINS: Final = re.compile(
    rb"\s*\{\s*(?:"
    rb'"resultCount"\s*:\s*[0-9]+\s*,\s*"(?:records|facets|resumptionToken|status)"\s*:'
    rb'|"records"\s*:\s*\[\s*(?:\{|\]\s*,\s*"(?:resultCount|status)")'
    # Facets come first where a program has sorted the keys.
    rb'|"facets"\s*:\s*(?:\[\s*|\{\s*(?:"[^"]{1,200}"\s*:\s*\[\s*\]\s*,?\s*)*)'
    rb'(?:[\]}]\s*,\s*"(?:records|resultCount)"\s*:|"[^"]{1,200}"\s*:\s*\[\s*\{\s*"(?:count|href|isApplied|translated|value)"\s*:)'
    rb'|"status"\s*:\s*"(?:OK|ERROR)"\s*,\s*"(?:resultCount|records|statusMessage)"\s*:'
    rb")"
)
#: The same where no record begins so either, whatever fields it has.
_SURELY: Final = re.compile(
    rb'\{\s*"(?:resultCount"\s*:\s*[0-9]+\s*,\s*"(?:records|facets|resumptionToken|status)'
    rb'|status"\s*:\s*"(?:OK|ERROR)"\s*,\s*"(?:resultCount|records|statusMessage))"\s*:'
)
#: How many records a search has found.
_SAID: Final = re.compile(rb'(?<!\\)"resultCount"\s*:\s*(?P<announced>[0-9]+)')
#: All that an answer says to who asked for no records (``limit=0``), but for how many there are, or for facets.
_OF_COUNTS: Final = frozenset({"resultCount", "facets", "status"})


_OF_FACETS: Final = re.compile(rb'\s*\{\s*"(?:resultCount"\s*:\s*[0-9]+\s*,\s*")?facets"')


def _is_count_alone(answer: bytes) -> bool:
    if len(answer) >= RAW_KEPT:
        # No more of it is kept. What takes so long are facets, as no error does.
        return _OF_FACETS.match(answer) is not None
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    return "resultCount" in said and said.get("status") == "OK" and said.keys() <= _OF_COUNTS


#: What its answers look like.
ANSWERS: Final = Answers(
    _BEGINS,
    _SURELY,
    _SURELY,
    b"records",
    rb'"resultCount"\s*:\s*[0-9]{1,18}\s*,\s*',
    "an answer of VuFind's API without records",
    _SAID,
    only_outermost=True,
    holds_none=_is_count_alone,
)


@dataclass(frozen=True, slots=True)
class RestApi:
    """The format: see the module."""

    name: str = "vufind api"

    def recognises(self, head: bytes) -> bool:
        """Behind a byte order mark or a header an answer begins: a count, records or a status; or an array of them.

        The first of several may be broken.
        """
        begin = prefix_length(head)
        array = ARRAY.match(head, begin)
        return _BEGINS.match(head, array.end() if array else begin) is not None or ANSWERS.are_in(head)

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold records of one answer, one a line, with blanks for all that stood between them."""
        yield from DocumentSplitter(file, member, stream, chunk_bytes, answers=ANSWERS).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A record a line; what is none is quarantined."""
        return parse_batches(pieces, table_of_records, read_record, table_of_lines if IS_COMPILED else None)


FORMAT: Final = RestApi()
