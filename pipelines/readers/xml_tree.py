"""Records in XML as trees, fast: text that is plain is read by its tags alone, all else is judged by expat first.

Plain is XML without comments, CDATA, instructions and declarations, with tags as machines write them, and with no
entities but XML's own. Of it nothing is fetched and nothing expanded. Whatever is not plain is given to expat, which
says what is wrong with it; what it takes is made plain and read in the same way. So both ways give one tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from pipelines.readers.json_exact import NotADocumentError

#: No record of a source is nested so deeply; mathematics in titles come near half of it.
_DEEPEST: Final = 100
#: Tags that are remembered: a format has some hundred, and attributes make some ten thousand of them.
_MOST_TAGS: Final = 100_000

_BLANK: Final = "[ \t\r\n]"
_NAME: Final = "[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?"
#: What expat has taken may have names in any script.
_ANY_NAME: Final = """[^ \t\r\n<>/="'&]+"""
_QUOTED: Final = """"[^"<>]*"|'[^'<>]*'"""


def _tag_pattern(name: str) -> re.Pattern[str]:
    attributes = rf"(?:{_BLANK}+{name}{_BLANK}*={_BLANK}*(?:{_QUOTED}))*"
    return re.compile(rf"(?P<close>/)?(?P<name>{name})(?P<attributes>{attributes}){_BLANK}*(?P<empty>/)?")


_PLAIN_TAG: Final = _tag_pattern(_NAME)
_ANY_TAG: Final = _tag_pattern(_ANY_NAME)
_ATTRIBUTE: Final = re.compile(rf"({_ANY_NAME}){_BLANK}*={_BLANK}*({_QUOTED})")
_OPAQUE: Final = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_WHOLE_TAG: Final = re.compile(r"""<(?:[^<>"']|"[^"<]*"|'[^'<]*')*>""")
_VALUE: Final = re.compile(r""""[^"]*"|'[^']*'""")
#: Signs that XML has not; tabs and the ends of lines are none of them.
_CONTROL: Final = bytes(sign for sign in range(32) if sign not in b"\t\r\n")
_NONCHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_REFERENCE: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,40})|#x([0-9a-fA-F]{1,40}));|&")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Tag:
    """A tag: its name with and without prefix, its attributes without theirs, whether it ends an element or is one."""

    __slots__ = ("attributes", "closes", "empty", "full_name", "name")

    def __init__(self, full_name: str, attributes: dict[str, str], closes: bool, empty: bool) -> None:
        self.full_name = full_name
        self.name = full_name.rpartition(":")[2]
        self.attributes = attributes
        self.closes = closes
        self.empty = empty


class Node(list["str | Node"]):
    """An element: the list of the texts and elements in it, in their order, and its ``tag``.

    A list because there are millions: an ``__init__`` would take as long as all else that is done for a node.
    """

    __slots__ = ("tag",)

    tag: Tag

    def __bool__(self) -> bool:
        """An element is there, even where nothing is in it."""
        return True

    @property
    def name(self) -> str:
        """The element's name without prefix."""
        return self.tag.name

    def attribute(self, name: str) -> str:
        """The value of an attribute; "" where there is none."""
        return self.tag.attributes.get(name, "")

    def children(self, name: str = "") -> Iterator[Node]:
        """The elements right below, in order: all, or those of one name."""
        return (one for one in self if type(one) is Node and (not name or one.tag.name == name))

    def child(self, *path: str) -> Node | None:
        """The first element of that name right below, and on along the path; None where there is none."""
        found: Node | None = self
        for name in path:
            found = next(found.children(name), None) if found else None
        return found

    def raw_text(self) -> str:
        """All text within the element, as it stands there."""
        return "".join([one.raw_text() if isinstance(one, Node) else one for one in self])

    def text(self) -> str:
        """All text within the element, runs of blanks as one blank and none at the ends."""
        whole = self[0] if len(self) == 1 and type(self[0]) is str else self.raw_text()
        return " ".join(whole.split())


class NotPlainError(Exception):
    """The text, or what is said to be a tag, is to be judged by expat."""


def parse_tree(text: bytes, without: tuple[str, ...] = ()) -> Node:
    """The one element that ``text`` is, in UTF-8. Prefixes need no declaration: names are read without them.

    Elements whose names are in ``without`` may be left out, though they have to be well-formed as all else.
    Raises :class:`NotADocumentError` for what is not well-formed, refers to an entity, or is nested deeply.
    """
    plain = len(text.translate(None, _CONTROL)) == len(text) and b"]]>" not in text
    plain = plain and (b"\xef" not in text or not any(sign in text for sign in _NONCHARACTERS))
    if plain:
        try:
            return _read(_left_out(text, without).decode(), _PLAIN_TAG)
        except (UnicodeDecodeError, NotPlainError):
            pass
    check(text)
    try:
        return _read(_made_plain(text.decode()), _ANY_TAG)
    except NotPlainError as error:
        raise NotADocumentError(f"not readable: {error}") from error


def check(*parts: bytes | memoryview) -> None:
    """Raise :class:`NotADocumentError` where the parts together are not one well-formed element, without doctype."""
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for part in parts:
            parser.Parse(part, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise NotADocumentError(f"not XML: {reason} at line {error.lineno}, column {error.offset}") from error


def _refuse_doctype(*_: object) -> None:
    raise NotADocumentError("not readable: a document type declaration in a record")


def _left_out(text: bytes, names: tuple[str, ...]) -> bytes:
    """The text without elements of these names; they stay where they are not well-formed, so that this is found."""
    for name in names:
        opening, closing = f"<{name}>".encode(), f"</{name}>".encode()
        start = text.find(opening)
        while start >= 0 and (end := text.find(closing, start)) >= 0:
            end += len(closing)
            try:
                check(text[start:end])
            except NotADocumentError:
                break
            text = text[:start] + text[end:]
            start = text.find(opening, start)
    return text


def _made_plain(text: str) -> str:
    """Text that expat takes, without comments and instructions, with what CDATA and attributes hold escaped."""
    text = _OPAQUE.sub(lambda found: _escaped((found[1] or "").replace("&", "&amp;")), text)
    return _WHOLE_TAG.sub(lambda tag: f"<{_VALUE.sub(lambda value: _escaped(value[0]), tag[0][1:-1])}>", text)


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _read(text: str, pattern: re.Pattern[str]) -> Node:
    """The tree of a text in which each ``<`` begins a tag and the next ``>`` ends it.

    Raises :class:`NotPlainError` where it is not such a text, :class:`NotADocumentError` where it is nested deeply.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    before, *tokens = text.split("<")
    known = _KNOWN.get
    top = node = Node()
    top.tag = _TOP
    above: list[Node] = []
    for token in tokens:
        written, ends, after = token.partition(">")
        tag = known(written) or _tag(written, pattern)
        if tag.closes:
            if tag.full_name != node.tag.full_name or not above:
                raise NotPlainError(f"</{tag.full_name}> ends <{node.tag.full_name}>")
            node = above.pop()
        else:
            child = Node()
            child.tag = tag
            node.append(child)
            if not tag.empty:
                above.append(node)
                if len(above) > _DEEPEST:
                    raise NotADocumentError(f"not readable: nested more than {_DEEPEST} deep")
                node = child
        if after:
            node.append(_resolved(after) if "&" in after else after)
        elif not ends:
            raise NotPlainError("a tag without end")
    elements = [one for one in top if isinstance(one, Node)]
    blank = not any(one.strip(" \t\n") for one in (before, *top) if isinstance(one, str))
    if node is not top or len(elements) != 1 or not blank:
        raise NotPlainError("more or less than one element")
    return elements[0]


_TOP: Final = Tag("", {}, closes=False, empty=False)
#: Tags as they are written, to what they say; changes speed only.
_KNOWN: Final[dict[str, Tag]] = {}


def plain_tag(written: str) -> Tag:
    """What a tag says, without its brackets; raises :class:`NotPlainError` where that is not plain."""
    return _KNOWN.get(written) or _tag(written, _PLAIN_TAG)


def _tag(written: str, pattern: re.Pattern[str]) -> Tag:
    found = pattern.fullmatch(written)
    if not found or (found["close"] and (found["empty"] or found["attributes"])):
        raise NotPlainError("a tag that is none")
    pairs = _ATTRIBUTE.findall(found["attributes"])
    if len({name for name, _ in pairs}) != len(pairs):
        raise NotPlainError("an attribute that stands twice")
    attributes = {name.rpartition(":")[2]: _resolved(_one_line(value[1:-1])) for name, value in pairs}
    tag = Tag(found["name"], attributes, bool(found["close"]), bool(found["empty"]))
    if pattern is _PLAIN_TAG:
        if len(_KNOWN) >= _MOST_TAGS:
            _KNOWN.clear()
        _KNOWN[written] = tag
    return tag


def _one_line(value: str) -> str:
    return value.replace("\n", " ").replace("\t", " ")


def _resolved(text: str) -> str:
    """Text with the characters that its references stand for."""
    return _REFERENCE.sub(_referred, text)


def _referred(reference: re.Match[str]) -> str:
    name, decimal, hexadecimal = reference.groups()
    if name:
        return _ENTITIES[name]
    number = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else 0
    is_character = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xDFFF < number < 0xFFFE
    if not is_character and not 0x10000 <= number <= 0x10FFFF:
        raise NotPlainError("a reference to no character")
    return chr(number)
