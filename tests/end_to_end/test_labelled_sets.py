"""Matching keeps its quality on labelled sets, whatever else changes in the rules."""

from pathlib import Path

import pytest

SETS = Path(__file__).parents[3] / "shared" / "matching"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SETS.exists(), reason="the labelled sets lie beside the project, not in it"),
]


@pytest.mark.parametrize(
    ("name", "precision", "f1"),
    [
        ("ldd_cytology_screening", 0.995, 0.995),
        ("ldd_respiratory", 0.995, 0.985),
        ("iebh_copper", 0.995, 0.997),
        ("misq_crossref_dblp", 0.995, 0.993),
        ("dblp_acm", 0.985, 0.985),
    ],
)
def test_publications_are_found_as_labelled(name: str, precision: float, f1: float):
    from benchmarks.matching import matched, quality_of_clusters

    quality = quality_of_clusters(SETS / name, matched(SETS / name / "records.csv", "publication"))
    assert quality.precision >= precision
    assert quality.f1 >= f1


def test_works_are_found_as_labelled():
    from benchmarks.matching import matched, quality_of_pairs

    folder = SETS / "fuzzycat_verify"
    quality = quality_of_pairs(folder / "pairs.csv", matched(folder / "records.csv", "work"))
    assert quality.precision >= 0.97
    assert quality.recall >= 0.85
