"""Rows of a part that repeat a key or refer to nothing are counted."""

import pyarrow as pa
import pytest

from pipelines.violations import KEYS, violations

SOUND = {
    "records": {"record_id": [1, 2]},
    "authors": {"author_id": [7, 8]},
    "record_authors": {"record_id": [1, 1, 2], "position": [1, 2, 1], "author_id": [7, 8, 7]},
    "record_links": {"record_id": [1, 2], "position": [1, 1]},
    "record_identifiers": {"record_id": [1, 1, 2], "scheme": ["doi", "pmid", "doi"], "value": ["a", "a", "a"]},
    "record_work_keys": {"record_id": [1, 2], "work_key_id": [5, 5]},
    "record_matching_keys": {"record_id": [1], "matching_key_id": [5]},
}


def found(changed: dict[str, dict[str, list[object]]]) -> tuple[int, int]:
    counts = violations({name: pa.table(columns) for name, columns in (SOUND | changed).items()})
    return counts["repeated_keys"], counts["orphans"]


def test_sound_and_empty_frames_have_none() -> None:
    assert found({}) == (0, 0)
    empty = {
        name: pa.table(
            {column: pa.array([], pa.string() if column in {"scheme", "value"} else pa.int64()) for column in columns}
        )
        for name, columns in ({**KEYS, "record_authors": ["record_id", "position", "author_id"]}).items()
    }
    assert violations(empty) == {"repeated_keys": 0, "orphans": 0}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"records": {"record_id": [1, 2, 2]}}, (1, 0)),
        ({"authors": {"author_id": [7, 8, 7, 7]}}, (2, 0)),
        ({"record_links": {"record_id": [1, 1], "position": [3, 3]}}, (1, 0)),
        ({"record_work_keys": {"record_id": [1, 1], "work_key_id": [-5, -5]}}, (1, 0)),
        ({"record_identifiers": {"record_id": [1, 1], "scheme": ["doi", "doi"], "value": ["a", "a"]}}, (1, 0)),
        ({"record_links": {"record_id": [1, 3], "position": [1, 1]}}, (0, 1)),
        ({"record_authors": {"record_id": [1, 4], "position": [1, 1], "author_id": [9, 7]}}, (0, 2)),
    ],
)  # fmt: skip
def test_what_repeats_a_key_or_refers_to_nothing_is_counted(
    changed: dict[str, dict[str, list[object]]], expected: tuple[int, int]
) -> None:
    assert found(changed) == expected
