"""The metadata of a record of OAI-PMH as a Solr document: Dublin Core, MARCXML, and what VuFind itself gives.

VuFind's ``oai_vufind_json`` (``module/VuFind/src/VuFind/OAI/Server.php``) is a ``<record>`` of Dublin Core and of the
record as VuFind's API gives it, in JSON. The record's id is the identifier of its header, by which a repository says
later that it is deleted; an id of the metadata's own that is another stands in ``oai_local_id``.
"""

from __future__ import annotations

from typing import Any, Final

from pipelines.readers import api_records
from pipelines.readers.dublin_core import to_document as dublin_core_document
from pipelines.readers.json_exact import NotADocumentError, parse_object
from pipelines.readers.marc_batch import to_document as marc_fields
from pipelines.readers.marc_record import MarcRecord, NotMarcError
from pipelines.readers.marcxml_record import parse_record
from pipelines.readers.xml_records import Element
from pipelines.readers.xml_spans import spans_of

__all__ = [
    "INJECTED",
    "LOCAL_ID",
    "dublin_core_document",
    "marc_document",
    "marc_record",
    "vufind_document",
    "vufind_json",
]

#: What the harvester can be told to put into the metadata, and by what name a document has it.
INJECTED: Final = {"datestamp": "oai_datestamp", "setSpec": "oai_setSpec", "setName": "oai_setName"}

#: What a metadata format calls the record itself.
LOCAL_ID: Final = "oai_local_id"
#: Where VuFind's JSON names people, Dublin Core's names say nothing more.
_AUTHORS: Final = frozenset({"author", "author2", "author_corporate"})


def marc_record(record: bytes, identifier: str) -> MarcRecord:
    """The MARC record in the metadata of a record of OAI-PMH.

    One without field 001, as some repositories give, has ``identifier`` there. Raises :class:`NotADocumentError`.
    """
    [(start, end), *_] = spans_of(record, ("metadata",))[0].tolist()
    inner = record[record.index(b">", start) + 1 : end]
    spans = spans_of(inner, ("record",))[0].tolist()
    if not spans:
        raise NotADocumentError("metadata without a MARC record")
    found = parse_record(inner[slice(*spans[0])])
    if isinstance(found, str):
        raise NotADocumentError(found)
    if not any(tag == "001" for tag, _ in found.content):
        note = "field 001 was missing: it is the identifier of the header"
        found = MarcRecord(found.leader, [("001", identifier), *found.content], [*found.notes, note])
    return found


def marc_document(record: bytes, identifier: str) -> dict[str, Any]:
    """The document of :func:`marc_record`. Raises :class:`NotADocumentError`."""
    try:
        document = marc_fields(marc_record(record, identifier))
    except NotMarcError as error:
        raise NotADocumentError(str(error)) from error
    return _with_local_id(document, identifier)


def vufind_json(record: Element) -> str | None:
    """The JSON in VuFind's own metadata; None where ``record`` is something else."""
    return next(
        (
            child.text
            for child in record.children
            if child.name == "metadata" and child.attributes.get("type") == "application/json"
        ),
        None,
    )


def vufind_document(record: Element, identifier: str = "") -> dict[str, Any]:
    """The record that VuFind's own metadata is: what its JSON says, and for fields that it lacks, its Dublin Core."""
    given = api_records.to_document(parse_object((vufind_json(record) or "").encode()))
    core = next((child.children for child in record.children if child.name == "dc"), [])
    document = dublin_core_document(core)
    del document["record_format"]
    if _AUTHORS & given.keys():
        document = {name: value for name, value in document.items() if name not in _AUTHORS}
    return _with_local_id(document | given, identifier)


def _with_local_id(document: dict[str, Any], identifier: str) -> dict[str, Any]:
    local = document.get("id")
    return document | ({LOCAL_ID: local} if identifier and local and local != identifier else {})
