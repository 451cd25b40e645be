"""What a publication shows of its records, and a work of its publications."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_frames import RECORD, match_records, singletons

from pipelines.records import PUBLICATIONS, WORK_ASSIGNMENTS, WORKS
from pipelines.works.survivorship import SURVIVING_FIELDS, publications, singleton_publications, works


def assigned(*rows: tuple[int, int, int]) -> pa.Table:
    return pa.Table.from_pylist(
        [dict(zip(WORK_ASSIGNMENTS.names, row, strict=True)) for row in rows], schema=WORK_ASSIGNMENTS
    )


def test_the_best_filled_record_is_canonical_and_others_fill_its_gaps():
    records = match_records(
        {
            "filled": 3,
            "title": "Short",
            "doi": "10.1/x",
            "source": "s",
            "format": ["Book"],
            "founded": "2021",
            "container_title": "Weirs",
            "author_names": None,
        },
        {
            "filled": 5,
            "title": "Full",
            "publication_year": 2000,
            "source": "t",
            "format": [],
            "container_title": "",
            "author_names": None,
        },
        {"filled": 3, "title": "Other", "doi": "10.1/y", "source": "s", "author_names": ["A", "B"], "founded": "2020"},
    )
    assert publications(records, assigned((1, 1, 1), (2, 1, 1), (3, 1, 1))).to_pylist() == [
        {
            "publication_id": 1,
            "work_id": 1,
            "canonical_record_id": 2,
            "title": "Full",
            "publication_year": 2000,
            "doi": "10.1/x",
            "container_title": "Weirs",
            "format": ["Book"],
            "author_names": ["A", "B"],
            "record_count": 3,
            "source_count": 2,
            "field_sources": '{"doi": 1, "container_title": 1, "format": 1, "author_names": 3}',
        }
    ]


@pytest.mark.parametrize(
    ("first", "second", "canonical"),
    [
        ({"filled": 2}, {"filled": 3}, 2),
        ({"filled": 3, "founded": "2020"}, {"filled": 3, "founded": "2021"}, 2),
        ({"filled": 3}, {"filled": 3}, 1),
    ],
)
def test_the_canonical_record_is_well_filled_then_new_then_small(first: dict, second: dict, canonical: int):
    rows = publications(match_records(first, second), assigned((1, 1, 1), (2, 1, 1)))
    assert rows["canonical_record_id"].to_pylist() == [canonical]


@pytest.mark.parametrize(
    ("trusted", "canonical"),
    [((), 3), (("u",), 3), (("s",), 1), (("t",), 2), (("t", "s"), 2), (("s", "t"), 1), (("x", "t"), 2)],
)
def test_a_trusted_source_speaks_first_in_the_order_given(trusted: tuple[str, ...], canonical: int):
    records = match_records(
        {"source": "s", "filled": 1}, {"source": "t", "filled": 2}, {"source": "u", "filled": 3}, {"source": "s"}
    )
    assignments = assigned((1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 4, 4))
    rows = publications(records, assignments, trusted)
    assert rows["canonical_record_id"].to_pylist() == [canonical, 4]


def test_of_one_trusted_source_the_best_filled_speaks():
    records = match_records({"source": "s", "filled": 1}, {"source": "s", "filled": 2}, {"source": "t", "filled": 3})
    rows = publications(records, assigned((1, 1, 1), (2, 1, 1), (3, 1, 1)), ("s",))
    assert rows["canonical_record_id"].to_pylist() == [2]


fields_of_records = st.fixed_dictionaries(
    {
        "source": st.sampled_from("stu"),
        "founded": st.sampled_from(["2020", "2021"]),
        "filled": st.integers(1, 2),
        "title": st.sampled_from([None, "A", "B"]),
        "publication_year": st.sampled_from([None, 2000, 2001]),
        "doi": st.sampled_from([None, "10.1/x", "10.1/y"]),
        "format": st.sampled_from([None, [], ["Book"]]),
        "author_names": st.sampled_from([None, ["A"], ["B"]]),
    }
)


@given(st.lists(fields_of_records, min_size=1, max_size=5), st.permutations("stu"), st.integers(0, 3))
def test_every_field_is_traceable_to_its_record(records: list[dict], sources: list[str], trusted: int):
    table = match_records(*records)
    groups = assigned(*((number, 1 + number // 3, 1) for number in range(1, len(records) + 1)))
    for row in publications(table, groups, sources[:trusted]).to_pylist():
        lent = json.loads(row["field_sources"] or "{}")
        assert row["canonical_record_id"] not in lent.values()
        for field in SURVIVING_FIELDS:
            record = records[lent.get(field, row["canonical_record_id"]) - 1]
            assert (row[field] or None) == (record.get(field, RECORD.get(field)) or None)


def test_a_record_that_stands_alone_lends_nothing():
    records = match_records({"doi": "10.1/x"}, {})
    rows = publications(records, singletons(records))
    assert rows["field_sources"].to_pylist() == [None, None]
    assert singleton_publications(records).equals(rows)


def test_a_work_shows_its_greatest_publication_and_spans_all():
    records = match_records(
        {"title": "Preprint", "publication_year": 1999},
        {"title": "Article", "publication_year": 2001, "author_names": ["A"]},
        {"title": "Article", "publication_year": 2001},
        {"title": "Undated"},
        {"title": "Alone", "author_names": None},
    )
    rows = works(publications(records, assigned((1, 1, 1), (2, 2, 1), (3, 2, 1), (4, 4, 1), (5, 5, 5))))
    assert rows.to_pylist() == [
        {
            "work_id": 1,
            "canonical_publication_id": 2,
            "title": "Article",
            "first_year": 1999,
            "last_year": 2001,
            "author_names": ["A"],
            "publication_count": 3,
            "record_count": 4,
        },
        {
            "work_id": 5,
            "canonical_publication_id": 5,
            "title": "Alone",
            "first_year": None,
            "last_year": None,
            "author_names": None,
            "publication_count": 1,
            "record_count": 1,
        },
    ]


def test_among_equals_the_earliest_publication_shows_and_an_undated_one_last():
    records = match_records({}, {"publication_year": 2001}, {"publication_year": 1999})
    rows = works(publications(records, assigned((1, 1, 1), (2, 2, 1), (3, 3, 1))))
    assert rows["canonical_publication_id"].to_pylist() == [3]


def test_no_records_make_no_publications_and_no_works():
    rows = publications(match_records(), singletons(match_records()))
    assert rows.schema == PUBLICATIONS
    assert works(rows).schema == WORKS
    assert rows.num_rows == works(rows).num_rows == 0


def test_records_and_assignments_must_be_about_the_same():
    with pytest.raises(ValueError, match="same record_id"):
        publications(match_records({}), assigned((2, 2, 2)))
