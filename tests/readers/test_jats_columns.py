"""Articles in JATS read in columns give, article by article, what is read one by one, whatever articles hold."""

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.readers import jats
from pipelines.readers.chunks import Batch, Piece
from pipelines.readers.jats_columns import read_articles
from pipelines.readers.streams import ByteStream
from tests.readers.reading import changed, in_columns_and_by_record

NAME = "<name><surname>{}</surname><given-names>Bo</given-names></name>"
#: What stands in ``article-meta``: what publishers write, then odd things, and what is none.
IN_META = [
    '<article-id pub-id-type="pmid">5</article-id><article-id pub-id-type="doi">10.1/a</article-id>',
    '<article-id pub-id-type="pmcid">PMC7.1</article-id><article-id pub-id-type="pii">x (1)</article-id>',
    "<title-group><article-title>A <i>b</i><xref>*</xref> &amp;\n c</article-title><subtitle>S</subtitle>"
    "<trans-title-group><trans-title>D</trans-title></trans-title-group></title-group>",
    f"<contrib-group><contrib contrib-type='author'>{NAME.format('King')}<xref ref-type='aff' rid='a b'>1</xref>"
    "<contrib-id contrib-id-type='orcid'>https://orcid.org/0000-0001-8863-153X</contrib-id></contrib>"
    f"<contrib>{NAME.format('Li')}<aff>Within</aff><xref ref-type='aff' rid='b'/></contrib><aff id='b'>Bee</aff>"
    "</contrib-group>",
    "<contrib-group><contrib><string-name>Plato</string-name></contrib><contrib contrib-type='author'><collab>A "
    "<b>Group</b></collab></contrib><contrib contrib-type='editor'><string-name><surname>Ed</surname></string-name>"
    "</contrib><contrib/></contrib-group>",
    f"<contrib-group><contrib><name-alternatives>{NAME.format('Ma')}{NAME.format('马')}</name-alternatives></contrib>"
    "</contrib-group>",
    '<aff id="a"><label>1</label> Here, <i>there</i></aff>', '<aff id="b">B</aff><aff id="b">C</aff><aff/>',
    "<pub-date pub-type='epub'><day>1</day><month>8</month><year>2008</year></pub-date>",
    "<pub-date pub-type='collection'><year>2008</year></pub-date><pub-date><season>Fall</season><year>1999</year>"
    "</pub-date>", "<pub-date date-type='pub' publication-format='electronic' iso-8601-date='2020-02-03'/>",
    "<volume>1</volume><issue>2</issue><fpage>3</fpage><lpage>4</lpage>", "<fpage>3</fpage><lpage>3</lpage>",
    "<elocation-id>e3</elocation-id><page-range>1-2, 5</page-range>",
    "<abstract><title>Abstract</title><sec><title>Aim:</title><p>Why<xref>1</xref>.</p></sec><p>So.</p>\n</abstract>",
    "<abstract abstract-type='teaser'><p>Look!</p></abstract><trans-abstract xml:lang='fr'><p>Oui.</p>"
    "</trans-abstract>",
    "<article-categories><subj-group><subject>Review</subject><subj-group><subject>Eyes</subject></subj-group><subject>"
    "Ears</subject></subj-group></article-categories>",
    "<kwd-group><title>Keywords</title><kwd>a</kwd><kwd>b<fn>x</fn></kwd><compound-kwd><compound-kwd-part>c"
    "</compound-kwd-part><compound-kwd-part>d</compound-kwd-part></compound-kwd></kwd-group>",
    "<kwd-group kwd-group-type='abbreviations'><kwd>abbr</kwd></kwd-group>", "<kwd-group><nested-kwd/></kwd-group>",
    "<self-uri xlink:href=' http://e.org/1'/><permissions><copyright-statement>© X</copyright-statement><license "
    "xlink:href='https://e.org/by'><p>Free.</p><ali:license_ref>https://e.org/by4</ali:license_ref></license>"
    "</permissions>", "<permissions><license_ref>https://e.org/r</license_ref></permissions>",
    "<related-article related-article-type='corrected-article' xlink:href='10.1/b'/><related-article>r"
    "</related-article>",
    "<funding-group><award-group><funding-source>NIH</funding-source><award-id>7</award-id><award-id>8</award-id>"
    "</award-group><award-group><funding-source><institution-wrap><institution>DFG</institution></institution-wrap>"
    "</funding-source></award-group><award-group/></funding-group>",
    # Odd from here on.
    "<abstract><sec><sec><p>Deep</p></sec></sec></abstract>", "<abstract/>", "<abstract>bare</abstract>",
    "<contrib-group><contrib><collab>G<contrib-group><contrib><name><surname>In</surname></name></contrib>"
    "</contrib-group></collab></contrib></contrib-group>", '<article-id pub-id-type="a [b">9</article-id>',
    '<article-id/>', "<article-id pub-id-type='doi'> </article-id><article-id pub-id-type='pmid'/>",
    "<article-categories>" + "<subj-group>" * 22 + "<subject>x</subject>" + "</subj-group>" * 22
    + "</article-categories>", "<xref><title-group><article-title>within</article-title></title-group></xref>",
    "<article-meta><volume>9</volume></article-meta>", "<front/>", "<front><article-meta/></front>", "</front>",
    "<x:front >y</x:front >", "beside", "<!-- c -->", "<![CDATA[<volume>]]>", "<?pi front >?>", "<volume>\x01</volume>",
    "<volume>&#233; &lt;</volume>", "<volume>&x;</volume>", "<volume>a & b</volume>", "<volume>", "</volume>",
    "<volume>a > b]]</volume>", "<volume a='1' a='2'>3</volume>", "<volume>\udcff</volume>", "<volume>\u00a07</volume>",
    "<label><volume>in a mark</volume></label>", "<volume a='>'>1</volume>",
]  # fmt: skip
PLAIN = 23
JOURNALS = [
    "<journal-meta><journal-id journal-id-type='nlm-ta'>B</journal-id><journal-title-group><journal-title>Bio"
    "</journal-title></journal-title-group><issn>0000-0019</issn><publisher><publisher-name>MDPI</publisher-name>"
    "</publisher></journal-meta>",
    "<journal-meta><journal-title-group/><journal-title>J</journal-title><journal-id journal-id-type='iso-abbrev'>I"
    "</journal-id><issn-l>2</issn-l><issn>1</issn><issn>2</issn><isbn>3</isbn></journal-meta>",
    "<journal-meta/><journal-meta><journal-title>second</journal-title></journal-meta>", "",
]  # fmt: skip
FRAMES = [
    '<article article-type="{}" xml:lang="de"><?properties open_access?><front>{}<article-meta>{}</article-meta>'
    "</front><body><p>text</p></body></article>",
    "<article article-type='{}'>\n<front>{}<article-meta>{}</article-meta></front></article>",
    "<n:article a='{}'><n:front>{}<article-meta>{}</article-meta></n:front><n:body/></n:article>",
    "<article a='{}'><!-- <front> -->{}<front><article-meta>{}</article-meta></front></article>",
    "<article a='{}'><?x <front <?><front>{}<article-meta>{}</article-meta></front></article>",
    "<article a='{}'><x><front>{}<article-meta>{}</article-meta></front></x></article>",
    "<article a='{}'><front>{}<article-meta>{}</article-meta></front><body>&nbsp;<p></body></article>",
    "<article a='>{}'><front>{}<article-meta>{}</article-meta></front></article>",
    "<article b='{}'>{}<body>{}</body></article>", "<article {}/>{}{}",
    "<article c='{}'><front>{}<article-meta>{}</article-meta></front><body><!DOCTYPE x></body></article>",
    "<article><sub-article a='{}'><front>{}<article-meta>{}</article-meta></front></sub-article></article>",
    "<article a='{}'><processing-meta><x/></processing-meta><front>{}<article-meta>{}</article-meta></front></article>",
]  # fmt: skip

metas = st.lists(st.one_of(st.sampled_from(IN_META[:PLAIN]), st.sampled_from(IN_META)), max_size=6).map("\n".join)
articles = st.tuples(
    st.one_of(st.sampled_from(FRAMES[:2]), st.sampled_from(FRAMES)),
    st.sampled_from(["research-article", "preprint", ""]), st.sampled_from(JOURNALS), metas,
)  # fmt: skip


def text_of(found: list[tuple[str, str, str, str]]) -> bytes:
    number = '<article-id pub-id-type="pmc">{}</article-id>'
    parts = [
        frame.format(kind, journal, number.format(one) + meta) for one, (frame, kind, journal, meta) in enumerate(found)
    ]
    return "\n".join(parts).encode(errors="surrogateescape")


def both_ways(data: bytes) -> Batch:
    """What is read in columns, which is what is read one by one."""
    return in_columns_and_by_record(jats, data)


@settings(max_examples=50)
@given(st.lists(articles, min_size=1, max_size=4))
@example([(FRAMES[0], "review-article", JOURNALS[0], one) for one in IN_META])
@example([(FRAMES[1], "", one, "".join(IN_META[:PLAIN])) for one in JOURNALS])
@example([(one, "preprint", JOURNALS[0], IN_META[0]) for one in FRAMES])
def test_columns_say_what_articles_say(found: list[tuple[str, str, str, str]]):
    both_ways(text_of(found))


@settings(max_examples=50)
@given(
    st.lists(articles, min_size=1, max_size=3),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=4)), max_size=3),
)
def test_so_they_do_where_bytes_are_lost_or_others(
    found: list[tuple[str, str, str, str]], changes: list[tuple[float, int, bytes]]
):
    both_ways(changed(text_of(found), changes))


@settings(max_examples=20)
@given(st.lists(st.lists(articles, max_size=2), min_size=2, max_size=4))
@example([[(FRAMES[0], "", "", IN_META[0])], [(FRAMES[6], "", "", "")], [], [(FRAMES[1], "", "", IN_META[1])]])
def test_articles_of_several_files_are_read_together(files: list[list[tuple[str, str, str, str]]]):
    in_columns_and_by_record(jats, *map(text_of, files))


@settings(max_examples=20)
@given(st.lists(articles, min_size=1, max_size=4), st.sampled_from([1, 500, 1 << 20]))
def test_pieces_tell_where_their_articles_are(found: list[tuple[str, str, str, str]], chunk_bytes: int):
    stream = ByteStream(iter([b"<articles>" + text_of(found) + b"</articles>"]))
    for piece in jats.FORMAT.split("f", "m", stream, chunk_bytes):
        if isinstance(piece, Piece):
            assert piece.spans is not None
            assert (jats._spans_of(piece) == jats._spans_of(replace(piece, spans=None))).all()


def test_so_are_characters_by_their_numbers_and_what_is_opaque_beside_the_front():
    opaque = "<?x y?><body><!-- <p> - é --><p>&#xe9;&amp;<![CDATA[</p>&]]></p></body>"
    frame = FRAMES[0].replace("<body><p>text</p></body>", opaque)
    data = text_of([(frame, "preprint", JOURNALS[0], "<volume>&#233; &#x3c;</volume>")])
    read = read_articles(data, *jats._spans_of(Piece("f", "m", 0, 1, data)).T)
    assert read is not None
    assert read[0].column("container_volume").to_pylist() == ["é <"]
    both_ways(data)


def test_a_text_that_is_not_well_formed_is_refused_however_its_article_begins():
    wrong = [
        "&nbsp;", "<p>", "</p>", "<p a=1/>", "]]>", "<!-- -- -->", "<?xml?>", "<p a='1' a='2'/>", "\x0c", "<p></q>",
        "<p><q></p></q>", "<!DOCTYPE x>", "&#0;", "<p a='<'/>", "<p a='&x;'/>", "\ufffe", "<!-- \x01 -->",
        "<p a='<!-- x -->'/>", '<p a="b<?x y?>c"/>', "<p a='<![CDATA[x]]>'/>", "<p a='<!-->'><q b='-->'/></p>",
    ]  # fmt: skip
    for one in wrong:
        frame = FRAMES[0].replace("<p>text</p>", one)
        articles = [(FRAMES[0], "", JOURNALS[0], ""), (frame, "", JOURNALS[0], ""), (FRAMES[0], "", JOURNALS[0], "")]
        batch = both_ways(text_of(articles))
        assert (batch.documents.num_rows, batch.quarantined.num_rows) == (2, 1), one


def test_articles_as_publishers_write_them_are_read_in_columns():
    data = text_of([(FRAMES[0], "review-article", JOURNALS[0], one) for one in IN_META[:PLAIN]])
    spans = jats._spans_of(Piece("f", "m", 0, 1, data))
    read = read_articles(data, *np.array(spans, np.int64).T)
    assert read is not None
    assert read[1].tolist() == list(range(PLAIN))
