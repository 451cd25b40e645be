"""Staff views as pages have them written: many pages are looked at together, and each is read as it is alone."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import staff_source
from pipelines.readers.staff_source import written_view, written_views

VIEW = '<table class="citation"><tr><th>id</th><td>{}<br /></td></tr></table>'
#: Whatever opens, closes, hides or moves what stands behind it.
PARTS = [
    "<!--", "-->", "<!-- x -->", "<script>", "</script>", "<style>", "</style>", "<title>", "</title>", "<textarea>",
    "</textarea>", "<select>", "</select>", "<option>", "<optgroup>", "<template>", "</template>", "<svg>", "</svg>",
    "<math>", "<mi>", "<desc>", "<foreignObject>", "<frameset>", "<frame>", "<noscript>", "</noscript>", "<noframes>",
    "<iframe>", "<xmp>", "<noembed>", "<plaintext>", "<b>", "</b>", "<a href=x>", "</a>", "<p>", "</p>", "<div>",
    "</div>", "<table>", "</table>", "<tbody>", "<tr>", "<td>", "</td>", "<caption>", "<colgroup>", "<col>", "<form>",
    "</form>", "<button>", "<object>", "</object>", "<marquee>", "<applet>", "</body>", "</html>", "<html>", "<head>",
    "</head>", "<body>", "<!DOCTYPE html>", "<![CDATA[", "]]>", '<a title="', '"', "'", "<br ", ">", "<input", "<nobr>",
    "<li>", "<ruby><rt>", "<end-of-page>", "</end-of-page>", "<th>id</th>", "<th>x</th>", "<th><b>id</b></th>",
    "<image>", "<details>", "<dialog>", "</br>", "<h1>", "<hr>", "<pre>\n", "<dd>", "<link>", "<meta>", "<base>",
    "text", "<", "</", "<TABLE>", "<input type=hidden>", "<font>", "<rtc>", "<embed>",
]  # fmt: skip
around = st.lists(st.sampled_from(PARTS), max_size=4).map("".join)


@given(st.lists(st.tuples(around, around), min_size=2, max_size=5))
@example([("<html>", "</html>"), ("<html><frameset>", "</html>")])
@example([("<html>", "<table>"), ("<html>", "</html>")])
@example([("<html>", "<table><tr><td><table>"), ("<!-- ", " -->")])
@example([("<html>", '<a title="'), ('"', "")])
@example([("<html>", "<br "), ("<html>", "")])
@example([("<html>", "<b>"), ("<html>", "")])
@example([("<html>", "<plaintext>"), ("<html>", "")])
@example([("<html>", "<table></table><!--"), ("<end-of-page></end-of-page>", "")])
def test_pages_together_are_read_as_each_alone(pages: list[tuple[str, str]]):
    written = [f"{before}{VIEW.format(n)}{after}".encode() for n, (before, after) in enumerate(pages)]
    assert written_views(written) == [written_view(one) for one in written]


@pytest.mark.parametrize(
    ("behind", "is_apart"),
    [
        ("</body></html>", True),
        ("<p>", True),
        ("<div>", False),
        ("<table><tr><td>1", False),
        ("<table><tr>", True),
        ("<b>", False),
        ("<b><p></b></p>", True),
        ("<!--", False),
        ("<script>", False),
        ("<select>", False),
        ("<template>", False),
        ("<svg>", True),
        ("<svg><desc>", False),
        ("<a title='", False),
        ("<br ", False),
        ("<frameset>", False),
        ("<plaintext>", False),
        ("<end-of-page></end-of-page>", False),
    ],
)
def test_one_tree_of_many_pages_tells_of_each_only_where_nothing_is_open_behind_it(behind: str, is_apart: bool):
    page = f"<!DOCTYPE html><html><head><title>t</title></head><body>{staff_source._EMPTY.decode()}{behind}".encode()
    assert staff_source._are_tables_side_by_side([page, page]) == is_apart


def test_a_page_that_is_open_at_its_end_costs_those_beside_it_only_time():
    pages = [f"<html>{VIEW.format(n)}{'<!--' if n == 7 else '</html>'}".encode() for n in range(80)]
    assert written_views(pages) == [VIEW.format(n).encode() for n in range(80)]


@pytest.mark.parametrize("heading", ["<th>id</th>", "<th> id </th>", "<th><b>id</b></th>", "<th>i<!-- -->d</th>"])
def test_a_page_with_another_heading_of_an_id_is_left_to_its_tree(heading: str):
    page = f"<html><table><tr>{heading}<td>2</td></tr></table>{VIEW.format(1)}</html>".encode()
    assert written_views([page, page]) == [None, None]
