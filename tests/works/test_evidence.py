"""The verdict on a pair, as a table: what the two records say, and what follows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_frames import identifier_rows, match_records
from verdicts import JOURNAL, ONE, PLACE, THREE, TWO, UNRELATED, Identifiers, judge, titled

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
    ("a", "b", "verdict", "rule"),
    [
        (titled("The colour of whales"), titled("The color of whales"), "duplicate", "misspelt_title"),
        (titled("Rats in great plagues"), titled("Rats in great plagues: a review"), "version", "listed_twice"),
        (
            titled("Rats in great plagues"),
            titled("Rats in great plagues: essays", source="t"),
            "duplicate",
            "title_is_part",
        ),
        # One word says little, but for several authors in one year.
        (titled("Hamlet", author_names=ONE), titled("Hamlet, Prinz von Dänemark", author_names=ONE), *UNRELATED),
        (titled("Hamlet"), titled("Hamlet, Prinz von Dänemark"), "version", "listed_twice"),
        (titled("Hamlet"), titled("Hamlet, Prinz von Dänemark", source="t"), "duplicate", "title_is_part"),
        (titled("History of states", author_names=ONE), titled("A school history of states"), *UNRELATED),
        # Other words are another text: companion papers have the same authors, year and journal.
        (
            titled("Testing the golden rule of sampling for estimation"),
            titled("Trying the golden rule of sampling for estimation", source="t"),
            *UNRELATED,
        ),
        (
            titled("Synthesis of hydroxycholecalciferol in rats", container_title="Bone", volume="3", issue="1"),
            titled(
                "Metabolism of hydroxycholecalciferol in rats",
                container_title="Bone",
                volume="3",
                issue="1",
                source="t",
            ),
            *UNRELATED,
        ),
        (
            titled("Behaviour of male hamsters and guinea pigs"),
            titled("Behaviour of female hamsters and guinea pigs", source="t"),
            *UNRELATED,
        ),
        (
            titled("Chemotherapy of small cell lung cancer"),
            titled("Chemotherapy of non-small cell lung cancer", source="t"),
            *UNRELATED,
        ),
        # Other forms of the words are wordings: in two catalogues, by all authors, in one year and container.
        (
            titled("Organization of mental health care in Western Europe and the Americas"),
            titled("Organizational mental health care in Western Europe and the Americas", source="t"),
            "duplicate",
            "reworded_title",
        ),
        (
            titled("Organization of mental health care in Western Europe and the Americas", publication_year=2000),
            titled(
                "Organizational mental health care in Western Europe and the Americas",
                publication_year=2003,
                source="t",
            ),
            *UNRELATED,
        ),
        # One catalogue that lists both knows why.
        (
            titled("Organization of mental health care in Western Europe and the Americas", container_title="Bone"),
            titled("Organizational mental health care in Western Europe and the Americas", container_title="Bone"),
            "different",
            "words_differ",
        ),
        (
            titled("Synthesis of hydroxycholecalciferol in rats", container_title="Bone"),
            titled("Metabolism of hydroxycholecalciferol in rats", container_title="Bone"),
            "different",
            "words_differ",
        ),
        # One place tells more than the words of a title.
        (
            titled("Surgery of the lung and antibiotics", **PLACE),
            titled("Prophylaxis by antibiotics in operations of the lung", **PLACE),
            "duplicate",
            "same_place",
        ),
        (titled("Frogs", **PLACE), titled("Toads", **PLACE), *UNRELATED),
        # An erratum of one page, and the paper of which a catalogue gives the page.
        (
            titled("A model of objects", **PLACE),
            titled("A model of objects. Erratum", **PLACE),
            "different",
            "text_about_text",
        ),
        (
            titled("A trial of streptokinase and heparin", author_names=ONE, **PLACE),
            titled("A trial of streptokinase and heparin", author_names=["ALTS Group"], **PLACE),
            "duplicate",
            "same_place",
        ),
        # Two texts of one name.
        (titled("A study of rats, part I"), titled("A study of rats, part II"), "different", "numbers_differ"),
        (titled("A model of objects"), titled("Erratum: A model of objects"), "different", "text_about_text"),
        (
            titled("A model", author_names=ONE),
            titled("A model", author_names=["Poe, E."]),
            "different",
            "authors_differ",
        ),
        (
            titled("Lives of famous women", author_names=["Doe, J.", "Aa, B.", "Cc, D."]),
            titled("Lives of famous women", author_names=["Doe, J.", "Ee, F.", "Gg, H."]),
            "different",
            "authors_differ",
        ),
        (
            titled("Studies of the common rat", author_names=None, issue="2", volume="1"),
            titled("Studies of the common rat", author_names=None, issue="3", volume="1"),
            *UNRELATED,
        ),
        # Opposites are no spellings of one word, and two people of one given name are not one.
        (
            titled("Reproductive behaviour of male rats"),
            titled("Reproductive behaviour of female rats"),
            *UNRELATED,
        ),
        (
            titled("Introduction to linear algebra", author_names=["Smith, John"]),
            titled("Introduction to linear algebra", author_names=["Jones, John"], source="t"),
            "different",
            "authors_differ",
        ),
        (
            titled("Introduction to linear algebra", author_names=["Wei, Zhang"]),
            titled("Introduction to linear algebra", author_names=["Zhang, Wei"], source="t"),
            "duplicate",
            "same_description",
        ),
        # Two people of one family name, and one person whose names catalogues give otherwise.
        *(
            (
                titled("A history of England from the conquest", author_names=[first]),
                titled("A history of England from the conquest", author_names=[second], source="t"),
                *outcome,
            )
            for first, second, outcome in (
                ("Li, Na", "Li, Wei", ("different", "authors_differ")),
                ("Smith, John", "Smith, Mary", ("different", "authors_differ")),
                ("Smith, John", "Smith, M.", ("duplicate", "same_description")),
                ("Smith, John", "Smith, J. M.", ("duplicate", "same_description")),
                ("Smith, William", "Smith, Bill", ("duplicate", "same_description")),
            )
        ),
        (
            titled("A history of England from the conquest", author_names=["Li, Na"], **PLACE),
            titled("A history of England from the conquest", author_names=["Li, Wei"], source="t", **PLACE),
            "duplicate",
            "same_description",
        ),
        (titled("Letter to the editor"), titled("Letter to the editor", source="t"), "different", "generic_title"),
        # Names in other forms are the same people.
        (
            titled("A model", author_names=["Doe, Jane"]),
            titled("A model", author_names=["Doe, J"]),
            "version",
            "listed_twice",
        ),
        (
            titled("A model of objects", author_names=["Kühn, Eva", "Poe, E."]),
            titled("A model of objects", author_names=["Poe, Edgar", "K?hn, Eva"]),
            "duplicate",
            "same_description",
        ),
        # A catalogue lists a publication once: one author and a short title prove little.
        (
            titled("Press news", author_names=ONE),
            titled("Press news", author_names=ONE),
            "version",
            "listed_twice",
        ),
        (
            titled("Press news", author_names=ONE),
            titled("Press news", author_names=ONE, source="t"),
            "duplicate",
            "same_description",
        ),
        # An issue alone does not make another article, but of a column.
        (
            titled("Therapy of rats and mice", author_names=THREE, volume="3", issue="1112", **JOURNAL),
            titled("Therapy of rats and mice", author_names=THREE, volume="3", issue="1113", **JOURNAL),
            "duplicate",
            "same_description",
        ),
        *(
            (
                titled("Clinical problem solving for the practising physician", volume="3", issue="1", **JOURNAL),
                titled(
                    "Clinical problem solving for the practising physician",
                    volume="3",
                    issue="2",
                    start_page=page,
                    source="t",
                    **JOURNAL,
                ),
                "version",
                "issue_differs",
            )
            for page in (None, "12")
        ),
        # A few words alone, or with a year, prove nothing; many do, and so does a journal.
        *(
            (
                titled("Songs of the people of Norway", author_names=None, publication_year=year),
                titled("Songs of the people of Norway", author_names=None, publication_year=year, source="t"),
                *UNRELATED,
            )
            for year in (None, 1999)
        ),
        (
            titled("Songs of the people of Norway", author_names=None, **JOURNAL),
            titled("Songs of the people of Norway", author_names=None, source="t", **JOURNAL),
            "duplicate",
            "same_description",
        ),
        (
            titled("Songs of the people of Norway, Sweden, Denmark, Finland, Iceland and Scotland", author_names=None),
            titled(
                "Songs of the people of Norway, Sweden, Denmark, Finland, Iceland and Scotland",
                author_names=None,
                source="t",
            ),
            "duplicate",
            "same_description",
        ),
        # All pages of a supplement are no place for one abstract in it; an article is where its pages are.
        (
            titled("Effects of copper on growth in rats of Norway", volume="3", start_page="100-250", source="t"),
            titled("Effects of copper on weight of rats in Norway", volume="3", start_page="120"),
            *UNRELATED,
        ),
    ],
)
def test_decides_by_title_and_authors(a: dict[str, Any], b: dict[str, Any], verdict: str, rule: str):
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


RATS = "Studies of the common rat"
SERIAL = titled(RATS, author_names=None, publication_kind="journal")
PART_OF_ITSELF = titled(f"The {RATS}", author_names=None, container_title=RATS)
WHO = {"author_names": ["World Health Organization"]}
OTHER_ISSUE = ("different", "other_issue")


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        # Issues of a serial, each with a record: its kind says so, or that its title is that of its container.
        *(
            (issue | {"volume": "1", "issue": "2"}, issue | {"volume": volume, "issue": number}, OTHER_ISSUE)
            for issue in (SERIAL, PART_OF_ITSELF, SERIAL | {"title": "Nature"})
            for volume, number in (("2", "2"), ("1", "3"), ("2", "3"))
        ),
        (SERIAL | {"volume": "1"}, PART_OF_ITSELF | {"volume": "2"}, OTHER_ISSUE),
        (PART_OF_ITSELF, PART_OF_ITSELF | {"publication_year": 1990}, OTHER_ISSUE),
        (SERIAL | {"issue": "1"}, SERIAL | {"issue": "1", "publication_year": 1990}, OTHER_ISSUE),
        # A serial as a whole has the year that it began in, or that a catalogue begins with; it may have a body.
        (SERIAL, SERIAL | {"publication_year": 1990}, UNRELATED),
        (SERIAL | WHO, SERIAL | WHO | {"publication_year": 1990}, ("version", "year_differs")),
        # Articles have authors, and a container of another name; editions of a book are versions.
        (SERIAL | {"volume": "1", "author_names": ONE}, SERIAL | {"volume": "2", "author_names": ONE},
         ("version", "volume_differs")),
        (titled(RATS, **JOURNAL, volume="1", author_names=None), titled(RATS, **JOURNAL, volume="2", author_names=None),
         UNRELATED),
        (titled(RATS, volume="1", publication_kind="book"), titled(RATS, volume="2", publication_kind="book"),
         ("version", "volume_differs")),
        (titled(RATS, publication_kind="book", edition="1st"), titled(RATS, publication_kind="book", edition="2nd"),
         ("version", "edition_differs")),
    ],
)  # fmt: skip
def test_issues_of_a_serial_are_different(first: dict[str, Any], second: dict[str, Any], outcome: tuple[str, str]):
    for source in ("s", "t"):
        assert judge(first, second | {"source": source}) == outcome


def test_an_identifier_of_the_serial_makes_no_one_of_its_issues():
    issues = SERIAL | {"volume": "1", "issue": "1"}, SERIAL | {"volume": "1", "issue": "2"}
    assert judge(*issues, [(1, "lccn", "x"), (2, "lccn", "x")]) == OTHER_ISSUE
    assert judge(*issues, [(1, "doi", "x"), (2, "doi", "x")]) == ("duplicate", "identifier_agrees")
    assert judge(issues[0], issues[0], [(1, "lccn", "x"), (2, "lccn", "x")]) == ("duplicate", "identifier_agrees")


HAMLET = "The tragedy of Hamlet, prince of Denmark"
SHAKESPEARE = "Shakespeare, William"


@pytest.mark.parametrize(
    ("title", "first", "second", "columns", "verdict", "rule"),
    [
        # Editors of a play are credited beside its author.
        (HAMLET, [SHAKESPEARE, "Smith, A."], [SHAKESPEARE, "Black, C."], {}, "version", "other_contributors"),
        (HAMLET, [SHAKESPEARE, "Smith, A.", "Jones, B."], [SHAKESPEARE, "Black, C.", "White, D."], {}, "version",
         "other_contributors"),
        (HAMLET, [SHAKESPEARE, "Smith, A."], [SHAKESPEARE, "Black, C."], {"publication_year": 1990}, "version",
         "other_contributors"),
        # One of them says so, and the other nothing.
        (HAMLET, [SHAKESPEARE], [SHAKESPEARE, "Black, C."], {}, "duplicate", "same_description"),
        # Nobody in common; somebody who may be another; a title that two texts may have; other words.
        (HAMLET, ["Smith, A."], ["Black, C."], {}, "different", "authors_differ"),
        (HAMLET, ["Doe, J.", "Smith, A."], ["Doe, J.", "Black, C."], {}, "different", "authors_differ"),
        ("Hamlet", [SHAKESPEARE, "Smith, A."], [SHAKESPEARE, "Black, C."], {}, "different", "authors_differ"),
        ("Collected works", [SHAKESPEARE, "Smith, A."], [SHAKESPEARE, "Black, C."], {}, "different", "generic_title"),
        (HAMLET, [SHAKESPEARE, "Smith, A."], [SHAKESPEARE, "Black, C."],
         {"title": "The tragedy of Macbeth, prince of Denmark"}, *UNRELATED),
        # Of articles all are authors.
        (HAMLET, [SHAKESPEARE, "Smith, A."], [SHAKESPEARE, "Black, C."], {"publication_kind": "article"}, "different",
         "authors_differ"),
        (HAMLET, [SHAKESPEARE, "Smith, A."], [SHAKESPEARE, "Black, C."], {"publication_kind": "book"}, "version",
         "other_contributors"),
        (HAMLET, [SHAKESPEARE, "Smith, A."], [SHAKESPEARE, "Black, C."], JOURNAL, "different", "authors_differ"),
    ],
)  # fmt: skip
def test_one_author_of_a_book_with_other_editors_makes_a_version(
    title: str, first: list[str], second: list[str], columns: dict[str, Any], verdict: str, rule: str
):
    a = titled(title, author_names=first, publication_kind="book")
    assert judge(a, titled(title, author_names=second, source="t") | columns) == (verdict, rule)


MODEL = "A model of objects"


@pytest.mark.parametrize(
    ("first", "second", "verdict", "rule"),
    [
        # Catalogues give an erratum the identifier of its paper.
        *(
            (MODEL, correction, "different", "text_about_text")
            for correction in (
                "Erratum: A model of objects",
                "Erratum to A model of objects",
                "A model of objects. Erratum",
                "A model of objects (corrigendum)",
                "Publisher correction: A model of objects",
                "Author's correction to: A model of objects",
                "Retraction notice: A model of objects",
                "Retraction of: A model of objects",
                "Expression of concern: A model of objects",
                "Berichtigung zu: A model of objects",
            )
        ),
        # Both are the erratum's.
        ("Erratum: A model of objects", "Erratum to: A model of objects", "duplicate", "identifier_agrees"),
        ("Erratum: A model of objects", "Correction: A model of objects", "duplicate", "identifier_agrees"),
        # Databases append that there is one, and publishers put it before the title of what they have withdrawn.
        (MODEL, "A model of objects [Erratum appears in Bone 2001]", "duplicate", "identifier_agrees"),
        (MODEL, "RETRACTED: A model of objects", "duplicate", "identifier_agrees"),
        (MODEL, "WITHDRAWN: A model of objects", "duplicate", "identifier_agrees"),
        (MODEL, "A model of objects (Retracted article. See vol. 3)", "duplicate", "identifier_agrees"),
        # What is corrected is no text, and what else makes another text of a title may be its subtitle.
        ("Scoliosis of rats", "Scoliosis of rats: surgical correction", "duplicate", "identifier_agrees"),
        ("Codes for rats", "Error correction codes for rats", "duplicate", "identifier_agrees"),
        (MODEL, "A model of objects: discussion", "duplicate", "identifier_agrees"),
    ],
)
def test_a_correction_is_no_duplicate_of_its_text_whatever_identifier_it_has(
    first: str, second: str, verdict: str, rule: str
):
    for people in ({}, {"source": "t"}):
        assert judge(titled(first), titled(second, **people), [(1, "doi", "x"), (2, "doi", "x")]) == (verdict, rule)


@pytest.mark.parametrize(
    ("columns", "verdict"),
    [
        # A companion paper on another model, as likely as a version with a subtitle: nothing is said.
        ({}, None),
        ({"source": "t"}, "version"),
        ({"title": "Adaptation over networks of many tasks"}, "version"),
        ({"title": "Adaptation over networks of many tasks II: theory"}, "different"),
    ],
)
def test_what_a_longer_title_of_one_catalogue_says_more_may_make_another_text(
    columns: dict[str, Any], verdict: str | None
):
    short = {"title": "Adaptation over networks of many tasks"}
    long = {"title": "Adaptation over networks of many tasks with common latent representations"} | columns
    assert judge(short, long, [(1, "doi", "10.1/x"), (2, "doi", "10.2/y")])[0] == verdict


@pytest.mark.parametrize(
    ("columns", "verdict"),
    [
        ({"source": "t", "title": "Sapiens: a brief history of humankind"}, "duplicate"),
        ({"source": "t", "title": "Sapiens: study guide"}, "different"),
        # One catalogue knows what it has.
        ({"title": "Sapiens: a brief history of humankind"}, None),
        ({"source": "t", "title": "Sapiens: a brief history of humankind", "publication_year": 2015}, None),
    ],
)
def test_a_short_title_has_its_subtitle_in_another_catalogue(columns: dict[str, Any], verdict: str | None):
    book = {"title": "Sapiens", "author_names": ["Harari, Yuval N."], "publication_year": 2014}
    assert judge(book, book | columns)[0] == verdict


def test_a_work_key_in_common_makes_versions_of_titles_that_differ():
    a, b = {"title": "War and peace"}, {"title": "Guerre et paix"}
    assert judge(a, b) == UNRELATED
    assert judge(a, b, share_a_work_key=True) == ("version", "title_differs")


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
