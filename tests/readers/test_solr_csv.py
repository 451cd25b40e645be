"""Solr's CSV: rows are documents, cells of fields with many values are cut where Solr joined them."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import solr_csv
from pipelines.readers.chunks import Piece, Unreadable
from pipelines.readers.csv_dialect import NOTHING
from pipelines.readers.csv_separator import separator_of
from pipelines.readers.streams import ByteStream
from tests.readers.csv_reading import LINEAGE, read_csv

HEADER = "id,title,author,author2,publishDate\n"


def read(data: bytes, chunk_bytes: int = 1 << 20) -> tuple[list[dict[str, Any]], list[Unreadable]]:
    """The documents without their lineage, and what was refused."""
    found, refused = read_csv(data, chunk_bytes)
    return [{name: value for name, value in one.items() if name not in LINEAGE} for one in found], refused


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HEADER, True),
        ("\ufeff" + HEADER, True),
        (HEADER.replace(",", "\t"), True),
        (HEADER.replace(",", ";"), True),
        ('"id","title_short","title","isbn"\r\n', True),
        ("id,title,author,isbn\n", False),
        ("id,title,author,year,journal,doi\n", False),
        ("title,author,author2,publishDate\n", False),
        ("id,title,title_short\n", False),
        ("id,title,title,author2,publishDate\n", False),
        ("id,title,author2,publishDate,\n", True),
        (",id,title,author2,publishDate,,,\n", True),
        ('"","id","title","author2","publishDate"\n', True),
        (";id;title;author2;publishDate;;;\n", True),
        (",,,id,,,\n", False),
        ('{"id":"a","title":"b","author2":"c","publishDate":"d"}\n', False),
        ("", False),
    ],
)
def test_only_a_header_of_vufinds_index_is_recognised(header: str, expected: bool):
    assert solr_csv.FORMAT.recognises(header.encode()) is expected


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize("hint", ["sep=,\r\n", "\ufeffsep=,\n", '"sep=,"\r\n'])
def test_the_line_that_tells_excel_the_delimiter_is_no_header(hint: str, chunk_bytes: int):
    data = (hint + HEADER + "1,One,A B,,2001\n2,Two,C D,,2002\n").encode()
    assert solr_csv.FORMAT.recognises(data)
    documents, refused = read(data, chunk_bytes)
    assert ([one["title"] for one in documents], refused) == (["One", "Two"], [])


@pytest.mark.parametrize("chunk_bytes", [60, 1 << 20])
@pytest.mark.parametrize(
    ("cells", "document"),
    [
        ("1,A,,,", {"title": "A"}),
        ('1,"A, b",,,', {"title": "A, b"}),
        ('1,"A ""b""",,,', {"title": 'A "b"'}),
        ('1,"A\nb",,,', {"title": "A\nb"}),
        ("1,A\\b,,,", {"title": "A\\b"}),
        ('1,,"A,B",C,1999', {"author": ["A", "B"], "author2": ["C"], "publishDate": ["1999"]}),
        ('1,,"A\\, b,C\\, d",,', {"author": ["A, b", "C, d"]}),
        ('1,,"A\\\\,B\\nC",,', {"author": ["A\\", "B\nC"]}),
        ('1,,"A, b|C, d",E,', {"author": ["A, b", "C, d"], "author2": ["E"]}),
        ('1,,"A, b;C\\;D",,', {"author": ["A, b", "C;D"]}),
        ('1,,"A, b",,', {"author": ["A, b"]}),
        ('1,,"A ; B, c","D, e|F, g",', {"author": ["A ; B, c"], "author2": ["D, e", "F, g"]}),
    ],
)
def test_cells(cells: str, document: dict[str, Any], chunk_bytes: int):
    assert read(f"{HEADER}{cells}\n".encode(), chunk_bytes) == ([{"id": "1", **document}], [])


@pytest.mark.parametrize("chunk_bytes", [60, 1 << 20])
@pytest.mark.parametrize(
    ("header", "row"),
    [
        pytest.param(",id,title,author2,publishDate", "0,1,A,B,1999", id="pandas"),
        pytest.param('"","id","title","author2","publishDate"', '"1","1","A","B","1999"', id="R"),
        pytest.param("id;title;author2;publishDate;;;", "1;A;B;1999;;;", id="Excel"),
        pytest.param("id;title;author2;publishDate;;", "1;A;B;1999;x;NULL", id="cells without a name"),
    ],
)
def test_columns_without_a_name_are_passed_over(header: str, row: str, chunk_bytes: int):
    found, refused = read(f"{header}\n{row}\n".encode(), chunk_bytes)
    assert (found, refused) == ([{"id": "1", "title": "A", "author2": ["B"], "publishDate": ["1999"]}], [])


_IN_QUOTES = ",".join(f'"{name}"' for name in HEADER.strip().split(","))


@pytest.mark.parametrize(
    ("header", "cells", "document"),
    [
        (HEADER, "1,NULL,NULL,NULL,NULL", {}),
        (HEADER, "1,\\N,\\N,\\N,\\N", {}),
        (HEADER, "1,A,B,C,NULL\r", {"title": "A", "author": ["B"], "author2": ["C"]}),
        (HEADER, '1,"NULL","NULL",C,', {"title": "NULL", "author": ["NULL"], "author2": ["C"]}),
        (HEADER, '1,"\\N",,,', {"title": "\\N"}),
        (HEADER, "1,null,NULLS, NULL,\\Na", {"title": "null", "author": ["NULLS"], "author2": [" NULL"],
                                             "publishDate": ["Na"]}),
        (HEADER, 'NULL,a"b,"NULL",NULL,', None),
        (HEADER, '1,a"b,"NULL",NULL,', {"title": 'a"b', "author": ["NULL"]}),
        (HEADER, '1,"a ""NULL"", b",NULL,,', {"title": 'a "NULL", b'}),
        (HEADER, "1,NA,NA,,", {"title": "NA", "author": ["NA"]}),
        (_IN_QUOTES, '"1",NA,NA,NULL,"NA"', {"publishDate": ["NA"]}),
        ('"id",' + _IN_QUOTES.removeprefix('"id",').replace('"', ""), '"1",NA,,,', {"title": "NA"}),
    ],
)  # fmt: skip
def test_signs_for_a_missing_value(header: str, cells: str, document: dict[str, Any] | None):
    """What databases and R write without quotes is no value; in quotes, as R writes texts, it is one."""
    found, refused = read(f"{header.strip()}\n{cells}\n".encode())
    assert found == ([] if document is None else [{"id": "1", **document}])
    assert [row.reason for row in refused] == ([] if document is not None else ["no id"])


def test_local_fields():
    found, _ = read(b'id,title,author2,record_format,x_str_mv,y_str,_version_\n1,,,marc,"a,b","c,d",17\n')
    assert found == [{"id": "1", "record_format": "marc", "x_str_mv": ["a", "b"], "y_str": "c,d", "_version_": 17}]


@pytest.mark.parametrize(
    ("rows", "ids", "reasons"),
    [
        ("a,,,,\nb,,,\nc,,,,\n", "ac", ["a row of 4 columns where the header has 5"]),
        ("a,,,,\n,t,,,\nc,,,,\n", "ac", ["no id"]),
        (',"t\nu",,,\nc,,,,\n', "c", ["no id"]),
        ('a,,,,\nb,"x,,,\nc,,,,\nd,,,,\n', "acd", ["not CSV: unexpected end of data"]),
        ('a,"x" y,,,\nc,,,,\n', "c", ["not CSV: ',' expected after '\"'"]),
        ("a,,,,\nb,\udcff,,,\nc,,,,\n", "ac", ["not UTF-8: byte 0xff at byte 2"]),
        ("a,,,,\n\nc,,,,", "ac", []),
        ("", "", []),
    ],
)
def test_a_row_that_cannot_be_read_spoils_no_other(rows: str, ids: str, reasons: list[str]):
    found, refused = read((HEADER + rows).encode(errors="surrogateescape"))
    assert "".join(one["id"] for one in found) == ids
    assert [row.reason for row in refused] == reasons


#: Without quotes what databases write for nothing is nothing, and this writer puts none around it.
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=8).filter(
    lambda text: text not in NOTHING
)


@given(
    st.lists(st.tuples(_TEXT, st.lists(_TEXT, min_size=1, max_size=3)), max_size=5),
    st.integers(1, 200),
)
def test_any_documents_are_read_in_any_chunks(written: list[tuple[str, list[str]]], chunk_bytes: int):
    out = io.StringIO(newline="")
    out.write(HEADER)
    writer = csv.writer(out, lineterminator="\n")
    # The first row shows that values are separated by commas.
    for number, (title, authors) in enumerate([("t", ["A, b"]), *written]):
        escaped = [one.replace("\\", "\\\\").replace(",", "\\,").replace("\n", "\\n") for one in authors]
        writer.writerow([str(number), title, ",".join(escaped), "", ""])
    found, refused = read(out.getvalue().encode(), max(chunk_bytes, 60))
    assert refused == []
    assert [(one["title"], one["author"]) for one in found] == [("t", ["A, b"]), *written]


@given(st.binary(max_size=80), st.integers(1, 60))
def test_any_bytes_are_accounted_for(tail: bytes, chunk_bytes: int):
    data = HEADER.encode() + tail
    covered = bytearray(data[len(HEADER) :])
    for part in solr_csv.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Piece):
            batch = solr_csv.FORMAT.parse((part,))
            places = [*batch.documents.select(["offset", "length"]).to_pylist()]
            places += batch.quarantined.select(["offset", "length"]).to_pylist()
            for place in places:
                start = place["offset"] - len(HEADER)
                covered[start : start + place["length"]] = b" " * place["length"]
    assert not covered.strip()


@pytest.mark.parametrize("rows", [0, 1, 5_000, 100_000])
@pytest.mark.parametrize(
    "early", ['"Doe, J."', "Doe", ""], ids=["a name with a comma", "a name of one word", "no name"]
)
def test_the_sign_between_values_may_come_late(rows: int, early: str):
    """As in an export that is sorted by year: early records have one author each, or none."""
    before = "".join(f"{number},One,{early},,1900\n" for number in range(rows))
    data = (HEADER + before + 'x,Two,"Roe, A.|Moe, B.",,2000\n').encode()
    blocks = (data[at : at + (64 << 10)] for at in range(0, len(data), 64 << 10))
    assert separator_of(ByteStream(blocks)) == "|"


@pytest.mark.parametrize(
    ("cell", "separator"),
    [
        ("http://example.org/~a;b|c", ","),
        ('"A,B"', ","),
        ('"Doe, J."', "\x1f"),
        ('"Doe, J.;Roe, K.;Li, A|B"', ";"),
    ],
)
def test_signs_separate_where_names_have_commas(cell: str, separator: str):
    """A comma is Solr's own choice: only names that have one unescaped tell that it is another sign."""
    assert separator_of(ByteStream(iter([f"{HEADER}1,One,{cell},{cell},1900\n".encode()]))) == separator


@pytest.mark.parametrize("early", [1_999, 2_000])
def test_of_the_first_rows_so_many_are_looked_at(early: int):
    before = "".join(f'{number},One,"Doe, J.;Roe, K.",,1900\n' for number in range(early))
    data = (HEADER + before + 'x,Two,"a\\,b",,2000\n').encode()
    assert separator_of(ByteStream(iter([data]))) == ("," if early < 2_000 else ";")


@pytest.mark.parametrize(
    ("late", "author"),
    [
        # Solr writes a backslash of a value as two: the comma has none of its own.
        (r"a\\,b", ["Doe, J.", "Roe, K."]),
        (r"a\\\\,b", ["Doe, J.", "Roe, K."]),
        (r"a\,b", ["Doe", " J.|Roe", " K."]),
        (r"a\\\,b", ["Doe", " J.|Roe", " K."]),
    ],
)
def test_a_backslash_of_a_value_is_not_that_of_a_comma(late: str, author: list[str]):
    documents, _ = read((HEADER + f'1,One,"Doe, J.|Roe, K.",,1900\n2,Two,"{late}",,2000\n').encode())
    assert documents[0]["author"] == author


def test_a_quote_in_a_cell_without_quotes_is_a_sign_as_any_other():
    rows = ['1,3.5" disk,A,x,1999', '2,"x\ny",B,x,1999', '3,12" LP,C,x,1999', "4,o,D,x,2000"]
    data = "\n".join(["id,title,author,title_short,publishDate", *rows, ""]).encode()
    found, refused = read(data)
    assert [one["title"] for one in found] == ['3.5" disk', "x\ny", '12" LP', "o"]
    assert refused == []
