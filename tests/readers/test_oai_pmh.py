"""OAI-PMH: records of answers and harvested files in the words of the index, deletions, errors."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dumps import find_dumps
from pipelines.readers import oai_pmh, solr_xml
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Piece, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.streams import ByteStream
from tests.readers.reading import deleted_ids

NAMESPACES = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2024-01-01T00:00:00Z</responseDate>"
    '<request verb="ListRecords" metadataPrefix="oai_dc">https://example.org/oai</request>\n'
    "<ListRecords>{}<resumptionToken>x</resumptionToken></ListRecords></OAI-PMH>\n"
)
DELETED = '<record><header status="deleted"><identifier>gone</identifier></header></record>'


def error(code: str, message: str = "") -> str:
    said = f'<error code="{code}">{message}</error>' if message else f'<error code="{code}"/>'
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><request>x</request>{said}</OAI-PMH>'


def dc(content: str) -> str:
    return f"<oai_dc:dc {NAMESPACES}>{content}</oai_dc:dc>"


def record(identifier: str, content: str = "") -> str:
    header = f"<header><identifier>{identifier}</identifier><datestamp>2020-02-02</datestamp></header>"
    return f"<record>{header}<metadata>{dc(content)}</metadata></record>\n"


def read(data: bytes, chunk_bytes: int = 1 << 20) -> tuple[list[dict[str, Any]], list[Unreadable]]:
    found: list[dict[str, Any]] = []
    refused: list[Unreadable] = []
    for part in oai_pmh.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        if isinstance(part, Unreadable):
            refused.append(part)
            continue
        assert data[part.offset :][: len(part.data)] == part.data
        batch = oai_pmh.FORMAT.parse((part,))
        refused += [Unreadable(**row) for row in batch.quarantined.to_pylist()]
        found += to_documents(batch.documents)
    return found, refused


PAGE_502 = "<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>\n"
#: An answer without records.
NOTHING = ANSWER.format("")


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("between", "reasons"),
    [
        ("", 0),
        ("\n\ufeff\n", 0),
        ("<!-- </OAI-PMH> the next page -->\n", 0),
        (PAGE_502, 1),
        (f"<!-- </OAI-PMH> -->{PAGE_502}<!-- {PAGE_502} -->", 1),
        ("HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n", 1),
        ("curl: (28) Operation timed out\n", 1),
        (f"{NOTHING}curl: (28) Operation timed out\n{NOTHING}", 1),
        (f"{PAGE_502}{NOTHING}{PAGE_502}", 2),
    ],
)
def test_what_stands_between_two_answers_is_quarantined_by_itself(between: str, reasons: int, chunk_bytes: int):
    first, second = ANSWER.format(record("a")), ANSWER.format(record("b"))
    text = (first + between + second).encode()
    found, refused = read(text, chunk_bytes)
    assert [one["id"] for one in found] == ["a", "b"]
    assert [row.reason for row in refused] == ["not a <record> but something else"] * reasons
    for row in refused:
        assert text[row.offset :][: row.length] == row.raw
        assert row.raw.strip() in between.encode()


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize("broken", ["<recor>", "< record>", "<RECORD>", "&lt;record>", ""])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_record_whose_tag_is_broken_is_quarantined_first_and_last_as_between_others(
    broken: str, is_first: bool, chunk_bytes: int
):
    records = [record("a").replace("<record>", broken, 1), record("b")]
    text = ANSWER.format("".join(records if is_first else records[::-1])).encode()
    [found], [row] = read(text, chunk_bytes)
    assert (found["id"], row.reason) == ("b", "not a <record> but something else")
    assert row.raw.strip() == records[0].strip().encode()


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (ANSWER.format(record("a") + record("b")), ["a", "b"]),
        (ANSWER.format(record("a")) + ANSWER.format(record("b")), ["a", "b"]),
        (ANSWER.format(record("a")).replace("<", "<o:").replace("<o:/", "</o:").replace("<o:?", "<?"), ["a"]),
        (record("a"), ["a"]),
        ('<?xml version="1.0"?>\n' + dc("<identifier>a</identifier><dc:identifier>x</dc:identifier>"), ["a"]),
        (f"<collection>{dc('<identifier>a</identifier>')}{dc('<identifier>b</identifier>')}</collection>", ["a", "b"]),
        (f"<dc {NAMESPACES}><identifier>a</identifier><title>t</title></dc>", ["a"]),
    ],
)  # fmt: skip
def test_finds_every_record(text: str, ids: list[str], chunk_bytes: int):
    if "<o:" in text:
        text = text.replace("<o:oai_dc:", "<oai_dc:").replace("</o:oai_dc:", "</oai_dc:")
    assert oai_pmh.FORMAT.recognises(text.encode())
    assert not solr_xml.FORMAT.recognises(text.encode())
    found, refused = read(text.encode(), chunk_bytes)
    assert ([one["id"] for one in found], refused) == (ids, [])


@pytest.mark.parametrize(
    "text",
    [
        '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader/></record></collection>',
        "<record><dc/></record>",
        "<dc><title/></dc>",
        '<add><doc><field name="id">a</field></doc></add>',
        "",
    ],
)
def test_takes_no_other_xml_for_oai_pmh(text: str):
    assert not oai_pmh.FORMAT.recognises(text.encode())


@pytest.mark.parametrize(
    ("content", "document"),
    [
        ("<dc:title> A\n b </dc:title><dc:title>C</dc:title>",
         {"title": "A b", "title_short": "A b", "title_alt": ["C"]}),
        ("<dc:title>Effects of <i>E. <b>coli</b></i> in H<sub>2</sub>O</dc:title>",
         {"title": "Effects of E. coli in H2O", "title_short": "Effects of E. coli in H2O"}),
        ("<dc:description><p>One.</p><p>Two<br/>lines.</p></dc:description>", {"description": "One. Two lines."}),
        ("<dc:creator>A, B</dc:creator><dc:creator/><dc:contributor>C</dc:contributor>",
         {"author": ["A, B"], "author2": ["C"]}),
        ("<dc:subject>S</dc:subject><dc:type>Article</dc:type>", {"topic": ["S"], "format": ["Article"]}),
        ("<dc:publisher>P</dc:publisher><dc:language>en</dc:language>", {"publisher": ["P"], "language": ["en"]}),
        ("<dc:date>1999</dc:date>", {"publishDate": ["1999"]}),
        ("<dc:date>1999-05-01</dc:date>", {"publishDate": ["1999"], "dc_date": ["1999-05-01"]}),
        ("<dc:date>May 1999</dc:date>", {"publishDate": ["May 1999"]}),
        ("<dc:date>[c1999]</dc:date><dc:date>2001</dc:date>",
         {"publishDate": ["[c1999]"], "dc_date": ["[c1999]", "2001"]}),
        ("<dc:date>n.d.</dc:date>", {"dc_date": ["n.d."]}),
        # DSpace: taken in, made available, issued.
        ("<dc:date>2010-05-20T10:11:12Z</dc:date><dc:date>2010-05-21T08:00:00Z</dc:date><dc:date>1987</dc:date>",
         {"publishDate": ["1987"], "dc_date": ["2010-05-20T10:11:12Z", "2010-05-21T08:00:00Z", "1987"]}),
        ("<dc:date>2010-05-20T10:11:12Z</dc:date><dc:date>1987-03-02</dc:date><dc:date>1999</dc:date>",
         {"publishDate": ["1987"], "dc_date": ["2010-05-20T10:11:12Z", "1987-03-02", "1999"]}),
        # A day before a moment, and what is no date of an issue.
        ("<dc:date>1986-03-02</dc:date><dc:date>2010-05-20T10:11:12Z</dc:date><dc:date>1999</dc:date>",
         {"publishDate": ["1986"], "dc_date": ["1986-03-02", "2010-05-20T10:11:12Z", "1999"]}),
        ("<dc:date>2014-05-01T10:00:00Z</dc:date><dc:date>info:eu-repo/date/embargoEnd/2016-05-12</dc:date>",
         {"publishDate": ["2014"], "dc_date": ["2014-05-01T10:00:00Z", "info:eu-repo/date/embargoEnd/2016-05-12"]}),
        ("<dc:date>2014-05-01T10:00:00Z</dc:date><dc:date>info:eu-repo/date/embargoEnd/2016-05-12</dc:date>"
         "<dc:date>2010</dc:date>",
         {"publishDate": ["2010"],
          "dc_date": ["2014-05-01T10:00:00Z", "info:eu-repo/date/embargoEnd/2016-05-12", "2010"]}),
        ("<dc:date>2014-05-01T10:00:00Z</dc:date><dc:date>n.d.</dc:date>",
         {"publishDate": ["2014"], "dc_date": ["2014-05-01T10:00:00Z", "n.d."]}),
        ("<dc:date>in 2014-05-01T10:00:00Z</dc:date><dc:date>1987</dc:date>",
         {"publishDate": ["in 2014-05-01T10:00:00Z"], "dc_date": ["in 2014-05-01T10:00:00Z", "1987"]}),
        ("<dc:date>2010-05-20T10:11:12Z</dc:date><dc:date>2011-05-21T08:00:00Z</dc:date>",
         {"publishDate": ["2010"], "dc_date": ["2010-05-20T10:11:12Z", "2011-05-21T08:00:00Z"]}),
        ("<dc:description>D</dc:description>", {"description": "D"}),
        ("<dc:description>D</dc:description><dc:description>E</dc:description>", {"description": ["D", "E"]}),
        ("<dc:identifier>https://example.org/1</dc:identifier>", {"url": ["https://example.org/1"]}),
        ("<dc:identifier>doi:10.1000/a</dc:identifier><dc:identifier>10.1000/b</dc:identifier>",
         {"doi_str_mv": ["10.1000/a", "10.1000/b"]}),
        ("<dc:identifier>ISBN 978-90-420-3464-8</dc:identifier>", {"isbn": ["978-90-420-3464-8"]}),
        ("<dc:identifier>urn:ISSN:1234-567X</dc:identifier>", {"issn": ["1234-567X"]}),
        ("<dc:identifier>local 7</dc:identifier>", {"dc_identifier": ["local 7"]}),
        ("<dc:source>J; 1</dc:source><dc:rights>r</dc:rights><dc:relation>x</dc:relation>",
         {"dc_source": ["J; 1"], "dc_rights": ["r"], "dc_relation": ["x"]}),
    ],
)  # fmt: skip
def test_a_record_in_the_words_of_the_index(content: str, document: dict[str, Any]):
    [found], refused = read(ANSWER.format(record("oai:x:1", content)).encode())
    assert refused == []
    del found["_lineage"]
    assert found == {"id": "oai:x:1", "record_format": "oai_dc", "oai_datestamp": "2020-02-02", **document}


@pytest.mark.parametrize(
    ("text", "ids", "reasons"),
    [
        (ANSWER.format(record("a") + DELETED.replace("gone", "")), ["a"], ["no id: the field id is empty"]),
        (ANSWER.format(""), [], ["an answer of a repository without records"]),
        (ANSWER.format(record("a", "<dc:title>&nbsp;</dc:title>") + record("b")), ["b"], ["not XML: undefined entity"]),
        (ANSWER.format(record("a") + "<record><header/><metadata/></record>"), ["a"], ["a record without metadata"]),
        (ANSWER.format(record("a") + "<record/>"), ["a"], ["a record without header"]),
        (
            ANSWER.format("<record><header/><metadata><m:record><m:record/></m:record></metadata></record>"), [],
            ["a record without fields"],
        ),
        (
            ANSWER.format(record("a") + record("b").replace("oai_dc:dc", "mods:mods")), ["a"],
            ["metadata of a format that is not read: <mods>"],
        ),
        (
            error("badResumptionToken", "The token &lt;x&gt;\n has expired."), [],
            ["the repository answered with an error: badResumptionToken: The token <x> has expired."],
        ),
        (error("noRecordsMatch"), [], []),
        (error("noRecordsMatch", "None") + ANSWER.format(record("a")), ["a"], []),
        (error("noRecordsMatch", "None") + ANSWER.format(""), [], ["an answer of a repository without records"]),
        (
            ANSWER.format(record("a")) + error("badVerb", "No verb"), ["a"],
            ["the repository answered with an error: badVerb: No verb"],
        ),
        ("<OAI-PMH><request verb='Identify'/><Identify/></OAI-PMH>", [], ["an answer of a repository without records"]),
        (ANSWER.format(record("")), [], ["no id: the field id is empty"]),
        (
            dc("<dc:title>t</dc:title>"), [],
            ["no id: harvest Dublin Core with it (vufindharvest: injectId = identifier)"],
        ),
        (ANSWER.format(record("a") + record("b"))[:-50], ["a", "b"], ["the XML is cut off"]),
        (dc("<identifier>a</identifier>")[:-4], [], ["the XML is cut off"]),
    ],
)  # fmt: skip
def test_what_is_no_record_is_quarantined(text: str, ids: list[str], reasons: list[str]):
    assert oai_pmh.FORMAT.recognises(text.encode())
    found, refused = read(text.encode())
    assert [one["id"] for one in found] == ids
    assert [row.reason.split(" at line")[0] for row in refused] == reasons


def test_a_folder_of_the_harvester(tmp_path: Path):
    for name in "ab":
        (tmp_path / f"170_{name}.xml").write_text(dc(f"<identifier>{name}</identifier><dc:title>t</dc:title>"))
    (tmp_path / "170_c.delete").write_text("oai:x:c\noai:x:d e")
    (tmp_path / "last_harvest.txt").write_text("2024-01-01T00:00:00Z")
    parts = list(read_chunks(tmp_path))
    rows = [row for part in parts for row in parse_chunk(part).documents.select(["id", "is_deletion"]).to_pylist()]
    assert [(row["id"], row["is_deletion"]) for row in rows] == [
        ("a", None), ("b", None), ("oai:x:c", True), ("oai:x:d e", True),
    ]  # fmt: skip
    assert [part.answers for part in parts if part.answers] == []


def test_a_harvest_that_was_broken_off_says_so(tmp_path: Path):
    (tmp_path / "170_a.xml").write_text(dc("<identifier>a</identifier>"))
    (tmp_path / "last_state.txt").write_text("\ttoken 7\t2024-01-01\t2024-02-01")
    [chunk] = read_chunks(tmp_path)
    assert chunk.answers == (Answer(0, more="token 7"),)


def test_files_that_are_only_called_like_the_harvesters_are_quarantined(tmp_path: Path):
    (tmp_path / "a.delete").write_bytes(b"a\n\xff\n")
    (tmp_path / "last_harvest.txt").write_text("Something else")
    (tmp_path / "last_state.txt").write_text("Something else")
    refused, ids = [], []
    for part in read_chunks(tmp_path):
        if isinstance(part, Unreadable):
            refused.append((part.file, part.reason.split(":")[0]))
        else:
            batch = parse_chunk(part)
            ids += batch.documents.column("id").to_pylist()
            refused += [(row["file"], row["reason"].split(":")[0]) for row in batch.quarantined.to_pylist()]
    assert ids == ["a"]
    assert sorted(refused) == [
        ("a.delete", "not UTF-8"), ("last_harvest.txt", "not a known format"),
        ("last_state.txt", "not a known format"),
    ]  # fmt: skip


MARC = (
    '<{p}record xmlns{c}="http://www.loc.gov/MARC21/slim"><{p}leader>00000nam a2200000 a 4500</{p}leader>{id}'
    '<{p}datafield tag="245" ind1="1" ind2="0"><{p}subfield code="a">A title</{p}subfield></{p}datafield></{p}record>'
)
JSON = (
    '<j:record xmlns:j="http://vufind.org/oai_vufind_json-1.0">{injected}'
    + dc("<dc:title>In Dublin Core</dc:title><dc:creator>Nunez, Ana</dc:creator><dc:language>en</dc:language>")
    + '<j:metadata type="application/json"><![CDATA[{json}]]></j:metadata></j:record>'
)


def marc(prefix: str = "", local: str = "7") -> str:
    control = f'<{prefix}controlfield tag="001">{local}</{prefix}controlfield>' if local else ""
    return MARC.format(p=prefix, c=":marc" if prefix else "", id=control)


def with_metadata(identifier: str, metadata: str) -> str:
    header = f"<header><identifier>{identifier}</identifier><datestamp>2020-02-02</datestamp></header>"
    return f"<record>{header}<metadata>{metadata}</metadata></record>"


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("metadata", "document"),
    [
        (marc(), {"title": "A title", "record_format": "marc", "oai_local_id": "7"}),
        (marc("marc:"), {"title": "A title", "record_format": "marc", "oai_local_id": "7"}),
        (f"<collection>{marc()}</collection>", {"title": "A title", "oai_local_id": "7"}),
        (marc(local="oai:x:7"), {"title": "A title", "oai_local_id": None}),
        (
            marc(local=""),
            {"title": "A title", "marc_error": ["field 001 was missing: it is the identifier of the header"]},
        ),
        (
            JSON.format(injected="", json='{"id":"7","title":"In JSON","authors":{"primary":{"Okafor, Ben":{}}}}'),
            {"title": "In JSON", "author": ["Okafor, Ben"], "language": ["en"], "oai_local_id": "7"},
        ),
        (
            JSON.format(injected="", json='{"rawData":{"id":"7","title":"Raw","record_format":"marc"}}'),
            {"title": "Raw", "record_format": "marc", "author": ["Nunez, Ana"], "oai_local_id": "7"},
        ),
    ],
)
def test_metadata_of_other_formats(metadata: str, document: dict[str, Any], chunk_bytes: int):
    other = record("oai:x:8", "<dc:title>Another</dc:title>")
    found, refused = read(ANSWER.format(with_metadata("oai:x:7", metadata) + other).encode(), chunk_bytes)
    assert refused == []
    assert [one["id"] for one in found] == ["oai:x:7", "oai:x:8"]
    assert {name: found[0].get(name) for name in document} == document
    assert found[0]["oai_datestamp"] == "2020-02-02"


@pytest.mark.parametrize("prefix", ["", "marc:"])
def test_marc_that_says_that_it_is_deleted_is_a_deletion(prefix: str):
    gone = re.sub(r"(leader>\s*.{5}).", r"\1d", with_metadata("oai:x:7", marc(prefix)), count=1)
    assert gone != with_metadata("oai:x:7", marc(prefix))
    data = ANSWER.format(gone + with_metadata("oai:x:8", marc(prefix, local="8"))).encode()
    assert deleted_ids(oai_pmh.FORMAT, data) == ["oai:x:7"]


def test_metadata_that_is_torn_is_quarantined_alone():
    torn = with_metadata("oai:x:7", JSON.format(injected="", json='{"id": '))
    other = with_metadata("oai:x:8", "<collection>no record</collection>")
    found, refused = read(ANSWER.format(torn + other + record("a")).encode())
    assert [one["id"] for one in found] == ["a"]
    assert [row.reason.split(":")[0] for row in refused] == ["not JSON", "metadata without a MARC record"]


@pytest.mark.parametrize(
    ("injected", "identifier"), [("", "7"), ("<identifier>oai:x:7</identifier><setSpec>s</setSpec>", "oai:x:7")]
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_harvested_record_of_vufinds_own_metadata(injected: str, identifier: str, wrapped: bool):
    text = JSON.format(injected=injected, json='{"id":"7","title":"In JSON"}')
    text = f"<collection>{text}{text}</collection>" if wrapped else text
    assert oai_pmh.FORMAT.recognises(text.encode())
    found, refused = read(text.encode())
    assert refused == []
    assert {one["id"] for one in found} == {identifier}
    assert {one["title"] for one in found} == {"In JSON"}


def test_a_folder_with_several_metadata_formats_is_one_dump(tmp_path: Path):
    root = tmp_path / "city" / "2024"
    root.mkdir(parents=True)
    (root / "1700000000_a.xml").write_text(marc(local="a"))
    (root / "1700000000_b.xml").write_text(dc("<identifier>b</identifier>"))
    (root / "1700000000_c.xml").write_text(JSON.format(injected="", json='{"id":"c"}'))
    (root / "1700000001_a.delete").write_text("a")
    (root / "last_harvest.txt").write_text("2024-01-01")
    assert [(dump.source, dump.name) for dump in find_dumps(tmp_path)] == [("city", "2024")]
    ids = []
    for part in read_chunks(root):
        assert not isinstance(part, Unreadable)
        ids += parse_chunk(part).documents.column("id").to_pylist()
    assert ids == ["a", "b", "c", "a"]


def test_a_deletion_stands_where_the_repository_says_so():
    text = ANSWER.format(record("a") + DELETED.replace("deleted", "Deleted") + record("b"))
    [piece] = (part for part in oai_pmh.FORMAT.split("f", "", ByteStream(iter([text.encode()])), 1 << 20)
               if isinstance(part, Piece))  # fmt: skip
    documents = oai_pmh.FORMAT.parse((piece,)).documents
    assert documents.column("id").to_pylist() == ["a", "gone", "b"]
    assert documents.column("is_deletion").to_pylist() == [None, True, None]
    assert text.encode()[documents["offset"][1].as_py() :].startswith(b'<record><header status="Deleted">')


_TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<&"), max_size=9)


@given(st.lists(_TITLES, min_size=1, max_size=5), st.integers(1, 300))
def test_any_records_are_read_in_any_chunks(titles: list[str], chunk_bytes: int):
    titles = [title.replace("\ufffe", "").replace("\uffff", "").replace("]]>", "") for title in titles]
    records = [record(str(number), f"<dc:title>{title}</dc:title>") for number, title in enumerate(titles)]
    found, refused = read(ANSWER.format("".join(records)).encode(), chunk_bytes)
    assert refused == []
    assert [one.get("title") for one in found] == [" ".join(title.split()) or None for title in titles]


@given(st.binary(max_size=60), st.integers(1, 60))
def test_any_bytes_are_read_or_quarantined(tail: bytes, chunk_bytes: int):
    data = ANSWER.format(record("a")).encode()[:-40] + tail
    end = 0
    for part in oai_pmh.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        assert part.offset >= end
        end = part.offset + (len(part.data) if isinstance(part, Piece) else part.length)
        if isinstance(part, Piece):
            oai_pmh.FORMAT.parse((part,))
    assert end <= len(data)
