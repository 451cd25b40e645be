"""Solr documents in XML: what Solr answers with ``wt=xml``, and what is posted to it.

That is ``<add><doc><field>`` and ``<delete><id>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.deletions import deletion_row
from pipelines.readers.indents import is_set_in, without_indent
from pipelines.readers.json_exact import NotADocumentError, Number, to_row
from pipelines.readers.record_spans import parse_spans
from pipelines.readers.solr_xml_columns import MARC_SIGNS, read_columns
from pipelines.readers.streams import ByteStream
from pipelines.readers.xml_elements import ElementSplitter
from pipelines.readers.xml_frames import Elements, spans_in
from pipelines.readers.xml_prolog import xml_prefix
from pipelines.readers.xml_records import Element, parse_element
from pipelines.records import QUARANTINED, RAW_RECORDS

#: How many documents there are of each group (``doclist``) is nothing that the list says.
_SAID: Final = re.compile(
    rb"""<result\s(?![^<>]*\bname\s*=\s*["']doclist["'])[^<>]*?\bnumFound\s*=\s*["'](?P<announced>[0-9]{1,18})["']"""
    rb'|<str name="cursorMark">(?P<asked>[^<]*)<|<str name="nextCursorMark">(?P<more>[^<]*)<'
    # What Solr says where a part of the index did not answer (SOLR-5535, SOLR-17158).
    rb'|<(?:bool|str) name="partialResults">(?P<partial>true|omitted)<|(?P<end></response\s*>)'
)


class _SolrAnswers:
    """Reads the frame of answers; see :class:`~pipelines.readers.xml_frames.FrameReader`."""

    def __init__(self) -> None:
        self._count = 0
        self._said: dict[str, bytes] = {}
        #: How many documents the answers say there are, each so far; None also of a partial one.
        self._all_announced: set[int | None] = set()

    @property
    def has_none(self) -> bool:
        """Whether each answer says that nothing was found, by all that were asked."""
        return self._all_announced == {0}

    def records(self, count: int) -> None:
        """So many documents follow."""
        self._count += count

    def read(self, frame: bytes) -> Iterator[Answer | str]:
        """Each answer that ends here."""
        for match in _SAID.finditer(frame):
            if not match["end"]:
                self._said |= {name: value for name, value in match.groupdict().items() if value is not None}
                continue
            announced = int(self._said["announced"]) if "announced" in self._said else None
            is_partial = "partial" in self._said
            self._all_announced.add(None if is_partial else announced)
            asked, more = (self._said.get(name, b"").decode(errors="replace") for name in ("asked", "more"))
            if self._said:
                yield Answer(self._count, announced, asked=asked, more=more, is_partial=is_partial)
            self._count, self._said = 0, {}


_ELEMENTS: Final = Elements(
    "doc",
    re.compile(rb"</?(?:response|result|lst|add|update|commit|optimize)[\s/>]"),
    re.compile(rb"</(?:response|add|update)\s*>|<add\s*/>"),
    "an answer of Solr without documents",
    others=("delete",),
    right_in_frame=True,
    only_within=re.compile(rb"<field[\s>]"),
    reader=_SolrAnswers,
)
#: An answer holds one of these first; ``response`` alone may be anybody's.
_ANSWER: Final = re.compile(
    rb'<response>\s*(?:<!--.*?-->\s*)*<(?:lst name="(?:responseHeader|grouped)"|result[\s>])', re.DOTALL
)
_UPDATE: Final = re.compile(
    rb"<(?:(?:add|update)(?:\s[^<>]*)?>\s*(?:<!--.*?-->\s*)*<(?:doc|add|delete)"
    rb"|delete(?:\s[^<>]*)?>\s*(?:<!--.*?-->\s*)*<(?:id|query))[\s/>]",
    re.DOTALL,
)

_ROOT: Final = re.compile(rb"<(?:response|add)[\s>]")
_DOCUMENT: Final = re.compile(
    rb"<doc(?:\s[^<>]*)?>\s*<(?:field|str|arr|int|long|date|bool|float|double)\s+name\s*=\s*[\"'][A-Za-z_]"
)

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NUMBERS: Final = frozenset({"int", "long", "float", "double", "short", "byte"})
_TEXTS: Final = frozenset({"str", "date", "uuid"})
#: A shorter text is read as fast document by document.
_WORTH_COLUMNS: Final = 32 << 10
_MARC_LEADER: Final = re.compile(r"[0-9]{5}.{5}[0-9]{7}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SolrXml:
    """The format: see the module."""

    name: str = "solr xml"

    def recognises(self, head: bytes) -> bool:
        """The first element is an answer of Solr with its header or result, or an update with something in it.

        Where what comes first in it is broken, its documents tell as much.
        """
        text = xml_prefix(head)
        if _ANSWER.match(text) or _UPDATE.match(text):
            return True
        return _ROOT.match(text) is not None and _DOCUMENT.search(text) is not None

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold whole ``<doc>`` and ``<delete>`` elements that follow one another."""
        yield from ElementSplitter(file, member, stream, chunk_bytes, elements=_ELEMENTS).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A document each ``<doc>``, a deletion each id in a ``<delete>``; what is neither is quarantined."""
        batches = [_read_in_columns(piece) or _read_one_by_one([piece]) for piece in pieces]
        return Batch(
            pa.concat_tables([one.documents for one in batches]).combine_chunks(),
            pa.concat_tables([one.quarantined for one in batches]),
        )


FORMAT: Final = SolrXml()


def _read_one_by_one(pieces: Sequence[Piece]) -> Batch:
    return parse_spans(tuple(pieces), lambda piece: spans_in(piece, lambda _: _ELEMENTS), _read)


def _read_in_columns(piece: Piece) -> Batch | None:
    """The batch of a piece, with those of its documents that do not fit read one by one; ``None`` for all of it."""
    # Deletions are rows as well, in the order of the text.
    worth = len(piece.data) >= _WORTH_COLUMNS and b"<delete" not in piece.data
    columns = read_columns(piece.data) if worth else None
    if columns is None:
        return None
    newlines = np.flatnonzero(np.frombuffer(piece.data, np.uint8) == ord("\n"))
    lines = piece.line + np.searchsorted(newlines, columns.starts)
    rows = columns.rows
    lineage = [
        pa.repeat(pa.scalar(piece.file), len(rows)),
        pa.repeat(pa.scalar(piece.member), len(rows)),
        pa.array(piece.offset + columns.starts[rows]),
        pa.array((columns.ends - columns.starts)[rows]),
        pa.array(lines[rows]),
    ]
    documents = pa.Table.from_arrays([*lineage, *columns.table.columns], schema=RAW_RECORDS)
    left = np.setdiff1d(np.arange(len(columns.starts)), rows)
    if not len(left):
        return Batch(documents, QUARANTINED.empty_table())
    others = _read_one_by_one(
        [
            Piece(piece.file, piece.member, piece.offset + start, line, piece.data[start:end])
            for start, end, line in zip(
                columns.starts[left].tolist(), columns.ends[left].tolist(), lines[left].tolist(), strict=True
            )
        ]
    )
    documents = pa.concat_tables([documents, others.documents])
    return Batch(documents.sort_by("offset"), others.quarantined)


def _read(text: bytes) -> Iterator[dict[str, Any]]:
    element = parse_element(text)
    if element.name == "doc":
        yield to_row(_to_document(element))
        return
    for child in element.children:
        if child.name == "id":
            yield deletion_row(child.text.strip())
    others = [child.name for child in element.children if child.name != "id"]
    if others or not element.children:
        what = f"by <{others[0]}>" if others else "of nothing"
        ids = len(element.children) - len(others)
        beside = f", as the {ids:,} beside it {'is' if ids == 1 else 'are'}" if ids else ""
        raise NotADocumentError(f"a deletion {what}: only deletions by <id> are carried out{beside}")


def _to_document(doc: Element) -> dict[str, Any]:
    if doc.text.strip():
        raise NotADocumentError("not a Solr document: text outside of fields")
    if any(element.attributes.get("name") == "id" and is_set_in(element.text) for element in doc.children):
        _take_indents_away(doc)
    gathered: dict[str, list[Any]] = {}
    document: dict[str, Any] = {}
    for element in doc.children:
        if element.name == "doc":
            raise NotADocumentError("a document within a document: nested documents are not read")
        name = element.attributes.get("name")
        if name is None:
            raise NotADocumentError(f"not a Solr document: a <{element.name}> without name")
        if element.name == "field":
            if "update" in element.attributes:
                raise NotADocumentError("not a document but an update of single fields of one")
            if element.attributes.get("null") != "true":
                gathered.setdefault(name, []).append(_leaf(element))
        elif name in document:
            raise NotADocumentError(f"not a Solr document: the field {name} stands in it twice")
        else:
            document[name] = _value(element)
    document |= {name: values[0] if len(values) == 1 else values for name, values in gathered.items()}
    full = document.get("fullrecord")
    if isinstance(full, str) and _MARC_LEADER.match(full):
        for written, sign in MARC_SIGNS.items():
            full = full.replace(written, sign)
        document["fullrecord"] = full
    return document


def _take_indents_away(element: Element) -> None:
    """Leave of each text in an element what stands in lines of its own."""
    for child in element.children:
        if child.children:
            _take_indents_away(child)
        else:
            child.content = [without_indent(child.text)]


def _value(element: Element) -> Any:
    if element.name == "arr":
        if any(child.name == "doc" for child in element.children):
            raise NotADocumentError("a document within a document: nested documents are not read")
        return [_value(child) for child in element.children]
    if element.name == "lst":
        return {child.attributes.get("name", ""): _value(child) for child in element.children}
    text = _leaf(element)
    if element.name in _TEXTS:
        return text
    if element.name in _NUMBERS:
        return Number(text) if _NUMBER.fullmatch(text) else text
    if element.name == "bool":
        return {"true": True, "false": False}.get(text, text)
    if element.name == "null":
        return None
    raise NotADocumentError(f"not a Solr document: a value of the unknown kind <{element.name}>")


def _leaf(element: Element) -> str:
    if element.children:
        child = element.children[0].name
        if child == "doc":
            raise NotADocumentError("a document within a document: nested documents are not read")
        raise NotADocumentError(f"not a Solr document: a <{child}> within a <{element.name}>")
    return element.text
