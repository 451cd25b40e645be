"""Blanks in columns of texts are folded as Python's own split and join fold them."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.blanks import folded

BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u200a\u2028\u2029\u202f\u205f\u3000"
#: What looks like a blank in some way, and is none.
OTHERS = (
    "ab\x00\x1b\u00c2\u00a1\u0080\u0084\u180e\u1681\u200b\u2010\u2014\u2030\u205e\u2060\u3001\u4e2d\ufeff\U0001d11e"
)


@given(st.lists(st.text(st.sampled_from(BLANKS + OTHERS), max_size=6), max_size=8), st.integers(0, 3))
def test_folds_as_python_does(texts: list[str], first: int):
    column = pa.array(texts, pa.string())[first:]
    assert folded(column).to_pylist() == [" ".join(text.split()) for text in texts[first:]]


def test_every_character_alone_and_between_others():
    """Beyond U+3000 there is no blank."""
    signs = [chr(number) for number in range(0x3100)]
    for texts in (signs, [f"a{sign}b" for sign in signs]):
        assert folded(pa.array(texts)).to_pylist() == [" ".join(text.split()) for text in texts]
