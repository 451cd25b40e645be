"""Record pages as HTML: the staff view is the document, in old and new themes; without one, head and links tell."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dumps import survey
from pipelines.readers import page_html
from pipelines.readers.chunks import Piece, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.streams import ByteStream

PAGES = Path(__file__).parents[3] / "shared" / "dumps" / "pages"
needs_pages = pytest.mark.skipif(not PAGES.exists(), reason="the shared pages are not on this machine")

HEAD = '<!DOCTYPE html>\n<html lang="fi"><head><meta charset="utf-8"><title>T</title></head>\n<body>\n'
CORE = '<table><tr><th>Tekijät: </th><td><a href="/Author/Home?author=X">X</a></td></tr></table>\n'
FOOT = "</body></html>\n"


def detail(*values: str) -> str:
    return "".join(f'<span class="detail">{value}</span><br>\n' for value in values)


def row(name: str, cell: str) -> str:
    return f"<tr><th>{name}</th><td>{cell}</td></tr>\n"


def staff(*rows: str, identifier: str = "1") -> str:
    return '<table class="citation">' + row("id", detail(identifier)) + "".join(rows) + "</table>\n"


def read(text: str | bytes) -> tuple[list[dict[str, Any]], list[str]]:
    data = text.encode() if isinstance(text, str) else text
    batch = page_html.FORMAT.parse((Piece("page.html", "", 0, 1, data),))
    return list(to_documents(batch.documents)), batch.quarantined.column("reason").to_pylist()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("count", [1, 20])
def test_values_that_a_program_has_set_in_lines_of_their_own_are_as_without(end: str, count: int):
    table = staff(row("topic", detail("A", "B, C")), row("title", detail("a\n  title ")), identifier="lib 1")
    set_in = table.replace('">', f'">{end}   ').replace("</span>", f"{end}  </span>{end}  ")
    documents, refused = read((HEAD + set_in + FOOT) * count)
    assert refused == []
    for one in documents:
        assert (one["id"], one["topic"], one["title"]) == ("lib 1", ["A", "B, C"], "a\n  title")


def test_reads_the_staff_view_of_a_page():
    page = HEAD + CORE + staff(row("_version_", detail("17")), row("author", detail("Wu, B", "Li, A"))) + FOOT
    [document], refused = read(page)
    assert refused == []
    assert document == {
        "id": "1", "_version_": 17, "author": ["Wu, B", "Li, A"],
        "_lineage": {"file": "page.html", "member": "", "offset": 0, "length": len(page.encode()), "line": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("topic", detail("A", "B"), ["A", "B"]),
        ("topic", detail("A"), ["A"]),
        ("topic", detail("", "editor"), ["", "editor"]),
        ("topic", "", None),
        ("topic", "\n   A<br />\n   B, C<br />\n  ", ["A", "B, C"]),
        ("topic", "\n   <br />\n   editor<br />\n  ", ["", "editor"]),
        ("topic", "A<br>B", ["A", "B"]),
        ("topic", '<span class="detail-value">A</span><br><span class="detail-value">B</span><br>', ["A", "B"]),
        ("topic", '<span class="detail">A</span> and B<br>', ["A and B"]),
        ("topic", '<div class="detail-value">A</div><div class="detail-value"> B </div>', ["A", "B"]),
        ("topic", "\n <ul>\n <li>A</li>\n <li><a href='#'>B</a></li></ul>\n", ["A", "B"]),
        ("topic", "A<p>B</p>C<br>D", ["A", "B", "C", "D"]),
        ("topic", "<div><ul><li>A</li><li>B</li></ul></div>", ["A", "B"]),
        ("topic", "<div><div>A</div><div>B</div></div>", ["A", "B"]),
        ("topic", "<div>A<br>B</div>", ["A", "B"]),
        ("topic", f"<div>{detail('A', 'B ')}</div>", ["A", "B "]),
        ("topic", "<ol><li>A<ul><li>A1</li></ul></li><!-- x --><li>B</li></ol>", ["A", "A1", "B"]),
        ("topic", "<li>A</li><li>B</li>", ["A", "B"]),
        ("topic", f"{'<div>' * 2000}A{'</div>' * 2000}", ["A"]),
        ("title", detail("a &lt;i&gt; &amp;amp; &quot;b&quot; &#039;c"), 'a <i> &amp; "b" \'c'),
        ("title", detail("  blanks stay "), "  blanks stay "),
        # A program that sets each text in a line of its own does so with the id too.
        ("title", '<span class="detail">\n   a\n  title\n  </span><br>', "\n   a\n  title\n  "),
        ("title", detail("\n  begins"), "\n  begins"),
        ("title", detail("ends\n"), "ends\n"),
        ("title", "\n    a title\n<br />\n", "a title"),
        ("description", detail("two\nlines"), "two\nlines"),
        ("description", "\n  two\nlines<br />\n", "two\nlines"),
        ("description", detail("<script>alert(1)</script>x".replace("<", "&lt;")), "<script>alert(1)</script>x"),
        ("local_str", detail("a"), "a"),
        ("local_str", detail("a", "b"), ["a", "b"]),
        ("local_str_mv", detail("a"), ["a"]),
        ("dc.title[fi]", detail("a"), "a"),
        ("_version_", detail("x"), "x"),
        ("container_title", detail("a", "b"), ["a", "b"]),
        ("local", '<span class="term">KeyA:</span> <span class="detail">1</span><br>\n', "KeyA: 1"),
        ("local", '<span class="term">K:</span><br>\n&ensp;&ensp;&ndash;&ensp;' + detail("1", "2"), ["1", "2"]),
        ("title", "<!-- cached -->" + detail("t"), "t"),
    ],
)
def test_reads_a_cell(name: str, cell: str, value: object):
    [document], refused = read(HEAD + staff(row(name, cell)) + FOOT)
    assert refused == []
    assert document.get(name) == value


def test_a_staff_view_may_have_column_headings_and_several_bodies():
    rows = [row("id", detail("1")), row("title", detail("t"))]
    table = f"<table><thead><tr><th>Field</th><th>Value</th></tr></thead><tbody>{'</tbody><tbody>'.join(rows)}</table>"
    [document], refused = read(HEAD + table + FOOT)
    assert (document["id"], document["title"], refused) == ("1", "t", [])


def test_a_table_by_itself_is_a_page():
    fragment = "<h2>Record</h2>\n" + staff(row("title", detail("t")))
    assert page_html.FORMAT.recognises(fragment.encode())
    [document], refused = read(fragment)
    assert (document["id"], document["title"], refused) == ("1", "t", [])


@pytest.mark.parametrize(
    ("head", "recognised"),
    [
        (HEAD, True),
        ("\ufeff\n<!-- saved from url -->\n<!doctype HTML PUBLIC>", True),
        ('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">', True),
        ("<HTML>", True),
        ("<html5>", False),
        ('<?xml version="1.0"?><record><id>1</id></record>', False),
        ("<table><tr><th>Name</th><td>x</td></tr></table>", False),
        ("<collection><record/></collection>", False),
        ("text <!DOCTYPE html>", False),
        ("<!-- a -->" * 5000 + "x", False),
        ("<div>" + "<th " * 5000, False),
    ],
)
def test_recognises_html_by_how_it_begins(head: str, recognised: bool):
    assert page_html.FORMAT.recognises(head.encode()) is recognised


META = (
    '<link rel="canonical" href="https://catalogue.example/vufind/Record/lib.1%2F2/Details#tabnav">'
    '<meta name="DC.title" content="A &amp; B"><meta name="DC.creator" content="Wu, B">'
    '<meta name="DC.creator" content="Li, A"><meta name="DC.issued" content="2020">'
    '<meta name="DC.identifier" content="10.1000/x"><meta name="DC.identifier" content="1234-5678">'
    '<meta name="citation_title" content="A &amp; B"><meta name="citation_volume" content="7">'
)
DESCRIBED = {
    "id": "lib.1/2", "title": "A & B", "author": ["Wu, B", "Li, A"], "publishDate": ["2020"],
    "doi_str_mv": ["10.1000/x"], "issn": ["1234-5678"], "container_volume": "7",
}  # fmt: skip
LINKS = (
    '<span property="author"><a href="/vufind/Author/Home?author=Wu%2C+B">Wu, B, 1970-</a> (VerfasserIn)</span>'
    '<span property="contributor"><a href="/vufind/Author/Home?author=Li%2C+A">Li, A</a></span>'
    '<div class="subject-line"><a href="?lookfor=%22Art%22&amp;type=Subject">Art</a> &gt; '
    '<a href="?lookfor=%22Art+Italy%22&amp;type=Subject">Italy</a></div>'
)
JSON_LD = {
    "@context": "https://schema.org", "@type": ["Book", "Product"], "name": "A & B", "isbn": "9783161484100",
    "author": [{"@type": "Person", "name": "Wu, B"}], "datePublished": 2020, "publisher": {"name": "P"},
}  # fmt: skip
SCRIPT = '<script type="application/ld+json">{}</script>'
#: As VuFind's templates mark up what they show (data-publicationDetails.phtml and its neighbours).
MARKED_UP = (
    '<div vocab="http://schema.org/" resource="#record" typeof="Book Product"><h1 property="name">A\n B</h1>'
    '<span property="publisher" typeof="Organization"><span property="location">Berlin</span>'
    ' <span property="name">Springer</span></span> <span property="publicationDate">2011</span>'
    '<span property="inLanguage">German</span><span property="bookEdition" content="2nd">Second</span>'
    '<span property="isbn">9783161484100</span><a property="url" href="https://a.example/x">Online</a>'
    '<a property="url" href="/Record/7">This page</a>'
    '<div typeof="Book"><span property="name">Similar</span><span property="isbn">9780000000002</span></div></div>'
)
HIDDEN = '<div class="record sourceSolr"><input class="hiddenId" value="7"></div>'


@pytest.mark.parametrize(
    ("head", "body", "document"),
    [
        (META, "", DESCRIBED),
        (META, LINKS, {**DESCRIBED, "author": ["Wu, B"], "author2": ["Li, A"], "topic": ["Art Italy"]}),
        (
            SCRIPT.format(json.dumps([{"@type": "WebSite", "name": "Site"}, JSON_LD])),
            HIDDEN,
            {
                "id": "7", "title": "A & B", "author": ["Wu, B"], "publishDate": ["2020"], "publisher": ["P"],
                "isbn": ["9783161484100"],
            },
        ),
        ("", HIDDEN + '<h1 property="name">A\n B</h1>', {"id": "7", "title": "A B"}),
        (
            "",
            HIDDEN + MARKED_UP,
            {
                "id": "7", "title": "A B", "publisher": ["Springer"], "publishDate": ["2011"], "language": ["German"],
                "isbn": ["9783161484100"], "edition": "2nd", "url": ["https://a.example/x"],
            },
        ),
        (
            SCRIPT.format(json.dumps({"@type": "Book", "name": "t", "url": "https://l.example/Record/7"})),
            HIDDEN,
            {"id": "7", "title": "t"},
        ),
        (SCRIPT.format("{no"), HIDDEN + '<h1 property="name">t</h1>', {"id": "7", "title": "t"}),
    ],
)  # fmt: skip
def test_without_a_staff_view_head_and_links_tell(head: str, body: str, document: dict[str, object]):
    [found], refused = read(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>")
    found.pop("_lineage")
    assert (found, refused) == (document, [])


MARC = '<table class="citation"><tr><th>LEADER</th><td>00000cam</td></tr><tr><th>001</th><td>1</td></tr></table>'
NO_RECORD = "an HTML page that shows no record: no staff view, no title with a record's address"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (HEAD + FOOT, NO_RECORD),
        (HEAD + MARC + FOOT, NO_RECORD),
        (HEAD + HIDDEN + HIDDEN.replace("7", "8") + '<h1 property="name">t</h1>' + FOOT, NO_RECORD),
        (
            HEAD + "".join(f'<h1>t</h1><a href="/Record/{number}/Cite">Cite</a>' for number in range(3)) + FOOT,
            "an HTML page that shows no record: no staff view, no address of its own (canonical link, hiddenId), and 3 "
            "records with which something can be done",
        ),
        (HEAD, "no staff view and no </html>: a page cut off, or of something else"),
        (HEAD + staff() + staff(identifier="2") + FOOT, "a page with 2 staff views that differ"),
        (HEAD + staff() * 9 + FOOT, "a page with 9 staff views"),
        (HEAD + "<div>" * 20_001 + staff() + FOOT, "elements are nested more than 20,000 deep"),
        (HEAD + staff(identifier=" ") + FOOT, "no id: the field id is empty"),
        (
            HEAD.encode() + staff(row("title", "T<br>")).encode().replace(b"T<", b"\xe9<") + FOOT.encode(),
            "not UTF-8: byte 0xe9 in the field title",
        ),
    ],
)
def test_a_page_that_shows_no_record_is_quarantined(page: str | bytes, reason: str):
    assert read(page) == ([], [reason])


TABLE = staff(row("title", detail("a &amp; b")), row("topic", detail("c", "d")))


@pytest.mark.parametrize("head", [HEAD + CORE, ""])
def test_a_page_cut_off_before_its_staff_view_ends_is_never_half_a_document(head: str):
    whole = read(head + TABLE)[0][0]
    whole.pop("_lineage")
    for end in range(1, len(TABLE)):
        documents, refused = read(head + TABLE[:end])
        if documents:
            documents[0].pop("_lineage")
            assert TABLE[:end].endswith(("</table", "</table>")), TABLE[:end]
            assert documents == [whole]
        else:
            assert "cut off" in refused[0]


@pytest.mark.parametrize(
    ("declared", "encoding"), [("iso-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("UTF-8", "utf-8")]
)
def test_a_page_is_read_in_the_encoding_it_declares(declared: str, encoding: str):
    title = "Übung" if encoding != "cp1251" else "Война и мир"
    page = HEAD.replace("utf-8", declared).replace("Tekijät", "") + staff(row("title", detail(title))) + FOOT
    [document], refused = read(page.encode(encoding))
    assert (document["title"], refused) == (title, [])


def test_bytes_that_are_no_text_do_no_harm_outside_of_the_document():
    page = HEAD.encode() + b"<p>Gr\xfc\xdfe</p>" + staff(row("title", detail("t"))).encode() + FOOT.encode()
    [document], refused = read(page)
    assert (document["title"], refused) == ("t", [])


@pytest.mark.parametrize("chunk_bytes", [1, 300, 1 << 20])
@pytest.mark.parametrize("start", ["<!DOCTYPE html>\n<html>", "<html>", "\n<!DOCTYPE HTML PUBLIC 'x'><HTML lang='de'>"])
def test_a_file_of_several_pages_is_cut_where_one_begins(start: str, chunk_bytes: int):
    pages = [
        f"{start}<head><title>t</title></head><body>{staff(identifier=str(number))}<p>after</p></body></html>"
        for number in range(20)
    ]
    data = "".join(pages).encode() + b"\n<!-- end -->"
    parts = list(page_html.FORMAT.split("f", "", ByteStream(iter([data])), chunk_bytes))
    pieces = tuple(part for part in parts if isinstance(part, Piece))
    assert b"".join(piece.data for piece in pieces) == data
    batch = page_html.FORMAT.parse(pieces)
    assert batch.documents.column("id").to_pylist() == [str(number) for number in range(20)]
    for offset, length, line in zip(
        *(batch.documents.column(name).to_pylist() for name in ("offset", "length", "line")), strict=True
    ):
        assert data[offset:][:length].lstrip().startswith(start.strip().encode()) or offset == 0
        assert data.count(b"\n", 0, offset) == line - 1


@pytest.mark.parametrize(
    "noise",
    [
        '<script>var page = "<!DOCTYPE html><html><body></body></html>";</script>',
        "<script>w.write('<html>')</script>",
        "<p>&lt;!DOCTYPE html&gt;</p>",
    ],
)
def test_html_within_a_page_begins_no_page(noise: str):
    documents, refused = read(HEAD + noise + staff() + FOOT)
    assert ([one["id"] for one in documents], refused) == (["1"], [])


def test_conditions_for_old_browsers_begin_no_page():
    page = '<!DOCTYPE html>\n<!--[if IE 7]> <html class="ie7"> <![endif]-->\n<!--[if !IE]><!--> <html> <!--<![endif]-->'
    documents, refused = read(page + "<head></head><body>" + staff() + FOOT)
    assert ([one["id"] for one in documents], refused) == (["1"], [])


def test_a_broken_page_does_not_harm_those_beside_it():
    good = HEAD + staff() + FOOT
    broken = HEAD + CORE + staff(row("title", detail("t")))[:-40]
    documents, refused = read(good + broken + good + HEAD + FOOT + good)
    assert [one["id"] for one in documents] == ["1", "1", "1"]
    assert refused == ["the page is cut off in the staff view", NO_RECORD]


def test_a_deep_page_and_a_long_value_are_read():
    flat = "<p>" * 20_000 + "<span><br></span>" * 20_000
    deep = (
        HEAD + flat + "<div><b>" * 4_000 + "</b></div>" * 4_000 + staff(row("title", "<i>" * 10_000 + "t<br>")) + FOOT
    )
    assert read(deep)[0][0]["title"] == "t"
    assert len(read(HEAD + staff(row("title", detail("x" * 5_000_000))) + FOOT)[0][0]["title"]) == 5_000_000


fragments = st.sampled_from(
    [
        HEAD,
        CORE,
        FOOT,
        TABLE,
        staff(),
        MARC,
        META,
        LINKS,
        HIDDEN,
        "<html>",
        "<table>",
        "<tr><th>id</th><td>",
        "<!--",
        "'",
    ]
)


@given(st.lists(fragments | st.text(max_size=8), max_size=8), st.binary(max_size=8), st.integers(1, 400))
def test_any_bytes_are_documents_or_quarantined(parts: list[str], noise: bytes, chunk_bytes: int):
    data = "".join(parts).encode(errors="replace") + noise
    pieces = tuple(page_html.FORMAT.split("f", "", ByteStream(iter([data])), chunk_bytes))
    kept = tuple(piece for piece in pieces if isinstance(piece, Piece))
    assert (b"".join(piece.data for piece in kept), len(kept)) == (data, len(pieces))
    batch = page_html.FORMAT.parse(kept)
    spans = sorted(
        (row["offset"], row["length"]) for table in (batch.documents, batch.quarantined) for row in table.to_pylist()
    )
    position = 0
    for offset, length in spans:
        assert offset == position
        position += length
    assert position == len(data)
    whole = page_html.FORMAT.parse((Piece("f", "", 0, 1, data),)) if data else batch
    assert whole.documents.equals(batch.documents)
    assert whole.quarantined.equals(batch.quarantined)


def test_a_folder_of_pages_is_one_dump_and_a_folder_of_dumps_with_a_web_page_is_not(tmp_path: Path):
    pages, dumps = tmp_path / "lib" / "2024", tmp_path / "city"
    pages.mkdir(parents=True)
    dumps.mkdir()
    for number in range(3):
        (pages / f"{number}.html").write_text(HEAD + staff(identifier=str(number)) + FOOT)
    (dumps / "index.html").write_text(HEAD + FOOT)
    (dumps / "2024.jsonl").write_text('{"id": "1"}')
    assert [(one.source, one.name) for one in survey(pages).dumps] == [("lib", "2024")]
    assert ("city", "2024") in [(one.source, one.name) for one in survey(dumps).dumps]


@needs_pages
def test_pages_in_three_languages_give_the_documents_behind_them():
    truth = {}
    for line in zstd.open(PAGES / "acl-html.truth.jsonl.zst", "rt", encoding="utf-8"):
        page = json.loads(line)
        # The schema of frames has several values for the one that this field holds.
        truth["pages/" + page["page"]] = page["doc"] | {"spelling": [page["doc"]["spelling"]]}
    for chunk in read_chunks(PAGES / "acl-html.tar.gz"):
        assert not isinstance(chunk, Unreadable)
        batch = parse_chunk(chunk)
        assert batch.quarantined.num_rows == 0
        for document in to_documents(batch.documents):
            assert document == truth.pop(document["_lineage"]["member"]) | {"_lineage": document["_lineage"]}
    assert truth == {}


@needs_pages
def test_the_table_alone_gives_the_same_document_as_the_whole_page():
    with tarfile.open(PAGES / "acl-html.tar.gz") as archive:
        members = [one for one in archive if one.isfile()][:50]
        for member in members:
            opened = archive.extractfile(member)
            assert opened
            page = opened.read()
            table = page[page.index(b'<table class="citation') : page.rindex(b"</table>") + len(b"</table>")]
            old = table.replace(b'<span class="detail">', b"\n          ").replace(b"</span><br>", b"<br />\n")
            documents = [read(one)[0][0] for one in (page, table, old)]
            for document in documents:
                document.pop("_lineage")
            assert documents[0] == documents[1]
            # The old template's blanks cannot be told from those of a value.
            assert {name: _stripped(value) for name, value in documents[0].items()} == documents[2]


def _stripped(value: object) -> object:
    if isinstance(value, list):
        return [_stripped(one) for one in value]
    return value.strip() if isinstance(value, str) else value


def test_a_page_is_told_by_the_row_of_its_id_where_a_program_left_out_ends_that_may_be_left_out():
    assert page_html.FORMAT.shows_record((HEAD + staff().replace("</th>", "") + FOOT).encode())
