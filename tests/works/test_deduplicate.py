"""The whole road: what comes out of a set of records, and that increments equal a rebuild."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_frames import identifier_rows, key_rows, match_records, singletons
from warehouse_model import Content, Dump, WarehouseModel

from pipelines.records import WORK_EVIDENCE, FrameError
from pipelines.works.deduplicate import Deduplicated, deduplicate
from pipelines.works.survivorship import publications, works


def groups(result: Deduplicated) -> list[tuple[int, int, int]]:
    return [tuple(row.values()) for row in result.groups.assignments.to_pylist()]


def test_duplicates_make_a_publication_and_versions_a_work():
    records = match_records(
        {"publication_year": 2000, "founded": "2021"},
        {"publication_year": 2000, "founded": "2020"},
        {"publication_year": 1990, "founded": "2022"},
        {"publication_year": 2000},
    )
    keys = key_rows((1, "AT a t"), (2, "AT a t"), (3, "AT a t"), (4, "AT b t"), (1, "UT x"), (4, "UT x"))
    result = deduplicate(records, identifier_rows(), keys)
    assert groups(result) == [(1, 2, 2), (2, 2, 2), (3, 3, 2), (4, 4, 4)]
    assert [(row["record_id_a"], row["record_id_b"], row["verdict"]) for row in result.evidence.to_pylist()] == [
        (1, 2, "duplicate"),
        (1, 3, "version"),
        (2, 3, "version"),
    ]
    assert set(result.evidence["blocking_key"].to_pylist()) == {"AT a t"}
    assert result.groups.publications["record_count"].to_pylist() == [2, 1, 1]
    assert result.groups.works["publication_count"].to_pylist() == [2, 1]


def test_records_may_come_in_any_order():
    records = match_records({"title": "One title"}, {"title": "One title"}, {"title": "Another title"})
    keys = key_rows((1, "AT a t"), (2, "AT a t"), (3, "AT a u"))
    straight = deduplicate(records, identifier_rows(), keys)
    turned = deduplicate(records.take([2, 0, 1]), identifier_rows(), keys.take([1, 2, 0]))
    assert straight == turned


def test_when_two_publications_become_one_the_younger_id_leads_to_the_elder():
    records = match_records({"publication_id": 1, "work_id": 1, "founded": "2021"}, {"publication_id": 2, "work_id": 2})
    result = deduplicate(records, identifier_rows(), key_rows((1, "AT a t"), (2, "AT a t")))
    assert result.groups.redirects.to_pylist() == [
        {"level": "publication", "old_id": 1, "new_id": 2},
        {"level": "work", "old_id": 1, "new_id": 2},
    ]


def test_no_records_give_empty_frames():
    result = deduplicate(match_records(), identifier_rows(), key_rows())
    assert result.evidence.schema == WORK_EVIDENCE
    assert [
        len(table)
        for table in (result.evidence, result.groups.assignments, result.groups.publications, result.groups.works)
    ] == [0] * 4


def test_a_record_must_not_stand_twice():
    with pytest.raises(ValueError, match="twice"):
        deduplicate(match_records({"record_id": 1}, {"record_id": 1}), identifier_rows(), key_rows())


def test_records_must_have_their_columns():
    with pytest.raises(FrameError, match="founded"):
        deduplicate(match_records({}).drop_columns("founded"), identifier_rows(), key_rows())


AT_KEYS = ["AT a t", "AT b t", "AT c t", "AT d t"]
contents = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["One title", "One title", "One title", "Other title", "Editorial"]),
        "publication_year": st.sampled_from([None, 2000, 2001, 2005]),
        "volume": st.sampled_from([None, "1", "2"]),
        "publication_kind": st.sampled_from([None, None, "preprint", "article"]),
        "source": st.sampled_from(["s", "t"]),
        "filled": st.integers(1, 2),
        "keys": st.lists(st.sampled_from([*AT_KEYS, "UT x"]), unique=True, min_size=1, max_size=2),
        "dois": st.lists(st.sampled_from(["10.1/x", "10.1/y"]), unique=True, max_size=1),
    }
)
# A dump that brings much, and some that change little and so leave most blocks untouched.
great_dumps = st.dictionaries(st.integers(1, 9), contents, min_size=4, max_size=9)
small_dumps = st.dictionaries(st.integers(1, 9), st.none() | contents, min_size=1, max_size=2)
arrivals_of_dumps = st.tuples(great_dumps, st.lists(small_dumps, min_size=1, max_size=4)).flatmap(
    lambda dumps: st.permutations(list(enumerate([dumps[0], *dumps[1]])))
)


def by_id(table: pa.Table, name: str) -> dict[int, dict[str, Any]]:
    return {row[name]: row for row in table.to_pylist()}


@pytest.mark.slow
@settings(max_examples=100)
@given(arrivals_of_dumps, st.integers(1, 4))
def test_dumps_in_any_order_give_what_a_rebuild_gives(arrivals: list[tuple[int, Dump]], max_block: int):
    warehouse = WarehouseModel(max_block)
    for number, dump in arrivals:
        warehouse.apply(f"2020-{number}", dump)
        rebuilt = warehouse.rebuild()
        assert warehouse.evidence == {
            (row["record_id_a"], row["record_id_b"]): row for row in rebuilt.evidence.to_pylist()
        }
        assert warehouse.assignments == by_id(rebuilt.groups.assignments, "record_id")
        assert warehouse.publications == by_id(rebuilt.groups.publications, "publication_id")
        assert warehouse.works == by_id(rebuilt.groups.works, "work_id")
        assert rebuilt.groups.redirects.num_rows == 0


@given(st.dictionaries(st.integers(1, 9), contents, max_size=9))
def test_records_that_nothing_links_are_publications_and_works_of_their_own(records: dict[int, Content]):
    warehouse = WarehouseModel(max_block=3)
    warehouse.records = {i: dict(content or {}, founded="2020") for i, content in records.items()}
    whole = warehouse.rebuild()
    accepted = [row for row in whole.evidence.to_pylist() if row["verdict"] != "different"]
    alone = set(records).difference(*((row["record_id_a"], row["record_id_b"]) for row in accepted))
    batch, _, _ = warehouse.frames(alone, warehouse.records)
    rows = publications(batch, singletons(batch))
    assert by_id(singletons(batch), "record_id").items() <= by_id(whole.groups.assignments, "record_id").items()
    assert by_id(rows, "publication_id").items() <= by_id(whole.groups.publications, "publication_id").items()
    assert by_id(works(rows), "work_id").items() <= by_id(whole.groups.works, "work_id").items()
