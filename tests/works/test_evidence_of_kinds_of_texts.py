"""Kinds of texts that are easily taken for one another: issues of a serial, books with other editors, corrections."""

from typing import Any

import pytest
from verdicts import JOURNAL, ONE, UNRELATED, judge, titled

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
        (PART_OF_ITSELF | {"publication_kind": "journal"},
         PART_OF_ITSELF | {"publication_kind": "journal", "publication_year": 1990}, OTHER_ISSUE),
        # A book that is listed under its own title comes out again.
        (PART_OF_ITSELF, PART_OF_ITSELF | {"publication_year": 1990}, UNRELATED),
        (SERIAL | {"volume": "5"}, SERIAL | {"volume": "5", "publication_year": 2001}, UNRELATED),
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
    assert judge(*issues, [(1, "isbn", "x"), (2, "isbn", "x")]) != OTHER_ISSUE
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
        ("Hamlet", [SHAKESPEARE, "Smith, A."], [SHAKESPEARE, "Black, C."], {}, "version", "other_contributors"),
        ("Second report of the government", ["Puebla (State). Governor", "Lane, A."],
         ["Sonora (State). Governor", "Bell, C."], {}, "different", "authors_differ"),
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
