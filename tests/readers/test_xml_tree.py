"""Records in XML as trees: the fast way takes nothing that expat refuses, and both give one tree."""

from typing import Any
from xml.parsers import expat

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import xml_tree
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.xml_tree import Node, parse_tree

Plain = tuple[str, dict[str, str], list[Any]]


def plain(node: Node) -> Plain:
    """The tree with its texts joined."""
    content: list[Any] = []
    for one in node:
        if isinstance(one, Node):
            content.append(plain(one))
        elif content and isinstance(content[-1], str):
            content[-1] += one
        elif one:
            content.append(one)
    return node.name, node.tag.attributes, content


def by_expat(text: bytes) -> Plain:
    """The tree as expat tells of it; raises ExpatError."""
    top: Plain = ("", {}, [])
    above = [top]

    def local(name: str) -> str:
        return name.rpartition(":")[2]

    def start(name: str, attributes: dict[str, str]) -> None:
        element: Plain = (local(name), {local(key): value for key, value in attributes.items()}, [])
        above[-1][2].append(element)
        above.append(element)

    def characters(data: str) -> None:
        content = above[-1][2]
        if content and isinstance(content[-1], str):
            content[-1] += data
        else:
            content.append(data)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: above.pop()
    parser.CharacterDataHandler = characters
    parser.Parse(text, True)
    element: Plain = top[2][0]
    return element


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("<a/>", ("a", {}, [])),
        ("<a><b>x</b> y<c/></a>", ("a", {}, [("b", {}, ["x"]), " y", ("c", {}, [])])),
        ('<p:a q:b="1" c = \'"\' />', ("a", {"b": "1", "c": '"'}, [])),
        ("<a>&amp;&#233;&#xE9;&lt;</a>", ("a", {}, ["&éé<"])),
        ('<a b="&lt;1\n2"/>', ("a", {"b": "<1 2"}, [])),
        ("<a>1\r\n2\r3&#13;</a>", ("a", {}, ["1\n2\n3\r"])),
        ("<a><!-- <b> --><![CDATA[<c>&amp;]]><?d ?></a>", ("a", {}, ["<c>&amp;"])),
        ("<a b='>' c='<!--'/>".replace("<!--", "&lt;!--"), ("a", {"b": ">", "c": "<!--"}, [])),
        ("<ü ö='1'>x</ü>", ("ü", {"ö": "1"}, ["x"])),
        (" \n<a>b > c</a>\n", ("a", {}, ["b > c"])),
    ],
)
def test_an_element_is_read_as_expat_reads_it(text: str, tree: Plain):
    assert plain(parse_tree(text.encode())) == by_expat(text.encode()) == tree


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<a>", "not XML: no element found"),
        ("<a></b>", "not XML: mismatched tag"),
        ("<a/><b/>", "not XML: junk after document element"),
        ("<a/>b", "not XML: junk after document element"),
        ("b<a/>", "not XML: not well-formed (invalid token)"),
        ("", "not XML: no element found"),
        ("<a>&x;</a>", "not XML: undefined entity"),
        ("<a>&#0;</a>", "not XML: reference to invalid character number"),
        ("<a>&#xD800;</a>", "not XML: reference to invalid character number"),
        ("<a>\x01</a>", "not XML: not well-formed (invalid token)"),
        ("<a>\uffff</a>", "not XML: not well-formed (invalid token)"),
        ("<a>]]></a>", "not XML: not well-formed (invalid token)"),
        ("<a b='1' b='2'/>", "not XML: duplicate attribute"),
        ("<a b=1/>", "not XML: not well-formed (invalid token)"),
        ("<a b='&x;'/>", "not XML: undefined entity"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "not readable: a document type declaration in a record"),
        ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "not readable: a document type declaration in a record"),
        ("<a>" * 101 + "</a>" * 101, "not readable: nested more than 100 deep"),
    ],
)
def test_what_is_no_xml_is_refused_with_the_reason(text: str, reason: str):
    with pytest.raises(NotADocumentError) as error:
        parse_tree(text.encode())
    assert str(error.value).split(" at line")[0] == reason


def test_bytes_that_are_no_utf_8_are_refused():
    with pytest.raises(NotADocumentError, match="invalid token"):
        parse_tree(b"<a>\xff</a>")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<a><x>1<b/></x><c/><x/><x>2</x></a>", "<a><c/><x/></a>"),
        ("<a><x><x>1</x></x></a>", "<a><x><x>1</x></x></a>"),
    ],
)
def test_what_is_not_asked_for_is_left_out(text: str, left: str):
    assert plain(parse_tree(text.encode(), ("x",))) == plain(parse_tree(left.encode()))


def test_what_is_left_out_has_to_be_well_formed():
    with pytest.raises(NotADocumentError, match="mismatched tag at line 1, column 11"):
        parse_tree(b"<a><x><b></x></a>", ("x",))


def test_the_tags_that_are_remembered_are_not_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xml_tree, "_MOST_TAGS", 3)
    assert [parse_tree(f"<a b='{n}'>{n}</a>".encode()).text() for n in range(9)] == [str(n) for n in range(9)]
    assert len(xml_tree._KNOWN) <= 3


_PIECES = [
    "<a>", "</a>", "<b c='1'>", "</b>", "<b/>", "<p:a>", "</p:a>", "<x>", "</x>", "<a  >", "</a >", "<a/ >", "< a>",
    "<:a>", "<a:>", "<a b='1'c='2'>", "<a c='>'>", "<a c='&lt;'>", "<é>", "<!DOCTYPE a>", "<!--", "-->", "<![CDATA[",
    "]]>", "<?x", "?>", "x", "é", " ", "\r\n", "&amp;", "&#65;", "&#xFFFE;", "&", "<", ">", "'", '"', "=", "/",
    "\x01", "\ufffe",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
@example("</a>")
@example("<a b='1' p:b='2'/>")
def test_any_text_is_taken_or_refused_as_expat_does(inner: str):
    text = f"<a>{inner}</a>".encode()
    try:
        expected = by_expat(text)
    except expat.ExpatError:
        with pytest.raises(NotADocumentError):
            parse_tree(text, ("x",))
        return
    assert plain(parse_tree(text)) == expected
