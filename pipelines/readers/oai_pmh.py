"""OAI-PMH: answers of a repository, and the folders of files that VuFind's harvester makes of them.

Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html. The harvester writes the metadata of
a record, or of many in one ``<collection>``, with the record's identifier put into it as an element
without prefix. Of the metadata are read Dublin Core (``oai_dc``), MARCXML (``marc21``) and what VuFind itself
gives (``oai_vufind_json``); files of MARCXML alone are those of :mod:`pipelines.readers.marcxml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from pipelines.readers.answers import Answer
from pipelines.readers.byte_spans import Positions
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.deletions import deletion_row
from pipelines.readers.json_exact import NotADocumentError, to_row
from pipelines.readers.oai_columns import read_records
from pipelines.readers.oai_lists import OaiLists
from pipelines.readers.oai_marc import parse_with_marc, shows_marc
from pipelines.readers.oai_metadata import (
    INJECTED,
    dublin_core_document,
    marc_document,
    vufind_document,
    vufind_json,
)
from pipelines.readers.record_spans import parse_plain_first
from pipelines.readers.streams import ByteStream
from pipelines.readers.xml_elements import ElementSplitter
from pipelines.readers.xml_frames import Elements, spans_in, without_sections
from pipelines.readers.xml_prolog import xml_prefix
from pipelines.readers.xml_records import Element, parse_element

_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]{0,60}:)?"
_RECORDS: Final = Elements(
    "record",
    re.compile(
        rb"</?"
        + _PREFIX
        + rb"(?:OAI-PMH|ListRecords|GetRecord|request|responseDate|resumptionToken|error|collection|[Rr]ecords)[\s/>]"
    ),
    re.compile(rb"</" + _PREFIX + rb"(?:OAI-PMH|collection|[Rr]ecords)\s*>"),
    "an answer of a repository without records",
    right_in_frame=True,
    # MARC as metadata is a record as well.
    begins=re.compile(rb"<" + _PREFIX + rb"record(?:\s[^<>]*)?>\s*<" + _PREFIX + rb"header[\s/>]"),
    inner=re.compile(rb"<" + _PREFIX + rb"header[\s/>]"),
    reader=OaiLists,
)
_METADATA: Final = Elements(
    "dc",
    re.compile(rb"</?" + _PREFIX + rb"(?:collection|records|metadata)[\s/>]"),
    re.compile(rb"</" + _PREFIX + rb"(?:collection|records|metadata)\s*>"),
    "a harvested file without Dublin Core",
    right_in_frame=True,
)
_DUBLIN_CORE: Final = b"http://www.openarchives.org/OAI/2.0/oai_dc/"
_VUFIND_JSON: Final = b"http://vufind.org/oai_vufind_json"
_COLLECTION: Final = rb"(?:<" + _PREFIX + rb"(?:collection|records|metadata)\b[^<>]*>\s*)?"
#: With what ``metha-cat`` puts around records.
_ANSWER: Final = re.compile(
    rb"(?:<Records(?:\s[^<>]*)?>\s*(?:<!--(?s:.*?)-->\s*)*)?"
    rb"<(?:" + _PREFIX + rb"OAI-PMH[\s/>]|" + _PREFIX + rb"record(?:\s[^<>]*)?>\s*<" + _PREFIX + rb"header[\s>])"
)
#: The root of an answer, before which something else stands: stray tags, what PHP warns of, an HTTP header.
_ROOT: Final = re.compile(rb"<OAI-PMH\s[^<>]*http://www\.openarchives\.org/OAI/2\.0/")
_FIRST_LOOKED_AT: Final = 4096
#: VuFind's own metadata, of which Dublin Core is a part, before or after what the harvester puts in.
_HARVESTED_RECORDS: Final = re.compile(
    _COLLECTION + rb"<" + _PREFIX + rb"record(?:\s[^<>]*)?>\s*(?:<[\w.-]+>[^<]*</[\w.-]+>\s*)*"
    rb"<" + _PREFIX + rb"(?:dc|metadata)[\s>]"
)
_HARVESTED_DUBLIN_CORE: Final = re.compile(_COLLECTION + rb"<" + _PREFIX + rb"dc\s")
_SHOWS_DUBLIN_CORE: Final = re.compile(rb"<" + _PREFIX + rb"metadata[^<>]*>\s*<" + _PREFIX + rb"dc[\s>]")
_LOOKED_AT: Final = 1 << 16
_NO_ID: Final = "no id: harvest Dublin Core with it (vufindharvest: injectId = identifier)"
_RECORD_BEGINS: Final = re.compile(rb"<" + _PREFIX + rb"record[\s>]")


@dataclass(frozen=True, slots=True)
class OaiPmh:
    """The format: see the module."""

    name: str = "oai-pmh"

    def recognises(self, head: bytes) -> bool:
        """An answer, or a file of metadata alone: Dublin Core or VuFind's own."""
        text = xml_prefix(head)
        return (
            _ANSWER.match(text) is not None
            or _is_behind_something(text)
            or (_VUFIND_JSON in text and _HARVESTED_RECORDS.match(text) is not None)
            or (_DUBLIN_CORE in text and _HARVESTED_DUBLIN_CORE.match(text) is not None)
        )

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold whole records, or the metadata of records."""
        text = xml_prefix(stream.peek(1 << 16))
        elements = _METADATA if _HARVESTED_DUBLIN_CORE.match(text) else _RECORDS
        yield from ElementSplitter(file, member, stream, chunk_bytes, elements=elements).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A document a record, or a deletion where the repository says that it is deleted."""
        if not any(map(shows_marc, pieces)):
            return parse_plain_first(pieces, _spans_of, _read, _read_records)
        return parse_with_marc(
            pieces, _spans_of, lambda some, spans_of: parse_plain_first(some, spans_of, _read, _read_records)
        )


FORMAT: Final = OaiPmh()


def _is_behind_something(text: bytes) -> bool:
    """Whether the root of an answer stands behind something else of a server's, and is not only named in a text."""
    if not text.startswith((b"<", b"HTTP/")):
        return False
    bare = without_sections(text[:_FIRST_LOOKED_AT])
    root = _ROOT.search(bare)
    return root is not None and b"<![CDATA[" not in bare[: root.start()]


def _elements_of(data: bytes) -> Elements:
    return _RECORDS if _RECORD_BEGINS.match(data) else _METADATA


def _spans_of(piece: Piece) -> Positions:
    return spans_in(piece, _elements_of)


def _read_records(data: bytes, starts: Positions, ends: Positions) -> tuple[pa.Table, Positions] | None:
    """Records in columns, where these may be of Dublin Core: MARC, for one, gains nothing by it."""
    return read_records(data, starts, ends) if _SHOWS_DUBLIN_CORE.search(data, 0, _LOOKED_AT) else None


def _read(text: bytes) -> Iterator[dict[str, Any]]:
    element = parse_element(text)
    if element.name != "record":
        document = _read_harvested(element)
        if not document.get("id"):
            raise NotADocumentError(_NO_ID)
        yield to_row(document)
        return
    header = next((child for child in element.children if child.name == "header"), None)
    if header is None:
        yield to_row(_read_vufind(element))
        return
    identifier = next((child.text.strip() for child in header.children if child.name == "identifier"), "")
    # As the harvester does, which has met repositories that shout.
    if header.attributes.get("status", "").lower() == "deleted":
        yield deletion_row(identifier)
    else:
        document = _read_record(element, header, identifier, text)
        yield deletion_row(document["id"]) if document.get("is_deletion") else to_row(document)


def _read_record(record: Element, header: Element, identifier: str, text: bytes) -> dict[str, Any]:
    metadata = [child for part in record.children if part.name == "metadata" for child in part.children]
    if not metadata:
        raise NotADocumentError("a record without metadata")
    if metadata[0].name == "dc":
        document = dublin_core_document(metadata[0].children)
    elif metadata[0].name == "record" and vufind_json(metadata[0]) is not None:
        document = vufind_document(metadata[0], identifier)
    elif metadata[0].name in ("record", "collection"):
        document = marc_document(text, identifier)
    else:
        raise NotADocumentError(f"metadata of a format that is not read: <{metadata[0].name}>")
    return (
        document
        | _of_header({child.name: child.text for child in header.children if child.name != "setSpec"})
        | {INJECTED["setSpec"]: [child.text.strip() for child in header.children if child.name == "setSpec"] or None}
    )


def _read_vufind(record: Element) -> dict[str, Any]:
    """VuFind's metadata alone: the id is what the harvester has put in, else the one that the metadata has."""
    if vufind_json(record) is None:
        raise NotADocumentError("a record without header")
    injected = {child.name: child.text for child in record.children if not child.prefix and child.name != "metadata"}
    return vufind_document(record) | _of_header(injected)


def _read_harvested(metadata: Element) -> dict[str, Any]:
    """Metadata alone: where all its elements are without prefix, the first identifier is the record's."""
    injected = {child.name: child.text for child in reversed(metadata.children) if not child.prefix}
    prefixed = [child for child in metadata.children if child.prefix]
    if prefixed:
        return dublin_core_document(prefixed) | _of_header(injected)
    own = next((child for child in metadata.children if child.name == "identifier"), None)
    others = [child for child in metadata.children if child is not own and child.name not in INJECTED]
    return dublin_core_document(others) | _of_header(injected)


def _of_header(texts: dict[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = {name: texts[key].strip() for key, name in INJECTED.items() if key in texts}
    if "identifier" in texts:
        document["id"] = texts["identifier"].strip()
    return document
