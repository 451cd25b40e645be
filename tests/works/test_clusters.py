"""Groups, the ids they keep, and where former ids lead."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_frames import match_records

from pipelines.works.clusters import Edges, founders, guarded_components, redirects, seniority


def test_records_age_by_dump_and_then_by_id():
    records = match_records({"founded": "2021"}, {"founded": "2020"}, {"founded": "2020"})
    assert seniority(records).tolist() == [2, 0, 1]


NONE = Edges(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))


def edges(*rows: tuple[int, int, float]) -> Edges:
    a, b, scores = (np.array(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    return Edges(np.array(a, np.int64), np.array(b, np.int64), np.array(scores, np.float32))


@pytest.mark.parametrize(
    ("accepted", "refused", "groups"),
    [
        ([], [], [0, 1, 2, 3]),
        ([(0, 1, 0.9)], [], [0, 0, 2, 3]),
        ([(0, 1, 0.9), (1, 2, 0.9)], [], [0, 0, 0, 3]),
        # An edge that stands twice, and as a loop.
        ([(0, 1, 0.9), (1, 0, 0.9), (2, 2, 0.9)], [], [0, 0, 2, 3]),
        # A chain breaks at its weakest place.
        ([(0, 1, 0.9), (1, 2, 0.7)], [(0, 2, 0.8)], [0, 0, 2, 3]),
        ([(0, 1, 0.7), (1, 2, 0.9)], [(0, 2, 0.8)], [0, 1, 1, 3]),
        # Of equals the first stays.
        ([(0, 1, 0.7), (1, 2, 0.7)], [(0, 2, 0.8)], [0, 0, 2, 3]),
        # What is refused between two groups does not touch them.
        ([(0, 1, 0.9), (2, 3, 0.9)], [(1, 2, 0.8)], [0, 0, 2, 2]),
        # No way around: every edge between the two sides is passed over.
        ([(0, 1, 0.9), (2, 3, 0.9), (1, 2, 0.7), (0, 3, 0.7)], [(0, 2, 0.8)], [0, 0, 2, 2]),
        # What people join a rule does not keep apart.
        ([(0, 1, 1.0), (1, 2, 1.0)], [(0, 2, 0.85)], [0, 0, 0, 3]),
        ([(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)], [(0, 2, 0.85), (0, 3, 0.98), (1, 3, 0.9)], [0, 0, 0, 0]),
        # What a rule joins with it, a rule keeps apart.
        ([(0, 1, 1.0), (1, 2, 0.9)], [(0, 2, 0.85)], [0, 0, 2, 3]),
        ([(0, 1, 1.0), (1, 2, 1.0), (2, 3, 0.9)], [(0, 2, 0.85), (0, 3, 0.85)], [0, 0, 0, 3]),
        # People keep apart what people join.
        ([(0, 1, 1.0), (1, 2, 1.0)], [(0, 2, 1.0)], [0, 0, 2, 3]),
        # A pair of one group, as of publications that people have made one.
        ([(0, 1, 0.9)], [(2, 2, 0.85)], [0, 0, 2, 3]),
    ],
)
def test_a_group_holds_no_pair_that_must_stay_apart(
    accepted: list[tuple[int, int, float]], refused: list[tuple[int, int, float]], groups: list[int]
):
    assert guarded_components(4, edges(*accepted), edges(*refused)).tolist() == groups


pairs = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from([0.7, 0.8, 0.9])).filter(lambda e: e[0] < e[1]),
    unique_by=lambda edge: edge[:2],
)


@given(pairs, pairs, st.randoms())
def test_groups_keep_apart_what_is_refused_in_any_order_of_the_edges(accepted: Any, refused: Any, random: Any):
    apart = {edge[:2] for edge in refused}
    accepted = [edge for edge in accepted if edge[:2] not in apart]
    groups = guarded_components(8, edges(*accepted), edges(*refused))
    assert all(groups[a] != groups[b] for a, b in apart)
    whole = guarded_components(8, edges(*accepted), NONE)
    assert all(whole[i] == whole[groups[i]] for i in range(8)), "a group must lie within a component"
    random.shuffle(accepted)
    random.shuffle(refused)
    assert (groups == guarded_components(8, edges(*accepted), edges(*refused))).all()


@pytest.mark.parametrize(
    ("groups", "ranks", "founder"),
    [
        ([0, 1, 2], [0, 1, 2], [0, 1, 2]),
        ([0, 0, 2], [0, 1, 2], [0, 0, 2]),
        ([0, 0, 2], [2, 1, 0], [1, 1, 2]),
        ([0, 0, 0], [1, 2, 0], [2, 2, 2]),
    ],
)
def test_the_eldest_of_a_group_is_its_founder(groups: list[int], ranks: list[int], founder: list[int]):
    assert founders(np.array(groups), np.array(ranks)).tolist() == founder


@pytest.mark.parametrize(
    ("former", "new", "expected"),
    [
        ([1, 2], [1, 2], []),
        ([None, None], [1, 1], []),
        # Merged: the younger id leads to the elder.
        ([1, 2], [1, 1], [(2, 1)]),
        # Split: the id stays with its founder.
        ([1, 1], [1, 2], []),
        # The founder was deleted (9 is no record): the eldest left leads.
        ([9, 9], [1, 2], [(9, 1)]),
        # The founder joined another group, its companion did not.
        ([2, 2, 3], [3, 1, 3], [(2, 1)]),
    ],
)
def test_a_former_id_leads_to_where_its_founder_is(
    former: list[int | None], new: list[int], expected: list[tuple[int, int]]
):
    ids = np.arange(1, len(new) + 1)
    table = redirects("work", pa.array(former, pa.int64()), np.array(new), ids, ids)
    rows: list[dict[str, Any]] = table.to_pylist()
    assert [(row["level"], row["old_id"], row["new_id"]) for row in rows] == [("work", *pair) for pair in expected]
