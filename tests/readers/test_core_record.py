"""The rows of a record page as HTML that has no staff view, as VuFind's templates write them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipelines.readers.core_record import core_record
from pipelines.readers.page_metadata import described_document


def link(target: str, text: str) -> str:
    return f'<a href="{target}">{text}</a>'


def row(label: str, value: str) -> str:
    return f"<tr><th>{label}:</th><td>{value}</td></tr>"


def page(*rows: str, language: str = "en", head: str = "") -> str:
    """A page of the record 7."""
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><link rel="canonical" href="https://c.example/Record/7">{head}'
        f'</head><body><h1 property="name">T</h1><table class="table">{"".join(rows)}</table></body></html>'
    )


def document(text: str) -> dict[str, object]:
    found = described_document(LexborHTMLParser(text))
    assert found is not None
    assert (found.pop("id"), found.pop("title")) == ("7", "T")
    return found


MULLER = "Müller, A"
AUTHOR = "/Author/Home?author=M%C3%BCller%2C+A"
BY = link(AUTHOR, "A Müller")
WITH = link("/Author/Home?author=B", "B")
#: Version 1 names the author in a search.
BANK = link("/Search/Results?lookfor=%22Bank%2C+The%22&amp;type=Author", "The Bank")
OLD_SERIES = link("/Search/Results?lookfor=%22Old+Series%22&amp;type=Series", "Old Series")
JOURNAL = link("/Search/Results?lookfor=%22J%22&amp;type=JournalTitle", "Journal of X")
SPRINGER = link("/Search/Results?type=Publisher&amp;lookfor=Springer", "Springer")
ART, ITALY, LAW = (
    link(f"/Search/Results?lookfor=%22{heading}%22&amp;type=Subject", shown)
    for heading, shown in (("Art", "Art"), ("Art+Italy", "Italy"), ("Law", "Law"))
)
#: Marked up, in a theme that does not say of what record it is said.
PUBLISHED = (
    '<span property="publisher" typeof="Organization"><span property="location">Salzburg:</span> '
    '<span property="name">Residenz-Verl., </span></span> <span property="publicationDate">1993</span><br/>'
)
FULL_TEXT = link("https://a.example/x?a=1&amp;b=2", "Full text")
#: A resolver is asked about the record, and a page of the catalogue is none of its links.
RESOLVERS = (
    link("https://r.example/?ctx_ver=Z39.88-2004&amp;rft.isbn=1", "Get it")
    + '<a class="fulltext openUrl" href="https://r.example/2">Get it</a>'
    + link("/Record/8", "Part")
)


def formats(**names: str) -> str:
    return "\n".join(f'<span class="format {name}">{shown}</span>' for name, shown in names.items())


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ({"Main Author": f'<span class="author-data">\n{BY}\n</span>'}, {"author": [MULLER]}),
        ({"Main Author": BY, "Other Authors": f"{BY}, {WITH}"}, {"author": [MULLER], "author2": [MULLER, "B"]}),
        ({"Corporate Author": BANK}, {"author_corporate": ["Bank, The"]}),
        ({"Format": formats(online="Online", bookchapter="Book Chapter")}, {"format": ["Online", "Book Chapter"]}),
        ({"Format": '<span class="iconlabel book">Book</span>'}, {"format": ["Book"]}),
        ({"Format": "Book<br>Electronic<br>"}, {"format": ["Book", "Electronic"]}),
        ({"Edition": "2nd", "Kind of thing": formats(book="Book")}, {"edition": "2nd", "format": ["Book"]}),
        ({"Language": "English<br />German"}, {"language": ["English", "German"]}),
        ({"Edition": '<span property="bookEdition">2nd\n ed.</span>'}, {"edition": "2nd ed."}),
        ({"Series": f"{OLD_SERIES} 12\n<br/>"}, {"series": ["Old Series"]}),
        (
            {"Published in": f"{JOURNAL}\n Vol. 5 (2012), p. 3"},
            {"container_title": "Journal of X", "container_reference": "Vol. 5 (2012), p. 3"},
        ),
        ({"Published in": "Journal of X"}, {"container_title": "Journal of X"}),
        (
            {"Published": f"<span>Berlin\n{SPRINGER} </span><span>1998-2001</span><br>"},
            {"publisher": ["Springer"], "publishDate": ["1998-2001"]},
        ),
        ({"Published": PUBLISHED}, {"publisher": ["Residenz-Verl.,"], "publishDate": ["1993"]}),
        ({"Published": "Berlin : Springer, c1998.<br/>Wien, 1999<br/>"}, {"publishDate": ["c1998.", "1999"]}),
        # Each link of a line goes to the subject up to there.
        (
            {"Subjects": f'<div class="subject-line">{ART} &gt; {ITALY}</div><div class="subject-line">{LAW}</div>'},
            {"topic": ["Art Italy", "Law"]},
        ),
        ({"Subjects": f"{ART} &gt; {ITALY}<br/>{LAW}"}, {"topic": ["Art Italy", "Law"]}),
        (
            {"Online Access": f"{FULL_TEXT}<br/>{link('http://b.example/', 'http://b.example/')}<br/>"},
            {"url": ["https://a.example/x?a=1&b=2", "http://b.example/"]},
        ),
        ({"Online Access": RESOLVERS}, {}),
        (
            {"Language": "English", "Physical Description": "12 p.<br>ill.", "ISBN": "9783161484100<br>316148410X"},
            {"language": ["English"], "physical": ["12 p.", "ill."], "isbn": ["9783161484100", "316148410X"]},
        ),
        ({"Language": "x", "ISSN": "1234-5679", "DOI": "10.1000/182"},
         {"language": ["x"], "issn": ["1234-5679"], "doi_str_mv": ["10.1000/182"]}),
        # What has other labels, and rows that have nothing to show.
        ({"Call Number": "QA 76", "Tags": "No Tags", "Format": "", "Edition": " "}, {}),
    ],
)  # fmt: skip
def test_a_row_of_the_core_record_is_a_field(rows: dict[str, str], found: dict[str, object]):
    assert document(page(*(row(label, cell) for label, cell in rows.items()))) == found


@pytest.mark.parametrize(
    ("language", "rows", "found"),
    [
        (
            "de",
            [
                row("1. Verfasser", link(AUTHOR, MULLER)),
                row("Format", formats(book="Buch", electronic="Elektronisch")),
                row("Online-Zugang", link("https://a.example/", "Volltext")),
            ],
            {"author": [MULLER], "format": ["Book", "Electronic"], "url": ["https://a.example/"]},
        ),
        ("zh", [row("在线阅读", link("https://a.example/", "x"))], {"url": ["https://a.example/"]}),
        ("es", [row("Formato", formats(article="Artículo"))], {"format": ["Article"]}),
        # The language of the page is not said, or not true: that of its labels.
        ("en", [row("Acceso en línea", link("https://a.example/", "x"))], {"url": ["https://a.example/"]}),
        # A format that VuFind does not know has no name but the printed one.
        ("de", [row("Format", formats(hausarbeit2="Hausarbeit"))], {"format": ["Hausarbeit"]}),
    ],
)  # fmt: skip
def test_labels_are_those_of_the_page_and_values_are_put_back(language: str, rows: list[str], found: dict[str, object]):
    assert document(page(*rows, language=language)) == found


def test_rows_may_be_a_list_of_definitions():
    rows = f"<dl><dt>Format: </dt><dd>Book</dd><dt>Online Access: </dt><dd>{FULL_TEXT}</dd></dl>"
    found = {"format": ["Book"], "url": ["https://a.example/x?a=1&b=2"]}
    assert document(page().replace("<table", f"{rows}<table", 1)) == found


def test_rows_of_another_table_are_not_those_of_the_core_record():
    """The tab of the description has rows with the same labels that mean something else."""
    tab = f"<table>{row('Format', 'Mode of access: Internet')}{row('ISBN', '9783161484100')}</table>"
    text = page(row("Language", "English")).replace("</body>", tab + "</body>")
    assert document(text) == {"language": ["English"], "isbn": ["9783161484100"]}


def test_what_is_linked_counts_before_the_head_and_the_head_before_what_is_printed():
    head = (
        '<meta name="DC.language" content="ger"><meta name="DC.creator" content="B, C">'
        '<meta name="DC.issued" content="1999"><meta name="DC.subject" content="Head">'
    )
    rows = [
        row("Main Author", link(AUTHOR, "x")), row("Language", "Deutsch"), row("Published", "Wien, 1998"),
        row("Subjects", LAW), row("Edition", "2nd"),
    ]  # fmt: skip
    assert document(page(*rows, head=head)) == {
        "author": [MULLER], "language": ["ger"], "publishDate": ["1999"], "topic": ["Law"], "edition": "2nd",
    }  # fmt: skip


def test_credits_are_those_of_the_first_that_has_any():
    """The vocabularies of the head put all under one name: added to those of the links they were there twice."""
    head = '<meta name="DC.creator" content="A"><meta name="DC.creator" content="B">'
    assert document(page(row("Other Authors", "B"), head=head)) == {"author": ["A", "B"]}
    assert document(page(row("Other Authors", link("/Author/Home?author=B", "B")), head=head)) == {"author2": ["B"]}


COINS = (
    '<span class="Z3988" title="url_ver&#x3D;Z39.88-2004&amp;rft.title&#x3D;Rivers&#x2B;and&#x25;20lakes'
    "&amp;rft.date=1991&amp;rft.creator&#x3D;L&#x25;C3&#x25;BCscher&#x25;2C&#x2B;Max&amp;rft.pub=Goldmann&amp;rft.format=Book"
    '&amp;rft.language=German&amp;rft.issn=1234-5679&amp;rft.isbn="></span>'
)


def test_what_citation_managers_are_told_fills_what_nothing_else_tells():
    text = page(row("Language", "Deutsch")).replace("</table>", f"</table>{COINS}")
    assert document(text) == {
        "author": ["Lüscher, Max"], "publishDate": ["1991"], "publisher": ["Goldmann"], "format": ["Book"],
        "language": ["Deutsch"], "issn": ["1234-5679"],
    }  # fmt: skip
    untitled = text.replace('<h1 property="name">T</h1>', "")
    found = described_document(LexborHTMLParser(untitled))
    assert found is not None
    assert found["title"] == "Rivers and lakes"


@pytest.mark.parametrize("spans", [COINS * 2, COINS.replace("Z3988", "other"), COINS.replace("L&#x25;C3", "L&#x25;FF")])
def test_of_several_context_objects_and_of_none_nothing_is_taken(spans: str):
    assert document(page().replace("</table>", f"</table>{spans}")) == {}


LABELS = ["Format", "Subjects", "Online Access", "Published", "Published in", "Main Author", "ISBN"]


@given(st.lists(st.sampled_from(LABELS), max_size=6), st.text("<>/abr td&;=\"'?:0123\n", max_size=60))
def test_any_cell_is_read(labels: list[str], cell: str):
    found = core_record(LexborHTMLParser(page(*(row(label, cell) for label in labels))))
    assert all(value for values in (found.told | found.shown).values() for value in values)


@pytest.mark.parametrize(
    "cell",
    [
        "1" * 300_000 + ",", "<div>" * 15_000, "<br>" * 100_000, f"{ART}<br>" * 5_000,
        "</td></tr><tr><th>Format:</th><td>" * 20_000,
    ],
)  # fmt: skip
def test_large_cells_take_time_by_their_size(cell: str):
    began = time.process_time()
    core_record(LexborHTMLParser(page(*(row(label, cell) for label in ("Published", "Subjects", "Format")))))
    assert time.process_time() - began < 10
