"""Dublin Core from OAI-PMH: records of answers and harvested files, in the words of the index."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import oai_dc, solr_xml
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Piece, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.streams import ByteStream

NAMESPACES = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2024-01-01T00:00:00Z</responseDate>"
    '<request verb="ListRecords" metadataPrefix="oai_dc">https://example.org/oai</request>\n'
    "<ListRecords>{}<resumptionToken>x</resumptionToken></ListRecords></OAI-PMH>\n"
)
DELETED = '<record><header status="deleted"><identifier>gone</identifier></header></record>'


def dc(content: str) -> str:
    return f"<oai_dc:dc {NAMESPACES}>{content}</oai_dc:dc>"


def record(identifier: str, content: str = "") -> str:
    header = f"<header><identifier>{identifier}</identifier><datestamp>2020-02-02</datestamp></header>"
    return f"<record>{header}<metadata>{dc(content)}</metadata></record>\n"


def read(data: bytes, chunk_bytes: int = 1 << 20) -> tuple[list[dict[str, Any]], list[Unreadable]]:
    found: list[dict[str, Any]] = []
    refused: list[Unreadable] = []
    for part in oai_dc.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        if isinstance(part, Unreadable):
            refused.append(part)
            continue
        assert data[part.offset :][: len(part.data)] == part.data
        batch = oai_dc.FORMAT.parse((part,))
        refused += [Unreadable(**row) for row in batch.quarantined.to_pylist()]
        found += to_documents(batch.documents)
    return found, refused


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
    assert oai_dc.FORMAT.recognises(text.encode())
    assert not solr_xml.FORMAT.recognises(text.encode())
    found, refused = read(text.encode(), chunk_bytes)
    assert ([one["id"] for one in found], refused) == (ids, [])


@pytest.mark.parametrize(
    "text",
    [
        '<OAI-PMH><request metadataPrefix="marc21"/><ListRecords/></OAI-PMH>',
        '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader/></record></collection>',
        "<record><dc/></record>",
        "<dc><title/></dc>",
        '<add><doc><field name="id">a</field></doc></add>',
        "",
    ],
)
def test_takes_no_other_xml_for_dublin_core(text: str):
    assert not oai_dc.FORMAT.recognises(text.encode())


@pytest.mark.parametrize(
    ("content", "document"),
    [
        ("<dc:title> A\n b </dc:title><dc:title>C</dc:title>",
         {"title": "A b", "title_short": "A b", "title_alt": ["C"]}),
        ("<dc:creator>A, B</dc:creator><dc:creator/><dc:contributor>C</dc:contributor>",
         {"author": ["A, B"], "author2": ["C"]}),
        ("<dc:subject>S</dc:subject><dc:type>Article</dc:type>", {"topic": ["S"], "format": ["Article"]}),
        ("<dc:publisher>P</dc:publisher><dc:language>en</dc:language>", {"publisher": ["P"], "language": ["en"]}),
        ("<dc:date>1999</dc:date>", {"publishDate": ["1999"]}),
        ("<dc:date>1999-05-01</dc:date>", {"publishDate": ["1999"], "dc_date": ["1999-05-01"]}),
        ("<dc:date>May 1999</dc:date>", {"dc_date": ["May 1999"]}),
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
        (ANSWER.format(record("a") + DELETED), ["a"], ["deleted in the repository: deletions are not carried out yet"]),
        (ANSWER.format(""), [], ["an answer of a repository without records"]),
        (ANSWER.format(record("a", "<dc:title>&nbsp;</dc:title>") + record("b")), ["b"], ["not XML: undefined entity"]),
        (ANSWER.format(record("a") + "<record><header/><metadata/></record>"), ["a"], ["a record without metadata"]),
        (ANSWER.format(record("a") + "<record/>"), ["a"], ["a record without header"]),
        (
            ANSWER.format("<record><header/><metadata><m:record><m:record/></m:record></metadata></record>"), [],
            ["metadata that is not Dublin Core but <record>"],
        ),
        (ANSWER.format(record("")), [], ["no id: the field id is empty"]),
        (dc("<dc:title>t</dc:title>"), [], ["no id"]),
        (ANSWER.format(record("a") + record("b"))[:-50], ["a", "b"], ["the XML is cut off"]),
        (dc("<identifier>a</identifier>")[:-4], [], ["the XML is cut off"]),
    ],
)  # fmt: skip
def test_what_is_no_record_is_quarantined(text: str, ids: list[str], reasons: list[str]):
    assert oai_dc.FORMAT.recognises(text.encode())
    found, refused = read(text.encode())
    assert [one["id"] for one in found] == ids
    assert [row.reason.split(" at line")[0] for row in refused] == reasons


def test_a_folder_of_the_harvester(tmp_path: Path):
    for name in "ab":
        (tmp_path / f"170_{name}.xml").write_text(dc(f"<identifier>{name}</identifier><dc:title>t</dc:title>"))
    (tmp_path / "170_c.delete").write_text("c\n")
    parts = list(read_chunks(tmp_path))
    ids = [parse_chunk(part).documents.column("id").to_pylist() for part in parts if not isinstance(part, Unreadable)]
    assert ids == [["a", "b"]]
    assert [part.file for part in parts if isinstance(part, Unreadable)] == ["170_c.delete"]


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
    for part in oai_dc.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        assert part.offset >= end
        end = part.offset + (len(part.data) if isinstance(part, Piece) else part.length)
        if isinstance(part, Piece):
            oai_dc.FORMAT.parse((part,))
    assert end <= len(data)
