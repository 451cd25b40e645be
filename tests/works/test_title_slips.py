"""Titles that are one but for slips: letter by letter, with all words."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works.title_slips import share_but_for_slips, with_slips
from pipelines.works.title_words import whole_words
from pipelines.works.titles import TitleRelation


def share(first: str, second: str) -> float:
    a, b = whole_words(pa.array([first, second])).to_pylist()
    assert share_but_for_slips(a, b) == share_but_for_slips(b, a)
    return share_but_for_slips(a, b)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Love unshackled: the effect of apps", "Love unshackled: theE ffect of apps"),
        ("Steps and assumptions", "Steps an dassumptions"),
        ("O-O, what's happening to DB2?", "O-O, what's happening toD B2?"),
        ("Part-of-speech tagging", "Partof-speech tagging [Review]"),
    ],
)
def test_blanks_make_no_other_title(first: str, second: str):
    assert share(first, second) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # A letter of a short word, or of a stop word, is lost, added, another, or has changed places.
        ("An investigation of how they are managed", "An investigation of hw they are managed"),
        ("The impact of misinformation", "The impact o misinformation"),
        ("Work design as outsourcing", "Work design s outsourcing"),
        ("Key to world-class quality", "Key ot world-class quality"),
        ("Managing web data well", "Managing wbe data well"),
        # Two slips at two places of a longer title, also where a number is the same.
        ("The impact of analyst-induced misinformation", "The impact o analyst-induced misinfofmation"),
        ("Identifying density-based local outliers in 3D", "Identifyina density-based lcal outliers in 3D"),
    ],
)
def test_slips_make_no_other_title(first: str, second: str):
    assert 0.9 < share(first, second) < 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("What users should know of rats", "What users shou1d know of rats"),
        ("An Object-Oriented view of rats", "An 0bject-0riented view of rats"),
        ("The implementation of rats in 1987", "The 1mplementation of rats in 1987"),
    ],
)
def test_digits_that_a_scanner_read_for_letters_make_no_other_title(first: str, second: str):
    assert share(first, second) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The long burn of common rats", "The long bum of common rats"),
        ("A model of clever rats in the south", "A model of dever rats in the south"),
        ("Winter quarters of common rats", "VVinter quarters of common rats"),
    ],
)
def test_letters_that_a_scanner_read_as_one_are_a_slip(first: str, second: str):
    assert 0.9 < share(first, second) < 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Digits that are no letters: of the other title no word is what they would make.
        ("A model of rats, version1", "A model of rats, version0"),
        ("The H1N1 virus in common rats", "The HINI virus in common rats"),
        ("The lab10 protein of common rats", "The lab01 protein of common rats"),
        # Numbers, and letters that stand for them.
        ("A study of common rats, part II", "A study of common rats, part III"),
        ("A study of common rats 1997", "A study of common rats 1998"),
        ("Chronic infection with hepatitis B", "Chronic infection with hepatitis C"),
        ("Vitamin D deficiency in old people", "Vitamin deficiency in old people"),
        ("A study of common rats: first report", "A study of common rats: sixth report"),
        # Two words that are near each other.
        ("Long plagues among rats and dogs", "Long plagues among cats and dogs"),
        ("The birds of Iran in winter and summer", "The birds of Iraq in winter and summer"),
        ("Vapor pressures of aqueous ethanol mixtures", "Vapor pressures of aqueous methanol mixtures"),
        ("A history of the county of Essex villages", "A history of the county of Wessex villages"),
        ("Behaviour of male hamsters and pigs", "Behaviour of female hamsters and pigs"),
        ("The course of typical pneumonia", "The course of atypical pneumonia"),
        ("The valuation of small libraries", "The evaluation of small libraries"),
        ("The effects of intracellular stress", "The effects of intercellular stress"),
        ("There is now evidence of great harm", "There is not evidence of great harm"),
        # Too short, too many, or too far apart.
        ("Data mining", "Data mixing"),
        ("Understanding people", "Understnding peple"),
        ("The impact of misinformation on readers", "The impct o misinfofmation on readers"),
        ("A model of objects and their classes", "A theory of objects and their classes"),
        ("A model of objects", "A model of objects in libraries"),
        ("史记 第12卷 研究 研究 研究 研究", "史记 第12卷 研究 研究 研究 研"),
    ],
)
def test_other_words_and_numbers_are_no_slips(first: str, second: str):
    assert share(first, second) == 0


_TITLE = "understanding characterization of people who search in libraries"


@st.composite
def _slipped(draw: st.DrawFn) -> str:
    """The title with one to three letters lost, added or changed."""
    title = _TITLE
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(title) - 1))
        title = title[:at] + draw(st.sampled_from(["", "a", "t ", " "])) + title[at + draw(st.integers(0, 1)) :]
    return " ".join(title.split())


@given(_slipped(), _slipped())
def test_is_symmetric_and_a_share(first: str, second: str):
    for other in (_TITLE, second):
        found = share_but_for_slips(first, other)
        assert found == share_but_for_slips(other, first)
        assert 0 <= found <= 1
    assert share_but_for_slips(first, first) == 1


def test_titles_of_many_other_words_are_left_at_once():
    first, second = (" ".join(f"word{letter * n}" for n in range(1, 60)) for letter in "ab")
    assert share_but_for_slips(first, second) == 0


def test_brings_pairs_nearer_and_none_further_apart():
    names = pa.array(["The impact of misinformation", "The impact o misinformation", "The impact ofmis information"])
    a, b = np.array([0, 0, 1, 0]), np.array([1, 2, 2, 2])
    title = np.array([TitleRelation.NUMBERED, TitleRelation.EXCHANGED, TitleRelation.OMITTED, TitleRelation.OTHER])
    found, common = with_slips(names, a, b, title, np.array([0.9, 0.6, 0.8, 0], np.float32))
    assert found.tolist() == [
        TitleRelation.REWORDED,
        TitleRelation.MISSPELT,
        TitleRelation.OMITTED,
        # What shares no letters was not compared at all.
        TitleRelation.OTHER,
    ]
    assert common[1] == 1
    assert common[3] == 0
