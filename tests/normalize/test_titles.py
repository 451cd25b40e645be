"""Titles lose the punctuation of ISBD that leads on to what follows, and nothing else."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pipelines.normalize.documents import normalize_documents
from pipelines.normalize.titles import without_isbd_ends, without_joining_signs
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


@pytest.mark.parametrize(
    ("statement", "clean"),
    [
        ("Lindenau Press,", "Lindenau Press"),
        ("Houghton, Mifflin and Co.,", "Houghton, Mifflin and Co."),
        ("Noble House, /", "Noble House"),
        ("Proceedings series ;", "Proceedings series"),
        ("2nd ed. /", "2nd ed."),
        ("6th ed.,", "6th ed."),
        ("Press :", "Press"),
        ("Press:", "Press:"),
        ("http://press.example/", "http://press.example/"),
        ("Smith &amp;", "Smith &amp;"),
        ("C=", "C="),
        ("[s.n.]", "[s.n.]"),
        ('Press of the "U. V.,"', 'Press of the "U. V.,"'),
        ("Speed!", "Speed!"),
        (",", ","),
        (" , ;", " , ;"),
        ("", ""),
        (None, None),
    ],
)
def test_signs_that_join_a_statement_to_what_follows(statement: str | None, clean: str | None):
    assert without_joining_signs(pa.array([statement, "x,"], pa.string())).to_pylist() == [clean, "x"]
    assert without_joining_signs(pa.array([clean], pa.string())).to_pylist() == [clean]
    lists = pa.array([None, [statement, "x,"], []], pa.list_(pa.string())).slice(1)
    assert without_joining_signs(lists).to_pylist() == [[clean, "x"], []]


def test_records_show_publisher_edition_and_series_without_them_and_all_values_as_they_are_written():
    lineage = {"file": "f", "member": "", "offset": 0, "length": 1, "line": 1}
    fields = {"edition": "2nd ed. /", "publisher": ["A Press,", "B,"], "series": ["S,", "S", "T ;"], "series2": ["T"]}
    frames = normalize_documents(table_of([{"id": "1", **fields, **lineage}], RAW_RECORDS), "library", 2024)
    row = frames.records.to_pylist()[0]
    assert (row["edition"], row["publisher"], row["series"]) == ("2nd ed.", "A Press", ["S", "T"])
    assert '"publisher":["A Press,","B,"]' in row["extra"]


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
