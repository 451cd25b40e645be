"""Dublin Core from OAI-PMH: answers of a repository, and the folders of files that VuFind's harvester makes of them.

Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html. The harvester writes the metadata of
a record, or of many in one ``<collection>``, with the record's identifier put into it as an element
without prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.dublin_core import to_document
from pipelines.readers.json_exact import NotADocumentError, to_row
from pipelines.readers.oai_lists import OaiLists
from pipelines.readers.streams import ByteStream
from pipelines.readers.xml_elements import Elements, ElementSplitter, xml_prefix
from pipelines.readers.xml_records import Element, parse_elements

_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]{0,60}:)?"
_RECORDS: Final = Elements(
    "record",
    re.compile(
        rb"</?" + _PREFIX + rb"(?:OAI-PMH|ListRecords|GetRecord|request|responseDate|resumptionToken|error)[\s/>]"
    ),
    re.compile(rb"</" + _PREFIX + rb"OAI-PMH\s*>"),
    "an answer of a repository without records",
    reader=OaiLists,
)
_METADATA: Final = Elements(
    "dc",
    re.compile(rb"</?" + _PREFIX + rb"(?:collection|records|metadata)[\s/>]"),
    re.compile(rb"</" + _PREFIX + rb"(?:collection|records|metadata)\s*>"),
    "a harvested file without Dublin Core",
)
_NAMESPACE: Final = b"http://www.openarchives.org/OAI/2.0/oai_dc/"
_ASKED_FOR: Final = re.compile(rb"""metadataPrefix\s*=\s*["']oai_dc["']""")
_ANSWER: Final = re.compile(rb"<" + _PREFIX + rb"(?:OAI-PMH|record)[\s>]")
_HARVESTED: Final = re.compile(
    rb"<(?:" + _PREFIX + rb"dc\s|" + _PREFIX + rb"(?:collection|records|metadata)\b[^<>]*>\s*<" + _PREFIX + rb"dc\s)"
)
_RECORD_BEGINS: Final = re.compile(rb"<" + _PREFIX + rb"record[\s>]")
#: What the harvester can be told to put into the metadata, and by what name a document has it.
_INJECTED: Final = {"datestamp": "oai_datestamp", "setSpec": "oai_setSpec", "setName": "oai_setName"}


@dataclass(frozen=True, slots=True)
class OaiDublinCore:
    """The format: see the module."""

    name: str = "oai dublin core"

    def recognises(self, head: bytes) -> bool:
        """An answer that was asked for ``oai_dc`` or has its namespace, or a file of the metadata alone."""
        text = xml_prefix(head)
        if _ANSWER.match(text):
            return _NAMESPACE in text or _ASKED_FOR.search(text) is not None
        return _HARVESTED.match(text) is not None and _NAMESPACE in text

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold whole records, or the metadata of records."""
        elements = _RECORDS if _ANSWER.match(xml_prefix(stream.peek(1 << 16))) else _METADATA
        yield from ElementSplitter(file, member, stream, chunk_bytes, elements=elements).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A document a record; one that the repository has deleted is quarantined."""
        return parse_elements(pieces, _elements_of, lambda element: to_row(_read(element)))


FORMAT: Final = OaiDublinCore()


def _elements_of(piece: Piece) -> Elements:
    return _RECORDS if _RECORD_BEGINS.match(piece.data) else _METADATA


def _read(element: Element) -> dict[str, Any]:
    return _read_record(element) if element.name == "record" else _read_harvested(element)


def _read_record(record: Element) -> dict[str, Any]:
    header = next((child for child in record.children if child.name == "header"), None)
    if header is None:
        raise NotADocumentError("a record without header")
    if header.attributes.get("status") == "deleted":
        raise NotADocumentError("deleted in the repository: deletions are not carried out yet")
    metadata = [child for part in record.children if part.name == "metadata" for child in part.children]
    if not metadata:
        raise NotADocumentError("a record without metadata")
    if metadata[0].name != "dc":
        raise NotADocumentError(f"metadata that is not Dublin Core but <{metadata[0].name}>")
    document = to_document(metadata[0].children)
    return (
        document
        | _of_header({child.name: child.text for child in header.children if child.name != "setSpec"})
        | {_INJECTED["setSpec"]: [child.text.strip() for child in header.children if child.name == "setSpec"] or None}
    )


def _read_harvested(metadata: Element) -> dict[str, Any]:
    """Metadata alone: where all its elements are without prefix, the first identifier is the record's."""
    injected = {child.name: child.text for child in reversed(metadata.children) if not child.prefix}
    prefixed = [child for child in metadata.children if child.prefix]
    if prefixed:
        return to_document(prefixed) | _of_header(injected)
    own = next((child for child in metadata.children if child.name == "identifier"), None)
    others = [child for child in metadata.children if child is not own and child.name not in _INJECTED]
    return to_document(others) | _of_header(injected)


def _of_header(texts: dict[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = {name: texts[key].strip() for key, name in _INJECTED.items() if key in texts}
    if "identifier" in texts:
        document["id"] = texts["identifier"].strip()
    return document
