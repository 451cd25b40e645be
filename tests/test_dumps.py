"""Which dumps a path holds, and what they are called."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from pipelines.dump_names import UnsafeNameError
from pipelines.dumps import FoundDump, SameNameError, dump_name, dumps_of, survey, survey_all
from pipelines.home import Home
from pipelines.readers.addresses import Remote
from pipelines.readers.folders import LARGEST_PAGE
from pipelines.readers.registry import dump_files

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
    return [dump.partition for dump in found(path, source)]


def found(path: Path, source: str | None = None) -> list[FoundDump]:
    """The dumps of a path in whose way nothing stands."""
    surveyed = survey(path, source)
    assert surveyed.troubles == []
    return surveyed.dumps


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("2024-01-01.jsonl", "2024-01-01"),
        ("2024-01-01.jsonl.zst", "2024-01-01"),
        ("export.JSON.GZ", "export"),
        ("pages.tar.gz", "pages"),
        ("pages.tgz", "pages"),
        ("crawl.warc.gz", "crawl"),
        ("pages.parquet", "pages"),
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
    assert found(folder) == [FoundDump("repository", "2024-05-01", folder)]


@pytest.mark.parametrize(
    "names", [["1720000000_x.delete"], ["1720000000_x.delete", "1720000001_y.delete", "last_harvest.txt"]]
)
def test_a_harvest_that_brought_deletions_alone_is_called_as_its_folder(names: list[str], tmp_path: Path):
    make(tmp_path, "repository/2024-02-01/1.txt", "repository/2024-02-01/2.txt")
    folder = tmp_path / "repository" / "2024-04-01"
    folder.mkdir()
    for name in names:
        (folder / name).write_text("2024-04-01T00:00:00Z" if name.endswith("txt") else "x\n")
    expected = FoundDump("repository", "2024-04-01", folder)
    assert found(folder) == [expected]
    assert expected in found(tmp_path)
    assert [file for _, file in dump_files(folder)] == names


def test_deletions_that_are_called_as_a_dump_are_one_whatever_lies_beside_them(tmp_path: Path):
    make(tmp_path, "library/2024-02.jsonl")
    (tmp_path / "library" / "2024-03.delete").write_text("x\n")
    assert "library/2024-03.delete" in [dump.partition for dump in found(tmp_path)]
    (tmp_path / "library" / "2024-02.jsonl").unlink()
    assert [dump.partition for dump in found(tmp_path)] == ["library/2024-03.delete"]


def test_deletions_beside_folders_make_no_dump_of_all(tmp_path: Path):
    make(tmp_path, "repository/2024-02-01/1.txt", "repository/2024-02-01/2.txt")
    (tmp_path / "repository" / "1720000000_x.delete").write_text("x\n")
    assert [dump.partition for dump in found(tmp_path)] == ["repository/1720000000_x.delete", "repository/2024-02-01"]


SOLR_XML = '<add><doc><field name="id">1</field></doc></add>'
MARCXML = (
    '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 a 4500</leader>'
    '<controlfield tag="001">1</controlfield></record></collection>'
)


@pytest.mark.parametrize(
    ("content", "names", "are_one"),
    [
        (SOLR_XML, ["202401010000_full", "202402010000_full"], False),
        (SOLR_XML, ["1700000000_full", "1700000001_full"], False),
        (MARCXML, ["202401010000_full", "202402010000_full"], False),
        (MARCXML + " " * LARGEST_PAGE, ["1700000000_a", "1700000001_b"], False),
        (MARCXML, ["1700000000_a", "1700000001_b"], True),
    ],
)
def test_a_file_of_a_harvest_is_known_by_its_name_and_content(
    content: str, names: list[str], are_one: bool, tmp_path: Path
):
    folder = tmp_path / "above" / "library"
    folder.mkdir(parents=True)
    for name in names:
        (folder / f"{name}.xml").write_text(content)
    assert partitions(folder) == (["above/library"] if are_one else [f"library/{name}" for name in names])


def test_a_broken_file_of_a_harvest_stays_with_the_others(tmp_path: Path):
    folder = tmp_path / "above" / "library"
    folder.mkdir(parents=True)
    (folder / "1700000000_a.xml").write_text(MARCXML)
    (folder / "1700000001_b.xml").write_text("")
    (folder / "1700000002_c.xml").write_text("<coll")
    assert partitions(folder) == ["above/library"]


def test_all_belongs_to_the_catalogue_that_is_named(tmp_path: Path):
    make(tmp_path, "a/1.json", "b/2.json")
    assert partitions(tmp_path, "library") == ["library/1", "library/2"]
    assert found(tmp_path / "a" / "1.json", "library") == [
        FoundDump("library", "1", tmp_path / "a" / "1.json")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "source"),
    [(["a/1.json", "a/1.jsonl.gz"], None), (["a/1.json", "b/1.json"], "library"), (["a/x:y.json", "a/x|y.json"], None)],
)
def test_two_files_that_would_be_one_dump_are_refused_by_name(tmp_path: Path, files: list[str], source: str | None):
    make(tmp_path, *files)
    surveyed = survey(tmp_path, source)
    [trouble] = surveyed.troubles
    assert surveyed.dumps == []
    assert isinstance(trouble, SameNameError)
    assert "rename one of them" in str(trouble)
    assert all(str(tmp_path / file) in str(trouble) for file in files)


def test_an_empty_folder_holds_none(tmp_path: Path):
    assert found(tmp_path) == []


def test_a_path_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match="no such file or folder"):
        found(tmp_path / "nowhere")


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
        survey(tmp_path, source)


def test_a_source_is_called_as_it_was_given_or_not_at_all(tmp_path: Path):
    make(tmp_path, "a/1.json")
    assert partitions(tmp_path, " my library ") == ["my library/1"]
    # Cleaned as a folder's is, "my;library" would be the same.
    with pytest.raises(UnsafeNameError, match=r"'my:library': take letters, .*, such as my-library$"):
        survey(tmp_path, "my:library")


@pytest.mark.parametrize("partition", ["../../x", "a/..", "a", "a/b/c", "a/", "/b", "a/b:c", "./b", ""])
def test_frames_lie_nowhere_but_in_their_folder(tmp_path: Path, partition: str):
    with pytest.raises(ValueError, match="is no partition"):
        Home(tmp_path, None).parts("raw", partition)


def test_frames_lie_by_source_and_dump(tmp_path: Path):
    assert Home(tmp_path, None).parts("raw", "my library/2024").uri.endswith("/raw/my library/2024")


def skipped(root: Path) -> list[tuple[str, str]]:
    return [(str(place.relative_to(root)), what) for place, what in survey(root).skipped if isinstance(place, Path)]


@pytest.mark.parametrize("name", ["1.json", "1.txt"])
def test_what_is_neither_file_nor_folder_is_skipped_and_named(name: str, tmp_path: Path):
    make(tmp_path, f"a/{name}")
    (tmp_path / "a" / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a" / "round").symlink_to("round")
    os.mkfifo(tmp_path / "a" / "pipe")
    assert len(partitions(tmp_path)) == 1
    assert skipped(tmp_path) == [
        ("a/broken", "a link to nowhere"), ("a/pipe", "a named pipe"), ("a/round", "a link to nowhere"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("links", "found", "told"),
    [
        ({"city/self": "."}, ["city/1"], {"city/self": "a link to a folder that it lies in"}),
        ({"city/up": ".."}, ["city/1"], {"city/up": "a link to a folder that it lies in"}),
        ({"city/a": "b", "city/b": "a"}, ["city/1"], {"city/a": "a link to nowhere", "city/b": "a link to nowhere"}),
        ({"again": "city"}, ["city/1"], {"again": "a link to a folder that is read already"}),
        ({"town": "../elsewhere/town"}, ["city/1", "town/2"], {}),
        (
            {"town": "../elsewhere/town", "village": "../elsewhere/town"},
            ["city/1", "town/2"],
            {"village": "a link to a folder that is read already"},
        ),
        ({"all": "../elsewhere", "town": "../elsewhere/town"}, ["city/1", "town/2"], None),
        ({"city/2.json": "../../elsewhere/town/2.json"}, ["city/1", "city/2"], {}),
        ({"city/2024": "../../elsewhere/town"}, ["2024/2", "city/1"], {}),
        ({"city/above": "../.."}, ["city/1"], {"city/above": "a link to a folder that it lies in"}),
    ],
)
def test_links_to_folders_are_followed_but_into_no_folder_twice(
    links: dict[str, str], found: list[str], told: dict[str, str] | None, tmp_path: Path
):
    root = tmp_path / "root"
    make(tmp_path, "root/city/1.json", "elsewhere/town/2.json")
    for link, target in links.items():
        (root / link).symlink_to(target)
    assert partitions(root) == found
    assert told is None or dict(skipped(root)) == told


def test_a_path_that_is_a_link_is_read(tmp_path: Path):
    make(tmp_path, "elsewhere/town/2.json")
    (tmp_path / "link").symlink_to("elsewhere")
    assert partitions(tmp_path / "link") == ["town/2"]
    assert partitions(tmp_path / "link" / "town") == ["town/2"]


def test_a_link_to_a_folder_among_pages_is_named(tmp_path: Path):
    make(tmp_path, "city/2024/1.txt", "city/2024/2.txt", "city/other/3.txt", "city/other/4.txt")
    (tmp_path / "city" / "2024" / "more").symlink_to("../other")
    assert partitions(tmp_path) == ["city/2024", "city/other"]
    assert skipped(tmp_path) == [("city/2024/more", "a link to a folder, not followed among pages")]


def test_a_clash_is_told_beside_the_dumps_that_have_none(tmp_path: Path):
    make(tmp_path, "a/1.json", "a/1.jsonl", "a/2.json", "b/1.json")
    found = survey(tmp_path)
    assert [dump.partition for dump in found.dumps] == ["a/2", "b/1"]
    assert [type(trouble) for trouble in found.troubles] == [SameNameError]


def test_dumps_of_several_paths_must_differ_too_and_one_path_twice_is_one(tmp_path: Path):
    make(tmp_path, "x/city/1.json", "y/city/1.json", "y/city/2.json")
    one, other = tmp_path / "x", tmp_path / "y"
    both = survey_all([one, other])
    assert [dump.partition for dump in both.dumps] == ["city/2"]
    assert "city/1" in str(both.troubles[0])
    again = survey_all([other, other / "city" / "2.json"])
    assert [dump.partition for dump in again.dumps] == ["city/1", "city/2"]


ANSWER = b'{"resultCount":1,"records":[{"id":"1"}],"status":"OK"}'
ERROR_PAGE = b"<!DOCTYPE html><html><head><title>504</title></head><body></body></html>"
PDF = b"%PDF-1.7 \0\0"


def test_an_answer_beside_dumps_takes_nothing_of_them(tmp_path: Path):
    make(tmp_path, "library/2024.jsonl", "library/2025.jsonl")
    (tmp_path / "library" / "answer.json").write_bytes(ANSWER)
    assert partitions(tmp_path / "library") == ["library/2024", "library/2025", "library/answer"]


def test_answers_beside_a_dump_are_joined_without_it(tmp_path: Path):
    make(tmp_path, "library/2024.jsonl")
    for page in range(3):
        (tmp_path / "library" / f"page-{page}.json").write_bytes(ANSWER)
    dumps = {dump.partition: dump.path for dump in found(tmp_path / "library")}
    assert list(dumps) == ["library/2024", "library/library"]
    assert [name for _, name in dump_files(dumps["library/library"])] == [f"page-{page}.json" for page in range(3)]


def test_a_large_file_of_the_same_format_is_a_dump_of_its_own(tmp_path: Path):
    make(tmp_path, "library/2024/1.txt", "library/2024/2.txt")
    page = (tmp_path / "library" / "2024" / "1.txt").read_bytes()
    (tmp_path / "library" / "2024" / "all.txt").write_bytes(page * (1 + (4 << 20) // len(page)))
    assert partitions(tmp_path / "library" / "2024") == ["2024/2024", "2024/all"]


def test_what_is_no_dump_beside_dumps_is_skipped_and_named(tmp_path: Path):
    make(tmp_path, "library/2024.jsonl")
    others = {"README.md": b"# Read me", "cover.png": b"\x89PNG\r\n\0", "terms.pdf": PDF}
    for name, content in others.items():
        (tmp_path / "library" / name).write_bytes(content)
    surveyed = survey(tmp_path / "library")
    assert [dump.partition for dump in surveyed.dumps] == ["library/2024"]
    assert [(str(file.name), what) for file, what in surveyed.skipped] == [
        ("README.md", "text that begins with '# Read me'"),
        ("cover.png", "a PNG image"),
        ("terms.pdf", "a PDF"),
    ]


def test_a_file_that_is_named_is_a_dump_whatever_it_is(tmp_path: Path):
    (tmp_path / "terms.pdf").write_bytes(PDF)
    surveyed = survey(tmp_path / "terms.pdf", "library")
    assert [dump.partition for dump in surveyed.dumps] == ["library/terms.pdf"]
    assert surveyed.skipped == []


def test_an_empty_file_and_a_torn_one_are_dumps_that_will_tell(tmp_path: Path):
    make(tmp_path, "library/2024.jsonl")
    (tmp_path / "library" / "2025.jsonl").write_bytes(b"")
    (tmp_path / "library" / "2026.jsonl.gz").write_bytes(b"\x1f\x8b\x08torn")
    assert partitions(tmp_path / "library") == ["library/2024", "library/2025", "library/2026"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("3.txt", b""),
        ("3.txt.gz", gzip.compress(b"", mtime=0)),
        ("3.txt.gz", gzip.compress(b"a page that was cut off", mtime=0)[:-12]),
        ("3.gz", b"\x1f\x8b\x08torn"),
        ("3.html", b""),
        ("below/3.TXT", b""),
    ],
)
def test_a_page_that_came_out_empty_or_torn_stays_with_the_others(name: str, content: bytes, tmp_path: Path):
    make(tmp_path, "library/2024/1.txt", "library/2024/2.txt")
    folder = tmp_path / "library" / "2024"
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    assert [dump.partition for dump in survey(folder).dumps] == ["library/2024"]
    assert [file for _, file in dump_files(folder)] == ["1.txt", "2.txt", name]


@pytest.mark.parametrize("name", ["2025.txt", "2025.TXT.gz", "2025.jsonl", "2025.mrc"])
def test_an_empty_file_that_is_called_as_one_of_records_is_a_dump_that_fails(name: str, tmp_path: Path):
    make(tmp_path, "library/2024.jsonl")
    (tmp_path / "library" / name).write_bytes(gzip.compress(b"", mtime=0) if name.endswith("gz") else b"")
    surveyed = survey(tmp_path / "library")
    assert [dump.partition for dump in surveyed.dumps] == ["library/2024", "library/2025"]
    assert surveyed.skipped == []


def test_a_mark_beside_pages_without_ending_is_no_page(tmp_path: Path):
    make(tmp_path, "library/2024/1.txt", "library/2024/2.txt")
    folder = tmp_path / "library" / "2024"
    for number in "12":
        (folder / f"{number}.txt").rename(folder / number)
    (folder / "3").touch()
    (folder / "_SUCCESS").touch()
    surveyed = survey(folder)
    assert [file for _, file in dump_files(folder)] == ["1", "2", "3"]
    assert [file.name for file, _ in surveyed.skipped] == ["_SUCCESS"]


@pytest.mark.parametrize("beside", ["1.txt", "2024.jsonl"])
def test_an_empty_file_that_is_not_called_as_those_of_records_is_skipped_and_named(beside: str, tmp_path: Path):
    make(tmp_path, f"library/{beside}")
    (tmp_path / "library" / "_SUCCESS").touch()
    surveyed = survey(tmp_path / "library")
    assert [file for dump in surveyed.dumps for _, file in dump_files(dump.path)] == [beside]
    assert [(file.name, what) for file, what in surveyed.skipped] == [("_SUCCESS", "an empty file")]


def test_pages_that_are_broken_stay_with_the_others_and_images_do_not(tmp_path: Path):
    make(tmp_path, "library/2024/1.txt", "library/2024/2.txt")
    folder = tmp_path / "library" / "2024"
    (folder / "3.txt").write_bytes(b"a page that was cut off")
    (folder / "4.html").write_bytes(ERROR_PAGE)
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\0")
    surveyed = survey(folder)
    assert [dump.partition for dump in surveyed.dumps] == ["library/2024"]
    assert [name for _, name in dump_files(folder)] == ["1.txt", "2.txt", "3.txt", "4.html"]
    assert [file.name for file, _ in surveyed.skipped] == ["logo.png"]


@pytest.mark.parametrize("content", [bytes(range(256)) * 40, b"no record at all", PDF])
@pytest.mark.parametrize(
    ("beside", "name", "is_broken"),
    [
        (["1.txt", "2.txt"], "3.txt", True),
        (["1.txt", "2.txt"], "README.txt", True),
        (["1.txt", "2.txt"], "deep/3.TXT", True),
        (["1.txt", "2.txt"], "3.html", True),
        (["1.txt", "2.txt"], "3", False),
        (["1.txt", "2.txt"], "README.md", False),
        (["1.txt", "2.txt"], "deep/logo.png", False),
        (["2024.jsonl"], "2025.jsonl", True),
        (["2024.jsonl"], "2025.mrc.gz", True),
        (["2024.jsonl"], "2025.tar", True),
        (["2024.dat"], "2025.dat", True),
        (["2024"], "2025", True),
        (["2024.jsonl"], "README.txt", False),
        (["2024.jsonl"], "2025", False),
        ([], "2025.jsonl", True),
        ([], "README.txt", False),
    ],
)
def test_what_is_called_as_files_of_records_are_and_cannot_be_read_is_not_skipped(
    beside: list[str], name: str, is_broken: bool, content: bytes, tmp_path: Path
):
    folder = tmp_path / "library" / "dumps"
    make(folder, *beside)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    surveyed = survey(folder)
    read = [file for dump in surveyed.dumps for _, file in dump_files(dump.path)]
    assert sorted(read) == sorted([*beside, name] if is_broken else beside)
    assert [file for file, _ in surveyed.skipped] == ([] if is_broken else [folder / name])


def test_of_very_many_pages_only_some_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from pipelines import dumps

    make(tmp_path, *(f"library/2024/{number}.txt" for number in range(300)))
    looked_at, look = [], dumps.look_at
    monkeypatch.setattr(dumps, "look_at", lambda place: looked_at.append(place) or look(place))
    assert partitions(tmp_path / "library" / "2024") == ["library/2024"]
    assert len(looked_at) < 10
    assert len(list(dump_files(tmp_path / "library" / "2024"))) == 300


def test_what_is_only_read_needs_no_names(tmp_path: Path):
    make(tmp_path, "library/2024.jsonl", "library/2024.json")
    read = dumps_of([tmp_path / "library"])
    assert [dump.path.name for dump in read.dumps] == ["2024.json", "2024.jsonl"]
    assert read.troubles == []


def _answer(first: int, count: int, found: int) -> bytes:
    documents = [{"id": f"{first + number}", "title": "Tides"} for number in range(count)]
    return json.dumps({"response": {"numFound": found, "start": first, "docs": documents}}).encode()


def test_answers_of_solr_that_are_pages_of_a_list_are_one_dump(tmp_path: Path):
    folder = tmp_path / "library" / "2024-01"
    folder.mkdir(parents=True)
    for number in range(4):
        (folder / f"page-{number}.json").write_bytes(_answer(10 * number, 10, 40))
    assert [(dump.source, dump.name) for dump in survey(folder).dumps] == [("library", "2024-01")]


def test_answers_of_solr_that_hold_all_there_is_are_dumps_of_their_own(tmp_path: Path):
    folder = tmp_path / "library"
    folder.mkdir()
    for month in (1, 2):
        (folder / f"2024-0{month}.json").write_bytes(_answer(0, 10, 10))
    assert [(dump.source, dump.name) for dump in survey(folder).dumps] == [
        ("library", "2024-01"),
        ("library", "2024-02"),
    ]


def test_a_path_that_is_not_there_is_named_also_beside_an_address_that_cannot_be_asked(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"gone: no such file or folder; .*nowhere://"):
        survey_all([tmp_path / "gone", Remote("nowhere://b/x")])


def test_a_path_may_lead_through_a_folder_that_is_not_there(tmp_path: Path):
    make(tmp_path, "here/1.json")
    assert partitions(tmp_path / "away" / ".." / "here", "city") == ["city/1"]


def test_folders_that_would_be_one_catalogue_are_left_alone_and_named(tmp_path: Path):
    for place in ("lib:a/2024-01.jsonl", "lib-a/2024-02.jsonl", "city/2024.jsonl"):
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text('{"id": "1"}\n')
    found = survey(tmp_path)
    assert [dump.partition for dump in found.dumps] == ["city/2024"]
    [trouble] = map(str, found.troubles)
    assert trouble in {
        f"the folders {one} and {other} would be the same catalogue lib-a: rename one of them"
        for one, other in (("lib:a", "lib-a"), ("lib-a", "lib:a"))
    }
    assert [dump.partition for dump in survey(tmp_path, "lib").dumps] == ["lib/2024", "lib/2024-01", "lib/2024-02"]
