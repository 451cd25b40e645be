"""Frames between stages: whole or not there."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.parts import MANIFEST, Parts, PartsError
from pipelines.records import RAW_RECORDS

FRAME = pa.table({"number": [1, 2], "texts": pa.array([["a", None], None], pa.list_(pa.string()))})


@pytest.fixture(params=["path", "uri"])
def parts(request: pytest.FixtureRequest, tmp_path: Path) -> Parts:
    folder = tmp_path / "frames" / "a source" / "a dump é"
    return Parts(str(folder) if request.param == "path" else folder.parent.parent.joinpath("uri").as_uri())


def test_what_was_written_is_read(parts: Parts):
    parts.write("frame", 0, FRAME)
    assert parts.read("frame", 0) == FRAME
    assert parts.read("frame", 0, ["texts"]).column_names == ["texts"]


def test_a_frame_keeps_its_schema_though_it_is_empty(parts: Parts):
    parts.write("frame", 0, RAW_RECORDS.empty_table())
    assert parts.read("frame", 0).schema == RAW_RECORDS


def test_parts_come_in_the_order_of_their_numbers(parts: Parts):
    for part in (2, 0, 1):
        parts.write("frame", part, pa.table({"number": [part]}))
    parts.commit({"parts": 3})
    assert [(part, table["number"].to_pylist()) for part, table in parts.tables("frame")] == [
        (0, [0]),
        (1, [1]),
        (2, [2]),
    ]


def test_pieces_are_the_parts_in_bounded_tables(parts: Parts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipelines.parts.ROWS_A_PIECE", 2)
    frame = pa.table({"number": range(5), "texts": pa.array([["a"], None, [], ["b", None], ["c"]])})
    for part, table in enumerate((frame, frame.slice(0, 0), frame.slice(3))):
        parts.write("frame", part, table)
    parts.commit({"parts": 3})
    pieces = list(parts.pieces("frame"))
    assert [(part, table.num_rows) for part, table in pieces] == [(0, 2), (0, 2), (0, 1), (1, 0), (2, 2)]
    for part in range(3):
        assert pa.concat_tables(table for number, table in pieces if number == part) == parts.read("frame", part)
    assert [table.column_names for _, table in parts.pieces("frame", ["texts"])] == [["texts"]] * 5


def test_a_stage_without_manifest_is_not_whole(parts: Parts):
    assert parts.manifest_if_whole() is None
    parts.write("frame", 0, FRAME)
    assert parts.manifest_if_whole() is None
    with pytest.raises(PartsError, match="run the stage that writes them again"):
        parts.manifest()
    with pytest.raises(PartsError):
        list(parts.tables("frame"))


def test_a_manifest_says_what_it_was_given_and_gives_way_to_the_next(parts: Parts):
    parts.commit({"parts": 0, "name": "é"})
    parts.commit({"parts": 1, "name": "目"})
    assert parts.manifest() == {"parts": 1, "name": "目"}


def test_clearing_leaves_nothing_and_needs_nothing(parts: Parts):
    parts.clear()
    parts.write("frame", 0, FRAME)
    parts.commit({"parts": 1})
    parts.clear()
    assert parts.manifest_if_whole() is None
    parts.clear()


def test_a_torn_manifest_is_never_seen(tmp_path: Path):
    """It is written beside its place and moved there in one step."""
    parts = Parts(str(tmp_path))
    parts.commit({"parts": 0})
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]
