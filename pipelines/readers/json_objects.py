"""JSON objects that are no documents themselves: updates of Solr, what ``/get`` answers, and what others write.

Solr's reference guide, "Sending JSON Update Commands" and "RealTime Get". An object with an ``id`` is a document,
whatever else is in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from pipelines.readers.deletions import deletion_row
from pipelines.readers.json_exact import NotADocumentError, Number, gather, parse_object, to_row

#: What an update says, and what of it changes no record.
_COMMANDS: Final = frozenset({"add", "delete", "commit", "optimize", "rollback"})
_OF_NO_RECORD: Final = frozenset({"commit", "optimize"})
_GET: Final = frozenset({"doc"})
#: Bytes of an update, which is held whole, and may name a record in a dozen of them.
LONGEST_UPDATE: Final = 8 << 20

_NOT_READ: Final = "which is not read: only what VuFind's index, its API and the formats behind them hold is"
#: Objects of other programs, by the keys that tell them, and what to do with them.
_OTHERS: Final = (
    (
        frozenset({"leader", "fields"}),
        "MARC in JSON, which is not read: convert it to MARC 21 or MARCXML (pymarc does)",
    ),
    (frozenset({"_source"}), "a hit of Elasticsearch: take its document out of _source (jq -c ._source)"),
    (
        frozenset({"hits", "took"}),
        "an answer of Elasticsearch: take the documents out of it (jq -c '.hits.hits[]._source')",
    ),
    (frozenset({"message-type", "message"}), f"an answer of Crossref's API, {_NOT_READ}"),
    (frozenset({"meta", "results", "group_by"}), f"an answer of OpenAlex's API, {_NOT_READ}"),
)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_BULK: Final = frozenset({"index", "create", "update"})


def read_rows(line: bytes) -> Iterator[dict[str, Any]]:
    """The rows of schema ``RAW_RECORDS`` (without lineage) of one JSON object: one of a document, any of an update.

    Raises :class:`NotADocumentError` as :func:`~pipelines.readers.json_exact.parse_document` does; for an update after
    the rows that can be had.
    """
    found = parse_object(line)
    if "id" in found or not found:
        yield to_row(found)
    elif found.keys() <= _COMMANDS:
        if len(line) > LONGEST_UPDATE:
            raise NotADocumentError(
                f"an update of more than {LONGEST_UPDATE:,} bytes: write its documents as an array, or one a line"
            )
        yield from _of_update(_pairs(line))
    elif found.keys() == _GET and isinstance(found["doc"], dict):
        yield to_row(found["doc"])
    else:
        if what := _what(found):
            raise NotADocumentError(f"no id: {what}")
        yield to_row(found)


def _of_update(update: list[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
    refused: list[str] = []
    for command, said in update:
        for one in said if isinstance(said, list) else [said]:
            try:
                if command == "add":
                    yield to_row(_added(one, is_alone=not isinstance(said, list)))
                elif command == "delete":
                    yield deletion_row(_deleted(one))
                elif command not in _OF_NO_RECORD:
                    raise NotADocumentError(f"an update with a {command}, which is not carried out")
            except NotADocumentError as error:
                refused.append(str(error))
    if refused:
        more = f" (the first of {len(refused):,} commands that are refused)" if len(refused) > 1 else ""
        raise NotADocumentError(f"of an update: {refused[0]}{more}")


def _added(one: object, *, is_alone: bool) -> dict[str, Any]:
    """The document of an ``add``: its ``doc``, or one of a list of documents."""
    document = one.get("doc") if is_alone and isinstance(one, dict) else one
    if not isinstance(document, dict):
        raise NotADocumentError("an add without a document")
    return document


def _deleted(one: object) -> str:
    """The id that a ``delete`` names, alone, in a list, or in an object."""
    if isinstance(one, dict):
        if "id" not in one:
            what = "a deletion by query" if "query" in one else "a deletion that names no id"
            raise NotADocumentError(f"{what}: only deletions by id are carried out")
        one = one["id"]
    if not isinstance(one, str):
        raise NotADocumentError("a deletion that names no id: only deletions by id are carried out")
    return str(one)


def _what(found: dict[str, Any]) -> str:
    """What an object without id seems to be; "" where nobody knows."""
    if found.keys() == _GET:
        return "an answer of Solr's /get without a document"
    if len(found) == 1 and found.keys() <= _BULK:
        return "a command of Elasticsearch, no document; those between the commands are read"
    for keys, what in _OTHERS:
        if keys <= found.keys():
            return what
    lists = [name for name, value in found.items() if _holds_objects(value)]
    # A name becomes part of a command that people copy.
    if len(lists) != 1 or not _PLAIN_NAME.fullmatch(lists[0]):
        return ""
    return f"documents may be in its {lists[0]}: take them out of it (jq -c '.{lists[0]}[]')"


def _holds_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "id" in one for one in value)


def _pairs(line: bytes) -> list[tuple[str, Any]]:
    """What the object says, key by key: a command may stand in it several times, and their order counts."""
    last: list[tuple[str, Any]] = []

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal last
        last = pairs  # the outermost object comes last
        return gather(pairs)

    decoder = json.JSONDecoder(object_pairs_hook=keep, parse_float=Number, parse_int=Number)
    decoder.decode(line.decode().removeprefix("\ufeff"))
    return last
