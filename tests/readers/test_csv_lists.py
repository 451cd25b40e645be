"""Lists in cells as other programs than Solr write them: such a file is refused whole, with the way out."""

import csv
import io
from pathlib import Path

import pytest

from pipelines.readers import solr_csv
from pipelines.readers.chunks import Unreadable
from pipelines.readers.csv_lists import lists_in_cells
from pipelines.readers.registry import read_chunks

HEADER = ["id", "title", "author", "topic", "publisher", "publishDate"]

PYTHON = "as Python (pandas) writes them: write JSON lines (df.to_json(path, orient='records', lines=True))"
JSON = "as JSON: write JSON lines, a document a line with its lists"
DUCKDB = "as DuckDB writes them: write JSON lines (COPY … TO 'dump.jsonl' (FORMAT json))"


def written(*rows: list[str], names: list[str] = HEADER) -> bytes:
    """Rows without the ids and titles, as a CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for number, row in enumerate(rows):
        writer.writerow([str(number), "A [title]", *row])
    return out.getvalue().encode()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["['Smith, J', 'Doe, J']", "['a']", "", "['1999']"]], PYTHON),
        ([["['Smith, J' 'Doe, J']", "", "", ""]], PYTHON),
        ([["", "['a', \"b's\"]", "", ""], ["[]", "", "", ""]], PYTHON),
        ([['["Smith, J","Doe, J"]', '["a"]', "", '["1999"]']], JSON),
        ([["[Smith, Doe]", "[a, b]", "[S.l.]", "[1999]"], ["[Roe]", "", "NULL", "[2000]"]] * 5, DUCKDB),
        # Where some are written otherwise, quotes in most rows tell.
        ([["Roe", "['a']", "", "1999"], ["Doe", "['b', 'c']", "", "2000"]], PYTHON),
    ],
)
def test_such_lists_are_told_with_the_way_out(rows: list[list[str]], said: str):
    data = written(*rows)
    assert lists_in_cells(data) == f"lists in its cells {said}"
    assert not solr_csv.FORMAT.recognises(data)


@pytest.mark.parametrize(
    "rows",
    [
        [["Roe", "a", "[S.l.]", "[1999]"]],
        [["", "", "[S.l.]", "[1999]"]],
        [["Roe", "", "", '["1999"]']],
        [["", "", "", "[1999]"]],
        [["[Roe", "a]", "", ""]],
        [["[", "]", "", ""]],
        [["[Roe], J", "[a] b", "", ""]],
        [["['Roe, J']", "['a']", "['b']", "['1999']"], ["Roe\\, J", "a", "b", "1999"]],
        [["", "", "", ""]],
        [],
    ],
)
def test_others_are_solrs(rows: list[list[str]]):
    data = written(*rows)
    assert lists_in_cells(data) == ""
    assert solr_csv.FORMAT.recognises(data)


def test_what_is_no_csv_of_an_index_has_none():
    assert lists_in_cells(b"a,b\n['c'],['d']\n") == ""
    assert lists_in_cells(b"\n['c']") == ""
    assert lists_in_cells(b"") == ""


def test_a_row_that_is_cut_off_says_nothing():
    data = written(["['Roe, J']", "['a']", "", "['1999', '2000']"], ["['Roe, J']", "['a']", "", "['1999', '2000']"])
    assert lists_in_cells(data[:-5]) == f"lists in its cells {PYTHON}"


@pytest.mark.parametrize(
    "row",
    [
        ["[Anon.]", "", "[S.l.]", "[1850]"],
        ["[Goethe, J. W.]", "", "", "[1850]"],
        ["", "", "['s-Gravenhage]", "[1650]"],
        ["Vondel", "", "['s-Gravenhage]", "1650"],
        ["", '["Faust"]', "", "1808"],
    ],
)
@pytest.mark.parametrize("count", [1, 3, 20])
def test_what_cataloguers_put_in_brackets_is_no_list(row: list[str], count: int):
    assert lists_in_cells(written(*[row] * count)) == ""


def test_the_file_is_refused_whole(tmp_path: Path):
    dump = tmp_path / "dump.csv"
    dump.write_bytes(written(*[["['Smith, J', 'Doe, J']", "['a']", "", "['1999']"]] * 3))
    [row] = read_chunks(dump)
    assert isinstance(row, Unreadable)
    assert (row.reason, row.part) == (f"not a known format: CSV with lists in its cells {PYTHON}", "file")
    assert row.length == dump.stat().st_size
