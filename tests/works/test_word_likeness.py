"""Two words of titles: one word, one word in two forms, or contraries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works.word_likeness import are_akin, are_contrary, are_short_slips, are_spellings


@pytest.mark.parametrize(
    ("x", "y", "spellings"),
    [
        ("colour", "color", True),
        ("decisoin", "decision", True),
        ("hierarchial", "hierarchical", True),
        ("iran", "iraq", False),
        ("hypertension", "hypotension", False),
        ("austria", "australia", False),
        # One letter apart, and the contrary.
        ("microeconomics", "macroeconomics", False),
        ("typical", "atypical", False),
        ("symptomatic", "asymptomatic", False),
        ("maternal", "paternal", False),
        ("abduction", "adduction", False),
        ("afferent", "efferent", False),
        # Another substance.
        ("nitrate", "nitrite", False),
        ("methane", "methene", False),
    ],
)
def test_spellings_of_one_word_are_one_letter_apart(x: str, y: str, spellings: bool):
    assert are_spellings(x, y) is are_spellings(y, x) is spellings


@pytest.mark.parametrize(
    ("x", "y", "akin"),
    [
        ("organization", "organizational", True),
        ("processes", "process", True),
        ("department", "dept", True),
        ("adaption", "adaptation", True),
        ("tumble", "tunable", True),
        ("accociation", "association", True),
        ("tpc", "tcp", True),
        ("planning", "plan", True),
        ("effusing", "effusions", True),
        ("condyloma", "condylomata", True),
        ("rho", "p", True),
        ("rho", "b", False),
        ("gene", "genetic", False),
        ("therapy", "therapies", True),
        ("synthesis", "metabolism", False),
        # Letters in common make no word of two.
        ("children", "chicken", False),
        ("treatment", "transport", False),
        ("cefotetan", "cefotaxime", False),
        ("cefotaxime", "ceftazidime", False),
        ("estradiol", "estriol", False),
        ("arsenic", "arsenate", False),
        ("guinea", "guyana", False),
        ("niger", "nigeria", False),
        ("austria", "australia", False),
        ("slovakia", "slovenia", False),
        ("vivo", "vitro", False),
        ("rat", "ration", False),
        ("production", "prevention", False),
        ("testing", "trying", False),
        ("male", "female", False),
        ("hypertension", "hypotension", False),
        ("prenatal", "postnatal", False),
        ("intercellular", "intracellular", False),
        ("prednisone", "prednisolone", False),
        ("iran", "iraq", False),
        ("kbms", "kdms", False),
        ("project", "system", False),
    ],
)
def test_forms_of_one_word_begin_alike(x: str, y: str, akin: bool):
    assert are_akin(x, y) is are_akin(y, x) is akin


def test_a_short_word_may_be_a_slip():
    assert are_short_slips("kbms", "kdms")
    assert are_short_slips("efis", "eefis")
    assert not are_short_slips("niger", "nigeria")
    assert not are_short_slips("male", "pale")
    assert not are_short_slips("colour", "coloor")


words = st.text("abemnoprtyi", min_size=1, max_size=9)


@given(words, words)
def test_likeness_is_symmetric(x: str, y: str):
    for likeness in (are_contrary, are_spellings, are_akin, are_short_slips):
        assert likeness(x, y) is likeness(y, x)
