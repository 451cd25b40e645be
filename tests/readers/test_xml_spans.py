"""Elements that are found by their names are those that are found tag by tag."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import xml_spans
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.xml_spans import spans_of, spans_side_by_side

PARTS = ["<a>", "</a>", "<a>", "</a>", "<a />", "<a/>", "<ab>", "</a >", "<x:a>", "</x:a>", "<x:a:a>", "a>", "a", "/a>",
         "<a", "</a", "t", " ", "<!-- ", "-->", "<![CDATA[", "]]>", "<a b='1'>", "<a b='/'>", "<", ">", "!", ":a ", "/",
         "<b>", "</b>", "<b/>"]  # fmt: skip
TAG = re.compile(rb"<(?P<close>/?)(?:[A-Za-z_][\w.-]{0,60}:)?(?P<name>a|b)(?=[\s/>])[^<>]*>|<!--|<!\[CDATA\[")


def tag_by_tag(text: bytes, position: int = 0) -> Iterator[tuple[int, int, str]]:
    while match := TAG.search(text, position):
        position = match.end()
        if match["name"]:
            kind = "closes" if match["close"] else "empty" if text[position - 2 : position] == b"/>" else "opens"
            yield match.start(), match.end(), kind
        else:
            closing = b"-->" if match[0] == b"<!--" else b"]]>"
            position = text.find(closing, position) + 3
            if position < 3:
                return


def outermost(text: bytes) -> tuple[list[tuple[int, int]], int | None]:
    found, opened = [], []
    for start, end, kind in tag_by_tag(text):
        if kind != "closes":
            opened.append(start)
        if kind != "opens" and opened and len(opened) == 1:
            found.append((opened[0], end))
        if kind != "opens" and opened:
            opened.pop()
    return found, opened[0] if opened else None


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
@example("<a>t</a><a></a>")
@example("<a>t</a><a>")
@example("a><a>t</a>")
@example("</a><a><a/><b></b></a>")
@example(f"<{'x' * 61}:a/><{'x' * 62}:a/>")
@example("<!--><a/>-->")
@example("<![CDATA[<a/>]]<a/>]]><a/>]]>")
def test_what_is_found_by_name_is_found_tag_by_tag(text: str):
    expected = outermost(text.encode())
    for is_compiled in {IS_COMPILED, False}:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xml_spans, "IS_COMPILED", is_compiled)
            spans, unclosed = spans_of(text.encode(), ("a", "b"))
        assert (list(map(tuple, spans.tolist())), unclosed) == expected


@given(
    st.binary(max_size=20) | st.lists(st.sampled_from(PARTS), max_size=12).map(lambda parts: "".join(parts).encode())
)
def test_tags_that_end_and_begin_elements_are_told_with_and_without_compiled_code(text: bytes):
    found = []
    for is_compiled in {IS_COMPILED, False}:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xml_spans, "IS_COMPILED", is_compiled)
            tags = [xml_spans.tags_of(text, ("a", "ab"), place) for place in range(len(text) + 1)]
        found += [[part.tolist() for part in of_place] for of_place in tags]
    assert found[: len(text) + 1] == found[-len(text) - 1 :]


@pytest.mark.parametrize(
    ("text", "spans", "unclosed"),
    [
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
    found, open_at = spans_of(text.encode(), ("a",))
    assert (list(map(tuple, found.tolist())), open_at) == (spans, unclosed)


def test_a_record_without_end_ends_where_the_next_begins():
    text = b"<a>0</a><a>1<a>2</a><a/>"
    assert spans_side_by_side(text, 8, ("a",)) == [(8, 12, False), (12, 20, True), (20, 24, True)]
