"""When what hangs on a record has changed."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize.belonging_hashes import belonging_hashes
from pipelines.records import (
    BELONGING_HASHES,
    RECORD_AUTHORS,
    RECORD_IDENTIFIERS,
    RECORD_LINKS,
    RECORD_MATCHING_KEYS,
    RECORD_WORK_KEYS,
)

SCHEMAS = {
    "record_authors": RECORD_AUTHORS,
    "record_links": RECORD_LINKS,
    "record_identifiers": RECORD_IDENTIFIERS,
    "record_work_keys": RECORD_WORK_KEYS,
    "record_matching_keys": RECORD_MATCHING_KEYS,
}
ROWS: dict[str, dict[str, Any]] = {
    "record_authors": {
        "position": 1, "author_id": 5, "role": None, "source_field": "author", "name_as_written": "Roe, Jane",
    },
    "record_links": {
        "link_id": 6, "position": 1, "url": "http://a.org/", "url_as_written": "http://a.org", "kind": "other",
        "host": "a.org", "is_valid": True,
    },
    "record_identifiers": {
        "scheme": "doi", "value": "10.1/a", "value_as_written": "10.1/A", "source_field": "doi_str_mv",
        "is_valid": True, "invalid_reason": None,
    },
    "record_work_keys": {"work_key_id": 7, "kind": "AT", "key": "AT a b", "origin": "given"},
    "record_matching_keys": {"matching_key_id": 8},
}  # fmt: skip
OTHERS = [
    ("record_authors", {"position": 2}),
    ("record_authors", {"author_id": 6}),
    ("record_authors", {"role": "editor"}),
    ("record_authors", {"role": ""}),
    ("record_authors", {"source_field": "author2"}),
    ("record_authors", {"name_as_written": "Roe, Jane."}),
    ("record_links", {"position": 2}),
    ("record_links", {"link_id": 7}),
    ("record_links", {"url_as_written": "http://a.org/"}),
    ("record_links", {"kind": "doi"}),
    ("record_links", {"is_valid": False}),
    ("record_identifiers", {"scheme": "pmid"}),
    ("record_identifiers", {"value_as_written": "10.1/a"}),
    ("record_identifiers", {"source_field": "url"}),
    ("record_identifiers", {"is_valid": False}),
    ("record_work_keys", {"work_key_id": 8}),
    ("record_work_keys", {"origin": "computed"}),
    ("record_matching_keys", {"matching_key_id": 9}),
]

#: Columns that follow from those above, by the rules: no row differs in them alone.
FOLLOWING = {
    "record_authors": set(),
    "record_links": {"url", "host"},
    "record_identifiers": {"value", "invalid_reason"},
    "record_work_keys": {"kind", "key"},
    "record_matching_keys": set(),
}

Row = dict[str, Any]


def hashed(record_ids: list[int], **rows: list[Row]) -> dict[str, list[int]]:
    """The hashes of records by frame; each row says its record."""
    frames = {name: pa.Table.from_pylist(rows.get(name, []), schema=schema) for name, schema in SCHEMAS.items()}
    found = belonging_hashes(pa.array(record_ids, pa.int64()), frames)
    return {BELONGING_HASHES[column]: values.to_pylist() for column, values in found.items()}


@pytest.mark.parametrize(("frame", "other"), OTHERS, ids=str)
def test_a_row_that_says_something_else_has_another_hash_and_no_other_frame_has(frame: str, other: Row):
    one = hashed([3], **{name: [row | {"record_id": 3}] for name, row in ROWS.items()})
    two = hashed(
        [3], **{name: [row | (other if name == frame else {}) | {"record_id": 3}] for name, row in ROWS.items()}
    )
    assert [name for name in SCHEMAS if one[name] != two[name]] == [frame]


@pytest.mark.parametrize("frame", SCHEMAS)
def test_every_column_of_a_frame_is_hashed_or_follows_from_those_that_are(frame: str):
    told = {column for name, other in OTHERS if name == frame for column in other}
    assert {"record_id"} | told | FOLLOWING[frame] == set(SCHEMAS[frame].names)


def test_a_row_more_and_a_row_twice_are_another_hash():
    key = {"record_id": 3, "matching_key_id": 8}
    none, one, two = (hashed([3], record_matching_keys=[key] * count)["record_matching_keys"] for count in range(3))
    assert len({*none, *one, *two}) == 3
    assert none == [0]


def test_values_that_change_columns_are_another_hash():
    first, second = (
        {"record_id": 3, **ROWS["record_identifiers"], "scheme": scheme, "value_as_written": written}
        for scheme, written in (("doi", "pmid"), ("pmid", "doi"))
    )
    assert hashed([3], record_identifiers=[first]) != hashed([3], record_identifiers=[second])


def test_another_version_of_the_rules_makes_another_of_all_that_hang_on_it():
    frames = {name: pa.Table.from_pylist([row | {"record_id": 3}], schema=SCHEMAS[name]) for name, row in ROWS.items()}
    old, new = (belonging_hashes(pa.array([3]), frames, rules_version=version) for version in (1, 2))
    assert all(old[column] != new[column] for column in BELONGING_HASHES)


@given(
    st.lists(st.integers(-3, 3), unique=True),
    st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 3)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_a_hash_rests_on_its_own_rows_alone_in_whatever_order(
    record_ids: list[int], keys: list[tuple[int, int]], random: Any
):
    rows = [{"record_id": record, "matching_key_id": key} for record, key in keys]
    found = dict(zip(record_ids, hashed(record_ids, record_matching_keys=rows)["record_matching_keys"], strict=True))
    random.shuffle(rows)
    for record_id, value in found.items():
        mine = [row for row in rows if row["record_id"] == record_id]
        assert hashed([record_id], record_matching_keys=mine)["record_matching_keys"] == [value]
