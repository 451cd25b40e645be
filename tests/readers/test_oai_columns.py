"""Dublin Core of OAI-PMH read in columns gives, record by record, what is read one by one, whatever records hold."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import oai_pmh
from pipelines.readers.chunks import Batch, Piece
from pipelines.readers.oai_columns import read_records
from tests.readers.reading import changed, in_columns_and_by_record

#: What Dublin Core may hold: plain elements, odd ones, and what is none.
ELEMENTS = [
    "<dc:title>Rivers &amp; &lt;lakes&gt; \"é\"</dc:title>", "<dc:title>Other</dc:title>", "<dc:title/>",
    "<dc:title> two\n  lines </dc:title>", "<dc:title>\u00a0a\u2003\u3000b</dc:title>", "<dc:title></dc:title>",
    '<dc:title xml:lang="en">In English</dc:title>', "<dc:title a='1' a='2'>twice</dc:title>",
    "<dc:creator>A, B</dc:creator>", "<dc:creator>C</dc:creator>", "<dc:contributor>D</dc:contributor>",
    "<dc:subject>S  T</dc:subject>", "<dc:description>one</dc:description>", "<dc:description>two</dc:description>",
    "<dc:date>1999</dc:date>", "<dc:date>1999-05-01</dc:date>", "<dc:date>May 1999</dc:date>",
    "<dc:date>2010-05-20T10:11:12Z</dc:date>", "<dc:date> 2011-05-20T10:11:12+02:00</dc:date>",
    "<dc:date>19991</dc:date>", "<dc:date> 1999 </dc:date>", "<dc:type>Article</dc:type>",
    "<dc:identifier>https://example.org/1?a=b&amp;c</dc:identifier>", "<dc:identifier>FTP://example.org/é</dc:identifier>",
    "<dc:identifier>https://example.org/a b</dc:identifier>", "<dc:identifier>doi:10.1000/a</dc:identifier>",
    "<dc:identifier>ISBN 978-90-420-3464-8</dc:identifier>", "<dc:identifier>urn:ISSN:1234-567X</dc:identifier>",
    "<dc:identifier>local 7</dc:identifier>", "<dc:source>J; 1 \\ \"x\"</dc:source>", "<dc:rights>r</dc:rights>",
    "<dc:identifier>http\u017f://example.org/1</dc:identifier>", "<dcterms:title>of the terms</dcterms:title>",
    "<title>no prefix</title>", "<dc:title>a<br/>b</dc:title>", "<dc:header>h</dc:header>", "<dc:dc>x</dc:dc>",
    "<dc:title>&#233; &#x1F600;</dc:title>", "<dc:title>&unknown;</dc:title>", "<dc:title>a & b</dc:title>",
    "<dc:title>a > b</dc:title>", "<dc:title>a < b</dc:title>", "<dc:title>]]></dc:title>", "<dc:title>a</dc:creator>",
    "<dc:title>a</x:title>", "<dc:title >a</dc:title >", "<dc:title", "</dc:title>", "text beside", "<!-- comment -->",
    "<![CDATA[text]]>", "<?instruction?>", "<dc:title>\x01</dc:title>", "<dc:title>a\r\nb</dc:title>",
    "<dc:title>\uffff</dc:title>", "<dc:title>\udcff</dc:title>", "<record>", "</record>", "</oai_dc:dc>",
    "<dc:extra>e</dc:extra>", "<dc:file>f</dc:file>", "<dc:title>\x1c</dc:title>", "<dc:title>\x85x</dc:title>",
]  # fmt: skip
HEADERS = [
    "<header><identifier>{}</identifier><datestamp>2020-02-02</datestamp></header>",
    "<header><identifier> {} </identifier><datestamp>2</datestamp><setSpec>a</setSpec><setSpec> b</setSpec></header>",
    '<header status="deleted"><identifier>{}</identifier></header>', "<header><identifier>{}</identifier></header>",
    "<header><identifier>{}</identifier><identifier>x</identifier></header>", "<header></header>", "<header/>", "",
    "<header><identifier> </identifier></header>", "<header><identifier>{}</identifier><setName>n</setName></header>",
    "<header><identifier>{}</identifier><setSpec/></header>", "<header><identifier/></header>",
    f"<header><identifier>{'x' * 2000}</identifier></header>", "<o:header><identifier>{}</identifier></o:header>",
    "<header><identifier>{}</identifier> text</header>", "<header><identifier>{}</identifier><datestamp/></header>",
]  # fmt: skip
FRAMES = [
    "<record>{}<metadata><oai_dc:dc xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{}</oai_dc:dc></metadata></record>",
    "<record>\n{}\n<metadata>\n<oai_dc:dc>\n{}\n</oai_dc:dc>\n</metadata>\n</record>",
    "<record>{}<metadata><dc>{}</dc></metadata></record>", "<o:record>{}<metadata><dc>{}</dc></metadata></o:record>",
    "<record>{}<metadata><dc>{}</dc></metadata><about>a</about></record>", "<record>{}<dc>{}</dc></record>",
    "<record>{}<metadata>{}</metadata></record>", "<record>{}<metadata><other>{}</other></metadata></record>",
    "<record>{}<metadata><dc>{}</x:dc></metadata></record>", "<record>{}{}</record>",
    "<record>{}<metadata><dc>{}</dc><dc/></metadata></record>",
    '<record a="1">{}<metadata><dc>{}</dc></metadata></record>',
]  # fmt: skip

contents = st.lists(st.one_of(st.sampled_from(ELEMENTS[:33]), st.sampled_from(ELEMENTS)), max_size=6)
frames = st.one_of(st.just(FRAMES[0]), st.just(FRAMES[1]), st.sampled_from(FRAMES))
headers = st.one_of(st.just(HEADERS[0]), st.just(HEADERS[1]), st.sampled_from(HEADERS))
records = st.tuples(frames, headers, contents)


def text_of(found: list[tuple[str, str, list[str]]]) -> bytes:
    parts = [frame.format(header.format(n), "\n".join(held)) for n, (frame, header, held) in enumerate(found)]
    return "\n".join(parts).encode(errors="surrogateescape")


def both_ways(data: bytes) -> Batch:
    """What is read in columns, which is what is read one by one."""
    return in_columns_and_by_record(oai_pmh, data)


@given(st.lists(records, min_size=1, max_size=5))
@example([(FRAMES[1], HEADERS[1], [one]) for one in ELEMENTS[:33]])
def test_columns_say_what_records_say(found: list[tuple[str, str, list[str]]]):
    both_ways(text_of([(FRAMES[0], HEADERS[0], ELEMENTS[:1]), *found]))


@pytest.mark.parametrize("element", ELEMENTS)
def test_each_element_is_read_alike_beside_plain_ones(element: str):
    plain = (FRAMES[1], HEADERS[1], ELEMENTS[8:14])
    both_ways(text_of([plain, (FRAMES[1], HEADERS[1], [ELEMENTS[1], element, ELEMENTS[14]]), plain]))


@given(
    st.lists(records, min_size=1, max_size=4),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=6)), max_size=3),
)
def test_so_they_do_where_bytes_are_lost_or_others(
    found: list[tuple[str, str, list[str]]], changes: list[tuple[float, int, bytes]]
):
    data = text_of([(FRAMES[0], HEADERS[0], ELEMENTS[:1]), *found])
    both_ways(changed(data, changes))


def test_plain_records_are_read_in_columns_and_an_odd_one_takes_no_other_with_it():
    plain = [(FRAMES[number % 2], HEADERS[number % 2], ELEMENTS[:7] + ELEMENTS[8:33]) for number in range(4)]
    odd = [(FRAMES[0], HEADERS[0], [one]) for one in ("<!-- -->", "a < b", "\x01", "\udcff", "]]>")]
    data = text_of(plain[:2] + odd + plain[2:])
    spans = oai_pmh._spans_of(Piece("f", "m", 0, 1, data))
    found = read_records(data, *(np.array([span[side] for span in spans]) for side in (0, 1)))
    assert found is not None
    assert found[1].tolist() == [0, 1, len(spans) - 2, len(spans) - 1]
    both_ways(data)
