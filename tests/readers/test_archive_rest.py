"""Members of an archive that surely hold no record are skipped and named; all else that is not read is a row."""

from pathlib import Path

import pytest

from pipelines.readers.answers import Completeness, skipped_in_words
from pipelines.readers.second_look import read_batches
from tests.archives import tarred

DOCUMENT = b'{"id":"1","title":"A title"}\n'
APPLE_DOUBLE = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        "


def read(data: bytes, tmp_path: Path) -> tuple[int, dict[str, str], Completeness]:
    """How many documents, member and reason of what is in quarantine, and what was skipped."""
    (tmp_path / "dump.tar").write_bytes(data)
    completeness = Completeness()
    documents, refused = 0, {}
    for batch in read_batches(tmp_path / "dump.tar", completeness=completeness):
        if not hasattr(batch, "documents"):
            refused[batch.member] = batch.reason
            continue
        documents += batch.documents.num_rows
        refused |= {row["member"]: row["reason"] for row in batch.quarantined.to_pylist()}
    return documents, refused, completeness


SKIPPED = {
    "README.txt": (b"Read me", "text that begins with 'Read me'"),
    "__MACOSX/._1.json": (APPLE_DOUBLE, "binary data"),
    "__MACOSX/2.json": (APPLE_DOUBLE, "binary data"),
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
    documents, refused, completeness = read(tarred(files.items()), tmp_path)
    assert (documents, refused, completeness.passed_over) == (1, {}, {})
    assert completeness.named == [(f"dump.tar!{name}", what) for name, (_, what) in SKIPPED.items()]
    assert skipped_in_words(completeness.skipped, completeness.named[:1]) == (
        "8 of no known format skipped in archives: dump.tar!README.txt: text that begins with 'Read me'; and 7 more"
    )


UTF_16 = '{"id":"2"}\n'.encode("utf-16")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2.json", b"torn"), ("2.JSON", b""), ("2.mrc.gz", b"torn"), ("2.data", b"torn"), ("2.txt", UTF_16),
        ("2.mrk", b"=LDR  00000cam"), ("part.7z", b"7z\xbc\xaf\x27\x1c"), ("2.json.Z", b"\x1f\x9d\0"),
        ("part3", b"torn"), ("2.xml", b"<other/>"),
    ],
)  # fmt: skip
def test_what_might_hold_records_is_in_quarantine(name: str, content: bytes, tmp_path: Path):
    documents, refused, completeness = read(tarred({name: content, "1.json": DOCUMENT}.items()), tmp_path)
    assert (documents, list(refused), completeness.skipped) == (1, [name], 0)


def test_a_broken_record_of_a_member_that_is_read_is_in_quarantine_whatever_it_is_called(tmp_path: Path):
    documents, refused, completeness = read(tarred({"README.jsonl": DOCUMENT + b"torn\n"}.items()), tmp_path)
    assert (documents, list(refused), completeness.skipped) == (1, ["README.jsonl"], 0)


def test_an_archive_that_is_cut_off_in_what_holds_no_record_says_so(tmp_path: Path):
    whole = tarred({"1.json": DOCUMENT, "README.txt": b"Read me" * 1000}.items())
    documents, refused, completeness = read(whole[:3000], tmp_path)
    assert (documents, list(refused), completeness.skipped) == (1, ["README.txt"], 0)


def test_of_very_many_the_first_are_named_and_all_counted(tmp_path: Path):
    files = {f"{number}.png": b"\x89PNG\r\n\0" for number in range(30)} | {"1.json": DOCUMENT}
    documents, refused, completeness = read(tarred(files.items()), tmp_path)
    assert (documents, refused, completeness.skipped, len(completeness.named)) == (1, {}, 30, 20)
