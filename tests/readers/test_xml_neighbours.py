"""What is broken in one record of XML takes no other record along."""

from collections.abc import Callable
from typing import Final, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import marc_answers, marcxml, oai_pmh, pubmed_xml, solr_xml
from pipelines.readers.chunks import Format
from pipelines.readers.formats import FORMATS
from tests.readers.reading import read


class Form(NamedTuple):
    """What stands before the records of a format, a record by its number, and what stands behind them."""

    format: Format
    before: str
    record: Callable[[int], str]
    behind: str


def in_solr(number: int) -> str:
    return f'<doc><str name="id">{number}</str><arr name="author"><str>A &lt; B</str></arr></doc>'


def in_update(number: int) -> str:
    return f'<doc><field name="id">{number}</field><field name="author">A, B</field></doc>'


def of_marc(number: int, prefix: str = "") -> str:
    """MARC, with the namespace that its prefix needs around it."""
    field = f'<{prefix}datafield tag="245" ind1="0" ind2="0"><{prefix}subfield code="a">T</{prefix}subfield>'
    control = f'<{prefix}controlfield tag="001">{number}</{prefix}controlfield>'
    leader = f"<{prefix}leader>00000nam a2200000 a 4500</{prefix}leader>"
    return f"<{prefix}record>{leader}{control}{field}</{prefix}datafield></{prefix}record>"


def in_oai(number: int, metadata: str) -> str:
    header = f"<header><identifier>{number}</identifier><datestamp>2020-01-01</datestamp></header>"
    return f"<record>{header}<metadata>{metadata}</metadata></record>"


def of_dublin_core(number: int) -> str:
    return in_oai(number, '<oai_dc:dc xmlns:dc="dc" xmlns:oai_dc="oai"><dc:title>T</dc:title></oai_dc:dc>')


def of_pubmed(number: int) -> str:
    article = "<Article><ArticleTitle>T</ArticleTitle></Article>"
    return f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID>{article}</MedlineCitation></PubmedArticle>"


_OAI: Final = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><request verb="ListRecords"/><ListRecords>',
    "</ListRecords></OAI-PMH>",
)
FORMS: Final = {
    "Solr": Form(solr_xml.FORMAT, '<response><result name="response" numFound="5" start="0">', in_solr,
                 "</result></response>"),
    "update": Form(solr_xml.FORMAT, "<add>", in_update, "</add>"),
    "Dublin Core": Form(oai_pmh.FORMAT, _OAI[0], of_dublin_core, _OAI[1]),
    "OAI with MARC": Form(oai_pmh.FORMAT, _OAI[0], lambda number: in_oai(number, of_marc(number)), _OAI[1]),
    "MARCXML": Form(marcxml.FORMAT, '<collection xmlns="http://www.loc.gov/MARC21/slim">', of_marc, "</collection>"),
    "MARCXML with prefix": Form(marcxml.FORMAT, '<m:collection xmlns:m="http://www.loc.gov/MARC21/slim">',
                                lambda number: of_marc(number, "m:"), "</m:collection>"),
    "PubMed": Form(pubmed_xml.FORMAT, "<PubmedArticleSet>", of_pubmed, "</PubmedArticleSet>"),
}  # fmt: skip
#: What ends that in which nothing is a tag.
CLOSINGS: Final = {"<![CDATA[": "]]>", "<!-- ": "-->"}
#: What may come into a record: signs of XML, and tags of records.
PUT_IN: Final = ("<", ">", "/", '"', "&", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!", "\0", "<x>", "</x>")
TAGS: Final = ("<record>", "</record>", "<doc>", "</doc>", "<PubmedArticle>", "</PubmedArticle>")


@given(
    st.sampled_from(sorted(FORMS)),
    st.integers(0, 4),
    st.integers(1, 1000),
    st.sampled_from(["", *PUT_IN, *TAGS]),
    st.sampled_from(["", "\n"]),
    st.sampled_from([1, 500, 1 << 20]),
)
@example("OAI with MARC", 2, 12, "<record>", "\n", 1)
@example("MARCXML", 2, 60, "<?", "", 1 << 20)
@example("Solr", 1, 60, "<!--", "", 1)
@example("Solr", 0, 1, "<", "", 1)
def test_whatever_is_lost_or_put_in_all_other_records_are_read(
    name: str, damaged: int, place: int, put_in: str, between: str, chunk_bytes: int
):
    form = FORMS[name]
    records = [form.record(101 + number) for number in range(5)]
    whole = records[damaged]
    # A sign of the record is lost where nothing comes in.
    at = 1 + place % (len(whole) - 2)
    records[damaged] = whole[:at] + put_in + whole[at + (not put_in) :]
    data = (form.before + between.join(records) + form.behind).encode()
    assert next(each for each in FORMATS if each.recognises(data)) is form.format
    found, _ = read(form.format, data, chunk_bytes)
    others = [str(101 + number) for number in range(5) if number != damaged]
    assert [one["id"] for one in found if one["id"] in others] == others


@pytest.mark.parametrize("name", sorted(FORMS))
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_records_in_comments_and_cdata_are_none(name: str, chunk_bytes: int):
    form = FORMS[name]
    data = (
        f"{form.before}{form.record(101)}<!-- {form.record(102)} -->{form.record(103)}"
        f"<!-- {form.record(104)} -->{form.record(105)}{form.behind}"
    ).encode()
    found, refused = read(form.format, data, chunk_bytes)
    assert ([one["id"] for one in found], refused) == (["101", "103", "105"], [])


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_text_that_ends_in_a_comment_is_cut_off(name: str):
    form = FORMS[name]
    data = f"{form.before}{form.record(101)}<!-- {form.record(102)}".encode()
    found, refused = read(form.format, data)
    assert [one["id"] for one in found] == ["101"]
    # MARCXML says besides that its collection does not end.
    assert [bool(row.raw) for row in refused] in ([True], [True, False])
    assert refused[0].raw in data[len(form.before + form.record(101)) :]


def test_what_stands_behind_a_whole_text_is_refused_once():
    form = FORMS["Solr"]
    text = f"{form.before}{form.record(101)}{form.behind}\njunk {form.record(102)}{form.behind}"
    found, refused = read(form.format, text.encode())
    assert [one["id"] for one in found] == ["101", "102"]
    assert [row.raw.strip() for row in refused] == [b"junk"]


def test_a_record_within_one_that_has_lost_its_tag_is_none():
    form = FORMS["OAI with MARC"]
    records = [form.record(101 + number) for number in range(3)]
    data = (form.before + records[0] + records[1].replace("<record>", "cord>", 1) + records[2] + form.behind).encode()
    found, refused = read(form.format, data)
    assert [one["id"] for one in found] == ["101", "103"]
    assert b"".join(row.raw for row in refused).count(b"102") == 2


def test_a_last_record_that_does_not_end_hides_no_other_in_it():
    form = FORMS["OAI with MARC"]
    last = form.record(102).removesuffix("</record>") + "</recrd>"
    found, refused = read(form.format, (form.before + form.record(101) + last + form.behind).encode())
    assert [one["id"] for one in found] == ["101"]
    # The record of MARC within it is no record of the repository, and no row of its own.
    assert [row.raw.count(b"<record>") for row in refused] == [2]


@pytest.mark.parametrize(
    "before",
    ["<record>", "<a><!-- c -->", "<br />\n<b>Warning</b>:  x in <b>/a.php</b> on line <b>3</b><br />\n",
     "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "<a><b><c><d>"],
)  # fmt: skip
def test_an_answer_of_a_repository_is_told_behind_something_else(before: str):
    form = FORMS["OAI with MARC"]
    data = (before + form.before + form.record(101) + form.record(102) + form.behind).encode()
    assert next(each for each in FORMATS if each.recognises(data)) is form.format
    found, refused = read(form.format, data)
    assert [one["id"] for one in found] == ["101", "102"]
    # What is no tag of a record is passed over.
    assert bool(refused) is (before == "<record>")


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Solr", "<![CDATA[</doc><doc> or <![CDATA[ ]]>"),
        ("Solr", "]]]]&gt;<![CDATA[<doc>]]>"),
        ("Solr", "<!-- <doc> <!- -->"),
        ("MARCXML", "<![CDATA[</record> or <![CDATA[ ]]>"),
        ("MARCXML", "<?pi <record> ?>"),
        ("OAI with MARC", "<?pi <record> ?>"),
        ("Solr", "<?pi </doc> ?>"),
        ("PubMed", "<?pi </PubmedArticle> ?>"),
        ("Solr", "<!-- x</doc><doc><b> -->"),
        ("MARCXML", "<![CDATA[ x</record><record><b>]]>"),
        ("OAI with MARC", "<![CDATA[ x</record><record><b>]]>"),
        ("MARCXML", "<![CDATA[<record><![CDATA[x]]]]><![CDATA[></record><record><b/></record>]]>"),
        ("OAI with MARC", "<![CDATA[</record> or <![CDATA[ ]]>"),
        ("PubMed", "<![CDATA[</PubmedArticle><![CDATA[]]>"),
    ],
)
def test_what_is_opaque_in_a_whole_record_is_none(name: str, within: str, chunk_bytes: int):
    form = FORMS[name]
    records = [form.record(101 + number) for number in range(3)]
    text = {"Solr": "A ", "PubMed": "T<"}.get(name, "T<")
    records[1] = records[1].replace(text, within + text, 1)
    data = (form.before + "".join(records) + form.behind).encode()
    found, refused = read(form.format, data, chunk_bytes)
    assert ([one["id"] for one in found], refused) == (["101", "102", "103"], [])


@pytest.mark.parametrize("name", sorted(FORMS))
@pytest.mark.parametrize("opening", ["<![CDATA[", "<!-- ", "<?x "])
@pytest.mark.parametrize("is_last_alone", [True, False])
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_what_has_lost_its_end_takes_no_records_along(name: str, opening: str, is_last_alone: bool, chunk_bytes: int):
    form = FORMS[name]
    closing = {"<![CDATA[": "]]>", "<!-- ": " -->", "<?x ": "?>"}[opening]
    records = [form.record(number) for number in range(101, 107)]
    text = {"Solr": "A ", "update": "A,", "PubMed": "T<"}.get(name, "T<")
    for number in (1, 4) if is_last_alone else range(6):
        records[number] = records[number].replace(text, opening + closing + text, 1)
    records[1] = records[1].replace(closing + text, text, 1)
    found, refused = read(form.format, (form.before + "".join(records) + form.behind).encode(), chunk_bytes)
    assert [one["id"] for one in found] == ["101", "103", "104", "105", "106"]
    assert b"102" in b"".join(row.raw for row in refused)


def assert_second_of_five_is_refused(form: Form, records: list[str]) -> None:
    """That all others are read, and that it is one row, in which there is no other."""
    found, refused = read(form.format, (form.before + "".join(records) + form.behind).encode())
    assert [one["id"] for one in found] == ["101", "103", "104", "105"]
    assert [b"102" in row.raw and b"103" not in row.raw for row in refused] == [True]


def before_text(name: str, record: str, put_in: str) -> str:
    """A record with something put in before a text of it."""
    text = {"Solr": "A ", "update": "A,", "PubMed": "T<"}.get(name, "T<")
    assert text in record
    return record.replace(text, put_in + text, 1)


@pytest.mark.parametrize("name", sorted(FORMS))
@pytest.mark.parametrize("is_within_frame", [True, False])
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_a_comment_that_has_lost_its_end_takes_no_records_along_up_to_one_between_records(
    name: str, is_within_frame: bool, chunk_bytes: int
):
    form = FORMS[name]
    records = [form.record(number) for number in range(101, 107)]
    records[1] = before_text(name, records[1], "<!-- ")
    comment = "<!-- page 2 -->"
    records[4 if is_within_frame else 5] += comment if is_within_frame else form.behind + comment
    data = (form.before + "".join(records) + (form.behind if is_within_frame else "")).encode()
    found, refused = read(form.format, data, chunk_bytes)
    assert [one["id"] for one in found] == ["101", "103", "104", "105", "106"]
    assert [b"102" in row.raw and b"103" not in row.raw for row in refused] == [True]


@pytest.mark.parametrize("name", sorted(FORMS))
@pytest.mark.parametrize("opening", ["<![CDATA[", "<!-- "])
def test_records_in_comments_behind_what_has_lost_its_end_are_none(name: str, opening: str):
    form = FORMS[name]
    closing = CLOSINGS[opening]
    records = [form.record(number) for number in range(101, 106)]
    records[1] = before_text(name, records[1], opening)
    records[2] += f"<!-- {form.record(201)} -->"
    records[3] = before_text(name, records[3], f"<!-- {form.record(202)} -->")
    records[4] = before_text(name, records[4], opening + closing)
    assert_second_of_five_is_refused(form, records)


@pytest.mark.parametrize("name", sorted(FORMS))
@pytest.mark.parametrize("opening", ["<![CDATA[", "<!-- "])
def test_records_that_begin_with_a_comment_are_not_taken_along_either(name: str, opening: str):
    form = FORMS[name]
    closing = CLOSINGS[opening]
    records = [form.record(number).replace(">", "><!-- n -->", 1) for number in range(101, 106)]
    records = [before_text(name, record, opening + closing) for record in records]
    records[1] = records[1].replace(opening + closing, opening, 1)
    assert_second_of_five_is_refused(form, records)


def empty(name: str) -> str:
    """A record of a format without anything in it."""
    tag = FORMS[name].record(1)[1:].partition(">")[0]
    return f"<{tag}></{tag}>"


@pytest.mark.parametrize("name", sorted(FORMS))
@pytest.mark.parametrize("between", ["empty", "comment", "text"])
def test_nor_where_the_next_record_is_none(name: str, between: str):
    form = FORMS[name]
    records = [form.record(number) for number in range(101, 106)]
    records[1] = before_text(name, records[1], "<![CDATA[")
    nothing = empty(name)
    comment = f"<!-- {nothing.replace('><', '>old<')} -->"
    records[1] += {"empty": nothing, "comment": comment, "text": nothing.replace("><", ">x<")}[between]
    records[4] = before_text(name, records[4], "<![CDATA[]]>")
    found, refused = read(form.format, (form.before + "".join(records) + form.behind).encode())
    assert [one["id"] for one in found] == ["101", "103", "104", "105"]
    assert sum(b"102" in row.raw and b"103" not in row.raw for row in refused) == 1


@pytest.mark.parametrize("name", sorted(set(FORMS) - {"OAI with MARC"}))
def test_nor_behind_a_record_that_does_not_end(name: str):
    form = FORMS[name]
    records = [form.record(number) for number in range(101, 107)]
    records[0] = records[0][: records[0].rindex("</")]
    records[2] = before_text(name, records[2], "<![CDATA[")
    records[4] = before_text(name, records[4], "<![CDATA[]]>")
    found, refused = read(form.format, (form.before + "".join(records) + form.behind).encode())
    assert [one["id"] for one in found] == ["102", "104", "105", "106"]
    assert [b"101" in row.raw or b"103" in row.raw for row in refused] == [True, True]


@pytest.mark.parametrize("name", sorted(FORMS))
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_a_comment_between_records_in_which_another_begins_is_a_row(name: str, chunk_bytes: int):
    form = FORMS[name]
    first, second, third, fourth = (form.record(number) for number in range(101, 105))
    data = (form.before + first + "<!-- " + second + third + "<!-- c -->" + fourth + form.behind).encode()
    found, [row] = read(form.format, data, chunk_bytes)
    assert [one["id"] for one in found] == ["101", "104"]
    assert (row.reason, row.raw) == (
        "a comment in which another begins: its end may be lost, and no record in it is read",
        data[data.index(b"<!-- ") : data.index(b" c -->") + 6],
    )


@pytest.mark.parametrize("lost", ["<!--<![CDATA[", "<!--<?x ", "<![CDATA[<!--"])
def test_pieces_of_marcxml_end_behind_what_tells_all_that_has_lost_its_end(lost: str):
    form = FORMS["MARCXML"]
    ends = {"<![CDATA[": "<![CDATA[]]>", "<!--": "<!-- c -->", "<?x ": "<?y ?>"}
    later = [closing for opening, closing in ends.items() if opening in lost]
    records = [form.record(number) for number in range(101, 105)]
    records = [
        before_text("MARCXML", record, part)
        for record, part in zip(records, [lost, later[0], "", later[1]], strict=True)
    ]
    data = (form.before + "".join(records) + form.behind).encode()
    for chunk_bytes in range(1, len(data), 3):
        assert [one["id"] for one in read(form.format, data, chunk_bytes)[0]] == ["102", "103", "104"]


@pytest.mark.parametrize("name", ["Dublin Core", "OAI with MARC"])
@pytest.mark.parametrize("opening", ["<![CDATA[", "<!-- "])
def test_what_has_lost_its_end_in_a_header_takes_no_records_along(name: str, opening: str):
    form = FORMS[name]
    closing = CLOSINGS[opening]
    texts = [
        form.record(number).replace("</header>", f"<a>{opening}x{closing}</a></header>") for number in range(101, 106)
    ]
    texts[1] = texts[1].replace(closing, "", 1)
    assert_second_of_five_is_refused(form, texts)


@pytest.mark.parametrize(
    "within",
    [
        "<![CDATA[<!-- -->",
        "<![CDATA[",
        "<!-- ",
        "<!-- <![CDATA[",
        "<![CDATA[ ]]<!-- --",
        "<doc><![CDATA[",
        "<?",
        "<!-- <?",
    ],
)
def test_however_much_has_no_end_in_a_record_the_others_are_read_soon(within: str):
    """What looks for an end anew for each takes hours here."""
    form = FORMS["Solr"]
    size = 100_000 if "<doc>" in within else 3_000_000
    odd = before_text("Solr", form.record(102), within * (size // len(within)))
    found, refused = read(form.format, (form.before + form.record(101) + odd + form.record(103) + form.behind).encode())
    assert [one["id"] for one in found if one["id"] != "103"] == ["101"]
    assert b"102" in b"".join(row.raw for row in refused)


@pytest.mark.parametrize("put_in", ["<![CDATA[", "<!-- ", "<!-- <![CDATA[", "<![CDATA[x<!-- "])
def test_of_many_records_in_which_something_has_lost_its_end_each_is_refused(put_in: str):
    form = FORMS["Solr"]
    records = [before_text("Solr", form.record(number), put_in) for number in range(20_000)]
    end = form.record(20_001) + "<!-- c -->" + before_text("Solr", form.record(20_002), "<![CDATA[]]>")
    found, refused = read(form.format, (form.before + "".join(records) + end + form.behind).encode())
    assert [one["id"] for one in found] == ["20001", "20002"]
    assert len(refused) == len(records)


@pytest.mark.parametrize("name", sorted(FORMS))
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_an_instruction_that_has_lost_its_end_between_records_hides_none(name: str, chunk_bytes: int):
    form = FORMS[name]
    records = [form.record(number) for number in range(101, 105)]
    text = records[0] + "<?x " + records[1] + records[2] + "<?y ?>" + records[3]
    found, refused = read(form.format, (form.before + text + form.behind).encode(), chunk_bytes)
    assert [one["id"] for one in found] == ["101", "102", "103", "104"]
    assert b"<?x" in b"".join(row.raw for row in refused)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_record_in_a_comment_that_holds_another_is_none(name: str):
    form = FORMS[name]
    text = form.record(101) + "<!-- " + form.record(102) + "<!-- x -->" + form.record(103)
    found, [row] = read(form.format, (form.before + text + form.behind).encode())
    assert ([one["id"] for one in found], b"102" in row.raw) == (["101", "103"], True)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_declaration_without_its_end_hides_no_text(name: str):
    form = FORMS[name]
    texts = [f"{form.before}{form.record(number)}{form.behind}" for number in (101, 102)]
    data = f'<?xml version="1.0"?>{texts[0]}\n<?xml version="1.0">{texts[1]}\n<?xml version="1.0"?>{texts[0]}'
    found, _ = read(form.format, data.encode())
    assert [one["id"] for one in found] == ["101", "102", "101"]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_records_in_instructions_are_none(name: str):
    form = FORMS[name]
    data = f"{form.before}{form.record(101)}<?old {form.record(102)} ?>{form.record(103)}{form.behind}".encode()
    found, refused = read(form.format, data)
    assert ([one["id"] for one in found], refused) == (["101", "103"], [])


def test_of_document_types_without_end_none_hides_a_record():
    form = FORMS["MARCXML"]
    records = [form.record(number).replace("T<", "<!DOCTYPE x [ T<", 1) for number in range(2_000)]
    found, refused = read(form.format, (form.before + "".join([*records, form.record(9_999)]) + form.behind).encode())
    assert [one["id"] for one in found] == ["9999"]
    assert sum(len(row.raw) > 0 for row in refused) >= 2_000


@pytest.mark.parametrize(
    "data",
    [
        '<collection xmlns="http://www.loc.gov/MARC21/slim"><!-- from <OAI-PMH '
        'xmlns="http://www.openarchives.org/OAI/2.0/"> -->' + of_marc(1) + "</collection>",
        "<PubmedArticleSet>" + of_pubmed(1).replace("T<", '<![CDATA[<OAI-PMH '
        'xmlns="http://www.openarchives.org/OAI/2.0/">]]>T<') + "</PubmedArticleSet>",
    ],
)  # fmt: skip
def test_a_text_that_names_a_repository_is_none_of_its_answers(data: str):
    assert not oai_pmh.FORMAT.recognises(data.encode())
    form = next(each for each in FORMATS if each.recognises(data.encode()))
    assert [one["id"] for one in read(form, data.encode())[0]] == ["1"]


def test_a_record_of_a_repository_is_whole_behind_a_comment_that_holds_another():
    form = FORMS["OAI with MARC"]
    odd = "<!-- " + form.record(102) + " -->" + form.record(103).replace("<record>", "<record><!-- c -->", 1)
    found, refused = read(form.format, (form.before + form.record(101) + odd + form.behind).encode())
    assert ([one["id"] for one in found], refused) == (["101", "103"], [])


def test_records_of_a_repository_may_stand_in_what_metha_puts_around_them():
    form = FORMS["OAI with MARC"]
    data = f"<Records>{form.record(101)}\n{form.record(102)}</Records>".encode()
    assert next(each for each in FORMATS if each.recognises(data)) is form.format
    found, refused = read(form.format, data)
    assert ([one["id"] for one in found], refused) == (["101", "102"], [])


@pytest.mark.parametrize("odd", ["<record><!-- c --><header>", "<record><?x y?><header>", '<record a="x>y"><header>'])
def test_records_of_a_repository_may_begin_oddly(odd: str):
    form = FORMS["OAI with MARC"]
    records = [form.record(101), form.record(102).replace("<record><header>", odd, 1), form.record(103)]
    found, refused = read(form.format, (form.before + "".join(records) + form.behind).encode())
    assert ([one["id"] for one in found], refused) == (["101", "102", "103"], [])


_MARC: Final = of_marc(7).replace("<record>", '<record xmlns="http://www.loc.gov/MARC21/slim">')


@pytest.mark.parametrize(
    ("before", "record", "behind", "tag"),
    [
        ("", "<add><doc><field name='id'>{}</field></doc></add>\n", "", "<doc>"),
        ("<update>", "<add><doc><field name='id'>{}</field></doc></add>", "</update>", "<doc>"),
        ("<bibs>", "<bib><mms_id>1</mms_id>" + _MARC.replace(">7<", ">{}<") + "</bib>", "</bibs>", "<record"),
        ("<searchRetrieveResponse><records>", "<record><recordData>" + _MARC.replace(">7<", ">{}<")
         + "</recordData></record>", "</records></searchRetrieveResponse>", "<recordData>"),
    ],
    ids=["Solr, an add each", "Solr, an update", "Alma", "SRU"],
)  # fmt: skip
@pytest.mark.parametrize("broken", [0, 1, 2])
def test_a_record_whose_own_tag_is_broken_is_a_row_in_a_frame_of_its_own(
    before: str, record: str, behind: str, tag: str, broken: int
):
    records = [record.format(number) for number in range(101, 104)]
    for wrong in (tag[1:], "<x" + tag[1:], tag.replace(">", "") if tag.endswith(">") else "<" + tag[2:]):
        damaged = [*records]
        damaged[broken] = damaged[broken].replace(tag, wrong, 1)
        data = (before + "".join(damaged) + behind).encode()
        form = next(each for each in FORMATS if each.recognises((before + "".join(records) + behind).encode()))
        found, refused = read(form, data)
        assert [one["id"] for one in found] == [str(101 + number) for number in range(3) if number != broken], wrong
        assert str(101 + broken).encode() in b"".join(row.raw for row in refused)


@pytest.mark.parametrize(
    "data",
    [
        "<searchRetrieveResponse><records><record><recordData>" + _MARC + "</recordData><x:extraRecordData><record>"
        "<leader>x</leader></record></x:extraRecordData></record></records></searchRetrieveResponse>",
        "<bibs><bib>" + _MARC + "<holding><leader>x</leader></holding></bib></bibs>",
        "<bibs><bib>" + _MARC + "<holding a='x>y'/><holding b=\"/>\"><leader>x</leader></holding></bib></bibs>",
        "<bibs><bib>" + _MARC + "<holding/><holding><leader>x</leader><holding a='b'/><holding><leader>x</leader>"
        "</holding><leader>x</leader></holding></bib></bibs>",
        "<add>" + in_update(7) + "<?p <!-- <!-- ?>" + in_update(8) + "</add>",
    ],
    ids=["SRU", "Alma", "Alma, signs in attributes", "Alma, one in another", "an instruction"],
)  # fmt: skip
def test_what_may_stand_beside_records_is_no_row(data: str):
    form = next(each for each in FORMATS if each.recognises(data.encode()))
    found, refused = read(form, data.encode())
    assert (found[0]["id"], refused) == ("7", [])


@pytest.mark.parametrize("beside", ["<holdings/>", "<holdings link='h' />", "<holdings>x</holdings>", "<holding/>"])
def test_what_stands_beside_records_hides_none_that_is_broken(beside: str):
    records = [of_marc(number) for number in (7, 8, 9)]
    records[1] = records[1].replace("<record>", "<recrd>")
    data = "".join(f"<bib>{one}{beside}</bib>" for one in records)
    found, refused = read(marc_answers.FORMAT, f"<bibs>{data}</bibs>".encode())
    assert [one["id"] for one in found] == ["7", "9"]
    assert [b">8<" in row.raw for row in refused] == [True]
