"""Run-together headings are cut where the work keys leave no other way, and never else."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.folding import fold
from pipelines.readers.author_cut import LONGEST_KEY_PART, author_parts, cut_authors


@pytest.mark.parametrize(
    ("keys", "parts"),
    [
        ([], []),
        (["AT b t", "AT a t", "AT b u", "UT x"], ["b", "a"]),
        (["AT smith, john a title"], []),
        (["AT  title"], []),
    ],
)
def test_author_parts_of_keys(keys: list[str], parts: list[str]):
    assert author_parts(keys) == parts


@pytest.mark.parametrize(
    ("text", "parts", "first", "headings"),
    [
        ("Ahmadi, Mahdi Wu, B", ["ahmadimahdi", "wub"], None, ["Ahmadi, Mahdi", "Wu, B"]),
        ("Ahmadi, Mahdi Wu, B", ["wub", "x", "ahmadimahdi"], None, ["Ahmadi, Mahdi", "Wu, B"]),
        ("Li, A Li, A Wu, B", ["lia", "wub"], None, ["Li, A", "Li, A", "Wu, B"]),
        ("Li Xin Li Xin", ["li", "xin", "lixin"], None, ["Li", "Xin", "Li Xin"]),
        ("Søgaard, Anders Толстой, Лев", ["søgaardanders", "tolstojlev"], None, ["Søgaard, Anders", "Толстой, Лев"]),
        ("Ahmadi, Mahdi", [], "Ahmadi, Mahdi", ["Ahmadi, Mahdi"]),
        ("Ahmadi, Mahdi Wu, B", ["wub"], "Ahmadi, Mahdi", ["Ahmadi, Mahdi", "Wu, B"]),
        ("Ahmadi, Mahdi Wu, B", ["ahmadimahdi"], "Ahmadi, Mahdi", None),
        ("Ahmadi, Mahdi Wu, B", [], None, None),
        ("Ahmadi, Mahdi", [], None, None),
        ("Wu, B ., Mausam", ["wub", "mausam"], None, None),
        ("A B C", ["a", "bc", "ab", "c"], None, None),
        ("A B C", ["a", "bc", "ab", "c"], "A", ["A", "B C"]),
        ("Wu, B", ["wub"], "Somebody, Else", ["Wu, B"]),
    ],
)  # fmt: skip
def test_cuts(text: str, parts: list[str], first: str | None, headings: list[str] | None):
    assert cut_authors(text, parts, first) == headings


def test_of_several_ways_the_one_that_uses_all_keys_is_taken_where_all_are_of_this_text():
    assert cut_authors("Li Xin", ["lixin", "li", "xin"], all_parts=False) is None
    cut_key = "x" * LONGEST_KEY_PART
    assert cut_authors("x" * 300 + " Wu, B", [cut_key, "wub"], all_parts=False) is None
    assert cut_authors("x" * 300 + " Wu, B", [cut_key, "wub"], all_parts=True) == ["x" * 300, "Wu, B"]


_WORD = st.text("abcdeéøЖ-", min_size=1, max_size=4).filter(lambda word: fold(word) != "")
_HEADING = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)


@given(st.lists(_HEADING, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_cut_loses_no_word_and_every_heading_has_a_key(headings: list[str], order: random.Random):
    parts = list(dict.fromkeys(map(fold, headings)))
    order.shuffle(parts)
    cut = cut_authors(" ".join(headings), parts)
    if cut is not None:
        assert " ".join(cut) == " ".join(headings)
        assert set(map(fold, cut)) <= set(parts)


@given(
    st.lists(
        st.tuples(st.text("abc", min_size=2, max_size=4), st.text("xyz", min_size=2, max_size=4)),
        min_size=1,
        max_size=20,
        unique=True,
    )
)
def test_names_that_cannot_be_mistaken_are_always_cut(names: list[tuple[str, str]]):
    headings = [f"{family}, {given_name}" for family, given_name in names]
    assert cut_authors(" ".join(headings), [fold(heading) for heading in headings]) == headings


@pytest.mark.parametrize("more", [[], ["Name7"], ["Body " * 50 + "of µ"]])
def test_a_list_of_seven_hundred_names_is_cut(more: list[str]):
    headings = [*(f"Name{number}, Given{number}" for number in range(700)), *more]
    assert cut_authors(" ".join(headings), list(map(fold, headings))) == headings


@pytest.mark.parametrize("parts", [[], ["wubo"], ["a" * 255]])
def test_of_signs_that_fold_to_nothing_no_heading_is_made_however_many_there_are(parts: list[str]):
    assert cut_authors(", " * 200_000, parts) is None


def test_letters_among_many_signs_that_fold_to_nothing_take_no_time():
    assert cut_authors(" ".join(["a", *[","] * 999] * 4), ["a"]) is None
