"""What lies in an archive and is of no known format is taken as it is in a folder: skipped and named, or broken."""

import io
import tarfile
from pathlib import Path

import pytest

from pipelines.dumps import survey
from pipelines.readers import archive_rest
from pipelines.readers.answers import Completeness, skipped_in_words
from pipelines.readers.registry import dump_files
from pipelines.readers.second_look import read_batches

DOCUMENT = b'{"id":"1","title":"A title"}\n'
APPLE_DOUBLE = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        "


def tarred(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for name, data in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return sink.getvalue()


def read(data: bytes, tmp_path: Path) -> tuple[int, dict[str, str], Completeness]:
    """How many documents, member and reason of what is in quarantine, and what was skipped."""
    (tmp_path / "dump.tar").write_bytes(data)
    completeness = Completeness()
    documents, refused = 0, {}
    for batch in read_batches(tmp_path / "dump.tar", completeness=completeness):
        rows = [batch] if not hasattr(batch, "documents") else []
        refused |= {row.member: row.reason for row in rows}
        documents += 0 if rows else batch.documents.num_rows
    return documents, refused, completeness


SKIPPED = {
    "README.txt": (b"Read me", "text that begins with 'Read me'"),
    "__MACOSX/._1.json": (APPLE_DOUBLE, "binary data"),
    "x/.DS_Store": (b"\0\0\0\1Bud1", "binary data"),
    "covers/1.png": (b"\x89PNG\r\n\0", "a PNG image"),
    "datapackage.json": (b'{"id": "x", "resources": [{"path": "1.json"}]}', "the description of a data package"),
    "_SUCCESS": (b"", "an empty file"),
    "._1720000000_oai.delete": (APPLE_DOUBLE, "binary data"),
}


@pytest.mark.parametrize("where", ["before", "behind"])
def test_what_holds_no_record_is_skipped_and_named(where: str, tmp_path: Path):
    rest = {name: content for name, (content, _) in SKIPPED.items()}
    files = rest | {"1.json": DOCUMENT} if where == "before" else {"1.json": DOCUMENT} | rest
    documents, refused, completeness = read(tarred(files), tmp_path)
    assert (documents, refused, completeness.passed_over) == (1, {}, {})
    assert completeness.named == [(f"dump.tar!{name}", what) for name, (_, what) in SKIPPED.items()]
    assert skipped_in_words(completeness.skipped, completeness.named[:1]) == (
        "7 of no known format skipped in archives: dump.tar!README.txt: text that begins with 'Read me'; and 6 more"
    )


@pytest.mark.parametrize("name", ["2.json", "2.mrc.gz", "2.JSON", "2.data", "2.txt"])
@pytest.mark.parametrize("content", [b"torn", b""])
def test_what_is_called_as_records_are_is_in_quarantine(name: str, content: bytes, tmp_path: Path):
    documents, refused, completeness = read(tarred({name: content, "1.data": DOCUMENT}), tmp_path)
    is_broken = name != "2.txt" or not content
    assert (documents, list(refused), completeness.skipped) == (1, [name] * is_broken, 1 - is_broken)
    # A folder tells them apart in the same way.
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / name).write_bytes(content)
    (folder / "1.data").write_bytes(DOCUMENT)
    found = survey(folder, "library")
    assert len(found.skipped) == 1 - is_broken
    assert sorted(file for dump in found.dumps for _, file in dump_files(dump.path)) == sorted(
        ["1.data", *[name] * is_broken]
    )


def test_where_nothing_is_known_all_is_in_quarantine(tmp_path: Path):
    documents, refused, completeness = read(tarred({"README.txt": b"Read me", "a.pdf": b"%PDF-1.7"}), tmp_path)
    assert (documents, completeness.skipped) == (0, 0)
    assert list(refused) == ["README.txt", "a.pdf"]


def test_of_very_many_the_first_are_named_and_all_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive_rest, "_HELD", 4)
    files = {"1.json": DOCUMENT, **{f"{number}.png": b"\x89PNG\r\n\0" for number in range(30)}}
    documents, refused, completeness = read(tarred(files), tmp_path)
    assert (documents, refused, completeness.skipped, len(completeness.named)) == (1, {}, 30, 20)
