"""Each program's keys, and all that the three of them differ in (facts: the programs' own sources)."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.folding import fold
from pipelines.normalize.folded_columns import fold_column
from pipelines.works.work_key_parts import KeyFields, finish_parts, keys_of_fields
from pipelines.works.work_key_profiles import (
    PROFILES,
    RECORDMANAGER,
    VUFIND_MARC,
    VUFIND_XSLT,
    WorkKeyProfile,
    finish_part,
    normalize_key_part,
    work_keys,
)
from tests.works.test_work_keys import raw_records

NAMES = ("vufind_marc", "vufind_xslt", "recordmanager")
LONG = "a" * 300
#: Letters of two UTF-16 units each, which no rule of the fold touches.
ASTRAL = "𐐨" * 200
VERY_LONG = "b" * 1100


def test_the_profiles_have_their_names():
    assert tuple(PROFILES) == NAMES
    assert [profile.name for profile in PROFILES.values()] == list(NAMES)


def test_a_profile_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        VUFIND_MARC.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("difference", "titles", "stripped", "authors", "marc", "xslt", "recordmanager"),
    [
        ("nothing", ["The test"], ["test"], ["Bryant, D."],
         ["AT bryantd thetest", "AT bryantd test"],
         ["AT bryantd thetest", "AT bryantd test"],
         ["AT bryantd test", "AT bryantd thetest"]),
        ("the cut counts UTF-16 units, code points, or there is none", [ASTRAL * 2], [], ["a"],
         [f"AT a {'𐐨' * 127}"], [f"AT a {'𐐨' * 255}"], [f"AT a {'𐐨' * 400}"]),
        ("a part is cut, or the whole key", ["t"], [], [VERY_LONG],
         [f"AT {'b' * 255} t"], [f"AT {'b' * 255} t"], [f"AT {'b' * 1021}"]),
        ("lower case after the fold", ["ℂ"], [], ["a"], ["AT a c"], ["AT a c"], ["AT a C"]),
        ("an author that folds to nothing", ["t"], [], ["!"], [], ["AT  t"], ["AT  t"]),
        ("an author that is empty", ["t"], [], [""], [], [], []),
        ("an author named twice", ["t"], [], ["a", "A"], ["AT a t"], ["AT a t", "AT a t"], ["AT a t"]),
        ("a title named twice", ["t", "T!"], ["t"], ["a"], ["AT a t"], ["AT a t"], ["AT a t"]),
        ("a title that folds to nothing", ["?"], [], ["a"], [], [], ["AT a "]),
        ("the title 0", ["0"], [], ["a"], ["AT a 0"], [], []),
        ("the author 0", ["t"], [], ["0"], ["AT 0 t"], [], []),
    ],
)  # fmt: skip
def test_the_programs_differ(
    difference: str,
    titles: list[str],
    stripped: list[str],
    authors: list[str],
    marc: list[str],
    xslt: list[str],
    recordmanager: list[str],
):
    expected = dict(zip(NAMES, (marc, xslt, recordmanager), strict=True))
    found = {name: work_keys([], titles, stripped, authors, profile=profile) for name, profile in PROFILES.items()}
    assert found == expected, difference


@pytest.mark.parametrize("profile", PROFILES.values(), ids=NAMES)
def test_uniform_titles_need_no_author(profile: WorkKeyProfile):
    assert work_keys(["Bible. N.T."], ["t"], [], [], profile=profile) == ["UT biblent"]


@pytest.mark.parametrize(
    ("title", "title_sort", "marc", "xslt"),
    [
        # MARC says what does not file; the XSLT importers know three English words, and take one.
        ("La peste", "peste", {"lapeste", "peste"}, {"lapeste"}),
        ("A la recherche", "a la recherche", {"alarecherche"}, {"alarecherche", "larecherche"}),
        ("The an apple", None, {"theanapple", "anapple"}, {"theanapple", "anapple"}),
        ("Anthem", None, {"anthem"}, {"anthem"}),
    ],
)
def test_the_programs_strip_articles_by_different_signs(title: str, title_sort: str, marc: set[str], xslt: set[str]):
    raw = raw_records({"title": title, "title_sort": title_sort, "author": ["a"]})
    for profile, titles in ((VUFIND_MARC, marc), (VUFIND_XSLT, xslt), (RECORDMANAGER, marc)):
        assert set(keys_of_fields(KeyFields.of(raw), profile)[1].to_pylist()) == {f"AT a {each}" for each in titles}


def test_of_an_index_made_from_marc_the_name_alone_counts():
    raw = raw_records({"title": "t", "author": ["Bryant, Dorothy, 1930-"]})
    assert keys_of_fields(KeyFields.of(raw), VUFIND_MARC)[1].to_pylist() == ["AT bryantdorothy t"]
    assert keys_of_fields(KeyFields.of(raw), VUFIND_XSLT)[1].to_pylist() == ["AT bryantdorothy1930 t"]


def test_a_fold_is_never_folded_again():
    assert normalize_key_part("½") == "1⁄2"
    assert normalize_key_part("1⁄2") == "12"


@given(
    st.lists(st.none() | st.text(alphabet="aB İΣ½ℂ𐐨'é", max_size=300), max_size=5),
    st.sampled_from(list(PROFILES.values())),
)
def test_columns_end_a_part_as_the_rule_does(texts: list[str | None], profile: WorkKeyProfile):
    folded = fold_column(pa.array(texts, pa.string()))
    expected = [None if text is None else finish_part(fold(text), profile) for text in texts]
    assert finish_parts(folded, profile).to_pylist() == expected


# An article makes a key more, which the rule is told of apart.
words = st.text(alphabet="aB éß東!ℂ𐐨0", max_size=5).filter(lambda text: not text.lstrip().lower().startswith("a "))


@given(
    st.lists(
        st.fixed_dictionaries({"title": words, "author": st.lists(words, max_size=3)}),
        max_size=4,
    ),
    st.sampled_from(list(PROFILES.values())),
)
def test_columns_make_the_keys_that_the_rule_makes(batch: list[dict[str, object]], profile: WorkKeyProfile):
    """But for blank titles, and authors that fold to nothing: what only the columns leave out is no key for us."""
    rows, keys = keys_of_fields(KeyFields.of(raw_records(*batch)), profile)
    found = set(zip(rows.tolist(), keys.to_pylist(), strict=True))
    expected = {
        (row, key)
        for row, document in enumerate(batch)
        if str(document["title"]).strip()
        for key in work_keys([], [str(document["title"])], [], document["author"], profile=profile)  # type: ignore[arg-type]
        if not key.startswith("AT  ")
    }
    assert found == expected
