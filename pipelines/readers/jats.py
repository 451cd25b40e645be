"""Articles in JATS, the Journal Article Tag Suite, and in NLM's journal DTDs before it: PubMed Central's files.

Read is what stands before the text of an article (``front``); the text itself only has to be well-formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pipelines.readers.answers import Answer
from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.jats_columns import read_articles
from pipelines.readers.jats_cut import FRONT, cut_of
from pipelines.readers.jats_front import to_document
from pipelines.readers.json_exact import NotADocumentError, to_row
from pipelines.readers.record_spans import parse_plain_first
from pipelines.readers.streams import ByteStream
from pipelines.readers.xml_elements import ElementSplitter
from pipelines.readers.xml_frames import Elements, spans_in
from pipelines.readers.xml_prolog import xml_prefix
from pipelines.readers.xml_tree import Node, check, parse_tree

_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]{0,60}:)?"
_SET: Final = rb"(?:pmc-articleset|articles|article-set)"
_ELEMENTS: Final = Elements(
    "article",
    re.compile(rb"</?" + _SET + rb"[\s/>]"),
    re.compile(rb"</" + _SET + rb"\s*>"),
    "a set without articles",
    re.compile(rb"<(?!/?" + _SET + rb"[\s/>])|>\s*[^<\s]"),
    "not an article but something else",
)
_BEGINS: Final = re.compile(rb"<(?:" + _SET + rb"\b[^<>]*>\s*<)?" + _PREFIX + rb"article[\s>]")


@dataclass(frozen=True, slots=True)
class Jats:
    """The format: see the module."""

    name: str = "jats"

    def recognises(self, head: bytes) -> bool:
        """The first element is an article, or a set of them, and has a ``front``."""
        text = xml_prefix(head)
        return _BEGINS.match(text) is not None and FRONT.search(text) is not None

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold whole articles."""
        yield from ElementSplitter(file, member, stream, chunk_bytes, elements=_ELEMENTS).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A document an article."""
        return parse_plain_first(pieces, _spans_of, _read, read_articles)


FORMAT: Final = Jats()


def _spans_of(piece: Piece) -> Positions:
    return spans_in(piece, lambda _: _ELEMENTS)


def _read(text: bytes) -> Iterator[dict[str, Any]]:
    check(text)
    article = _without_text(text) or parse_tree(text)
    front = article.child("front")
    if front is None:
        raise NotADocumentError("an article without front, which would say what it is")
    yield to_row(to_document(article, front))


def _without_text(text: bytes) -> Node | None:
    """An article with its ``front`` alone, cut out of its text; None where that is not to be found so simply."""
    cut = cut_of(text, 0, len(text))
    try:
        return parse_tree(cut.front) if cut else None
    except NotADocumentError:
        return None
