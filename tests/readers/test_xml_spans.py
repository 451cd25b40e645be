"""Elements that are found by their names are those that are found tag by tag."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import xml_spans
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.xml_spans import spans_by_beginnings, spans_of, spans_side_by_side

PARTS = ["<a>", "</a>", "<a>", "</a>", "<a />", "<a/>", "<ab>", "</a >", "<x:a>", "</x:a>", "<x:a:a>", "a>", "a", "/a>",
         "<a", "</a", "t", " ", "<!-- ", "-->", "<![CDATA[", "]]>", "<a b='1'>", "<a b='/'>", "<", ">", "!", ":a ", "/",
         "<b>", "</b>", "<b/>", "<?", "?>", "<?x"]  # fmt: skip
TAG = re.compile(rb"<(?P<close>/?)(?:[A-Za-z_][\w.-]{0,60}:)?(?P<name>a|b)(?=[\s/>])[^<>]*>|<!--|<!\[CDATA\[|<\?")


def tag_by_tag(text: bytes, position: int = 0, *, is_all: bool = False) -> Iterator[tuple[int, int, str]]:
    while match := TAG.search(text, position):
        position = match.end()
        if match["name"]:
            kind = "closes" if match["close"] else "empty" if text[position - 2 : position] == b"/>" else "opens"
            yield match.start(), match.end(), kind
        else:
            closing = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}[match[0]]
            another = text.find(match[0], position) if match[0] == b"<?" else -1
            end = text.find(closing, position, len(text) if another < 0 else another)
            if end < 0 and another < 0 and not is_all:
                return
            position = end + len(closing) if end >= 0 else position


def outermost(text: bytes, *, is_all: bool) -> tuple[list[tuple[int, int]], int | None]:
    found, opened = [], []
    for start, end, kind in tag_by_tag(text, is_all=is_all):
        if kind != "closes":
            opened.append(start)
        if kind != "opens" and opened and len(opened) == 1:
            found.append((opened[0], end))
        if kind != "opens" and opened:
            opened.pop()
    return found, opened[0] if opened else None


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join), st.booleans())
@example("<a>t</a><a></a>", False)
@example("<a>t</a><a>", False)
@example("a><a>t</a>", False)
@example("</a><a><a/><b></b></a>", False)
@example(f"<{'x' * 61}:a/><{'x' * 62}:a/>", False)
@example("<!--><a/>-->", False)
@example("<![CDATA[<a/>]]<a/>]]><a/>]]>", False)
@example("<!-- <a/><!-- <a/>--><a/>", False)
@example("<?x <a/><?y <a/>?><a/>", False)
@example("<!-- <![CDATA[<a/>]]><a/>", True)
def test_what_is_found_by_name_is_found_tag_by_tag(text: str, is_all: bool):
    expected = outermost(text.encode(), is_all=is_all)
    for is_compiled in {IS_COMPILED, False}:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xml_spans, "IS_COMPILED", is_compiled)
            spans, unclosed, _ = spans_of(text.encode(), ("a", "b"), is_all=is_all)
        assert (list(map(tuple, spans.tolist())), unclosed) == expected


@given(
    st.binary(max_size=20) | st.lists(st.sampled_from(PARTS), max_size=12).map(lambda parts: "".join(parts).encode())
)
def test_tags_that_end_and_begin_elements_are_told_with_and_without_compiled_code(text: bytes):
    found = []
    for is_compiled in {IS_COMPILED, False}:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xml_spans, "IS_COMPILED", is_compiled)
            tags = [
                xml_spans.tags_of(text, ("a", "ab"), place, is_all=is_all)
                for place in range(len(text) + 1)
                for is_all in (False, True)
            ]
        found += [[*(part.tolist() for part in of_place[:4]), of_place.endless] for of_place in tags]
    assert found[: len(tags)] == found[-len(tags) :]


@pytest.mark.parametrize(
    ("text", "spans", "unclosed"),
    [
        # A comment without its end goes up to the end.
        ("<a>1</a><!-- <a>2</a>", [(0, 8)], None),
        ("<!-- <a>1</a><!-- --><a>2</a>", [(21, 29)], None),
        # An instruction in which another begins has lost its end.
        ("<?x <a>1</a><?y ?><a>2</a>", [(4, 12), (18, 26)], None),
        ("<?x <a>1</a> ?><a>2</a>", [(15, 23)], None),
        ("<![CDATA[ <a>1</a><![CDATA[<a>]]><a>2</a>", [(33, 41)], None),
        ("<as><a>1</a>\n<a>2</a></as>", [(4, 12), (13, 21)], None),
        ("<a>1</a><a>", [(0, 8)], 8),
        ("<a>1<a>2</a></a>", [(0, 16)], None),
        ("<a b='1'>1</a>", [(0, 14)], None),
        ("<x:a>1</x:a>", [(0, 12)], None),
        ("</a><a/>", [(4, 8)], None),
        ("<!--<a>--><a>1<!--</a></a>", [], 10),
        ("<b/>", [], None),
        ("", [], None),
    ],
)
def test_elements_are_found_whatever_is_in_them(text: str, spans: list[tuple[int, int]], unclosed: int | None):
    found, open_at, _ = spans_of(text.encode(), ("a",))
    assert (list(map(tuple, found.tolist())), open_at) == (spans, unclosed)


def test_a_record_without_end_ends_where_the_next_begins():
    text = b"<a>0</a><a>1<a>2</a><a/>"
    assert spans_side_by_side(text, 8, ("a",)) == [(8, 12, False), (12, 20, True), (20, 24, True)]


@pytest.mark.parametrize(
    ("text", "is_all", "endless"),
    [
        ("<a>1</a><!-- <a>2</a>", False, 8),
        ("<a>1</a><!-- <a>2</a>", True, None),
        ("<![CDATA[<a>2</a>]]>", False, None),
        ("<![CDATA[<a>2</a>]]", False, 0),
        ("<!-- x --><!-- y -->", False, None),
    ],
)
def test_a_comment_without_end_is_told(text: str, is_all: bool, endless: int | None):
    assert spans_of(text.encode(), ("a",), is_all=is_all)[2] == endless


def test_records_that_hold_others_are_found_by_how_they_begin():
    begins = re.compile(rb"<a><h/>")
    text = b"<a>x<a><h/><a>1</a></a><a><h/><a>2</a><a><h/><a>3</a></a><a><h/>"
    assert spans_by_beginnings(text, 0, ("a",), begins) == [
        (0, 4, False),
        (4, 23, True),
        (23, 38, False),
        (38, 57, True),
    ]
    assert spans_by_beginnings(b"<a>x</a>", 0, ("a",), begins) == []
