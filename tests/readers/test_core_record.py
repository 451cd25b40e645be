"""The rows of a record page as HTML that has no staff view, as VuFind's templates write them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipelines.readers.core_record import core_record
from pipelines.readers.page_metadata import described_document
from pipelines.readers.surroundings import Surroundings


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
    tab = f'<div class="tab-pane description-tab">{tab}</div>'
    text = page(row("Language", "English")).replace("</body>", tab + "</body>")
    assert document(text) == {"language": ["English"], "isbn": ["9783161484100"]}


def test_what_is_linked_counts_before_the_head_and_the_head_before_what_is_printed():
    head = (
        '<meta name="DC.title" content="T"><meta name="DC.language" content="ger">'
        '<meta name="DC.creator" content="B, C"><meta name="DC.issued" content="1999">'
        '<meta name="DC.subject" content="Head">'
    )
    rows = [
        row("Main Author", link(AUTHOR, "x")), row("Language", "Deutsch"), row("Published", "Wien, 1998"),
        row("Subjects", LAW), row("Edition", "2nd"),
    ]  # fmt: skip
    assert document(page(*rows, head=head)) == {
        "author": [MULLER], "language": ["ger"], "publishDate": ["1999"], "topic": ["Law"], "edition": "2nd",
    }  # fmt: skip


HEAD = '<meta name="DC.title" content="T"><meta name="DC.creator" content="A"><meta name="DC.creator" content="B">'


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ({"Other Authors": "B"}, {"author": ["A", "B"]}),
        # The vocabularies of the head put all under one name.
        ({"Other Authors": WITH}, {"author": ["A"], "author2": ["B"]}),
        ({"Main Author": BY}, {"author": [MULLER]}),
        ({"Main Author": BY, "Other Authors": WITH}, {"author": [MULLER], "author2": ["B"]}),
    ],
)
def test_who_is_credited_by_a_link_is_not_credited_again(rows: dict[str, str], found: dict[str, object]):
    assert document(page(*(row(label, cell) for label, cell in rows.items()), head=HEAD)) == found


UNIVERSITY = json.dumps({"@type": "CollegeOrUniversity", "name": "Some University", "description": "We teach"})


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="DC.title" content="Library Catalogue"><meta name="DC.date" content="2023">',
        f'<script type="application/ld+json">{UNIVERSITY}</script>',
    ],
)
def test_metadata_with_another_title_than_the_page_shows_are_of_its_site(head: str):
    assert document(page(row("Language", "English"), head=head)) == {"language": ["English"]}


def test_metadata_without_a_title_are_the_records():
    assert document(page(head='<meta name="citation_doi" content="10.1000/1">')) == {"doi_str_mv": ["10.1000/1"]}


@pytest.mark.parametrize(
    "beside",
    [
        '<span property="author"><a href="/Author/Home?author=Wrong">x</a></span>',
        '<div class="subject-line"><a href="/Search/Results?lookfor=Wrong&amp;type=Subject">x</a></div>',
        '<a data-doi="10.1000/other">x</a>',
    ],
)
def test_links_of_other_records_are_not_the_records(beside: str):
    text = page(row("Edition", "2nd")).replace("</table>", f'</table><div class="similar-items">{beside}</div>')
    assert document(text) == {"edition": "2nd"}


@pytest.mark.parametrize("name", ["row has-sidebar", "no-results", "search-result-wrapper", "record-unrelated"])
def test_names_that_only_sound_like_something_beside_the_record_are_none(name: str):
    text = page(row("Edition", "2nd")).replace("<table", f'<div class="{name}"><table')
    assert document(text) == {"edition": "2nd"}


def test_what_stands_around_many_tables_is_looked_at_once():
    """Each table had all around it looked at anew: a page of 300 kB took half a minute."""
    tables = f"<table>{row('Format', 'Map')}</table>" * 2_000
    text = page(row("Edition", "2nd")).replace("<body>", f'<body><div class="{"x " * 100_000}similar">{tables}</div>')
    assert document(text) in ({"edition": "2nd"}, {"edition": "2nd", "format": ["Map"]}, {"format": ["Map"]}, {})


BEFORE = {
    "a form": "<form><table>{}</table></form>",
    "what is hidden": "<div hidden><table>{}</table></div>",
    "a similar record": '<div class="similar-items"><table>{}</table></div>',
    "a list of results": '<ol class="result-list"><li><table>{}</table></li></ol>',
    "holdings": "<table>{}</table>",
    "what is not displayed": '<div style="display: none"><table>{}</table></div>',
    "other versions": '<div class="tab-pane versions-tab"><table>{}</table></div>',
}


@pytest.mark.parametrize("before", list(BEFORE))
def test_rows_of_something_else_are_not_read(before: str):
    """A wrong value is worse than one that is missing."""
    other = row("Format", "Map") + row("DOI", "10.1/other") + row("ISBN", "9780000000002") + row("Summary", "v. 1-10")
    rows = [row("Main Author", BY), row("Format", "Book"), row("Online Access", FULL_TEXT)]
    text = page(*rows).replace("<body>", f"<body>{BEFORE[before].format(other)}")
    assert document(text) == {"author": [MULLER], "format": ["Book"], "url": ["https://a.example/x?a=1&b=2"]}


def test_a_row_with_something_to_fill_in_is_not_read():
    cell = "<select><option>Book<option>Map</select>"
    assert document(page(row("Format", cell), row("Edition", "2nd"))) == {"edition": "2nd"}


@pytest.mark.parametrize(
    ("language", "label", "cell", "found"),
    [
        ("nl", "Gepubliceerd in", f"{JOURNAL} 12", {"container_title": "Journal of X", "container_reference": "12"}),
        ("nl", "Gepubliceerd in", PUBLISHED, {"publisher": ["Residenz-Verl.,"], "publishDate": ["1993"]}),
        ("nl", "Gepubliceerd in", "Leiden", {}),
        ("el", "Έκδοση", PUBLISHED, {"publisher": ["Residenz-Verl.,"], "publishDate": ["1993"]}),
        ("el", "Έκδοση", '<span property="bookEdition">2η</span>', {"edition": "2η"}),
        ("el", "Έκδοση", "2η", {}),
        ("de", "Beschreibung", "12 S.", {}),
        # The row of collections has the label of series.
        ("fr", "Collection", link('/Search/Results?filter[]=collection:"Special"', "Special"), {}),
        ("fr", "Collection", OLD_SERIES, {"series": ["Old Series"]}),
    ],
)
def test_where_labels_have_several_meanings_the_cell_tells(
    language: str, label: str, cell: str, found: dict[str, object]
):
    assert document(page(row(label, cell), row("ISBN", ""), language=language)) == found


def test_rows_with_one_label_follow_one_another():
    rows = [row("Online Access", FULL_TEXT), row("Online Access", link("https://b.example/", "x"))]
    assert document(page(*rows)) == {"url": ["https://a.example/x?a=1&b=2", "https://b.example/"]}


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("//b.example/x", "https://b.example/x"),
        ("HTTPS://B.example/x", "HTTPS://B.example/x"),
        ("https://b.example/openurl", "https://b.example/openurl"),
        ("https://c.example/files/1.pdf", "https://c.example/files/1.pdf"),
        ("https://c.example/vufind/Search/Results?x=1", None),
        ("https://c.example/Content/Cover?x", None),
        ("https://c.example/Record/8", None),
        ("https://catalog.hathitrust.org/Record/001234567", "https://catalog.hathitrust.org/Record/001234567"),
        ("mailto:a@b.example", None),
        ("http://[", None),
    ],
)
def test_addresses_that_stay_in_the_catalogue_are_none_of_the_record(address: str, url: str | None):
    assert document(page(row("Online Access", link(address, "x")))) == ({"url": [url]} if url else {})


@pytest.mark.parametrize(
    ("cells", "topics"),
    [
        (f"{ART}, {LAW}", ["Art", "Law"]),
        (f"<span>{ART}</span><span>{ITALY}</span>", ["Art", "Art Italy"]),
        (f"{ART}{ITALY}{LAW}", ["Art Italy", "Law"]),
        (link("/Search/Results?lookfor=%22Art+--+Italy%22&amp;type=Subject", "Italy"), ["Art Italy"]),
    ],
)
def test_a_subject_ends_where_another_one_begins(cells: str, topics: list[str]):
    assert document(page(row("Subjects", cells))) == {"topic": topics}


def test_subjects_within_subjects_are_told_once():
    """Each told all below it: a page of 178 kB took 12 seconds."""
    nested = f'<div class="subject-line">{ART}' * 2_000
    assert document(page().replace("</table>", f"</table>{nested}")) == {"topic": ["Art"]}


@pytest.mark.parametrize(("language", "shown"), [("de", "E-Book"), ("fr", "Livre numérique"), ("en", "eBook")])
def test_vufinds_own_format_is_one_in_every_language(language: str, shown: str):
    label = {"de": "Format", "fr": "Format", "en": "Format"}[language]
    assert document(page(row(label, formats(ebook=shown)), language=language)) == {"format": ["eBook"]}


@pytest.mark.parametrize(
    ("span", "format_"),
    [
        ('<span class="format dataset">Dataset</span>', "Dataset"),
        ('<span class="format dataset">Datensatz</span>', "Data Set"),
        ('<span class="format text thesis">Dissertation</span>', "Dissertation"),
    ],
)
def test_a_format_that_is_printed_as_it_is_indexed_stays(span: str, format_: str):
    assert document(page(row("Format", span), language="de")) == {"format": [format_]}


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("London : Routledge, Taylor & Francis Group, 2001, c2000.", ["2001, c2000."]),
        ("Leiden, Brill, [1999?]", ["[1999?]"]), ("Leiden Brill 1998 - 2001", ["1998 - 2001"]),
        ("LeidenBrill1999", None), ("S.l.", None), ("1" * 300 + ",", None),
    ],
)  # fmt: skip
def test_the_years_that_end_a_line_are_the_date(line: str, date: list[str] | None):
    assert document(page(row("Published", line))) == ({"publishDate": date} if date else {})


@pytest.mark.parametrize(
    "body",
    [
        '<div class="record recordId" id="record7"><a href="/Record/7/Cite">Cite</a><h1>T</h1></div>'
        '<div class="sidebar"><a href="/Record/8/Cite">Cite</a></div>',
        '<div class="record"><a href="/Record/7/Email?x">x</a><a href="/Record/7/Export?y">y</a><h1> T </h1></div>',
    ],
)
def test_a_page_of_vufind_1_is_told_by_what_can_be_done_with_its_record(body: str):
    found = described_document(LexborHTMLParser(f"<html><body>{body}</body></html>"))
    assert found == {"id": "7", "title": "T"}


def test_a_list_of_records_is_no_record():
    links = "".join(f'<a href="/Record/{number}/Cite">x</a>' for number in (1, 2))
    assert described_document(LexborHTMLParser(f'<div class="record">{links}<h1>T</h1></div>')) is None


def test_the_doi_for_which_full_texts_are_looked_for_is_the_records():
    one, other = (f'<span class="doiLink" data-doi="10.1000/{number}"></span>' for number in (1, 2))
    assert document(page().replace("</table>", f"</table>{one}{one}")) == {"doi_str_mv": ["10.1000/1"]}
    assert document(page().replace("</table>", f"</table>{one}{other}")) == {}


COINS = (
    '<span class="Z3988" title="url_ver&#x3D;Z39.88-2004&amp;rft.title&#x3D;T&#x2B;and&#x25;20lakes'
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
    assert found["title"] == "T and lakes"


OF_ANOTHER = COINS.replace("T&#x2B;and", "Other")
NO_TEXT = COINS.replace("L&#x25;C3", "L&#x25;FF")


@pytest.mark.parametrize("spans", [COINS * 2, COINS.replace("Z3988", "other"), NO_TEXT, OF_ANOTHER])
def test_of_several_context_objects_and_of_none_nothing_is_taken(spans: str):
    assert document(page().replace("</table>", f"</table>{spans}")) == {}


LABELS = ["Format", "Subjects", "Online Access", "Published", "Published in", "Main Author", "ISBN"]


@given(st.lists(st.sampled_from(LABELS), max_size=6), st.text("<>/abr td&;=\"'?:0123\n", max_size=60))
def test_any_cell_is_read(labels: list[str], cell: str):
    parsed = LexborHTMLParser(page(*(row(label, cell) for label in labels)))
    found = core_record(parsed, Surroundings())
    assert all(value for values in (found.told | found.shown).values() for value in values)
