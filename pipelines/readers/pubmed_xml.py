"""Citations of MEDLINE and PubMed in NLM's XML: the yearly baseline, the daily updates, and what E-utilities send.

Elements: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html and the DTDs of
https://dtd.nlm.nih.gov/ncbi/pubmed/. VuFind has no import for these; fields are those that its other
imports of articles fill (``import/xsl/nlm_ojs.xsl``, ``doaj.xsl``), what has none stands in ``extra``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from pipelines.readers.answers import Answer
from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.deletions import deletion_row
from pipelines.readers.json_exact import NotADocumentError, to_row
from pipelines.readers.pubmed_citation import to_document
from pipelines.readers.pubmed_columns import read_citations
from pipelines.readers.record_spans import parse_plain_first
from pipelines.readers.streams import ByteStream
from pipelines.readers.xml_elements import ElementSplitter
from pipelines.readers.xml_frames import Elements, spans_in
from pipelines.readers.xml_prolog import xml_prefix
from pipelines.readers.xml_tree import parse_tree

_FRAME: Final = rb"(?:Pubmed(?:Book)?ArticleSet|MedlineCitationSet)"
_ARTICLES: Final = Elements(
    "PubmedArticle",
    re.compile(rb"</?" + _FRAME + rb"[\s/>]"),
    re.compile(rb"</" + _FRAME + rb"\s*>|<" + _FRAME + rb"(?:\s[^<>]*)?/>"),
    "a set without citations",
    re.compile(rb"<(?!/?" + _FRAME + rb"[\s/>])|>\s*[^<\s]"),
    "not a citation but something else",
    # As E-utilities answer with status 200, in XML or in JSON.
    re.compile(rb'(?:<ERROR>|"error"\s*:\s*")\s*([^<"]{1,200})'),
    others=("PubmedBookArticle", "DeleteCitation"),
)
#: Until 2015 licensees got citations without the data that PubMed adds to them.
_CITATIONS: Final = replace(_ARTICLES, name="MedlineCitation", others=("DeleteCitation",))
_BEGINS: Final = re.compile(rb"<(?:" + _FRAME + rb"|PubmedArticle|PubmedBookArticle|MedlineCitation)(?=[\s/>])")
_CITATION: Final = re.compile(rb"<MedlineCitation(?=[\s/>])")
_PMID: Final = re.compile(rb"<PMID(?:\s[^<>]*)?>\s*([0-9]+)\s*</PMID>")
_NUMBER: Final = re.compile("[0-9]+")
_ARTICLE: Final = re.compile(rb"<Pubmed(?:Book)?Article(?=[\s/>])")
_DELETION: Final = "DeleteCitation"
#: Other publications, and when PubMed did what with this one.
_NOT_READ: Final = ("ReferenceList", "History")


def is_one_article(name: str, text: bytes) -> bool:
    """Whether a whole file holds one article and is called by its PMID.

    So files are called by who asks E-utilities for one article after another; NLM's updates are numbered.
    """
    identifier = _PMID.search(text)
    named = _NUMBER.findall(name.partition(".")[0])
    return identifier is not None and named == [identifier[1].decode()] and len(_ARTICLE.findall(text)) == 1


@dataclass(frozen=True, slots=True)
class PubmedXml:
    """The format: see the module."""

    name: str = "pubmed xml"

    def recognises(self, head: bytes) -> bool:
        """The first element is a set of citations, or a citation."""
        return _BEGINS.match(xml_prefix(head)) is not None

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold whole citations, and lists of deleted ones."""
        elements = _elements_of(stream.peek(1 << 16))
        yield from ElementSplitter(file, member, stream, chunk_bytes, elements=elements).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A document a citation, a deletion each PMID of a list of deleted ones; of one PMID the last counts."""
        return parse_plain_first(pieces, _spans_of, _read, read_citations)


FORMAT: Final = PubmedXml()


def _elements_of(text: bytes) -> Elements:
    # The first article may be broken: its citation stands first then.
    return _CITATIONS if _CITATION.search(text) and not _ARTICLE.search(text) else _ARTICLES


def _spans_of(piece: Piece) -> Positions:
    return spans_in(piece, _elements_of)


def _read(text: bytes) -> Iterator[dict[str, Any]]:
    record = parse_tree(text, _NOT_READ)
    if record.name != _DELETION:
        yield to_row(to_document(record))
        return
    deleted = [one.text() for one in record.children("PMID")]
    if not deleted or len(deleted) != len(list(record.children())):
        raise NotADocumentError("a <DeleteCitation> that does not say what is deleted")
    yield from map(deletion_row, deleted)
