"""Which dumps a path holds, and what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.dumps import FoundDump, SameNameError, UnsafeNameError, dump_name, find_all_dumps, find_dumps, survey
from pipelines.home import Home

SAMPLE_PAGES = Path(__file__).parents[1] / "dumps" / "sample" / "health-sciences" / "2024-02-01"
DOCUMENT = b'{"id": "1", "title": "A title"}\n'


def make(root: Path, *files: str) -> None:
    """Make files below ``root``: those that end in ``.txt`` are record pages, the others Solr documents."""
    page = next(SAMPLE_PAGES.glob("*.txt")).read_bytes()
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page if file.endswith(".txt") else DOCUMENT)


def partitions(path: Path, source: str | None = None) -> list[str]:
    return [dump.partition for dump in find_dumps(path, source)]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("2024-01-01.jsonl", "2024-01-01"),
        ("2024-01-01.jsonl.zst", "2024-01-01"),
        ("export.JSON.GZ", "export"),
        ("pages.tar.gz", "pages"),
        ("pages.tgz", "pages"),
        ("v1.2.json", "v1.2"),
        ("2024.01", "2024.01"),
        ("plain", "plain"),
        ("two words.json", "two words"),
        ("a:b|c*d.json", "a-b-c-d"),
        ("año-目録.json", "año-目録"),
        (".jsonl", ".jsonl"),
        ("...json", "...json"),
    ],
)
def test_a_dump_is_called_as_its_file_without_how_it_is_packed(tmp_path: Path, file: str, name: str):
    make(tmp_path, file)
    assert dump_name(tmp_path / file) == name


def test_a_folder_keeps_its_whole_name(tmp_path: Path):
    (tmp_path / "2024.tar").mkdir()
    assert dump_name(tmp_path / "2024.tar") == "2024.tar"


@pytest.mark.parametrize(
    ("files", "looked_at", "found"),
    [
        (["library/2024.jsonl"], "library/2024.jsonl", ["library/2024"]),
        (["library/2024.jsonl", "library/2023.jsonl.gz"], "library", ["library/2023", "library/2024"]),
        (["b/1.json", "a/2.json", "a/1.json"], ".", ["a/1", "a/2", "b/1"]),
        (["library/2024/1.txt", "library/2024/2.txt"], "library/2024", ["library/2024"]),
        (["library/2024/1.txt", "library/2023/1.txt"], "library", ["library/2023", "library/2024"]),
        (["library/2024/1.txt", "library/2024/deep/2.txt"], "library", ["library/2024"]),
        (["library/2024/1.txt", "archive/2024.jsonl"], ".", ["archive/2024", "library/2024"]),
        (["library/.hidden.json", "library/.git/x.json", "library/1.json"], ".", ["library/1"]),
        (["my library/a:b.json"], ".", ["my library/a-b"]),
    ],
)
def test_a_path_holds_its_dumps(tmp_path: Path, files: list[str], looked_at: str, found: list[str]):
    make(tmp_path, *files)
    assert partitions(tmp_path / looked_at) == found


def test_one_page_alone_is_a_dump_and_not_a_folder_of_pages(tmp_path: Path):
    make(tmp_path, "pubmed/page.txt")
    assert partitions(tmp_path / "pubmed" / "page.txt") == ["pubmed/page"]


@pytest.mark.parametrize(
    "content",
    [
        '{"resultCount":1,"records":[{"id":"1"}],"status":"OK"}',
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"><identifier>1</identifier></oai_dc:dc>',
        '<OAI-PMH><request metadataPrefix="oai_dc"/><ListRecords/></OAI-PMH>',
    ],
)
def test_answers_of_one_harvest_are_one_dump(content: str, tmp_path: Path):
    folder = tmp_path / "repository" / "2024-05-01"
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / f"{number}.xml").write_text(content)
    (folder / "9.delete").write_text("x")
    assert find_dumps(folder) == [FoundDump("repository", "2024-05-01", folder)]


def test_all_belongs_to_the_catalogue_that_is_named(tmp_path: Path):
    make(tmp_path, "a/1.json", "b/2.json")
    assert partitions(tmp_path, "library") == ["library/1", "library/2"]
    assert find_dumps(tmp_path / "a" / "1.json", "library") == [
        FoundDump("library", "1", tmp_path / "a" / "1.json")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "source"),
    [(["a/1.json", "a/1.jsonl.gz"], None), (["a/1.json", "b/1.json"], "library"), (["a/x:y.json", "a/x|y.json"], None)],
)
def test_two_files_that_would_be_one_dump_are_refused_by_name(tmp_path: Path, files: list[str], source: str | None):
    make(tmp_path, *files)
    with pytest.raises(SameNameError, match="rename one of them") as caught:
        find_dumps(tmp_path, source)
    assert all(str(tmp_path / file) in str(caught.value) for file in files)


def test_an_empty_folder_holds_none(tmp_path: Path):
    assert find_dumps(tmp_path) == []


def test_a_path_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match="no such file or folder"):
        find_dumps(tmp_path / "nowhere")


def test_a_path_relative_to_here_belongs_to_the_folder_it_lies_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path, "library/2024.json")
    monkeypatch.chdir(tmp_path / "library")
    assert partitions(Path("2024.json")) == ["library/2024"]


def test_the_sample_holds_three_catalogues():
    assert partitions(SAMPLE_PAGES.parents[1]) == [
        "city-library/2024-01-01",
        "city-library/2024-02-01",
        "health-sciences/2024-02-01",
        "university-repository/2024-01-15",
    ]


def test_a_path_with_dots_is_named_after_the_folder_it_means(tmp_path: Path):
    make(tmp_path, "library/1.json", "deep/er/x.json")
    assert partitions(tmp_path / "deep" / "er" / ".." / ".." / "library" / "1.json") == ["library/1"]
    assert partitions(tmp_path / "deep" / "..") == ["er/x", "library/1"]


@pytest.mark.parametrize("source", ["", " ", ".", "..", "a/b", "/", "../.."])
def test_a_source_is_a_plain_name(tmp_path: Path, source: str):
    make(tmp_path, "a/1.json")
    with pytest.raises(UnsafeNameError):
        find_dumps(tmp_path, source)


def test_a_source_is_cleaned_as_a_folder_is(tmp_path: Path):
    make(tmp_path, "a/1.json")
    assert partitions(tmp_path, "my:library") == ["my-library/1"]


@pytest.mark.parametrize("partition", ["../../x", "a/..", "a", "a/b/c", "a/", "/b", "a/b:c", "./b", ""])
def test_frames_lie_nowhere_but_in_their_folder(tmp_path: Path, partition: str):
    with pytest.raises(ValueError, match="is no partition"):
        Home(tmp_path, None).parts("raw", partition)


def test_frames_lie_by_source_and_dump(tmp_path: Path):
    assert Home(tmp_path, None).parts("raw", "my library/2024").uri.endswith("/raw/my library/2024")


def test_what_is_neither_file_nor_folder_is_passed_over(tmp_path: Path):
    make(tmp_path, "a/1.json")
    (tmp_path / "a" / "broken").symlink_to(tmp_path / "nowhere")
    assert partitions(tmp_path) == ["a/1"]


def test_a_clash_is_told_beside_the_dumps_that_have_none(tmp_path: Path):
    make(tmp_path, "a/1.json", "a/1.jsonl", "a/2.json", "b/1.json")
    found = survey(tmp_path)
    assert [dump.partition for dump in found.dumps] == ["a/2", "b/1"]
    assert [type(trouble) for trouble in found.troubles] == [SameNameError]


def test_dumps_of_several_paths_must_differ_too_and_one_path_twice_is_one(tmp_path: Path):
    make(tmp_path, "x/city/1.json", "y/city/1.json", "y/city/2.json")
    one, other = tmp_path / "x", tmp_path / "y"
    with pytest.raises(SameNameError, match="city/1"):
        find_all_dumps([one, other])
    assert [dump.partition for dump in find_all_dumps([other, other / "city" / "2.json"])] == ["city/1", "city/2"]
