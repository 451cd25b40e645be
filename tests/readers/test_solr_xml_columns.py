"""Solr's XML read in columns gives, row by row, what is read document by document, whatever the documents hold."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import solr_xml
from pipelines.readers.chunks import Piece
from pipelines.readers.solr_xml_columns import read_columns

#: What a document may hold: plain fields, odd ones, and what is no field.
FIELDS = [
    '<str name="title">Rivers &amp; &lt;lakes&gt; "é"</str>',
    '<str name="title">Other</str>',
    '<str name="title"></str>',
    '<str name="title"/>',
    '<str name="local">a &quot;b&apos; \\ c</str>',
    '<str name="local">  two\nlines\t</str>',
    '<int name="local">7</int>',
    '<int name="local">-0</int>',
    '<float name="local">1.50</float>',
    '<double name="local">NaN</double>',
    '<bool name="local">true</bool>',
    '<bool name="local">yes</bool>',
    '<null name="local"/>',
    '<date name="first_indexed">2024-05-01T10:00:00Z</date>',
    '<long name="_version_">1784839000504139776</long>',
    '<long name="_version_">99999999999999999999</long>',
    '<str name="_version_">1</str>',
    '<arr name="_version_"></arr>',
    '<arr name="author"><str>A</str><str>B</str></arr>',
    '<arr name="author">\n  <str>A</str>\n</arr>',
    '<arr name="author"></arr>',
    '<arr name="author"/>',
    '<arr name="author"><str>A</str><int>5</int><str></str></arr>',
    '<str name="topic">one</str>',
    '<arr name="title_sub"><str>one</str></arr>',
    '<arr name="title_sub"><str>one</str><str>two</str></arr>',
    '<arr name="local_mv"><str>a</str></arr>',
    '<arr name="local_mv"><int>1</int><bool>false</bool><str>x</str></arr>',
    '<arr name="local_mv"></arr>',
    '<arr name="nested"><arr name="x"><str>a</str></arr></arr>',
    '<lst name="object"><str name="a">1</str></lst>',
    '<field name="topic">one</field><field name="topic">two</field>',
    '<field name="note">one</field>',
    '<field name="note">one</field>\n<field name="note">two</field>',
    '<field name="title">as a field</field>',
    '<field name="id" update="set">x</field>',
    '<str name="fullrecord">00026nam a2200025 a 4500#30;#31;a#29;</str>',
    '<str name="fullrecord">no #30; record</str>',
    '<str name="entity">&#233; &#x1F600;</str>',
    '<str name="entity">&unknown;</str>',
    '<str name="broken">a & b</str>',
    '<str name="raw">a > b</str>',
    '<str name="a>b">value</str>',
    "<str name='quoted'>value</str>",
    '<str name="a&amp;b">value</str>',
    '<str  name="blank" >value</str >',
    '<str name="a" other="b">value</str>',
    '<arr name="open"><str>a</str>',
    "</arr>",
    '<str name="wrong">a</int>',
    '<str name="in"><str>a</str></str>',
    "<str>no name</str>",
    "text beside",
    "<!-- a comment -->",
    "<![CDATA[text]]>",
    "<?instruction?>",
    '<str name="control">\x01</str>',
    '<str name="newline">a\r\nb</str>',
    '<str name="end">]]></str>',
    '<str name="odd">\uffff</str>',
]  # fmt: skip
IDS = [
    '<str name="id">{}</str>', '<str name="id">{}</str>', '<str name="id">{}</str>', '<field name="id">{}</field>',
    '<int name="id">{}</int>', '<str name="id"> </str>', "", '<arr name="id"><str>{}</str></arr>',
    '<str name="id">{}</str><str name="id">again</str>', '<bool name="id">true</bool>',
    f'<str name="id">{"x" * 2000}</str>',
]  # fmt: skip

documents = st.tuples(st.sampled_from(IDS), st.lists(st.sampled_from(FIELDS), max_size=5))


def both_ways(data: bytes) -> bool:
    """Whether columns could be made at all; what they say is then what is read one by one."""
    piece = Piece("f", "m", 1000, 7, data)
    quick = solr_xml._read_in_columns(piece)
    slow = solr_xml._read_one_by_one([piece])
    if quick is None:
        return False
    assert quick.documents.to_pylist() == slow.documents.to_pylist()
    assert quick.quarantined.to_pylist() == slow.quarantined.to_pylist()
    return True


@pytest.fixture(autouse=True, scope="module")
def _columns_for_short_texts():
    kept = solr_xml._WORTH_COLUMNS
    solr_xml._WORTH_COLUMNS = 0
    yield
    solr_xml._WORTH_COLUMNS = kept


def text_of(found: list[tuple[str, list[str]]]) -> bytes:
    parts = [f"<doc>\n{identifier.format(n)}{' '.join(fields)}</doc>" for n, (identifier, fields) in enumerate(found)]
    return "\n".join(parts).encode()


@given(st.lists(documents, min_size=1, max_size=6))
@example([(IDS[0], [one]) for one in FIELDS[:12]])
def test_columns_say_what_documents_say(found: list[tuple[str, list[str]]]):
    both_ways(text_of(found))


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_is_read_alike_beside_plain_ones(field: str):
    both_ways(text_of([(IDS[0], []), (IDS[0], [field, FIELDS[0]]), (IDS[0], [FIELDS[18], field])]))


@given(
    st.lists(documents, min_size=1, max_size=4),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=6)), max_size=3),
)
def test_so_they_do_where_bytes_are_lost_or_others(
    found: list[tuple[str, list[str]]], changes: list[tuple[float, int, bytes]]
):
    data = text_of(found)
    for place, cut, put in changes:
        at = int(place * len(data))
        data = data[:at] + put + data[at + cut :]
    start, end = data.find(b"<doc>"), data.rfind(b"</doc>")
    if 0 <= start < end:
        both_ways(data[start : end + len(b"</doc>")])


def test_plain_documents_are_read_in_columns():
    data = text_of([(IDS[0], [one]) for one in FIELDS[:2] + FIELDS[4:7] + FIELDS[18:20]])
    columns = read_columns(data)
    assert columns is not None
    assert len(columns.rows) == 7
    assert both_ways(data)
