"""Names as they are compared, in whatever form they are written."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works.credits import (
    MOST_CREDITS,
    Credits,
    all_words,
    all_words_of,
    are_names_of_one,
    count_misread,
    family_words,
    family_words_of,
    shared_counts,
)


@pytest.mark.parametrize(
    ("name", "families", "words"),
    [
        ("Doe, Jane", ["doe"], ["doe", "jane"]),
        ("Doe, J.", ["doe"], ["doe"]),
        ("van der Heijden, Hans", ["heijden"], ["heijden", "hans"]),
        ("García Márquez, Gabriel", ["garcia", "marquez"], ["garcia", "marquez", "gabriel"]),
        ("Hedt-Gauthier, B.", ["gauthier", "hedt", "hedtgauthier"], ["hedt", "gauthier"]),
        ("O'Keefe, J. B.", ["okeefe"], ["okeefe"]),
        ("Li, Na", ["li"], []),
        ("Толстой, Лев", ["tolstoj"], ["tolstoj", "lev"]),
        ("Чехов, Антон", ["cehov"], ["cehov", "anton"]),
        ("Čehov, Anton", ["cehov"], ["cehov", "anton"]),
        ("The TimesTen Team", ["timesten"], ["timesten"]),
        ("Times-Ten Team", ["ten", "times", "timesten"], ["times", "ten"]),
        # Who holds the copy has not written it.
        ("Bible Collection (Library of Congress)", [], []),
    ],
)
def test_a_name_is_the_words_of_its_family_part(name: str, families: list[str], words: list[str]):
    assert family_words(name) == families
    assert all_words(name) == words


def test_records_share_the_words_of_their_names():
    known = Credits(pa.array([["Doe, Jane", "Roe, R."], ["Roe, Richard"], None, [], ["Poe, E.", "Doe, J"]]))
    assert known.credits.tolist() == [2, 1, 0, 0, 2]
    assert known.count.tolist() == [2, 1, 0, 0, 2]
    a, b = np.array([0, 1, 0, 0, 2]), np.array([1, 0, 4, 2, 3])
    assert shared_counts(known.families, a, b).tolist() == [1, 1, 1, 0, 0]
    assert known.family_texts(np.array([0, 2, 4])) == ["doe roe", "", "doe poe"]


def test_only_the_first_of_very_many_credits_are_compared():
    names = [f"Name{chr(97 + i // 26)}{chr(97 + i % 26)}, A." for i in range(700)]
    known = Credits(pa.array([names, names[-1:]]))
    assert known.credits.tolist() == [700, 1]
    assert known.count.tolist() == [MOST_CREDITS, 1]
    assert shared_counts(known.families, np.array([0]), np.array([1])).tolist() == [0]


@pytest.mark.parametrize(
    ("first", "second", "misread"),
    [
        ("khn schwarz", "kuhn schwarz", 1),
        ("ozsu peters", "peters zsu", 1),
        ("gibbon garofalakis", "garofalakis gibbons", 1),
        ("jones", "james", 0),
        ("smith", "brown", 0),
        ("li", "lu", 0),
        ("", "doe", 0),
        # The only one left of a list that is the same otherwise; never by another letter in front, nor a second one.
        ("abel kun taylor", "abel kuo taylor", 1),
        ("abel lee taylor", "abel kee taylor", 0),
        ("abel kun", "abel kuo", 0),
        ("abel kun ray taylor", "abel kuo roy taylor", 0),
    ],
)
def test_a_misread_name_is_found_in_the_other_list(first: str, second: str, misread: int):
    assert count_misread(first, second) == count_misread(second, first) == misread


@given(
    st.lists(
        st.text(alphabet="abAB zéßµ-,'.1—王\n\t\x1f\x85\xa0\u2003\u3000", max_size=14)
        | st.sampled_from(["Van, Jan", "the", "Li, Na"])
    )
)
def test_columns_of_names_have_the_words_of_each_name(names: list[str]):
    distinct = list(dict.fromkeys(names))
    for of_all, of_one in ((family_words_of, family_words), (all_words_of, all_words)):
        found = of_all(pa.array(distinct, pa.string()))
        by_name: list[list[str]] = [[] for _ in distinct]
        for name, word in zip(found.names.tolist(), found.words.to_pylist(), strict=True):
            by_name[name].append(word)
        assert by_name == [of_one(name) for name in distinct]


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("camps rafael", "camps pare rafael", True),
        ("camps rafael", "camps pare", False),
        ("rafael", "camps rafael", False),
        ("", "", False),
    ],
)
def test_a_person_of_two_family_names_is_known_by_the_whole_name(first: str, second: str, one: bool):
    assert are_names_of_one(first, second) is are_names_of_one(second, first) is one


def test_a_record_may_credit_bodies_alone():
    names = [
        ["Act-Net Consortium"],
        ["CORPORATE Univ. of Athens"],
        ["Doe, J.", "Act-Net Consortium"],
        ["Doe, J."],
        None,
    ]
    assert Credits(pa.array(names)).are_of_bodies(np.arange(5)).tolist() == [True, True, False, False, False]
