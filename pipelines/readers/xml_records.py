"""Records in XML as trees, parsed by expat one by one, with nothing fetched and no entity expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from pipelines.readers.chunks import Batch, Piece
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.record_spans import parse_spans
from pipelines.readers.xml_elements import Elements
from pipelines.readers.xml_spans import spans_of

#: No record of a catalogue is nested so deeply.
_DEEPEST: Final = 50


@dataclass(slots=True)
class Element:
    """An XML element: name and prefix, attributes (names without prefix), the text in it, its children."""

    name: str
    attributes: dict[str, str]
    prefix: str = ""
    texts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text that stands directly in the element."""
        return "".join(self.texts)


def parse_element(text: bytes) -> Element:
    """The one element that ``text`` is, in UTF-8. Prefixes need no declaration: names are read without them.

    Raises :class:`NotADocumentError` for what is not well-formed, refers to an entity, or is nested deeply.
    """
    top = Element("", {})
    open_elements = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_elements) > _DEEPEST:
            raise NotADocumentError(f"not readable: nested more than {_DEEPEST} deep")
        prefix, _, local = name.rpartition(":")
        if attributes:
            attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        element = Element(local, attributes, prefix)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def characters(data: str) -> None:
        open_elements[-1].texts.append(data)

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_elements.pop()
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise NotADocumentError(f"not XML: {reason} at line {error.lineno}, column {error.offset}") from error
    return top.children[0]


def parse_elements(
    pieces: tuple[Piece, ...],
    elements_of: Callable[[Piece], Elements],
    read: Callable[[bytes], Iterable[dict[str, Any]]],
) -> Batch:
    """The documents of pieces of the records that ``elements_of`` them says; see :func:`parse_spans`."""
    return parse_spans(
        pieces,
        lambda piece: ((start, end) for start, end, _ in spans_of(piece.data, elements_of(piece).names)[0]),
        read,
    )
