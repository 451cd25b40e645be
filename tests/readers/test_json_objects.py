"""Updates of Solr in JSON are read as what they are; objects of other programs are named."""

import json
from pathlib import Path

import pytest

from pipelines.readers import json_lines, json_objects
from pipelines.readers.chunks import Unreadable
from pipelines.readers.registry import parse_chunk, read_chunks

Told = tuple[list[str], list[str]]


def read(text: str, tmp_path: Path) -> Told:
    """The ids of documents in their order, those of deletions with a minus before them, and the reasons."""
    (tmp_path / "dump.json").write_text(text)
    ids: list[str] = []
    reasons: list[str] = []
    for part in read_chunks(tmp_path / "dump.json"):
        if isinstance(part, Unreadable):
            reasons.append(part.reason)
            continue
        batch = parse_chunk(part)
        rows = batch.documents.select(["id", "is_deletion", "offset", "length"]).to_pylist()
        for row in rows:
            assert text.encode()[row["offset"] :][: row["length"]].startswith(b"{")
        ids += [f"-{row['id']}" if row["is_deletion"] else row["id"] for row in rows]
        reasons += batch.quarantined.column("reason").to_pylist()
    return ids, reasons


@pytest.mark.parametrize("laid_out", [False, True])
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('{"doc":{"id":"a","title":"A"}}', "a"),
        ('{"add":{"doc":{"id":"a"}}}', "a"),
        ('{"add":{"commitWithin":5,"doc":{"id":"a"},"overwrite":true},"commit":{}}', "a"),
        ('{"add":{"doc":{"id":"a"}},"add":{"doc":{"id":"b"}},"optimize":{"waitSearcher":false}}', "a b"),
        ('{"add":[{"id":"a"},{"id":"b"}]}', "a b"),
        ('{"delete":{"id":"a"}}', "-a"),
        ('{"delete":"a"}', "-a"),
        ('{"delete":7}', "-7"),
        ('{"delete":["a","b",{"id":"c"}]}', "-a -b -c"),
        ('{"delete":{"id":"a"},"add":{"doc":{"id":"a"}},"delete":{"id":"b"}}', "-a a -b"),
        ('{"add":{"doc":{"id":"a"}}}\n{"id":"b"}\n{"delete":{"id":"a"}}\n', "a b -a"),
        ('{"commit":{}}', ""),
        # An id makes a document of it.
        ('{"add":"x","id":"a","title":"t"}', "a"),
        ('{"doc":{"id":"b"},"id":"a","title":"t"}', "a"),
    ],
)
def test_an_update_is_read_as_what_it_says(text: str, ids: str, laid_out: bool, tmp_path: Path):
    if laid_out:
        text = text.replace("{", "{\n ").replace("}", "\n}")
    assert read(text, tmp_path) == (ids.split(), [])


def test_what_is_local_in_a_document_of_an_update_stays_as_it_is(tmp_path: Path):
    text = '{"add":{"doc":{"id":"a","local":{"delete":1.50},"title":"A"}}}'
    (tmp_path / "dump.json").write_text(text)
    [chunk] = read_chunks(tmp_path / "dump.json")
    assert not isinstance(chunk, Unreadable)
    assert parse_chunk(chunk).documents.column("extra").to_pylist() == ['{"local":{"delete":1.50}}']


@pytest.mark.parametrize(
    ("text", "ids", "reason"),
    [
        (
            '{"add":{"doc":{"id":"a"}},"delete":{"query":"*:*"}}',
            "a",
            "of an update: a deletion by query: only deletions by id are carried out",
        ),
        ('{"add":{"doc":{"title":"A"}}}', "", "of an update: no id"),
        (
            '{"add":{"doc":7},"add":{},"add":{"doc":{"id":"a"}}}',
            "a",
            "of an update: an add without a document (the first of 2 commands that are refused)",
        ),
        ('{"delete":{}}', "", "of an update: a deletion that names no id: only deletions by id are carried out"),
        ('{"delete":null}', "", "of an update: a deletion that names no id: only deletions by id are carried out"),
        (
            '{"add":{"doc":{"id":"a","title":{"set":"x"}}}}',
            "",
            "of an update: an update of single fields, no document: title is to set",
        ),
        ('{"rollback":{}}', "", "of an update: an update with a rollback, which is not carried out"),
        ('{"doc":null}', "", "no id: an answer of Solr's /get without a document"),
        ('{"doc":{"title":"A"}}', "", "no id"),
        (
            '{"status":"ok","message-type":"work","message":{"DOI":"10.1/a"}}',
            "",
            "no id: an answer of Crossref's API, which is not read: only what VuFind's index, its API and the formats "
            "behind them hold is",
        ),
        (
            '{"page":1,"hits":[{"id":"a"}]}',
            "",
            "no id: documents may be in its hits: take them out of it (jq -c '.hits[]')",
        ),
        ('{"my-hits":[{"id":"a"}]}', "", "no id"),
        ('{"hits":[{"id":"a"}],"more":[{"id":"b"}]}', "", "no id"),
        (
            json.dumps({"leader": "00000nam a2200000 a 4500", "fields": [{"001": "a"}]}),
            "",
            "no id: MARC in JSON, which is not read: convert it to MARC 21 or MARCXML (pymarc does)",
        ),
        (
            '{"_index":"x","_id":"a","_source":{"id":"a"}}',
            "",
            "no id: a hit of Elasticsearch: take its document out of _source (jq -c ._source)",
        ),
        (
            '{"took":1,"hits":{"hits":[]}}',
            "",
            "no id: an answer of Elasticsearch: take the documents out of it (jq -c '.hits.hits[]._source')",
        ),
        (
            '{"index":{"_id":"a"}}',
            "",
            "no id: a command of Elasticsearch, no document; those between the commands are read",
        ),
    ],
)
def test_what_cannot_be_read_says_what_it_is(text: str, ids: str, reason: str, tmp_path: Path):
    assert read(text, tmp_path) == (ids.split(), [reason])


def test_an_update_may_hold_more_than_is_held_of_it_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_lines, "_HELD", 3)
    text = json.dumps({"delete": [str(number) for number in range(10)]}) + '\n{"id":"a"}\n{"add":[{"id":"b"}]}\n'
    assert read(text, tmp_path) == ([*(f"-{number}" for number in range(10)), "a", "b"], [])


def test_an_update_that_is_too_long_to_be_held_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_objects, "LONGEST_UPDATE", 30)
    text = '{"delete":["1","2"]}\n{"add":[{"id":"a"},{"id":"b"},{"id":"c"}]}\n{"id":"d"}\n'
    ids, (reason,) = read(text, tmp_path)
    assert ids == ["-1", "-2", "d"]
    assert reason.startswith("an update of more than 30 bytes: write its documents as an array")
