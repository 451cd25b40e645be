"""The verdict on a pair, as a table: what the two records say, and what follows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_frames import identifier_rows, match_records

from pipelines.works.comparands import comparands
from pipelines.works.evidence import RULES, decide

Identifiers = list[tuple[int, str, str]]


def judge(a: dict[str, Any], b: dict[str, Any], identifiers: Identifiers = ()) -> tuple[str, str]:
    known = comparands(match_records(a, b), identifier_rows(*identifiers))
    first, second = np.array([0, 1]), np.array([1, 0])
    verdicts = decide(known, first, second)
    assert verdicts.rules[0] == verdicts.rules[1], "a verdict must not depend on the order of the pair"
    assert 0 < verdicts.scores[0] <= 1
    return verdicts.column("verdict")[0].as_py(), verdicts.column("name")[0].as_py()


@pytest.mark.parametrize(
    ("a", "b", "verdict", "rule"),
    [
        ({}, {}, "duplicate", "same_description"),
        # Two catalogues may date a publication by print and by first appearance online; one dates alike.
        ({"publication_year": 2000}, {"publication_year": 2001, "source": "t"}, "duplicate", "same_description"),
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
        ({"title": "Hamlet"}, {"title": "Hamlet, Prinz von Dänemark"}, "duplicate", "same_description"),
        ({"title": "War and peace"}, {"title": "Guerre et paix"}, "version", "title_differs"),
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
        ({"title": None}, {"title": None}, "different", "generic_title"),
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
    ("a", "b", "identifiers", "verdict", "rule"),
    [
        (
            {"publication_year": 1990},
            {"publication_year": 2000},
            [(1, "doi", "x"), (2, "doi", "x")],
            "duplicate",
            "identifier_agrees",
        ),
        (
            {"title": "Editorial"},
            {"title": "Editorial"},
            [(1, "pmid", "1"), (2, "pmid", "1")],
            "duplicate",
            "identifier_agrees",
        ),
        # One of several is enough, and another scheme may then conflict.
        ({}, {}, [(1, "doi", "x"), (1, "doi", "y"), (2, "doi", "y")], "duplicate", "identifier_agrees"),
        (
            {},
            {},
            [(1, "doi", "x"), (2, "doi", "y"), (1, "pmid", "1"), (2, "pmid", "1")],
            "duplicate",
            "identifier_agrees",
        ),
        ({}, {}, [(1, "doi", "x"), (2, "doi", "y")], "version", "identifier_conflicts"),
        ({}, {}, [(1, "lccn", "x"), (2, "lccn", "y")], "version", "identifier_conflicts"),
        ({}, {}, [(1, "oclc", "x"), (2, "oclc", "y")], "duplicate", "same_description"),
        ({}, {}, [(1, "doi", "x"), (2, "pmid", "x")], "duplicate", "same_description"),
        # An identifier never outweighs that one is no publication yet.
        (
            {"publication_kind": "preprint"},
            {"publication_kind": "article"},
            [(1, "doi", "x"), (2, "doi", "x")],
            "version",
            "same_identifier_other_kind",
        ),
        (
            {"publication_kind": "conference_paper"},
            {"publication_kind": "article"},
            [(1, "doi", "x"), (2, "doi", "x")],
            "duplicate",
            "identifier_agrees",
        ),
        (
            {"publication_kind": "chapter"},
            {"publication_kind": "book"},
            [(1, "isbn", "x"), (2, "isbn", "x")],
            "version",
            "same_identifier_other_kind",
        ),
        (
            {"edition": "1"},
            {"edition": "2"},
            [(1, "isbn", "x"), (2, "isbn", "x")],
            "version",
            "same_identifier_other_edition",
        ),
        (
            {},
            {},
            [(1, "isbn", "x"), (2, "isbn", "x"), (1, "doi", "x"), (2, "doi", "y")],
            "version",
            "same_identifier_other_edition",
        ),
    ],
)
def test_decides_by_identifiers(
    a: dict[str, Any], b: dict[str, Any], identifiers: Identifiers, verdict: str, rule: str
):
    assert judge(a, b, identifiers) == (verdict, rule)


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
        "container_title": st.sampled_from([None, "A Journal", "A Conference"]),
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
