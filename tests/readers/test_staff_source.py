"""Staff views as pages have them written: only where the tree of the page has them so."""

import pytest

from pipelines.readers import page_html
from pipelines.readers.chunks import Piece
from pipelines.readers.pages import WORTH_COLUMNS
from pipelines.readers.staff_source import written_view

VIEW = '<table class="citation"><tr><th>id</th><td><span class="detail">{}</span><br /></td></tr></table>'
#: What a tree takes for the heading of an id, or does not, in another spelling.
HEADINGS = [
    "<th>id</th>", "<th> id </th>", "<TH>id</TH>", "<th><b>id</b></th>", "<th>i<!-- -->d</th>", "<th></td>id</th>",
    "<th></t>id</th>", "<th></thead>id</th>", "<th></title>id</th>", "<th><tt>id</tt></th>", "<th><time>id</time></th>",
    '<th title=">x</t">id</th>', "<th title='>'>id</th>", "<th>id", "<th>&#105;d</th>", "<th>x<th>id</th>",
]  # fmt: skip


def read(pages: list[str]) -> tuple[list[str], list[str]]:
    """The ids of the documents of pages, and the reasons why others have none."""
    batch = page_html.parse_each(tuple(Piece(f"{n}.html", "", 0, 1, page.encode()) for n, page in enumerate(pages)))
    return batch.documents["id"].to_pylist(), batch.quarantined["reason"].to_pylist()


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_page_with_another_table_is_read_as_by_its_tree(heading: str):
    other = f"<table><tr>{heading}<td>2<br /></td></tr><tr><th>title</th><td>T<br /></td></tr></table>"
    page = f"<html><body>{other}{VIEW.format(1)}</body></html>"
    alone, refused = read([page])
    assert read([page] * WORTH_COLUMNS) == (alone * WORTH_COLUMNS, refused * WORTH_COLUMNS)


@pytest.mark.parametrize(
    "beside",
    ["", "<table><tr><th>Author: </th><td>A</td></tr></table>", "<table><thead>\n<tr><th>id card</th></tr></table>"],
)
def test_a_view_beside_plain_tables_is_read_as_it_is_written(beside: str):
    assert written_view(f"<html>{beside}{VIEW.format(1)}</html>".encode()) == VIEW.format(1).encode()


@pytest.mark.parametrize("hidden", ["<!-- {} -->", "<script>{}</script>", "<textarea>{}</textarea>", '<a title="{}">'])
def test_a_view_that_the_page_hides_is_none(hidden: str):
    assert written_view(f"<html>{hidden.format(VIEW.replace(chr(34), ''))}</html>".encode()) is None
