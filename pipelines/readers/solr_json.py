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
from pipelines.readers.json_documents import DocumentSplitter
from pipelines.readers.json_heads import prefix_length
from pipelines.readers.json_strangers import strange_objects
from pipelines.readers.solr_answers import ANSWERS, holds_answers
from pipelines.readers.streams import ByteStream


@dataclass(frozen=True, slots=True)
class SolrJson:
    """The format: see the module."""

    name: str = "solr json"

    def recognises(self, head: bytes) -> bool:
        """After a byte order mark or an HTTP header comes an object, or an array of objects or of such arrays, and
        they are not of another program.
        """
        text = head[prefix_length(head) :]
        if holds_answers(text):
            return True
        begins = re.match(rb'\s*(?:\[\s*(?:\[\s*)*[{\]]|\[\s*$|\{\s*["}])', text) is not None
        return begins and not strange_objects(head)

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold documents of one array, one a line, with blanks for all that stood between them."""
        yield from DocumentSplitter(file, member, stream, chunk_bytes, answers=ANSWERS).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """The pieces hold a document a line."""
        return json_lines.FORMAT.parse(pieces)


FORMAT: Final = SolrJson()
