"""Staff views read in columns give, row by row, what is read page by page, whatever the pages hold."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipelines.readers import page_html
from pipelines.readers.chunks import Piece
from pipelines.readers.pages import parse_pages
from pipelines.readers.staff_source import written_view
from pipelines.readers.staff_table import staff_tables
from pipelines.records import RAW_RECORDS

ROWS = [
    '<tr><th>title</th><td><span class="detail">Rivers &amp; &lt;lakes&gt; "é"&nbsp;</span><br></td></tr>',
    '<tr><th>title</th><td><span class="detail">Other</span><br></td></tr>',
    '<tr><th>title</th><td></td></tr>',
    '<tr><th> author </th><td>\n<span class="detail">A</span><br>\n<span class="detail">B, C</span><br>\n</td></tr>',
    '<tr><th>author</th><td><span class="detail-value">A</span><br></td></tr>',
    '<tr><th>local</th><td><span class="detail">a "b" \\ c</span><br></td></tr>',
    '<tr><th>local</th><td><span class="detail">a</span><br><span class="detail">b</span><br></td></tr>',
    '<tr><th>local_mv</th><td><span class="detail">a</span><br></td></tr>',
    '<tr><th>local_mv</th><td><span class="detail"></span><br></td></tr>',
    '<tr><th>_version_</th><td><span class="detail">1784839000504139776</span><br></td></tr>',
    '<tr><th>_version_</th><td><span class="detail">007</span><br></td></tr>',
    '<tr><th>_version_</th><td><span class="detail">x</span><br></td></tr>',
    '<tr class="a>b"><th scope="row">topic</th><td title="&lt;"><span class="detail">x</span><br></td></tr>',
    '<tr><th>topic</th><td><span class="detail">a</span> and b<br></td></tr>',
    '<tr><th>topic</th><td><span class="detail">a <b>c</b></span><br></td></tr>',
    '<tr><th>topic</th><td>A<br />B<br /></td></tr>',
    '<tr><th>topic</th><td><span class="term">K:</span> <span class="detail">1</span><br></td></tr>',
    '<tr><th>topic</th><td><span class="detail">a</span><!-- c --><br></td></tr>',
    '<tr><th>topic</th><td><span class="detail">\x01\u2028]]>\ufffe</span><br></td></tr>',
    '<tr><th>Two words</th><td><span class="detail">x</span><br></td></tr>',
    '<tr><th>Label: </th><td><span class="detail">x</span><br></td></tr>',
    "<tr><th></th><td></td></tr>",
    '<tr><th><i>it</i></th><td><span class="detail">x</span><br></td></tr>',
    "<tr><td>no heading</td></tr>",
    "<tr><th>no cell</th></tr>",
    '<tr><th>nested</th><td><table><tr><th>id</th><td>x</td></tr></table></td></tr>',
    '<tr><th>nested</th><td><table><tr><th>a</th><td><span class="detail">x</span><br></td></tr></table></td></tr>',
    '</tbody></table><table><tbody>',
    '<tr><th>topic</th><td><!-- </table> --><span class="detail">x</span><br></td></tr>',
    '<tr><th>topic</th><td title="</table>"><span class="detail">x</span><br></td></tr>',
    '<tr><th>&#105;d</th><td><span class="detail">x</span><br></td></tr>',
    "text beside",
    "</table><p>the end of it",
    "<script>document.write('<tr><th>id</th><td>evil</td></tr>')</script>",
    '<tr><th>title</th><td><span class="detail">&quot;O&#039;Hara&quot; &#39;&#x27;&apos;&amp;lt;</span><br></td></tr>',
    '<tr><th>title</th><td><span class="detail">&eacute; &#160;&#233; &copy &ampx; & &lt</span><br></td></tr>',
    '<TR><TH>title</TH><TD><SPAN CLASS="detail">A</SPAN><BR/></TD></TR>',
    "<tr><th>title</th><td><span class='detail'>A</span><br/></td></tr>\r\n",
    '<tr><th>title</th><td><span class="detail">a > b</span><br /></td></tr>',
    '<tr><th>title</th><td><span class="detail">a\r\nb\0c\fd</span><br /></td></tr>',
    '<tr><th>title</th><td><span class="detail">  a\n</span> <br> <span class="detail"> \n </span><br /></td></tr>',
]  # fmt: skip
IDS = [
    '<tr><th>id</th><td><span class="detail">{}</span><br></td></tr>',
    '<tr><th>id</th><td><span class="detail">{}</span><br></td></tr>',
    '<tr><th>id</th><td><span class="detail">{}</span><br></td></tr>',
    '<tr><th>id</th><td><span class="detail"> </span><br></td></tr>',
    '<tr><th>id</th><td></td></tr>',
    '<tr><th>id</th><td><span class="detail">{}</span><br><span class="detail">b</span><br></td></tr>',
    f'<tr><th>id</th><td><span class="detail">{"x" * 2000}</span><br></td></tr>',
    "",
]  # fmt: skip
PAGES = [
    "<!DOCTYPE html>\n<html><body><table>{}</table></body></html>\n",
    '<!DOCTYPE html>\n<html><body><table class="citation"><tbody>{}</tbody></table></body></html>\n',
    "<!DOCTYPE html>\n<html><body><table><tr><th>By:</th><td>A</td></tr></table><table>{}\n</table></body></html>\n",
    "<html><body><table>{0}</table><table>{0}</table></body></html>",
    "<html><body><table>{}",
    "<html><body>{}</body></html>",
    "<html><body><!-- <table> --><table>{}</table></html>",
    "<html><body><TABLE>{}</TABLE></html>",
    "<html><body><!-- <table>{0}</table> --><TABLE>{0}</TABLE></html>",
    "<html><body><!-- <table>{}</table> --></html>",
    "<html><body><textarea><table>{}</table></textarea></html>",
    "<html><body><script>x = '<table>{}</table>'</script><TABLE></TABLE></html>",
    "<html><body><template><table>{}</table></template></html>",
    "<html><body><select><table>{}</table></select></html>",
    "<html><body><svg><table>{}</table></svg></html>",
    "<html><body><a href='#'><b><p><table>{}</table></html>",
    "<html><body><table><div><table>{}</table></div></table></html>",
    "<html><body><table><tr><th>&#105;d</th><td>x</td></tr></table><table>{}</table></html>",
    "<html><body><table><caption><table class=a>{}</table></caption></table></html>",
    '<html><body><p title="<table>"></p><table>{}</table><table><tr><td></td></tr></table></html>',
    "<html><body><table><tr><td><table>{}</table></td></tr></table></html>",
]

page = st.tuples(st.sampled_from(PAGES), st.sampled_from(IDS), st.lists(st.sampled_from(ROWS), max_size=4))


def pieces_of(found: list[tuple[str, str, list[str]]]) -> tuple[Piece, ...]:
    written = [
        frame.format(identifier.format(n) + "\n".join(rows)) for n, (frame, identifier, rows) in enumerate(found)
    ]
    return tuple(Piece(f"f{n}", "m", n, 7, text.encode()) for n, text in enumerate(written))


def both_ways(pieces: tuple[Piece, ...]) -> None:
    quick = page_html.FORMAT.parse(pieces)
    slow = parse_pages(pieces, lambda texts: map(page_html._pages, texts), page_html._to_row)
    assert quick.documents.schema == RAW_RECORDS
    assert quick.documents.to_pylist() == slow.documents.to_pylist()
    assert quick.quarantined.to_pylist() == slow.quarantined.to_pylist()


@given(st.lists(page, min_size=8, max_size=12))
def test_columns_say_what_pages_say(found: list[tuple[str, str, list[str]]]):
    both_ways(pieces_of(found))


@pytest.mark.parametrize("frame", PAGES)
@pytest.mark.parametrize("identifier", IDS)
def test_so_they_do_where_no_view_is_plain(frame: str, identifier: str):
    """Of views that are none in columns, as of tables within tables, no heading may be found at all."""
    hidden = "<html><body><table><caption><table class=a>{}</table></caption></table></html>"
    both_ways(pieces_of([*[(frame, identifier, [])] * 7, (hidden, identifier, [ROWS[0]])]))
    both_ways(pieces_of([(frame, identifier, [])] * 8))


@pytest.mark.parametrize("frame", PAGES)
def test_each_row_is_read_alike_beside_plain_ones(frame: str):
    plain = (PAGES[0], IDS[0], [ROWS[3]])
    both_ways(pieces_of([one for row in ROWS for one in (plain, (frame, IDS[0], [row, ROWS[0]]))]))
    both_ways(pieces_of([(frame, IDS[0], [ROWS[0], row]) for row in ROWS if ">" not in re.sub("<[^<>]*>", "", row)]))


@pytest.mark.parametrize("frame", PAGES[5:])
def test_a_table_that_the_page_hides_is_none(frame: str):
    """What a page seems to hold is read only where the tree of the page has it."""
    page = frame.format(IDS[0].format(1)).encode()
    view = written_view(page)
    assert view is None or len(staff_tables(LexborHTMLParser(page))) == 1


@given(
    st.lists(page, min_size=8, max_size=10),
    st.lists(st.tuples(st.integers(0, 7), st.floats(0, 1), st.integers(0, 9), st.binary(max_size=6)), max_size=4),
)
def test_so_they_do_where_bytes_are_lost_or_others(
    found: list[tuple[str, str, list[str]]], changes: list[tuple[int, float, int, bytes]]
):
    pieces = list(pieces_of(found))
    for number, place, cut, put in changes:
        one = pieces[number]
        at = int(place * len(one.data))
        pieces[number] = Piece(one.file, one.member, one.offset, one.line, one.data[:at] + put + one.data[at + cut :])
    both_ways(tuple(pieces))


def test_plain_pages_are_read_in_columns():
    pages = [
        piece.data for piece in pieces_of([(frame, IDS[0], [ROWS[n]]) for frame in PAGES[:3] for n in (0, 3, 5, 9)])
    ]
    read = page_html._read_in_columns(pages)
    assert read is not None
    assert read[1].tolist() == list(range(12))
    assert all(written_view(one) for one in pages)
