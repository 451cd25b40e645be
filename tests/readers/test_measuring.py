"""How a document that was read is held against its truth."""

import json
from pathlib import Path

import pytest
from backports import zstd

from benchmarks.readers import compare_field, find_sets, read_truth


@pytest.mark.parametrize(
    ("name", "expected", "found", "outcome"),
    [
        ("title", "a b", "a b", "exact"),
        ("title", "a  b\n", "a b", "exact"),
        ("title", "a b", "ab", "wrong"),
        ("title", "a", None, "missing"),
        ("title", None, "a", "not in truth"),
        ("_version_", 17, 17, "exact"),
        ("topic", ["a", "b"], ["a", "b"], "exact"),
        ("topic", "a", ["a"], "exact"),
        ("topic", ["a", "b"], ["b", "a"], "wrong"),
        ("topic", ["a  b"], ["a b"], "wrong"),
        ("topic", ["a", "b"], ["a b"], "uncut"),
        ("topic", ["a", "b", "c"], ["a b", "c"], "uncut"),
        ("topic", ["a b"], ["a", "b"], "wrong"),
        ("topic", ["a"], [], "missing"),
        ("local_str", ["a", "b"], ["a", "b"], "exact"),
    ],
)
def test_a_field_is_exact_or_what_it_is_instead(name: str, expected: object, found: object, outcome: str):
    assert compare_field(name, expected, found) == outcome


def test_sets_are_pages_beside_their_truth(tmp_path: Path):
    (tmp_path / "a.truth.jsonl").write_text(json.dumps({"page": "1.html", "doc": {"id": "x"}}))
    (tmp_path / "a.tar.gz").touch()
    (tmp_path / "ab.tar.gz").touch()
    (tmp_path / "alone.truth.jsonl").touch()
    (tmp_path / "b" / "pages").mkdir(parents=True)
    (tmp_path / "b" / "truth.jsonl.zst").write_bytes(zstd.compress(b'{"id":"y"}\n'))
    sets = list(find_sets(tmp_path))
    assert [(pages.relative_to(tmp_path).as_posix(), truth.name) for pages, truth in sets] == [
        ("a.tar.gz", "a.truth.jsonl"),
        ("b/pages", "truth.jsonl.zst"),
    ]
    assert [read_truth(truth) for _, truth in sets] == [{"1.html": {"id": "x"}}, {"y": {"id": "y"}}]
