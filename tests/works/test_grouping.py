"""Evidence as groups: what the guard against chains has not followed, and why."""

from itertools import combinations

import pyarrow as pa
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
