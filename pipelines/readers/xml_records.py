"""Records in XML as trees, parsed by expat one by one, with nothing fetched and no entity expanded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from pipelines.readers.json_exact import NotADocumentError, decoded

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
        decoded(text)  # a parser calls what is not UTF-8 a wrong sign
        reason = expat.ErrorString(error.code)
        raise NotADocumentError(f"not XML: {reason} at line {error.lineno}, column {error.offset}") from error
    return top.children[0]
