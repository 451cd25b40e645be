"""Record pages of MARC catalogues as HTML: the table of MARC fields is the record, whoever put what around it."""

import re
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.readers import marc21, page_columns, page_html
from pipelines.readers.chunks import Batch, Piece
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.deletions import apart
from pipelines.readers.documents import to_documents
from pipelines.readers.marc_record import SUBFIELD, MarcRecord, write_record
from pipelines.readers.marc_view_columns import as_marcxml, read_views
from pipelines.readers.pages import WORTH_COLUMNS
from pipelines.records import LACKING
from tests.readers.reading import needs_compiled_code

LEADER = "00000nam a2200000 a 4500"
FIXED = "121103s2004    enka     b    000 0 eng c"
TITLE = ("245", f'10{SUBFIELD}aRivers & <lakes> :{SUBFIELD}b"two" |a stories /')
LINK = ("856", f"40{SUBFIELD}uhttp://example.org/1?a=1&b=2{SUBFIELD}3Contents")
RECORD = MarcRecord(
    LEADER, [("001", "a 1"), ("008", FIXED), ("100", f"1 {SUBFIELD}aCruz, Ana,{SUBFIELD}d1950-"), TITLE, LINK], []
)


def subfields(text: str, no_break: str) -> str:
    codes = [(part[0], escape(part[1:], quote=False)) for part in text.split(SUBFIELD)[1:]]
    return "".join(f"<strong>|{code}</strong>{no_break}{value}{no_break}\n  " for code, value in codes)


def table(record: MarcRecord, no_break: str = "&nbsp;", css: str = "staff-view--marc table") -> str:
    """As VuFind's ``record-marc.xsl`` writes it."""
    rows = [f'<tr class="marc-row-LEADER">\n<th>LEADER</th>\n<td colspan="3">{record.leader}</td>\n</tr>\n']
    for tag, text in record.content:
        if tag < "010":
            cells = f'<td colspan="3">{escape(text, quote=False)}</td>\n'
        else:
            inner = subfields(text, no_break)
            cells = "".join(f'<td class="marc__ind">{sign}</td>\n' for sign in text[:2])
            cells += f'<td class="marc__field">{inner}</td>\n'
        rows.append(f'<tr class="marc-row-{tag}">\n<th class="marc__tag">{tag}</th>\n{cells}</tr>\n')
    widths = '<tr class="pace-car">\n<th class="marc__tag"></th>\n<td class="marc__ind"></td>\n</tr>\n'
    return f'<table class="{css}">\n{widths}{"".join(rows)}</table>\n'


def page(view: str, identifier: str = "a 1") -> str:
    address = f"https://example.org/Record/{identifier.replace(' ', '%20')}"
    head = f'<!DOCTYPE html>\n<html lang="de"><head><title>T</title><link rel="canonical" href="{address}"></head>\n'
    return f"{head}<body>\n<table><tr><th>Format:</th><td>Book</td></tr></table>\n{view}</body></html>\n"


def parse(text: str) -> Batch:
    return page_html.FORMAT.parse((Piece("page.html", "", 0, 1, text.encode()),))


def read(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    batch = parse(text)
    return list(to_documents(batch.documents)), batch.quarantined.column("reason").to_pylist()


def without_lineage(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name != "_lineage"} for one in documents]


def of_binary(record: MarcRecord) -> dict[str, Any]:
    """The document of the same record in MARC 21."""
    batch = marc21.FORMAT.parse((Piece("dump.mrc", "", 0, 0, write_record(record).encode()),))
    [document] = without_lineage(list(to_documents(batch.documents)))
    return document


def both_ways(text: str) -> list[dict[str, Any]]:
    """The documents of a page by itself and of as many as are read in columns; all are the same."""
    alone, refused = read(text)
    many, refused_of_many = read(text * WORTH_COLUMNS)
    assert (refused, refused_of_many) == ([], [])
    assert without_lineage(many) == without_lineage(alone) * WORTH_COLUMNS
    return without_lineage(alone)


@pytest.mark.parametrize("no_break", ["&nbsp;", "\u00a0"])
@pytest.mark.parametrize("css", ["staff-view--marc table table-striped", "citation table table-striped"])
def test_the_table_is_read_as_the_record_in_marc_21_is(no_break: str, css: str):
    view = table(RECORD, no_break, css)
    if IS_COMPILED:
        written = as_marcxml(view.strip().encode())
        assert written is not None
        assert len(read_views([written], ["a 1"])[1]) == 1
    [document] = both_ways(page(view))
    assert document == of_binary(RECORD)
    assert (document["id"], document["url"]) == ("a 1", ["http://example.org/1?a=1&b=2"])
    assert document["title"] == 'Rivers & <lakes> : "two" |a stories /'


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('<th class="marc__tag">', "<th>"),
        ("\n<td", "<td"),
        ("</tr>\n", "</tr>\n\n   "),
        ("&nbsp;\n  ", "&nbsp;"),
        ("</table>", "</tbody></table>"),
        ('"marc__tag"></th>\n<td class="marc__ind"></td>', '"marc__tag">Tag</th>\n<th>First Indicator</th>'),
        ('<td class="marc__field">', '<td class="marc__field"><span class="field245">'),
        ("<strong>", "<b></b><strong>"),
        ("<tr", "<TR"),
        ("<th>LEADER</th>", "<TH>LEADER&nbsp;</TH>"),
        ('<td colspan="3">', '<td colspan="3" title="x>y">'),
        ("&nbsp;", "&#160;"),
        ("<th>LEADER</th>\n", "<th> LEADER </th><!-- x -->\n"),
        ('<tr class="marc-row-856">', "<tr</table>"),
        ('<tr class="marc-row-856">', '<tr x"</table>'),
        ('<tr class="marc-row-856">', '<tr x="</table>">'),
    ],
)  # fmt: skip
def test_what_a_theme_or_a_program_has_put_around_the_fields_changes_nothing(written: str, instead: str):
    view = table(RECORD)
    changed = view.replace(written, instead)
    assert changed != view
    [document] = both_ways(page(changed))
    assert document == of_binary(RECORD)


@pytest.mark.parametrize("leader", [LEADER, LEADER.replace("00000", "     ", 1)])
def test_a_table_that_a_program_has_set_in_lines_is_read_without_them(leader: str):
    record = MarcRecord(leader, RECORD.content, [])
    view = re.sub(r"(<(?:t[hd]|strong)(?: [^<>]*)?>)([^<]*)(</)", r"\1\n     \2\n    \3", table(record))
    view = re.sub(r"(</strong>)([^<]*)(<)", r"\1\n     \2\n    \3", view)
    assert view.count("\n") > 60
    assert both_ways(page(view)) == [of_binary(record)]


_VALUE = st.text(st.characters(exclude_categories=["C"], include_characters="<>&|\"' \u00a0"), min_size=1).filter(
    str.strip
)
_FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["020", "100", "245", "260", "650", "700", "856", "880", "999"]),
        st.text("01 ab", min_size=2, max_size=2),
        st.lists(st.tuples(st.sampled_from("abcdtuvxz036"), _VALUE), min_size=1, max_size=4),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(_FIELDS, st.sampled_from(["&nbsp;", "\u00a0"]))
def test_any_record_is_read_as_in_marc_21(fields: list[Any], no_break: str):
    content = [("001", "a 1"), ("008", FIXED), ("245", f"10{SUBFIELD}aRivers")]
    content += [
        (tag, signs + "".join(SUBFIELD + code + value for code, value in parts)) for tag, signs, parts in fields
    ]
    record = MarcRecord(LEADER, content, [])
    expected = of_binary(record)
    assert both_ways(page(table(record, no_break))) == [expected]


def test_the_id_of_the_page_is_that_of_the_index():
    [document] = both_ways(page(table(RECORD), identifier="lib.a1"))
    assert document["id"] == "lib.a1"
    [document] = both_ways(page(table(MarcRecord(LEADER, RECORD.content[1:], []))))
    assert document["id"] == "a 1"
    assert document["marc_error"] == ["field 001 was missing: it is the id of the page"]


def test_a_blank_001_is_none():
    [document] = both_ways(page(table(MarcRecord(LEADER, [("001", " "), *RECORD.content[1:]], []))))
    assert document["id"] == "a 1"


def test_codes_and_tags_may_be_any():
    content = [*RECORD.content, ("500", f"  {SUBFIELD} blank{SUBFIELD}9nine"), ("AVA", f"  {SUBFIELD}8x")]
    record = MarcRecord(LEADER, content, [])
    assert both_ways(page(table(record))) == [of_binary(record)]


def test_tables_within_tables_end_in_bounded_time():
    deep = "<html>" + "<table><tr><th>LEADER</th><td>x</td></tr><tr><th>245</th><td>" * 2_000 + "</html>"
    assert read(deep) == ([], ["a page with 2,000 staff views"])


def test_a_table_by_itself_has_its_own_id():
    assert page_html.FORMAT.recognises(table(RECORD).encode())
    [document], refused = read(table(RECORD))
    assert (document["id"], refused) == ("a 1", [])


def test_what_a_catalogue_shows_is_not_deleted():
    record = MarcRecord(LEADER.replace("nam", "dam"), RECORD.content, [])
    for text in (page(table(record)), page(table(record)) * WORTH_COLUMNS):
        documents, deletions = apart(parse(text).documents)
        assert (documents.num_rows, deletions.num_rows) == (text.count("<html"), 0)


def test_a_page_with_such_a_table_shows_its_staff_view():
    assert parse(page(table(RECORD))).documents.column("staff_view").to_pylist() == [None]
    hidden = page("<div property='name'>x</div><meta name='DC.title' content='Rivers'>")
    assert parse(hidden).documents.column("staff_view").to_pylist() == [LACKING]


NOT_BIBLIOGRAPHIC = "no bibliographic record by its leader (position 6 is x: holdings), but it has a title"
WITHOUT_LINK = MarcRecord(LEADER, RECORD.content[:-1], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (page(table(RECORD)).split("<strong>|u")[0], "the page is cut off in the staff view"),
        (page(table(RECORD) + table(WITHOUT_LINK)), "a page with 2 staff views that differ"),
        (page(table(MarcRecord(LEADER.replace("nam", "nx "), RECORD.content, []))), NOT_BIBLIOGRAPHIC),
        (table(MarcRecord(LEADER, RECORD.content[1:], [])), "no id: the record has no field 001"),
    ],
)  # fmt: skip
def test_what_is_no_record_is_quarantined(text: str, reason: str):
    assert read(text) == ([], [reason])


def test_a_staff_view_of_the_index_counts_first():
    rows = (("id", "a 1"), ("title", "By the index"))
    cells = "".join(f'<tr><th>{name}</th><td><span class="detail">{value}</span><br></td></tr>' for name, value in rows)
    index = f"<table>{cells}</table>\n"
    for view in (table(RECORD) + index, index + table(RECORD)):
        [document] = both_ways(page(view))
        assert document == {"id": "a 1", "title": "By the index"}


@pytest.mark.parametrize(
    "view",
    [
        table(RECORD).replace("</table>", "<tr><th>Shelf mark</th><td>A 1</td></tr></table>"),
        table(MarcRecord(LEADER, [("001", "1"), ("200", f"1 {SUBFIELD}aRivières")], [])),
        table(MarcRecord(LEADER.replace("nam", "nx "), [("001", "1"), ("852", f"  {SUBFIELD}aStacks")], [])),
    ],
    ids=["with rows of something else", "UNIMARC", "holdings"],
)
def test_a_table_that_is_no_record_of_marc_21_is_passed_over(view: str):
    described = page(view + '<meta name="DC.title" content="Rivers">')
    assert [one["title"] for one in both_ways(described)] == ["Rivers"]


@needs_compiled_code
def test_a_page_is_read_alike_without_compiled_code(monkeypatch: pytest.MonkeyPatch):
    views = [table(RECORD), table(RECORD, css="x").replace("\n", ""), table(RECORD, "\u00a0")]
    text = "".join(page(view, str(number)) for number, view in enumerate(views * WORTH_COLUMNS))
    compiled = read(text)
    monkeypatch.setattr(page_columns, "IS_COMPILED", False)
    assert read(text) == compiled


#: What may get into a table, or out of it.
PARTS = st.sampled_from(
    ["&nbsp;", "\u00a0", " ", "\n", "<td>", "</td>", "<strong>|a</strong>&nbsp;", "<tr>", "</tr>", "<th>", "LEADER",
     "245", "&amp;", "<!-- x -->", "</table>", '="', '"', "'", "/", "=", "<", ">", "<b>", '<tr ="a=">', ""]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 700), PARTS, st.integers(0, 3)), min_size=1, max_size=3), st.booleans())
def test_a_table_that_is_odd_is_read_alike_in_every_way(changes: list[tuple[int, str, int]], is_compiled: bool):
    view = table(RECORD)
    for place, put, cut in changes:
        view = view[:place] + put + view[place + cut :]
    text = page(view)
    alone, refused = read(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(page_columns, "IS_COMPILED", is_compiled and IS_COMPILED)
        many, refused_of_many = read(text * WORTH_COLUMNS)
    assert without_lineage(many) == without_lineage(alone) * WORTH_COLUMNS
    assert refused_of_many == refused * WORTH_COLUMNS


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (LEADER, "\n  nam  22      a 4500\n "),
        ('<tr class="marc-row-100">', '<tr ="a=">'),
        ('<tr class="marc-row-100">', '<tr x="y"="a=">'),
    ],
)
def test_what_only_a_tree_tells_is_left_to_it(written: str, instead: str):
    view = table(RECORD).replace(written, instead, 1)
    assert not IS_COMPILED or as_marcxml(view.strip().encode()) is None
    both_ways(page(view))
