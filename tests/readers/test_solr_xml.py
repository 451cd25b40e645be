"""Solr's XML: each document is found and parsed by itself, and nothing in it is fetched or expanded."""

import re
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import json_shape, solr_xml
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Piece, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.streams import ByteStream
from pipelines.records import LINEAGE, RAW_RECORDS

ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<response>\n<lst name="responseHeader"><int name="status">0</int></lst>\n'
    '<result name="response" numFound="1" start="0">{}</result>\n<lst name="facet_counts"/></response>\n'
)
A, B = '<doc><str name="id">a</str></doc>', '<doc>\n<str name="id">b</str></doc>'
NOTHING = '<response><result name="response" numFound="0" start="0"/></response>'
ERROR = '<response><lst name="error"><str name="msg">no such field</str></lst></response>'
GROUPED = (
    '<response><lst name="grouped"><lst name="format"><int name="matches">9</int><arr name="groups"><lst>'
    f'<str name="groupValue">Book</str><result name="doclist" numFound="8" start="0">{A}</result></lst><lst>'
    f'<null name="groupValue"/><result name="doclist" numFound="1" start="0">{B}</result></lst></arr></lst></lst>'
    "</response>"
)
NESTED = "a document within a document: nested documents are not read"


def read(data: bytes, chunk_bytes: int = 1 << 20) -> tuple[list[dict[str, Any]], list[Unreadable]]:
    found: list[dict[str, Any]] = []
    refused: list[Unreadable] = []
    end = 0
    for part in solr_xml.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        assert part.offset >= end
        assert part.line == data.count(b"\n", 0, part.offset) + 1
        if isinstance(part, Unreadable):
            end = part.offset + part.length
            refused.append(part)
            continue
        end = part.offset + len(part.data)
        assert data[part.offset : end] == part.data
        batch = solr_xml.FORMAT.parse((part,))
        refused += [Unreadable(**row) for row in batch.quarantined.to_pylist()]
        found += to_documents(batch.documents)
    for document in found:
        lineage = document.pop("_lineage")
        raw = data[lineage["offset"] :][: lineage["length"]]
        assert raw.startswith(b"<doc")
        assert raw.endswith((b"</doc>", b"/>"))
        assert lineage["line"] == data.count(b"\n", 0, lineage["offset"]) + 1
    return found, refused


@pytest.mark.parametrize("chunk_bytes", [1, 30, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (ANSWER.format(A + B), "ab"),
        (ANSWER.format(A) + ANSWER.format(B), "ab"),
        ("\ufeff" + ANSWER.format(A), "a"),
        (GROUPED, "ab"),
        (GROUPED.replace("<response>", '<response><lst name="responseHeader"/>'), "ab"),
        ('<!DOCTYPE add SYSTEM "http://127.0.0.1:9/[>.dtd">' + ANSWER.format(A), "a"),
        (ANSWER.format(A) + "<!DOCTYPE add>" + ANSWER.format(B), "ab"),
        (ANSWER.format(f"<!-- <doc> -->{A}<!-- </doc> -->{B}"), "ab"),
        ('<add><doc><field name="id">a</field></doc>\n<doc><field name="id">b</field></doc></add>', "ab"),
        ('<update><add overwrite="true"><doc boost="2"><field name="id">a</field></doc></add></update>', "a"),
        ('<add><doc><field name="id"><![CDATA[</doc>]]></field></doc></add>', "</doc>"),
    ],
)
def test_finds_every_document(text: str, ids: str, chunk_bytes: int):
    assert solr_xml.FORMAT.recognises(text.encode())
    found, refused = read(text.encode(), chunk_bytes)
    assert ("".join(one["id"] for one in found), refused) == (ids, [])


@pytest.mark.parametrize(
    "text",
    [
        "<response><error/></response>",
        '<html><doc id="1"/></html>',
        "<add>1</add>",
        "<collection><record/></collection>",
        "<OAI-PMH><ListRecords/></OAI-PMH>",
        '{"add":{"doc":{"id":"1"}}}',
        "",
    ],
)
def test_takes_no_other_text_for_solrs(text: str):
    assert not solr_xml.FORMAT.recognises(text.encode())


@pytest.mark.parametrize(
    ("fields", "document"),
    [
        ('<str name="title">A &amp; B &#233;</str>', {"title": "A & B é"}),
        ('<arr name="author"><str>A</str><str>B</str></arr>', {"author": ["A", "B"]}),
        ('<arr name="author"/>', {"author": []}),
        ('<str name="author">A</str>', {"author": ["A"]}),
        ('<long name="_version_">1799999999999999999</long>', {"_version_": 1799999999999999999}),
        ('<int name="n_i">7</int><bool name="b_b">true</bool>', {"n_i": 7, "b_b": True}),
        ('<float name="f_f">1.50</float><double name="d_d">NaN</double>', {"f_f": 1.5, "d_d": "NaN"}),
        ('<date name="last_indexed">2024-01-01T00:00:00Z</date>', {"last_indexed": "2024-01-01T00:00:00Z"}),
        ('<null name="x_str"/>', {}),
        ('<lst name="x"><str name="y">z</str></lst>', {"x": {"y": "z"}}),
        ('<field name="author">A</field><field name="author">B</field>', {"author": ["A", "B"]}),
        ('<field name="title" null="true"/>', {}),
        (
            '<str name="fullrecord">00026nam a2200025 a 4500001#30;#31;#29;</str>',
            {"fullrecord": "00026nam a2200025 a 4500001\x1e\x1f\x1d"},
        ),
        ('<str name="fullrecord">C#30;</str>', {"fullrecord": "C#30;"}),
    ],
)
def test_values(fields: str, document: dict[str, Any]):
    found, refused = read(ANSWER.format(f'<doc><str name="id">1</str>{fields}</doc>').encode())
    assert refused == []
    assert found == [{"id": "1", **document}]


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("<delete><id>a</id></delete>", ["-a"]),
        ('<delete commitWithin="9"><id>a</id><!-- x --><id>b &amp; c</id></delete>', ["-a", "-b & c"]),
        ("<update><delete><id>a</id></delete></update>", ["-a"]),
        (
            '<update><add><doc><field name="id">a</field></doc></add><delete><id>a</id></delete>'
            '<add><doc><field name="id">b</field></doc></add></update>',
            ["a", "-a", "b"],
        ),
        ("<delete><id>a</id><query>title:x</query></delete>", ["-a"]),
    ],
)
def test_deletions_come_in_the_order_of_the_file(text: str, statements: list[str], chunk_bytes: int):
    assert solr_xml.FORMAT.recognises(text.encode())
    parts = solr_xml.FORMAT.split("f", "m", ByteStream(iter([text.encode()])), chunk_bytes)
    batches = [solr_xml.FORMAT.parse((part,)) for part in parts if isinstance(part, Piece)]
    rows = [row for batch in batches for row in batch.documents.select(["id", "is_deletion"]).to_pylist()]
    assert [("-" if row["is_deletion"] else "") + row["id"] for row in rows] == statements
    assert sum(batch.quarantined.num_rows for batch in batches) == text.count("<query>")


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids", "reasons"),
    [
        (ANSWER.format(f'{A}<doc><str name="id">x</int></doc>{B}'), "ab", ["not XML: mismatched tag"]),
        (ANSWER.format(f'{A}<doc><str name="id">&x;</str></doc>{B}'), "ab", ["not XML: undefined entity"]),
        (
            ANSWER.format(f'{A}<doc><str name="id">&#0;</str></doc>{B}'), "ab",
            ["not XML: reference to invalid character number"],
        ),
        (ANSWER.format(f"{A}<doc/>{B}"), "ab", ["no id"]),
        (ANSWER.format(f"{A}junk{B}"), "ab", ["not a <doc> but something else"]),
        (ANSWER.format(A.replace("<doc", "<dov", 1) + B), "b", ["not a <doc> but something else"]),
        (ANSWER.format(A + B.replace("<doc", "<dov", 1)), "a", ["not a <doc> but something else"]),
        (ANSWER.format(A.replace("<doc>", "", 1) + B), "b", ["not a <doc> but something else"]),
        (ANSWER.format(A + B.replace("<", "&lt;", 1)), "a", ["not a <doc> but something else"]),
        (ANSWER.format(A + B.replace("doc>", "dov>")), "a", ["not a <doc> but something else"]),
        ('<add><doc><field name="id">a</field></doc>\n<dov><field name="id">b</field></doc>\n</add>', "a",
         ["not a <doc> but something else"]),
        (ANSWER.format(f'{A}<doc><str name="id">x</str>{B}'), "ab", ["a <doc> that does not end"]),
        (ANSWER.format(f'<doc><str name="id">p</str>{A}</doc>{B}'), "b", [NESTED]),
        (ANSWER.format(f'<doc><str name="id">p</str><arr name="k">{A}</arr></doc>{B}'), "b", [NESTED]),
        (
            ANSWER.format(f'<doc><str name="id">p</str><blob name="k"/></doc>{B}'), "b",
            ["not a Solr document: a value of the unknown kind <blob>"],
        ),
        (ANSWER.format(""), "", ["an answer of Solr without documents"]),
        (NOTHING, "", []),
        (NOTHING + NOTHING, "", []),
        (NOTHING + ANSWER.format(A), "a", []),
        (NOTHING + ERROR, "", ["an answer of Solr without documents"]),
        (NOTHING + ANSWER.format(""), "", ["an answer of Solr without documents"]),
        (ANSWER.format(A + B)[:210], "a", ["the XML is cut off"]),
        ('<add><doc><field name="id">a</field></doc>', "a", ["the XML is cut off"]),
        (
            '<add><doc><field name="id">a</field><field name="t" update="set">x</field></doc></add>', "",
            ["not a document but an update of single fields of one"],
        ),
        ("<delete><query>*:*</query></delete>", "", ["a deletion by <query>: only deletions by <id> are carried out"]),
        (
            "<delete><id>b</id><query>*:*</query><id>a</id></delete>",
            "",
            ["a deletion by <query>: only deletions by <id> are carried out, as the 2 beside it are"],
        ),
        ("<update><delete/></update>", "", ["a deletion of nothing: only deletions by <id> are carried out"]),
        ("<delete><id> </id></delete>", "", ["no id: the field id is empty"]),
        ('<!DOCTYPE add [<!ENTITY e SYSTEM "file:///e">]><add><doc><field name="id">&e;</field></doc></add>', "",
         ["XML with declarations in its document type, which are refused for the entities they may define"]),
        (ANSWER.format(A) + '<!DOCTYPE add [<!ENTITY e "x">]>' + ANSWER.format(B), "ab",
         ["not a <doc> but something else"]),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><add><doc><field name="id">1</field></doc></add>', "",
         ["XML in ISO-8859-1: convert it (iconv -f ISO-8859-1 -t UTF-8), and take the encoding out of its first line"]),
        (ANSWER.replace("UTF-8", "UTF-16").format(A), "a", []),
        (ANSWER.replace("UTF-8", "x`id`").format(A), "", ["XML in an encoding that is none: 'x`id`'"]),
    ],
)  # fmt: skip
def test_what_is_no_document_is_quarantined_where_it_stands(
    text: str, ids: str, reasons: list[str], chunk_bytes: int
):  # fmt: skip
    assert solr_xml.FORMAT.recognises(text.encode())
    found, refused = read(text.encode(), chunk_bytes)
    assert "".join(one["id"] for one in found) == ids
    assert [row.reason.split(" at line")[0] for row in refused] == reasons


@pytest.mark.parametrize("count", [1, 1_000])
def test_values_that_a_program_has_set_in_lines_of_their_own_are_as_without(count: int):
    fields = (
        '<str name="id">a</str><arr name="topic"><str>B, C</str><str> d </str></arr><long name="_version_">7</long>'
    )
    set_in = fields.replace(">", ">\n    ").replace("</", "\n   </")
    doc = f"<doc>{set_in}</doc>"
    found, refused = read(f'<response><result name="response">{doc * count}</result></response>'.encode())
    assert (found, refused) == ([{"id": "a", "topic": ["B, C", "d"], "_version_": 7}] * count, [])


def test_the_size_of_a_group_is_not_that_of_the_list():
    parts = solr_xml.FORMAT.split("f", "", ByteStream(iter([GROUPED.encode()])), 1 << 20)
    assert not any(isinstance(part, Answer) for part in parts)


def test_bytes_that_are_no_utf_8_spoil_one_document():
    found, refused = read(ANSWER.format(A + "<doc><str name='id'>\0</str></doc>" + B).encode().replace(b"\0", b"\xff"))
    assert [one["id"] for one in found] == ["a", "b"]
    assert [row.reason for row in refused] == ["not UTF-8: byte 0xff at byte 20"]


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=9
)


@given(
    st.lists(st.tuples(_TEXT.map(lambda text: "i" + text), st.lists(_TEXT, max_size=3)), min_size=1, max_size=5),
    st.integers(1, 300),
    st.sampled_from(["", "\n", "<!-- <doc> -->"]),
)
def test_any_documents_are_read_in_any_chunks(
    written: list[tuple[str, list[str]]], chunk_bytes: int, between: str
):  # fmt: skip
    docs = [
        f'<doc><str name="id">{escape(one)}</str><arr name="topic">'
        + "".join(f"<str>{escape(topic)}</str>" for topic in topics)
        + "</arr></doc>"
        for one, topics in written
    ]
    found, refused = read(ANSWER.format(between.join(docs)).encode(), chunk_bytes)
    assert refused == []
    assert [(one["id"], one["topic"]) for one in found] == written


_PARTS = ["<doc>", "</doc>", A, "<!--", "-->", "<![CDATA[", "]]>", "</result>", "<", "x", "\n"]


@given(
    st.lists(st.sampled_from(_PARTS), max_size=12),
    st.integers(1, 60),
)  # fmt: skip
def test_any_text_is_accounted_for(parts: list[str], chunk_bytes: int):
    data = ANSWER.format("".join(parts)).encode()
    covered = bytearray(data)
    for part in solr_xml.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        length = len(part.data) if isinstance(part, Piece) else part.length
        covered[part.offset : part.offset + length] = b" " * length
        if isinstance(part, Piece):
            solr_xml.FORMAT.parse((part,))
    assert b"<str" not in re.sub(rb"<!--.*?-->", b"", covered, flags=re.DOTALL)


@pytest.mark.parametrize("documents", [1, 1_000])
@pytest.mark.parametrize("name", [field.name for field in RAW_RECORDS if field.name not in json_shape.KNOWN_FIELDS])
def test_a_field_called_as_a_column_that_readers_fill_is_a_local_field(name: str, documents: int):
    fields = f'<str name="title">Tides and what they carry</str><str name="{name}">exact</str>'
    text = "".join(f'<doc><str name="id">{number}</str>{fields}</doc>' for number in range(documents))
    batch = solr_xml.FORMAT.parse((Piece("f", "", 0, 1, text.encode()),))
    assert batch.quarantined.num_rows == 0
    assert set(batch.documents.column("extra").to_pylist()) == {f'{{"{name}":"exact"}}'}
    filled = [one.name for one in RAW_RECORDS if batch.documents.column(one.name).null_count == 0]
    assert filled == [*(field.name for field in LINEAGE), "id", "title", "extra"]
