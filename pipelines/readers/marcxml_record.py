"""One record of MARCXML, parsed by itself: one that is not read in columns, or of which something is wrong."""

from __future__ import annotations

from xml.parsers import expat

from pipelines.readers.indents import without_indent
from pipelines.readers.json_exact import NotADocumentError, decoded
from pipelines.readers.marc_record import LEADER, SUBFIELD, MarcRecord, is_control


def parse_record(raw: bytes, coding: str = "utf-8") -> MarcRecord | str:
    """The record that ``raw``, one element, is, or what is wrong with it."""
    builder = _Builder()
    # Without namespaces: the prefix of a record is declared outside of it.
    parser = expat.ParserCreate(coding)
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        try:
            if coding == "utf-8":
                decoded(raw)  # a parser calls what is not UTF-8 a wrong sign
        except NotADocumentError as fault:
            return str(fault)
        return f"not well-formed XML: {error}"
    if not builder.content:
        return "a record without fields"
    return MarcRecord(builder.leader.ljust(LEADER), builder.content, builder.notes)


class _Builder:
    """Gathers leader and fields of one record as expat tells of them."""

    def __init__(self) -> None:
        self.leader = ""
        self.content: list[tuple[str, str]] = []
        self._tag = ""
        self._parts: list[str] = []
        self._text: list[str] = []
        self._takes_text = False
        #: How deep in markup, which no text of MARC has: its text counts as if there were none.
        self._markup = 0
        self.notes: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if self._takes_text:
            self._markup += 1
            if not self.notes:
                self.notes.append(f"there is markup in the text, <{name}>")
            return
        self._text, self._takes_text = [], name in ("leader", "controlfield", "subfield")
        if name == "datafield":
            self._tag = attributes.get("tag", "")
            self._parts = [f"{attributes.get('ind1') or ' ':.1}{attributes.get('ind2') or ' ':.1}"]
        elif name == "controlfield":
            self._tag = attributes.get("tag", "")
        elif name == "subfield":
            self._parts.append(SUBFIELD + (attributes.get("code", "") or " "))

    def text(self, text: str) -> None:
        if self._takes_text:
            self._text.append(text)

    def end(self, name: str) -> None:
        if self._markup:
            self._markup -= 1
            return
        name = name.rpartition(":")[2]
        text, self._takes_text = "".join(self._text), False
        if name == "leader":
            self.leader = without_indent(text, LEADER)
        elif name == "controlfield":
            text = without_indent(text)
            if is_control(self._tag):
                self.content.append((self._tag, text))
            else:
                self.content.append((self._tag, f"  {SUBFIELD}a{text}"))
        elif name == "subfield":
            self._parts.append(text)
        elif name == "datafield":
            self.content.append((self._tag, "".join(self._parts)))
