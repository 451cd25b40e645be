"""Pages of Solr's CSV in one file (``cat page1.csv page2.csv``): rows are read under the header they stand behind."""

import csv
import io
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import solr_csv
from pipelines.readers.chunks import Chunk, Piece, Run, Unreadable
from pipelines.readers.csv_headers import find_headers
from pipelines.readers.csv_separator import _BETWEEN_FILLED
from pipelines.readers.registry import parse_chunk
from pipelines.readers.rereading import read_again
from pipelines.readers.streams import ByteStream
from tests.readers.csv_reading import LINEAGE, read_csv

HEADER = "id,title,author,author2,publishDate\n"
FIRST = HEADER + '1,One,"A, b|C, d",,2001\n'
CHUNKS = pytest.mark.parametrize("chunk_bytes", [1, 7, 60, 100, 1 << 20])


def documents(data: str, chunk_bytes: int = 1 << 20) -> list[dict[str, Any]]:
    """What is read of a file of which all is read."""
    found, refused = read_csv(data.encode(), chunk_bytes)
    assert refused == []
    return [{name: value for name, value in one.items() if name not in LINEAGE} for one in found]


@CHUNKS
@pytest.mark.parametrize(
    ("page", "second"),
    [
        pytest.param(HEADER + "2,Two,E,,2002\n", {"title": "Two", "author": ["E"], "publishDate": ["2002"]}, id="same"),
        pytest.param("author2,publishDate,title,id,author\nF,2002,Two,2,E\n",
                     {"title": "Two", "author": ["E"], "author2": ["F"], "publishDate": ["2002"]}, id="other order"),
        pytest.param("id,title,title_short,isbn,topic,x_str\n2,Two,T,3,G,y\n",
                     {"title": "Two", "title_short": "T", "isbn": ["3"], "topic": ["G"], "x_str": "y"}, id="others"),
        pytest.param("\ufeff" + HEADER + "2,Two,,,\n", {"title": "Two"}, id="byte order mark"),
        pytest.param("sep=;\r\n" + HEADER.replace(",", ";") + "2;Two, a;;;\n", {"title": "Two, a"}, id="hint"),
        pytest.param("\ufeffsep=,\n" + HEADER + "2,Two,,,\n", {"title": "Two"}, id="mark and hint"),
        pytest.param('"id","title","author","author2","publishDate"\r\n"2","Two","","",""\r\n',
                     {"title": "Two"}, id="in quotes"),
        pytest.param(HEADER.replace(",", "\t") + "2\tTwo\t\t\t\n", {"title": "Two"}, id="tabs"),
        pytest.param(",title,author,author2,publishDate,id\n0,Two,,,,2\n", {"title": "Two"}, id="id at the end"),
        pytest.param(HEADER + HEADER + "\n" + HEADER + "2,Two,,,", {"title": "Two"}, id="pages without rows"),
    ],
)  # fmt: skip
def test_a_header_among_rows_begins_a_page(page: str, second: dict[str, Any], chunk_bytes: int):
    first = {"id": "1", "title": "One", "author": ["A, b", "C, d"], "publishDate": ["2001"]}
    assert documents(FIRST + page, chunk_bytes) == [first, {"id": "2"} | second]
    third = HEADER + "3,Three,,,\n"
    found = documents(FIRST + page.rstrip("\n") + "\n" + third, chunk_bytes)
    assert found == [first, {"id": "2"} | second, {"id": "3", "title": "Three"}]


@CHUNKS
@pytest.mark.parametrize(
    ("tail", "ids"),
    [
        (HEADER, ["1"]),
        (HEADER.rstrip("\n"), ["1"]),
        ('2,"a\n' + HEADER + 'b",,,\n3,,,,\n', ["1", "2", "3"]),
        ('2,"""\n' + HEADER + '""",,,\n', ["1", "2"]),
        ('2,,,,"a\nsep=;"\n' + HEADER + "3,,,,\n", ["1", "2", "3"]),
        ('2,,,,"a\nsep=;"\n3,,,,\n', ["1", "2", "3"]),
        ("2,id,,,\nid,x,title_short,,\n", ["1", "2", "id"]),
        ("2,,,,\nid,,,,\n", ["1", "2", "id"]),
    ],
)
def test_what_begins_no_page_stays_a_row(tail: str, ids: list[str], chunk_bytes: int):
    """A header within quotes is part of a text, and not every row that has a cell ``id`` is a header."""
    assert [one["id"] for one in documents(FIRST + tail, chunk_bytes)] == ids


@CHUNKS
@pytest.mark.parametrize("torn", ['2,"x,,,\n', '2,12" y,,,\n'])
def test_a_quote_that_is_never_closed_costs_no_page_behind_it(torn: str, chunk_bytes: int):
    page = 'id,publishDate,title,author\n3,2003,Three,"A, b|C"\n4,2004,Four,\n'
    found, refused = read_csv((FIRST + torn + page).encode(), chunk_bytes)
    kept = [(one["id"], one["title"], one.get("author")) for one in found if one["id"] != "2"]
    assert kept == [("1", "One", ["A, b", "C, d"]), ("3", "Three", ["A, b", "C"]), ("4", "Four", None)]
    assert [row.raw.decode() for row in refused] == ([torn] if "x" in torn else [])


@CHUNKS
def test_a_line_for_excel_without_a_header_behind_it_is_no_row(chunk_bytes: int):
    found, refused = read_csv((FIRST + "sep=;\n2,Two,,,\n").encode(), chunk_bytes)
    assert ([one["id"] for one in found], [row.raw for row in refused]) == (["1", "2"], [b"sep=;\n"])


@CHUNKS
@pytest.mark.parametrize(
    ("pages", "authors"),
    [
        pytest.param(['"A, b|C, d"', "E|F"], [["A, b", "C, d"], ["E", "F"]], id="the first page's"),
        pytest.param(['"A, b|C, d"', '"E, f"'], [["A, b", "C, d"], ["E, f"]], id="the first page's, where none shows"),
        pytest.param(['"A, b|C, d"', '"E, f;G, h"'], [["A, b", "C, d"], ["E, f", "G, h"]], id="another"),
        pytest.param(['"A, b|C, d"', '"E\\, f,G"', "H|I"], [["A, b", "C, d"], ["E, f", "G"], ["H", "I"]], id="each"),
        pytest.param(["A", '"E, f;G, h"'], [["A"], ["E, f", "G, h"]], id="of the second alone"),
        pytest.param(["A|B", '"E, f|G, h"'], [["A", "B"], ["E, f", "G, h"]], id="the first told by the second"),
    ],
)  # fmt: skip
def test_each_page_may_have_its_own_sign_between_values(pages: list[str], authors: list[list[str]], chunk_bytes: int):
    data = "".join(f"{HEADER}{number},One,{cell},,1900\n" for number, cell in enumerate(pages))
    assert [one["author"] for one in documents(data, chunk_bytes)] == authors


def test_a_comma_in_a_value_of_a_short_page_is_no_sign_between_values():
    first = HEADER + 'x,One,"Smith, John|Doe, Jane",,\n' * 10
    later = HEADER + 'y,Two,"1,2-Dichloroethane",,\n' + "z,Three,Unesco|Who,,\n"
    for text in (first + later, first + later.rsplit("z", 1)[0] + HEADER + "z,Three,Unesco|Who,,\n"):
        [*_, comma, bar] = documents(text)
        assert (comma["author"], bar["author"]) == (["1,2-Dichloroethane"], ["Unesco", "Who"])


def test_signs_side_by_side_in_a_local_field_are_none_between_values():
    header = "id,title,author,x_str_mv,publishDate\n"
    rows = '0,,"A, b|C, d",,\n1,,,0;;0,\n2,,,0;;;0,\n'
    assert documents(header + rows)[0]["author"] == ["A, b", "C, d"]


def test_values_of_a_list_may_be_empty():
    rows = '0,T,A||B,,\n1,T,"C, d||E, f",,\n'
    authors = [["A", "", "B"], ["C, d", "", "E, f"]]
    assert [one["author"] for one in documents(HEADER + rows)] == authors
    assert [one["author"] for one in documents(FIRST + HEADER + rows + "2,T,,,1;9\n")[1:3]] == authors


def test_a_few_rows_that_seem_to_say_otherwise_are_held_to_more():
    rows = [*['x,One,"A;B, c",,'] * 50, *['x,One,"A, b|C, d",,'] * 60]
    assert documents(FIRST + HEADER + "\n".join(rows))[-1]["author"] == ["A, b", "C, d"]


_TEXT = st.one_of(
    # What stands between two letters as if it separated values may do so: a page alone shows less of that than many.
    st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=8).filter(
        lambda text: not any(sign.search(text) for sign in _BETWEEN_FILLED.values())
    ),
    st.sampled_from(["id", "a\n" + HEADER + "b", "sep=;", "a\nsep=;", "\ufeff", '"', "NULL", "\\N"]),
)
_FIELDS = ("id", "title", "author", "author2", "publishDate", "topic", "title_short", "x_str_mv", "y_str", "")


@st.composite
def _pages(draw: st.DrawFn) -> bytes:
    """A page of its own fields in their own order, written its own way."""
    names = [*draw(st.permutations(_FIELDS))]
    delimiter, separator = draw(st.sampled_from([(",", "|"), (";", "|"), ("\t", ","), (",", ","), ("|", ";")]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    writer.writerow(names)
    shown = separator.join(["A\\, b", "C\\, d"] if separator == "," else ["A, b", "C, d"])
    writer.writerow([{"id": "0", "author": shown}.get(name, "") for name in names])
    for number in range(draw(st.integers(0, 3))):
        writer.writerow([str(number) if name == "id" else draw(st.one_of(st.just(""), _TEXT)) for name in names])
    before = draw(st.sampled_from(["", "\ufeff", f"sep={delimiter}\r\n"]))
    return (before + out.getvalue()).encode()


@given(st.lists(_pages(), min_size=1, max_size=4), st.integers(1, 300))
def test_pages_put_together_are_read_as_each_by_itself(pages: list[bytes], chunk_bytes: int):
    expected, offset = [], 0
    for page in pages:
        found, refused = read_csv(page)
        assert refused == []
        expected += [one | {"_offset": one["_offset"] + offset} for one in found]
        offset += len(page)
    assert read_csv(b"".join(pages), chunk_bytes) == (expected, [])


def test_pages_that_are_alike_are_few_pieces_and_each_piece_has_its_header():
    alike = FIRST.encode() * 500
    other = b"id,publishDate,title,author\n7,1999,T,A\n,,no id,\n"
    pieces = [*solr_csv.FORMAT.split("f", "m", ByteStream(iter([alike + other + alike])), 1 << 20)]
    headers = [piece.data[: piece.repeated] for piece in pieces if isinstance(piece, Piece)]
    assert headers == [
        b"|" + one + b"\n" for one in (HEADER.encode()[:-1], other.split(b"\n")[0], HEADER.encode()[:-1])
    ]


def test_a_row_that_is_refused_is_read_again_under_the_header_of_its_page():
    data = FIRST.encode() + b"id,publishDate,title,author\n,1999,T,A\n"
    pieces = [*solr_csv.FORMAT.split("f", "m", ByteStream(iter([data])), 1 << 20)]
    [row] = parse_chunk(Chunk((Run("solr csv", tuple(pieces)),))).quarantined.to_pylist()
    assert row["context"] == b"|id,publishDate,title,author\n"
    [again] = read_again(Unreadable(**row))
    assert again.quarantined.to_pylist() == [row]


def test_cells_that_only_look_like_a_header_are_judged_in_linear_time():
    row = b"x" * 20 + b",id" * 300_000
    began = time.process_time()
    assert find_headers(b"\n".join([row] * 3)) == []
    assert find_headers(b"1,id,title,author\n" * 100_000) == []
    assert time.process_time() - began < 5


@pytest.mark.parametrize("before", range(4))
def test_headers_are_found_wherever_they_stand(before: int):
    text = "x" * before + "\n" + HEADER + "2,,,,\n"
    assert [one.start for one in find_headers(text.encode())] == [before + 1]
