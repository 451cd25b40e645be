"""The verdict on a pair, as a table: what the two records say, and what follows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_frames import identifier_rows, match_records
from verdicts import JOURNAL, ONE, TWO, UNRELATED, Identifiers, judge, titled

from pipelines.works.comparands import comparands
from pipelines.works.evidence import RULES, decide


@pytest.mark.parametrize(
    ("a", "b", "verdict", "rule"),
    [
        ({}, {}, "duplicate", "same_description"),
        # Two catalogues may date a publication by print and by first appearance online; one dates alike.
        (
            {"publication_year": 2000, "container_title": "Bone"},
            {"publication_year": 2001, "container_title": "Bone", "source": "t"},
            "duplicate",
            "same_description",
        ),
        (
            {"publication_year": 2000, "publication_kind": "article"},
            {"publication_year": 2001, "publication_kind": "article", "source": "t"},
            "duplicate",
            "same_description",
        ),
        *(
            (
                {"publication_year": 2000, "container_title": "Bone"},
                {"publication_year": year, "container_title": "Bone", "source": source},
                "version",
                "year_differs",
            )
            for year, source in ((2002, "t"), (2001, "s"))
        ),
        (
            {"publication_year": 2000, "volume": "7"},
            {"publication_year": 2002, "volume": "7"},
            "version",
            "year_differs",
        ),
        (
            {"publication_year": 2000, "volume": "7", "issue": "3"},
            {"publication_year": 2002, "volume": "7", "issue": "3"},
            "duplicate",
            "same_description",
        ),
        # Not of books, another edition of one, and what a body reports every year.
        ({"publication_year": 2000}, {"publication_year": 2001, "source": "t"}, "version", "year_differs"),
        *(
            (
                {"publication_year": 2000, "container_title": "Bone"} | columns,
                {"publication_year": 2001, "container_title": "Bone", "source": "t"} | columns | {"edition": None},
                "version",
                "year_differs",
            )
            for columns in ({"edition": "2nd ed."}, {"author_names": ["World Health Organization"]})
        ),
        ({"publication_year": 2000}, {"publication_year": 2001}, "version", "year_differs"),
        (
            {"publication_year": 2000, "volume": "7"},
            {"publication_year": 2001, "volume": "7"},
            "duplicate",
            "same_description",
        ),
        ({"publication_year": 2000}, {}, "duplicate", "same_description"),
        ({"publication_year": 2000}, {"publication_year": 2002}, "version", "year_differs"),
        ({"volume": "1"}, {"volume": "Vol. 01"}, "duplicate", "same_description"),
        ({"volume": "1"}, {"volume": "2"}, "version", "volume_differs"),
        ({"volume": "1"}, {}, "duplicate", "same_description"),
        ({"volume": "v. 1 pt. 1"}, {"volume": "v. 1 pt. 2"}, "version", "volume_differs"),
        ({"volume": "v. 1 pt. 1"}, {"volume": "v. 1"}, "duplicate", "same_description"),
        ({"issue": "1"}, {"issue": "2"}, "version", "issue_differs"),
        (
            {"issue": "1112", "volume": "3", "start_page": "91"},
            {"issue": "1113", "volume": "3", "start_page": "91"},
            "duplicate",
            "same_description",
        ),
        ({"start_page": "1"}, {"start_page": "2"}, "version", "start_page_differs"),
        ({"edition": "2nd ed."}, {"edition": "Second edition"}, "duplicate", "same_description"),
        ({"edition": "2nd ed."}, {"edition": "3rd ed."}, "version", "edition_differs"),
        ({"publication_kind": "preprint"}, {"publication_kind": "article"}, "version", "kind_differs"),
        ({"publication_kind": "other"}, {"publication_kind": "article"}, "duplicate", "same_description"),
        ({"title": "The sun"}, {"title": "Sun /"}, "duplicate", "same_description"),
        # Containers: within one catalogue they are written alike, between catalogues only kinds of them count.
        ({"container_title": "Cancer"}, {"container_title": "Lancet"}, "version", "container_differs"),
        ({"container_title": "Cancer"}, {"container_title": "Lancet", "source": "t"}, "version", "container_differs"),
        (
            {"container_title": "Cancer research letters"},
            {"container_title": "Letters of cancer", "source": "t"},
            "duplicate",
            "same_description",
        ),
        (
            {"container_title": "VLDB Conf."},
            {"container_title": "VLDB J.", "source": "t"},
            "version",
            "container_differs",
        ),
        (
            {"container_title": "J. Exp. Med."},
            {"container_title": "Journal of Experimental Medicine"},
            "duplicate",
            "same_description",
        ),
        (
            {"container_title": "PNAS", "volume": "3", "start_page": "4"},
            {"container_title": "Proceedings of the Academy", "volume": "3", "start_page": "4"},
            "duplicate",
            "same_description",
        ),
        # Generic titles.
        ({"title": "Editorial"}, {"title": "Editorial"}, "different", "generic_title"),
        ({"title": None}, {"title": None}, *UNRELATED),
        (
            {"title": "Editorial", "publication_year": 2000, "volume": "3", "start_page": "1"},
            {"title": "Editorial", "publication_year": 2000, "volume": "3", "start_page": "1"},
            "duplicate",
            "generic_title_same_place",
        ),
        (
            {"title": "Editorial", "publication_year": 2000, "volume": "3", "start_page": "1", "issue": "1"},
            {"title": "Editorial", "publication_year": 2000, "volume": "3", "start_page": "1", "issue": "2"},
            "different",
            "generic_title",
        ),
    ],
)
def test_decides_by_description(a: dict[str, Any], b: dict[str, Any], verdict: str, rule: str):
    assert judge(a, b) == (verdict, rule)


@pytest.mark.parametrize(
    ("first", "second", "verdict", "rule"),
    [
        # A short title by one author: one abstract proves it one publication, two prove nothing.
        (
            titled("Press news", author_names=ONE, description_hash=1),
            titled("Press news", author_names=ONE, description_hash=1),
            "duplicate",
            "same_description",
        ),
        (
            titled("Press news", author_names=ONE, description_hash=1),
            titled("Press news", author_names=ONE, description_hash=2),
            "version",
            "listed_twice",
        ),
        (
            titled("Press news", author_names=ONE, description_hash=1),
            titled("Press news", author_names=ONE),
            "version",
            "listed_twice",
        ),
        (
            titled("The rats of the great plague", description_hash=1),
            titled("The rats of the great plague", description_hash=2),
            "duplicate",
            "same_description",
        ),
        # Companion papers do not have one abstract.
        (
            titled("Synthesis of hydroxycholecalciferol in rats", description_hash=1),
            titled("Metabolism of hydroxycholecalciferol in rats", description_hash=1, source="t"),
            "duplicate",
            "reworded_title",
        ),
        # A preprint and its article do, and the parts of one work.
        (
            titled("Rats of the plague", description_hash=1, publication_kind="preprint"),
            titled("Rats of the plague", description_hash=1, publication_kind="article", source="t"),
            "version",
            "kind_differs",
        ),
        (
            titled("Rats of the plague, part I", description_hash=1),
            titled("Rats of the plague, part II", description_hash=1),
            "different",
            "numbers_differ",
        ),
    ],
)
def test_one_abstract_is_strong_support_and_two_are_no_news(
    first: dict[str, Any], second: dict[str, Any], verdict: str, rule: str
):
    assert judge(first, second) == (verdict, rule)


@pytest.mark.parametrize(
    ("a", "b", "verdict", "rule"),
    [
        # Mistyped and doubled names.
        (
            titled("Models of the common rat", author_names=[*TWO, "Kun, Dean"]),
            titled("Models of the common rat", author_names=[*TWO, "Kuo, Dean"]),
            "duplicate",
            "same_description",
        ),
        (
            titled("Models of the common rat", author_names=["Camps, Rafael"]),
            titled("Models of the common rat", author_names=["Paré, Rafael Camps"], source="t"),
            "duplicate",
            "same_description",
        ),
        # A body and its people contradict nothing in one year of one journal; two bodies do.
        (
            titled("The rat group at Athens", author_names=["University of Athens"], **JOURNAL),
            titled("The rat group at Athens", author_names=TWO, source="t", **JOURNAL),
            "duplicate",
            "same_description",
        ),
        (
            titled("The rat group at Athens", author_names=["University of Athens"]),
            titled("The rat group at Athens", author_names=TWO, source="t"),
            "different",
            "authors_differ",
        ),
        (
            titled("Statistics of the rat", author_names=["Ministry of Kenya"], **JOURNAL),
            titled("Statistics of the rat", author_names=["University of Uganda"], source="t", **JOURNAL),
            "different",
            "authors_differ",
        ),
        # A label is missing from a long title, and names are missing too.
        (
            titled("Act-Net - the active rat management system manifesto: a base of features", **JOURNAL),
            titled(
                "The active rat management system manifesto: a base of features",
                author_names=None,
                source="t",
                **JOURNAL,
            ),
            *UNRELATED,
        ),
        (
            titled("Act-Net - the active rat management system manifesto: a rule base of all features", **JOURNAL),
            titled(
                "The active rat management system manifesto: a rule base of all features",
                author_names=None,
                source="t",
                **JOURNAL,
            ),
            "duplicate",
            "title_is_part",
        ),
        # A guest edits one issue, an editor all of them.
        (
            titled("Guest editorial", author_names=ONE, **JOURNAL),
            titled("Guest editorial", author_names=ONE, source="t", **JOURNAL),
            "duplicate",
            "generic_title_same_place",
        ),
        (
            titled("Guest editorial", author_names=ONE, **JOURNAL),
            titled("Guest editorial", author_names=ONE, **JOURNAL),
            "different",
            "generic_title",
        ),
        (
            titled("Editorial", author_names=ONE, **JOURNAL),
            titled("Editorial", author_names=ONE, source="t", **JOURNAL),
            "different",
            "generic_title",
        ),
        # What was shown at a meeting has the title of the paper.
        (
            titled("Visual exploration of rats", **JOURNAL),
            titled("Visual exploration of rats (demo abstract)", **JOURNAL),
            "version",
            "listed_twice",
        ),
        (
            titled("Visual exploration of rats", **JOURNAL),
            titled("Visual exploration of rats (demo abstract)", source="t", **JOURNAL),
            "duplicate",
            "same_description",
        ),
    ],
)
def test_decides_what_catalogues_write_differently(a: dict[str, Any], b: dict[str, Any], verdict: str, rule: str):
    assert judge(a, b) == (verdict, rule)


def test_names_the_identifier_in_the_reason():
    known = comparands(match_records({}, {}), identifier_rows((1, "isbn", "x"), (2, "isbn", "x")))
    reason = decide(known, np.array([0]), np.array([1])).column("reason")[0].as_py()
    assert reason == "The records have an ISBN in common."


def test_more_agreement_makes_a_description_surer():
    plain, rich = {}, {"publication_year": 2000, "volume": "1"}
    known = comparands(match_records(plain, plain, rich, rich), identifier_rows())
    scores = decide(known, np.array([0, 2]), np.array([1, 3])).scores
    assert scores[0] < scores[1] < 1


def test_every_rule_speaks_in_a_sentence():
    for rule in RULES:
        assert rule.reason[0].isupper()
        assert rule.reason.endswith(".")


values = st.sampled_from([None, "1", "2"])
records = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["s", "t"]),
        "title": st.sampled_from(["Editorial", "One title", "One title more", None]),
        "publication_kind": st.sampled_from([None, "preprint", "article", "book"]),
        "publication_year": st.sampled_from([None, 2000, 2001, 2002]),
        "volume": values,
        "issue": values,
        "start_page": values,
        "edition": values,
        "container_title": st.sampled_from(
            [None, "A Journal", "A Conference", "Proceedings, Proc. VLDB", "Proceedings Data Engineering", "ab abc x y"]
        ),
        "author_names": st.sampled_from([None, ["Doe, J."], ["Doe, Jane", "Roe, R."], ["Poe, E."]]),
    }
)
identifiers_of_both = st.lists(
    st.tuples(st.integers(1, 2), st.sampled_from(["doi", "isbn", "lccn"]), st.sampled_from(["x", "y"])), max_size=5
)


@given(records, records, identifiers_of_both)
def test_a_verdict_is_symmetric(a: dict[str, Any], b: dict[str, Any], identifiers: Identifiers):
    judge(a, b, identifiers)


@given(st.lists(records, min_size=4, max_size=4))
def test_a_verdict_depends_on_its_two_records_alone(four: list[dict[str, Any]]):
    known = comparands(match_records(*four), identifier_rows())
    verdicts = decide(known, np.array([0, 1, 2]), np.array([3, 3, 3]))
    together = list(zip(verdicts.column("verdict").to_pylist(), verdicts.column("name").to_pylist(), strict=True))
    assert together == [judge(record, four[3]) for record in four[:3]]
