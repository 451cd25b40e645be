"""The fold of a text must be VuFind's, to the letter."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.folding import DEFAULT_ICU_RULES, fold, transliterator

VECTORS = Path(__file__).parents[2] / "shared" / "vectors" / "icu_fold.json"


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not on this machine")
def test_reproduces_the_folds_icu_gave():
    for written, folded in json.loads(VECTORS.read_text())["pairs"]:
        assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Nazari-Khanamiri, Fereshteh", "nazarikhanamirifereshteh"),
        ("Søgaard, Anders", "søgaardanders"),
        ("Müller", "muller"),
        ("C++", "c"),
        ("Толстой", "tolstoj"),
        ("", ""),
    ],
)
def test_folds(written: str, folded: str):
    assert fold(written) == folded


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_short_cut_for_ascii_gives_what_icu_gives(text: str):
    assert fold(text) == transliterator(DEFAULT_ICU_RULES).transliterate(text)
