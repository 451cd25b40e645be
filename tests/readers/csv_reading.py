"""Reads Solr's CSV and holds what comes out to the bytes at which it says it stands."""

from typing import Any

from pipelines.readers import solr_csv
from pipelines.readers.chunks import Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.streams import ByteStream

#: What a document says of where it stands.
LINEAGE = ("_raw", "_offset")


def read_csv(data: bytes, chunk_bytes: int = 1 << 20) -> tuple[list[dict[str, Any]], list[Unreadable]]:
    """The documents, each with the row that it is under ``_raw`` and its offset, and what was refused."""
    found: list[dict[str, Any]] = []
    refused: list[Unreadable] = []
    for part in solr_csv.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Unreadable):
            refused.append(part)
            continue
        batch = solr_csv.FORMAT.parse((part,))
        refused += [Unreadable(**row) for row in batch.quarantined.to_pylist()]
        found += to_documents(batch.documents)
    for row in refused:
        assert data[row.offset :][: row.length] == row.raw
        assert row.line == data.count(b"\n", 0, row.offset) + 1
    for document in found:
        lineage = document.pop("_lineage")
        document["_raw"] = data[lineage["offset"] :][: lineage["length"]]
        document["_offset"] = lineage["offset"]
        assert document["id"].encode() in document["_raw"]
        assert lineage["line"] == data.count(b"\n", 0, lineage["offset"]) + 1
    return found, refused
