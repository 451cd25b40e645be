"""Solr documents in JSON that is not lines: arrays of documents, answers of Solr and streams of it, single documents.

Values may follow one another, as when pages of search results are joined, and an answer may have
its HTTP header before it. Documents are found by their brackets, never by parsing the whole, and
handed on as lines to the parser of JSON lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.readers import json_lines
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.json_answers import Answers
from pipelines.readers.json_documents import DocumentSplitter
from pipelines.readers.json_heads import prefix_length
from pipelines.readers.json_strangers import strange_objects
from pipelines.readers.streams import ByteStream

#: The last tuple of a stream (Solr's reference guide, "Streaming Expressions"): a time, or what went wrong.
_LAST_TUPLE: Final = re.compile(
    rb'\{\s*(?:"EXCEPTION"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*)?'
    rb'"EOF"\s*:\s*true\s*(?:,\s*"RESPONSE_TIME"\s*:\s*[0-9]+\s*)?\}'
)
#: How many documents a search has found, the marks of a cursor (Solr's reference guide, "Pagination of Results"), and
#: that not all of the index has answered (SOLR-5535, SOLR-17158).
_SAID: Final = re.compile(
    rb'(?<!\\)"(?:numFound"\s*:\s*(?P<announced>[0-9]+)'
    rb'|cursorMark"\s*:\s*"(?P<asked>[^"]*)"|nextCursorMark"\s*:\s*"(?P<more>[^"]*)"'
    rb'|partialResults"\s*:\s*(?P<partial>true|"omitted"))'
)
#: So no document begins, which may have a field that is called as a part of an answer is.
_SURELY: Final = re.compile(
    rb'\{\s*"(?:responseHeader"\s*:\s*\{|response"\s*:\s*\{\s*"numFound"\s*:\s*[0-9]'
    rb'|numFound"\s*:\s*[0-9]+\s*,\s*"start"\s*:\s*[0-9]|result-set"\s*:\s*\{\s*"docs"\s*:\s*\[)'
)
_ANSWERS: Final = Answers(
    json_lines.SOLR_ANSWER,
    _SURELY,
    re.compile(rb'"docs"\s*:\s*$'),
    "an answer of Solr without documents",
    _SAID,
    last=_LAST_TUPLE,
)


@dataclass(frozen=True, slots=True)
class SolrJson:
    """The format: see the module."""

    name: str = "solr json"

    def recognises(self, head: bytes) -> bool:
        """After a byte order mark or an HTTP header comes an array of objects, or an object, not of another program."""
        text = head[prefix_length(head) :]
        begins = re.match(rb'\s*(?:\[\s*[{\]]|\[\s*$|\{\s*["}])', text) is not None
        return begins and (json_lines.is_solr_answer(text) or not strange_objects(head))

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold documents of one array, one a line, with blanks for all that stood between them."""
        yield from DocumentSplitter(file, member, stream, chunk_bytes, answers=_ANSWERS).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """The pieces hold a document a line."""
        return json_lines.FORMAT.parse(pieces)


FORMAT: Final = SolrJson()
