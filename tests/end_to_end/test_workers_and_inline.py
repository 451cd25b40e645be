"""What worker processes make of a dump, in many parts and batches, is what one process makes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipelines import workers
from pipelines.stages import Progress, extraction
from pipelines.warehouse import matching, planning
from pipelines.warehouse.changes import Dump
from tests.end_to_end.road import Road, contents, json_lines

#: What dumps say in the bookkeeping, but for moments, durations and the path.
BOOKKEEPING = (
    "SELECT to_jsonb(t) - ARRAY['path', 'loaded_at'] FROM ops.dumps AS t ORDER BY t.dump_id",
    "SELECT to_jsonb(t) - ARRAY['loaded_at', 'extract_seconds', 'normalize_seconds', 'deduplicate_seconds',"
    " 'load_seconds'] FROM ops.loads AS t ORDER BY t.warehouse_version",
    "SELECT to_jsonb(t) - 'quarantined_at' FROM ops.quarantine AS t ORDER BY t.quarantine_id",
    "SELECT to_jsonb(t) FROM ops.record_sightings AS t ORDER BY t.record_id",
)


def document(number: int, year: int) -> dict[str, Any]:
    """Records that share works, headings in several spellings, identifiers and links, and have fields of their own."""
    return {
        "id": f"b{number}",
        "title": f"A study of {('rivers', 'lakes', 'seas', 'harbours', 'tides')[number % 5]}",
        "author": [("Núñez, Ana, 1950-", "NUNEZ, ANA, 1950-2001", "Nunez, Ana, 1950-1999")[number % 3]],
        "author2": [f"Okafor, Ben{number % 7}"],
        "publishDate": [str(1990 + number % 4)],
        "format": [("Article", "Book", "Preprint")[number % 3]],
        "doi_str_mv": [f"10.1000/{number % 11}"],
        "url": [f"https://doi.org/10.1000/{number % 11}", f"http://example.org/{number}"],
        "local": {"measured": 0.5, "year": year},
    }


FIRST = json_lines(document(number, 1) for number in range(36)) + b"broken\n" + json_lines([document(7, 2)])
LATER = json_lines(document(number, 1 + number % 2) for number in range(18, 54))


def ingested(road: Road) -> tuple[Any, ...]:
    """The warehouse after a first load and two that merge, its bookkeeping, and how many parts each dump had."""
    road.ingest("library", "2020", FIRST)
    road.ingest("archive", "2020", LATER + b"{torn\n")
    road.ingest("library", "2021", LATER, kind="full")
    parts = [road.frames("raw", dump).manifest()["parts"] for dump in map(_delta, sorted(road.dumps))]
    return contents(road, history=True), [road.rows(query) for query in BOOKKEEPING], parts


def _delta(name: tuple[str, str]) -> Dump:
    return Dump(*name, "delta")


def test_workers_make_of_dumps_what_one_process_makes_of_them(road: Road, monkeypatch: pytest.MonkeyPatch):
    whole = extraction.read_chunks
    monkeypatch.setattr(extraction, "read_chunks", partial(whole, chunk_bytes=2_000))
    monkeypatch.setattr(matching, "RECORDS_A_BATCH", 5)
    monkeypatch.setenv("WAREHOUSE_WORKERS", "2")
    inline = ingested(road)
    road.clear()

    began: list[str] = []
    monkeypatch.setattr(workers, "_ordered", _telling(workers._ordered, began))
    monkeypatch.setattr(workers, "SMALL_DUMP", 0)
    monkeypatch.setattr(planning, "FEW_RECORDS", 0)
    elsewhere = Road(road.url, road.folder / "by workers")
    by_workers = ingested(elsewhere)

    assert len(set(began)) == 5, "each step ran in workers"
    tables, bookkeeping, parts = by_workers
    assert min(parts) > 5
    assert max(json.loads(path.read_text())["matching"]["evidence_parts"] for path in _plans(elsewhere)) > 1
    assert all(rows for name, rows in tables.items() if name != "work_overrides") and all(bookkeeping)
    assert road.values("SELECT records_deleted FROM ops.dumps WHERE kind = 'full'") == [18]
    assert tables == inline[0]
    assert bookkeeping == inline[1]
    assert parts == inline[2]


def test_deduplication_tells_how_far_it_is(road: Road, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(matching, "RECORDS_A_BATCH", 5)
    road.ingest("library", "2020", FIRST)
    told: list[Progress] = []
    road.plan(Dump("archive", "2020", "delta"), road.write("archive", "2020", LATER), told.append)
    assert {(each.stage, each.records) for each in told} == {("deduplicate", 36)}
    steps = [re.sub(r"[0-9]+", "n", each.doing) for each in told]
    assert list(dict.fromkeys(steps)) == [
        "comparing with the warehouse",
        "looking for candidates",
        "reading neighbours",
        "reading the records of n pairs",
        "deciding n pairs",
        "looking for the groups that change",
        "making publications and works of n records",
    ]
    for step in ("deciding n pairs", "making publications and works of n records"):
        done = [each.done for each, name in zip(told, steps, strict=True) if name == step]
        total = max(each.total for each, name in zip(told, steps, strict=True) if name == step)
        assert done[-1] == total > 0
        assert done == sorted(done)


def _telling(mapped: Callable[..., Any], began: list[str]) -> Callable[..., Any]:
    """Note what goes to the workers of a pool."""

    def told(pool: Any, function: Any, items: Any) -> Any:
        began.append(function.func.__name__)
        return mapped(pool, function, items)

    return told


def _plans(road: Road) -> list[Path]:
    return sorted((road.folder / "frames" / "planned").glob("*/*/manifest.json"))
