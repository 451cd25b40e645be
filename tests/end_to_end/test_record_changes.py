"""What each change of the warehouse did to records, as ``ops.record_changes`` keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.normalize import content_hash
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.decisions import Person, RecordName, decide_pairs, withdraw_pairs
from pipelines.warehouse.record_changes import DAYS_VARIABLE, days_kept
from tests.end_to_end.road import Road
from tests.ready import ReadyRoads

RIVERS = {"id": "1", "title": "A study of slow rivers", "author": ["Núñez, Ana"], "publishDate": ["2001"]}
LAKES = {"id": "2", "title": "Red lakes of the north", "author": ["Hansen, Bo"], "publishDate": ["2002"]}
SEAS = {"id": "3", "title": "Tides and what they carry", "author": ["Okafor, Ben"], "publishDate": ["2003"]}


def changes(road: Road) -> list[Any]:
    """Kind of change, record and changed columns of the newest version."""
    return road.rows(
        "SELECT change, source_record_id, changed_columns"
        " FROM ops.record_changes JOIN catalog.records USING (record_id)"
        " WHERE warehouse_version = (SELECT version FROM ops.warehouse_version) ORDER BY 2"
    )


def two_records(road: Road) -> None:
    road.ingest("city", "2020", [RIVERS, LAKES])


@pytest.fixture
def filled(ready_roads: ReadyRoads) -> Iterator[Road]:
    """A catalogue with two records."""
    with ready_roads.copy(two_records) as road:
        yield road


def test_a_first_load_is_not_told_record_by_record(filled: Road):
    assert filled.values("SELECT count(*) FROM ops.record_changes") == [0]


def test_records_come_change_and_stay(filled: Road):
    filled.ingest("city", "2021", [RIVERS | {"publisher": ["Weir"], "edition": "2nd"}, LAKES, SEAS])
    assert changes(filled) == [
        ("changed", "1", {"publisher": [None, "Weir"], "edition": [None, "2nd"]}),
        ("new", "3", None),
    ]
    assert sorted(filled.rows("SELECT change, changed_column, record_count FROM reporting.last_changes"), key=repr) == [
        ("changed", "edition", 1), ("changed", "publisher", 1), ("changed", None, 1), ("new", None, 1)
    ]  # fmt: skip


def test_what_hangs_on_a_record_is_told_as_well(filled: Road):
    filled.ingest("city", "2021", [RIVERS | {"url": ["https://weir.example/1"], "isbn": ["978-3-16-148410-0"]}])
    assert changes(filled) == [
        ("changed", "1", {"links": [None, ["https://weir.example/1"]], "identifiers": [None, ["isbn 9783161484100"]]})
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            {"author": ["Núñez, Ana"]},
            {"author": [], "author2": ["Núñez, Ana"]},
            {"credits": [["Núñez, Ana, author"], ["Núñez, Ana, author2"]]},
        ),
        (
            {"isbn": ["978-3-16-148410-0"]},
            {"isbn": ["9783161484100"]},
            {"identifiers": [["isbn 978-3-16-148410-0 isbn"], ["isbn 9783161484100 isbn"]]},
        ),
        (
            {"author": ["Núñez, Ana"]},
            {"author": ["Núñez, A."]},
            {
                "author_names": [["Núñez, Ana"], ["Núñez, A."]],
                "credits": [["Núñez, Ana"], ["Núñez, A."]],
                "work_keys": [["AT nunezana tidesandwhattheycarry"], ["AT nuneza tidesandwhattheycarry"]],
            },
        ),
    ],
    ids=["a name in another field", "an identifier that is written otherwise", "another name"],
)
def test_what_changes_in_the_way_it_is_given_alone_is_told_in_full(
    filled: Road, before: dict[str, list[str]], after: dict[str, list[str]], told: dict[str, Any]
):
    filled.ingest("city", "2021", [SEAS | before])
    filled.ingest("city", "2022", [SEAS | before | after])
    assert changes(filled) == [("changed", "3", told)]


def test_a_record_that_is_brought_anew_and_says_the_same_has_not_changed(filled: Road, monkeypatch: pytest.MonkeyPatch):
    # As a later version of the program does with all records.
    monkeypatch.setattr(content_hash.content_hashes, "__defaults__", (content_hash.RULES_VERSION + 1,))
    filled.ingest("city", "2021", [RIVERS | {"edition": "2nd"}, LAKES])
    assert changes(filled) == [("changed", "1", {"edition": [None, "2nd"]})]


def test_a_record_that_says_the_same_but_has_another_group_is_regrouped(filled: Road, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(content_hash.content_hashes, "__defaults__", (content_hash.RULES_VERSION + 1,))
    # What is no more than rules of an earlier version had put together falls apart.
    filled.execute(
        "UPDATE catalog.records SET (publication_id, work_id) ="
        " (SELECT publication_id, work_id FROM catalog.publications ORDER BY 1 LIMIT 1)"
    )
    filled.ingest("city", "2021", [RIVERS, LAKES])
    [(change, _, columns)] = changes(filled)
    assert (change, columns) == ("regrouped", None)


def test_records_end_and_come_back(filled: Road):
    filled.ingest("city", "2021", [RIVERS], kind="full")
    assert changes(filled) == [("ended", "2", None)]
    filled.ingest("city", "2022", [LAKES | {"edition": "3rd"}])
    assert changes(filled) == [("returned", "2", {"edition": [None, "3rd"]})]


def groups(road: Road) -> list[Any]:
    return road.rows("SELECT source, source_record_id, publication_id, work_id FROM catalog.records ORDER BY 1, 2")


def test_a_record_that_a_person_joins_to_another_is_told_with_both_groups(filled: Road):
    filled.ingest("university", "2021", [SEAS])
    before = groups(filled)
    lakes, seas = RecordName("city", "2"), RecordName("university", "3")
    decide_pairs(filled.url, lakes, [seas], "duplicate", Person("me", "seen"))
    told = filled.rows(
        "SELECT change, is_in_another_publication, is_in_another_work, dump, kind FROM reporting.record_changes"
        " WHERE warehouse_version = (SELECT version FROM ops.warehouse_version)"
    )
    assert told == [("regrouped", True, True, None, None)]
    withdraw_pairs(filled.url, lakes, [seas], "me")
    assert [change for change, *_ in changes(filled)] == ["regrouped"]
    assert groups(filled) == before


def test_a_record_whose_work_alone_is_another_is_told_so(filled: Road):
    filled.ingest("university", "2021", [SEAS])
    decide_pairs(filled.url, RecordName("city", "2"), [RecordName("university", "3")], "version", Person("me", "seen"))
    told = filled.rows(
        "SELECT is_in_another_publication, is_in_another_work FROM reporting.record_changes"
        " WHERE warehouse_version = (SELECT version FROM ops.warehouse_version)"
    )
    assert told == [(False, True)]


def test_changes_are_kept_as_long_as_the_environment_says(filled: Road, monkeypatch: pytest.MonkeyPatch):
    filled.ingest("city", "2021", [SEAS])
    filled.execute("UPDATE ops.loads SET loaded_at = loaded_at - interval '40 days'")
    monkeypatch.setenv(DAYS_VARIABLE, "41")
    filled.ingest("city", "2022", [SEAS | {"edition": "2nd"}])
    assert filled.values("SELECT warehouse_version FROM ops.record_changes ORDER BY 1") == [2, 3]
    monkeypatch.setenv(DAYS_VARIABLE, "39")
    filled.ingest("city", "2023", [SEAS | {"edition": "3rd"}])
    assert filled.values("SELECT warehouse_version FROM ops.record_changes ORDER BY 1") == [3, 4]
    monkeypatch.setenv(DAYS_VARIABLE, "0")
    filled.ingest("city", "2024", [SEAS | {"edition": "4th"}])
    assert filled.values("SELECT count(*) FROM ops.record_changes") == [0]


@pytest.mark.parametrize("text", ["-1", "a year", "1.5", "1000000"])
def test_what_is_no_number_of_days_is_refused(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv(DAYS_VARIABLE, text)
    with pytest.raises(WarehouseError, match=DAYS_VARIABLE):
        days_kept()


def test_a_clock_that_was_behind_at_one_load_takes_no_change_before_it_along(road: Road):
    for year in range(2020, 2024):
        road.ingest("city", str(year), [{"id": "1", "title": f"Rivers {year}"}])
    held = road.rows("SELECT warehouse_version, change FROM ops.record_changes ORDER BY 1")
    assert len(held) == 3
    road.execute("UPDATE ops.loads SET loaded_at = '2000-01-01' WHERE warehouse_version = 3")
    road.ingest("city", "2024", [{"id": "1", "title": "Rivers 2024"}])
    assert road.rows("SELECT warehouse_version, change FROM ops.record_changes ORDER BY 1")[:3] == held
