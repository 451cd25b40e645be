"""Groups, the ids they keep, and where former ids lead."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from matching_frames import match_records

from pipelines.works.clusters import founders, redirects, seniority


def test_records_age_by_dump_and_then_by_id():
    records = match_records({"founded": "2021"}, {"founded": "2020"}, {"founded": "2020"})
    assert seniority(records).tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("edges", "ranks", "founder"),
    [
        ([], [0, 1, 2], [0, 1, 2]),
        ([(0, 1)], [0, 1, 2], [0, 0, 2]),
        ([(0, 1)], [2, 1, 0], [1, 1, 2]),
        ([(0, 1), (1, 2)], [1, 2, 0], [2, 2, 2]),
        # An edge that stands twice, and as a loop.
        ([(0, 1), (0, 1), (1, 0), (2, 2)], [0, 1, 2], [0, 0, 2]),
    ],
)
def test_the_eldest_of_a_component_is_its_founder(edges: list[tuple[int, int]], ranks: list[int], founder: list[int]):
    a, b = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    assert founders(3, a, b, np.array(ranks)).tolist() == founder


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
