"""How headings are shown: by what their credits say now, whatever came before and however it was cut into parts."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize import documents as normalize
from pipelines.normalize.content_hash import RULES_VERSION
from pipelines.stages import extraction, normalization
from pipelines.warehouse.headings import first_shown
from tests.end_to_end.road import Road


@pytest.fixture
def road(warehouse_url: str) -> Iterator[Road]:
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-headings-") as folder:
        yield Road.into(warehouse_url, Path(folder))


def record(name: str, *authors: str) -> dict[str, Any]:
    return {"id": name, "title": f"Study {name}", "author": list(authors)}


def shown(road: Road) -> list[tuple[str, int | None]]:
    return road.rows("SELECT name, death_year FROM catalog.authors ORDER BY 1")


CLOSED, OPEN = "Núñez, Ana, 1950-2001", "Nunez, Ana, 1950-"


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_spelling_that_its_record_no_longer_has_is_forgotten(road: Road, order: tuple[str, str]):
    for name in order:
        road.ingest("library", name, [record("1", {"a": CLOSED, "b": OPEN}[name])])
    assert shown(road) == [("Nunez, Ana", None)]


@pytest.mark.parametrize("order", ["abc", "bca", "cba"])
def test_a_spelling_that_another_record_still_has_stays(road: Road, order: str):
    dumps = {"a": [record("1", CLOSED), record("2", CLOSED)], "b": [record("1", OPEN)], "c": [record("3", OPEN)]}
    for name in order:
        road.ingest("library", name, dumps[name])
    assert shown(road) == [("Núñez, Ana", 2001)]


@pytest.mark.parametrize("order", ["abc", "bca", "cba"])
def test_of_the_spellings_left_the_best_is_shown_with_the_earliest_death(road: Road, order: str):
    dumps = {
        "a": [record("1", "Ñuñez, Ana, 1950-1990"), record("2", "NUNEZ, ANA, 1950-1999")],
        "b": [record("3", "Nunez, Ana, 1950-2003"), record("4", "Nunez, Ana, 1950-")],
        "c": [record("1", "Okafor, Ben")],
    }
    for name in order:
        road.ingest("library", name, dumps[name])
    assert shown(road) == [("Nunez, Ana", 1999), ("Okafor, Ben", None)]


@pytest.mark.parametrize("order", [("2020", "2021"), ("2021", "2020")])
def test_the_credits_of_ended_records_count(road: Road, order: tuple[str, str]):
    dumps = {"2020": ("delta", [record("1", CLOSED)]), "2021": ("full", [record("2", OPEN)])}
    for name in order:
        kind, documents = dumps[name]
        road.ingest("library", name, documents, kind)
    assert shown(road) == [("Núñez, Ana", 2001)]


def test_an_outdated_record_has_no_say(road: Road):
    """The late dump brings another record with the heading, and an old version that spelt it better."""
    road.ingest("library", "2021", [record("1", "Okafor, Ben")])
    road.ingest("library", "2020", [record("1", CLOSED), record("2", OPEN)])
    assert shown(road) == [("Nunez, Ana", None), ("Okafor, Ben", None)]


@pytest.mark.parametrize("chunk_bytes", [1, 10_000])
def test_a_record_that_is_repeated_later_in_the_dump_has_no_say(
    road: Road, monkeypatch: pytest.MonkeyPatch, chunk_bytes: int
):
    whole = extraction.read_chunks
    monkeypatch.setattr(extraction, "read_chunks", partial(whole, chunk_bytes=chunk_bytes))
    road.ingest("library", "2020", [record("1", CLOSED), record("2", OPEN), record("1", OPEN)])
    assert shown(road) == [("Nunez, Ana", None)]


@pytest.mark.parametrize("chunk_bytes", [1, 10_000])
def test_the_cut_into_parts_does_not_show(road: Road, monkeypatch: pytest.MonkeyPatch, chunk_bytes: int):
    whole = extraction.read_chunks
    monkeypatch.setattr(extraction, "read_chunks", partial(whole, chunk_bytes=chunk_bytes))
    road.ingest("library", "2020", [record("1", "Müller, Hans, 1900-1990"), record("2", "Muller, Hans, 1900-1980")])
    assert shown(road) == [("Müller, Hans", 1980)]


def test_a_load_that_takes_no_spelling_away_touches_no_heading(road: Road):
    road.ingest("library", "a", [record("1", CLOSED), record("2", OPEN)])
    before = road.rows("SELECT xmin::text, author_id FROM catalog.authors")
    road.ingest("library", "b", [{**record("1", CLOSED), "title": "Another title"}])
    assert road.rows("SELECT xmin::text, author_id FROM catalog.authors") == before


@pytest.mark.parametrize("again", ["the same dump", "a later one of one record"])
def test_a_rule_that_was_mended_mends_the_headings_that_are_known(
    road: Road, monkeypatch: pytest.MonkeyPatch, again: str
):
    """By the old rules the family name was another; the heading is the same, and so is what the records write."""
    documents = [record("1", CLOSED), record("2", CLOSED)]
    road.ingest("library", "a", documents)
    road.execute("UPDATE catalog.authors SET name = 'Núñezñ, Ana', family_name = 'Núñezñ'")
    hashes = partial(normalize.content_hashes, rules_version=RULES_VERSION + 1)
    monkeypatch.setattr(normalize, "content_hashes", hashes)
    hashes = partial(normalization.belonging_hashes, rules_version=RULES_VERSION + 1)
    monkeypatch.setattr(normalization, "belonging_hashes", hashes)
    monkeypatch.setattr(extraction, "VERSIONS", "new rules")
    if again == "the same dump":
        assert road.ingest("library", "a", documents).counts.records_changed == 2
    else:
        assert road.ingest("library", "b", documents[:1]).counts.records_changed == 1
    assert road.rows("SELECT name, family_name, death_year FROM catalog.authors") == [("Núñez, Ana", "Núñez", 2001)]


#: Headings of parts, each with the hash of its spelling: few ids, so that parts share them.
PARTS = st.lists(st.dictionaries(st.integers(-20, 20), st.integers(0, 2), max_size=12), max_size=12)


@given(PARTS)
def test_each_heading_is_new_in_the_first_part_that_has_it(parts: list[dict[int, int]]):
    arrays = [(np.array([*part], np.int64), np.array([*part.values()], np.int64)) for part in parts]
    known: dict[int, int] = {}
    expected, several = [], set()
    for part in parts:
        expected.append([heading not in known for heading in part])
        several |= {heading for heading, spelling in part.items() if known.setdefault(heading, spelling) != spelling}
    masks, found = first_shown(arrays)
    assert [mask.tolist() for mask in masks] == expected
    assert found.tolist() == sorted(several)


def test_what_is_known_is_not_copied_with_every_part(monkeypatch: pytest.MonkeyPatch):
    copied = 0
    concatenate = np.concatenate

    def counted(arrays: Any, *arguments: Any) -> Any:
        nonlocal copied
        joined = concatenate(arrays, *arguments)
        copied += len(joined)
        return joined

    monkeypatch.setattr(np, "concatenate", counted)
    monkeypatch.setattr(np, "insert", None)
    parts = [np.arange(number, 64_000, 640) for number in range(640)]
    masks, _ = first_shown((ids, ids) for ids in parts)
    assert sum(mask.sum() for mask in masks) == 64_000
    assert copied < 2 * 64_000 * 12
