"""Records in bare tags are found by their name alone, and are those that are found tag by tag."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers.pubmed_xml import _ARTICLES
from pipelines.readers.xml_bare_tags import bare_spans
from pipelines.readers.xml_elements import spans_of

#: A name that never stands in the text, so that all is looked at tag by tag, with comments told from text.
RECORD = replace(_ARTICLES, name="a", others=())
PARTS = ["<a>", "</a>", "<a>", "</a>", "<a />", "<a/>", "<ab>", "</a >", "<x:a>", "a>", "a", "/a>", "<a", "</a", "t",
         " ", "<!-- ", "-->", "<a b='1'>", "<", ">", "!"]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=9).map("".join))
@example("<a>t</a><a></a>")
@example("<a>t</a><a>")
@example("a><a>t</a>")
def test_what_is_found_by_name_is_found_tag_by_tag(text: str):
    data = text.encode()
    # A comment makes every text one that is looked at tag by tag.
    spans, unclosed = spans_of(data + b"<!--c-->", RECORD)
    found, open_at = spans_of(data, RECORD)
    bare = bare_spans(data, b"a")
    if bare is not None and "<!--" not in text:
        assert list(zip(*bare, strict=True)) == [(span.start, span.end) for span in spans]
        assert unclosed is None
    if "<!--" not in text and not text.endswith(("<", "<a", "</a", "a", "/")):
        assert (found, open_at) == (spans, unclosed)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("<as><a>1</a>\n<a>2</a></as>", ([4, 13], [12, 21])),
        ("<a>1</a><a>", None),
        ("<a>1<a>2</a></a>", None),
        ("<a b='1'>1</a>", None),
        ("<x:a>1</x:a>", None),
        ("<b/>", None),
        ("", None),
    ],
)
def test_anything_but_bare_tags_by_turns_is_left_alone(text: str, spans: tuple[list[int], list[int]] | None):
    assert bare_spans(text.encode(), b"a") == spans
