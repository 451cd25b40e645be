"""Evidence as groups: what the guard against chains has not followed, and why."""

from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works.grouping import EDGES, SURE, group, passed_over
from tests.works.matching_frames import match_records

RECORDS = match_records(*({"title": "Rivers"} for _ in range(6)))
DECIDED = st.tuples(st.sampled_from(["duplicate", "version", "different"]), st.sampled_from([0.5, SURE, 0.9]))


@given(st.dictionaries(st.sampled_from(list(combinations(range(1, 7), 2))), DECIDED))
def test_each_accepted_pair_is_followed_or_names_a_pair_that_keeps_its_groups_apart(
    decided: dict[tuple[int, int], tuple[str, float]],
):
    rows = [(a, b, verdict, score) for (a, b), (verdict, score) in decided.items()]
    evidence = pa.Table.from_pylist([dict(zip(EDGES.names, row, strict=True)) for row in rows], EDGES)
    assignments = group(RECORDS, evidence).assignments
    levels = {row["record_id"]: (row["publication_id"], row["work_id"]) for row in assignments.to_pylist()}
    for (a, b, verdict, _), wall in zip(rows, passed_over(evidence, assignments).tolist(), strict=True):
        level = 0 if verdict == "duplicate" else 1
        is_followed = verdict == "different" or levels[a][level] == levels[b][level]
        assert (wall < 0) == is_followed
        if wall >= 0:
            one, other, said, score = rows[wall]
            assert said == "different" or (level == 0 and said == "version" and score >= SURE)
            assert {levels[one][level], levels[other][level]} == {levels[a][level], levels[b][level]}


@pytest.mark.parametrize(("score", "is_one"), [(0.7, True), (SURE, False), (0.9, False)])
def test_records_that_are_surely_two_publications_are_not_joined_by_a_third(score: float, is_one: bool):
    rows = [(1, 2, "duplicate", 0.95), (1, 3, "version", score), (2, 3, "duplicate", 0.9)]
    evidence = pa.Table.from_pylist([dict(zip(EDGES.names, row, strict=True)) for row in rows], EDGES)
    of = {row["record_id"]: row for row in group(RECORDS, evidence).assignments.to_pylist()}
    assert of[1]["publication_id"] == of[2]["publication_id"]
    assert (of[1]["publication_id"] == of[3]["publication_id"]) is is_one
    assert of[1]["work_id"] == of[3]["work_id"]
