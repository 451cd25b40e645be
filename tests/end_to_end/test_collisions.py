"""Two natural keys under one computed id stop the load, wherever they meet: ids are hashes, and one day may collide."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipelines import stages
from pipelines.normalize import authors, documents
from pipelines.stages import extraction
from pipelines.warehouse import history
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import WarehouseError
from tests.end_to_end.road import Road, stamped

FIRST = [
    {"id": "0", "title": "A study of rivers", "author": ["Núñez, Ana"]},
    {"id": "1", "title": "A study of lakes", "author": ["Okafor, Ana"]},
]


def colliding(hashes: Callable[[pa.Array], Any]) -> Callable[[pa.Array], Any]:
    """Ids that all texts share."""
    return lambda texts: np.full(len(hashes(texts)), 7, np.int64)


@pytest.fixture
def one_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = extraction.read_chunks
    monkeypatch.setattr(extraction, "read_chunks", partial(whole, chunk_bytes=1))


@pytest.mark.usefixtures("one_a_part")
@pytest.mark.parametrize(("room", "what"), [(documents, "record"), (authors, "author")])
def test_in_two_parts_of_a_first_dump(road: Road, monkeypatch: pytest.MonkeyPatch, room: Any, what: str):
    monkeypatch.setattr(room, "text_hashes", colliding(room.text_hashes))
    with pytest.raises(WarehouseError, match=f"two natural keys have the same id: {what} 7; nothing was loaded"):
        road.ingest("library", "2020", FIRST)
    assert road.values("SELECT count(*) FROM catalog.records") == [0]


@pytest.mark.usefixtures("one_a_part")
def test_headings_that_are_shown_alike_too(road: Road, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(authors, "text_hashes", colliding(authors.text_hashes))
    alike = [{"id": f"{year}", "title": "Study", "author": [f"Núñez, Ana, {year}-"]} for year in (1950, 1960)]
    with pytest.raises(WarehouseError, match="two natural keys have the same id: author 7"):
        road.ingest("library", "2020", alike)


@pytest.mark.parametrize(("room", "frame"), [(documents, "records"), (authors, "authors")])
def test_in_one_part_they_repeat_a_key_which_a_check_refuses(
    road: Road, monkeypatch: pytest.MonkeyPatch, room: Any, frame: str
):
    monkeypatch.setattr(room, "text_hashes", colliding(room.text_hashes))
    raw, normalized = (road.frames(stage, Dump("library", "2020", "delta")) for stage in ("raw", "normalized"))
    stages.extract(road.write("library", "2020", FIRST), "delta", raw)
    manifest = stages.normalize(raw, normalized, "library")
    assert manifest["rows"][frame] == 2
    assert manifest["violations"]["repeated_keys"] > 0


@pytest.mark.usefixtures("one_a_part")
def test_one_id_that_stands_in_two_parts_is_none(road: Road):
    assert road.ingest("library", "2020", [*FIRST, *FIRST]).counts.records_repeated == 2


@pytest.mark.parametrize(
    "held",
    [
        "UPDATE catalog.records SET source_record_id = 'other' WHERE source_record_id = '1'",
        "UPDATE catalog.authors SET heading_key = 'other' WHERE name = 'Okafor, Ana'",
    ],
    ids=["record", "author"],
)
def test_with_what_the_warehouse_holds(road: Road, held: str):
    road.ingest("library", "2020", FIRST)
    road.execute(held)
    before = stamped(road)
    with pytest.raises(WarehouseError, match="two natural keys have the same id"):
        road.ingest("library", "2021", [{**FIRST[1], "title": "Changed"}, {**FIRST[1], "id": "2"}])
    assert stamped(road) == before


def test_of_dumps(road: Road, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(history, "dump_id", lambda *_: 7)
    road.ingest("library", "2020", FIRST[:1])
    with pytest.raises(WarehouseError, match="two natural keys have the same id: dump 7"):
        road.ingest("library", "2021", FIRST[1:])
    assert road.values("SELECT name FROM ops.dumps") == ["2020"]
