"""arXiv ids that were numbers on their way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works.arxiv_ids import arxiv_key


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("1602.08912", "1602.08912"),
        ("1602.0891199999999", "1602.08912"),
        ("1501.0173300000001", "1501.01733"),
        ("1602.0891", "1602.08910"),
        ("1602.1", "1602.10000"),
        ("0704.0001", "0704.0001"),
        ("0704.001", "0704.0010"),
        ("0704.0000999999999", "0704.0001"),
        ("802.0828", "0802.0828"),
        ("811.283", "0811.2830"),
        ("hep-th/9901001", "hep-th/9901001"),
        # No rounding: nobody knows what these were.
        ("1602.0891234567891", ""),
        ("1602.0891255", ""),
        ("1602.9999999999999", ""),
        ("1613.00001", ""),
        ("612.0828", ""),
        ("nonsense", ""),
    ],
)
def test_an_id_is_what_it_was_before_it_was_a_number(value: str, key: str):
    assert arxiv_key(value) == key


@given(st.integers(15, 40), st.integers(1, 12), st.integers(1, 99999), st.sampled_from([repr, "{:.13f}".format]))
def test_every_id_survives_being_a_number(year: int, month: int, number: int, written):
    text = f"{year:02}{month:02}.{number:05}"
    assert arxiv_key(written(float(text))) == text
