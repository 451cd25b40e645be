"""Titles lose the punctuation of ISBD that leads on to what follows, and nothing else."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pipelines.normalize.documents import normalize_documents
from pipelines.normalize.titles import without_isbd_ends
from pipelines.readers.lines import table_of
from pipelines.records import RAW_RECORDS
from pipelines.works.work_keys import record_work_keys


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("Rivers of Norway /", "Rivers of Norway"),
        ("Rivers of Norway :", "Rivers of Norway"),
        ("Rivers of Norway =", "Rivers of Norway"),
        ("Rivers ; Lakes ;", "Rivers ; Lakes"),
        ("Rivers : a study /", "Rivers : a study"),
        ("Rivers : /", "Rivers"),
        ("Either/or", "Either/or"),
        ("Who am I?", "Who am I?"),
        ("1 + 1 = 2", "1 + 1 = 2"),
        ("The end.", "The end."),
        ("Smile:/", "Smile:/"),
        ("/", "/"),
        (":", ":"),
        (None, None),
    ],
)
def test_the_punctuation_that_leads_on(title: str | None, clean: str | None):
    assert without_isbd_ends(pa.array([title, "x /"], pa.string())).to_pylist() == [clean, "x"]
    assert without_isbd_ends(pa.array([clean], pa.string())).to_pylist() == [clean]


def test_records_show_the_clean_title_and_keys_are_made_of_the_raw_one():
    lineage = {"file": "f", "member": "", "offset": 0, "length": 1, "line": 1}
    fields = {"title": "Rivers of Norway : a study /", "title_short": "Rivers of Norway :", "title_sub": "a study /"}
    raw = table_of([{"id": "1", "author": ["Nunez, Ana"], **fields, **lineage}], RAW_RECORDS)
    frames = normalize_documents(raw, "library", 2024)
    row = frames.records.to_pylist()[0]
    assert (row["title"], row["title_short"], row["subtitle"]) == (
        "Rivers of Norway : a study", "Rivers of Norway", "a study",
    )  # fmt: skip
    keys = record_work_keys(raw, frames.records.column("record_id"))
    assert keys.equals(record_work_keys(frames.documents, frames.records.column("record_id")))
    assert frames.documents["title"].to_pylist() == [fields["title"]]
