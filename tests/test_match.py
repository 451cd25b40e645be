"""A file of citations, matched: what a person gives and what comes out."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.match import match_file
from pipelines.readers.citation_error import CitationError

GOLDEN = "Applying the golden rule of sampling for query estimation"
#: So many words that no second text has them by chance.
LONG = "Rates of cancer in screening of older rural women with cytology of the cervix and trachea"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def clusters(path: Path) -> list[tuple[str, str, str]]:
    return [tuple(row.values()) for row in match_file(path).clusters.to_pylist()]


def test_a_csv_becomes_publications_and_works(tmp_path: Path):
    path = written(
        tmp_path / "references.csv",
        "id,title,author,year,journal,volume,number,pages,doi,other\n"
        'a,The colour of whales,"Doe, Jane and Roe, Richard",2001,Nature,7,1,10-19,,x\n'
        'b,Color of whales,"Doe, J.; Roe, R.",2001,Nature,7,1,10-9,10.1000/Whales,\n'
        'c,The colour of whales,"Doe, Jane and Roe, Richard",2009,Whale letters,3,2,1-4,,\n'
        "d,Something else entirely,Poe,1999,,,,,,\n",
    )
    assert clusters(path) == [("a", "a", "a"), ("b", "a", "a"), ("c", "c", "a"), ("d", "d", "d")]
    evidence = {(row["id_a"], row["id_b"]): row for row in match_file(path).evidence.to_pylist()}
    told = {frozenset(pair): (row["verdict"], row["rule"]) for pair, row in evidence.items()}
    assert told[frozenset("ab")] == ("duplicate", "misspelt_title")
    assert told[frozenset("ac")] == ("version", "year_differs")
    assert all(row["reason"].endswith(".") and 0 < row["score"] <= 1 and row["key"] for row in evidence.values())


def test_an_accepted_pair_that_was_not_followed_says_which_pair_it_would_have_brought_together(tmp_path: Path):
    row = '{},The colour of whales in northern seas,"Doe, Jane and Roe, Richard",2001,Nature,{}\n'
    places = {"a": "7,1,10-19,10.1000/a", "b": ",,,", "c": "9,3,40-49,10.1000/c"}
    path = written(
        tmp_path / "references.csv",
        "id,title,author,year,journal,volume,number,pages,doi\n"
        + "".join(row.format(*each) for each in places.items()),
    )
    evidence = {frozenset((row["id_a"], row["id_b"])): row for row in match_file(path).evidence.to_pylist()}
    assert {pair: row["verdict"] for pair, row in evidence.items()} == {
        frozenset("ab"): "duplicate", frozenset("bc"): "duplicate", frozenset("ac"): "version",
    }  # fmt: skip
    assert clusters(path) == [("a", "a", "a"), ("b", "a", "a"), ("c", "c", "a")]
    assert evidence[frozenset("bc")]["passed_over"] == "It would bring together a and c, which must stay apart."
    assert [evidence[frozenset(pair)]["passed_over"] for pair in ("ab", "ac")] == ["", ""]
    assert "3 pairs decided, 1 of them passed over" in CliRunner().invoke(app, ["match", str(path)]).stderr


def test_borders_are_put_where_they_are_wanted(tmp_path: Path):
    path = written(
        tmp_path / "references.csv",
        "id,title,author,year,type,doi\n"
        'a,The colour of whales,"Doe, Jane and Roe, Richard",2001,preprint,10.48550/arXiv.1602.08912\n'
        'b,The colour of whales,"Doe, Jane and Roe, Richard",2002,article,10.1000/whales\n',
    )
    assert clusters(path) == [("a", "a", "a"), ("b", "b", "a")]
    borders = ["--border", "preprint_and_article=duplicate", "--border", "editions=different"]
    moved = CliRunner().invoke(app, ["match", str(path), *borders])
    assert moved.stdout.splitlines()[1:] == ['"a","a","a"', '"b","a","a"']
    wrong = CliRunner().invoke(app, ["match", str(path), "--border", "preprint_and_article=same"])
    assert wrong.exit_code == 2
    assert "duplicate" in wrong.stderr


@pytest.mark.parametrize(
    ("header", "unused"),
    [
        ("Authors,Article Title,Source Title,Publication Year,Start Page,DOI", []),
        ("Authors,Title,Source title,Year,Page start,DOI Link", []),
        ("Author,Title,Publication Title,Publication Year,Pages,Manual Tags", ["Manual Tags"]),
        ("Authors,Title,Journal,Year,Pages,", []),
    ],
)
def test_columns_are_known_as_the_programs_of_the_field_call_them(header: str, unused: list[str], tmp_path: Path):
    rows = ['"Vane, O.; Moss, B.",Of slow rivers,River Studies,1987,7,10.5555/1'] * 2
    matched = match_file(written(tmp_path / "a.csv", "\n".join([header, *rows]) + "\n"))
    assert matched.unused == unused
    assert matched.clusters["publication"].to_pylist() == ["1", "1"]


def test_only_a_title_is_needed_and_rows_without_id_have_their_number(tmp_path: Path):
    path = written(tmp_path / "titles.csv", f"Title\n{LONG}\nToads\n{LONG}\n")
    assert clusters(path) == [("1", "1", "1"), ("2", "2", "2"), ("3", "1", "1")]


@pytest.mark.parametrize("divider", [";", "\t"])
def test_other_dividers_and_names_of_columns_are_known(tmp_path: Path, divider: str):
    header = divider.join(["Record ID", "Title", "Authors", "Publication Year"])
    rows = [divider.join([number, GOLDEN, '"Lud&#228;scher, B. and others"', "2001"]) for number in ("x", "y")]
    path = written(tmp_path / "export.csv", "\ufeff" + "\n".join([header, *rows]))
    assert clusters(path) == [("x", "x", "x"), ("y", "x", "x")]


def test_bibtex_is_matched(tmp_path: Path):
    path = written(
        tmp_path / "library.bib",
        f"@inproceedings{{wu, title={{{GOLDEN}}}, author={{Yi-Leh Wu and Divyakant Agrawal}}, year={{2001}},"
        " booktitle={SIGMOD Conference}}\n"
        f'@inproceedings{{wu2, title="{{{GOLDEN.upper()}}}", author={{Wu, Yi-Leh and Agrawal, D.}}, year=2001,'
        " booktitle={SIGMOD Conf.}}\n"
        "@article{broken, title={No end\n",
    )
    assert clusters(path) == [("wu", "wu", "wu"), ("wu2", "wu", "wu")]
    [line] = match_file(path).unreadable
    assert str(path) in line


def test_entries_of_bibtex_stand_in_their_order_and_those_without_key_have_their_number(tmp_path: Path):
    entry = "@book{{{}, title={{{} in the seas of the north}}, author={{Doe, Jane}}, year={{2001}}}}\n"
    texts = [("a", "Whales"), ("", "Toads"), ("a", "Newts"), (" ", "Frogs"), ("b", "Eels")]
    path = written(tmp_path / "library.bib", "".join(entry.format(*each) for each in texts))
    assert [name for name, *_ in clusters(path)] == ["a", "row 2", "a (row 3)", "row 4", "b"]
    keyless = written(tmp_path / "keyless.bib", "".join(entry.format("", title) for _, title in texts))
    assert [name for name, *_ in clusters(keyless)] == ["1", "2", "3", "4", "5"]


def test_ris_is_matched(tmp_path: Path):
    lines = [
        "TY  - JOUR",
        "ID  - {}",
        f"TI  - {GOLDEN}",
        "AU  - Wu, Yi-Leh",
        "AU  - Agrawal, D.",
        "PY  - 2001",
        "SP  - 10",
    ]
    record = "\n".join([*lines, "EP  - 19", "ER  - ", ""])
    path = written(tmp_path / "library.ris", record.format("one") + "\n" + record.format("two"))
    assert clusters(path) == [("one", "one", "one"), ("two", "one", "one")]


def test_a_row_that_cannot_be_read_is_told_and_the_others_are_matched(tmp_path: Path):
    path = written(
        tmp_path / "references.csv", f"id,title,year\na,{GOLDEN},2001\nb,too,many,columns\nc,{GOLDEN},2001\n"
    )
    matched = match_file(path)
    assert matched.clusters["id"].to_pylist() == ["a", "c"]
    [line] = matched.unreadable
    assert "row 3" in line
    assert "too,many,columns" in line


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"id,name\na,b\n", "no column 'title'"),
        (b"id,title\na,b,c\n", "no citation that can be read"),
        (b"title\n\xff\xfe\xfa\n", "not UTF-8: byte 0xff"),
    ],
)
def test_a_file_that_is_no_list_of_citations_is_an_error(tmp_path: Path, content: bytes, message: str):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(CitationError, match=message) as error:
        match_file(path)
    assert str(path) in str(error.value)
    with pytest.raises(CitationError, match="nowhere"):
        match_file(tmp_path / "nowhere.csv")


def test_the_command_writes_clusters_and_evidence(tmp_path: Path):
    path = written(
        tmp_path / "references.csv", f"id,title,author\na,{GOLDEN},A Wu and B Ra\nb,{GOLDEN},A Wu and B Ra\n"
    )
    out, evidence = tmp_path / "clusters.csv", tmp_path / "evidence.csv"
    result = CliRunner().invoke(app, ["match", str(path), "--out", str(out), "--evidence", str(evidence)])
    assert result.exit_code == 0
    with out.open() as opened:
        assert list(csv.reader(opened)) == [["id", "publication", "work"], ["a", "a", "a"], ["b", "a", "a"]]
    with evidence.open() as opened:
        [row] = csv.DictReader(opened)
    assert (row["verdict"], row["rule"]) == ("duplicate", "same_description")
    assert "2 citations, 1 publications, 1 works" in result.stderr


def test_the_command_names_the_file_it_cannot_read(tmp_path: Path):
    result = CliRunner().invoke(app, ["match", str(written(tmp_path / "empty.csv", ""))])
    assert result.exit_code == 1
    assert "empty.csv: the file is empty" in result.stderr


@pytest.mark.parametrize("option", ["--out", "--evidence"])
def test_the_command_does_not_write_over_what_it_reads_nor_into_nowhere(tmp_path: Path, option: str):
    path = written(tmp_path / "references.csv", f"title\n{GOLDEN}\n")
    for target in (path, tmp_path / "missing" / "out.csv"):
        assert CliRunner().invoke(app, ["match", str(path), option, str(target)]).exit_code == 2
    assert path.read_text() == f"title\n{GOLDEN}\n"


def test_ids_that_repeat_are_told_apart(tmp_path: Path):
    path = written(tmp_path / "references.csv", f"id,title\na,{GOLDEN}\na,Toads of the north\n,Frogs\n3,Newts\n")
    assert [row[0] for row in clusters(path)] == ["a", "a (row 2)", "row 3", "3"]


def test_columns_of_one_meaning_are_one_column(tmp_path: Path):
    path = written(tmp_path / "references.csv", f"id,title,title,date,year\na,{LONG},,2001,\nb,,{LONG},,2001\n")
    assert [row[1] for row in clusters(path)] == ["a", "a"]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("@article{a, title={x}, author={b}\n", "no BibTeX: Unexpected block start: `@book`."),
        ("@article{a, title={x {y}}, pages={1\n}\n", "no BibTeX: Unexpected block start: `@book`."),
        ("@article{a title={x}}", "no BibTeX: Expected comma after entry key, but found ="),
        ("@article{a, title={x}, title={y}}", "the entry has a field more than once (title)"),
    ],
)
def test_bibtex_that_cannot_be_read_is_told_with_its_place_and_the_rest_is_matched(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], entry: str, told: str
):
    path = written(tmp_path / "library.bib", f"\n\n{entry}\n@book{{b, title={{Weirs}}}}\n")
    matched = match_file(path)
    [line] = matched.unreadable
    assert line.startswith(f"{path}: line 3: {told}")
    assert f"; mend it there: {entry[:15]}" in line
    assert matched.clusters["id"].to_pylist() == ["b"]
    assert capfd.readouterr() == ("", "")


def test_bibtex_of_merged_libraries_repeats_keys_and_writes_fields_as_it_likes(tmp_path: Path):
    entry = f"@article{{wu, FIELD = {{{GOLDEN}}}, author = {{Wu, Y. and Ra, B.}}, year = 2001}}\n"
    path = written(tmp_path / "library.bib", entry.replace("FIELD", "Title") + entry.replace("FIELD", "TITLE"))
    assert [row[1] for row in clusters(path)] == ["wu", "wu"]
    assert match_file(path).unreadable == []


def test_references_without_end_are_told(tmp_path: Path):
    path = written(tmp_path / "library.ris", f"TY  - JOUR\nTI  - {GOLDEN}\nER  - \n\nTY  - JOUR\nTI  - Toads\n")
    matched = match_file(path)
    assert len(matched.clusters) == 1
    assert "1 of 2 references" in matched.unreadable[0]


def test_an_abstract_in_the_column_of_titles_costs_no_more_than_a_title(tmp_path: Path):
    text = " ".join(f"word{i}" for i in range(1200))
    rows = "\n".join(f'{i},{GOLDEN} {text[i:]},"Wu, Y. and Ra, B."' for i in range(40))
    assert len(clusters(written(tmp_path / "abstracts.csv", f"id,title,author\n{rows}\n"))) == 40


@pytest.mark.parametrize("family", [("Süß", "Süss"), ("Groß", "Gross")])
def test_a_letter_that_catalogues_write_in_two_ways_is_one(tmp_path: Path, family: tuple[str, str]):
    rows = "".join(f'{name},{GOLDEN},2020,"{name}, Käthe"\n' for name in family)
    assert len({row[1] for row in clusters(written(tmp_path / "r.csv", f"id,title,year,author\n{rows}"))}) == 1


def test_what_has_an_arxiv_id_and_no_container_is_a_preprint(tmp_path: Path):
    rows = f"a,misc,{GOLDEN},Doe J and Roe R,2015,,1512.03385\nb,inproceedings,{GOLDEN},Doe J and Roe R,2016,CVPR,\n"
    found = clusters(written(tmp_path / "r.csv", f"id,type,title,author,year,booktitle,arxiv\n{rows}"))
    assert [row[1] for row in found] == ["a", "b"]
    assert len({row[2] for row in found}) == 1, "preprint and paper are of one work"
