"""What identifiers in common, and identifiers that differ, say of a pair."""

from typing import Any

import pytest
from verdicts import ONE, UNRELATED, Identifiers, judge


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
        # Two deposits of one archive that became one article; elsewhere an article may name either.
        (
            {},
            {},
            [(1, "doi", "x"), (2, "doi", "x"), (1, "arxiv", "0802.0828"), (2, "arxiv", "0804.3022")],
            "version",
            "identifier_conflicts",
        ),
        (
            {},
            {"source": "other"},
            [(1, "doi", "x"), (2, "doi", "x"), (1, "arxiv", "0802.0828"), (2, "arxiv", "0804.3022")],
            "duplicate",
            "identifier_agrees",
        ),
        *(
            (
                {"title": "A study of rats"},
                {"title": "A study of rats: reply", "source": source},
                [(1, "doi", "x"), (2, "doi", "x"), (1, "arxiv", "0802.0828"), (2, "arxiv", "0804.3022")],
                verdict,
                rule,
            )
            for source, verdict, rule in (
                ("s", "different", "text_about_text"),
                ("other", "duplicate", "identifier_agrees"),
            )
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
        # An arXiv id that was a number on its way is still known, and another one conflicts with it.
        (
            {},
            {},
            [(1, "arxiv", "1602.08912"), (2, "arxiv", "1602.0891199999999")],
            "duplicate",
            "identifier_agrees",
        ),
        ({}, {}, [(1, "arxiv", "1602.0891199999999"), (2, "arxiv", "1602.0892")], "version", "identifier_conflicts"),
        ({}, {}, [(1, "arxiv", "1602.08912"), (2, "arxiv", "nonsense")], "duplicate", "same_description"),
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


@pytest.mark.parametrize(
    ("first", "second", "columns", "verdict", "rule"),
    [
        ("10.1/x.v1", "10.1/x.v2", {}, "version", "same_deposit"),
        ("10.1/x", "10.1/x.s001", {}, "version", "same_deposit"),
        ("10.1/x.s001", "10.1/x.s002", {}, "version", "identifier_conflicts"),
        ("10.1/x", "10.2/y", {}, "version", "identifier_conflicts"),
        ("10.1/x", "10.1/y", {}, "version", "identifier_conflicts"),
        ("10.1/x", "10.1/y", {"author_names": None}, "different", "other_doi_of_publisher"),
        ("10.1/x", "10.1/y", {"publication_kind": "dataset"}, "different", "other_doi_of_publisher"),
        # Typed wrong in one of them: everything else is the same.
        (
            "10.1/7410.7.57",
            "10.1/7210.7.57",
            {"volume": "7", "issue": "1", "start_page": "57", "container_title": "Chest"},
            "duplicate",
            "identifier_misread",
        ),
    ],
)
def test_two_dois_make_versions_or_two_texts(first: str, second: str, columns: dict[str, Any], verdict: str, rule: str):
    a, b = ({"doi": doi, "publication_year": 2000} | columns for doi in (first, second))
    assert judge(a, b, [(1, "doi", first), (2, "doi", second)]) == (verdict, rule)


@pytest.mark.parametrize(
    ("a", "b", "scheme", "verdict", "rule"),
    [
        # All contributions to one discussion, all abstracts of one supplement may have the DOI of the whole.
        ({"author_names": ONE}, {"author_names": ["Poe, E."]}, "doi", "different", "same_identifier_other_text"),
        (
            {"title": "Toads"},
            {"title": "Frogs", "author_names": ["Poe, E."]},
            "doi",
            "different",
            "same_identifier_other_text",
        ),
        # The papers of a volume have its ISBN, the volumes of a set that of the set: no news.
        ({"title": "Toads"}, {"title": "Frogs"}, "isbn", *UNRELATED),
        ({"title": "Toads of the north"}, {"title": "Toads of the north"}, "isbn", "duplicate", "identifier_agrees"),
    ],
)
def test_an_identifier_in_common_is_no_proof(
    a: dict[str, Any], b: dict[str, Any], scheme: str, verdict: str, rule: str
):
    assert judge(a, b, [(1, scheme, "x"), (2, scheme, "x")]) == (verdict, rule)
