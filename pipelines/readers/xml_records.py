"""Records in XML as trees, parsed by expat one by one, with nothing fetched and no entity expanded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from pipelines.readers.json_exact import NotADocumentError, decoded

#: No record of a catalogue is nested so deeply.
_DEEPEST: Final = 50
#: Elements of markup that are no part of a line.
_BLOCKS: Final = frozenset({"p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td"})


@dataclass(slots=True)
class Element:
    """An XML element: name and prefix, attributes (names without prefix), the texts and elements in it, in order."""

    name: str
    attributes: dict[str, str]
    prefix: str = ""
    content: list[str | Element] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        """The elements that stand directly in it."""
        return [part for part in self.content if isinstance(part, Element)]

    @property
    def text(self) -> str:
        """The text that stands directly in it."""
        return "".join([part for part in self.content if isinstance(part, str)])

    @property
    def whole_text(self) -> str:
        """All text in it and in what it holds, in order; what markup sets apart as blocks has a blank around it."""
        return "".join(part if isinstance(part, str) else part._set_apart() for part in self.content)

    def _set_apart(self) -> str:
        return f" {self.whole_text} " if self.name.lower() in _BLOCKS else self.whole_text


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
        open_elements[-1].content.append(element)
        open_elements.append(element)

    def characters(data: str) -> None:
        open_elements[-1].content.append(data)

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_elements.pop()
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        decoded(text)  # a parser calls what is not UTF-8 a wrong sign
        reason = expat.ErrorString(error.code)
        raise NotADocumentError(f"not XML: {reason} at line {error.lineno}, column {error.offset}") from error
    return top.children[0]
