"""JATS: an article becomes a document by what stands before its text."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import folders, jats, looks
from tests.readers.reading import document_of, read

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "pubmed_xml"
DOCTYPE = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) v1.0 20120330//EN" "JATS-archivearticle1.dtd">\n'
ARTICLE = (
    '<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="{kind}"><?properties open?><front><journal-meta>'
    '{journal}</journal-meta><article-meta><article-id pub-id-type="pmc">{id}</article-id>{meta}</article-meta></front>'
    "<body><p>{body}</p></body></article>"
)


def article(
    number: int = 1, meta: str = "", journal: str = "", body: str = "text", kind: str = "research-article"
) -> str:
    return ARTICLE.format(id=number, meta=meta, journal=journal, body=body, kind=kind)


def of(meta: str = "", journal: str = "") -> dict[str, Any]:
    """The fields beyond those of an article that has only its number."""
    document = document_of(jats.FORMAT, (DOCTYPE + article(1, meta, journal)).encode())
    bare = document_of(jats.FORMAT, article().encode())
    return {name: value for name, value in document.items() if bare.get(name) != value}


@pytest.mark.parametrize("chunk_bytes", [1, 60, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (DOCTYPE + article(1), ["PMC1"]),
        (f"<pmc-articleset>{article(1)}\n{article(2)}</pmc-articleset>", ["PMC1", "PMC2"]),
        (article(1, body="<!-- <article> <front> -->"), ["PMC1"]),
        (f"<!-- <article><front/></article> -->{article(1)}", ["PMC1"]),
        (article(1).replace("<front>", "<!-- <front>x</front> --><front>"), ["PMC1"]),
        (article(1, body="<sub-article><front-stub/></sub-article>"), ["PMC1"]),
        (article(1).replace("<", "<n:").replace("<n:/", "</n:").replace("<n:?", "<?"), ["PMC1"]),
    ],
)
def test_finds_every_article(text: str, ids: list[str], chunk_bytes: int):
    assert jats.FORMAT.recognises(text.encode())
    found, refused = read(jats.FORMAT, text.encode(), chunk_bytes)
    assert ([one["id"] for one in found], refused) == (ids, [])


def test_an_article_has_no_front_of_another_within_it():
    within = "<body/><sub-article><front><article-meta><volume>9</volume></article-meta></front></sub-article>"
    found, refused = read(jats.FORMAT, f"<article>{within}</article>".encode())
    assert (found, [one.reason for one in refused]) == ([], ["an article without front, which would say what it is"])
    meta = "<processing-meta><restricted-by>pmc</restricted-by></processing-meta>"
    for before in (meta, f"\n{meta}\n<?x y?>", "<processing-meta/>", "<processing-meta><front/></processing-meta>"):
        text = article().replace("<front>", f"{before}<front>").replace("</article>", f"{within}</article>")
        document = document_of(jats.FORMAT, text.encode())
        assert (document["id"], "container_volume" in document) == ("PMC1", False)


@pytest.mark.parametrize("text", ["<html><article/></html>", "<article>news</article>", "<articles/>", "", "<front/>"])
def test_takes_no_other_text_for_jats(text: str):
    assert not jats.FORMAT.recognises(text.encode())


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (article(1, body="&nbsp;"), ["not XML: undefined entity"]),
        (article(1, body="<i></b>"), ["not XML: mismatched tag"]),
        (article(1)[:-5], ["the XML is cut off"]),
        ("<articles>" + article(1).replace("front>", "fr>") + article(2) + "</articles>",
         ["an article without front, which would say what it is"]),
        ("<articles>" + article(1).replace('<article-id pub-id-type="pmc">1</article-id>', "") + "</articles>",
         ["no id"]),
        ("<articles>junk" + article(1) + "</articles>", ["not an article but something else"]),
        (DOCTYPE.replace(">\n", "[<!ENTITY x SYSTEM 'file:///etc/passwd'>]>") + article(1, body="&x;"),
         ["XML with declarations in its document type, which are refused for the entities they may define"]),
    ],
)  # fmt: skip
def test_what_is_no_article_is_quarantined(text: str, reasons: list[str], chunk_bytes: int):
    _, refused = read(jats.FORMAT, text.encode(), chunk_bytes)
    assert [row.reason.split(" at line")[0] for row in refused] == reasons


@pytest.mark.parametrize(
    ("ids", "identifier"),
    [
        ('<article-id pub-id-type="pmcid">PMC7</article-id><article-id pub-id-type="pmid">5</article-id>', "PMC7"),
        ('<article-id pub-id-type="pmid">5</article-id><article-id pub-id-type="doi">10.1/a</article-id>', "10.1/a"),
        ('<article-id pub-id-type="pmid">5</article-id>', "5"),
        ('<article-id pub-id-type="publisher-id">e (1)</article-id>', "e (1)"),
    ],
)
def test_the_id_is_that_by_which_the_article_is_known_best(ids: str, identifier: str):
    text = article(1).replace('<article-id pub-id-type="pmc">1</article-id>', ids)
    assert document_of(jats.FORMAT, text.encode())["id"] == identifier


@pytest.mark.parametrize(
    ("meta", "fields"),
    [
        ("<title-group><article-title>A <italic>b</italic><xref>*</xref></article-title><subtitle>C</subtitle>"
         "<trans-title-group><trans-title>D</trans-title></trans-title-group></title-group>",
         {"title": "A b: C", "title_short": "A b", "title_sub": "C", "title_alt": ["D"]}),
        ("<volume>1</volume><issue>2</issue><fpage>3</fpage><lpage>4</lpage>",
         {"container_volume": "1", "container_issue": "2", "container_start_page": "3", "pages": "3-4"}),
        ("<fpage>3</fpage><lpage>3</lpage>", {"container_start_page": "3"}),
        ("<elocation-id>e3</elocation-id>", {"container_start_page": "e3"}),
        ("<abstract><title>Abstract</title><sec><title>Aim</title><p>Why.</p></sec><p>So.</p></abstract>"
         "<abstract abstract-type='teaser'><p>Look!</p></abstract><trans-abstract xml:lang='fr'><p>Oui.</p>"
         "</trans-abstract>",
         {"description": "Aim: Why. So.",
          "other_abstracts": [{"type": "teaser", "text": "Look!"}, {"language": "fr", "text": "Oui."}]}),
        ("<article-categories><subj-group><subject>Review</subject><subj-group><subject>Eyes</subject></subj-group>"
         "</subj-group></article-categories><kwd-group><title>Keywords</title><kwd>a</kwd><kwd>b</kwd></kwd-group>"
         "<kwd-group kwd-group-type='abbreviations'><kwd>abbr</kwd></kwd-group>",
         {"topic": ["a", "b", "Review", "Eyes"]}),
        ("<self-uri xlink:href='http://e.org/1'/><permissions><copyright-statement>© X</copyright-statement>"
         "<license xlink:href='https://creativecommons.org/licenses/by/4.0/'><license-p>Free.</license-p></license>"
         "</permissions>",
         {"url": ["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1/", "http://e.org/1",
                  "https://creativecommons.org/licenses/by/4.0/"], "copyright": "© X", "license": "Free."}),
        ("<related-article related-article-type='corrected-article' xlink:href='10.1/b'/><funding-group><award-group>"
         "<funding-source>NIH</funding-source><award-id>7</award-id></award-group></funding-group>",
         {"related_articles": [{"relation": "corrected-article", "reference": "10.1/b"}], "grants": ["7/NIH"]}),
    ],
)  # fmt: skip
def test_what_an_article_says(meta: str, fields: dict[str, Any]):
    assert of(meta) == fields


@pytest.mark.parametrize(
    ("contributors", "fields"),
    [
        ("<contrib-group><contrib contrib-type='author'><contrib-id contrib-id-type='orcid'>https://orcid.org/"
         "0000-0001-8863-153X</contrib-id><name><surname>King</surname><given-names>M L</given-names><suffix>Jr"
         "</suffix></name><xref ref-type='aff' rid='a b'>1</xref></contrib></contrib-group>"
         "<aff id='a'><label>1</label> Here</aff><aff id='b'>There</aff>",
         {"author": ["King, M L Jr"], "author_details": [
             {"name": "King, M L Jr", "orcid": "0000-0001-8863-153X", "affiliations": ["Here", "There"]}]}),
        ("<contrib-group><contrib><string-name>Plato</string-name></contrib><contrib contrib-type='author'><collab>"
         "A Group<contrib-group><contrib><name><surname>Doe</surname></name></contrib></contrib-group></collab>"
         "</contrib></contrib-group>",
         {"author": ["Plato"], "author_corporate": ["A Group"], "investigators": ["Doe"]}),
        ("<contrib-group><contrib contrib-type='editor'><name><surname>Ed</surname></name></contrib></contrib-group>",
         {"author2": ["Ed"], "author2_role": ["editor"]}),
        ("<contrib-group><contrib><name-alternatives><name><surname>Ma</surname></name><name><surname>马</surname></name>"
         "</name-alternatives></contrib><contrib><anonymous/></contrib></contrib-group>", {"author": ["Ma"]}),
    ],
)  # fmt: skip
def test_who_wrote_it(contributors: str, fields: dict[str, Any]):
    assert of(contributors) == fields


@pytest.mark.parametrize(
    ("dates", "published", "electronic"),
    [
        ("<pub-date pub-type='epub'><day>1</day><month>8</month><year>2008</year></pub-date><pub-date pub-type='ppub'>"
         "<month>12</month><year>2008</year></pub-date>", "2008-12", "2008-08-01"),
        ("<pub-date pub-type='collection'><year>2022</year></pub-date><pub-date pub-type='epub'><day>12</day><month>11"
         "</month><year>2022</year></pub-date>", "2022-11-12", "2022-11-12"),
        ("<pub-date pub-type='collection'><year>2022</year></pub-date><pub-date pub-type='epub'><year>2021</year>"
         "</pub-date>", "2022", "2021"),
        ("<pub-date date-type='pub' publication-format='electronic'><day>3</day><month>2</month><year>2020</year>"
         "</pub-date>", "2020-02-03", "2020-02-03"),
        ("<pub-date pub-type='pmc-release'><year>2023</year></pub-date>", None, None),
        ("<pub-date><season>Fall</season><year>1999</year></pub-date>", "1999 Fall", None),
    ],
)  # fmt: skip
def test_when_it_was_published(dates: str, published: str | None, electronic: str | None):
    fields = of(dates)
    assert fields.get("publishDate") == (published and [published])
    assert fields.get("electronic_date") == electronic


def test_where_it_was_published_and_in_which_language():
    journal = (
        "<journal-id journal-id-type='nlm-ta'>B</journal-id><journal-title>Bio</journal-title><issn>0000-0019</issn>"
        "<publisher><publisher-name>MDPI</publisher-name></publisher>"
    )
    assert of(journal=journal) == {
        "container_title": "Bio", "journal_abbreviation": "B", "issn": ["0000-0019"], "publisher": ["MDPI"]
    }  # fmt: skip
    french = article(1).replace("<article ", "<article xml:lang='fr' ")
    assert document_of(jats.FORMAT, french.encode())["language"] == ["French"]


def test_a_folder_of_articles_is_one_dump(tmp_path: Path):
    (tmp_path / "1.nxml").write_text(DOCTYPE + article(1))
    assert looks.look_at(tmp_path / "1.nxml").kind is folders.Kind.PAGE


@pytest.mark.skipif(not SHARED.exists(), reason="the shared fixtures are not on this machine")
@pytest.mark.parametrize(
    ("name", "identifier", "authors", "published"),
    [
        ("1471-2180-11-174.nxml", "PMC3166277", ["Dennehy, John J", "Wang, Ing-Nang"], "2011-08-02"),
        ("1472-6831-8-11.nxml", "PMC2329613",
         ["van der Meulen, Marylee J", "John, Mike T", "Naeije, Machiel", "Lobbezoo, Frank"], "2008-04-11"),
        ("ehp-116-1694.nxml", "PMC2599765",
         ["Lema, Sean C.", "Dickey, Jon T.", "Schultz, Irvin R.", "Swanson, Penny"], "2008-12"),
    ],
)  # fmt: skip
def test_real_articles(name: str, identifier: str, authors: list[str], published: str):
    document = document_of(jats.FORMAT, (SHARED / name).read_bytes())
    assert (document["id"], document["author"], document["publishDate"]) == (identifier, authors, [published])
    assert document["doi_str_mv"][0].startswith("10.")
    assert len(document["description"]) > 1000


@given(st.data())
def test_mutated_articles_never_raise_and_chunks_change_nothing(data: st.DataObject):
    meta = "<title-group><article-title>A</article-title></title-group><contrib-group><contrib/></contrib-group>"
    text = bytearray(f"<articles>{article(1, meta)}{article(2)}</articles>".encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    whole = read(jats.FORMAT, bytes(text))
    split = read(jats.FORMAT, bytes(text), data.draw(st.integers(1, 400)))
    assert [one["id"] for one in split[0]] == [one["id"] for one in whole[0]]
