"""Solr's CSV read in columns gives, row by row, what is read row by row, whatever the rows hold."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import solr_csv
from pipelines.readers.chunks import Batch, Piece
from pipelines.readers.csv_dialect import is_multiple
from pipelines.readers.solr_csv_columns import Header, read_rows
from tests.readers.reading import assert_alike, changed

NAMES = ("id", "title", "author", "publishDate", "_version_", "x_str_mv", "y_str")
#: The same as R writes it, and with columns that have no name.
IN_QUOTES = tuple(f'"{name}"' for name in NAMES)
NAMELESS = (*NAMES[:5], "", "")
#: What a cell may be: plain, quoted, with several values, with signs that escape others, and what is no cell.
CELLS = [
    "", "a", "A b", "\u00e9\u4e2d\U0001d11e", '""', '"a"', '"a,b"', '"a ""b"""', '""""', '"""a"', '"a\nb"',
    '"a\r\nb"', '"A\\, b,C"', '"a\\\\,b"', '"a\\\\\\,b"', "a\\nb", "a\\rb", "a\\", '"a\\"', '"a,b\\"',
    "a\\\\", "\\\u00e9", '"a\\""b"', '","', '",a"', '"a,,b"', "a|b", "7", "-0", "007", "1784839000504139776",
    "9223372036854775808", "-9223372036854775809", "1.5", " ", "\u00a0", "\0", "\x01", "x" * 1200,
    'a"b', '"a"b', '"a" ', ' "a"', 'a""', "a\rb", '"', '"a', "\udcff", "\ufeff",
    "NULL", "\\N", "NA", '"NULL"', '"\\N"', '"NA"', "NULL,", " NULL", "\\NA", 'NULL"', "NULL\\",
]  # fmt: skip
ROWS = st.one_of(
    st.lists(st.sampled_from(CELLS), min_size=7, max_size=7),
    st.lists(st.sampled_from(CELLS[:30]), min_size=7, max_size=7),
    st.lists(st.sampled_from(CELLS), max_size=9),
)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n", "\r", " \n"])


def text_of(rows: list[tuple[list[str], str]], delimiter: str) -> bytes:
    """The rows, most of them with an id of their own."""
    found = []
    for number, (cells, end) in enumerate(rows):
        own = [str(number), *cells[1:]] if len(cells) == 7 and number % 3 else cells
        found.append(delimiter.join(own) + end)
    return "".join(found).encode(errors="surrogateescape")


def both_ways(rows: bytes, delimiter: str = ",", separator: str = ",", names: Sequence[str] = NAMES) -> Batch:
    """What is read in columns, which is what is read row by row."""
    header = separator + delimiter.join(names) + "\n"
    piece = Piece("f", "m", 1000, 7, header.encode() + rows, len(header))
    quick, slow = (_read(piece, worth) for worth in (0, 1 << 40))
    assert_alike(quick, slow)
    return quick


def _read(piece: Piece, worth: int) -> Batch:
    kept, solr_csv._WORTH_COLUMNS = solr_csv._WORTH_COLUMNS, worth
    try:
        return solr_csv.FORMAT.parse((piece,))
    finally:
        solr_csv._WORTH_COLUMNS = kept


@pytest.fixture(autouse=True, scope="module")
def _few_rows() -> Iterator[None]:
    kept, solr_csv._FEW_ROWS = solr_csv._FEW_ROWS, 1
    yield
    solr_csv._FEW_ROWS = kept


@given(
    st.lists(st.tuples(ROWS, ENDS), max_size=8),
    st.sampled_from([",", "\t", ";", "|"]),
    st.sampled_from([",", "|", ";", "\x1f"]),
    st.sampled_from([NAMES, IN_QUOTES, NAMELESS]),
)
@example([(["1", one, one, one, "", one, one], "\n") for one in CELLS[:30]], ",", ",", NAMES)
def test_columns_say_what_rows_say(
    rows: list[tuple[list[str], str]], delimiter: str, separator: str, names: Sequence[str]
):
    both_ways(text_of(rows, delimiter), delimiter, separator, names)


@pytest.mark.parametrize("names", [NAMES, IN_QUOTES, NAMELESS], ids=["plain", "in quotes", "nameless"])
@pytest.mark.parametrize("cell", CELLS)
def test_each_cell_is_read_alike_in_each_column(cell: str, names: Sequence[str]):
    plain = ["1", "t", '"A\\, b,C"', "1999", "17", '"a,b"', "c"]
    rows = [plain, *([*plain[:place], cell, *plain[place + 1 :]] for place in range(7)), plain]
    both_ways(text_of([(row, "\n") for row in rows], ","), names=names)


@given(
    st.lists(st.tuples(ROWS, ENDS), min_size=1, max_size=6),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=6)), max_size=3),
)
def test_so_they_do_where_bytes_are_lost_or_others(
    rows: list[tuple[list[str], str]], changes: list[tuple[float, int, bytes]]
):
    data = text_of(rows, ",")
    both_ways(changed(data, changes))


def test_plain_rows_are_read_in_columns():
    rows = text_of([(["1", one, one, one, "17", one, one], "\n") for one in CELLS[:30]], ",")
    found = read_rows(rows, Header(",", ",", NAMES, is_multiple))
    assert len(found.plain) == len(found.starts)
    both_ways(rows)


def test_a_row_that_is_torn_leaves_those_behind_it_to_columns(monkeypatch: pytest.MonkeyPatch):
    read: list[int] = []
    monkeypatch.setattr(solr_csv, "to_row", lambda row, made=solr_csv.to_row: read.append(1) or made(row))
    plain = "{},t,a,1999,17,b,c\n"
    rows = "".join(map(plain.format, range(500))) + '500,"t,,,,,\n' + "".join(map(plain.format, range(501, 1000)))
    batch = _read(Piece("f", "m", 0, 1, f",{','.join(NAMES)}\n{rows}".encode()), 1 << 10)
    assert batch.documents.column("id").to_pylist() == [str(number) for number in range(1000) if number != 500]
    assert batch.quarantined.column("line").to_pylist() == [502]
    assert len(read) < 100
